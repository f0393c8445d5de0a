//! What has been said and done in the demo since it opened, as far as the next act depends on it.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use super::{
    cast::Customer,
    content::{Line, Voice},
    fill::Facts,
    opening::Opening,
};
use crate::domain::{
    id::{ConversationId, UserId},
    moment::Moment,
    row::Row,
};

/// What each customer still has to say, and since when each conversation is in the hands it is in.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    parts: HashMap<(String, String), Part>,
    holders: HashMap<ConversationId, Hold>,
    /// How many customers there have been: the next one's number.
    pub customers: u64,
    /// How many of them wrote for the first time since the demo opened.
    pub arrived: u64,
}

/// A customer's part: what is left of their dialogue.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// What they would say of themselves.
    pub facts: Facts,
    rest: VecDeque<Line>,
    /// How often they said something that no dialogue foresaw.
    pub unforeseen: u32,
}

#[derive(Clone, Debug)]
struct Hold {
    assignee: Option<UserId>,
    former: Option<UserId>,
    since: Moment,
}

impl Part {
    /// A part with this dialogue ahead.
    #[must_use]
    pub fn new(facts: Facts, lines: impl IntoIterator<Item = Line>) -> Self {
        Self {
            facts,
            rest: lines.into_iter().collect(),
            unforeseen: 0,
        }
    }

    /// What one of us would answer now. What the customer was yet to say before it is passed over.
    #[must_use]
    pub fn answer(&self) -> Option<&Line> {
        self.rest.iter().find(|line| line.voice == Voice::Advisor)
    }

    /// What the customer would say now. `answered`: somebody answered in their own words, which takes the
    /// place of the answer that was foreseen.
    #[must_use]
    pub fn word(&self, answered: bool) -> Option<&Line> {
        let skip =
            usize::from(answered && self.rest.front().is_some_and(|l| l.voice == Voice::Advisor));
        self.rest
            .get(skip)
            .filter(|line| line.voice == Voice::Customer)
    }

    fn said(&mut self, line: &Line) {
        if let Some(at) = self.rest.iter().position(|next| next == line) {
            self.rest.drain(..=at);
        }
    }
}

impl Stage {
    /// Gives a customer their part.
    pub fn cast(&mut self, customer: &Customer, part: Part) {
        let key = (customer.channel.clone(), customer.address.clone());
        self.parts.insert(key, part);
        self.customers += 1;
    }

    /// Gives everybody of the opening their part.
    pub fn open<'a>(&mut self, openings: impl IntoIterator<Item = &'a Opening>) {
        for opening in openings {
            let part = Part::new(opening.customer.facts.clone(), opening.later.clone());
            self.cast(&opening.customer, part);
        }
    }

    /// The part of a conversation's customer, if they have one.
    #[must_use]
    pub fn part(&self, row: &Row) -> Option<&Part> {
        self.parts.get(&key(row))
    }

    /// A line of the dialogue was said; those before it never will be.
    pub fn said(&mut self, row: &Row, line: &Line) {
        if let Some(part) = self.parts.get_mut(&key(row)) {
            part.said(line);
        }
    }

    /// The customer said something that no dialogue foresaw.
    pub fn unforeseen(&mut self, row: &Row) {
        self.parts.entry(key(row)).or_default().unforeseen += 1;
    }

    /// Looks at a list: since `now` at the latest, these are in the hands they are in.
    pub fn observe(&mut self, rows: &[Row], now: Moment) {
        for row in rows {
            let assignee = row.holder();
            let hold = self.holders.entry(row.id.clone()).or_insert_with(|| Hold {
                assignee: assignee.clone(),
                former: None,
                since: now,
            });
            if hold.assignee != assignee {
                let former = std::mem::replace(&mut hold.assignee, assignee);
                hold.former = former.or_else(|| hold.former.take());
                hold.since = now;
            }
        }
    }

    /// For how long it has been in the hands it is in.
    #[must_use]
    pub fn rested(&self, row: &Row, now: Moment) -> Duration {
        self.holders
            .get(&row.id)
            .map_or(Duration::ZERO, |hold| now.since(hold.since))
    }

    /// Whether they had it last, before it came into the hands it is in.
    #[must_use]
    pub fn was_of(&self, row: &Row, user: &UserId) -> bool {
        self.holders
            .get(&row.id)
            .is_some_and(|hold| hold.former.as_ref() == Some(user))
    }
}

fn key(row: &Row) -> (String, String) {
    (
        row.channel.as_str().to_owned(),
        row.contact.address.as_str().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(lines: &[&str]) -> Part {
        let lines = lines
            .iter()
            .map(|line| Line::try_from((*line).to_owned()).unwrap());
        Part::new(Facts::default(), lines)
    }

    fn words(line: Option<&Line>) -> Option<&str> {
        line.map(|line| line.words.as_str())
    }

    #[test]
    fn an_answer_passes_over_what_the_customer_was_yet_to_say() {
        let mut part = part(&["> a", "< b", "> c"]);
        assert_eq!(
            (words(part.word(false)), words(part.answer())),
            (Some("a"), Some("b"))
        );
        let answer = part.answer().unwrap().clone();
        part.said(&answer);
        assert_eq!(
            (words(part.word(true)), words(part.answer())),
            (Some("c"), None)
        );
    }

    #[test]
    fn an_answer_in_somebodys_own_words_takes_the_place_of_the_one_foreseen() {
        let part = part(&["< b", "> c"]);
        assert_eq!(words(part.word(false)), None, "they wait for an answer");
        assert_eq!(words(part.word(true)), Some("c"));
    }
}
