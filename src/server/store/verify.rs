//! Asks the database whether everything it keeps twice agrees.

use super::{Result, Store};

impl Store {
    /// Everything that does not agree, in words; empty if all is well. Reads the whole database: for tests
    /// and for a doctor, never on a request.
    ///
    /// # Errors
    /// The database's.
    pub async fn verify(&self) -> Result<Vec<String>> {
        todo!()
    }
}
