//! My acts, newest first, each with what became of its conversations: did it help? One of them can be open, with where
//! each conversation is now.

use ratatui::layout::Rect;

use super::{
    canvas::Canvas, entry::first_word, frame, header, layout::Layout, scroll, strip::Strip,
    target::Target,
};
use crate::{
    console::{
        command::Command,
        model::{Layer, Line, Loaded, Model, MyActs, Tally},
        theme::{Role, Sign},
        words,
        words::{keys, time},
    },
    desk::{Became, Done, Fate},
    domain::{
        action::{Action, Cause},
        text::Safe,
    },
    say,
};

/// From here on an act and what became of it stand side by side, with its reason.
const WIDE: u16 = 100;
/// Under this an act's line says only what was done and the first of what became of it.
const NARROW: u16 = 70;

/// How many lines are shown at once.
#[must_use]
pub fn lines(model: &Model) -> u16 {
    area(model).height
}

/// Where the lines are: under the title, above the last two lines of the screen.
fn area(model: &Model) -> Rect {
    let layout = Layout::of(model);
    let air = u16::from(layout.notice.y >= 20);
    let y = (1 + air).min(layout.notice.y);
    Rect::new(0, y, model.size.0, layout.notice.y - y)
}

/// Draws the screen.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, acts: &MyActs) {
    canvas.offer(canvas.area(), Target::Layer);
    let title = Strip::of(Rect::new(0, 0, model.size.0, 1), 0).inset();
    let (link, role) = header::link(model);
    let left = canvas.write_right(title, &link, role).less(2);
    let left = canvas.write(left, &Safe::literal("My acts"), Role::Strong);
    canvas.write(
        left,
        &Safe::literal(" of the last 72 hours, and what became of them"),
        Role::Dim,
    );
    let area = area(model);
    let first = Strip::of(area, 0).skip(2).less(1);
    match &acts.loaded {
        Loaded::Yes if acts.acts().is_empty() => {
            canvas.write(
                first,
                &Safe::literal("You did nothing in the last 72 hours"),
                Role::Text,
            );
        }
        Loaded::Yes => {}
        Loaded::Failed(why) => {
            let words = say!(
                "Your acts cannot be had: {why} · {} asks again",
                keys::named(model, Command::Refresh)
            );
            canvas.write(first, &words, Role::Warning);
        }
        _ => {
            canvas.write(
                first,
                &Safe::literal("asking what became of your acts…"),
                Role::Dim,
            );
        }
    }
    let (count, height) = (acts.lines().len(), usize::from(area.height));
    let top = scroll::in_sight(acts.top, acts.cursor(), count, height.max(1));
    for (y, (index, line)) in (0..area.height).zip(acts.lines().iter().enumerate().skip(top)) {
        let strip = Strip::of(area, y);
        if index == acts.cursor() && !matches!(line, Line::Day(_) | Line::Unseen(_)) {
            frame::mark(canvas, strip.x, strip.y);
        }
        canvas.offer(strip.area(), Target::ActLine(index));
        draw_line(canvas, strip, model, acts, *line);
    }
}

fn draw_line(canvas: &mut Canvas<'_>, strip: Strip, model: &Model, acts: &MyActs, line: Line) {
    match line {
        Line::Day(at) => {
            let left = canvas.write(
                strip.inset(),
                &time::day(at, model.now, &model.zone),
                Role::Dim,
            );
            canvas.rule(left.skip(1), Role::Border);
        }
        Line::Act(index) => {
            if let Some((done, tally)) = acts.acts().get(index) {
                act(
                    canvas,
                    strip,
                    model,
                    done,
                    *tally,
                    acts.is_open(&done.operation),
                );
            }
        }
        Line::Fate(index, of) => {
            let fate = acts
                .acts()
                .get(index)
                .and_then(|(done, _)| done.fates.get(of));
            if let Some(fate) = fate {
                became(canvas, strip, model, fate);
            }
        }
        Line::Unseen(count) => {
            let words = match count {
                1 => Safe::literal("1 more that you do not see now: somebody has it"),
                _ => say!("{count} more that you do not see now: somebody has them"),
            };
            canvas.write(strip.skip(8).less(1), &words, Role::Dim);
        }
    }
}

/// When, what, how many, from whom; what became of them; why.
fn act(
    canvas: &mut Canvas<'_>,
    strip: Strip,
    model: &Model,
    done: &Done,
    tally: Tally,
    open: bool,
) {
    let line = strip.skip(2).less(1);
    let left = canvas
        .write(line, &time::clock(done.at, &model.zone), Role::Dim)
        .skip(1);
    if left.width > 0 && done.count > 0 {
        canvas.sign(
            left.x,
            left.y,
            if open { Sign::Down } else { Sign::Shut },
            Role::Dim,
        );
    }
    let left = left.skip(2);
    let what = say!("{}{}", did(done, strip.width >= WIDE), from(done));
    let role = if done.undone { Role::Dim } else { Role::Text };
    let room = match strip.width {
        WIDE.. => 44,
        NARROW.. => 34,
        _ => (left.width * 3 / 5).max(14),
    };
    canvas.write(left.take(room), &what, role);
    let mut rest = left.skip(room + 2);
    let parts = outcome(done, tally);
    for (index, (words, role)) in parts.into_iter().enumerate() {
        let words = if index > 0 {
            say!(" · {words}")
        } else {
            words
        };
        if index > 0 && canvas.width(&words) > rest.width {
            break;
        }
        rest = canvas.write(rest, &words, role);
    }
    if let Some(reason) = done.reason.as_ref().filter(|_| strip.width >= WIDE)
        && rest.width > 12
    {
        canvas.write(rest.skip(3), &say!("“{reason}”"), Role::Dim);
    }
}

