//! Where everything is. Pure: from the model alone, so that a page's size and a click mean what is shown.
//!
//! Two panes from [`TWO_PANES`] columns, one at a time below. What is dropped on a low screen, in this order:
//! the position line, the header, the rule under the conversation's head, the head's second line.

use ratatui::layout::Rect;

use super::composed;
use crate::console::model::{Layer, Model, Pane};

/// Lines of one row of the list.
pub const ROW: u16 = 2;
/// From here on list and conversation stand side by side.
pub const TWO_PANES: u16 = 70;
/// From here on the list has headings.
const HEADINGS: u16 = 100;
/// From here on the side panel stands beside the conversation.
const BESIDE: u16 = 110;
/// The side panel never needs more.
const WIDEST_PANEL: u16 = 44;
/// The list never needs more.
const WIDEST_LIST: u16 = 64;
/// The smallest screen there is something to see on (R15).
pub const SMALLEST: (u16, u16) = (20, 5);

/// The areas of the screen. One that is not shown is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Nothing but the request for a larger screen fits.
    pub too_small: bool,
    /// Who, which queue, the line to the desk.
    pub header: Rect,
    /// The views, the filter being typed, or a search.
    pub tabs: Rect,
    /// The rows of the list.
    pub list: Rect,
    /// Whether the list has headings of its groups.
    pub headings: bool,
    /// The lines of a row of the list.
    pub row: u16,
    /// Where in the list the cursor is.
    pub position: Rect,
    /// The line between the panes.
    pub divider: Rect,
    /// The open conversation's customer and state.
    pub head: Rect,
    /// The line under it.
    pub rule: Rect,
    /// What happened to the conversation that is shown.
    pub bar: Rect,
    /// Its messages.
    pub messages: Rect,
    /// The side panel: beside the conversation, or over its messages.
    pub panel: Rect,
    /// The line between conversation and panel, where they stand side by side.
    pub panel_divider: Rect,
    /// The reply being written.
    pub composer: Rect,
    /// The last thing said to the advisor.
    pub notice: Rect,
    /// The keys.
    pub footer: Rect,
}

impl Layout {
    /// The areas for what a model shows.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let (columns, rows) = model.size;
        if columns < SMALLEST.0 || rows < SMALLEST.1 {
            return Self {
                too_small: true,
                ..Self::default()
            };
        }
        let mut left = Rect::new(0, 0, columns, rows);
        let footer = bottom(&mut left, 1);
        let notice = bottom(&mut left, 1);
        let header = top(&mut left, u16::from(rows >= 7));
        let mut layout = Self {
            row: if model.spoken { 1 } else { ROW },
            header,
            notice,
            footer,
            ..Self::default()
        };
        if columns >= TWO_PANES && !model.spoken {
            let three = model.panel.is_some() && Self::has_room_for_panel(model);
            let width = match three {
                true => (columns / 3).min(WIDEST_LIST),
                false => (columns * 5 / 12).min(WIDEST_LIST),
            };
            let list = Rect { width, ..left };
            let finding = model.finding.is_some();
            layout.list(list, columns >= HEADINGS && !finding, finding);
            layout.divider = Rect::new(width, left.y, 1, left.height);
            let mut pane = Rect {
                x: width + 1,
                width: columns - width - 1,
                ..left
            };
            if three {
                let panel = (columns * 3 / 11).min(WIDEST_PANEL);
                pane.width -= panel + 1;
                layout.panel_divider = Rect::new(pane.right(), left.y, 1, left.height);
                layout.panel = Rect {
                    x: pane.right() + 1,
                    width: panel,
                    ..left
                };
            }
            layout.conversation(pane, model);
        } else if shows_conversation(model) {
            layout.conversation(left, model);
        } else {
            layout.list(left, false, model.finding.is_some());
        }
        layout
    }

    /// Whether the side panel has a place beside the conversation.
    #[must_use]
    pub fn has_room_for_panel(model: &Model) -> bool {
        model.size.0 >= BESIDE && !model.spoken
    }

    /// Whether there is room for one pane at a time only.
    #[must_use]
    pub fn is_one_pane(model: &Model) -> bool {
        model.size.0 < TWO_PANES || model.spoken
    }

    fn list(&mut self, mut left: Rect, headings: bool, finding: bool) {
        self.headings = headings;
        // A search says under its field what could be typed next, and how much was found.
        let lines = if finding && left.height >= 6 { 2 } else { 1 };
        self.tabs = top(&mut left, lines);
        let position = u16::from(left.height >= 5);
        self.position = bottom(&mut left, position);
        self.list = left;
    }

    fn conversation(&mut self, mut left: Rect, model: &Model) {
        let height = left.height;
        self.head = top(&mut left, if height >= 5 { 2 } else { 1 });
        self.rule = top(&mut left, u16::from(height >= 8));
        let gone = model.open.as_ref().is_some_and(|open| open.gone.is_some());
        self.bar = top(&mut left, u16::from(gone && height >= 4));
        if let Some(composer) = &model.composer {
            let wanted = composed::height(model, composer, left.width);
            let room = (left.height / 2).max(3).min(left.height);
            self.composer = bottom(&mut left, wanted.min(room));
        }
        self.messages = left;
        if model.panel.is_some() && self.panel.is_empty() {
            self.panel = left;
        }
    }
}

