//! What somebody looks for, as they type it: words, `"exact words"` and `field:value` (F1).
//!
//! A conversation is found if it has a message such that each word is in its contact or in that message, the exact words
//! are in that message, and every field says yes. One field said twice means either; different fields mean both.
//!
//! [`Search::parse`] is total: what it cannot read it says in a [`Misread`]. What it reads, [`Display`](fmt::Display)
//! writes so that it is read again as the same.

use std::fmt::{self, Write as _};

use super::{action::closed_words, spelling::nearest};

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Search {
    /// What is looked for, in the order it was typed.
    pub terms: Vec<Term>,
}

/// One thing looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A word of the contact or of a message. The last one typed need not be whole.
    Word(String),
    /// Words that stand side by side in a message.
    Text(Value),
    /// Words of the contact's name, or digits that begin or end its address.
    Contact(Value),
    /// In this queue; its last one, if it is closed.
    Queue(Value),
    /// Through this channel.
    Channel(Value),
    /// With this status.
    Status(Value),
    /// This person has it.
    By(Value),
    /// What state it is in.
    Is(Is),
    /// A message of this day or of a later one.
    From(Day),
    /// A message of this day or of an earlier one.
    Until(Day),
}

/// What a field is to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    /// The words, as typed.
    pub text: String,
    /// It stands between quotes: this and nothing else. Otherwise it may go on.
    pub whole: bool,
}

closed_words! {
    /// The states one can look for.
    Is, "state":
    /// Open.
    Open "open"
    /// Closed.
    Closed "closed"
    /// The customer waits for us.
    Unanswered "unanswered"
    /// We wrote last.
    Answered "answered"
    /// Nobody has it.
    Unassigned "unassigned"
    /// Who looks has it.
    Mine "mine"
}

closed_words! {
    /// The fields there are.
    Field, "field":
    /// [`Term::Contact`].
    Contact "contact"
    /// [`Term::Text`].
    Text "text"
    /// [`Term::Queue`].
    Queue "queue"
    /// [`Term::Is`].
    Is "is"
    /// [`Term::By`].
    By "by"
    /// [`Term::Status`].
    Status "status"
    /// [`Term::Channel`].
    Channel "channel"
    /// [`Term::From`].
    From "from"
    /// [`Term::Until`].
    Until "until"
}

/// A day, by whose clock whoever looks it up must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Day {
    /// Of the calendar.
    Date {
        /// 1970 to 9998.
        year: i16,
        /// 1 to 12.
        month: i8,
        /// 1 to 31, as far as the month goes.
        day: i8,
    },
    /// So many days before today.
    Ago(u16),
}

/// Why something typed is no search, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    /// There is no such field.
    NoSuchField {
        /// What was typed before the colon.
        typed: String,
        /// The field that was meant, if one is near enough.
        meant: Option<Field>,
    },
    /// Nothing follows a field's colon, or stands between quotes.
    NoValue(Option<Field>),
    /// `is:` something there is not.
    NoSuchState {
        /// What was typed after the colon.
        typed: String,
        /// The state that was meant, if one is near enough.
        meant: Option<Is>,
    },
    /// `from:` or `until:` something that is no day.
    NoDay {
        /// Which of the two.
        field: Field,
        /// What was typed after the colon.
        typed: String,
    },
    /// There is no letter and no digit in it.
    NothingToFind(String),
    /// More than [`MOST_TERMS`], or than [`LONGEST_TEXT`] bytes.
    TooLong,
}

/// How many things one search looks for at most.
pub const MOST_TERMS: usize = 24;
/// How long a search is at most, in bytes.
pub const LONGEST_TEXT: usize = 1_000;
/// The last day one can say.
const LAST_YEAR: i16 = 9998;

impl Search {
    /// Reads what was typed.
    ///
    /// # Errors
    /// The first thing that cannot be read.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        if text.len() > LONGEST_TEXT {
            return Err(Misread::TooLong);
        }
        let terms = pieces(text)
            .map(|piece| piece.term())
            .collect::<Result<Vec<_>, _>>()?;
        match terms.len() {
            0..=MOST_TERMS => Ok(Self { terms }),
            _ => Err(Misread::TooLong),
        }
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// One term as it stands in a text: not yet read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Where it begins in the text.
    pub(super) at: usize,
    /// What stands before the colon, if it has the form of a field.
    pub(super) field: Option<&'a str>,
    /// The rest, without quotes.
    pub(super) value: &'a str,
    /// What quotes it has.
    pub(super) quotes: Quotes,
}

