//! A desk with a million open conversations: every list, count and page of an advisor, a leader and the root, beside what
//! was measured of the bare queries when the desk was designed. The goal is twice that.

use std::time::{Duration, Instant};

use handback::{
    domain::{
        id::{ConversationId, QueueId},
        person::Person,
    },
    server::store::{From, ListQuery, SeedConversation, Store, View},
};
use sqlx::{AnyPool, AssertSqlSafe, Row as _};

use crate::support::{
    Database, databases,
    desk::{apply, conversation, person},
};

const QUEUES: usize = 200;
const TEAMS: usize = 20;
const ADVISORS: usize = 200;
/// Rows of a page.
const PAGE: u16 = 100;
/// So many are made as the desk makes them, the others from these, by the database itself.
const MADE: usize = 20_000;
/// How often each is asked for.
const TIMES: usize = 100;

/// The root over four regions of five teams each, ten advisors a team; each queue is two teams'.
fn team() -> String {
    let mut text = String::from(
        "[[role]]\nname = 'r'\npermissions = ['conversations']\n[[channel]]\nname = 'SMS'\nkind = 'sms'\n\
         [[organisation]]\nname = 'top'\n\
         [[user]]\nusername = 'root'\nname = 'R'\norganisation = 'top'\nrole = 'r'\n",
    );
    for n in 0..4 {
        text += &format!("[[organisation]]\nname = 'r{n}'\nparent = 'top'\n");
    }
    text += "[[user]]\nusername = 'leader'\nname = 'L'\norganisation = 'r1'\nrole = 'r'\n";
    for n in 0..TEAMS {
        text += &format!("[[organisation]]\nname = 't{n}'\nparent = 'r{}'\n", n % 4);
    }
    for n in 0..ADVISORS {
        text += &format!(
            "[[user]]\nusername = 'u{n}'\nname = 'U'\norganisation = 't{}'\nrole = 'r'\n",
            n % TEAMS
        );
    }
    for n in 0..QUEUES {
        let (one, two) = (n % TEAMS, (n + 1) % TEAMS);
        text += &format!("[[queue]]\nname = 'q{n}'\nowner = 'top'\nteams = ['t{one}', 't{two}']\n");
    }
    text
}

fn seed(n: usize) -> SeedConversation {
    let queue = n % QUEUES;
    let advisor = queue % TEAMS + TEAMS * (n / QUEUES % (ADVISORS / TEAMS));
    let has = !(n / 7).is_multiple_of(5);
    let assignee = has.then(|| format!("u{advisor}"));
    let mut made = conversation("X", &format!("q{queue}"), assignee.as_deref(), n as i64);
    made.id = None;
    made.address = format!("+44{n:09}");
    made.name = format!("{} {}", ["Bea", "Carl", "Dee", "Eve"][n % 4], n / 1000);
    made
}

/// The statements that make indexes, by name: without them, and with them again at the end, filling takes minutes less.
async fn indexes(pool: &AnyPool, is_sqlite: bool) -> Vec<(String, String)> {
    let sql = if is_sqlite {
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL \
         AND tbl_name IN ('conversation', 'contact_word')"
    } else {
        "SELECT indexname::text, indexdef FROM pg_indexes WHERE tablename IN ('conversation', 'contact_word') \
         AND indexname NOT LIKE '%pkey'"
    };
    let rows = sqlx::query(sql).fetch_all(pool).await.expect("indexes");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Makes so many of each there is, with contacts and messages of their own.
async fn multiply(db: &Database, times: usize) {
    sqlx::any::install_default_drivers();
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1);
    let pool = pool.connect(&db.url).await.expect("the database");
    let is_sqlite = db.name == "sqlite";
    let tell = async |sql: &str| {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&pool)
            .await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    if is_sqlite {
        tell("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY")
            .await;
    }
    let indexes = indexes(&pool, is_sqlite).await;
    for (name, _) in &indexes {
        tell(&format!("DROP INDEX {name}")).await;
    }
    tell("CREATE TABLE copy (k BIGINT NOT NULL)").await;
    for k in 1..times {
        tell(&format!("INSERT INTO copy VALUES ({k})")).await;
    }
    let columns = "channel, queue, assignee, open, bot, status, touched, grp, version, acted, began_by_us, began_at, \
                   messages, last_direction, last_preview, last_at, last_delivery, customer_at";
    for (table, into, from) in [
        (
            "contact",
            "id, owner, channel, address, name",
            "substr(b.id, 1, 58) || '-' || k, owner, channel, address || '-' || k, name",
        ),
        (
            "contact_word",
            "word, contact",
            "word, substr(b.contact, 1, 58) || '-' || k",
        ),
        (
            "conversation",
            &format!("id, contact, contact_name, contact_address, since, {columns}"),
            &format!(
                "b.id || '-' || k, substr(contact, 1, 58) || '-' || k, contact_name, contact_address || '-' || k, \
                 since + k * 1000, {columns}"
            ),
        ),
        (
            "message",
            "conversation, n, direction, body, at, sender, delivery, attachments",
            "b.conversation || '-' || k, n, direction, body, at, sender, delivery, attachments",
        ),
    ] {
        let begun = Instant::now();
        tell(&format!("CREATE TABLE base AS SELECT * FROM {table}")).await;
        tell(&format!(
            "INSERT INTO {table} ({into}) SELECT {from} FROM base b CROSS JOIN copy ORDER BY 1, 2"
        ))
        .await;
        tell("DROP TABLE base").await;
        println!("{}: {table} filled in {:?}", db.name, begun.elapsed());
    }
    tell(&format!(
        "UPDATE holding SET n = n * {times}, unanswered = unanswered * {times}"
    ))
    .await;
    tell("DROP TABLE copy").await;
    let begun = Instant::now();
    for (_, sql) in &indexes {
        tell(sql).await;
    }
    println!("{}: indexes in {:?}", db.name, begun.elapsed());
    if is_sqlite {
        tell("PRAGMA wal_checkpoint(TRUNCATE)").await;
    }
    pool.close().await;
    db.tidies_up().await;
}

