//! What the terminal can do, from its name alone: nothing is asked of it (R16).
//!
//! A small table instead of terminfo, which is absent on half the hosts and knows nothing of synchronized updates.
//! A terminal that is not in the table gets what every terminal since the VT100 understands.

use std::io::IsTerminal;

/// How many colours a cell may be painted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colours {
    /// None at all: `NO_COLOR`, or a terminal without colour. Bold and reversed stay.
    None,
    /// The sixteen named ones.
    Sixteen,
    /// The sixteen, the cube and the greys.
    Indexed,
    /// Any.
    True,
}

/// What may be sent to this terminal. Whatever is `false` here is never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// How many colours.
    pub colours: Colours,
    /// A second screen, so that leaving gives back what was there.
    pub alternate_screen: bool,
    /// The cursor can be hidden.
    pub cursor_hiding: bool,
    /// A line can be kept from going on in the next: `CSI ? 7`.
    pub unwrapped: bool,
    /// A paste comes marked as one.
    pub bracketed_paste: bool,
    /// Mouse reports in the SGR form. Switch it off to let the terminal itself select text.
    pub mouse: bool,
    /// A frame can be shown at once: `CSI ? 2026`.
    pub synchronized: bool,
    /// `CSI X`, `CSI G`, `CSI d`, and attributes can be switched off one by one: all that came after the VT100.
    pub modern: bool,
    /// What matters less can be written faint: SGR 2.
    pub faint: bool,
    /// `CSI L` and `CSI M` within a scroll region.
    pub scrolling: bool,
    /// A row that changes is written anew from its first column, for whoever hears what is written.
    pub whole_rows: bool,
    /// Desktop notices and the clipboard can be set by OSC sequences; others would print them.
    pub osc: bool,
}

/// Why there can be no console here; the plain verbs still work (R16, exit 64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoConsole {
    /// Standard input or output is a file or a pipe.
    #[error("standard input and output are not a terminal")]
    NotATerminal,
    /// `TERM` is `dumb`, empty or not set.
    #[error("this terminal cannot place text (TERM is dumb or not set)")]
    Dumb,
}

const VT100: Abilities = Abilities {
    colours: Colours::None,
    alternate_screen: false,
    cursor_hiding: false,
    unwrapped: true,
    bracketed_paste: false,
    mouse: false,
    synchronized: false,
    modern: false,
    faint: false,
    scrolling: false,
    whole_rows: false,
    osc: false,
};

const ANSI: Abilities = Abilities {
    unwrapped: false,
    ..VT100
};

const LINUX: Abilities = Abilities {
    colours: Colours::Sixteen,
    cursor_hiding: true,
    modern: true,
    faint: true,
    ..VT100
};

const SCREEN: Abilities = Abilities {
    alternate_screen: true,
    scrolling: true,
    ..LINUX
};

const XTERM: Abilities = Abilities {
    bracketed_paste: true,
    mouse: true,
    osc: true,
    ..SCREEN
};

const RXVT: Abilities = Abilities {
    faint: false,
    ..XTERM
};

const NEW: Abilities = Abilities {
    colours: Colours::True,
    synchronized: true,
    ..XTERM
};

/// By the beginning of `TERM`, the first that fits.
const BY_TERM: &[(&str, Abilities)] = &[
    ("xterm-kitty", NEW),
    ("xterm-ghostty", NEW),
    ("alacritty", NEW),
    ("ansi", ANSI),
    ("contour", NEW),
    ("foot", NEW),
    ("ghostty", NEW),
    ("kitty", NEW),
    ("wezterm", NEW),
    ("konsole", XTERM),
    ("mintty", XTERM),
    ("rxvt", RXVT),
    ("st-", XTERM),
    ("tmux", XTERM),
    ("vte", XTERM),
    ("xterm", XTERM),
    ("screen", SCREEN),
    ("linux", LINUX),
];

/// Terminals that call themselves `xterm` and say more in `TERM_PROGRAM`.
const NEW_PROGRAMS: &[&str] = &["WezTerm", "iTerm.app", "ghostty"];

