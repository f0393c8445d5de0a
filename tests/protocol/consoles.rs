//! The same world with consoles as they run: their own `update`, their drafts on a real disk, and a desk that decides by
//! its own rules. There are too many states to see all; so it goes one way after another, by dice.

use std::collections::{HashMap, HashSet};

use handback::{
    console::{
        compose::Kind,
        draft::{Kept, Order},
        drafts::Drafts,
        effect::Effect,
        input::{Arrived, Input},
        key::Key,
        model::{Model, Preferences, Setting},
        msg::{Msg, Timer},
        pending::Asked,
        update::{start, update},
    },
    desk::{Answer, Counts, Event, Me, No, Page, Refused, Trouble, View, What, link::News},
    domain::{
        action::{Action, Deed, Expectation},
        conversation::{Handler, State},
        id::{ConversationId, OperationId, UserId},
        moment::Moment,
        named::Named,
        row::{Contact, Row},
        text::Safe,
    },
};

use crate::{
    dice::Dice,
    rules::{Believed, Held, Outcome, Recorded, Rules, Wish},
};

const NAMES: [&str; 3] = ["anna", "ben", "gwen"];
const SECOND: i64 = 1_000_000;

fn named(who: u8) -> Named<UserId> {
    let name = NAMES[usize::from(who)];
    Named {
        id: name.parse().expect("an id"),
        name: Safe::literal(name),
    }
}

fn conversation() -> ConversationId {
    "ida".parse().expect("an id")
}

fn row(held: Held) -> Row {
    Row {
        id: conversation(),
        contact: Contact {
            name: Safe::literal("Ida"),
            address: Safe::literal("+44 7700 900123"),
        },
        channel: Safe::literal("SMS"),
        queue: Named {
            id: "payments".parse().expect("an id"),
            name: Safe::literal("Payments"),
        },
        state: State::Open,
        status: None,
        handler: Handler::Person,
        assignee: held.holder.map(named),
        last_message: None,
        unanswered: true,
        just_entered: false,
        since: Moment(1),
        reply_until: None,
        active: vec![],
        version: held.version.into(),
    }
}

/// The desk: what it holds, and what it remembers.
struct Desk {
    rules: Rules,
    held: Held,
    acts: Vec<Recorded>,
    /// What was asked under an operation of somebody's, and what came of it.
    operations: HashMap<(u8, OperationId), (Effect, Outcome)>,
    numbers: Vec<(u8, OperationId)>,
    /// What was written, and under which operations something was done.
    written: Vec<String>,
    done: HashSet<(u8, OperationId)>,
}

impl Desk {
    fn number(&mut self, who: u8, operation: &OperationId) -> u16 {
        let key = (who, operation.clone());
        let known = self.numbers.iter().position(|number| *number == key);
        let at = known.unwrap_or_else(|| {
            self.numbers.push(key);
            self.numbers.len() - 1
        });
        u16::try_from(at).expect("few")
    }

    fn believed(expected: &Expectation) -> Believed {
        let who = |id: &UserId| {
            NAMES
                .iter()
                .position(|name| *name == id.as_str())
                .expect("known")
        };
        let holder = expected.assignee.as_ref()?.as_ref();
        let holder = holder.map(|id| u8::try_from(who(id)).expect("few"));
        Some((
            holder,
            u32::try_from(expected.version.unwrap_or(0)).expect("few"),
        ))
    }

