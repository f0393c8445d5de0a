//! R37: whatever is sent, nothing is a failure of ours. Requests are made from the contract and then made wrong in all the
//! ways dice can: bodies, types, numbers, unicode, methods, headers, encodings, queries.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    desk::Desk,
    figure::figure,
    on_both,
    support::{desk::sound, dice::Dice},
};

/// Texts that some program somewhere stumbled over.
const TEXTS: [&str; 34] = [
    "",
    " ",
    "\0",
    "a\0b",
    "\u{7f}\u{1b}[2J",
    "\u{202e}",
    "\u{feff}",
    "\u{fffe}",
    "\u{10ffff}",
    "e\u{301}\u{301}\u{301}",
    "👩‍👩‍👧‍👦",
    "ﷺ",
    "İı",
    "ß",
    "'; DROP TABLE conversation; --",
    "\" OR 1=1",
    "%",
    "_",
    "\\",
    "%00",
    "../../etc/passwd",
    "\r\nx-a: b",
    "null",
    "true",
    "-1",
    "1e400",
    "NaN",
    "0x10",
    "me",
    "anna",
    "Payments",
    "promise to pay",
    "2026-11-26T12:00:00Z",
    "9999-12-31T23:59:60.999999999+99:99",
];

/// Numbers at and beyond every edge, as JSON writes them.
const NUMBERS: [&str; 18] = [
    "0",
    "-0",
    "-1",
    "1",
    "500",
    "501",
    "65536",
    "2147483648",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "1e400",
    "-1e-400",
    "0.1",
];

const METHODS: [&str; 10] = [
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "FROBNICATE",
];

const KINDS: [&str; 8] = [
    "application/json",
    "application/json; charset=utf-16",
    "APPLICATION/JSON",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/problem+json",
    "*/*",
];

/// What is there, to be named.
struct World {
    contract: Value,
    ids: Vec<String>,
    tokens: Vec<String>,
}

/// Makes requests.
struct Writer<'a> {
    world: &'a World,
    dice: Dice,
}

