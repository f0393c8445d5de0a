//! Which files of a shared host are believed (R40): a secret only if nobody else can read or replace it, a socket
//! only if nobody but its owner could have put it there.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::{fs::OFlags, process::geteuid};

/// Why a file is not believed, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Distrust {
    /// The system says no.
    #[error("cannot read {}: {why}", .path.display())]
    System {
        /// Which file.
        path: PathBuf,
        /// What it said.
        why: io::Error,
    },
    /// A link, folder, pipe or device where a file should be.
    #[error("{} is not a regular file, so what it says could change while it is read", .0.display())]
    NotAFile(PathBuf),
    /// Others may read or write it.
    #[error("others than you may use {path}: run  chmod 600 {path}", path = .0.display())]
    Open(PathBuf),
    /// It belongs to somebody else.
    #[error("{} belongs to another account (uid {owner}), which could have put anything there", .path.display())]
    Foreign {
        /// What belongs to them.
        path: PathBuf,
        /// Who they are.
        owner: u32,
    },
    /// Others may put something else in its place.
    #[error("others can replace what is in {path}: run  chmod go-w {path}", path = .0.display())]
    Replaceable(PathBuf),
    /// Not a socket.
    #[error("{} is not a socket", .0.display())]
    NotASocket(PathBuf),
    /// The account named by `desk_user` is not one of this host.
    #[error("desk_user: this host has no account {0:?} in /etc/passwd; its number works too")]
    NoSuchUser(String),
}

/// The greatest secret that is read; a token has some 60 characters.
const MOST_BYTES: u64 = 8192;

/// Reads a file that holds a secret: a regular file of one's own with mode 0600 or 0400, no folder above it
/// writable by others. What is checked is what is read: the open file, not its name.
///
/// # Errors
/// [`Distrust`], without a word of what is in the file.
pub fn secret(path: &Path) -> Result<String, Distrust> {
    let system = |why| Distrust::System {
        path: path.to_owned(),
        why,
    };
    let (nofollow, nonblock) = (OFlags::NOFOLLOW.bits(), OFlags::NONBLOCK.bits());
    let file = OpenOptions::new()
        .read(true)
        // A pipe put there must not make us wait for its writer.
        .custom_flags((nofollow | nonblock).cast_signed())
        .open(path)
        .map_err(|why| match fs::symlink_metadata(path) {
            Ok(meta) if meta.is_symlink() => Distrust::NotAFile(path.to_owned()),
            _ => system(why),
        })?;
    let meta = file.metadata().map_err(system)?;
    let me = geteuid().as_raw();
    if !meta.is_file() {
        return Err(Distrust::NotAFile(path.to_owned()));
    }
    if meta.uid() != me {
        return Err(foreign(path, &meta));
    }
    if meta.mode() & 0o177 != 0 {
        return Err(Distrust::Open(path.to_owned()));
    }
    folders(path, &[0, me])?;
    read(file).map_err(system)
}

fn read(file: File) -> io::Result<String> {
    let mut text = String::new();
    file.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// Whether whoever listens on this socket can only be root, oneself, or `desk_user` (a name or number).
///
/// # Errors
/// [`Distrust`]; of kind `System` if there is no such file.
pub fn socket(path: &Path, desk_user: Option<&str>) -> Result<(), Distrust> {
    let mut owners = vec![0, geteuid().as_raw()];
    if let Some(name) = desk_user {
        owners.push(number(name).ok_or_else(|| Distrust::NoSuchUser(name.to_owned()))?);
    }
    let meta = fs::symlink_metadata(path).map_err(|why| Distrust::System {
        path: path.to_owned(),
        why,
    })?;
    if !meta.file_type().is_socket() {
        return Err(Distrust::NotASocket(path.to_owned()));
    }
    if !owners.contains(&meta.uid()) {
        return Err(foreign(path, &meta));
    }
    folders(path, &owners)
}

/// No folder on the way to `path` lets anybody but `owners` put something else there. A folder such as `/tmp`,
/// where everybody writes and nobody renames what is others', is good enough above, but not to be in.
fn folders(path: &Path, owners: &[u32]) -> Result<(), Distrust> {
    let system = |why| Distrust::System {
        path: path.to_owned(),
        why,
    };
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let parent = parent.canonicalize().map_err(system)?;
    for folder in parent.ancestors() {
        let meta = fs::metadata(folder).map_err(system)?;
        if !owners.contains(&meta.uid()) {
            return Err(foreign(folder, &meta));
        }
        let sticky = meta.mode() & 0o1000 != 0 && folder != parent;
        if meta.mode() & 0o022 != 0 && !sticky {
            return Err(Distrust::Replaceable(folder.to_owned()));
        }
    }
    Ok(())
}

fn foreign(path: &Path, meta: &Metadata) -> Distrust {
    Distrust::Foreign {
        path: path.to_owned(),
        owner: meta.uid(),
    }
}

fn number(account: &str) -> Option<u32> {
    account.parse().ok().or_else(|| {
        let passwd = fs::read_to_string("/etc/passwd").ok()?;
        let of_account = |line: &&str| line.split(':').next() == Some(account);
        passwd
            .lines()
            .find(of_account)?
            .split(':')
            .nth(2)?
            .parse()
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::{
        fs::{PermissionsExt, symlink},
        net::UnixListener,
    };

    use super::*;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn r40_a_secret_is_read_only_from_a_file_that_is_all_ones_own() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("token");
        fs::write(&file, "hb_secret").unwrap();
        for good in [0o600, 0o400] {
            mode(&file, good);
            assert_eq!(secret(&file).unwrap(), "hb_secret");
        }
        for bad in [0o640, 0o604, 0o620, 0o700] {
            mode(&file, bad);
            let refusal = secret(&file).unwrap_err();
            assert!(matches!(refusal, Distrust::Open(_)), "{bad:o}");
            assert!(
                refusal
                    .to_string()
                    .contains(&format!("chmod 600 {}", file.display()))
            );
        }
        mode(&file, 0o600);
        let link = home.path().join("link");
        symlink(&file, &link).unwrap();
        assert!(matches!(secret(&link), Err(Distrust::NotAFile(_))));
        assert!(matches!(secret(home.path()), Err(Distrust::NotAFile(_))));
        assert!(matches!(
            secret(&home.path().join("none")),
            Err(Distrust::System { .. })
        ));
        mode(home.path(), 0o770);
        let refusal = secret(&file).unwrap_err();
        assert!(refusal.to_string().contains("chmod go-w"), "{refusal}");
    }

    #[test]
    fn r40_a_pipe_in_place_of_a_secret_is_not_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let pipe = home.path().join("token");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        assert!(matches!(secret(&pipe), Err(Distrust::NotAFile(_))));
    }

    #[test]
    fn a_socket_is_believed_only_where_others_cannot_put_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("desk.sock");
        let _listener = UnixListener::bind(&path).unwrap();
        socket(&path, None).unwrap();
        mode(home.path(), 0o777);
        assert!(matches!(socket(&path, None), Err(Distrust::Replaceable(_))));
        mode(home.path(), 0o1777);
        assert!(matches!(socket(&path, None), Err(Distrust::Replaceable(_))));
        mode(home.path(), 0o700);
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(socket(&file, None), Err(Distrust::NotASocket(_))));
        assert!(matches!(
            socket(&path, Some("no such account")),
            Err(Distrust::NoSuchUser(_))
        ));
    }

    #[test]
    fn a_desk_user_is_a_name_or_a_number() {
        assert_eq!(number("root"), Some(0));
        assert_eq!(number("4242"), Some(4242));
        assert_eq!(number("nobody at all"), None);
    }
}
