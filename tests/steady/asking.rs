//! Somebody who asks a desk over a line of their own, and sees all of the answer.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::served::Served;

/// An answer.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Said {
    /// The desk is not well, says so as a problem document, and when to ask again.
    pub(crate) fn is_unwell(&self) -> bool {
        self.status == 503
            && self.head.contains("retry-after: ")
            && self.head.contains("application/problem+json")
            && self.body["detail"]
                .as_str()
                .is_some_and(|text| text.contains("Idempotency-Key"))
    }
}

/// Somebody with a token.
pub(crate) struct Asker {
    address: String,
    token: String,
}

impl Asker {
    pub(crate) fn new(desk: &Served, username: &str) -> Self {
        Self {
            address: desk.address().to_owned(),
            token: desk.token(username),
        }
    }

    /// The head of a request, without its last line.
    pub(crate) fn head(&self, method: &str, path: &str) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n",
            self.token
        )
    }

    pub(crate) fn get(&self, path: &str) -> Said {
        self.ask("GET", path, "", None).expect("an answer")
    }

    pub(crate) fn post(&self, path: &str, key: &str, body: &Value) -> io::Result<Said> {
        self.ask("POST", path, key, Some(body))
    }

    fn ask(&self, method: &str, path: &str, key: &str, body: Option<&Value>) -> io::Result<Said> {
        let mut line = TcpStream::connect(&self.address)?;
        line.set_read_timeout(Some(Duration::from_secs(60)))?;
        let (head, body) = (
            self.head(method, path),
            body.map_or_else(String::new, Value::to_string),
        );
        let key = if key.is_empty() {
            String::new()
        } else {
            format!("idempotency-key: {key}\r\n")
        };
        write!(
            line,
            "{head}{key}connection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        said(&answer)
    }
}

/// Takes an answer apart.
pub(crate) fn said(answer: &str) -> io::Result<Said> {
    let broken = || io::Error::other(format!("no answer: {answer:?}"));
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok(Said {
        status: status.ok_or_else(broken)?,
        head: head.to_lowercase(),
        body: serde_json::from_str(body).unwrap_or_default(),
    })
}
