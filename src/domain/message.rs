//! Messages between a customer and us, and what the team did around them.

use super::{
    id::{MessageId, UserId},
    moment::Moment,
    row::Named,
    text::Safe,
};

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Which message.
    pub id: MessageId,
    /// From the customer or from us.
    pub direction: Direction,
    /// What it says.
    pub body: Safe,
    /// The desk sent only the beginning; the whole can be asked for by id (R6).
    pub truncated: bool,
    /// When it was written.
    pub at: Moment,
    /// Which of us wrote it; `None` for the customer's, and for a bot's.
    pub sender: Option<Named<UserId>>,
    /// How far ours got; `None` for the customer's.
    pub delivery: Option<Delivery>,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the customer.
    In,
    /// From us.
    Out,
}

/// How far a message of ours got (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// On its way.
    Pending,
    /// The channel says it arrived.
    Delivered,
    /// It did not arrive, and why.
    Failed(Failure),
}

macro_rules! failures {
    ($($(#[$doc:meta])* $variant:ident $code:literal $words:literal)*) => {
        /// Why a message of ours did not arrive (P1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Failure { $($(#[$doc])* $variant),* }

        impl Failure {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The reason as the contract spells it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The reason of that code; an unknown one is *unconfirmed*, since that is all we know then.
            #[must_use]
            pub fn from_code(code: &str) -> Self {
                match code { $($code => Self::$variant,)* _ => Self::Unconfirmed }
            }

            /// The reason in words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words),* }
            }
        }
    };
}

failures! {
    /// There is no such number or address.
    InvalidNumber "invalid_number" "invalid number"
    /// The customer's device cannot be reached.
    Unavailable "unavailable" "unavailable"
    /// Something between us and the channel broke.
    Network "network_error" "network error"
    /// It could not be delivered in time.
    Expired "expired" "expired"
    /// The channel does not take a message of that form.
    BadStructure "bad_structure" "bad structure"
    /// The identifier is on the blocklist (S5).
    Blocklisted "blocklisted" "blocklisted"
    /// The channel refused the wording.
    Profanity "profanity" "profanity"
    /// The channel refused it.
    Rejected "rejected" "rejected"
    /// Nobody ever told us whether it arrived.
    Unconfirmed "unconfirmed" "unconfirmed"
}

/// A file that came with a message; named, never opened (R8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What the sender called it.
    pub name: Safe,
    /// Its media type, as the sender says.
    pub kind: Safe,
    /// In bytes.
    pub size: u64,
}

/// One thing the team did to a conversation (U9, P3), notes among it (N1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryItem {
    /// Its place in the desk's history.
    pub id: Safe,
    /// When.
    pub at: Moment,
    /// What kind of thing: `assignee`, `queue`, `status`, `note` …
    pub kind: Safe,
    /// Who did it; `None` for the desk itself.
    pub by: Option<Named<UserId>>,
    /// What it was before.
    pub from: Option<Safe>,
    /// What it is since.
    pub to: Option<Safe>,
    /// Through what it came about (U9): `reply`, `take`, `unassign`, `undo` …
    pub cause: Option<Safe>,
    /// The reason that was given.
    pub reason: Option<Safe>,
    /// The words of a note.
    pub body: Option<Safe>,
}