    fn hear(&mut self, who: u8, asked: &Effect) -> Outcome {
        let (operation, wish, believed, words) = match asked {
            Effect::Act(act) => {
                let (wish, words) = match &act.deed {
                    Deed::Unassign => (Wish::Unassign, None),
                    Deed::Take => (Wish::Take, None),
                    Deed::Note(words) => (Wish::Note, Some(words.clone())),
                    other => panic!("nobody wished {other:?}"),
                };
                (
                    act.operation.clone(),
                    wish,
                    Self::believed(&act.expected),
                    words,
                )
            }
            Effect::Send(reply) => {
                let expected = Expectation {
                    assignee: reply.expected_assignee.clone(),
                    version: None,
                };
                let believed = Self::believed(&expected);
                (
                    reply.operation.clone(),
                    Wish::Reply,
                    believed,
                    Some(reply.body.clone()),
                )
            }
            Effect::Undo { operation, act } => {
                let undone = self.number(who, act);
                (operation.clone(), Wish::Undo(undone), None, None)
            }
            other => panic!("nothing for a desk: {other:?}"),
        };
        let key = (who, operation.clone());
        if let Some((first, outcome)) = self.operations.get(&key) {
            assert_eq!(first, asked, "one operation is one thing");
            return *outcome;
        }
        let number = self.number(who, &operation);
        let (outcome, after) = self
            .rules
            .decide(who, self.held, wish, believed, &self.acts);
        self.operations
            .insert(key.clone(), (asked.clone(), outcome));
        if let Some(after) = after {
            let before = std::mem::replace(&mut self.held, after);
            self.done.insert(key);
            self.written.extend(words);
            match wish {
                Wish::Undo(undone) => {
                    let act = self.acts.iter_mut().find(|act| act.operation == undone);
                    act.expect("an act").undone = true;
                }
                _ => self.acts.push(Recorded {
                    by: who,
                    operation: number,
                    wish,
                    former: before.holder,
                    version: after.version,
                    undone: false,
                }),
            }
        }
        outcome
    }
}

/// A console, and the disk beside it.
struct Console {
    who: u8,
    model: Model,
    /// `None` only while it begins: a dead console's lock is gone.
    disk: Option<Drafts>,
    folder: tempfile::TempDir,
    runs: u32,
    now: Moment,
    timers: Vec<OperationId>,
    /// What was written, in all its runs.
    texts: Vec<String>,
}

/// On its way.
enum Packet {
    Asked {
        from: usize,
        run: u32,
        what: Effect,
        repeated: bool,
    },
    Said {
        to: usize,
        run: u32,
        what: Msg,
    },
}

struct World {
    desk: Desk,
    consoles: Vec<Console>,
    line: Vec<Packet>,
    asked: usize,
}

fn operation_of(asked: &Effect) -> OperationId {
    match asked {
        Effect::Act(act) => act.operation.clone(),
        Effect::Send(reply) => reply.operation.clone(),
        Effect::Undo { operation, .. } => operation.clone(),
        other => panic!("nothing for a desk: {other:?}"),
    }
}

/// An answer as it comes to a console; `None`: the line broke.
fn answer(asked: &Effect, outcome: Option<Outcome>, held: Option<Held>) -> Msg {
    let row = held.map(|held| Box::new(row(held)));
    let refused = |kind| {
        Answer::Refused(Refused {
            why: Safe::literal("no"),
            kind,
        })
    };
    let said = match outcome {
        None => Answer::Unknown(Safe::literal("reset")),
        Some(Outcome::Done) => Answer::Done(row),
        Some(Outcome::Already) => Answer::Already(row),
        Some(Outcome::Conflict) => Answer::Taken(row),
        Some(Outcome::Refused) => refused(No::Rule),
        Some(Outcome::NotFound) => refused(No::NotFound),
        Some(Outcome::Busy) => refused(No::Busy),
    };
    let operation = operation_of(asked);
    match (asked, said) {
        (Effect::Undo { .. }, Answer::Unknown(why)) => {
            Msg::ManyAnswered(operation, Err(Trouble::Unreachable(why)))
        }
        (Effect::Undo { .. }, said) => {
            Msg::ManyAnswered(operation, Ok(vec![(conversation(), said)]))
        }
        (_, said) => Msg::Answered(operation, said),
    }
}

impl World {
    fn new() -> Self {
        let desk = Desk {
            rules: Rules::new(),
            held: Held {
                holder: Some(0),
                version: 1,
                acted: 1,
                touched: false,
            },
            acts: Vec::new(),
            operations: HashMap::new(),
            numbers: Vec::new(),
            written: Vec::new(),
            done: HashSet::new(),
        };
        let console = |who| {
            let folder = tempfile::tempdir().expect("a folder");
            let model = model_of(who, 0);
            let now = Moment(1_700_000_000 * SECOND);
            let disk = None;
            Console {
                who,
                model,
                disk,
                folder,
                runs: 0,
                now,
                timers: Vec::new(),
                texts: Vec::new(),
            }
        };
        let consoles = [0, 1, 2].map(console).into();
        let mut world = Self {
            desk,
            consoles,
            line: Vec::new(),
            asked: 0,
        };
        (0..3).for_each(|at| world.begins(at));
        world
    }

