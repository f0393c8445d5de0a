//! What handing back some would move, and what would stay (U7).

use std::time::Duration;

use serde_json::{Value, json};

use crate::{desk::Desk, guest::Guest, on_both};

async fn preview(guest: &Guest, asked: Value) -> Value {
    let said = guest.post("/v1/unassign/preview", &asked).await;
    assert_eq!(said.status, 200, "{said:?}");
    let ids = |field: &str| -> Vec<Value> {
        let all = said.body[field].as_array().unwrap();
        all.iter().map(|one| one["id"].clone()).collect()
    };
    assert_eq!(ids("items"), ids("moves"));
    said.body
}

fn moves(preview: &Value) -> Vec<&str> {
    let items = preview["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

fn stays(preview: &Value) -> Vec<(&str, &str)> {
    let stays = preview["stays"].as_array().unwrap().iter();
    stays
        .map(|one| {
            let (id, why) = (&one["conversation"]["id"], &one["reason"]);
            (id.as_str().unwrap(), why.as_str().unwrap())
        })
        .collect()
}

/// Conversations of these people in this order, each a second after the other.
async fn held<const N: usize>(desk: &Desk, by: [&str; N]) -> [String; N] {
    let mut ids = by.map(str::to_owned);
    for (n, id) in ids.iter_mut().enumerate() {
        let address = format!("+4471{n}");
        *id = desk.held_by("Payments", &address, by[n]).await;
        desk.passes(Duration::from_secs(1));
    }
    ids
}

on_both! {
    async fn u7_the_oldest_waiting_move_and_each_of_the_others_says_why_it_stays(desk) {
        let statuses = r#"
[[status]]
organisation = "cardiff"
name = "promise"
"#;
        desk.apply(statuses).await;
        let [answered, busy, drafted, tagged, touched, old, young] =
            held(&desk, ["anna"; 7]).await;
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        let own = desk.held_by("Own", "+4499", "anna").await;
        let post = async |guest: &Guest, id: &str, verb: &str, body: Value| {
            let said = guest.post(&format!("/v1/conversations/{id}/{verb}"), &body).await;
            assert!(said.status < 300, "{said:?}");
        };
        post(&anna, &answered, "messages", json!({"body": "Yes."})).await;
        post(&anna, &touched, "note", json!({"body": "calls back"})).await;
        for (id, state) in [(&drafted, "draft"), (&busy, "replying")] {
            let said = json!({"console": "a1", "open": id, "state": state});
            anna.post("/v1/presence", &said).await;
        }
        let head = desk.store.head().await.unwrap();

        let all = preview(&gwen, json!({"of": "anna"})).await;
        assert_eq!(moves(&all), [&tagged, &touched, &old, &young, &own, &answered], "answered ones last");
        assert_eq!(stays(&all), [(busy.as_str(), "being_answered"), (&drafted, "draft_kept")]);
        assert_eq!((&all["staying"], &all["warnings"]), (&json!(2), &json!([])));
        let version = gwen.get(&format!("/v1/conversations/{tagged}")).await.body["conversation"]["version"].clone();
        assert_eq!(all["items"][0], json!({"id": tagged, "expected_assignee": "anna", "expected_version": version}));
        assert!(all["stays"][0]["text"].as_str().unwrap().contains("replying now"));

        let two = preview(&gwen, json!({"of": ["anna"], "count": 2, "untouched": true, "queue": "Payments"})).await;
        assert_eq!(moves(&two), [&tagged, &old]);
        assert_eq!(stays(&two), [
            (busy.as_str(), "being_answered"), (&drafted, "draft_kept"), (&touched, "touched"),
            (&young, "not_chosen"), (&own, "other_queue"), (&answered, "touched"),
        ]);
        assert_eq!(desk.store.head().await.unwrap(), head, "nothing moved");
        assert_eq!(moves(&preview(&gwen, json!({"of": "anna", "count": 0})).await), [""; 0]);

        post(&anna, &tagged, "status", json!({"status": "promise"})).await;
        let one = preview(&gwen, json!({"of": "anna", "status": "promise"})).await;
        assert_eq!(moves(&one), [&tagged]);
        assert!(stays(&one).contains(&(&old, "other_status")));

        // What was previewed is what moves; what somebody answers by then stays and says so.
        let answers = json!({"console": "a1", "open": old, "state": "replying"});
        anna.post("/v1/presence", &answers).await;
        let done = gwen.post("/v1/unassign", &json!({"items": two["items"], "if_quiet": true})).await;
        let results: Vec<_> = done.body["results"].as_array().unwrap().iter().map(|r| &r["outcome"]).collect();
        assert_eq!(results, [&json!("conflict"), &json!("refused")], "{done:?}");
        assert_eq!(done.body["results"][1]["reason"], "being_answered");
        // Without the wish for quiet, it moves all the same.
        let items = json!({"items": [two["items"][1]]});
        assert_eq!(gwen.post("/v1/unassign", &items).await.body["results"][0]["outcome"], "done");
    }
}

on_both! {
    async fn u7_several_are_taken_together_and_only_what_one_sees_counts(desk) {
        let [a, b, c, d] = held(&desk, ["anna", "ben", "anna", "ben"]).await;
        let gwen = desk.client("gwen").await;
        let both = preview(&gwen, json!({"of": ["ben", "anna", "nobody at all"], "count": 3})).await;
        assert_eq!(moves(&both), [&a, &b, &c]);
        assert_eq!(stays(&both), [(d.as_str(), "not_chosen")]);
        // Ben sees nothing of Anna's; of his own all.
        let of_ben = preview(&desk.client("ben").await, json!({"of": ["anna", "ben"]})).await;
        assert_eq!((moves(&of_ben), &of_ben["staying"]), (vec![b.as_str(), &d], &json!(0)));
        assert_eq!(moves(&preview(&desk.client("adam").await, json!({"of": "anna"})).await), [&a, &c]);
        // V5: the owner's people see what somebody above took, and may not hand it back.
        let wyns = desk.held_by("Own", "+4490", "wyn").await;
        let of_wyn = preview(&desk.client("anna").await, json!({"of": "wyn"})).await;
        assert_eq!(stays(&of_wyn), [(wyns.as_str(), "not_yours")]);
        for username in ["greta", "dot", "eve"] {
            let nothing = preview(&desk.client(username).await, json!({"of": ["anna", "ben"]})).await;
            assert_eq!((moves(&nothing), &nothing["staying"]), (vec![], &json!(0)), "{username}");
        }
        gwen.post("/v1/unassign/preview", &json!({"of": []})).await.is_problem(400, "malformed");
        gwen.post("/v1/unassign/preview", &json!({})).await.is_problem(400, "malformed");
    }
}

on_both! {
    async fn u7_q3_a_queue_that_would_hand_them_out_at_the_next_login_is_warned_of(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (gwen, settings) = (desk.client("gwen").await, r#"name = "Payments", owner = "head","#);
        for (more, says) in [
            ("", "no maximum"),
            (r#" max_open = 5,"#, "at most 5 each"),
        ] {
            desk.change(settings, &format!(r#"{settings} on_login = "redistribute",{more}"#)).await;
            desk.store.reload_if_changed().await.unwrap();
            let warned = preview(&gwen, json!({"of": "anna"})).await;
            assert_eq!(moves(&warned), [&id]);
            let text = format!("Payments gives all its unassigned to whoever signs in next ({says})");
            assert_eq!(warned["warnings"], json!([{"queue": {"id": warned["moves"][0]["queue"]["id"], "name": "Payments"}, "text": text}]));
        }
        let none = preview(&gwen, json!({"of": "anna", "queue": "Letters"})).await;
        assert_eq!(none["warnings"], json!([]), "nothing of it would move");
    }
}
