//! Roles of colour, and signs: what is said twice, once for the eye that sees colours and once for the one
//! that does not (L2).
//!
//! The view names roles, never colours. A theme gives each role one style for the terminal at hand. The
//! background is always the terminal's own, so that a reader's choice of paper is respected and an erased
//! row costs nothing.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text is, as far as its looks go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// What is read: messages, names, labels.
    Text,
    /// What is there when looked for: times, channels, hints.
    Dim,
    /// What is looked for first: who waits.
    Strong,
    /// What leads on: a key, the active view.
    Accent,
    /// A customer waits for us (orange).
    Unanswered,
    /// Answered, and it just entered its queue (blue).
    JustIn,
    /// One should look at it.
    Warning,
    /// It did not go as meant.
    Error,
    /// Marked by the advisor.
    Mark,
    /// Where the cursor is.
    Cursor,
    /// Where the cursor is in the pane that does not have the keys.
    CursorAside,
    /// Lines between things.
    Border,
    /// What the team wrote to the customer.
    Ours,
    /// The active view's tab.
    TabActive,
    /// The row of a menu the cursor is on.
    MenuCursor,
    /// It was done.
    Done,
}

/// How much a terminal can show, or how much its reader wants of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// Any colour.
    True,
    /// The 256 indexed ones.
    Indexed,
    /// The sixteen named ones, as the reader's terminal defines them.
    #[default]
    Sixteen,
    /// No colour at all (`NO_COLOR`): bold, dim, reversed and underlined only.
    Plain,
}

impl Palette {
    /// Every palette.
    pub const ALL: [Self; 4] = [Self::True, Self::Indexed, Self::Sixteen, Self::Plain];
}

/// For which paper the colours are, and which eyes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// For dark paper.
    #[default]
    Dark,
    /// For light paper.
    Light,
    /// Bright ones on dark paper, nothing dimmed.
    HighContrast,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::HighContrast];
}

/// A style for each role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    scheme: Scheme,
    palette: Palette,
}

impl Theme {
    /// The dark theme in a palette.
    #[must_use]
    pub fn new(palette: Palette) -> Self {
        Self::of(Scheme::Dark, palette)
    }

    /// A theme in a palette.
    #[must_use]
    pub fn of(scheme: Scheme, palette: Palette) -> Self {
        Self { scheme, palette }
    }

    /// How a role looks.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        let ink = ink(self.scheme, role);
        let (lit, plain) = weight(role);
        let (colour, modifier) = match self.palette {
            Palette::True => (ink.rgb.map(|(r, g, b)| Color::Rgb(r, g, b)), lit),
            Palette::Indexed => (ink.indexed.map(Color::Indexed), lit),
            Palette::Sixteen => (ink.named, lit),
            Palette::Plain => (None, plain),
        };
        Style {
            fg: colour,
            add_modifier: modifier,
            ..Style::new()
        }
    }
}

/// One role's colour in every palette; none is the terminal's own.
#[derive(Clone, Copy)]
struct Ink {
    rgb: Option<(u8, u8, u8)>,
    indexed: Option<u8>,
    named: Option<Color>,
}

/// The terminal's own ink.
const OWN: Ink = Ink {
    rgb: None,
    indexed: None,
    named: None,
};

const fn of(rgb: u32, indexed: u8, named: Color) -> Ink {
    let [_, r, g, b] = rgb.to_be_bytes();
    Ink {
        rgb: Some((r, g, b)),
        indexed: Some(indexed),
        named: Some(named),
    }
}

fn ink(scheme: Scheme, role: Role) -> Ink {
    match scheme {
        Scheme::Dark => dark(role),
        Scheme::Light => light(role),
        Scheme::HighContrast => bright(role),
    }
}

#[rustfmt::skip]
fn dark(role: Role) -> Ink {
    use Color as C;
    match role {
        Role::Text | Role::Strong => OWN,
        Role::Dim         => of(0x8b93a1, 246, C::DarkGray),
        Role::Accent | Role::Cursor | Role::TabActive | Role::MenuCursor => of(0x7fc8c2, 116, C::Cyan),
        Role::Unanswered  => of(0xf0a35e, 215, C::Yellow),
        Role::JustIn      => of(0x6fb1f5, 75, C::LightBlue),
        Role::Warning     => of(0xe8c86a, 221, C::LightYellow),
        Role::Error       => of(0xf27d7d, 210, C::LightRed),
        Role::Mark        => of(0xc9a7f2, 183, C::LightMagenta),
        Role::CursorAside => of(0x69748a, 243, C::DarkGray),
        Role::Border      => of(0x4a5260, 239, C::DarkGray),
        Role::Ours        => Ink { named: None, ..of(0xb4c8e4, 152, C::White) },
        Role::Done        => of(0x8fcb8f, 114, C::Green),
    }
}

