//! The line to the desk, and what happens there.

use std::time::Duration;

use super::{
    acts, alerting, answers, attending, bouncing, composing, delaying, listing, locking, reading,
    refetching, returning, some, there, writing,
};
use crate::{
    console::{
        effect::Effect,
        model::{Change, Link, Model, Told, Tone},
        pending::Asked,
        words::time,
    },
    desk::{Event, What, link::News},
    domain::{id::ConversationId, row::Row, text::Safe},
    say,
};

/// Takes in what the link reports.
pub(super) fn hear(model: &mut Model, news: News, effects: &mut Vec<Effect>) {
    match news {
        News::Live => {
            let was = std::mem::replace(&mut model.link, Link::Live);
            if let Link::Lost { since, .. } = was {
                let at = time::stamp(since, model.now, &model.zone);
                model.say(Tone::Plain, say!("Back on line; it was down since {at}"));
                refetching::everything(model, effects);
                returning::back_on_line(model, since, effects);
                // A lost line may have handed back what one had, or counted as leaving (Q9).
                effects.push(Effect::LoadMe);
                there::forgotten(model);
                let waiting: Vec<_> = model
                    .pending
                    .iter()
                    .filter(|p| p.tries > 1 && !matches!(p.asked, Asked::Reply(_)))
                    .map(|p| p.operation.clone())
                    .collect();
                for operation in waiting {
                    answers::ask_again(model, &operation, effects);
                }
            }
        }
        News::Lost { why, silence } => lost(model, why, silence),
        News::ShutOut { why, silence } => {
            lost(model, why.clone(), silence);
            locking::shut_out(model, &why);
        }
        News::Event(event) => happened(model, event, effects),
        News::Reset => {
            model.told = Told::default();
            refetching::everything(model, effects);
            reading::anew(model, effects);
        }
    }
}

/// The line is gone: what is shown is of when something was last heard.
fn lost(model: &mut Model, why: Safe, silence: Duration) {
    if let Link::Lost { why: before, .. } = &mut model.link {
        *before = why;
        return;
    }
    delaying::interrupted(model);
    model.told = Told::default();
    let since = model.now.before(silence);
    let at = time::stamp(since, model.now, &model.zone);
    let text = say!("Offline since {at} · {why} · what is shown is as of then · drafts are kept");
    model.say(Tone::Warning, text);
    model.link = Link::Lost { since, why };
}

fn changed(model: &mut Model, cursor: Option<u64>, row: Box<Row>, effects: &mut Vec<Effect>) {
    bouncing::row_changed(model, &row, effects);
    reading::row_changed(model, &row, effects);
    writing::row_changed(model, &row, effects);
    refresh_menu(model, &row.id, effects);
    listing::hear(model, cursor, Change::Row(row), effects);
}

fn happened(model: &mut Model, event: Event, effects: &mut Vec<Effect>) {
    alerting::hear(model, &event.what, effects);
    some::stirred(model, &event.what, effects);
    acts::stirred(model, &event.what, effects);
    let about = match &event.what {
        What::Row(row) | What::Message(row, _) => Some(row.id.clone()),
        What::Gone(id) => Some(id.clone()),
        _ => None,
    };
    match event.what {
        What::Row(row) => changed(model, event.cursor, row, effects),
        What::Gone(id) => {
            attending::told_with(model, Some(&id)); // While its name is still known.
            let why = Safe::literal("a colleague has it");
            reading::gone(model, &id, &why);
            composing::freeze(model, &id, &Safe::literal("A colleague took it"));
            listing::hear(model, event.cursor, Change::Gone(id), effects);
        }
        What::Message(row, message) => {
            let id = row.id.clone();
            changed(model, event.cursor, row, effects);
            reading::written(model, &id, *message, effects);
        }
        What::Counts { all_queues, queues } => {
            model.told.hear(all_queues, &queues);
            let list = match &mut model.finding {
                Some(finding) => &mut finding.kept,
                None => &mut model.list,
            };
            if let Some(counts) = model.told.of(list.queue.as_ref()) {
                list.counts = counts;
            }
            for (id, counts) in queues {
                if let Some(queue) = model.queues.iter_mut().find(|q| q.queue.id == id) {
                    queue.open = counts.all;
                    queue.unassigned = counts.unassigned;
                }
            }
        }
        What::Attention(attention) => attending::hear(model, attention, effects),
        What::Reset => {
            model.told = Told::default();
            refetching::everything(model, effects);
        }
        What::Alive => {}
    }
    if about.is_some() {
        attending::told_with(model, about.as_ref());
    }
}

/// An open menu shows what may be done *now*.
fn refresh_menu(model: &Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    let stale = model
        .open
        .as_ref()
        .is_some_and(|o| o.row.id == *id && o.actions.is_none());
    if stale
        && model
            .layers
            .iter()
            .any(|l| matches!(l, crate::console::model::Layer::Menu(_)))
    {
        effects.push(Effect::LoadDetail(id.clone()));
    }
}
