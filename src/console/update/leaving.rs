//! The way out: `q` while holding work asks what is to become of it.

use super::{acting, surprise};
use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{Layer, Marked, Model, Preview, Ticket, Tone},
        pending::Pending,
        words::keys,
    },
    desk::{From, ManyDeed, Page, Query, Trouble, View},
    domain::text::Safe,
    say,
};

/// How many conversations can be handed back on the way out at once.
const MOST: u16 = 500;

/// `q`: leaves, or asks first if one still has conversations.
pub(super) fn quit(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.pending.iter().any(Pending::would_be_lost) {
        let q = keys::named(model, Command::Quit);
        let text = say!("An answer is still on its way: {q} again leaves in a moment");
        return model.say(Tone::Plain, text);
    }
    let holding = model.list.counts.mine > 0 || model.list.queue.is_some();
    if holding
        && model.me.is_some()
        && !matches!(model.link, crate::console::model::Link::Lost { .. })
    {
        surprise::ask(model, Layer::Leaving);
    } else {
        effects.push(Effect::Quit);
    }
}

/// Fetches all that is mine, to hand it back and then leave.
pub(super) fn hand_back_all(model: &mut Model, effects: &mut Vec<Effect>) {
    if !acting::is_reachable(model) {
        return;
    }
    let ticket = model.numbers.ticket();
    model.leaving = Some(ticket);
    let query = Query {
        view: View::Mine,
        queue: None,
        filter: String::new(),
        from: From::Start,
        limit: MOST,
    };
    effects.push(Effect::LoadList(ticket, query));
}

/// All that is mine is here: it is handed back, as it was seen just now.
pub(super) fn arrived(
    model: &mut Model,
    ticket: Ticket,
    result: Result<Box<Page>, Trouble>,
    effects: &mut Vec<Effect>,
) -> Option<Result<Box<Page>, Trouble>> {
    if model.leaving != Some(ticket) {
        return Some(result);
    }
    match result {
        Ok(page) if page.rows.is_empty() => effects.push(Effect::Quit),
        Ok(page) => {
            model.layers.pop();
            let items = page
                .rows
                .iter()
                .map(|row| (row.id.clone(), Marked::of(row)))
                .collect();
            let preview = Preview {
                if_quiet: false,
                ..Preview::of(ManyDeed::Unassign, Safe::default(), items)
            };
            model.layers.push(Layer::Preview(preview));
            acting::go_on(model, effects);
        }
        Err(trouble) => {
            model.leaving = None;
            model.say(Tone::Warning, say!("Nothing was handed back: {trouble}"));
        }
    }
    None
}

/// Several were handed back: if that was on the way out and all of them went, leave.
pub(super) fn after_handing_back(model: &mut Model, failed: usize, effects: &mut Vec<Effect>) {
    if model.leaving.take().is_some() && failed == 0 {
        effects.push(Effect::Quit);
    }
}
