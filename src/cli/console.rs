//! `handback` without a verb: the console.

use super::{
    Exit, Failure, Global, Outcome,
    connect::{Connection, connect},
    runtime, zone,
};
use crate::{
    config::{Ascii, ComposeSettings, ConsoleSettings, SendKey, Theme as Wanted},
    console::{
        model::Setting,
        runtime::{Ended, Options, run as run_console},
        terminal::{Abilities, Colours},
        theme::{Palette, Theme},
    },
    desk::View,
    domain::text::Safe,
    say,
};

/// Opens the console on the desk that is meant.
pub(super) fn run(global: &Global) -> Outcome {
    let abilities = needs_a_terminal()?;
    let console = uuid::Uuid::now_v7().simple().to_string();
    runtime()
        .map_err(|error| Failure::new(Exit::Unreachable, error))?
        .block_on(async {
            let connection = connect(global, Some(console.clone())).await?;
            open(connection, abilities, console).await
        })
}

/// What the terminal can do; refuses where there is none to draw on, and says what does without one (R16).
pub(super) fn needs_a_terminal() -> Result<Abilities, Failure> {
    Abilities::of_environment().map_err(|no| Failure {
        exit: Exit::Usage,
        why: say!(
            "{no}; the verbs list, show, unassign and take need no such terminal (handback --help)"
        ),
    })
}

/// Runs a console at a desk, and says how it ended.
pub(super) async fn open(connection: Connection, abilities: Abilities, console: String) -> Outcome {
    let Connection {
        desk,
        settings,
        compose,
        folders,
    } = connection;
    let folders = folders.ok_or_else(|| Failure {
        exit: Exit::Secrets,
        why: Safe::literal("this account has no home folder, and drafts need a place: set HOME"),
    })?;
    let options = options(
        &settings,
        &compose,
        abilities,
        folders.state().join("drafts"),
        console,
    );
    match run_console(desk, options)
        .await
        .map_err(|error| Failure::new(Exit::Usage, error))?
    {
        Ended::Left | Ended::Signalled(_) => Ok(Exit::Done),
        Ended::HungUp => Ok(Exit::HungUp),
        Ended::TurnedAway(why) => Err(Failure {
            exit: Exit::Secrets,
            why,
        }),
    }
}

fn options(
    settings: &ConsoleSettings,
    compose: &ComposeSettings,
    found: Abilities,
    drafts: std::path::PathBuf,
    console: String,
) -> Options {
    let abilities = Abilities {
        mouse: found.mouse && settings.mouse,
        ..found
    };
    let ascii = match settings.ascii {
        Ascii::Auto => !speaks_utf8(|name| std::env::var(name).ok()),
        Ascii::Always => true,
        Ascii::Never => false,
    };
    let palette = match (settings.theme, abilities.colours) {
        (Wanted::Plain, _) | (_, Colours::None) => Palette::Plain,
        (Wanted::HighContrast, _) => Palette::HighContrast,
        (Wanted::Auto, Colours::Sixteen) => Palette::Sixteen,
        (Wanted::Auto, Colours::Indexed) => Palette::Indexed,
        (Wanted::Auto, Colours::True) => Palette::True,
    };
    Options {
        abilities,
        theme: Theme::new(palette),
        setting: Setting {
            zone: zone::zone(),
            ascii,
            size: (0, 0),
            seed: console,
            view: View::All,
            enter_sends: settings.send == SendKey::Enter,
            send_delay: compose.send_delay(),
            exports: exports(),
        },
        drafts,
    }
}

/// Where a transcript is offered to be written: among one's documents, or at home.
fn exports() -> String {
    let user = directories::UserDirs::new();
    let folder = user.as_ref().map(|user| {
        let documents = user.document_dir().filter(|folder| folder.is_dir());
        documents.unwrap_or(user.home_dir()).to_owned()
    });
    folder.unwrap_or_default().display().to_string()
}

/// Whether the locale is one of UTF-8, as the C library decides it: the first of these that says anything.
pub(super) fn speaks_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r16_the_first_locale_that_says_anything_decides() {
        let locale = |pairs: &'static [(&str, &str)]| {
            speaks_utf8(move |name| {
                pairs
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, v)| (*v).to_owned())
            })
        };
        assert!(locale(&[("LANG", "en_GB.UTF-8")]));
        assert!(locale(&[("LC_ALL", ""), ("LANG", "C.utf8")]));
        assert!(!locale(&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]));
        assert!(!locale(&[("LC_CTYPE", "de_DE.ISO-8859-1")]));
        assert!(!locale(&[]));
    }
}
