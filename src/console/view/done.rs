//! What the team did, in words: one line between the messages, or as many as it takes in the side panel (P3, U9).

use crate::{
    console::{model::Model, words::time},
    domain::{message::HistoryItem, text::Safe},
    say,
};

/// Whether it is a note, whose words stand among the messages (N1).
#[must_use]
pub fn is_note(item: &HistoryItem) -> bool {
    item.kind.as_str() == "note"
}

/// `Anna Webb took it`, with the reason if one was given.
#[must_use]
pub fn sentence(item: &HistoryItem) -> Safe {
    let said = what(item);
    match &item.reason {
        Some(reason) => say!("{said}: {reason}"),
        None => said,
    }
}

/// Above a note: that nobody but the team sees it, whose it is, and when.
#[must_use]
pub fn of_note(model: &Model, item: &HistoryItem) -> Safe {
    let by = by(item);
    let at = time::clock(item.at, &model.zone);
    say!("NOTE, never sent · {by} · {at}")
}

/// Who did it.
#[must_use]
pub fn by(item: &HistoryItem) -> Safe {
    let by = item.by.as_ref();
    by.map_or(Safe::literal("the desk"), |by| by.name.clone())
}

fn what(item: &HistoryItem) -> Safe {
    let by = by(item);
    let (from, to) = (item.from.as_ref(), item.to.as_ref());
    match (item.kind.as_str(), from, to) {
        ("assignee", _, Some(to)) => given(item, &by, to),
        ("assignee", Some(from), None) => left(item, &by, from),
        ("queue", _, Some(to)) => say!("{by} moved it to {to}"),
        ("status", _, Some(to)) => say!("{by} set the status {to}"),
        ("status", Some(from), None) => say!("{by} took the status {from} off"),
        ("state", _, Some(to)) if to.as_str() == "closed" => say!("{by} closed it"),
        ("state", ..) if item.by.is_none() => Safe::literal("the customer wrote, it is open again"),
        ("state", ..) => say!("{by} opened it again"),
        ("handler", _, Some(to)) if to.as_str() == "person" => say!("{by} ended the bot's part"),
        ("block", ..) => blocked(item, &by),
        ("note", ..) => say!("{by} wrote a note"),
        (kind, Some(from), Some(to)) => say!("{by}, {}: {from}, now {to}", Safe::line(kind)),
        (kind, ..) => say!("{by}: {}", Safe::line(kind)),
    }
}

/// Somebody has it now.
fn given(item: &HistoryItem, by: &Safe, to: &Safe) -> Safe {
    match item.cause.as_ref().map_or("", Safe::as_str) {
        "reply" => say!("{to} took it by replying"),
        "take" => say!("{to} took it"),
        "round_robin" => say!("the queue gave it to {to}, in turn"),
        "least_busy" => say!("the queue gave it to {to}, who had the fewest"),
        "login" => say!("the queue gave it to {to}, who signed in"),
        "undo" if by == to => say!("{to} took it back"),
        "undo" => say!("{by} gave it back to {to}"),
        _ if by == to => say!("{to} took it"),
        _ => say!("{by} gave it to {to}"),
    }
}

/// Nobody has it any more.
fn left(item: &HistoryItem, by: &Safe, from: &Safe) -> Safe {
    match item.cause.as_ref().map_or("", Safe::as_str) {
        "logout" => say!("handed back: {from} signed out"),
        "lost_access" => say!("handed back: {from} has no access any more"),
        "undo" if by == from => say!("{from} undid taking it"),
        "undo" => say!("{by} took it back from {from}"),
        "close" => say!("{from} has it no more: closed"),
        "move" => say!("{from} has it no more: moved"),
        _ if by == from => say!("{from} handed it back"),
        _ => say!("{by} handed it back from {from}"),
    }
}

fn blocked(item: &HistoryItem, by: &Safe) -> Safe {
    match &item.to {
        None => say!("{by} took the contact off the blocklist"),
        Some(_) if item.by.is_none() => {
            Safe::literal("the customer said STOP and is on the blocklist")
        }
        Some(_) => say!("{by} put the contact on the blocklist"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{moment::Moment, named::Named};

    fn item(kind: &str, by: &str, from: &str, to: &str, cause: &str) -> HistoryItem {
        let some = |text: &str| (!text.is_empty()).then(|| Safe::line(text));
        HistoryItem {
            id: Safe::literal("1"),
            at: Moment(0),
            kind: Safe::line(kind),
            by: some(by).map(|name| Named {
                id: "x".parse().unwrap(),
                name,
            }),
            from: some(from),
            to: some(to),
            cause: some(cause),
            reason: None,
            body: None,
        }
    }

    #[test]
    fn p3_u9_what_the_team_did_reads_as_a_sentence() {
        for (kind, by, from, to, cause, words) in [
            ("assignee", "Anna", "", "Anna", "take", "Anna took it"),
            (
                "assignee",
                "Anna",
                "",
                "Anna",
                "reply",
                "Anna took it by replying",
            ),
            (
                "assignee",
                "Gwen",
                "Anna",
                "Ben",
                "assign",
                "Gwen gave it to Ben",
            ),
            (
                "assignee",
                "Anna",
                "Anna",
                "",
                "unassign",
                "Anna handed it back",
            ),
            (
                "assignee",
                "Gwen",
                "Anna",
                "",
                "unassign",
                "Gwen handed it back from Anna",
            ),
            (
                "assignee",
                "",
                "Anna",
                "",
                "logout",
                "handed back: Anna signed out",
            ),
            (
                "assignee",
                "",
                "",
                "Ben",
                "round_robin",
                "the queue gave it to Ben, in turn",
            ),
            ("assignee", "Anna", "", "Anna", "undo", "Anna took it back"),
            (
                "assignee",
                "Gwen",
                "",
                "Anna",
                "undo",
                "Gwen gave it back to Anna",
            ),
            (
                "assignee",
                "Anna",
                "Anna",
                "",
                "undo",
                "Anna undid taking it",
            ),
            (
                "queue",
                "Ben",
                "Payments",
                "Complaints",
                "",
                "Ben moved it to Complaints",
            ),
            (
                "status",
                "Ben",
                "",
                "hardship",
                "",
                "Ben set the status hardship",
            ),
            (
                "status",
                "Ben",
                "hardship",
                "",
                "",
                "Ben took the status hardship off",
            ),
            ("state", "Ben", "open", "closed", "", "Ben closed it"),
            ("state", "Ben", "closed", "open", "", "Ben opened it again"),
            (
                "state",
                "",
                "closed",
                "open",
                "",
                "the customer wrote, it is open again",
            ),
            (
                "handler",
                "Ben",
                "bot",
                "person",
                "",
                "Ben ended the bot's part",
            ),
            (
                "block",
                "",
                "",
                "blocked",
                "",
                "the customer said STOP and is on the blocklist",
            ),
            (
                "block",
                "Ben",
                "blocked",
                "",
                "",
                "Ben took the contact off the blocklist",
            ),
            ("a kind to come", "Ben", "", "", "", "Ben: a kind to come"),
        ] {
            assert_eq!(sentence(&item(kind, by, from, to, cause)), words);
        }
        let mut lunch = item("assignee", "Gwen", "Anna", "", "unassign");
        lunch.reason = Some(Safe::literal("lunch"));
        assert_eq!(sentence(&lunch), "Gwen handed it back from Anna: lunch");
    }
}
