//! What an advisor writes with, and what is written out: smart phrases, transcripts, and why one cannot answer.

use serde_json::{Value, json};

use crate::{figure::figure, on_both};

/// Phrases of three organisations in one line, and of one beside it.
const PHRASES: &str = r#"
[[phrase]]
organisation = "head"
keywords = ["thanks", "sorted"]
body = "Thank you, that is sorted."
[[phrase]]
organisation = "head"
keywords = ["plan"]
body = "We can make a plan."
[[phrase]]
organisation = "cardiff"
keywords = ["plan"]
body = "Cardiff makes a plan.\nShall we?"
[[phrase]]
organisation = "cardiff"
keywords = ["letters"]
body = "I have stopped the letters."
[[phrase]]
organisation = "swansea"
keywords = ["swansea"]
body = "Greetings from Swansea."
"#;

on_both! {
    /// SP1: those of one's organisation and of the ones above it, nobody else's; V6: nothing without the screen.
    async fn sp1_phrases_are_ones_own_and_inherited(desk) {
        desk.apply(PHRASES).await;
        let bodies = async |who: &str| -> Vec<String> {
            let said = desk.client(who).await.get("/v1/phrases").await;
            assert_eq!(said.status, 200, "{said:?}");
            let items = said.body["items"].as_array().unwrap().iter();
            items.map(|phrase| phrase["body"].as_str().unwrap().to_owned()).collect()
        };
        let (letters, cardiffs) = ("I have stopped the letters.", "Cardiff makes a plan.\nShall we?");
        let (thanks, plan) = ("Thank you, that is sorted.", "We can make a plan.");
        assert_eq!(bodies("anna").await, [letters, cardiffs, thanks], "the nearer one of the same words");
        assert_eq!(bodies("eve").await, [letters, cardiffs, thanks], "below cardiff");
        assert_eq!(bodies("dot").await, ["Greetings from Swansea.", plan, thanks]);
        assert_eq!(bodies("wyn").await, [plan, thanks]);
        for who in ["greta", "nick", "gate"] {
            assert_eq!(bodies(who).await, Vec::<String>::new(), "{who}");
        }
        let said = desk.client("anna").await.get("/v1/phrases").await;
        assert_eq!(
            said.body["items"][1],
            json!({"keywords": ["plan"], "body": cardiffs, "organisation": {"id": "cardiff", "name": "cardiff"}})
        );
        desk.client("sue").await.get("/v1/phrases").await.is_problem(401, "not-signed-in");
    }
}

on_both! {
    /// T1: what the customer saw, from the beginning, in each form; the team's notes and names only if asked.
    async fn t1_a_transcript_is_what_the_customer_saw(desk) {
        let id = desk.customer("Payments", "+441", "Can I pay later?\n\n**We** said yes \u{1b}[2J\u{202e}").await;
        let anna = desk.client("anna").await;
        let at = format!("/v1/conversations/{id}/transcript");
        assert_eq!(anna.get(&format!("/v1/conversations/{id}")).await.body["actions"]["transcript"]["allowed"], true);
        let lost = anna.reply(&id, "This never arrives.").await.text("/message/id");
        let gate = desk.client("gate").await;
        let report = json!({"message": lost, "state": "error", "reason": "rejected"});
        assert_eq!(gate.post("/v1/deliveries", &report).await.status, 200);
        anna.post(&format!("/v1/conversations/{id}/note"), &json!({"body": "She sounded worried"})).await;
        assert_eq!(anna.reply(&id, "Yes, you can.").await.status, 201);

        for form in ["markdown", "text"] {
            let text = anna.read(&format!("{at}?format={form}")).await;
            let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} in {text}"));
            assert!(place("Conversation with Customer +441") < place("Can I pay later?"));
            assert!(place("Can I pay later?") < place("Yes, you can."));
            assert!(text.ends_with("1 message of ours never arrived and is left out.\n"), "{text}");
            for hidden in ["never arrives", "worried", "Anna Webb", "\u{1b}", "\u{202e}"] {
                assert!(!text.contains(hidden), "{hidden:?} in {text}");
            }
            let noted = anna.read(&format!("{at}?format={form}&notes=1")).await;
            let place = |words: &str| noted.find(words).unwrap_or_else(|| panic!("{words} in {noted}"));
            assert!(place("Can I pay later?") < place("NOTE by Anna Webb, the customer never saw it"));
            assert!(place("She sounded worried") < place("We (Anna Webb)"));
        }
        assert_eq!(anna.read(&at).await.lines().next(), Some("# Conversation with Customer +441"), "Markdown if nobody says");

        let said = anna.get(&format!("{at}?format=json&notes=1")).await;
        let entries = said.body["entries"].as_array().unwrap();
        let from: Vec<_> = entries.iter().map(|entry| entry["from"].as_str().unwrap()).collect();
        assert_eq!(from, ["customer", "note", "us"]);
        assert_eq!(entries[0]["body"], "Can I pay later?\n\n**We** said yes \u{1b}[2J\u{202e}", "as it was written");
        assert_eq!((&said.body["left_out"], &entries[2]["by"]), (&json!(1), &json!("Anna Webb")));
        assert_eq!(anna.get(&format!("{at}?format=json")).await.body["entries"][1].get("by"), None);
    }
}

