//! R35: thousands of lines that say nothing, or little, or read nothing: everybody else is answered, and fast.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::{figure::figure, many, raise_the_limit_of_files, served::Served, support};

/// What is promised of 5,000 of them; fewer, in a debug build with other tests beside it, are no measurement.
const P99: Duration = Duration::from_millis(100);
const P99_IN_COMPANY: Duration = Duration::from_secs(2);

/// The ways to be slow.
#[derive(Clone, Copy, Debug)]
enum Slow {
    /// Connects and says nothing.
    Silent,
    /// A head, a byte at a time.
    Head,
    /// A body, a byte at a time, from somebody who is known.
    Body,
    /// Asks much, known too, and reads a byte at a time.
    Reader,
}

const WAYS: [Slow; 4] = [Slow::Silent, Slow::Head, Slow::Body, Slow::Reader];

/// Who is slow and how the line stands.
struct Lines {
    address: String,
    token: String,
    open: AtomicUsize,
    opened: AtomicUsize,
}

impl Lines {
    /// Slow for ever; whoever is hung up on comes back after a while.
    async fn stay(self: Arc<Self>, number: usize) {
        let way = WAYS[number % WAYS.len()];
        loop {
            if let Ok(line) = self.connect(way).await {
                self.opened.fetch_add(1, Ordering::Relaxed);
                self.open.fetch_add(1, Ordering::Relaxed);
                let _ = self.is_slow(line, way).await;
                self.open.fetch_sub(1, Ordering::Relaxed);
            }
            // Not all at once.
            sleep(Duration::from_millis(
                5_000 + (number as u64 * 7_919) % 10_000,
            ))
            .await;
        }
    }

    async fn connect(&self, way: Slow) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if matches!(way, Slow::Reader) {
            socket.set_recv_buffer_size(4_096)?;
        }
        socket
            .connect(self.address.parse().expect("an address"))
            .await
    }

    async fn is_slow(&self, mut line: TcpStream, way: Slow) -> std::io::Result<()> {
        let known = format!("host: desk\r\nauthorization: Bearer {}\r\n", self.token);
        match way {
            Slow::Silent => {}
            Slow::Head => {
                line.write_all(b"GET /v1/me HTTP/1.1\r\nhost: desk\r\nx-slow: ")
                    .await?
            }
            Slow::Body => {
                let asks = format!(
                    "POST /v1/undo HTTP/1.1\r\n{known}content-type: application/json\r\ncontent-length: 100000\r\n\r\n"
                );
                line.write_all(asks.as_bytes()).await?;
            }
            Slow::Reader => {
                let asks = format!(
                    "GET /openapi.json HTTP/1.1\r\n{known}\r\nGET /v1/me HTTP/1.1\r\n{known}\r\n"
                );
                line.write_all(asks.repeat(8).as_bytes()).await?;
            }
        }
        let mut byte = [0];
        loop {
            match way {
                // Until it is hung up on.
                Slow::Silent => {
                    line.read_exact(&mut byte).await?;
                }
                Slow::Reader => {
                    line.read_exact(&mut byte).await?;
                    sleep(Duration::from_millis(700)).await;
                }
                Slow::Head | Slow::Body => {
                    line.write_all(b"x").await?;
                    match timeout(Duration::from_millis(700), line.read(&mut byte)).await {
                        Err(_) => {}
                        Ok(Ok(1..)) => {} // An answer: it is not taken.
                        Ok(_) => return Ok(()),
                    }
                }
            }
        }
    }
}

/// Somebody who is honest.
struct Honest {
    address: String,
    token: String,
}

impl Honest {
    /// Asks on a line, a new one if there is none; how long it took.
    async fn asks(&self, line: &mut Option<TcpStream>, path: &str) -> std::io::Result<Duration> {
        let begun = Instant::now();
        let mut on = match line.take() {
            Some(line) => line,
            None => TcpStream::connect(&self.address).await?,
        };
        let asks = format!(
            "GET {path} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {}\r\n\r\n",
            self.token
        );
        on.write_all(asks.as_bytes()).await?;
        let mut answer = Vec::new();
        loop {
            if on.read_buf(&mut answer).await? == 0 {
                return Err(std::io::Error::other("hung up on"));
            }
            let text = String::from_utf8_lossy(&answer);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let head = head.to_lowercase();
                let length = head
                    .split("content-length: ")
                    .nth(1)
                    .and_then(|rest| rest.lines().next());
                let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
                if body.len() >= length {
                    assert!(head.starts_with("http/1.1 200"), "{head}");
                    *line = Some(on);
                    return Ok(begun.elapsed());
                }
            }
        }
    }
}

fn percentile(times: &[Duration], of: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[(times.len() * of / 100).min(times.len() - 1)]
}

#[test]
fn r35_slow_lines_keep_nobody_from_being_answered() {
    raise_the_limit_of_files();
    let lines = many("HANDBACK_SLOW", 400);
    let promised = lines >= 5_000;
    let mut desk = Served::start(support::sqlite());
    desk.customer("Zoë Jones", "Can I pay later?");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let slow = Arc::new(Lines {
        address: desk.address().to_owned(),
        token: desk.token("ben"),
        open: AtomicUsize::default(),
        opened: AtomicUsize::default(),
    });
    let honest = |name: &str| Honest {
        address: desk.address().to_owned(),
        token: desk.token(name),
    };
    let (anna, gwen) = (honest("anna"), honest("gwen"));
    let (kept, fresh, most) = runtime.block_on(async {
        for number in 0..lines {
            tokio::spawn(Arc::clone(&slow).stay(number));
        }
        // From the first of them on, not only once they are all there.
        let rounds = if promised { 1_500 } else { 200 };
        let (mut kept, mut fresh, mut line, mut most) = (Vec::new(), Vec::new(), None, 0);
        for _ in 0..rounds {
            kept.push(
                anna.asks(&mut line, "/v1/conversations")
                    .await
                    .expect("answered on the line there is"),
            );
            fresh.push(
                gwen.asks(&mut None, "/v1/conversations")
                    .await
                    .expect("answered on a new line"),
            );
            most = most.max(slow.open.load(Ordering::Relaxed));
            sleep(Duration::from_millis(20)).await;
        }
        (kept, fresh, most)
    });
    runtime.shutdown_background();
    let (kept_99, fresh_99) = (percentile(&kept, 99), percentile(&fresh, 99));
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1_000.0);
    figure(
        &format!("{lines} slow lines, answered on a line there was: p50"),
        ms(percentile(&kept, 50)),
    );
    figure(
        &format!("{lines} slow lines, answered on a line there was: p99"),
        ms(kept_99),
    );
    figure(
        &format!("{lines} slow lines, answered on a new line: p99"),
        ms(fresh_99),
    );
    figure(
        &format!("{lines} slow lines, honest requests answered"),
        format!("{0} of {0}", kept.len() + fresh.len()),
    );
    figure(&format!("{lines} slow lines, open at once at most"), most);
    figure(
        &format!("{lines} slow lines, opened in all"),
        slow.opened.load(Ordering::Relaxed),
    );
    let limit = if promised { P99 } else { P99_IN_COMPANY };
    assert!(
        kept_99 <= limit && fresh_99 <= limit,
        "{kept_99:?}, {fresh_99:?}"
    );
}
