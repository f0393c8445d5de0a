//! R22, R20: whatever keys are pressed and whatever happens when, what is done is done to what the screen showed, and one
//! operation is one thing.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;

const IDS: [&str; 4] = ["bea", "carl", "dee", "eve"];
const PEOPLE: [Option<&str>; 4] = [None, Some("anna"), Some("ben"), Some("cara")];

#[derive(Clone, Debug)]
enum Happens {
    /// Keys, one after the other.
    Keys(&'static str),
    /// Somebody has a conversation now.
    Row(usize, usize),
    /// It is out of sight.
    Gone(usize),
    /// It waits longer, or less long: the list is in another order.
    Moves(usize, i64),
    /// What is under way is answered, the oldest first: done, so already, taken by somebody, refused, unknown, unheard.
    Answered(usize, usize),
    /// The same of several, or of an undo.
    ManyAnswered(usize, usize),
    AsksAgain,
    Lost,
    Live,
    People,
    Painted,
    Shown,
    Later(i64),
}

/// Every act there is, with what leads to it and away from it: marks, pickers, reasons, undo, finding, drafts.
const KEYS: [&str; 44] = [
    "u",
    "u",
    "u",
    "t",
    "t",
    "z",
    "z",
    "j",
    "j",
    "k",
    "g",
    "G",
    "j u",
    "j t",
    "k u",
    "space",
    "space j space",
    "*",
    "enter",
    "enter",
    "esc",
    "esc",
    ". u",
    ". t",
    "a",
    "a enter",
    "m enter",
    "s enter",
    "U l u n c h enter",
    "U esc",
    "r",
    "r y e s enter",
    "n o enter",
    "n esc",
    "r esc u",
    "4",
    "4 x",
    "4 z",
    "f b enter",
    "/ b enter",
    "/ esc",
    "tab",
    "1",
    "3",
];

fn happens() -> impl Strategy<Value = Happens> {
    let one = || 0..IDS.len();
    prop_oneof![
        14 => proptest::sample::select(&KEYS[..]).prop_map(Happens::Keys),
        6 => (one(), 0..PEOPLE.len()).prop_map(|(id, who)| Happens::Row(id, who)),
        1 => one().prop_map(Happens::Gone),
        1 => (one(), 0i64..9).prop_map(|(id, since)| Happens::Moves(id, since)),
        5 => (0usize..7, 0..PEOPLE.len()).prop_map(|(how, who)| Happens::Answered(how, who)),
        3 => (0usize..7, 0..PEOPLE.len()).prop_map(|(how, who)| Happens::ManyAnswered(how, who)),
        2 => Just(Happens::AsksAgain),
        1 => Just(Happens::Lost),
        2 => Just(Happens::Live),
        2 => Just(Happens::People),
        6 => Just(Happens::Painted),
        6 => Just(Happens::Shown),
        3 => prop_oneof![Just(100i64), Just(1_100), Just(1_600)].prop_map(Happens::Later),
    ]
}

type Holder = Option<UserId>;

/// Who has which conversation by what stands on the screen, and as of which version.
type Screen = HashMap<ConversationId, (Holder, u64)>;

/// What stands on the screen: who has which conversation, those of a question among it. Nothing while something covers it
/// all: then what stood there last is what the advisor knows.
fn on_screen(desk: &Desk) -> Option<Screen> {
    let model = &desk.model;
    if model.layers.iter().any(Layer::covers_all) {
        return None;
    }
    let holder = |row: &Row| {
        let holder = row.holder();
        (row.id.clone(), (holder, row.version))
    };
    let mut all: HashMap<_, _> = model.list.inbox.rows().map(holder).collect();
    all.extend(model.open.as_ref().map(|open| holder(&open.row)));
    if let Some(Layer::Preview(preview)) = model.layers.last() {
        let asked = preview.items.iter().map(|(id, marked)| {
            let holder = marked.assignee.as_ref().map(|(id, _)| id.clone());
            let version = marked.expectation().version.expect("a version");
            (id.clone(), (holder, version))
        });
        all.extend(asked);
    }
    Some(all)
}

/// A whole run.
struct Run {
    desk: Desk,
    version: u64,
    shown: Screen,
    under_way: Option<Screen>,
    /// What the advisor's own acts made of a conversation, which needs no frame.
    own: HashSet<(ConversationId, Holder)>,
    /// What was asked under an operation.
    asked: HashMap<OperationId, Effect>,
    done: Vec<OperationId>,
}

impl Run {
    fn new() -> Self {
        let rows = [
            row("bea", Some("anna"), 1),
            row("carl", None, 2),
            row("dee", Some("ben"), 3),
        ];
        let mut desk = Desk::with(&rows);
        desk.pass(2_000);
        let shown = on_screen(&desk).expect("nothing covers it");
        Self {
            desk,
            version: 10,
            shown,
            under_way: None,
            own: HashSet::new(),
            asked: HashMap::new(),
            done: Vec::new(),
        }
    }

