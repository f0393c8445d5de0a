//! R30: SQLite's write-ahead log cut at any byte, as a machine leaves it whose power went: what was acknowledged before
//! the cut is there, whole, and nothing else.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use handback::server::store::Store;
use rustix::process::Signal;
use serde_json::json;

use crate::{
    asking::Asker,
    figure::figure,
    many,
    served::Served,
    support::{self, desk::sound, dice::Dice},
};

/// What was acknowledged: a reply to this conversation, when the log was so long.
struct Acknowledged {
    conversation: String,
    length: u64,
}

fn log_of(database: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", database.display()))
}

#[test]
fn r30_a_log_cut_at_any_byte_keeps_what_was_acknowledged_before_and_nothing_half() {
    let begun = Instant::now();
    let mut desk = Served::start(support::sqlite());
    let database = PathBuf::from(desk.url().trim_start_matches("sqlite:"));
    let anna = Asker::new(&desk, "anna");
    let conversations: Vec<_> = (0..24)
        .map(|n| desk.customer(&format!("Customer {n}"), "Hello?"))
        .collect();
    // Begun anew, so that the log grows from its beginning on and nothing older stands behind its end.
    desk.told(Signal::TERM);
    assert!(desk.ends().success());
    desk.serve();
    let before = fs::metadata(log_of(&database)).map_or(0, |log| log.len());
    let replies = conversations
        .into_iter()
        .enumerate()
        .map(|(n, conversation)| {
            let body = json!({"body": format!("Reply {n}"), "expected_assignee": null});
            let path = format!("/v1/conversations/{conversation}/messages");
            let said = anna
                .post(&path, &format!("reply-{n}"), &body)
                .expect("an answer");
            assert_eq!(said.status, 201, "{said:?}");
            let length = fs::metadata(log_of(&database)).expect("a log").len();
            Acknowledged {
                conversation,
                length,
            }
        });
    let replies: Vec<_> = replies.collect();
    desk.kill();
    let (main, log) = (
        fs::read(&database).expect("a database"),
        fs::read(log_of(&database)).expect("a log"),
    );
    let lengths = replies.iter().map(|reply| reply.length);
    assert!(
        lengths.clone().is_sorted() && log.len() < 4 << 20,
        "nothing was folded back meanwhile"
    );

    // Each edge of a commit, and bytes anywhere.
    let mut dice = Dice::new(30);
    let (first, last) = (before, log.len() as u64);
    let mut cuts: Vec<u64> = lengths
        .step_by(4)
        .flat_map(|at| [at - 1, at, at + 1])
        .chain([first, last])
        .collect();
    let usually = cuts.len() + 12;
    while cuts.len() < many("HANDBACK_CUTS", usually) {
        cuts.push(first + dice.below(last - first + 1));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for (n, cut) in cuts.iter().enumerate() {
        let copy = folder.path().join(format!("{n}.db"));
        fs::write(&copy, &main).expect("a copy");
        let length = usize::try_from(*cut).expect("short").min(log.len());
        fs::write(log_of(&copy), &log[..length]).expect("a copy of the log");
        runtime.block_on(opens_as_acknowledged(&copy, *cut, &replies));
        let _ = fs::remove_file(&copy);
    }
    figure(
        "cuts of a log of 24 replies, each sound and complete up to the cut",
        cuts.len(),
    );
    figure("the log", format!("{} bytes", log.len()));
    println!("in {:?}", begun.elapsed());
}

/// Every reply acknowledged when the log was no longer than this is there, whole, and so is no later one, but perhaps the
/// one the cut went through.
async fn opens_as_acknowledged(database: &Path, cut: u64, replies: &[Acknowledged]) {
    let store = Store::open(&format!("sqlite:{}", database.display()))
        .await
        .expect("it opens");
    sound(&store).await;
    let mut present = 0;
    for (n, reply) in replies.iter().enumerate() {
        let id = reply.conversation.parse().expect("an id");
        let found = store.conversation(&id).await.expect("it reads");
        // The customer's message came before all of them.
        let found =
            found.unwrap_or_else(|| panic!("cut at {cut}: {} is not there", reply.conversation));
        let (mine, messages) = (found.facts.assignee.is_some(), found.messages);
        let there = mine && messages == 2;
        let not_there = !mine && messages == 1;
        assert!(
            there || not_there,
            "cut at {cut}: half of reply {n}: {mine}, {messages}"
        );
        assert!(
            there || reply.length > cut,
            "cut at {cut}: reply {n}, acknowledged at {}, is lost",
            reply.length
        );
        // SQLite fills a commit up to a sector with copies of its end, so that the last one may be whole before.
        let nothing_is_missing_before = n == present;
        assert!(
            not_there || nothing_is_missing_before,
            "cut at {cut}: reply {n} without those before"
        );
        present += usize::from(there);
    }
    let acknowledged = replies.iter().filter(|reply| reply.length <= cut).count();
    assert!(
        present <= acknowledged + 1,
        "cut at {cut}: {present} of {acknowledged}"
    );
    store.close().await;
}
