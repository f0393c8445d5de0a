//! `/metrics`: how the desk is doing, as Prometheus reads it (text format 0.0.4). Numbers and names of queues, no word
//! and no identifier of a customer.

use std::fmt::{Display, Write as _};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    error::{Answer, Failure},
    session::Caller,
    store::{DeskState, QueueState},
    world::World,
};
use crate::domain::moment::Moment;

/// What the format is called.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers them to whoever has the permission `metrics`.
pub(crate) async fn show(State(world): State<World>, caller: Caller) -> Answer<Response> {
    if !caller.person.permissions.metrics {
        return Err(Failure::not_allowed("metrics"));
    }
    let (state, head) = (world.store.state().await?, world.store.head().await?);
    let kind = HeaderValue::from_static(FORMAT);
    Ok(([(header::CONTENT_TYPE, kind)], text(&state, head)).into_response())
}

fn text(state: &DeskState, head: u64) -> String {
    let mut page = Page::default();
    let age = |at: Moment| state.at.since(at).as_secs();
    let version = env!("CARGO_PKG_VERSION");
    page.family("handback_build_info", "gauge", "Which handback this is");
    page.labelled("handback_build_info", ("version", version), 1);
    for (name, says, value) in [
        (
            "handback_consoles",
            "Consoles that are live",
            state.consoles,
        ),
        (
            "handback_signed_in",
            "People who count as signed in",
            state.signed_in,
        ),
        (
            "handback_assigned",
            "Open conversations that somebody has",
            state.assigned,
        ),
        (
            "handback_outbox_waiting",
            "Messages that no gateway has yet",
            state.waiting,
        ),
        (
            "handback_outbox_held",
            "Messages held since the database was put back",
            state.held,
        ),
        (
            "handback_failed_deliveries",
            "Open conversations whose last message of ours did not arrive",
            state.failed,
        ),
        (
            "handback_history_lines",
            "Lines of the history",
            state.history,
        ),
        (
            "handback_database_bytes",
            "How large the database is",
            state.bytes,
        ),
    ] {
        page.family(name, "gauge", says);
        page.value(name, value);
    }
    page.family(
        "handback_events_total",
        "counter",
        "What happened at the desk, ever",
    );
    page.value("handback_events_total", head);
    for (name, says, at) in [
        (
            "handback_outbox_oldest_seconds",
            "How long the first message waits for its gateway",
            state.oldest_waiting,
        ),
        (
            "handback_backup_age_seconds",
            "How old the last backup is",
            state.backed_up,
        ),
    ] {
        if let Some(at) = at {
            page.family(name, "gauge", says);
            page.value(name, age(at));
        }
    }
    type Counted = fn(&QueueState, Moment) -> u64;
    let by_queue: [(&str, &str, Counted); 3] = [
        (
            "handback_unassigned",
            "Open conversations nobody has, by queue",
            |queue, _| queue.unassigned,
        ),
        (
            "handback_unassigned_unanswered",
            "Those of them whose customer waits",
            |queue, _| queue.unanswered,
        ),
        (
            "handback_oldest_wait_seconds",
            "How long the first of these waits; 0 if nobody does",
            |queue, now| queue.oldest.map_or(0, |since| now.since(since).as_secs()),
        ),
    ];
    for (name, says, counted) in by_queue {
        page.family(name, "gauge", says);
        for queue in &state.queues {
            page.labelled(name, ("queue", &queue.name), counted(queue, state.at));
        }
    }
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, says: &str) {
        let _ = writeln!(self.0, "# HELP {name} {says}\n# TYPE {name} {kind}");
    }

    fn value(&mut self, name: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    fn labelled(&mut self, name: &str, (label, of): (&str, &str), value: impl Display) {
        let of = of
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        let _ = writeln!(self.0, "{name}{{{label}=\"{of}\"}} {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::QueueId;

    #[test]
    fn every_number_has_its_line_and_a_name_cannot_make_another() {
        let state = DeskState {
            at: Moment(60_000_000),
            consoles: 3,
            signed_in: 2,
            assigned: 7,
            queues: vec![QueueState {
                queue: QueueId::parse("q").unwrap(),
                name: "Late \"letters\"\nx 1".into(),
                unassigned: 5,
                unanswered: 4,
                oldest: Some(Moment(0)),
            }],
            waiting: 0,
            oldest_waiting: None,
            held: 0,
            failed: 0,
            backed_up: Some(Moment(0)),
            history: 9,
            bytes: 4096,
        };
        let text = text(&state, 12);
        assert!(text.contains("\nhandback_consoles 3\n"));
        assert!(text.contains("\nhandback_backup_age_seconds 60\n"));
        let queue = r#"handback_oldest_wait_seconds{queue="Late \"letters\"\nx 1"} 60"#;
        assert!(text.contains(queue), "{text}");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(
                name.starts_with("handback_") && value.parse::<u64>().is_ok(),
                "{line}"
            );
        }
    }
}
