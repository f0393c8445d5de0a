//! Every deed over HTTP: what it changes, who may, what it leaves alone, what the history says of it, and undo.

use serde_json::{Value, json};

use crate::{
    desk::Desk,
    guest::{Guest, Said},
    on_both,
};

async fn row(guest: &Guest, id: &str) -> Value {
    let said = guest.get(&format!("/v1/conversations/{id}")).await;
    assert_eq!(said.status, 200, "{said:?}");
    said.body["conversation"].clone()
}

async fn deed(guest: &Guest, id: &str, verb: &str, body: Value) -> Said {
    guest
        .post(&format!("/v1/conversations/{id}/{verb}"), &body)
        .await
}

async fn done(guest: &Guest, id: &str, verb: &str, body: Value) -> Said {
    let said = deed(guest, id, verb, body).await;
    assert_eq!(said.status, 200, "{verb}: {said:?}");
    assert_eq!(said.text("/outcome"), "done", "{verb}");
    said
}

#[track_caller]
fn refused(said: &Said, reason: &str) {
    said.is_problem(422, "refused");
    assert_eq!(said.text("/reason"), reason);
}

async fn undo(guest: &Guest, of: &Said) -> Vec<(String, Option<String>)> {
    let undo = json!({"operation": of.text("/operation")});
    results(&guest.post("/v1/undo", &undo).await)
}

fn results(said: &Said) -> Vec<(String, Option<String>)> {
    let results = said.body["results"].as_array();
    let results = results.unwrap_or_else(|| panic!("{said:?}"));
    let word = |one: &Value, field: &str| one[field].as_str().map(str::to_owned);
    results
        .iter()
        .map(|one| (word(one, "outcome").unwrap(), word(one, "reason")))
        .collect()
}

fn outcomes(said: &Said) -> Vec<String> {
    results(said)
        .into_iter()
        .map(|(outcome, _)| outcome)
        .collect()
}

/// What the team did, newest first: kind, from, to, cause, reason.
async fn history(guest: &Guest, id: &str) -> Vec<[String; 5]> {
    let said = guest.get(&format!("/v1/conversations/{id}/history")).await;
    let items = said.body["items"].as_array().unwrap().iter();
    let word = |item: &Value, field: &str| item[field].as_str().unwrap_or_default().to_owned();
    let line = |item| ["kind", "from", "to", "cause", "reason"].map(|field| word(item, field));
    items.map(line).collect()
}

/// The desk with two statuses of head, one of them also cardiff's own, and one of swansea.
async fn with_statuses(desk: &Desk) {
    let statuses = "status = [{ organisation = \"head\", name = \"promise to pay\" }, \
                    { organisation = \"head\", name = \"dispute\" }, \
                    { organisation = \"cardiff\", name = \"dispute\" }, \
                    { organisation = \"swansea\", name = \"letter sent\" }]\n";
    desk.apply(statuses).await;
}

/// Cardiff's own queue becomes inactive, or is deleted.
async fn own_is(desk: &Desk, how: &str) {
    let own = r#"{ name = "Own", owner = "cardiff","#;
    desk.change(own, &format!("{own} {how},")).await;
}

on_both! {
    /// A6: to whom one may give it, and with what belief.
    async fn a6_an_unassigned_one_is_given_to_those_below_a_held_one_by_who_may_unassign_it(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let (anna, ben, adam, wyn) = (
            desk.client("anna").await, desk.client("ben").await,
            desk.client("adam").await, desk.client("wyn").await,
        );
        refused(&deed(&ben, &id, "assign", json!({"user": "anna"})).await, "may_not_assign");
        for who in ["dot", "sue", "greta", "nick", "eve", "nobody at all"] {
            refused(&deed(&wyn, &id, "assign", json!({"user": who})).await, "cannot_hold");
        }
        assert_eq!(anna.list("view=mine").await, [""; 0]);
        let given = done(&adam, &id, "assign", json!({"user": "anna", "expected_assignee": null, "reason": "yours"})).await;
        assert_eq!(given.text("/conversation/assignee/id"), "anna");
        assert_eq!(history(&anna, &id).await[0], ["assignee", "", "Anna Webb", "assign", "yours"]);
        let again = deed(&adam, &id, "assign", json!({"user": "anna"})).await;
        assert_eq!(again.text("/outcome"), "already");
        deed(&ben, &id, "assign", json!({"user": "ben"})).await.is_problem(404, "not-found");
        // Her own she may give to a colleague, whose it then is: out of her sight.
        let stale = json!({"user": "ben", "expected_assignee": "adam"});
        deed(&anna, &id, "assign", stale).await.is_problem(409, "taken");
        let given = done(&anna, &id, "assign", json!({"user": "ben", "expected_assignee": "anna"})).await;
        assert_eq!(given.body["conversation"], Value::Null);
        assert_eq!(ben.list("view=mine").await, [id.clone()]);
        // Taking is for unassigned ones, whoever may unassign it.
        deed(&wyn, &id, "take", json!({})).await.is_problem(409, "taken");
        let given = done(&wyn, &id, "assign", json!({"user": "wyn"})).await;
        assert_eq!(given.text("/conversation/assignee/id"), "wyn");
    }
}

