//! The team as a file: what `team.toml` says, read and checked as far as it can be without a database.

/// A team file, read: organisations, roles, users, queues, statuses, phrases and channels.
#[derive(Clone, Debug)]
pub struct TeamFile {}

/// What is wrong with a team file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct TeamFileError {
    /// Which file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and the nearest valid word where one was mistyped.
    pub problem: String,
}

impl TeamFile {
    /// Reads a team file; `file` is what errors call it.
    ///
    /// # Errors
    /// [`TeamFileError`] at the first thing that is wrong: unknown fields and words among them.
    pub fn parse(file: &str, text: &str) -> Result<Self, TeamFileError> {
        let _ = (file, text);
        todo!()
    }
}
