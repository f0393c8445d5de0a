//! Acts on the wire: what is asked, and what came of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Time, conversation::Row};

/// Bodies of acts on one conversation: each with what every act may say beside its own fields.
macro_rules! of_one {
    ($($(#[$doc:meta])* $name:ident { $($own:tt)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// Who is believed to have it; `null`: nobody; absent: unchecked.
            #[serde(default, with = "stated", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<String>)]
            pub expected_assignee: Option<Option<String>>,
            /// The version that was seen.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub expected_version: Option<u64>,
            /// Why, for the record and the former assignee.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub reason: Option<String>,
        }
    )* };
}

/// Bodies of acts on many.
macro_rules! of_many {
    ($($(#[$doc:meta])* $name:ident { $($own:tt)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// Which ones, at most 1,000.
            pub items: Vec<Item>,
            /// Why, for the record and the former assignees.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub reason: Option<String>,
            /// Leave alone what anything happened to since the version its item names, or what somebody answers now.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            pub if_quiet: bool,
        }
    )* };
}

of_one! {
    /// The body of `POST …/unassign`, `…/take`, `…/close`, `…/reopen`, `…/intervene` and `…/unblock`; every field may
    /// be left out.
    Act {}

    /// The body of `POST …/assign`.
    AssignTo {
        /// To whom, by id or username.
        pub user: String,
    }

    /// The body of `POST …/move`.
    MoveTo {
        /// Where to, by id or name.
        pub queue: String,
    }

    /// The body of `POST …/status`.
    SetStatus {
        /// Which one; `null` or absent: none.
        #[serde(default)]
        pub status: Option<String>,
    }

    /// The body of `POST …/block`.
    Block {
        /// Until when; absent: for good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until: Option<Time>,
    }

    /// The body of `POST …/note`.
    Note {
        /// What it says.
        pub body: String,
    }
}

/// The answer to an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acted {
    /// `done` or `already`.
    pub outcome: String,
    /// Under which operation id; what undo names.
    pub operation: String,
    /// The conversation since; `null` if the caller no longer sees it.
    pub conversation: Option<Row>,
}

of_many! {
    /// `POST /v1/unassign`: many at once, in one transaction.
    Many {}

    /// `POST /v1/assign`: many at once, spread over people in turn.
    AssignMany {
        /// To whom, by ids or usernames.
        pub to: Vec<String>,
    }

    /// `POST /v1/move`: many at once.
    MoveMany {
        /// Where to, by id or name.
        pub queue: String,
    }

    /// `POST /v1/status`: many at once.
    StatusMany {
        /// Which one; `null` or absent: none.
        #[serde(default)]
        pub status: Option<String>,
    }
}

/// One of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Which conversation.
    pub id: String,
    /// Who is believed to have it; `null`: nobody; absent: unchecked.
    #[serde(default, with = "stated", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expected_assignee: Option<Option<String>>,
    /// The version that was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u64>,
}

/// `POST /v1/undo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// The act to take back.
    pub operation: String,
}

/// The answer to many at once, and to an undo: a result per conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Results {
    /// Under which operation id.
    pub operation: String,
    /// One per conversation, in the order asked.
    pub results: Vec<ItemResult>,
}

/// What came of one of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemResult {
    /// Which conversation.
    pub id: String,
    /// `done`, `already`, `conflict`, `refused` or `not_found`.
    pub outcome: String,
    /// Why, if refused: a code that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The conversation now, if the caller sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Row>,
}

/// A field that tells apart *absent* (says nothing), `null` (says nobody) and a value.
pub(super) mod stated {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, reason = "the signature serde's `with` asks for")]
    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Option<String>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value
            .as_ref()
            .and_then(Option::as_ref)
            .serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<String>>, D::Error> {
        Option::<String>::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u5_absent_null_and_named_assignees_are_three_things() {
        let read = |text: &str| serde_json::from_str::<Act>(text).unwrap().expected_assignee;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"expected_assignee": null}"#), Some(None));
        assert_eq!(
            read(r#"{"expected_assignee": "anna"}"#),
            Some(Some("anna".into()))
        );
        for act in [
            "{}",
            r#"{"expected_assignee":null}"#,
            r#"{"expected_assignee":"anna"}"#,
        ] {
            assert_eq!(
                serde_json::to_string(&serde_json::from_str::<Act>(act).unwrap()).unwrap(),
                act
            );
        }
        assert!(
            serde_json::from_str::<Act>(r#"{"expected_asignee": null}"#).is_err(),
            "a misspelt precondition is no precondition"
        );
    }
}
