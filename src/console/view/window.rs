//! Which rows and headings the list shows. Pure, and never looks farther than a screenful: its cost does not
//! grow with the list.

use std::ops::Range;

use super::layout::{Layout, ROW};
use crate::{
    console::model::{Frame, Layer, Model},
    domain::{
        inbox::{Beyond, Inbox, Side},
        order::Group,
    },
};

/// One thing the list shows, and at which line of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The name of a group; how many it has, where that is known.
    Heading(Group, Option<usize>),
    /// A conversation, by its index within the inbox.
    Row(usize),
    /// The list goes on below.
    More,
}

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Each piece with the line it begins at, from the top.
    pub pieces: Vec<(u16, Piece)>,
    /// The rows that are shown whole.
    pub rows: Range<usize>,
}

impl Window {
    /// The rows from `top` on that fit `height` lines, each group under its heading if headings are shown.
    ///
    /// The group of the topmost row is always named, so that it does not scroll away.
    #[must_use]
    pub fn of(inbox: &Inbox, top: usize, height: u16, headings: bool) -> Self {
        Self::with(inbox, top, height, headings, ROW)
    }

    /// The same for rows of so many lines.
    #[must_use]
    pub fn with(inbox: &Inbox, top: usize, height: u16, headings: bool, row: u16) -> Self {
        let mut window = Self {
            pieces: Vec::new(),
            rows: top..top,
        };
        let mut line = 0;
        let mut named = None;
        for index in top..inbox.len() {
            let group = inbox.group_at(index);
            let heading = headings && group != named;
            let row_at = line + u16::from(heading);
            if row_at + row.min(height) > height {
                break;
            }
            if let Some(group) = group.filter(|_| heading) {
                window
                    .pieces
                    .push((line, Piece::Heading(group, size(inbox, group))));
                named = Some(group);
            }
            window.pieces.push((row_at, Piece::Row(index)));
            window.rows.end = index + 1;
            line = row_at + row;
        }
        let goes_on = window.rows.end < inbox.len() || *inbox.beyond(Side::After) != Beyond::End;
        if goes_on && line < height && !inbox.is_empty() {
            window.pieces.push((line, Piece::More));
        }
        window
    }
}

/// How many conversations a group has, if both its ends are held.
fn size(inbox: &Inbox, group: Group) -> Option<usize> {
    let first = first_not_before(inbox, |g| g < group);
    let after = first_not_before(inbox, |g| g <= group);
    let begins = first > 0 || *inbox.beyond(Side::Before) == Beyond::End;
    let ends = after < inbox.len() || *inbox.beyond(Side::After) == Beyond::End;
    (begins && ends).then_some(after - first)
}

/// The first index whose group is not `before`, found by halving: groups stand in order.
fn first_not_before(inbox: &Inbox, before: impl Fn(Group) -> bool) -> usize {
    let mut range = 0..inbox.len();
    while !range.is_empty() {
        let middle = range.start + range.len() / 2;
        if inbox.group_at(middle).is_some_and(&before) {
            range.start = middle + 1;
        } else {
            range.end = middle;
        }
    }
    range.start
}

/// What the list of a model shows now.
#[must_use]
pub fn window(model: &Model) -> Window {
    let layout = Layout::of(model);
    shown(model, &layout, model.list.top)
}

/// What the list shows from a row on.
#[must_use]
pub fn shown(model: &Model, layout: &Layout, top: usize) -> Window {
    let (height, headings) = (layout.list.height, layout.headings);
    Window::with(&model.list.inbox, top, height, headings, layout.row)
}

/// The top row that keeps the cursor in sight moving the list as little as possible, and no room empty below
/// its end.
#[must_use]
pub fn top_for(model: &Model) -> usize {
    let layout = Layout::of(model);
    let inbox = &model.list.inbox;
    let Some(last) = inbox.len().checked_sub(1) else {
        return 0;
    };
    let height = layout.list.height;
    let shown = |top| shown(model, &layout, top).rows;
    let mut top = model.list.top.min(last);
    if let Some(cursor) = model.cursor_index() {
        // Without headings the cursor's row would be the last one shown from here.
        let nearest = cursor.saturating_sub(usize::from(height / layout.row.max(1)));
        if cursor < top {
            top = cursor;
        } else if !shown(top).contains(&cursor) {
            top = top.max(nearest);
            while top < cursor && !shown(top).contains(&cursor) {
                top += 1;
            }
        }
    }
    while top > 0 && shown(top - 1).end == inbox.len() {
        top -= 1;
    }
    top
}

/// How many rows a screenful has.
#[must_use]
pub fn rows_per_page(model: &Model) -> usize {
    let layout = Layout::of(model);
    let rows = layout
        .list
        .height
        .saturating_sub(u16::from(layout.headings))
        .checked_div(layout.row)
        .unwrap_or(1);
    usize::from(rows.max(1))
}

