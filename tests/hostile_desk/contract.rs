//! Answers made from the contract's own text, `assets/openapi.json`: every string of every answer is a stranger's, so
//! that a call or a field added to the contract is hostile here from its first day.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// What has to be a word of the contract, else the whole answer is not understood: the field, and such a word. What
/// becomes of an answer in which one of these is a stranger's is asked apart.
const WORDS: &[(&str, &str)] = &[
    ("Active.id", "ben"),
    ("Active.what", "replying"),
    ("Acted.outcome", "done"),
    ("Acted.operation", "op"),
    ("Attention.kind", "handed_back"),
    ("Attention.cause", "unassign"),
    ("Attention.conversation", "C1"),
    ("Done.operation", "op"),
    ("Done.action", "unassign"),
    ("Fate.became", "taken"),
    ("Gone.id", "C2"),
    ("HitMessage.id", "M1"),
    ("Item.id", "C1"),
    ("Item.expected_assignee", "ben"),
    ("ItemResult.id", "C1"),
    ("ItemResult.outcome", "done"),
    ("LastMessage.direction", "in"),
    ("Lost.operation", "op"),
    ("Message.id", "M1"),
    ("Message.direction", "in"),
    ("Named.id", "ben"),
    ("Queue.id", "ben"),
    ("QueueCounts.queue", "ben"),
    ("Results.operation", "op"),
    ("Row.id", "C1"),
    ("Row.state", "open"),
    ("Row.handler", "person"),
    ("Sent.operation", "op"),
    ("User.id", "ben"),
];

/// What must not be so, else there is nothing more to show.
const NO: &[&str] = &["User.away", "Done.undone"];

/// What an advisor can do, in the contract's words.
const ACTIONS: [&str; 12] = [
    "unassign",
    "reply",
    "take",
    "assign",
    "move",
    "reopen",
    "status",
    "block",
    "unblock",
    "note",
    "intervene",
    "close",
];

/// What the events' data are; the contract says it in prose only.
pub(crate) const EVENTS: [(&str, &str); 5] = [
    ("conversation", "Row"),
    ("message", "Written"),
    ("counts", "Changed"),
    ("attention", "Attention"),
    ("gone", "Gone"),
];

/// The contract, and what a stranger writes into it.
#[derive(Clone)]
pub(crate) struct Contract {
    text: Value,
    /// Stands in every field that may say anything.
    pub(crate) words: String,
    /// This field says it too, though the contract wants a word of its own there.
    pub(crate) spoilt: Option<String>,
}

impl Contract {
    pub(crate) fn hostile(words: &str) -> Self {
        Self {
            text: serde_json::from_str(include_str!("../../assets/openapi.json")).expect("JSON"),
            words: words.to_owned(),
            spoilt: None,
        }
    }

    /// The status and the schema of what is answered when all is well: `GET /v1/conversations/C1/messages?limit=1`.
    /// `None` as a schema is an answer without a body, or one of another form.
    pub(crate) fn answer(&self, asked: &str) -> Option<(u16, Option<String>)> {
        let (method, path) = asked.split_once(' ')?;
        let path = path.split('?').next()?;
        let paths = self.text["paths"].as_object()?;
        let (_, call) = paths.iter().find(|(form, _)| is_of(path, form))?;
        let answers = call.get(method.to_lowercase())?["responses"].as_object()?;
        let Some((status, answer)) = answers.iter().find(|(status, _)| status.starts_with('2'))
        else {
            return Some((200, None));
        };
        let schema = &answer["content"]["application/json"]["schema"];
        Some((status.parse().ok()?, reference(schema)))
    }

    /// Every call of the contract.
    pub(crate) fn calls(&self) -> Vec<String> {
        let paths = self.text["paths"].as_object().expect("paths");
        let of = |(path, calls): (&String, &Value)| {
            let calls = calls.as_object().expect("calls").keys();
            let path = path.clone();
            calls
                .map(move |method| format!("{} {path}", method.to_uppercase()))
                .collect::<Vec<_>>()
        };
        paths.iter().flat_map(of).collect()
    }

    /// A body of this schema.
    pub(crate) fn body(&self, schema: &str) -> Value {
        let schema_of = &self.text["components"]["schemas"][schema];
        assert!(schema_of.is_object(), "no schema {schema}");
        let Some(properties) = schema_of["properties"].as_object() else {
            // A time.
            return json!("2026-11-22T14:00:00Z");
        };
        let field = |(name, of): (&String, &Value)| {
            (name.clone(), self.value(&format!("{schema}.{name}"), of))
        };
        Value::Object(properties.iter().map(field).collect())
    }

