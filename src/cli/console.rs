//! `handback` without a verb: the console.

use std::path::Path;

use super::{
    Exit, Failure, Global, Outcome,
    connect::{Connection, connect},
    keys, variable, wait_for, zone,
};
use crate::{
    config::{self, Alert, Ascii, Config, Times},
    console::{
        model::{self, Preferences, Setting},
        runtime::{Ended, Options, run as run_console},
        terminal::{Abilities, Colours},
        theme::{Palette, Scheme, Theme},
    },
    desk::View,
    domain::text::Safe,
    say,
};

/// Opens the console on the desk that is meant.
pub(super) fn run(global: &Global) -> Outcome {
    let abilities = needs_a_terminal()?;
    let console = uuid::Uuid::now_v7().simple().to_string();
    wait_for(async {
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
        by_variable,
        config,
        folders,
    } = connection;
    let folders = folders.ok_or_else(|| Failure {
        exit: Exit::Secrets,
        why: Safe::literal("this account has no home folder, and drafts need a place: set HOME"),
    })?;
    let mut options = options(&config, abilities, &folders.state(), console)?;
    options.setting.preferences.known_by_token = desk.shows_a_token();
    options.setting.preferences.warning = by_variable.then(|| Safe::literal(variable::WARNING));
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
    config: &Config,
    found: Abilities,
    state: &Path,
    console: String,
) -> Result<Options, Failure> {
    let settings = &config.console;
    let abilities = Abilities {
        mouse: found.mouse && settings.mouse && !settings.screen_reader,
        synchronized: found.synchronized && !settings.screen_reader,
        scrolling: found.scrolling && !settings.screen_reader,
        whole_rows: settings.screen_reader,
        ..found
    };
    let ascii = match settings.ascii {
        Ascii::Auto => !speaks_utf8(|name| std::env::var(name).ok()),
        Ascii::Always => true,
        Ascii::Never => false,
    };
    let zone = zone::of(config)?;
    let begun = state.join("begun");
    let preferences = Preferences {
        keymap: keys::keymap(config)?,
        alert: match settings.alert {
            Alert::Off => model::Alert::Off,
            Alert::Bell => model::Alert::Bell,
            Alert::Osc9 => model::Alert::Notice,
            Alert::Osc777 => model::Alert::NoticeByName,
        },
        // What turns every minute would be read out every minute.
        absolute_times: settings.times == Times::Absolute || settings.screen_reader,
        spoken: settings.screen_reader,
        first_time: !begun.exists(),
        send_delay: config.compose.send_delay(),
        lock_after: settings.lock_after.0,
        known_by_token: false,
        warning: None,
        exports: exports(),
    };
    Ok(Options {
        abilities,
        theme: theme(settings.theme, abilities.colours, |name| {
            std::env::var(name).ok()
        }),
        setting: Setting {
            zone,
            ascii,
            size: (0, 0),
            seed: console,
            view: View::All,
            preferences,
        },
        drafts: state.join("drafts"),
        bookmarks: state.join("bookmarks"),
        begun,
    })
}

/// The theme that is wished, in as many colours as there are. What paper a terminal has it says in `COLORFGBG` or not
/// at all; asking it would cost a round trip before the first frame.
fn theme(
    wanted: config::Theme,
    colours: Colours,
    variable: impl Fn(&str) -> Option<String>,
) -> Theme {
    use config::Theme as Wanted;
    let palette = match (wanted, colours) {
        (Wanted::Plain, _) | (_, Colours::None) => Palette::Plain,
        (Wanted::Sixteen, _) | (_, Colours::Sixteen) => Palette::Sixteen,
        (_, Colours::Indexed) => Palette::Indexed,
        (_, Colours::True) => Palette::True,
    };
    let scheme = match wanted {
        Wanted::Light => Scheme::Light,
        Wanted::HighContrast => Scheme::HighContrast,
        Wanted::Auto | Wanted::Sixteen if has_light_paper(&variable) => Scheme::Light,
        _ => Scheme::Dark,
    };
    Theme::of(scheme, palette)
}

/// Whether a terminal says of itself that its paper is one of the light ones of the sixteen: `0;15`, `0;default;7`.
fn has_light_paper(variable: impl Fn(&str) -> Option<String>) -> bool {
    let said = variable("COLORFGBG").unwrap_or_default();
    let paper = said
        .rsplit(';')
        .next()
        .and_then(|paper| paper.parse::<u8>().ok());
    paper.is_some_and(|paper| matches!(paper, 7 | 9..=15))
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
    fn r16_a_theme_is_for_the_paper_there_is_in_the_colours_there_are() {
        use config::Theme as Wanted;
        let of = |wanted, colours, paper: &'static str| {
            theme(wanted, colours, |name| {
                (name == "COLORFGBG").then(|| paper.to_owned())
            })
        };
        for (wanted, colours, paper, scheme, palette) in [
            (Wanted::Auto, Colours::True, "", Scheme::Dark, Palette::True),
            (
                Wanted::Auto,
                Colours::Indexed,
                "0;15",
                Scheme::Light,
                Palette::Indexed,
            ),
            (
                Wanted::Auto,
                Colours::Sixteen,
                "0;default;7",
                Scheme::Light,
                Palette::Sixteen,
            ),
            (
                Wanted::Auto,
                Colours::True,
                "15;0",
                Scheme::Dark,
                Palette::True,
            ),
            (
                Wanted::Dark,
                Colours::True,
                "0;15",
                Scheme::Dark,
                Palette::True,
            ),
            (
                Wanted::Light,
                Colours::Sixteen,
                "",
                Scheme::Light,
                Palette::Sixteen,
            ),
            (
                Wanted::HighContrast,
                Colours::True,
                "",
                Scheme::HighContrast,
                Palette::True,
            ),
            (
                Wanted::Sixteen,
                Colours::True,
                "",
                Scheme::Dark,
                Palette::Sixteen,
            ),
            (
                Wanted::Plain,
                Colours::True,
                "",
                Scheme::Dark,
                Palette::Plain,
            ),
            (
                Wanted::Light,
                Colours::None,
                "",
                Scheme::Light,
                Palette::Plain,
            ),
        ] {
            assert_eq!(of(wanted, colours, paper), Theme::of(scheme, palette));
        }
    }

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
