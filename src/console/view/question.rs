//! What is asked before a contact is blocked or a bot's part is ended, naming contact and address.

use super::{canvas::Canvas, frame, scroll, strip::Strip, target::Target};
use crate::{
    console::{
        compose::name_of,
        model::{About, Question},
        theme::Role,
    },
    domain::text::{Safe, wrap},
    say,
};

/// The columns of the box.
const WIDTH: u16 = 60;

/// Draws the question and its answers.
pub fn draw(canvas: &mut Canvas<'_>, question: &Question) {
    let (title, words) = asked(question);
    let columns = WIDTH.min(canvas.area().width.saturating_sub(4));
    let answers = question.about.answers();
    let words = canvas.shown(&words);
    let mut lines: Vec<_> = wrap(&words, usize::from(columns)).collect();
    // Where not all fits, the answers do without the explanation: the title says who it is about.
    if lines.len() + 1 + answers.len() > usize::from(canvas.area().height.saturating_sub(3)) {
        lines.clear();
    }
    let said = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let said = said + said.min(1);
    let rows = said + u16::try_from(answers.len()).unwrap_or(u16::MAX);
    let inside = frame::centred(canvas, &title, columns, rows);
    for (y, range) in (0..inside.height).zip(lines) {
        canvas.write(Strip::of(inside, y), &words.slice(range), Role::Text);
    }
    let room = inside.height.saturating_sub(said);
    let top = scroll::scrolled(question.cursor, answers.len(), usize::from(room));
    for (y, (index, answer)) in (said..inside.height).zip(answers.iter().enumerate().skip(top)) {
        let line = Strip::of(inside, y);
        let cursor = index == question.cursor;
        if cursor {
            frame::mark(canvas, line.x.saturating_sub(1), line.y);
        }
        let role = if cursor { Role::MenuCursor } else { Role::Text };
        canvas.write(line.skip(1), &Safe::literal(answer), role);
        canvas.offer(line.area(), Target::Answer(index));
    }
}

/// The question, and what one should know to answer it.
fn asked(question: &Question) -> (Safe, Safe) {
    let row = &question.row;
    let name = name_of(row);
    let address = match row.contact.name.is_empty() {
        true => row.channel.clone(),
        false => say!("{} {}", row.channel, row.contact.address),
    };
    match question.about {
        About::Block => (
            say!("Block {name} · {address}?"),
            say!(
                "Nothing can be sent to them on {} any more; what they write still comes in",
                row.channel
            ),
        ),
        About::Intervene => (
            say!("End the bot's part with {name} · {address}?"),
            Safe::literal(
                "You and your colleagues answer from then on; nothing gives it to the bot again",
            ),
        ),
    }
}
