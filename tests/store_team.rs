//! The team file, applied, on both databases; tokens; opening.

mod support;

use handback::{
    domain::{id::ConversationId, moment::Moment},
    server::store::{Difference, Store, StoreError, TeamFile, TokenState},
};
use secrecy::ExposeSecret as _;
use support::{
    databases,
    desk::{TEAM, apply, conversation, person, sound, team},
};

async fn changes(store: &Store, text: &str, dry_run: bool) -> Vec<String> {
    let file = TeamFile::parse("team.toml", text).unwrap();
    let differences = store.apply_team(&file, dry_run).await.unwrap();
    let said = |d: Difference| format!("{} {}: {}", d.kind, d.name, d.change);
    differences.into_iter().map(said).collect()
}

async fn refused(store: &Store, text: &str) -> String {
    let file = TeamFile::parse("team.toml", text).unwrap();
    match store.apply_team(&file, false).await {
        Err(StoreError::TeamFile(error)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_team_is_applied_as_often_as_one_likes() {
    for db in databases() {
        let store = db.open().await;
        let all = changes(&store, TEAM, true).await;
        assert!(
            all.iter().all(|change| change.ends_with(": new")),
            "{all:#?}"
        );
        assert!(
            store.directory().users.is_empty(),
            "a dry run changes nothing"
        );
        assert_eq!(changes(&store, TEAM, false).await, all);
        assert_eq!(changes(&store, TEAM, false).await, [""; 0]);
        let version = store.directory().version;
        let renamed = "[[queue]]\nname = 'Money'\nwas = 'Payments'\nowner = 'head'\nteams = ['Cardiff']\n\
                       rule = 'least_busy'\nmax_open = 5\n";
        assert_eq!(
            changes(&store, renamed, false).await,
            [
                "queue Money: name: Payments → Money, rule: self_selection → least_busy, \
              max_open: none → 5, teams: Cardiff Swansea → Cardiff"
            ]
        );
        assert_eq!(changes(&store, renamed, false).await, [""; 0]);
        let directory = store.directory();
        let queue = directory.queue("Money").unwrap();
        assert_eq!(
            (queue.id.as_str(), queue.max_open),
            ("Payments", Some(5)),
            "the id stays"
        );
        assert!(directory.version > version);
        assert_eq!(
            directory.user_by_unix_name("awebb").unwrap().id.as_str(),
            "anna"
        );
        assert_eq!(directory.user_by_unix_name("nobody"), None);
    }
}

#[tokio::test]
async fn q1_what_is_no_team_is_refused_by_line() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let teams = "\n[[queue]]\nname = 'Odd'\nowner = 'Cardiff'\nteams = ['Swansea']\n";
        assert_eq!(
            refused(&store, teams).await,
            "team.toml:2: queue \"Odd\": its team \"Swansea\" is neither its owner \"Cardiff\" nor below it"
        );
        let owner = "[[queue]]\nname = 'Odd'\nowner = 'Cardif'\nteams = []\n";
        assert_eq!(
            refused(&store, owner).await,
            "team.toml:1: there is no organisation \"Cardif\"; the nearest is \"Cardiff\""
        );
        let cycle = "[[organisation]]\nname = 'Head office'\nparent = 'Cardiff'\n";
        assert!(
            refused(&store, cycle)
                .await
                .starts_with("team.toml:1: organisation ")
        );
        let id = "[[organisation]]\nname = 'Other'\nid = 'Cardiff'\nparent = 'head'\n[[organisation]]\nname = 'Cardiff'\nid = 'x'\n";
        let taken = TeamFile::parse("team.toml", id).unwrap();
        assert!(
            store.apply_team(&taken, true).await.is_ok(),
            "names may be exchanged"
        );
        assert!(store.directory().queue("Odd").is_none());
    }
}

#[tokio::test]
async fn q10_who_loses_the_access_loses_what_they_hold_there() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = [
            conversation("A1", "Payments", Some("anna"), 5),
            conversation("A2", "Letters", Some("anna"), 5),
            conversation("D1", "Payments", Some("dot"), 5),
        ];
        store.seed(seeds.into_iter()).await.unwrap();
        let without = "[[queue]]\nname = 'Payments'\nowner = 'head'\nteams = ['Swansea']\n";
        apply(&store, without).await;
        let id = |text| ConversationId::parse(text).unwrap();
        let mut holders = Vec::new();
        for text in ["A1", "A2", "D1"] {
            let now = store.conversation(&id(text)).await.unwrap().unwrap();
            holders.push(now.facts.assignee.map(|who| who.to_string()));
        }
        assert_eq!(holders, [None, Some("anna".into()), Some("dot".into())]);
        let history = store.history(&id("A1"), None, 1).await.unwrap().items;
        assert_eq!(history[0].cause.as_deref(), Some("lost_access"));
        assert_eq!(history[0].by, None, "the desk itself did it");
        sound(&store).await;
    }
}

