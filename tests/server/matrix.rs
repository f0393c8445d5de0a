//! R33: every call of the contract, asked by everybody there can be, about conversations of every standing.
//!
//! The calls are those of `assets/openapi.json`, which a test keeps equal to the desk's table of routes: a call without its
//! row here fails this one. What is expected comes from [`Told`], the rules of `docs/rules.md` once more, over plain
//! words; what was done is done to it too, so that it says afterwards who has to see what.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use handback::{
    domain::{
        conversation::{Handler, State},
        message::Direction,
        moment::Moment,
    },
    server::store::{BeganBy, SeedConversation, SeedMessage},
};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    events::Events,
    figure::figure,
    guest::{Guest, said_whole},
    on_both,
    told::{Lies, Person, Told, Verdict, everybody},
};

/// Statuses and phrases: some for all, and some that are Swansea's own.
const MORE: &str = r#"
[[status]]
organisation = "head"
name = "promise to pay"
[[status]]
organisation = "swansea"
name = "of Swansea alone"
[[phrase]]
organisation = "swansea"
keywords = ["swan"]
body = "Said in Swansea alone"
"#;

/// How a call is asked, and what decides about its answer.
enum Row {
    /// Of nobody's business: everybody is answered.
    Anybody,
    /// Answered to everybody who is let in; with what `GET` parameters. What it says is looked at for what it may not.
    Own(&'static [&'static str]),
    /// The same with a body.
    OwnBody(fn() -> Value),
    /// About one conversation, read.
    Read,
    /// About one conversation, acted on.
    Act(&'static str, fn(&Lies) -> Value),
    /// About some conversations, each of which has a result.
    Many(&'static str, fn(&Lies) -> Value),
    /// For those with a permission of its own.
    Needs(&'static str),
    /// The stream: listened to from beginning to end.
    Stream,
}

/// The row of a call; `None`: it has none yet.
fn row(call: &str) -> Option<Row> {
    let nothing = |_: &Lies| json!({});
    let act = |word| Some(Row::Act(word, nothing));
    match call {
        "GET /healthz" | "GET /readyz" | "GET /openapi.json" => Some(Row::Anybody),
        "GET /v1/me" | "GET /v1/queues" | "GET /v1/users" | "GET /v1/statuses"
        | "GET /v1/phrases" | "GET /v1/blocklist" => Some(Row::Own(&[""])),
        "GET /v1/acts" => Some(Row::Own(&["", "by=me", "of=me"])),
        "GET /v1/conversations" => Some(Row::Own(&[
            "",
            "view=mine",
            "view=unassigned",
            "state=any",
            "state=closed",
            "q=Nam",
            "search=1&q=Nam",
            "assignee=anna",
            "assignee=dot",
            "queue=Letters",
            "queue=Payments",
            "queue=Own",
            "limit=500",
        ])),
        "GET /v1/find" => Some(Row::Own(&[
            "q=Hello",
            "q=Nam",
            "q=by:anna",
            "q=queue:Letters",
            "q=is:closed",
        ])),
        "GET /v1/conversations/{id}"
        | "GET /v1/conversations/{id}/messages"
        | "GET /v1/conversations/{id}/messages/{mid}"
        | "GET /v1/conversations/{id}/history"
        | "GET /v1/conversations/{id}/contact"
        | "GET /v1/conversations/{id}/transcript" => Some(Row::Read),
        "POST /v1/conversations/{id}/unassign" => act("unassign"),
        "POST /v1/conversations/{id}/take" => act("take"),
        "POST /v1/conversations/{id}/close" => act("close"),
        "POST /v1/conversations/{id}/reopen" => act("reopen"),
        "POST /v1/conversations/{id}/intervene" => act("intervene"),
        "POST /v1/conversations/{id}/block" => act("block"),
        "POST /v1/conversations/{id}/unblock" => act("unblock"),
        "POST /v1/conversations/{id}/assign" => {
            Some(Row::Act("assign", |_| json!({"user": "ben"})))
        }
        "POST /v1/conversations/{id}/move" => {
            Some(Row::Act("move", |lies| json!({"queue": lies.elsewhere()})))
        }
        "POST /v1/conversations/{id}/status" => {
            Some(Row::Act("status", |_| json!({"status": "promise to pay"})))
        }
        "POST /v1/conversations/{id}/note" => {
            Some(Row::Act("note", |_| json!({"body": "Looked into it."})))
        }
        "POST /v1/conversations/{id}/messages" => {
            Some(Row::Act("reply", |_| json!({"body": "We look into it."})))
        }
        "POST /v1/unassign" => Some(Row::Many("unassign", nothing)),
        "POST /v1/assign" => Some(Row::Many("assign", |_| json!({"to": ["ben"]}))),
        "POST /v1/move" => Some(Row::Many("move", |lies| json!({"queue": lies.elsewhere()}))),
        "POST /v1/status" => Some(Row::Many("status", |_| json!({"status": "promise to pay"}))),
        "POST /v1/unassign/preview" => Some(Row::OwnBody(|| json!({"of": ["anna", "dot", "wyn"]}))),
        "POST /v1/undo" => Some(Row::OwnBody(|| json!({"operation": "somebody-elses"}))),
        "POST /v1/presence" => Some(Row::OwnBody(|| json!({"state": "none"}))),
        "POST /v1/sign-out" => Some(Row::OwnBody(|| json!({"console": "none-such"}))),
        "POST /v1/inbound" | "POST /v1/deliveries" => Some(Row::Needs("inbound")),
        "POST /v1/outbound" => Some(Row::Needs("outbound")),
        "GET /metrics" => Some(Row::Needs("metrics")),
        "GET /v1/events" => Some(Row::Stream),
        _ => None,
    }
}

/// The calls of the contract, as `GET /v1/me`.
pub(crate) fn calls() -> Vec<String> {
    let contract: Value = serde_json::from_str(include_str!("../../assets/openapi.json")).unwrap();
    let paths = contract["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    each.collect()
}

#[test]
fn r33_every_call_has_its_row_in_the_matrix() {
    let calls = calls();
    let without: Vec<_> = calls.iter().filter(|call| row(call).is_none()).collect();
    assert!(without.is_empty(), "not in the matrix: {without:?}");
    assert!(
        calls.len() > 40,
        "the reader of the contract found only {calls:?}"
    );
}

/// How conversations lie before anything is done: in which queue, who has it, open or closed.
const STANDINGS: [(&str, Option<&str>, bool); 7] = [
    ("Payments", Some("anna"), true),
    ("Payments", None, true),
    ("Payments", None, false),
    ("Own", Some("wyn"), true),
    ("Own", Some("adam"), true),
    ("Letters", Some("dot"), true),
    ("Letters", None, true),
];

/// Everybody who asks, and how they show who they are.
async fn askers(desk: &Desk) -> Vec<(Person, Guest)> {
    let mut askers = Vec::new();
    let user = |name: &str| desk.store.directory().user(name).unwrap().id.clone();
    // Both were good once, and the revoked one is even remembered.
    let revoked = desk.store.new_token(&user("anna"), None).await.unwrap();
    let revoked = desk.guest(Some(revoked.expose_secret()));
    assert_eq!(revoked.get("/v1/me").await.status, 200);
    desk.store.revoke_tokens(&user("anna")).await.unwrap();
    while revoked.get("/v1/me").await.status == 200 {}
    let in_an_hour =
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + Duration::from_secs(3_600);
    let in_an_hour = Moment(in_an_hour.as_micros() as i64);
    let expired = desk
        .store
        .new_token(&user("anna"), Some(in_an_hour))
        .await
        .unwrap();
    let expired = desk.guest(Some(expired.expose_secret()));
    desk.passes(Duration::from_secs(2 * 3_600));
    for person in everybody() {
        let guest = match person.name {
            "a revoked token" => revoked.clone(),
            "an expired token" => expired.clone(),
            "no token" => desk.guest(None),
            name => desk.client(name).await,
        };
        askers.push((person, guest));
    }
    askers
}

/// A desk whose conversations each have a number, which stands in all there is to know of them.
struct Matrix {
    lies: BTreeMap<u32, Lies>,
    /// Which is asked about: by call, standing and who asks.
    of: BTreeMap<(String, usize, &'static str), u32>,
    /// What each has seen, or may have, at some time.
    ever: BTreeMap<&'static str, BTreeSet<u32>>,
    asked: usize,
}

fn id(number: u32) -> String {
    format!("c{number:09}")
}

/// No conversation has it.
const NOWHERE: &str = "u000000000";

impl Matrix {
    async fn seeded(desk: &Desk, calls: &[String]) -> Self {
        let mut matrix = Self {
            lies: BTreeMap::new(),
            of: BTreeMap::new(),
            ever: BTreeMap::new(),
            asked: 0,
        };
        let mut seeds = Vec::new();
        for (standing, (queue, assignee, open)) in STANDINGS.into_iter().enumerate() {
            let lies = Lies {
                queue,
                assignee,
                open,
            };
            let mut seed = |number| {
                matrix.lies.insert(number, lies);
                seeds.push(conversation(desk, number, &lies));
            };
            let mut number = u32::try_from(standing).unwrap() * 10_000;
            // One is only read, by all; each act has one of its own.
            seed(number);
            let reads = number;
            for call in calls {
                for person in everybody() {
                    let acts = matches!(row(call), Some(Row::Act(..) | Row::Many(..)));
                    let mut own = reads;
                    if acts && person.lets_in {
                        number += 1;
                        seed(number);
                        own = number;
                    }
                    matrix.of.insert((call.clone(), standing, person.name), own);
                }
            }
        }
        desk.store.seed(seeds.into_iter()).await.unwrap();
        matrix.all_look();
        matrix
    }

    fn told(&self, number: u32) -> Told<'_> {
        Told(&self.lies[&number])
    }

    fn seen_by(&self, person: &Person) -> BTreeSet<u32> {
        let seen = self
            .lies
            .keys()
            .filter(|number| self.told(**number).is_seen_by(person));
        seen.copied().collect()
    }

    /// What they see now, they may have heard of.
    fn all_look(&mut self) {
        for person in everybody() {
            let seen = self.seen_by(&person);
            self.ever.entry(person.name).or_default().extend(seen);
        }
    }

    /// Of one that changed.
    fn look_at(&mut self, number: u32) {
        for person in everybody() {
            if self.told(number).is_seen_by(&person) {
                self.ever.entry(person.name).or_default().insert(number);
            }
        }
    }

    /// Asks, and counts.
    async fn asks(&mut self, guest: &Guest, ask: &Ask) -> Whole {
        let whole = ask.of(guest).await;
        self.asked += 1;
        whole
    }

    /// What is known of conversations stands in an answer only if they are theirs to see.
    fn leaks_nothing(&self, person: &Person, ask: &Ask, whole: &Whole) {
        let asked = ask.numbers();
        let known = numbers_in(&whole.text())
            .into_iter()
            .filter(|(_, number)| self.lies.contains_key(number));
        for (what, number) in known {
            // Who asks about a conversation by its id may be answered with that id.
            let own_words = what == 'c' && asked.contains(&number);
            // The blocklist is one for all who work in an owner's queues.
            let blocklist =
                ask.path == "/v1/blocklist" && self.told(number).owners_queues_are_of(person);
            assert!(
                own_words || blocklist || self.told(number).is_seen_by(person),
                "{} learns of {number} ({:?}) by {ask:?}: {whole:?}",
                person.name,
                self.lies[&number],
            );
        }
        let of_swansea = whole.text().contains("Swansea alone");
        assert!(
            person.name == "dot" || !of_swansea,
            "{}: {ask:?}: {whole:?}",
            person.name
        );
    }
}

/// A conversation whose every word has its number in it.
fn conversation(desk: &Desk, number: u32, lies: &Lies) -> SeedConversation {
    let directory = desk.store.directory();
    SeedConversation {
        id: Some(id(number).parse().unwrap()),
        queue: directory.queue(lies.queue).unwrap().id.clone(),
        channel: "SMS".into(),
        address: format!("+44{number:09}"),
        name: format!("Nam{number:09}"),
        assignee: lies
            .assignee
            .map(|name| directory.user(name).unwrap().id.clone()),
        state: if lies.open {
            State::Open
        } else {
            State::Closed
        },
        handler: Handler::Person,
        status: None,
        just_entered: false,
        began_by: BeganBy::Customer,
        messages: vec![SeedMessage {
            direction: Direction::In,
            body: format!("Hello Bod{number:09}"),
            at: Moment(1_700_000_000_000_000 + i64::from(number)),
            sender: None,
            delivery: None,
            attachments: vec![],
        }],
    }
}

/// What stands in a text of which conversation: its id, its contact's name or address, or what was said in it.
fn numbers_in(text: &str) -> BTreeSet<(char, u32)> {
    let mut found = BTreeSet::new();
    for (what, sign) in [('c', "c"), ('N', "Nam"), ('4', "+44"), ('B', "Bod")] {
        for (at, _) in text.match_indices(sign) {
            let digits = text.get(at + sign.len()..at + sign.len() + 9);
            let number = digits.filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
            found.extend(
                number
                    .and_then(|d| d.parse().ok())
                    .map(|number| (what, number)),
            );
        }
    }
    found
}

/// One request.
#[derive(Clone, Debug)]
struct Ask {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl Ask {
    fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
        }
    }

    fn post(path: impl Into<String>, body: Value) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            body: Some(body),
        }
    }

    async fn of(&self, guest: &Guest) -> Whole {
        let mut request = guest.request(self.method.clone(), &self.path);
        if let Some(body) = &self.body {
            request = request.header("content-type", "application/json");
            request = request.header("idempotency-key", uuid::Uuid::now_v7().to_string());
            request = request.body(body.to_string());
        }
        let (status, headers, body) = said_whole(request).await;
        Whole {
            status,
            headers,
            body,
        }
    }

    /// The conversations it asks about.
    fn numbers(&self) -> BTreeSet<u32> {
        let words = format!("{} {}", self.path, self.body.clone().unwrap_or_default());
        numbers_in(&words)
            .into_iter()
            .map(|(_, number)| number)
            .collect()
    }

    /// The same about what is not there.
    fn of_nothing(&self, id: &str) -> Self {
        let body = self.body.as_ref();
        Self {
            method: self.method.clone(),
            path: self.path.replace(id, NOWHERE),
            body: body
                .map(|body| serde_json::from_str(&body.to_string().replace(id, NOWHERE)).unwrap()),
        }
    }
}

