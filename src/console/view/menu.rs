//! The three dots (M1): a box that hangs from them, named after the contact, with every action in its place.

use ratatui::layout::Rect;

use super::{canvas::Canvas, frame, layout::Layout, scroll, strip::Strip, target::Target};
use crate::{
    console::{
        command::{Command, Place},
        compose::name_of,
        menu::{Item, Menu, OWN},
        model::Model,
        theme::{Role, Sign},
        words::keys,
    },
    domain::{row::Row, text::Safe},
    say,
};

/// The columns between label and letter or reason.
const GAP: u16 = 3;

/// Whose menu it is.
#[must_use]
pub fn row_of<'a>(model: &'a Model, menu: &Menu) -> Option<&'a Row> {
    let row = model.open.as_ref().map(|open| &open.row);
    row.filter(|row| row.id == menu.conversation)
}

/// Draws the box under the dots.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, menu: &Menu) {
    let Some(row) = row_of(model, menu) else {
        return;
    };
    let items = model.menu_items();
    let title = match row.contact.name.is_empty() {
        true => name_of(row),
        false => say!("{} {}", name_of(row), row.contact.address),
    };
    let lines = lines(&items);
    let area = place(canvas, layout, model, &items, &title, lines.len());
    let area = frame::room(canvas, area);
    let inside = frame::boxed(canvas, area, &title);
    let asking = items.iter().any(|item| item.asking);
    let words = match asking {
        true => Safe::literal("asking what may be done…"),
        false => say!(
            "letter or {} does it",
            keys::here(model, Place::Menu, Command::Enter)
        ),
    };
    let bottom = Strip::of(area, area.height.saturating_sub(1));
    let closes = keys::here(model, Place::Menu, Command::Back);
    let bottom = frame::label_right(canvas, bottom, &closes, Role::Dim);
    frame::label(canvas, bottom, &words, Role::Dim);

    let at = lines
        .iter()
        .position(|line| *line == Some(menu.cursor))
        .unwrap_or(0);
    let top = scroll::scrolled(at, lines.len(), usize::from(inside.height));
    for (y, line) in (0..inside.height).zip(lines.into_iter().skip(top)) {
        let strip = Strip::of(inside, y);
        match line.and_then(|index| Some((index, items.get(index)?))) {
            Some((index, item)) => {
                item_row(canvas, strip, model, item, index == menu.cursor);
                canvas.offer(strip.area(), Target::MenuItem(index));
            }
            None => separator(canvas, area, strip.y),
        }
    }
}

/// What stands on each line: an item, or the line between the product's own and ours.
fn lines(items: &[Item]) -> Vec<Option<usize>> {
    let mut lines: Vec<_> = (0..items.len()).map(Some).collect();
    lines.insert(OWN.min(lines.len()), None);
    lines
}

/// As large as the longest row, its right edge under the dots.
fn place(
    canvas: &Canvas<'_>,
    layout: &Layout,
    model: &Model,
    items: &[Item],
    title: &Safe,
    lines: usize,
) -> Rect {
    let longest = items
        .iter()
        .map(|item| 2 + canvas.width(&label(item)) + GAP + canvas.width(&aside(model, item)));
    let widest = longest
        .max()
        .unwrap_or(0)
        .max(canvas.width(title).min(44))
        .max(34)
        + 4;
    let screen = canvas.area();
    let pane = if layout.head.is_empty() {
        layout.list
    } else {
        layout.head
    };
    let width = widest.min(screen.width);
    let right = pane.right().saturating_sub(1).max(width);
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    let height = (lines + 2).min(screen.height);
    let y = (pane.y + 2).min(screen.height - height);
    Rect::new(right - width, y, width, height)
}

fn item_row(canvas: &mut Canvas<'_>, strip: Strip, model: &Model, item: &Item, cursor: bool) {
    if cursor {
        frame::mark(canvas, strip.x.saturating_sub(1), strip.y);
    }
    let dim = item.not_now.is_some();
    let role = match (cursor, dim) {
        (_, true) => Role::Dim,
        (true, false) => Role::MenuCursor,
        (false, false) => Role::Text,
    };
    let aside = aside(model, item);
    let letter = canvas.width(&aside) + 1;
    let left = canvas.write(
        strip.skip(1).less(if dim { 0 } else { letter }),
        &label(item),
        role,
    );
    let width = if dim { left.width } else { left.width + letter };
    let room = Strip { width, ..left }.skip(1);
    if room.width >= letter.min(8) - 1 {
        // In the label's own look: another would cost each row a change of colour twice.
        canvas.write_right(room, &aside, role);
    }
}

/// What applies is named; what does not is in parentheses, so that dimness is not all that says it.
fn label(item: &Item) -> Safe {
    match item.not_now {
        Some(_) => say!("({})", item.label),
        None => Safe::literal(item.label),
    }
}

/// The key, or why not. A key that needs the menu is shown with the menu's own.
fn aside(model: &Model, item: &Item) -> Safe {
    let key = || keys::name(item.key, model.ascii);
    match (&item.not_now, item.direct) {
        (Some(why), _) => why.clone(),
        (None, true) => key(),
        (None, false) => say!("{} {}", keys::named(model, Command::Menu), key()),
    }
}

fn separator(canvas: &mut Canvas<'_>, area: Rect, y: u16) {
    let line = Strip {
        x: area.x,
        y,
        width: area.width,
    };
    canvas.rule(line, frame::FRAME);
    canvas.sign(area.x, y, Sign::Begins, frame::FRAME);
    canvas.sign(area.right().saturating_sub(1), y, Sign::Ends, frame::FRAME);
}
