//! Conversations and times in words, as the plain verbs say them.

use std::time::Duration;

use crate::{
    domain::{
        id::UserId,
        message::{Delivery, Direction, Message},
        moment::Moment,
        row::Row,
        text::Safe,
    },
    say,
};

/// The clock.
pub(super) fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_microsecond())
}

/// A row as one line, a comma between its parts, so that it reads well aloud too.
pub(super) fn row(row: &Row, me: &UserId, now: Moment) -> Safe {
    let waits = lasts(now.since(row.since));
    let waits = if row.unanswered {
        format!("waits {waits}")
    } else {
        format!("answered {waits} ago")
    };
    let just_in = if row.just_entered { ", just in" } else { "" };
    let status = row
        .status
        .as_ref()
        .map(|s| format!(", {s}"))
        .unwrap_or_default();
    let last = match &row.last_message {
        Some(m) if m.direction == Direction::Out => {
            format!(": We: {}{}", m.preview, failed(m.delivery))
        }
        Some(m) => format!(": {}", m.preview),
        None => String::new(),
    };
    say!(
        "{}  {}, {}, {}{status}, {waits}{just_in}, {}{last}",
        row.id,
        row.contact.shown(),
        row.channel,
        row.queue.name,
        holder(row, me),
    )
}

/// Who has it, from the reader's side.
pub(super) fn holder(row: &Row, me: &UserId) -> Safe {
    match &row.assignee {
        None => Safe::literal("unassigned"),
        Some(assignee) if assignee.id == *me => Safe::literal("yours"),
        Some(assignee) => assignee.name.clone(),
    }
}

/// A message with its time and writer; the body keeps its lines.
pub(super) fn message(message: &Message, contact: &Safe) -> Safe {
    let writer = match (&message.sender, message.direction) {
        (Some(sender), _) => &sender.name,
        (None, Direction::In) => contact,
        (None, Direction::Out) => &Safe::literal("bot"),
    };
    let files: String = message
        .attachments
        .iter()
        .map(|file| {
            format!(
                "\n  [file: {}, {}, {} bytes]",
                file.name, file.kind, file.size
            )
        })
        .collect();
    let more = if message.truncated {
        "\n  [the rest is not shown]"
    } else {
        ""
    };
    Safe::text(&format!(
        "{}  {writer}{}: {}{more}{files}",
        clock(message.at),
        failed(message.delivery),
        message.body,
    ))
}

fn failed(delivery: Option<Delivery>) -> String {
    match delivery {
        Some(Delivery::Failed(why)) => format!(" (NOT DELIVERED: {})", why.words()),
        _ => String::new(),
    }
}

/// A time where the reader is, to the minute.
pub(super) fn clock(at: Moment) -> Safe {
    match jiff::Timestamp::from_microsecond(at.0) {
        Ok(stamp) => {
            let there = stamp.to_zoned(super::zone::zone());
            say!("{}", there.strftime("%Y-%m-%d %H:%M"))
        }
        Err(_) => Safe::literal("at an unknown time"),
    }
}

/// So many of something: `1 message`, `2 messages`.
pub(super) fn many(count: u64, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}

/// How long, in two units at most.
pub(super) fn lasts(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, m) => format!("{m} min"),
        (0, h, m) => format!("{h} h {m} min"),
        (d, h, _) => format!("{d} d {h} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_two_units_at_most() {
        let said = |minutes: u64| lasts(Duration::from_secs(minutes * 60 + 59));
        assert_eq!(said(0), "0 min");
        assert_eq!(said(59), "59 min");
        assert_eq!(said(112), "1 h 52 min");
        assert_eq!(said(3 * 1440 + 61), "3 d 1 h");
    }
}