#[rustfmt::skip]
fn light(role: Role) -> Ink {
    use Color as C;
    match role {
        Role::Text | Role::Strong => OWN,
        Role::Dim         => of(0x5c6470, 241, C::DarkGray),
        Role::Accent | Role::Cursor | Role::TabActive | Role::MenuCursor => of(0x00666b, 23, C::Blue),
        Role::Unanswered  => of(0x9a4a00, 94, C::Red),
        Role::JustIn      => of(0x0b57b0, 25, C::Blue),
        Role::Warning     => of(0x7d5200, 94, C::Magenta),
        Role::Error       => of(0xb3161f, 124, C::Red),
        Role::Mark        => of(0x6f35b5, 55, C::Magenta),
        Role::CursorAside => of(0x7d8592, 244, C::DarkGray),
        Role::Border      => of(0xaab0ba, 250, C::Gray),
        Role::Ours        => Ink { named: None, ..of(0x2f4a73, 24, C::Black) },
        Role::Done        => of(0x1d6b2f, 22, C::Green),
    }
}

#[rustfmt::skip]
fn bright(role: Role) -> Ink {
    use Color as C;
    match role {
        Role::Text | Role::Strong => of(0xffffff, 231, C::White),
        Role::Dim | Role::CursorAside => of(0xd8dce4, 253, C::Gray),
        Role::Accent | Role::TabActive | Role::MenuCursor => of(0x7df9ff, 123, C::LightCyan),
        Role::Unanswered  => of(0xffc04d, 221, C::LightYellow),
        Role::JustIn      => of(0x8cc8ff, 117, C::LightCyan),
        Role::Warning     => of(0xffe14d, 227, C::LightYellow),
        Role::Error       => of(0xff9d9d, 217, C::LightRed),
        Role::Mark        => of(0xe5c7ff, 189, C::LightMagenta),
        Role::Cursor      => of(0xffffff, 231, C::White),
        Role::Border      => of(0xb8bec9, 250, C::White),
        Role::Ours        => of(0xd6e6ff, 189, C::White),
        Role::Done        => of(0xa6f5a6, 157, C::LightGreen),
    }
}

/// What a role has beside its colour, and what instead of one.
fn weight(role: Role) -> (Modifier, Modifier) {
    const NONE: Modifier = Modifier::empty();
    const BOLD: Modifier = Modifier::BOLD;
    const DIM: Modifier = Modifier::DIM;
    match role {
        Role::Text | Role::Accent | Role::JustIn | Role::Ours | Role::Done => (NONE, NONE),
        Role::Dim | Role::CursorAside | Role::Border => (NONE, DIM),
        Role::Unanswered | Role::Warning => (NONE, BOLD),
        Role::Strong | Role::Error | Role::Mark | Role::Cursor => (BOLD, BOLD),
        Role::TabActive | Role::MenuCursor => (BOLD, BOLD),
    }
}

