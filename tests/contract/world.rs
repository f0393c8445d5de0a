//! What every case needs of the world around a desk.

use std::time::Duration;

use handback::{
    desk::{Act, Answer, Desk, Event, EventStream, From, Query, Reply, View},
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, OperationId},
        row::Row,
    },
};

/// A desk of its own for each case, with this team:
///
/// ```text
/// head        gwen
///   cardiff   anna, ben
///   swansea   dot
/// ```
/// and two queues both answered by cardiff: `Payments` of head, `Own` of cardiff; an inactive one, `Old`, of head alone;
/// one status, of head;
/// and two phrases, `thanks` of head, in two lines, and one of swansea.
pub(crate) trait World: Sized {
    /// The desk under test.
    type Desk: Desk;

    /// A fresh one.
    async fn start() -> Self;

    /// The desk as this person reaches it.
    async fn desk(&self, who: &str) -> Self::Desk;

    /// A customer of this name and address writes into a queue.
    async fn writes(&self, queue: &str, name: &str, address: &str, body: &str) -> ConversationId;

    /// A new customer writes into `Payments`.
    async fn customer(&self, number: u32) -> ConversationId {
        let (name, address) = (
            format!("Customer {number}"),
            format!("+44770090{number:04}"),
        );
        self.writes("Payments", &name, &address, "Hello?").await
    }
}

/// A new operation id.
pub(crate) fn operation() -> OperationId {
    OperationId::parse(&uuid::Uuid::now_v7().to_string()).unwrap()
}

/// An act with nothing expected.
pub(crate) fn act(deed: Deed, id: &ConversationId) -> Act {
    Act {
        operation: operation(),
        deed,
        conversation: id.clone(),
        expected: Expectation::default(),
        reason: None,
    }
}

/// A reply with nothing expected.
pub(crate) fn reply(id: &ConversationId, body: &str) -> Reply {
    Reply {
        operation: operation(),
        conversation: id.clone(),
        body: body.to_owned(),
        expected_assignee: None,
        seen: None,
    }
}

/// The act must be done and seen; the row since.
pub(crate) async fn done(desk: &impl Desk, act: &Act) -> Row {
    match desk.act(act).await {
        Answer::Done(Some(row)) => *row,
        other => panic!("{:?} of {}: {other:?}", act.deed, act.conversation),
    }
}

/// The first page of a view.
pub(crate) fn query(view: View, limit: u16) -> Query {
    Query {
        view,
        queue: None,
        filter: String::new(),
        from: From::Start,
        limit,
    }
}

pub(crate) fn ids(rows: &[Row]) -> Vec<ConversationId> {
    rows.iter().map(|row| row.id.clone()).collect()
}

/// Waits for an event that `wanted` makes something of.
pub(crate) async fn hear<T>(
    events: &mut impl EventStream,
    wanted: impl Fn(&Event) -> Option<T>,
) -> T {
    let heard = async {
        loop {
            let event = events.next().await.expect("the stream goes on");
            if let Some(found) = wanted(&event) {
                return found;
            }
        }
    };
    // Not a speed to keep: only so that a case that never hears it ends.
    tokio::time::timeout(Duration::from_secs(30), heard)
        .await
        .expect("it is heard")
}
