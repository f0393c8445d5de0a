//! Where a transcript is to be written: one line, and what will be in the file.

use super::{canvas::Canvas, field, frame, strip::Strip};
use crate::{
    console::{
        command::{Command, Place},
        model::{FileName, Model},
        theme::Role,
        words::keys,
    },
    desk::Form,
    domain::text::{Safe, wrap},
    say,
};

/// The columns of the box.
const WIDTH: u16 = 72;

/// Draws the box.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, name: &FileName) {
    let columns = WIDTH.min(canvas.area().width.saturating_sub(4));
    let (words, role) = below(model, name);
    let words = canvas.shown(&words);
    let mut lines: Vec<_> = wrap(&words, usize::from(columns)).collect();
    if canvas.area().height < 9 {
        lines.clear();
    }
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let title = say!("Transcript of {}: into which file?", name.name);
    let inside = frame::centred(canvas, &title, columns, 1 + height + height.min(1));
    for (y, range) in (2..inside.height).zip(lines) {
        canvas.write(Strip::of(inside, y), &words.slice(range), role);
    }
    let line = canvas.write(Strip::of(inside, 0), &Safe::literal("> "), Role::Accent);
    field::type_into(canvas, line, &name.typed.text);
}

/// What will be in it, or why it is not there yet.
fn below(model: &Model, name: &FileName) -> (Safe, Role) {
    if name.writing {
        return (Safe::literal("writing…"), Role::Accent);
    }
    if name.there.as_deref() == Some(name.typed.text.trim()) {
        let write = keys::here(model, Place::FileName, Command::Enter);
        let words = say!("! There is a file of that name already: {write} again writes over it");
        return (words, Role::Warning);
    }
    let form = match name.of.form {
        Form::Markdown => "Markdown",
        Form::Text => "Text",
        Form::Json => "JSON",
    };
    let words = match name.of.notes {
        true => say!(
            "{form}, with the team's notes and names: not for the customer. Only you can read the file"
        ),
        false => say!("{form}, what the customer saw. Only you can read the file"),
    };
    (words, Role::Dim)
}
