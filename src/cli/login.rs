//! `handback login` and `handback logout`: a token of one's own, kept on this host for the desk it belongs to (R40).
//!
//! No option and no variable takes it: it is asked for, without being shown, or read from standard input.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Exit, Failure, Global, Outcome,
    connect::{settings, target},
    print::Out,
};
use crate::{
    desk::{
        Desk as _,
        handback::{Handback, Options, Place, token::is_word},
    },
    domain::text::Safe,
    folders::Folders,
    say,
    server::store::token_id,
    trust::files,
};

/// The most that is read of standard input.
const MOST_BYTES: u64 = 8192;

/// Keeps a token that is asked for, once the desk took it.
pub(super) async fn login(global: &Global) -> Outcome {
    let folders = Folders::of_this_account().ok_or_else(no_home)?;
    let config = settings(global, Some(&folders))?;
    let target = target(global, &config, Some(&folders))?;
    let place = target.place.to_string();
    if matches!(target.place, Place::Socket(_)) {
        let why = format!("{place} needs no token: this host says who you are");
        return Err(Failure::new(Exit::Usage, why));
    }
    let token = asked(&place)?;
    let roots = target.ca_file.as_deref().map(fs::read).transpose();
    let roots = roots.map_err(|why| Failure::new(Exit::Usage, format_args!("ca_file: {why}")))?;
    let options = Options {
        place: target.place,
        token: Some(token.clone()),
        roots,
        console: None,
    };
    let desk = Handback::new(options).map_err(|why| Failure::new(Exit::Usage, why))?;
    // Before it is kept: what the desk does not take is of no use tomorrow.
    let me = desk.me().await?;
    let file = folders.kept_token(&place);
    keep(&file, &token)
        .map_err(|why| Failure::new(Exit::Secrets, format_args!("{}: {why}", file.display())))?;
    let mut out = Out::stdout();
    let file = file.display().to_string();
    out.text(&say!(
        "you are {} of {} at {}",
        me.user.name,
        me.organisation.name,
        Safe::line(&place)
    ))?;
    out.text(&say!(
        "the token is kept in {}, for you alone; handback logout removes it",
        Safe::line(&file)
    ))?;
    if global.desk.is_some() && config.desk.url.is_none() {
        let config = folders.config_file().display().to_string();
        out.text(&say!(
            "to come here without --desk, write into {}:",
            Safe::line(&config)
        ))?;
        out.text(&say!("[desk]"))?;
        out.text(&say!("url = \"{}\"", Safe::line(&place)))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Removes what [`login`] kept.
pub(super) async fn logout(global: &Global) -> Outcome {
    let folders = Folders::of_this_account().ok_or_else(no_home)?;
    let config = settings(global, Some(&folders))?;
    let target = target(global, &config, Some(&folders))?;
    let place = target.place.to_string();
    let file = folders.kept_token(&place);
    let token = files::secret(&file);
    match fs::remove_file(&file) {
        Ok(()) => {}
        Err(why) if why.kind() == ErrorKind::NotFound => {
            let why = format!("no token is kept for {place}");
            return Err(Failure::new(Exit::NotFound, why));
        }
        Err(why) => {
            let why = format!("{}: {why}", file.display());
            return Err(Failure::new(Exit::Secrets, why));
        }
    }
    let mut out = Out::stdout();
    out.text(&say!(
        "the token for {} is no longer kept here",
        Safe::line(&place)
    ))?;
    if let Ok(token) = token {
        let id = token_id(token.trim());
        out.text(&say!("it is good until whoever looks after the desk revokes it: handback admin token revoke {id}"))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn no_home() -> Failure {
    Failure::new(
        Exit::Secrets,
        "this account has no home folder to keep a token in: set HOME",
    )
}

/// A token from whoever sits here, or from standard input.
fn asked(place: &str) -> Result<SecretString, Failure> {
    let failed = |why: io::Error| Failure::new(Exit::Secrets, format_args!("no token: {why}"));
    let text = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("Token for {place} (not shown): ")).map_err(failed)?
    } else {
        let mut text = String::new();
        io::stdin()
            .take(MOST_BYTES)
            .read_to_string(&mut text)
            .map_err(failed)?;
        text
    };
    let token = SecretString::from(text.trim());
    if !is_word(token.expose_secret()) {
        let why =
            "that is no token: one word of printable ASCII, as `handback admin token` prints it";
        return Err(Failure::new(Exit::Secrets, why));
    }
    Ok(token)
}

/// Keeps it so that nobody else ever reads it, and a half one is never there.
fn keep(file: &Path, token: &SecretString) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let mut half = file.as_os_str().to_owned();
    half.push(".part");
    let half = PathBuf::from(half);
    match fs::remove_file(&half) {
        Err(why) if why.kind() != ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    let mut made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&half)?;
    writeln!(made, "{}", token.expose_secret())?;
    made.sync_all()?;
    fs::rename(&half, file)
}
