//! The side panel: opened and closed, filled, scrolled, and kept at the conversation that is shown (P3).

use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{Loaded, Model, Pane, Panel, Part, Stretch},
        view::{self, layout::Layout},
    },
    desk::{History, Known, Trouble},
    domain::id::ConversationId,
    say,
};

/// Opens it on the conversation shown. Beside that it leaves the keys where they are; where it lies over what has the keys,
/// it gets them.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    model.panel = Some(Panel::new(model.pane));
    if let Some(pane) = over_messages(model)
        && (model.pane == Pane::Conversation || Layout::is_one_pane(model))
    {
        model.pane = pane;
    }
    follow(model, effects);
}

/// Closes it; the keys go where they were.
pub(super) fn close(model: &mut Model) {
    let Some(panel) = model.panel.take() else {
        return;
    };
    if model.pane == Pane::Panel {
        model.pane = panel.from;
    }
}

/// Whether it is open and has a place of its own.
pub(super) fn is_beside(model: &Model) -> bool {
    model.panel.is_some() && Layout::has_room_for_panel(model)
}

/// The panel, if it is open and lies over the messages, so that it has their keys.
pub(super) fn over_messages(model: &Model) -> Option<Pane> {
    (model.panel.is_some() && !Layout::has_room_for_panel(model)).then_some(Pane::Panel)
}

/// Shows the conversation that is shown, once the cursor rests there.
pub(super) fn follow(model: &mut Model, effects: &mut Vec<Effect>) {
    let (Some(panel), Some(open)) = (&mut model.panel, &model.open) else {
        return;
    };
    panel.turn_to(&open.row.id);
    if panel.loaded == Loaded::No && open.loaded != Loaded::No {
        panel.loaded = Loaded::Asked;
        effects.push(Effect::LoadKnown(open.row.id.clone()));
    }
}

/// Something happened in the conversation that is shown: it is asked for again.
pub(super) fn again(model: &Model, effects: &mut Vec<Effect>) {
    if let (Some(panel), Some(open)) = (&model.panel, &model.open)
        && panel.of.as_ref() == Some(&open.row.id)
        && panel.loaded != Loaded::No
    {
        effects.push(Effect::LoadKnown(open.row.id.clone()));
    }
}

/// What it tells is here.
pub(super) fn known(
    model: &mut Model,
    id: &ConversationId,
    known: Result<Box<Known>, Trouble>,
    history: Result<History, Trouble>,
) {
    let Some(panel) = model.panel.as_mut().filter(|p| p.of.as_ref() == Some(id)) else {
        return;
    };
    match known {
        Ok(known) => {
            panel.known = Some(*known);
            panel.loaded = Loaded::Yes;
        }
        Err(trouble) if panel.known.is_none() => {
            panel.loaded = Loaded::Failed(say!("{trouble}"));
        }
        Err(_) => {}
    }
    if let Ok(page) = history {
        if panel.done.is_empty() {
            panel.done = Stretch::end(page.items, page.next, false);
        } else {
            panel.done.arrived(&Part::Newest, page.items, page.next, 0);
        }
    }
}

/// What the team did earlier is here.
pub(super) fn earlier(
    model: &mut Model,
    id: &ConversationId,
    part: &Part,
    result: Result<History, Trouble>,
) {
    let Some(panel) = model.panel.as_mut().filter(|p| p.of.as_ref() == Some(id)) else {
        return;
    };
    match result {
        Ok(page) => panel.done.arrived(part, page.items, page.next, 0),
        Err(_) => panel.done.failed(part),
    }
}

/// Moves in it; near its end what the team did earlier is fetched.
pub(super) fn scroll(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let height = usize::from(Layout::of(model).panel.height);
    let lines = view::panel::height(model);
    let page = height.saturating_sub(1).max(1);
    let Some(panel) = &mut model.panel else {
        return;
    };
    let last = lines.saturating_sub(height);
    let to = match command {
        Command::Down => panel.top + 1,
        Command::Up => panel.top.saturating_sub(1),
        Command::PageDown => panel.top + page,
        Command::PageUp => panel.top.saturating_sub(page),
        Command::HalfDown => panel.top + page.div_ceil(2),
        Command::HalfUp => panel.top.saturating_sub(page.div_ceil(2)),
        Command::Top => 0,
        _ => last,
    };
    panel.top = to.min(last);
    if panel.top + 2 * height > lines
        && let Some(part) = panel.done.ask_older()
        && let Some(id) = panel.of.clone()
    {
        effects.push(Effect::LoadEarlier(id, part));
    }
}
