//! Coming and going over real HTTP: the grace of a lost line, restarts, and leaving for good (Q9).

use std::time::Duration;

use handback::server::{GRACE, Options};
use serde_json::json;

use crate::{desk::Desk, on_both};

const PLAIN: &str = r#"{ name = "Payments", owner = "head", teams = ["cardiff"] }"#;
const TURNOVER: &str = r#"{ name = "Payments", owner = "head", teams = ["cardiff"], on_login = "redistribute", on_logout = "redistribute" }"#;

async fn has(desk: &Desk, id: &str, who: Option<&str>) -> bool {
    let stored = desk.store.conversation(&id.parse().unwrap()).await.unwrap();
    let assignee = stored.unwrap().facts.assignee;
    assignee.as_ref().map(|assignee| assignee.as_str()) == who
}

on_both! {
    async fn q9_a_lost_line_is_a_logout_after_the_grace_and_can_be_taken_back(desk) {
        desk.change(PLAIN, TURNOVER).await;
        let anna = desk.client("anna").await;
        let events = anna.events("console=a").await;
        let id = desk.held_by("Payments", "+441", "anna").await;
        let me = anna.get("/v1/me").await.body;
        assert_eq!((me.get("left_at"), me.get("lost")), (None, None));
        drop(events);
        desk.is_there("anna", false).await;
        // Back in time: not even a login.
        desk.passes(GRACE - Duration::from_secs(60));
        let waits = desk.customer("Payments", "+442", "Hello?").await;
        let events = anna.events("console=a").await;
        assert!(has(&desk, &id, Some("anna")).await && has(&desk, &waits, None).await);
        drop(events);
        desk.is_there("anna", false).await;
        desk.passes(GRACE);
        desk.until(async || has(&desk, &id, None).await).await;
        let me = anna.get("/v1/me").await.body;
        assert_eq!(me["left_at"], me["lost"]["at"]);
        assert_eq!(me["lost"]["count"], 1);
        // Reached without a console, as the verbs do it: nothing was given in between.
        let undone = anna.post("/v1/undo", &json!({"operation": me["lost"]["operation"]})).await;
        assert_eq!(undone.body["results"][0]["outcome"], "done", "{undone:?}");
        assert!(has(&desk, &id, Some("anna")).await);
        assert_eq!(anna.get("/v1/me").await.body.get("lost"), None);
    }
}

on_both! {
    async fn q9_leaving_the_last_console_is_a_logout_at_once(desk) {
        desk.change(PLAIN, TURNOVER).await;
        let anna = desk.client("anna").await;
        let _one = anna.events("console=one").await;
        let mut two = anna.events("console=two").await;
        let id = desk.held_by("Payments", "+441", "anna").await;
        anna.post("/v1/sign-out", &json!({"console": "one"})).await;
        assert!(has(&desk, &id, Some("anna")).await);
        assert_eq!(anna.get("/v1/me").await.body.get("left_at"), None);
        anna.post("/v1/sign-out", &json!({"console": "two"})).await;
        assert!(has(&desk, &id, None).await);
        assert!(anna.get("/v1/me").await.body["left_at"].is_string());
        // Its stream says goodbye to nobody: it goes on, but nobody sits there, however often that is looked at.
        while two.news().await.data["assignee"] != json!(null) {}
        desk.passes(Duration::from_secs(31));
        let third = desk.client("ben").await.events("console=b").await;
        desk.is_there("ben", true).await;
        drop(third);
        desk.is_there("ben", false).await;
        desk.is_there("anna", false).await;
        let wrong = anna.post("/v1/sign-out", &json!({"konsole": "two"})).await;
        wrong.is_problem(400, "malformed");
        assert_eq!(desk.guest(None).post("/v1/sign-out", &json!({})).await.status, 401);
    }
}

on_both! {
    async fn q9_a_desk_that_is_killed_signs_nobody_out_who_comes_back_in_time(desk) {
        desk.change(PLAIN, TURNOVER).await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let _streams = (anna.events("console=a").await, ben.events("console=b").await);
        let annas = desk.held_by("Payments", "+441", "anna").await;
        let bens = desk.held_by("Payments", "+442", "ben").await;
        let desk = desk.killed().await;
        desk.passes(GRACE - Duration::from_secs(1));
        let waits = desk.customer("Payments", "+443", "Hello?").await;
        let _back = desk.client("anna").await.events("console=a").await;
        assert!(has(&desk, &waits, None).await, "no login");
        assert!(has(&desk, &annas, Some("anna")).await && has(&desk, &bens, Some("ben")).await);
        desk.passes(Duration::from_secs(31));
        desk.until(async || has(&desk, &bens, None).await).await;
        assert!(has(&desk, &annas, Some("anna")).await);
        let history = desk.client("gwen").await.get(&format!("/v1/conversations/{bens}/history")).await;
        assert_eq!(history.body["items"][0]["cause"], "logout");
        assert_eq!(history.body["items"][0].get("by"), None, "the desk did it");
    }
}

on_both! {
    async fn q9_a_desk_that_is_told_to_stop_gives_everybody_the_grace(desk) {
        desk.change(PLAIN, TURNOVER).await;
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let streams = (anna.events("console=a").await, ben.events("console=b").await);
        let annas = desk.held_by("Payments", "+441", "anna").await;
        let bens = desk.held_by("Payments", "+442", "ben").await;
        drop(streams);
        let desk = desk.restarted().await;
        desk.passes(GRACE - Duration::from_secs(10));
        let _back = desk.client("anna").await.events("console=a").await;
        desk.passes(Duration::from_secs(10));
        desk.until(async || has(&desk, &bens, None).await).await;
        assert!(has(&desk, &annas, Some("anna")).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q9_the_grace_is_the_desks_to_set() {
    let options = Options {
        grace: Duration::ZERO,
        ..Options::default()
    };
    let desk = Desk::sqlite_with(options).await;
    desk.change(PLAIN, TURNOVER).await;
    let anna = desk.client("anna").await;
    let events = anna.events("console=a").await;
    let id = desk.held_by("Payments", "+441", "anna").await;
    drop(events);
    desk.until(async || has(&desk, &id, None).await).await;
}
