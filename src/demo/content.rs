//! What the demo's people say, as `assets/demo/*.toml` writes it.
//!
//! A chapter is a file: one queue and its dialogues. A dialogue is told once for each entry of `held`, who
//! names who has that telling (`-`: nobody), each with another customer. A line is who speaks and what:
//!
//! ```text
//! > words          the customer                  >400 words    the same words 400 times
//! < words          one of us                     ~ words       the bot
//! x expired: …     one of us, but it did not arrive, and why (a code of the contract)
//! ```
//! In the words, `[a|b]` is another word in each telling, and `{first}`, `{amount}` … are filled in by [`super::fill`].
//! `age` is how many minutes ago it began to wait, or, if it is answered, the last word was said: from, to.
//! `later` is how it goes on while somebody looks.

use serde::Deserialize;

use crate::domain::message::Failure;

/// Everything that is said in the demo.
#[derive(Clone, Debug)]
pub struct Content {
    /// What is there at the start.
    pub chapters: Vec<Chapter>,
    /// What goes on.
    pub life: Life,
    /// Who the customers are.
    pub people: People,
}

/// The dialogues of one queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// In which queue, by name.
    pub queue: String,
    /// Take the lines letter by letter.
    #[serde(default)]
    pub verbatim: bool,
    /// Its dialogues.
    #[serde(rename = "dialogue")]
    pub dialogues: Vec<Dialogue>,
}

/// One dialogue, told as often as `held` is long.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    /// Who has each telling, by username; `-`: nobody.
    pub held: Vec<String>,
    /// What the customers are called, as far as it matters.
    #[serde(default)]
    pub names: Vec<String>,
    /// Their channels, in turn.
    pub channels: Vec<String>,
    /// Its status.
    #[serde(default)]
    pub status: Option<String>,
    /// `bot`, while one handles it.
    #[serde(default)]
    pub handler: Option<String>,
    /// It is closed.
    #[serde(default)]
    pub closed: bool,
    /// How many minutes ago: from, to.
    pub age: [u64; 2],
    /// What was said.
    pub lines: Vec<Line>,
    /// What will be.
    #[serde(default)]
    pub later: Vec<Line>,
}

/// What goes on while somebody looks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// A customer who waits, once more.
    pub nudge: Vec<String>,
    /// A customer after an answer no dialogue foresaw.
    pub reaction: Vec<String>,
    /// A colleague where no dialogue says what to answer.
    pub answer: Vec<String>,
    /// Why somebody hands a conversation back; may be empty.
    pub reason: Vec<String>,
    /// Who writes for the first time.
    #[serde(rename = "arrival")]
    pub arrivals: Vec<Arrival>,
}

/// A dialogue that begins while somebody looks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// Which queue it enters.
    pub queue: String,
    /// Its channels, in turn.
    pub channels: Vec<String>,
    /// What the customers are called, as far as it matters.
    #[serde(default)]
    pub names: Vec<String>,
    /// What is said; the customer begins.
    pub lines: Vec<Line>,
}

/// Names that customers are made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// First names.
    pub first: Vec<String>,
    /// Last names.
    pub last: Vec<String>,
}

/// One line of a dialogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Line {
    /// Who speaks.
    pub voice: Voice,
    /// The words, not yet filled in.
    pub words: String,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The customer.
    Customer,
    /// One of us, and it arrived.
    Advisor,
    /// One of us, and it did not.
    Unheard(Failure),
    /// The bot, for us.
    Bot,
}

impl Voice {
    /// Whether the customer heard it from us: after it, nobody waits.
    #[must_use]
    pub fn answers(self) -> bool {
        matches!(self, Self::Advisor | Self::Bot)
    }
}

impl TryFrom<String> for Line {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        let wrong = || format!("a line begins with `> `, `< `, `~ ` or `x reason: `, not {line:?}");
        let (sign, words) = line.split_once(' ').ok_or_else(wrong)?;
        let (voice, words) = match sign {
            "<" => (Voice::Advisor, words.to_owned()),
            "~" => (Voice::Bot, words.to_owned()),
            "x" => {
                let (code, words) = words.split_once(": ").ok_or_else(wrong)?;
                let why = Failure::from_code(code);
                if why.code() != code {
                    return Err(format!("no message fails for the reason {code:?}"));
                }
                (Voice::Unheard(why), words.to_owned())
            }
            _ => {
                let times = sign.strip_prefix('>').ok_or_else(wrong)?;
                let times = if times.is_empty() {
                    1
                } else {
                    times.parse().map_err(|_| wrong())?
                };
                (Voice::Customer, words.repeat(times))
            }
        };
        Ok(Self { voice, words })
    }
}

impl Content {
    /// Reads what the program carries with it.
    ///
    /// # Errors
    /// What is wrong with it and where, for whoever edits it; a test reads it too.
    pub fn read() -> Result<Self, toml::de::Error> {
        Ok(Self {
            chapters: vec![
                toml::from_str(include_str!("../../assets/demo/payments.toml"))?,
                toml::from_str(include_str!("../../assets/demo/arrears.toml"))?,
                toml::from_str(include_str!("../../assets/demo/meters.toml"))?,
                toml::from_str(include_str!("../../assets/demo/complaints.toml"))?,
                toml::from_str(include_str!("../../assets/demo/hostile.toml"))?,
            ],
            life: toml::from_str(include_str!("../../assets/demo/life.toml"))?,
            people: toml::from_str(include_str!("../../assets/demo/people.toml"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Result<Line, String> {
        Line::try_from(text.to_owned())
    }

    #[test]
    fn a_line_says_who_speaks() {
        let said = |voice, words: &str| {
            Ok(Line {
                voice,
                words: words.into(),
            })
        };
        assert_eq!(line("> hi there"), said(Voice::Customer, "hi there"));
        assert_eq!(line(">3 ha "), said(Voice::Customer, "ha ha ha "));
        assert_eq!(line("< hello"), said(Voice::Advisor, "hello"));
        assert_eq!(line("~ beep"), said(Voice::Bot, "beep"));
        assert_eq!(
            line("x expired: too: late"),
            said(Voice::Unheard(Failure::Expired), "too: late")
        );
        for wrong in [
            "",
            "hello",
            ">many x",
            "? what",
            "x no_such_reason: hm",
            "x hm",
        ] {
            assert!(line(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_the_program_carries_can_be_read() {
        let content = Content::read().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(content.chapters.len(), 5);
    }
}
