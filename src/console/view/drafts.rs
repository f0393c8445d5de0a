//! Every draft there is: on the left whom it is to, on the right what it says and how its conversation stands.

use ratatui::layout::Rect;

use super::{canvas::Canvas, frame, header, layout::Layout, strip::Strip, tabs, target::Target};
use crate::{
    console::{
        command::{Command, Place},
        compose::Kind,
        draft::{Kept, Where},
        model::{DraftsShown, Loaded, Model, draft_key},
        theme::{Role, Sign},
        words::{keys, time},
    },
    domain::{
        conversation::State,
        text::{Safe, wrap},
    },
    say,
};

/// The lines of one draft in the list.
const LINES: u16 = 2;

/// The areas: the list's, and the text's, which is empty where there is room for one.
fn areas(layout: &Layout) -> (Rect, Rect) {
    let list = match layout.list.is_empty() {
        // One pane at a time: the drafts have it, under their tabs.
        true => {
            let y = layout.header.bottom() + 1;
            let height = layout.notice.y.saturating_sub(y);
            Rect::new(0, y, layout.footer.width, height)
        }
        false => Rect {
            height: layout.position.bottom().max(layout.list.bottom()) - layout.list.y,
            ..layout.list
        },
    };
    let text = match layout.divider.is_empty() {
        true => Rect::default(),
        false => Rect {
            x: layout.divider.right(),
            y: layout.divider.y,
            width: layout.footer.width.saturating_sub(layout.divider.right()),
            height: layout.divider.height,
        },
    };
    (list, text)
}

/// How many drafts are shown at once.
#[must_use]
pub fn drafts_per_page(model: &Model) -> usize {
    usize::from(areas(&Layout::of(model)).0.height / LINES)
}

/// How many lines of the text the cursor is on do not fit.
#[must_use]
pub fn hidden_lines(model: &Model) -> usize {
    let (_, area) = areas(&Layout::of(model));
    let all = model.all_drafts();
    let Some(kept) = model
        .drafts_shown()
        .and_then(|drafts| under_cursor(drafts, &all))
    else {
        return 0;
    };
    let text = Safe::text(&kept.text).for_screen(model.ascii);
    let lines = wrap(&text, usize::from(measure(area))).count();
    lines.saturating_sub(usize::from(body(area).height))
}

fn under_cursor<'a>(drafts: &DraftsShown, all: &'a [Kept]) -> Option<&'a Kept> {
    let cursor = drafts.cursor.as_ref();
    let there = cursor.and_then(|cursor| all.iter().find(|kept| draft_key(kept) == *cursor));
    there.or(all.first())
}

/// Draws the view.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, drafts: &DraftsShown) {
    header::draw(canvas, layout.header, model);
    let (list, text) = areas(layout);
    let line = match layout.tabs.is_empty() {
        true => Rect::new(0, layout.header.bottom(), layout.footer.width, 1),
        false => layout.tabs,
    };
    tabs::draw(canvas, line, model);
    for y in layout.divider.top()..layout.divider.bottom() {
        canvas.sign(layout.divider.x, y, Sign::Along, Role::Border);
    }
    let all = model.all_drafts();
    if all.is_empty() {
        let words = "Nothing is written and not sent: what you type is kept here until it is";
        let words = Safe::literal(words);
        for (y, range) in
            (0..list.height).zip(wrap(&words, usize::from(list.width.saturating_sub(2))))
        {
            canvas.write(Strip::of(list, y).inset(), &words.slice(range), Role::Dim);
        }
        return;
    }
    let cursor = under_cursor(drafts, &all).map(draft_key);
    let height = drafts_per_page(model).max(1);
    for (at, (index, kept)) in (0..).zip(all.iter().enumerate().skip(drafts.top).take(height)) {
        let y = at * LINES;
        let place = Rect {
            y: list.y + y,
            height: LINES.min(list.height.saturating_sub(y)),
            ..list
        };
        entry(
            canvas,
            place,
            model,
            kept,
            cursor.as_ref() == Some(&draft_key(kept)),
        );
        canvas.offer(place, Target::Draft(index));
    }
    if let Some(kept) = under_cursor(drafts, &all).filter(|_| !text.is_empty()) {
        whole(canvas, text, model, drafts, kept);
    }
}