    fn row_of(&mut self, id: &ConversationId, who: Option<&str>, since: i64) -> Row {
        self.version += 1;
        Row {
            version: self.version,
            ..row(id.as_str(), who, since)
        }
    }

    fn answer(&mut self, id: &ConversationId, how: usize, who: usize) -> Answer {
        let to = PEOPLE[who];
        let row = Box::new(self.row_of(id, to, 2));
        let no = |kind| {
            Answer::Refused(Refused {
                why: Safe::literal("no"),
                kind,
            })
        };
        match how {
            0 | 1 => {
                self.own.insert((id.clone(), row.holder()));
                if how == 0 {
                    Answer::Done(Some(row))
                } else {
                    Answer::Already(Some(row))
                }
            }
            2 => Answer::Taken(Some(row)),
            3 => no(No::Rule),
            4 => no(No::Busy),
            5 => no(No::NotFound),
            _ => Answer::Unknown(Safe::literal("reset")),
        }
    }

    fn tell(&mut self, it: &Happens) {
        match *it {
            Happens::Keys(keys) => drop(self.desk.keys(keys)),
            Happens::Row(at, who) => {
                let row = self.row_of(&id(IDS[at]), PEOPLE[who], 3);
                self.desk.row(row);
            }
            Happens::Moves(at, since) => {
                let holder = self.desk.model.list.inbox.row(&id(IDS[at])).cloned();
                if let Some(row) = holder {
                    self.version += 1;
                    self.desk.row(Row {
                        since: Moment(since),
                        version: self.version,
                        ..row
                    });
                }
            }
            Happens::Gone(at) => drop(self.desk.event(What::Gone(id(IDS[at])))),
            Happens::Answered(how, who) => {
                let one = |e: &Effect| match e {
                    Effect::Act(act) => Some((act.operation.clone(), act.conversation.clone())),
                    Effect::Send(reply) => {
                        Some((reply.operation.clone(), reply.conversation.clone()))
                    }
                    _ => None,
                };
                let pending = self.desk.model.pending.iter().map(|p| &p.operation);
                let open = pending.filter_map(|of| self.asked.get(of)).find_map(one);
                if let Some((operation, of)) = open {
                    let answer = self.answer(&of, how, who);
                    if matches!(answer, Answer::Done(_)) {
                        self.done.push(operation.clone());
                    }
                    self.desk.tell(Msg::Answered(operation, answer));
                }
            }
            Happens::ManyAnswered(how, who) => {
                let several = |e: &Effect| match e {
                    Effect::Many(many) => {
                        let ids = many.items.iter().map(|(id, _)| id.clone()).collect();
                        Some((many.operation.clone(), ids))
                    }
                    Effect::Undo { operation, .. } => Some((operation.clone(), vec![id("bea")])),
                    _ => None,
                };
                let pending = self.desk.model.pending.iter().map(|p| &p.operation);
                let open: Option<(OperationId, Vec<_>)> = pending
                    .filter_map(|of| self.asked.get(of))
                    .find_map(several);
                if let Some((operation, ids)) = open {
                    let result = match how {
                        6 => Err(Trouble::Unreachable(Safe::literal("reset"))),
                        _ => {
                            let each =
                                |of: ConversationId| (of.clone(), self.answer(&of, how, who));
                            Ok(ids.into_iter().map(each).collect())
                        }
                    };
                    self.done.push(operation.clone());
                    self.desk.tell(Msg::ManyAnswered(operation, result));
                }
            }
            Happens::AsksAgain => {
                let waiting = self.desk.model.pending.iter().find(|p| p.tries > 1);
                if let Some(operation) = waiting.map(|p| p.operation.clone()) {
                    self.desk.tell(Msg::Timer(Timer::AskAgain(operation)));
                }
            }
            Happens::Lost => drop(self.desk.tell(super::lost("reset"))),
            Happens::Live => drop(self.desk.tell(Msg::News(News::Live))),
            Happens::People => {
                let all = ["ben", "cara"]
                    .map(|name| colleague(name, Presence::SignedIn))
                    .to_vec();
                for name in IDS {
                    self.desk.tell(Msg::People(Some(id(name)), Ok(all.clone())));
                }
                let status = Status {
                    name: Safe::literal("dispute"),
                    word: "dispute".into(),
                };
                self.desk.tell(Msg::Statuses(Ok(vec![status])));
                self.desk
                    .tell(Msg::Queues(Ok(vec![queue("Letters", true)])));
            }
            Happens::Painted => {
                self.under_way = on_screen(&self.desk);
                self.desk.tell(Msg::Painted);
            }
            Happens::Shown => {
                self.desk.tell(Msg::Shown);
                if let Some(frame) = self.under_way.take() {
                    self.shown = frame;
                }
            }
            Happens::Later(millis) => {
                self.desk.pass(millis);
                self.under_way = None;
                if let Some(frame) = on_screen(&self.desk) {
                    self.shown = frame;
                }
            }
        }
    }

