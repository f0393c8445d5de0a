//! The event stream: where the packets end makes no difference, and what is no event of the contract ends it.

use futures_util::{FutureExt as _, stream};
use handback::desk::{EventStream as _, What, handback::Events};

use super::{number, pieces};

pub fn run(bytes: &[u8]) {
    let (seed, bytes) = number(bytes);
    assert_eq!(
        told(&[bytes]),
        told(&pieces(bytes, seed)),
        "split otherwise: {bytes:?}"
    );
}

/// What is told, in short, without the signs of life between.
fn told(pieces: &[&[u8]]) -> Vec<String> {
    let chunks: Vec<_> = pieces.iter().map(|piece| Ok(piece.to_vec())).collect();
    let mut events = Events::read(stream::iter(chunks));
    let mut told = Vec::new();
    loop {
        // All of it is here: nothing is ever waited for.
        let event = events.next().now_or_never().expect("all is here");
        match event {
            Ok(event) if matches!(event.what, What::Alive) && event.cursor.is_none() => {}
            Ok(event) => told.push(format!(
                "{:?} {:?}",
                event.cursor,
                std::mem::discriminant(&event.what)
            )),
            Err(trouble) => {
                told.push(format!("{:?}", std::mem::discriminant(&trouble)));
                return told;
            }
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let row = r#"{"id":"C1","contact":{"name":"Bea","address":"+44"},"channel":"SMS","queue":{"id":"q","name":"P"},"state":"open","handler":"person","unanswered":true,"just_entered":false,"since":"2026-11-22T14:00:00Z","version":7}"#;
    let message = r#"{"id":"M1","direction":"in","body":"Hello","truncated":false,"at":"2026-11-22T14:00:00Z"}"#;
    [
        format!("\u{3}id: 7\nevent: conversation\ndata: {row}\n\n"),
        format!("\u{5}: alive\n\nevent: message\ndata: {{\"conversation\":{row},\ndata: \"message\":{message}}}\n\n"),
        "\u{1}event: gone\r\ndata: {\"id\":\"C1\"}\r\n\r\nretry: 10\n\n".into(),
        "\u{9}event: counts\ndata: {\"all_queues\":{\"mine\":1,\"unassigned\":2,\"all\":3},\"queues\":[]}\n\n".into(),
        "\u{2}event: attention\ndata: {\"kind\":\"assigned\",\"conversation\":\"C1\"}\n\nid: x\n\n".into(),
        "\u{7}\u{feff}event: reset\nid: 3\ndata\n\n".into(),
    ]
    .map(String::into_bytes)
    .to_vec()
}
