//! The event stream: server-sent events out of an answer without end.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Stream, StreamExt, stream::BoxStream};
use sse_stream::{Sse, SseByteStream};

use super::{answer::foreign, convert, transport::broken};
use crate::{
    desk::{Event, EventStream, Trouble, What},
    domain::{moment::Moment, text::Safe},
};

/// What one frame may hold; the greatest of the contract is a row with a preview of 512 bytes.
const MOST_BYTES: usize = 1 << 20;

/// The events of one subscription, in the order the desk sent them.
pub struct Events {
    frames: SseByteStream<Metered>,
    meter: Arc<Meter>,
    /// What the desk asked for before it closed the stream (R36).
    come_back: Option<Duration>,
}

impl Events {
    /// Reads events out of the body of an answer.
    pub(super) fn new(answer: reqwest::Response) -> Self {
        let chunks = answer.bytes_stream();
        Self::read(chunks.map(|chunk| chunk.map(Vec::from).map_err(broken)))
    }

    /// Reads events out of bytes, in whatever pieces they come.
    pub fn read(bytes: impl Stream<Item = Result<Vec<u8>, Trouble>> + Send + 'static) -> Self {
        let meter = Arc::new(Meter::default());
        Self {
            frames: SseByteStream::new(Metered {
                bytes: bytes.boxed(),
                meter: meter.clone(),
            }),
            meter,
            come_back: None,
        }
    }

    /// The next frame, or `None` if only a comment, or a part of a frame, came.
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Sse>, Trouble>> {
        match self.frames.poll_next_unpin(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.meter.since_frame.store(0, Relaxed);
                self.meter.heard.store(false, Relaxed);
                Poll::Ready(Ok(Some(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Err(unreadable(&error))),
            Poll::Ready(None) => Poll::Ready(Err(match self.come_back {
                Some(wait) => Trouble::Busy(wait),
                None => Trouble::Unreachable(Safe::literal("the desk closed the stream")),
            })),
            Poll::Pending if self.meter.heard.swap(false, Relaxed) => Poll::Ready(Ok(None)),
            Poll::Pending => Poll::Pending,
        }
    }

    /// The event a frame holds; a frame without one says only that the line is alive.
    fn event(&mut self, frame: Option<Sse>) -> Result<Event, Trouble> {
        let alive = Event {
            cursor: None,
            what: What::Alive,
        };
        let Some(frame) = frame else { return Ok(alive) };
        if let Some(wait) = frame.retry {
            self.come_back = Some(Duration::from_millis(wait));
        }
        let cursor = match frame.id.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => Some(
                id.parse()
                    .map_err(|_| foreign(&"an event id that is no number"))?,
            ),
            None => None,
        };
        let kind = frame.event.as_deref().unwrap_or_default();
        let data = frame.data.as_deref().unwrap_or_default();
        let what = convert::what(kind, data, now()).map_err(|error| foreign(&error))?;
        // A kind we do not know still moves the cursor.
        Ok(Event {
            cursor,
            what: what.unwrap_or(What::Alive),
        })
    }
}

impl EventStream for Events {
    async fn next(&mut self) -> Result<Event, Trouble> {
        let frame = std::future::poll_fn(|cx| self.poll_frame(cx)).await?;
        self.event(frame)
    }
}

fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_microsecond())
}

fn unreadable(error: &sse_stream::Error) -> Trouble {
    match error {
        sse_stream::Error::Body(cause) => match cause.downcast_ref::<Cut>() {
            Some(Cut::Broken(trouble)) => trouble.clone(),
            Some(Cut::TooLarge) => {
                Trouble::Refused(Safe::literal("the desk sent an event of more than 1 MiB"))
            }
            None => foreign(cause),
        },
        other => foreign(other),
    }
}

/// What the decoder does not tell: whether anything came at all, and how much since the last frame ended.
#[derive(Default)]
struct Meter {
    heard: AtomicBool,
    since_frame: AtomicUsize,
}

/// The bytes of the body on their way to the decoder, watched, so that no frame grows without end.
struct Metered {
    bytes: BoxStream<'static, Result<Vec<u8>, Trouble>>,
    meter: Arc<Meter>,
}

#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("{0}")]
    Broken(Trouble),
    #[error("too large")]
    TooLarge,
}

impl Stream for Metered {
    type Item = Result<std::io::Cursor<Vec<u8>>, Cut>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = match std::task::ready!(self.bytes.poll_next_unpin(cx)) {
            None => return Poll::Ready(None),
            Some(Err(trouble)) => return Poll::Ready(Some(Err(Cut::Broken(trouble)))),
            Some(Ok(chunk)) => chunk,
        };
        self.meter.heard.store(true, Relaxed);
        // An empty line ends a frame, or a comment of which no frame would come to reset the count.
        let held = self.meter.since_frame.load(Relaxed) + chunk.len();
        if held > MOST_BYTES {
            return Poll::Ready(Some(Err(Cut::TooLarge)));
        }
        let ended = chunk.ends_with(b"\n\n");
        self.meter
            .since_frame
            .store(if ended { 0 } else { held }, Relaxed);
        Poll::Ready(Some(Ok(std::io::Cursor::new(chunk))))
    }
}
