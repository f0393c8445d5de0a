//! People with an account at the desk, and what their role lets them do.

use super::id::{OrganisationId, UserId};

/// A person, as far as the rules need to know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who it is.
    pub id: UserId,
    /// The one organisation they belong to.
    pub organisation: OrganisationId,
    /// What their role lets them do.
    pub permissions: Permissions,
    /// A suspended person sees and does nothing.
    pub suspended: bool,
}

/// What a role lets its people do. `conversations` is the access to the Conversation screen
/// without which nothing else counts (V6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// May use the Conversation screen at all.
    pub conversations: bool,
    /// Administrator of their organisation (V4, U2).
    pub admin: bool,
    /// May hand in customers' messages: a channel's gateway.
    pub inbound: bool,
    /// May begin conversations with customers.
    pub outbound: bool,
    /// May read the desk's metrics.
    pub metrics: bool,
}

impl Permissions {
    /// Every permission with its name, as the team file writes it and `/v1/me` answers it.
    #[must_use]
    pub fn named(self) -> [(&'static str, bool); 5] {
        [
            ("conversations", self.conversations),
            ("admin", self.admin),
            ("inbound", self.inbound),
            ("outbound", self.outbound),
            ("metrics", self.metrics),
        ]
    }

    /// Adds the permission of that name; `None` if there is none.
    #[must_use]
    pub fn with(mut self, name: &str) -> Option<Self> {
        match name {
            "conversations" => self.conversations = true,
            "admin" => self.admin = true,
            "inbound" => self.inbound = true,
            "outbound" => self.outbound = true,
            "metrics" => self.metrics = true,
            _ => return None,
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_the_permission_they_name() {
        for (index, (name, _)) in Permissions::default().named().into_iter().enumerate() {
            let one = Permissions::default().with(name).expect(name);
            let set: Vec<bool> = one.named().iter().map(|(_, on)| *on).collect();
            assert_eq!(set.iter().filter(|on| **on).count(), 1);
            assert!(set[index]);
        }
        assert_eq!(Permissions::default().with("root"), None);
    }
}
