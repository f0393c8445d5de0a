//! What comes of a choice in a picker.

use super::{acting, choosing, dots, exporting, listing, phrasing, some};
use crate::{
    console::{
        choices::Chosen,
        command::{Binding, TABLE},
        effect::Effect,
        model::{Choosing, Layer, Model, Tone},
    },
    desk::ManyDeed,
    say,
};

/// Does what the choice says that the cursor is on.
#[must_use]
pub(super) fn choose_at_cursor(model: &mut Model, effects: &mut Vec<Effect>) -> Option<Binding> {
    let index = choosing::on_top(model)?.cursor;
    choose(model, index, effects)
}

/// Does what the choice at `index` says; one that cannot be had says its reason again. Where that is a row of the table of
/// keys, gives which: it is to be done where one is then.
#[must_use]
pub(super) fn choose(
    model: &mut Model,
    index: usize,
    effects: &mut Vec<Effect>,
) -> Option<Binding> {
    let choice = choosing::offered(model).into_iter().nth(index)?;
    if let Some(why) = &choice.not_now {
        let text = say!("{}: {why}", choice.name);
        model.say(Tone::Plain, text);
        return None;
    }
    let picker = choosing::on_top(model)?;
    if let Choosing::Some(field) = picker.choosing {
        some::chosen(model, field, choice.chosen, effects);
        return None;
    }
    let Some(Layer::Picker(picker)) = model.layers.pop() else {
        return None;
    };
    // Who wrote its name means it.
    if !matches!(picker.choosing, Choosing::ByName(_)) {
        model.left_text = Some(model.now);
    }
    let typed = picker.typed.text;
    match (picker.choosing, choice.chosen) {
        (Choosing::ByName(_), Chosen::Row(index)) => return TABLE.get(index).copied(),
        (Choosing::ByName(_), Chosen::Item(does)) => {
            let mut items = model.menu_items().into_iter();
            if let Some(index) = items.position(|item| item.does == does) {
                dots::choose(model, index, effects);
            }
        }
        (Choosing::Shown, Chosen::Queue(queue)) if model.list.queue != queue => {
            model.list.queue = queue;
            listing::show(model, effects);
        }
        (Choosing::Move(subject), Chosen::Queue(Some(queue))) => {
            acting::perform(model, subject, ManyDeed::Move(queue), None, effects);
        }
        (Choosing::Assign(subject), Chosen::Person(to)) => {
            acting::perform(model, subject, ManyDeed::Assign(vec![to]), None, effects);
        }
        (Choosing::Status(subject), Chosen::Status(status)) => {
            acting::perform(model, subject, ManyDeed::Status(status), None, effects);
        }
        (Choosing::Phrase(looked_for), Chosen::Phrase(words)) => {
            phrasing::chosen(model, &looked_for, &typed, &words, effects);
        }
        (Choosing::Transcript(row), Chosen::Form(form, notes)) => {
            exporting::file(model, &row, form, notes);
        }
        (Choosing::Copy(row), Chosen::Text(text)) => effects.push(Effect::Copy {
            what: say!("the {} of {}", choice.name, row.contact.shown()),
            text,
        }),
        _ => {}
    }
    None
}
