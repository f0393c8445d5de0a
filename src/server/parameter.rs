//! What is said of what a call takes behind its `?`.

/// A query parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) says: &'static str,
}
