//! Where the parts of the screen are: from the model alone, as [`Layout`] is.

use ratatui::layout::Rect;

use crate::console::{
    model::{
        Model,
        some::{Focus, HandBackSome},
    },
    view::{
        layout::{Layout, bottom, top},
        scroll,
    },
};

/// From here on the parts stand together.
const TOGETHER: (u16, u16) = (70, 16);
/// What is chosen, on so many lines.
const FIELDS: u16 = 4;
/// Warnings shown at most.
const WARNINGS: u16 = 2;

/// The areas of the screen. One that is not shown is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// What this is, who one is, the line to the desk.
    pub title: Rect,
    /// The titles of the table's columns.
    pub columns: Rect,
    /// The people.
    pub people: Rect,
    /// What is chosen.
    pub fields: Rect,
    /// How many would move; on a wide screen beside it how many would stay.
    pub heading: Rect,
    /// What would move.
    pub moves: Rect,
    /// How many would stay.
    pub heading_of_stays: Rect,
    /// What would stay.
    pub stays: Rect,
    /// What one should know before.
    pub warnings: Rect,
}

impl Parts {
    /// The areas for what a model shows; none where no such screen is open.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let layout = Layout::of(model);
        let (Some(some), false) = (model.hand_back_some(), layout.too_small) else {
            return Self::default();
        };
        let mut left = Rect::new(0, 0, model.size.0, layout.notice.y);
        let mut parts = Self {
            title: top(&mut left, 1),
            ..Self::default()
        };
        let has_room = model.size.0 >= TOGETHER.0 && left.height >= TOGETHER.1;
        if has_room && !model.spoken {
            parts.together(left, some);
        } else {
            parts.alone(left, some);
        }
        parts
    }

    fn together(&mut self, mut left: Rect, some: &HandBackSome) {
        let people = u16::try_from(some.load.people().len().max(1)).unwrap_or(u16::MAX);
        let air = u16::from(left.height >= 30);
        top(&mut left, air);
        self.columns = top(&mut left, 1);
        let most = (left.height / 4).max(4);
        self.people = top(&mut left, people.min(most));
        top(&mut left, 1);
        self.fields = top(&mut left, FIELDS);
        top(&mut left, air);
        let warnings = u16::try_from(some.plan.warnings.len()).unwrap_or(WARNINGS);
        self.warnings = bottom(&mut left, warnings.min(WARNINGS));
        let width = match left.width {
            110.. => left.width * 5 / 8,
            _ => left.width * 11 / 20,
        };
        if some.plan.done().is_some() {
            // What became of each takes more words than what would; what stays is no news then.
            self.heading = top(&mut left, 1);
            self.moves = left;
            return;
        }
        let mut moves = Rect { width, ..left };
        let mut stays = Rect {
            x: width + 1,
            width: left.width - width - 1,
            ..left
        };
        self.heading = top(&mut moves, 1);
        self.heading_of_stays = top(&mut stays, 1);
        (self.moves, self.stays) = (moves, stays);
    }

    fn alone(&mut self, mut left: Rect, some: &HandBackSome) {
        let low = left.height < 6;
        match some.focus {
            Focus::Whose => {
                self.columns = top(&mut left, u16::from(!low));
                self.people = left;
            }
            Focus::Moves => {
                self.heading = top(&mut left, 1);
                let warnings = u16::try_from(some.plan.warnings.len()).unwrap_or(WARNINGS);
                let room = if low { 0 } else { WARNINGS };
                self.warnings = bottom(&mut left, warnings.min(room));
                self.moves = left;
            }
            Focus::Stays => {
                self.heading_of_stays = top(&mut left, 1);
                self.stays = left;
            }
            _ => self.fields = left,
        }
    }

    /// Where a list for one of the fields hangs.
    #[must_use]
    pub fn below_the_people(&self) -> u16 {
        match self.are_together() {
            true => self.fields.y,
            false => self.title.bottom(),
        }
    }

    /// Whether the parts stand together.
    #[must_use]
    pub fn are_together(&self) -> bool {
        !self.fields.is_empty() && !self.people.is_empty()
    }

    /// How many rows of a part are shown at once.
    #[must_use]
    pub fn lines(&self, part: Focus) -> usize {
        usize::from(match part {
            Focus::Moves => self.moves.height,
            Focus::Stays => self.stays.height,
            _ => self.people.height,
        })
    }

    /// The first row of a part to show so that its cursor is in sight.
    #[must_use]
    pub fn top(&self, top: usize, cursor: usize, count: usize, part: Focus) -> usize {
        match self.lines(part) {
            0 => top,
            lines => scroll::in_sight(top, cursor, count, lines),
        }
    }
}