#[tokio::test]
async fn r34_a_token_tells_who_asks_until_it_is_revoked_or_over() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let anna = person(&store, "anna");
        let token = store.new_token(&anna.id, None).await.unwrap();
        let over = store.new_token(&anna.id, Some(Moment(1))).await.unwrap();
        assert_eq!(
            store.user_by_token(token.expose_secret()).await.unwrap(),
            Some(anna.clone())
        );
        assert_eq!(
            store.user_by_token(over.expose_secret()).await.unwrap(),
            None
        );
        assert_eq!(store.user_by_token("hb_nonsense").await.unwrap(), None);
        let suspended = TEAM.replace("unix_user = \"awebb\"", "suspended = true");
        apply(&store, &suspended).await;
        assert_eq!(
            store.user_by_token(token.expose_secret()).await.unwrap(),
            None
        );
        apply(&store, TEAM).await;
        assert_eq!(
            store.user_by_token(token.expose_secret()).await.unwrap(),
            None,
            "who left and comes back gets a new one"
        );
        let token = store.new_token(&anna.id, None).await.unwrap();
        let head = store.head().await.unwrap();
        assert_eq!(store.revoke_tokens(&anna.id).await.unwrap(), 1);
        assert_eq!(
            store.user_by_token(token.expose_secret()).await.unwrap(),
            None
        );
        assert_eq!(
            store.head().await.unwrap(),
            head + 1,
            "a running desk hears of it"
        );
        sound(&store).await;
    }
}

#[tokio::test]
async fn r32_who_leaves_hands_back_what_they_have_and_their_tokens_are_revoked() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = ["A1", "A2"].map(|id| conversation(id, "Payments", Some("anna"), 5));
        store.seed(seeds.into_iter()).await.unwrap();
        let token = store
            .new_token(&person(&store, "anna").id, None)
            .await
            .unwrap();
        let suspended = TEAM.replace("unix_user = \"awebb\"", "suspended = true");
        let leaves = "user anna: leaves: conversations handed back: 2, tokens revoked: 1, consoles cut off within \
                      seconds; drafts that stay on the hosts they were written on: 0";
        for dry_run in [true, false] {
            let said = changes(&store, &suspended, dry_run).await;
            assert!(
                said.iter().any(|line| line == leaves),
                "{}: {said:?}",
                db.name
            );
        }
        assert_eq!(
            store.user_by_token(token.expose_secret()).await.unwrap(),
            None
        );
        let held = store
            .conversation(&ConversationId::parse("A1").unwrap())
            .await
            .unwrap();
        assert_eq!(held.unwrap().facts.assignee, None);
        assert_eq!(
            changes(&store, &suspended, false).await,
            [""; 0],
            "said once"
        );
        sound(&store).await;
    }
}

