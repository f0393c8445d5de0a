//! A small desk to test on: two sister organisations below a head office, and who works there.

use std::collections::HashSet;

use handback::{
    domain::{
        action::Expectation,
        conversation::{Handler, State},
        id::{ConversationId, QueueId, UserId},
        message::Direction,
        moment::Moment,
        person::Person,
    },
    server::store::{
        BeganBy, Item, Many, ManyDeed, Operation, SeedConversation, SeedMessage, Store, TeamFile,
    },
};

/// Head office above Cardiff and Swansea; queue Payments for both, Letters for Cardiff alone.
pub const TEAM: &str = r#"
[[organisation]]
name = "Head office"
id = "head"
[[organisation]]
name = "Cardiff"
parent = "Head office"
[[organisation]]
name = "Swansea"
parent = "Head office"

[[role]]
name = "advisor"
permissions = ["conversations"]
[[role]]
name = "administrator"
permissions = ["conversations", "admin"]
[[role]]
name = "gateway"
permissions = ["inbound"]

[[user]]
username = "anna"
name = "Anna Webb"
organisation = "Cardiff"
role = "advisor"
unix_user = "awebb"
[[user]]
username = "ben"
name = "Ben Cole"
organisation = "Cardiff"
role = "advisor"
[[user]]
username = "cai"
name = "Cai Morgan"
organisation = "Cardiff"
role = "administrator"
[[user]]
username = "dot"
name = "Dot Eames"
organisation = "Swansea"
role = "advisor"
[[user]]
username = "gwen"
name = "Gwen Rees"
organisation = "Head office"
role = "advisor"
[[user]]
username = "gate"
name = "The gateway"
organisation = "Head office"
role = "gateway"

[[queue]]
name = "Payments"
owner = "Head office"
teams = ["Cardiff", "Swansea"]
[[queue]]
name = "Letters"
owner = "Cardiff"
teams = ["Cardiff"]

[[status]]
organisation = "Head office"
name = "promise to pay"

[[channel]]
name = "SMS"
kind = "sms"
"#;

/// Applies [`TEAM`].
pub async fn team(store: &Store) {
    apply(store, TEAM).await;
}

/// Applies a team file.
pub async fn apply(store: &Store, text: &str) {
    let file = TeamFile::parse("team.toml", text).expect("a team file");
    store.apply_team(&file, false).await.expect("a team");
}

/// Somebody of the team, by username.
pub fn person(store: &Store, username: &str) -> Person {
    store.directory().user(username).cloned().expect(username)
}

/// A conversation of `minutes` past: a customer's message nobody answered.
pub fn conversation(
    id: &str,
    queue: &str,
    assignee: Option<&str>,
    minutes: i64,
) -> SeedConversation {
    let at = Moment(1_700_000_000_000_000 - minutes * 60_000_000);
    SeedConversation {
        id: Some(ConversationId::parse(id).expect("an id")),
        queue: QueueId::parse(queue).expect("an id"),
        channel: "SMS".into(),
        address: format!("+44 7700 9{id}"),
        name: format!("Customer {id}"),
        assignee: assignee.map(|a| UserId::parse(a).expect("an id")),
        state: State::Open,
        handler: Handler::Person,
        status: None,
        just_entered: false,
        began_by: BeganBy::Customer,
        messages: vec![message(Direction::In, at)],
    }
}

/// A message that says when it was written.
pub fn message(direction: Direction, at: Moment) -> SeedMessage {
    SeedMessage {
        direction,
        body: format!("written at {}", at.0),
        at,
        sender: None,
        delivery: None,
        attachments: vec![],
    }
}

/// An act on one conversation that expects nothing.
pub fn item(id: &str) -> Item {
    Item {
        id: ConversationId::parse(id).expect("an id"),
        expected: Expectation::default(),
    }
}

/// The same to be done to all of these, whatever is going on in them.
pub fn all(deed: ManyDeed, items: Vec<Item>) -> Many {
    Many {
        deed,
        items,
        reason: None,
        if_quiet: false,
        answered: HashSet::new(),
    }
}

/// An operation of that key, whose content is the key.
pub fn operation(key: &str) -> Operation {
    Operation::new(key, key.as_bytes())
}

/// Nothing that is kept twice disagrees.
pub async fn sound(store: &Store) {
    let wrong = store.verify().await.expect("verify");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