/// The quotes around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    /// They were opened, and the text ended.
    Open,
    Closed,
}

/// Takes a text apart.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        if rest.is_empty() {
            return None;
        }
        let field = field(rest);
        let from = field.map_or(0, |name| name.len() + 1);
        let (value, quotes, end) = value(&rest[from..]);
        rest = &rest[from + end..];
        Some(Piece {
            at,
            field,
            value,
            quotes,
        })
    })
}

/// The name before a colon. `10:30` has none, nor has `https://…`.
fn field(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let is_field = end > 0 && text[end..].starts_with(':') && !text[end..].starts_with("://");
    is_field.then(|| &text[..end])
}

/// A value, its quotes, and where it ends.
fn value(text: &str) -> (&str, Quotes, usize) {
    match text.strip_prefix('"') {
        Some(quoted) => match quoted.find('"') {
            Some(end) => (&quoted[..end], Quotes::Closed, end + 2),
            None => (quoted, Quotes::Open, text.len()),
        },
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            (&text[..end], Quotes::None, end)
        }
    }
}

impl Piece<'_> {
    fn term(self) -> Result<Term, Misread> {
        let field = match self.field {
            None => None,
            Some(name) => Some(Self::named(name)?),
        };
        if self.value.trim().is_empty() {
            return Err(Misread::NoValue(field));
        }
        let value = || {
            let text = self.value.to_owned();
            let whole = self.quotes == Quotes::Closed;
            match text.contains(char::is_alphanumeric) {
                true => Ok(Value { text, whole }),
                false => Err(Misread::NothingToFind(text)),
            }
        };
        let day = |field| {
            Day::parse(self.value).ok_or_else(|| Misread::NoDay {
                field,
                typed: self.value.to_owned(),
            })
        };
        Ok(match field {
            None if self.quotes == Quotes::None => Term::Word(value()?.text),
            None | Some(Field::Text) => Term::Text(value()?),
            Some(Field::Contact) => Term::Contact(value()?),
            Some(Field::Queue) => Term::Queue(value()?),
            Some(Field::Channel) => Term::Channel(value()?),
            Some(Field::Status) => Term::Status(value()?),
            Some(Field::By) => Term::By(value()?),
            Some(Field::Is) => Term::Is(self.state()?),
            Some(Field::From) => Term::From(day(Field::From)?),
            Some(Field::Until) => Term::Until(day(Field::Until)?),
        })
    }

    fn named(name: &str) -> Result<Field, Misread> {
        let lower = name.to_ascii_lowercase();
        Field::from_word(&lower).ok_or_else(|| Misread::NoSuchField {
            typed: name.to_owned(),
            meant: nearest(&lower, Field::ALL.iter().map(|field| field.word()))
                .and_then(Field::from_word),
        })
    }

    fn state(self) -> Result<Is, Misread> {
        let lower = self.value.to_ascii_lowercase();
        Is::from_word(&lower).ok_or_else(|| Misread::NoSuchState {
            typed: self.value.to_owned(),
            meant: nearest(&lower, Is::ALL.iter().map(|is| is.word())).and_then(Is::from_word),
        })
    }
}

