//! What a picker offers, as data: queues, people, statuses, things to copy, anything by its name; each with what is to be known of it, and
//! why it cannot be chosen where it cannot.
//!
//! Who may have a conversation, and which queues and statuses there are, the desk says; a console never guesses.

mod by_name;
mod some;

use super::{
    menu::Does,
    model::{Choosing, Model, Picker, Subject},
};
use crate::{
    desk::{Colleague, Form, Phrase, Presence, Queue},
    domain::{
        fold::fold,
        id::{QueueId, UserId},
        row::Row,
        text::Safe,
    },
    say,
};

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What choosing it means.
    pub chosen: Chosen,
    /// What it is called.
    pub name: Safe,
    /// What tells it from others of that name.
    pub beside: Safe,
    /// What else it is found by.
    pub also: Safe,
    /// What is to be known of it, in columns from left to right.
    pub facts: Vec<Safe>,
    /// Why it cannot be chosen.
    pub not_now: Option<Safe>,
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A queue; `None`: all of them.
    Queue(Option<QueueId>),
    /// A person.
    Person(UserId),
    /// A status, as the desk spells it; `None`: no status.
    Status(Option<String>),
    /// A text to copy.
    Text(Safe),
    /// A phrase, as the desk has it.
    Phrase(String),
    /// A form of transcript, with the team's notes or without.
    Form(Form, bool),
    /// A row of the one table, by its index.
    Row(usize),
    /// A row of the three dots that has no key beside them.
    Item(Does),
}

impl Choice {
    fn new(chosen: Chosen, name: Safe) -> Self {
        Self {
            chosen,
            name,
            beside: Safe::default(),
            also: Safe::default(),
            facts: Vec::new(),
            not_now: None,
        }
    }
}

/// What a picker offers after what was typed into it.
#[must_use]
pub fn choices(model: &Model, picker: &Picker) -> Vec<Choice> {
    let typed = picker.typed.text.to_lowercase();
    let mut all = match &picker.choosing {
        Choosing::Shown => shown(model),
        Choosing::Move(subject) => queues(model, subject),
        Choosing::Assign(subject) => people(model, subject),
        Choosing::Status(subject) => statuses(model, subject),
        Choosing::Copy(row) => texts(model, row),
        Choosing::Phrase(_) => return phrases(model, &picker.typed.text),
        Choosing::Transcript(_) => forms(),
        Choosing::Some(field) => some::choices(model, *field),
        Choosing::ByName(place) => return by_name::choices(model, *place, &typed),
    };
    let fits = |text: &Safe| text.as_str().to_lowercase().contains(&typed);
    all.retain(|choice| fits(&choice.name) || fits(&choice.beside) || fits(&choice.also));
    all
}

/// Where the cursor stands before one has moved: on the first that can be chosen.
#[must_use]
pub fn start(choices: &[Choice]) -> usize {
    let mut all = choices.iter();
    all.position(|choice| choice.not_now.is_none()).unwrap_or(0)
}

fn shown(model: &Model) -> Vec<Choice> {
    let facts = |open: u64, unassigned: u64| {
        vec![say!("{open:>4} open"), say!("{unassigned:>4} unassigned")]
    };
    // A desk may say any number.
    let sum = |of: fn(&Queue) -> u64| model.queues.iter().map(of).fold(0, u64::saturating_add);
    let all = Choice {
        facts: facts(sum(|q| q.open), sum(|q| q.unassigned)),
        ..Choice::new(Chosen::Queue(None), Safe::literal("All queues"))
    };
    let named = model.queues.iter().map(|queue| Choice {
        facts: facts(queue.open, queue.unassigned),
        ..Choice::new(
            Chosen::Queue(Some(queue.queue.id.clone())),
            queue.queue.name.clone(),
        )
    });
    let mut choices: Vec<_> = std::iter::once(all).chain(named).collect();
    let present = Chosen::Queue(model.list.queue.clone());
    for choice in choices.iter_mut().filter(|c| c.chosen == present) {
        choice.beside = Safe::literal("(shown)");
    }
    choices
}

