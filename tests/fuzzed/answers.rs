//! The desk's answers: read or refused, never worse, and what is read holds only safe text.

use handback::{
    desk,
    wire::{self, NotOfTheContract},
};
use serde::de::DeserializeOwned;

use super::number;

pub fn run(bytes: &[u8]) {
    let (which, body) = number(bytes);
    let read = [
        read::<wire::people::Me, desk::Me>,
        read::<wire::conversation::Page, desk::Page>,
        read::<wire::conversation::Detail, desk::Detail>,
        read::<wire::message::Messages, desk::Messages>,
        read::<wire::message::History, desk::History>,
        read::<wire::contact::Known, desk::Known>,
        read::<wire::find::Found, desk::Found>,
        read::<wire::some::Preview, desk::Outlook>,
        read::<wire::fate::Done, desk::Done>,
        read::<wire::people::Queue, desk::Queue>,
        read::<wire::people::User, desk::Colleague>,
        read::<wire::people::Phrase, desk::Phrase>,
    ];
    read[which % read.len()](body);
}

fn read<W: DeserializeOwned, T: TryFrom<W, Error = NotOfTheContract>>(body: &[u8]) {
    let Ok(wire) = serde_json::from_slice::<W>(body) else {
        return;
    };
    if let Err(error) = T::try_from(wire) {
        assert!(error.value.len() <= 4 * 64, "{error}");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let row = r#"{"id":"C1","contact":{"name":"Bea","address":"+44"},"channel":"SMS","queue":{"id":"q","name":"P"},"state":"open","status":"s","handler":"bot","assignee":{"id":"ben","name":"Ben"},"last_message":{"direction":"in","preview":"Hi","at":"2026-11-22T14:00:00Z","delivery":{"state":"error","reason":"x"}},"unanswered":true,"just_entered":false,"since":"2026-11-22T14:00:00Z","active":[{"id":"a","name":"A","what":"viewing"}],"version":7}"#;
    let at = "2026-11-22T14:00:00Z";
    [
        format!(r#"{}{{"user":{{"id":"a","name":"A"}},"username":"a","organisation":{{"id":"o","name":"O"}},"permissions":[],"capabilities":["take"],"desk_version":"1","desk":"d"}}"#, '\0'),
        format!("\u{1}{{\"items\":[{row}],\"next\":\"x\",\"as_of\":1,\"counts\":{{\"mine\":1,\"unassigned\":2,\"all\":3}}}}"),
        format!("\u{2}{{\"conversation\":{row},\"actions\":{{\"take\":{{\"allowed\":false,\"text\":\"no\"}}}}}}"),
        format!("\u{3}{{\"items\":[{{\"id\":\"M1\",\"direction\":\"in\",\"body\":\"Hello\",\"truncated\":false,\"at\":\"{at}\"}}]}}"),
        format!("\u{4}{{\"items\":[{{\"id\":\"1\",\"at\":\"{at}\",\"kind\":\"note\",\"body\":\"x\"}}]}}"),
        format!("\u{5}{{\"began\":\"{at}\",\"first_seen\":\"{at}\",\"count\":1,\"others\":[{row}],\"blocked\":{{\"at\":\"{at}\"}}}}"),
        format!("\u{6}{{\"items\":[{{\"conversation\":{row},\"message\":{{\"id\":\"M1\",\"at\":\"{at}\",\"excerpt\":[{{\"text\":\"x\",\"found\":true}}]}}}}],\"partial\":false,\"as_of\":1}}"),
        format!("\u{7}{{\"items\":[],\"moves\":[{row}],\"stays\":[{{\"conversation\":{row},\"reason\":\"touched\",\"text\":\"t\"}}],\"staying\":1,\"warnings\":[]}}"),
        format!("\u{8}{{\"operation\":\"o\",\"at\":\"{at}\",\"action\":\"unassign\",\"of\":[],\"undone\":false,\"count\":1,\"conversations\":[{{\"conversation\":{row},\"became\":\"taken\"}}]}}"),
        "\u{9}{\"id\":\"q\",\"name\":\"P\",\"owner\":{\"id\":\"o\",\"name\":\"O\"},\"rule\":\"round_robin\",\"active\":true,\"open\":1,\"unassigned\":1}".into(),
        "\u{a}{\"id\":\"u\",\"username\":\"u\",\"name\":\"U\",\"organisation\":{\"id\":\"o\",\"name\":\"O\"},\"signed_in\":true,\"open\":1,\"unanswered\":1}".into(),
        "\u{b}{\"keywords\":[\"k\"],\"body\":\"b\",\"organisation\":{\"id\":\"o\",\"name\":\"O\"}}".into(),
    ]
    .map(String::into_bytes)
    .to_vec()
}