    fn value(&self, field: &str, schema: &Value) -> Value {
        // Else it is too late for everything.
        if matches!(field, "Row.reply_until" | "Blocking.until") {
            return json!("2999-01-01T00:00:00Z");
        }
        if let Some(of) = reference(schema) {
            return self.body(&of);
        }
        if let Some(either) = schema["oneOf"].as_array() {
            return self.value(field, &either[0]);
        }
        match field {
            "Me.permissions" => return json!(["conversations", self.words]),
            "Me.capabilities" => return json!([&ACTIONS[..], &[&self.words]].concat()),
            "Detail.actions" => return self.actions(&schema["additionalProperties"]),
            _ => {}
        }
        let kind = schema["type"].as_str().or(schema["type"][0].as_str());
        match kind.unwrap_or_else(|| panic!("{field} is of no type")) {
            "string" => json!(self.string(field)),
            "array" => {
                let one = self.value(field, &schema["items"]);
                json!([one, one])
            }
            "integer" => json!(7),
            "boolean" => json!(!NO.contains(&field)),
            other => panic!("{field} is {other}"),
        }
    }

    /// What may be done: half of it, the rest for reasons in a stranger's words, and more that nobody knows.
    fn actions(&self, allowed: &Value) -> Value {
        let mut actions = Map::new();
        for (n, action) in ACTIONS.iter().chain([&self.words.as_str()]).enumerate() {
            let mut allowed = self.value("Allowed", allowed);
            allowed["allowed"] = json!(n % 3 < 2);
            actions.insert((*action).to_owned(), allowed);
        }
        Value::Object(actions)
    }

    fn string(&self, field: &str) -> &str {
        let word = WORDS.iter().find(|(known, _)| *known == field);
        match word {
            Some((_, word)) if self.spoilt.as_deref() != Some(field) => word,
            _ => &self.words,
        }
    }

    /// The fields that a body of this schema has and that want a word of the contract.
    pub(crate) fn words_in(&self, schema: &str) -> BTreeSet<&'static str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![schema.to_owned()];
        while let Some(next) = open.pop() {
            if !seen.insert(next.clone()) {
                continue;
            }
            let text = self.text["components"]["schemas"][&next].to_string();
            let mut parts = text.split("#/components/schemas/").skip(1);
            open.extend(
                parts
                    .by_ref()
                    .filter_map(|part| Some(part.split('"').next()?.to_owned())),
            );
        }
        let of = |field: &&str| seen.contains(field.split('.').next().unwrap_or_default());
        WORDS.iter().map(|(field, _)| *field).filter(of).collect()
    }

    /// All of them.
    pub(crate) fn every_word() -> BTreeSet<&'static str> {
        WORDS.iter().map(|(field, _)| *field).collect()
    }

    /// A stream of events of every kind there is, and of one there is not.
    pub(crate) fn events(&self) -> Vec<u8> {
        let mut stream = format!(
            "HTTP/1.1 200 {}\r\ncontent-type: text/event-stream\r\nx-said: {}\r\n\r\n: {}\n\n",
            head(&self.words),
            head(&self.words),
            line(&self.words)
        );
        for (n, (kind, schema)) in EVENTS.iter().enumerate() {
            let data = self.body(schema);
            stream += &format!("id: {}\nevent: {kind}\ndata: {data}\n\n", 8 + n);
        }
        stream += &format!("event: {0}\ndata: {0}\n\n", line(&self.words));
        stream.into_bytes()
    }
}

/// As much of it as the head of an answer can hold.
pub(crate) fn head(words: &str) -> String {
    words
        .chars()
        .filter(|c| !c.is_control() || *c == '\t')
        .collect()
}

fn line(words: &str) -> String {
    words.replace(['\n', '\r'], "")
}

/// Whether `/v1/conversations/C1` is of the form `/v1/conversations/{id}`.
pub(crate) fn is_of(path: &str, form: &str) -> bool {
    let (path, form) = (path.split('/'), form.split('/'));
    path.clone().count() == form.clone().count()
        && path
            .zip(form)
            .all(|(part, of)| of.starts_with('{') || part == of)
}

fn reference(schema: &Value) -> Option<String> {
    Some(schema["$ref"].as_str()?.rsplit('/').next()?.to_owned())
}
