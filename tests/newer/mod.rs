//! A desk of a later version: it says more than the contract knows, in every place where it can. What is known of it is
//! shown all the same, and nothing is taken for something else.

use handback::{
    desk::{
        ActsQuery, Answer, Choice, Desk, Find, Many, ManyDeed, Query, Trouble, What, Whose,
        handback::Handback,
    },
    domain::{
        action::{Action, Expectation},
        conversation::{Handler, State},
        id::UserId,
        message::{Delivery, Direction, Failure},
        moment::Moment,
        search::Search,
    },
};
use serde_json::{Value, json};

use super::{
    canned::{Asked, Canned, Said},
    id, operation,
};

/// A word that no version knows.
const NEW: &str = "of_the_future";
const AT: &str = "2026-11-22T14:00:00Z";

/// The same with a field more in every object.
fn newer(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(newer).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| match &*name {
                "actions" => (name, value), // Its fields are its content.
                _ => (name, newer(value)),
            });
            let more = [(NEW.to_owned(), json!({ NEW: [1, null, "x"] }))];
            Value::Object(fields.chain(more).collect())
        }
        other => other,
    }
}

/// A row all of whose words are new.
fn row(id: &str) -> Value {
    json!({
        "id": id, "contact": {"name": "Bea Jones", "address": "+44 7700 900123"}, "channel": "Smoke signals",
        "queue": {"id": "q1", "name": "Payments"}, "state": NEW, "status": NEW, "handler": NEW,
        "assignee": {"id": "anna", "name": "Anna Webb"},
        "last_message": {"direction": "out", "preview": "Hello", "at": AT, "delivery": {"state": NEW}},
        "unanswered": true, "just_entered": false, "since": AT, "version": 7,
        "active": [{"id": "ben", "name": "Ben Cole", "what": NEW}, {"id": "cat", "name": "Cat Dee", "what": "viewing"}],
    })
}

fn message(id: &str, direction: &str, delivery: &Value) -> Value {
    json!({"id": id, "direction": direction, "body": "Hello", "truncated": false, "at": AT, "delivery": delivery})
}

/// What a later desk answers.
fn answer(asked: &Asked) -> Value {
    let (what, _) = asked.what.split_once('?').unwrap_or((&asked.what, ""));
    let counts = json!({"mine": 1, "unassigned": 2, "all": 3});
    let done = |action: &str, became: &str| {
        json!({
            "operation": "op-1", "at": AT, "action": action, "by": null, "cause": NEW, "of": [], "undone": false,
            "count": 2, "conversations": [
                {"conversation": row("C1"), "became": became}, {"conversation": row("C2"), "became": "waiting"},
            ],
        })
    };
    let user = json!({
        "id": "ben", "username": "ben", "name": "Ben Cole", "organisation": {"id": "o", "name": "Cardiff"},
        "signed_in": true, "open": 1, "unanswered": 0,
    });
    match what {
        "GET /v1/me" => json!({
            "user": {"id": "anna", "name": "Anna Webb"}, "username": "anna",
            "organisation": {"id": "o", "name": "Cardiff"}, "permissions": ["conversations", NEW],
            "capabilities": ["unassign", NEW], "desk_version": "9.0.0", "desk": "d1",
        }),
        "GET /v1/conversations" => {
            json!({"items": [row("C1"), row("C2")], "as_of": 41, "counts": counts})
        }
        "GET /v1/find" => {
            json!({"items": [{"conversation": row("C1")}], "partial": false, "as_of": 41})
        }
        "GET /v1/conversations/C1" => json!({
            "conversation": row("C1"),
            "actions": {"unassign": {"allowed": true}, "take": {"allowed": false, "reason": NEW}, NEW: {"allowed": true}},
        }),
        "GET /v1/conversations/C1/messages" => json!({"items": [
            message("m5", NEW, &json!(null)), message("m4", "out", &json!({"state": NEW})),
            message("m3", "out", &json!({"state": "error", "reason": NEW})),
            message("m2", "out", &json!({"state": "delivered"})), message("m1", "in", &json!(null)),
        ]}),
        "GET /v1/conversations/C1/history" => {
            json!({"items": [{"id": "1", "at": AT, "kind": NEW, "cause": NEW, "from": "a", "to": "b"}]})
        }
        "GET /v1/conversations/C1/contact" => {
            json!({"began": AT, "first_seen": AT, "count": 1, "others": [row("C2")], "blocked": {"at": AT}})
        }
        "GET /v1/queues" => json!({"items": [{
            "id": "q1", "name": "Payments", "owner": {"id": "o", "name": "Cardiff"}, "rule": NEW, "on_login": NEW,
            "on_logout": NEW, "active": true, "open": 1, "unassigned": 1,
        }]}),
        "GET /v1/users" => json!({"items": [user]}),
        "GET /v1/statuses" => {
            json!({"items": [{"name": "promise", "organisation": {"id": "o", "name": "Cardiff"}}]})
        }
        "GET /v1/phrases" => json!({"items": [
            {"keywords": ["hi"], "body": "Hello", "organisation": {"id": "o", "name": "Cardiff"}},
        ]}),
        "GET /v1/acts" => {
            json!({"items": [done("unassign", NEW), done(NEW, "waiting"), done("move", "taken")]})
        }
        "POST /v1/unassign/preview" => json!({
            "items": [{"id": "C1"}], "moves": [row("C1")], "staying": 1, "warnings": [],
            "stays": [{"conversation": row("C2"), "reason": NEW, "text": ""}],
        }),
        "POST /v1/unassign" => json!({"operation": "op-1", "results": [
            {"id": "C1", "outcome": NEW}, {"id": "C2", "outcome": "done", "conversation": row("C2")},
            {"id": "C3", "outcome": "refused", "reason": NEW},
        ]}),
        other => panic!("{other}"),
    }
}

