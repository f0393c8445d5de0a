//! Safe text, from outside: hostile strings of our own collection and random ones (R2, R5, R6).

use handback::domain::text::{Safe, cells, cut::ELLIPSIS, wrap};
use proptest::prelude::*;

/// The collection: one JSON string a line, headings between them.
fn naughty() -> Vec<String> {
    include_str!("data/naughty.txt")
        .lines()
        .filter(|line| !line.starts_with("# "))
        .map(|line| serde_json::from_str(line).expect("a JSON string"))
        .collect()
}

/// Everything that holds for every text, whoever wrote it.
fn check(source: &str) {
    let text = Safe::text(source);
    let line = Safe::line(source);
    assert_eq!(
        Safe::text(text.as_str()),
        text,
        "R2: cleaned twice {source:?}"
    );
    assert_eq!(
        Safe::line(line.as_str()),
        line,
        "R2: cleaned twice {source:?}"
    );
    assert_eq!(
        Safe::text(text.as_str()).altered(),
        0,
        "R2: counted twice {source:?}"
    );
    assert_eq!(
        text.as_str()
            .chars()
            .find(|&c| c != '\n' && is_forbidden(c)),
        None,
        "R4: {source:?}"
    );
    assert_eq!(
        line.as_str().chars().find(|&c| is_forbidden(c)),
        None,
        "R4: {source:?}"
    );
    for (cell, columns) in cells(text.as_str()) {
        assert!((1..=2).contains(&columns), "R5: {cell:?}");
        assert!(
            cell.len() <= 32 && cell.chars().count() <= 5,
            "R5: {cell:?}"
        );
    }
    for columns in [2, 7, 80] {
        assert!(line.cut(columns, ELLIPSIS).width() <= columns, "{source:?}");
        assert!(
            wrap(&text, columns).all(|row| text.slice(row).width() <= columns),
            "{source:?}"
        );
    }
    assert!(text.to_ascii().as_str().is_ascii(), "R16: {source:?}");
    assert!(text.as_str().len() <= 4 * source.len(), "R6: {source:?}");
}

/// What no terminal should be sent: controls, what directs or hides text, private use, noncharacters.
/// A list of its own, so that it can disagree with the cleaning's.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..)
        || u32::from(c) & 0xfffe == 0xfffe
}

#[test]
fn r4_the_naughty_strings_are_harmless() {
    let naughty = naughty();
    assert!(naughty.len() > 700, "{}", naughty.len());
    for source in &naughty {
        check(source);
        check(&format!("a{source}b"));
    }
    check(&naughty.concat());
}

#[test]
fn r2_what_was_changed_is_counted_and_can_be_shown_raw() {
    for source in naughty() {
        let controls = source
            .chars()
            .filter(|c| c.is_control() && !"\t\n\r\u{85}".contains(*c))
            .count();
        assert!(Safe::text(&source).altered() >= controls, "{source:?}");
        let raw = Safe::escaped(&source);
        assert!(
            raw.as_str()
                .bytes()
                .all(|byte| matches!(byte, b' '..=b'~' | b'\n')),
            "{source:?}"
        );
    }
}

#[test]
fn r5_ten_thousand_marks_are_three() {
    let flood = format!("a{}b", "\u{301}".repeat(10_000));
    let safe = Safe::line(&flood);
    assert_eq!((safe.width(), safe.altered(), safe.len()), (2, 9_997, 8));
}

/// Text made of what the rules are about.
fn hostile() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "a",
        " ",
        "\t",
        "\n",
        "\r",
        "\u{1b}",
        "\u{9b}",
        "\u{301}",
        "\u{202e}",
        "\u{fe0f}",
        "\u{200d}",
        "\u{200c}",
        "👩",
        "🚀",
        "🏽",
        "🇬",
        "🏴",
        "\u{e0067}",
        "\u{1112}",
        "\u{1161}",
        "한",
        "汉",
        "ش",
        "क",
        "\u{94d}",
        "◌",
        "⏎",
        "…",
    ]);
    prop_oneof![
        prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat()),
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn r2_r5_hold_for_any_text(source in hostile()) {
        check(&source);
    }

    #[test]
    fn r1_safe_texts_together_are_safe(a in hostile(), b in hostile()) {
        let both = Safe::join(&Safe::default(), [&Safe::text(&a), &Safe::text(&b)]);
        prop_assert_eq!(Safe::text(both.as_str()), both);
    }

    #[test]
    fn r1_a_slice_of_safe_text_is_safe(source in hostile(), from in 0_usize..40, to in 0_usize..80) {
        let part = Safe::text(&source).slice(from..to);
        prop_assert_eq!(Safe::text(part.as_str()), part);
    }
}
