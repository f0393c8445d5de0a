//! Advisors' consoles, a desk, one conversation, and a line between them that loses, delays, repeats and reorders.
//!
//! What a desk decides comes from its own [`rules`](crate::rules); what it remembers, and what consoles do about answers
//! that do not come, is told here in the fewest words. What the console itself does, as it runs,
//! [`consoles`](crate::consoles) shows.

use crate::{
    rules::{ANNA, BEN, Believed, GWEN, Held, Outcome, Recorded, Rules, Wish},
    search::World,
};

/// A way to build it that looks good enough, and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naive {
    /// The desk reads, checks, and then writes.
    ReadThenWrite,
    /// The desk compares the version, and knows no operations.
    VersionAlone,
    /// What is asked names nobody it means to remove, and the desk knows no operations.
    NoPrecondition,
    /// What is asked names nobody it means to remove.
    OperationAlone,
    /// Asked again, it is another operation.
    NewOperation,
    /// A lost answer is a no.
    LostIsNo,
    /// After a lost answer what was there before is put back.
    Restores,
    /// The operation is written down after what it did, not with it.
    WrittenApart,
    /// Asked again and told that the desk has no time: then it was not done.
    BusyIsNo,
    /// What was being sent is not on disk under its operation.
    NotOnDisk,
    /// What the desk may have forgotten is asked again.
    AskedTooLate,
    /// The draft goes when it is sent, not when the desk has it.
    GoneTooEarly,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Words {
    Replies,
    Notes,
}

/// What may go wrong, and what people may do, so many times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budget {
    /// What each of the three may wish.
    pub wishes: [u8; 3],
    /// What is written, if anything is.
    pub words: Option<Words>,
    pub losses: u8,
    pub repeats: u8,
    pub crashes: u8,
    pub desk_crashes: u8,
    pub busy: u8,
    /// Three days pass.
    pub ages: u8,
}

/// What somebody wished, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Intent {
    by: u8,
    wish: Wish,
    believed: Believed,
    /// What is written, by the wish that it was written for first.
    text: u8,
    /// How often it took effect.
    effects: u8,
    told: Option<Told>,
    /// What the desk answered.
    answered: Option<Outcome>,
}

/// What whoever wished it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Told {
    Done,
    So,
    No,
}

/// On its way to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Request {
    operation: u16,
    intent: u8,
}

/// On its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Answer {
    operation: u16,
    intent: u8,
    outcome: Outcome,
}

/// What a naive desk is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Inside {
    request: Request,
    outcome: Outcome,
    after: Option<Held>,
}

/// Waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Waiting {
    operation: u16,
    intent: u8,
    again: bool,
    old: bool,
}

/// What is on the console's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Draft {
    text: u8,
    asked: Option<Waiting>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Console {
    /// Who has the conversation, and its version, as the screen shows it; `None`: it does not.
    view: Believed,
    waiting: Option<Waiting>,
    draft: Option<Draft>,
    /// What `z` takes back.
    last: Option<u16>,
}

/// All there is at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    c: Held,
    /// What the desk remembers of operations.
    operations: Vec<(u16, Outcome)>,
    acts: Vec<Recorded>,
    inside: Vec<Inside>,
    requests: Vec<Request>,
    answers: Vec<Answer>,
    consoles: [Console; 3],
    left: Budget,
    intents: Vec<Intent>,
    /// Whose wish acted on it last.
    acted_by: Option<u8>,
    wrong: Option<&'static str>,
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "told when something is wrong")]
pub enum Step {
    Hears(u8),
    Wishes(u8, Wish),
    AsksAgain(u8),
    AsksWhatADeadOneAsked(u8),
    LooksUp(u8),
    GivesUp(u8),
    ConsoleCrashes(u8),
    DeskHears(usize, bool),
    DeskHasNoTime(usize),
    DeskGoesOn(usize),
    DeskCrashes,
    RequestLost(usize),
    AnswerLost(usize),
    AnswerArrives(usize),
    ThreeDaysPass,
}

/// The protocol, or a naive one.
pub struct Protocol {
    pub rules: Rules,
    pub naive: Option<Naive>,
    pub budget: Budget,
    /// Who has the conversation at first.
    pub holder: Option<u8>,
}

impl Protocol {
    fn is(&self, naive: Naive) -> bool {
        self.naive == Some(naive)
    }

