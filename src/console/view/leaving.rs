//! Leaving while holding work: what becomes of it is asked, not guessed.

use super::{canvas::Canvas, frame, strip::Strip};
use crate::{
    console::{
        command::{Place, TABLE},
        model::Model,
        theme::Role,
        words::keys,
    },
    desk::Queue,
    domain::{
        queue::Turnover,
        text::{Safe, wrap},
    },
    say,
};

/// The columns of the box.
const WIDTH: u16 = 58;

/// Draws the question and its answers.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let question = question(model);
    let columns = WIDTH.min(canvas.area().width.saturating_sub(4));
    let mut lines: Vec<_> = wrap(&question, usize::from(columns)).collect();
    let answers: Vec<_> = TABLE.iter().filter(|b| b.place == Place::Leaving).collect();
    // Where not all fits, the answers do without the question.
    if lines.len() + 1 + answers.len() > usize::from(canvas.area().height.saturating_sub(3)) {
        lines.clear();
    }
    let asked = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let asked = asked + asked.min(1);
    let rows = asked + u16::try_from(answers.len()).unwrap_or(u16::MAX);
    let inside = frame::centred(canvas, &Safe::literal("Leave"), columns, rows);
    for (y, range) in (0..inside.height).zip(lines) {
        canvas.write(Strip::of(inside, y), &question.slice(range), Role::Text);
    }
    for (y, answer) in (asked..inside.height).zip(answers) {
        let line = Strip::of(inside, y);
        let keys = keys::all(answer, model);
        canvas.write(line.take(13), &keys, Role::Accent);
        let what = answer.footer.unwrap_or(answer.what);
        canvas.write(line.skip(14), &Safe::literal(what), Role::Text);
    }
    canvas.place_cursor(
        inside.x,
        inside.y + asked.min(inside.height.saturating_sub(1)),
    );
}

/// What is held. Counts are of the queue that is shown, so that they are named only over all queues.
fn question(model: &Model) -> Safe {
    let after = on_logout(model);
    match model.list.counts.mine {
        1 if model.list.queue.is_none() => say!("You hold 1 conversation. {after}"),
        mine if mine > 1 && model.list.queue.is_none() => {
            say!("You hold {mine} conversations. {after}")
        }
        _ => say!("You hold conversations. {after}"),
    }
}

/// What the queues do with what one keeps and leaves (Q2): those of one's own that are in sight, or all there are.
fn on_logout(model: &Model) -> Safe {
    let own = model.list.inbox.rows().filter(|row| model.is_mine(row));
    let own: Vec<_> = own.map(|row| &row.queue.id).collect();
    let all_known = model.list.counts.mine == own.len() as u64;
    let concerned = model
        .queues
        .iter()
        .filter(|queue| !all_known || own.contains(&&queue.queue.id));
    let (let_go, keep): (Vec<_>, Vec<_>) =
        concerned.partition(|queue| queue.on_logout == Turnover::Redistribute);
    match (let_go.as_slice(), keep.as_slice()) {
        ([], []) => Safe::literal("Your queues decide about those you keep"),
        ([], _) => Safe::literal("Those you keep stay yours while you are signed out"),
        (_, []) => Safe::literal("Those you keep are handed back when you are signed out"),
        (let_go, _) => say!(
            "Of those you keep, {} {} back when you are signed out; the others stay yours",
            names(let_go),
            if let_go.len() == 1 {
                "hands its own"
            } else {
                "hand theirs"
            }
        ),
    }
}

/// `Payments, Meters and 3 more`.
fn names(queues: &[&Queue]) -> Safe {
    let names: Vec<_> = queues
        .iter()
        .take(3)
        .map(|q| q.queue.name.clone())
        .collect();
    let listed = Safe::join(&Safe::literal(", "), &names);
    match queues.len() - names.len() {
        0 => listed,
        more => say!("{listed} and {more} more"),
    }
}