on_both! {
    /// Q8, U9: moved, it is nobody's, has just entered, and the history says both, with the reason.
    async fn q8_moving_clears_the_assignee_and_says_why(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let before = row(&anna, &id).await;
        let moved = done(&anna, &id, "move", json!({"queue": "Own", "expected_assignee": "anna", "reason": "wrong place"})).await;
        let after = &moved.body["conversation"];
        assert_eq!((&after["queue"]["id"], after.get("assignee"), &after["just_entered"]), (&json!("Own"), None, &json!(true)));
        for field in ["last_message", "state", "handler", "since", "unanswered"] {
            assert_eq!(after[field], before[field], "{field}");
        }
        assert_eq!(ben.list("queue=Own").await, [id.clone()]);
        assert_eq!(history(&anna, &id).await[..2], [
            ["assignee", "Anna Webb", "", "move", "wrong place"],
            ["queue", "Payments", "Own", "", "wrong place"],
        ]);
        assert_eq!(deed(&anna, &id, "move", json!({"queue": "Own"})).await.text("/outcome"), "already");
        // Where the mover does not work is no place to move it to, and not even there.
        for queue in ["Letters", "Nowhere", ""] {
            refused(&deed(&anna, &id, "move", json!({"queue": queue})).await, "no_such_queue");
        }
        assert_eq!(undo(&anna, &moved).await, [("done".into(), None)]);
        let back = row(&anna, &id).await;
        assert_eq!((&back["queue"]["id"], &back["assignee"]["id"]), (&json!("Payments"), &json!("anna")));
        assert_eq!(back["just_entered"], false, "L1: undo does not restore it");
        assert_eq!(history(&anna, &id).await[..2], [
            ["assignee", "", "Anna Webb", "undo", ""],
            ["queue", "Own", "Payments", "", ""],
        ]);
    }
}

on_both! {
    /// Q6: nothing moves into an inactive queue; what is in it stays, and can be moved out.
    async fn q6_an_inactive_queue_gives_and_does_not_take(desk) {
        let (inside, outside) = (
            desk.held_by("Own", "+441", "anna").await,
            desk.held_by("Payments", "+442", "anna").await,
        );
        own_is(&desk, "active = false").await;
        let anna = desk.client("anna").await;
        let (before, head) = (row(&anna, &outside).await, desk.store.head().await.unwrap());
        let said = deed(&anna, &outside, "move", json!({"queue": "Own"})).await;
        refused(&said, "queue_inactive");
        assert!(said.text("/detail").contains("inactive"), "{said:?}");
        let many = anna.post("/v1/move", &json!({"queue": "Own", "items": [{"id": outside}]})).await;
        assert_eq!(results(&many), [("refused".into(), Some("queue_inactive".into()))]);
        assert_eq!((row(&anna, &outside).await, desk.store.head().await.unwrap()), (before, head));
        assert_eq!(anna.list("queue=Own").await, [inside.clone()]);
        let moved = done(&anna, &inside, "move", json!({"queue": "Payments"})).await;
        // Undo would put it back where nothing goes in.
        assert_eq!(undo(&anna, &moved).await, [("refused".into(), Some("queue_inactive".into()))]);
        assert_eq!(row(&anna, &inside).await["queue"]["id"], "Payments");
    }
}

