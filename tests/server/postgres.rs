//! Where the tests find a PostgreSQL.

/// The URL of a fresh database; `None` where there is none to be had.
pub async fn database() -> Option<String> {
    None
}