    fn remembers(&self) -> bool {
        !self.is(Naive::VersionAlone) && !self.is(Naive::NoPrecondition)
    }

    /// What may be wished at this console now.
    fn wishes(&self, state: &State, who: u8) -> Vec<Wish> {
        let console = &state.consoles[usize::from(who)];
        if state.left.wishes[usize::from(who)] == 0 || console.waiting.is_some() {
            return Vec::new();
        }
        let mut wishes = Vec::new();
        match console.view {
            Some((Some(holder), _)) if holder == who || who == GWEN => wishes.push(Wish::Unassign),
            Some((None, _)) if who != GWEN => wishes.push(Wish::Take),
            _ => {}
        }
        let sees = console
            .view
            .is_some_and(|(holder, _)| holder.is_none_or(|h| h == who));
        let is_free = console.draft.is_none_or(|draft| draft.asked.is_none());
        if sees && is_free && who != GWEN {
            wishes.extend(state.left.words.map(|words| match words {
                Words::Replies => Wish::Reply,
                Words::Notes => Wish::Note,
            }));
        }
        wishes.extend(console.last.map(Wish::Undo));
        wishes
    }

    fn wish(&self, state: &mut State, who: u8, wish: Wish) {
        let intent = number(state.intents.len());
        let console = &mut state.consoles[usize::from(who)];
        state.left.wishes[usize::from(who)] -= 1;
        let text = console.draft.map_or(intent, |draft| draft.text);
        let waiting = Waiting {
            operation: intent.into(),
            intent,
            again: false,
            old: false,
        };
        if is_written(wish) {
            let asked = (!self.is(Naive::NotOnDisk)).then_some(waiting);
            console.draft = (!self.is(Naive::GoneTooEarly)).then_some(Draft { text, asked });
        }
        console.waiting = Some(waiting);
        state.intents.push(Intent {
            by: who,
            wish,
            believed: console.view,
            text,
            effects: 0,
            told: None,
            answered: None,
        });
        state.ask(waiting);
    }

    /// What the desk does with a request.
    fn hear(&self, state: &mut State, request: Request) {
        let known = state
            .operations
            .iter()
            .find(|(operation, _)| *operation == request.operation);
        if let Some((_, outcome)) = known.filter(|_| self.remembers()) {
            let outcome = *outcome;
            self.says(state, request, outcome);
            return;
        }
        let intent = state.intents[usize::from(request.intent)];
        let believed = match self.naive {
            Some(Naive::NoPrecondition | Naive::OperationAlone) => None,
            _ => intent.believed,
        };
        let (outcome, after) =
            self.rules
                .decide(intent.by, state.c, intent.wish, believed, &state.acts);
        match self.naive {
            Some(Naive::ReadThenWrite) => state.inside.push(Inside {
                request,
                outcome,
                after,
            }),
            Some(Naive::WrittenApart) => {
                self.write(state, request, after);
                state.inside.push(Inside {
                    request,
                    outcome,
                    after: None,
                });
            }
            _ => {
                self.write(state, request, after);
                state.operations.push((request.operation, outcome));
                self.says(state, request, outcome);
            }
        }
    }

    /// What a desk that remembers says of one operation is always the same.
    fn says(&self, state: &mut State, request: Request, outcome: Outcome) {
        let intent = &mut state.intents[usize::from(request.intent)];
        if self.remembers() && request.operation < 32 {
            if intent.answered.is_some_and(|before| before != outcome) {
                state
                    .wrong
                    .get_or_insert("the same operation was answered in two ways");
            }
            intent.answered = Some(outcome);
        }
        state.answer(request, outcome);
    }