/// What the bare queries took when the desk was designed: an advisor's page, a page of everything from a place in it, and
/// counts, in ms.
struct Designed {
    page: f64,
    anywhere: f64,
    counts: f64,
}

impl Designed {
    fn of(db: &Database) -> Self {
        Self {
            page: if db.name == "sqlite" { 0.9 } else { 0.24 },
            anywhere: 0.12,
            counts: 0.1,
        }
    }
}

fn says(db: &Database, who: &str, what: &str, mut took: Vec<Duration>, designed: f64) {
    took.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let median = ms(took[took.len() / 2]);
    println!(
        "{}: {who}, {what}: median {median:.2} ms, p99 {:.2}, worst {:.2}; goal {:.2}, {:.1} times what was designed",
        db.name,
        ms(took[took.len() * 99 / 100]),
        ms(took[took.len() - 1]),
        designed * 2.0,
        median / designed,
    );
}

async fn asks(store: &Store, viewer: &Person, query: &ListQuery) -> (Vec<Duration>, usize, u64) {
    let (mut took, mut rows, mut all) = (Vec::new(), 0, 0);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let listed = store.list(viewer, query).await.expect("a list");
        took.push(begun.elapsed());
        (rows, all) = (listed.rows.len(), listed.counts.all);
    }
    (took, rows, all)
}

/// Pages one after the other from the beginning.
async fn walks(store: &Store, viewer: &Person) -> (Vec<Duration>, Option<ConversationId>) {
    let mut query = ListQuery {
        limit: PAGE,
        ..ListQuery::default()
    };
    let (mut took, mut reached) = (Vec::new(), None);
    while took.len() < TIMES {
        let begun = Instant::now();
        let page = store.list(viewer, &query).await.expect("a page");
        took.push(begun.elapsed());
        reached = page.rows.last().map(|row| row.facts.id.clone());
        let Some(next) = page.next else { break };
        query.from = From::Cursor(next);
    }
    (took, reached)
}

#[tokio::test]
#[ignore = "figures of a very large desk, minutes of work"]
async fn a_million_open() {
    let set = std::env::var("CONVERSATIONS").ok();
    let count: usize = set.and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let made = count.min(MADE);
    for db in databases() {
        let begun = Instant::now();
        let store = db.open().await;
        apply(&store, &team()).await;
        store.seed((0..made).map(seed)).await.expect("seeded");
        store.close().await;
        multiply(&db, count / made).await;
        let store = db.open().await;
        let root = person(&store, "root");
        let (counts, ..) = store.counts(&root).await.expect("counts");
        println!(
            "{}: {} open, filled in {:?}",
            db.name,
            counts.all,
            begun.elapsed()
        );
        assert_eq!(counts.all, (count / made * made) as u64);

        let designed = Designed::of(&db);
        let queue = || Some(QueueId::parse("q21").expect("an id"));
        for (who, viewer) in [
            ("an advisor", "u1"),
            ("a leader", "leader"),
            ("the root", "root"),
        ] {
            let viewer = person(&store, viewer);
            let mut took = Vec::new();
            for _ in 0..TIMES {
                let begun = Instant::now();
                store.counts(&viewer).await.expect("counts");
                took.push(begun.elapsed());
            }
            says(&db, who, "counts by queue", took, designed.counts);
            let (walked, reached) = walks(&store, &viewer).await;
            let around = From::Around(reached.expect("a row"));
            for (what, view, queue, from) in [
                ("mine", View::Mine, None, From::Start),
                ("unassigned", View::Unassigned, None, From::Start),
                ("all", View::All, None, From::Start),
                ("all, the last page", View::All, None, From::End),
                ("all, the page around one", View::All, None, around),
                ("one queue", View::All, queue(), From::Start),
                (
                    "one queue, unassigned",
                    View::Unassigned,
                    queue(),
                    From::Start,
                ),
            ] {
                let query = ListQuery {
                    view,
                    queue,
                    from,
                    limit: PAGE,
                    ..ListQuery::default()
                };
                let (took, rows, all) = asks(&store, &viewer, &query).await;
                let what = format!("{what}, {rows} rows of {all}");
                says(&db, who, &what, took, designed.page);
            }
            let what = format!("all, {} pages in a row", walked.len());
            says(&db, who, &what, walked, designed.page);
        }
        // The cheapest there is to ask: what a request costs beside its rows.
        let query = ListQuery {
            limit: 1,
            ..ListQuery::default()
        };
        let (took, ..) = asks(&store, &root, &query).await;
        says(&db, "the root", "all, one row", took, designed.anywhere);
        for (who, viewer, q) in [
            ("an advisor", "u1", "b"),
            ("the root", "root", "carl 17"),
            ("the root", "root", "000123"),
        ] {
            let query = ListQuery {
                q: q.into(),
                limit: PAGE,
                ..ListQuery::default()
            };
            let (took, rows, _) = asks(&store, &person(&store, viewer), &query).await;
            says(
                &db,
                who,
                &format!("contacts by {q:?}, {rows} rows"),
                took,
                50.0,
            );
        }
        store.close().await;
    }
}
