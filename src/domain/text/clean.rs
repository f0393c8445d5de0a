//! The cleaning: what replaces what (R2, R5).
//!
//! | in | out | counted |
//! |---|---|---|
//! | line break (CRLF is one) | `\n` in a text, [`BREAK_SIGN`] in a line | no: it keeps its meaning |
//! | tab | spaces to the next multiple of four columns; one space in a line | no |
//! | C0, DELETE | its control picture, `␛` | yes |
//! | C1, format, private use, unassigned | its code, `<U+202E>` | yes |
//! | the first variation selector after a character, skin tone, the rest of an emoji joined by ZWJ, a home nation's flag | nothing: the base stands for all (R5) | no |
//! | a joiner inside a word of a script that spells with it | nothing | yes |
//! | a fourth mark on one character | nothing | yes |
//! | a mark with nothing to sit on | the mark on a dotted circle | yes |
//!
//! The output holds nothing that a second cleaning would change, and two outputs put together do not either.
//! Each step looks at one character, its successor and a fixed amount of memory, so it is linear.

use std::fmt::Write as _;

use super::character::{DOTTED_CIRCLE, Kind, carries, is_joining_script, is_pictograph, kind};
use super::width::{BREAK_SIGN, MARKS, width};

const TAB: usize = 4;

/// Emoji joined to the first of a sequence; the longest that people send, a family, has three.
const JOINED: u8 = 3;

/// The flags of England, Scotland and Wales are a black flag and these tags.
const HOME_NATIONS: [&str; 3] = [
    "\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// Is it one line that comes out, or as many as went in?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Line,
    Text,
}

/// The cleaned text, and how many characters of the source are shown otherwise than they were written.
pub(super) fn clean(source: &str, shape: Shape) -> (String, usize) {
    let mut cleaning = Cleaning {
        shape,
        out: String::with_capacity(source.len()),
        altered: 0,
        base: None,
        measured: (0, 0),
    };
    let mut rest = source;
    while !rest.is_empty() {
        rest = match printable_ascii(rest) {
            0 => cleaning.take(rest),
            run => cleaning.copy(rest, run),
        };
    }
    (cleaning.out, cleaning.altered)
}

/// How many bytes at the start are printable ASCII: nearly all of most messages.
fn printable_ascii(text: &str) -> usize {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~');
    text.as_bytes()
        .iter()
        .position(|byte| !plain(byte))
        .unwrap_or(text.len())
}

struct Cleaning {
    shape: Shape,
    out: String,
    altered: usize,
    /// The character that a mark or an emoji's continuation would belong to.
    base: Option<Base>,
    /// An offset into `out` and its column, so that a line full of tabs is measured once.
    measured: (usize, usize),
}

/// A shown character and what it has been given so far.
struct Base {
    char: char,
    marks: usize,
    joined: u8,
    selected: bool,
    toned: bool,
}

impl Base {
    fn new(char: char) -> Self {
        Base {
            char,
            marks: 0,
            joined: 0,
            selected: false,
            toned: false,
        }
    }
}

