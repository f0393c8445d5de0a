//! Settings: file < environment < flags. The environment and flags are read by [`cli`](crate::cli); here is the file,
//! `config.toml`, of which `config.example.toml` shows every setting, and [`target`]: which desk all of it means.

mod complaint;
mod compose;
mod console;
mod lock;
mod noted;
pub mod target;

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub use complaint::Complaint;
pub use compose::{ComposeSettings, Delay};
pub use console::{Alert, Ascii, ConsoleSettings, SendKey, Theme, Times};
pub use lock::LockAfter;
pub use noted::{KeySetting, Keys, Noted, Spot};

/// What the file says; without one, the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Which of the profiles is meant when none is named.
    pub profile: Option<String>,
    /// The desk without a profile.
    pub desk: DeskSettings,
    /// How the console looks and feels, whatever the profile.
    pub console: ConsoleSettings,
    /// How replies are written, whatever the profile.
    pub compose: ComposeSettings,
    /// Other keys than those of the table.
    pub keys: Keys,
    /// Other desks, by name.
    pub profiles: BTreeMap<String, Profile>,
}

/// One of several desks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Takes the place of the whole `[desk]`: no token of one desk ever goes to another.
    pub desk: DeskSettings,
}

/// Where a desk is, and how it knows us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeskSettings {
    /// `https://…`, `http://` to loopback, or `unix:/path`.
    pub url: Option<String>,
    /// A file that holds the token.
    pub token_file: Option<PathBuf>,
    /// A program and its arguments that print the token.
    pub token_command: Option<Vec<String>>,
    /// The account whose socket is trusted beside root's and one's own.
    pub desk_user: Option<String>,
    /// PEM certificates trusted beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file named by hand is not there, or cannot be read.
    #[error("cannot read {}: {why}", .file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// It says something we do not understand.
    #[error("{0}")]
    Wrong(Complaint),
}

impl Config {
    /// Reads the file at `named`, or the usual one if it is there; the defaults otherwise.
    ///
    /// # Errors
    /// [`Unusable`], if a file is there but cannot be used, or was named and is not there.
    pub fn load(named: Option<&Path>, usual: Option<&Path>) -> Result<Self, Unusable> {
        let Some(file) = named.or(usual) else {
            return Ok(Self::default());
        };
        match fs::read_to_string(file) {
            Ok(text) => Self::parse(&text, file).map_err(Unusable::Wrong),
            Err(why) if why.kind() == io::ErrorKind::NotFound && named.is_none() => {
                Ok(Self::default())
            }
            Err(why) => Err(Unusable::Unreadable {
                file: file.to_owned(),
                why,
            }),
        }
    }

    /// Takes from the host's settings what these do not say: all of them for who has no file, else which desk. What others
    /// than root could have written there is not believed: it decides where a console goes and whose socket it trusts.
    ///
    /// # Errors
    /// [`Unusable`], if the host's file is there but cannot be used.
    pub fn or_of_host(self, host: &Path) -> Result<Self, Unusable> {
        let unreadable = |why| Unusable::Unreadable {
            file: host.to_owned(),
            why,
        };
        let meta = match fs::metadata(host) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(self),
            meta => meta.map_err(unreadable)?,
        };
        if meta.uid() != 0 || meta.mode() & 0o022 != 0 {
            let why = "it is not root's alone to write: run  chown root, chmod go-w";
            return Err(unreadable(io::Error::other(why)));
        }
        let of_host = Self::load(Some(host), None)?;
        if self == Self::default() {
            return Ok(of_host);
        }
        let says_which = self.desk != DeskSettings::default() || self.profile.is_some();
        Ok(match says_which {
            true => self,
            false => Self {
                desk: of_host.desk,
                ..self
            },
        })
    }

    /// Reads the text of `file`. Its relative paths mean files beside it, `~/` the home folder.
    ///
    /// # Errors
    /// A [`Complaint`] that names the line, and the nearest word that would do.
    pub fn parse(text: &str, file: &Path) -> Result<Self, Complaint> {
        let mut config: Self =
            toml::from_str(text).map_err(|error| Complaint::new(file, text, &error))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let profiles = config
            .profiles
            .values_mut()
            .map(|profile| &mut profile.desk);
        for desk in profiles.chain([&mut config.desk]) {
            for path in [&mut desk.token_file, &mut desk.ca_file]
                .into_iter()
                .flatten()
            {
                *path = beside(folder, path);
            }
        }
        let keys = config.keys.0.iter_mut().map(|setting| &mut setting.spot);
        let zone = config.console.zone.as_mut().map(|zone| &mut zone.spot);
        for spot in keys.chain(zone) {
            spot.settle(file, text);
        }
        Ok(config)
    }
}

