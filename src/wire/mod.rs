//! Floor 1: the bytes of the contract, and the only serde types besides the configuration.
//!
//! Every type here is what `assets/openapi.json` describes. Text is plain text as it was written; it
//! becomes [`Safe`](crate::domain::text::Safe) when a body is turned into a domain type, which is
//! the only way a console gets at it. A new field on the wire is added here and nowhere else.
//! Requests refuse fields they do not know; answers ignore them, so that an older console works on a newer desk.

pub mod act;
pub mod contact;
pub mod conversation;
pub mod day;
pub mod delivery;
pub mod event;
pub mod fate;
pub mod find;
pub mod inbound;
pub mod message;
pub mod outbound;
pub mod people;
pub mod presence;
pub mod problem;
pub mod some;
pub mod time;
pub mod transcript;

pub use time::Time;

/// Why an answer of a desk cannot be understood: it is not of the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the desk's answer has {field}: {value:?}, which the contract does not know")]
pub struct NotOfTheContract {
    /// Which field.
    pub field: &'static str,
    /// What stood in it, shortened.
    pub value: String,
}

impl NotOfTheContract {
    pub(crate) fn new(field: &'static str, value: &str) -> Self {
        Self {
            field,
            value: value.chars().take(64).collect(),
        }
    }
}

/// Reads an id out of a field, or says which field does not hold one.
pub(crate) fn id<T: std::str::FromStr>(
    field: &'static str,
    text: &str,
) -> Result<T, NotOfTheContract> {
    text.parse().map_err(|_| NotOfTheContract::new(field, text))
}
