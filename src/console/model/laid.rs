//! How bodies lie in rows, kept from frame to frame by message and width (R6); one that breaks the laying out is shown
//! as that, and nothing else comes to harm (R9).

use std::{cell::RefCell, collections::HashMap, fmt, ops::Range, sync::Arc};

use super::Key;
use crate::{
    console::guard::attempt,
    domain::text::{
        Safe,
        excerpt::{MESSAGE_BYTES, MESSAGE_LINES},
        wrap,
    },
};

/// What is shown of a message that breaks our own rendering.
pub const BROKEN: &str = "This message cannot be displayed";

/// So many are kept; more than two screens show.
const KEPT: usize = 256;

/// A body in rows.
#[derive(Clone, Debug)]
pub struct Rows {
    /// What is shown of it.
    pub body: Safe,
    /// Its rows, as ranges of that.
    pub rows: Vec<Range<usize>>,
    /// The columns of the widest.
    pub widest: u16,
    /// It goes on.
    pub cut: bool,
    /// It cannot be displayed.
    pub broken: bool,
}

impl Rows {
    /// Lays out the beginning of a body: at most [`MESSAGE_BYTES`] and [`MESSAGE_LINES`] of it (R6).
    fn of(body: &Safe, measure: usize, ascii: bool) -> Self {
        #[cfg(test)]
        fault(body);
        let shortened = body.slice(0..MESSAGE_BYTES.min(body.len()));
        let beginning = shortened.for_screen(ascii);
        let mut rows: Vec<_> = wrap(&beginning, measure).take(MESSAGE_LINES + 1).collect();
        let cut = rows.len() > MESSAGE_LINES || shortened.len() < body.len();
        rows.truncate(MESSAGE_LINES);
        let widest = rows.iter().map(|row| beginning.slice(row.clone()).width());
        Self {
            widest: u16::try_from(widest.max().unwrap_or(0)).unwrap_or(u16::MAX),
            body: beginning,
            rows,
            cut,
            broken: false,
        }
    }

    fn broken(measure: usize) -> Self {
        Self {
            broken: true,
            ..Self::of(&Safe::literal(BROKEN), measure, false)
        }
    }

    /// One row of it.
    #[must_use]
    pub fn row(&self, index: usize) -> Safe {
        let row = self.rows.get(index).cloned();
        row.map_or_else(Safe::default, |row| self.body.slice(row))
    }
}

type Kept = HashMap<(Key, usize, bool, usize), Arc<Rows>>;

/// Bodies that were laid out lately.
#[derive(Clone, Default)]
pub struct Laid(RefCell<Kept>);

impl Laid {
    /// A body in rows, laid out anew only if it was not before at this width. A body of that key never changes, but that
    /// more of it comes.
    pub fn rows(&self, key: &Key, body: &Safe, measure: usize, ascii: bool) -> Arc<Rows> {
        let which = (key.clone(), measure, ascii, body.len());
        let mut kept = self.0.borrow_mut();
        if let Some(rows) = kept.get(&which) {
            return Arc::clone(rows);
        }
        let rows = attempt(|| Rows::of(body, measure, ascii));
        let rows = Arc::new(rows.unwrap_or_else(|| Rows::broken(measure)));
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(which, Arc::clone(&rows));
        rows
    }
}

impl fmt::Debug for Laid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Laid").finish_non_exhaustive()
    }
}

#[cfg(test)]
thread_local! {
    /// Bodies with these words break the laying out.
    pub(crate) static BREAKS: std::cell::Cell<Option<&'static str>> = const { std::cell::Cell::new(None) };
    /// How many bodies were laid out.
    pub(crate) static COUNT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
fn fault(body: &Safe) {
    COUNT.set(COUNT.get() + 1);
    let words = BREAKS.get();
    assert!(
        words.is_none_or(|words| !body.as_str().contains(words)),
        "a fault, for a test"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r6_a_body_is_laid_out_once_for_a_width() {
        let (laid, key) = (Laid::default(), Key::Done(Safe::literal("1")));
        let body = Safe::text(&"word ".repeat(1_000_000));
        let before = COUNT.get();
        for _ in 0..10 {
            for measure in [40, 80] {
                let rows = laid.rows(&key, &body, measure, false);
                assert!(rows.cut && rows.body.len() <= MESSAGE_BYTES);
            }
        }
        assert_eq!(COUNT.get() - before, 2);
        let more = Safe::text(&"word ".repeat(1_000_001));
        laid.rows(&key, &more, 40, false);
        assert_eq!(COUNT.get() - before, 3, "more of it came");
    }

    #[test]
    fn r6_what_is_kept_is_bounded() {
        let laid = Laid::default();
        for n in 0..2 * KEPT {
            let key = Key::Done(Safe::line(&n.to_string()));
            laid.rows(&key, &Safe::literal("Hello"), 40, false);
            assert!(laid.0.borrow().len() <= KEPT);
        }
    }

    #[test]
    fn r9_a_body_that_breaks_us_is_said_to() {
        BREAKS.set(Some("breaks"));
        let (laid, key) = (Laid::default(), Key::Done(Safe::literal("1")));
        let rows = laid.rows(&key, &Safe::literal("This breaks us"), 80, false);
        BREAKS.set(None);
        assert!(rows.broken);
        assert_eq!(rows.row(0), BROKEN);
    }
}