impl Day {
    /// `2026-11-01`, `today`, `yesterday`, or `7d` for seven days ago.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "today" => return Some(Self::Ago(0)),
            "yesterday" => return Some(Self::Ago(1)),
            days => {
                if let Some(days) = days.strip_suffix('d').filter(|days| is_number(days)) {
                    return days
                        .parse()
                        .ok()
                        .filter(|days| *days < 10_000)
                        .map(Self::Ago);
                }
            }
        }
        let mut parts = text.split('-').map(|part| (part.len(), part));
        let mut part = |digits| {
            let (len, part) = parts.next()?;
            (len == digits && is_number(part)).then(|| part.parse::<i16>().ok())?
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let is_day = (1970..=LAST_YEAR).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day);
        (is_day && parts.next().is_none()).then_some(Self::Date { year, month, day })
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn days_of(year: i16, month: i8) -> i8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date { year, month, day } => write!(f, "{year:04}-{month:02}-{day:02}"),
            Self::Ago(0) => f.write_str("today"),
            Self::Ago(1) => f.write_str("yesterday"),
            Self::Ago(days) => write!(f, "{days}d"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        if self.whole {
            return write!(f, "\"{text}\"");
        }
        // What may go on but has spaces in it was typed last: the quotes stay open.
        if text.contains(char::is_whitespace) {
            f.write_char('"')?;
        }
        f.write_str(text)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Text(value) if value.whole => write!(f, "{value}"),
            Self::Text(value) => write!(f, "text:{value}"),
            Self::Contact(value) => write!(f, "contact:{value}"),
            Self::Queue(value) => write!(f, "queue:{value}"),
            Self::Channel(value) => write!(f, "channel:{value}"),
            Self::Status(value) => write!(f, "status:{value}"),
            Self::By(value) => write!(f, "by:{value}"),
            Self::Is(is) => write!(f, "is:{}", is.word()),
            Self::From(day) => write!(f, "from:{day}"),
            Self::Until(day) => write!(f, "until:{day}"),
        }
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, term) in self.terms.iter().enumerate() {
            if index > 0 {
                f.write_char(' ')?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| text.chars().take(40).collect::<String>();
        match self {
            Self::NoSuchField { typed, meant } => {
                let typed = short(typed);
                match meant {
                    Some(meant) => write!(f, "no field {typed}:, did you mean {}:?", meant.word())?,
                    None => write!(f, "no field {typed}:, but {}", fields())?,
                }
                f.write_str(" (in quotes it is text)")
            }
            Self::NoValue(None) => f.write_str("there is nothing between the quotes"),
            Self::NoValue(Some(field)) => {
                write!(
                    f,
                    "{}: needs something after it, such as {}",
                    field.word(),
                    field.example()
                )
            }
            Self::NoSuchState {
                typed,
                meant: Some(meant),
            } => {
                write!(
                    f,
                    "there is no is:{}, did you mean is:{}?",
                    short(typed),
                    meant.word()
                )
            }
            Self::NoSuchState { typed, meant: None } => {
                let all: Vec<_> = Is::ALL.iter().map(|is| is.word()).collect();
                write!(
                    f,
                    "there is no is:{}, it is one of {}",
                    short(typed),
                    all.join(", ")
                )
            }
            Self::NoDay { field, typed } => write!(
                f,
                "{}:{} is no day: write 2026-11-01, today, yesterday or 7d",
                field.word(),
                short(typed)
            ),
            Self::NothingToFind(typed) => {
                write!(f, "{} has no letter and no digit to look for", short(typed))
            }
            Self::TooLong => write!(
                f,
                "that is too long: at most {MOST_TERMS} things at once, in {LONGEST_TEXT} bytes"
            ),
        }
    }
}

impl Field {
    /// What could stand after it.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Contact => "contact:bea",
            Self::Text => "text:refund",
            Self::Queue => "queue:Payments",
            Self::Is => "is:closed",
            Self::By => "by:anna or by:me",
            Self::Status => "status:\"promise to pay\"",
            Self::Channel => "channel:SMS",
            Self::From => "from:2026-11-01",
            Self::Until => "until:yesterday",
        }
    }
}

