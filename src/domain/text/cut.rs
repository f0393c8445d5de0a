//! As much of a line as fits a number of columns.
//!
//! `ellipsis` is what stands for the part left out: [`ELLIPSIS`], or [`ELLIPSIS_ASCII`] on a terminal without UTF-8.

use super::Safe;
use super::width::{spans, width};

/// What stands for the part left out.
pub const ELLIPSIS: &str = "…";

/// The same in ASCII; one column as well, so that no layout depends on the terminal.
pub const ELLIPSIS_ASCII: &str = "~";

impl Safe {
    /// The beginning, at most `columns` wide, the ellipsis included where something is left out.
    pub fn cut(&self, columns: usize, ellipsis: &'static str) -> Safe {
        if self.fits(columns) {
            return self.clone();
        }
        let (ellipsis, room) = left_beside(ellipsis, columns);
        let head = self.slice(0..head(self.as_str(), room));
        Safe::join(&Safe::default(), [&head, &ellipsis])
    }

    /// Beginning and end, at most `columns` wide together with the ellipsis between them:
    /// for addresses and file names, which differ at both ends.
    pub fn cut_middle(&self, columns: usize, ellipsis: &'static str) -> Safe {
        if self.fits(columns) {
            return self.clone();
        }
        let (ellipsis, room) = left_beside(ellipsis, columns);
        let head = self.slice(0..head(self.as_str(), room - room / 2));
        let tail = self.slice(tail(self.as_str(), room / 2)..self.len());
        Safe::join(&Safe::default(), [&head, &ellipsis, &tail])
    }

    /// Filled up with spaces on the right to `columns`; unchanged where it is as wide or wider.
    pub fn pad(&self, columns: usize) -> Safe {
        match columns.saturating_sub(self.width()) {
            0 => self.clone(),
            missing => {
                let spaces = Safe::vouched(" ".repeat(missing), 0);
                Safe::join(&Safe::default(), [self, &spaces])
            }
        }
    }

    /// Is it at most `columns` wide? Looks at no more than that.
    fn fits(&self, columns: usize) -> bool {
        head(self.as_str(), columns) == self.len()
    }
}

/// The ellipsis, none if it does not fit, and the columns it leaves.
fn left_beside(ellipsis: &'static str, columns: usize) -> (Safe, usize) {
    match columns.checked_sub(width(ellipsis)) {
        Some(room) => (Safe::literal(ellipsis), room),
        None => (Safe::default(), columns),
    }
}

/// Bytes of the longest beginning that fits.
fn head(text: &str, columns: usize) -> usize {
    let mut left = columns;
    let fits = |&(_, wide): &(&str, usize)| {
        let enough = left >= wide;
        left = left.saturating_sub(wide);
        enough
    };
    spans(text)
        .take_while(fits)
        .map(|(cell, _)| cell.len())
        .sum()
}

/// Where the longest end that fits begins.
fn tail(text: &str, columns: usize) -> usize {
    let mut wide = width(text);
    let mut start = 0;
    for (cell, columns_of_cell) in spans(text) {
        if wide <= columns {
            break;
        }
        wide -= columns_of_cell;
        start += cell.len();
    }
    start
}
