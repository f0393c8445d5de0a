//! Messages between a customer and us, and what the team did around them.

use super::{
    id::{MessageId, UserId},
    moment::Moment,
    named::Named,
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
    ($($(#[$doc:meta])* $variant:ident $code:literal $words:literal $advice:literal)*) => {
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

            /// What it means and what to do about it, in an advisor's words.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice),* }
            }
        }
    };
}

failures! {
    /// There is no such number or address.
    InvalidNumber "invalid_number" "invalid number"
        "there is no such number or address: ask for the right one on another channel"
    /// The customer's device cannot be reached.
    Unavailable "unavailable" "unavailable"
        "the phone or account could not be reached: try again later, or on another channel"
    /// Something between us and the channel broke.
    Network "network_error" "network error"
        "something broke between us and the channel: send it again"
    /// It could not be delivered in time.
    Expired "expired" "expired"
        "it could not be delivered in time: send it again if it still holds"
    /// The channel does not take a message of that form.
    BadStructure "bad_structure" "bad structure"
        "the channel does not take a message of that form: shorten or simplify it, and send it again"
    /// The identifier is on the blocklist (S5).
    Blocklisted "blocklisted" "blocklisted"
        "the contact is on the blocklist: nothing is sent to it until the three dots take it off"
    /// The channel refused the wording.
    Profanity "profanity" "profanity"
        "the channel refused the wording: say it in other words"
    /// The channel refused it.
    Rejected "rejected" "rejected"
        "the channel refused it and did not say why: ask whoever runs the channel before you send it again"
    /// Nobody ever told us whether it arrived.
    Unconfirmed "unconfirmed" "unconfirmed"
        "nobody told us whether it arrived: ask the customer before you send it again"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p1_every_failure_says_what_to_do() {
        for failure in Failure::ALL {
            let (means, to_do) = failure.advice().split_once(": ").expect("two parts");
            assert!(means.len() > 10 && to_do.len() > 10, "{failure:?}");
            assert_eq!(Failure::from_code(failure.code()), *failure);
        }
    }
}