fn fields() -> String {
    let all: Vec<_> = Field::ALL.iter().map(|field| field.word()).collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str, whole: bool) -> Value {
        let text = text.to_owned();
        Value { text, whole }
    }

    fn read(text: &str) -> Vec<Term> {
        Search::parse(text).unwrap().terms
    }

    #[test]
    fn f1_words_exact_words_and_fields_are_told_apart() {
        assert_eq!(
            read("queue:Payments is:closed bea"),
            [
                Term::Queue(value("Payments", false)),
                Term::Is(Is::Closed),
                Term::Word("bea".into())
            ]
        );
        assert_eq!(
            read("status:\"promise to pay\" from:2026-11-01 BY:anna \"exact words\""),
            [
                Term::Status(value("promise to pay", true)),
                Term::From(Day::Date {
                    year: 2026,
                    month: 11,
                    day: 1
                }),
                Term::By(value("anna", false)),
                Term::Text(value("exact words", true)),
            ]
        );
        assert_eq!(read("  "), []);
        assert_eq!(
            read("10:30 https://x.example +44"),
            ["10:30", "https://x.example", "+44"].map(|word| Term::Word(word.into()))
        );
        assert_eq!(
            read("\"promise to"),
            [Term::Text(value("promise to", false))]
        );
    }

    #[test]
    fn what_cannot_be_read_says_what_to_type_instead() {
        let says = |text: &str| Search::parse(text).unwrap_err().to_string();
        assert!(says("bea quee:x").contains("did you mean queue:?"));
        assert!(says("colour:x").contains("contact, text, queue"));
        assert!(says("is:close").contains("did you mean is:closed?"));
        assert!(says("is:purple").contains("open, closed"));
        assert!(says("queue:").contains("such as queue:Payments"));
        assert!(says("until:2026-02-30").contains("is no day"));
        assert!(says("bea !!!").contains("no letter and no digit"));
        assert!(says("\"\"").contains("nothing between"));
        assert!(says(&"x ".repeat(MOST_TERMS + 1)).contains("too long"));
    }

    #[test]
    fn days_are_of_the_calendar_or_counted_back() {
        let days = ["2026-11-01", "2028-02-29", "today", "yesterday", "7d"];
        for day in days {
            assert_eq!(Day::parse(day).unwrap().to_string(), day);
        }
        for no in [
            "2026-11-31",
            "2027-02-29",
            "2026-1-1",
            "26-11-01",
            "1969-12-31",
            "d",
            "-1d",
            "tomorrow",
            "",
        ] {
            assert_eq!(Day::parse(no), None, "{no}");
        }
    }

    fn some_value(last: bool) -> impl Strategy<Value = Value> {
        let word = "[a-zA-Zé0-9][^\\s\"]{0,8}".prop_map(|text| value(&text, false));
        let whole = "[^\"]{0,8}[a-z0-9][^\"]{0,8}".prop_map(|text| value(&text, true));
        let open = "[a-z]{1,5} [^\"]{0,8}".prop_map(|text| value(&text, false));
        prop_oneof![4 => word, 3 => whole, u32::from(last) => open]
    }

    fn some_term(last: bool) -> impl Strategy<Value = Term> {
        let value = move || some_value(last);
        let day =
            || {
                prop_oneof![
                    (0..10_000u16).prop_map(Day::Ago),
                    (1970..=LAST_YEAR, 1..=12i8, 1..=28i8)
                        .prop_map(|(year, month, day)| Day::Date { year, month, day }),
                ]
            };
        prop_oneof![
            "[+0-9é][^\\s\"]{0,8}[0-9]".prop_map(Term::Word),
            "[a-z]{1,8}".prop_map(Term::Word),
            value().prop_map(Term::Text),
            value().prop_map(Term::Contact),
            value().prop_map(Term::Queue),
            value().prop_map(Term::Channel),
            value().prop_map(Term::Status),
            value().prop_map(Term::By),
            prop::sample::select(Is::ALL).prop_map(Term::Is),
            day().prop_map(Term::From),
            day().prop_map(Term::Until),
        ]
    }

    proptest! {
        #[test]
        fn f1_whatever_is_typed_is_read_or_said_to_be_unreadable(text in any::<String>(), odd in "[a-z:\" 0-9.-]{0,30}") {
            for text in [text, odd] {
                match Search::parse(&text) {
                    Ok(search) => prop_assert_eq!(Search::parse(&search.to_string()), Ok(search)),
                    Err(misread) => prop_assert!(!misread.to_string().is_empty()),
                }
            }
        }

        #[test]
        fn f1_what_is_written_is_read_as_the_same(
            terms in prop::collection::vec(some_term(false), 0..6), last in some_term(true),
        ) {
            let search = Search { terms: terms.into_iter().chain([last]).collect() };
            prop_assert_eq!(Search::parse(&search.to_string()), Ok(search));
        }
    }
}
