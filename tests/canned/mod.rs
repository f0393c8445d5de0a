//! A desk that says what it is told to: HTTP over a Unix socket, by hand, so that it can also say what no
//! desk should.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `GET /v1/me`.
    pub(crate) what: String,
    /// The head's lines, names in lower case.
    pub(crate) head: Vec<String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.iter().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.strip_prefix(": "))
    }
}

/// What is said to it.
pub(crate) enum Said {
    /// A whole answer.
    Json(u16, String),
    /// These bytes, and the line stays open for as long as whoever asked likes.
    Open(Vec<u8>),
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
}

pub(crate) struct Canned {
    folder: tempfile::TempDir,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Canned {
    pub(crate) fn new(say: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("desk.sock")).unwrap();
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let (say, heard) = (Arc::new(say), asked.clone());
        thread::spawn(move || {
            for line in listener.incoming().map_while(Result::ok) {
                let (say, heard) = (say.clone(), heard.clone());
                thread::spawn(move || converse(line, &*say, &heard));
            }
        });
        Self { folder, asked }
    }

    /// Answers by what is asked, and 404 to everything else.
    pub(crate) fn table(table: Vec<(&'static str, u16, String)>) -> Self {
        Self::new(move |asked| {
            let found = table.iter().find(|(what, ..)| asked.what.starts_with(what));
            found.map_or(Said::Json(404, "{}".into()), |(_, status, body)| {
                Said::Json(*status, body.clone())
            })
        })
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("desk.sock")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that was asked so far, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn converse(line: UnixStream, say: &dyn Fn(&Asked) -> Said, heard: &Mutex<Vec<Asked>>) {
    let mut write = line.try_clone().unwrap();
    let mut read = BufReader::new(line);
    while let Some(asked) = request(&mut read) {
        heard.lock().unwrap().push(asked.clone());
        match say(&asked) {
            Said::Json(status, body) => {
                let kind = if status < 400 { "json" } else { "problem+json" };
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/{kind}\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                // A client that went away has its reasons.
                let _ = write.write_all((head + &body).as_bytes());
            }
            Said::Bytes(bytes) => {
                let _ = write.write_all(&bytes);
                return;
            }
            Said::Open(bytes) => {
                let _ = write.write_all(&bytes);
                let _ = std::io::copy(&mut read, &mut std::io::sink());
                return;
            }
        }
    }
}

fn request(read: &mut impl BufRead) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if read.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let what = lines.remove(0).replace(" HTTP/1.1", "");
    let length = lines
        .iter()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |n| n.parse().unwrap())];
    read.read_exact(&mut body).ok()?;
    Some(Asked {
        what,
        head: lines,
        body: String::from_utf8(body).unwrap(),
    })
}

/// A row as the contract has it.
pub(crate) fn row(id: &str, name: &str, assignee: Option<&str>) -> String {
    let name = serde_json::to_string(name).unwrap();
    let assignee = assignee.map_or(String::new(), |who| {
        format!(r#""assignee": {{"id": "{who}", "name": "{who}"}},"#)
    });
    format!(
        r#"{{"id": "{id}", "contact": {{"name": {name}, "address": "+44 7700 900123"}}, "channel": "SMS",
        "queue": {{"id": "q1", "name": "Payments"}}, "state": "open", "handler": "person", {assignee}
        "last_message": {{"direction": "in", "preview": "Hello?", "at": "2026-11-22T14:00:00Z"}},
        "unanswered": true, "just_entered": false, "since": "2026-11-22T14:00:00Z", "active": [],
        "version": 7, "a field of the future": 1}}"#
    )
}

pub(crate) fn me() -> String {
    r#"{"user": {"id": "anna", "name": "Anna Webb"}, "username": "anna", "organisation": {"id": "o", "name": "Cardiff"},
        "permissions": ["conversations"], "capabilities": ["unassign", "take", "reply", "juggle"],
        "desk_version": "1", "desk": "d1"}"#
        .to_owned()
}

pub(crate) fn detail(row: &str) -> String {
    format!(
        r#"{{"conversation": {row}, "actions": {{"unassign": {{"allowed": true}},
        "take": {{"allowed": false, "reason": "held", "text": "x"}}}}}}"#
    )
}

pub(crate) fn acted(outcome: &str, row: &str) -> String {
    format!(r#"{{"outcome": "{outcome}", "operation": "o", "conversation": {row}}}"#)
}

pub(crate) fn problem(status: u16, kind: &str, more: &str) -> String {
    format!(
        r#"{{"type": "/problems/{kind}", "title": "T", "status": {status}, "detail": "In detail."{more}}}"#
    )
}
