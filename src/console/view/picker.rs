//! Choosing one of several by typing a part of its name: a queue, a person, a status, something to copy (L4).

use std::ops::Range;

use ratatui::layout::Rect;

use super::{
    canvas::Canvas, field, frame, layout::Layout, scroll, some, strip::Strip, target::Target,
};
use crate::{
    console::{
        choices::{self, Choice},
        model::{Choosing, Loaded, Model, Picker, some::Focus},
        theme::Role,
    },
    domain::text::{Safe, wrap},
    say,
};

/// The columns of a box under the header.
const WIDTH: u16 = 50;
/// The columns of a box under the three dots, which has more to say of each.
const WIDE: u16 = 66;
/// The columns of a box for anything there is, with what it does.
const WIDEST: u16 = 98;
/// The columns in which what stands instead of choices is measured.
const NARROWEST: u16 = 44;

/// Draws the box: where it was opened from.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, picker: &Picker) {
    let choices = choices::choices(model, picker);
    let instead = choices.is_empty().then(|| nothing(picker));
    let lines = match &instead {
        Some((words, _)) => wrap(words, usize::from(NARROWEST)).count(),
        None => choices.len(),
    };
    let without = place(canvas, layout, model, picker, lines).height;
    let names = columns(
        canvas,
        seen(&choices, picker.cursor, without.saturating_sub(4)),
    );
    let whole = whole(canvas, picker, choices.get(picker.cursor), names);
    let below = whole.as_ref().map_or(0, |(_, rows)| rows.len() + 1);
    let area = place(canvas, layout, model, picker, lines + below);
    let inside = frame::boxed(canvas, area, &title(picker));
    let typed = if inside.height > 3 {
        2
    } else {
        inside.height.min(1)
    };
    let mut rows = Rect {
        y: inside.y + typed,
        height: inside.height - typed,
        ..inside
    };
    if let Some((text, lines)) = whole {
        rows.height = draw_whole(canvas, rows, &text, &lines);
    }
    if let Some((words, role)) = instead {
        let words = canvas.shown(&words);
        let lines = wrap(&words, usize::from(rows.width.saturating_sub(1)));
        for (y, line) in (0..rows.height).zip(lines) {
            canvas.write(Strip::of(rows, y).skip(1), &words.slice(line), role);
        }
    }
    let (top, shown) = seen(&choices, picker.cursor, rows.height);
    let names = columns(canvas, (top, shown)).min(inside.width * 2 / 5);
    for (y, (index, choice)) in (0..rows.height).zip((top..).zip(shown)) {
        let strip = Strip::of(rows, y);
        choice_row(canvas, strip, choice, names, index == picker.cursor);
        canvas.offer(strip.area(), Target::PickerItem(index));
    }
    // Last, so that the hardware cursor is in the text.
    let sign = match picker.choosing {
        Choosing::Shown | Choosing::Move(_) => "Q ",
        Choosing::ByName(_) => ": ",
        _ => "> ",
    };
    let line = canvas.write(Strip::of(inside, 0), &Safe::literal(sign), Role::Accent);
    let left = field::type_into(canvas, line, &picker.typed.text);
    // Whoever hears the screen hears the row the cursor is on.
    let row = u16::try_from(picker.cursor.saturating_sub(top)).unwrap_or(0);
    if canvas.is_spoken() && row < rows.height && !choices.is_empty() {
        canvas.place_cursor(rows.x, rows.y + row);
    }
    if picker.typed.text.is_empty() {
        let hint = Safe::literal(match picker.choosing {
            Choosing::ByName(_) => "type its name, or words of what it does",
            Choosing::Phrase(_) => "type a few words of it",
            _ => "type a part of the name",
        });
        canvas.write(left.skip(1), &hint, Role::Dim);
    }
}

