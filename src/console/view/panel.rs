//! The side panel: facts of the contact, their other conversations, notes, and what the team did, newest first (P3).

use ratatui::layout::Rect;

use super::{canvas::Canvas, done, layout::Layout, strip::Strip, target::Target};
use crate::{
    console::{
        model::{Loaded, Model, Open, Pane, Panel},
        theme::{Role, Sign},
        words::time,
    },
    desk::{Blocking, Known},
    domain::{
        conversation::State,
        moment::Moment,
        row::Row,
        text::{Safe, wrap},
    },
    say,
};

/// The columns of a fact's name.
const NAMES: usize = 9;

/// One line of it.
struct Line {
    text: Safe,
    role: Role,
    /// Columns it is set in by.
    inset: u16,
    /// What it begins with, if it is the first line of a fact.
    name: Option<Safe>,
}

/// Draws it, if it is open.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model) {
    let (Some(panel), Some(open)) = (&model.panel, &model.open) else {
        return;
    };
    let area = layout.panel;
    if area.is_empty() {
        return;
    }
    for y in layout.panel_divider.top()..layout.panel_divider.bottom() {
        canvas.sign(layout.panel_divider.x, y, Sign::Along, Role::Border);
    }
    canvas.clear(area);
    canvas.offer(area, Target::Panel);
    let lines = lines(model, panel, open, area);
    let height = usize::from(area.height);
    let top = panel.top.min(lines.len().saturating_sub(height));
    for (y, line) in (0..area.height).zip(lines.iter().skip(top)) {
        let strip = Strip::of(area, y).inset();
        if let Some(name) = &line.name {
            canvas.write(strip, name, Role::Dim);
        }
        canvas.write(strip.skip(line.inset), &line.text, line.role);
    }
    if model.pane == Pane::Panel && model.composer.is_none() {
        for y in area.top()..area.bottom().min(area.top() + 2) {
            canvas.sign(area.x, y, Sign::Cursor, Role::Cursor);
        }
        canvas.place_cursor(area.x, area.y);
    }
    if top + height < lines.len() {
        let x = area.right().saturating_sub(1);
        canvas.sign(x, area.bottom() - 1, Sign::Down, Role::Dim);
    }
}

/// How many lines it has.
#[must_use]
pub fn height(model: &Model) -> usize {
    match (&model.panel, &model.open) {
        (Some(panel), Some(open)) => lines(model, panel, open, Layout::of(model).panel).len(),
        _ => 0,
    }
}

fn lines(model: &Model, panel: &Panel, open: &Open, area: Rect) -> Vec<Line> {
    let mut page = Page {
        lines: Vec::new(),
        columns: usize::from(area.width.saturating_sub(2)).max(1),
        ascii: model.ascii,
    };
    let row = &open.row;
    page.add(0, row.contact.shown(), Role::Strong);
    page.fact("Address", &row.contact.address, Role::Text);
    page.fact("Channel", &row.channel, Role::Text);
    if panel.of.as_ref() != Some(&row.id) {
        return page.lines;
    }
    match (&panel.known, &panel.loaded) {
        (Some(known), _) => facts(&mut page, model, known),
        (None, Loaded::Failed(why)) => {
            page.add(
                0,
                &say!("What is known cannot be had: {why}"),
                Role::Warning,
            );
        }
        (None, Loaded::No) => return page.lines,
        (None, _) => {
            page.add(0, &Safe::literal("loading…"), Role::Dim);
            return page.lines;
        }
    }
    notes(&mut page, model, panel);
    history(&mut page, model, panel);
    page.lines
}

fn facts(page: &mut Page, model: &Model, known: &Known) {
    let stamp = |at: Moment| day_and_time(model, at);
    page.fact(
        "Known",
        &say!("since {}", stamp(known.first_seen)),
        Role::Text,
    );
    page.fact("Began", &stamp(known.began), Role::Text);
    let (blocked, role) = match &known.blocked {
        None => (Safe::literal("not on it"), Role::Text),
        Some(blocking) => (block(model, blocking), Role::Warning),
    };
    page.fact("Blocklist", &blocked, role);
    if known.count == 0 {
        return page.fact("Others", &Safe::literal("none that you see"), Role::Text);
    }
    page.heading(&say!("Other conversations: {}", known.count));
    for other in &known.others {
        page.add(0, &beginning(model, other), Role::Text);
        if let Some(last) = &other.last_message {
            page.one(2, &last.preview, Role::Dim);
        }
    }
}

