//! The scenarios that must hold whatever the database, over real HTTP.

use serde_json::{Value, json};

use crate::{desk::Desk, events::Events, guest::Guest, on_both};

on_both! {
    /// 1: a reply takes it from the others' lists, handing it back returns it, live.
    async fn scenario_1_a_reply_owns_it_and_unassigning_gives_it_back(desk) {
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let id = desk.customer("Payments", "+441", "Can I pay later?").await;
        assert_eq!(anna.list("").await, [id.clone()]);
        assert_eq!(ben.list("").await, [id.clone()]);
        let mut of_ben = ben.events("console=b").await;
        let mut of_anna = anna.events("console=a").await;
        of_ben.next(&["counts"]).await;
        of_anna.next(&["counts"]).await;

        let sent = anna.reply(&id, "Yes, you can.").await;
        assert_eq!(sent.status, 201, "{sent:?}");
        assert_eq!(sent.text("/conversation/assignee/id"), "anna");
        let gone = of_ben.news().await;
        assert_eq!((gone.kind.as_str(), &gone.data["id"]), ("gone", &json!(id)));
        assert!(ben.list("").await.is_empty());

        let handed = anna.act(&id, "unassign").await;
        assert_eq!((handed.status, handed.text("/outcome").as_str()), (200, "done"));
        let back = of_ben.news().await;
        assert_eq!((back.kind.as_str(), &back.data["id"]), ("conversation", &json!(id)));
        assert_eq!(back.data.get("assignee"), None);
        assert_eq!(ben.list("").await, [id.clone()]);

        assert_eq!(ben.reply(&id, "I take over.").await.status, 201);
        while of_anna.news().await.kind != "gone" {}
        assert!(anna.list("").await.is_empty());
    }
}

on_both! {
    /// 2: above and with the screen, yes; without the screen, it is not there.
    async fn scenario_2_a_parent_needs_the_screen_to_unassign(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let greta = desk.client("greta").await;
        greta.act(&id, "unassign").await.is_problem(404, "not-found");
        assert!(greta.list("").await.is_empty());
        let done = desk.client("gwen").await.act(&id, "unassign").await;
        assert_eq!(done.text("/outcome"), "done");
        assert_eq!(desk.client("ben").await.list("").await, [id]);
    }
}

on_both! {
    /// 3: sideways, downwards and beside there is nothing to see.
    async fn scenario_3_siblings_children_and_peers_find_nothing(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        for username in ["dot", "eve", "ben"] {
            let guest = desk.client(username).await;
            assert!(guest.list("").await.is_empty(), "{username}");
            assert!(guest.list("q=441").await.is_empty(), "{username}");
            assert!(guest.list("search=1&q=441").await.is_empty(), "{username}");
            assert!(guest.list("assignee=anna").await.is_empty(), "{username}");
            assert!(guest.list(&format!("around={id}")).await.is_empty(), "{username}");
            let path = format!("/v1/conversations/{id}");
            guest.get(&path).await.is_problem(404, "not-found");
            guest.act(&id, "unassign").await.is_problem(404, "not-found");
        }
        assert_eq!(desk.client("anna").await.list("").await, [id]);
    }
}

/// `Payments` with these settings.
async fn payments(desk: &Desk, settings: &str) {
    let plain = r#"{ name = "Payments", owner = "head", teams = ["cardiff"] }"#;
    let set = plain.replace(" }", &format!(", {settings} }}"));
    desk.change(plain, &set).await;
}

/// Whose each of them is, as their leader sees it.
async fn whose(desk: &Desk, ids: &[String]) -> Vec<Value> {
    let gwen = desk.client("gwen").await;
    let mut all = Vec::new();
    for id in ids {
        let row = gwen.get(&format!("/v1/conversations/{id}")).await.body;
        all.push(row["conversation"]["assignee"]["id"].clone());
    }
    all
}

