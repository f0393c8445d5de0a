use proptest::prelude::*;

use super::*;
use crate::console::input::{Mouse, MouseKind};

/// What the bytes mean, read in the given pieces without a pause, and a silence at the end.
fn read(pieces: &[&[u8]]) -> Vec<Input> {
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    for piece in pieces {
        decoder.feed(piece, &mut inputs);
    }
    while decoder.patience().is_some() {
        decoder.silence(&mut inputs);
    }
    inputs
}

fn keys(bytes: &[u8]) -> Vec<Key> {
    read(&[bytes])
        .into_iter()
        .map(|input| match input {
            Input::Key(key) => key,
            other => panic!("{other:?} is no key"),
        })
        .collect()
}

/// The sequences that terminals send for the keys we bind, and others that people press.
const SEQUENCES: &[(&[u8], Key)] = &[
    (b"\x1b[A", Key::Up),
    (b"\x1b[B", Key::Down),
    (b"\x1b[C", Key::Right),
    (b"\x1b[D", Key::Left),
    (b"\x1bOA", Key::Up),
    (b"\x1bOB", Key::Down),
    (b"\x1bOC", Key::Right),
    (b"\x1bOD", Key::Left),
    (b"\x1b[1;5D", Key::WordLeft),
    (b"\x1b[1;3C", Key::WordRight),
    (b"\x1b[1;2D", Key::Left),
    (b"\x1b[1;2A", Key::Up),
    (b"\x1b[H", Key::Home),
    (b"\x1bOF", Key::End),
    (b"\x1b[1~", Key::Home),
    (b"\x1b[2~", Key::Insert),
    (b"\x1b[3~", Key::Delete),
    (b"\x1b[3;5~", Key::Delete),
    (b"\x1b[4~", Key::End),
    (b"\x1b[5~", Key::PageUp),
    (b"\x1b[6~", Key::PageDown),
    (b"\x1b[7~", Key::Home),
    (b"\x1b[8~", Key::End),
    (b"\x1b[Z", Key::BackTab),
    (b"\x1bOP", Key::F(1)),
    (b"\x1b[[A", Key::F(1)),
    (b"\x1b[11~", Key::F(1)),
    (b"\x1b[15~", Key::F(5)),
    (b"\x1b[17~", Key::F(6)),
    (b"\x1b[24~", Key::F(12)),
    (b"\x1b[34~", Key::F(20)),
    (b"\x1bOM", Key::Enter),
    (b"\x1bf", Key::Alt('f')),
    ("\x1bé".as_bytes(), Key::Alt('é')),
    (b"\x1b[106;5u", Key::Ctrl('j')),
    (b"\x1b[27;5;106~", Key::Ctrl('j')),
    (b"\x1b[9;2u", Key::BackTab),
    ("é".as_bytes(), Key::Char('é')),
    ("€".as_bytes(), Key::Char('€')),
    ("😀".as_bytes(), Key::Char('😀')),
    (b"\r", Key::Enter),
    (b"\n", Key::Ctrl('j')),
    (b"\t", Key::Tab),
    (b"\x7f", Key::Backspace),
    (b"\x1a", Key::Ctrl('z')),
    (b"\x1d", Key::Ctrl(']')),
    (b"\0", Key::Ctrl(' ')),
    (b"\x1b", Key::Esc),
];

/// Sequences that mean nothing to us, whatever they hold.
const UNKNOWN: &[&[u8]] = &[
    b"\x1b[?1;2c",
    b"\x1b[>0;276;0c",
    b"\x1b[?2026;2$y",
    b"\x1b[=1;2u",
    b"\x1b[12;34x",
    b"\x1b[I",
    b"\x1b[201~",
    b"\x1b[99~",
    b"\x1b[<;;M",
    b"\x1b[<0;0;0M",
    b"\x1b[<35;5;5M",
    b"\x1b[M ab",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\x1b]52;c;dWphcA==\x07",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1bOj",
    b"\x1b[[Z",
    b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18A",
    b"\x1b\r",
    b"\xff\xfe\x80",
    b"\xc2\x9b",
];

#[test]
fn r7_every_key_is_decoded_and_split_anywhere_it_is_the_same() {
    for (bytes, key) in SEQUENCES {
        for at in 0..=bytes.len() {
            let (before, after) = bytes.split_at(at);
            assert_eq!(
                read(&[before, after]),
                [Input::Key(*key)],
                "{bytes:x?} split at {at}"
            );
        }
    }
}

#[test]
fn r7_what_we_do_not_know_never_becomes_keys() {
    for bytes in UNKNOWN {
        for at in 0..=bytes.len() {
            let (before, after) = bytes.split_at(at);
            assert_eq!(
                read(&[before, after, b"j"]),
                [Input::Key(Key::Char('j'))],
                "{bytes:x?} at {at}"
            );
        }
    }
}

#[test]
fn r7_a_left_arrow_split_after_its_esc_by_a_slow_line_never_becomes_text() {
    for rest in [b"[D".as_slice(), b"OD"] {
        let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
        decoder.feed(b"\x1b", &mut inputs);
        assert_eq!(decoder.patience(), Some(HELD));
        decoder.silence(&mut inputs);
        for byte in rest {
            decoder.feed(&[*byte], &mut inputs);
            assert_ne!(decoder.patience(), Some(HELD));
        }
        assert_eq!(inputs, [Input::Key(Key::Esc), Input::Key(Key::Left)]);
    }
}

