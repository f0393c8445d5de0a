//! Text from strangers, made safe to show (R1, R2, R5).
//!
//! In reading order:
//! - [`safe`]: [`Safe`], the one type of text that the view accepts
//! - [`say`](mod@say): our own sentences, with names and numbers in them
//! - [`excerpt`]: the beginning of a text too long to show whole (R6)
//! - [`cut`]: as much of a line as fits a number of columns
//! - [`wrap`](mod@wrap) and [`caret`]: a text in rows, and where an offset of it is shown
//! - [`width`](mod@width): how many columns a text takes, cell by cell
//! - [`ascii`]: the form for a terminal without UTF-8, and the one that shows every character's code
//! - `clean`: what replaces what; `base`, what belongs to the character before;
//!   `character` and `hidden`, which characters those are
//!
//! Widths are columns of the terminal. Offsets are bytes into [`Safe::as_str`].

pub mod ascii;
mod base;
pub mod caret;
mod character;
mod clean;
pub mod cut;
pub mod excerpt;
mod hidden;
pub mod safe;
pub mod say;
pub mod width;
pub mod wrap;

pub use excerpt::Rest;
pub use safe::Safe;
pub use width::{cells, width};
pub use wrap::wrap;