/// What became of them, the most telling first.
fn outcome(done: &Done, tally: Tally) -> Vec<(Safe, Role)> {
    if done.undone {
        return vec![(Safe::literal("taken back"), Role::Dim)];
    }
    if done.fates.is_empty() && done.count == 0 {
        return Vec::new();
    }
    [
        (tally.came_back, "came back", Role::Warning),
        (tally.taken, "taken", Role::Done),
        (tally.waiting, "waiting", Role::Unanswered),
        (tally.closed, "closed", Role::Dim),
        (tally.undone, "taken back", Role::Dim),
        (tally.unseen, "out of sight", Role::Dim),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, words, role)| (say!("{count} {words}"), role))
    .collect()
}

/// What was done to how many: `Handed back 10 conversations`.
fn did(done: &Done, in_full: bool) -> Safe {
    let verb = match done.action {
        Action::Unassign if done.line_lost => "A lost line handed back",
        Action::Assign => "Gave away",
        action => words::of(action).acted,
    };
    match done.count {
        count if count != 1 && !in_full && !done.of.is_empty() => say!("{verb} {count}"),
        _ => say!("{verb} {}", name(done)),
    }
}

/// The same as `z` says it: `handing back Bea Jones`.
#[must_use]
pub fn doing(done: &Done) -> Safe {
    let verb = match done.action {
        Action::Assign => "giving away",
        action => words::of(action).acting,
    };
    say!("{verb} {}", name(done))
}

fn name(done: &Done) -> Safe {
    match (done.count, done.fates.as_slice()) {
        (1, [fate]) => fate.row.contact.shown().clone(),
        (1, _) => Safe::literal("1 conversation"),
        (count, _) => say!("{count} conversations"),
    }
}

/// From whom, where it was not the one who did it.
fn from(done: &Done) -> Safe {
    match done.of.as_slice() {
        [one] if done.by.as_ref().is_some_and(|by| one.id == by.id) => Safe::default(),
        [one] => say!(" from {}", one.name),
        [] => Safe::default(),
        several => say!(" from {} people", several.len()),
    }
}

/// Where one conversation is now.
fn became(canvas: &mut Canvas<'_>, strip: Strip, model: &Model, fate: &Fate) {
    let line = strip.skip(8).less(1);
    let row = &fate.row;
    let name = match strip.width {
        WIDE.. => 22,
        NARROW.. => 17,
        _ => line.width / 4,
    };
    canvas.write(line.take(name), row.contact.shown(), Role::Text);
    let mut left = line.skip(name + 1);
    if strip.width >= NARROW {
        canvas.write(left.take(9), &row.channel, Role::Dim);
        left = left.skip(10);
    }
    let (words, role) = now(model, fate, strip.width < NARROW);
    canvas.write(left, &words, role);
}

fn now(model: &Model, fate: &Fate, briefly: bool) -> (Safe, Role) {
    let at = fate.at.map_or_else(Safe::default, |at| {
        say!(" {}", time::stamp(at, model.now, &model.zone))
    });
    let who = match &fate.to {
        Some(to) if model.is_mine_id(&to.id) => Safe::literal("you"),
        Some(to) if briefly => first_word(&to.name),
        Some(to) => to.name.clone(),
        None => Safe::literal("somebody"),
    };
    let through = fate.cause.map_or("", through);
    match fate.became {
        Became::Taken => (say!("taken by {who}{at}{through}"), Role::Done),
        Became::CameBack => (say!("came back to {who}{at}{through}"), Role::Warning),
        Became::Waiting if fate.row.unanswered => (
            match model.absolute_times {
                true => say!("still waits, {}", time::waits(model, fate.row.since)),
                false => say!("still waits, {}", time::wait(fate.row.since, model.now)),
            },
            Role::Unanswered,
        ),
        Became::Waiting => (Safe::literal("still unassigned, answered"), Role::Dim),
        Became::Closed => (say!("closed{at}"), Role::Dim),
        Became::Undone => (say!("taken back{at}"), Role::Dim),
    }
}

/// Through what somebody got it, after who and when.
fn through(cause: Cause) -> &'static str {
    match cause {
        Cause::Reply => " by replying",
        Cause::Take => " by taking it",
        Cause::Assign => ", assigned",
        Cause::RoundRobin => ", by the queue in turn",
        Cause::LeastBusy => ", by the queue as the least busy",
        Cause::Login => " by signing in",
        Cause::Unassign => ", handed back",
        Cause::Undo => " by undo",
        Cause::Logout => ", at sign-out",
        Cause::Close => ", closed",
        Cause::Move => ", moved",
        Cause::LostAccess => ", access lost",
    }
}

/// What a key does now, if that is worth a place in the footer.
#[must_use]
pub fn what(model: &Model, command: Command, usual: Option<Safe>) -> Option<Safe> {
    let Some(Layer::Acts(acts)) = model.layers.last() else {
        return usual;
    };
    match command {
        Command::Enter if acts.fate().is_some() => Some(Safe::literal("go to it")),
        Command::Enter => match acts.act() {
            Some((done, _)) if acts.is_open(&done.operation) => Some(Safe::literal("shut")),
            Some(_) => usual,
            None => None,
        },
        Command::Undo => {
            let first = acts.acts().first().map(|(done, _)| &done.operation);
            let here = acts.act().filter(|(done, _)| !done.undone);
            here.filter(|(done, _)| Some(&done.operation) == first)
                .and(usual)
        }
        _ => usual,
    }
}
