//! The only way onto the screen (R1): [`Safe`] text in a [`Role`], or a [`Sign`].
//!
//! Nothing else of the console touches a cell. A canvas clips, cuts with an ellipsis, turns text into ASCII
//! where the terminal has nothing else, and notes what lies where for the mouse.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{strip::Strip, target::Target};
use crate::{
    console::theme::{Role, Sign, Theme},
    domain::text::Safe,
};

/// The lines a box is made of.
#[derive(Clone, Copy)]
struct Lines {
    across: Sign,
    along: Sign,
    /// Top left, top right, bottom left, bottom right.
    corners: [Sign; 4],
}

const SINGLE: Lines = Lines {
    across: Sign::Across,
    along: Sign::Along,
    corners: [
        Sign::TopLeft,
        Sign::TopRight,
        Sign::BottomLeft,
        Sign::BottomRight,
    ],
};

const DOUBLE: Lines = Lines {
    across: Sign::DoubleAcross,
    along: Sign::DoubleAlong,
    corners: [
        Sign::DoubleTopLeft,
        Sign::DoubleTopRight,
        Sign::DoubleBottomLeft,
        Sign::DoubleBottomRight,
    ],
};

/// A screen being drawn.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
    ascii: bool,
    /// Nothing is drawn, only written.
    spoken: bool,
    targets: Vec<(Rect, Target)>,
    cursor: Option<(u16, u16)>,
}

impl<'a> Canvas<'a> {
    /// An empty screen.
    #[must_use]
    pub fn new(buffer: &'a mut Buffer, theme: Theme, ascii: bool) -> Self {
        buffer.reset();
        Self {
            buffer,
            theme,
            ascii,
            spoken: false,
            targets: Vec::new(),
            cursor: None,
        }
    }

    /// The same for a screen reader, which would read out what is drawn: lines and signs are left blank.
    #[must_use]
    pub fn spoken(self, spoken: bool) -> Self {
        Self { spoken, ..self }
    }

    /// Whether it is for a screen reader.
    #[must_use]
    pub fn is_spoken(&self) -> bool {
        self.spoken
    }

    /// Writes from the left, cut with an ellipsis where it does not fit; gives what is left of the strip.
    pub fn write(&mut self, strip: Strip, text: &Safe, role: Role) -> Strip {
        let text = self.shown(text).cut(usize::from(strip.width), self.more());
        let mut left = strip;
        for (cell, columns) in text.cells() {
            let columns = u16::try_from(columns).unwrap_or(1);
            if columns > left.width {
                break;
            }
            self.put(left.x, left.y, cell, columns, role);
            left = left.skip(columns);
        }
        left
    }

    /// Writes so that the text ends where the strip ends; gives what is left of it at the left.
    pub fn write_right(&mut self, strip: Strip, text: &Safe, role: Role) -> Strip {
        let columns = self.width(text).min(strip.width);
        self.write(strip.skip(strip.width - columns), text, role);
        strip.less(columns)
    }

    /// Draws one sign.
    pub fn sign(&mut self, x: u16, y: u16, sign: Sign, role: Role) {
        let glyph = match self.spoken {
            true => " ",
            false => sign.glyph(self.ascii),
        };
        self.put(x, y, glyph, 1, role);
    }

    /// Draws a line from left to right.
    pub fn rule(&mut self, strip: Strip, role: Role) {
        for column in 0..strip.width {
            self.sign(strip.x + column, strip.y, Sign::Across, role);
        }
    }

    /// Draws an empty box over whatever is there; gives its inside.
    pub fn frame(&mut self, area: Rect, role: Role) -> Rect {
        self.frame_of(area, role, SINGLE)
    }

    /// The same, with lines that differ in shape: for what must not be taken for something else.
    pub fn double_frame(&mut self, area: Rect, role: Role) -> Rect {
        self.frame_of(area, role, DOUBLE)
    }

