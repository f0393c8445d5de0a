//! `handback doctor`: what a console needs here, whether it is there, and what to do about what is not.
//!
//! Looks and changes nothing: [`terminal`] the terminal · [`account`] this account's folders and settings · [`desk`] the
//! desk, from its address to its clock. Each says [`Finding`]s; nothing that is a secret, or a customer's, is looked at.

mod account;
mod desk;
mod terminal;

use super::{Exit, Failure, Global, Outcome, print::Out};
use crate::{domain::text::Safe, say};

/// Look at everything a console needs here, and say what to do about what is missing
///
/// Changes nothing. Ends with 0 if a console works here, else with the status of what is worst.
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    /// For a ticket: with the versions and the environment, without secrets, names of people or your home folder
    #[arg(long)]
    report: bool,
}

/// Something that was looked at.
struct Finding {
    /// How it is.
    state: State,
    /// What was looked at, in one word.
    about: &'static str,
    /// What was found.
    what: Safe,
    /// What to do about it.
    todo: Option<Safe>,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// As it should be.
    Good,
    /// It works; better is possible.
    Note,
    /// A console does not work here, or not safely; what a verb ends with because of it.
    Bad(Exit),
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Note => "note",
            Self::Bad(_) => "BAD",
        }
    }
}

impl Finding {
    fn good(about: &'static str, what: Safe) -> Self {
        Self {
            state: State::Good,
            about,
            what,
            todo: None,
        }
    }

    fn note(about: &'static str, what: Safe, todo: Safe) -> Self {
        Self {
            state: State::Note,
            about,
            what,
            todo: Some(todo),
        }
    }

    fn bad(about: &'static str, exit: Exit, what: Safe, todo: Safe) -> Self {
        Self {
            state: State::Bad(exit),
            about,
            what,
            todo: Some(todo),
        }
    }

    /// What a verb would fail with; it says itself what to do.
    fn failed(about: &'static str, failure: Failure) -> Self {
        Self {
            state: State::Bad(failure.exit),
            about,
            what: failure.why,
            todo: None,
        }
    }

    /// As two lines at most, or more where what was found takes more.
    fn said(&self) -> Safe {
        let columns = 10;
        let (mut state, mut about) = (self.state.word(), self.about);
        let mut lines = Vec::new();
        for line in self.what.as_str().lines() {
            lines.push(say!("{state:<5} {about:<columns$}{line}"));
            (state, about) = ("", "");
        }
        if let Some(todo) = &self.todo {
            lines.push(say!("{:<5} {:columns$}do: {todo}", "", ""));
        }
        Safe::join(&Safe::text("\n"), lines.iter())
    }
}

pub(super) async fn run(global: &Global, verb: &Doctor) -> Outcome {
    let variable = |name: &str| std::env::var(name).ok();
    let mut findings = terminal::look(variable);
    findings.extend(account::look());
    findings.extend(desk::look(global).await);
    let worst = findings.iter().filter_map(|finding| match finding.state {
        State::Bad(exit) => Some(exit),
        State::Good | State::Note => None,
    });
    let worst = worst.max();
    let mut out = Out::stdout();
    if verb.report {
        out.text(&report(&findings, variable))?;
    } else {
        out.text(&said(&findings))?;
        out.text(&match worst {
            None => Safe::literal("A console works here"),
            Some(_) => Safe::literal(
                "A console does not work here yet; `handback doctor --report` makes something to send to who helps",
            ),
        })?;
    }
    out.finish()?;
    Ok(worst.unwrap_or(Exit::Done))
}

fn said(findings: &[Finding]) -> Safe {
    let lines: Vec<Safe> = findings.iter().map(Finding::said).collect();
    Safe::join(&Safe::text("\n"), lines.iter())
}

/// What of the environment decides how a console looks. None of them holds a secret.
const VARIABLES: [&str; 10] = [
    "TERM",
    "COLORTERM",
    "TERM_PROGRAM",
    "NO_COLOR",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "TZ",
    "SSH_TTY",
    "XDG_RUNTIME_DIR",
];

/// The same for somebody else to read: in a block, so that a ticket does not make lists of it.
fn report(findings: &[Finding], variable: impl Fn(&str) -> Option<String>) -> Safe {
    let mut text = format!("```\nhandback {}\n", env!("CARGO_PKG_VERSION"));
    let system = rustix::system::uname();
    text += &format!(
        "{} {} {}\n",
        system.sysname().to_string_lossy(),
        system.release().to_string_lossy(),
        system.machine().to_string_lossy()
    );
    for name in VARIABLES {
        if let Some(value) = variable(name) {
            text += &format!("{name}={value}\n");
        }
    }
    for name in ["TMUX", "STY", "SSH_CONNECTION"] {
        if variable(name).is_some() {
            text += &format!("{name} is set\n");
        }
    }
    text += said(findings).as_str();
    text += "\n```";
    if let Some(home) = variable("HOME").filter(|home| home.len() > 1) {
        text = text.replace(&home, "~");
    }
    Safe::text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_what_and_what_to_do() {
        let finding = Finding::bad(
            "desk",
            Exit::Unreachable,
            Safe::literal("nobody answers"),
            Safe::literal("start one"),
        );
        assert_eq!(
            finding.said(),
            "BAD   desk      nobody answers\n                do: start one"
        );
    }

    #[test]
    fn r42_a_report_does_not_say_where_the_home_folder_is() {
        let findings = [Finding::good(
            "folders",
            Safe::literal("/home/anna/.local/state"),
        )];
        let variable = |name: &str| match name {
            "HOME" => Some("/home/anna".to_owned()),
            "SSH_CONNECTION" => Some("10.1.2.3 4 10.1.2.4 22".to_owned()),
            "HANDBACK_TOKEN" => Some("hb_secret".to_owned()),
            "TERM" => Some("xterm\u{1b}[2J".to_owned()),
            _ => None,
        };
        let report = report(&findings, variable);
        let report = report.as_str();
        assert!(report.contains("~/.local/state"), "{report}");
        for hidden in ["anna", "10.1.2.3", "hb_secret", "\u{1b}"] {
            assert!(!report.contains(hidden), "{hidden}: {report}");
        }
    }
}
