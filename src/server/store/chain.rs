//! The chain over the history (R37): each line carries a seal over itself and the line before, so that none can be
//! changed, left out or put in between without breaking every one after it.
//!
//! Sealed are ids, times and causes, and of what people wrote (a reason, a note) only a salted hash: their words can be
//! erased, salt and all, and the chain still holds. Whoever can write the whole database can also make a new chain; that
//! shows when the seal of some line was noted elsewhere, which is why [`Audit`] tells the newest and takes an older one.

use std::fmt;

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::{Row as _, any::AnyRow};

use super::{Result, Store, random, token::hex};

/// A line of the history as it is sealed.
pub(super) struct Sealing<'a> {
    pub(super) id: i64,
    pub(super) conversation: &'a str,
    pub(super) at: i64,
    pub(super) kind: &'a str,
    pub(super) by: &'a str,
    pub(super) was: &'a str,
    pub(super) became: &'a str,
    pub(super) cause: &'a str,
    /// The hash of what was written; empty for nothing.
    pub(super) words: &'a str,
}

impl Sealing<'_> {
    /// The seal over this line and, through the seal `before` it, over all earlier ones.
    pub(super) fn after(&self, before: &str) -> String {
        let (id, at) = (self.id.to_string(), self.at.to_string());
        let of_people = [self.kind, self.by, self.was, self.became, self.cause];
        hash(
            [before, &id, self.conversation, &at]
                .into_iter()
                .chain(of_people)
                .chain([self.words]),
        )
    }
}

/// The hash of a reason and a note's words. Without the salt nobody can find out erased words by guessing them.
pub(super) fn of_words(salt: &str, reason: &str, body: &str) -> String {
    hash([salt, reason, body].into_iter())
}

/// A salt for [`of_words`].
pub(super) fn salt() -> Result<String> {
    Ok(hex(&random::bytes::<16>()?))
}

/// Over texts one after the other, each with its length, so that nothing passes for its neighbour.
fn hash<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut all = Sha256::new();
    for text in texts {
        all.update((text.len() as u64).to_be_bytes());
        all.update(text);
    }
    hex(&all.finalize())
}

/// A place in the history, and its seal: `41:9f2c…`, as it is printed, noted and handed in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Which line; 0 before the first.
    pub line: i64,
    /// Its seal, 64 hexadecimal digits; empty before the first line.
    pub seal: String,
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.seal)
    }
}

impl std::str::FromStr for Seal {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (line, seal) = text.split_once(':').ok_or(NOT_A_SEAL)?;
        let line = line.parse().map_err(|_| NOT_A_SEAL)?;
        let is_seal = seal.len() == 64 && seal.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_seal || line < 1 {
            return Err(NOT_A_SEAL);
        }
        let seal = seal.to_ascii_lowercase();
        Ok(Self { line, seal })
    }
}

const NOT_A_SEAL: &str =
    "a seal is the number of a line, a colon and 64 hexadecimal digits, as `admin audit` prints it";

/// What reading the whole history came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// The newest line that holds, with all before it.
    pub holds_to: Seal,
    /// The first line that does not, and why.
    pub broken: Option<Broken>,
    /// How many lines have had their words erased.
    pub erased: u64,
}

