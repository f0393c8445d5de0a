//! `handback serve`: the desk itself, until it is told to stop.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    thread::available_parallelism,
    time::Duration,
};

use clap::{Args, value_parser};
use rustix::process::{Resource, Signal, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use super::{
    Outcome,
    database::{Database, sqlite_path},
    exit::{Exit, Failure},
    print,
    serving::Serving,
};
use crate::{
    domain::text::Safe,
    folders::Folders,
    log, say,
    server::{Access, CannotListen, GRACE, Limits, Listener, Options, serve, store},
};

/// Serve a desk: what advisors' consoles connect to
///
/// Alone it keeps everything in SQLite in your data folder and listens on a socket in your runtime folder.
#[derive(Clone, Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    database: Database,
    /// Listen on this address as well; consoles then show a token (may be repeated)
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Vec<SocketAddr>,
    /// Listen on this socket, where the system says who connects
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Who may use the socket: 0660 with --socket-group for colleagues' accounts
    #[arg(long, value_name = "MODE", default_value = "0600", value_parser = mode)]
    socket_mode: u32,
    /// The group the socket is given to
    #[arg(long, value_name = "NAME")]
    socket_group: Option<String>,
    /// A proxy in front does TLS, so any address may be listened on
    #[arg(long)]
    behind_proxy: bool,
    /// How many seconds a console whose line broke has to come back before its advisor counts as signed out
    #[arg(long, value_name = "SECONDS", default_value_t = GRACE.as_secs(), value_parser = value_parser!(u64).range(..=86_400))]
    grace: u64,
    /// Erase what was written in conversations so many days after they were closed and went quiet; without it all is kept
    #[arg(long, value_name = "DAYS", value_parser = value_parser!(u32).range(1..))]
    retention_days: Option<u32>,
}

fn mode(text: &str) -> Result<u32, String> {
    match u32::from_str_radix(text, 8) {
        Ok(mode @ 0o600..=0o777) => Ok(mode),
        _ => Err("a mode is octal, 0600 to 0777".into()),
    }
}

/// Serves until SIGTERM or SIGINT; then closes gracefully and ends with 0 (R36).
///
/// # Errors
/// 64 for a group that is not there or an address without TLS, 69 if database or listeners are not to be had,
/// 77 for secrets in the wrong place.
pub(super) fn run(args: &ServeArgs) -> Outcome {
    raise_the_limit_of_files();
    // One more than a core or two, so that one long query stops nobody; more than four were never busy.
    let workers = available_parallelism().map_or(2, |n| n.get().clamp(2, 4));
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Unreachable, error))?
        .block_on(run_until_told(args))
}

/// Lets the desk have as many files open as the host allows this account: every console is two connections,
/// and the usual 1,024 are for programs that serve nobody.
fn raise_the_limit_of_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // With fewer it serves fewer.
    let _ = setrlimit(Resource::Nofile, limit);
}

async fn run_until_told(args: &ServeArgs) -> Outcome {
    log::begin(tracing::Level::INFO);
    // Before anything is promised: a signal in between would end us without a goodbye.
    let unheard = |error| Failure::new(Exit::Unreachable, error);
    // A file that may not grow is an error to be answered, not the end of the desk (R30).
    let _full = signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).map_err(unheard)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(unheard)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unheard)?;
    let url = args.database.url()?;
    let opening = store::Options {
        serves: true,
        ..store::Options::default()
    };
    let (store, shown) = args.database.open_with("serve", opening).await?;
    let _alone = sqlite_path(&url).map(Serving::of).transpose()?;
    let listeners = listeners(args).await?;
    print::note(&Safe::line(&format!("serving {shown}")));
    let limits = Limits::default();
    let (all, strangers) = (limits.connections, limits.strangers);
    print::note(&say!(
        "room for {all} connections, {strangers} of them before a token is shown (ulimit -n)"
    ));
    for listener in &listeners {
        print::note(&Safe::line(&format!("listening on {}", listener.place())));
    }
    for line in invitations(args, &listeners) {
        print::note(&Safe::line(&line));
    }
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let options = Options {
        grace: Duration::from_secs(args.grace),
        limits,
        retention_days: args.retention_days,
        ..Options::default()
    };
    serve(listeners, store.clone(), options, stop)
        .await
        .map_err(|error| Failure::new(Exit::Unreachable, error))?;
    store.close().await;
    Ok(Exit::Done)
}

