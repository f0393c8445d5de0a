//! One message alone: free of borders and colours, over the whole width, so that it can be selected with the
//! terminal's mouse; all of it, and on a key every character by its code (R2, R6).

use std::{cell::RefCell, fmt, ops::Range, sync::Arc};

use super::{Loaded, Notice};
use crate::domain::{
    id::{ConversationId, MessageId},
    message::Message,
    text::{Safe, wrap},
};

/// One message alone.
#[derive(Debug)]
pub struct Alone {
    /// The conversation it is of.
    pub conversation: ConversationId,
    /// The message as it is known.
    pub message: Message,
    /// What it says by its characters' codes, once that is here.
    pub escaped: Option<Safe>,
    /// Whether that is shown.
    pub raw: bool,
    /// How far all of it is.
    pub loaded: Loaded,
    /// The first row in sight.
    pub top: usize,
    /// What was said last before it was opened, or before one moved in it.
    pub heard: Option<Notice>,
    /// Its rows, as they were last laid out.
    laid: Laid,
}

/// Rows for a width, in Unicode or ASCII, of a text of that length.
type For = (usize, bool, bool, usize);

#[derive(Default)]
struct Laid(RefCell<Option<(For, Page)>>);

/// A text, and its rows as ranges of it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The text as it is shown.
    pub text: Safe,
    /// Its rows.
    pub rows: Arc<[Range<usize>]>,
}

impl fmt::Debug for Laid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Laid").finish_non_exhaustive()
    }
}

impl Alone {
    /// A message, of which more may come.
    #[must_use]
    pub fn new(conversation: ConversationId, message: Message) -> Self {
        Self {
            conversation,
            message,
            escaped: None,
            raw: false,
            loaded: Loaded::Asked,
            top: 0,
            heard: None,
            laid: Laid::default(),
        }
    }

    /// Which message it is.
    #[must_use]
    pub fn id(&self) -> &MessageId {
        &self.message.id
    }

    /// What is shown of it.
    #[must_use]
    pub fn text(&self) -> &Safe {
        match (&self.escaped, self.raw) {
            (Some(escaped), true) => escaped,
            _ => &self.message.body,
        }
    }

    /// Its rows at a width; laid out once, however often they are asked for.
    pub fn page(&self, columns: usize, ascii: bool) -> Page {
        let text = self.text();
        let which = (columns, ascii, self.raw, text.len());
        let mut laid = self.laid.0.borrow_mut();
        match &*laid {
            Some((of, page)) if *of == which => page.clone(),
            _ => {
                let text = match ascii {
                    true => text.to_ascii(),
                    false => text.clone(),
                };
                let rows = wrap(&text, columns).collect();
                let page = Page { text, rows };
                *laid = Some((which, page.clone()));
                page
            }
        }
    }
}
