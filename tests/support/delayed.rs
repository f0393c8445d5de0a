//! A line to a desk on which what the desk tells by itself can be held back, while questions are still answered: the
//! console then shows what was so a moment ago, and does not know it.

#![allow(unreachable_pub, reason = "each test file is a program of its own")]

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Listens for consoles and passes everything on, until it is dropped.
pub struct Delayed {
    address: String,
    held: Arc<(Mutex<bool>, Condvar)>,
}

impl Delayed {
    /// In front of the desk at `desk`.
    pub fn before(desk: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let held = Arc::new((Mutex::new(false), Condvar::new()));
        let (desk, hold) = (desk.to_owned(), Arc::clone(&held));
        thread::spawn(move || {
            for console in listener.incoming().map_while(Result::ok) {
                let desk = TcpStream::connect(&desk).expect("the desk");
                pass_on(console, desk, &hold);
            }
        });
        Self { address, held }
    }

    /// Where a console finds it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// From now on what the desk tells by itself waits.
    pub fn hold(&self) {
        *self.held.0.lock().expect("whether it is held") = true;
    }

    /// What waited is told.
    pub fn let_go(&self) {
        *self.held.0.lock().expect("whether it is held") = false;
        self.held.1.notify_all();
    }
}

impl Drop for Delayed {
    fn drop(&mut self) {
        self.let_go();
    }
}

fn pass_on(mut console: TcpStream, mut desk: TcpStream, held: &Arc<(Mutex<bool>, Condvar)>) {
    let line = |end: &TcpStream| end.try_clone().expect("a line");
    let (mut told, mut tells) = (line(&desk), line(&console));
    let held = Arc::clone(held);
    // The last request of a connection says whether it is the stream.
    let is_stream = Arc::new(AtomicBool::new(false));
    let becomes_stream = Arc::clone(&is_stream);
    thread::spawn(move || {
        let mut asked = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = console.read(&mut asked) {
            becomes_stream.store(asked.starts_with(b"GET /v1/events"), Ordering::SeqCst);
            if desk.write_all(&asked[..count]).is_err() {
                break;
            }
        }
        let _ = desk.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = told.read(&mut bytes) {
            if is_stream.load(Ordering::SeqCst) {
                let now = held.0.lock().expect("whether it is held");
                drop(
                    held.1
                        .wait_while(now, |held| *held)
                        .expect("whether it is held"),
                );
            }
            if tells.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = tells.shutdown(Shutdown::Both);
    });
}