impl Cleaning {
    /// Copies `run` bytes of printable ASCII; returns what is left.
    fn copy<'a>(&mut self, rest: &'a str, run: usize) -> &'a str {
        let (plain, rest) = rest.split_at(run);
        self.out.push_str(plain);
        self.base = plain.chars().next_back().map(Base::new);
        rest
    }

    /// Takes one character, or the few that belong together; returns what is left.
    fn take<'a>(&mut self, rest: &'a str) -> &'a str {
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { return rest };
        let rest = chars.as_str();
        match kind(c) {
            Kind::Shown => return self.show(c, rest),
            Kind::Mark => self.mark(c),
            Kind::Break => return self.end_line(c, rest),
            Kind::Tab => self.tab(),
            Kind::Control => self.picture(c),
            Kind::Selector => match &mut self.base {
                Some(base) if !base.selected => base.selected = true,
                _ => self.code(c),
            },
            Kind::SkinTone => match &mut self.base {
                Some(base) if is_pictograph(base.char) && !base.toned => base.toned = true,
                _ => self.code(c),
            },
            Kind::Joiner => return self.join(c, rest),
            Kind::Hidden => self.code(c),
        }
        rest
    }

    fn show<'a>(&mut self, c: char, rest: &'a str) -> &'a str {
        self.out.push(c);
        self.base = Some(Base::new(c));
        if c != '\u{1f3f4}' {
            return rest;
        }
        HOME_NATIONS
            .iter()
            .find_map(|tags| rest.strip_prefix(tags))
            .unwrap_or(rest)
    }

    fn mark(&mut self, mark: char) {
        match &mut self.base {
            Some(base) if carries(base.char, mark) => {
                if base.marks == MARKS {
                    self.altered += 1;
                    return;
                }
                base.marks += 1;
            }
            _ => {
                self.out.push(DOTTED_CIRCLE);
                self.altered += 1;
                self.base = Some(Base {
                    marks: 1,
                    ..Base::new(DOTTED_CIRCLE)
                });
            }
        }
        self.out.push(mark);
    }

    fn end_line<'a>(&mut self, c: char, rest: &'a str) -> &'a str {
        self.base = None;
        match self.shape {
            Shape::Line => self.out.push_str(BREAK_SIGN),
            Shape::Text => {
                self.out.push('\n');
                self.measured = (self.out.len(), 0);
            }
        }
        match c {
            '\r' => rest.strip_prefix('\n').unwrap_or(rest),
            _ => rest,
        }
    }

    fn tab(&mut self) {
        self.base = None;
        let spaces = match self.shape {
            Shape::Line => 1,
            Shape::Text => {
                let (offset, before) = self.measured;
                let column = before + width(&self.out[offset..]);
                let spaces = TAB - column % TAB;
                self.measured = (self.out.len() + spaces, column + spaces);
                spaces
            }
        };
        self.out.extend(std::iter::repeat_n(' ', spaces));
    }

    /// Follows a joiner: the rest of an emoji and the spelling of some scripts go with it, anywhere else it is shown.
    fn join<'a>(&mut self, joiner: char, rest: &'a str) -> &'a str {
        let mut after = rest.chars();
        let (Some(base), Some(next)) = (&mut self.base, after.next()) else {
            self.code(joiner);
            return rest;
        };
        let emoji = is_pictograph(base.char) && is_pictograph(next);
        if joiner == '\u{200d}' && emoji && base.joined < JOINED {
            base.joined += 1;
            base.selected = false;
            base.toned = false;
            return after.as_str();
        }
        if is_joining_script(base.char) && is_joining_script(next) {
            self.altered += 1;
        } else {
            self.code(joiner);
        }
        rest
    }

    fn picture(&mut self, control: char) {
        self.out.push(picture(control));
        self.altered += 1;
        self.base = None;
    }

    fn code(&mut self, c: char) {
        write_code(&mut self.out, c);
        self.altered += 1;
        self.base = None;
    }
}

/// The picture Unicode has for a C0 control or DELETE: `␛`.
fn picture(control: char) -> char {
    match control {
        '\u{7f}' => '␡',
        _ => char::from_u32(0x2400 + u32::from(control)).unwrap_or('\u{fffd}'),
    }
}

