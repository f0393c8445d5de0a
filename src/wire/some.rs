//! Handing back some on the wire: what would move and what would stay (U7).

use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use utoipa::ToSchema;

use super::{
    act::Item,
    conversation::{Named, Row},
};

/// `POST /v1/unassign/preview`: whose, and by which rule. The oldest waiting move first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SomeOf {
    /// Whose, by id or username: one or several.
    #[serde(deserialize_with = "one_or_several")]
    pub of: Vec<String>,
    /// Only of this queue, by id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Only with this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Only those their assignee did nothing to since they became theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untouched: bool,
    /// How many at most; absent: as many as one request may move, 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u16>,
}

/// What would move and what would stay. Nothing has moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// What would move, as `POST /v1/unassign` or `/v1/assign` takes it: the ids and versions seen now. A console moves
    /// what it shows instead.
    #[serde(default, deserialize_with = "left_aside")]
    #[schema(required = true)]
    pub items: Vec<Item>,
    /// The same conversations, to be looked at.
    pub moves: Vec<Row>,
    /// What would stay, oldest waiting first, at most 200 of it.
    pub stays: Vec<Stays>,
    /// How many would stay in all.
    pub staying: u64,
    /// What the leader should know before they move.
    pub warnings: Vec<Warning>,
}

/// A conversation that would stay, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stays {
    /// Which one.
    pub conversation: Row,
    /// Why, as a word: `not_chosen`, `other_queue`, `other_status`, `touched`, `being_answered`, `draft_kept`, `not_yours`.
    pub reason: String,
    /// Why, in words.
    pub text: String,
}

/// A queue whose own rule would undo what is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Warning {
    /// Which queue.
    pub queue: Named,
    /// What it would do, in words.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrSeveral {
    One(String),
    Several(Vec<String>),
}

/// An item is a part of a request, where an unknown field is refused; in an answer it is no reason to refuse anything.
fn left_aside<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Item>, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| Vec::new())
}

fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrSeveral::deserialize(deserializer)? {
        OneOrSeveral::One(one) => vec![one],
        OneOrSeveral::Several(several) => several,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u7_one_person_or_several() {
        let of = |text: &str| serde_json::from_str::<SomeOf>(text).unwrap().of;
        assert_eq!(of(r#"{"of": "anna"}"#), ["anna"]);
        assert_eq!(of(r#"{"of": ["anna", "ben"]}"#), ["anna", "ben"]);
        assert!(serde_json::from_str::<SomeOf>("{}").is_err());
    }
}
