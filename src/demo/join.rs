//! Finding the demo that is running, or starting it.

use std::{
    fs::OpenOptions,
    io::{self, BufRead as _, BufReader},
    os::unix::fs::OpenOptionsExt as _,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    background::{Play, READY},
    folder::{Folder, Lock},
    seeding::{GATEWAY, TEAM},
};

/// How long a desk may take to end that is told to: it finishes what is under way (R36).
const ENDS_WITHIN: Duration = Duration::from_secs(12);

/// Why there is no demo to join.
#[derive(Debug, thiserror::Error)]
pub enum NoDemo {
    /// Nobody is called that.
    #[error("nobody of the demo is called {who:?}; there are:\n{everybody}")]
    NoSuchUser {
        /// The name that was asked for.
        who: String,
        /// Everybody, one a line.
        everybody: String,
    },
    /// What was asked for decides how a demo begins.
    #[error(
        "a demo is running already, and not as asked: join it without --size and --still, or begin anew with --fresh"
    )]
    Running,
    /// Beginning anew would take the desk away from others.
    #[error(
        "somebody is in the demo that is running: quit their consoles first, or join them without --fresh"
    )]
    NotAlone,
    /// The desk that runs goes on.
    #[error("the demo that is running does not end; its process is {0}")]
    DoesNotEnd(String),
    /// The desk did not start.
    #[error("the demo did not start: {0}")]
    DidNotStart(String),
    /// The system says no.
    #[error("the demo cannot use {place}: {why}")]
    System {
        /// Where.
        place: String,
        /// What it said.
        why: io::Error,
    },
}

/// What is wished for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// As whom, by username.
    pub user: String,
    /// How a demo is to be played that begins.
    pub play: Play,
    /// Begin anew, whatever is running.
    pub fresh: bool,
}

/// Finds the demo or starts it. As long as the answer is held, the demo does not end.
///
/// # Errors
/// [`NoDemo`], in words that say what to do.
pub fn join(folder: &Folder, wish: &Wish) -> Result<Lock, NoDemo> {
    let everybody = everybody();
    if !everybody.iter().any(|(username, _)| *username == wish.user) {
        let line = |(username, about): &(String, String)| format!("  {username:<6} {about}");
        let lines: Vec<String> = everybody.iter().map(line).collect();
        return Err(NoDemo::NoSuchUser {
            who: wish.user.clone(),
            everybody: lines.join("\n"),
        });
    }
    let system = |why| NoDemo::System {
        place: folder.path().display().to_string(),
        why,
    };
    let _starting = folder.starting().map_err(system)?;
    if folder.is_answered() {
        if !wish.fresh {
            let as_it_is = wish.play.size.is_none() && (!wish.play.still || folder.is_still());
            return if as_it_is {
                folder.join().map_err(system)
            } else {
                Err(NoDemo::Running)
            };
        }
        let Some(_alone) = folder.alone().map_err(system)? else {
            return Err(NoDemo::NotAlone);
        };
        end(folder)?;
    }
    folder.make().map_err(system)?;
    if wish.play.still {
        folder.keep_still().map_err(system)?;
    }
    start(folder, &wish.play)?;
    folder.join().map_err(system)
}

/// Everybody of the demo who can sit at a console, by username, with name and organisation.
#[must_use]
pub fn everybody() -> Vec<(String, String)> {
    let team: toml::Table = toml::from_str(TEAM).unwrap_or_default();
    let users = team.get("user").and_then(toml::Value::as_array);
    let text = |user: &toml::Value, field: &str| user.get(field)?.as_str().map(str::to_owned);
    users
        .into_iter()
        .flatten()
        .filter_map(|user| {
            let about = format!(
                "{} · {}, {}",
                text(user, "name")?,
                text(user, "organisation")?,
                text(user, "role")?
            );
            Some((text(user, "username")?, about))
        })
        .filter(|(username, _)| username != GATEWAY)
        .collect()
}

/// Tells the desk that answers there to end, and waits until it answers no more.
fn end(folder: &Folder) -> Result<(), NoDemo> {
    let process = folder
        .claimed_by()
        .and_then(|number| number.try_into().ok());
    let Some(pid) = process.and_then(Pid::from_raw) else {
        return Err(NoDemo::DoesNotEnd("?".to_owned()));
    };
    let _ = kill_process(pid, Signal::TERM);
    let told = Instant::now();
    while folder.is_answered() {
        if told.elapsed() > ENDS_WITHIN {
            return Err(NoDemo::DoesNotEnd(pid.to_string()));
        }
        sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Starts a desk and waits until it says that it can be asked.
fn start(folder: &Folder, play: &Play) -> Result<(), NoDemo> {
    let failed = |why: io::Error| NoDemo::DidNotStart(why.to_string());
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    let log = options.open(folder.log()).map_err(failed)?;
    let mut command = Command::new(std::env::current_exe().map_err(failed)?);
    command
        .args(arguments(play))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    // So that the folder it was started in can be removed.
    command.current_dir("/");
    let mut desk = command.spawn().map_err(failed)?;
    let mut said = String::new();
    if let Some(stdout) = desk.stdout.take() {
        BufReader::new(stdout)
            .read_line(&mut said)
            .map_err(failed)?;
    }
    match said.trim_end() {
        READY => Ok(()),
        "" => {
            let log = std::fs::read_to_string(folder.log()).unwrap_or_default();
            let last = log.lines().rev().find(|line| !line.trim().is_empty());
            Err(NoDemo::DidNotStart(
                last.unwrap_or("it ended without a word").to_owned(),
            ))
        }
        why => Err(NoDemo::DidNotStart(why.to_owned())),
    }
}

/// The command line of the desk's process; [`crate::cli`] reads it back.
fn arguments(play: &Play) -> Vec<String> {
    let mut arguments = vec![
        "demo".to_owned(),
        "--be-the-desk".to_owned(),
        format!("--seed={}", play.seed),
        format!("--linger={}", play.linger.as_millis()),
    ];
    arguments.extend(play.size.map(|size| format!("--size={size}")));
    arguments.extend(play.still.then(|| "--still".to_owned()));
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(user: &str) -> Wish {
        Wish {
            user: user.to_owned(),
            fresh: false,
            play: Play {
                size: None,
                still: false,
                seed: 1,
                linger: Duration::from_secs(10),
            },
        }
    }

    #[test]
    fn whoever_asks_for_nobody_is_told_who_there_is() {
        let runtime = tempfile::tempdir().unwrap();
        let folder = Folder::among(runtime.path());
        let error = join(&folder, &wish("nobody")).unwrap_err().to_string();
        for words in [
            "\"nobody\"",
            "anna   Anna Webb · Cardiff, advisor",
            "gwen",
            "fred",
        ] {
            assert!(error.contains(words), "{error}");
        }
        assert!(!error.contains("gateway"));
        assert!(!folder.path().exists(), "nothing was started");
    }

    #[test]
    fn the_gateway_sits_at_no_console() {
        let runtime = tempfile::tempdir().unwrap();
        let error = join(&Folder::among(runtime.path()), &wish(GATEWAY)).unwrap_err();
        assert!(matches!(error, NoDemo::NoSuchUser { .. }));
    }
}
