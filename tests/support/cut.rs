//! A line to a desk that can be cut, on which answers can be lost, and which can be mended.

#![allow(unreachable_pub, reason = "each test file is a program of its own")]

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
    thread,
};

const OPEN: u8 = 0;
const NO_ANSWERS: u8 = 1;
const CUT: u8 = 2;

/// Listens for consoles and passes everything on, as long as it is whole.
pub struct Line {
    address: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    mode: AtomicU8,
    ends: Mutex<Vec<TcpStream>>,
}

impl State {
    fn is(&self, mode: u8) -> bool {
        self.mode.load(Ordering::SeqCst) == mode
    }
}

impl Line {
    /// To the desk at `desk`.
    pub fn to(desk: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let state = Arc::new(State::default());
        let (desk, kept) = (desk.to_owned(), Arc::clone(&state));
        thread::spawn(move || {
            for console in listener.incoming().map_while(Result::ok) {
                if kept.is(CUT) {
                    continue; // Whoever connects is hung up on.
                }
                if let Ok(desk) = TcpStream::connect(&desk) {
                    pass_on(console, desk, &kept);
                }
            }
        });
        Self { address, state }
    }

    /// Where a console finds it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Nothing comes through, and what was under way is broken off.
    pub fn cut(&self) {
        self.state.mode.store(CUT, Ordering::SeqCst);
        for end in self.state.ends.lock().expect("the ends").drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    /// What is asked comes through, and every answer is lost with the connection it came on.
    pub fn loses_answers(&self) {
        self.state.mode.store(NO_ANSWERS, Ordering::SeqCst);
    }

    /// It is whole again.
    pub fn mend(&self) {
        self.state.mode.store(OPEN, Ordering::SeqCst);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.cut();
    }
}

fn pass_on(console: TcpStream, desk: TcpStream, state: &Arc<State>) {
    let line = |end: &TcpStream| end.try_clone().expect("a line");
    let mut ends = state.ends.lock().expect("the ends");
    ends.extend([line(&console), line(&desk)]);
    drop(ends);
    let (asks, asked) = (line(&console), line(&desk));
    thread::spawn(move || copy(asks, asked, || true));
    let state = Arc::clone(state);
    thread::spawn(move || copy(desk, console, || state.is(OPEN)));
}

/// Copies until one end is gone, or what comes is not to come through.
fn copy(mut from: TcpStream, mut to: TcpStream, comes_through: impl Fn() -> bool) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if !comes_through() || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
