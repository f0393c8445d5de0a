//! A desk as a team runs it: `handback serve` as a process of its own, on a real database, reached over TCP and a
//! socket. It can be killed and started again.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    collections::HashSet,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::{
    account::{Account, HANDBACK},
    console::Console,
    support::Database,
};

/// Who works there: Gwen above Anna and Ben, who are of one organisation; the gateway hands in what customers write.
/// Anna is the account that runs the tests.
pub const TEAM: &str = r#"
organisation = [{ name = "Head office" }, { name = "Cardiff", parent = "Head office" }]
role = [
  { name = "advisor", permissions = ["conversations"] },
  { name = "gateway", permissions = ["inbound"] },
]
user = [
  { username = "gwen", name = "Gwen Rees", organisation = "Head office", role = "advisor" },
  { username = "anna", name = "Anna Webb", organisation = "Cardiff", role = "advisor", unix_user = "ACCOUNT" },
  { username = "ben", name = "Ben Cole", organisation = "Cardiff", role = "advisor" },
  { username = "gate", name = "Gateway", organisation = "Head office", role = "gateway" },
]
queue = [{ name = "Payments", owner = "Head office", teams = ["Cardiff"] }]
channel = [{ name = "SMS", kind = "sms" }]
"#;

/// A desk that is served.
pub struct Served {
    /// Where its processes and their files live.
    pub account: Account,
    /// Its socket, at which Anna needs no token.
    pub socket: PathBuf,
    address: String,
    process: Mutex<Option<Child>>,
    handed_in: u32,
    made: Mutex<HashSet<String>>,
    database: Database,
    log: Arc<Mutex<String>>,
    /// What its own processes find in their environment besides.
    told: Vec<(&'static str, PathBuf)>,
}

impl Served {
    /// Makes the team, and serves.
    pub fn start(database: Database) -> Self {
        Self::of(database, TEAM)
    }

    /// Makes this team instead, and serves. `ACCOUNT` stands for the account that runs the tests; without a user
    /// `gate` nobody hands in what customers write.
    pub fn of(database: Database, team: &str) -> Self {
        Self::told_besides(database, team, Vec::new())
    }

    /// Likewise, by processes that find this in their environment besides.
    pub fn told_besides(
        database: Database,
        team: &str,
        told: Vec<(&'static str, PathBuf)>,
    ) -> Self {
        let account = Account::new();
        let mut served = Self {
            socket: account.home().join("run/desk.sock"),
            account,
            address: "127.0.0.1:0".into(),
            process: Mutex::default(),
            handed_in: 0,
            made: Mutex::default(),
            database,
            log: Arc::default(),
            told,
        };
        served.apply(team);
        served.serve();
        served
    }

    /// Makes the team what this says.
    pub fn apply(&self, team: &str) {
        let who = Command::new("id").arg("-un").output().expect("id");
        let who = String::from_utf8(who.stdout).expect("a name");
        let file = self.account.home().join("team.toml");
        fs::write(&file, team.replace("ACCOUNT", who.trim())).expect("a team");
        self.admin(&["apply", file.to_str().expect("a path")]);
    }

    /// The kind of its database: for messages.
    pub fn name(&self) -> &'static str {
        self.database.name
    }

    /// `handback admin` on its database.
    pub fn admin_verb(&self, arguments: &[&str]) -> Command {
        let mut command = self.account.command(HANDBACK);
        command.arg("admin").args(arguments);
        command.args(["--database", &self.database.url]);
        command.envs(self.told.iter().cloned());
        command
    }