impl Abilities {
    /// What the terminal behind standard input and output can do.
    ///
    /// # Errors
    /// [`NoConsole`], which is a hint to the plain verbs.
    pub fn of_environment() -> Result<Self, NoConsole> {
        if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
            return Err(NoConsole::NotATerminal);
        }
        Self::of(|name| std::env::var(name).ok())
    }

    /// What a terminal can do that is described by these environment variables: `TERM`, `TERM_PROGRAM`, `TMUX`,
    /// `COLORTERM` and `NO_COLOR`.
    ///
    /// # Errors
    /// [`NoConsole::Dumb`].
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Self, NoConsole> {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM")
            .filter(|term| term != "dumb")
            .ok_or(NoConsole::Dumb)?;
        let known = BY_TERM
            .iter()
            .find(|(start, _)| term.starts_with(start))
            .map_or(VT100, |(_, known)| *known);
        let mut abilities = match (set("TMUX"), set("TERM_PROGRAM")) {
            // tmux calls itself `screen` where its own description is not installed.
            (Some(_), _) if known == SCREEN => XTERM,
            // What is in front of tmux is not what tmux passes on.
            (None, Some(program)) if known == XTERM && NEW_PROGRAMS.contains(&program.as_str()) => {
                NEW
            }
            _ => known,
        };
        let plain = set("NO_COLOR").is_some() || term.ends_with("-m") || term.ends_with("-mono");
        let all = term.ends_with("-direct")
            || set("COLORTERM").is_some_and(|c| c == "truecolor" || c == "24bit");
        abilities.colours = match abilities.colours {
            _ if plain => Colours::None,
            Colours::None => Colours::None,
            _ if all => Colours::True,
            some if term.contains("256color") => some.max(Colours::Indexed),
            some => some,
        };
        Ok(abilities)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Abilities, NoConsole> {
        Abilities::of(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn r16_a_dumb_terminal_gets_a_hint_instead() {
        assert_eq!(of(&[("TERM", "dumb")]), Err(NoConsole::Dumb));
        assert_eq!(of(&[("TERM", "")]), Err(NoConsole::Dumb));
        assert_eq!(of(&[]), Err(NoConsole::Dumb));
    }

    #[test]
    fn r16_no_sequence_the_terminal_lacks() {
        assert_eq!(of(&[("TERM", "vt100")]), Ok(VT100));
        assert_eq!(of(&[("TERM", "never-heard-of")]), Ok(VT100));
        let linux = of(&[("TERM", "linux")]).unwrap();
        assert!(
            !linux.alternate_screen && !linux.bracketed_paste && !linux.mouse && !linux.scrolling
        );
        let screen = of(&[("TERM", "screen")]).unwrap();
        assert!(
            screen.alternate_screen
                && !screen.bracketed_paste
                && !screen.mouse
                && !screen.synchronized
        );
        assert!(!of(&[("TERM", "xterm")]).unwrap().synchronized);
    }

    #[test]
    fn r16_colours_are_as_many_as_promised_and_none_if_so_wished() {
        let colours = |variables: &[_]| of(variables).unwrap().colours;
        assert_eq!(colours(&[("TERM", "xterm")]), Colours::Sixteen);
        assert_eq!(colours(&[("TERM", "xterm-256color")]), Colours::Indexed);
        assert_eq!(
            colours(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
            Colours::True
        );
        assert_eq!(colours(&[("TERM", "xterm-kitty")]), Colours::True);
        assert_eq!(
            colours(&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")]),
            Colours::None
        );
        assert_eq!(
            colours(&[("TERM", "vt100"), ("COLORTERM", "truecolor")]),
            Colours::None
        );
    }

    #[test]
    fn tmux_is_known_by_its_variable_and_hides_what_is_in_front_of_it() {
        assert!(
            of(&[("TERM", "screen"), ("TMUX", "/tmp/x")])
                .unwrap()
                .bracketed_paste
        );
        assert!(
            of(&[("TERM", "xterm"), ("TERM_PROGRAM", "WezTerm")])
                .unwrap()
                .synchronized
        );
        assert!(
            !of(&[("TERM", "tmux"), ("TMUX", "x"), ("TERM_PROGRAM", "WezTerm")])
                .unwrap()
                .synchronized
        );
    }
}