fn desk() -> (Canned, Handback) {
    let canned = Canned::new(|asked| Said::Json(200, newer(answer(asked)).to_string()));
    let desk = super::desk(&canned);
    (canned, desk)
}

#[tokio::test]
async fn r17_what_a_later_desk_says_more_costs_no_row_of_any_list() {
    let (_canned, desk) = desk();
    let me = desk.me().await.unwrap();
    assert!(me.conversations);
    assert_eq!(me.actions, [Action::Unassign]);
    let page = desk.list(&Query::default()).await.unwrap();
    assert_eq!(page.rows.len(), 2);
    let row = &page.rows[0];
    // Left to the desk: it says what may be done, and refuses the rest.
    assert_eq!((row.state, row.handler), (State::Open, Handler::Person));
    assert_eq!(row.channel, "Smoke signals");
    let active: Vec<_> = row.active.iter().map(|one| one.who.name.as_str()).collect();
    assert_eq!(active, ["Cat Dee"]);
    let last = row.last_message.as_ref().unwrap();
    assert_eq!(last.delivery, None, "no failure, as far as is known");
    let search = Search::parse("bea").unwrap();
    let find = Find::of(search, Moment(0), &jiff::tz::TimeZone::UTC, 10);
    assert_eq!(
        desk.find(&find)
            .await
            .unwrap_or_else(|error| panic!("{error}"))
            .hits
            .len(),
        1
    );
    let detail = desk.conversation(&id("C1")).await.unwrap();
    let of = |action| &detail.actions.iter().find(|(a, _)| *a == action).unwrap().1;
    assert!(of(Action::Unassign).is_ok() && of(Action::Take).is_err());
    assert_eq!(desk.queues().await.unwrap().len(), 1);
    assert_eq!(desk.people(None).await.unwrap().len(), 1);
    assert_eq!(desk.statuses().await.unwrap().len(), 1);
    assert_eq!(desk.phrases().await.unwrap().len(), 1);
    assert_eq!(desk.known(&id("C1")).await.unwrap().others.len(), 1);
}

