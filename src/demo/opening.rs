//! The conversations that are there when the demo opens, and when everything in them was said.
//!
//! Nothing here knows a store: `super::seeding` hands these in.

use std::time::Duration;

use super::{
    cast::{Customer, customer},
    content::{Chapter, Content, Dialogue, Line, Voice},
    dice::Dice,
    roster::Roster,
};

/// A conversation as it stands at the start.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The customer.
    pub customer: Customer,
    /// In which queue, by name.
    pub queue: String,
    /// Its status.
    pub status: Option<String>,
    /// A bot handles it.
    pub bot: bool,
    /// It is closed.
    pub closed: bool,
    /// Who has it, by username.
    pub held: Option<String>,
    /// Who of us spoke in it, by username; has it, or had it and handed it back or closed it.
    pub by: String,
    /// What was said, oldest first.
    pub said: Vec<Said>,
    /// How it goes on.
    pub later: Vec<Line>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// By whom.
    pub voice: Voice,
    /// The words.
    pub words: String,
    /// How long ago.
    pub ago: Duration,
}

impl Opening {
    /// The customer waits: nothing we said since their last word arrived (L1).
    #[must_use]
    pub fn unanswered(&self) -> bool {
        self.said.last().is_some_and(|said| !said.voice.answers())
    }

    /// It has been nobody's yet but a bot's, so it still counts as just entered (L1).
    #[must_use]
    pub fn just_entered(&self) -> bool {
        self.bot
    }
}

/// Where `since` of the list's order comes from (L1): the customer's first word after our last one that
/// arrived; if nobody waits, the last word.
fn since(voices: &[Voice]) -> usize {
    let last = voices.len().saturating_sub(1);
    let heard = voices.iter().rposition(|voice| voice.answers());
    match heard {
        Some(heard) if heard == last => last,
        heard => {
            let begin = heard.map_or(0, |heard| heard + 1);
            voices[begin..]
                .iter()
                .position(|voice| *voice == Voice::Customer)
                .map_or(last, |at| begin + at)
        }
    }
}

/// Everything the demo opens with, in the order of the files.
#[must_use]
pub fn opening(content: &Content, roster: &Roster, seed: u64) -> Vec<Opening> {
    let mut numbers = 0..;
    content
        .chapters
        .iter()
        .flat_map(|chapter| tellings(chapter).map(move |telling| (chapter, telling)))
        .zip(&mut numbers)
        .map(|((chapter, telling), number)| tell(content, roster, chapter, telling, number, seed))
        .collect()
}

/// `size` conversations that `viewer` sees: theirs and nobody's, over and over with other customers.
pub fn crowd<'a>(
    content: &'a Content,
    roster: &'a Roster,
    viewer: &'a str,
    size: usize,
    seed: u64,
) -> impl Iterator<Item = Opening> + 'a {
    let seen: Vec<_> = content
        .chapters
        .iter()
        .flat_map(|chapter| tellings(chapter).map(move |telling| (chapter, telling)))
        .filter(|(chapter, (dialogue, held, _))| {
            !dialogue.closed
                && (*held == viewer || (*held == "-" && roster.has_access(viewer, &chapter.queue)))
        })
        .collect();
    let rounds = (0..).flat_map(move |round| {
        let each = seen.clone().into_iter();
        each.map(move |(chapter, (dialogue, held, telling))| {
            (chapter, (dialogue, held, telling + round))
        })
    });
    rounds
        .zip(0..)
        .take(size)
        .map(move |((chapter, telling), number)| {
            tell(content, roster, chapter, telling, number, seed)
        })
}

type Telling<'a> = (&'a Dialogue, &'a str, usize);

fn tellings(chapter: &Chapter) -> impl Iterator<Item = Telling<'_>> {
    chapter.dialogues.iter().flat_map(|dialogue| {
        let held = dialogue.held.iter().enumerate();
        held.map(move |(telling, held)| (dialogue, held.as_str(), telling))
    })
}

fn tell(
    content: &Content,
    roster: &Roster,
    chapter: &Chapter,
    (dialogue, held, telling): Telling<'_>,
    number: u64,
    seed: u64,
) -> Opening {
    let mut dice = Dice::new(seed).apart(number);
    let channel = &dialogue.channels[telling % dialogue.channels.len()];
    let name = dialogue.names.get(telling).map(String::as_str);
    let customer = customer(&content.people, number, name, channel, telling);
    let held = (held != "-").then(|| held.to_owned());
    let by = held.clone().unwrap_or_else(|| {
        dice.pick(roster.answering(&chapter.queue))
            .cloned()
            .unwrap_or_default()
    });
    let me = roster.first_name(&by);
    let fill = |words: &str| {
        if chapter.verbatim {
            words.to_owned()
        } else {
            customer.facts.fill(words, me)
        }
    };
    let age = Duration::from_secs(60 * dice.within(dialogue.age[0]..dialogue.age[1] + 1));
    let voices: Vec<Voice> = dialogue.lines.iter().map(|line| line.voice).collect();
    let said = dialogue
        .lines
        .iter()
        .zip(times(&voices, age, &mut dice))
        .map(|(line, ago)| Said {
            voice: line.voice,
            words: fill(&line.words),
            ago,
        })
        .collect();
    Opening {
        queue: chapter.queue.clone(),
        status: dialogue.status.clone(),
        bot: dialogue.handler.as_deref() == Some("bot"),
        closed: dialogue.closed,
        held,
        by,
        said,
        later: dialogue.later.clone(),
        customer,
    }
}

/// How long ago each line was said, so that the one that counts for the list's order is `age` ago.
fn times(voices: &[Voice], age: Duration, dice: &mut Dice) -> Vec<Duration> {
    let anchor = since(voices);
    let mut ago = vec![age; voices.len()];
    for at in (0..anchor).rev() {
        ago[at] = ago[at + 1] + pause(voices[at], voices[at + 1], dice);
    }
    for at in anchor + 1..voices.len() {
        let left = ago[at - 1];
        ago[at] = left.saturating_sub(pause(voices[at - 1], voices[at], dice).min(left / 2));
    }
    ago
}

/// How long people let pass between two lines.
fn pause(before: Voice, after: Voice, dice: &mut Dice) -> Duration {
    Duration::from_secs(match (before, after) {
        (Voice::Customer, Voice::Customer) => dice.within(12..95),
        (_, Voice::Bot) => 1,
        (Voice::Customer, _) => dice.within(70..540),
        (_, Voice::Customer) => dice.within(40..1_500),
        _ => dice.within(30..120),
    })
}

#[cfg(test)]
mod tests;
