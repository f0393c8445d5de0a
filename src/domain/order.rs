//! The order of the list (L1).

use super::{
    id::ConversationId,
    message::{Delivery, Direction},
    moment::Moment,
};

/// The four groups of the list, in the order they stand (L1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Unanswered, and it just entered its queue.
    UnansweredJustIn,
    /// Unanswered.
    Unanswered,
    /// Answered, and it just entered its queue.
    AnsweredJustIn,
    /// Answered.
    Answered,
}

impl Group {
    /// All groups, first to last.
    pub const ALL: [Self; 4] = [
        Self::UnansweredJustIn,
        Self::Unanswered,
        Self::AnsweredJustIn,
        Self::Answered,
    ];

    /// The group of a conversation.
    #[must_use]
    pub fn of(unanswered: bool, just_entered: bool) -> Self {
        match (unanswered, just_entered) {
            (true, true) => Self::UnansweredJustIn,
            (true, false) => Self::Unanswered,
            (false, true) => Self::AnsweredJustIn,
            (false, false) => Self::Answered,
        }
    }

    /// 0 to 3, as the desk stores it to walk an index in this order.
    #[must_use]
    pub fn rank(self) -> u8 {
        self as u8
    }
}

/// A conversation's place in the list: places compare as L1 says, and no two conversations share one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The group first.
    pub group: Group,
    /// Then the oldest: *waiting since* if unanswered, the last message's time if answered.
    pub since: Moment,
    /// Then the id, so that the order is total.
    pub id: ConversationId,
}

/// Whether and since when a conversation waits for us, as its messages say (L1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The last message came from the customer, or our last one failed.
    pub unanswered: bool,
    /// *Waiting since* if unanswered, else the time of the last message.
    pub since: Moment,
}

impl Waiting {
    /// How it stands after one more message; `None` before the first.
    ///
    /// Waiting begins with the first message after our last one that did not fail, so that neither
    /// writing again nor our failing again loses a customer their place. One on its way counts as
    /// arrived until it is known not to have.
    #[must_use]
    pub fn after(
        before: Option<Self>,
        direction: Direction,
        delivery: Option<Delivery>,
        at: Moment,
    ) -> Self {
        let failed = matches!(delivery, Some(Delivery::Failed(_)));
        let unanswered = direction == Direction::In || failed;
        let kept = before.filter(|before| unanswered && before.unanswered);
        Self {
            unanswered,
            since: kept.map_or(at, |before| before.since),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = Place> {
        (any::<bool>(), any::<bool>(), 0..5i64, "[A-C]{1,2}").prop_map(
            |(unanswered, entered, since, id)| Place {
                group: Group::of(unanswered, entered),
                since: Moment(since),
                id: ConversationId::parse(&id).unwrap(),
            },
        )
    }

    #[test]
    fn l1_groups_stand_in_the_rules_order() {
        assert!(Group::ALL.is_sorted());
        let ranks = Group::ALL.map(Group::rank);
        assert_eq!(ranks, [0, 1, 2, 3]);
        assert!(
            Group::of(true, false) < Group::of(false, true),
            "unanswered comes before answered"
        );
    }

    #[test]
    fn l1_writing_again_loses_nobody_their_place() {
        use crate::domain::message::Failure;
        let failed = Some(Delivery::Failed(Failure::Network));
        let said = |messages: &[(Direction, Option<Delivery>)]| {
            let numbered = messages.iter().zip(1..);
            let last = numbered.fold(None, |before, (&(direction, delivery), at)| {
                Some(Waiting::after(before, direction, delivery, Moment(at)))
            });
            let last = last.unwrap();
            (last.unanswered, last.since.0)
        };
        let (theirs, ours) = ((Direction::In, None), Direction::Out);
        assert_eq!(said(&[theirs, theirs]), (true, 1));
        assert_eq!(said(&[theirs, (ours, Some(Delivery::Pending))]), (false, 2));
        assert_eq!(said(&[theirs, (ours, failed), theirs]), (true, 1));
        assert_eq!(
            said(&[theirs, (ours, Some(Delivery::Delivered)), theirs, theirs]),
            (true, 3)
        );
        assert_eq!(said(&[(ours, failed)]), (true, 1), "we began, in vain");
    }

    proptest! {
        /// L1 restated: groups, then oldest, then id; total and antisymmetric.
        #[test]
        fn l1_is_a_total_order(a in place(), b in place(), c in place()) {
            let naive = (a.group.rank(), a.since.0, a.id.as_str()).cmp(&(b.group.rank(), b.since.0, b.id.as_str()));
            prop_assert_eq!(a.cmp(&b), naive);
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a == b, a.cmp(&b).is_eq());
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
        }
    }
}
