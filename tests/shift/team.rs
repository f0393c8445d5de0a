//! Who works this shift, in which queues, and how one reaches their desk.

use std::{path::PathBuf, time::Duration};

use handback::{
    desk::handback::{Handback, Options as Reach, Place},
    domain::moment::Moment,
    server::{
        Access, Limits, Listener, Options, serve,
        store::{Clock, Options as Opening, Store, TeamFile},
    },
};
use tokio::{sync::oneshot, task::JoinHandle, time::Instant};

use crate::support::Database;

/// How much faster than life the shift runs.
pub const SPEED: u32 = 100;

/// Advisors of each of the two teams.
const EACH: usize = 10;

/// The queues, each with a rule of its own.
const QUEUES: &str = r#"
queue = [
  { name = "Help", owner = "head", teams = ["cardiff", "swansea"], rule = "self_selection" },
  { name = "Rounds", owner = "head", teams = ["cardiff"], rule = "round_robin" },
  { name = "Busy", owner = "head", teams = ["cardiff", "swansea"], rule = "least_busy", max_open = 6, on_logout = "redistribute" },
  { name = "Login", owner = "head", teams = ["swansea"], on_login = "redistribute", on_logout = "redistribute", max_open = 8 },
]
"#;

/// The queues' names.
pub const QUEUE_NAMES: [&str; 4] = ["Help", "Rounds", "Busy", "Login"];

/// Twenty advisors, by username.
pub fn advisors() -> Vec<String> {
    let of = |team: &'static str| (0..EACH).map(move |n| format!("{team}{n}"));
    of("cara").chain(of("sian")).collect()
}

/// Two leaders above them.
pub const LEADERS: [&str; 2] = ["gwen", "glyn"];

fn team() -> String {
    let user = |username: &str, organisation: &str, role: &str| {
        format!(
            "  {{ username = \"{username}\", name = \"{username}\", organisation = \"{organisation}\", role = \"{role}\" }},\n"
        )
    };
    let mut users = String::new();
    for advisor in advisors() {
        let organisation = if advisor.starts_with("cara") {
            "cardiff"
        } else {
            "swansea"
        };
        users += &user(&advisor, organisation, "advisor");
    }
    for leader in LEADERS {
        users += &user(leader, "head", "advisor");
    }
    users += &user("gate", "head", "gateway");
    format!(
        r#"
organisation = [{{ name = "head" }}, {{ name = "cardiff", parent = "head" }}, {{ name = "swansea", parent = "head" }}]
role = [{{ name = "advisor", permissions = ["conversations"] }}, {{ name = "gateway", permissions = ["inbound"] }}]
user = [
{users}]
status = [{{ organisation = "head", name = "promise to pay" }}, {{ organisation = "cardiff", name = "call back" }}]
channel = [{{ name = "SMS", kind = "sms" }}]
{QUEUES}"#
    )
}

/// The desk of the shift, served over a socket; its clock runs [`SPEED`] times as fast as ours.
pub struct Desk {
    /// The database.
    pub store: Store,
    socket: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
    _kept: (Database, tempfile::TempDir),
}

impl Desk {
    /// Opens it in the morning.
    pub async fn open(database: Database) -> Self {
        let (began, base) = (Instant::now(), 1_764_572_400_000_000);
        let clock = Clock::new(move || Moment(base).after(began.elapsed() * SPEED));
        let opening = Opening {
            clock,
            ..Opening::default()
        };
        let store = database.open_with(opening).await;
        let file = TeamFile::parse("team.toml", &team()).expect("a team file");
        store.apply_team(&file, false).await.expect("a team");
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("run/desk.sock");
        let listener = Listener::unix(&socket, &Access::default()).expect("a socket");
        let options = Options {
            tokens_over_socket: true,
            looks: in_the_shift(5),
            limits: Limits {
                requests: 100 * SPEED,
                burst: 400 * SPEED,
                ..Limits::default()
            },
            ..Options::default()
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let to_serve = store.clone();
        let served = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            serve(vec![listener], to_serve, options, stopped)
                .await
                .expect("served");
        });
        Self {
            store,
            socket,
            stop: Some(stop),
            served: Some(served),
            _kept: (database, folder),
        }
    }

    /// The kind of its database: for messages.
    pub fn kind(&self) -> &'static str {
        self._kept.0.name
    }

    /// The desk as this person reaches it without a console.
    pub async fn reach(&self, username: &str) -> Handback {
        self.ways(username).await(None)
    }

    /// How this person reaches the desk from a console of that name, which counts as signed in.
    pub async fn reaching(&self, username: &str) -> impl Fn(String) -> Handback + Send + use<> {
        let ways = self.ways(username).await;
        move |console| ways(Some(console))
    }

    async fn ways(&self, username: &str) -> impl Fn(Option<String>) -> Handback + Send + use<> {
        let directory = self.store.directory();
        let user = directory.user(username).expect("of the team").id.clone();
        let token = self.store.new_token(&user, None).await.expect("a token");
        let socket = self.socket.clone();
        move |console| {
            let options = Reach {
                place: Place::Socket(socket.clone()),
                token: Some(token.clone()),
                roots: None,
                console,
            };
            Handback::new(options).expect("a way to the desk")
        }
    }

    /// Closes it in the evening.
    pub async fn close(mut self) {
        drop(self.stop.take());
        if let Some(served) = self.served.take() {
            served.await.expect("it was served to the end");
        }
    }
}

/// So long in the shift's own time.
pub fn in_the_shift(seconds: u64) -> Duration {
    Duration::from_secs(seconds) / SPEED
}
