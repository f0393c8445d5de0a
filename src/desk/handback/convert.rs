//! From the contract's answers to the port's: ids checked, texts made `Safe`.

use crate::{
    desk::{
        Answer, Attention, AttentionKind, Became, Blocking, Colleague, Counts, Detail, Done, Fate,
        Found, History, Hit, HitMessage, Known, Lost, Me, Messages, No, Outlook, Page, Phrase,
        Presence, Queue, Refused, Status, What, Whole,
    },
    domain::{
        action::{Action, Cause, Refusal},
        id::ConversationId,
        message::Message,
        moment::Moment,
        named::Named,
        queue::{Rule, Turnover},
        row::Row,
        text::Safe,
    },
    say,
    wire::{self, NotOfTheContract, conversation::named, event, id},
};

type Converted<T> = Result<T, NotOfTheContract>;

fn each<A, B>(items: impl IntoIterator<Item = A>) -> Converted<Vec<B>>
where
    B: TryFrom<A, Error = NotOfTheContract>,
{
    items.into_iter().map(B::try_from).collect()
}

/// A reason in our words if we know its code, in the desk's otherwise.
pub(super) fn reason(code: Option<&str>, text: Option<&str>) -> Safe {
    match (code.and_then(Refusal::from_word), text, code) {
        (Some(known), ..) => Safe::literal(known.text()),
        (None, Some(words), _) | (None, None, Some(words)) => Safe::line(words),
        (None, None, None) => Safe::literal("the desk gave no reason"),
    }
}

impl TryFrom<wire::people::Me> for Me {
    type Error = NotOfTheContract;

    fn try_from(me: wire::people::Me) -> Converted<Self> {
        Ok(Self {
            user: named("user.id", &me.user)?,
            username: Safe::preview(&me.username),
            organisation: named("organisation.id", &me.organisation)?,
            conversations: me.permissions.iter().any(|p| p == "conversations"),
            actions: me
                .capabilities
                .iter()
                .filter_map(|name| Action::from_word(name))
                .collect(),
            left_at: me.left_at.map(|at| at.0),
            lost: me.lost.map(TryInto::try_into).transpose()?,
            desk_version: Safe::preview(&me.desk_version),
            desk: Safe::preview(&me.desk),
            banner: me.banner.as_deref().map(Safe::preview),
        })
    }
}

impl From<wire::conversation::Counts> for Counts {
    fn from(counts: wire::conversation::Counts) -> Self {
        let wire::conversation::Counts {
            mine,
            unassigned,
            all,
        } = counts;
        Self {
            mine,
            unassigned,
            all,
        }
    }
}

impl TryFrom<wire::conversation::Page> for Page {
    type Error = NotOfTheContract;

    fn try_from(page: wire::conversation::Page) -> Converted<Self> {
        Ok(Self {
            rows: each(page.items)?,
            next: page.next,
            prev: page.prev,
            as_of: page.as_of,
            counts: page.counts.into(),
        })
    }
}

impl TryFrom<wire::find::Found> for Found {
    type Error = NotOfTheContract;

    fn try_from(found: wire::find::Found) -> Converted<Self> {
        Ok(Self {
            hits: each(found.items)?,
            next: found.next,
            partial: found.partial,
            as_of: found.as_of,
        })
    }
}

impl TryFrom<wire::find::Hit> for Hit {
    type Error = NotOfTheContract;

    fn try_from(hit: wire::find::Hit) -> Converted<Self> {
        Ok(Self {
            row: hit.conversation.try_into()?,
            message: hit.message.map(TryInto::try_into).transpose()?,
            closed_at: hit.closed_at.map(|at| at.0),
        })
    }
}

impl TryFrom<wire::find::HitMessage> for HitMessage {
    type Error = NotOfTheContract;

    fn try_from(message: wire::find::HitMessage) -> Converted<Self> {
        let piece = |piece: &wire::find::Piece| (Safe::preview(&piece.text), piece.found);
        Ok(Self {
            id: id("message.id", &message.id)?,
            at: message.at.0,
            excerpt: message.excerpt.iter().map(piece).collect(),
        })
    }
}

