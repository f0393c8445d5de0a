//! From the command line and the settings to a desk one can speak with.

use std::{fs, io::ErrorKind, path::Path};

use super::{Exit, Failure, Global};
use crate::{
    config::{
        Config,
        target::{self, NoTarget, Target, Wish},
    },
    desk::handback::{Handback, Options, Place, token::Source},
    folders::{Folders, HOST_CONFIG},
    trust::files,
};

/// A desk, ready to be asked; nothing was sent yet.
pub(super) struct Connection {
    /// The desk.
    pub(super) desk: Handback,
    /// Whether the token stood in a variable.
    pub(super) by_variable: bool,
    /// The settings.
    pub(super) config: Config,
    /// This account's folders, if it has a home.
    pub(super) folders: Option<Folders>,
}

/// Finds the desk, checks what is to be checked on this host, and gets the token.
/// `console`: the name of a console whose stream counts as being signed in (Q9).
pub(super) async fn connect(
    global: &Global,
    console: Option<String>,
) -> Result<Connection, Failure> {
    let folders = Folders::of_this_account();
    let config = settings(global, folders.as_ref())?;
    let target = target(global, &config, folders.as_ref())?;
    let by_variable = matches!(target.token, Source::Variable(_));
    Ok(Connection {
        desk: desk(target, console).await?,
        by_variable,
        config,
        folders,
    })
}

/// The settings, from the file that is named, or the usual one.
pub(super) fn settings(global: &Global, folders: Option<&Folders>) -> Result<Config, Failure> {
    let usual = folders.map(Folders::config_file);
    let unusable = |error| Failure::new(Exit::Usage, error);
    let config = Config::load(global.config.as_deref(), usual.as_deref()).map_err(unusable)?;
    match &global.config {
        Some(_) => Ok(config),
        None => config.or_of_host(Path::new(HOST_CONFIG)).map_err(unusable),
    }
}

/// The desk that is meant.
pub(super) fn target(
    global: &Global,
    config: &Config,
    folders: Option<&Folders>,
) -> Result<Target, Failure> {
    let wish = Wish {
        desk: global.desk.clone(),
        profile: global.profile.clone(),
        token_file: global.token_file.clone(),
        token: global.token.clone(),
    };
    target::find(&wish, config, folders, Path::exists).map_err(|error| {
        let exit = match error {
            NoTarget::Nowhere { .. } => Exit::Unreachable,
            _ => Exit::Usage,
        };
        Failure::new(exit, error)
    })
}

/// A way to it, once what is to be checked on this host is. Nothing was sent yet.
pub(super) async fn desk(target: Target, console: Option<String>) -> Result<Handback, Failure> {
    if let Place::Socket(path) = &target.place {
        files::socket(path, target.desk_user.as_deref()).map_err(|error| {
            match &error {
                files::Distrust::System { why, .. } if why.kind() == ErrorKind::NotFound => {
                    Failure::new(
                        Exit::Unreachable,
                        format_args!(
                            "no desk listens at {}: there is nothing of that name; is `handback serve` running, and there?",
                            path.display()
                        ),
                    )
                }
                _ => Failure::new(Exit::Secrets, error),
            }
        })?;
    }
    let token = target
        .token
        .token()
        .await
        .map_err(|error| Failure::new(Exit::Secrets, error))?;
    let roots = match &target.ca_file {
        Some(file) => Some(fs::read(file).map_err(|error| {
            Failure::new(
                Exit::Usage,
                format_args!("cannot read ca_file {}: {error}", file.display()),
            )
        })?),
        None => None,
    };
    let options = Options {
        place: target.place,
        token,
        roots,
        console,
    };
    Handback::new(options).map_err(|error| Failure::new(Exit::Usage, error))
}
