//! A stretch of one row of the screen: where text is written, and what is left of it afterwards.

use ratatui::layout::Rect;

/// A stretch of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strip {
    /// Its first column.
    pub x: u16,
    /// Its row.
    pub y: u16,
    /// Its columns.
    pub width: u16,
}

impl Strip {
    /// The row of an area counted from its top; an empty one beyond its bottom.
    #[must_use]
    pub fn of(area: Rect, row: u16) -> Self {
        Self {
            x: area.x,
            y: area.y.saturating_add(row),
            width: if row < area.height { area.width } else { 0 },
        }
    }

    /// Without so many columns at the left.
    #[must_use]
    pub fn skip(self, columns: u16) -> Self {
        let columns = columns.min(self.width);
        Self {
            x: self.x + columns,
            width: self.width - columns,
            ..self
        }
    }

    /// Without so many columns at the right.
    #[must_use]
    pub fn less(self, columns: u16) -> Self {
        Self {
            width: self.width.saturating_sub(columns),
            ..self
        }
    }

    /// At most so many columns, from the left.
    #[must_use]
    pub fn take(self, columns: u16) -> Self {
        Self {
            width: self.width.min(columns),
            ..self
        }
    }

    /// With a column of air at either end.
    #[must_use]
    pub fn inset(self) -> Self {
        self.skip(1).less(1)
    }

    /// The cells it covers.
    #[must_use]
    pub fn area(self) -> Rect {
        Rect::new(self.x, self.y, self.width, u16::from(self.width > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_ever_left_of_nothing() {
        let strip = Strip {
            x: 3,
            y: 0,
            width: 2,
        };
        assert_eq!(strip.skip(5).width, 0);
        assert_eq!(strip.skip(5).x, 5);
        assert_eq!(strip.inset().width, 0);
        assert!(strip.less(9).area().is_empty());
    }

    #[test]
    fn a_row_below_an_area_is_empty() {
        assert_eq!(Strip::of(Rect::new(0, 0, 10, 2), 2).width, 0);
        assert_eq!(Strip::of(Rect::new(0, u16::MAX, 10, 2), 1).y, u16::MAX);
    }
}
