//! The grammar of what may be written to a terminal (R4): printable UTF-8 and the sequences we name.

/// Where and why bytes are outside the grammar; `None`: they are within.
#[allow(unreachable_pub, reason = "each test file is a program of its own")]
pub(crate) fn fault(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Some(format!("not UTF-8 at byte {}", error.valid_up_to())),
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at = text.len() - rest.len();
        if c == '\x1b' {
            match sequence(rest) {
                Some(length) => rest = &rest[length..],
                None => {
                    return Some(format!(
                        "a sequence we do not name at byte {at}: {:?}",
                        near(rest)
                    ));
                }
            }
        } else if let Some(why) = unprintable(c) {
            return Some(format!(
                "{why} U+{:04X} at byte {at}: {:?}",
                c as u32,
                near(rest)
            ));
        } else {
            rest = &rest[c.len_utf8()..];
        }
    }
    None
}

fn near(rest: &str) -> String {
    rest.chars().take(12).collect()
}

/// The length of the sequence at the beginning, if it is one of ours.
fn sequence(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\x1b[")?;
    let (private, body) = match body.strip_prefix('?') {
        Some(body) => (true, body),
        None => (false, body),
    };
    let end = body.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == ':'))?;
    let last = body[end..].chars().next()?;
    let numbers: Vec<&str> = body[..end].split(';').collect();
    let ours = if private {
        // Cursor, alternate screen, paste, mouse, wrapping, synchronized update.
        let modes = [
            "25", "1049", "47", "2004", "1000", "1002", "1006", "7", "2026",
        ];
        matches!(last, 'h' | 'l') && numbers.iter().all(|n| modes.contains(n))
    } else {
        // Placing the cursor, erasing, scroll regions, SGR; and keeping the title on entering, giving it back on leaving.
        "ABCDEFGHdfJKXLMrm".contains(last)
            || (last == 't' && matches!(&body[..end], "22;2" | "23;2"))
    };
    ours.then(|| "\x1b[".len() + usize::from(private) + end + last.len_utf8())
}

/// Why a character is not to be printed.
fn unprintable(c: char) -> Option<&'static str> {
    match c {
        '\u{0}'..='\u{1f}' | '\u{7f}' => Some("a control character"),
        '\u{80}'..='\u{9f}' => Some("a C1 control character"),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{61c}'
        | '\u{ad}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => Some("a format character"),
        '\u{34f}'
        | '\u{115f}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{ffa0}' => Some("a character without a shape"),
        '\u{1f3fb}'..='\u{1f3ff}' => Some("a skin tone by itself"),
        '\u{2028}' | '\u{2029}' => Some("a line separator"),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some("a private character"),
        c if (c as u32) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c) => {
            Some("no character")
        }
        _ => None,
    }
}