on_both! {
    /// 4: a login takes what is nobody's, up to the maximum, and never what is somebody's.
    async fn scenario_4_a_login_is_given_what_is_unassigned(desk) {
        let settings = r#"rule = "least_busy", on_login = "redistribute""#;
        payments(&desk, settings).await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let _annas = anna.events("console=a").await;
        let mut ids = Vec::new();
        for n in 0..10 {
            ids.push(desk.customer("Payments", &format!("+44{n}"), "Hello?").await);
        }
        assert_eq!(whose(&desk, &ids).await, ["anna"; 10]);

        let bens = ben.events("console=b").await;
        assert_eq!(whose(&desk, &ids).await, ["anna"; 10]);
        assert!(ben.list("").await.is_empty(), "ben gets none");
        for id in &ids[..3] {
            assert_eq!(anna.act(id, "unassign").await.text("/outcome"), "done");
        }
        assert_eq!(ben.list("view=unassigned").await, ids[..3]);
        assert_eq!(anna.list("view=unassigned").await, ids[..3]);
        assert!(ben.list("view=mine").await.is_empty());

        let signs_out = async |mut events: Events| {
            let out = ben.post("/v1/sign-out", &json!({"console": "b"})).await;
            assert_eq!(out.status, 204, "{out:?}");
            events.next(&["counts"]).await;
        };
        signs_out(bens).await;
        let mut bens = ben.events("console=b").await;
        let heard = bens.news().await;
        assert_eq!((&heard.data["id"], &heard.data["assignee"]["id"]), (&json!(ids[0]), &json!("ben")));
        assert_eq!(ben.list("view=mine").await, ids[..3]);
        assert_eq!(whose(&desk, &ids[3..]).await, ["anna"; 7]);

        for id in &ids[..3] {
            assert_eq!(ben.act(id, "unassign").await.text("/outcome"), "done");
        }
        payments(&desk, &format!("{settings}, max_open = 2")).await;
        signs_out(bens).await;
        let _bens = ben.events("console=b").await;
        assert_eq!(ben.list("view=mine").await, ids[..2], "the oldest two");
        assert_eq!(ben.list("view=unassigned").await, ids[2..3]);
        assert_eq!(desk.store.verify().await.unwrap(), Vec::<String>::new());
    }
}