/// Why nothing is sent.
fn block(model: &Model, blocking: &Blocking) -> Safe {
    let until = match blocking.until {
        None => Safe::literal("for good"),
        Some(until) => say!("until {}", day_and_time(model, until)),
    };
    match &blocking.by {
        Some(by) => say!("ON IT {until}, by {}", by.name),
        None => say!("ON IT {until}: the customer said STOP"),
    }
}

/// Another conversation in one line.
fn beginning(model: &Model, row: &Row) -> Safe {
    let at = row.last_message.as_ref().map_or(row.since, |last| last.at);
    let at = time::stamp(at, model.now, &model.zone);
    let state = match (row.state, &row.assignee) {
        (State::Closed, _) => Safe::literal("closed"),
        (State::Open, None) => Safe::literal("unassigned"),
        (State::Open, Some(_)) if model.is_mine(row) => Safe::literal("yours"),
        (State::Open, Some(assignee)) => assignee.name.clone(),
    };
    say!("{at} · {} · {state}", row.queue.name)
}

fn notes(page: &mut Page, model: &Model, panel: &Panel) {
    let notes = || panel.done.iter().rev().filter(|item| done::is_note(item));
    let count = notes().count();
    if count == 0 {
        return;
    }
    page.heading(&say!("Notes, the customer never sees them: {count}"));
    for item in notes() {
        let (by, at) = (done::by(item), time::stamp(item.at, model.now, &model.zone));
        page.add(0, &say!("{by} · {at}"), Role::Dim);
        if let Some(body) = &item.body {
            page.add(2, body, Role::Text);
        }
    }
}

fn history(page: &mut Page, model: &Model, panel: &Panel) {
    page.heading(&Safe::literal("What the team did"));
    if panel.done.is_empty() {
        page.add(0, &Safe::literal("nothing yet"), Role::Dim);
    }
    for item in panel.done.iter().rev() {
        let at = time::stamp(item.at, model.now, &model.zone);
        page.add(0, &say!("{at} · {}", done::sentence(item)), Role::Text);
    }
    if panel.done.has_older() {
        page.add(0, &Safe::literal("more below"), Role::Dim);
    }
}

fn day_and_time(model: &Model, at: Moment) -> Safe {
    time::stamp(at, model.now, &model.zone)
}

/// Lines being put together.
struct Page {
    lines: Vec<Line>,
    columns: usize,
    ascii: bool,
}

impl Page {
    /// A text in as many lines as it takes.
    fn add(&mut self, inset: u16, text: &Safe, role: Role) {
        let text = text.for_screen(self.ascii);
        let columns = self.columns.saturating_sub(inset.into()).max(1);
        for row in wrap(&text, columns) {
            self.lines.push(Line {
                text: text.slice(row),
                role,
                inset,
                name: None,
            });
        }
    }

    /// A text on one line, cut if need be.
    fn one(&mut self, inset: u16, text: &Safe, role: Role) {
        self.lines.push(Line {
            text: text.clone(),
            role,
            inset,
            name: None,
        });
    }

    /// A fact with its name before it.
    fn fact(&mut self, name: &'static str, text: &Safe, role: Role) {
        let first = self.lines.len();
        let inset = u16::try_from(NAMES + 1).unwrap_or(0);
        self.add(inset, text, role);
        if let Some(line) = self.lines.get_mut(first) {
            line.name = Some(Safe::literal(name));
        }
    }

    /// A heading, with air above.
    fn heading(&mut self, text: &Safe) {
        self.one(0, &Safe::default(), Role::Dim);
        self.add(0, text, Role::Accent);
    }
}