on_both! {
    /// Q7, V7: in a deleted queue it is in no list, search finds it, and reopening it changes nothing of that.
    async fn q7_in_a_deleted_queue_only_search_finds_it(desk) {
        let (id, open) = (desk.customer("Own", "+441", "Hello?").await, desk.customer("Own", "+442", "Hi").await);
        let moved = desk.customer("Own", "+443", "Hi").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        done(&anna, &id, "close", json!({})).await;
        let away = done(&ben, &moved, "move", json!({"queue": "Payments"})).await;
        own_is(&desk, "deleted = true").await;
        assert_eq!(anna.list("").await, [moved.clone()]);
        let reopened = done(&anna, &id, "reopen", json!({})).await;
        assert_eq!(reopened.text("/conversation/state"), "open");
        assert_eq!(reopened.text("/conversation/queue/id"), "Own");
        for guest in [&anna, &ben] {
            let page = guest.get("/v1/conversations").await;
            assert_eq!((page.ids(), &page.body["counts"]["all"]), (vec![moved.clone()], &json!(1)));
            let mut found = guest.list("search=1&q=44").await;
            found.sort();
            let mut all = vec![id.clone(), open.clone(), moved.clone()];
            all.sort();
            assert_eq!(found, all);
        }
        assert_eq!(desk.client("dot").await.list("search=1&q=44").await, [""; 0], "under the same rules");
        refused(&deed(&anna, &moved, "move", json!({"queue": "Own"})).await, "no_such_queue");
        assert_eq!(undo(&ben, &away).await, [("refused".into(), Some("no_such_queue".into()))]);
        // What is there can be moved out.
        done(&anna, &open, "move", json!({"queue": "Payments"})).await;
        assert_eq!(anna.list("").await.len(), 2);
    }
}

on_both! {
    /// S3: a status of the organisation or of one above, or none.
    async fn s3_a_status_is_of_the_organisations_list(desk) {
        with_statuses(&desk).await;
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        let listed = anna.get("/v1/statuses").await;
        assert_eq!(listed.body["items"], json!([
            {"name": "dispute", "organisation": {"id": "cardiff", "name": "cardiff"}},
            {"name": "promise to pay", "organisation": {"id": "head", "name": "head"}},
        ]));
        let of_dot = desk.client("dot").await.get("/v1/statuses").await;
        assert_eq!(of_dot.body["items"].as_array().unwrap().len(), 3);
        assert_eq!(desk.client("nick").await.get("/v1/statuses").await.body["items"], json!([]), "V6");
        refused(&deed(&anna, &id, "status", json!({"status": "letter sent"})).await, "no_such_status");
        let set = done(&anna, &id, "status", json!({"status": "promise to pay", "reason": "Friday"})).await;
        assert_eq!(set.text("/conversation/status"), "promise to pay");
        assert_eq!(set.text("/conversation/assignee/id"), "anna");
        assert_eq!(history(&anna, &id).await[0], ["status", "", "promise to pay", "", "Friday"]);
        assert_eq!(deed(&anna, &id, "status", json!({"status": "promise to pay"})).await.text("/outcome"), "already");
        let none = done(&anna, &id, "status", json!({"status": null})).await;
        assert_eq!(none.body["conversation"].get("status"), None);
        assert_eq!(undo(&anna, &none).await, [("done".into(), None)]);
        assert_eq!(row(&anna, &id).await["status"], "promise to pay");
        assert_eq!(undo(&anna, &set).await, [("refused".into(), Some("acted_on_since".into()))], "its version is another's");
    }
}

on_both! {
    /// S1: closed it is nobody's, reopened it is in its queue as if it came in.
    async fn s1_closing_and_reopening(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let closed = done(&anna, &id, "close", json!({"expected_assignee": "anna", "reason": "paid"})).await;
        assert_eq!(closed.text("/conversation/state"), "closed");
        assert_eq!(closed.body["conversation"].get("assignee"), None);
        assert_eq!(history(&anna, &id).await[..2], [
            ["assignee", "Anna Webb", "", "close", "paid"],
            ["state", "open", "closed", "", "paid"],
        ]);
        assert_eq!(deed(&anna, &id, "close", json!({})).await.text("/outcome"), "already");
        for (verb, body) in [("take", json!({})), ("assign", json!({"user": "anna"})), ("move", json!({"queue": "Own"}))] {
            refused(&deed(&anna, &id, verb, body).await, "closed");
        }
        refused(&anna.reply(&id, "Still there?").await, "closed");
        let reopened = done(&ben, &id, "reopen", json!({"reason": "not paid"})).await;
        let now = &reopened.body["conversation"];
        assert_eq!((&now["state"], &now["queue"]["id"], now.get("assignee")), (&json!("open"), &json!("Payments"), None));
        assert_eq!(now["just_entered"], true);
        assert_eq!(history(&anna, &id).await[0], ["state", "closed", "open", "", "not paid"]);
        assert_eq!(deed(&ben, &id, "reopen", json!({})).await.text("/outcome"), "already");
        assert_eq!(undo(&ben, &reopened).await, [("done".into(), None)]);
        assert_eq!(row(&ben, &id).await["state"], "closed");
        assert_eq!(undo(&anna, &closed).await, [("refused".into(), Some("acted_on_since".into()))]);
    }
}

