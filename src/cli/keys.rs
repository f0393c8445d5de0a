//! `handback keys`: the console's keys as they are configured, by the names they are configured with.

use super::{Exit, Failure, Global, Outcome, connect, print::Out};
use crate::{
    config::{Config, SendKey},
    console::{
        command::{Place, TABLE},
        keymap::{Change, Keymap},
    },
    folders::Folders,
    say,
};

/// The keys that the settings ask for.
///
/// # Errors
/// What is wrong with one of them, with its file and line.
pub(super) fn keymap(config: &Config) -> Result<Keymap, Failure> {
    let keymap = match config.console.send {
        SendKey::Enter => Keymap::default(),
        SendKey::CtrlX => Keymap::sending_with_ctrl_x(),
    };
    let settings = &config.keys.0;
    let changes: Vec<Change<'_>> = settings
        .iter()
        .map(|setting| Change {
            place: &setting.place,
            name: &setting.name,
            keys: &setting.keys,
        })
        .collect();
    keymap.with(&changes).map_err(|fault| {
        let spot = &settings[fault.change].spot;
        Failure::new(Exit::Usage, spot.complaint(fault.what))
    })
}

pub(super) fn run(global: &Global) -> Outcome {
    let folders = Folders::of_this_account();
    let keymap = keymap(&connect::settings(global, folders.as_ref())?)?;
    let mut out = Out::stdout();
    for place in Place::ALL {
        out.text(&say!("[keys.{}]  # {}", place.word(), place.title()))?;
        for row in TABLE.iter().filter(|row| row.place == place) {
            let keys: Vec<String> = keymap
                .keys(row)
                .iter()
                .map(|key| format!("{:?}", key.to_string()))
                .collect();
            let keys = match &keys[..] {
                [only] => only.clone(),
                several => format!("[{}]", several.join(", ")),
            };
            let setting = format!("{} = {keys}", row.name);
            out.text(&say!("{setting:<34} # {}", row.what))?;
        }
        out.text(&say!(""))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::console::{command::Command, key::Key};

    fn keys(text: &str) -> Result<Keymap, String> {
        let config = Config::parse(text, Path::new("/home/anna/config.toml")).unwrap();
        keymap(&config).map_err(|failure| failure.why.to_string())
    }

    #[test]
    fn a_key_is_configured_by_its_place_and_name() {
        let keymap = keys("[keys.list]\nunassign = \"x\"\n").unwrap();
        assert_eq!(
            keymap.lookup(Place::List, Key::Char('x')),
            Some(Command::Unassign)
        );
    }

    #[test]
    fn a_wrong_one_is_named_with_file_and_line() {
        let why = keys("[console]\nsend = \"ctrl-x\"\n[keys.list]\ntake = \"T\"\nunasign = \"x\"")
            .unwrap_err();
        assert!(why.starts_with("/home/anna/config.toml:5: "), "{why}");
        assert!(why.contains("did you mean `unassign`?"), "{why}");
    }

    #[test]
    fn one_that_sends_with_ctrl_x_can_still_be_given_another() {
        let keymap = keys("console.send = \"ctrl-x\"\nkeys.composer.send = \"ctrl-s\"").unwrap();
        assert_eq!(
            keymap.lookup(Place::Composer, Key::Ctrl('s')),
            Some(Command::Send)
        );
        assert_eq!(keymap.lookup(Place::Composer, Key::Ctrl('x')), None);
        assert_eq!(
            keymap.lookup(Place::Note, Key::Ctrl('x')),
            Some(Command::Send)
        );
    }
}