#[test]
fn r7_after_an_esc_and_a_second_a_bracket_is_a_bracket() {
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b", &mut inputs);
    decoder.silence(&mut inputs);
    assert_eq!(decoder.patience(), Some(OVER));
    decoder.silence(&mut inputs);
    assert_eq!(
        decoder.patience(),
        None,
        "nothing is waited for when idle (R13)"
    );
    decoder.feed(b"[", &mut inputs);
    assert_eq!(inputs, [Input::Key(Key::Esc), Input::Key(Key::Char('['))]);
}

#[test]
fn esc_and_then_a_key_are_two_keys() {
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b", &mut inputs);
    decoder.silence(&mut inputs);
    decoder.feed(b"j", &mut inputs);
    assert_eq!(inputs, [Input::Key(Key::Esc), Input::Key(Key::Char('j'))]);
    assert_eq!(keys(b"\x1b\x1b[A"), [Key::Esc, Key::Up]);
    assert_eq!(keys(b"\x1b\x1b"), [Key::Esc, Key::Esc]);
}

#[test]
fn alt_with_a_letter_that_begins_a_string_is_a_key_when_nothing_follows() {
    assert_eq!(keys(b"\x1bP"), [Key::Alt('P')]);
    assert_eq!(keys(b"\x1b]"), [Key::Alt(']')]);
}

/// What the configuration takes for a key some terminal sends, and what it refuses none does.
#[test]
fn a_key_with_alt_can_be_configured_if_it_can_arrive() {
    for character in (' '..='~').chain(['é', '漢']) {
        let key = Key::Alt(character);
        let sent = read(&[format!("\x1b{character}").as_bytes()]);
        assert_eq!(sent == [Input::Key(key)], key.can_be_sent(), "{key}");
    }
}

#[test]
fn r7_a_string_without_an_end_does_not_deafen_us() {
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b]52;c;", &mut inputs);
    assert_eq!(decoder.patience(), Some(OVER));
    decoder.silence(&mut inputs);
    decoder.feed(b"j", &mut inputs);
    assert_eq!(inputs, [Input::Key(Key::Char('j'))]);
}

#[test]
fn a_broken_sequence_gives_way_to_the_next() {
    assert_eq!(keys(b"\x1b[12\x1b[A"), [Key::Up]);
    assert_eq!(keys(b"\x1b[12\x18j"), [Key::Char('j')]);
    assert_eq!(keys(b"\xe2\x82j"), [Key::Char('j')]);
}

#[test]
fn r7_a_paste_is_one_input_however_it_is_split() {
    let bytes = b"\x1b[200~Hello\rworld \xe2\x82\xac\x1b[201~";
    for at in 0..=bytes.len() {
        let (before, after) = bytes.split_at(at);
        assert_eq!(
            read(&[before, after]),
            [Input::Paste("Hello\nworld €".into())],
            "split at {at}"
        );
    }
}

#[test]
fn r7_what_follows_the_end_of_a_paste_in_one_go_is_paste_and_never_keys() {
    let bytes = b"\x1b[200~a\x1b[201~u\r\x1b[201~";
    assert_eq!(read(&[bytes]), [Input::Paste("au\n".into())]);
}

#[test]
fn r7_a_key_after_the_silence_that_ends_a_paste_is_a_key() {
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b[200~a\x1b[201~", &mut inputs);
    assert_eq!(decoder.patience(), Some(HELD));
    decoder.silence(&mut inputs);
    decoder.feed(b"j", &mut inputs);
    assert_eq!(
        inputs,
        [Input::Paste("a".into()), Input::Key(Key::Char('j'))]
    );
}

#[test]
fn r7_an_unfinished_paste_is_over_after_a_second_of_silence() {
    let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
    decoder.feed(b"\x1b[200~abc", &mut inputs);
    assert_eq!(decoder.patience(), Some(OVER));
    decoder.silence(&mut inputs);
    assert_eq!(inputs, [Input::Paste("abc".into())]);
    assert_eq!(decoder.patience(), None);
}

#[test]
fn the_mouse_counts_from_zero() {
    let mouse = |kind| {
        Input::Mouse(Mouse {
            kind,
            column: 4,
            row: 9,
        })
    };
    assert_eq!(
        read(&[b"\x1b[<0;5;10M\x1b[<0;5;10m\x1b[<64;5;10M\x1b[<65;5;10M"]),
        [
            MouseKind::Press,
            MouseKind::Release,
            MouseKind::WheelUp,
            MouseKind::WheelDown
        ]
        .map(mouse)
    );
}

proptest! {
    #[test]
    fn r7_where_the_reads_end_makes_no_difference(
        parts in proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(SEQUENCES).prop_map(|(bytes, _)| bytes.to_vec()),
                proptest::sample::select(UNKNOWN).prop_map(<[u8]>::to_vec),
                Just(b"\x1b[200~jj\x1b[201~".to_vec()),
                proptest::collection::vec(any::<u8>(), 0..8),
            ],
            0..12,
        ),
        ends in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
    ) {
        let bytes = parts.concat();
        let mut ends: Vec<_> = ends.iter().map(|end| end.index(bytes.len() + 1)).collect();
        ends.extend([0, bytes.len()]);
        ends.sort_unstable();
        let pieces: Vec<_> = ends.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(read(&pieces), read(&[&bytes]));
    }
}
