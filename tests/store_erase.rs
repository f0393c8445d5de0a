//! What is erased is gone from the database's files, and what the team did is still told by ids (R37).

mod support;

use std::fs;

use handback::{
    domain::{
        action::{Deed, Expectation},
        conversation::Handler,
        id::{ConversationId, QueueId},
        moment::Moment,
    },
    server::store::{Erasure, Inbound, Received, Reply, Store},
};
use sqlx::{AssertSqlSafe, PgPool};
use support::{
    Database, databases,
    desk::{apply, item, operation, person, sound, team},
};

/// Words that stand in what customers and colleagues write, and nowhere else.
const SECRETS: [&str; 6] = [
    "xylophonist",
    "quagmire",
    "zeppelin",
    "kumquat",
    "0777123456",
    "vuvuzela",
];

async fn hears(store: &Store, address: &str, name: &str, body: &str) -> ConversationId {
    let inbound = Inbound {
        queue: QueueId::parse("Payments").unwrap(),
        channel: "SMS".into(),
        address: address.into(),
        name: Some(name.into()),
        body: body.into(),
        external_id: format!("m{}", body.len() * 1_000 + name.len()),
        at: None,
        handler: Handler::Person,
        attachments: vec![],
    };
    match store.inbound(&inbound).await.unwrap() {
        Received::New { conversation, .. } => conversation,
        other => panic!("{other:?}"),
    }
}

/// A conversation with a secret in every place that can hold one.
async fn told(store: &Store) -> ConversationId {
    let id = hears(store, SECRETS[4], SECRETS[5], SECRETS[0]).await;
    let anna = person(store, "anna");
    let reply = Reply {
        conversation: id.clone(),
        body: format!("Dear {}", SECRETS[1]),
        expected: Expectation::default(),
        seen: None,
    };
    store.reply(&anna, &reply, &operation("r")).await.unwrap();
    let note = Deed::Note(SECRETS[2].to_owned());
    store
        .act(&anna, &note, &item(id.as_str()), None, &operation("n"))
        .await
        .unwrap();
    let why = Some(SECRETS[3]);
    store
        .act(
            &anna,
            &Deed::Unassign,
            &item(id.as_str()),
            why,
            &operation("u"),
        )
        .await
        .unwrap();
    id
}

/// How many of the secrets are anywhere in the database.
async fn secrets_in(db: &Database) -> Vec<&'static str> {
    let everything = match db.url.strip_prefix("sqlite:") {
        Some(path) => ["", "-wal"]
            .iter()
            .filter_map(|end| fs::read(format!("{path}{end}")).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect(),
        None => rows_of(&db.url).await,
    };
    SECRETS
        .into_iter()
        .filter(|secret| everything.contains(secret))
        .collect()
}

async fn rows_of(url: &str) -> String {
    let pool = PgPool::connect(url).await.unwrap();
    let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
    let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap();
    let mut all = String::new();
    for table in tables {
        let sql = format!("SELECT t::text FROM {table} t");
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&pool)
            .await
            .unwrap();
        all += &rows.join("\n");
    }
    pool.close().await;
    all
}

#[tokio::test]
async fn r37_what_is_erased_is_nowhere_any_more_and_the_history_holds() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let id = told(&store).await;
        let other = hears(&store, "0777999", "Bea", "Hello there").await;
        assert_eq!(
            secrets_in(&db).await.len(),
            SECRETS.len(),
            "the test finds them: {}",
            db.name
        );
        let lines = store.audit(None).await.unwrap().holds_to.line;
        let about = store.about(SECRETS[4], None).await.unwrap();
        assert_eq!((about.contacts, about.conversations), (1, 1));
        let erased = store.erase(SECRETS[4], None).await.unwrap();
        assert_eq!(
            (erased.contacts, erased.conversations, erased.on_their_way),
            (1, 1, 0)
        );
        assert_eq!(secrets_in(&db).await, [""; 0], "{}", db.name);
        let row = store.conversation(&id).await.unwrap().unwrap();
        assert_eq!(
            (row.contact_name.as_str(), row.contact_address.as_str()),
            ("", "(erased)")
        );
        let history = store.history(&id, None, 50).await.unwrap().items;
        assert_eq!(history[0].kind, "erase");
        assert!(
            history.iter().any(|line| line.by.is_some()),
            "who did what stays"
        );
        assert!(
            history
                .iter()
                .all(|line| line.reason.is_none() && line.body.is_none())
        );
        let audit = store.audit(None).await.unwrap();
        assert_eq!((audit.broken, audit.holds_to.line), (None, lines + 1));
        assert!(audit.erased >= 2);
        let kept = store.conversation(&other).await.unwrap().unwrap();
        assert_eq!(kept.contact_address, "0777999");
        sound(&store).await;
        // Whoever writes from there again is somebody new.
        let again = hears(&store, SECRETS[4], "Somebody", "Me again").await;
        assert_ne!(again, id);
        assert_eq!(
            store.erase("0777000", None).await.unwrap(),
            Erasure::default()
        );
        sound(&store).await;
    }
}

#[tokio::test]
async fn what_is_on_its_way_is_not_erased_before_it_arrived() {
    for db in databases() {
        let store = db.open().await;
        let hook = "deliver_to = \"http://127.0.0.1:9/\"\nsecret_file = \"/nowhere\"\n";
        apply(&store, &format!("{}{hook}", support::desk::TEAM)).await;
        let id = told(&store).await;
        let erased = store.erase(SECRETS[4], None).await.unwrap();
        assert_eq!(
            (erased.conversations, erased.on_their_way, erased.contacts),
            (0, 1, 0)
        );
        let row = store.conversation(&id).await.unwrap().unwrap();
        assert_eq!(
            row.contact_address, SECRETS[4],
            "nothing half done: {}",
            db.name
        );
        sound(&store).await;
    }
}

#[tokio::test]
async fn closed_conversations_are_erased_when_they_were_kept_long_enough() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let id = told(&store).await;
        let (anna, never) = (person(&store, "anna"), Moment(0));
        assert_eq!(
            store.erase_closed_before(store.days_ago(0)).await.unwrap(),
            Erasure::default(),
            "it is open"
        );
        store
            .act(
                &anna,
                &Deed::Close,
                &item(id.as_str()),
                None,
                &operation("c"),
            )
            .await
            .unwrap();
        assert_eq!(
            store.erase_closed_before(never).await.unwrap(),
            Erasure::default()
        );
        assert_eq!(
            store
                .erase_closed_before(store.days_ago(0))
                .await
                .unwrap()
                .conversations,
            1
        );
        assert_eq!(secrets_in(&db).await, [""; 0], "{}", db.name);
        assert_eq!(
            store.erase_closed_before(store.days_ago(0)).await.unwrap(),
            Erasure::default(),
            "once"
        );
        sound(&store).await;
    }
}
