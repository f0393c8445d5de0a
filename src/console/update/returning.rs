//! The advisor comes back: what happened while they were away.

use super::attending;
use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{LastAct, Model, Returning, Ticket, Tone},
        words,
        words::{keys, time},
    },
    desk::{ActsQuery, Done, Lost, Page, Trouble, Whose},
    domain::{action::Action, message::Direction, moment::Moment, row::Row, text::Safe},
    say,
};

/// Who did what while one was away is told of so many at most; `H` and the history have the rest.
const TOLD: usize = 3;

/// The desk said who we are, and what happened while we were not there.
pub(super) fn arrived(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(me) = &model.me else { return };
    let (left_at, lost) = (me.left_at, me.lost.clone());
    // Of a program that was killed, or whose terminal dropped, the desk may not know when it was last there.
    let left_at = left_at.max(model.there.seen.take());
    if let Some(left_at) = left_at.filter(|at| model.there.left_at < Some(*at)) {
        ask(model, left_at, effects);
    }
    if let Some(lost) = lost.filter(|lost| lost.count > 0) {
        match &mut model.returning {
            Some(returning) => returning.lost = Some(lost),
            None => line_dropped(model, lost),
        }
    }
}

/// The line to the desk is back.
pub(super) fn back_on_line(model: &mut Model, since: Moment, effects: &mut Vec<Effect>) {
    ask(model, since, effects);
    // What was done until now is told of; a logout that the line was taken for is no other time of leaving.
    model.there.left_at = model.there.left_at.max(Some(model.now));
}

/// Asks what happened since then. What was asked before and not told is told with it.
fn ask(model: &mut Model, since: Moment, effects: &mut Vec<Effect>) {
    let Some(user) = model.user().cloned() else {
        return;
    };
    model.there.left_at = model.there.left_at.max(Some(since));
    let before = model.returning.take();
    let since = before.as_ref().map_or(since, |told| told.since.min(since));
    let ticket = model.numbers.ticket();
    let whose = Whose::Of(user);
    effects.push(Effect::LoadActs(ticket, ActsQuery { whose, since }));
    effects.push(Effect::LoadMine(ticket));
    let (held, lost) = before.map_or_else(Default::default, |told| (told.held, told.lost));
    model.returning = Some(Returning {
        ticket,
        since,
        acts: None,
        replies: None,
        held,
        lost,
    });
}

/// A lost line handed back what one had: taken back in one act, as far as it is still free (Q9). Until something else
/// is done, that is what `z` does.
fn line_dropped(model: &mut Model, lost: Lost) {
    let is_newer = |act: &LastAct| act.at >= lost.at || act.operation == lost.operation;
    if model.last_act.as_ref().is_some_and(is_newer) {
        return;
    }
    let at = time::stamp(lost.at, model.now, &model.zone);
    let count = usize::try_from(lost.count).unwrap_or(usize::MAX);
    let were = if count == 1 { "was" } else { "were" };
    let text = say!(
        "Your line dropped at {at} and {} {were} handed back; {} takes back what is still free",
        words::count(count),
        keys::named(model, Command::Undo)
    );
    model.last_act = Some(LastAct {
        operation: lost.operation,
        at: lost.at,
        action: Action::Unassign,
        what: say!("what your lost line handed back at {at}"),
        on: Vec::new(),
        undoable: true,
    });
    model.say(Tone::Warning, text);
}

/// Whether these are the acts asked for here.
pub(super) fn asked(model: &Model, ticket: Ticket) -> bool {
    let returning = model.returning.as_ref();
    returning.is_some_and(|returning| returning.ticket == ticket)
}

/// What others did with what was ours since we left.
pub(super) fn acts(model: &mut Model, ticket: Ticket, result: Result<Vec<Done>, Trouble>) {
    if let Some(returning) = model.returning.as_mut().filter(|r| r.ticket == ticket) {
        returning.acts = Some(result.ok());
    }
}

