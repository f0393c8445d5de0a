//! What comes straight back: conversations one handed back a moment ago that somebody, or some rule, gives to whoever
//! had them.
//!
//! One's own are told with what gave them ([`attending`](super::attending)). Of somebody else's, which a leader handed
//! back, the row says only who has it: through what is asked of the desk, once for all that come back together.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use crate::{
    console::{
        effect::Effect,
        model::{Back, Bounces, HandedBack, Model, Ticket, Tone},
        msg::Timer,
        words,
    },
    desk::{ActsQuery, Done, Many, Trouble, Whose},
    domain::{
        action::{Cause, Expectation},
        id::{ConversationId, UserId},
        row::Row,
        text::Safe,
    },
    say,
};

/// What comes back within so long says through what: somebody, or some rule, undoes what one does.
const BOUNCE: Duration = Duration::from_secs(120);

/// How many hand-backs are remembered: as many as one act can be.
const REMEMBERED: usize = 1_000;

/// What comes back within so long of another is told with it.
const GATHER: Duration = Duration::from_millis(500);

/// One handed these back just now.
pub(super) fn handed_back(model: &mut Model, lately: Vec<Handed>) {
    let now = model.now;
    let again: HashSet<&ConversationId> = lately.iter().map(|act| &act.conversation).collect();
    let is_fresh =
        |act: &HandedBack| now.since(act.at) <= BOUNCE && !again.contains(&act.conversation);
    model.handed_back.retain(is_fresh);
    model
        .handed_back
        .extend(lately.into_iter().map(|act| HandedBack {
            conversation: act.conversation,
            name: act.name,
            from: act.from,
            at: now,
        }));
    let too_many = model.handed_back.len().saturating_sub(REMEMBERED);
    model.handed_back.drain(..too_many);
}

/// A conversation that one handed back.
pub(super) struct Handed {
    /// Which.
    pub(super) conversation: ConversationId,
    /// What it is called.
    pub(super) name: Safe,
    /// Who had it, if the screen said so.
    pub(super) from: Option<UserId>,
}

/// Who had each of many, as far as the screen said so.
pub(super) fn holders(many: &Many) -> HashMap<ConversationId, UserId> {
    let holder = |(id, expected): &(ConversationId, Expectation)| {
        let holder = expected.assignee.clone().flatten()?;
        Some((id.clone(), holder))
    };
    many.items.iter().filter_map(holder).collect()
}

/// One took it back, or gave it away, oneself: nothing came back by itself.
pub(super) fn wanted_back(model: &mut Model, id: &ConversationId) {
    model.handed_back.retain(|act| act.conversation != *id);
}

/// How long ago one handed this back, if that was within two minutes. Asked once: what comes back again was handed
/// back again.
pub(super) fn bounced(model: &mut Model, id: &ConversationId) -> Option<Safe> {
    let is_it = |act: &HandedBack| act.conversation == *id;
    let index = model.handed_back.iter().position(is_it)?;
    let act = model.handed_back.remove(index)?;
    let after = model.now.since(act.at);
    (after <= BOUNCE).then(|| so_long(after))
}

fn so_long(after: Duration) -> Safe {
    match after.as_secs() {
        0..60 => say!("{} s", after.as_secs()),
        seconds => say!("{} min", seconds / 60),
    }
}

/// News of a conversation: whoever it was handed back from may have it again.
pub(super) fn row_changed(model: &mut Model, row: &Row, effects: &mut Vec<Effect>) {
    let Some(holder) = &row.assignee else { return };
    if model.is_mine_id(&holder.id) {
        return; // The desk tells its owner, with the cause.
    }
    let is_it =
        |act: &HandedBack| act.conversation == row.id && act.from.as_ref() == Some(&holder.id);
    let Some(index) = model.handed_back.iter().position(is_it) else {
        return;
    };
    let Some(act) = model.handed_back.remove(index) else {
        return;
    };
    let after = model.now.since(act.at);
    if after > BOUNCE {
        return;
    }
    let back = Back {
        conversation: act.conversation,
        name: act.name,
        to: holder.clone(),
        after,
    };
    match &mut model.bounces {
        Some(bounces) => {
            bounces.since = bounces.since.min(act.at);
            bounces.back.push(back);
        }
        None => {
            let ticket = model.numbers.ticket();
            model.bounces = Some(Bounces {
                ticket,
                since: act.at,
                back: vec![back],
            });
            effects.push(Effect::After(GATHER, Timer::Bounced(ticket)));
        }
    }
}

/// What came back has gathered: the desk is asked through what.
pub(super) fn gathered(model: &mut Model, ticket: Ticket, effects: &mut Vec<Effect>) {
    let is_it = |bounces: &&Bounces| bounces.ticket == ticket;
    let Some(me) = model.user().cloned() else {
        return;
    };
    if let Some(bounces) = model.bounces.as_ref().filter(is_it) {
        let query = ActsQuery {
            whose: Whose::By(me),
            since: bounces.since,
        };
        effects.push(Effect::LoadActs(ticket, query));
    }
}

/// What became of one's acts is here, or is not to be had: then at least that it came back is told.
pub(super) fn acts(model: &mut Model, result: Result<Vec<Done>, Trouble>) {
    let Some(bounces) = model.bounces.take() else {
        return;
    };
    let done = result.unwrap_or_default();
    let fates = || done.iter().flat_map(|act| &act.fates);
    let cause_of = |back: &Back| {
        let mut of_it = fates().filter(|fate| fate.row.id == back.conversation);
        of_it.find_map(|fate| fate.cause)
    };
    // The same way to the same person together.
    let mut groups: Vec<(&Back, Option<Cause>, usize)> = Vec::new();
    for back in &bounces.back {
        let cause = cause_of(back);
        let alike = |(of, through, _): &&mut (&Back, Option<Cause>, usize)| {
            of.to.id == back.to.id && *through == cause
        };
        match groups.iter_mut().find(alike) {
            Some((.., count)) => *count += 1,
            None => groups.push((back, cause, 1)),
        }
    }
    for (back, cause, count) in groups {
        let (what, are, them) = match count {
            1 => (back.name.clone(), "is", "it"),
            _ => (words::count(count), "are", "them"),
        };
        let through = cause.map_or_else(Safe::default, |cause| say!(": {}", through(cause)));
        let text = say!(
            "{what} {are} back with {} {} after you handed {them} back{through}",
            back.to.name,
            so_long(back.after)
        );
        model.say(Tone::Warning, text);
    }
}

/// Through what somebody has it again.
fn through(cause: Cause) -> &'static str {
    match cause {
        Cause::Reply => "they replied",
        Cause::Take => "they took it",
        Cause::Assign => "somebody assigned it",
        Cause::RoundRobin => "the queue gave it in turn",
        Cause::LeastBusy => "the queue gave it to the least busy",
        Cause::Login => "the queue gives what is unassigned to whoever signs in",
        Cause::Undo => "somebody took their act back",
        Cause::Move => "somebody moved it",
        Cause::Unassign | Cause::Logout | Cause::Close | Cause::LostAccess => "it went by others",
    }
}