/// Appends a character's code: `<U+202E>`.
pub(super) fn write_code(out: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "<U+{:04X}>", u32::from(c));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::cells;

    fn text(source: &str) -> String {
        clean(source, Shape::Text).0
    }

    fn line(source: &str) -> String {
        clean(source, Shape::Line).0
    }

    fn altered(source: &str) -> usize {
        clean(source, Shape::Text).1
    }

    /// What may leave the cleaning, said otherwise than the cleaning says it.
    fn is_safe(c: char) -> bool {
        let shown =
            !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{fe00}'..='\u{fe0f}');
        shown
            && !crate::domain::text::hidden::is_hidden(c)
            && !matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..)
    }

    #[test]
    fn r2_line_breaks_and_tabs_keep_their_meaning() {
        assert_eq!(text("A\tB"), "A   B");
        assert_eq!(text("\tA\nab\tB\té\tC"), "    A\nab  B   é   C");
        assert_eq!(
            text("a\r\nb\rc\nd\u{85}e\u{2028}f\u{2029}g\n\r"),
            "a\nb\nc\nd\ne\nf\ng\n\n"
        );
        assert_eq!(line("A\tB\r\nC"), "A B⏎C");
        assert_eq!(altered("A\tB\r\nC"), 0);
    }

    #[test]
    fn r2_controls_become_signs_and_are_counted() {
        assert_eq!(text("\u{1b}[2J\0\u{7f}"), "␛[2J␀␡");
        assert_eq!(altered("\u{1b}[2J\0\u{7f}"), 3);
        assert_eq!(text("\u{9b}2J"), "<U+009B>2J");
        assert_eq!(
            text("\u{202e}click here\u{202c}"),
            "<U+202E>click here<U+202C>"
        );
        assert_eq!(
            text("\u{e041}\u{10ffff}\u{ad}\u{feff}"),
            "<U+E041><U+10FFFF><U+00AD><U+FEFF>"
        );
    }

    #[test]
    fn r5_an_emoji_is_its_base() {
        let finery = [
            ("❤\u{fe0f}", "❤"),
            ("👍🏽", "👍"),
            ("👩🏽\u{200d}🚀!", "👩!"),
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦", "👨"),
            ("👁\u{fe0f}\u{200d}🗨\u{fe0f}", "👁"),
            (
                "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
                "🏴",
            ),
            ("1\u{fe0f}\u{20e3}", "1\u{20e3}"),
            ("🇬🇧", "🇬🇧"),
        ];
        for (source, base) in finery {
            assert_eq!((text(source).as_str(), altered(source)), (base, 0));
        }
    }

    #[test]
    fn r2_finery_with_no_emoji_under_it_is_shown() {
        assert_eq!(text("a🏽"), "a<U+1F3FD>");
        assert_eq!(text("👍🏽🏽"), "👍<U+1F3FD>");
        assert_eq!(text("a\u{fe0f}\u{fe0e}"), "a<U+FE0E>");
        assert_eq!(text("a\u{200d}b"), "a<U+200D>b");
        assert_eq!(
            text("👨\u{200d}👨\u{200d}👨\u{200d}👨\u{200d}👨"),
            "👨<U+200D>👨"
        );
        assert_eq!(text("🏴\u{e0041}"), "🏴<U+E0041>");
    }

    #[test]
    fn r2_a_joiner_that_spells_a_word_is_left_out_and_counted() {
        assert_eq!(text("می\u{200c}خواهم"), "میخواهم");
        assert_eq!(altered("می\u{200c}خواهم"), 1);
    }

    #[test]
    fn r5_a_flood_of_marks_is_three() {
        let flood = format!("e{}!", "\u{301}".repeat(10_000));
        assert_eq!(text(&flood), "e\u{301}\u{301}\u{301}!");
        assert_eq!(altered(&flood), 9_997);
    }

    #[test]
    fn r5_a_mark_has_something_to_sit_on() {
        assert_eq!(
            text("\u{301}a \u{301}\n\u{301}"),
            "◌\u{301}a ◌\u{301}\n◌\u{301}"
        );
        assert_eq!(text("a\u{1161}"), "a◌\u{1161}");
        assert_eq!(text("\u{1112}\u{1161}\u{11ab}"), "\u{1112}\u{1161}\u{11ab}");
    }

    /// R4's half that is ours: alone and between letters, no code point gets through that should not.
    #[test]
    fn r4_every_code_point_comes_out_safe_and_stays_as_it_is() {
        for c in '\0'..=char::MAX {
            for source in [
                c.to_string(),
                format!("a{c}b"),
                format!("e{c}\u{301}"),
                format!("👩{c}🚀"),
            ] {
                for shape in [Shape::Text, Shape::Line] {
                    let (once, altered) = clean(&source, shape);
                    let bad = once
                        .chars()
                        .find(|&c| !is_safe(c) && (c != '\n' || shape == Shape::Line));
                    assert_eq!(bad, None, "{source:?}");
                    assert_eq!(clean(&once, shape), (once.clone(), 0), "{source:?}");
                    assert!(
                        altered > 0 || once.len() >= source.len() || is_finery(c),
                        "{source:?}"
                    );
                }
            }
        }
    }

    fn is_finery(c: char) -> bool {
        matches!(kind(c), Kind::Selector | Kind::SkinTone | Kind::Joiner)
            || (kind(c) == Kind::Break && c != '\n')
    }

    #[test]
    fn the_tables_are_of_the_unicode_version_that_the_widths_are_of() {
        assert_eq!(
            crate::domain::text::hidden::UNICODE_VERSION,
            unicode_width::UNICODE_VERSION
        );
    }

    /// Text made of what the rules are about.
    fn hostile() -> impl Strategy<Value = String> {
        let parts = prop_oneof![
            Just("a"),
            Just(" "),
            Just("\t"),
            Just("\n"),
            Just("\r"),
            Just("\u{1b}"),
            Just("\u{301}"),
            Just("\u{202e}"),
            Just("\u{fe0f}"),
            Just("\u{200d}"),
            Just("\u{200c}"),
            Just("👩"),
            Just("🚀"),
            Just("🏽"),
            Just("🇬"),
            Just("🏴"),
            Just("\u{1112}"),
            Just("\u{1161}"),
            Just("한"),
            Just("\u{e0067}"),
            Just("ش"),
            Just("क"),
            Just("\u{94d}"),
            Just("汉"),
        ];
        prop_oneof![
            prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat()),
            any::<String>()
        ]
    }

    proptest! {
        #[test]
        fn r2_cleaning_twice_changes_nothing(source in hostile()) {
            for shape in [Shape::Text, Shape::Line] {
                let (once, _) = clean(&source, shape);
                prop_assert_eq!(clean(&once, shape), (once.clone(), 0));
            }
        }

        #[test]
        fn two_outputs_together_are_one(a in hostile(), b in hostile()) {
            let both = text(&a) + &text(&b);
            prop_assert_eq!(text(&both), both);
        }

        #[test]
        fn r5_no_cell_is_wider_than_two_columns_or_longer_than_32_bytes(source in hostile()) {
            for (cell, columns) in cells(&text(&source)) {
                prop_assert!((1..=2).contains(&columns) && cell.len() <= 32, "{:?}", cell);
            }
        }
    }
}