impl TryFrom<wire::conversation::Detail> for Detail {
    type Error = NotOfTheContract;

    /// Every action we know, in our order; one the desk does not name is one it does not have.
    fn try_from(detail: wire::conversation::Detail) -> Converted<Self> {
        let allowed = |action: &Action| match detail.actions.get(action.word()) {
            Some(a) if a.allowed => Ok(()),
            Some(a) => Err(reason(a.reason.as_deref(), a.text.as_deref())),
            None => Err(Safe::literal(Refusal::NotYetAvailable.text())),
        };
        Ok(Self {
            actions: Action::ALL
                .iter()
                .map(|action| (*action, allowed(action)))
                .collect(),
            row: detail.conversation.try_into()?,
        })
    }
}

impl TryFrom<wire::message::Messages> for Messages {
    type Error = NotOfTheContract;

    fn try_from(page: wire::message::Messages) -> Converted<Self> {
        let known = page
            .items
            .into_iter()
            .filter(wire::message::Message::is_known);
        Ok(Self {
            items: each(known)?,
            next: page.next,
        })
    }
}

impl TryFrom<wire::message::Message> for Whole {
    type Error = NotOfTheContract;

    /// All of it: this is the rest on demand.
    fn try_from(whole: wire::message::Message) -> Converted<Self> {
        let (body, truncated) = (Safe::text(&whole.body), whole.truncated);
        let escaped = Safe::escaped(&whole.body);
        let message = whole.try_into()?;
        Ok(Self {
            escaped,
            message: Message {
                body,
                truncated,
                ..message
            },
        })
    }
}

impl TryFrom<wire::contact::Known> for Known {
    type Error = NotOfTheContract;

    fn try_from(known: wire::contact::Known) -> Converted<Self> {
        let blocking = |blocked: wire::contact::Blocking| {
            Ok(Blocking {
                at: blocked.at.0,
                until: blocked.until.map(|until| until.0),
                by: blocked
                    .by
                    .as_ref()
                    .map(|by| named("blocked.by", by))
                    .transpose()?,
            })
        };
        Ok(Self {
            began: known.began.0,
            first_seen: known.first_seen.0,
            count: known.count,
            others: each(known.others)?,
            blocked: known.blocked.map(blocking).transpose()?,
        })
    }
}

impl TryFrom<wire::message::History> for History {
    type Error = NotOfTheContract;

    fn try_from(page: wire::message::History) -> Converted<Self> {
        Ok(Self {
            items: each(page.items)?,
            next: page.next,
        })
    }
}

impl TryFrom<wire::people::Queue> for Queue {
    type Error = NotOfTheContract;

    fn try_from(queue: wire::people::Queue) -> Converted<Self> {
        Ok(Self {
            queue: Named {
                id: id("queue.id", &queue.id)?,
                name: Safe::preview(&queue.name),
            },
            owner: named("queue.owner", &queue.owner)?,
            rule: Rule::from_word(&queue.rule).unwrap_or_default(),
            max_open: queue.max_open,
            active: queue.active,
            on_login: Turnover::from_word(&queue.on_login).unwrap_or_default(),
            on_logout: Turnover::from_word(&queue.on_logout).unwrap_or_default(),
            open: queue.open,
            unassigned: queue.unassigned,
        })
    }
}

/// What came of one of many. An outcome we do not know is *unknown*, which asks again, never *done*.
pub(super) fn result(item: wire::act::ItemResult) -> Converted<(ConversationId, Answer)> {
    let row = boxed(item.conversation)?;
    let answer = match item.outcome.as_str() {
        "done" => Answer::Done(row),
        "already" => Answer::Already(row),
        "conflict" => Answer::Taken(row),
        "refused" => Answer::Refused(Refused {
            why: reason(item.reason.as_deref(), None),
            kind: No::Rule,
        }),
        "not_found" => Answer::Refused(not_found()),
        // Of this one alone: what came of the others is known.
        other => Answer::Unknown(say!("{}", NotOfTheContract::new("outcome", other))),
    };
    Ok((id("results.id", &item.id)?, answer))
}

