//! The messages of the open conversation: the customer's left, ours right, each with its time (P1), what the team did
//! between them (P3); and how one moves in them.
//!
//! They are laid out from the lowest line in sight upwards and no farther than what is shown, so that neither ten
//! thousand of them nor a huge one makes a frame wait (R6). Where one is, is a line of an entry and not a number of
//! lines: whatever comes before or after it, what was on the screen stays where it was.

use std::ops::Range;

use ratatui::layout::Rect;

use super::{canvas::Canvas, layout::Layout, message::Block, strip::Strip};
use crate::{
    console::{
        model::{Entry, Key, Model, Open, Scrolled},
        theme::{Role, Sign},
    },
    domain::{message::Message, text::Safe},
    say,
};

/// Lines longer than that are hard to read.
const WIDEST: u16 = 100;

/// Draws the stretch of messages that is scrolled to.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model, open: &Open) {
    let area = inside(area);
    let reader = Reader::new(model, open, area);
    let mut height = area.height;
    if reader.is_scrolled() && height > 1 {
        height -= 1;
        below(canvas, Strip::of(area, height), open);
    }
    let Window { blocks, first, .. } = reader.window(usize::from(height));
    let lines = blocks
        .iter()
        .flat_map(|block| (0..block.height()).map(move |line| (block, line)));
    for (y, (block, line)) in (0..height).zip(lines.skip(first)) {
        block.draw(canvas, Strip::of(area, y), model, line);
    }
}

/// The lowest message in sight, if one is: what `v` shows alone, and `e` explains.
#[must_use]
pub fn lowest(model: &Model) -> Option<&Message> {
    let open = model.open.as_ref()?;
    let reader = Reader::of(model)?;
    let message = |key: &Key| match key {
        Key::Message(id) => open.messages.iter().find(|m| m.id == *id),
        Key::Done(_) => None,
    };
    let sight = reader.sight();
    let keys = reader.entries[sight].iter().rev().map(Entry::key);
    keys.filter_map(|key| message(&key)).next()
}

/// The entries of a conversation and how they lie.
pub struct Reader<'a> {
    model: &'a Model,
    open: &'a Open,
    entries: Vec<Entry<'a>>,
    /// The entry that the unread ones begin with.
    unread: Option<usize>,
    measure: usize,
    width: usize,
    height: usize,
}

/// The entries in a window, oldest first, and the first of their lines that is in it.
struct Window<'a> {
    blocks: Vec<Block<'a>>,
    first: usize,
    /// Which entries they are.
    range: Range<usize>,
}

/// A line: the entry it belongs to, and how many lines above that one's last.
type Line = (usize, usize);

impl<'a> Reader<'a> {
    /// The open conversation as the screen shows it.
    #[must_use]
    pub fn of(model: &'a Model) -> Option<Self> {
        let area = inside(Layout::of(model).messages);
        Some(Self::new(model, model.open.as_ref()?, area))
    }

    fn new(model: &'a Model, open: &'a Open, inside: Rect) -> Self {
        let entries = open.entries();
        let unread = open.unread.as_ref().and_then(|unread| {
            let is_last_read = |e: &Entry<'_>| e.is(&Key::Message(unread.after.clone()));
            let last_read = entries.iter().rposition(is_last_read)?;
            let is_message = |e: &Entry<'_>| matches!(e, Entry::Message(_));
            let next = entries[last_read + 1..].iter().position(is_message)?;
            Some(last_read + 1 + next)
        });
        Self {
            model,
            open,
            entries,
            unread,
            measure: measure(inside),
            width: inside.width.into(),
            height: usize::from(inside.height),
        }
    }

