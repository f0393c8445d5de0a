//! A desk of its own for each test: served over TCP and a socket, with a team, and clients to talk to it.

use std::{
    path::PathBuf,
    sync::{
        Arc, Once,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use handback::{
    domain::moment::Moment,
    server::{
        Access, Consoles, Limits, Listener, Options, serve,
        store::{self, Clock, Store, TeamFile},
    },
};
use reqwest::Client;
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    guest::Guest,
    support::{self, Database},
};

/// Who is who, as the tests name them:
///
/// ```text
/// head office     gwen (leads), greta (no Conversation screen), gate (the gateway)
///   wales         wyn
///     cardiff     anna, ben, adam (administrator), nick (administrator without the screen), sue (suspended)
///       east      eve
///     swansea     dot
/// ```
/// `Payments` is head office's, answered by cardiff; `Letters` likewise by swansea; `Own` is cardiff's own.
const TEAM: &str = r#"
organisation = [
  { name = "head" },
  { name = "wales", parent = "head" },
  { name = "cardiff", parent = "wales" },
  { name = "east", parent = "cardiff" },
  { name = "swansea", parent = "wales" },
]
role = [
  { name = "advisor", permissions = ["conversations"] },
  { name = "admin", permissions = ["conversations", "admin"] },
  { name = "office", permissions = ["admin"] },
  { name = "gateway", permissions = ["inbound"] },
]
user = [
  { username = "gwen", name = "Gwen Rees", organisation = "head", role = "advisor" },
  { username = "greta", name = "Greta Hill", organisation = "head", role = "office" },
  { username = "gate", name = "Gateway", organisation = "head", role = "gateway" },
  { username = "wyn", name = "Wyn Price", organisation = "wales", role = "advisor" },
  { username = "anna", name = "Anna Webb", organisation = "cardiff", role = "advisor" },
  { username = "ben", name = "Ben Cole", organisation = "cardiff", role = "advisor" },
  { username = "adam", name = "Adam Nash", organisation = "cardiff", role = "admin" },
  { username = "nick", name = "Nick Ford", organisation = "cardiff", role = "office" },
  { username = "sue", name = "Sue Lane", organisation = "cardiff", role = "advisor" },
  { username = "eve", name = "Eve Moss", organisation = "east", role = "advisor" },
  { username = "dot", name = "Dot Eames", organisation = "swansea", role = "advisor" },
]
queue = [
  { name = "Payments", owner = "head", teams = ["cardiff"] },
  { name = "Letters", owner = "head", teams = ["swansea"] },
  { name = "Own", owner = "cardiff", teams = ["cardiff"] },
]
channel = [
  { name = "SMS", kind = "sms" },
  { name = "WhatsApp", kind = "whatsapp" },
]
"#;

/// Everybody with an account, suspended or not.
pub const EVERYBODY: [&str; 11] = [
    "gwen", "greta", "gate", "wyn", "anna", "ben", "adam", "nick", "sue", "eve", "dot",
];

/// A test of the desk, run on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* $visibility:vis async fn $name:ident($desk:ident) $body:block) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "not every test uses what its file does")]
            use super::*;

            async fn scenario($desk: $crate::desk::Desk) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                scenario($crate::desk::Desk::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(desk) = $crate::desk::Desk::postgres().await {
                    scenario(desk).await;
                }
            }
        }
    };
}

/// A desk that is being served.
pub struct Desk {
    pub store: Store,
    pub consoles: Consoles,
    pub socket: PathBuf,
    address: String,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
    kept: (Database, tempfile::TempDir),
    messages: AtomicU32,
    /// By how much the desk's clock is ahead of the host's.
    ahead: Arc<AtomicI64>,
}

impl Desk {
    pub async fn sqlite() -> Self {
        Self::sqlite_with(generous()).await
    }

    /// Served as these options say.
    pub async fn sqlite_with(options: Options) -> Self {
        Self::start(support::sqlite(), options).await
    }

    /// `None` where there is no PostgreSQL to run on.
    pub async fn postgres() -> Option<Self> {
        let database = support::postgres()?;
        Some(Self::start(database, generous()).await)
    }

    /// A desk where tokens count over the socket too, as the demo has it.
    pub async fn with_tokens_over_socket() -> Self {
        let options = Options {
            tokens_over_socket: true,
            banner: Some("DEMO, no real customers".into()),
            ..Options::default()
        };
        Self::start(support::sqlite(), options).await
    }