/// The rows of the inbox that are on the screen whole: an act on marked ones of which some are not is
/// previewed first (U7).
#[must_use]
pub fn in_sight(model: &Model) -> Range<usize> {
    window(model).rows
}

/// What the screen shows of conversations: of whose holder it says something. None while nothing of the panes is drawn.
#[must_use]
pub(in crate::console) fn frame(model: &Model) -> Option<Frame> {
    let layout = Layout::of(model);
    let covered = model.layers.iter().any(Layer::covers_all);
    if layout.too_small || model.lock.is_locked() || covered {
        return None;
    }
    let rows = match layout.list.is_empty() {
        true => 0..0,
        false => shown(model, &layout, model.list.top).rows,
    };
    let listed = rows.filter_map(|index| model.list.inbox.get(index));
    let open = model.open.as_ref().map(|open| &open.row);
    let open = open.filter(|_| !layout.head.is_empty());
    let mut frame = Frame {
        list: listed.clone().map(|row| row.id.clone()).collect(),
        holders: listed
            .chain(open)
            .map(|row| (row.id.clone(), row.holder()))
            .collect(),
    };
    if let Some(Layer::Preview(preview)) = model.layers.last() {
        let asked = preview.items.iter();
        frame.holders.extend(asked.map(|(id, marked)| {
            (
                id.clone(),
                marked.assignee.as_ref().map(|(id, _)| id.clone()),
            )
        }));
    }
    Some(frame)
}

/// How many marked ones are not on the screen: handing back several of which some are out of sight is looked at
/// first (U7).
#[must_use]
pub fn out_of_sight(model: &Model) -> usize {
    let window = in_sight(model);
    let inbox = &model.list.inbox;
    model
        .marks
        .keys()
        .filter(|id| !inbox.find(id).is_some_and(|index| window.contains(&index)))
        .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::console::view::fixture;

    #[test]
    fn the_group_of_the_topmost_row_is_always_named() {
        let model = fixture::many(60);
        for top in 0..60 {
            let window = Window::of(&model.list.inbox, top, 9, true);
            assert!(matches!(window.pieces[0], (0, Piece::Heading(..))));
            assert_eq!(window.rows.start, top);
        }
    }

    #[test]
    fn a_heading_says_how_many_only_when_both_ends_of_its_group_are_held() {
        let model = fixture::many(60);
        let rows: Vec<_> = model.list.inbox.rows().cloned().collect();
        let known = Inbox::of(rows.clone(), Beyond::End, Beyond::End);
        let cut = Inbox::of(rows, Beyond::End, Beyond::Cursor("c".into()));
        let first = known.group_at(0).unwrap();
        let last = known.group_at(59).unwrap();
        assert!(size(&known, last).is_some() && size(&cut, first).is_some());
        assert_eq!(size(&cut, last), None);
        let all: usize = Group::ALL.iter().filter_map(|g| size(&known, *g)).sum();
        assert_eq!(all, 60);
    }

    #[test]
    fn no_heading_stands_without_a_row_under_it() {
        let model = fixture::many(60);
        for (top, height) in (0..60).flat_map(|t| (0..12).map(move |h| (t, h))) {
            let window = Window::of(&model.list.inbox, top, height, true);
            for pair in window.pieces.windows(2) {
                if let [(_, Piece::Heading(..)), (_, below)] = pair {
                    assert!(matches!(below, Piece::Row(_)), "{window:?}");
                }
            }
            assert!(!matches!(
                window.pieces.last(),
                Some((_, Piece::Heading(..)))
            ));
        }
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_in_sight_and_the_list_moves_as_little_as_possible(
            count in 1usize..90, cursor in 0usize..90, top in 0usize..120, height in 7u16..40, wide: bool,
        ) {
            let mut model = fixture::many(count);
            model.size = (if wide { 120 } else { 40 }, height);
            let cursor = cursor.min(count - 1);
            model.list.cursor = model.list.inbox.get(cursor).map(|r| r.id.clone());
            model.list.top = top;
            model.list.top = top_for(&model);
            let rows = window(&model).rows;
            prop_assert!(rows.contains(&cursor), "{rows:?} without {cursor}");
            prop_assert_eq!(top_for(&model), model.list.top, "it settles at once");
            let layout = Layout::of(&model);
            let shown = |top| shown(&model, &layout, top).rows;
            if model.list.top > 0 && rows.end == count {
                prop_assert!(shown(model.list.top - 1).end < count, "room is left empty below the end");
            }
            if model.list.top > top.min(count - 1) {
                prop_assert!(!shown(model.list.top - 1).contains(&cursor), "moved farther than needed");
            }
        }
    }
}
