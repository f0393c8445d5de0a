//! The first line: who one is, which queue is shown, whose desk it is, and whether what is shown is true.

use ratatui::layout::Rect;

use super::{canvas::Canvas, strip::Strip, target::Target};
use crate::{
    console::{
        command::Command,
        model::{Away, Link, Model},
        theme::{Role, Sign},
        words::{keys, time},
    },
    desk::version::Skew,
    domain::text::Safe,
    say,
};

/// From so many columns on the usual is said, too.
const ROOMY: u16 = 80;

/// From so many columns on it is said, too, how long the line has been lost.
const AGED: u16 = 70;

/// What the queue, at least, keeps for itself.
const LEAST: u16 = 20;

/// Draws the line. Where it is narrow, the state of the link and the queue stay longest, then that one is
/// away, the desk's version where it is another, the banner, the name, the organisation.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let line = Strip::of(area, 0).inset();
    let (words, role) = link(model);
    let mut left = canvas.write_right(line, &words, role).less(2);
    left = presence(canvas, left, model);
    left = overlooked(canvas, left, model);
    left = version(canvas, left, model);

    let queue = queue_name(model);
    let mut room = left.width.saturating_sub(canvas.width(&queue) + 4);
    let mut has_room_for = |canvas: &Canvas<'_>, words: &Safe| {
        let columns = canvas.width(words) + 3;
        let fits = !words.is_empty() && columns <= room;
        room -= if fits { columns } else { 0 };
        fits
    };
    let (banner, name, organisation) = who(model);
    let shows_banner = has_room_for(canvas, &banner);
    let shows_name = has_room_for(canvas, &name);
    let shows_organisation = shows_name && has_room_for(canvas, &organisation);

    if shows_name {
        left = canvas.write(left, &name, Role::Text);
        if shows_organisation {
            left = canvas.write(left, &say!(" · {organisation}"), Role::Dim);
        }
        left = left.skip(3);
    }
    let start = left;
    left = canvas.write(left, &Safe::literal("Q "), Role::Accent);
    left = canvas.write(left.less(2), &queue, Role::Text);
    canvas.sign(left.x + 1, left.y, Sign::Down, Role::Dim);
    let columns = left.x + 2 - start.x;
    canvas.offer(start.take(columns).area(), Target::Queue);
    if shows_banner {
        canvas.write(left.skip(4), &banner, Role::Warning);
    }
}

/// How many warnings were overlooked, with the key that shows them.
fn overlooked(canvas: &mut Canvas<'_>, left: Strip, model: &Model) -> Strip {
    let key = keys::named(model, Command::Notices);
    let words = match (model.overlooked(), left.width) {
        (0, _) => return left,
        (count, ..40) => say!("{count} {key}"),
        (1, _) => say!("1 notice {key}"),
        (count, _) => say!("{count} notices {key}"),
    };
    canvas.write_right(left, &words, Role::Warning).less(2)
}

/// That the desk is of another version, for as long as it is.
fn version(canvas: &mut Canvas<'_>, left: Strip, model: &Model) -> Strip {
    let Some(me) = &model.me else { return left };
    let role = match Skew::of(me.desk_version.as_str()) {
        None => return left,
        Some(Skew::DeskNewer) => Role::Warning,
        Some(Skew::DeskOlder) => Role::Dim,
    };
    let words = say!("desk {}", me.desk_version);
    if canvas.width(&words) + 2 + LEAST > left.width {
        return left; // It was said, and is among the notices.
    }
    canvas.write_right(left, &words, role).less(2)
}

/// Whether one is there for the queues, where there is room to say the usual; what is unusual always (A4).
fn presence(canvas: &mut Canvas<'_>, left: Strip, model: &Model) -> Strip {
    let (words, role) = match model.there.away {
        None if model.link != Link::Live || left.width < ROOMY => return left,
        None => (Safe::literal("signed in, taking work"), Role::Dim),
        Some(Away::Said) if left.width < 30 => (Safe::literal("away"), Role::Warning),
        Some(Away::Said) => (
            say!("away, {} comes back", keys::named(model, Command::Away)),
            Role::Warning,
        ),
        Some(Away::Still | Away::Suspended) => (Safe::literal("away"), Role::Warning),
    };
    canvas.write_right(left, &words, role).less(2)
}

/// The line to the desk, in words (R17).
#[must_use]
pub fn link(model: &Model) -> (Safe, Role) {
    match &model.link {
        Link::Connecting => (Safe::literal("connecting"), Role::Warning),
        // Whoever hears the screen is not told the time every minute.
        Link::Live if model.spoken => (Safe::literal("live"), Role::Dim),
        Link::Live => (
            say!("live {}", time::clock(model.now, &model.zone)),
            Role::Dim,
        ),
        Link::Lost { since, .. } => {
            let at = time::stamp(*since, model.now, &model.zone);
            // Whoever hears the screen is not told every minute, and who has little room can count.
            let shows_age =
                time::minutes(*since, model.now) > 0 && !model.spoken && model.size.0 >= AGED;
            let words = match shows_age {
                true => say!("OFFLINE {}, since {at}", time::wait(*since, model.now)),
                false => say!("OFFLINE since {at}"),
            };
            (words, Role::Error)
        }
    }
}

/// What the queue in the header says.
#[must_use]
pub fn queue_name(model: &Model) -> Safe {
    let Some(id) = &model.list.queue else {
        return Safe::literal("All queues");
    };
    model
        .queues
        .iter()
        .find(|q| q.queue.id == *id)
        .map_or_else(|| say!("{id}"), |q| q.queue.name.clone())
}

/// The banner, the name and the organisation.
fn who(model: &Model) -> (Safe, Safe, Safe) {
    model.me.as_ref().map_or_else(Default::default, |me| {
        (
            me.banner.clone().unwrap_or_default(),
            me.user.name.clone(),
            me.organisation.name.clone(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{console::view::fixture, domain::moment::Moment};

    #[test]
    fn r17_how_long_a_line_is_lost_turns_with_the_minute_as_all_that_is_told_in_minutes() {
        let mut model = fixture::blank();
        let mut shown = |seconds: i64| {
            let since = Moment(fixture::NOW.0 - seconds * 1_000_000);
            let why = Safe::literal("nothing was heard");
            model.link = Link::Lost { since, why };
            let (words, _) = link(&model);
            words.as_str().split(" since").next().map(str::to_owned)
        };
        // It is twenty seconds past the minute.
        assert_eq!(shown(19).as_deref(), Some("OFFLINE"));
        assert_eq!(shown(21).as_deref(), Some("OFFLINE 1 min,"));
        assert_eq!(shown(81).as_deref(), Some("OFFLINE 2 min,"));
    }
}
