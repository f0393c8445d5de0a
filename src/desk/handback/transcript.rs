//! A transcript, line by line: made safe here whatever the desk sends, since it ends in files that people look at in a
//! terminal (R1).

use std::{fmt::Write as _, ops::ControlFlow};

use tokio::time::timeout;

use super::transport::{ANSWER_WITHIN, broken};
use crate::{
    desk::{Form, Trouble},
    domain::text::Safe,
};

/// What one line may hold: the greatest message a desk takes, escaped.
const MOST_BYTES: usize = 8 << 20;

/// What a desk calls that form.
pub(super) fn media_type(form: Form) -> &'static str {
    match form {
        Form::Markdown => "text/markdown",
        Form::Text => "text/plain",
        Form::Json => "application/json",
    }
}

/// Hands on the lines of an answer as they come.
pub(super) async fn lines(
    mut answer: reqwest::Response,
    form: Form,
    mut take: impl FnMut(Safe) -> ControlFlow<()> + Send,
) -> Result<(), Trouble> {
    let too_slow = |_| Trouble::Unreachable(Safe::literal("no answer in time"));
    let mut held: Vec<u8> = Vec::new();
    loop {
        let chunk = timeout(ANSWER_WITHIN, answer.chunk())
            .await
            .map_err(too_slow)?;
        let Some(chunk) = chunk.map_err(broken)? else {
            break;
        };
        let mut rest = &chunk[..];
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            held.extend(&rest[..end]);
            rest = &rest[end + 1..];
            if take(safe(&held, form)).is_break() {
                return Ok(());
            }
            held.clear();
        }
        held.extend(rest);
        if held.len() > MOST_BYTES {
            return Err(Trouble::Refused(Safe::literal(
                "the desk's answer is too large",
            )));
        }
    }
    if !held.is_empty() {
        let _ = take(safe(&held, form));
    }
    Ok(())
}

/// One line. In JSON what a terminal would obey is written as an escape, which means the same: outside of its strings
/// there is nothing of the kind.
fn safe(line: &[u8], form: Form) -> Safe {
    let line = String::from_utf8_lossy(line);
    if form != Form::Json {
        return Safe::line(&line);
    }
    let shown_alone = |character: char| {
        let mut alone = [0; 4];
        let alone = &*character.encode_utf8(&mut alone);
        Safe::line(alone).as_str() == alone
    };
    let readable = escaped(&line, shown_alone);
    let safe = Safe::line(&readable);
    match safe.as_str() == readable {
        true => safe,
        // What is shown alone may not be beside another, a tone of skin say.
        false => Safe::line(&escaped(&line, |_| false)),
    }
}

/// JSON with everything but printable ASCII and what is plain written as escapes.
fn escaped(line: &str, is_plain: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(line.len());
    for character in line.chars() {
        if matches!(character, ' '..='~') || is_plain(character) {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t1_r1_json_keeps_its_meaning_and_does_nothing_to_a_terminal() {
        let hostile: String = ('\u{1}'..='\u{2fff}')
            .chain(['\u{feff}', '\u{e0041}', '\u{f0000}', '👍', '🏽'])
            .collect();
        let line = serde_json::to_string(&hostile).unwrap();
        let safe = safe(line.as_bytes(), Form::Json);
        for hidden in [
            '\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{200b}', '\u{feff}',
        ] {
            assert!(!safe.as_str().contains(hidden), "{:x}", hidden as u32);
        }
        let read: String = serde_json::from_str(safe.as_str()).unwrap();
        assert_eq!(read, hostile);
    }

    #[test]
    fn r1_a_desk_that_does_not_clean_its_text_is_cleaned_here() {
        assert_eq!(
            safe(b"a\x1b[2J\xff", Form::Text).as_str(),
            "a\u{241b}[2J\u{fffd}"
        );
    }
}
