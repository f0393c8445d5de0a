//! A connection that is given up when its other end stalls: half a request head, or an answer nobody reads.
//!
//! hyper has one time-out for an idle connection and for a slow head; a console keeps connections open
//! between its requests, and a slow head must not hold one for as long (R35). So hyper's is the idle one,
//! and this wrapper, told where a request begins and ends, keeps the others.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::limits::Limits;

/// How patient a desk is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// How long a request's head may take from its first byte to its last.
    pub(crate) head: Duration,
    /// How long the other end may read nothing of what is being sent.
    pub(crate) write: Duration,
}

impl From<&Limits> for Patience {
    fn from(limits: &Limits) -> Self {
        Self {
            head: limits.head,
            write: limits.write,
        }
    }
}

/// Where a connection stands; shared with whoever answers its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Mutex<Phase>>);

#[derive(Clone, Copy, Debug, Default)]
enum Phase {
    /// Between requests.
    #[default]
    Idle,
    /// Part of a request's head arrived, the first of it then.
    Head(Instant),
    /// A request is being answered.
    Busy,
}

impl Progress {
    /// A request's head is complete.
    pub(crate) fn begins(&self) {
        self.set(Phase::Busy);
    }

    /// Its answer is sent.
    pub(crate) fn ends(&self) {
        self.set(Phase::Idle);
    }

    /// Whether one is being answered.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(*self.phase(), Phase::Busy)
    }

    fn set(&self, phase: Phase) {
        *self.phase() = phase;
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arrived(&self) {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Idle) {
            *phase = Phase::Head(Instant::now());
        }
    }

    fn head_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Head(since) => Some(since),
            Phase::Idle | Phase::Busy => None,
        }
    }
}

/// A connection whose reads and writes end with `TimedOut` when the other end stalls.
#[derive(Debug)]
pub(crate) struct Paced<T> {
    inner: T,
    progress: Progress,
    patience: Patience,
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl<T> Paced<T> {
    /// Wraps a connection; `progress` says where it stands.
    pub(crate) fn new(inner: T, progress: Progress, patience: Patience) -> Self {
        Self {
            inner,
            progress,
            patience,
            reading: None,
            writing: None,
        }
    }

    /// After a write that came to `result`: while it waits, the clock runs.
    fn written<R>(
        &mut self,
        context: &mut Context<'_>,
        result: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if result.is_ready() {
            self.writing = None;
            return result;
        }
        let patience = self.patience.write;
        let sleep = self
            .writing
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + patience)));
        match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Paced<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.inner).poll_read(context, buffer);
        if result.is_ready() {
            if buffer.filled().len() > before {
                self.progress.arrived();
            }
            return result;
        }
        let Some(since) = self.progress.head_since() else {
            self.reading = None;
            return result;
        };
        let until = since + self.patience.head;
        let sleep = self
            .reading
            .get_or_insert_with(|| Box::pin(sleep_until(until)));
        match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Paced<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.written(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write_vectored(context, bytes);
        self.written(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.inner).poll_flush(context);
        self.written(context, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.inner).poll_shutdown(context);
        self.written(context, result)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    const SHORT: Patience = Patience {
        head: Duration::from_millis(20),
        write: Duration::from_millis(20),
    };

    fn line(size: usize) -> (DuplexStream, Paced<DuplexStream>, Progress) {
        let (theirs, ours) = duplex(size);
        let progress = Progress::default();
        (theirs, Paced::new(ours, progress.clone(), SHORT), progress)
    }

    /// Longer than [`SHORT`]: what has not been given up by then is not going to be.
    async fn is_waited_for(paced: &mut Paced<DuplexStream>) -> bool {
        let read = paced.read_u8();
        tokio::time::timeout(SHORT.head * 5, read).await.is_err()
    }

    #[tokio::test]
    async fn r35_half_a_head_is_given_up_an_idle_line_is_not() {
        let (mut theirs, mut paced, progress) = line(64);
        assert!(is_waited_for(&mut paced).await, "nothing has begun");
        theirs.write_all(b"G").await.unwrap();
        paced.read_u8().await.unwrap();
        let error = paced.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        progress.ends();
        assert!(is_waited_for(&mut paced).await, "idle again");
    }

    #[tokio::test]
    async fn while_a_request_is_answered_nothing_is_late_to_arrive() {
        let (mut theirs, mut paced, progress) = line(64);
        theirs.write_all(b"h").await.unwrap();
        paced.read_u8().await.unwrap();
        progress.begins();
        assert!(is_waited_for(&mut paced).await);
    }

    #[tokio::test]
    async fn r31_an_answer_nobody_reads_is_given_up() {
        let (_theirs, mut paced, _) = line(4);
        let error = paced.write_all(b"more than four").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