    fn admin(&self, arguments: &[&str]) -> String {
        let output = self.admin_verb(arguments).output();
        let output = output.expect("the program");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Serves, where it was served before; returns when it listens.
    pub fn serve(&mut self) {
        let mut command = self.account.command(HANDBACK);
        command.args(["serve", "--database", &self.database.url]);
        command
            .args(["--listen", &self.address, "--socket"])
            .arg(&self.socket);
        command.envs(self.told.iter().cloned());
        let mut process = command.stderr(Stdio::piped()).spawn().expect("the program");
        let said = BufReader::new(process.stderr.take().expect("its words"));
        self.process = Mutex::new(Some(process));
        let log = Arc::clone(&self.log);
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                let mut log = log.lock().expect("the log");
                *log += &format!("{line}\n");
                let _ = tell.send(line);
            }
        });
        let mut before = String::new();
        loop {
            let line = told.recv_timeout(Duration::from_secs(40));
            let line = line.unwrap_or_else(|_| panic!("it does not listen: {before}"));
            if let Some((_, place)) = line.split_once("listening on http://") {
                self.address = place.trim_end_matches('/').to_owned();
            } else if line.contains("run:") {
                return; // The last thing it says before it serves.
            }
            before += &(line + "\n");
        }
    }

    /// kill -9.
    pub fn kill(&self) {
        self.told(Signal::KILL);
        self.ends();
    }

    /// Asks it to end, as the system does, and waits until it has; gives how long that took.
    pub fn stop(&self) -> Duration {
        let asked = std::time::Instant::now();
        self.told(Signal::TERM);
        let ended = self.ends();
        assert!(ended.success(), "{ended}");
        asked.elapsed()
    }

    /// What its process says of itself under this name in `/proc/PID/status`: `VmRSS` in kilobytes, say.
    pub fn status(&self, name: &str) -> Option<u64> {
        let id = self.process.lock().expect("the process").as_ref()?.id();
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .ok()
    }

    /// Its process, as the host counts.
    pub fn pid(&self) -> u32 {
        let process = self.process.lock().expect("the process");
        process.as_ref().expect("it is served").id()
    }

    /// A signal.
    pub fn told(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.pid()).expect("a number")).expect("a process");
        kill_process(pid, signal).expect("told");
    }

    /// Waits until it has ended by itself; how.
    pub fn ends(&self) -> ExitStatus {
        let mut process = self
            .process
            .lock()
            .expect("the process")
            .take()
            .expect("it is served");
        process.wait().expect("its end")
    }

    /// It answers nothing any more, and does not say so, until it is [killed](Self::kill) or this is dropped.
    pub fn freezes(&self) {
        self.told(Signal::STOP);
    }

    /// Whether a person counts as signed in, as Gwen sees it.
    pub fn is_signed_in(&self, username: &str) -> bool {
        self.colleague(username)["signed_in"] == true
    }

    /// Whether a person counts as away, as Gwen sees it.
    pub fn is_away(&self, username: &str) -> bool {
        self.colleague(username)["away"] == true
    }

    fn colleague(&self, username: &str) -> Value {
        let (status, said) = self.ask("gwen", "GET", "/v1/users", None);
        assert_eq!(status, 200, "{said}");
        let all = said["items"].as_array().expect("people");
        let found = all
            .iter()
            .find(|one| one["id"] == username || one["username"] == username);
        found
            .unwrap_or_else(|| panic!("{username} in {said}"))
            .clone()
    }

    /// Everything its processes said so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// Where it listens, over TCP.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What a program is told to reach the desk as this person, over TCP.
    pub fn as_person(&self, username: &str) -> [String; 4] {
        self.as_person_at(&self.address, username)
    }

    /// As [`as_person`](Self::as_person), through something else that listens there.
    pub fn as_person_at(&self, address: &str, username: &str) -> [String; 4] {
        let token = self.token_file(username).display().to_string();
        let desk = format!("http://{address}");
        ["--desk".into(), desk, "--token-file".into(), token]
    }

    /// A plain verb of this person, ready to be run.
    pub fn verb(&self, username: &str, arguments: &[&str]) -> Command {
        let mut command = self.account.command(HANDBACK);
        command.args(self.as_person(username)).args(arguments);
        command
    }

    /// A console of this person, whose list is there.
    pub fn console(&self, account: &Account, username: &str) -> Console {
        let arguments = self.as_person(username);
        let console = account.console(&arguments.each_ref().map(String::as_str));
        console.shows("live ");
        console
    }

    /// A console of Anna's on the socket, where the kernel says who she is.
    pub fn annas(&self, account: &Account) -> Console {
        let console = self.annas_as_configured(account);
        console.shows("live ");
        console
    }

    /// The same, whatever its settings make of it.
    pub fn annas_as_configured(&self, account: &Account) -> Console {
        let desk = format!("unix:{}", self.socket.display());
        account.console(&["--desk", &desk])
    }

    /// What a person shows who asks without a program of ours.
    pub fn token(&self, username: &str) -> String {
        let token = fs::read_to_string(self.token_file(username)).expect("a token");
        token.trim().to_owned()
    }

    /// Likewise of many, who have used none of our programs either.
    pub fn tokens(&self, usernames: &[String]) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let store = self.database.open().await;
            let mut tokens = Vec::new();
            for username in usernames {
                let user = store.directory().user(username).expect("a user").id.clone();
                let token = store.new_token(&user, None).await.expect("a token");
                tokens.push(secrecy::ExposeSecret::expose_secret(&token).to_owned());
            }
            store.close().await;
            tokens
        })
    }

    /// Where its database is.
    pub fn url(&self) -> &str {
        &self.database.url
    }

    /// The file with this person's token, made when it is first asked for.
    fn token_file(&self, username: &str) -> PathBuf {
        let mut made = self.made.lock().expect("what was made");
        let file = self.account.home().join(format!("{username}.token"));
        if made.insert(username.to_owned()) {
            let token = self.admin(&["token", username]);
            self.account.keeps(&format!("{username}.token"), &token);
        }
        file
    }

    /// A customer writes, each from an address of their own; gives the conversation's id.
    pub fn customer(&mut self, name: &str, body: &str) -> String {
        self.customer_of("Payments", name, body)
    }

    /// Likewise, into this queue.
    pub fn customer_of(&mut self, queue: &str, name: &str, body: &str) -> String {
        self.handed_in += 1;
        let number = name
            .bytes()
            .fold(0, |sum, byte| (sum * 31 + u32::from(byte)) % 1_000_000);
        let told = json!({
            "queue": queue, "channel": "SMS", "body": body, "external_id": format!("m{}", self.handed_in),
            "contact": {"address": format!("+44 7700 {number:06}"), "name": name},
        });
        let (status, said) = self.ask("gate", "POST", "/v1/inbound", Some(&told));
        assert_eq!(status, 201, "{said}");
        said["conversation"].as_str().expect("an id").to_owned()
    }

    /// Does something to a conversation as this person, without a console.
    pub fn act(&self, username: &str, id: &str, verb: &str) {
        let path = format!("/v1/conversations/{id}/{verb}");
        let (status, said) = self.ask(username, "POST", &path, Some(&json!({})));
        assert_eq!((status, &said["outcome"]), (200, &json!("done")), "{said}");
    }

    /// Who has a conversation, as Gwen sees it, and its version.
    pub fn holder(&self, id: &str) -> (Option<String>, u64) {
        let (status, said) = self.ask("gwen", "GET", &format!("/v1/conversations/{id}"), None);
        assert_eq!(status, 200, "{said}");
        let row = &said["conversation"];
        let holder = row["assignee"]["id"].as_str().map(str::to_owned);
        (holder, row["version"].as_u64().expect("a version"))
    }

    /// One request of the contract.
    pub fn ask(
        &self,
        username: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let answer = self.try_ask(username, method, path, body);
        answer.expect("the desk answers")
    }

    /// One request, which may fail because the desk is not there.
    ///
    /// # Errors
    /// When the line broke before the whole answer was here.
    pub fn try_ask(
        &self,
        username: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> std::io::Result<(u16, Value)> {
        let (status, body) = self.try_ask_for_text(username, method, path, body)?;
        let broken = |_| std::io::Error::other(format!("no answer: {body:?}"));
        Ok((status, serde_json::from_str(&body).map_err(broken)?))
    }

    /// One request whose answer is text.
    pub fn ask_for_text(&self, username: &str, path: &str) -> (u16, String) {
        let answer = self.try_ask_for_text(username, "GET", path, None);
        answer.expect("the desk answers")
    }

    fn try_ask_for_text(
        &self,
        username: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> std::io::Result<(u16, String)> {
        let token = fs::read_to_string(self.token_file(username))?;
        let body = body.map_or_else(String::new, Value::to_string);
        let mut line = TcpStream::connect(&self.address)?;
        write!(
            line,
            "{method} {path} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            token.trim(),
            body.len(),
        )?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        let broken = || std::io::Error::other(format!("no answer: {answer:?}"));
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(broken)?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Ok((status.ok_or_else(broken)?, body.to_owned()))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(process) = self.process.lock().expect("the process").as_mut() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
