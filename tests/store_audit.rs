//! The chain over the history (R37): whatever is changed behind the desk's back shows, at the first line of it.

mod support;

use handback::{
    domain::{action::Deed, id::ConversationId},
    server::store::{Audit, Broken, Store},
};
use sqlx::{AnyPool, AssertSqlSafe};
use support::{
    Database, databases,
    desk::{conversation, item, operation, person, sound, team},
};

/// Ten lines: three assignees seeded, then what Anna and Ben did.
async fn worked_at(db: &Database) -> Store {
    let store = db.open().await;
    team(&store).await;
    let seeds = ["A1", "A2", "A3"].map(|id| conversation(id, "Payments", Some("anna"), 5));
    store.seed(seeds.into_iter()).await.unwrap();
    let note = |words: &str| Deed::Note(words.to_owned());
    for (n, (who, deed, on, reason)) in [
        ("anna", Deed::Unassign, "A1", Some("lunch")),
        ("ben", Deed::Take, "A1", None),
        ("ben", note("Prefers a call"), "A1", None),
        ("anna", Deed::Unassign, "A2", None),
        ("anna", Deed::Take, "A2", None),
        ("ben", Deed::Unassign, "A1", Some("no time")),
        ("anna", note("Pays on Friday"), "A3", None),
    ]
    .into_iter()
    .enumerate()
    {
        let (by, key) = (person(&store, who), operation(&n.to_string()));
        store
            .act(&by, &deed, &item(on), reason, &key)
            .await
            .unwrap();
    }
    assert_eq!(ok(&store.audit(None).await.unwrap()), 10, "{}", db.name);
    store
}

/// How many lines hold, if all do.
fn ok(audit: &Audit) -> i64 {
    assert_eq!(audit.broken, None);
    audit.holds_to.line
}

/// Does to the database what nobody may: past the triggers that keep the history.
async fn tampers(db: &Database, statements: &[&str]) {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&db.url).await.unwrap();
    let past = match db.name {
        "postgres" => &["ALTER TABLE history DISABLE TRIGGER ALL"][..],
        _ => &[
            "DROP TRIGGER IF EXISTS history_stays",
            "DROP TRIGGER IF EXISTS history_remains",
        ],
    };
    for sql in past.iter().chain(statements) {
        sqlx::query(AssertSqlSafe(*sql))
            .execute(&pool)
            .await
            .unwrap();
    }
    pool.close().await;
}

#[tokio::test]
async fn r37_what_is_changed_behind_the_desks_back_is_named_by_its_line() {
    for (what, statements, line) in [
        (
            "who did it",
            &["UPDATE history SET by_person = 'ben' WHERE id = 4"][..],
            4,
        ),
        ("when", &["UPDATE history SET at = at + 1 WHERE id = 6"], 6),
        (
            "through what",
            &["UPDATE history SET cause = 'take' WHERE id = 7"],
            7,
        ),
        (
            "its reason",
            &["UPDATE history_words SET reason = 'ill' WHERE history = 4"],
            4,
        ),
        (
            "its note",
            &["UPDATE history_words SET body = 'Will not pay' WHERE history = 10"],
            10,
        ),
        (
            "that it had no words",
            &["UPDATE history SET words = '' WHERE id = 6"],
            6,
        ),
        (
            "a line",
            &[
                "DELETE FROM history_words WHERE history = 6",
                "DELETE FROM history WHERE id = 6",
            ],
            7,
        ),
        (
            "the last line",
            &[
                "DELETE FROM history_words WHERE history = 10",
                "DELETE FROM history WHERE id = 10",
            ],
            10,
        ),
        (
            "the last line, and that there was one",
            &[
                "DELETE FROM history_words WHERE history = 10",
                "DELETE FROM history WHERE id = 10",
                "UPDATE counter SET history = 9",
            ],
            10,
        ),
        (
            "a line put at the end",
            &[
                "INSERT INTO history (id, conversation, at, kind, by_person, was, became, cause, words, seal) \
               VALUES (11, 'A1', 1, 'assignee', 'ben', '', 'ben', 'take', '', 'x')",
            ],
            11,
        ),
    ] {
        for db in databases() {
            let store = worked_at(&db).await;
            tampers(&db, statements).await;
            let Audit {
                broken, holds_to, ..
            } = store.audit(None).await.unwrap();
            let Broken { line: named, why } = broken.expect(what);
            assert_eq!(named, line, "{}: {what}: {why}", db.name);
            assert!(holds_to.line < line, "{}: {what}", db.name);
        }
    }
}

#[tokio::test]
async fn r37_words_can_be_erased_and_the_chain_still_holds() {
    for db in databases() {
        let store = worked_at(&db).await;
        tampers(&db, &["DELETE FROM history_words WHERE history IN (4, 10)"]).await;
        let audit = store.audit(None).await.unwrap();
        assert_eq!((ok(&audit), audit.erased), (10, 2), "{}", db.name);
    }
}

/// Who can write the whole database can seal another history; a seal noted elsewhere shows it.
#[tokio::test]
async fn r37_another_history_does_not_go_through_a_seal_that_was_noted() {
    for db in databases() {
        let store = worked_at(&db).await;
        let noted = store.audit(None).await.unwrap().holds_to;
        let (by, key) = (person(&store, "ben"), operation("later"));
        store
            .act(&by, &Deed::Take, &item("A1"), None, &key)
            .await
            .unwrap();
        assert_eq!(ok(&store.audit(Some(&noted)).await.unwrap()), 11);
        let shorter = noted.clone();
        store.close().await;
        // Another desk with a history as sound, and as long.
        let other = support::sqlite();
        let other = worked_at(&other).await;
        sound(&other).await;
        let broken = other.audit(Some(&shorter)).await.unwrap().broken.unwrap();
        assert_eq!(broken.line, noted.line, "{}: {}", db.name, broken.why);
        let beyond = handback::server::store::Seal { line: 12, ..noted };
        assert_eq!(
            other
                .audit(Some(&beyond))
                .await
                .unwrap()
                .broken
                .unwrap()
                .line,
            11
        );
    }
}

/// A conversation's whole story is in the chain, also what many did at once.
#[tokio::test]
async fn r37_many_writers_at_once_make_one_chain() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = (0..8).map(|n| conversation(&format!("M{n}"), "Payments", None, 5));
        store.seed(seeds).await.unwrap();
        let mut at_once = tokio::task::JoinSet::new();
        for n in 0..40 {
            let store = store.clone();
            at_once.spawn(async move {
                let by = person(&store, if n % 2 == 0 { "anna" } else { "ben" });
                let id = ConversationId::parse(&format!("M{}", n % 8)).unwrap();
                let deed = if n < 20 { Deed::Take } else { Deed::Unassign };
                let key = operation(&n.to_string());
                store
                    .act(&by, &deed, &item(id.as_str()), None, &key)
                    .await
                    .unwrap();
            });
        }
        at_once.join_all().await;
        assert!(ok(&store.audit(None).await.unwrap()) >= 8);
        sound(&store).await;
    }
}
