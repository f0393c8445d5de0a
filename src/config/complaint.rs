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
        let start = error.span().map_or(0, |span| span.start).min(text.len());
        Self {
            file: file.to_owned(),
            line: 1 + text.as_bytes()[..start]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count(),
            what: meant(error.message()),
        }
    }
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
