//! How far messages got, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::message;

/// How far a message of ours got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// `pending`, `delivered` or `error`.
    pub state: String,
    /// Why it did not arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Delivery {
    /// How far it got; `None` for a state we do not know, which is no failure.
    #[must_use]
    pub fn known(self) -> Option<message::Delivery> {
        Some(match self.state.as_str() {
            "pending" => message::Delivery::Pending,
            "delivered" => message::Delivery::Delivered,
            "error" => message::Delivery::Failed(message::Failure::from_code(
                self.reason.as_deref().unwrap_or(""),
            )),
            _ => return None,
        })
    }
}

impl From<message::Delivery> for Delivery {
    fn from(delivery: message::Delivery) -> Self {
        let (state, reason) = match delivery {
            message::Delivery::Pending => ("pending", None),
            message::Delivery::Delivered => ("delivered", None),
            message::Delivery::Failed(why) => ("error", Some(why.code().to_owned())),
        };
        Self {
            state: state.to_owned(),
            reason,
        }
    }
}
