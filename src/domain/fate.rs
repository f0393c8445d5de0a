//! What became of a conversation after an act: did it help?

use super::{
    action::{Cause, closed_words},
    conversation::State,
    id::UserId,
    moment::Moment,
};

closed_words! {
    /// What became of a conversation after an act.
    Became, "fate":
    /// Nobody has had it since.
    Waiting "waiting"
    /// Somebody new has it, or had it.
    Taken "taken"
    /// It came back to whom it was taken from.
    CameBack "came_back"
    /// It is closed.
    Closed "closed"
    /// The act was taken back.
    Undone "undone"
}

/// Somebody becomes a conversation's assignee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    /// Who.
    pub to: UserId,
    /// When; `None`: they had it all along.
    pub at: Option<Moment>,
    /// Through what.
    pub cause: Option<Cause>,
}

/// An act on one conversation, and what is known of it since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Who had it before.
    pub former: Option<UserId>,
    /// Who got it by the act itself, or kept it.
    pub kept: Option<Passing>,
    /// Who got it first after the act.
    pub next: Option<Passing>,
    /// The act was taken back.
    pub undone: bool,
    /// Whether it is open now.
    pub state: State,
}

impl Course {
    /// What became of it, and who got it first.
    #[must_use]
    pub fn end(self) -> (Became, Option<Passing>) {
        if self.undone {
            return (Became::Undone, None);
        }
        let first = self.kept.or(self.next);
        let became = match &first {
            _ if self.state == State::Closed => Became::Closed,
            None => Became::Waiting,
            Some(first) if first.at.is_some() && self.former.as_ref() == Some(&first.to) => {
                Became::CameBack
            }
            Some(_) => Became::Taken,
        };
        (became, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passing(to: &str, at: i64) -> Passing {
        Passing {
            to: UserId::parse(to).unwrap(),
            at: Some(Moment(at)),
            cause: Some(Cause::Reply),
        }
    }

    fn handed_back_from_anna() -> Course {
        Course {
            former: Some(UserId::parse("anna").unwrap()),
            kept: None,
            next: None,
            undone: false,
            state: State::Open,
        }
    }

    #[test]
    fn u7_one_waits_is_taken_comes_back_is_closed_or_undone() {
        let end = |course: Course| course.end();
        let course = handed_back_from_anna;
        assert_eq!(end(course()), (Became::Waiting, None));
        let (bens, annas) = (Some(passing("ben", 5)), Some(passing("anna", 5)));
        let next = |next: &Option<Passing>| Course {
            next: next.clone(),
            ..course()
        };
        assert_eq!(end(next(&bens)), (Became::Taken, bens.clone()));
        assert_eq!(end(next(&annas)), (Became::CameBack, annas));
        let closed = Course {
            state: State::Closed,
            ..next(&bens)
        };
        assert_eq!(end(closed), (Became::Closed, bens.clone()));
        let undone = Course {
            undone: true,
            ..next(&bens)
        };
        assert_eq!(end(undone), (Became::Undone, None));
    }

    #[test]
    fn an_act_that_gives_it_to_somebody_says_who_and_one_that_leaves_it_says_who_has_it() {
        let given = Course {
            kept: Some(passing("ben", 1)),
            next: Some(passing("anna", 5)),
            ..handed_back_from_anna()
        };
        assert_eq!(given.end(), (Became::Taken, Some(passing("ben", 1))));
        let left = Passing {
            at: None,
            ..passing("anna", 1)
        };
        let left_with_her = Course {
            kept: Some(left.clone()),
            ..handed_back_from_anna()
        };
        assert_eq!(left_with_her.end(), (Became::Taken, Some(left)));
    }
}