#[tokio::test]
async fn r34_tokens_are_listed_without_their_secret_and_each_is_revoked_alone() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let (anna, ben) = (person(&store, "anna"), person(&store, "ben"));
        let one = store.new_token(&anna.id, None).await.unwrap();
        let other = store.new_token(&anna.id, None).await.unwrap();
        store.new_token(&ben.id, Some(Moment(1))).await.unwrap();
        let listed = store.tokens(None).await.unwrap();
        assert_eq!(listed.len(), 3);
        assert_eq!(store.tokens(Some(&anna.id)).await.unwrap().len(), 2);
        for row in &listed {
            let said = format!("{row:?}");
            assert!(!said.contains(&one.expose_secret()[3..20]), "{said}");
        }
        let over = listed.iter().find(|row| row.person == ben.id).unwrap();
        assert_eq!(over.state, TokenState::Expired(Moment(1)));
        assert_eq!(
            store.revoke_token(&over.id).await.unwrap(),
            0,
            "it is over already"
        );
        let head = store.head().await.unwrap();
        let first = store.tokens(Some(&anna.id)).await.unwrap().remove(0);
        assert_eq!(store.revoke_token(&first.id).await.unwrap(), 1);
        assert_eq!(
            store.head().await.unwrap(),
            head + 1,
            "a running desk hears of it"
        );
        assert_eq!(store.revoke_token(&first.id).await.unwrap(), 0);
        let mut good = 0;
        for token in [&one, &other] {
            let user = store.user_by_token(token.expose_secret()).await.unwrap();
            good += usize::from(user.is_some());
        }
        assert_eq!(good, 1, "the other one is still good");
        let now = store.tokens(Some(&anna.id)).await.unwrap();
        let revoked = now
            .iter()
            .filter(|row| matches!(row.state, TokenState::Revoked(_)));
        assert_eq!(revoked.count(), 1);
    }
}

#[tokio::test]
async fn a_database_of_a_newer_handback_is_refused() {
    for db in databases() {
        let store = db.open().await;
        assert_eq!(store.directory().desk.len(), 10);
        let desk = store.directory().desk.clone();
        store.ping().await.unwrap();
        store.close().await;
        let again = db.open().await;
        assert_eq!(again.directory().desk, desk, "a desk keeps its id");
        again.close().await;
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'newer', true, $1, 0)";
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&db.url).await.unwrap();
        sqlx::query(newer)
            .bind(vec![1u8])
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
        let error = Store::open(&db.url).await.unwrap_err();
        assert!(
            matches!(error, StoreError::Newer(9999)),
            "{}: {error}",
            db.name
        );
    }
    for url in [
        "mysql://x",
        "sqlite:",
        "sqlite::memory:",
        "desk.db",
        "postgresql//:x",
    ] {
        let error = Store::open(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Url(_)), "{url}: {error}");
    }
}

/// The history is for good, also for those who can write SQL (R37).
#[tokio::test]
async fn r37_the_history_refuses_change() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        store
            .seed([conversation("A1", "Payments", Some("anna"), 5)].into_iter())
            .await
            .unwrap();
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&db.url).await.unwrap();
        for sql in [
            "UPDATE history SET by_person = 'ben'",
            "DELETE FROM history",
        ] {
            let error = sqlx::query(sql).execute(&pool).await.unwrap_err();
            assert!(
                error.to_string().contains("append-only"),
                "{}: {error}",
                db.name
            );
        }
        pool.close().await;
    }
}

/// Both databases have the same tables, and each table the same columns in the same order.
#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let columns = |text: &str| {
        let tables = text.split("CREATE TABLE ").skip(1);
        let of_table = tables.map(|table| {
            let (name, rest) = table.split_once(" (").unwrap();
            let body = rest.split_once("\n)").unwrap().0;
            let columns = body.lines().map(str::trim).filter(|line| !line.is_empty());
            let columns = columns.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            let columns = columns.map(|line| line.split_whitespace().next().unwrap().to_owned());
            (name.to_owned(), columns.collect::<Vec<_>>())
        });
        of_table.collect::<Vec<_>>()
    };
    let sqlite = columns(include_str!("../migrations/sqlite/0001_desk.sql"));
    let postgres = columns(include_str!("../migrations/postgres/0001_desk.sql"));
    assert!(sqlite.len() > 15);
    assert_eq!(sqlite, postgres);
}
