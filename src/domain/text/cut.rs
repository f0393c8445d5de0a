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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str, columns: usize) -> String {
        Safe::line(text).cut(columns, ELLIPSIS).to_string()
    }

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(cut("Bea Jones", 9), "Bea Jones");
        assert_eq!(cut("", 0), "");
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(cut("Bea Jones", 8), "Bea Jon…");
        assert_eq!(cut("Bea Jones", 1), "…");
        assert_eq!(cut("Bea Jones", 0), "");
        assert_eq!(Safe::line("Bea Jones").cut(8, ELLIPSIS_ASCII), "Bea Jon~");
    }

    #[test]
    fn a_wide_character_is_not_halved() {
        assert_eq!(cut("汉字汉字", 4), "汉…");
        assert_eq!(cut("汉字汉字", 5), "汉字…");
        assert_eq!(cut("re\u{301}sume\u{301}", 4), "re\u{301}s…");
    }

    #[test]
    fn both_ends_of_an_address_stay() {
        let address = Safe::line("bea.jones@an-insurer.example");
        assert_eq!(address.cut_middle(13, ELLIPSIS), "bea.jo…xample");
        assert_eq!(address.cut_middle(1, ELLIPSIS), "…");
    }

    #[test]
    fn padding_fills_up_and_never_cuts() {
        assert_eq!(Safe::line("汉").pad(4), "汉  ");
        assert_eq!(Safe::line("汉字").pad(3), "汉字");
    }

    proptest! {
        #[test]
        fn no_cut_is_wider_than_asked(source in any::<String>(), columns in 0_usize..20) {
            let line = Safe::line(&source);
            prop_assert!(line.cut(columns, ELLIPSIS).width() <= columns);
            prop_assert!(line.cut_middle(columns, ELLIPSIS).width() <= columns);
            prop_assert_eq!(line.cut(columns, ELLIPSIS).pad(columns).width(), columns);
        }
    }
}
