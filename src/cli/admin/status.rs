//! `handback admin status`: how the desk is doing, for a person and for what watches over hosts.

use std::{path::Path, time::Duration};

use clap::Args;
use jiff::SignedDuration;
use rustix::fs::statvfs;
use serde::Serialize;

use super::super::{
    Outcome,
    database::{Database, sqlite_path},
    exit::{Exit, Failure},
    print::Out,
    serving::Serving,
    words,
};
use crate::{domain::moment::Moment, say, server::store::DeskState, wire::Time};

/// Tell how the desk is doing: whether it is served, who is there, what waits in which queue, what is on its way, room, the last backup
///
/// Ends with 0 if all is well, 1 if something wants a look, 2 if something is wrong now: what monitoring understands.
#[derive(Clone, Debug, Args)]
pub(super) struct Status {
    /// How long a customer may wait in a queue before it wants a look: 30m, 2h
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = time)]
    waits: Duration,
    /// How old the last backup may be: 26h, 7d
    #[arg(long, value_name = "TIME", default_value = "26h", value_parser = time)]
    backup: Duration,
    /// JSON: {state, concerns, served, consoles, signed_in, assigned, queues, outbox, …}
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

fn time(text: &str) -> Result<Duration, String> {
    let span = text.parse::<SignedDuration>().ok();
    let days = text
        .strip_suffix('d')
        .and_then(|days| days.trim().parse::<i64>().ok());
    days.and_then(|days| days.checked_mul(24))
        .map(SignedDuration::from_hours)
        .or(span)
        .and_then(|span| Duration::try_from(span).ok())
        .ok_or_else(|| "a time is such as 30m, 26h or 7d".to_owned())
}

/// How long a message of ours may wait for its gateway before that wants a look.
const OUTBOX: Duration = Duration::from_secs(5 * 60);
/// Less room than this part of the disk wants a look, and than that is wrong now.
const ROOM: (u64, u64) = (10, 2);

pub(super) async fn run(verb: &Status) -> Outcome {
    let (store, _) = verb.database.open("admin status").await?;
    let state = store.state().await.map_err(super::failed);
    let url = verb.database.url()?;
    let served = match sqlite_path(&url) {
        Some(path) => Ok(Serving::is_there(path)),
        None => store.is_served().await.map_err(super::failed),
    };
    store.close().await;
    let (state, served) = (state?, served?);
    let room = sqlite_path(&url).and_then(Room::at);
    let concerns = concerns(verb, &state, served, room.as_ref());
    let worst = concerns.iter().map(|concern| concern.exit).max();
    let exit = worst.unwrap_or(Exit::Done);
    let mut out = Out::stdout();
    if verb.json {
        out.json(&Said::of(&state, served, room, &concerns, exit))?;
    } else {
        tell(&mut out, &state, room.as_ref(), &concerns)?;
    }
    out.finish()?;
    Ok(exit)
}

/// Something that is not as it should be.
struct Concern {
    exit: Exit,
    words: String,
}

/// What is wrong now first.
fn concerns(verb: &Status, state: &DeskState, served: bool, room: Option<&Room>) -> Vec<Concern> {
    let mut concerns = Vec::new();
    if !served {
        concerns.push(Concern {
            exit: Exit::WrongNow,
            words: "no desk is serving this database: is handback serve running?".to_owned(),
        });
    }
    let mut look = |words: String| {
        let exit = Exit::WantsALook;
        concerns.push(Concern { exit, words });
    };
    let since = |at: Moment| state.at.since(at);
    for queue in &state.queues {
        if let Some(waits) = queue.oldest.map(since).filter(|waits| *waits > verb.waits) {
            let (name, waits) = (&queue.name, words::lasts(waits));
            look(format!("{name}: a customer nobody has waits {waits}"));
        }
    }
    if let Some(waits) = state
        .oldest_waiting
        .map(since)
        .filter(|waits| *waits > OUTBOX)
    {
        let (messages, waits) = (words::many(state.waiting, "message"), words::lasts(waits));
        look(format!(
            "{messages} not at a gateway yet, the first for {waits}: is it running?"
        ));
    }
    if state.held > 0 {
        let held = words::many(state.held, "message");
        look(format!(
            "{held} held since the database was put back: handback admin outbox"
        ));
    }
    match state.backed_up.map(since) {
        None => look("no backup was ever made: handback admin backup FILE".to_owned()),
        Some(age) if age > verb.backup => {
            let age = words::lasts(age);
            look(format!(
                "the last backup is {age} old: handback admin backup FILE"
            ));
        }
        Some(_) => {}
    }
    if let Some(room) = room.filter(|room| room.percent() < ROOM.0) {
        let (percent, words) = (
            room.percent(),
            format!("{} % of the disk is left", room.percent()),
        );
        let exit = if percent < ROOM.1 {
            Exit::WrongNow
        } else {
            Exit::WantsALook
        };
        concerns.push(Concern { exit, words });
    }
    concerns.sort_by_key(|concern| std::cmp::Reverse(concern.exit));
    concerns
}

/// Room on the disk of the database, as `df` counts it: what only root may use is nobody's.
struct Room {
    free: u64,
    all: u64,
}

