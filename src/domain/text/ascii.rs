//! The form for a terminal without UTF-8 (R16), and the one that shows every character's code.

use std::fmt::Write as _;

use super::Safe;
use super::character::{Kind, kind};
use super::clean::write_code;

impl Safe {
    /// The text as a screen can show it, which may have nothing but ASCII.
    #[must_use]
    pub fn for_screen(&self, ascii: bool) -> Safe {
        match ascii {
            true => self.to_ascii(),
            false => self.clone(),
        }
    }

    /// The text in ASCII: Latin letters without their accents, typographic signs by the typewriter's,
    /// a control's picture as `^[`, everything else by its code.
    pub fn to_ascii(&self) -> Safe {
        let text = self.as_str();
        if text.is_ascii() {
            return self.clone();
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match ascii(c) {
                Some(form) => out.push_str(form),
                None => write_ascii(&mut out, c),
            }
        }
        Safe::vouched(out, self.altered())
    }

    /// The source with every character but printable ASCII as its escape, `\u{1b}`; each line break also ends a line.
    pub fn escaped(source: &str) -> Safe {
        let mut out = String::with_capacity(source.len());
        for c in source.chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                ' '..='~' => out.push(c),
                // Writing to a String cannot fail.
                _ => drop(write!(out, "{}", c.escape_unicode())),
            }
        }
        Safe::vouched(out, 0)
    }
}

/// What ASCII has for signs and for the letters that are two in one.
fn ascii(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2039}' | '\u{203a}' | '´' => "'",
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '«' | '»' => "\"",
        '…' => "...",
        '•' => "*",
        // What we write between two facts.
        '·' => "-",
        '×' => "x",
        '⏎' => " / ",
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        '©' => "(c)",
        '®' => "(R)",
        '™' => "(TM)",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        'Æ' => "AE",
        'æ' => "ae",
        'Œ' => "OE",
        'œ' => "oe",
        'ß' => "ss",
        'Þ' => "Th",
        'þ' => "th",
        _ => return None,
    })
}

/// Appends a letter without its accent, a control picture as its key, or the code.
fn write_ascii(out: &mut String, c: char) {
    match c {
        ' '..='~' | '\n' => out.push(c),
        '\u{c0}'..='\u{17f}' => match LATIN.chars().nth(c as usize - 0xc0) {
            Some('*') | None => write_code(out, c),
            Some(letter) => out.push(letter),
        },
        '␡' => out.push_str("^?"),
        '\u{2400}'..='\u{241f}' => {
            out.push('^');
            out.extend(char::from_u32(u32::from(c) - 0x2400 + 0x40));
        }
        // An accent written apart from its letter goes as one written with it does.
        _ if kind(c) == Kind::Mark && out.ends_with(|last: char| last.is_ascii_alphabetic()) => {}
        _ => write_code(out, c),
    }
}

/// U+00C0 to U+017F without their accents; a star for what is no accented letter.
const LATIN: &str = "AAAAAA*CEEEEIIIIDNOOOOO*OUUUUY**aaaaaa*ceeeeiiiidnooooo*ouuuuy*y\
    AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo**RrRrRr\
    SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

#[cfg(test)]
mod tests {
    use super::*;

    fn ascii(text: &str) -> String {
        Safe::text(text).to_ascii().to_string()
    }

    #[test]
    fn r16_a_french_name_can_be_read() {
        assert_eq!(
            ascii("Françoise Lefèvre-Œuvray"),
            "Francoise Lefevre-OEuvray"
        );
        assert_eq!(ascii("Franc\u{327}oise"), "Francoise");
        assert_eq!(ascii("Łukasz Żółć, Ÿ, ž"), "Lukasz Zolc, Y, z");
    }

    #[test]
    fn r16_prices_and_quotes_can_be_read() {
        assert_eq!(ascii("“£50 – it’s fine…”"), "\"GBP50 - it's fine...\"");
    }

    #[test]
    fn r2_a_control_is_its_key_and_the_rest_its_code() {
        assert_eq!(ascii("\u{1b}[2J\u{7f}\0\n"), "^[[2J^?^@\n");
        assert_eq!(ascii("汉👍"), "<U+6C49><U+1F44D>");
        assert_eq!(Safe::text("\u{1b}é").to_ascii().altered(), 1);
    }

    #[test]
    fn r16_every_code_point_has_a_form_in_ascii() {
        for c in ('\0'..='\u{3ffff}').map(|c| Safe::text(&c.to_string()).to_ascii()) {
            assert!(
                c.as_str()
                    .bytes()
                    .all(|byte| matches!(byte, b' '..=b'~' | b'\n')),
                "{c:?}"
            );
        }
    }

    #[test]
    fn r2_the_raw_form_shows_every_character() {
        assert_eq!(
            Safe::escaped("a\\\té\u{202e}\r\n\u{1b}"),
            "a\\\\\\t\\u{e9}\\u{202e}\\r\\n\n\\u{1b}"
        );
    }
}