impl Writer<'_> {
    fn text(&mut self) -> String {
        match self.dice.below(12) {
            0 => self
                .dice
                .one_of(&TEXTS)
                .repeat(1 + usize::try_from(self.dice.below(3_000)).unwrap()),
            1 | 2 => self.dice.one_of(&self.world.ids).clone(),
            3 => {
                let characters = (0..self.dice.below(20)).map(|_| self.dice.below(0x11_0000));
                let characters: Vec<_> = characters.collect();
                characters
                    .into_iter()
                    .filter_map(|c| char::from_u32(u32::try_from(c).unwrap()))
                    .collect()
            }
            _ => (*self.dice.one_of(&TEXTS)).to_owned(),
        }
    }

    /// Any JSON at all, and some that is none.
    fn anything(&mut self, depth: u32) -> String {
        match self.dice.below(if depth > 3 { 6 } else { 9 }) {
            0 => "null".into(),
            1 => "true".into(),
            2 | 3 => (*self.dice.one_of(&NUMBERS)).to_owned(),
            4 | 5 => Value::from(self.text()).to_string(),
            6 => {
                let items: Vec<_> = (0..self.dice.below(4))
                    .map(|_| self.anything(depth + 1))
                    .collect();
                format!("[{}]", items.join(","))
            }
            7 => format!(
                "{{{}:{}}}",
                Value::from(self.text()),
                self.anything(depth + 1)
            ),
            _ => (*self.dice.one_of(&[
                "\"\\ud800\"",
                "\"\\u0000\"",
                "[",
                "{",
                "\u{feff}{}",
                "nul",
                "01",
                "'a'",
                "{}{}",
                "/*",
            ]))
            .to_owned(),
        }
    }

    /// What a schema says, now and then.
    fn of(&mut self, schema: &Value, depth: u32) -> String {
        if self.dice.one_in(9) || depth > 5 {
            return self.anything(depth);
        }
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            let named = self.world.contract["components"]["schemas"][name].clone();
            return self.of(&named, depth + 1);
        }
        if let Some(either) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let one = self.dice.one_of(either).clone();
            return self.of(&one, depth + 1);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.dice.one_of(kinds).clone(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("object") => {
                let empty = serde_json::Map::new();
                let mut fields = Vec::new();
                for (name, schema) in schema["properties"].as_object().unwrap_or(&empty) {
                    if !self.dice.one_in(4) {
                        fields.push(format!(
                            "{}:{}",
                            Value::from(name.as_str()),
                            self.of(schema, depth + 1)
                        ));
                    }
                }
                if self.dice.one_in(12) {
                    fields.push(format!("{}:1", Value::from(self.text())));
                }
                format!("{{{}}}", fields.join(","))
            }
            Some("array") => {
                let items: Vec<_> = (0..self.dice.below(4))
                    .map(|_| self.of(&schema["items"], depth + 1))
                    .collect();
                format!("[{}]", items.join(","))
            }
            Some("integer" | "number") => (*self.dice.one_of(&NUMBERS)).to_owned(),
            Some("boolean") => (*self.dice.one_of(&["true", "false"])).to_owned(),
            Some("null") => "null".into(),
            _ => Value::from(self.text()).to_string(),
        }
    }

    fn escaped(&mut self) -> String {
        if self.dice.one_in(10) {
            return (*self.dice.one_of(&[
                "%",
                "%f",
                "%ff%fe",
                "%c0%af",
                "%ed%a0%80",
                "+",
                "%2e%2e%2f",
                "&",
                "=",
                "&&=",
            ]))
            .to_owned();
        }
        let text: String = self.text().chars().take(400).collect();
        text.bytes().fold(String::new(), |mut escaped, byte| {
            let _ = write!(escaped, "%{byte:02x}");
            escaped
        })
    }

    /// One request, whole.
    fn request(&mut self, path: &str, method: &str, operation: &Value) -> Vec<u8> {
        let mut target = String::new();
        for part in path.split('/').skip(1) {
            let part = if !part.starts_with('{') {
                part.to_owned()
            } else if self.dice.one_in(3) {
                self.escaped()
            } else {
                self.dice.one_of(&self.world.ids).clone()
            };
            let _ = write!(target, "/{part}");
        }
        let empty = Vec::new();
        let parameters = operation["parameters"].as_array().unwrap_or(&empty);
        let mut sign = '?';
        for parameter in parameters.iter().filter(|p| p["in"] == "query") {
            if self.dice.one_in(3) {
                let name = parameter["name"].as_str().unwrap();
                let value = if self.dice.one_in(3) {
                    (*self.dice.one_of(&NUMBERS)).to_owned()
                } else {
                    self.escaped()
                };
                let _ = write!(target, "{sign}{name}={value}");
                sign = '&';
            }
        }
        if self.dice.one_in(15) {
            let _ = write!(target, "{sign}{}", self.escaped());
        }
        let method = if self.dice.one_in(8) {
            self.dice.one_of(&METHODS)
        } else {
            method
        };
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let body = match self.dice.below(10) {
            0 => self.anything(0).into_bytes(),
            1 => (0..self.dice.below(200))
                .map(|_| u8::try_from(self.dice.below(256)).unwrap())
                .collect(),
            2 => "["
                .repeat(usize::try_from(self.dice.below(5_000)).unwrap())
                .into_bytes(),
            _ if schema.is_null() => Vec::new(),
            _ => self.of(schema, 0).into_bytes(),
        };
        let kind = if self.dice.one_in(8) {
            self.dice.one_of(&KINDS)
        } else {
            "application/json"
        };
        let token = self.dice.one_of(&self.world.tokens).clone();
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nhost: desk\r\nconnection: close\r\nauthorization: Bearer {token}\r\ncontent-type: {kind}\r\n"
        );
        if self.dice.one_in(6) {
            let odd = [
                "accept: text/html;q=0.1",
                "accept: ",
                "content-encoding: gzip",
                "range: bytes=0-1",
                "expect: 100-continue",
                "if-none-match: *",
                "last-event-id: -1",
                "last-event-id: 18446744073709551615",
                "last-event-id: \u{e9}",
                "idempotency-key: \u{e9}",
                "idempotency-key: ",
                "idempotency-key: same-for-all",
                "upgrade: websocket",
                "te: trailers",
                "x-http-method-override: DELETE",
                "authorization: Bearer x",
                "accept-encoding: br",
                "x-forwarded-for: ::1",
            ];
            let _ = write!(head, "{}\r\n", self.dice.one_of(&odd));
        }
        let chunked = self.dice.one_in(10);
        if chunked {
            head += "transfer-encoding: chunked\r\n\r\n";
            let mut whole = head.into_bytes();
            if !body.is_empty() {
                whole.extend(format!("{:x}\r\n", body.len()).bytes());
                whole.extend(&body);
                whole.extend(b"\r\n");
            }
            whole.extend(b"0\r\n\r\n");
            return whole;
        }
        let _ = write!(head, "content-length: {}\r\n\r\n", body.len());
        [head.as_bytes(), &body].concat()
    }
}

