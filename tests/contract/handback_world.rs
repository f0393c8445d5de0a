//! The desk we ship, reached as a console reaches it: over loopback, with a token.

use std::sync::atomic::{AtomicU32, Ordering};

use handback::{
    desk::handback::{Handback, Options},
    domain::{id::ConversationId, moment::Moment},
    server::{
        self, Listener, serve,
        store::{Store, TeamFile},
    },
};
use tokio::sync::oneshot;

use crate::world::World;

const TEAM: &str = r#"
organisation = [{ name = "head" }, { name = "cardiff", parent = "head" }, { name = "swansea", parent = "head" }]
role = [{ name = "advisor", permissions = ["conversations"] }, { name = "gateway", permissions = ["inbound"] }]
user = [
  { username = "gwen", name = "Gwen Rees", organisation = "head", role = "advisor" },
  { username = "gate", name = "Gateway", organisation = "head", role = "gateway" },
  { username = "anna", name = "Anna Webb", organisation = "cardiff", role = "advisor" },
  { username = "ben", name = "Ben Cole", organisation = "cardiff", role = "advisor" },
  { username = "dot", name = "Dot Eames", organisation = "swansea", role = "advisor" },
]
queue = [
  { name = "Payments", owner = "head", teams = ["cardiff"] },
  { name = "Own", owner = "cardiff", teams = ["cardiff"] },
  { name = "Old", owner = "head", teams = [], active = false },
]
status = [{ organisation = "head", name = "promise to pay" }]
phrase = [
  { organisation = "head", keywords = ["thanks"], body = "Thank you,\nthat is sorted." },
  { organisation = "swansea", keywords = ["swansea"], body = "Greetings." },
]
channel = [{ name = "SMS", kind = "sms" }]
"#;

/// A desk on SQLite in a folder of its own; stops when it is dropped.
pub(crate) struct Served {
    store: Store,
    address: String,
    written: AtomicU32,
    _stop: oneshot::Sender<()>,
    _folder: tempfile::TempDir,
}

impl World for Served {
    type Desk = Handback;

    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("desk.db").display());
        let store = Store::open(&url).await.unwrap();
        let team = TeamFile::parse("team.toml", TEAM).unwrap();
        store.apply_team(&team, false).await.unwrap();
        let listener = Listener::tcp(([127, 0, 0, 1], 0).into(), false)
            .await
            .unwrap();
        let address = listener.place();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = serve(
            vec![listener],
            store.clone(),
            server::Options::default(),
            async {
                // Dropped, not told: either way it is over.
                let _ = stopped.await;
            },
        );
        tokio::spawn(async move { served.await.unwrap() });
        Self {
            store,
            address,
            written: AtomicU32::new(0),
            _stop: stop,
            _folder: folder,
        }
    }

    async fn desk(&self, who: &str) -> Handback {
        let user = self.store.directory().user(who).unwrap().id.clone();
        let token = self.store.new_token(&user, None::<Moment>).await.unwrap();
        Handback::new(Options {
            place: self.address.parse().unwrap(),
            token: Some(token),
            roots: None,
            console: None,
        })
        .unwrap()
    }

    async fn writes(&self, queue: &str, name: &str, address: &str, body: &str) -> ConversationId {
        let user = self.store.directory().user("gate").unwrap().id.clone();
        let token = self.store.new_token(&user, None::<Moment>).await.unwrap();
        let said = serde_json::json!({
            "queue": queue, "channel": "SMS", "body": body,
            "contact": {"address": address, "name": name},
            "external_id": format!("m{}", self.written.fetch_add(1, Ordering::Relaxed)),
        });
        use secrecy::ExposeSecret;
        let answer = tokio::task::spawn_blocking({
            let address = self.address.trim_start_matches("http://").to_owned();
            let token = token.expose_secret().to_owned();
            move || post(&address, "/v1/inbound", &token, &said.to_string())
        });
        let received: serde_json::Value = serde_json::from_str(&answer.await.unwrap()).unwrap();
        ConversationId::parse(received["conversation"].as_str().expect("a conversation")).unwrap()
    }
}

/// What a gateway does, which is no part of the port: one request, by hand.
fn post(address: &str, path: &str, token: &str, body: &str) -> String {
    use std::io::{Read, Write};
    let mut line = std::net::TcpStream::connect(address).unwrap();
    write!(
        line,
        "POST {path} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 20"), "{answer}");
    body.to_owned()
}
