//! What is sent: the bodies of acts.

use serde::Serialize;

use crate::{
    desk::{Act, Many, ManyDeed},
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, UserId},
    },
    wire::{Time, act},
};

/// Any body of an act.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Body {
    Act(act::Act),
    Assign(act::AssignTo),
    Move(act::MoveTo),
    Status(act::SetStatus),
    Block(act::Block),
    Note(act::Note),
    Many(act::Many),
    AssignMany(act::AssignMany),
    MoveMany(act::MoveMany),
    StatusMany(act::StatusMany),
}

/// The body of an act on one conversation.
pub(super) fn of_act(asked: &Act) -> Body {
    let expected_assignee = assignee(&asked.expected.assignee);
    let expected_version = asked.expected.version;
    let reason = asked.reason.clone();
    match asked.deed.clone() {
        Deed::Assign(user) => Body::Assign(act::AssignTo {
            user: user.to_string(),
            expected_assignee,
            expected_version,
            reason,
        }),
        Deed::Move(queue) => Body::Move(act::MoveTo {
            queue: queue.to_string(),
            expected_assignee,
            expected_version,
            reason,
        }),
        Deed::Status(status) => Body::Status(act::SetStatus {
            status,
            expected_assignee,
            expected_version,
            reason,
        }),
        Deed::Block { until } => Body::Block(act::Block {
            until: until.map(Time),
            expected_assignee,
            expected_version,
            reason,
        }),
        Deed::Note(body) => Body::Note(act::Note {
            body,
            expected_assignee,
            expected_version,
            reason,
        }),
        Deed::Unassign
        | Deed::Take
        | Deed::Unblock
        | Deed::Close
        | Deed::Reopen
        | Deed::Intervene => Body::Act(act::Act {
            expected_assignee,
            expected_version,
            reason,
        }),
    }
}

/// Where the same is done to many, and the body that says so.
pub(super) fn of_many(many: &Many) -> (&'static str, Body) {
    let item = |(id, expected): &(ConversationId, Expectation)| act::Item {
        id: id.to_string(),
        expected_assignee: assignee(&expected.assignee),
        expected_version: expected.version,
    };
    let items = many.items.iter().map(item).collect();
    let (reason, if_quiet) = (many.reason.clone(), many.if_quiet);
    match many.deed.clone() {
        ManyDeed::Unassign => (
            "v1/unassign",
            Body::Many(act::Many {
                items,
                reason,
                if_quiet,
            }),
        ),
        ManyDeed::Assign(to) => (
            "v1/assign",
            Body::AssignMany(act::AssignMany {
                to: to.iter().map(ToString::to_string).collect(),
                items,
                reason,
                if_quiet,
            }),
        ),
        ManyDeed::Move(queue) => (
            "v1/move",
            Body::MoveMany(act::MoveMany {
                queue: queue.to_string(),
                items,
                reason,
                if_quiet,
            }),
        ),
        ManyDeed::Status(status) => (
            "v1/status",
            Body::StatusMany(act::StatusMany {
                status,
                items,
                reason,
                if_quiet,
            }),
        ),
    }
}

pub(super) fn assignee(expected: &Option<Option<UserId>>) -> Option<Option<String>> {
    expected
        .as_ref()
        .map(|assignee| assignee.as_ref().map(ToString::to_string))
}
