//! What lies over the panes: the three dots, and which keys do what in each layer.

use super::{
    acting, asking, choosing, exporting, finding, listing, moving, noting, surprise, writing,
};
use crate::{
    console::{
        command::{Command, TABLE},
        effect::Effect,
        key::Key,
        menu::{self, Does, Menu},
        model::{About, Field, Layer, Model, Subject, Tone},
    },
    domain::{
        action::{Action, Deed},
        text::Safe,
    },
    say,
};

/// Opens the three dots of the conversation shown.
pub(super) fn open_menu(model: &mut Model, effects: &mut Vec<Effect>) {
    moving::follow(model, effects);
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
pub(super) fn menu_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    if let Some(index) = model.menu_items().iter().position(|item| item.key == key) {
        choose_menu_item(model, index, effects);
    }
}

/// Does what a row of the menu says; one that does not apply says its reason again.
pub(super) fn choose_menu_item(model: &mut Model, index: usize, effects: &mut Vec<Effect>) {
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

/// A command in the layer on top.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match model.layers.last() {
        Some(Layer::Some(_)) => return super::some::command(model, command, effects),
        Some(Layer::Acts(_)) => return super::acts::command(model, command, effects),
        Some(Layer::Find) if command != Command::Back => {
            return finding::command(model, command, effects);
        }
        Some(Layer::Alone(_)) => return super::alone::command(model, command, effects),
        Some(Layer::Drafts(_)) => return super::drafts::command(model, command, effects),
        _ if command == Command::Back => return close(model, effects),
        _ => {}
    }
    match model.layers.last() {
        Some(Layer::Menu(_)) => in_menu(model, command, effects),
        Some(Layer::Help { .. }) => in_help(model, command, effects),
        Some(Layer::Notices(_)) => super::notices::command(model, command),
        Some(Layer::Preview(_)) => in_preview(model, command, effects),
        Some(Layer::Picker(_)) => match command {
            Command::Down | Command::Up => choosing::step(model, command == Command::Down),
            Command::Enter => choosing::choose_at_cursor(model, effects),
            _ => {}
        },
        Some(Layer::Question(_)) => match command {
            Command::Down | Command::Up => asking::step(model, command == Command::Down),
            Command::Enter => asking::answer_at_cursor(model, effects),
            _ => {}
        },
        Some(Layer::Reason(_)) if command == Command::Enter => asking::with_reason(model, effects),
        Some(Layer::FileName(_)) if command == Command::Enter => exporting::write(model, effects),
        Some(Layer::Filter(_)) if command == Command::Enter => drop(model.layers.pop()),
        Some(Layer::Leaving) => match command {
            Command::HandBackAllAndQuit => super::leaving::hand_back_all(model, effects),
            Command::KeepAndQuit => effects.push(Effect::Quit),
            _ => {}
        },
        _ => {}
    }
}

/// Takes the layer on top away. Who leaves a text is asked for a second `u` (R22).
fn close(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.place().takes_text() {
        model.left_text = Some(model.now);
    }
    match model.layers.pop() {
        Some(Layer::Filter(_)) => clear_filter(model, effects),
        Some(Layer::Find) => finding::leave(model, effects),
        Some(Layer::FileName(_)) => model.say(Tone::Plain, Safe::literal("Nothing was written")),
        Some(Layer::Reason(_) | Layer::Question(_)) => {
            model.say(Tone::Plain, Safe::literal("Nothing was done"));
        }
        _ => {}
    }
}

fn in_menu(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let last = model.menu_items().len().saturating_sub(1);
    let Some(Layer::Menu(menu)) = model.layers.last_mut() else {
        return;
    };
    match command {
        Command::Down => menu.cursor = (menu.cursor + 1).min(last),
        Command::Up => menu.cursor = menu.cursor.saturating_sub(1),
        Command::Enter => {
            let index = menu.cursor;
            choose_menu_item(model, index, effects);
        }
        _ => {}
    }
}

fn in_help(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let page = usize::from(model.size.1.saturating_sub(6)).max(1);
    let Some(Layer::Help { cursor }) = model.layers.last_mut() else {
        return;
    };
    let last = TABLE.len() - 1;
    match command {
        Command::Down => *cursor = (*cursor + 1).min(last),
        Command::Up => *cursor = cursor.saturating_sub(1),
        Command::PageDown => *cursor = (*cursor + page).min(last),
        Command::PageUp => *cursor = cursor.saturating_sub(page),
        Command::Enter => {
            let binding = TABLE[*cursor];
            model.layers.pop();
            super::input::run_row(model, binding, effects);
        }
        _ => {}
    }
}

fn in_preview(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let Some(Layer::Preview(preview)) = model.layers.last_mut() else {
        return;
    };
    let last = preview.items.len().saturating_sub(1);
    match command {
        Command::Down => preview.top = (preview.top + 1).min(last),
        Command::Up => preview.top = preview.top.saturating_sub(1),
        Command::Enter if preview.results.is_none() => acting::go_on(model, effects),
        Command::Enter if preview.operation.is_none() => drop(model.layers.pop()),
        Command::Retry => acting::try_again(model, effects),
        _ => {}
    }
}

/// Shows everything again.
pub(super) fn clear_filter(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.list.filter.is_empty() {
        model.list.filter.clear();
        listing::show(model, effects);
    }
}

/// A key in a layer where text is typed.
pub(super) fn type_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    if matches!(model.layers.last(), Some(Layer::Some(_))) {
        return super::some::type_key(model, key, effects);
    }
    if matches!(model.layers.last(), Some(Layer::Find)) {
        return finding::type_key(model, key, effects);
    }
    let field = match model.layers.last_mut() {
        Some(Layer::Filter(field)) => field,
        Some(Layer::Picker(picker)) => &mut picker.typed,
        Some(Layer::Reason(reason)) => &mut reason.typed,
        Some(Layer::FileName(file)) if !file.writing => &mut file.typed,
        _ => return,
    };
    if field.type_key(key) {
        choosing::typed(model);
        narrow(model, effects);
    }
}

/// Text was pasted into a layer where text is typed.
pub(super) fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    for character in text.chars().take(200) {
        type_key(
            model,
            Key::Char(if character.is_control() {
                ' '
            } else {
                character
            }),
            effects,
        );
    }
}

/// The filter narrows the list at the desk as one types.
fn narrow(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(Layer::Filter(field)) = model.layers.last() {
        model.list.filter.clone_from(&field.text);
        listing::show(model, effects);
    }
}

impl Field {
    /// Types a key; says whether the text changed.
    pub(super) fn type_key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(character) if self.text.len() < 200 => {
                self.text.push(character);
                true
            }
            Key::Backspace => self.text.pop().is_some(),
            Key::Ctrl('u') if !self.text.is_empty() => {
                self.text.clear();
                true
            }
            _ => false,
        }
    }
}