    /// Whether the advisor saw that this one has it, or made it so, or never saw anybody else have it. Whoever asks for
    /// something older than what was seen since is told so by the desk, and nothing is done.
    fn saw(&self, id: &ConversationId, expected: &Expectation) -> bool {
        let holder = expected.assignee.as_ref().expect("an act names who has it");
        let version = expected.version.expect("and what was seen of it");
        let shown = self.shown.get(id);
        shown.is_none_or(|(shown, as_of)| shown == holder || version <= *as_of)
            || self.own.contains(&(id.clone(), holder.clone()))
    }

    /// What was asked by now, and may be.
    fn checks(&mut self) -> Result<(), TestCaseError> {
        for order in std::mem::take(&mut self.desk.orders) {
            let operation = match &order {
                Effect::Act(act) => act.operation.clone(),
                Effect::Many(many) => many.operation.clone(),
                Effect::Send(reply) => reply.operation.clone(),
                Effect::Undo { operation, .. } => operation.clone(),
                // Fetches are answered by the tests that need them.
                _ => continue,
            };
            if let Some(before) = self.asked.get(&operation) {
                prop_assert_eq!(before, &order, "R20: one operation is one thing");
                continue;
            }
            match &order {
                Effect::Act(act) if matches!(act.deed, Deed::Note(_)) => {}
                Effect::Act(act) => {
                    prop_assert!(
                        self.saw(&act.conversation, &act.expected),
                        "R22: {:?}, the screen showed {:?}",
                        act,
                        self.shown
                    );
                }
                Effect::Many(many) => {
                    for (id, expected) in &many.items {
                        prop_assert!(
                            self.saw(id, expected),
                            "R22: {:?}, the screen showed {:?}",
                            many,
                            self.shown
                        );
                    }
                }
                // A reply takes nothing from anybody, whoever has it: the desk sees to that (A1, A5).
                Effect::Send(reply) => prop_assert!(reply.expected_assignee.is_some()),
                Effect::Undo { act, .. } => {
                    prop_assert!(
                        self.done.contains(act),
                        "U6: only what was done is taken back"
                    );
                }
                _ => {}
            }
            prop_assert!(
                !matches!(self.desk.model.link, Link::Lost { .. }),
                "R17: nothing is done while the line is down"
            );
            self.asked.insert(operation, order);
        }
        let pending = &self.desk.model.pending;
        for (at, one) in pending.iter().enumerate() {
            let twice = pending[at + 1..]
                .iter()
                .any(|other| other.operation == one.operation);
            prop_assert!(!twice, "{:?} waits twice", one.operation);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(250) })]

    #[test]
    fn r22_whatever_happens_an_act_is_done_to_what_the_screen_showed(
        all in proptest::collection::vec(happens(), 0..90)
    ) {
        let mut run = Run::new();
        for it in &all {
            // Each key by itself: what is on its way after one is answered before the next.
            if let Happens::Keys(keys) = it {
                for key in keys.split(' ') {
                    run.desk.keys(key);
                    run.checks()?;
                }
                continue;
            }
            run.tell(it);
            run.checks()?;
        }
    }
}
