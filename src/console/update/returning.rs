//! The advisor comes back: what happened while they were away.

use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{LastAct, Model, Ticket, Tone},
        view::{keys, time},
        words,
    },
    desk::{ActsQuery, Done, Lost, Trouble, Whose},
    domain::{action::Action, id::ConversationId, moment::Moment, text::Safe},
    say,
};

/// Who did what while one was away is told of so many at most; `H` and the history have the rest.
const TOLD: usize = 3;

/// What a conversation is called, as far as it is known here.
pub(super) fn name_of(model: &Model, id: &ConversationId) -> Safe {
    let listed = model.list.inbox.row(id);
    let opened = || {
        let open = model.open.as_ref().map(|open| &open.row);
        open.filter(|row| row.id == *id)
    };
    if let Some(row) = listed.or_else(opened) {
        return row.contact.shown().clone();
    }
    let mut lately = model.handed_back.iter();
    lately
        .find(|act| act.conversation == *id)
        .map_or(Safe::literal("a conversation"), |act| act.name.clone())
}

/// The desk said who we are, and what happened while we were not there.
pub(super) fn arrived(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(me) = &model.me else { return };
    let (user, left_at, lost) = (me.user.id.clone(), me.left_at, me.lost.clone());
    if let Some(left_at) = left_at.filter(|at| model.there.left_at < Some(*at)) {
        model.there.left_at = Some(left_at);
        let ticket = model.numbers.ticket();
        model.away_acts = Some(ticket);
        let query = ActsQuery {
            whose: Whose::Of(user),
            since: left_at,
        };
        effects.push(Effect::LoadActs(ticket, query));
    }
    if let Some(lost) = lost.filter(|lost| lost.count > 0) {
        line_dropped(model, lost);
    }
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

/// What others did with what was ours, since we left: in one notice.
pub(super) fn acts(model: &mut Model, ticket: Ticket, result: Result<Vec<Done>, Trouble>) {
    if model.away_acts != Some(ticket) {
        return;
    }
    model.away_acts = None;
    // That it cannot be had is no news: the history has it.
    let Ok(done) = result else { return };
    let since = model.there.left_at.unwrap_or_default();
    let told = while_away(model, &done, since);
    if told.is_empty() {
        return;
    }
    let more = match told.len().saturating_sub(TOLD) {
        0 => Safe::default(),
        more => say!("; and {more} more"),
    };
    let told = Safe::join(&Safe::literal("; "), told.iter().take(TOLD));
    model.say(Tone::Warning, say!("While you were away: {told}{more}"));
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
