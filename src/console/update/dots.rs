//! The three dots: what opens them, and what comes of a row.

use super::{acting, asking, choosing, exporting, moving, noting, surprise, writing};
use crate::{
    console::{
        command::Command,
        effect::Effect,
        key::Key,
        menu::{self, Does, Menu},
        model::{About, Layer, Model, Subject, Tone},
    },
    domain::action::{Action, Deed},
    say,
};

/// Opens the three dots of the conversation shown.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    moving::show_what_is_meant(model, effects);
    let Some(open) = &model.open else { return };
    let conversation = open.row.id.clone();
    if open.actions.is_none() {
        effects.push(Effect::LoadDetail(conversation.clone()));
    }
    let cursor = menu::start(&menu::items(
        &open.row,
        open.actions.as_deref(),
        &model.keymap,
    ));
    model.layers.push(Layer::Menu(Menu {
        conversation,
        cursor,
    }));
}

/// A row's key in the menu does it at once.
pub(super) fn press(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    if let Some(index) = model.menu_items().iter().position(|item| item.key == key) {
        choose(model, index, effects);
    }
}

/// Does what a row of the menu says; one that does not apply says its reason again.
pub(super) fn choose(model: &mut Model, index: usize, effects: &mut Vec<Effect>) {
    let items = model.menu_items();
    let (Some(item), Some(row)) = (items.get(index), model.open.as_ref().map(|o| o.row.clone()))
    else {
        return;
    };
    if let Some(why) = &item.not_now {
        let text = say!("{}: {why}", item.label.trim_end_matches('…'));
        return model.say(Tone::Plain, text);
    }
    if let Some(text) = surprise::objects_to(model, Some(&row)) {
        return model.say(Tone::Warning, text);
    }
    model.notice_is_over = true;
    model.layers.pop_if(|layer| matches!(layer, Layer::Menu(_)));
    let one = || Subject::One(Box::new(row.clone()));
    match item.does {
        Does::Reason => asking::reason(model, one()),
        Does::Copy => choosing::text_to_copy(model, row),
        Does::Act(action) => match action {
            Action::Unassign => acting::on(model, &row, Deed::Unassign, None, effects),
            Action::Take => acting::on(model, &row, Deed::Take, None, effects),
            Action::Close => acting::on(model, &row, Deed::Close, None, effects),
            Action::Reopen => acting::on(model, &row, Deed::Reopen, None, effects),
            Action::Unblock => acting::on(model, &row, Deed::Unblock, None, effects),
            Action::Move | Action::Status | Action::Assign => {
                choosing::for_act(model, action, one(), effects);
            }
            Action::Block => asking::question(model, About::Block, row),
            Action::Intervene => asking::question(model, About::Intervene, row),
            Action::Note => noting::open(model, effects),
            Action::Reply => writing::open(model, effects),
            Action::Transcript => exporting::form(model, row),
        },
    }
}

/// A command in the menu.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let last = model.menu_items().len().saturating_sub(1);
    let Some(Layer::Menu(menu)) = model.layers.last_mut() else {
        return;
    };
    match command {
        Command::Down => menu.cursor = (menu.cursor + 1).min(last),
        Command::Up => menu.cursor = menu.cursor.saturating_sub(1),
        Command::Enter => {
            let index = menu.cursor;
            choose(model, index, effects);
        }
        _ => {}
    }
}