macro_rules! signs {
    ($($(#[$doc:meta])* $name:ident $unicode:literal $ascii:literal)*) => {
        /// A sign one column wide, in Unicode and in ASCII.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Sign { $($(#[$doc])* $name),* }

        impl Sign {
            /// Every sign.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The sign as it is drawn.
            #[must_use]
            pub fn glyph(self, ascii: bool) -> &'static str {
                match (self, ascii) { $((Self::$name, false) => $unicode, (Self::$name, true) => $ascii),* }
            }
        }
    };
}

signs! {
    /// Unanswered, and it just entered its queue.
    UnansweredJustIn "◆" "!"
    /// Unanswered.
    Unanswered "●" "*"
    /// Answered, and it just entered its queue.
    AnsweredJustIn "◇" "+"
    /// The cursor is on this row.
    Cursor "▌" ">"
    /// The advisor marked it.
    Marked "x" "x"
    /// One should look at it.
    Look "!" "!"
    /// It was done.
    Done "✓" "+"
    /// It was not done.
    Undone "✗" "-"
    /// Something opens downwards, or goes on there.
    Down "▾" "v"
    /// Something can be opened.
    Shut "▸" "+"
    /// Something rises from here.
    Up "▴" "^"
    /// The three dots.
    Dots "⋮" ":"
    /// Something was left out.
    More "…" "~"
    /// A line from left to right.
    Across "─" "-"
    /// A line from top to bottom.
    Along "│" "|"
    /// A corner of a box.
    TopLeft "╭" "+"
    /// A corner of a box.
    TopRight "╮" "+"
    /// A corner of a box.
    BottomLeft "╰" "+"
    /// A corner of a box.
    BottomRight "╯" "+"
    /// A line from left to right, of a box that must not be taken for another.
    DoubleAcross "═" "="
    /// A line from top to bottom, of such a box.
    DoubleAlong "║" "#"
    /// A corner of such a box.
    DoubleTopLeft "╔" "#"
    /// A corner of such a box.
    DoubleTopRight "╗" "#"
    /// A corner of such a box.
    DoubleBottomLeft "╚" "#"
    /// A corner of such a box.
    DoubleBottomRight "╝" "#"
    /// A line that begins at a line from top to bottom.
    Begins "├" "+"
    /// A line that ends at one.
    Ends "┤" "+"
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 16] = [
        Role::Text,
        Role::Dim,
        Role::Strong,
        Role::Accent,
        Role::Unanswered,
        Role::JustIn,
        Role::Warning,
        Role::Error,
        Role::Mark,
        Role::Cursor,
        Role::CursorAside,
        Role::Border,
        Role::Ours,
        Role::TabActive,
        Role::MenuCursor,
        Role::Done,
    ];

    #[test]
    fn signs_take_one_column_and_have_an_ascii_form() {
        for sign in Sign::ALL {
            assert_eq!(crate::domain::text::width(sign.glyph(false)), 1, "{sign:?}");
            let ascii = sign.glyph(true);
            assert!(ascii.is_ascii() && ascii.len() == 1, "{sign:?}");
        }
    }

    #[test]
    fn l2_the_signs_of_the_groups_differ_in_ascii_too() {
        let signs = [
            Sign::UnansweredJustIn,
            Sign::Unanswered,
            Sign::AnsweredJustIn,
        ];
        for ascii in [false, true] {
            let glyphs: std::collections::HashSet<_> =
                signs.iter().map(|s| s.glyph(ascii)).collect();
            assert_eq!(glyphs.len(), signs.len());
        }
    }

    #[test]
    fn r16_without_colour_no_role_has_one() {
        for (scheme, role) in Scheme::ALL
            .iter()
            .flat_map(|s| ROLES.map(|role| (*s, role)))
        {
            let style = Theme::of(scheme, Palette::Plain).style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    fn light_of((r, g, b): (u8, u8, u8)) -> f64 {
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            match c <= 0.03928 {
                true => c / 12.92,
                false => ((c + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    fn contrast(ink: (u8, u8, u8), paper: (u8, u8, u8)) -> f64 {
        let (ink, paper) = (light_of(ink), light_of(paper));
        (ink.max(paper) + 0.05) / (ink.min(paper) + 0.05)
    }

    /// The colour every terminal gives to one of the 240 indexed ones that are the same everywhere.
    fn cube(index: u8) -> (u8, u8, u8) {
        const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
        let grey = 8 + 10 * index.saturating_sub(232);
        match index {
            16..=231 => {
                let at = |of: u8| STEPS[usize::from((index - 16) / of % 6)];
                (at(36), at(6), at(1))
            }
            232.. => (grey, grey, grey),
            _ => panic!("{index} is what the reader makes of it"),
        }
    }

    /// WCAG asks for 4.5 between text and paper, 3 for signs, and 7 where contrast is wished for. The papers are black
    /// and a usual dark grey, white and a usual cream.
    #[test]
    fn every_text_can_be_read_on_its_paper() {
        const DARK: [(u8, u8, u8); 2] = [(0, 0, 0), (0x1e, 0x1e, 0x1e)];
        const LIGHT: [(u8, u8, u8); 2] = [(0xff, 0xff, 0xff), (0xfa, 0xf6, 0xea)];
        for (scheme, papers, least) in [
            (Scheme::Dark, DARK, 4.5),
            (Scheme::Light, LIGHT, 4.5),
            (Scheme::HighContrast, DARK, 7.0),
        ] {
            for role in ROLES.into_iter().filter(|role| *role != Role::Border) {
                let least = match role {
                    Role::CursorAside => 3.0,
                    _ => least,
                };
                let ink = ink(scheme, role);
                for rgb in ink.rgb.into_iter().chain(ink.indexed.map(cube)) {
                    for paper in papers {
                        let contrast = contrast(rgb, paper);
                        assert!(
                            contrast >= least,
                            "{scheme:?} {role:?}: {rgb:x?} has {contrast:.1}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn where_contrast_is_wished_for_nothing_is_dimmed() {
        for (palette, role) in Palette::ALL[..3]
            .iter()
            .flat_map(|p| ROLES.map(|role| (*p, role)))
        {
            let style = Theme::of(Scheme::HighContrast, palette).style(role);
            assert!(!style.add_modifier.contains(Modifier::DIM), "{role:?}");
        }
    }
}
