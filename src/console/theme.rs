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
    /// A search looked for it.
    Found,
}

/// How much a terminal can show, or how much its reader wants of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// The bright ones of the sixteen, nothing dimmed.
    HighContrast,
}

impl Palette {
    /// Every palette.
    pub const ALL: [Self; 5] = [
        Self::True,
        Self::Indexed,
        Self::Sixteen,
        Self::Plain,
        Self::HighContrast,
    ];
}

/// A style for each role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    palette: Palette,
}

impl Theme {
    /// The dark theme in a palette.
    #[must_use]
    pub fn new(palette: Palette) -> Self {
        Self { palette }
    }

    /// How a role looks.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        let look = look(role);
        let (colour, modifier) = match self.palette {
            Palette::True => (look.rgb.map(|(r, g, b)| Color::Rgb(r, g, b)), look.lit),
            Palette::Indexed => (look.indexed.map(Color::Indexed), look.lit),
            Palette::Sixteen => (look.named, look.lit),
            Palette::Plain => (None, look.plain),
            Palette::HighContrast => (Some(look.bright), look.lit),
        };
        Style {
            fg: colour,
            add_modifier: modifier,
            ..Style::new()
        }
    }
}

/// One role in every palette.
struct Look {
    rgb: Option<(u8, u8, u8)>,
    indexed: Option<u8>,
    named: Option<Color>,
    bright: Color,
    /// Beside a colour.
    lit: Modifier,
    /// Instead of one.
    plain: Modifier,
}

#[rustfmt::skip]
fn look(role: Role) -> Look {
    use Color as C;
    const NONE: Modifier = Modifier::empty();
    const BOLD: Modifier = Modifier::BOLD;
    const DIM: Modifier = Modifier::DIM;
    let row = |rgb, indexed, named, bright, lit, plain| Look { rgb, indexed, named, bright, lit, plain };
    match role {
        Role::Text        => row(None, None, None, C::White, NONE, NONE),
        Role::Dim         => row(Some((0x8b, 0x93, 0xa1)), Some(246), Some(C::DarkGray), C::Gray, NONE, DIM),
        Role::Strong      => row(None, None, None, C::White, BOLD, BOLD),
        Role::Accent      => row(Some((0x7f, 0xc8, 0xc2)), Some(116), Some(C::Cyan), C::LightCyan, NONE, NONE),
        Role::Unanswered  => row(Some((0xf0, 0xa3, 0x5e)), Some(215), Some(C::Yellow), C::LightYellow, NONE, BOLD),
        Role::JustIn      => row(Some((0x6f, 0xb1, 0xf5)), Some(75), Some(C::LightBlue), C::LightCyan, NONE, NONE),
        Role::Warning     => row(Some((0xe8, 0xc8, 0x6a)), Some(221), Some(C::LightYellow), C::LightYellow, NONE, BOLD),
        Role::Error       => row(Some((0xf2, 0x7d, 0x7d)), Some(210), Some(C::LightRed), C::LightRed, BOLD, BOLD),
        Role::Mark        => row(Some((0xc9, 0xa7, 0xf2)), Some(183), Some(C::LightMagenta), C::LightMagenta, BOLD, BOLD),
        Role::Cursor      => row(Some((0x7f, 0xc8, 0xc2)), Some(116), Some(C::Cyan), C::White, BOLD, BOLD),
        Role::CursorAside => row(Some((0x5c, 0x66, 0x75)), Some(241), Some(C::DarkGray), C::Gray, NONE, DIM),
        Role::Border      => row(Some((0x4a, 0x52, 0x60)), Some(239), Some(C::DarkGray), C::White, NONE, DIM),
        Role::Ours        => row(Some((0xb4, 0xc8, 0xe4)), Some(152), None, C::White, NONE, NONE),
        Role::TabActive   => row(Some((0x7f, 0xc8, 0xc2)), Some(116), Some(C::Cyan), C::LightCyan, BOLD, BOLD),
        Role::MenuCursor  => row(Some((0x7f, 0xc8, 0xc2)), Some(116), Some(C::Cyan), C::LightCyan, BOLD, BOLD),
        Role::Done        => row(Some((0x8f, 0xcb, 0x8f)), Some(114), Some(C::Green), C::LightGreen, NONE, NONE),
        Role::Found       => row(Some((0xe8, 0xc8, 0x6a)), Some(221), Some(C::LightYellow), C::LightYellow, BOLD, BOLD.union(Modifier::UNDERLINED)),
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
        for role in ROLES {
            let style = Theme::new(Palette::Plain).style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    /// WCAG asks for 4.5 between text and paper, 3 for lines; black and a usual dark grey are the papers.
    #[test]
    fn every_text_can_be_read_on_dark_paper() {
        let light = |(r, g, b): (u8, u8, u8)| {
            let part = |c: u8| {
                let c = f64::from(c) / 255.0;
                if c <= 0.03928 {
                    c / 12.92
                } else {
                    ((c + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
        };
        for role in ROLES
            .into_iter()
            .filter(|r| !matches!(r, Role::Border | Role::CursorAside))
        {
            let Some(ink) = look(role).rgb else { continue };
            for paper in [(0, 0, 0), (0x1e, 0x1e, 0x1e)] {
                let contrast = (light(ink) + 0.05) / (light(paper) + 0.05);
                assert!(contrast >= 4.5, "{role:?} has {contrast:.1}");
            }
        }
    }
}
