//! This account: whether its folders are there and nobody else's, and what its settings say (R23, R41).

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use rustix::process::geteuid;

use super::{Exit, Finding};
use crate::{domain::text::Safe, folders::Folders, say};

pub(super) fn look() -> Vec<Finding> {
    let Some(folders) = Folders::of_this_account() else {
        return vec![Finding::bad(
            "folders",
            Exit::Secrets,
            Safe::literal("this account has no home folder, and drafts need a place"),
            Safe::literal("set HOME"),
        )];
    };
    vec![folder(&folders.state())]
}

/// The folder drafts are kept in; made by the first console if it is not there.
fn folder(path: &Path) -> Finding {
    let about = "drafts";
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let above = path.ancestors().skip(1).find(|folder| folder.exists());
            match above.map(writable) {
                Some(Ok(())) => Finding::good(about, say!("{shown}, made when it is needed")),
                Some(Err(error)) => Finding::bad(
                    about,
                    Exit::Secrets,
                    say!("{shown} cannot be made: {error}"),
                    Safe::literal("make it, and let this account write there"),
                ),
                None => Finding::bad(
                    about,
                    Exit::Secrets,
                    say!("{shown} is nowhere"),
                    Safe::literal("set HOME or XDG_STATE_HOME to a folder that is there"),
                ),
            }
        }
        Err(error) => Finding::bad(
            about,
            Exit::Secrets,
            say!("{shown} cannot be looked at: {error}"),
            Safe::literal("let this account read and write it"),
        ),
        Ok(meta) if meta.uid() != geteuid().as_raw() => Finding::bad(
            about,
            Exit::Secrets,
            say!("{shown} belongs to another account (uid {})", meta.uid()),
            Safe::literal("set XDG_STATE_HOME to a folder of your own"),
        ),
        Ok(meta) if meta.mode() & 0o077 != 0 => Finding::bad(
            about,
            Exit::Secrets,
            say!("others than you may look into {shown}, where drafts are"),
            say!("run  chmod 700 {shown}"),
        ),
        Ok(_) => match writable(path) {
            Ok(()) => Finding::good(about, say!("kept in {shown}, for you alone")),
            Err(error) => Finding::bad(
                about,
                Exit::Secrets,
                say!("nothing can be written into {shown}: {error}"),
                match error.kind() {
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                        Safe::literal("make room: without it no draft survives")
                    }
                    _ => say!("run  chmod 700 {shown}"),
                },
            ),
        },
    }
}

/// Whether a file can be made and written there; it is gone again afterwards.
fn writable(folder: &Path) -> std::io::Result<()> {
    let name = format!(".handback-doctor-{}", std::process::id());
    let file = folder.join(name);
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file);
    let written = made.and_then(|mut made| made.write_all(b"."));
    // What could not be made is not there.
    let _ = fs::remove_file(&file);
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{super::State, *};

    #[test]
    fn r41_a_folder_for_drafts_is_ones_own_and_can_be_written() {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(folder(home.path()).state, State::Good);
        assert_eq!(
            fs::read_dir(home.path()).unwrap().count(),
            0,
            "nothing stays"
        );
        let below = home.path().join("state/handback");
        assert_eq!(folder(&below).state, State::Good);
        assert!(!below.exists(), "looked at, not made");

        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let open = folder(home.path());
        assert_eq!(open.state, State::Bad(Exit::Secrets));
        assert!(open.said().as_str().contains("chmod 700"));
    }
}
