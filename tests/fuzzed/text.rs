//! Safe text: what holds for every text, whoever wrote it.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use handback::domain::text::{
    Safe, cells,
    cut::ELLIPSIS,
    excerpt::{MESSAGE_BYTES, PREVIEW_BYTES},
    wrap,
};

/// Any bytes, as they would come out of a body that is no UTF-8.
pub fn run(bytes: &[u8]) {
    check(&String::from_utf8_lossy(bytes));
}

/// The collection: one JSON string a line, headings between them.
pub fn naughty() -> Vec<String> {
    include_str!("../data/naughty.txt")
        .lines()
        .filter(|line| !line.starts_with("# "))
        .map(|line| serde_json::from_str(line).expect("a JSON string"))
        .collect()
}

pub fn seeds() -> Vec<Vec<u8>> {
    naughty().into_iter().map(String::into_bytes).collect()
}

/// Everything that holds for every text (R2, R4, R5, R6, R16).
pub fn check(source: &str) {
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
    let forbidden = text
        .as_str()
        .chars()
        .find(|&c| c != '\n' && is_forbidden(c));
    assert_eq!(forbidden, None, "R4: {source:?}");
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
        let fits = |row: std::ops::Range<usize>| text.slice(row).width() <= columns;
        assert!(wrap(&text, columns).all(fits), "{source:?}");
    }
    assert!(text.to_ascii().as_str().is_ascii(), "R16: {source:?}");
    assert!(text.as_str().len() <= 4 * source.len(), "R6: {source:?}");
    let (shown, rest) = Safe::text_limited(source);
    assert!(shown.len() <= 4 * MESSAGE_BYTES, "R6: {source:?}");
    if rest.is_none() {
        assert_eq!(shown, text, "R6: {source:?}");
    }
    assert!(
        Safe::preview(source).len() <= 4 * PREVIEW_BYTES + ELLIPSIS.len(),
        "R6: {source:?}"
    );
    let codes = Safe::escaped(source);
    assert!(
        codes
            .as_str()
            .bytes()
            .all(|b| matches!(b, b' '..=b'~' | b'\n')),
        "R2: {source:?}"
    );
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
