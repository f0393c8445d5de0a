//! How keys are written: `j`, `↵`, `Ctrl-J`.

use crate::{
    console::{
        command::{Binding, Command, Place, TABLE},
        key::Key,
        model::Model,
    },
    domain::text::Safe,
    say,
};

/// One key, as it is printed on the keyboard.
#[must_use]
pub fn name(key: Key, ascii: bool) -> Safe {
    let either = |unicode, plain| Safe::literal(if ascii { plain } else { unicode });
    match key {
        Key::Enter => either("↵", "Enter"),
        Key::Up => either("↑", "Up"),
        Key::Down => either("↓", "Down"),
        Key::Left => either("←", "Left"),
        Key::Right => either("→", "Right"),
        Key::Esc => Safe::literal("Esc"),
        Key::Tab => Safe::literal("Tab"),
        Key::Home => Safe::literal("Home"),
        Key::End => Safe::literal("End"),
        Key::PageUp => Safe::literal("PgUp"),
        Key::PageDown => Safe::literal("PgDn"),
        Key::Backspace => Safe::literal("Backspace"),
        Key::Ctrl(letter) => say!("Ctrl-{}", letter.to_uppercase()),
        Key::Alt(letter) => say!("Alt-{letter}"),
        other => say!("{other}"),
    }
}

/// The key of a binding for a footer: its first, and for a movement that of the way back too: `j/k`.
#[must_use]
pub fn of(binding: &Binding, model: &Model) -> Safe {
    let first = |b: &Binding| {
        let keys = model.keymap.keys(b);
        keys.first().map(|key| name(*key, model.ascii))
    };
    let there = first(binding).unwrap_or_default();
    let back = TABLE
        .iter()
        .find(|b| b.place == binding.place && b.command == Command::Up)
        .filter(|_| binding.command == Command::Down)
        .and_then(first);
    match back {
        Some(back) => say!("{there}/{back}"),
        None => there,
    }
}

/// All keys of a binding, for the help.
#[must_use]
pub fn all(binding: &Binding, model: &Model) -> Safe {
    let keys = model.keymap.keys(binding);
    let names: Vec<Safe> = keys.iter().map(|key| name(*key, model.ascii)).collect();
    Safe::join(&Safe::literal(" "), &names)
}

/// The key a sentence names for a wish; where it has none, its name, by which `:` finds it.
#[must_use]
pub fn named(model: &Model, command: Command) -> Safe {
    by_name(model, command, model.keymap.key(command))
}

/// The same, for what is wished in a place.
#[must_use]
pub fn here(model: &Model, place: Place, command: Command) -> Safe {
    by_name(model, command, model.keymap.first(place, command))
}

fn by_name(model: &Model, command: Command, key: Option<Key>) -> Safe {
    let binding = || TABLE.iter().find(|b| b.command == command);
    match key {
        Some(key) => name(key, model.ascii),
        None => binding().map_or_else(Safe::default, |b| say!(":{}", b.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::view::fixture;

    #[test]
    fn every_key_of_the_table_has_a_name_in_ascii() {
        for key in TABLE.iter().flat_map(|b| b.keys) {
            let name = name(*key, true);
            assert!(!name.is_empty() && name.as_str().is_ascii(), "{key:?}");
        }
    }

    #[test]
    fn a_footer_shows_a_movement_with_its_way_back() {
        let down = TABLE
            .iter()
            .find(|b| b.command == Command::Down)
            .expect("a key moves down");
        assert_eq!(of(down, &fixture::blank()), "j/k");
    }

    #[test]
    fn who_sends_with_ctrl_x_reads_so() {
        let mut model = fixture::blank();
        let of_command = |command| TABLE.iter().find(|b| b.command == command).expect("a key");
        let (send, line) = (of_command(Command::Send), of_command(Command::NewLine));
        assert_eq!(of(send, &model), "↵");
        assert_eq!(of(line, &model), "Ctrl-J");
        model.keymap = crate::console::keymap::Keymap::sending_with_ctrl_x();
        assert_eq!(of(send, &model), "Ctrl-X");
        assert_eq!(of(line, &model), "↵");
    }
}