fn queues(model: &Model, subject: &Subject) -> Vec<Choice> {
    let is_there =
        |queue: &Queue| matches!(subject, Subject::One(row) if row.queue.id == queue.queue.id);
    let choice = |queue: &Queue| Choice {
        facts: vec![say!("{:>5} open", queue.open)],
        not_now: match queue.active {
            _ if is_there(queue) => Some(Safe::literal("it is there already")),
            false => Some(Safe::literal("inactive, nothing can be moved into it")),
            true => None,
        },
        ..Choice::new(
            Chosen::Queue(Some(queue.queue.id.clone())),
            queue.queue.name.clone(),
        )
    };
    model.queues.iter().map(choice).collect()
}

/// Whoever is there stands first.
fn people(model: &Model, subject: &Subject) -> Vec<Choice> {
    let has_it = |who: &UserId| match subject {
        Subject::One(row) => row.is_held_by(who),
        Subject::Marked(_) => false,
    };
    let choice = |colleague: &Colleague| {
        let id = &colleague.user.id;
        let mine = model.is_mine_id(id);
        Choice {
            beside: match mine {
                true => say!("you · {}", colleague.organisation.name),
                false => colleague.organisation.name.clone(),
            },
            also: colleague.username.clone(),
            // What they have that one does not see is not counted: no number is better than a wrong one.
            facts: vec![
                say!("{:<10}", presence(colleague.presence)),
                match colleague.open {
                    0 => Safe::literal("         "),
                    open => say!("{open:>4} open"),
                },
            ],
            not_now: has_it(id).then(|| match mine {
                true => Safe::literal("yours already"),
                false => Safe::literal("has it already"),
            }),
            ..Choice::new(Chosen::Person(id.clone()), colleague.user.name.clone())
        }
    };
    let mut people: Vec<&Colleague> = model.people.iter().collect();
    people.sort_by_key(|colleague| colleague.presence);
    people.into_iter().map(choice).collect()
}

/// How one says whether somebody is there.
#[must_use]
pub fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::SignedIn => "signed in",
        Presence::Away => "away",
        Presence::SignedOut => "signed out",
    }
}

fn statuses(model: &Model, subject: &Subject) -> Vec<Choice> {
    let present = match subject {
        Subject::One(row) => Some(row.status.as_ref()),
        Subject::Marked(_) => None,
    };
    let none = Choice::new(Chosen::Status(None), Safe::literal("no status"));
    let named = model.statuses.iter().map(|status| {
        Choice::new(
            Chosen::Status(Some(status.word.clone())),
            status.name.clone(),
        )
    });
    let mut choices: Vec<_> = std::iter::once(none).chain(named).collect();
    if let Some(present) = present {
        let is_present = |choice: &Choice| match &choice.chosen {
            Chosen::Status(None) => present.is_none(),
            _ => present == Some(&choice.name),
        };
        for choice in choices.iter_mut().filter(|c| is_present(c)) {
            choice.not_now = Some(Safe::literal("it is so already"));
        }
    }
    choices
}

/// The phrases that all of the words find: each as the beginning of a keyword, or somewhere in the text. Those found by
/// keywords alone come first.
fn phrases(model: &Model, typed: &str) -> Vec<Choice> {
    let wanted: Vec<String> = fold(typed).split_whitespace().map(str::to_owned).collect();
    let fits = |phrase: &Phrase| {
        let (keywords, body) = (folded(phrase), fold(phrase.body.as_str()));
        wanted
            .iter()
            .all(|word| begins(&keywords, word) || body.contains(word.as_str()))
    };
    let mut found: Vec<&Phrase> = model.phrases.iter().filter(|phrase| fits(phrase)).collect();
    found.sort_by_key(|phrase| !has_keywords(phrase, typed));
    let choice = |phrase: &Phrase| Choice {
        beside: Safe::preview(phrase.body.as_str()),
        also: phrase.body.clone(),
        ..Choice::new(
            Chosen::Phrase(phrase.words.clone()),
            Safe::join(&Safe::literal(" "), &phrase.keywords),
        )
    };
    found.into_iter().map(choice).collect()
}

/// Whether each of the words is the beginning of a keyword, case and accents aside.
#[must_use]
pub fn has_keywords(phrase: &Phrase, words: &str) -> bool {
    let keywords = folded(phrase);
    fold(words)
        .split_whitespace()
        .all(|word| begins(&keywords, word))
}