on_both! {
    /// U6: closing taken back is hers again, in her list.
    async fn u6_a_close_taken_back_is_open_and_hers(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        let closed = done(&anna, &id, "close", json!({})).await;
        assert_eq!(undo(&anna, &closed).await, [("done".into(), None)]);
        assert_eq!(anna.list("view=mine").await, [id.clone()]);
        assert_eq!(history(&anna, &id).await[..2], [
            ["assignee", "", "Anna Webb", "undo", ""],
            ["state", "closed", "open", "", ""],
        ]);
    }
}

/// A conversation a bot handles.
async fn with_a_bot(desk: &Desk, address: &str) -> String {
    let body = json!({
        "queue": "Payments", "channel": "SMS", "body": "Hello?", "handler": "bot",
        "contact": {"address": address}, "external_id": format!("bot {address}"),
    });
    let gate = desk.client("gate").await;
    gate.post("/v1/inbound", &body).await.text("/conversation")
}

on_both! {
    /// S4: nobody replies while a bot does; intervening ends that for good and makes nobody its owner.
    async fn s4_intervening_ends_the_bots_part_for_good(desk) {
        let id = with_a_bot(&desk, "+441").await;
        let anna = desk.client("anna").await;
        refused(&anna.reply(&id, "Hello.").await, "bot_handles");
        assert_eq!(row(&anna, &id).await["handler"], "bot");
        let ended = done(&anna, &id, "intervene", json!({"reason": "it guesses"})).await;
        let now = &ended.body["conversation"];
        assert_eq!((&now["handler"], now.get("assignee"), &now["just_entered"]), (&json!("person"), None, &json!(false)));
        assert_eq!(history(&anna, &id).await, [["handler", "bot", "person", "", "it guesses"]]);
        assert_eq!(undo(&anna, &ended).await, [("refused".into(), Some("cannot_be_undone".into()))]);
        assert_eq!(deed(&anna, &id, "intervene", json!({})).await.text("/outcome"), "already");
        assert_eq!(anna.reply(&id, "Hello.").await.status, 201);
    }
}

on_both! {
    /// S5: nothing is sent to who is on the blocklist, until then or for good, and until they are taken off it.
    async fn s5_nothing_is_sent_to_who_is_on_the_blocklist(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let allowed = async |action: &str| {
            let detail = anna.get(&format!("/v1/conversations/{id}")).await;
            detail.body["actions"][action]["reason"].as_str().map(str::to_owned)
        };
        refused(&deed(&anna, &id, "block", json!({"until": "2001-01-01T00:00:00Z"})).await, "past");
        assert_eq!(deed(&anna, &id, "unblock", json!({})).await.text("/outcome"), "already");
        let blocked = done(&anna, &id, "block", json!({"reason": "abuse"})).await;
        assert_eq!(blocked.text("/conversation/assignee/id"), "anna");
        assert_eq!(history(&anna, &id).await[0], ["block", "", "blocked", "", "abuse"]);
        refused(&anna.reply(&id, "Hello.").await, "blocked");
        assert_eq!(allowed("reply").await.as_deref(), Some("blocked"));
        assert_eq!((allowed("block").await.as_deref(), allowed("unblock").await), (Some("blocked"), None));
        assert_eq!(deed(&anna, &id, "block", json!({})).await.text("/outcome"), "already");
        // The contact's other conversations are the same contact's, wherever they lie; others are others.
        let other = desk.held_by("Payments", "+442", "ben").await;
        assert_eq!(ben.reply(&other, "Hello.").await.status, 201);
        done(&anna, &id, "move", json!({"queue": "Own"})).await;
        refused(&anna.reply(&id, "Hello.").await, "blocked");

        let unblocked = done(&anna, &id, "unblock", json!({})).await;
        assert_eq!(history(&anna, &id).await[0], ["block", "blocked", "", "", ""]);
        assert_eq!(undo(&anna, &unblocked).await, [("refused".into(), Some("cannot_be_undone".into()))]);
        assert_eq!(anna.reply(&id, "Hello.").await.status, 201);
        let until = done(&anna, &id, "block", json!({"until": "2999-01-01T00:00:00Z"})).await;
        let list = anna.get("/v1/blocklist").await;
        let item = &list.body["items"][0];
        assert_eq!((&item["address"], &item["channel"], &item["until"]), (&json!("+441"), &json!("SMS"), &json!("2999-01-01T00:00:00Z")));
        assert_eq!(item["owner"]["id"], "head", "whose contact it is");
        assert_eq!(item["by"]["name"], "Anna Webb");
        assert_eq!(undo(&anna, &until).await, [("done".into(), None)]);
        assert_eq!(history(&anna, &id).await[0], ["block", "blocked", "", "", ""]);
        assert_eq!(anna.get("/v1/blocklist").await.body["items"], json!([]));
        assert_eq!(anna.reply(&id, "Hello.").await.status, 201);
    }
}

