//! R30: the line to PostgreSQL breaks in the middle of a commit, before it arrived or before its answer did. Nobody is
//! told what did not happen, and who asks again under the same operation id has it once.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::Duration,
};

use handback::server::store::Store;
use serde_json::json;

use crate::{
    asking::Asker,
    figure::figure,
    many,
    served::Served,
    support::{self, Database, desk::sound},
};

const WHOLE: u8 = 0;
/// The next commit does not reach the database.
const BEFORE: u8 = 1;
/// It does, and its answer does not come back.
const AFTER: u8 = 2;

/// Stands between a desk and its database.
struct Between(Arc<AtomicU8>);

impl Between {
    /// Listens in this folder, as PostgreSQL at the other one does.
    fn start(folder: &Path, database: &Path) -> Self {
        let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).expect("a socket");
        let mode = Arc::<AtomicU8>::default();
        let (kept, database) = (Arc::clone(&mode), database.join(".s.PGSQL.5432"));
        thread::spawn(move || {
            for desk in listener.incoming().map_while(Result::ok) {
                let (mode, database) = (
                    Arc::clone(&kept),
                    UnixStream::connect(&database).expect("PostgreSQL"),
                );
                let (asks, asked) = (
                    desk.try_clone().expect("a line"),
                    database.try_clone().expect("a line"),
                );
                thread::spawn(move || asks_on(asks, asked, &mode));
                thread::spawn(move || copy(database, desk));
            }
        });
        Self(mode)
    }

    fn breaks(&self, mode: u8) {
        self.0.store(mode, Ordering::SeqCst);
    }

    fn broke(&self) -> bool {
        self.0.load(Ordering::SeqCst) == WHOLE
    }
}

/// Passes on what the desk says, up to the commit that is to break.
fn asks_on(mut desk: UnixStream, mut database: UnixStream, mode: &AtomicU8) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = desk.read(&mut bytes) {
        let commits = bytes[..count].windows(7).any(|some| some == b"COMMIT\0");
        if commits {
            match mode.swap(WHOLE, Ordering::SeqCst) {
                BEFORE => break,
                AFTER => {
                    // Nobody hears the answer; the database hears the question.
                    let _ = desk.shutdown(Shutdown::Both);
                    let _ = database.write_all(&bytes[..count]);
                    thread::sleep(Duration::from_millis(50)); // It is done by then, or done without us.
                    break;
                }
                _ => {}
            }
        }
        if database.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = desk.shutdown(Shutdown::Both);
    let _ = database.shutdown(Shutdown::Both);
}

fn copy(mut from: UnixStream, mut to: UnixStream) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn r30_a_line_to_the_database_that_breaks_in_a_commit_loses_and_doubles_nothing() {
    let Some(database) = support::postgres() else {
        return;
    };
    let folder = tempfile::Builder::new()
        .prefix("hb-cut-")
        .tempdir_in("/tmp")
        .expect("a folder");
    let (url, place) = database
        .url
        .split_once("?host=")
        .expect("a socket's folder");
    let between = Between::start(folder.path(), Path::new(place));
    let cut = Database::at(
        "postgres",
        &format!("{url}?host={}", folder.path().display()),
    );
    let mut desk = Served::start(cut);
    let anna = Asker::new(&desk, "anna");
    let rounds = many("HANDBACK_CUTS", 24);
    let (mut unknown, mut had_happened) = (0, 0);
    let mut conversations = Vec::new();
    for n in 0..rounds {
        let id = desk.customer(&format!("Customer {n}"), "Hello?");
        let path = format!("/v1/conversations/{id}/messages");
        let reply = || {
            let body = json!({"body": format!("Reply {n}"), "expected_assignee": null});
            anna.post(&path, &format!("reply-{n}"), &body)
                .expect("an answer")
        };
        let mode = if n % 2 == 0 { BEFORE } else { AFTER };
        between.breaks(mode);
        let first = reply();
        assert!(first.status == 201 || first.is_unwell(), "{first:?}");
        assert!(between.broke(), "something was committed");
        let there = anna.get(&path).body["items"]
            .as_array()
            .expect("messages")
            .len()
            == 2;
        if first.status == 201 {
            assert!(there, "acknowledged and not there");
        } else {
            unknown += 1;
            had_happened += usize::from(there);
            assert!(!there || mode == AFTER, "it never reached the database");
            let again = reply();
            assert_eq!(again.status, 201, "asked again: {again:?}");
        }
        conversations.push(id);
    }
    assert!(
        unknown >= rounds / 2,
        "of {rounds} only {unknown} were answered with: unknown"
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&database.url).await.expect("it opens");
        sound(&store).await;
        for id in &conversations {
            let found = store
                .conversation(&id.parse().expect("an id"))
                .await
                .expect("it reads");
            assert_eq!(found.expect("it is there").messages, 2, "once each");
        }
        store.close().await;
    });
    figure("commits cut in the middle", rounds);
    figure("answered with: unknown, ask again", unknown);
    figure(
        "of which had happened, and were not done twice",
        had_happened,
    );
}