/// Status, head and body of what is answered; of a stream only what it begins with.
async fn answer(host: &str, request: &[u8]) -> (u16, String, String) {
    let mut line = TcpStream::connect(host).await.unwrap();
    // It may be hung up on before it has said all.
    let _ = line.write_all(request).await;
    let mut said = Vec::new();
    loop {
        let read = tokio::time::timeout(Duration::from_secs(20), line.read_buf(&mut said)).await;
        let ended = matches!(read.expect("an answer in time"), Ok(0) | Err(_));
        let text = String::from_utf8_lossy(&said).to_lowercase();
        if ended || text.contains("text/event-stream") {
            break;
        }
    }
    let text = String::from_utf8_lossy(&said).into_owned();
    // Who asks whether to go on is told so first.
    let text = text
        .strip_prefix("HTTP/1.1 100 Continue\r\n\r\n")
        .unwrap_or(&text);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    (status, head.to_lowercase(), body.to_owned())
}

on_both! {
    async fn r37_whatever_is_sent_nothing_is_a_failure_of_ours(desk) {
        desk.change(r#"permissions = ["inbound"]"#, r#"permissions = ["inbound", "outbound", "conversations", "admin"]"#).await;
        let mut world = World {
            contract: serde_json::from_str(include_str!("../../assets/openapi.json")).unwrap(),
            ids: Vec::new(),
            tokens: vec![desk.token("anna").await, desk.token("gwen").await, desk.token("gate").await],
        };
        for n in 0..12 {
            world.ids.push(desk.customer(["Payments", "Own"][n % 2], &format!("+44{n}"), "Hello?").await);
        }
        world.ids.extend(["anna", "ben", "Payments", "Own"].map(str::to_owned));
        let calls: Vec<_> = world.contract["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| (path.clone(), method.to_uppercase(), operation.clone()))
        }).collect();
        let requests = std::env::var("HANDBACK_REQUESTS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_200_u64);
        let seed = std::env::var("HANDBACK_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(37_u64);
        let mut writer = Writer { world: &world, dice: Dice::new(seed) };
        let mut statuses = BTreeMap::<u16, u64>::new();
        for _ in 0..requests {
            let (path, method, operation) = writer.dice.one_of(&calls).clone();
            let request = writer.request(&path, &method, &operation);
            let (status, head, body) = answer(desk.host(), &request).await;
            let shown = || format!("{}\n{head}\n{body}", String::from_utf8_lossy(&request).escape_debug().take(3_000).collect::<String>());
            assert!((200..500).contains(&status), "{}", shown());
            if status < 300 && request.starts_with(method.as_bytes()) {
                let documented = operation["responses"][status.to_string()].as_object();
                let documented = documented.unwrap_or_else(|| panic!("{status} is not in the contract: {}", shown()));
                let kinds = documented.get("content").and_then(Value::as_object);
                let known = kinds.is_none_or(|kinds| kinds.keys().any(|kind| head.contains(&format!("content-type: {kind}"))));
                // Texts say their character set, and the contract itself has no schema.
                assert!(known, "{}", shown());
            } else if status >= 400 && !body.is_empty() {
                assert!(head.contains("application/problem+json"), "{}", shown());
                let problem: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{}", shown()));
                assert_eq!(problem["status"], status, "{}", shown());
            }
            *statuses.entry(status).or_default() += 1;
        }
        sound(&desk.store).await;
        assert!(statuses.len() > 8, "too tame: {statuses:?}");
        assert!(statuses[&200] > requests / 20, "too wild: {statuses:?}");
        let kind = desk.kind();
        figure(&format!("on {kind}: requests, none answered with 5xx"), requests);
        figure(&format!("on {kind}: answers by status"), format!("{statuses:?}"));
    }
}

/// What is no HTTP at all ends with a line of its own, not with a desk that is not there any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r37_what_is_no_request_is_hung_up_on() {
    let desk = Desk::sqlite().await;
    for request in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02",
        "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        "POST /v1/undo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "GET http://[::1 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nx: \0\r\n\r\n",
    ] {
        let mut line = TcpStream::connect(desk.host()).await.unwrap();
        line.write_all(request.as_bytes()).await.unwrap();
        line.shutdown().await.unwrap();
        let mut said = String::new();
        let _ = line.read_to_string(&mut said).await;
        let status = said
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or(400);
        assert!((400..500).contains(&status), "{request:?}: {said}");
    }
    assert_eq!(desk.guest(None).get("/healthz").await.status, 204);
}