on_both! {
    /// T1, V8: who may not see a conversation gets none of it; what the contract does not know is refused.
    async fn t1_v8_nobody_writes_out_what_they_may_not_see(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let at = format!("/v1/conversations/{id}/transcript");
        for who in ["ben", "dot", "eve", "greta", "nick", "gate"] {
            desk.client(who).await.get(&at).await.is_problem(404, "not-found");
        }
        for who in ["anna", "adam", "wyn", "gwen"] {
            assert!(desk.client(who).await.read(&at).await.contains("Hello?"), "{who}");
        }
        let anna = desk.client("anna").await;
        anna.get("/v1/conversations/nothing/transcript").await.is_problem(404, "not-found");
        for query in ["format=pdf", "format=Text", "notes=yes", "zone=UTC"] {
            anna.get(&format!("{at}?{query}")).await.is_problem(400, "malformed");
        }
    }
}

on_both! {
    /// T1: however long it is, it comes whole and in order.
    async fn t1_a_long_conversation_comes_whole(desk) {
        let id = desk.customer("Payments", "+441", "Message 1.").await;
        for n in 2..=250 {
            assert_eq!(desk.customer("Payments", "+441", &format!("Message {n}.")).await, id);
        }
        let anna = desk.client("anna").await;
        let begun = std::time::Instant::now();
        let text = anna.read(&format!("/v1/conversations/{id}/transcript?format=text")).await;
        figure(&format!("250 messages written out, {}", desk.kind()), format!("{} ms", begun.elapsed().as_millis()));
        let found: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("    Message ")).collect();
        let expected: Vec<String> = (1..=250).map(|n| format!("{n}.")).collect();
        assert_eq!(found, expected);
    }
}

on_both! {
    /// S4, S5, S6: before one types the desk says that one cannot answer, and why.
    async fn s4_s5_s6_the_desk_says_beforehand_why_one_cannot_answer(desk) {
        let anna = desk.client("anna").await;
        let gate = desk.client("gate").await;
        let writes = async |address: &str, more: Value| {
            let mut body = json!({
                "queue": "Payments", "channel": "SMS", "body": "Hello?",
                "contact": {"address": address}, "external_id": address,
            });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            gate.post("/v1/inbound", &body).await.text("/conversation")
        };
        let verdict = async |id: &str| {
            let detail = anna.get(&format!("/v1/conversations/{id}")).await;
            let reply = &detail.body["actions"]["reply"];
            assert_eq!(reply["text"].is_string(), reply["allowed"] == false, "{reply}");
            (reply["allowed"] == true, reply["reason"].as_str().unwrap_or_default().to_owned())
        };
        let no = |reason: &str| (false, reason.to_owned());
        let yes = || (true, String::new());

        let bot = writes("+441", json!({"handler": "bot"})).await;
        assert_eq!(verdict(&bot).await, no("bot_handles"));
        anna.act(&bot, "intervene").await;
        assert_eq!(verdict(&bot).await, yes());

        let blocked = writes("+442", json!({})).await;
        assert_eq!(verdict(&blocked).await, yes());
        anna.act(&blocked, "block").await;
        assert_eq!(verdict(&blocked).await, no("blocked"));
        anna.act(&blocked, "close").await;
        assert_eq!(verdict(&blocked).await, no("closed"));

        let late = writes("+443", json!({"channel": "WhatsApp"})).await;
        assert_eq!(verdict(&late).await, yes());
        let row = anna.get(&format!("/v1/conversations/{late}")).await;
        let (since, until) = (row.text("/conversation/since"), row.text("/conversation/reply_until"));
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        assert_eq!(at(&until).duration_since(at(&since)).as_hours(), 24);
        desk.passes(std::time::Duration::from_secs(24 * 3600 + 1));
        assert_eq!(verdict(&late).await, no("window_closed"));
    }
}