    /// A console begins, on whatever disk it finds.
    fn begins(&mut self, at: usize) {
        let console = &mut self.consoles[at];
        console.runs += 1;
        console.timers.clear();
        console.model = model_of(console.who, console.runs);
        let name = format!("{}{}", NAMES[at], console.runs);
        console.disk = None;
        let (disk, kept) = Drafts::open(console.folder.path(), &name).expect("a disk");
        console.disk = Some(disk);
        let effects = start(&mut console.model);
        self.follow(at, effects);
        let me = Me {
            user: named(self.consoles[at].who),
            username: Safe::literal(NAMES[at]),
            organisation: Named {
                id: "cardiff".parse().expect("an id"),
                name: Safe::literal("Cardiff"),
            },
            conversations: true,
            actions: vec![Action::Unassign, Action::Take, Action::Reply, Action::Note],
            left_at: None,
            lost: None,
            desk_version: Safe::literal(handback::desk::version::OURS),
            desk: Safe::literal("d1"),
            banner: None,
        };
        self.tell(at, Msg::Me(Ok(Box::new(me))));
        self.tell(at, Msg::Drafts(kept));
        self.tell(at, Msg::News(News::Live));
    }

    fn disk(&mut self, at: usize) -> &mut Drafts {
        self.consoles[at].disk.as_mut().expect("a disk")
    }

    fn seen(&self, at: usize) -> Option<Held> {
        let who = self.consoles[at].who;
        self.desk
            .rules
            .sees(who, self.desk.held)
            .then_some(self.desk.held)
    }

    fn tell(&mut self, at: usize, what: Msg) {
        let console = &mut self.consoles[at];
        console.now = Moment(console.now.0 + 2 * SECOND);
        let now = console.now;
        let mut effects = update(&mut console.model, Msg::Clock(now));
        effects.extend(update(&mut console.model, what));
        for frame in [Msg::Painted, Msg::Shown] {
            effects.extend(update(&mut console.model, frame));
        }
        self.follow(at, effects);
    }

    fn follow(&mut self, at: usize, effects: Vec<Effect>) {
        for effect in effects {
            let run = self.consoles[at].runs;
            match effect {
                what @ (Effect::Act(_) | Effect::Send(_) | Effect::Undo { .. }) => {
                    self.asked += 1;
                    self.line.push(Packet::Asked {
                        from: at,
                        run,
                        what,
                        repeated: false,
                    });
                }
                Effect::After(_, Timer::AskAgain(operation)) => {
                    self.consoles[at].timers.push(operation);
                }
                Effect::KeepDraft(kind, id, text) => {
                    self.disk(at).keep(kind, &id, &text).expect("kept");
                }
                Effect::Draft(order) if order != Order::Look => {
                    self.disk(at).obey(order).expect("obeyed");
                }
                Effect::LoadList(ticket, _) => {
                    let rows: Vec<Row> = self.seen(at).into_iter().map(row).collect();
                    let counts = Counts {
                        mine: 0,
                        unassigned: 0,
                        all: rows.len() as u64,
                    };
                    let page = Page {
                        rows,
                        next: None,
                        prev: None,
                        as_of: 1,
                        counts,
                    };
                    let listed = Msg::Listed(ticket, Ok(Box::new(page)));
                    let more = update(&mut self.consoles[at].model, listed);
                    self.follow(at, more);
                }
                _ => {}
            }
        }
    }

    fn keys(&mut self, at: usize, keys: &str) {
        for key in keys.split(' ') {
            let key: Key = key.parse().expect("a key");
            self.tell(
                at,
                Msg::Input(Arrived {
                    input: Input::Key(key),
                    burst: false,
                }),
            );
        }
    }

    /// A key that acts: whatever was being written is left, and kept.
    fn acts(&mut self, at: usize, key: &str) {
        if self.consoles[at].model.composer.is_some() {
            self.keys(at, "esc");
        }
        self.keys(at, key);
    }

