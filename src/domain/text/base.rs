//! The character that marks, selectors, skin tones and joiners belong to, and how much of them it takes (R5).

use super::character::{DOTTED_CIRCLE, carries, is_joining_script, is_pictograph};
use super::width::MARKS;

/// Emoji joined to the first of a sequence; the longest that people send, a family, has three.
const JOINED: u8 = 3;

/// The flags of England, Scotland and Wales are a black flag and these tags.
const HOME_NATIONS: [&str; 3] = [
    "\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// A shown character and what it has been given so far.
pub(super) struct Base {
    char: char,
    marks: usize,
    joined: u8,
    selected: bool,
    toned: bool,
}

/// What becomes of a mark.
pub(super) enum Mark {
    /// It is drawn over the base.
    Kept,
    /// The base has enough of them.
    TooMany,
    /// The base is none for this mark.
    Homeless,
}

/// What becomes of a joiner and the character after it.
pub(super) enum Joint {
    /// Both are part of an emoji, for which the base stands.
    Emoji,
    /// The joiner is part of a word's spelling, and has no shape.
    Spelling,
    /// There is nothing to join.
    None,
}

impl Base {
    pub(super) fn new(char: char) -> Self {
        Base {
            char,
            marks: 0,
            joined: 0,
            selected: false,
            toned: false,
        }
    }

    /// A dotted circle, on which a homeless mark is shown.
    pub(super) fn of_one_mark() -> Self {
        Base {
            marks: 1,
            ..Base::new(DOTTED_CIRCLE)
        }
    }

    pub(super) fn mark(&mut self, mark: char) -> Mark {
        if !carries(self.char, mark) {
            return Mark::Homeless;
        }
        if self.marks == MARKS {
            return Mark::TooMany;
        }
        self.marks += 1;
        Mark::Kept
    }

    /// Is a variation selector its finery? Only the first: more of them carry hidden data.
    pub(super) fn select(&mut self) -> bool {
        !std::mem::replace(&mut self.selected, true)
    }

    /// Is a skin tone its finery? Only the first, and only an emoji's.
    pub(super) fn tone(&mut self) -> bool {
        is_pictograph(self.char) && !std::mem::replace(&mut self.toned, true)
    }

    pub(super) fn join(&mut self, joiner: char, next: char) -> Joint {
        let emoji = joiner == '\u{200d}' && is_pictograph(self.char) && is_pictograph(next);
        if emoji && self.joined < JOINED {
            self.joined += 1;
            self.selected = false;
            self.toned = false;
            Joint::Emoji
        } else if is_joining_script(self.char) && is_joining_script(next) {
            Joint::Spelling
        } else {
            Joint::None
        }
    }
}

/// What follows a flag `c` after the tags that make it a home nation's.
pub(super) fn after_home_nation(c: char, rest: &str) -> &str {
    let tags = HOME_NATIONS.iter().filter(|_| c == '\u{1f3f4}');
    tags.filter_map(|tags| rest.strip_prefix(tags))
        .next()
        .unwrap_or(rest)
}