impl Room {
    fn at(path: &Path) -> Option<Self> {
        let disk = statvfs(path).ok()?;
        let used = disk.f_blocks.saturating_sub(disk.f_bfree);
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        Some(Self {
            free: bytes(disk.f_bavail),
            all: bytes(used.saturating_add(disk.f_bavail)).max(1),
        })
    }

    fn percent(&self) -> u64 {
        self.free.saturating_mul(100) / self.all
    }
}

fn tell(
    out: &mut Out<impl std::io::Write>,
    state: &DeskState,
    room: Option<&Room>,
    concerns: &[Concern],
) -> Result<(), Failure> {
    match concerns {
        [] => out.text(&say!("all is well"))?,
        some => {
            for concern in some {
                let now = if concern.exit == Exit::WrongNow {
                    "wrong now"
                } else {
                    "wants a look"
                };
                out.text(&say!("{now}: {}", concern.words))?;
            }
        }
    }
    let (consoles, people) = (words::many(state.consoles, "console"), state.signed_in);
    let assigned = words::many(state.assigned, "open conversation");
    out.text(&say!(
        "{people} signed in, at {consoles}; {assigned} assigned"
    ))?;
    let (some, none): (Vec<_>, Vec<_>) = state.queues.iter().partition(|q| q.unassigned > 0);
    for queue in &some {
        let waits = queue.oldest.map_or_else(String::new, |at| {
            format!(", the first waits {}", words::lasts(state.at.since(at)))
        });
        let (name, n, unanswered) = (&queue.name, queue.unassigned, queue.unanswered);
        out.text(&say!(
            "{name}: {n} unassigned, {unanswered} of them unanswered{waits}"
        ))?;
    }
    if !none.is_empty() {
        let other = if some.is_empty() { "" } else { "other " };
        let queues = words::many(none.len() as u64, &format!("{other}queue"));
        out.text(&say!("nothing unassigned in {queues}"))?;
    }
    let waiting = words::many(state.waiting, "message");
    let failed = words::many(state.failed, "open conversation");
    out.text(&say!(
        "{waiting} on their way to a gateway; in {failed} the last did not arrive"
    ))?;
    let backup = state.backed_up.map_or_else(|| say!("never"), words::clock);
    out.text(&say!("last backup: {backup}"))?;
    let left = room.map_or_else(String::new, |room| {
        format!(
            ", {} ({} %) of its disk free",
            size(room.free),
            room.percent()
        )
    });
    out.text(&say!(
        "database: {}{left}; {} of history",
        size(state.bytes),
        words::many(state.history, "line")
    ))?;
    Ok(())
}

/// So many bytes, in units that can be read at a glance.
fn size(bytes: u64) -> String {
    let mib = bytes.div_ceil(1 << 20);
    match mib {
        0..10_240 => format!("{mib} MiB"),
        _ => format!("{} GiB", mib >> 10),
    }
}

/// What `--json` says.
#[derive(Serialize)]
struct Said {
    /// `ok`, `wants_a_look` or `wrong_now`.
    state: &'static str,
    concerns: Vec<String>,
    at: Time,
    /// Whether a desk serves the database.
    served: bool,
    consoles: u64,
    signed_in: u64,
    assigned: u64,
    queues: Vec<Queue>,
    outbox: Outbox,
    failed_deliveries: u64,
    backed_up_at: Option<Time>,
    history_lines: u64,
    database_bytes: u64,
    disk_free_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Queue {
    id: String,
    name: String,
    unassigned: u64,
    unanswered: u64,
    oldest_since: Option<Time>,
}

#[derive(Serialize)]
struct Outbox {
    waiting: u64,
    held: u64,
    oldest_since: Option<Time>,
}

impl Said {
    fn of(
        state: &DeskState,
        served: bool,
        room: Option<Room>,
        concerns: &[Concern],
        exit: Exit,
    ) -> Self {
        let queues = state.queues.iter().map(|queue| Queue {
            id: queue.queue.to_string(),
            name: queue.name.clone(),
            unassigned: queue.unassigned,
            unanswered: queue.unanswered,
            oldest_since: queue.oldest.map(Time),
        });
        Self {
            state: match exit {
                Exit::Done => "ok",
                Exit::WrongNow => "wrong_now",
                _ => "wants_a_look",
            },
            concerns: concerns
                .iter()
                .map(|concern| concern.words.clone())
                .collect(),
            at: Time(state.at),
            served,
            consoles: state.consoles,
            signed_in: state.signed_in,
            assigned: state.assigned,
            queues: queues.collect(),
            outbox: Outbox {
                waiting: state.waiting,
                held: state.held,
                oldest_since: state.oldest_waiting.map(Time),
            },
            failed_deliveries: state.failed,
            backed_up_at: state.backed_up.map(Time),
            history_lines: state.history,
            database_bytes: state.bytes,
            disk_free_bytes: room.map(|room| room.free),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, said) in [
            (1, "1 MiB"),
            (10 << 30, "10 GiB"),
            ((10 << 30) - 1, "10 GiB"),
            (9 << 30, "9216 MiB"),
        ] {
            assert_eq!(size(bytes), said, "{bytes}");
        }
    }

    #[test]
    fn a_time_is_said_in_minutes_hours_or_days() {
        for (text, seconds) in [
            ("30m", 1_800),
            ("26h", 93_600),
            ("7d", 604_800),
            ("90s", 90),
        ] {
            assert_eq!(time(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "soon", "-1h", "d", "7"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