    async fn start(database: Database, options: Options) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let ahead = Arc::new(AtomicI64::new(0));
        let store = open(&database, &ahead).await;
        let folder = tempfile::tempdir().unwrap();
        let desk = Self {
            consoles: options.consoles.clone(),
            socket: folder.path().join("run/desk.sock"),
            address: String::new(),
            stop: None,
            served: None,
            kept: (database, folder),
            messages: AtomicU32::new(0),
            ahead,
            store,
        };
        desk.apply("").await;
        desk.served(options).await
    }

    async fn served(mut self, options: Options) -> Self {
        let tcp = Listener::tcp(([127, 0, 0, 1], 0).into(), false)
            .await
            .unwrap();
        let unix = Listener::unix(&self.socket, &Access::default()).unwrap();
        self.address = tcp.place();
        let (stop, stopped) = oneshot::channel::<()>();
        let (store, listeners) = (self.store.clone(), vec![tcp, unix]);
        self.stop = Some(stop);
        self.served = Some(tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            serve(listeners, store, options, stopped).await.unwrap();
        }));
        self
    }

    /// Another process that serves the same database.
    pub async fn replica(&self) -> Self {
        Self::start(self.kept.0.again(), generous()).await
    }

    /// The kind of its database: for messages.
    pub fn kind(&self) -> &'static str {
        self.kept.0.name
    }

    /// Applies the tests' team, and `more` of it.
    pub async fn apply(&self, more: &str) {
        let suspended = TEAM.replace(
            r#"{ username = "sue", name = "Sue Lane","#,
            r#"{ username = "sue", name = "Sue Lane", suspended = true,"#,
        );
        let team = TeamFile::parse("team.toml", &format!("{suspended}{more}")).unwrap();
        self.store.apply_team(&team, false).await.unwrap();
    }

    /// Applies the tests' team with one text of it replaced.
    pub async fn change(&self, from: &str, to: &str) {
        assert!(TEAM.contains(from), "{from}");
        let team = TeamFile::parse("team.toml", &TEAM.replace(from, to)).unwrap();
        self.store.apply_team(&team, false).await.unwrap();
    }

    /// A client with a token of this person; suspended ones have theirs from before.
    pub async fn client(&self, username: &str) -> Guest {
        let directory = self.store.directory();
        let user = directory.user(username).unwrap().id.clone();
        let token = self.store.new_token(&user, None).await.unwrap();
        self.guest(Some(token.expose_secret()))
    }

    /// A new token of this person.
    pub async fn token(&self, username: &str) -> String {
        let user = self.store.directory().user(username).unwrap().id.clone();
        let token = self.store.new_token(&user, None).await.unwrap();
        token.expose_secret().to_owned()
    }

    /// Where it listens: address and port.
    pub fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    /// A client over TCP with this token, or none.
    pub fn guest(&self, token: Option<&str>) -> Guest {
        let http = Client::builder().http1_only().no_proxy();
        Guest::new(http.build().unwrap(), &self.address, token)
    }

    /// A client over the socket.
    pub fn on_socket(&self, token: Option<&str>) -> Guest {
        let http = Client::builder().http1_only();
        let http = http.unix_socket(self.socket.as_path());
        Guest::new(http.build().unwrap(), "http://desk", token)
    }

    /// A customer writes; the conversation it is in.
    pub async fn customer(&self, queue: &str, address: &str, body: &str) -> String {
        let number = self.messages.fetch_add(1, Ordering::Relaxed);
        let gate = self.client("gate").await;
        let said = gate
            .post(
                "/v1/inbound",
                &json!({
                    "queue": queue, "channel": "SMS", "body": body,
                    "contact": {"address": address, "name": format!("Customer {address}")},
                    "external_id": format!("m{number}"),
                }),
            )
            .await;
        assert_eq!(said.status, 201, "{said:?}");
        said.text("/conversation")
    }

    /// A conversation of a new customer that this person has taken.
    pub async fn held_by(&self, queue: &str, address: &str, username: &str) -> String {
        let id = self.customer(queue, address, "Hello?").await;
        let said = self
            .client(username)
            .await
            .post(&format!("/v1/conversations/{id}/take"), &json!({}))
            .await;
        assert_eq!(said.status, 200, "{said:?}");
        id
    }

    /// Stopped, and served again from the same database with these limits.
    pub async fn limited(mut self, limits: Limits) -> Self {
        self.begin_to_stop();
        self.stopped().await;
        let options = Options {
            limits,
            ..Options::default()
        };
        self.served(options).await
    }

    /// Stopped, and served again from the same database.
    pub async fn restarted(mut self) -> Self {
        self.begin_to_stop();
        self.stopped().await;
        self.served(generous()).await
    }

    /// Killed in the middle of everything, and served by another process from the same database.
    pub async fn killed(mut self) -> Self {
        let served = self.served.take().unwrap();
        served.abort();
        assert!(served.await.is_err());
        self.store = open(&self.kept.0, &self.ahead).await;
        self.served(generous()).await
    }

    /// The desk's clock moves on; nobody waits.
    pub fn passes(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.ahead.fetch_add(micros, Ordering::Relaxed);
    }

    /// Waits until the desk says that this person has a live console, or has none.
    pub async fn is_there(&self, who: &str, there: bool) {
        self.until(async || {
            let seats = self.store.seats().await.unwrap();
            let seat = seats.iter().find(|(id, _)| id.as_str() == who);
            seat.is_some_and(|(_, seat)| seat.signed_in) == there
        })
        .await;
    }

    /// Waits until this is so.
    pub async fn until(&self, so: impl AsyncFn() -> bool) {
        let begun = std::time::Instant::now();
        while !so().await {
            assert!(begun.elapsed() < Duration::from_secs(20), "never so");
            tokio::task::yield_now().await;
        }
    }

    pub fn begin_to_stop(&mut self) {
        drop(self.stop.take());
    }

    pub async fn stopped(&mut self) {
        self.served.take().unwrap().await.unwrap();
    }
}

/// A desk at which nobody asks too much: tests of the limits say theirs.
pub fn generous() -> Options {
    Options {
        limits: Limits {
            requests: 1_000_000,
            burst: 1_000_000,
            streams: 1_000,
            connections_of_one_user: 10_000,
            ..Limits::default()
        },
        ..Options::default()
    }
}

async fn open(database: &Database, ahead: &Arc<AtomicI64>) -> Store {
    let ahead = Arc::clone(ahead);
    let clock = Clock::new(move || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Moment(since.as_micros() as i64 + ahead.load(Ordering::Relaxed))
    });
    let options = store::Options {
        clock,
        ..store::Options::default()
    };
    database.open_with(options).await
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(served) = &self.served {
            served.abort();
        }
    }
}
