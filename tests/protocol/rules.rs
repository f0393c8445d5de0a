//! The desk's own rules, as the server runs them, over a conversation in plain numbers.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "two test programs use it, each a part of it"
)]

use std::{cell::RefCell, collections::HashMap};

use handback::domain::{
    access::Team,
    action::{self, Act, Action, Cause, Change, Circumstances, Deed, Expectation, Former, Verdict},
    conversation::{Conversation, Handler, State},
    id::{OperationId, OrganisationId, UserId},
    moment::Moment,
    organisation::Tree,
    person::{Permissions, Person},
    queue::{Queue, Rule, Turnover},
};

/// Anna and Ben are colleagues, Gwen stands above both.
pub const ANNA: u8 = 0;
pub const BEN: u8 = 1;
pub const GWEN: u8 = 2;

const NAMES: [&str; 3] = ["anna", "ben", "gwen"];

/// A conversation as far as acts change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Held {
    pub holder: Option<u8>,
    pub version: u32,
    pub acted: u32,
    pub touched: bool,
}

/// What a desk says came of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    Done,
    Already,
    Conflict,
    Refused,
    NotFound,
    /// Not an outcome: it was not heard.
    Busy,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wish {
    Unassign,
    Take,
    Reply,
    Note,
    /// Taking back what was done under this operation.
    Undo(u16),
}

/// What undo knows of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recorded {
    pub by: u8,
    pub operation: u16,
    pub wish: Wish,
    pub former: Option<u8>,
    pub version: u32,
    pub undone: bool,
}

/// What somebody believes of it: who has it, and at which version they saw that.
pub type Believed = Option<(Option<u8>, u32)>;

type Decided = (Outcome, Option<Held>);

/// The rules, with the team they are of. What was decided once is remembered: the same is asked a million times.
pub struct Rules {
    decided: RefCell<HashMap<(u8, Held, Wish, Believed), Decided>>,
    seen: RefCell<HashMap<(u8, Option<u8>), bool>>,
    team: Team,
    people: Vec<Person>,
    like: Conversation,
}