/// Which pane has the screen when there is room for one.
fn shows_conversation(model: &Model) -> bool {
    if matches!(model.layers.last(), Some(Layer::Filter(_) | Layer::Find)) {
        return false;
    }
    model.composer.is_some() || model.pane != Pane::List
}

/// Takes rows off the top.
pub(super) fn top(left: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(left.height);
    let taken = Rect {
        height: rows,
        ..*left
    };
    left.y += rows;
    left.height -= rows;
    taken
}

/// Takes rows off the bottom.
pub(super) fn bottom(left: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(left.height);
    left.height -= rows;
    Rect {
        y: left.bottom(),
        height: rows,
        ..*left
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Position;

    use super::*;
    use crate::console::{model::Panel, view::fixture};

    fn areas(layout: &Layout) -> [Rect; 14] {
        // Where there is no place of its own for it, the panel lies over the messages.
        let panel = match layout.panel_divider.is_empty() {
            true => Rect::ZERO,
            false => layout.panel,
        };
        [
            layout.header,
            layout.tabs,
            layout.list,
            layout.position,
            layout.divider,
            layout.head,
            layout.rule,
            layout.bar,
            layout.messages,
            layout.composer,
            layout.notice,
            layout.footer,
            layout.panel_divider,
            panel,
        ]
    }

    #[test]
    fn r15_areas_cover_every_cell_once_at_every_size() {
        for (composing, panel) in [(false, false), (true, false), (false, true), (true, true)] {
            let mut model = fixture::busy();
            if composing {
                fixture::compose(&mut model, "Yes");
            }
            model.panel = panel.then(|| Panel::new(Pane::List));
            for size in (0..=130)
                .step_by(7)
                .chain([20, 69, 70, 99, 100, 300])
                .flat_map(|w| (0..=45).map(move |h| (w, h)))
            {
                model.size = size;
                let layout = Layout::of(&model);
                if layout.too_small {
                    continue;
                }
                for y in 0..size.1 {
                    for x in 0..size.0 {
                        let covered = areas(&layout)
                            .iter()
                            .filter(|a| a.contains(Position::new(x, y)))
                            .count();
                        assert_eq!(covered, 1, "{x},{y} of {size:?}: {layout:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn under_70_columns_one_pane_has_the_screen() {
        let mut model = fixture::busy();
        model.size = (69, 20);
        assert!(Layout::of(&model).head.is_empty());
        model.pane = Pane::Conversation;
        assert!(Layout::of(&model).list.is_empty());
        model.size = (70, 20);
        assert!(!Layout::of(&model).list.is_empty() && !Layout::of(&model).head.is_empty());
    }

    #[test]
    fn the_smallest_screen_shows_a_conversation_of_the_list() {
        let mut model = fixture::busy();
        model.size = SMALLEST;
        assert_eq!(Layout::of(&model).list.height, 2);
    }
}