    fn types(&mut self, at: usize, opens: &str) {
        self.acts(at, opens);
        let console = &mut self.consoles[at];
        let is_open = console.model.composer.as_ref().is_some_and(|c| c.is_open());
        let is_empty = console
            .model
            .composer
            .as_ref()
            .is_some_and(|c| c.text().is_empty());
        if is_open && is_empty {
            let letters: String = format!("w{at}x{}", console.texts.len());
            console.texts.push(letters.clone());
            for letter in letters.chars() {
                let key = Key::Char(letter);
                self.tell(
                    at,
                    Msg::Input(Arrived {
                        input: Input::Key(key),
                        burst: false,
                    }),
                );
            }
        }
        if is_open {
            self.keys(at, "enter");
        } else {
            self.keys(at, "esc");
        }
    }

    /// The desk hears what is on its way; what it says is on its way then.
    fn desk_hears(&mut self, at: usize, busy: bool) {
        let Packet::Asked {
            from,
            run,
            what,
            repeated,
        } = &self.line[at]
        else {
            return;
        };
        let (from, run, repeated) = (*from, *run, *repeated);
        let who = self.consoles[from].who;
        let what = what.clone();
        self.line.swap_remove(at);
        let outcome = if busy {
            Outcome::Busy
        } else {
            self.desk.hear(who, &what)
        };
        if !repeated {
            let said = answer(&what, Some(outcome), self.seen(from));
            self.line.push(Packet::Said {
                to: from,
                run,
                what: said,
            });
        }
    }

    /// What is on its way gets there.
    fn arrives(&mut self, at: usize) {
        let Packet::Said { .. } = self.line[at] else {
            return self.desk_hears(at, false);
        };
        let Packet::Said { to, run, what } = self.line.swap_remove(at) else {
            return;
        };
        if self.consoles[to].runs != run {
            return; // It ended meanwhile.
        }
        let said = match &what {
            Msg::Answered(operation, Answer::Done(_) | Answer::Already(_)) => {
                Some((operation.clone(), true))
            }
            Msg::Answered(operation, _) => Some((operation.clone(), false)),
            _ => None,
        };
        self.tell(to, what);
        let Some((operation, done)) = said else {
            return;
        };
        let console = &self.consoles[to];
        let waits = console
            .model
            .pending
            .iter()
            .any(|p| p.operation == operation);
        let is_reply = matches!(
            self.desk.operations.get(&(console.who, operation.clone())),
            Some((Effect::Send(_), _))
        );
        if !waits && !done && !is_reply {
            let was_done = self.desk.done.contains(&(console.who, operation.clone()));
            assert!(
                !was_done,
                "{operation:?} is said not to be done, and was: {}",
                self.said(to)
            );
        }
    }

    fn said(&self, at: usize) -> String {
        let last = self.consoles[at].model.notices.back();
        last.map_or(String::new(), |notice| notice.text.to_string())
    }

    /// Something goes wrong with what is on its way.
    fn breaks(&mut self, at: usize) {
        match &self.line[at] {
            Packet::Asked { repeated: true, .. } => drop(self.line.swap_remove(at)),
            Packet::Asked {
                from, run, what, ..
            } => {
                let said = answer(what, None, None);
                self.line[at] = Packet::Said {
                    to: *from,
                    run: *run,
                    what: said,
                };
            }
            Packet::Said { to, run, what } => {
                let unknown = Safe::literal("reset");
                let what = match what {
                    Msg::Answered(operation, _) => {
                        Msg::Answered(operation.clone(), Answer::Unknown(unknown))
                    }
                    Msg::ManyAnswered(operation, _) => {
                        Msg::ManyAnswered(operation.clone(), Err(Trouble::Unreachable(unknown)))
                    }
                    other => other.clone(),
                };
                self.line[at] = Packet::Said {
                    to: *to,
                    run: *run,
                    what,
                };
            }
        }
    }

    /// The line gives out under what was asked, which is still heard later.
    fn loses_the_answer(&mut self, at: usize) {
        if let Packet::Asked {
            from,
            run,
            what,
            repeated,
        } = &mut self.line[at]
            && !*repeated
        {
            *repeated = true;
            let said = Packet::Said {
                to: *from,
                run: *run,
                what: answer(what, None, None),
            };
            self.line.push(said);
        }
    }

