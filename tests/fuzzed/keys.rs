//! What comes from a terminal: where the reads end makes no difference, and nothing pasted is a key (R7).

use handback::console::{input::Input, key::Key, terminal::Decoder};

use super::{number, pieces};

pub fn run(bytes: &[u8]) {
    let (seed, bytes) = number(bytes);
    let whole = decoded(&[bytes]);
    let parts = decoded(&pieces(bytes, seed));
    assert_eq!(whole, parts, "split otherwise: {bytes:?}");
    for input in &whole {
        match input {
            Input::Paste(text) => {
                let control = text
                    .chars()
                    .find(|c| c.is_control() && !"\n\t".contains(*c));
                assert_eq!(control, None, "pasted: {bytes:?}");
            }
            Input::Key(Key::Char(c) | Key::Alt(c)) => assert!(!c.is_control(), "{bytes:?}"),
            _ => {}
        }
    }
    // Within a paste, whatever follows its beginning in one go is text and no key.
    let pasted = [b"\x1b[200~", bytes].concat();
    let inputs = decoded(&[&pasted]);
    assert!(
        matches!(inputs[..], [Input::Paste(_)]),
        "{inputs:?} of {bytes:?}"
    );
}

/// What the pieces come to when they come at once, and then nothing more.
fn decoded(pieces: &[&[u8]]) -> Vec<Input> {
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    for piece in pieces {
        decoder.feed(piece, &mut inputs);
    }
    let mut silences = 0;
    while decoder.patience().is_some() {
        decoder.silence(&mut inputs);
        silences += 1;
        assert!(silences < 4, "it never comes to rest");
    }
    inputs
}

pub fn seeds() -> Vec<Vec<u8>> {
    [
        &b"\x03jjju\x1b[A\x1b[1;5D\x1bOP"[..],
        b"\x07\x1b[200~pasted\x1b[201~u\r\x1b[201~",
        b"\x05\x1b[<0;12;3M\x1b[<0;12;3m\x1b[M !!",
        b"\x09\x1b]11;rgb:0/0/0\x1b\\\x1bP1$r\x1b\\\x1b[?62c",
        "\u{2}zoë 日本 👍 \u{1b}é".as_bytes(),
        b"\x01\x1b\x1b\x1b[\x1b[\x9b\xff\xc3\xc3\xa9",
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}