    fn block(&self, index: usize) -> Block<'a> {
        let unread = self.unread == Some(index);
        Block::of(
            self.model,
            self.open,
            &self.entries,
            index,
            unread,
            (self.measure, self.width),
        )
    }

    fn lines(&self, index: usize) -> usize {
        self.block(index).height()
    }

    fn last(&self) -> usize {
        self.entries.len().saturating_sub(1)
    }

    /// The lines in sight while one is scrolled up: the lowest tells what is below.
    fn room(&self) -> usize {
        self.height.saturating_sub(1).max(1)
    }

    /// Whether something of what there is lies below the window.
    fn is_scrolled(&self) -> bool {
        self.open.place.is_some() && !self.entries.is_empty()
    }

    /// Whether what one had scrolled to is not held any more.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        let place = self.open.place.as_ref();
        place.is_some_and(|place| !self.entries.iter().any(|e| e.is(&place.of)))
    }

    /// The lowest line in sight.
    fn at(&self) -> Line {
        let place = self.open.place.as_ref();
        let found = place.and_then(|place| {
            let index = self.entries.iter().rposition(|e| e.is(&place.of))?;
            Some((index, place.up))
        });
        let Some((index, up)) = found else {
            return (self.last(), 0);
        };
        (index, up.min(self.lines(index).saturating_sub(1)))
    }

    /// Where a line is, as it is remembered; `None`: at the end of all.
    fn place(&self, (index, up): Line) -> Option<Scrolled> {
        if (index, up) == (self.last(), 0) && !self.open.has_newer() {
            return None;
        }
        let of = self.entries.get(index)?.key();
        Some(Scrolled { of, up })
    }

    /// So many lines up from where one is.
    #[must_use]
    pub fn up(&self, lines: usize) -> Option<Scrolled> {
        if self.entries.is_empty() {
            return None;
        }
        let (mut index, mut up) = self.at();
        up += lines;
        loop {
            let height = self.lines(index);
            if up < height {
                break;
            }
            match index.checked_sub(1) {
                None => return self.top(),
                Some(before) => (index, up) = (before, up - height),
            }
        }
        match self.fills((index, up)) {
            true => self.place((index, up)),
            false => self.top(),
        }
    }

    /// So many lines down.
    #[must_use]
    pub fn down(&self, mut lines: usize) -> Option<Scrolled> {
        if self.entries.is_empty() {
            return None;
        }
        let (mut index, mut up) = self.at();
        while up < lines {
            if index == self.last() {
                return self.place((index, 0));
            }
            lines -= up + 1;
            index += 1;
            up = self.lines(index).saturating_sub(1);
        }
        self.place((index, up - lines))
    }

    /// At the oldest line held.
    #[must_use]
    pub fn top(&self) -> Option<Scrolled> {
        let (mut sum, mut lowest) = (0, None);
        for index in 0..self.entries.len() {
            sum += self.lines(index);
            if lowest.is_none() && sum >= self.room() {
                lowest = Some((index, sum - self.room()));
            }
            // One line more is in sight where nothing is below.
            if sum > self.height {
                return self.place(lowest?);
            }
        }
        lowest
            .filter(|_| self.open.has_newer())
            .and_then(|line| self.place(line))
    }

    /// At the newest line held.
    #[must_use]
    pub fn bottom(&self) -> Option<Scrolled> {
        self.place((self.last(), 0))
    }

    /// Whether the window is full when this is its lowest line.
    fn fills(&self, (index, up): Line) -> bool {
        let mut sum = self.lines(index) - up;
        let mut above = (0..index).rev();
        while sum < self.room() {
            match above.next() {
                Some(before) => sum += self.lines(before),
                None => return false,
            }
        }
        true
    }

    /// The entries in sight.
    #[must_use]
    pub fn sight(&self) -> Range<usize> {
        let room = match self.is_scrolled() {
            true => self.room(),
            false => self.height,
        };
        self.window(room).range
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn window(&self, height: usize) -> Window<'a> {
        let (lowest, up) = self.at();
        let (mut blocks, mut passed) = (Vec::new(), 0);
        for index in (0..self.entries.len().min(lowest + 1)).rev() {
            let block = self.block(index);
            passed += block.height();
            blocks.push(block);
            if passed >= up.saturating_add(height) {
                blocks.reverse();
                return Window {
                    blocks,
                    first: passed - up - height,
                    range: index..lowest + 1,
                };
            }
        }
        blocks.reverse();
        // Scrolled beyond the oldest, or a window grown: as far down as there is something.
        let mut end = lowest + 1;
        let mut shown = passed;
        while shown < height && end < self.entries.len() {
            let block = self.block(end);
            shown += block.height();
            blocks.push(block);
            end += 1;
        }
        Window {
            blocks,
            first: 0,
            range: 0..end.min(self.entries.len()),
        }
    }
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
        unseen => say!("{unseen} new"),
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
        console::{model::Stretch, view::fixture},
        domain::text::excerpt::{MESSAGE_BYTES, MESSAGE_LINES},
    };

    fn flood(count: usize, body: &Safe) -> Model {
        let mut model = fixture::busy();
        let open = model.open.as_mut().expect("a conversation");
        let last = open.messages.last().expect("a message").clone();
        let messages = (0..count).map(|n| Message {
            id: format!("n{n}").parse().expect("an id"),
            body: body.clone(),
            ..last.clone()
        });
        open.messages = Stretch::of(messages.collect(), None);
        model
    }

    #[test]
    fn r6_of_ten_thousand_messages_a_screenful_is_laid_out() {
        let model = flood(10_000, &Safe::literal("Hello"));
        let reader = Reader::of(&model).expect("a conversation");
        let Window { blocks, first, .. } = reader.window(30);
        assert!(blocks.len() <= 30, "{}", blocks.len());
        let lines: usize = blocks.iter().map(Block::height).sum();
        assert_eq!(lines - first, 30, "the newest line is the lowest");
    }

    #[test]
    fn r6_of_a_message_of_8_mb_no_more_than_64_kib_and_2000_rows_are_laid_out() {
        for body in ["word ".repeat(1_600_000), "\n".repeat(8_000_000)] {
            let model = flood(3, &Safe::text(&body));
            let reader = Reader::of(&model).expect("a conversation");
            let window = reader.window(30);
            let block = window.blocks.last().expect("a message");
            let rows = block.rows.as_ref().expect("a body");
            assert!(rows.body.len() <= MESSAGE_BYTES && rows.rows.len() <= MESSAGE_LINES);
            let cut = "only its beginning is shown, v shows all of it";
            assert_eq!(block.notes, [Safe::literal(cut)]);
        }
    }

    #[test]
    fn one_can_scroll_to_the_oldest_line_and_no_farther() {
        for (count, size) in [(1, (120, 40)), (40, (120, 40)), (7, (60, 12))] {
            let mut model = flood(count, &Safe::literal("Hello"));
            model.size = size;
            model.pane = crate::console::model::Pane::Conversation;
            let top = Reader::of(&model).expect("a conversation").top();
            // Line by line one comes to the same, and back to where one began.
            let (mut steps, mut places) = (0, vec![None]);
            loop {
                let place = Reader::of(&model).expect("a conversation").up(1);
                if place == model.open.as_ref().expect("open").place {
                    break;
                }
                places.push(place.clone());
                model.open.as_mut().expect("open").place = place;
                steps += 1;
            }
            assert_eq!(places.last(), Some(&top), "{count} messages");
            assert_eq!(top.is_some(), steps > 0);
            if let Some(reader) = Reader::of(&model).filter(|_| top.is_some()) {
                let window = reader.window(reader.room());
                assert_eq!((window.range.start, window.first), (0, 0));
                assert_eq!(reader.up(9), top, "beyond the oldest there is nothing");
            }
            for place in places.into_iter().rev().skip(1) {
                let down = Reader::of(&model).expect("a conversation").down(1);
                assert_eq!(down, place);
                model.open.as_mut().expect("open").place = place;
            }
        }
    }

    #[test]
    fn r2_a_message_says_how_many_characters_are_shown_as_signs() {
        let model = flood(1, &Safe::text("a\u{202e}b\u{1b}"));
        let reader = Reader::of(&model).expect("a conversation");
        let window = reader.window(30);
        assert_eq!(
            window.blocks[0].notes,
            [Safe::literal("2 characters shown as signs")]
        );
    }
}