/// The first line at which the chain breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number.
    pub line: i64,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Store {
    /// Reads the history from its beginning and says whether its chain holds; also that it goes through `noted`, if one
    /// was noted elsewhere.
    ///
    /// # Errors
    /// The database's.
    pub async fn audit(&self, noted: Option<&Seal>) -> Result<Audit> {
        let mut tx = self.snapshot().await?;
        let sql = "SELECT history, seal FROM counter WHERE one = 1";
        let (newest, sealed): (i64, String) = sqlx::query_as(sql).fetch_one(&mut *tx).await?;
        let mut audit = Audit {
            holds_to: Seal {
                line: 0,
                seal: String::new(),
            },
            broken: None,
            erased: 0,
        };
        let mut rows = sqlx::query(LINES).fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            let line: i64 = row.try_get("id")?;
            match holds(&row, line, &audit.holds_to)? {
                Ok((seal, erased)) => {
                    audit.erased += u64::from(erased);
                    if noted.is_some_and(|noted| noted.line == line && noted.seal != seal) {
                        audit.broken = Some(Broken {
                            line,
                            why: OTHER_CHAIN,
                        });
                        break;
                    }
                    audit.holds_to = Seal { line, seal };
                }
                Err(why) => {
                    audit.broken = Some(Broken { line, why });
                    break;
                }
            }
        }
        drop(rows);
        tx.rollback().await?;
        let end = &audit.holds_to;
        let is_whole = end.line == newest && end.seal == sealed;
        let reaches = noted.is_none_or(|noted| noted.line <= end.line);
        if audit.broken.is_none() && !(is_whole && reaches) {
            let line = end.line + 1;
            let why = if is_whole { OTHER_CHAIN } else { CUT_OFF };
            audit.broken = Some(Broken { line, why });
        }
        Ok(audit)
    }
}

const LINES: &str = "SELECT h.id, h.conversation, h.at, h.kind, h.by_person, h.was, h.became, h.cause, h.words, \
     h.seal, w.salt, w.reason, w.body \
     FROM history h LEFT JOIN history_words w ON w.history = h.id ORDER BY h.id";
const OTHER_CHAIN: &str = "it is not the line whose seal was noted";
const CUT_OFF: &str =
    "it and what follows is missing: the desk counted more lines, or sealed another one last";

/// A line's seal and whether its words were erased, if it follows on the line before it.
fn holds(
    row: &AnyRow,
    line: i64,
    before: &Seal,
) -> Result<std::result::Result<(String, bool), &'static str>> {
    let text = |name: &str| row.try_get::<String, _>(name);
    let words = text("words")?;
    let (conversation, kind, by) = (text("conversation")?, text("kind")?, text("by_person")?);
    let (was, became, cause) = (text("was")?, text("became")?, text("cause")?);
    let sealing = Sealing {
        id: line,
        conversation: &conversation,
        at: row.try_get("at")?,
        kind: &kind,
        by: &by,
        was: &was,
        became: &became,
        cause: &cause,
        words: &words,
    };
    let seal = sealing.after(&before.seal);
    if line != before.line + 1 {
        return Ok(Err("the line before it is missing"));
    }
    if seal != text("seal")? {
        return Ok(Err("it was changed after it was sealed, or put there"));
    }
    let written: Option<String> = row.try_get("salt")?;
    let said = match &written {
        Some(salt) => of_words(salt, &text("reason")?, &text("body")?),
        None => String::new(),
    };
    if written.is_some() && said != words {
        return Ok(Err("its reason or note was changed after it was sealed"));
    }
    Ok(Ok((seal, written.is_none() && !words.is_empty())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line<'a>(texts: &'a [String; 7], numbers: (i64, i64)) -> Sealing<'a> {
        Sealing {
            id: numbers.0,
            at: numbers.1,
            conversation: &texts[0],
            kind: &texts[1],
            by: &texts[2],
            was: &texts[3],
            became: &texts[4],
            cause: &texts[5],
            words: &texts[6],
        }
    }

    proptest! {
        #[test]
        fn r37_another_line_has_another_seal(
            a in prop::array::uniform7("[ab|]{0,3}"),
            b in prop::array::uniform7("[ab|]{0,3}"),
            numbers in (0..30_i64, 0..30_i64),
            others in (0..30_i64, 0..30_i64),
        ) {
            let (one, other) = (line(&a, numbers).after("x"), line(&b, others).after("x"));
            prop_assert_eq!(one == other, a == b && numbers == others);
            prop_assert_ne!(line(&a, numbers).after("y"), one);
        }
    }

    #[test]
    fn r37_a_seal_is_read_as_it_is_printed() {
        let seal = Seal {
            line: 41,
            seal: "9f".repeat(32),
        };
        assert_eq!(seal.to_string().parse(), Ok(seal));
        for wrong in ["", "41", "41:9f", "0:", "x:9f", ":", "-1:9f"] {
            assert!(wrong.parse::<Seal>().is_err(), "{wrong}");
        }
    }
}
