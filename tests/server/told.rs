//! The rules of `docs/rules.md` once more, over the tests' team in plain words: V1 to V6, U2, A6, A7, S1.
//!
//! Nothing of the domain's code is used. Where the two disagree, one of them is wrong.

/// Somebody who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) org: &'static str,
    /// "the `conversations` permission"
    pub(crate) screen: bool,
    pub(crate) admin: bool,
    /// A permission that is not about conversations.
    pub(crate) has: Option<&'static str>,
    /// Known to the desk: not suspended, with a token that counts.
    pub(crate) lets_in: bool,
}

/// Everybody there can be, by what they are to a conversation that anna has.
pub(crate) fn everybody() -> [Person; 14] {
    let advisor = |name, org| Person {
        name,
        org,
        screen: true,
        admin: false,
        has: None,
        lets_in: true,
    };
    let office = |name, org| Person {
        screen: false,
        admin: true,
        ..advisor(name, org)
    };
    let outside = |name| Person {
        lets_in: false,
        ..advisor(name, "cardiff")
    };
    [
        advisor("anna", "cardiff"), // own
        advisor("ben", "cardiff"),  // peer
        advisor("eve", "east"),     // child
        advisor("dot", "swansea"),  // sibling
        advisor("wyn", "wales"),    // parent
        advisor("gwen", "head"),    // above the parent, and owner
        Person {
            admin: true,
            ..advisor("adam", "cardiff")
        },
        office("nick", "cardiff"), // administrator without the permission
        office("greta", "head"),   // above, without the permission
        Person {
            screen: false,
            has: Some("inbound"),
            ..advisor("gate", "head")
        },
        outside("sue"), // suspended
        outside("no token"),
        outside("a revoked token"),
        outside("an expired token"),
    ]
}

fn org_of(name: &str) -> &'static str {
    let person = everybody().into_iter().find(|person| person.name == name);
    person.expect("somebody of the team").org
}

fn parent(org: &str) -> Option<&'static str> {
    match org {
        "wales" => Some("head"),
        "cardiff" | "swansea" => Some("wales"),
        "east" => Some("cardiff"),
        _ => None,
    }
}

/// "a strict ancestor in the organisation tree"
fn above(high: &str, low: &str) -> bool {
    parent(low).is_some_and(|parent| parent == high || above(high, parent))
}

fn covers(high: &str, low: &str) -> bool {
    high == low || above(high, low)
}

fn owner(queue: &str) -> &'static str {
    if queue == "Own" { "cardiff" } else { "head" }
}

fn team(queue: &str) -> &'static str {
    if queue == "Letters" {
        "swansea"
    } else {
        "cardiff"
    }
}

fn has_access(org: &str, queue: &str) -> bool {
    covers(org, owner(queue)) || covers(org, team(queue))
}

/// How a conversation lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lies {
    pub(crate) queue: &'static str,
    pub(crate) assignee: Option<&'static str>,
    pub(crate) open: bool,
}

impl Lies {
    /// The queue it is moved to.
    pub(crate) fn elsewhere(&self) -> &'static str {
        if self.queue == "Payments" {
            "Own"
        } else {
            "Payments"
        }
    }
}

/// What an act comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Done,
    Already,
    Taken,
    Refused,
    NotFound,
}

impl Verdict {
    /// As a result of many says it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Already => "already",
            Self::Taken => "conflict",
            Self::Refused => "refused",
            Self::NotFound => "not_found",
        }
    }
}

/// The rules, about a conversation that lies so.
pub(crate) struct Told<'a>(pub(crate) &'a Lies);

impl Told<'_> {
    /// V1 to V6.
    pub(crate) fn is_seen_by(&self, person: &Person) -> bool {
        let Lies {
            queue, assignee, ..
        } = *self.0;
        if !person.lets_in || !person.screen {
            return false; // V6
        }
        let Some(assignee) = assignee else {
            return has_access(person.org, queue); // V2
        };
        if assignee == person.name {
            return true;
        }
        let theirs = org_of(assignee);
        has_access(person.org, queue)
            && (above(person.org, theirs) // V3
                || (person.admin && person.org == theirs) // V4
                || (person.org == owner(queue) && person.org != theirs)) // V5
    }

    /// U2.
    fn may_be_handed_back_by(&self, person: &Person) -> bool {
        self.0.assignee.is_some_and(|assignee| {
            let theirs = org_of(assignee);
            self.is_seen_by(person)
                && (assignee == person.name
                    || above(person.org, theirs)
                    || (person.admin && person.org == theirs))
        })
    }

    /// A6, to ben, who is no administrator and of cardiff.
    fn may_be_given_to_ben_by(&self, person: &Person) -> bool {
        has_access("cardiff", self.0.queue)
            && match self.0.assignee {
                Some(_) => self.may_be_handed_back_by(person),
                None => {
                    person.name == "ben"
                        || above(person.org, "cardiff")
                        || (person.admin && person.org == "cardiff")
                }
            }
    }

    /// "the organisations whose queues the caller works in"
    pub(crate) fn owners_queues_are_of(&self, person: &Person) -> bool {
        let queues = ["Payments", "Letters", "Own"];
        let owner_here = owner(self.0.queue);
        person.screen
            && queues
                .iter()
                .any(|queue| owner(queue) == owner_here && has_access(person.org, queue))
    }

    /// What this act of theirs comes to. `move`: to [`Lies::elsewhere`]; `assign`: to ben.
    pub(crate) fn says(&self, act: &str, person: &Person) -> Verdict {
        let Lies { assignee, open, .. } = *self.0;
        let if_ = |may| if may { Verdict::Done } else { Verdict::Refused };
        // A7: "of an assigned one those who may unassign it, of an unassigned one whoever sees it"
        let lets_go = assignee.is_none() || self.may_be_handed_back_by(person);
        if !self.is_seen_by(person) {
            return Verdict::NotFound; // V8
        }
        match act {
            "unassign" if assignee.is_none() => Verdict::Already,
            "unassign" => if_(lets_go),
            "take" if assignee == Some(person.name) => Verdict::Already,
            "take" if assignee.is_some() => Verdict::Taken,
            "assign" if assignee == Some("ben") => Verdict::Already,
            "assign" => if_(open && self.may_be_given_to_ben_by(person)),
            "move" => if_(open && lets_go && has_access(person.org, self.0.elsewhere())),
            "close" if !open => Verdict::Already,
            "close" => if_(lets_go),
            "reopen" if open => Verdict::Already,
            // Nobody blocked it, and no bot has it.
            "unblock" | "intervene" => Verdict::Already,
            "take" | "reply" => if_(open),
            "status" | "note" | "block" | "reopen" => Verdict::Done,
            _ => panic!("no act {act}"),
        }
    }

    /// How it lies once they have done it.
    pub(crate) fn after(&self, act: &str, person: &Person) -> Lies {
        let before = *self.0;
        match act {
            "unassign" => Lies {
                assignee: None,
                ..before
            },
            "take" => Lies {
                assignee: Some(person.name),
                ..before
            },
            "assign" => Lies {
                assignee: Some("ben"),
                ..before
            },
            "move" => Lies {
                queue: before.elsewhere(),
                assignee: None,
                ..before
            },
            "close" => Lies {
                assignee: None,
                open: false,
                ..before
            },
            "reopen" => Lies {
                open: true,
                ..before
            },
            // A1; somebody else's stays theirs (A5).
            "reply" => Lies {
                assignee: before.assignee.or(Some(person.name)),
                ..before
            },
            _ => before,
        }
    }
}
