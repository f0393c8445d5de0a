//! Where a running demo keeps its things, and the locks by which its processes agree.
//!
//! The folder is `demo/` among the runtime files (0700) and lives as long as its desk: socket, database, a
//! token and a header file for each user (0600), the log. The two locks lie beside it, so that they outlive it:
//! `demo.starting` is held while somebody looks for the desk, starts or ends it; `demo.joined` is shared by
//! everybody who is in the demo, also by a console that is suspended and says nothing.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::{
        fs::{DirBuilderExt as _, OpenOptionsExt as _},
        net::UnixStream,
    },
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};
use secrecy::{ExposeSecret as _, SecretString};

/// The folder of the one demo an account can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// A lock, held until it is dropped or its process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Folder {
    /// The demo's folder among those runtime files.
    #[must_use]
    pub fn among(runtime: &Path) -> Self {
        Self(runtime.join("demo"))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where the desk listens.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.0.join("demo.sock")
    }

    /// The desk's database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("desk.db")
    }

    /// What the desk had to say.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.0.join("desk.log")
    }

    /// The file with the user's token.
    #[must_use]
    pub fn token(&self, username: &str) -> PathBuf {
        self.0.join(format!("{username}.token"))
    }

    /// The file with the header that says who asks, for `curl -H @FILE`.
    #[must_use]
    pub fn header(&self, username: &str) -> PathBuf {
        self.0.join(format!("{username}.header"))
    }

    /// Writes down a user's token, for this account alone.
    ///
    /// # Errors
    /// The system's.
    pub fn keep_token(&self, username: &str, token: &SecretString) -> io::Result<()> {
        let token = token.expose_secret();
        self.write(&self.token(username), &format!("{token}\n"))?;
        let header = format!("Authorization: Bearer {token}\n");
        self.write(&self.header(username), &header)
    }

    /// Writes a file of the folder, for this account alone.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options.open(path)?.write_all(text.as_bytes())
    }

    /// Whether a desk answers there.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        UnixStream::connect(self.socket()).is_ok()
    }

    /// Says that this process is the desk here.
    ///
    /// # Errors
    /// The system's.
    pub fn claim(&self) -> io::Result<()> {
        self.write(&self.0.join("desk.pid"), &std::process::id().to_string())
    }

    /// The number of the process that is the desk here, if one ever was.
    #[must_use]
    pub fn claimed_by(&self) -> Option<u32> {
        fs::read_to_string(self.0.join("desk.pid"))
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    /// Makes it anew, without what a desk that was killed left in it.
    ///
    /// # Errors
    /// The system's.
    pub fn make(&self) -> io::Result<()> {
        self.remove()?;
        folder(&self.0)
    }

    /// Remembers that nobody acts in this demo but those at a console.
    ///
    /// # Errors
    /// The system's.
    pub fn keep_still(&self) -> io::Result<()> {
        fs::write(self.0.join("still"), "")
    }

    /// Whether that was remembered.
    #[must_use]
    pub fn is_still(&self) -> bool {
        self.0.join("still").exists()
    }

    /// Removes it with all that is in it.
    ///
    /// # Errors
    /// The system's; not if it is not there.
    pub fn remove(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Waits until nobody else looks for the desk, starts or ends it.
    ///
    /// # Errors
    /// The system's.
    pub fn starting(&self) -> io::Result<Lock> {
        let lock = self.lock(FlockOperation::LockExclusive, "starting")?;
        lock.ok_or_else(|| io::ErrorKind::WouldBlock.into())
    }

    /// The same lock without waiting; `None` if somebody else has it.
    ///
    /// # Errors
    /// The system's.
    pub fn try_starting(&self) -> io::Result<Option<Lock>> {
        self.lock(FlockOperation::NonBlockingLockExclusive, "starting")
    }

    /// Says that somebody is in the demo.
    ///
    /// # Errors
    /// The system's.
    pub fn join(&self) -> io::Result<Lock> {
        let lock = self.lock(FlockOperation::NonBlockingLockShared, "joined")?;
        lock.ok_or_else(|| io::ErrorKind::WouldBlock.into())
    }

    /// Makes sure that nobody is in the demo; `None` if somebody is.
    ///
    /// # Errors
    /// The system's.
    pub fn alone(&self) -> io::Result<Option<Lock>> {
        self.lock(FlockOperation::NonBlockingLockExclusive, "joined")
    }

    fn lock(&self, operation: FlockOperation, what: &str) -> io::Result<Option<Lock>> {
        if let Some(parent) = self.0.parent() {
            folder(parent)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(self.0.with_extension(what))?;
        loop {
            return match flock(&file, operation) {
                Ok(()) => Ok(Some(Lock { _file: file })),
                Err(rustix::io::Errno::INTR) => continue,
                Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
                Err(error) => Err(error.into()),
            };
        }
    }
}

fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn r41_the_folder_and_the_tokens_are_for_this_account_alone() {
        let runtime = tempfile::tempdir().unwrap();
        let folder = Folder::among(&runtime.path().join("handback"));
        folder.make().unwrap();
        let secret = SecretString::from("hb_secret");
        folder.keep_token("anna", &secret).unwrap();
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(mode(folder.path().parent().unwrap()), 0o700);
        for path in [folder.token("anna"), folder.header("anna")] {
            assert_eq!(mode(&path), 0o600);
        }
        assert_eq!(
            fs::read_to_string(folder.token("anna")).unwrap(),
            "hb_secret\n"
        );
    }

    #[test]
    fn a_new_folder_holds_nothing_of_an_old_one() {
        let runtime = tempfile::tempdir().unwrap();
        let folder = Folder::among(runtime.path());
        folder.make().unwrap();
        folder.claim().unwrap();
        assert_eq!(folder.claimed_by(), Some(std::process::id()));
        folder.write(&folder.database(), "old").unwrap();
        let _lock = folder.starting().unwrap();
        folder.make().unwrap();
        assert!(!folder.database().exists());
        assert_eq!(folder.claimed_by(), None);
        folder.remove().unwrap();
        folder.remove().unwrap();
    }

    #[test]
    fn whoever_is_in_the_demo_keeps_it_from_ending() {
        let runtime = tempfile::tempdir().unwrap();
        let folder = Folder::among(runtime.path());
        let (one, two) = (folder.join().unwrap(), folder.join().unwrap());
        assert!(folder.alone().unwrap().is_none());
        drop(one);
        assert!(folder.alone().unwrap().is_none());
        drop(two);
        assert!(folder.alone().unwrap().is_some());
    }
}