pub(super) fn boxed(row: Option<wire::conversation::Row>) -> Converted<Option<Box<Row>>> {
    row.map(|row| row.try_into().map(Box::new)).transpose()
}

/// The same words for what is not there and what is not to be seen (V8).
pub(super) fn not_found() -> Refused {
    Refused {
        why: Safe::literal("not there, or not yours to see"),
        kind: No::NotFound,
    }
}

/// An event out of its kind and data; `None` for a kind we do not know, which is left aside.
///
/// # Errors
/// [`serde_json::Error`], wrapping [`NotOfTheContract`] too: either way the stream cannot be believed any more.
pub(super) fn what(kind: &str, data: &str, now: Moment) -> Result<Option<What>, serde_json::Error> {
    use serde::de::Error;
    let off = |error: NotOfTheContract| serde_json::Error::custom(error);
    Ok(Some(match kind {
        event::CONVERSATION => {
            let row: wire::conversation::Row = serde_json::from_str(data)?;
            What::Row(Box::new(row.try_into().map_err(off)?))
        }
        event::GONE => {
            let gone: event::Gone = serde_json::from_str(data)?;
            What::Gone(id("gone.id", &gone.id).map_err(off)?)
        }
        event::MESSAGE => {
            let event::Written {
                conversation,
                message,
            } = serde_json::from_str(data)?;
            let row = Box::new(conversation.try_into().map_err(off)?);
            match message.is_known() {
                true => What::Message(row, Box::new(message.try_into().map_err(off)?)),
                false => What::Row(row),
            }
        }
        event::COUNTS => {
            let changed: event::Changed = serde_json::from_str(data)?;
            let queue =
                |q: event::QueueCounts| Ok((id("counts.queue", &q.queue)?, q.counts.into()));
            What::Counts {
                all_queues: changed.all_queues.into(),
                queues: changed
                    .queues
                    .into_iter()
                    .map(queue)
                    .collect::<Converted<_>>()
                    .map_err(off)?,
            }
        }
        event::ATTENTION => {
            let told: event::Attention = serde_json::from_str(data)?;
            match attention(&told, now).map_err(off)? {
                Some(attention) => What::Attention(attention),
                None => return Ok(None),
            }
        }
        event::RESET => What::Reset,
        _ => return Ok(None),
    }))
}

fn attention(told: &event::Attention, now: Moment) -> Converted<Option<Attention>> {
    let Some(kind) = AttentionKind::from_word(&told.kind) else {
        return Ok(None);
    };
    Ok(Some(Attention {
        conversation: id("attention.conversation", &told.conversation)?,
        kind,
        cause: told.cause.as_deref().and_then(Cause::from_word),
        by: told
            .by
            .as_ref()
            .map(|by| named("attention.by", by))
            .transpose()?,
        reason: told.reason.as_deref().map(Safe::line),
        at: now,
    }))
}

impl TryFrom<wire::presence::Lost> for Lost {
    type Error = NotOfTheContract;

    fn try_from(lost: wire::presence::Lost) -> Converted<Self> {
        Ok(Self {
            operation: id("lost.operation", &lost.operation)?,
            count: lost.count,
            at: lost.at.0,
            until: lost.until.0,
        })
    }
}

impl TryFrom<wire::people::User> for Colleague {
    type Error = NotOfTheContract;

    fn try_from(user: wire::people::User) -> Converted<Self> {
        Ok(Self {
            user: Named {
                id: id("user.id", &user.id)?,
                name: Safe::preview(&user.name),
            },
            username: Safe::preview(&user.username),
            organisation: named("user.organisation", &user.organisation)?,
            presence: match (user.signed_in, user.away) {
                (true, false) => Presence::SignedIn,
                (true, true) => Presence::Away,
                (false, _) => Presence::SignedOut,
            },
            since: user.since.map(|since| since.0),
            open: user.open,
            unanswered: user.unanswered,
            oldest_waiting: user.oldest_waiting.map(|since| since.0),
            replying: user.replying,
            drafts: user.drafts,
            last_action: user.last_action.map(|at| at.0),
        })
    }
}

impl TryFrom<wire::people::Status> for Status {
    type Error = NotOfTheContract;