/// Under the queue's name in the header, or, for an act, where the menu hangs.
fn place(
    canvas: &Canvas<'_>,
    layout: &Layout,
    model: &Model,
    picker: &Picker,
    lines: usize,
) -> Rect {
    let screen = canvas.area();
    let lines = u16::try_from(lines.max(1)).unwrap_or(u16::MAX);
    let wanted = lines.saturating_add(4);
    // The footer with the keys stays in sight.
    let room = |y: u16| screen.height.saturating_sub(y + 1);
    if picker.choosing == Choosing::Shown {
        let y = layout.header.bottom();
        return Rect::new(0, y, WIDTH.min(screen.width), wanted.min(room(y)));
    }
    if let Choosing::ByName(_) = picker.choosing {
        let y = layout.header.bottom();
        let width = WIDEST.min(screen.width);
        let x = (screen.width - width) / 2;
        return Rect::new(x, y, width, wanted.min(room(y)));
    }
    if let Choosing::Some(_) = picker.choosing {
        let y = some::Parts::of(model).below_the_people();
        return Rect::new(0, y, WIDE.min(screen.width), wanted.min(room(y)));
    }
    let pane = if layout.head.is_empty() {
        layout.list
    } else {
        layout.head
    };
    let width = WIDE.min(screen.width);
    let right = pane.right().saturating_sub(1).max(width);
    let height = wanted.min(room(0));
    let y = (pane.y + 2).min(room(0).saturating_sub(height));
    Rect::new(right - width, y, width, height)
}

fn title(picker: &Picker) -> Safe {
    match &picker.choosing {
        Choosing::Shown => Safe::literal("Which queue"),
        Choosing::Move(subject) => say!("Move {} to", subject.name()),
        Choosing::Assign(subject) => say!("Give {} to", subject.name()),
        Choosing::Status(subject) => say!("Status of {}", subject.name()),
        Choosing::Copy(row) => say!("Copy of {}", row.contact.shown()),
        Choosing::Phrase(_) => Safe::literal("Smart phrase"),
        Choosing::Transcript(row) => say!("Transcript of {}", row.contact.shown()),
        Choosing::ByName(_) => Safe::literal("What to do"),
        Choosing::Some(Focus::Queue) => Safe::literal("Of which queue"),
        Choosing::Some(Focus::Status) => Safe::literal("With which status"),
        Choosing::Some(_) => Safe::literal("Who gets them"),
    }
}

/// What stands where no choice does.
fn nothing(picker: &Picker) -> (Safe, Role) {
    let words = match (&picker.choosing, &picker.loaded) {
        (_, Loaded::Failed(why)) => return (say!("They cannot be had: {why}"), Role::Warning),
        (Choosing::Assign(_), Loaded::Asked) => "asking who can have it…",
        (_, Loaded::Asked) => "asking…",
        (Choosing::Assign(_), _) if picker.typed.text.is_empty() => "Nobody else can have it",
        (Choosing::Assign(_), _) => "Nobody is called so",
        (Choosing::Status(_), _) => "No status is called so",
        (Choosing::Some(Focus::Then), _) if picker.typed.text.is_empty() => {
            "Nobody else can take all of these"
        }
        (Choosing::Some(_), _) => "Nothing is called so",
        (Choosing::Copy(_), _) => "There is nothing like that to copy",
        (Choosing::Phrase(_), _) if picker.typed.text.is_empty() => {
            "Your organisation has no smart phrases"
        }
        (Choosing::Phrase(_), _) => "No phrase has all of these words",
        (Choosing::Transcript(_), _) => "There is no such form",
        (Choosing::ByName(_), _) => "Nothing is called so",
        (Choosing::Shown | Choosing::Move(_), _) => "No queue is called so",
    };
    (Safe::literal(words), Role::Dim)
}

/// The first that is shown, and those in so many rows.
fn seen(choices: &[Choice], cursor: usize, rows: u16) -> (usize, &[Choice]) {
    let rows = usize::from(rows);
    let top = scroll::scrolled(cursor, choices.len(), rows);
    (top, &choices[top..(top + rows).min(choices.len())])
}

/// The columns of the longest name of those.
fn columns(canvas: &Canvas<'_>, (_, shown): (usize, &[Choice])) -> u16 {
    let names = shown.iter().map(|choice| canvas.width(&named(choice)));
    names.max().unwrap_or(0)
}

/// The lines of a choice shown at once.
const WHOLE: usize = 8;

