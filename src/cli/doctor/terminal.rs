//! The terminal: whether there is one, how large it is, and what it can do (R15, R16).

use std::io::IsTerminal;

use super::{Exit, Finding};
use crate::{
    cli::console::speaks_utf8,
    console::{
        terminal::{Abilities, Colours},
        view::SMALLEST,
    },
    domain::text::Safe,
    say,
};

pub(super) fn look(variable: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let mut findings = vec![kind(&variable)];
    findings.push(size());
    findings.push(signs(&variable));
    findings.extend(around(&variable));
    findings
}

fn kind(variable: &impl Fn(&str) -> Option<String>) -> Finding {
    let about = "terminal";
    let term = variable("TERM").unwrap_or_default();
    match Abilities::of(variable) {
        Err(no) => Finding::bad(
            about,
            Exit::Usage,
            say!("{no}"),
            Safe::literal(
                "set TERM to what your terminal is (xterm-256color in most), or use the plain verbs",
            ),
        ),
        Ok(can) => {
            let colours = match can.colours {
                Colours::None => "no colours",
                Colours::Sixteen => "16 colours",
                Colours::Indexed => "256 colours",
                Colours::True => "all colours",
            };
            let also = [
                (can.mouse, "mouse"),
                (can.bracketed_paste, "paste"),
                (can.synchronized, "whole frames"),
                (can.osc, "clipboard"),
            ];
            let also: String = also
                .iter()
                .filter(|(can, _)| *can)
                .map(|(_, what)| format!(", {what}"))
                .collect();
            let found = say!("{term}: {colours}{also}");
            if can.bracketed_paste {
                Finding::good(about, found)
            } else {
                Finding::note(
                    about,
                    found,
                    Safe::literal(
                        "paste a few words at a time: this terminal does not say what is pasted, so that a fast paste looks like keys",
                    ),
                )
            }
        }
    }
}

fn size() -> Finding {
    let about = "size";
    let (stdout, stderr, stdin) = (std::io::stdout(), std::io::stderr(), std::io::stdin());
    // The output may go to a file while one looks.
    let size = rustix::termios::tcgetwinsize(&stdout)
        .or_else(|_| rustix::termios::tcgetwinsize(&stderr))
        .or_else(|_| rustix::termios::tcgetwinsize(&stdin));
    let (columns, rows) = SMALLEST;
    match size {
        Ok(size) if size.ws_col < columns || size.ws_row < rows => Finding::bad(
            about,
            Exit::Usage,
            say!("{}x{} is too small", size.ws_col, size.ws_row),
            say!(
                "enlarge it to {columns}x{rows} at least; 80x24 shows list and conversation side by side"
            ),
        ),
        Ok(size) => Finding::good(about, say!("{}x{}", size.ws_col, size.ws_row)),
        Err(_) => Finding::note(
            about,
            match stdin.is_terminal() {
                true => Safe::literal("the terminal does not say how large it is"),
                false => Safe::literal("this is no terminal"),
            },
            Safe::literal("run it in the terminal the console is to run in"),
        ),
    }
}

fn signs(variable: &impl Fn(&str) -> Option<String>) -> Finding {
    let about = "signs";
    if speaks_utf8(variable) {
        Finding::good(about, Safe::literal("UTF-8"))
    } else {
        Finding::note(
            about,
            Safe::literal(
                "the locale is not of UTF-8: signs and lines are drawn in ASCII, other letters as <U+0142>",
            ),
            Safe::literal("export LANG=C.UTF-8, here and where the SSH session begins"),
        )
    }
}

/// What stands between the terminal and us.
fn around(variable: &impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let mut findings = Vec::new();
    if set("TMUX") {
        findings.push(Finding::note(
            "tmux",
            Safe::literal(
                "inside tmux: colours, the mouse and the clipboard are what tmux passes on",
            ),
            Safe::literal(
                "in ~/.tmux.conf: set -s escape-time 20; set -g mouse on; set -s set-clipboard on",
            ),
        ));
    } else if set("STY") {
        findings.push(Finding::note(
            "screen",
            Safe::literal("inside screen: no clipboard, no marked paste"),
            Safe::literal("tmux passes more on, if you can choose"),
        ));
    }
    if set("NO_COLOR") {
        findings.push(Finding::good(
            "colours",
            Safe::literal("NO_COLOR is set: none are used, signs and words say the same"),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{super::State, *};

    fn of(variables: &'static [(&str, &str)]) -> Vec<(State, String)> {
        let variable = move |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let [kind, signs] = [kind(&variable), signs(&variable)];
        let all = [kind, signs].into_iter().chain(around(&variable));
        all.map(|finding| (finding.state, finding.said().as_str().to_owned()))
            .collect()
    }

    #[test]
    fn r16_a_good_terminal_is_good_and_a_poor_one_says_what_it_lacks() {
        let good = of(&[("TERM", "xterm-256color"), ("LANG", "en_GB.UTF-8")]);
        assert!(good.iter().all(|(state, _)| *state == State::Good));
        assert!(good[0].1.contains("256 colours, mouse, paste"), "{good:?}");

        let dumb = of(&[("TERM", "dumb"), ("LANG", "C")]);
        assert_eq!(dumb[0].0, State::Bad(Exit::Usage));
        assert!(dumb[0].1.contains("plain verbs"));
        assert_eq!(dumb[1].0, State::Note);
        assert!(dumb[1].1.contains("LANG=C.UTF-8"));

        let poor = of(&[("TERM", "vt100"), ("TMUX", "x")]);
        assert_eq!(poor[0].0, State::Note);
        assert!(poor[2].1.contains("escape-time"));
    }
}
