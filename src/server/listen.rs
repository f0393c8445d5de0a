//! Where a desk listens: TCP addresses and Unix sockets, bound before anything is served.

use std::{
    fs, io,
    net::SocketAddr,
    os::unix::{
        fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt},
        net::UnixStream as StdUnixStream,
    },
    path::{Path, PathBuf},
};

use tokio::net::{TcpListener, TcpSocket, UnixListener};

/// Something a desk listens on, bound.
#[derive(Debug)]
pub enum Listener {
    /// A TCP port; who asks shows a token.
    Tcp(TcpListener),
    /// A Unix socket; the kernel says who asks.
    Unix(Socket),
}

/// A bound Unix socket, which is removed from the file system when it is dropped.
#[derive(Debug)]
pub struct Socket {
    pub(super) listener: UnixListener,
    path: PathBuf,
    /// Device and inode: what another desk put there since is not ours to remove.
    identity: (u64, u64),
}

/// Who may connect to a Unix socket.
#[derive(Clone, Debug)]
pub struct Access {
    /// The socket's mode, set explicitly whatever the umask: `0o600` unless colleagues' accounts share it.
    pub mode: u32,
    /// The id of the group the socket is given to, if it is shared with one.
    pub group: Option<u32>,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            mode: 0o600,
            group: None,
        }
    }
}

/// Why a desk cannot listen where it was told to.
#[derive(Debug, thiserror::Error)]
pub enum CannotListen {
    /// Another desk answers there.
    #[error("another desk is listening on {}", .0.display())]
    InUse(PathBuf),
    /// Something that is no socket lies there, and is left alone.
    #[error("{} is there already and is no socket", .0.display())]
    NotASocket(PathBuf),
    /// A token sent to this address could be read on the way (R42).
    #[error(
        "{0} is not loopback, and without TLS tokens could be read on the way: let a proxy do TLS and say --behind-proxy"
    )]
    Unprotected(SocketAddr),
    /// The system says no.
    #[error("cannot listen on {place}: {why}")]
    System {
        /// Where.
        place: String,
        /// What it said.
        why: io::Error,
    },
}

impl Listener {
    /// Binds a TCP port. An address that is not loopback needs the word that a proxy does TLS.
    ///
    /// # Errors
    /// [`CannotListen`].
    pub async fn tcp(address: SocketAddr, behind_proxy: bool) -> Result<Self, CannotListen> {
        if !address.ip().is_loopback() && !behind_proxy {
            return Err(CannotListen::Unprotected(address));
        }
        match bound(address) {
            Ok(listener) => Ok(Self::Tcp(listener)),
            Err(why) => Err(CannotListen::System {
                place: address.to_string(),
                why,
            }),
        }
    }

    /// Binds a Unix socket. Its folder is made (0700) if it is missing; a socket nobody answers on, left
    /// by a desk that was killed, is replaced.
    ///
    /// # Errors
    /// [`CannotListen`].
    pub fn unix(path: &Path, access: &Access) -> Result<Self, CannotListen> {
        let system = |why| CannotListen::System {
            place: path.display().to_string(),
            why,
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(system)?;
        }
        clear(path)?;
        // Bound under another name and moved into place when its mode is right, so that nobody can
        // connect in between, and two desks started at once cannot both believe they have it.
        let mut own = path.as_os_str().to_owned();
        own.push(format!(".{}", std::process::id()));
        let own = PathBuf::from(own);
        let _ = fs::remove_file(&own);
        let listener = UnixListener::bind(&own).map_err(system)?;
        let placed = place(&own, path, access);
        let _ = fs::remove_file(&own);
        let identity = placed.map_err(|why| match why.kind() {
            io::ErrorKind::AlreadyExists => CannotListen::InUse(path.to_owned()),
            _ => system(why),
        })?;
        Ok(Self::Unix(Socket {
            listener,
            path: path.to_owned(),
            identity,
        }))
    }

    /// Where it listens, as a console is told: `http://ADDRESS` or `unix:PATH`.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::Tcp(listener) => match listener.local_addr() {
                Ok(address) => format!("http://{address}"),
                Err(_) => "http://?".to_owned(),
            },
            Self::Unix(socket) => format!("unix:{}", socket.path().display()),
        }
    }
}

/// How many may knock at once: many more than are waiting for an answer in a usual burst, so that a flood of others does
/// not keep anybody's first packet out (R35). The system may allow fewer.
const KNOCKING: u32 = 4096;

fn bound(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(KNOCKING)
}

/// Removes a socket that nobody listens on.
fn clear(path: &Path) -> Result<(), CannotListen> {
    let Ok(found) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if !found.file_type().is_socket() {
        return Err(CannotListen::NotASocket(path.to_owned()));
    }
    match StdUnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path)
            .map_err(|why| CannotListen::System {
                place: path.display().to_string(),
                why,
            }),
        // Answered, or not ours to try: somebody's desk.
        _ => Err(CannotListen::InUse(path.to_owned())),
    }
}

/// Gives the socket at `own` its mode and group and its real name; fails if that name is taken.
fn place(own: &Path, path: &Path, access: &Access) -> io::Result<(u64, u64)> {
    if let Some(group) = access.group {
        std::os::unix::fs::chown(own, None, Some(group))?;
    }
    fs::set_permissions(own, fs::Permissions::from_mode(access.mode))?;
    let made = fs::symlink_metadata(own)?;
    fs::hard_link(own, path)?;
    Ok((made.dev(), made.ino()))
}

impl Socket {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path)
            .is_ok_and(|found| (found.dev(), found.ino()) == self.identity)
        {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn a_socket_has_its_mode_and_its_folder_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run/desk.sock");
        let listener = Listener::unix(&path, &Access::default()).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        drop(listener);
        assert!(!path.exists(), "removed when it is done with");
        let shared = Access {
            mode: 0o660,
            group: None,
        };
        let _listener = Listener::unix(&path, &shared).unwrap();
        assert_eq!(mode(&path), 0o660);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_dead_socket_is_replaced_a_live_one_and_a_file_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let live = Listener::unix(&path, &Access::default()).unwrap();
        let second = Listener::unix(&path, &Access::default());
        assert!(matches!(second, Err(CannotListen::InUse(_))));
        drop(live);
        fs::write(&path, "a file").unwrap();
        let third = Listener::unix(&path, &Access::default());
        assert!(matches!(third, Err(CannotListen::NotASocket(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "a file");
    }

    #[tokio::test]
    async fn what_another_desk_put_there_since_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.sock");
        let first = Listener::unix(&path, &Access::default()).unwrap();
        fs::remove_file(&path).unwrap();
        let _second = Listener::unix(&path, &Access::default()).unwrap();
        drop(first);
        assert!(path.exists());
    }

    #[tokio::test]
    async fn r42_tcp_without_tls_is_for_loopback() {
        let open: SocketAddr = "0.0.0.0:0".parse().unwrap();
        assert!(matches!(
            Listener::tcp(open, false).await,
            Err(CannotListen::Unprotected(_))
        ));
        assert!(Listener::tcp(open, true).await.is_ok());
    }
}
