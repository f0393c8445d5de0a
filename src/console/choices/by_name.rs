//! Anything that can be done, by its name: the rows of the one table, and those of the three dots that have no key.

use super::{Choice, Chosen};
use crate::{
    console::{
        command::{self, Binding, Command, Place, TABLE},
        menu::{self, Does, Item},
        model::{Model, Pane},
        words::keys,
    },
    domain::{action::Action, text::Safe},
    say,
};

/// What can be done in a place, after what was typed: what is called so before what merely is about it. What can only
/// be done elsewhere is offered to who asks for it, dim, with where.
pub(super) fn choices(model: &Model, place: Place, typed: &str) -> Vec<Choice> {
    let near = place.reach().iter().flat_map(|near| {
        let rows = TABLE.iter().enumerate();
        rows.filter(move |(_, row)| row.place == *near)
    });
    let mut all: Vec<Choice> = near
        .filter(|(_, row)| row.command != Command::ByName)
        .map(|(index, row)| of_row(model, index, row))
        .collect();
    if place.reach().contains(&Place::Panes) {
        let items = model.menu_items().into_iter();
        all.extend(
            items
                .filter(|item| !item.direct)
                .filter_map(|item| of_item(model, &item)),
        );
    }
    if !typed.is_empty() {
        for (index, row) in TABLE.iter().enumerate() {
            if all.iter().all(|choice| choice.name != row.name) {
                let not_now = Some(say!("only in: {}", row.place.title()));
                all.push(Choice {
                    not_now,
                    ..of_row(model, index, row)
                });
            }
        }
    }
    all.retain(|choice| fits(choice, typed));
    all.sort_by_key(|choice| {
        (
            choice.not_now.is_some() && !typed.is_empty(),
            !choice.name.as_str().starts_with(typed),
            rank(&choice.chosen),
        )
    });
    all
}

/// What is done to a conversation stands first, what only moves about last.
fn rank(chosen: &Chosen) -> u8 {
    let row = match chosen {
        Chosen::Row(index) => TABLE.get(*index),
        _ => return 0,
    };
    match row.map(|row| row.command) {
        Some(command) if command.means_a_conversation() => 0,
        Some(
            Command::Down
            | Command::Up
            | Command::Top
            | Command::Bottom
            | Command::PageDown
            | Command::PageUp
            | Command::HalfDown
            | Command::HalfUp
            | Command::OtherPane
            | Command::Enter
            | Command::Back,
        ) => 2,
        _ => 1,
    }
}

/// Whether each word typed begins a word of its name or of what it does.
fn fits(choice: &Choice, typed: &str) -> bool {
    let texts = [&choice.name, &choice.beside].map(|text| text.as_str().to_lowercase());
    let words = |text: &'_ String| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.chain([text.as_str()]).map(str::to_owned).collect()
    };
    let words: Vec<String> = texts.iter().flat_map(words).collect();
    let mut wanted = typed.split_whitespace();
    wanted.all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
}

fn of_row(model: &Model, index: usize, row: &Binding) -> Choice {
    Choice {
        beside: Safe::literal(row.what),
        facts: vec![keys::all(row, model)],
        not_now: why_not(model, row.command),
        ..Choice::new(Chosen::Row(index), Safe::literal(row.name))
    }
}

/// What only the three dots have, with the keys that lead there.
fn of_item(model: &Model, item: &Item) -> Option<Choice> {
    let Does::Act(action) = item.does else {
        return None;
    };
    let dots = keys::named(model, Command::Menu);
    let key = keys::name(item.key, model.ascii);
    Some(Choice {
        beside: Safe::literal(item.label.trim_end_matches('…')),
        facts: vec![say!("{dots} {key}")],
        not_now: item.not_now.clone(),
        ..Choice::new(Chosen::Item(item.does), Safe::literal(action.word()))
    })
}

/// Why something cannot be had now, as far as that is known before it is tried.
fn why_not(model: &Model, command: Command) -> Option<Safe> {
    let no = |why| Some(Safe::literal(why));
    if command == Command::Undo {
        return match &model.last_act {
            None => no("there is nothing to take back"),
            Some(act) if !act.undoable => Some(say!("nothing takes back {}", act.what)),
            Some(_) => None,
        };
    }
    let of_marked = model.pane == Pane::List && !model.marks.is_empty();
    if !command.means_a_conversation() || of_marked {
        return None;
    }
    let Some(open) = model.open.as_ref() else {
        return no("no conversation is shown");
    };
    let action = Action::ALL
        .iter()
        .find(|action| command::of_action(**action) == Some(command))
        .copied()
        .or((command == Command::Reason).then_some(Action::Unassign))?;
    menu::not_now(open.actions.as_deref()?, action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::view::fixture;

    fn names(place: Place, typed: &str) -> Vec<(String, Option<String>)> {
        let choices = choices(&fixture::busy(), place, typed);
        let name = |choice: Choice| {
            let why = choice.not_now.map(|why| why.to_string());
            (choice.name.to_string(), why)
        };
        choices.into_iter().map(name).collect()
    }

    #[test]
    fn what_is_called_so_stands_before_what_is_about_it() {
        let found = names(Place::List, "un");
        assert_eq!(found[0].0, "unassign");
        let found = names(Place::List, "hand back why");
        assert_eq!(found[0].0, "reason", "{found:?}");
    }

    #[test]
    fn what_has_no_key_but_in_the_three_dots_is_there_too() {
        for name in ["close", "block", "transcript"] {
            let found = names(Place::Conversation, name);
            assert_eq!(found[0].0, name, "{found:?}");
        }
    }

    #[test]
    fn what_cannot_be_had_says_why() {
        let why = |place, name: &str| {
            let mut found = names(place, name).into_iter();
            found
                .find(|(found, _)| found == name)
                .and_then(|(_, why)| why)
        };
        assert_eq!(why(Place::List, "take").as_deref(), Some("yours already"));
        assert_eq!(
            why(Place::List, "undo").as_deref(),
            Some("there is nothing to take back")
        );
        let elsewhere = why(Place::List, "hand-back-all").unwrap_or_default();
        assert_eq!(elsewhere, "only in: Leaving");
        assert_eq!(why(Place::List, "help"), None);
    }

    #[test]
    fn before_anything_is_typed_it_is_what_can_be_done_here() {
        let found = names(Place::List, "");
        assert!(
            found
                .iter()
                .all(|(_, why)| { !why.as_ref().is_some_and(|why| why.starts_with("only in")) })
        );
        assert_eq!(found[0].0, "unassign", "nearest first");
    }
}
