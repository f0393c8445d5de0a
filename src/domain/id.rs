//! Names that machines give to things: opaque, comparable, cheap to clone.

use std::{fmt, sync::Arc};

/// Why a piece of text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 64 characters of A-Z a-z 0-9 _ -")]
pub struct NotAnId;

/// Whether `text` has the form of an id: `[A-Za-z0-9_-]{1,64}`.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Accepts text of the form `[A-Za-z0-9_-]{1,64}`.
            ///
            /// # Errors
            /// [`NotAnId`] for anything else.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                if is_id(text) { Ok(Self(text.into())) } else { Err(NotAnId) }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Self::parse(text)
            }
        }
    )*};
}

ids! {
    /// A conversation; short enough to say aloud (10 Crockford base32 characters on our own desk).
    ConversationId
    /// A person with an account at the desk.
    UserId
    /// A queue.
    QueueId
    /// An organisation.
    OrganisationId
    /// A message or a note.
    MessageId
    /// One act of one person, named when the key went down (R20); repeats of it are recognised.
    OperationId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_to_64_plain_characters() {
        for good in ["a", "Z9_-", &"x".repeat(64)] {
            assert!(UserId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "a/b", "é", "a\u{202e}", &"x".repeat(65)] {
            assert_eq!(UserId::parse(bad), Err(NotAnId), "{bad:?}");
        }
    }
}
