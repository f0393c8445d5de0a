//! What somebody of the demo does next, given what they see. Pure: the loop that does it is `super::troupe`.
//!
//! Nobody here acts for a person who is at a console, or on what a colleague has; and what has just been
//! handed back is left alone for a while, so that whoever did it can take it back.

use std::{collections::HashSet, time::Duration};

use super::{
    cast::{Customer, customer},
    content::{Arrival, Content, Line, Voice},
    dice::Dice,
    stage::{Part, Stage},
};
use crate::domain::{
    conversation::{Handler, State},
    id::{ConversationId, UserId},
    message::Direction,
    moment::Moment,
    row::{Activity, Row},
};

/// How long nobody of the demo takes what was handed back.
const LEFT_ALONE: Duration = Duration::from_secs(40);
/// How long a customer, and one of us, reads before they write.
const READING: Duration = Duration::from_secs(8);
/// How long a customer waits before they ask whether anybody is there.
const PATIENCE: Duration = Duration::from_secs(90);
/// How many conversations a colleague is content with, and how many are too many.
const ENOUGH: usize = 6;
const TOO_MANY: usize = 8;
/// How many may wait for nobody in particular before nobody new writes.
const FULL: usize = 45;

/// Those who are at a console, and what they see.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Who has a live console: nobody acts for them.
    pub users: HashSet<UserId>,
    /// What at least one of them sees: better something happens there than where nobody looks.
    pub sees: HashSet<ConversationId>,
}

/// What a colleague does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Answers the customer, in the words of the dialogue if they are of one.
    Reply(Box<Row>, String, Option<Line>),
    /// Takes it.
    Take(Box<Row>),
    /// Hands it back, perhaps saying why.
    HandBack(Box<Row>, Option<String>),
}

/// What one of us does next, or nothing; `rows` is the list as they see it.
#[must_use]
pub fn colleague(
    content: &Content,
    stage: &Stage,
    played: &Played,
    (me, first_name): (&UserId, &str),
    rows: &[Row],
    now: Moment,
    dice: &mut Dice,
) -> Option<Deed> {
    if played.users.contains(me) {
        return None;
    }
    let own = rows.iter().filter(|row| row.is_held_by(me)).count();
    let mut among: Vec<(u64, (&Row, Wish))> = Vec::new();
    for row in rows.iter().filter(|row| is_free_for(me, row)) {
        // What a player handed back is taken soon: to show them what it was good for.
        let handed_back = played.users.iter().any(|user| stage.was_of(row, user));
        let seen = match (handed_back, played.sees.contains(&row.id)) {
            (true, _) => 40,
            (false, true) => 4,
            (false, false) => 1,
        };
        let waits = row.unanswered && row.handler == Handler::Person && read(row, now);
        let mine = row.is_held_by(me);
        if mine && waits {
            among.push((3 * seen, (row, Wish::Reply)));
        }
        if mine && own >= 3 && stage.rested(row, now) > LEFT_ALONE {
            among.push((if own > TOO_MANY { 9 } else { seen }, (row, Wish::HandBack)));
        }
        if !mine && waits && stage.rested(row, now) > LEFT_ALONE && !stage.was_of(row, me) {
            if own < TOO_MANY {
                among.push((3 * seen, (row, Wish::Reply)));
            }
            if own < ENOUGH {
                among.push((seen, (row, Wish::Take)));
            }
        }
    }
    let (row, wish) = dice.weigh(among)?;
    let row_of = || Box::new(row.clone());
    Some(match wish {
        Wish::Take => Deed::Take(row_of()),
        Wish::HandBack => {
            let reason = dice
                .pick(&content.life.reason)
                .filter(|reason| !reason.is_empty());
            Deed::HandBack(row_of(), reason.cloned())
        }
        Wish::Reply => {
            let part = stage.part(row);
            let line = part.and_then(Part::answer);
            let words = match line {
                Some(line) => &line.words,
                None => dice.pick(&content.life.answer)?,
            };
            let facts = part.map(|part| part.facts.clone()).unwrap_or_default();
            Deed::Reply(row_of(), facts.fill(words, first_name), line.cloned())
        }
    })
}

#[derive(Clone, Copy)]
enum Wish {
    Reply,
    Take,
    HandBack,
}

