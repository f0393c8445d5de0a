//! What is wrong with a configuration file: where, and what was probably meant.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::domain::spelling::nearest;

/// One thing wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    file: PathBuf,
    line: usize,
    what: String,
}

impl Complaint {
    pub(super) fn new(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        Self::at(file, line_at(text, start), meant(error.message()))
    }

    pub(super) fn at(file: &Path, line: usize, what: String) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what,
        }
    }
}

/// The line of a byte of a text.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.what)
    }
}

/// serde's message in words for people. It names the wrong word first and the possible ones after it, each in
/// backticks; any other message is left as it is.
fn meant(message: &str) -> String {
    let mut words = message.split('`').skip(1).step_by(2);
    let (Some(wrong), possible) = (words.next(), words.collect::<Vec<_>>()) else {
        return message.to_owned();
    };
    let complaint = if message.starts_with("unknown field") {
        format!("there is no setting `{wrong}`")
    } else if message.starts_with("unknown variant") {
        format!("`{wrong}` is not possible here")
    } else {
        return message.to_owned();
    };
    match nearest(wrong, possible.iter().copied()) {
        Some(word) => format!("{complaint}; did you mean `{word}`?"),
        None => format!("{complaint}; possible are `{}`", possible.join("`, `")),
    }
}