async fn listeners(args: &ServeArgs) -> Result<Vec<Listener>, Failure> {
    let failed = |error: CannotListen| {
        let exit = match error {
            CannotListen::Unprotected(_) => Exit::Usage,
            _ => Exit::Unreachable,
        };
        Failure::new(exit, error)
    };
    let mut listeners = Vec::new();
    for address in &args.listen {
        let listener = Listener::tcp(*address, args.behind_proxy).await;
        listeners.push(listener.map_err(failed)?);
    }
    if let Some(path) = socket(args)? {
        let access = Access {
            mode: args.socket_mode,
            group: args.socket_group.as_deref().map(group).transpose()?,
        };
        listeners.push(Listener::unix(&path, &access).map_err(failed)?);
    }
    Ok(listeners)
}

/// The socket to listen on: as told, or one's own if nothing else was said.
fn socket(args: &ServeArgs) -> Result<Option<PathBuf>, Failure> {
    if let Some(path) = &args.socket {
        let absolute = std::path::absolute(path);
        return absolute
            .map(Some)
            .map_err(|error| Failure::new(Exit::Usage, error));
    }
    if !args.listen.is_empty() {
        return Ok(None);
    }
    match Folders::of_this_account() {
        Some(folders) => Ok(Some(folders.own_socket())),
        None => Err(Failure::new(
            Exit::Usage,
            "this account has no home: name a socket with --socket",
        )),
    }
}

/// The number of a group, as the host's name service knows it.
fn group(name: &str) -> Result<u32, Failure> {
    let asked = Command::new("getent").args(["group", "--", name]).output();
    asked
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .and_then(|line| line.split(':').nth(2)?.parse().ok())
        .ok_or_else(|| Failure::new(Exit::Usage, format_args!("this host has no group {name:?}")))
}

/// What a colleague runs to come here, one line for each way in.
fn invitations(args: &ServeArgs, listeners: &[Listener]) -> Vec<String> {
    let own = Folders::of_this_account().map(|folders| folders.own_socket());
    let invite = |listener: &Listener| match listener {
        Listener::Tcp(_) => {
            let place = listener.place();
            format!(
                "a colleague runs: handback --desk {place} --token-file FILE   (`handback admin token` makes the token)"
            )
        }
        Listener::Unix(socket) => invitation(socket.path(), own.as_deref(), args.socket_mode),
    };
    listeners.iter().map(invite).collect()
}

fn invitation(socket: &Path, own: Option<&Path>, mode: u32) -> String {
    let place = socket.display();
    if mode & 0o066 != 0 {
        format!("a colleague runs: handback --desk unix:{place}")
    } else if own == Some(socket) {
        "you run: handback   (for colleagues' accounts: --socket-mode 0660 --socket-group NAME)"
            .into()
    } else {
        format!(
            "you run: handback --desk unix:{place}   (for colleagues' accounts: --socket-mode 0660 --socket-group NAME)"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_octal_and_leaves_the_owner_in() {
        assert_eq!(mode("0660"), Ok(0o660));
        assert_eq!(mode("600"), Ok(0o600));
        for wrong in ["0", "0400", "1777", "rw", "-1"] {
            assert!(mode(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn who_serves_is_told_the_line_a_colleague_needs() {
        let own = Path::new("/run/user/1/handback/desk.sock");
        assert!(invitation(own, Some(own), 0o600).starts_with("you run: handback   ("));
        let shared = invitation(Path::new("/srv/d.sock"), Some(own), 0o660);
        assert_eq!(shared, "a colleague runs: handback --desk unix:/srv/d.sock");
    }
}
