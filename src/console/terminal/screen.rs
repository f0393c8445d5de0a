//! What the person sees: paints a buffer into bytes and gives them to the writing thread.

use std::io;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::abilities::Abilities;
use super::aside::{Aside, NotSaid};
use super::enter::Modes;
use super::paint::Painter;
use super::write::{Writer, Written};

/// The terminal is gone: touch it no more (R10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the terminal is gone")]
pub struct HangUp;

/// The screen. It takes the next frame only when the one before has gone out, so that a slow line shows the newest
/// state instead of all of them (R14).
#[derive(Debug)]
pub struct Screen {
    abilities: Abilities,
    painter: Painter,
    /// What is to be said beside the cells, with the next frame.
    asides: Vec<u8>,
    writer: Writer,
    /// The buffer of frames, while no frame is under way.
    buffer: Option<Vec<u8>>,
}

impl Screen {
    pub(super) fn start(modes: Arc<Modes>, abilities: Abilities) -> io::Result<Self> {
        Ok(Self {
            abilities,
            painter: Painter::new(abilities),
            asides: Vec::new(),
            writer: Writer::start(modes)?,
            buffer: Some(Vec::new()),
        })
    }

    /// Whether a frame can be painted now.
    pub fn is_idle(&self) -> bool {
        self.buffer.is_some()
    }

    /// Waits until the frame under way has gone out; at once if there is none. Safe to cancel.
    ///
    /// # Errors
    /// [`HangUp`], from then on for ever.
    pub async fn idle(&mut self) -> Result<(), HangUp> {
        if self.buffer.is_none() {
            match self.writer.written().await {
                Some(Written {
                    buffer,
                    hung_up: false,
                }) => self.buffer = Some(buffer),
                _ => return Err(HangUp),
            }
        }
        Ok(())
    }

    /// Shows `next`, with the cursor at a cell of it or hidden, by the shortest way from what is shown. Says whether
    /// it did: not while the frame before is still under way. Nothing changed means nothing written.
    pub fn paint(&mut self, next: &Buffer, cursor: Option<Position>) -> bool {
        let Some(mut frame) = self.buffer.take() else {
            return false;
        };
        frame.append(&mut self.asides);
        self.painter.paint(next, cursor, &mut frame);
        if frame.is_empty() {
            self.buffer = Some(frame);
        } else {
            self.writer.write(frame);
        }
        true
    }

    /// Says something beside the cells, with the next frame that is painted.
    ///
    /// # Errors
    /// [`NotSaid`]; then it is not said.
    pub fn say(&mut self, aside: &Aside) -> Result<(), NotSaid> {
        aside.write(&self.abilities, &mut self.asides)
    }

    /// Makes the next [`paint`](Self::paint) a whole one: after a suspension, or when the person says that the
    /// screen is spoilt.
    pub fn redraw(&mut self) {
        self.painter.forget();
    }

    /// How many characters the painter had to replace because they must not reach a terminal. Anything but 0 is a
    /// bug of whoever drew them (R4).
    pub fn suspicious(&self) -> u64 {
        self.painter.suspicious()
    }
}