    /// Writes a change down, and watches over what must hold of it.
    fn write(&self, state: &mut State, request: Request, after: Option<Held>) {
        let Some(after) = after else { return };
        let before = std::mem::replace(&mut state.c, after);
        let number_of = usize::from(request.intent);
        let intent = &mut state.intents[number_of];
        intent.effects += 1;
        let intent = *intent;
        if intent.told == Some(Told::No) {
            state.is_wrong("it took effect after it was said that it did not");
        }
        let removed = before.holder != after.holder && before.holder.is_some();
        let believed = intent.believed.unwrap_or((None, 0));
        match intent.wish {
            Wish::Unassign if removed && believed.0 != before.holder => {
                state.is_wrong("somebody was removed whom nobody named");
            }
            Wish::Unassign | Wish::Take if before.acted > believed.1 => {
                state.is_wrong("it was done to what somebody had acted on since");
            }
            Wish::Reply if removed => state.is_wrong("a reply took it from somebody"),
            Wish::Undo(undone) => {
                if state.acted_by.map(u16::from) != Some(undone) && before.holder != after.holder {
                    state.is_wrong("what somebody did since was taken back");
                }
                let mut acts = state.acts.iter_mut();
                if let Some(act) = acts.find(|act| act.operation == undone) {
                    act.undone = true;
                }
            }
            _ => {}
        }
        if intent.effects > 1 {
            state.is_wrong("it took effect twice");
        }
        if before.acted != after.acted {
            state.acted_by = Some(request.intent);
        }
        if is_written(intent.wish) {
            let same = |other: &&Intent| other.text == intent.text && is_written(other.wish);
            let sent: u8 = state
                .intents
                .iter()
                .filter(same)
                .map(|other| other.effects)
                .sum();
            if sent > 1 {
                state.is_wrong("the same words were sent twice");
            }
        }
        if !matches!(intent.wish, Wish::Undo(_)) {
            state.acts.push(Recorded {
                by: intent.by,
                operation: request.operation,
                wish: intent.wish,
                former: before.holder,
                version: after.version,
                undone: false,
            });
        }
    }

    /// What a console makes of an answer.
    fn take_in(&self, state: &mut State, answer: Answer) {
        let who = usize::from(state.intents[usize::from(answer.intent)].by);
        let Some(waiting) = state.consoles[who].waiting else {
            return;
        };
        if waiting.operation != answer.operation {
            return; // A late answer to something else.
        }
        if answer.outcome == Outcome::Busy && waiting.again && !self.is(Naive::BusyIsNo) {
            return; // It says nothing of the first time.
        }
        let told = match answer.outcome {
            Outcome::Done => Told::Done,
            Outcome::Already => Told::So,
            _ => Told::No,
        };
        state.tell(waiting.intent, told);
    }

    /// What is on its way and will do nothing is as good as gone: an answer nobody waits for, and, with a desk that
    /// remembers, a request it has heard already. It leaves far fewer states to look at.
    fn forgets_what_does_nothing(&self, state: &mut State) {
        let State {
            consoles,
            intents,
            operations,
            ..
        } = &*state;
        let waits = |intent: u8, operation: u16| {
            let console = consoles[usize::from(intents[usize::from(intent)].by)];
            console
                .waiting
                .is_some_and(|waiting| waiting.operation == operation)
        };
        let mut answers = state.answers.clone();
        answers.retain(|answer| waits(answer.intent, answer.operation));
        answers.dedup();
        let mut requests = state.requests.clone();
        if self.naive.is_none() {
            let heard = |operation| operations.iter().any(|(known, _)| *known == operation);
            requests.retain(|r| waits(r.intent, r.operation) || !heard(r.operation));
        }
        (state.answers, state.requests) = (answers, requests);
    }

    /// The desk says no more what came of it: reading the conversation tells.
    fn look_up(&self, state: &mut State, who: u8) {
        let console = state.consoles[usize::from(who)];
        if let Some(asked) = console.draft.and_then(|draft| draft.asked) {
            let is_there = state.intents[usize::from(asked.intent)].effects > 0;
            state.tell(asked.intent, if is_there { Told::Done } else { Told::No });
        }
        // Of what leaves no words behind, how it stands now is all there is to know.
        state.consoles[usize::from(who)].waiting = None;
    }
}

impl State {
    /// The first thing that is wrong counts.
    fn is_wrong(&mut self, what: &'static str) {
        self.wrong.get_or_insert(what);
    }

    fn ask(&mut self, waiting: Waiting) {
        let Waiting {
            operation, intent, ..
        } = waiting;
        self.requests.push(Request { operation, intent });
        self.requests.sort_unstable();
    }

    fn answer(&mut self, Request { operation, intent }: Request, outcome: Outcome) {
        self.answers.push(Answer {
            operation,
            intent,
            outcome,
        });
        self.answers.sort_unstable();
    }

