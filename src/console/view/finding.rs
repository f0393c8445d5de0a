//! A search: the field above the list, what could be typed next or is wrong, how much was found, and the words in a
//! row that were looked for.

use ratatui::layout::Rect;

use super::{canvas::Canvas, field::type_into, strip::Strip};
use crate::{
    console::{
        command::{Command, Place},
        model::{Finding, Layer, Model},
        theme::Role,
        words::keys,
    },
    desk::HitMessage,
    domain::{
        completion::Completion,
        inbox::{Beyond, Side},
        text::Safe,
    },
    say,
};

/// What a search says to whoever begins one.
const FORMS: &str =
    "bea refund · \"exact words\" · queue:Payments is:closed · by:anna from:2026-11-01";

/// Draws the field, and the line under it where there is room for one.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model, finding: &Finding) {
    let line = Strip::of(area, 0).inset();
    let typing = is_typing(model);
    let role = if typing {
        Role::Accent
    } else {
        Role::TabActive
    };
    let left = canvas.write(line, &Safe::literal("Find "), role);
    if typing {
        type_into(canvas, left, &finding.typed.text);
    } else {
        canvas.write(left, &Safe::line(&finding.typed.text), Role::Text);
    }
    let below = Strip::of(area, 1).inset();
    let offers = match typing {
        true => finding.offers(model),
        false => Vec::new(),
    };
    match wrong(model) {
        // Of what is still being typed it is said how it could go on, not that it is not finished.
        Some(why) => _ = canvas.write(below, &why, Role::Warning),
        None if offers.is_empty() => {
            let (words, role) = state(model, finding);
            let left = canvas.write(below, &words, role).skip(2);
            let back = say!("{} back", keys::here(model, Place::List, Command::Back));
            if !typing && canvas.width(&back) <= left.width {
                canvas.write_right(left, &back, Role::Dim);
            }
        }
        None => offered(canvas, below, &offers),
    }
}

/// What is wrong with what is being typed, for where there is room to say all of it.
#[must_use]
pub fn wrong(model: &Model) -> Option<Safe> {
    let finding = model.finding.as_ref().filter(|_| is_typing(model))?;
    let why = finding.misread.as_ref()?;
    let unfinished = goes_on(&finding.typed.text) && !finding.offers(model).is_empty();
    (!unfinished).then(|| say!("! {why}"))
}

/// Whether the field has the keys.
#[must_use]
pub fn is_typing(model: &Model) -> bool {
    matches!(model.layers.last(), Some(Layer::Find))
}

/// Whether what was typed ends in the middle of a value.
fn goes_on(text: &str) -> bool {
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    last.contains(':') || text.matches('"').count() % 2 == 1
}

/// As many of the ways to go on as fit, the one that is taken first in front.
fn offered(canvas: &mut Canvas<'_>, line: Strip, offers: &[Completion]) {
    let mut left = line;
    for (index, offer) in offers.iter().enumerate() {
        if canvas.width(&offer.shown) > left.width {
            break;
        }
        let role = if index == 0 { Role::Accent } else { Role::Dim };
        left = canvas.write(left, &offer.shown, role).skip(2);
    }
}

/// How much was found, and whether that is all.
fn state(model: &Model, finding: &Finding) -> (Safe, Role) {
    let list = &model.list;
    let found = list.inbox.len();
    let ends = *list.inbox.beyond(Side::After) == Beyond::End;
    let words = match (&list.trouble, &finding.of) {
        (Some(why), _) => return (say!("cannot look: {why}"), Role::Warning),
        (None, None) => Safe::literal("words, \"exact words\", or field:value"),
        _ if list.loading.is_some() => Safe::literal("looking…"),
        _ if finding.too_many => {
            say!("{found} and more: say more, such as from:7d")
        }
        _ if ends && found == 0 => Safe::literal("nothing found"),
        _ if ends => say!("{found} found, newest first"),
        _ if list.extending.is_some() && finding.partial => {
            say!("{found} so far, looking on…")
        }
        _ => say!("{found} so far, more below"),
    };
    (words, Role::Dim)
}

/// What an empty list says while one searches, and what to do about it.
#[must_use]
pub fn empty(model: &Model, finding: &Finding) -> (Safe, Safe) {
    let list = &model.list;
    match (&list.trouble, &finding.of) {
        (Some(why), _) => (
            say!("The desk cannot look: {why}"),
            say!(
                "{} asks again; what was typed is kept",
                keys::named(model, Command::Refresh)
            ),
        ),
        (None, None) => (
            Safe::literal("Finds by contact and by text in all you may see, closed conversations too"),
            Safe::literal(FORMS),
        ),
        _ if list.loading.is_some() || list.extending.is_some() => {
            (Safe::literal("looking…"), Safe::default())
        }
        _ => (
            say!("Nothing found for {}", finding.typed.text),
            finding.doubt(model).unwrap_or_else(|| {
                say!(
                    "Fewer words, or only the beginning of one, find more · {} changes it, {} goes back to the list",
                    keys::named(model, Command::Find),
                    keys::here(model, Place::List, Command::Back)
                )
            }),
        ),
    }
}

/// Draws the part of a message in which something was found; gives what is left of the line.
pub fn excerpt(canvas: &mut Canvas<'_>, line: Strip, message: &HitMessage) -> Strip {
    let mut pieces = message.excerpt.iter().peekable();
    let mut left = line;
    // What was found is in sight also where the line is short.
    if let Some((before, _)) = pieces.next_if(|(_, found)| !found) {
        let found = pieces.peek().map_or(0, |(found, _)| canvas.width(found));
        let room = line.width.saturating_sub(found);
        let before = canvas.shown(before);
        let before = match canvas.width(&before) > room {
            true => ending(&before, usize::from(room.min(line.width / 3))),
            false => before,
        };
        left = canvas.write(left, &before, Role::Dim);
    }
    for (piece, found) in pieces {
        let role = if *found { Role::Found } else { Role::Dim };
        left = canvas.write(left, piece, role);
    }
    left
}

/// The end of a text in so many columns.
fn ending(text: &Safe, columns: usize) -> Safe {
    let mut surplus = (text.width() + 1).saturating_sub(columns.max(1));
    let mut from = 0;
    for (cell, width) in text.cells() {
        if surplus == 0 {
            break;
        }
        surplus = surplus.saturating_sub(width);
        from += cell.len();
    }
    say!("…{}", text.slice(from..text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_text_is_as_long_as_there_is_room() {
        let text = Safe::literal("where is my ");
        assert_eq!(ending(&text, 4), "…my ");
        assert_eq!(ending(&text, 1), "…");
        assert_eq!(ending(&Safe::line("日本語"), 4).width(), 3);
    }
}
