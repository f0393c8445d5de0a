//! Applies a team file: creates and changes what it names, and deletes nothing.

use super::{Result, Store, TeamFile};

/// One thing that a team file changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `organisation`, `role`, `user`, `queue`, `status`, `phrase` or `channel`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What changes, in words: `new`, or `rule: round_robin → least_busy`.
    pub change: String,
}

impl Store {
    /// Makes the team what the file says, in one transaction, and answers what that changed: nothing if it
    /// was so already. With `dry_run` it only answers. What the file does not name stays as it is.
    ///
    /// # Errors
    /// The database's; then nothing changed.
    pub async fn apply_team(&self, file: &TeamFile, dry_run: bool) -> Result<Vec<Difference>> {
        let _ = (file, dry_run);
        todo!()
    }
}
