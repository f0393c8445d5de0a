//! The event stream, as a reader takes it apart.

use std::{fmt::Write as _, time::Duration};

use serde_json::Value;

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
    pub fn new(response: reqwest::Response) -> Self {
        Self {
            response,
            unread: String::new(),
        }
    }

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