    fn step(&mut self, dice: &mut Dice) {
        let at = usize::try_from(dice.below(3)).expect("few");
        let some = |dice: &mut Dice, count: usize| {
            usize::try_from(dice.below(count.max(1) as u64)).expect("few")
        };
        let on_the_way = some(dice, self.line.len());
        match dice.below(24) {
            0..4 => self.acts(at, "u"),
            4..6 => self.acts(at, "t"),
            6 => self.acts(at, "z"),
            7..9 => self.types(at, "r"),
            9 => self.types(at, "n"),
            10..13 => {
                let what = match self.seen(at) {
                    Some(held) => What::Row(Box::new(row(held))),
                    None => What::Gone(conversation()),
                };
                self.tell(
                    at,
                    Msg::News(News::Event(Event {
                        cursor: Some(1),
                        what,
                    })),
                );
            }
            13..15 => {
                if let Some(operation) = self.consoles[at].timers.pop() {
                    self.tell(at, Msg::Timer(Timer::AskAgain(operation)));
                }
            }
            15 if dice.one_in(3) => self.begins(at),
            _ if self.line.is_empty() => {}
            16 => self.breaks(on_the_way),
            17 => self.loses_the_answer(on_the_way),
            18 => self.desk_hears(on_the_way, true),
            _ => self.arrives(on_the_way),
        }
    }

    /// The line is whole, and everybody waits until it is known what came of everything.
    fn settles(&mut self) {
        for round in 0..60 {
            while !self.line.is_empty() {
                self.arrives(0);
            }
            for at in 0..3 {
                for operation in std::mem::take(&mut self.consoles[at].timers) {
                    self.tell(at, Msg::Timer(Timer::AskAgain(operation)));
                }
                // What is unsure is asked again by whoever wrote it.
                if self.line.is_empty() && self.seen(at).is_some() && round > 1 {
                    let unsure = self.consoles[at].model.all_drafts();
                    let unsure: Vec<Kept> = unsure
                        .into_iter()
                        .filter(|kept| kept.asked.is_some())
                        .collect();
                    for kept in unsure {
                        let what = match self.seen(at) {
                            Some(held) => What::Row(Box::new(row(held))),
                            None => continue,
                        };
                        self.tell(
                            at,
                            Msg::News(News::Event(Event {
                                cursor: Some(1),
                                what,
                            })),
                        );
                        self.keys(at, "esc");
                        self.keys(at, "esc");
                        self.keys(at, if kept.kind == Kind::Reply { "r" } else { "n" });
                        self.keys(at, "enter");
                    }
                }
            }
        }
    }
}

fn model_of(who: u8, run: u32) -> Model {
    Model::new(Setting {
        zone: jiff::tz::TimeZone::UTC,
        ascii: false,
        size: (120, 40),
        seed: format!("{}{run}", NAMES[usize::from(who)]),
        view: View::All,
        preferences: Preferences::default(),
    })
}

/// One way it can go. Gives how much was asked and done.
pub fn goes(seed: u64, steps: u32) -> (usize, usize) {
    let mut world = World::new();
    let mut dice = Dice::new(seed);
    for _ in 0..steps {
        world.step(&mut dice);
    }
    world.settles();
    for (at, console) in world.consoles.iter().enumerate() {
        let acts = console
            .model
            .pending
            .iter()
            .filter(|p| !matches!(p.asked, Asked::Reply(_)));
        assert_eq!(
            acts.count(),
            0,
            "seed {seed}: {}: something stays unknown",
            NAMES[at]
        );
        for text in &console.texts {
            let written = world
                .desk
                .written
                .iter()
                .filter(|body| *body == text)
                .count();
            assert!(
                written <= 1,
                "seed {seed}: {text} was written {written} times"
            );
            let kept =
                |drafts: &HashMap<ConversationId, String>| drafts.values().any(|t| t == text);
            let beside = console
                .model
                .all_drafts()
                .iter()
                .any(|draft| draft.text == *text);
            let kept = kept(&console.model.drafts) || kept(&console.model.notes) || beside;
            assert!(
                written == 1 || kept,
                "seed {seed}: {text} is neither written nor a draft: {}",
                world.said(at)
            );
            if world.seen(at).is_some() && written == 1 {
                assert!(
                    !kept,
                    "seed {seed}: {text} was written, and is a draft still: {}",
                    world.said(at)
                );
            }
        }
    }
    (world.asked, world.desk.done.len())
}