/// All of what one chooses by, in the lines it is shown in, where a row has no room for it: what would stand in the reply;
/// what is done by a name.
fn whole(
    canvas: &Canvas<'_>,
    picker: &Picker,
    choice: Option<&Choice>,
    names: u16,
) -> Option<(Safe, Vec<Range<usize>>)> {
    let choice = choice?;
    let screen = canvas.area().width;
    let (text, inside) = match picker.choosing {
        Choosing::Phrase(_) => (&choice.also, WIDE.min(screen).saturating_sub(4)),
        Choosing::ByName(_) => {
            let inside = WIDEST.min(screen).saturating_sub(4);
            let facts = choice.not_now.iter().chain(&choice.facts);
            let facts = facts.map(|fact| canvas.width(fact) + 2);
            let taken = names.min(inside * 2 / 5) + facts.sum::<u16>() + 3;
            if canvas.width(&choice.beside) + taken <= inside {
                return None;
            }
            (&choice.beside, inside)
        }
        _ => return None,
    };
    let text = canvas.shown(text);
    let columns = usize::from(inside.saturating_sub(2).max(1));
    let rows = wrap(&text, columns).take(WHOLE).collect();
    Some((text, rows))
}

/// Draws it under the choices; gives how many lines are left for these.
fn draw_whole(canvas: &mut Canvas<'_>, area: Rect, text: &Safe, lines: &[Range<usize>]) -> u16 {
    let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    // The choices come first: two of them at least.
    let room = area.height.saturating_sub(3).min(count);
    if room == 0 {
        return area.height;
    }
    let left = area.height - room - 1;
    canvas.rule(Strip::of(area, left), frame::FRAME);
    for (y, line) in (left + 1..area.height).zip(lines) {
        canvas.write(
            Strip::of(area, y).skip(1),
            &text.slice(line.clone()),
            Role::Text,
        );
    }
    left
}

/// What can be chosen is named; what cannot is in parentheses.
fn named(choice: &Choice) -> Safe {
    match choice.not_now {
        Some(_) => say!("({})", choice.name),
        None => choice.name.clone(),
    }
}

/// The name in so many columns at least, what tells it from others, and what is to be known of it; or, instead of
/// that, why it cannot be chosen.
fn choice_row(canvas: &mut Canvas<'_>, strip: Strip, choice: &Choice, names: u16, cursor: bool) {
    if cursor {
        frame::mark(canvas, strip.x.saturating_sub(1), strip.y);
    }
    let mut left = strip.skip(1);
    let role = match (&choice.not_now, cursor) {
        (Some(_), _) => Role::Dim,
        (None, true) => Role::MenuCursor,
        (None, false) => Role::Text,
    };
    let facts: Vec<&Safe> = match &choice.not_now {
        Some(why) => vec![why],
        None => choice.facts.iter().collect(),
    };
    let name = named(choice);
    let needed = canvas.width(&name).min(names);
    for fact in facts.into_iter().rev() {
        // A fact that would leave the name no room is left out.
        if canvas.width(fact) + needed + 2 <= left.width {
            left = canvas.write_right(left, fact, Role::Dim).less(2);
        }
    }
    let rest = canvas.write(left, &name, role);
    let written = left.width - rest.width;
    let beside = left.skip(names.max(written) + 2);
    if beside.width >= 8 {
        canvas.write(beside, &choice.beside, Role::Dim);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::console::{
        theme::{Palette, Theme},
        view::fixture,
    };

    #[test]
    fn what_is_done_by_a_name_can_be_read_whole_at_any_width() {
        for size in [(120, 40), (80, 24), (60, 20)] {
            let mut model = fixture::busy();
            model.size = size;
            let layout = Layout::of(&model);
            let mut picker = Picker::new(Choosing::ByName(model.place()), Loaded::Yes);
            let choices = choices::choices(&model, &picker);
            for (cursor, choice) in choices.iter().enumerate() {
                picker.cursor = cursor;
                let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
                let theme = Theme::new(Palette::True);
                let mut canvas = Canvas::new(&mut buffer, theme, false);
                draw(&mut canvas, &layout, &model, &picker);
                let rows = buffer.content().chunks(usize::from(size.0));
                let rows = rows.map(|row| row.iter().map(|cell| cell.symbol()).collect());
                let words: Vec<String> = rows.collect();
                let words = words.join(" ").replace('│', " ");
                let words: Vec<&str> = words.split_whitespace().collect();
                let words = words.join(" ");
                let what = choice.beside.as_str();
                assert!(words.contains(what), "{size:?}: {what}\n{words}");
            }
        }
    }
}
