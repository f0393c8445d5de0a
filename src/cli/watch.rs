//! `handback watch`: what happens at the desk, for scripts.
//!
//! It has no console's name, so that it never counts as signed in (Q9). A line is written by a thread of its own:
//! a reader that reads nothing keeps nobody from ending us.

use std::{io, thread, time::Duration};

use rustix::event::{PollFd, PollFlags, poll};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{
    Exit, Failure, Global, Outcome,
    connect::connect,
    json::{self, Line},
    print::{Heard, Out, Unwritten},
};
use crate::desk::{
    Desk, Query, Trouble,
    link::{self, News, Timing},
};

/// Lines, and news, that may wait for a slow reader; the desk keeps the rest.
const WAITING: usize = 64;
/// How long a line that is being written may take when we are to end.
const FAREWELL: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
pub(super) struct Watch {
    /// From there on: the cursor of the last line that was read; else from now on
    #[arg(long, value_name = "CURSOR")]
    after: Option<u64>,
    /// A JSON object a line: {cursor, event, …}. There is no other form
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Watch) -> Outcome {
    let fault = |error: io::Error| Failure::new(Exit::Unreachable, error);
    let (mut terminate, mut interrupt) = ends().map_err(fault)?;
    let desk = connect(global, None).await?.desk;
    let (lines, ended) = writer().map_err(fault)?;
    let reader_left = reader_left().map_err(fault)?;
    let unheard = lines.clone();
    let end = tokio::select! {
        end = watch(&desk, verb.after, lines) => end,
        _ = terminate.recv() => Ok(Exit::Done),
        _ = interrupt.recv() => Ok(Exit::Done),
        _ = reader_left => Ok(Exit::Done),
        () = unheard.closed() => Ok(Exit::Done),
    };
    drop(unheard);
    match timeout(FAREWELL, ended).await {
        Ok(Ok(Err(unwritten))) => Err(unwritten.into()),
        _ => end,
    }
}

fn ends() -> io::Result<(Signal, Signal)> {
    Ok((
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    ))
}

/// Turns what happens into lines, until nobody takes them or the desk does not know us any more.
async fn watch(desk: &impl Desk, after: Option<u64>, lines: mpsc::Sender<Line>) -> Outcome {
    let from = match after {
        Some(after) => desk.me().await.map(|_| after)?,
        None => now(desk).await?,
    };
    let (tell, mut news) = mpsc::channel(WAITING);
    let told = async {
        let mut cursor = from;
        while let Some(news) = news.recv().await {
            let is_lost = matches!(news, News::Lost { .. } | News::ShutOut { .. });
            if let Some(line) = line(&mut cursor, &news)
                && lines.send(line).await.is_err()
            {
                break;
            }
            // The link tries for ever; an account that is gone will not come back.
            if is_lost && let Err(trouble @ Trouble::NotSignedIn(_)) = desk.me().await {
                return Err(trouble.into());
            }
        }
        Ok(Exit::Done)
    };
    tokio::select! {
        end = told => end,
        () = link::keep(desk, Some(from), tell, Timing::default()) => Ok(Exit::Done),
    }
}

/// The cursor of this moment: the first line has it, so that nothing after it can be missed.
async fn now(desk: &impl Desk) -> Result<u64, Trouble> {
    let query = Query {
        limit: 1,
        ..Query::default()
    };
    desk.list(&query).await.map(|page| page.as_of)
}

/// A piece of news as a line. Every line has a cursor: what is not in the desk's log has the one before it, after
/// which it may be told again.
fn line(cursor: &mut u64, news: &News) -> Option<Line> {
    match news {
        News::Live => Some(Line::live(*cursor)),
        News::Lost { why, .. } | News::ShutOut { why, .. } => Some(Line::lost(*cursor, why)),
        News::Reset => Some(Line::reset(*cursor)),
        News::Event(event) => {
            *cursor = event.cursor.unwrap_or(*cursor);
            json::said(*cursor, &event.what)
        }
    }
}

/// What came of the writing: nobody reads any more, or why it cannot be written.
type Written = oneshot::Receiver<Result<(), Unwritten>>;

/// Writes lines to standard output, each at once.
fn writer() -> io::Result<(mpsc::Sender<Line>, Written)> {
    let (lines, mut taken) = mpsc::channel::<Line>(WAITING);
    let (tell, ended) = oneshot::channel();
    let mut write = move || {
        let mut out = Out::stdout();
        while let Some(line) = taken.blocking_recv() {
            match out.line(&line)? {
                Heard::Read => {}
                Heard::Gone => break,
            }
        }
        Ok(())
    };
    thread::Builder::new()
        .name("watch-write".into())
        .spawn(move || tell.send(write()))?;
    Ok((lines, ended))
}

/// Ready when whoever read standard output went away, though there is nothing to write.
fn reader_left() -> io::Result<oneshot::Receiver<()>> {
    let (tell, left) = oneshot::channel();
    let wait = move || {
        let stdout = io::stdout();
        // Nothing is asked for, so that only the end of the pipe comes.
        let mut fds = [PollFd::new(&stdout, PollFlags::empty())];
        while poll(&mut fds, None).is_err() {}
        tell.send(())
    };
    thread::Builder::new()
        .name("watch-reader".into())
        .spawn(wait)?;
    Ok(left)
}
