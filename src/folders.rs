//! Where handback keeps things on this host (R41): the folders of the XDG base directories, never a fixed name in `/tmp`.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The socket of the host's desk, if it has one.
pub const HOST_SOCKET: &str = "/run/handback/desk.sock";

/// Settings for every account of this host, from whoever looks after it.
pub const HOST_CONFIG: &str = "/etc/handback/config.toml";

/// This account's folders; `None` for an account without a home.
#[derive(Clone, Debug)]
pub struct Folders(ProjectDirs);

impl Folders {
    /// Of the account that runs this.
    #[must_use]
    pub fn of_this_account() -> Option<Self> {
        ProjectDirs::from("", "", "handback").map(Self)
    }

    /// The configuration file, whether it is there or not.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.0.config_dir().join("config.toml")
    }

    /// The folder of what must be kept: a desk's own database.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.0.data_dir()
    }

    /// The folder of what would be missed but not mourned: drafts, the log.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.0
            .state_dir()
            .unwrap_or_else(|| self.0.data_local_dir())
            .to_owned()
    }

    /// Where `login` keeps the token for the desk at a place.
    #[must_use]
    pub fn kept_token(&self, place: &str) -> PathBuf {
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = place.chars().map(safe).take(80).collect();
        // Two places may differ only in what a file's name cannot say.
        let sum = crc32fast::hash(place.as_bytes());
        self.state()
            .join("tokens")
            .join(format!("{name}-{sum:08x}"))
    }

    /// The folder for sockets: `$XDG_RUNTIME_DIR/handback`, else `run/` in the state folder.
    #[must_use]
    pub fn runtime(&self) -> PathBuf {
        match self.0.runtime_dir() {
            Some(runtime) => runtime.to_owned(),
            None => self.state().join("run"),
        }
    }

    /// The socket of a desk that this account serves for itself.
    #[must_use]
    pub fn own_socket(&self) -> PathBuf {
        self.runtime().join("desk.sock")
    }
}
