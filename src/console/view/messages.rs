//! The messages of the open conversation: the customer's left, ours right, each with its time (P1).
//!
//! They are laid out from the newest backwards and no farther than what is shown, so that neither ten
//! thousand of them nor a huge one makes a frame wait (R6).

use ratatui::layout::Rect;

use super::{canvas::Canvas, layout::Layout, message::Block, strip::Strip};
use crate::{
    console::{
        model::{Model, Open},
        theme::{Role, Sign},
    },
    domain::text::Safe,
    say,
};

/// Lines longer than that are hard to read.
const WIDEST: u16 = 100;

/// Draws the stretch of messages that is scrolled to.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model, open: &Open) {
    let area = inside(area);
    let mut height = area.height;
    if open.scroll > 0 && height > 1 {
        height -= 1;
        below(canvas, Strip::of(area, height), open);
    }
    let measure = measure(area);
    let Stretch { blocks, first } = stretch(model, open, measure, open.scroll, usize::from(height));
    let lines = blocks
        .iter()
        .flat_map(|block| (0..block.height()).map(move |line| (block, line)));
    for (y, (block, line)) in (0..height).zip(lines.skip(first)) {
        block.line(canvas, Strip::of(area, y), model, line);
    }
}

/// How many lines one can scroll up from the newest message. Lays out all messages that are held: for a key,
/// not for a frame.
#[must_use]
pub fn max_scroll(model: &Model) -> usize {
    let area = inside(Layout::of(model).messages);
    let Some(open) = &model.open else { return 0 };
    let total: usize = (0..open.messages.len())
        .map(|index| Block::of(model, open, index, measure(area)).height())
        .sum();
    match usize::from(area.height) {
        0 => 0,
        height if total <= height => 0,
        // While scrolled, the lowest line tells what is below.
        height => total - (height - 1).max(1),
    }
}

/// The messages in a window, oldest first, and the first of their lines that is in it.
struct Stretch<'a> {
    blocks: Vec<Block<'a>>,
    first: usize,
}

fn stretch<'a>(
    model: &Model,
    open: &'a Open,
    measure: usize,
    scroll: usize,
    height: usize,
) -> Stretch<'a> {
    let mut blocks = Vec::new();
    // Lines from the bottom up to the top of the last block laid out.
    let mut passed = 0;
    for index in (0..open.messages.len()).rev() {
        let block = Block::of(model, open, index, measure);
        passed += block.height();
        if passed > scroll {
            blocks.push(block);
        }
        if passed >= scroll.saturating_add(height) {
            blocks.reverse();
            return Stretch {
                blocks,
                first: passed - scroll - height,
            };
        }
    }
    if scroll > passed.saturating_sub(height) {
        // Scrolled beyond the oldest: as far as there is something.
        return stretch(model, open, measure, passed.saturating_sub(height), height);
    }
    blocks.reverse();
    Stretch { blocks, first: 0 }
}

fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + area.width.min(1),
        width: area.width.saturating_sub(2).min(WIDEST),
        ..area
    }
}

/// The columns of a message: not all, so that one sees at a glance whose it is.
fn measure(area: Rect) -> usize {
    let width = usize::from(area.width);
    if width < 40 {
        width.max(1)
    } else {
        width * 4 / 5
    }
}

/// What lies below, while one has scrolled up.
fn below(canvas: &mut Canvas<'_>, line: Strip, open: &Open) {
    let words = match open.unseen {
        0 => Safe::literal("newest below"),
        1 => Safe::literal("1 new below"),
        unseen => say!("{unseen} new below"),
    };
    let role = if open.unseen > 0 {
        Role::Warning
    } else {
        Role::Dim
    };
    let left = canvas.write_right(line, &words, role).less(2);
    canvas.sign(left.x + left.width, line.y, Sign::Down, role);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        console::view::fixture,
        domain::{
            message::Message,
            text::excerpt::{MESSAGE_BYTES, MESSAGE_LINES},
        },
    };

    fn flood(count: usize, body: &Safe) -> Model {
        let mut model = fixture::busy();
        let open = model.open.as_mut().expect("a conversation");
        let last = open.messages.last().expect("a message").clone();
        open.messages = vec![
            Message {
                body: body.clone(),
                ..last
            };
            count
        ];
        model
    }

    fn laid_out(model: &Model, scroll: usize) -> Stretch<'_> {
        stretch(
            model,
            model.open.as_ref().expect("a conversation"),
            50,
            scroll,
            30,
        )
    }

    #[test]
    fn r6_of_ten_thousand_messages_a_screenful_is_laid_out() {
        let model = flood(10_000, &Safe::literal("Hello"));
        let Stretch { blocks, first } = laid_out(&model, 0);
        assert!(blocks.len() <= 30, "{}", blocks.len());
        let lines: usize = blocks.iter().map(Block::height).sum();
        assert_eq!(lines - first, 30, "the newest line is the lowest");
    }

    #[test]
    fn r6_of_a_message_of_8_mb_no_more_than_64_kib_and_2000_rows_are_laid_out() {
        for body in ["word ".repeat(1_600_000), "\n".repeat(8_000_000)] {
            let model = flood(3, &Safe::text(&body));
            let Stretch { blocks, .. } = laid_out(&model, 0);
            let block = blocks.last().expect("a message");
            assert!(block.body.len() <= MESSAGE_BYTES && block.rows.len() <= MESSAGE_LINES);
            assert_eq!(block.notes, [Safe::literal("only its beginning is shown")]);
        }
    }

    #[test]
    fn one_can_scroll_to_the_oldest_line_and_no_farther() {
        for (count, size) in [(1, (120, 40)), (40, (120, 40)), (7, (60, 12))] {
            let mut model = flood(count, &Safe::literal("Hello"));
            model.size = size;
            model.pane = crate::console::model::Pane::Conversation;
            let most = max_scroll(&model);
            let height = usize::from(Layout::of(&model).messages.height);
            // While scrolled, one line tells what is below.
            let height = height - usize::from(most > 0);
            let at = |scroll| {
                let stretch = stretch(
                    &model,
                    model.open.as_ref().expect("open"),
                    50,
                    scroll,
                    height,
                );
                let newest = stretch
                    .blocks
                    .first()
                    .map(|b| std::ptr::from_ref(b.message));
                (newest, stretch.first)
            };
            let oldest = std::ptr::from_ref(&model.open.as_ref().expect("open").messages[0]);
            assert_eq!(at(most), (Some(oldest), 0), "{count} messages");
            assert_eq!(at(most + 9), at(most), "beyond the oldest there is nothing");
            assert!(most == 0 || at(most - 1) != at(most));
        }
    }

    #[test]
    fn r2_a_message_says_how_many_characters_are_shown_as_signs() {
        let model = flood(1, &Safe::text("a\u{202e}b\u{1b}"));
        let Stretch { blocks, .. } = laid_out(&model, 0);
        assert_eq!(
            blocks[0].notes,
            [Safe::literal("2 characters shown as signs")]
        );
    }
}
