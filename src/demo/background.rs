//! The demo's desk, in a process of its own: it begins with the first console and ends after the last.

use std::{io, process, sync::Arc, time::Duration};

use secrecy::SecretString;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    content::Content,
    dice::Dice,
    folder::{Folder, Lock},
    seeding::{GATEWAY, OFF, SEAT, seed},
    troupe::{Colleague, Troupe},
};
use crate::{
    desk::handback::{Handback, Options as Client, Place},
    log,
    server::{
        Access, Consoles, Listener, Options, serve,
        store::{Directory, Store},
    },
};

/// How the demo is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// How many conversations Anna sees; `None`: those the demo is written with, for everybody.
    pub size: Option<usize>,
    /// Nobody does anything but those at a console.
    pub still: bool,
    /// Decides who says what, and what happens next.
    pub seed: u64,
    /// How long the desk waits for a console when there is none.
    pub linger: Duration,
}

/// What the console's header says.
const BANNER: &str = "DEMO, no real customers";
/// What the desk says on standard output, alone on a line, once it can be asked; what went wrong otherwise.
pub const READY: &str = "ready";
/// How often it looks whether anybody is still there.
const LOOKS: Duration = Duration::from_secs(1);

/// Is the demo's desk until nobody is there any more. Says on standard output how it began, and then nothing.
pub fn run(folder: &Folder, play: &Play) -> color_eyre::Result<()> {
    // Whoever started us may hang up, or press Ctrl-C; neither is meant for the desk others are at.
    let _ = rustix::process::setsid();
    log::begin(tracing::Level::WARN);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let done = runtime.block_on(be_a_desk(folder, play));
    if let Err(error) = &done {
        say(&format!("{error:#}"));
    }
    drop(runtime);
    let _last = done?;
    // Ended by another who begins anew, the folder may be theirs by now.
    if folder.claimed_by() == Some(process::id()) {
        folder.remove()?;
    }
    Ok(())
}

/// Everything between the first console and the last; answers the locks under which it ended.
async fn be_a_desk(folder: &Folder, play: &Play) -> color_eyre::Result<(Lock, Option<Lock>)> {
    let content = Content::read()?;
    let store = Store::open(&format!("sqlite:{}", folder.database().display())).await?;
    let alive = !play.still;
    let stage = seed(&store, folder, &content, play.size, play.seed, alive).await?;
    let listener = Listener::unix(&folder.socket(), &Access::default())?;
    folder.claim()?;
    let consoles = Consoles::default();
    let players = consoles.but_for(SEAT);
    let options = Options {
        banner: Some(BANNER.to_owned()),
        tokens_over_socket: true,
        consoles,
        ..Options::default()
    };
    let mut told = signal(SignalKind::terminate())?;
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(vec![listener], store.clone(), options, async {
        let _ = stopped.await;
    }));
    say(READY);
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    let life = alive
        .then(|| {
            troupe(
                folder,
                &store.directory(),
                content,
                stage,
                players.clone(),
                play.seed,
            )
        })
        .transpose()?
        .map(|troupe| tokio::spawn(troupe.live()));
    let locks = tokio::select! {
        alone = nobody_is_left(folder, &players, play.linger) => { let (a, b) = alone?; (Some(a), Some(b)) }
        _ = told.recv() => (None, None),
    };
    if let Some(life) = life {
        life.abort();
    }
    let _ = stop.send(());
    serving.await??;
    store.close().await;
    let starting = match locks.0 {
        Some(starting) => starting,
        None => folder.starting()?,
    };
    Ok((starting, locks.1))
}

/// Waits until there has been no player's console for so long, and nobody is about to open one.
async fn nobody_is_left(
    folder: &Folder,
    players: &Consoles,
    linger: Duration,
) -> io::Result<(Lock, Lock)> {
    let mut empty_since = Instant::now();
    loop {
        sleep(LOOKS.min(linger)).await;
        if players.count() > 0 {
            empty_since = Instant::now();
        } else if empty_since.elapsed() >= linger
            && let Some(starting) = folder.try_starting()?
            && let Some(alone) = folder.alone()?
        {
            return Ok((starting, alone));
        }
    }
}

/// Everybody who lives in the demo, each with their own token.
pub(super) fn troupe(
    folder: &Folder,
    directory: &Directory,
    content: Content,
    stage: super::stage::Stage,
    players: Consoles,
    seed: u64,
) -> color_eyre::Result<Troupe> {
    let roster = super::seeding::roster(directory);
    let mut colleagues = Vec::new();
    for (id, user) in &directory.users {
        if user.username != GATEWAY {
            colleagues.push(Colleague {
                id: id.clone(),
                first_name: roster.first_name(&user.username).to_owned(),
                desk: Arc::new(client(folder, &user.username, Some(SEAT.to_owned()))?),
                off: OFF.contains(&user.username.as_str()),
                sits: JoinSet::new(),
            });
        }
    }
    colleagues.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Troupe {
        content,
        stage,
        dice: Dice::new(seed).apart(u64::MAX),
        colleagues,
        gateway: client(folder, GATEWAY, None)?,
        players,
    })
}

/// The demo's desk as that user.
///
/// # Errors
/// If there is no token of theirs.
pub fn client(
    folder: &Folder,
    username: &str,
    console: Option<String>,
) -> color_eyre::Result<Handback> {
    let token = std::fs::read_to_string(folder.token(username))?;
    Ok(Handback::new(Client {
        place: Place::Socket(folder.socket()),
        token: Some(SecretString::from(token.trim_end().to_owned())),
        roots: None,
        console,
    })?)
}

/// To whoever started us; that they are gone changes nothing.
fn say(line: &str) {
    let line = format!("{}\n", line.replace('\n', " "));
    let _ = rustix::io::write(rustix::stdio::stdout(), line.as_bytes());
}
