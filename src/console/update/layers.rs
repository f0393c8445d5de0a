//! What lies over the panes: the three dots, help, the queue picker, the filter, the preview.

use super::{acting, listing, moving, surprise, writing};
use crate::{
    console::{
        command::{Command, TABLE},
        effect::Effect,
        key::Key,
        menu::{self, Menu},
        model::{Field, Layer, Model, Tone},
    },
    domain::action::{Action, Deed},
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
    let cursor = menu::start(&menu::items(&open.row, open.actions.as_deref()));
    model.layers.push(Layer::Menu(Menu {
        conversation,
        cursor,
    }));
}

/// A letter in the menu does its row at once.
pub(super) fn menu_letter(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    let Key::Char(letter) = key else { return };
    if let Some(index) = model
        .menu_items()
        .iter()
        .position(|item| item.letter == letter)
    {
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
    if let Some(text) = surprise::objects(model) {
        return model.say(Tone::Warning, text);
    }
    model.layers.pop();
    match item.action {
        Action::Unassign => acting::on(model, &row, Deed::Unassign, effects),
        Action::Take => acting::on(model, &row, Deed::Take, effects),
        Action::Reply => writing::open(model, effects),
        other => {
            let text = say!("{}: not yet available", other.word());
            model.say(Tone::Plain, text);
        }
    }
}

/// A command in the layer on top.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match model.layers.last() {
        Some(Layer::Some(_)) => return super::some::command(model, command, effects),
        Some(Layer::Acts(_)) => return super::acts::command(model, command, effects),
        _ => {}
    }
    let items = model.menu_items().len();
    let queues = match model.layers.last() {
        Some(Layer::Queues(picker)) => model.found_queues(picker).len(),
        _ => 0,
    };
    let page = usize::from(model.size.1.saturating_sub(6)).max(1);
    match (model.layers.last_mut(), command) {
        (Some(Layer::Filter(_)), Command::Enter) => drop(model.layers.pop()),
        (Some(Layer::Filter(_)), Command::Back) => {
            model.layers.pop();
            model.left_text = Some(model.now);
            clear_filter(model, effects);
        }
        (Some(Layer::Queues(_)), Command::Back) => {
            model.layers.pop();
            model.left_text = Some(model.now);
        }
        (Some(_), Command::Back) => drop(model.layers.pop()),
        (Some(Layer::Menu(menu)), Command::Down) => {
            menu.cursor = (menu.cursor + 1).min(items.saturating_sub(1))
        }
        (Some(Layer::Menu(menu)), Command::Up) => menu.cursor = menu.cursor.saturating_sub(1),
        (Some(Layer::Menu(menu)), Command::Enter) => {
            let index = menu.cursor;
            choose_menu_item(model, index, effects);
        }
        (Some(Layer::Help { cursor }), Command::Down) => {
            *cursor = (*cursor + 1).min(TABLE.len() - 1)
        }
        (Some(Layer::Help { cursor }), Command::Up) => *cursor = cursor.saturating_sub(1),
        (Some(Layer::Help { cursor }), Command::PageDown) => {
            *cursor = (*cursor + page).min(TABLE.len() - 1)
        }
        (Some(Layer::Help { cursor }), Command::PageUp) => *cursor = cursor.saturating_sub(page),
        (Some(Layer::Help { cursor }), Command::Enter) => {
            let binding = TABLE[*cursor];
            model.layers.pop();
            super::input::run_from_help(model, binding, effects);
        }
        (Some(Layer::Queues(picker)), Command::Down) => {
            picker.cursor = (picker.cursor + 1).min(queues.saturating_sub(1));
        }
        (Some(Layer::Queues(picker)), Command::Up) => {
            picker.cursor = picker.cursor.saturating_sub(1)
        }
        (Some(Layer::Queues(picker)), Command::Enter) => {
            let index = picker.cursor;
            choose_queue(model, index, effects);
        }
        (Some(Layer::Preview(preview)), Command::Down) => {
            preview.top = (preview.top + 1).min(preview.items.len().saturating_sub(1));
        }
        (Some(Layer::Preview(preview)), Command::Up) => preview.top = preview.top.saturating_sub(1),
        (Some(Layer::Preview(preview)), Command::Enter) if preview.results.is_none() => {
            acting::unassign_previewed(model, effects);
        }
        (Some(Layer::Preview(preview)), Command::Enter) if preview.operation.is_none() => {
            drop(model.layers.pop())
        }
        (Some(Layer::Preview(preview)), Command::Retry) => {
            if let Some(results) = &preview.results {
                preview
                    .items
                    .retain(|(id, _)| results.iter().any(|(r, _, good)| r == id && !good));
                // What is tried again is what the screen shows of them now, not what failed before.
                for (id, marked) in &mut preview.items {
                    if let Some(row) = model.list.inbox.row(id) {
                        *marked = crate::console::model::Marked::of(row);
                    }
                }
                preview.top = 0;
                acting::unassign_previewed(model, effects);
            }
        }
        (Some(Layer::Leaving), Command::HandBackAllAndQuit) => {
            super::leaving::hand_back_all(model, effects)
        }
        (Some(Layer::Leaving), Command::KeepAndQuit) => effects.push(Effect::Quit),
        _ => {}
    }
}

/// Shows only the queue chosen.
pub(super) fn choose_queue(model: &mut Model, index: usize, effects: &mut Vec<Effect>) {
    let Some(Layer::Queues(picker)) = model.layers.last() else {
        return;
    };
    let Some(choice) = model
        .found_queues(picker)
        .get(index)
        .map(|q| q.map(|q| q.queue.id.clone()))
    else {
        return;
    };
    model.layers.pop();
    model.left_text = Some(model.now);
    if model.list.queue != choice {
        model.list.queue = choice;
        listing::show(model, effects);
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
    if super::some::type_key(model, key, effects) {
        return;
    }
    let field = match model.layers.last_mut() {
        Some(Layer::Filter(field)) => field,
        Some(Layer::Queues(picker)) => {
            picker.cursor = 0;
            &mut picker.typed
        }
        _ => return,
    };
    if field.type_key(key) {
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
