//! The loop, and everything impure: it waits for one fact, takes in what else is ready, carries out the orders,
//! and draws once, if something arrived.
//!
//! At once after a pause, at most 30 times a second in a burst, and never while the terminal still chews on the
//! frame before (R13, R14). Idle, nothing wakes it but a slow clock and the desk.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use tokio::{
    sync::mpsc,
    task::yield_now,
    time::{Instant, sleep, sleep_until},
};

use super::{
    bookmarks::Bookmarks,
    effect::Effect,
    errands::Errands,
    keeper::Keeper,
    model::{Alert, Model, Setting, Tone},
    msg::Msg,
    pace::{Opening, Pace},
    terminal::{
        self, Abilities, Aside, HangUp, Heard, Keyboard, Screen, Signal, Signals, Terminal,
    },
    theme::Theme,
    update::{start, update},
    view::view,
};
use crate::{
    desk::Desk,
    domain::{moment::Moment, text::Safe},
    say,
};

/// How long a desk may take to hear that we sign out, or are away.
const FAREWELL: Duration = Duration::from_millis(500);

/// How a console is to be run.
#[derive(Debug)]
pub struct Options {
    /// What the terminal can do.
    pub abilities: Abilities,
    /// How things look.
    pub theme: Theme,
    /// What the model begins with, but for the size.
    pub setting: Setting,
    /// The folder drafts are kept in, by desk and user.
    pub drafts: PathBuf,
    /// The folder bookmarks are kept in, by desk and user.
    pub bookmarks: PathBuf,
    /// The file that is there once this account has seen where to begin.
    pub begun: PathBuf,
}

/// How a console ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The advisor left.
    Left,
    /// The terminal is gone (R10): exit 129, restore nothing, print nothing.
    HungUp,
    /// The system asked it to end, by this signal.
    Signalled(Signal),
    /// The desk does not know this account; what it said.
    TurnedAway(Safe),
}

/// Runs a console at a desk until it ends. The terminal is as it was found afterwards, unless it is gone.
///
/// Must be called within a current-thread runtime with time and I/O enabled.
///
/// # Errors
/// When the terminal cannot be set up; it is then as it was found.
pub async fn run<D: Desk>(desk: D, options: Options) -> std::io::Result<Ended> {
    let desk = Arc::new(desk);
    let (mut errands, inbound) = Errands::new(Arc::clone(&desk));
    let name = options.setting.seed.clone();
    let drafts = Keeper::Unknown {
        folder: options.drafts,
        console: name.clone(),
        early: Vec::new(),
    };
    let mut model = Model::new(options.setting);
    // The desk is asked before the terminal is entered, so that its answer is on its way meanwhile. The questions are
    // out when their tasks have had two turns: one to connect, one to write.
    for effect in start(&mut model) {
        errands.carry_out(effect);
    }
    for _ in 0..2 {
        yield_now().await;
    }
    let signals = Signals::listen()?;
    let (terminal, keyboard, screen) = terminal::open(options.abilities)?;
    let mut console = Console {
        model,
        theme: options.theme,
        errands,
        drafts,
        bookmarks: None,
        bookmarked_in: options.bookmarks,
        name,
        begun: options.begun,
        inbound,
        terminal,
        keyboard,
        signals,
        screen,
        frame: Buffer::empty(Rect::ZERO),
        opening: Opening::new(Instant::now()),
        pace: Pace::new(Instant::now()),
        dirty: true,
        suspending: false,
        suspended: false,
    };
    let ended = console.run().await;
    if ended == Ended::HungUp {
        // A line that was lost is no logout: there is the grace to come back in (Q9).
        console.terminal.abandon();
        return Ok(ended);
    }
    console.terminal.leave();
    let _ = tokio::time::timeout(FAREWELL, desk.sign_out()).await;
    Ok(ended)
}

struct Console<D> {
    model: Model,
    theme: Theme,
    errands: Errands<D>,
    drafts: Keeper,
    /// From when it is known whose they are.
    bookmarks: Option<Bookmarks>,
    bookmarked_in: PathBuf,
    /// What tells this console from others of its account.
    name: String,
    begun: PathBuf,
    inbound: mpsc::Receiver<Msg>,
    terminal: Terminal,
    keyboard: Keyboard,
    signals: Signals,
    screen: Screen,
    frame: Buffer,
    opening: Opening,
    pace: Pace,
    /// Something arrived since the last frame.
    dirty: bool,
    /// The terminal is to be left to the shell, as soon as the desk heard that one is away.
    suspending: bool,
    /// The shell has the terminal, until we are continued.
    suspended: bool,
}

