//! Serving a desk: from bound listeners to the last answer.

use std::{
    convert::Infallible,
    io,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use hyper::{
    Request,
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tower::ServiceExt;

use super::{
    allowance::Allowances,
    closing::closed,
    consoles::Consoles,
    doors::{Doors, Origin, Visit},
    error::Failure,
    hub::Hub,
    limits::{HEAD, Limits},
    listen::Listener,
    outbox,
    pace::{Paced, Patience, Progress},
    routes::router,
    session::{Peer, Sessions},
    store::{Store, StoreError},
    streams::Streams,
    there::There,
    whereabouts,
    world::{Parts, World},
};

/// How a desk is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// Words to show over everything (`DEMO, no real customers`).
    pub banner: Option<String>,
    /// On a Unix socket, too, a token says who asks: for a demo, where one account plays everybody.
    pub tokens_over_socket: bool,
    /// Whose consoles are there: hand one in to watch them come and go.
    pub consoles: Consoles,
    /// How long a lost line is none: within it, who comes back was never away (Q9).
    pub grace: Duration,
    /// How often it is looked for those who did not come back, by the host's own time; not zero.
    pub looks: Duration,
    /// How much of the desk one side may use (R35).
    pub limits: Limits,
    /// After how many days without a word the words of closed conversations are erased; `None`: never.
    pub retention_days: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            banner: None,
            tokens_over_socket: false,
            consoles: Consoles::default(),
            grace: GRACE,
            looks: LOOKS,
            limits: Limits::default(),
            retention_days: None,
        }
    }
}

/// How long a lost line is none unless one says otherwise (Q9).
pub const GRACE: Duration = Duration::from_secs(120);
/// How often it is looked for those who did not come back.
const LOOKS: Duration = Duration::from_secs(1);
/// How long what is under way may take once the desk is told to stop (R36).
const CLOSING: Duration = Duration::from_secs(10);
/// How often what is no longer kept is forgotten.
const PRUNE: Duration = Duration::from_secs(3600);
/// How long to wait when the system gives no more connections.
const OUT_OF_FILES: Duration = Duration::from_millis(50);

/// Serves a desk until `stop` is done, then lets what is under way finish: event streams end with a word when
/// to come back, requests are answered, and after ten seconds what is left is cut off (R36).
///
/// # Errors
/// The database's, if it does not answer at the start.
pub async fn serve(
    listeners: Vec<Listener>,
    store: Store,
    options: Options,
    stop: impl Future<Output = ()>,
) -> Result<(), StoreError> {
    let there = There::new(store.drafts().await?);
    let hub = Hub::new(&store, there.clone()).await?;
    let (close, closing) = watch::channel(false);
    let world = World::new(Parts {
        store: store.clone(),
        hub: hub.clone(),
        sessions: Sessions::new(options.tokens_over_socket),
        consoles: options.consoles.clone(),
        grace: options.grace,
        limits: options.limits,
        allowances: Allowances::new(&options.limits),
        streams: Streams::new(options.limits.streams),
        there,
        banner: options.banner,
        closing,
    });
    // Dropping the sets, on any way out of here, ends all their tasks.
    let mut beside = JoinSet::new();
    beside.spawn(hub.clone().follow(store.clone()));
    if store.is_shared() {
        beside.spawn(hub.follow_drafts(store.clone()));
        beside.spawn(whereabouts::follow_others(world.clone()));
    }
    beside.spawn(
        options
            .consoles
            .clone()
            .keep(store.clone(), options.grace, options.looks),
    );
    beside.spawn(prune(store.clone(), options.retention_days));
    let mut accepting = JoinSet::new();
    accepting.spawn(outbox::deliver(store.clone(), world.closing.clone()));
    let doors = Doors::new(options.limits);
    for listener in listeners {
        let (router, closing) = (router(world.clone()), world.closing.clone());
        accepting.spawn(accept(listener, router, doors.clone(), closing));
    }
    stop.await;
    tracing::info!("closing");
    close.send_replace(true);
    let finished = async { while accepting.join_next().await.is_some() {} };
    if timeout(CLOSING, finished).await.is_err() {
        tracing::warn!("some requests were still under way and are cut off");
    }
    // From now on, not only once their silence is noticed, who sits here has the grace to come back.
    drop(beside);
    if let Err(error) = all_lost(&store).await {
        tracing::warn!(%error, "cannot say that nobody is connected any more");
    }
    Ok(())
}

