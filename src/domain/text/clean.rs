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

use super::base::{Base, Joint, Mark, after_home_nation};
use super::character::{DOTTED_CIRCLE, Kind, kind};
use super::width::{BREAK_SIGN, width};

const TAB: usize = 4;

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

impl Cleaning {
    /// Copies `run` bytes of printable ASCII; returns what is left.
    fn copy<'a>(&mut self, rest: &'a str, run: usize) -> &'a str {
        let (plain, rest) = rest.split_at(run);
        self.out.push_str(plain);
        self.base = plain
            .chars()
            .next_back()
            .filter(|&c| c != ' ')
            .map(Base::new);
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
            Kind::Selector if self.base.as_mut().is_some_and(Base::select) => {}
            Kind::SkinTone if self.base.as_mut().is_some_and(Base::tone) => {}
            Kind::Selector | Kind::SkinTone | Kind::Hidden => self.code(c),
            Kind::Joiner => return self.join(c, rest),
        }
        rest
    }

    fn show<'a>(&mut self, c: char, rest: &'a str) -> &'a str {
        self.out.push(c);
        self.base = (!c.is_whitespace()).then(|| Base::new(c));
        after_home_nation(c, rest)
    }

    fn mark(&mut self, mark: char) {
        let fate = self
            .base
            .as_mut()
            .map_or(Mark::Homeless, |base| base.mark(mark));
        match fate {
            Mark::Kept => self.out.push(mark),
            Mark::TooMany => self.altered += 1,
            Mark::Homeless => {
                self.base = Some(Base::of_one_mark());
                self.out.extend([DOTTED_CIRCLE, mark]);
                self.altered += 1;
            }
        }
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

    fn join<'a>(&mut self, joiner: char, rest: &'a str) -> &'a str {
        let mut after = rest.chars();
        let joint = match (&mut self.base, after.next()) {
            (Some(base), Some(next)) => base.join(joiner, next),
            _ => Joint::None,
        };
        match joint {
            Joint::Emoji => return after.as_str(),
            Joint::Spelling => self.altered += 1,
            Joint::None => self.code(joiner),
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
    use super::*;

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
        assert_eq!(text("\u{a0}\u{301}"), "\u{a0}◌\u{301}");
        assert_eq!(text("a\u{1161}"), "a◌\u{1161}");
        assert_eq!(text("\u{1112}\u{1161}\u{11ab}"), "\u{1112}\u{1161}\u{11ab}");
    }

    /// R4's half that is ours: no code point gets through that should not, at the start, under a mark, or amid letters.
    #[test]
    fn r4_every_code_point_comes_out_safe_and_stays_as_it_is() {
        let mut points = '\0'..=char::MAX;
        loop {
            let some: Vec<char> = points.by_ref().take(4_096).collect();
            let Some(&first) = some.first() else { break };
            let source: String = some.iter().map(|c| format!("{c}\u{301}\na{c}b")).collect();
            let (once, _) = clean(&source, Shape::Text);
            let bad = once
                .split(|c| matches!(c, ' '..='~' | '\n'))
                .flat_map(str::chars)
                .find(|&c| !is_safe(c));
            assert_eq!(bad, None, "after {first:?}");
            assert!(clean(&once, Shape::Text) == (once, 0), "after {first:?}");
        }
    }

    #[test]
    fn r4_a_line_has_no_break() {
        for c in ('\0'..='\u{3000}')
            .filter(|&c| matches!(kind(c), Kind::Break | Kind::Tab | Kind::Control))
        {
            assert!(line(&format!("{c}a{c}b{c}")).chars().all(is_safe), "{c:?}");
        }
    }

    /// What is not shown as it is was counted, or stands for itself in another way.
    #[test]
    fn r2_nothing_goes_silently_but_finery() {
        for c in ('\0'..=char::MAX).filter(|&c| !matches!(kind(c), Kind::Break | Kind::Tab)) {
            let (out, altered) = clean(&format!("a{c}b"), Shape::Text);
            let kept = out.chars().eq(['a', c, 'b']);
            assert!(
                kept == (altered == 0) || kind(c) == Kind::Selector,
                "{c:?} {out:?}"
            );
        }
    }

    #[test]
    fn the_tables_are_of_the_unicode_version_that_the_widths_are_of() {
        assert_eq!(
            crate::domain::text::hidden::UNICODE_VERSION,
            unicode_width::UNICODE_VERSION
        );
    }
}
