//! Pages of the list: the order of L1, both ways, without gaps or repeats, and counts that are exact.

use serde_json::json;

use crate::on_both;

on_both! {
    async fn pages_fit_together_both_ways(desk) {
        for n in 0..25 {
            desk.customer("Payments", &format!("+44{n:02}"), "Hello?").await;
        }
        let anna = desk.client("anna").await;
        let whole = anna.list("").await;
        assert_eq!(whole.len(), 25);
        let mut forth = Vec::new();
        let mut page = anna.get("/v1/conversations?limit=7").await;
        assert_eq!(page.body.get("prev"), None);
        loop {
            forth.extend(page.ids());
            assert_eq!(page.body["counts"], json!({"mine": 0, "unassigned": 25, "all": 25}));
            let Some(next) = page.body.get("next") else { break };
            let next = next.as_str().unwrap().to_owned();
            page = anna.get(&format!("/v1/conversations?limit=7&cursor={next}")).await;
        }
        assert_eq!(forth, whole);
        let mut back: Vec<String> = Vec::new();
        let mut page = anna.get("/v1/conversations?limit=7&cursor=end").await;
        assert_eq!(page.body.get("next"), None);
        loop {
            back.splice(0..0, page.ids());
            let Some(prev) = page.body.get("prev") else { break };
            let prev = prev.as_str().unwrap().to_owned();
            page = anna.get(&format!("/v1/conversations?limit=7&cursor={prev}")).await;
        }
        assert_eq!(back, whole);
        let around = anna.get(&format!("/v1/conversations?limit=5&around={}", whole[12])).await.ids();
        assert_eq!(around.len(), 5);
        assert!(around.contains(&whole[12]));
    }
}

on_both! {
    async fn l1_the_unanswered_come_first_the_longest_waiting_on_top(desk) {
        let first = desk.customer("Payments", "+441", "Hello?").await;
        let second = desk.customer("Payments", "+442", "Hello?").await;
        let anna = desk.client("anna").await;
        assert_eq!(anna.list("").await, [first.clone(), second.clone()]);
        // Writing again loses nobody their place.
        desk.customer("Payments", "+441", "Anybody?").await;
        assert_eq!(anna.list("").await, [first.clone(), second.clone()]);
        anna.reply(&first, "Here I am.").await;
        assert_eq!(anna.list("").await, [second, first]);
    }
}

on_both! {
    async fn views_and_filters_choose(desk) {
        let mine = desk.held_by("Payments", "+441", "anna").await;
        let free = desk.customer("Payments", "+442", "Hello?").await;
        let own = desk.customer("Own", "+443", "Hello?").await;
        let anna = desk.client("anna").await;
        for (query, expected) in [
            ("view=mine", vec![&mine]),
            ("view=unassigned", vec![&free, &own]),
            ("view=unassigned&queue=Own", vec![&own]),
            ("q=442", vec![&free]),
            ("q=customer", vec![&free, &own, &mine]),
            ("q=nobody", vec![]),
            ("state=closed", vec![]),
            ("queue=Letters", vec![]),
            ("queue=No%20such%20queue", vec![]),
            ("assignee=anna", vec![&mine]),
            ("assignee=nobody", vec![]),
        ] {
            let listed = anna.list(query).await;
            assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{query}");
        }
        let page = anna.get("/v1/conversations?queue=Own").await;
        assert_eq!(page.body["counts"], json!({"mine": 0, "unassigned": 1, "all": 1}));
    }
}

on_both! {
    async fn a_long_message_is_cut_in_pages_and_whole_by_its_id(desk) {
        let long = "é".repeat(40_000);
        let id = desk.customer("Payments", "+441", &long).await;
        let anna = desk.client("anna").await;
        let page = anna.get(&format!("/v1/conversations/{id}/messages")).await;
        assert_eq!(page.body["items"][0]["truncated"], true);
        assert_eq!(page.text("/items/0/body").len(), 64 * 1024);
        let mid = page.text("/items/0/id");
        let whole = anna.get(&format!("/v1/conversations/{id}/messages/{mid}")).await;
        assert_eq!(whole.text("/body"), long);
        assert_eq!(whole.body["truncated"], false);
        let row = anna.get(&format!("/v1/conversations/{id}")).await;
        assert_eq!(row.text("/conversation/last_message/preview").len(), 512);
        let missing = anna.get(&format!("/v1/conversations/{id}/messages/nothing")).await;
        missing.is_problem(404, "not-found");
    }
}
