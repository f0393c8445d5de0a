//! Acts on conversations, one or many (U1–U5, U7, A6, A7, Q8, S1–S5, N1).

use std::collections::HashSet;

use super::{
    Operation, Outcome, Result, Store, StoreError,
    conversation::Stored,
    database::{keepable, whole},
    writing::{Acting, Happened, Line, Writing},
};
use crate::domain::{
    access::Team,
    action::{Action, Change, Deed, Expectation, Former, Refusal, Verdict, decide},
    conversation::Conversation,
    id::{ConversationId, OperationId, QueueId, UserId},
    person::Person,
};

/// How many conversations one request may act on.
pub const MANY: usize = 1_000;

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

/// What came of an act on many: a result per conversation, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Under which operation id.
    pub operation: OperationId,
    /// One per conversation.
    pub results: Vec<Acted>,
}

/// One of many to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which conversation.
    pub id: ConversationId,
    /// What is believed of it (U5).
    pub expected: Expectation,
}

/// The same to be done to many, each by itself (U7): one that cannot be is no reason for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many {
    /// What to do.
    pub deed: ManyDeed,
    /// To which, at most [`MANY`], in the order they are spread over people.
    pub items: Vec<Item>,
    /// Why, for the record.
    pub reason: Option<String>,
    /// Leave out what was written in, or changed in any way, since the version each item names; and what
    /// somebody answers right now, which `answered` tells (U7).
    pub if_quiet: bool,
    /// Conversations that somebody writes an answer to right now.
    pub answered: HashSet<ConversationId>,
}

/// What can be done to many at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManyDeed {
    /// Hand them back.
    Unassign,
    /// Spread them over these people, in turn; who may not have one is passed over.
    Assign(Vec<UserId>),
    /// Move them.
    Move(QueueId),
    /// Give them a status.
    Status(Option<String>),
}

impl ManyDeed {
    fn action(&self) -> Action {
        match self {
            Self::Unassign => Action::Unassign,
            Self::Assign(_) => Action::Assign,
            Self::Move(_) => Action::Move,
            Self::Status(_) => Action::Status,
        }
    }

    /// What is to be done to the `nth` of them, which is this conversation.
    fn of(&self, team: &Team, by: &Person, nth: usize, c: &Conversation) -> Deed {
        match self {
            Self::Unassign => Deed::Unassign,
            Self::Move(queue) => Deed::Move(queue.clone()),
            Self::Status(status) => Deed::Status(status.clone()),
            Self::Assign(people) => {
                let in_turn = || people.iter().cycle().skip(nth).take(people.len());
                let may = |to: &&UserId| {
                    let to = team.people.get(*to);
                    to.is_some_and(|to| team.can_assign(by, &c.standing(), to))
                };
                let to = in_turn().find(may).or(in_turn().next());
                // Nobody to give it to is refused like somebody who may not have it.
                Deed::Assign(to.unwrap_or(&by.id).clone())
            }
        }
    }
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
        writing.open_to(&directory.team, asked).await?;
        let mut results: Vec<(usize, Acted)> = Vec::with_capacity(asked.items.len());
        for at in in_order_of_ids(asked.items) {
            let acted = writing.act_on(&directory.team, asked, at).await?;
            results.push((at, acted));
        }
        results.sort_by_key(|(at, _)| *at);
        let results: Vec<Acted> = results.into_iter().map(|(_, acted)| acted).collect();
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
struct Asked<'a> {
    by: &'a Person,
    what: What<'a>,
    items: &'a [Item],
    reason: Option<&'a str>,
    operation: &'a Operation,
}

enum What<'a> {
    One(&'a Deed),
    Many(&'a Many),
}

impl Asked<'_> {
    /// What is to be done to the `nth` item, which is this conversation; or why it is to be left alone.
    fn deed(&self, team: &Team, nth: usize, c: &Conversation) -> Result<Deed, Refusal> {
        let many = match &self.what {
            What::One(deed) => return Ok((*deed).clone()),
            What::Many(many) => many,
        };
        if many.if_quiet && many.answered.contains(&c.id) {
            return Err(Refusal::BeingAnswered);
        }
        let seen = self.items[nth].expected.version;
        if many.if_quiet
            && c.acted <= seen.unwrap_or(c.acted)
            && seen.is_some_and(|v| v < c.version)
        {
            return Err(Refusal::NewActivity);
        }
        Ok(many.deed.of(team, self.by, nth, c))
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

/// Conversations are locked by id, whatever the order they were named in: two requests never wait for
/// each other in a circle.
fn in_order_of_ids(items: &[Item]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&a, &b| items[a].id.cmp(&items[b].id));
    order
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

    async fn act_on(&mut self, team: &Team, asked: &Asked<'_>, nth: usize) -> Result<Acted> {
        let item = &asked.items[nth];
        let held = self.hold(&item.id).await?;
        let Some(mut stored) = held.filter(|c| team.can_see(asked.by, &c.facts.standing())) else {
            return Ok(Acted {
                id: item.id.clone(),
                outcome: Outcome::NotFound,
                conversation: None,
            });
        };
        let outcome = match asked.deed(team, nth, &stored.facts) {
            Err(why) => Outcome::Refused(why),
            Ok(deed) => self.perform(team, asked, item, &deed, &mut stored).await?,
        };
        Ok(Acted {
            id: item.id.clone(),
            outcome,
            conversation: Some(stored).filter(|c| team.can_see(asked.by, &c.facts.standing())),
        })
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
        if let Deed::Block { .. } | Deed::Unblock = deed {
            let wished = matches!(deed, Deed::Block { .. });
            if self.circumstances(team, stored).await?.blocked == wished {
                verdict = Verdict::Already;
            }
        }
        if let Verdict::Do(change) = &verdict {
            match deed {
                Deed::Block { until } => {
                    self.block(team, stored, *until, asked.by, asked.operation)
                        .await?
                }
                Deed::Unblock => self.unblock(team, stored).await?,
                _ => {}
            }
            let doing = Doing {
                by: Some(asked.by),
                reason: asked.reason,
                act: Some((&asked.operation.id, asked.action())),
                line: line_of(deed, asked),
                line_lost: false,
            };
            self.carry_out(team, stored, change, &doing).await?;
        }
        Ok(Outcome::of(&verdict))
    }

    /// Writes a change and everything that goes with it; one that enters its queue may find its advisor there (A2).
    pub(super) async fn carry_out(
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
        self.change(&before, &after).await?;
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
        Deed::Unblock => Some(Line {
            kind: "block",
            was: "blocked".to_owned(),
            ..line
        }),
        _ => None,
    }
}