impl Rules {
    pub fn new() -> Self {
        let org = |name: &str| OrganisationId::parse(name).expect("an id");
        let person = |(name, of): (&str, &str)| Person {
            id: UserId::parse(name).expect("an id"),
            organisation: org(of),
            permissions: Permissions {
                conversations: true,
                ..Permissions::default()
            },
            suspended: false,
        };
        let people: Vec<Person> = NAMES
            .into_iter()
            .zip(["cardiff", "cardiff", "head"])
            .map(person)
            .collect();
        let queue = Queue {
            id: "payments".parse().expect("an id"),
            owner: org("head"),
            teams: [org("cardiff")].into(),
            rule: Rule::SelfSelection,
            on_login: Turnover::Nothing,
            on_logout: Turnover::Nothing,
            max_open: None,
            active: true,
            deleted: false,
        };
        let like = Conversation {
            id: "C1".parse().expect("an id"),
            queue: queue.id.clone(),
            assignee: None,
            state: State::Open,
            handler: Handler::Person,
            status: None,
            touched: false,
            unanswered: true,
            just_entered: false,
            since: Moment(1),
            version: 0,
            acted: 0,
        };
        let team = Team {
            statuses: [].into_iter().collect(),
            tree: Tree::new([(org("head"), None), (org("cardiff"), Some(org("head")))])
                .expect("a tree"),
            people: people.iter().map(|p| (p.id.clone(), p.clone())).collect(),
            queues: HashMap::from([(queue.id.clone(), queue)]),
        };
        Self {
            team,
            people,
            like,
            decided: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    fn user(&self, who: u8) -> UserId {
        self.people[usize::from(who)].id.clone()
    }

    fn conversation(&self, held: Held) -> Conversation {
        Conversation {
            assignee: held.holder.map(|who| self.user(who)),
            touched: held.touched,
            version: held.version.into(),
            acted: held.acted.into(),
            ..self.like.clone()
        }
    }

    fn held(&self, c: &Conversation) -> Held {
        let number = |n: u64| u32::try_from(n).expect("few versions");
        let who = |id: &UserId| {
            self.people
                .iter()
                .position(|p| p.id == *id)
                .expect("of the team")
        };
        Held {
            holder: c
                .assignee
                .as_ref()
                .map(|id| u8::try_from(who(id)).expect("few")),
            version: number(c.version),
            acted: number(c.acted),
            touched: c.touched,
        }
    }

    /// Whether that one sees it.
    pub fn sees(&self, who: u8, held: Held) -> bool {
        let mut seen = self.seen.borrow_mut();
        *seen
            .entry((who, held.holder))
            .or_insert_with(|| self.looks(who, held))
    }

    fn looks(&self, who: u8, held: Held) -> bool {
        let standing = self.conversation(held).standing();
        self.team.can_see(&self.people[usize::from(who)], &standing)
    }

    /// What comes of a wish, and how the conversation is then.
    pub fn decide(
        &self,
        by: u8,
        held: Held,
        wish: Wish,
        believed: Believed,
        acts: &[Recorded],
    ) -> Decided {
        if let Wish::Undo(operation) = wish {
            return self.undo(by, held, operation, acts);
        }
        let mut decided = self.decided.borrow_mut();
        let asked = (by, held, wish, believed);
        *decided
            .entry(asked)
            .or_insert_with(|| self.decides(by, held, wish, believed))
    }

    fn decides(&self, by: u8, held: Held, wish: Wish, believed: Believed) -> Decided {
        let (person, c) = (&self.people[usize::from(by)], self.conversation(held));
        if !self.team.can_see(person, &c.standing()) {
            return (Outcome::NotFound, None);
        }
        let expected = believed.map_or_else(Expectation::default, |(holder, version)| {
            Expectation::seen(holder.map(|who| self.user(who)), version.into())
        });
        let deed = match wish {
            Wish::Unassign => Deed::Unassign,
            Wish::Take => Deed::Take,
            Wish::Note => Deed::Note("Rang".into()),
            Wish::Reply | Wish::Undo(_) => return self.reply(person, &c, expected),
        };
        // A note is about the customer, whoever has the conversation.
        let expected = if wish == Wish::Note {
            Expectation::default()
        } else {
            expected
        };
        let verdict = action::decide(&self.team, person, &c, &deed, &expected);
        self.carried_out(person, &c, &verdict)
    }

    fn reply(&self, by: &Person, c: &Conversation, expected: Expectation) -> Decided {
        let expected = Expectation {
            version: None,
            ..expected
        };
        let around = Circumstances::default();
        match action::reply(by, c, around, "Yes", &expected) {
            Verdict::Already => {
                let owned = Conversation {
                    version: c.version + 1,
                    ..c.clone()
                };
                (
                    Outcome::Done,
                    Some(self.held(&Conversation {
                        touched: owned.touched || owned.assignee.as_ref() == Some(&by.id),
                        ..owned
                    })),
                )
            }
            Verdict::Do(change) => {
                let owned = c.changed(&change);
                (
                    Outcome::Done,
                    Some(self.held(&Conversation {
                        touched: true,
                        ..owned
                    })),
                )
            }
            verdict => self.carried_out(by, c, &verdict),
        }
    }

    fn carried_out(&self, by: &Person, c: &Conversation, verdict: &Verdict) -> Decided {
        match verdict {
            Verdict::Do(change) => (Outcome::Done, Some(self.after(by, c, change))),
            Verdict::Already => (Outcome::Already, None),
            Verdict::Conflict => (Outcome::Conflict, None),
            Verdict::Refused(_) => (Outcome::Refused, None),
        }
    }

    fn after(&self, by: &Person, c: &Conversation, change: &Change) -> Held {
        let mut after = c.changed(change);
        after.touched |= after.assignee.as_ref() == Some(&by.id) && c.assignee == after.assignee;
        self.held(&after)
    }

    fn undo(&self, by: u8, held: Held, operation: u16, acts: &[Recorded]) -> Decided {
        let mine = |act: &&Recorded| act.by == by;
        let last = acts.iter().filter(mine).rfind(|act| !act.undone);
        let Some(act) = acts
            .iter()
            .filter(mine)
            .find(|act| act.operation == operation)
        else {
            return (Outcome::Refused, None);
        };
        let (person, c) = (&self.people[usize::from(by)], self.conversation(held));
        let recorded = self.recorded(act, &c);
        if !action::may_look_back(&self.team, person, &recorded, &c) {
            return (Outcome::NotFound, None);
        }
        if act.undone {
            return (Outcome::Already, None);
        }
        if last.map(|last| last.operation) != Some(operation) {
            return (Outcome::Refused, None);
        }
        let verdict = action::undo(&self.team, person, &recorded, &c, Moment(2));
        self.carried_out(person, &c, &verdict)
    }

    fn recorded(&self, act: &Recorded, c: &Conversation) -> Act {
        let former = Conversation {
            assignee: act.former.map(|who| self.user(who)),
            ..c.clone()
        };
        Act {
            operation: OperationId::parse(&format!("op-{}", act.operation)).expect("an id"),
            action: match act.wish {
                Wish::Unassign => Action::Unassign,
                Wish::Take => Action::Take,
                Wish::Note => Action::Note,
                Wish::Reply | Wish::Undo(_) => Action::Reply,
            },
            by: self.user(act.by),
            at: Moment(1),
            conversation: c.id.clone(),
            former: Former::of(&former),
            version: act.version.into(),
            line_lost: false,
        }
    }

    /// Naive: gives it to that one, or to nobody, whatever was asked before.
    pub fn give(&self, held: Held, holder: Option<u8>) -> Held {
        let c = self.conversation(held);
        let change = Change::of_assignee(&c, holder.map(|who| self.user(who)), Cause::Assign);
        self.held(&c.changed(&change))
    }
}