/// Open, one's own or nobody's, and nobody is writing in it.
fn is_free_for(me: &UserId, row: &Row) -> bool {
    row.state == State::Open
        && row.assignee.as_ref().is_none_or(|who| who.id == *me)
        && row
            .active
            .iter()
            .all(|a| a.who.id == *me || a.what == Activity::Viewing)
}

fn read(row: &Row, now: Moment) -> bool {
    row.last_message
        .as_ref()
        .is_none_or(|last| now.since(last.at) > READING)
}

/// What a customer writes, in which conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Their conversation.
    pub row: Box<Row>,
    /// The words.
    pub words: String,
    /// The line of the dialogue they are of.
    pub line: Option<Line>,
}

/// What a customer of one of these conversations writes next, or nothing.
#[must_use]
pub fn customer_writes(
    content: &Content,
    stage: &Stage,
    played: &Played,
    rows: &[Row],
    now: Moment,
    dice: &mut Dice,
) -> Option<Written> {
    let mut among = Vec::new();
    for row in rows
        .iter()
        .filter(|row| row.state == State::Open && read(row, now))
    {
        let Some(last) = &row.last_message else {
            continue;
        };
        let answered = last.direction == Direction::Out && !row.unanswered;
        let part = stage.part(row);
        let line = part.and_then(|part| part.word(answered));
        let of_a_player = row
            .assignee
            .as_ref()
            .is_some_and(|who| played.users.contains(&who.id));
        let nearer = if of_a_player { 3 } else { 1 };
        let unforeseen = part.map_or(0, |part| part.unforeseen);
        let silent = now.since(last.at);
        if line.is_some() {
            among.push((if answered { 6 } else { 2 } * nearer, (row, line, None)));
        } else if row.handler == Handler::Bot || unforeseen > 1 {
        } else if answered && silent < 10 * PATIENCE {
            among.push((nearer, (row, None, Some(&content.life.reaction))));
        } else if !answered && silent > PATIENCE && unforeseen == 0 {
            among.push((1, (row, None, Some(&content.life.nudge))));
        }
    }
    let (row, line, any) = dice.weigh(among)?;
    let words = match (line, any) {
        (Some(line), _) => stage.part(row)?.facts.fill(&line.words, ""),
        (None, any) => dice.pick(any?)?.clone(),
    };
    Some(Written {
        row: Box::new(row.clone()),
        words,
        line: line.cloned(),
    })
}

/// Somebody who writes for the first time.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Who.
    pub customer: Customer,
    /// Which queue the conversation enters, by name.
    pub queue: String,
    /// What they write.
    pub words: String,
    /// How it goes on.
    pub part: Part,
}

/// Who writes for the first time next; nobody if enough conversations wait already.
#[must_use]
pub fn newcomer(content: &Content, stage: &Stage, rows: &[Row]) -> Option<Newcomer> {
    let wait = |row: &&Row| row.unanswered && row.assignee.is_none();
    if rows.iter().filter(wait).count() >= FULL {
        return None;
    }
    let arrivals = &content.life.arrivals;
    let nth = usize::try_from(stage.arrived).ok()?;
    let Arrival {
        queue,
        channels,
        names,
        lines,
    } = arrivals.get(nth % arrivals.len().max(1))?;
    let round = nth / arrivals.len();
    let name = names.get(round).map(String::as_str);
    let channel = channels.get(round % channels.len().max(1))?;
    let customer = customer(&content.people, stage.customers, name, channel, round);
    let first = lines.first().filter(|line| line.voice == Voice::Customer)?;
    Some(Newcomer {
        queue: queue.clone(),
        words: customer.facts.fill(&first.words, ""),
        part: Part::new(customer.facts.clone(), lines.iter().skip(1).cloned()),
        customer,
    })
}

/// What happens next, if it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A customer writes again.
    Customer,
    /// Somebody writes for the first time.
    Newcomer,
    /// One of us does something.
    Colleague,
}

/// In which order to look for something to happen, and after how long.
#[must_use]
pub fn next_turn(dice: &mut Dice) -> (Duration, [Turn; 3]) {
    let pause = Duration::from_millis(dice.within(5_000..15_000));
    let order = match dice.within(0..10) {
        0..4 => [Turn::Customer, Turn::Colleague, Turn::Newcomer],
        4..8 => [Turn::Colleague, Turn::Customer, Turn::Newcomer],
        _ => [Turn::Newcomer, Turn::Customer, Turn::Colleague],
    };
    (pause, order)
}

#[cfg(test)]
mod tests;
