//! A channel's gateway as a test wants it: it takes webhooks, keeps them, and answers as it is told.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The bytes that desk and gateway share.
pub const SECRET: &[u8; 32] = b"thirty-two bytes, no more, no le";
/// Those bytes as the file holds them.
pub const SECRET_TEXT: &str = "whsec_dGhpcnR5LXR3byBieXRlcywgbm8gbW9yZSwgbm8gbGU=";

/// Puts the secret into a file that only this account can read.
pub fn keep_secret(folder: &Path) -> PathBuf {
    let file = folder.join("channel.secret");
    let mut options = fs::OpenOptions::new();
    let made = options.create(true).truncate(true).write(true).mode(0o600);
    let mut made = made.open(&file).expect("a file");
    made.write_all(SECRET_TEXT.as_bytes()).expect("written");
    file
}

/// One webhook.
#[derive(Clone, Debug)]
pub struct Hook {
    pub headers: HashMap<String, String>,
    pub raw: Vec<u8>,
    pub body: Value,
    pub at: Instant,
}

impl Hook {
    /// Which message it is.
    pub fn message(&self) -> &str {
        self.body["message"].as_str().expect("a message")
    }

    /// What it says.
    pub fn says(&self) -> &str {
        self.body["body"].as_str().expect("a body")
    }

    /// The signature as the specification defines it, computed here from its definition (RFC 2104, RFC 4648).
    pub fn signature(&self) -> String {
        let (id, stamp) = (
            &self.headers["webhook-id"],
            &self.headers["webhook-timestamp"],
        );
        let signed = [id.as_bytes(), b".", stamp.as_bytes(), b".", &self.raw].concat();
        let mut key = [0u8; 64];
        key[..SECRET.len()].copy_from_slice(SECRET);
        let pad = |with: u8| key.map(|byte| byte ^ with);
        let inner = Sha256::digest([&pad(0x36)[..], &signed].concat());
        let outer = Sha256::digest([&pad(0x5c)[..], &inner].concat());
        format!("v1,{}", base64(&outer))
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three
            .iter()
            .chain(&[0, 0])
            .take(3)
            .fold(0u32, |n, byte| n << 8 | u32::from(*byte));
        for digit in 0..4 {
            let six = number >> (18 - 6 * digit) & 63;
            text.push(if digit > three.len() {
                '='
            } else {
                char::from(DIGITS[six as usize])
            });
        }
    }
    text
}

/// What the gateway does with a webhook.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Answers with this status.
    Status(u16),
    /// And with these headers and this body besides.
    With(u16, &'static str, &'static str),
    /// Hangs up.
    HangUp,
    /// Says nothing until the desk goes away.
    Silence,
}

/// The gateway, until it is dropped.
pub struct Gateway {
    port: u16,
    hooks: Arc<Mutex<Vec<Hook>>>,
    closed: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Gateway {
    /// Listens somewhere.
    pub fn start(answer: impl Fn(&Hook) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_at(0, answer)
    }

    /// Listens at this port.
    pub fn start_at(port: u16, answer: impl Fn(&Hook) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let hooks = Arc::<Mutex<Vec<Hook>>>::default();
        let closed = Arc::<AtomicBool>::default();
        let answer = Arc::new(answer);
        let (kept, close) = (Arc::clone(&hooks), Arc::clone(&closed));
        let listening = thread::spawn(move || {
            for line in listener.incoming().map_while(Result::ok) {
                if close.load(Ordering::SeqCst) {
                    return;
                }
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                thread::spawn(move || converse(line, &kept, &*answer));
            }
        });
        Self {
            port,
            hooks,
            closed,
            listening: Some(listening),
        }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The team file's lines for a channel that delivers here.
    pub fn channel(&self, name: &str, secret: &Path) -> String {
        format!(
            "\n[[channel]]\nname = {name:?}\nkind = \"sms\"\ndeliver_to = \"http://127.0.0.1:{}/hook\"\n\
             secret_file = {:?}\n",
            self.port,
            secret.display().to_string(),
        )
    }

    /// All that came so far.
    pub fn hooks(&self) -> Vec<Hook> {
        self.hooks.lock().expect("the hooks").clone()
    }

    /// Waits until what came is enough.
    pub fn waits(&self, for_what: &str, enough: impl Fn(&[Hook]) -> bool) -> Vec<Hook> {
        let begun = Instant::now();
        loop {
            let hooks = self.hooks();
            if enough(&hooks) {
                return hooks;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "{for_what}: {hooks:#?}"
            );
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

fn converse(line: TcpStream, kept: &Mutex<Vec<Hook>>, answer: &dyn Fn(&Hook) -> Answer) {
    let mut reads = BufReader::new(line.try_clone().expect("a line"));
    let mut writes = line;
    let mut head = String::new();
    let _ = reads.read_line(&mut head);
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if reads.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|l| l.parse().ok());
    let mut raw = vec![0; length.unwrap_or(0)];
    if reads.read_exact(&mut raw).is_err() {
        return;
    }
    let hook = Hook {
        body: serde_json::from_slice(&raw).expect("JSON"),
        headers,
        raw,
        at: Instant::now(),
    };
    assert!(head.starts_with("POST /hook HTTP/1.1"), "{head}");
    let answer = answer(&hook);
    kept.lock().expect("the hooks").push(hook);
    let (status, headers, body) = match answer {
        Answer::Status(status) => (status, "", ""),
        Answer::With(status, headers, body) => (status, headers, body),
        Answer::HangUp => return,
        Answer::Silence => {
            let _ = reads.read(&mut [0]);
            return;
        }
    };
    let _ = write!(
        writes,
        "HTTP/1.1 {status} Said\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    );
}