/// Nobody is connected to this process any more.
async fn all_lost(store: &Store) -> Result<(), StoreError> {
    store.lose(&store.live_here().await?).await
}

/// Forgets now and then what is no longer kept.
async fn prune(store: Store, retention_days: Option<u32>) {
    loop {
        if let Err(error) = store.prune().await {
            tracing::warn!(%error, "cannot forget what is no longer kept");
        }
        if let Some(days) = retention_days {
            match store.erase_closed_before(store.days_ago(days)).await {
                Ok(erased) if erased.conversations > 0 => {
                    tracing::info!(
                        conversations = erased.conversations,
                        "erased what was kept long enough"
                    );
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "cannot erase what was kept long enough"),
            }
        }
        tokio::time::sleep(PRUNE).await;
    }
}

/// Takes connections until the desk closes, then waits for those it has.
async fn accept(
    listener: Listener,
    router: Router,
    doors: Doors,
    mut closing: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        let connected = tokio::select! {
            () = closed(&mut closing) => break,
            Some(_) = connections.join_next() => continue,
            connected = listener.connect() => connected,
        };
        match connected {
            Ok((line, peer, origin)) => {
                let progress = Progress::default();
                // Where all places are taken by those who are known, it is hung up on.
                if let Some(visit) = doors.enter(origin, progress.clone()).await {
                    let (router, closing) = (router.clone(), closing.clone());
                    connections.spawn(converse(line, peer, visit, progress, router, closing));
                }
                // What just came is heard before the next one is let in.
                tokio::task::yield_now().await;
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(OUT_OF_FILES).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// A connection of either kind.
trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

impl Listener {
    async fn connect(&self) -> io::Result<(Box<dyn Line>, Peer, Origin)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, from) = listener.accept().await?;
                let _ = stream.set_nodelay(true);
                Ok((Box::new(stream), Peer::Tcp, from.ip().into()))
            }
            Self::Unix(socket) => {
                let (stream, _) = socket.listener.accept().await?;
                let uid = stream.peer_cred().ok().map(|peer| peer.uid());
                let peer = Peer::Unix { uid };
                Ok((Box::new(stream), peer, Origin::Account(uid)))
            }
        }
    }
}

/// Answers the requests of one connection.
async fn converse(
    line: Box<dyn Line>,
    peer: Peer,
    visit: Visit,
    progress: Progress,
    router: Router,
    mut closing: watch::Receiver<bool>,
) {
    let limits = *visit.limits();
    let line = Paced::new(line, progress.clone(), Patience::from(&limits));
    let visit = Arc::new(visit);
    let visitor = Arc::clone(&visit);
    let service = service_fn(move |mut request| {
        progress.begins();
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(Arc::clone(&visitor));
        let answered = answer(request, router.clone());
        let progress = progress.clone();
        async move {
            let response = answered.await;
            Ok::<_, Infallible>(response.map(|body| Answered { body, progress }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(HEAD)
        .serve_connection(TokioIo::new(line), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = visit.is_told_to_leave() => return,
        () = closed(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// One answer; a bug of ours is one too, and costs nobody else theirs.
async fn answer(request: Request<Incoming>, router: Router) -> Response {
    let path = request.uri().path().to_owned();
    let answered = AssertUnwindSafe(router.oneshot(request.map(Body::new)));
    let response = match answered.catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => Failure::bug().into_response(),
    };
    if response.status().is_server_error() {
        tracing::error!(
            status = response.status().as_u16(),
            path,
            "a request failed"
        );
    }
    response
}

/// The body of an answer, which says when it has been sent.
struct Answered {
    body: Body,
    progress: Progress,
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.progress.ends();
    }
}