/// What is ours now: where the last word is the customer's, and newer than our leaving, they replied.
pub(super) fn mine(model: &mut Model, ticket: Ticket, result: Result<Box<Page>, Trouble>) {
    let Some(returning) = model.returning.as_mut().filter(|r| r.ticket == ticket) else {
        return;
    };
    let since = returning.since;
    let is_reply = |row: &&Row| {
        let last = row.last_message.as_ref();
        last.is_some_and(|last| last.direction == Direction::In && last.at >= since)
    };
    // That it cannot be had is no news: the list shows who waits.
    let replies = result.map_or(0, |page| page.rows.iter().filter(is_reply).count());
    returning.replies = Some(replies as u64);
}

/// Once all of it is here, and one is back where one was, it is told in one notice.
pub(super) fn settle(model: &mut Model) {
    let is_here =
        |returning: &mut Returning| returning.acts.is_some() && returning.replies.is_some();
    if model.resume.is_some() {
        return;
    }
    let Some(returning) = model.returning.take_if(is_here) else {
        return;
    };
    let told = match returning.acts.flatten() {
        Some(done) => while_away(model, &done, returning.since),
        None => {
            // What could not be asked for is told as it came.
            for attention in &returning.held {
                attending::tell(model, attention);
            }
            Vec::new()
        }
    };
    let replies = match returning.replies.unwrap_or_default() {
        0 => None,
        1 => Some(Safe::literal("1 reply")),
        many => Some(say!("{many} replies")),
    };
    let more = match told.len().saturating_sub(TOLD) {
        0 => Safe::default(),
        more => say!("; and {more} more"),
    };
    let told: Vec<Safe> = replies
        .into_iter()
        .chain(told.into_iter().take(TOLD))
        .collect();
    if !told.is_empty() {
        let told = Safe::join(&Safe::literal("; "), told.iter());
        model.say(Tone::Warning, say!("While you were away: {told}{more}"));
    }
    if let Some(lost) = returning.lost {
        line_dropped(model, lost);
    }
}

/// Who did what and why, alike acts together, the newest first.
fn while_away(model: &Model, done: &[Done], since: Moment) -> Vec<Safe> {
    let mut groups: Vec<(&Done, u64, bool)> = Vec::new();
    let is_theirs = |act: &&Done| {
        let by_us = act.by.as_ref().is_some_and(|by| model.is_mine_id(&by.id));
        !by_us && !act.undone && !act.line_lost && act.at >= since
    };
    for act in done.iter().filter(is_theirs) {
        // Of an act on several people's, how many were ours is not said.
        let ours_alone = act.of.iter().all(|of| model.is_mine_id(&of.id));
        let alike = |(of, ..): &&mut (&Done, u64, bool)| {
            let by = |act: &Done| act.by.as_ref().map(|by| by.id.clone());
            by(of) == by(act) && of.action == act.action && of.reason == act.reason
        };
        match groups.iter_mut().find(alike) {
            Some((_, count, all_ours)) => {
                *count += act.count;
                *all_ours &= ours_alone;
            }
            None => groups.push((act, act.count, ours_alone)),
        }
    }
    let sentence = |(act, count, ours_alone): (&Done, u64, bool)| {
        let acted = match act.action {
            Action::Assign | Action::Take => "gave away",
            Action::Move => "moved",
            Action::Close => "closed",
            Action::Status => "set the status of",
            _ => "handed back",
        };
        let which = match ours_alone {
            true => say!("{count} of yours"),
            false => Safe::literal("some of yours"),
        };
        let why = act.reason.as_ref();
        let why = why.map_or_else(Safe::default, |why| say!(": {why}"));
        match &act.by {
            Some(by) => say!("{} {acted} {which}{why}", by.name),
            // Nobody did it: the access to their queue ended (Q10).
            None if count == 1 => {
                say!("1 of yours was handed back: your access to its queue ended")
            }
            None => say!("{count} of yours were handed back: your access to their queue ended"),
        }
    };
    groups.into_iter().map(sentence).collect()
}
