//! A line to a desk that does what lines do to what passes over them: it is cut, loses answers, is slow or thin, goes
//! silent without a word, or holds back what the desk tells by itself. Each can be switched while it is in use, and
//! mended; nothing about it is left to chance.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    io,
    net::TcpListener,
    os::unix::{fs::PermissionsExt, net::UnixListener},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpStream, UnixStream},
    runtime::{Builder, Runtime},
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until},
};

use handback::desk::version::OURS;

/// Bytes read at once.
const PIECE: usize = 16 * 1024;
/// Pieces under way in one direction: a line holds only so much.
const UNDER_WAY: usize = 64;

/// What the line does to what passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Weather {
    cut: bool,
    loses_answers: bool,
    silent: bool,
    holds_stream: bool,
    /// Which version the desk claims to be of, in the place of ours.
    claims: Option<&'static str>,
    /// To the desk, and back.
    delays: [Duration; 2],
    /// In each direction of each connection.
    bits_per_second: Option<u64>,
}

/// Listens for consoles and passes everything on, as the weather allows. Dropping it breaks everything off.
pub struct Line {
    place: Place,
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
    _folder: Option<tempfile::TempDir>,
}

/// Where a console, or the desk, is.
#[derive(Clone, Debug)]
enum Place {
    Tcp(String),
    Unix(PathBuf),
}

struct Shared {
    weather: watch::Sender<Weather>,
    asked: Mutex<Vec<Asked>>,
}

/// A request that came to the line, whether it got any further or not.
#[derive(Clone, Debug)]
pub struct Asked {
    /// When.
    pub at: Instant,
    /// `GET /v1/events`.
    pub what: String,
}

impl Line {
    /// To the desk that listens at this address.
    pub fn to(desk: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        // A floor of consoles that come back knocks at once.
        rustix::net::listen(&listener, 4096).expect("a longer queue");
        let address = listener.local_addr().expect("its address").to_string();
        listener.set_nonblocking(true).expect("a listener");
        let mut line = Self::at(Place::Tcp(address), None);
        let desk = Place::Tcp(desk.to_owned());
        line.serve(async move |shared| {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            loop {
                // One that gave up meanwhile, say: the next one is no worse for it.
                let Ok((console, _)) = listener.accept().await else {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    continue;
                };
                let _ = console.set_nodelay(true);
                tokio::spawn(pass_on(console, desk.clone(), Arc::clone(&shared)));
            }
        });
        line
    }

    /// To the desk at this socket; it is a socket itself, at [`Line::socket`]. Whoever asks is this account.
    pub fn to_socket(desk: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("line.sock");
        let listener = UnixListener::bind(&path).expect("a socket");
        let own = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, own).expect("permissions");
        listener.set_nonblocking(true).expect("a listener");
        let mut line = Self::at(Place::Unix(path), Some(folder));
        let desk = Place::Unix(desk.to_owned());
        line.serve(async move |shared| {
            let listener = tokio::net::UnixListener::from_std(listener).expect("a listener");
            loop {
                let Ok((console, _)) = listener.accept().await else {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    continue;
                };
                tokio::spawn(pass_on(console, desk.clone(), Arc::clone(&shared)));
            }
        });
        line
    }

    fn at(place: Place, folder: Option<tempfile::TempDir>) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        Self {
            place,
            shared: Arc::new(Shared {
                weather: watch::Sender::new(Weather::default()),
                asked: Mutex::default(),
            }),
            runtime: Some(runtime.expect("a runtime")),
            _folder: folder,
        }
    }

    fn serve<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        listens: impl FnOnce(Arc<Shared>) -> F,
    ) {
        let listens = listens(Arc::clone(&self.shared));
        self.runtime.as_ref().expect("a runtime").spawn(listens);
    }

    /// Where a console finds it, over TCP.
    pub fn address(&self) -> &str {
        match &self.place {
            Place::Tcp(address) => address,
            Place::Unix(_) => panic!("it is a socket"),
        }
    }

    /// Where a console finds it, as a socket.
    pub fn socket(&self) -> &Path {
        match &self.place {
            Place::Unix(path) => path,
            Place::Tcp(_) => panic!("it is no socket"),
        }
    }

    /// Nothing comes through, what was under way is broken off, and whoever connects is hung up on.
    pub fn cut(&self) {
        self.becomes(|weather| weather.cut = true);
    }

    /// What is asked comes through, and every answer is lost with the connection it came on.
    pub fn loses_answers(&self) {
        self.becomes(|weather| weather.loses_answers = true);
    }

    /// Nothing comes through in either direction, and nobody is told: connections stay, and so do new ones. What was
    /// under way arrives once it is mended, however late; who connected meanwhile is hung up on then.
    pub fn goes_silent(&self) {
        self.becomes(|weather| weather.silent = true);
    }

    /// Everything takes so long to the desk, and so long back.
    pub fn delays(&self, there: Duration, back: Duration) {
        self.becomes(|weather| weather.delays = [there, back]);
    }

    /// So many bits a second come through, in each direction of each connection.
    pub fn throttles(&self, bits_per_second: u64) {
        self.becomes(|weather| weather.bits_per_second = Some(bits_per_second));
    }

    /// What the desk tells by itself waits from now on, while questions are still answered: a console then shows what
    /// was so a moment ago, and does not know it.
    pub fn holds_stream(&self) {
        self.becomes(|weather| weather.holds_stream = true);
    }

    /// The desk says from now on that it is of this version, which is as long as ours: an upgrade, as far as a console
    /// can tell.
    pub fn claims(&self, version: &'static str) {
        assert_eq!(version.len(), OURS.len());
        self.becomes(|weather| weather.claims = Some(version));
    }

    /// It is whole again, and fast; what waited comes through.
    pub fn mend(&self) {
        self.becomes(|weather| {
            *weather = Weather {
                claims: weather.claims,
                ..Weather::default()
            };
        });
    }

    /// What was asked over it so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().expect("what was asked").clone()
    }

    fn becomes(&self, change: impl FnOnce(&mut Weather)) {
        self.shared.weather.send_modify(change);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// One connection, until one end is gone or the weather ends it.
async fn pass_on<C>(console: C, desk: Place, shared: Arc<Shared>)
where
    C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut weather = shared.weather.subscribe();
    let begins = *weather.borrow();
    if begins.silent {
        let _ = weather.wait_for(|now| !now.silent).await;
        return;
    }
    if begins.cut {
        return;
    }
    let passed = async {
        match desk {
            Place::Tcp(address) => {
                let Ok(desk) = TcpStream::connect(address).await else {
                    return;
                };
                let _ = desk.set_nodelay(true);
                both_ways(console, desk, &shared).await;
            }
            Place::Unix(path) => {
                let Ok(desk) = UnixStream::connect(path).await else {
                    return;
                };
                both_ways(console, desk, &shared).await;
            }
        }
    };
    tokio::select! {
        () = passed => {}
        _ = weather.wait_for(|now| now.cut) => {}
    }
}