#[tokio::test]
async fn r17_a_message_that_went_a_way_we_do_not_know_is_neither_the_customers_nor_ours() {
    let (_canned, desk) = desk();
    let messages = desk.messages(&id("C1"), None, 10).await.unwrap().items;
    let told: Vec<_> = messages
        .iter()
        .map(|message| (message.id.as_str(), message.direction, message.delivery))
        .collect();
    assert_eq!(
        told,
        [
            ("m4", Direction::Out, None),
            (
                "m3",
                Direction::Out,
                Some(Delivery::Failed(Failure::from_code(NEW)))
            ),
            ("m2", Direction::Out, Some(Delivery::Delivered)),
            ("m1", Direction::In, None),
        ]
    );
    let history = desk.history(&id("C1"), None, 10).await.unwrap().items;
    assert_eq!(history[0].kind, NEW);
}

#[tokio::test]
async fn r17_of_acts_those_we_have_a_word_for_are_told() {
    let (_canned, desk) = desk();
    let query = ActsQuery {
        whose: Whose::By(UserId::parse("anna").unwrap()),
        since: Moment(0),
    };
    let acts = desk
        .acts(&query)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let told: Vec<_> = acts
        .iter()
        .map(|act| (act.action, act.fates.len(), act.count))
        .collect();
    assert_eq!(told, [(Action::Unassign, 1, 2), (Action::Move, 2, 2)]);
    let choice = Choice {
        of: vec![UserId::parse("ben").unwrap()],
        queue: None,
        status: None,
        untouched: false,
        count: None,
    };
    let outlook = desk.outlook(&choice).await.unwrap();
    assert_eq!((outlook.moves.len(), outlook.stays.len()), (1, 1));
    assert_eq!(outlook.stays[0].1, NEW);
}

#[tokio::test]
async fn r21_an_outcome_we_do_not_know_is_unknown_of_that_one_alone() {
    let (_canned, desk) = desk();
    let many = Many {
        operation: operation("op-1"),
        deed: ManyDeed::Unassign,
        items: ["C1", "C2", "C3"]
            .map(|c| (id(c), Expectation::default()))
            .into(),
        reason: None,
        if_quiet: false,
    };
    let answers = desk.act_on_many(&many).await.unwrap();
    assert!(matches!(answers[0].1, Answer::Unknown(_)), "{answers:?}");
    assert!(matches!(answers[1].1, Answer::Done(Some(_))));
    assert!(matches!(&answers[2].1, Answer::Refused(refused) if refused.why == NEW));
}

#[tokio::test]
async fn r31_a_stream_of_a_later_desk_goes_on_and_its_cursor_with_it() {
    let sideways = json!({"conversation": row("C1"), "message": message("m1", NEW, &json!(null))});
    let written = json!({
        "conversation": row("C1"), "message": message("m2", "out", &json!({"state": NEW})),
    });
    let counts = json!({"mine": 0, "unassigned": 1, "all": 1});
    let frames = [
        ("conversation", row("C1")),
        (NEW, json!({})),
        ("message", sideways),
        ("message", written),
        ("attention", json!({"kind": NEW, "conversation": "C1"})),
        (
            "attention",
            json!({"kind": "assigned", "cause": NEW, "conversation": "C1"}),
        ),
        (
            "counts",
            json!({"all_queues": counts, "queues": [{"queue": "q1", "counts": counts}]}),
        ),
        ("gone", json!({"id": "C1"})),
        ("reset", json!({})),
    ];
    let frames = frames.into_iter().zip(41_u64..).map(|((kind, data), id)| {
        let data = newer(data);
        format!("event: {kind}\nid: {id}\nnew: field\ndata: {data}\n\n")
    });
    let (events, end) = super::heard(&frames.collect::<String>()).await;
    assert!(matches!(end, Trouble::Unreachable(_)), "{end:?}");
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| Some((event.cursor?, &event.what)))
        .map(|(cursor, what)| {
            let what = match what {
                What::Row(_) => "row",
                What::Message(..) => "message",
                What::Attention(_) => "attention",
                What::Counts { .. } => "counts",
                What::Gone(_) => "gone",
                What::Reset => "reset",
                What::Alive => "",
            };
            (cursor, what)
        })
        .collect();
    let expected = [
        "row",
        "",
        "row",
        "message",
        "",
        "attention",
        "counts",
        "gone",
        "reset",
    ];
    assert_eq!(told, Vec::from_iter((41..).zip(expected)));
}
