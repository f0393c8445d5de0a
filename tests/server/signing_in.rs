//! Who asks: tokens, accounts of the host, and how fast they end (R32–R34).

use crate::{desk::Desk, guest::said, on_both};
use reqwest::Method;

/// What this host calls the account the tests run as.
fn account() -> String {
    let asked = std::process::Command::new("id")
        .arg("-un")
        .output()
        .unwrap();
    String::from_utf8(asked.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn on_a_socket_the_kernel_says_who_asks() {
    let desk = Desk::sqlite().await;
    let me = desk.on_socket(None).get("/v1/me").await;
    me.is_problem(401, "not-signed-in");
    assert!(me.text("/detail").contains(&account()), "{me:?}");
    let with = format!(r#"username = "anna", unix_user = "{}""#, account());
    desk.change(r#"username = "anna""#, &with).await;
    let mut me = desk.on_socket(None).get("/v1/me").await;
    while me.status == 401 {
        me = desk.on_socket(None).get("/v1/me").await; // within a second, as for any change of the team
    }
    assert_eq!(me.text("/user/id"), "anna");
    assert_eq!(me.text("/username"), "anna");
    assert_eq!(me.body["permissions"], serde_json::json!(["conversations"]));
    assert_eq!(me.body.get("banner"), None);
    let over_tcp = desk.guest(None).get("/v1/me").await;
    over_tcp.is_problem(401, "not-signed-in");
    assert_eq!(over_tcp.headers["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn tokens_count_over_a_socket_only_where_one_account_plays_all() {
    let desk = Desk::sqlite().await;
    desk.on_socket(Some("hb_x"))
        .get("/v1/me")
        .await
        .is_problem(401, "not-signed-in");
    let demo = Desk::with_tokens_over_socket().await;
    let anna = demo.store.directory().user("anna").unwrap().id.clone();
    let token = demo.store.new_token(&anna, None).await.unwrap();
    let token = secrecy::ExposeSecret::expose_secret(&token).to_owned();
    let me = demo.on_socket(Some(&token)).get("/v1/me").await;
    assert_eq!(me.text("/user/id"), "anna");
    assert_eq!(me.text("/banner"), "DEMO, no real customers");
}

#[tokio::test]
async fn a_wrong_token_is_nobody() {
    let desk = Desk::sqlite().await;
    for token in [
        "",
        "x",
        "hb_",
        &format!("hb_{}", "0".repeat(72)),
        "a b",
        "\u{e9}",
    ] {
        desk.guest(Some(token))
            .get("/v1/me")
            .await
            .is_problem(401, "not-signed-in");
    }
    let basic = desk
        .guest(None)
        .request(Method::GET, "/v1/me")
        .basic_auth("anna", Some("x"));
    said(basic).await.is_problem(401, "not-signed-in");
}

on_both! {
    async fn r32_a_revoked_token_ends_requests_and_streams(desk) {
        let anna = desk.client("anna").await;
        let mut events = anna.events("console=a").await;
        events.next(&["counts"]).await;
        let user = desk.store.directory().user("anna").unwrap().id.clone();
        assert!(desk.consoles.signed_in(&user));
        desk.store.revoke_tokens(&user).await.unwrap();
        let rest = events.rest().await; // the stream ends by itself
        assert!(rest.iter().all(|heard| heard.kind != "conversation"), "{rest:?}");
        let mut me = anna.get("/v1/me").await;
        while me.status == 200 {
            me = anna.get("/v1/me").await;
        }
        me.is_problem(401, "not-signed-in");
        assert!(!desk.consoles.signed_in(&user));
    }
}

on_both! {
    async fn r32_a_suspended_account_hears_nothing_more(desk) {
        let mut events = desk.client("ben").await.events("console=b").await;
        events.next(&["counts"]).await;
        desk.change(r#"username = "ben""#, r#"username = "ben", suspended = true"#).await;
        desk.customer("Payments", "+441", "Hello?").await;
        events.rest().await;
    }
}
