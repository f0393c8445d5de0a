//! Acts on conversations, one or many (U1–U5, U7, A6, A7, Q8, S1–S5, N1).

use super::{
    Item, MANY, Many, ManyDeed, Operation, Outcome, Result, Store, StoreError,
    conversation::Stored,
    database::{keepable, whole},
    many::Turn,
    writing::{Acting, Happened, Line, Writing},
};
use crate::domain::{
    access::Team,
    action::{Action, Change, Deed, Former, Refusal, Verdict, decide},
    conversation::Conversation,
    id::{ConversationId, OperationId},
    person::Person,
};

/// What came of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// Which conversation.
    pub id: ConversationId,
    /// What it came to; of a repeated operation, what it came to the first time.
    pub outcome: Outcome,
    /// The conversation now, if the one who acts sees it *now*.
    pub conversation: Option<Stored>,
}

impl Acted {
    /// Not there, or not to be seen (V8).
    pub(super) fn not_found(id: ConversationId) -> Self {
        Self {
            id,
            outcome: Outcome::NotFound,
            conversation: None,
        }
    }

    /// With the conversation as it is now, if `by` sees it now.
    pub(super) fn seen_by(
        by: &Person,
        team: &Team,
        id: ConversationId,
        outcome: Outcome,
        stored: &Stored,
    ) -> Self {
        let sees = team.can_see(by, &stored.facts.standing());
        Self {
            id,
            outcome,
            conversation: sees.then(|| stored.clone()),
        }
    }
}

/// What came of an act on many: a result per conversation, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Under which operation id.
    pub operation: OperationId,
    /// One per conversation.
    pub results: Vec<Acted>,
}

impl Store {
    /// Does something to one conversation, in one transaction (R20).
    ///
    /// # Errors
    /// [`StoreError::OtherContent`] if the operation id was used for something else, or the database's;
    /// then nothing changed.
    pub async fn act(
        &self,
        by: &Person,
        deed: &Deed,
        item: &Item,
        reason: Option<&str>,
        operation: &Operation,
    ) -> Result<Acted> {
        let asked = Asked {
            by,
            what: What::One(deed),
            items: std::slice::from_ref(item),
            reason,
            operation,
        };
        let mut done = whole(|| self.act_at_once(&asked)).await?;
        done.results
            .pop()
            .ok_or_else(|| StoreError::corrupt("an operation", operation.id.as_str()))
    }

    /// Does the same to many in one transaction, each by itself (U7).
    ///
    /// # Errors
    /// [`StoreError::TooMany`] beyond [`MANY`]; else as [`Store::act`].
    pub async fn act_on_many(
        &self,
        by: &Person,
        many: &Many,
        operation: &Operation,
    ) -> Result<Results> {
        if many.items.len() > MANY {
            return Err(StoreError::TooMany(MANY));
        }
        let asked = Asked {
            by,
            what: What::Many(many),
            items: &many.items,
            reason: many.reason.as_deref(),
            operation,
        };
        whole(|| self.act_at_once(&asked)).await
    }

    async fn act_at_once(&self, asked: &Asked<'_>) -> Result<Results> {
        let mut writing = self.write().await?;
        if let Some(kept) = writing.claim(asked.by, asked.operation).await? {
            drop(writing);
            return self.answer_again(asked.by, asked.operation, &kept).await;
        }
        let directory = writing.directory();
        let by = directory.team.as_now(asked.by);
        let asked = &Asked { by, ..*asked };
        writing.open_to(&directory.team, asked).await?;
        let ids = asked.items.iter().map(|item| &item.id);
        let mut held = writing.hold_all(ids).await?;
        let mut turn = Turn::default();
        let mut results = Vec::with_capacity(asked.items.len());
        for item in asked.items {
            let stored = held.get_mut(&item.id);
            let acted = writing.act_on(&directory.team, asked, item, &mut turn, stored);
            results.push(acted.await?);
        }
        writing
            .remember(asked.by, asked.operation, &results)
            .await?;
        writing.commit().await?;
        Ok(Results {
            operation: asked.operation.id.clone(),
            results,
        })
    }
}

/// An act as it was asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    by: &'a Person,
    what: What<'a>,
    items: &'a [Item],
    reason: Option<&'a str>,
    operation: &'a Operation,
}

#[derive(Clone, Copy)]
enum What<'a> {
    One(&'a Deed),
    Many(&'a Many),
}

impl Asked<'_> {
    /// What is to be done to this conversation, which is the one `item` means; or why it is to be left alone. And
    /// whose turn it is then, where they are spread over people.
    fn deed(
        &self,
        team: &Team,
        item: &Item,
        turn: Turn,
        c: &Conversation,
    ) -> Result<(Deed, Turn), Refusal> {
        match &self.what {
            What::One(deed) => Ok(((*deed).clone(), turn)),
            What::Many(many) => many.deed(team, self.by, item, turn, c),
        }
    }

    fn action(&self) -> Action {
        match &self.what {
            What::One(deed) => deed.action(),
            What::Many(many) => many.deed.action(),
        }
    }
}