fn folded(phrase: &Phrase) -> Vec<String> {
    phrase
        .keywords
        .iter()
        .map(|word| fold(word.as_str()))
        .collect()
}

fn begins(keywords: &[String], word: &str) -> bool {
    keywords.iter().any(|keyword| keyword.starts_with(word))
}

fn forms() -> Vec<Choice> {
    let form = |form: Form, notes: bool| {
        let name = match form {
            Form::Markdown => "Markdown",
            Form::Text => "Text",
            Form::Json => "JSON",
        };
        let (name, beside) = match notes {
            true => (
                say!("{name}, with notes"),
                "and who of us wrote what: not for the customer",
            ),
            false => (Safe::literal(name), "what the customer saw"),
        };
        Choice {
            beside: Safe::literal(beside),
            ..Choice::new(Chosen::Form(form, notes), name)
        }
    };
    let without = Form::ALL.map(|one| form(one, false));
    let with = Form::ALL.map(|one| form(one, true));
    without.into_iter().chain(with).collect()
}

/// How many links are offered, the newest first.
const LINKS: usize = 20;

/// What can be copied of a conversation: nothing of it is ever opened, and no shell sees it (R8).
fn texts(model: &Model, row: &Row) -> Vec<Choice> {
    let mut texts = vec![
        (Safe::literal("id"), say!("{}", row.id)),
        (Safe::literal("address"), row.contact.address.clone()),
        (Safe::literal("name"), row.contact.name.clone()),
    ];
    let held = model.open.as_ref().filter(|open| open.row.id == row.id);
    let messages = held.map_or(&[][..], |open| &open.messages);
    if let Some(last) = messages.last() {
        let name = match last.truncated {
            true => "last message, its beginning",
            false => "last message",
        };
        texts.push((Safe::literal(name), last.body.clone()));
    }
    for message in messages.iter().rev() {
        let links = links(&message.body).map(|link| (Safe::literal("link"), link));
        texts.extend(links);
    }
    texts.truncate(4 + LINKS);
    texts.retain(|(_, text)| !text.is_empty());
    let choice = |(name, text): (Safe, Safe)| Choice {
        beside: Safe::preview(text.as_str()),
        ..Choice::new(Chosen::Text(text), name)
    };
    texts.into_iter().map(choice).collect()
}

/// The links in a text, as far as they are written out.
fn links(text: &Safe) -> impl Iterator<Item = Safe> {
    let begins = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    text.as_str()
        .split_whitespace()
        .filter(begins)
        .map(|word| Safe::line(word.trim_end_matches(['.', ',', ';', ')', '!', '?'])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::{model::Loaded, view::fixture};

    fn offered(model: &Model, choosing: Choosing, typed: &str) -> Vec<Choice> {
        let mut picker = Picker::new(choosing, Loaded::Yes);
        picker.typed.text = typed.to_owned();
        choices(model, &picker)
    }

    fn bea(model: &Model) -> Box<Row> {
        Box::new(model.open.as_ref().expect("Bea Jones").row.clone())
    }

    #[test]
    fn r8_links_are_offered_to_copy_without_the_stop_after_them() {
        let mut model = fixture::busy();
        let open = model.open.as_mut().expect("Bea Jones");
        for message in open.messages.iter_mut().skip(4) {
            message.body = Safe::text("look at https://pay.example/a?b=c, or http://x.example.");
        }
        let row = bea(&model);
        let texts: Vec<_> = offered(&model, Choosing::Copy(row), "link")
            .into_iter()
            .map(|c| c.chosen)
            .collect();
        let link = |text| Chosen::Text(Safe::literal(text));
        assert_eq!(
            texts,
            [link("https://pay.example/a?b=c"), link("http://x.example")]
        );
    }

    #[test]
    fn the_queue_it_is_in_and_inactive_ones_say_why_not() {
        let mut model = fixture::busy();
        model.queues[1].active = false;
        let subject = Subject::One(bea(&model));
        let queues = offered(&model, Choosing::Move(subject), "");
        let why = |n: usize| queues[n].not_now.as_ref().map(Safe::as_str);
        assert_eq!(why(0), Some("it is there already"));
        assert_eq!(why(1), Some("inactive, nothing can be moved into it"));
        assert_eq!(start(&queues), 2);
    }
}