    fn try_from(status: wire::people::Status) -> Converted<Self> {
        Ok(Self {
            name: Safe::preview(&status.name),
            word: status.name,
        })
    }
}

impl TryFrom<wire::people::Phrase> for Phrase {
    type Error = NotOfTheContract;

    fn try_from(phrase: wire::people::Phrase) -> Converted<Self> {
        Ok(Self {
            keywords: phrase
                .keywords
                .iter()
                .map(|word| Safe::preview(word))
                .collect(),
            body: Safe::text(&phrase.body),
            words: phrase.body,
            organisation: named("phrase.organisation", &phrase.organisation)?,
        })
    }
}

impl TryFrom<wire::some::Preview> for Outlook {
    type Error = NotOfTheContract;

    fn try_from(preview: wire::some::Preview) -> Converted<Self> {
        let stays = |stays: wire::some::Stays| {
            // The desk's own words say who and since when, which a word of the contract cannot.
            let why = match stays.text.is_empty() {
                true => reason(Some(&stays.reason), None),
                false => Safe::line(&stays.text),
            };
            Ok((stays.conversation.try_into()?, why))
        };
        let warning = |warning: wire::some::Warning| Safe::line(&warning.text);
        Ok(Self {
            moves: each(preview.moves)?,
            stays: preview
                .stays
                .into_iter()
                .map(stays)
                .collect::<Converted<_>>()?,
            staying: preview.staying,
            warnings: preview.warnings.into_iter().map(warning).collect(),
        })
    }
}

impl TryFrom<wire::fate::Done> for Done {
    type Error = NotOfTheContract;

    fn try_from(act: wire::fate::Done) -> Converted<Self> {
        let people = act.of.iter().map(|of| named("act.of", of));
        Ok(Self {
            operation: id("act.operation", &act.operation)?,
            at: act.at.0,
            action: Action::from_word(&act.action)
                .ok_or_else(|| NotOfTheContract::new("act.action", &act.action))?,
            by: act.by.as_ref().map(|by| named("act.by", by)).transpose()?,
            cause: act.cause.as_deref().and_then(Cause::from_word),
            of: people.collect::<Converted<_>>()?,
            reason: act.reason.as_deref().map(Safe::line),
            line_lost: act.line_lost,
            undone: act.undone,
            count: act.count,
            fates: each(act.conversations.into_iter().filter(is_known_fate))?,
        })
    }
}

/// Of an act, or a fate, that this console has no word for, nothing is told; the others are.
fn is_known_fate(fate: &wire::fate::Fate) -> bool {
    Became::from_word(&fate.became).is_some()
}

impl TryFrom<wire::fate::Acts> for All<Done> {
    type Error = NotOfTheContract;

    fn try_from(answer: wire::fate::Acts) -> Converted<Self> {
        let is_known = |act: &wire::fate::Done| Action::from_word(&act.action).is_some();
        each(answer.items.into_iter().filter(is_known)).map(Self)
    }
}

impl TryFrom<wire::fate::Fate> for Fate {
    type Error = NotOfTheContract;

    fn try_from(fate: wire::fate::Fate) -> Converted<Self> {
        Ok(Self {
            became: Became::from_word(&fate.became)
                .ok_or_else(|| NotOfTheContract::new("fate.became", &fate.became))?,
            to: fate
                .to
                .as_ref()
                .map(|to| named("fate.to", to))
                .transpose()?,
            at: fate.at.map(|at| at.0),
            cause: fate.cause.as_deref().and_then(Cause::from_word),
            row: fate.conversation.try_into()?,
        })
    }
}

/// All items of an answer that is a list of them.
pub(super) struct All<T>(pub(super) Vec<T>);

/// Answers that are lists of items.
macro_rules! lists {
    ($($of:ty => $item:ty),*) => {$(
        impl TryFrom<$of> for All<$item> {
            type Error = NotOfTheContract;

            fn try_from(answer: $of) -> Converted<Self> {
                each(answer.items).map(Self)
            }
        }
    )*};
}

lists! {
    wire::people::Queues => Queue,
    wire::people::Users => Colleague,
    wire::people::Statuses => Status,
    wire::people::Phrases => Phrase
}
