//! Finding over HTTP: what is found, how it is said, and that nobody finds what they may not see.

use serde_json::json;

use crate::{desk::EVERYBODY, guest::Said, on_both};

/// The conversations found, newest first.
fn found(said: &Said) -> Vec<String> {
    assert_eq!(said.status, 200, "{}", said.body);
    let items = said.body["items"].as_array().expect("items");
    let id = |item: &serde_json::Value| item["conversation"]["id"].as_str().unwrap().to_owned();
    items.iter().map(id).collect()
}

on_both! {
    /// F1, V7: by contact and by text, open and closed, in a queue that is there and in one that is not any more.
    async fn f1_v7_closed_ones_and_deleted_queues_are_found(desk) {
        let open = desk.customer("Payments", "+44 20 11", "Where is my refund?").await;
        let closed = desk.customer("Payments", "+44 20 22", "A refund, please").await;
        let own = desk.customer("Own", "+44 20 33", "The refund came").await;
        let anna = desk.client("anna").await;
        anna.act(&closed, "close").await;
        desk.change("{ name = \"Own\"", "{ deleted = true, name = \"Own\"").await;
        let all = anna.get("/v1/find?q=refund").await;
        assert_eq!(found(&all), [own.clone(), closed.clone(), open.clone()]);
        assert_eq!(all.body["partial"], false);
        assert_eq!(all.body["items"][1]["conversation"]["state"], "closed");
        assert_eq!(
            all.body["items"][2]["message"]["excerpt"],
            json!([{"text": "Where is my "}, {"text": "refund", "found": true}, {"text": "?"}])
        );
        for (q, expected) in [
            ("q=refund%20is:closed", vec![&closed]),
            ("q=queue:Own", vec![&own]),
            ("q=2033", vec![&own]),
            ("q=%22refund%20came%22", vec![&own]),
            ("q=text:re%20is:open", vec![&own, &open]),
            ("q=until:yesterday", vec![]),
            ("q=refund%20from:today&limit=1", vec![&own]),
            ("since=2020-01-01T00:00:00Z&before=2020-01-02T00:00:00Z", vec![]),
        ] {
            let got = found(&anna.get(&format!("/v1/find?{q}")).await);
            assert_eq!(got.iter().collect::<Vec<_>>(), expected, "{q}");
        }
        // Page by page, the same.
        let (mut pages, mut at) = (Vec::new(), String::new());
        loop {
            let page = anna.get(&format!("/v1/find?q=refund&limit=1{at}")).await;
            pages.extend(found(&page));
            let Some(next) = page.body.get("next") else { break };
            at = format!("&cursor={}", next.as_str().unwrap());
        }
        assert_eq!(pages, [own.clone(), closed, open]);
        assert_eq!(anna.act(&own, "take").await.status, 200, "what is found can be acted on");
        assert_eq!(found(&anna.get("/v1/find?q=by:me").await), [own]);
    }
}

on_both! {
    /// V8: whoever may not see it gets the same answer as if it were not there, to the byte.
    async fn v8_a_search_tells_nothing_of_what_one_may_not_see(desk) {
        let hers = desk.held_by("Payments", "+44 20 77", "anna").await;
        let searches = ["hello", "2077", "customer", "queue:Payments", "by:anna", "is:open", "channel:sms", "from:today"];
        for who in EVERYBODY {
            if who == "sue" {
                continue; // Is not even let in.
            }
            let client = desk.client(who).await;
            let sees = client.get(&format!("/v1/conversations/{hers}")).await.status == 200;
            assert_eq!(sees, ["anna", "wyn", "gwen", "adam"].contains(&who), "{who}");
            let nothing = client.get("/v1/find?q=nobodysaidthis").await;
            for q in searches {
                let said = client.get(&format!("/v1/find?q={q}")).await;
                if sees {
                    assert_eq!(found(&said), [hers.clone()], "{who} {q}");
                } else {
                    assert_eq!(said.body, nothing.body, "{who} {q}");
                }
            }
        }
    }
}

on_both! {
    async fn a_search_that_cannot_be_read_is_told_what_to_write_instead(desk) {
        let anna = desk.client("anna").await;
        for (query, says) in [
            ("q=quue:x", "did you mean queue:?"),
            ("q=is:close", "did you mean is:closed?"),
            ("q=from:tomorrow", "today, yesterday or 7d"),
            ("q=queue:", "such as queue:Payments"),
            ("q=!!", "no letter and no digit"),
            ("", "says what to look for"),
            ("q=x&cursor=nothing", "no cursor of this desk"),
            ("q=x&since=soon", "`since` is no RFC 3339 time"),
            ("q=x&limit=501", "1 to 500"),
            ("limt=1", "did you mean `limit`"),
        ] {
            let said = anna.get(&format!("/v1/find?{query}")).await;
            said.is_problem(400, "malformed");
            assert!(said.text("/detail").contains(says), "{query}: {}", said.body);
        }
    }
}