on_both! {
    /// U6: who was taken off the blocklist and put on it again by a colleague stays there.
    async fn u6_a_block_taken_back_is_ones_own_only(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let first = done(&anna, &id, "block", json!({})).await;
        done(&ben, &id, "unblock", json!({})).await;
        done(&ben, &id, "block", json!({})).await;
        assert_eq!(undo(&anna, &first).await, [("refused".into(), Some("acted_on_since".into()))]);
        assert_eq!(anna.get("/v1/blocklist").await.body["items"][0]["by"]["id"], "ben");
        done(&ben, &id, "unblock", json!({})).await;
        assert_eq!(undo(&anna, &first).await, [("already".into(), None)]);
    }
}

on_both! {
    /// V8: a list shows the contacts of those whose queues one works in, and nobody else's.
    async fn v8_the_blocklist_is_of_those_one_works_for(desk) {
        for (queue, address, who) in [("Payments", "+441", "anna"), ("Own", "+442", "anna")] {
            let id = desk.customer(queue, address, "Hello?").await;
            done(&desk.client(who).await, &id, "block", json!({})).await;
        }
        let listed = async |who: &str| {
            let list = desk.client(who).await.get("/v1/blocklist").await;
            let items = list.body["items"].as_array().unwrap().iter();
            items.map(|item| item["address"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for who in ["anna", "gwen", "wyn"] {
            assert_eq!(listed(who).await, ["+442", "+441"], "{who}: by owner");
        }
        assert_eq!(listed("dot").await, ["+441"], "she works in head's Letters");
        for who in ["eve", "greta", "nick", "gate"] {
            assert_eq!(listed(who).await, [""; 0], "{who}");
        }
    }
}

on_both! {
    /// N1: a note is for colleagues, for good, and nothing of it reaches the customer or the list.
    async fn n1_a_note_is_never_sent_and_stays(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let messages = async || anna.get(&format!("/v1/conversations/{id}/messages")).await.body;
        let (before, said) = (row(&anna, &id).await, messages().await);
        let seen = before["version"].clone();
        let noted = done(&anna, &id, "note", json!({"body": "Ring him\n  at noon."})).await;
        refused(&deed(&anna, &id, "note", json!({"body": " \n"})).await, "empty");
        deed(&ben, &id, "note", json!({"body": "Me too"})).await.is_problem(404, "not-found");
        let newest = anna.get(&format!("/v1/conversations/{id}/history?limit=1")).await;
        let item = &newest.body["items"][0];
        assert_eq!((&item["kind"], &item["body"]), (&json!("note"), &json!("Ring him\n  at noon.")));
        assert_eq!(item["by"]["name"], "Anna Webb");
        assert_eq!(messages().await, said);
        let mut after = row(&anna, &id).await;
        after["version"] = seen.clone();
        assert_eq!(after, before, "nothing else changes");
        assert_eq!(undo(&anna, &noted).await, [("refused".into(), Some("cannot_be_undone".into()))]);
        // A note since is no reason for a conflict (U5).
        done(&anna, &id, "unassign", json!({"expected_assignee": "anna", "expected_version": seen})).await;
    }
}

on_both! {
    /// A5: nothing but a reply makes one the owner.
    async fn a5_no_other_deed_assigns(desk) {
        with_statuses(&desk).await;
        let id = with_a_bot(&desk, "+441").await;
        let anna = desk.client("anna").await;
        for (verb, body) in [
            ("note", json!({"body": "Hm."})),
            ("status", json!({"status": "dispute"})),
            ("intervene", json!({})),
            ("block", json!({})),
            ("unblock", json!({})),
            ("move", json!({"queue": "Own"})),
            ("close", json!({})),
            ("reopen", json!({})),
        ] {
            let said = done(&anna, &id, verb, body).await;
            assert_eq!(said.body["conversation"].get("assignee"), None, "{verb}");
        }
        assert_eq!(anna.reply(&id, "Hello.").await.status, 201);
        assert_eq!(anna.list("view=mine").await, [id]);
    }
}

on_both! {
    /// A7: what whoever sees it may, and what only those who may unassign it.
    async fn a7_who_sees_it_may_write_but_not_send_it_away(desk) {
        with_statuses(&desk).await;
        let id = desk.held_by("Own", "+441", "wyn").await;
        // V5: cardiff owns the queue and sees what wyn, above them, took there.
        let anna = desk.client("anna").await;
        for (verb, body) in [
            ("note", json!({"body": "Hm."})), ("status", json!({"status": "dispute"})),
            ("block", json!({})), ("unblock", json!({})),
        ] {
            let said = done(&anna, &id, verb, body).await;
            assert_eq!(said.text("/conversation/assignee/id"), "wyn", "{verb}");
        }
        assert_eq!(anna.post(&format!("/v1/conversations/{id}/messages"), &json!({"body": "Hello."})).await.status, 201);
        for (verb, body) in [
            ("move", json!({"queue": "Payments"})), ("close", json!({})), ("unassign", json!({})),
            ("assign", json!({"user": "anna"})),
        ] {
            refused(&deed(&anna, &id, verb, body).await, "not_yours");
        }
        // Of an unassigned one whoever sees it.
        done(&desk.client("gwen").await, &id, "unassign", json!({})).await;
        done(&anna, &id, "move", json!({"queue": "Payments"})).await;
        done(&anna, &id, "close", json!({})).await;
        done(&desk.client("ben").await, &id, "reopen", json!({})).await;
    }
}

on_both! {
    /// U5: every deed names whom and what it saw; if that is no longer so, nothing changes.
    async fn u5_every_deed_is_of_what_was_seen(desk) {
        with_statuses(&desk).await;
        let adam = desk.client("adam").await;
        let seen = json!({"status": "dispute"});
        for (verb, body) in [
            ("assign", json!({"user": "ben"})), ("move", json!({"queue": "Own"})),
            ("status", json!({"status": "promise to pay"})), ("close", json!({})), ("unassign", json!({})),
        ] {
            let id = desk.held_by("Payments", &format!("+44 {verb}"), "anna").await;
            let version = row(&adam, &id).await["version"].clone();
            done(&adam, &id, "status", seen.clone()).await;
            let (before, head) = (row(&adam, &id).await, desk.store.head().await.unwrap());
            let mut stale = body.clone();
            stale["expected_version"] = version;
            deed(&adam, &id, verb, stale).await.is_problem(409, "taken");
            let mut others = body.clone();
            others["expected_assignee"] = json!("ben");
            let conflict = deed(&adam, &id, verb, others).await;
            conflict.is_problem(409, "taken");
            assert_eq!(conflict.text("/conversation/assignee/id"), "anna", "{verb}");
            assert_eq!((row(&adam, &id).await, desk.store.head().await.unwrap()), (before.clone(), head), "{verb}");
            // What was merely written since is no reason.
            desk.customer("Payments", &format!("+44 {verb}"), "And?").await;
            let mut fresh = body.clone();
            fresh["expected_version"] = before["version"].clone();
            let first = adam.post_as(verb, &format!("/v1/conversations/{id}/{verb}"), &fresh).await;
            assert_eq!(first.text("/outcome"), "done", "{verb}");
            let head = desk.store.head().await.unwrap();
            let again = adam.post_as(verb, &format!("/v1/conversations/{id}/{verb}"), &fresh).await;
            assert_eq!((again.text("/outcome"), desk.store.head().await.unwrap()), ("done".into(), head), "R20 {verb}");
        }
        assert_eq!(desk.store.verify().await.unwrap(), Vec::<String>::new());
    }
}

on_both! {
    /// U6: a colleague who got it by mistake gives it back, as long as they did nothing to it.
    async fn u6_what_one_gave_to_a_peer_comes_back_until_they_are_at_it(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let given = done(&anna, &id, "assign", json!({"user": "ben"})).await;
        assert_eq!(undo(&anna, &given).await, [("done".into(), None)]);
        assert_eq!(anna.list("view=mine").await, [id.clone()]);
        let given = done(&anna, &id, "assign", json!({"user": "ben"})).await;
        let path = format!("/v1/conversations/{id}/messages");
        assert_eq!(ben.post(&path, &json!({"body": "I am on it."})).await.status, 201);
        let late = undo(&anna, &given).await;
        assert_eq!(late, [("not_found".into(), None)], "V8: and she learns nothing more");
        assert_eq!(ben.list("view=mine").await, [id.clone()]);
        // Who stands above them may take it from them, as they might hand it back.
        let adam = desk.client("adam").await;
        let given = done(&adam, &id, "assign", json!({"user": "anna"})).await;
        assert_eq!(anna.post(&path, &json!({"body": "Now me."})).await.status, 201);
        assert_eq!(undo(&adam, &given).await, [("done".into(), None)]);
        assert_eq!(ben.list("view=mine").await, [id]);
    }
}

on_both! {
    /// U6: what is sent or noted is the last act and stays; nothing older is taken back in its place.
    async fn u6_what_nothing_takes_back_says_so_and_hides_nothing_older(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let anna = desk.client("anna").await;
        let taken = done(&anna, &id, "take", json!({})).await;
        let path = format!("/v1/conversations/{id}/messages");
        let sent = anna.post(&path, &json!({"body": "Yes."})).await;
        assert_eq!(undo(&anna, &sent).await, [("refused".into(), Some("cannot_be_undone".into()))]);
        assert_eq!(undo(&anna, &taken).await, [("refused".into(), Some("not_the_last_act".into()))]);
        assert_eq!(anna.list("view=mine").await, [id]);
    }
}

/// `count` of anna's conversations, each with its version.
async fn annas(desk: &Desk, count: usize) -> Vec<Value> {
    let (anna, mut items) = (desk.client("anna").await, Vec::new());
    for n in 0..count {
        let id = desk
            .held_by("Payments", &format!("+44770{n}"), "anna")
            .await;
        let version = row(&anna, &id).await["version"].clone();
        items.push(json!({"id": id, "expected_assignee": "anna", "expected_version": version}));
    }
    items
}

fn id_of(item: &Value) -> String {
    item["id"].as_str().unwrap().to_owned()
}

on_both! {
    /// U7: spread in turn, in the order asked, passing over who may not have one; one undo for all.
    async fn u7_many_are_spread_in_turn_and_taken_back_at_once(desk) {
        let mut items = annas(&desk, 6).await;
        items[2]["expected_assignee"] = json!("adam"); // costs nobody a turn
        let (adam, ben) = (desk.client("adam").await, desk.client("ben").await);
        let body = json!({"to": ["ben", "dot", "adam"], "items": items, "reason": "lunch"});
        let spread = adam.post_as("op-spread", "/v1/assign", &body).await;
        assert_eq!(outcomes(&spread), ["done", "done", "conflict", "done", "done", "done"]);
        let who = |n: usize| spread.body["results"][n]["conversation"]["assignee"]["id"].clone();
        assert_eq!([who(0), who(1), who(3), who(4), who(5)], ["ben", "adam", "ben", "adam", "ben"]);
        assert_eq!(history(&adam, &id_of(&items[0])).await[0], ["assignee", "Anna Webb", "Ben Cole", "assign", "lunch"]);
        let head = desk.store.head().await.unwrap();
        let again = adam.post_as("op-spread", "/v1/assign", &body).await;
        assert_eq!(again.body, spread.body, "R20");
        assert_eq!(desk.store.head().await.unwrap(), head);
        done(&ben, &id_of(&items[5]), "close", json!({})).await;
        let undone = adam.post("/v1/undo", &json!({"operation": "op-spread"})).await;
        let mut words = outcomes(&undone);
        words.sort();
        assert_eq!(words, ["done", "done", "done", "done", "refused"]);
        assert_eq!(desk.client("anna").await.list("view=mine").await.len(), 5);
        let nobody = adam.post("/v1/assign", &json!({"to": [], "items": items})).await;
        nobody.is_problem(400, "malformed");
        let unknown = adam.post("/v1/assign", &json!({"to": ["zed"], "items": [items[0]]})).await;
        assert_eq!(results(&unknown), [("refused".into(), Some("cannot_hold".into()))]);
        assert_eq!(desk.store.verify().await.unwrap(), Vec::<String>::new());
    }
}

on_both! {
    /// U7: moved and tagged, each by itself; one undo.
    async fn u7_many_are_moved_and_tagged(desk) {
        with_statuses(&desk).await;
        let items = annas(&desk, 3).await;
        let (adam, anna) = (desk.client("adam").await, desk.client("anna").await);
        let tagged = adam.post("/v1/status", &json!({"status": "dispute", "items": items})).await;
        assert_eq!(outcomes(&tagged), ["done", "done", "done"]);
        // The versions seen are older than that: acted on since.
        let stale = adam.post("/v1/move", &json!({"queue": "Own", "items": items})).await;
        assert_eq!(outcomes(&stale), ["conflict", "conflict", "conflict"]);
        let fresh: Vec<Value> = items.iter().map(|item| json!({"id": item["id"]})).collect();
        let moved = adam.post("/v1/move", &json!({"queue": "Own", "items": fresh})).await;
        assert_eq!(outcomes(&moved), ["done", "done", "done"]);
        assert_eq!(anna.list("queue=Own&view=unassigned").await.len(), 3);
        assert_eq!(undo(&adam, &moved).await.len(), 3);
        assert_eq!(anna.list("queue=Payments&view=mine").await.len(), 3);
        assert_eq!(row(&anna, &id_of(&items[0])).await["status"], "dispute");
        // The move was the last act; the one before it is no longer how it stands, and who has it is said.
        assert_eq!(undo(&adam, &tagged).await, vec![("conflict".into(), None); 3]);
    }
}

on_both! {
    /// U7: one with new activity stays and says so; one that was acted on is a conflict.
    async fn u7_what_is_not_quiet_stays(desk) {
        let items = annas(&desk, 4).await;
        let (gwen, anna) = (desk.client("gwen").await, desk.client("anna").await);
        desk.customer("Payments", "+447700", "One more thing").await;
        done(&anna, &id_of(&items[1]), "note", json!({"body": "Nearly done"})).await;
        done(&anna, &id_of(&items[2]), "unassign", json!({})).await;
        done(&anna, &id_of(&items[2]), "take", json!({})).await;
        let body = json!({"items": items, "if_quiet": true});
        let said = gwen.post("/v1/unassign", &body).await;
        let activity = || ("refused".to_owned(), Some("new_activity".to_owned()));
        assert_eq!(results(&said), [activity(), activity(), ("conflict".into(), None), ("done".into(), None)]);
        assert_eq!(anna.list("view=mine").await.len(), 3);
        // Without the wish to leave them alone, words written since are no reason (U5).
        let said = gwen.post("/v1/unassign", &json!({"items": items})).await;
        assert_eq!(outcomes(&said), ["done", "done", "conflict", "already"]);
    }
}

on_both! {
    /// A thousand handed back in one request, a result for each, one undo: how long it takes is printed.
    async fn u7_a_thousand_in_one_request(desk) {
        let seeds = (0..1_000).map(|n| crate::support::desk::conversation(&format!("K{n:04}"), "Payments", Some("anna"), n));
        desk.store.seed(seeds).await.unwrap();
        let items: Vec<Value> = (0..1_000).map(|n| json!({"id": format!("K{n:04}"), "expected_assignee": "anna"})).collect();
        let gwen = desk.client("gwen").await;
        let begun = std::time::Instant::now();
        let said = gwen.post_as("op-k", "/v1/unassign", &json!({"items": items, "if_quiet": true, "reason": "ill"})).await;
        crate::figure::figure(&format!("1,000 handed back in one request, {}", desk.kind()), format!("{} ms", begun.elapsed().as_millis()));
        assert_eq!(outcomes(&said), vec!["done"; 1_000]);
        let begun = std::time::Instant::now();
        let undone = gwen.post("/v1/undo", &json!({"operation": "op-k"})).await;
        crate::figure::figure(&format!("and taken back, {}", desk.kind()), format!("{} ms", begun.elapsed().as_millis()));
        assert_eq!(outcomes(&undone), vec!["done"; 1_000]);
        let counts = desk.client("anna").await.get("/v1/conversations?limit=1").await;
        assert_eq!(counts.body["counts"]["mine"], 1_000);
        assert_eq!(desk.store.verify().await.unwrap(), Vec::<String>::new());
    }
}