on_both! {
    /// 5: signing out frees what a queue redistributes, and only that.
    async fn scenario_5_a_logout_frees_or_keeps(desk) {
        payments(&desk, r#"on_logout = "redistribute""#).await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let _annas = anna.events("console=a").await;
        let mut bens = ben.events("console=b").await;
        let freed = desk.held_by("Payments", "+441", "anna").await;
        let kept = desk.held_by("Own", "+442", "anna").await;
        assert!(ben.list("").await.is_empty());
        while bens.news().await.data["id"] != json!(kept) {}
        assert_eq!(anna.post("/v1/sign-out", &json!({})).await.status, 204);
        let back = bens.news().await;
        assert_eq!((back.kind.as_str(), &back.data["id"]), ("conversation", &json!(freed)));
        assert_eq!(back.data.get("assignee"), None);
        assert_eq!(ben.list("").await, [freed.clone()]);
        assert_eq!(whose(&desk, &[freed, kept]).await, [Value::Null, json!("anna")]);
    }
}

on_both! {
    /// 6: who means to remove one assignee does not remove another.
    async fn scenario_6_a_stale_unassign_is_a_conflict(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let gwen = desk.client("gwen").await;
        let version = gwen.get(&format!("/v1/conversations/{id}")).await.body["conversation"]["version"].clone();
        let seen = json!({"expected_assignee": "anna", "expected_version": version});
        desk.client("anna").await.act(&id, "unassign").await;
        desk.client("ben").await.act(&id, "take").await;
        let before = desk.store.head().await.unwrap();

        let conflict = gwen.post(&format!("/v1/conversations/{id}/unassign"), &seen).await;
        conflict.is_problem(409, "taken");
        assert_eq!(conflict.text("/conversation/assignee/id"), "ben");
        assert!(conflict.text("/detail").contains("Ben Cole"));
        assert_eq!(desk.store.head().await.unwrap(), before, "nothing changed");

        // To anna it is not even there any more (V8).
        let hidden = desk.client("anna").await.post(&format!("/v1/conversations/{id}/unassign"), &seen).await;
        hidden.is_problem(404, "not-found");
    }
}

on_both! {
    /// 7: closed, it is nobody's and off the list, and search finds it; reopened, it is back in its queue; into an
    /// inactive queue it is not moved, and nothing of it changes.
    async fn scenario_7_close_reopen_and_no_way_into_an_inactive_queue(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let mut of_anna = anna.events("console=a").await;
        of_anna.next(&["counts"]).await;
        let closed = anna.act(&id, "close").await;
        assert_eq!((closed.status, closed.text("/outcome").as_str()), (200, "done"));
        assert_eq!(closed.body["conversation"].get("assignee"), None);
        let heard = of_anna.news().await;
        assert_eq!((heard.kind.as_str(), &heard.data["state"]), ("conversation", &json!("closed")));
        for guest in [&anna, &ben] {
            assert!(guest.list("").await.is_empty());
            assert_eq!(guest.list("search=1&q=441").await, [id.clone()]);
        }
        assert!(desk.client("dot").await.list("search=1&q=441").await.is_empty());

        assert_eq!(ben.act(&id, "reopen").await.text("/outcome"), "done");
        for guest in [&anna, &ben] {
            assert_eq!(guest.list("view=unassigned&queue=Payments").await, [id.clone()]);
        }
        let back = of_anna.news().await;
        assert_eq!((back.kind.as_str(), &back.data["state"]), ("conversation", &json!("open")));

        desk.change(r#"name = "Own","#, r#"name = "Own", active = false,"#).await;
        let (before, head) = (present(&anna, &id).await, desk.store.head().await.unwrap());
        let refused = anna.post(&format!("/v1/conversations/{id}/move"), &json!({"queue": "Own"})).await;
        refused.is_problem(422, "refused");
        assert_eq!(refused.text("/reason"), "queue_inactive");
        assert_eq!((present(&anna, &id).await, desk.store.head().await.unwrap()), (before, head), "nothing changed");
        assert_eq!(desk.store.verify().await.unwrap(), Vec::<String>::new());
    }
}

/// How many rounds of scenario 8: the deep run sets it to 1,000.
pub fn rounds() -> usize {
    let set = std::env::var("HANDBACK_ROUNDS").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(25)
}

on_both! {
    /// 8: two replies at the same instant: one owner, one refusal, one message.
    async fn scenario_8_two_replies_at_once_have_one_owner(desk) {
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let begun = std::time::Instant::now();
        for round in 0..rounds() {
            let id = desk.customer("Payments", &format!("+44{round}"), "Hello?").await;
            let (a, b) = tokio::join!(anna.reply(&id, "from anna"), ben.reply(&id, "from ben"));
            let mut statuses = [a.status, b.status];
            statuses.sort_unstable();
            // Refused as taken, or, if the other's transaction was seen first, as not to be seen any more.
            assert_eq!(statuses[0], 201, "round {round}: {a:?} {b:?}");
            assert!([404, 409].contains(&statuses[1]), "round {round}: {a:?} {b:?}");
            let (winner, owner) = if a.status == 201 { (&anna, "anna") } else { (&ben, "ben") };
            let detail = winner.get(&format!("/v1/conversations/{id}")).await;
            assert_eq!(detail.text("/conversation/assignee/id"), owner);
            let messages = winner.get(&format!("/v1/conversations/{id}/messages")).await;
            let bodies: Vec<_> = bodies(&messages.body);
            assert_eq!(bodies, [format!("from {owner}"), "Hello?".into()], "round {round}");
        }
        eprintln!("{}: {} times two replies at once, always one owner, in {:?}", desk.kind(), rounds(), begun.elapsed());
        assert_eq!(desk.store.verify().await.unwrap(), Vec::<String>::new());
    }
}

fn bodies(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|message| message["body"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    /// 9: unassigning leaves queue, status, messages and open/closed as they were.
    async fn scenario_9_unassigning_changes_nothing_else(desk) {
        let id = desk.customer("Payments", "+441", "One").await;
        desk.customer("Payments", "+441", "Two").await;
        let anna = desk.client("anna").await;
        anna.reply(&id, "Three").await;
        let (row, messages) = present(&anna, &id).await;
        anna.act(&id, "unassign").await;
        let (mut since, messages_since) = present(&anna, &id).await;
        assert_eq!(messages_since, messages);
        assert_eq!(since.get("assignee"), None);
        for field in ["assignee", "version", "just_entered"] {
            since[field] = row[field].clone();
        }
        assert_eq!(since, row);
    }
}

async fn present(guest: &Guest, id: &str) -> (Value, Value) {
    let detail = guest.get(&format!("/v1/conversations/{id}")).await;
    let messages = guest.get(&format!("/v1/conversations/{id}/messages")).await;
    (detail.body["conversation"].clone(), messages.body)
}