/// On whose behalf a change is written, and how it is to be remembered.
#[derive(Clone, Debug, Default)]
pub(super) struct Doing<'a> {
    /// Who does it; nobody if the desk itself does.
    pub(super) by: Option<&'a Person>,
    /// Why, if they said.
    pub(super) reason: Option<&'a str>,
    /// Under which operation, if undo is to know of it.
    pub(super) act: Option<(&'a OperationId, Action)>,
    /// A line of the history beyond what changes.
    pub(super) line: Option<Line>,
    /// A lost line did it, not its owner's hand (Q9).
    pub(super) line_lost: bool,
}

impl Writing<'_> {
    /// Locks the queue that an act makes conversations enter, before any of them (see [`super::entry`]).
    async fn open_to(&mut self, team: &Team, asked: &Asked<'_>) -> Result<()> {
        match (&asked.what, asked.items) {
            (What::One(Deed::Move(queue)), _)
            | (
                What::Many(Many {
                    deed: ManyDeed::Move(queue),
                    ..
                }),
                _,
            ) => self.open_to_entries(team, queue).await,
            (What::One(Deed::Reopen), [one]) => self.open_to_reopening(team, &one.id).await,
            _ => Ok(()),
        }
    }

    async fn act_on(
        &mut self,
        team: &Team,
        asked: &Asked<'_>,
        item: &Item,
        turn: &mut Turn,
        stored: Option<&mut Stored>,
    ) -> Result<Acted> {
        let id = item.id.clone();
        let Some(stored) = stored.filter(|c| team.can_see(asked.by, &c.facts.standing())) else {
            return Ok(Acted::not_found(id));
        };
        let outcome = match asked.deed(team, item, *turn, &stored.facts) {
            Err(why) => Outcome::Refused(why),
            Ok((deed, next)) => {
                let outcome = self.perform(team, asked, item, &deed, stored).await?;
                if let Outcome::Done | Outcome::Already = outcome {
                    *turn = next;
                }
                outcome
            }
        };
        Ok(Acted::seen_by(asked.by, team, id, outcome, stored))
    }

    async fn perform(
        &mut self,
        team: &Team,
        asked: &Asked<'_>,
        item: &Item,
        deed: &Deed,
        stored: &mut Stored,
    ) -> Result<Outcome> {
        let mut verdict = decide(team, asked.by, &stored.facts, deed, &item.expected);
        if let (Verdict::Do(_), Deed::Block { .. } | Deed::Unblock) = (&verdict, deed) {
            let blocked = self.circumstances(&stored.facts.id).await?.blocked;
            verdict = match deed {
                Deed::Block { until } if until.is_some_and(|until| until <= self.now) => {
                    Verdict::Refused(Refusal::Past)
                }
                Deed::Block { .. } if blocked => Verdict::Already,
                Deed::Unblock if !blocked => Verdict::Already,
                _ => verdict,
            };
        }
        if let Verdict::Do(change) = &verdict {
            match deed {
                Deed::Block { until } => {
                    let contact = &stored.facts.id;
                    self.block(contact, *until, asked.by, asked.operation)
                        .await?;
                }
                Deed::Unblock => self.unblock(&stored.facts.id).await?,
                _ => {}
            }
            let doing = Doing {
                by: Some(asked.by),
                reason: asked.reason,
                act: Some((&asked.operation.id, asked.action())),
                line: line_of(deed, asked),
                line_lost: false,
            };
            self.carry_out(team, stored, change, &doing)?;
        }
        Ok(Outcome::of(&verdict))
    }

    /// Writes a change and everything that goes with it; one that enters its queue may find its advisor there (A2).
    pub(super) fn carry_out(
        &mut self,
        team: &Team,
        stored: &mut Stored,
        change: &Change,
        doing: &Doing<'_>,
    ) -> Result<()> {
        let before = stored.facts.clone();
        let by = doing.by.map(|by| &by.id);
        let reason = doing.reason.map(keepable);
        let mut lines = Line::all_of(&before, change, by, reason.as_deref());
        lines.extend(doing.line.clone());
        let mut after = before.changed(change);
        let mut cause = change.cause;
        if change.enters
            && let Some(given) = self.enter(team, before.assignee.as_ref(), &mut after)?
        {
            cause = given.cause;
            lines.push(given);
        }
        // What its assignee does to it without giving it up shows that they are at it (U7).
        after.touched |=
            by.is_some() && after.assignee.as_ref() == by && before.assignee == after.assignee;
        self.change(&before, &after);
        self.happened(Happened {
            conversation: after.id.clone(),
            before: Some(before.standing()),
            after: after.standing(),
            message: 0,
            by: by.cloned(),
            cause,
            reason,
            act: doing.act.map(|(operation, action)| Acting {
                operation: operation.clone(),
                action,
                former: Former::of(&before),
                version: after.version,
                line_lost: doing.line_lost,
            }),
            lines,
        });
        stored.facts = after;
        Ok(())
    }
}

/// What the history says of a deed that changes nothing it would name otherwise.
fn line_of(deed: &Deed, asked: &Asked<'_>) -> Option<Line> {
    let line = Line {
        by: Some(asked.by.id.clone()),
        reason: asked.reason.map(keepable),
        ..Line::default()
    };
    match deed {
        Deed::Note(words) => Some(Line {
            kind: "note",
            body: Some(keepable(words)),
            ..line
        }),
        Deed::Block { .. } => Some(Line {
            kind: "block",
            became: "blocked".to_owned(),
            ..line
        }),
        Deed::Unblock => Some(Line::of_unblocking(asked.by, line.reason)),
        _ => None,
    }
}