    /// Says what came of a wish, once.
    fn tell(&mut self, number: u8, told: Told) {
        let intent = &mut self.intents[usize::from(number)];
        intent.told = Some(told);
        let intent = *intent;
        match (told, intent.effects) {
            (Told::Done, 1) | (Told::So, 0 | 1) | (Told::No, 0) => {}
            (Told::Done, 0) => self.wrong = Some("it was said to be done and was not"),
            (Told::Done, _) => self.wrong = Some("it was said to be done and was done twice"),
            _ => self.wrong = Some("it was said not to be done and was"),
        }
        let console = &mut self.consoles[usize::from(intent.by)];
        console.waiting = None;
        if is_written(intent.wish) {
            match told {
                Told::Done | Told::So => console.draft = None,
                Told::No => console
                    .draft
                    .iter_mut()
                    .for_each(|draft| draft.asked = None),
            }
        }
        if told == Told::Done {
            let can_be_undone = matches!(intent.wish, Wish::Unassign | Wish::Take);
            console.last = can_be_undone.then_some(number.into());
        }
        if let Wish::Undo(_) = intent.wish {
            console.last = None;
        }
    }
}

fn is_written(wish: Wish) -> bool {
    matches!(wish, Wish::Reply | Wish::Note)
}

fn number(count: usize) -> u8 {
    u8::try_from(count).expect("few")
}

impl World for Protocol {
    type State = State;
    type Step = Step;

    fn begin(&self) -> State {
        let c = Held {
            holder: self.holder,
            version: 1,
            acted: 1,
            touched: false,
        };
        let view = |who| self.rules.sees(who, c).then_some((c.holder, c.version));
        State {
            c,
            operations: Vec::new(),
            acts: Vec::new(),
            inside: Vec::new(),
            requests: Vec::new(),
            answers: Vec::new(),
            consoles: [ANNA, BEN, GWEN].map(|who| Console {
                view: view(who),
                ..Console::default()
            }),
            left: self.budget,
            intents: Vec::new(),
            acted_by: None,
            wrong: None,
        }
    }