fn beside(folder: &Path, path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), directories::BaseDirs::new()) {
        (Ok(rest), Some(home)) => home.home_dir().join(rest),
        _ => folder.join(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../config.example.toml");

    fn parse(text: &str) -> Result<Config, Complaint> {
        Config::parse(text, Path::new("/etc/handback/config.toml"))
    }

    /// The lines of the example that are settings, those without a default uncommented.
    fn all_settings() -> String {
        let setting = |line: &str| {
            line.split_once('=')
                .is_some_and(|(name, _)| !name.trim().is_empty() && !name.trim().contains(' '))
        };
        let uncommented = |line: &'static str| {
            line.strip_prefix("# ")
                .filter(|bare| setting(bare) || bare.starts_with('['))
                .unwrap_or(line)
        };
        EXAMPLE
            .lines()
            .map(uncommented)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn the_example_as_it_stands_is_the_defaults() {
        assert_eq!(parse(EXAMPLE).unwrap(), Config::default());
    }

    #[test]
    fn the_example_shows_every_setting() {
        let config = parse(&all_settings()).unwrap();
        // Without `..`: a new setting does not compile until it stands here, and is missed in the example by this test.
        let Config {
            profile,
            desk,
            console,
            compose,
            keys,
            profiles,
        } = config;
        assert!(!keys.0.is_empty());
        assert!(profile.is_some());
        let DeskSettings {
            url,
            token_file,
            token_command,
            desk_user,
            ca_file,
        } = desk;
        assert!(url.is_some() && token_file.is_some() && token_command.is_some());
        assert!(desk_user.is_some() && ca_file.is_some());
        assert!(profiles.values().any(|profile| profile.desk.url.is_some()));
        let ComposeSettings { send_delay: _ } = compose;
        assert!(console.zone.is_some());
        for name in [
            "theme",
            "ascii",
            "mouse",
            "send",
            "send_delay",
            "alert",
            "times",
            "screen_reader",
        ] {
            assert!(
                EXAMPLE
                    .lines()
                    .any(|line| line.starts_with(&format!("{name} = "))),
                "{name}"
            );
        }
    }

    #[test]
    fn an_error_names_file_line_and_the_nearest_word() {
        for (text, says) in [
            (
                "[console]\nthem = \"plain\"",
                "config.toml:2: there is no setting `them`; did you mean `theme`?",
            ),
            (
                "[console]\n\ntheme = \"plane\"",
                "config.toml:3: `plane` is not possible here; did you mean `plain`?",
            ),
            (
                "[dsk]",
                "config.toml:1: there is no setting `dsk`; did you mean `desk`?",
            ),
            (
                "[console]\nwhatsoever = 1",
                "config.toml:2: there is no setting `whatsoever`; possible are `theme`, `ascii`, `mouse`, `send`, `alert`, `times`, `zone`, `screen_reader`",
            ),
            ("mouse = ", "config.toml:1: "),
            ("[console]\nmouse = 3", "config.toml:2: "),
        ] {
            let complaint = parse(text).unwrap_err().to_string();
            assert!(complaint.contains(says), "{complaint}");
        }
    }

    #[test]
    fn what_is_looked_at_later_knows_its_line() {
        let text = "# comment\n[console]\nzone = \"Europe/London\"\n[keys.list]\nunassign = \"x\"\n\ntake = [\"T\", \"ctrl-t\"]";
        let config = parse(text).unwrap();
        let zone = config.console.zone.unwrap();
        assert_eq!(zone.value, "Europe/London");
        let said = zone.spot.complaint("no".into()).to_string();
        assert_eq!(said, "/etc/handback/config.toml:3: no");
        let [unassign, take] = &config.keys.0[..] else {
            panic!("{:?}", config.keys)
        };
        assert_eq!((&*unassign.place, &*unassign.name), ("list", "unassign"));
        assert_eq!(take.keys, ["T", "ctrl-t"]);
        assert!(
            take.spot
                .complaint("no".into())
                .to_string()
                .contains(":7: ")
        );
        let wrong = parse("[keys.list]\nunassign = 3").unwrap_err().to_string();
        assert!(wrong.contains("config.toml:2: a key as text"), "{wrong}");
    }

    #[test]
    fn a_file_named_by_hand_must_be_there_the_usual_one_need_not() {
        let none = Path::new("/no/such/config.toml");
        assert_eq!(Config::load(None, Some(none)).unwrap(), Config::default());
        assert!(matches!(
            Config::load(Some(none), None),
            Err(Unusable::Unreadable { .. })
        ));
    }

    #[test]
    fn paths_are_read_from_where_the_file_stands() {
        let config = parse("[desk]\ntoken_file = \"token\"\nca_file = \"/etc/ca.pem\"").unwrap();
        assert_eq!(
            config.desk.token_file.unwrap(),
            Path::new("/etc/handback/token")
        );
        assert_eq!(config.desk.ca_file.unwrap(), Path::new("/etc/ca.pem"));
    }
}