/// All of an answer.
#[derive(Clone, Debug, PartialEq)]
struct Whole {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Whole {
    fn text(&self) -> String {
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        headers + &self.body
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// But for the time, the operation and the id that was asked about.
    fn bare(&self, id: &str) -> Self {
        let mut bare = self.clone();
        bare.headers
            .retain(|(name, _)| name != "date" && name != "idempotency-key");
        let key = self
            .headers
            .iter()
            .find(|(name, _)| name == "idempotency-key");
        if let Some((_, key)) = key {
            bare.body = bare.body.replace(key, "OPERATION");
        }
        if let Some(operation) = self.json()["operation"].as_str() {
            bare.body = bare.body.replace(operation, "OPERATION");
        }
        bare.body = bare.body.replace(id, "ID").replace(NOWHERE, "ID");
        bare
    }

    /// What was done, in the words of the rules.
    fn verdict(&self) -> Verdict {
        match (self.status, self.json()["outcome"].as_str()) {
            (200, Some("already")) => Verdict::Already,
            (200 | 201, _) => Verdict::Done,
            (409, _) => Verdict::Taken,
            (422, _) => Verdict::Refused,
            (404, _) => Verdict::NotFound,
            (status, _) => panic!("{status}: {self:?}"),
        }
    }
}

on_both! {
    async fn r33_every_call_and_every_relation_answers_by_the_rules_and_leaks_nothing(desk) {
        let begun = Instant::now();
        desk.apply(MORE).await;
        let askers = askers(&desk).await;
        let calls = calls();
        let mut matrix = Matrix::seeded(&desk, &calls).await;
        let mut cells = 0;
        let mut streams: Vec<(Person, Events)> = Vec::new();
        for (person, guest) in &askers {
            if person.lets_in {
                streams.push((*person, guest.events(&format!("console={}", person.name)).await));
            }
        }
        for (person, guest) in &askers {
            lists_are_exact(&matrix, person, guest).await;
        }
        let messages = messages_of(&matrix, &askers).await;
        for call in &calls {
            let (method, path) = call.split_once(' ').unwrap();
            for (person, guest) in &askers {
                match row(call).expect("a row") {
                    Row::Anybody => {
                        let whole = matrix.asks(guest, &Ask::get(path)).await;
                        assert!([200, 204].contains(&whole.status), "{call}: {whole:?}");
                        cells += 1;
                    }
                    Row::Own(queries) => {
                        for query in queries {
                            let ask = Ask::get(format!("{path}?{query}"));
                            own(&mut matrix, person, guest, &ask, &[200]).await;
                            cells += 1;
                        }
                    }
                    Row::OwnBody(body) => {
                        let ask = Ask::post(path, body());
                        own(&mut matrix, person, guest, &ask, &[200, 204, 404]).await;
                        cells += 1;
                    }
                    Row::Needs(permission) => {
                        let may = person.has == Some(permission);
                        let ask = if method == "GET" { Ask::get(path) } else { Ask::post(path, full_body(path)) };
                        let whole = matrix.asks(guest, &ask).await;
                        matrix.leaks_nothing(person, &ask, &whole);
                        let expected: &[u16] = if !person.lets_in { &[401] } else if may { &[200, 201, 422] } else { &[403] };
                        assert!(expected.contains(&whole.status), "{} {call}: {whole:?}", person.name);
                        cells += 1;
                    }
                    Row::Read => {
                        for (standing, _) in STANDINGS.iter().enumerate() {
                            let number = matrix.of[&(call.clone(), standing, person.name)];
                            let path = path.replace("{id}", &id(number)).replace("{mid}", &messages[&number]);
                            for method in [Method::GET, Method::HEAD] {
                                let ask = Ask { method, ..Ask::get(&path) };
                                let whole = about(&mut matrix, person, guest, number, &ask).await;
                                let sees = matrix.told(number).is_seen_by(person);
                                let expected = if !person.lets_in { 401 } else if sees { 200 } else { 404 };
                                assert_eq!(whole.status, expected, "{} {ask:?}: {whole:?}", person.name);
                                cells += 1;
                            }
                        }
                    }
                    Row::Act(word, body) => {
                        for (standing, _) in STANDINGS.iter().enumerate() {
                            let number = matrix.of[&(call.clone(), standing, person.name)];
                            let ask = Ask::post(path.replace("{id}", &id(number)), body(&matrix.lies[&number]));
                            let expected = matrix.told(number).says(word, person);
                            let before = matrix.lies[&number];
                            if expected == Verdict::Done {
                                matrix.lies.insert(number, Told(&before).after(word, person));
                                matrix.look_at(number);
                            }
                            let whole = about(&mut matrix, person, guest, number, &ask).await;
                            if person.lets_in {
                                assert_eq!(whole.verdict(), expected, "{} {ask:?} {before:?}: {whole:?}", person.name);
                            } else {
                                assert_eq!(whole.status, 401, "{} {ask:?}: {whole:?}", person.name);
                            }
                            cells += 1;
                        }
                    }
                    Row::Many(word, body) => {
                        for (standing, _) in STANDINGS.iter().enumerate() {
                            let number = matrix.of[&(call.clone(), standing, person.name)];
                            let mut many = body(&matrix.lies[&number]);
                            many["items"] = json!([{"id": id(number)}]);
                            let ask = Ask::post(path, many);
                            let expected = matrix.told(number).says(word, person);
                            let before = matrix.lies[&number];
                            if expected == Verdict::Done {
                                matrix.lies.insert(number, Told(&before).after(word, person));
                                matrix.look_at(number);
                            }
                            let whole = about(&mut matrix, person, guest, number, &ask).await;
                            if person.lets_in {
                                let result = whole.json()["results"][0]["outcome"].clone();
                                assert_eq!(result, expected.word(), "{} {ask:?} {before:?}: {whole:?}", person.name);
                            } else {
                                assert_eq!(whole.status, 401, "{} {ask:?}: {whole:?}", person.name);
                            }
                            cells += 1;
                        }
                    }
                    Row::Stream => {
                        if !person.lets_in {
                            let whole = matrix.asks(guest, &Ask::get(path)).await;
                            assert_eq!(whole.status, 401, "{whole:?}");
                        }
                        cells += 1;
                    }
                }
                assert_eq!(method == "GET", path_is_read(call), "{call}: only GET and POST are known here");
            }
        }
        for (person, guest) in &askers {
            lists_are_exact(&matrix, person, guest).await;
        }
        let heard = streams_told_only(&matrix, desk, streams).await;
        let on = heard.0;
        figure(&format!("on {on}: answers compared"), matrix.asked);
        figure(&format!("on {on}: call × relation × standing"), format!("{cells} in {:.0?}", begun.elapsed()));
        assert!(heard.1 > 100, "streams heard only {} events", heard.1);
    }
}

fn path_is_read(call: &str) -> bool {
    call.starts_with("GET ")
}

/// A body that a gateway could hand in, but for the queue, so that nothing comes of it.
fn full_body(path: &str) -> Value {
    if path == "/v1/deliveries" {
        return json!({"message": "none-such", "state": "delivered"});
    }
    let mut body =
        json!({"queue": "Nowhere", "channel": "SMS", "contact": {"address": "+1"}, "body": "x"});
    body["external_id"] = "e1".into();
    body
}

/// A call that is only about who asks.
async fn own(matrix: &mut Matrix, person: &Person, guest: &Guest, ask: &Ask, expected: &[u16]) {
    let whole = matrix.asks(guest, ask).await;
    if person.lets_in {
        assert!(
            expected.contains(&whole.status),
            "{} {ask:?}: {whole:?}",
            person.name
        );
    } else {
        assert_eq!(whole.status, 401, "{} {ask:?}: {whole:?}", person.name);
    }
    matrix.leaks_nothing(person, ask, &whole);
}

/// A call about one conversation: who may not see it is answered as about one that is not there.
async fn about(
    matrix: &mut Matrix,
    person: &Person,
    guest: &Guest,
    number: u32,
    ask: &Ask,
) -> Whole {
    let whole = matrix.asks(guest, ask).await;
    matrix.leaks_nothing(person, ask, &whole);
    let sees = person.lets_in && whole.status != 404 && !whole.body.contains("not_found");
    if !sees {
        let nowhere = ask.of_nothing(&id(number));
        let never = matrix.asks(guest, &nowhere).await;
        assert_eq!(
            never.bare(NOWHERE),
            whole.bare(&id(number)),
            "{} {ask:?}",
            person.name
        );
    }
    whole
}

/// The newest message of each conversation that is only read.
async fn messages_of(matrix: &Matrix, askers: &[(Person, Guest)]) -> BTreeMap<u32, String> {
    let (_, gwen) = askers
        .iter()
        .find(|(person, _)| person.name == "gwen")
        .unwrap();
    let mut messages = BTreeMap::new();
    for number in matrix.lies.keys().filter(|number| *number % 10_000 == 0) {
        let page = gwen
            .get(&format!("/v1/conversations/{}/messages", id(*number)))
            .await;
        messages.insert(*number, page.text("/items/0/id"));
    }
    // A message is in its own conversation only, also for who sees both.
    let (first, second) = (id(0), &messages[&10_000]);
    let crossed = gwen
        .get(&format!("/v1/conversations/{first}/messages/{second}"))
        .await;
    crossed.is_problem(404, "not-found");
    messages
}

/// What is listed is what they see, no more and no less, and so are the counts.
async fn lists_are_exact(matrix: &Matrix, person: &Person, guest: &Guest) {
    if !person.lets_in {
        return;
    }
    let seen = matrix.seen_by(person);
    let open = |number: &&u32| matrix.lies[*number].open;
    let of = |which: &dyn Fn(&Lies) -> bool| -> BTreeSet<u32> {
        let those = seen
            .iter()
            .filter(open)
            .filter(|number| which(&matrix.lies[*number]));
        those.copied().collect()
    };
    let views = [
        ("view=all", of(&|_| true)),
        ("view=mine", of(&|lies| lies.assignee == Some(person.name))),
        ("view=unassigned", of(&|lies| lies.assignee.is_none())),
        (
            "state=closed",
            seen.iter()
                .filter(|number| !matrix.lies[*number].open)
                .copied()
                .collect(),
        ),
    ];
    let mut counts = Value::Null;
    for (query, expected) in &views {
        let (mut listed, mut cursor) = (BTreeSet::new(), String::new());
        loop {
            let page = guest
                .get(&format!(
                    "/v1/conversations?{query}&limit=500&cursor={cursor}"
                ))
                .await;
            assert_eq!(page.status, 200, "{page:?}");
            listed.extend(page.ids().iter().map(|id| id[1..].parse::<u32>().unwrap()));
            counts = page.body["counts"].clone();
            match page.body["next"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(listed, *expected, "{} {query}", person.name);
    }
    let exact =
        json!({"all": views[0].1.len(), "mine": views[1].1.len(), "unassigned": views[2].1.len()});
    assert_eq!(counts, exact, "{}", person.name);
    let users = guest.get("/v1/users").await;
    for user in users.body["items"].as_array().unwrap() {
        let name = user["id"].as_str().unwrap();
        let theirs = of(&|lies| lies.assignee == Some(name));
        assert_eq!(user["open"], theirs.len(), "{} of {name}", person.name);
    }
    let queues = guest.get("/v1/queues").await;
    for queue in queues.body["items"].as_array().unwrap() {
        let name = queue["name"].as_str().unwrap();
        let theirs = of(&|lies| lies.queue == name);
        assert_eq!(queue["open"], theirs.len(), "{} of {name}", person.name);
    }
}

/// Each stream told of nothing but what its reader saw at some time; which database, and how much was heard.
async fn streams_told_only(
    matrix: &Matrix,
    mut desk: Desk,
    streams: Vec<(Person, Events)>,
) -> (&'static str, usize) {
    let kind = desk.kind();
    desk.begin_to_stop();
    let mut events = 0;
    for (person, mut stream) in streams {
        let heard = stream.rest().await;
        events += heard.len();
        for (what, number) in heard
            .iter()
            .flat_map(|heard| numbers_in(&heard.data.to_string()))
        {
            let ever = &matrix.ever[person.name];
            assert!(
                ever.contains(&number),
                "{} heard of {number} ({what})",
                person.name
            );
        }
        let sees = !matrix.ever[person.name].is_empty();
        let told = heard
            .iter()
            .any(|heard| ["conversation", "reset"].contains(&heard.kind.as_str()));
        assert_eq!(sees, told, "{}: {} events", person.name, heard.len());
    }
    desk.stopped().await;
    (kind, events)
}

on_both! {
    /// What one may not name answers as what is not there: people of other houses, queues one has no access to,
    /// operations of others.
    async fn r33_names_that_are_not_ones_own_answer_like_names_that_are_not_there(desk) {
        desk.apply(MORE).await;
        let held = desk.held_by("Payments", "+441", "anna").await;
        let dots = desk.held_by("Letters", "+442", "dot").await;
        let (anna, dot) = (desk.client("anna").await, desk.client("dot").await);
        let operation = dot.post_as("an-operation-of-dots", &format!("/v1/conversations/{dots}/note"), &json!({"body": "x"})).await.text("/operation");
        let at = |rest: &str| format!("/v1/conversations/{held}/{rest}");
        let (mut compared, mut differ) = (0, Vec::new());
        for (theirs, nobodys) in [("dot", "dox"), ("Letters", "Letterz"), ("of Swansea alone", "of Swansea alonf"), (operation.as_str(), "00000000-0000-7000-8000-000000000000")] {
            let asks = |name: &str| {
                let queries = ["conversations?queue", "conversations?assignee", "conversations?view=all&state=any&queue", "find?q", "users?for", "users?queue", "acts?by", "acts?of"];
                let mut asks: Vec<_> = queries.iter().map(|q| Ask::get(format!("/v1/{q}={}", name.replace(' ', "%20")))).collect();
                for word in ["queue", "by", "status"] {
                    asks.push(Ask::get(format!("/v1/find?q={word}:%22{}%22", name.replace(' ', "%20"))));
                }
                asks.extend([
                    Ask::post("/v1/unassign/preview", json!({"of": name})),
                    Ask::post("/v1/unassign/preview", json!({"of": "anna", "queue": name})),
                    Ask::post("/v1/unassign/preview", json!({"of": "anna", "status": name})),
                    Ask::post("/v1/undo", json!({"operation": name})),
                    Ask::post("/v1/assign", json!({"items": [{"id": held}], "to": [name]})),
                    Ask::post("/v1/move", json!({"items": [{"id": held}], "queue": name})),
                    Ask::post("/v1/status", json!({"items": [{"id": held}], "status": name})),
                    Ask::post(at("assign"), json!({"user": name})),
                    Ask::post(at("move"), json!({"queue": name})),
                    Ask::post(at("status"), json!({"status": name})),
                    Ask::post(at("unassign"), json!({"expected_assignee": name})),
                    Ask::post("/v1/presence", json!({"open": name, "state": "viewing"})),
                ]);
                asks
            };
            for (known, unknown) in asks(theirs).into_iter().zip(asks(nobodys)) {
                let (known_said, unknown_said) = (known.of(&anna).await, unknown.of(&anna).await);
                let (a, b) = (known_said.bare(theirs), unknown_said.bare(nobodys));
                let b = Whole { body: b.body.replace(nobodys, "ID"), ..b };
                let a = Whole { body: a.body.replace(theirs, "ID"), ..a };
                if a != b {
                    differ.push(format!("{known:?}: {a:?} {b:?}"));
                }
                compared += 1;
            }
        }
        assert!(differ.is_empty(), "{}", differ.join("\n"));
        let kind = desk.kind();
        figure(&format!("on {kind}: names compared"), compared);
    }
}