/// Whom it is to, what it is, how old; and how it begins.
fn entry(canvas: &mut Canvas<'_>, area: Rect, model: &Model, kept: &Kept, is_here: bool) {
    let line = Strip::of(area, 0);
    if is_here {
        for y in area.top()..area.bottom() {
            canvas.sign(area.x, y, Sign::Cursor, Role::Cursor);
        }
        canvas.place_cursor(area.x, area.y);
    }
    let mut left = canvas
        .write_right(
            line.inset(),
            &time::wait_short(kept.at, model.now),
            Role::Dim,
        )
        .less(1);
    let (words, role) = kind(kept);
    left = canvas.write_right(left, &words, role).less(2);
    canvas.write(left.skip(1), &name(model, kept), Role::Strong);
    if area.height > 1 {
        let begins = Safe::preview(&kept.text);
        canvas.write(Strip::of(area, 1).skip(2).less(1), &begins, Role::Text);
    }
}

/// What it is, and whose.
fn kind(kept: &Kept) -> (Safe, Role) {
    match (&kept.place, kept.kind) {
        (Where::Elsewhere(_), _) => (Safe::literal("other console"), Role::Warning),
        (_, Kind::Reply) if kept.is_unsure() => (Safe::literal("sent?"), Role::Warning),
        (_, Kind::Note) if kept.is_unsure() => (Safe::literal("note, kept?"), Role::Warning),
        (_, Kind::Note) => (Safe::literal("note"), Role::Warning),
        (Where::Aside(_), Kind::Reply) => (Safe::literal("second draft"), Role::Dim),
        (Where::Here, Kind::Reply) => (Safe::literal("reply"), Role::Dim),
    }
}

/// Whom it is to: as the conversation is called now, or as it was when the draft was written.
fn name(model: &Model, kept: &Kept) -> Safe {
    match model.row_of_draft(&kept.conversation) {
        Some(row) => crate::console::compose::addressee(row),
        None if kept.of.is_empty() => say!("conversation {}", kept.conversation),
        None => kept.of.clone(),
    }
}

fn measure(area: Rect) -> u16 {
    area.width.saturating_sub(3).max(1)
}

/// Where the text is, under what is said of it.
fn body(area: Rect) -> Rect {
    let above = 4.min(area.height);
    Rect {
        x: area.x + 1,
        y: area.y + above,
        width: area.width.saturating_sub(2),
        height: area.height - above,
    }
}

fn whole(canvas: &mut Canvas<'_>, area: Rect, model: &Model, drafts: &DraftsShown, kept: &Kept) {
    let what = match kept.kind {
        Kind::Reply if kept.is_unsure() => "Not known whether this reply was sent",
        Kind::Note if kept.is_unsure() => "Not known whether this note was kept",
        Kind::Reply => "Draft of a reply",
        Kind::Note => "Draft of a note, which the customer never sees",
    };
    let line = Strip::of(area, 0).inset();
    let since = time::stamp(kept.at, model.now, &model.zone);
    let left = canvas.write_right(line, &since, Role::Dim).less(2);
    canvas.write(left, &say!("{what}"), Role::Dim);
    canvas.write(Strip::of(area, 1).inset(), &name(model, kept), Role::Strong);
    let (words, role) = stands(model, drafts, kept);
    canvas.write(Strip::of(area, 2).inset(), &words, role);
    canvas.rule(Strip::of(area, 3), Role::Border);
    let text = canvas.shown(&Safe::text(&kept.text));
    let rows = wrap(&text, usize::from(measure(area)));
    let body = body(area);
    for (y, row) in (0..body.height).zip(rows.skip(drafts.scroll)) {
        canvas.write(Strip::of(body, y), &text.slice(row), Role::Text);
    }
    let below = hidden_lines(model).saturating_sub(drafts.scroll);
    if below > 0 && body.height > 0 {
        let more = say!("{below} more lines");
        frame::label_right(canvas, Strip::of(body, body.height - 1), &more, Role::Dim);
    }
}

/// How its conversation stands, and what can be done with it.
fn stands(model: &Model, drafts: &DraftsShown, kept: &Kept) -> (Safe, Role) {
    if let Where::Elsewhere(_) = kept.place {
        let words = "Another console of yours has it, and may be writing it";
        return (Safe::literal(words), Role::Warning);
    }
    if let Some(row) = model.row_of_draft(&kept.conversation) {
        let holder = match &row.assignee {
            _ if row.state == State::Closed => Safe::literal("closed"),
            Some(_) if model.is_mine(row) => Safe::literal("yours"),
            Some(holder) => say!("held by {}", holder.name),
            None => Safe::literal("unassigned"),
        };
        return (say!("{holder} · {}", row.queue.name), Role::Text);
    }
    match drafts
        .known
        .get(&kept.conversation)
        .map(|known| &known.loaded)
    {
        Some(Loaded::Failed(why)) => {
            let copy = keys::here(model, Place::Drafts, Command::Copy);
            (
                say!("{why}: here it can be read, and copied with {copy}"),
                Role::Warning,
            )
        }
        _ => (Safe::literal("asking how it stands…"), Role::Dim),
    }
}
