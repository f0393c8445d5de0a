//! Errors on the wire: problem documents (RFC 9457).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::conversation::Row;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Which kind of problem: a path below this desk, `/problems/taken`, that stays.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here and what to do.
    pub detail: String,
    /// 422: the rule's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// 409: the conversation as it is now, if the caller sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Row>,
    /// The operation this was the answer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}
