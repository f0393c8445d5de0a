//! What has a name.

use super::text::Safe;

/// Something with an id and a name to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<Id> {
    /// Which one.
    pub id: Id,
    /// What people call it.
    pub name: Safe,
}
