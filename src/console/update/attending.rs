//! What others, or a queue's rule, did with what is or was the advisor's: who, what, and why (U8, U9, A2, Q3).

use std::time::Duration;

use super::bouncing;
use crate::{
    console::{
        effect::Effect,
        model::{Gathered, Model, News, Tone},
        msg::Timer,
    },
    desk::{Attention, AttentionKind},
    domain::{action::Cause, id::ConversationId, row::Row, text::Safe},
    say,
};

/// How long something waits for the row that it is about: a desk says both in one breath.
const BREATH: Duration = Duration::from_millis(200);

/// Something to tell came. Where the row it is about is not as it says yet, it waits for that row, a moment.
pub(super) fn hear(model: &mut Model, attention: Attention, effects: &mut Vec<Effect>) {
    flush(model);
    let returning = model.returning.as_mut();
    if returning.is_some_and(|returning| returning.keeps(&attention)) {
        return;
    }
    let row = row_of(model, &attention.conversation);
    let mine = row.map(|row| model.is_mine(row));
    let is_settled = match attention.kind {
        AttentionKind::HandedBack | AttentionKind::GivenBack => mine.is_some(),
        AttentionKind::Assigned => mine == Some(true),
        AttentionKind::TakenAway => mine == Some(false),
    };
    if is_settled {
        tell(model, &attention);
    } else {
        model.untold = Some(attention);
        effects.push(Effect::After(BREATH, Timer::Attend));
    }
}

/// News of a conversation was taken in, or the breath is over: what waited is told.
pub(super) fn told_with(model: &mut Model, id: Option<&ConversationId>) {
    if model
        .untold
        .as_ref()
        .is_some_and(|waits| id.is_none_or(|id| waits.conversation == *id))
    {
        flush(model);
    }
}

fn flush(model: &mut Model) {
    if let Some(attention) = model.untold.take() {
        tell(model, &attention);
    }
}

fn row_of<'a>(model: &'a Model, id: &ConversationId) -> Option<&'a Row> {
    let opened = || {
        let open = model.open.as_ref().map(|open| &open.row);
        open.filter(|row| row.id == *id)
    };
    let waiting = || {
        model
            .list
            .waiting
            .iter()
            .rev()
            .find_map(|change| match change {
                crate::console::model::Change::Row(row) if row.id == *id => Some(&**row),
                _ => None,
            })
    };
    waiting()
        .or_else(|| model.list.inbox.row(id))
        .or_else(opened)
}

/// Says what was done with one's conversation.
pub(super) fn tell(model: &mut Model, attention: &Attention) {
    let is_back = matches!(
        attention.kind,
        AttentionKind::Assigned | AttentionKind::GivenBack
    );
    let bounced = is_back.then(|| bouncing::bounced(model, &attention.conversation));
    let news = News::of(model, attention);
    let gathered = gather(model, attention, news);
    let text = sentence(attention, &gathered.news);
    let text = match bounced.flatten() {
        Some(after) if gathered.news.count == 1 => {
            say!("Back {after} after you handed it back: {text}")
        }
        _ => text,
    };
    model.say(Tone::Warning, text.clone());
    model.gathered = Some(Gathered { text, ..gathered });
}

/// What is of the same kind, by the same person, for the same reason, and follows within so long is told in one notice:
/// a login that brings forty conversations is one piece of news.
const TOGETHER: Duration = Duration::from_secs(5);

fn gather(model: &mut Model, attention: &Attention, news: News) -> Gathered {
    let alike = |before: &Gathered| {
        let of = |a: &Attention| (a.kind, a.cause, a.by.clone(), a.reason.clone());
        of(&before.like) == of(attention) && model.now.since(before.at) <= TOGETHER
    };
    let before = model.gathered.take().filter(alike);
    let told = |before: &Gathered| model.notices.iter().rposition(|n| n.text == before.text);
    let news = match before
        .as_ref()
        .and_then(|before| Some((before, told(before)?)))
    {
        Some((before, index)) => {
            model.notices.remove(index);
            before.news.clone().and(news)
        }
        None => news,
    };
    Gathered {
        like: attention.clone(),
        news,
        at: model.now,
        text: Safe::default(),
    }
}

