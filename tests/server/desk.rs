//! A desk of its own for each test: served over TCP and a socket, with a team, and clients to talk to it.

use std::{
    fmt::Write as _,
    path::PathBuf,
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use handback::server::{
    Access, Consoles, Listener, Options, serve,
    store::{Store, TeamFile},
};
use reqwest::{Client, Method, StatusCode, header::HeaderMap};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::support::{self, Database};

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
    _kept: (Database, tempfile::TempDir),
    messages: AtomicU32,
}

impl Desk {
    pub async fn sqlite() -> Self {
        Self::start(support::sqlite(), Options::default()).await
    }

    /// `None` where there is no PostgreSQL to run on.
    pub async fn postgres() -> Option<Self> {
        let database = support::postgres()?;
        Some(Self::start(database, Options::default()).await)
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
        let store = database.open().await;
        let folder = tempfile::tempdir().unwrap();
        let desk = Self {
            consoles: options.consoles.clone(),
            socket: folder.path().join("run/desk.sock"),
            address: String::new(),
            stop: None,
            served: None,
            _kept: (database, folder),
            messages: AtomicU32::new(0),
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

    /// A client over TCP with this token, or none.
    pub fn guest(&self, token: Option<&str>) -> Guest {
        Guest {
            http: Client::builder().http1_only().no_proxy().build().unwrap(),
            base: self.address.clone(),
            token: token.map(str::to_owned),
        }
    }

    /// A client over the socket.
    pub fn on_socket(&self, token: Option<&str>) -> Guest {
        let socket = self.socket.as_path();
        Guest {
            http: Client::builder()
                .http1_only()
                .unix_socket(socket)
                .build()
                .unwrap(),
            base: "http://desk".into(),
            token: token.map(str::to_owned),
        }
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

    /// Stopped, and served again from the same database.
    pub async fn restarted(mut self) -> Self {
        self.begin_to_stop();
        self.stopped().await;
        self.served(Options::default()).await
    }

    pub fn begin_to_stop(&mut self) {
        drop(self.stop.take());
    }

    pub async fn stopped(&mut self) {
        self.served.take().unwrap().await.unwrap();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(served) = &self.served {
            served.abort();
        }
    }
}

/// Somebody who talks to a desk.
#[derive(Clone)]
pub struct Guest {
    http: Client,
    base: String,
    token: Option<String>,
}

/// An answer of the desk.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Said {
    /// The text at a JSON pointer.
    pub fn text(&self, pointer: &str) -> String {
        match self.body.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            _ => panic!("no text at {pointer}: {self:?}"),
        }
    }

    /// The ids of the rows of a page.
    pub fn ids(&self) -> Vec<String> {
        let items = self.body["items"]
            .as_array()
            .unwrap_or_else(|| panic!("{self:?}"));
        items
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Asserts a problem document of this status and kind.
    #[track_caller]
    pub fn is_problem(&self, status: u16, kind: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(
            self.headers["content-type"], "application/problem+json",
            "{self:?}"
        );
        assert_eq!(self.body["type"], format!("/problems/{kind}"), "{self:?}");
        assert_eq!(self.body["status"], status, "{self:?}");
        for field in ["title", "detail"] {
            assert!(
                self.body[field]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{self:?}"
            );
        }
    }
}

impl Guest {
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request
    }

    pub async fn get(&self, path: &str) -> Said {
        said(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Said {
        said(self.posting(path, body)).await
    }

    /// With an operation id of one's own.
    pub async fn post_as(&self, key: &str, path: &str, body: &Value) -> Said {
        said(self.posting(path, body).header("idempotency-key", key)).await
    }

    fn posting(&self, path: &str, body: &Value) -> reqwest::RequestBuilder {
        self.request(Method::POST, path)
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    /// The ids this one lists.
    pub async fn list(&self, query: &str) -> Vec<String> {
        self.get(&format!("/v1/conversations?{query}")).await.ids()
    }

    pub async fn reply(&self, id: &str, body: &str) -> Said {
        let path = format!("/v1/conversations/{id}/messages");
        self.post(&path, &json!({"body": body, "expected_assignee": null}))
            .await
    }

    pub async fn act(&self, id: &str, verb: &str) -> Said {
        self.post(&format!("/v1/conversations/{id}/{verb}"), &json!({}))
            .await
    }

    /// Opens the event stream.
    pub async fn events(&self, query: &str) -> Events {
        let response = self
            .request(Method::GET, &format!("/v1/events?{query}"))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Events {
            response,
            unread: String::new(),
        }
    }
}

/// Sends a request and reads the answer.
pub async fn said(request: reqwest::RequestBuilder) -> Said {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.unwrap();
    Said {
        status,
        headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}

/// An open event stream.
pub struct Events {
    response: reqwest::Response,
    unread: String,
}

/// One block of the stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub kind: String,
    pub id: Option<u64>,
    pub data: Value,
    pub comment: String,
    pub retry: Option<u64>,
}

/// Longer than anything here takes; only ever waited for by a test that fails.
const PATIENCE: Duration = Duration::from_secs(20);

impl Events {
    /// The next block, comments too; `None` at the end of the stream.
    pub async fn any(&mut self) -> Option<Heard> {
        loop {
            if let Some((block, rest)) = self.unread.split_once("\n\n") {
                let heard = read(block);
                self.unread = rest.to_owned();
                return Some(heard);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            match chunk.expect("the stream says something in time") {
                Ok(Some(bytes)) => self.unread.push_str(std::str::from_utf8(&bytes).unwrap()),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// The next event of one of these kinds.
    #[track_caller]
    pub async fn next(&mut self, kinds: &[&str]) -> Heard {
        loop {
            let heard = self.any().await.expect("the stream goes on");
            if kinds.contains(&heard.kind.as_str()) {
                return heard;
            }
        }
    }

    /// The next event that says something of a conversation, is `gone`, or voids all.
    pub async fn news(&mut self) -> Heard {
        self.next(&["conversation", "message", "gone", "reset"])
            .await
    }

    /// Everything until the stream ends.
    pub async fn rest(&mut self) -> Vec<Heard> {
        let mut all = Vec::new();
        while let Some(heard) = self.any().await {
            all.push(heard);
        }
        all
    }
}

fn read(block: &str) -> Heard {
    let mut heard = Heard::default();
    for line in block.lines() {
        let (field, value) = line.split_once(": ").unwrap_or((line, ""));
        match field {
            "event" => value.clone_into(&mut heard.kind),
            "id" => heard.id = Some(value.parse().unwrap()),
            "data" => heard.data = serde_json::from_str(value).unwrap(),
            "retry" => heard.retry = Some(value.parse().unwrap()),
            "" => value.clone_into(&mut heard.comment),
            _ => {
                let _ = write!(heard.comment, "UNKNOWN {line}");
            }
        }
    }
    heard
}