    fn frame_of(&mut self, area: Rect, role: Role, lines: Lines) -> Rect {
        let area = area.intersection(self.buffer.area);
        self.clear(area);
        if area.width < 2 || area.height < 2 {
            return Rect::new(area.x, area.y, 0, 0);
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        for x in area.x..right {
            self.sign(x, area.y, lines.across, role);
            self.sign(x, bottom, lines.across, role);
        }
        for y in area.y..bottom {
            self.sign(area.x, y, lines.along, role);
            self.sign(right, y, lines.along, role);
        }
        let [top_left, top_right, bottom_left, bottom_right] = lines.corners;
        for (x, y, sign) in [
            (area.x, area.y, top_left),
            (right, area.y, top_right),
            (area.x, bottom, bottom_left),
            (right, bottom, bottom_right),
        ] {
            self.sign(x, y, sign, role);
        }
        Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Rect) {
        for position in area.intersection(self.buffer.area).positions() {
            self.put(position.x, position.y, " ", 1, Role::Text);
        }
    }

    /// The columns a text takes on this screen.
    #[must_use]
    pub fn width(&self, text: &Safe) -> u16 {
        u16::try_from(self.shown(text).width()).unwrap_or(u16::MAX)
    }

    /// A text as this screen can show it.
    #[must_use]
    pub fn shown(&self, text: &Safe) -> Safe {
        text.for_screen(self.ascii)
    }

    /// Whether only ASCII can be shown.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// What the mouse finds here from now on.
    pub fn offer(&mut self, area: Rect, target: Target) {
        self.targets.push((area, target));
    }

    /// Puts the hardware cursor here.
    pub fn place_cursor(&mut self, x: u16, y: u16) {
        if self.buffer.area.contains(Position::new(x, y)) {
            self.cursor = Some((x, y));
        }
    }

    /// Takes the hardware cursor away.
    pub fn hide_cursor(&mut self) {
        self.cursor = None;
    }

    /// Where the hardware cursor is.
    #[must_use]
    pub fn cursor(&self) -> Option<(u16, u16)> {
        self.cursor
    }

    /// What lies at a cell for the mouse: what was offered last there.
    #[must_use]
    pub fn target(&self, place: Position) -> Option<&Target> {
        let mut targets = self.targets.iter().rev();
        targets
            .find(|(area, _)| area.contains(place))
            .map(|(_, target)| target)
    }

    /// The area of the screen.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    fn more(&self) -> &'static str {
        Sign::More.glyph(self.ascii)
    }

    /// Draws one cell, if it is on the screen with all its columns.
    fn put(&mut self, x: u16, y: u16, cell: &str, columns: u16, role: Role) {
        let last = Position::new(x.saturating_add(columns - 1), y);
        if !self.buffer.area.contains(Position::new(x, y)) || !self.buffer.area.contains(last) {
            return;
        }
        self.mend(x, y);
        self.mend(last.x.saturating_add(1), y);
        let style = self.theme.style(role);
        for column in x..=last.x {
            if let Some(place) = self.buffer.cell_mut((column, y)) {
                place.reset();
            }
        }
        if let Some(place) = self.buffer.cell_mut((x, y)) {
            place.set_symbol(cell);
            // Paper has no ink: blank cells look the same in every role, and cost the painter nothing.
            if cell != " " {
                place.set_style(style);
            }
        }
    }

    /// Erases a wide cell whose second half is here, since its first is about to stand alone.
    fn mend(&mut self, x: u16, y: u16) {
        if let Some(before) = x
            .checked_sub(1)
            .filter(|b| *b >= self.buffer.area.x && x < self.buffer.area.right())
            && let Some(place) = self.buffer.cell_mut((before, y))
            && crate::domain::text::width(place.symbol()) > 1
        {
            place.reset();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{console::theme::Palette, domain::text};

    fn drawn(width: u16, ascii: bool, draw: impl FnOnce(&mut Canvas<'_>)) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        draw(&mut Canvas::new(
            &mut buffer,
            Theme::new(Palette::Plain),
            ascii,
        ));
        buffer.content().iter().map(|c| c.symbol()).collect()
    }

    fn strip(x: u16, width: u16) -> Strip {
        Strip { x, y: 0, width }
    }

    #[test]
    fn what_does_not_fit_is_cut_with_a_sign() {
        let text = Safe::literal("Bea Jones");
        assert_eq!(
            drawn(6, false, |c| _ = c.write(strip(0, 6), &text, Role::Text)),
            "Bea J…"
        );
        assert_eq!(
            drawn(6, true, |c| _ = c.write(strip(0, 6), &text, Role::Text)),
            "Bea J~"
        );
    }

    #[test]
    fn a_box_over_half_a_wide_character_leaves_no_half() {
        let text = Safe::line("日本");
        let row = drawn(4, false, |c| {
            c.write(strip(0, 4), &text, Role::Text);
            c.sign(1, 0, Sign::Along, Role::Border);
        });
        assert_eq!(row, " │本 ");
    }

    #[test]
    fn nothing_is_drawn_beyond_the_screen() {
        let text = Safe::line("日本");
        assert_eq!(
            drawn(3, false, |c| _ = c.write(strip(2, 9), &text, Role::Text)).trim(),
            ""
        );
        drawn(0, false, |c| {
            _ = c.frame(Rect::new(0, 0, 9, 9), Role::Border);
        });
    }

    proptest! {
        /// R1, R5: whatever is written, a cell holds one cell of safe text.
        #[test]
        fn r1_only_safe_cells_reach_the_buffer(source in any::<String>(), width in 0u16..40, ascii: bool) {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 1));
            let mut canvas = Canvas::new(&mut buffer, Theme::new(Palette::Plain), ascii);
            canvas.write(strip(1, width), &Safe::line(&source), Role::Text);
            for cell in buffer.content() {
                let symbol = cell.symbol();
                prop_assert!(text::cells(symbol).count() == 1, "{symbol:?}");
                prop_assert!(Safe::line(symbol) == symbol, "{symbol:?}");
                prop_assert!(!ascii || symbol.is_ascii());
            }
        }
    }
}