impl News {
    fn of(model: &Model, attention: &Attention) -> Self {
        let row = row_of(model, &attention.conversation);
        let name = row.map_or_else(
            || model.name_of(&attention.conversation),
            |row| row.contact.shown().clone(),
        );
        let others = row.filter(|row| !model.is_mine(row));
        let holder = others.and_then(|row| row.assignee.as_ref());
        Self {
            count: 1,
            names: vec![name],
            queue: row.map(|row| row.queue.name.clone()),
            holder: holder.map(|holder| holder.name.clone()),
        }
    }

    fn and(mut self, more: Self) -> Self {
        self.count += more.count;
        self.names.extend(more.names);
        self.names.truncate(2);
        self.queue = self
            .queue
            .filter(|queue| more.queue.as_ref() == Some(queue));
        self.holder = self
            .holder
            .filter(|holder| more.holder.as_ref() == Some(holder));
        self
    }

    /// `Bea Jones`, `Bea Jones and Carl Smith`, `6 conversations`.
    fn name(&self) -> Safe {
        match (self.count, &self.names[..]) {
            (1, [one]) => one.clone(),
            (2, [one, other]) if one != other => say!("{one} and {other}"),
            (count, _) => say!("{count} conversations"),
        }
    }
}

fn sentence(attention: &Attention, news: &News) -> Safe {
    let name = news.name();
    let by = attention.by.as_ref();
    let by = by.map_or(Safe::literal("The desk"), |by| by.name.clone());
    let why = attention.reason.as_ref();
    let why = why.map_or_else(Safe::default, |reason| say!(": {reason}"));
    let one = news.count == 1;
    let (is, was) = if one { ("is", "was") } else { ("are", "were") };
    let its = if one { "Its queue" } else { "Their queues" };
    let queue = news.queue.clone().unwrap_or(Safe::literal(its));
    let came = |how: &'static str| match (one, &news.queue) {
        (true, _) => say!("{queue} gave you {name}: {how}"),
        (false, Some(queue)) => say!("{name} from {queue} are yours now: {how}"),
        (false, None) => say!("{name} are yours now: {how}"),
    };
    match (attention.kind, attention.cause) {
        (AttentionKind::Assigned, Some(Cause::Assign)) => say!("{by} gave {name} to you{why}"),
        (AttentionKind::Assigned, Some(Cause::RoundRobin)) => came("it was your turn"),
        (AttentionKind::Assigned, Some(Cause::LeastBusy)) => came("you had the fewest"),
        (AttentionKind::Assigned, Some(Cause::Login)) => came("you signed in"),
        (AttentionKind::Assigned, _) => say!("{name} {is} yours now{why}"),
        (AttentionKind::TakenAway, Some(Cause::Assign | Cause::Take)) => match &news.holder {
            Some(holder) => say!("{by} gave {name}, which {was} yours, to {holder}{why}"),
            None if one => say!("{by} gave {name}, which was yours, to a colleague{why}"),
            None => say!("{by} gave {name}, which were yours, to colleagues{why}"),
        },
        (AttentionKind::TakenAway, Some(Cause::Move)) => match &news.queue {
            Some(queue) => say!("{by} moved {name}, which {was} yours, to {queue}{why}"),
            None if one => say!("{by} moved {name}, which was yours, to another queue{why}"),
            None => say!("{by} moved {name}, which were yours, to other queues{why}"),
        },
        (AttentionKind::TakenAway, Some(Cause::Close)) => {
            say!("{by} closed {name}, which {was} yours{why}")
        }
        (AttentionKind::TakenAway, Some(Cause::LostAccess)) => {
            say!("{name} {was} handed back: you have no access to {queue} any more")
        }
        (AttentionKind::TakenAway, Some(Cause::Logout)) => {
            say!("{name} {was} handed back: you counted as signed out")
        }
        (AttentionKind::TakenAway, Some(Cause::Undo)) => {
            say!("{by} took {name} back from you{why}")
        }
        (AttentionKind::TakenAway, _) => say!("{name} {is} no longer yours{why}"),
        (AttentionKind::HandedBack, Some(Cause::Logout)) => {
            say!("{name} {was} handed back: you counted as signed out")
        }
        (AttentionKind::HandedBack, _) => {
            say!("{by} handed back {name}, which {was} yours{why}")
        }
        (AttentionKind::GivenBack, _) => say!("{by} gave {name} back to you{why}"),
    }
}