impl<D: Desk> Console<D> {
    async fn run(&mut self) -> Ended {
        self.resize();
        let mut clock = Box::pin(sleep(until_the_next_minute(now())));
        loop {
            if std::mem::take(&mut self.suspending) {
                self.suspend().await;
            }
            self.draw();
            let drawable = (self.dirty && !self.suspended).then(|| {
                let opening = self.opening.holds_until(&self.model);
                opening.unwrap_or_else(|| self.pace.next_frame())
            });
            let ended = tokio::select! {
                biased;
                signal = self.signals.next() => self.signalled(signal),
                heard = self.keyboard.next() => self.heard(heard),
                Some(fact) = self.inbound.recv() => self.facts(fact),
                // A task that panicked ends the program with its report (R11).
                Some(done) = self.errands.one_done(), if !self.errands.is_idle() => {
                    if let Err(error) = done && error.is_panic() {
                        std::panic::resume_unwind(error.into_panic());
                    }
                    None
                }
                idle = self.screen.idle(), if !self.screen.is_idle() => match idle {
                    Ok(()) => self.shown(),
                    Err(HangUp) => Some(Ended::HungUp),
                },
                () = sleep_until(drawable.unwrap_or_else(Instant::now)), if drawable.is_some() && self.screen.is_idle() => None,
                () = &mut clock => {
                    clock.as_mut().reset(Instant::now() + until_the_next_minute(now()));
                    self.model.now = now();
                    self.dirty = true;
                    if let Some(bookmarks) = &self.bookmarks {
                        bookmarks.is_there();
                    }
                    None
                }
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    /// Draws, if something arrived, the terminal is ready for it, and it is not too soon.
    fn draw(&mut self) {
        if self.dirty
            && !self.suspended
            && self.screen.is_idle()
            && self.opening.is_over(&self.model, Instant::now())
            && self.pace.may_draw(Instant::now())
        {
            #[cfg(test)]
            super::trip::over("the loop");
            let cursor = view(&self.model, &self.theme, &mut self.frame);
            let _ = update(&mut self.model, Msg::Painted);
            self.screen.paint(&self.frame, cursor.map(Position::from));
            self.dirty = false;
            if self.screen.is_idle() {
                self.shown(); // It was on the screen already.
            }
        }
    }

    /// The last frame has gone out.
    fn shown(&mut self) -> Option<Ended> {
        let _ = update(&mut self.model, Msg::Shown);
        None
    }

    fn facts(&mut self, first: Msg) -> Option<Ended> {
        let mut ended = self.take_in(first);
        while ended.is_none()
            && let Ok(fact) = self.inbound.try_recv()
        {
            ended = self.take_in(fact);
        }
        ended
    }

    fn heard(&mut self, heard: Heard) -> Option<Ended> {
        // A frame that went out before this came was on the screen when it was pressed (R22).
        if !self.screen.is_idle() {
            match self.screen.idle().now_or_never() {
                Some(Ok(())) => drop(self.shown()),
                Some(Err(HangUp)) => return Some(Ended::HungUp),
                None => {}
            }
        }
        match heard {
            Heard::HangUp => Some(Ended::HungUp),
            Heard::Inputs(inputs) => {
                self.opening.end();
                inputs
                    .into_iter()
                    .find_map(|input| self.take_in(Msg::Input(input)))
            }
        }
    }

    fn take_in(&mut self, fact: Msg) -> Option<Ended> {
        self.dirty = true;
        if let Msg::Me(Ok(me)) = &fact {
            self.open_bookmarks(me.desk.as_str(), me.user.id.as_str());
            let kept = self.drafts.found_out(me.desk.as_str(), me.user.id.as_str());
            self.after(Msg::Me(Ok(me.clone())));
            return kept.into_iter().find_map(|kept| self.after(kept));
        }
        let listed = match &fact {
            Msg::Listed(_, Ok(page)) => Some(page.as_of),
            _ => None,
        };
        let ended = self.after(fact);
        // After the messages of the first conversation were asked for: they are seen first.
        if let Some(as_of) = listed {
            self.errands.link_from(as_of);
        }
        ended
    }

    /// Takes in one fact and carries out what follows from it.
    fn after(&mut self, fact: Msg) -> Option<Ended> {
        let _ = update(&mut self.model, Msg::Clock(now()));
        for effect in update(&mut self.model, fact) {
            match effect {
                Effect::Quit => {
                    if let Some(bookmarks) = &mut self.bookmarks {
                        bookmarks.leaves();
                    }
                    return Some(Ended::Left);
                }
                // Where it cannot be kept, the next console begins at the top of the list.
                Effect::Bookmark(bookmark) => {
                    if let Some(bookmarks) = &mut self.bookmarks {
                        let _ = bookmarks.keep(bookmark);
                    }
                }
                Effect::TurnAway(why) => return Some(Ended::TurnedAway(why)),
                Effect::Redraw => self.screen.redraw(),
                // A terminal without a mouse reports none.
                Effect::Mouse(on) => drop(self.screen.say(&Aside::Mouse(on))),
                Effect::Suspend => self.suspending = true,
                // Who cannot be told in this way sees it on the screen all the same.
                Effect::Alert(alert, text) => drop(match alert {
                    Alert::Off => Ok(()),
                    Alert::Bell => self.screen.say(&Aside::Bell),
                    Alert::Notice => self.screen.say(&Aside::Notice(text)),
                    Alert::NoticeByName => self.screen.say(&Aside::NoticeByName(text)),
                }),
                Effect::BegunOnce => self.remember_having_begun(),
                Effect::Copy { what, text } => {
                    let copied = self.screen.say(&Aside::Copy(text));
                    let copied = copied.map_err(|why| say!("{why}"));
                    let _ = update(&mut self.model, Msg::Copied(what, copied));
                }
                Effect::KeepDraft(kind, conversation, text) => {
                    if let Err(error) = self.drafts.keep(kind, &conversation, text) {
                        let _ = update(&mut self.model, Msg::DraftNotKept(say!("{error}")));
                    }
                }
                Effect::Draft(order) => match self.drafts.obey(order) {
                    Ok(None) => {}
                    Ok(Some(found)) => {
                        if let Some(ended) = self.after(Msg::Drafts(found)) {
                            return Some(ended);
                        }
                    }
                    Err(error) => {
                        let _ = update(&mut self.model, Msg::DraftNotKept(say!("{error}")));
                    }
                },
                other => self.errands.carry_out(other),
            }
        }
        None
    }

    /// Whose bookmarks these are is known now: one goes on where a console that is there no more was.
    fn open_bookmarks(&mut self, desk: &str, user: &str) {
        if self.bookmarks.is_none()
            && let folder = self.bookmarked_in.join(desk).join(user)
            && let Ok((bookmarks, left, seen)) = Bookmarks::open(&folder, &self.name)
        {
            self.bookmarks = Some(bookmarks);
            self.after(Msg::Bookmark(left, seen));
        }
    }

    /// Where that cannot be remembered, it is said again next time.
    fn remember_having_begun(&self) {
        if let Some(folder) = self.begun.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::write(&self.begun, "");
    }

    fn signalled(&mut self, signal: Signal) -> Option<Ended> {
        match signal {
            Signal::HangUp => Some(Ended::HungUp),
            Signal::Terminate | Signal::Interrupt | Signal::Quit => Some(Ended::Signalled(signal)),
            Signal::Suspend => {
                self.suspending = true;
                None
            }
            // Whoever stopped us, the shell had the terminal meanwhile.
            Signal::Continue => {
                self.suspended = false;
                if self.terminal.resume().is_ok() {
                    self.resize();
                    self.after(Msg::Resumed);
                }
                None
            }
            Signal::Resize => {
                self.resize();
                None
            }
        }
    }

    fn resize(&mut self) {
        let size = self.terminal.size();
        self.frame.resize(Rect::new(0, 0, size.width, size.height));
        self.after(Msg::Resized(size.width, size.height));
        // Back at a size it had before, it may still have lost what stood there in between.
        self.screen.redraw();
        self.dirty = true;
    }

    /// Stopped, nothing goes out any more: the desk hears first that one is away (R12, A4).
    async fn suspend(&mut self) {
        self.after(Msg::Suspending);
        let _ = tokio::time::timeout(FAREWELL, self.errands.all_told()).await;
        let notice = Safe::literal(
            "handback is suspended; fg comes back. You count as away, not as signed out.",
        );
        match self.terminal.suspend(&notice) {
            Ok(()) => self.suspended = true,
            Err(orphaned) => {
                self.after(Msg::Resumed);
                self.model.say(Tone::Warning, say!("{orphaned}"));
            }
        }
        self.dirty = true;
    }
}

fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_microsecond())
}

fn until_the_next_minute(now: Moment) -> Duration {
    const MINUTE: i64 = 60_000_000;
    Duration::from_micros((MINUTE - now.0.rem_euclid(MINUTE)).unsigned_abs())
}

#[cfg(test)]
mod tests;
