//! What happened at the desk, and what each subscriber may hear of it.

use super::{
    access::Team,
    action::{Cause, closed_words},
    conversation::Standing,
    id::{ConversationId, MessageId, UserId},
    person::Person,
};

/// One entry of the desk's log: a conversation changed. Written in the transaction of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the log: gap-free and in the order of commits (R31).
    pub cursor: u64,
    /// Which conversation.
    pub conversation: ConversationId,
    /// How it stood before; `None` if it is new.
    pub before: Option<Standing>,
    /// How it stands since.
    pub after: Standing,
    /// The message that was written, if that is what happened.
    pub message: Option<MessageId>,
}

/// What a subscriber hears of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The conversation, as it is now.
    Row,
    /// That a conversation they saw is out of their sight; nothing else about it.
    Gone,
    /// Nothing at all (V8).
    Nothing,
}

closed_words! {
    /// What somebody should know though no row says it: it was done to what is or was theirs, and not by them (U6, U8,
    /// U9).
    AttentionKind, "kind":
    /// Somebody else handed back what was theirs.
    HandedBack "handed_back"
    /// An undo gave it back to them.
    GivenBack "given_back"
    /// It is theirs now, and they did not do it.
    Assigned "assigned"
    /// It is theirs no more: given to somebody, moved, closed, or the access or the line was lost.
    TakenAway "taken_away"
}

/// Somebody to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whom.
    pub whom: UserId,
    /// What.
    pub kind: AttentionKind,
    /// Through what it came about.
    pub cause: Cause,
}

impl Entry {
    /// Whom to tell of an entry, when `by` did it through `cause`: who had it, and who has it now. Nobody is told of
    /// what they did themselves; but what a lost line did in their name (Q9) they did not do.
    #[must_use]
    pub fn notices(&self, cause: Option<Cause>, by: Option<&UserId>) -> Vec<Notice> {
        let former = self.before.as_ref().and_then(|b| b.assignee.as_ref());
        let present = self.after.assignee.as_ref();
        let Some(cause) = cause.filter(|_| former != present) else {
            return Vec::new();
        };
        let lost = former.map(|whom| Notice {
            whom: whom.clone(),
            kind: if cause == Cause::Unassign {
                AttentionKind::HandedBack
            } else {
                AttentionKind::TakenAway
            },
            // It left them because it was moved, whatever its new queue's rule then did.
            cause: match cause {
                Cause::RoundRobin | Cause::LeastBusy => Cause::Move,
                cause => cause,
            },
        });
        let got = present.map(|whom| Notice {
            whom: whom.clone(),
            kind: if cause == Cause::Undo {
                AttentionKind::GivenBack
            } else {
                AttentionKind::Assigned
            },
            cause,
        });
        lost.into_iter()
            .chain(got)
            .filter(|notice| by != Some(&notice.whom))
            .collect()
    }

    /// What `viewer` hears, when the conversation stands as `now` says at the moment of sending (R32).
    #[must_use]
    pub fn heard_by(&self, viewer: &Person, team: &Team, now: &Standing) -> Heard {
        if team.can_see(viewer, now) {
            Heard::Row
        } else if self
            .before
            .as_ref()
            .is_some_and(|before| team.can_see(viewer, before))
            || team.can_see(viewer, &self.after)
        {
            Heard::Gone
        } else {
            Heard::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::QueueId;

    fn user(name: &str) -> UserId {
        UserId::parse(name).unwrap()
    }

    fn standing(assignee: &str) -> Standing {
        Standing {
            queue: QueueId::parse("payments").unwrap(),
            assignee: Some(assignee).filter(|a| !a.is_empty()).map(user),
            open: true,
        }
    }

    /// Who hears what, as `name kind cause`, of a conversation that passes from one to another; nobody is empty.
    fn told(former: &str, present: &str, cause: &str, by: &str) -> Vec<String> {
        let entry = Entry {
            cursor: 1,
            conversation: ConversationId::parse("c").unwrap(),
            before: Some(standing(former)),
            after: standing(present),
            message: None,
        };
        let by = Some(by).filter(|by| !by.is_empty()).map(user);
        let notices = entry.notices(Cause::from_word(cause), by.as_ref());
        let words = notices
            .iter()
            .map(|n| format!("{} {} {}", n.whom, n.kind.word(), n.cause.word()));
        words.collect()
    }

    #[test]
    fn u9_who_had_it_and_who_has_it_are_told_of_what_others_did() {
        let annas = |rest: &str| [format!("anna {rest}")];
        assert_eq!(
            told("anna", "", "unassign", "gwen"),
            annas("handed_back unassign")
        );
        for cause in ["move", "close", "logout", "lost_access", "undo"] {
            let taken = annas(&format!("taken_away {cause}"));
            assert_eq!(told("anna", "", cause, "gwen"), taken, "{cause}");
            assert_eq!(told("anna", "", cause, ""), taken, "{cause}");
        }
        for cause in ["assign", "round_robin", "least_busy", "login"] {
            assert_eq!(
                told("", "anna", cause, "gwen"),
                annas(&format!("assigned {cause}"))
            );
        }
        assert_eq!(
            told("", "anna", "undo", "gwen"),
            annas("given_back undo"),
            "U6"
        );
        assert_eq!(
            told("anna", "ben", "assign", "gwen"),
            ["anna taken_away assign", "ben assigned assign"]
        );
        assert_eq!(
            told("anna", "ben", "round_robin", "gwen"),
            ["anna taken_away move", "ben assigned round_robin"]
        );
    }

    #[test]
    fn u9_nobody_is_told_of_what_they_did_themselves_or_of_nothing() {
        for cause in Cause::ALL {
            let cause = cause.word();
            assert!(told("anna", "", cause, "anna").is_empty(), "{cause}");
            assert!(told("", "anna", cause, "anna").is_empty(), "{cause}");
            assert!(told("anna", "anna", cause, "gwen").is_empty(), "{cause}");
            assert!(told("", "", cause, "gwen").is_empty(), "{cause}");
        }
        assert_eq!(
            told("anna", "ben", "assign", "anna"),
            ["ben assigned assign"]
        );
    }
}