    fn next(&self, state: &State, tell: &mut dyn FnMut(Step, bool, State)) {
        let mut then = |step: Step, by_itself: bool, change: &dyn Fn(&mut State)| {
            let mut next = state.clone();
            change(&mut next);
            self.forgets_what_does_nothing(&mut next);
            tell(step, by_itself, next);
        };
        for (who, console) in (0..).zip(&state.consoles) {
            let at = usize::from(who);
            let now = self
                .rules
                .sees(who, state.c)
                .then_some((state.c.holder, state.c.version));
            // Nobody who wishes nothing any more has to see it.
            if console.view != now && state.left.wishes[at] > 0 {
                then(Step::Hears(who), true, &|next| next.consoles[at].view = now);
            }
            for wish in self.wishes(state, who) {
                then(Step::Wishes(who, wish), false, &|next| {
                    self.wish(next, who, wish)
                });
            }
            let may_ask = |w: &Waiting| !w.old || self.is(Naive::AskedTooLate);
            if let Some(waiting) = console.waiting {
                let on_its_way = state.requests.iter().filter(|r| r.intent == waiting.intent);
                if may_ask(&waiting) && on_its_way.count() < 2 {
                    then(Step::AsksAgain(who), true, &|next| {
                        let operation = match self.is(Naive::NewOperation) {
                            true => waiting.operation | 32,
                            false => waiting.operation,
                        };
                        let again = Waiting {
                            again: true,
                            operation,
                            ..waiting
                        };
                        next.consoles[at].waiting = Some(again);
                        next.ask(again);
                    });
                }
                if self.is(Naive::LostIsNo) {
                    then(Step::GivesUp(who), false, &|next| {
                        next.tell(waiting.intent, Told::No)
                    });
                }
                if self.is(Naive::Restores) && waiting.intent == 0 {
                    then(Step::GivesUp(who), false, &|next| {
                        let former = next.intents[0].believed.and_then(|(holder, _)| holder);
                        if next.acted_by != Some(0) && next.c.holder != former {
                            next.wrong = Some("what somebody did since was taken back");
                        }
                        next.c = self.rules.give(next.c, former);
                        next.consoles[at].waiting = None;
                    });
                }
                if waiting.old {
                    then(Step::LooksUp(who), true, &|next| self.look_up(next, who));
                }
                // A crash of one that waits for nothing is a console that begins: it knows no less than before.
                if state.left.crashes > 0 {
                    then(Step::ConsoleCrashes(who), false, &|next| {
                        next.left.crashes -= 1;
                        let draft = next.consoles[at].draft;
                        next.consoles[at] = Console {
                            draft,
                            ..Console::default()
                        };
                    });
                }
            } else if let Some(asked) = console.draft.and_then(|draft| draft.asked) {
                if may_ask(&asked) {
                    then(Step::AsksWhatADeadOneAsked(who), true, &|next| {
                        let again = Waiting {
                            again: true,
                            ..asked
                        };
                        next.consoles[at].waiting = Some(again);
                        next.ask(again);
                    });
                }
                if asked.old {
                    then(Step::LooksUp(who), true, &|next| self.look_up(next, who));
                }
            }
        }
        for (at, &request) in state.requests.iter().enumerate() {
            if at > 0 && state.requests[at - 1] == request {
                continue; // The other one is the same.
            }
            then(Step::DeskHears(at, false), true, &|next| {
                next.requests.remove(at);
                self.hear(next, request);
            });
            if state.left.repeats > 0 {
                then(Step::DeskHears(at, true), false, &|next| {
                    next.left.repeats -= 1;
                    self.hear(next, request);
                });
            }
            // What the line repeats is heard or not heard as one; what a console asks again is another asking.
            let only = state
                .requests
                .iter()
                .filter(|r| r.intent == request.intent)
                .count()
                == 1;
            let console =
                &state.consoles[usize::from(state.intents[usize::from(request.intent)].by)];
            let again = console
                .waiting
                .is_some_and(|w| w.intent == request.intent && w.again);
            let heard = state
                .operations
                .iter()
                .any(|(known, _)| *known == request.operation);
            if state.left.busy > 0 && only && (again || !heard) {
                then(Step::DeskHasNoTime(at), false, &|next| {
                    next.left.busy -= 1;
                    next.requests.remove(at);
                    next.answer(request, Outcome::Busy);
                });
            }
            if state.left.losses > 0 {
                then(Step::RequestLost(at), false, &|next| {
                    next.left.losses -= 1;
                    next.requests.remove(at);
                });
            }
        }
        for (at, inside) in state.inside.iter().copied().enumerate() {
            then(Step::DeskGoesOn(at), true, &|next| {
                next.inside.remove(at);
                self.write(next, inside.request, inside.after);
                next.operations
                    .push((inside.request.operation, inside.outcome));
                self.says(next, inside.request, inside.outcome);
            });
        }
        for (at, &answer) in state.answers.iter().enumerate() {
            if at > 0 && state.answers[at - 1] == answer {
                continue;
            }
            then(Step::AnswerArrives(at), true, &|next| {
                next.answers.remove(at);
                self.take_in(next, answer);
            });
            if state.left.losses > 0 {
                then(Step::AnswerLost(at), false, &|next| {
                    next.left.losses -= 1;
                    next.answers.remove(at);
                });
            }
        }
        let is_quiet = state.requests.is_empty() && state.answers.is_empty();
        if state.left.desk_crashes > 0 && !(is_quiet && state.inside.is_empty()) {
            then(Step::DeskCrashes, false, &|next| {
                next.left.desk_crashes -= 1;
                next.requests.clear();
                next.answers.clear();
                next.inside.clear();
            });
        }
        // Nothing stays on its way for three days.
        if state.left.ages > 0 && is_quiet && state.inside.is_empty() {
            then(Step::ThreeDaysPass, false, &|next| {
                next.left.ages -= 1;
                next.operations.clear();
                next.acts.clear();
                for console in &mut next.consoles {
                    let asked = console
                        .draft
                        .as_mut()
                        .and_then(|draft| draft.asked.as_mut());
                    for waiting in console.waiting.iter_mut().chain(asked) {
                        waiting.old = true;
                    }
                }
            });
        }
    }

    fn wrong(&self, state: &State) -> Option<&'static str> {
        if state.wrong.is_some() {
            return state.wrong;
        }
        // No word is lost: it is on disk, or the desk has it.
        let lost = state.intents.iter().any(|intent| {
            let console = &state.consoles[usize::from(intent.by)];
            let same = |other: &&Intent| other.text == intent.text && is_written(other.wish);
            is_written(intent.wish)
                && console.draft.is_none_or(|draft| draft.text != intent.text)
                && !state
                    .intents
                    .iter()
                    .filter(same)
                    .any(|other| other.effects > 0)
        });
        lost.then_some("what was written is neither on disk nor at the desk")
    }

    fn is_resolved(&self, state: &State) -> bool {
        let open = |c: &Console| c.waiting.is_some() || c.draft.is_some_and(|d| d.asked.is_some());
        !state.consoles.iter().any(open)
    }
}