async fn both_ways<C, D>(console: C, desk: D, shared: &Shared)
where
    C: AsyncRead + AsyncWrite + Unpin,
    D: AsyncRead + AsyncWrite + Unpin,
{
    let (from_console, to_console) = split(console);
    let (from_desk, to_desk) = split(desk);
    // The last request of a connection says whether it is the stream.
    let is_stream = AtomicBool::new(false);
    let way = |nth| Way {
        nth,
        is_stream: &is_stream,
        shared,
    };
    // An error is a connection broken off: dropping both ends tells both.
    let _ = tokio::try_join!(
        carry(from_console, to_desk, way(THERE)),
        carry(from_desk, to_console, way(BACK))
    );
}

const THERE: usize = 0;
const BACK: usize = 1;

struct Way<'a> {
    nth: usize,
    is_stream: &'a AtomicBool,
    shared: &'a Shared,
}

impl Way<'_> {
    /// Takes a look at what came; an error if it is lost, and the connection with it.
    fn sees(&self, bytes: &[u8]) -> io::Result<()> {
        if self.nth == THERE {
            if let Some(what) = request(bytes) {
                let is_stream = what == "GET /v1/events";
                self.is_stream.store(is_stream, Ordering::SeqCst);
                let at = Instant::now();
                let mut asked = self.shared.asked.lock().expect("what was asked");
                asked.push(Asked { at, what });
            }
            return Ok(());
        }
        match self.shared.weather.borrow().loses_answers {
            true => Err(io::ErrorKind::BrokenPipe.into()),
            false => Ok(()),
        }
    }

    /// Says another version in the place of ours, of the same length.
    fn changes(&self, bytes: &mut [u8]) {
        let claims = self.shared.weather.borrow().claims;
        let Some(claims) = claims.filter(|_| self.nth == BACK) else {
            return;
        };
        let says = format!(r#""desk_version":"{OURS}""#);
        let found = bytes
            .windows(says.len())
            .position(|found| found == says.as_bytes());
        if let Some(at) = found {
            let at = at + says.len() - 1 - OURS.len();
            bytes[at..at + OURS.len()].copy_from_slice(claims.as_bytes());
        }
    }

    fn holds(&self, weather: &Weather) -> bool {
        let is_told = self.nth == BACK && self.is_stream.load(Ordering::SeqCst);
        weather.silent || (weather.holds_stream && is_told)
    }
}

/// `GET /v1/events`, if this is the beginning of a request.
fn request(bytes: &[u8]) -> Option<String> {
    let line = bytes.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?.strip_suffix(" HTTP/1.1")?;
    Some(line.split('?').next()?.to_owned())
}

/// Carries what comes until it ends, in order and none of it twice.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    way: Way<'_>,
) -> io::Result<()> {
    let (send, mut under_way) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let mut weather = way.shared.weather.subscribe();
    let reads = async {
        let send = send;
        loop {
            let mut piece = vec![0; PIECE];
            let count = from.read(&mut piece).await?;
            piece.truncate(count);
            way.sees(&piece)?;
            way.changes(&mut piece);
            let due = Instant::now() + way.shared.weather.borrow().delays[way.nth];
            if send.send((due, piece)).await.is_err() || count == 0 {
                return Ok(());
            }
        }
    };
    let writes = async {
        while let Some((due, piece)) = under_way.recv().await {
            sleep_until(due).await;
            let now = weather.wait_for(|now| !way.holds(now)).await;
            let bits_per_second = now.map_err(io::Error::other)?.bits_per_second;
            if piece.is_empty() {
                break; // The end takes as long as what was before it.
            }
            let Some(bits_per_second) = bits_per_second else {
                to.write_all(&piece).await?;
                continue;
            };
            // A twentieth of a second's worth at a time.
            let worth = usize::try_from(bits_per_second / 160).unwrap_or(PIECE);
            for part in piece.chunks(worth.max(1)) {
                to.write_all(part).await?;
                let bits = u32::try_from(part.len() * 8).expect("a piece is small");
                sleep(
                    Duration::from_secs(1) * bits
                        / u32::try_from(bits_per_second).unwrap_or(u32::MAX),
                )
                .await;
            }
        }
        to.shutdown().await
    };
    tokio::try_join!(reads, writes).map(drop)
}
