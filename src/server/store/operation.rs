//! Operation ids: the same request asked twice is done once, and answered twice (R20).

use sha2::{Digest, Sha256};

use super::{
    Result, Store, StoreError,
    act::{Acted, Results},
    conversation::read_all,
    database::id,
    token::hex,
    writing::Writing,
};
use crate::domain::{
    action::{Refusal, Verdict},
    id::{ConversationId, OperationId},
    moment::Moment,
    person::Person,
};

/// How long an operation id is remembered (R20).
pub use crate::domain::operation::KEPT;

/// An operation id together with what was asked under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The id, as answers and undo name it.
    pub id: OperationId,
    content: [u8; 32],
}

impl Operation {
    /// The operation of a request: the key its caller chose, and everything that makes it *that*
    /// request (route and body), of which only a hash is kept.
    #[must_use]
    pub fn new(key: &str, content: &[u8]) -> Self {
        Self {
            id: Self::id_of(key),
            content: Sha256::digest(content).into(),
        }
    }

    /// An operation for a request that came without a key.
    ///
    /// # Errors
    /// [`StoreError::Random`].
    pub fn made(content: &[u8]) -> Result<Self> {
        Ok(Self::new(&super::random::letters(26)?, content))
    }

    /// The id of a key: the key itself if it has an id's form, else its hash.
    #[must_use]
    pub fn id_of(key: &str) -> OperationId {
        OperationId::parse(key).unwrap_or_else(|_| {
            let hash = hex(&Sha256::digest(key));
            OperationId::parse(&hash).expect("64 hexadecimal digits are an id")
        })
    }
}

/// What an act came to, for one conversation. Nothing but `Done` changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It was so already.
    Already,
    /// Somebody else was faster, or it was acted on since (U5).
    Conflict,
    /// A colleague wrote after what the writer had seen.
    Crossed,
    /// The rules say no.
    Refused(Refusal),
    /// It is not there, or not theirs to see (V8).
    NotFound,
}

impl Outcome {
    pub(super) fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Do(_) => Self::Done,
            Verdict::Already => Self::Already,
            Verdict::Conflict => Self::Conflict,
            Verdict::Refused(why) => Self::Refused(*why),
        }
    }

    /// `done`, `already`, `conflict`, `crossed`, `refused` or `not_found`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Already => "already",
            Self::Conflict => "conflict",
            Self::Crossed => "crossed",
            Self::Refused(_) => "refused",
            Self::NotFound => "not_found",
        }
    }

    /// The outcome as it is kept: its word, and the reason's after a colon.
    fn kept(self) -> String {
        match self {
            Self::Refused(why) => format!("refused:{}", why.word()),
            other => other.word().to_owned(),
        }
    }

    fn from_kept(text: &str) -> Result<Self> {
        Ok(match text {
            "done" => Self::Done,
            "already" => Self::Already,
            "conflict" => Self::Conflict,
            "crossed" => Self::Crossed,
            "not_found" => Self::NotFound,
            other => other
                .strip_prefix("refused:")
                .and_then(Refusal::from_word)
                .map(Self::Refused)
                .ok_or_else(|| StoreError::corrupt("an outcome", other))?,
        })
    }
}

impl Writing<'_> {
    /// Claims an operation id. `None`: it is new, and nobody else gets it before the end. Else what it
    /// came to the first time, one line per conversation.
    pub(super) async fn claim(
        &mut self,
        by: &Person,
        operation: &Operation,
    ) -> Result<Option<String>> {
        let sql = "INSERT INTO operation (person, id, content, outcome, at) VALUES ($1, $2, $3, '', $4) \
                   ON CONFLICT (person, id) DO NOTHING";
        let content = hex(&operation.content);
        let new = sqlx::query(sql)
            .bind(by.id.as_str())
            .bind(operation.id.as_str())
            .bind(content.as_str())
            .bind(self.now.0)
            .execute(&mut *self.tx)
            .await?
            .rows_affected();
        if new == 1 {
            return Ok(None);
        }
        let sql = "SELECT content, outcome, at FROM operation WHERE person = $1 AND id = $2";
        let (first, outcome, at): (String, String, i64) = sqlx::query_as(sql)
            .bind(by.id.as_str())
            .bind(operation.id.as_str())
            .fetch_one(&mut *self.tx)
            .await?;
        if self.now.since(Moment(at)) > KEPT {
            self.forget(by, operation, &content).await?;
            return Ok(None);
        }
        if first != content {
            return Err(StoreError::OtherContent);
        }
        Ok(Some(outcome))
    }

    /// An id that is no longer kept is as good as new.
    async fn forget(&mut self, by: &Person, operation: &Operation, content: &str) -> Result<()> {
        let sql = "UPDATE operation SET content = $1, outcome = '', at = $2 WHERE person = $3 AND id = $4";
        sqlx::query(sql)
            .bind(content)
            .bind(self.now.0)
            .bind(by.id.as_str())
            .bind(operation.id.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Keeps what a claimed operation came to: outcomes, never a conversation's content, since who asks
    /// again may no longer see it.
    pub(super) async fn remember(
        &mut self,
        by: &Person,
        operation: &Operation,
        results: &[Acted],
    ) -> Result<()> {
        let lines: Vec<String> = results
            .iter()
            .map(|acted| kept_line_of(&acted.id, acted.outcome, ""))
            .collect();
        self.keep(by, operation, &lines.join("\n")).await
    }

    pub(super) async fn keep(
        &mut self,
        by: &Person,
        operation: &Operation,
        outcome: &str,
    ) -> Result<()> {
        sqlx::query("UPDATE operation SET outcome = $1 WHERE person = $2 AND id = $3")
            .bind(outcome)
            .bind(by.id.as_str())
            .bind(operation.id.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

/// One line of what an operation came to: the conversation, the outcome, and the message it wrote.
pub(super) fn kept_line(line: &str) -> Result<(ConversationId, Outcome, Option<&str>)> {
    let mut words = line.split(' ');
    let conversation = id("a conversation", words.next().unwrap_or_default())?;
    let outcome = Outcome::from_kept(words.next().unwrap_or_default())?;
    let message = words.next().filter(|message| !message.is_empty());
    Ok((conversation, outcome, message))
}

/// The inverse of [`kept_line`]; `message` is empty where there is none.
pub(super) fn kept_line_of(id: &ConversationId, outcome: Outcome, message: &str) -> String {
    format!("{id} {} {message}", outcome.kept())
}

impl Store {
    /// Answers a repeated operation as the first time, with conversations as they are and may be seen now.
    pub(super) async fn answer_again(
        &self,
        by: &Person,
        operation: &Operation,
        kept: &str,
    ) -> Result<Results> {
        let kept: Vec<_> = kept.lines().map(kept_line).collect::<Result<_>>()?;
        let mut at_once = self.snapshot().await?;
        let ids = kept.iter().map(|(id, ..)| id);
        let present = read_all(&mut at_once, ids, "").await?;
        at_once.rollback().await?;
        let team = &self.directory().team;
        let mut results = Vec::with_capacity(kept.len());
        for (id, outcome, _) in kept {
            let conversation = present.get(&id);
            let seen = conversation.filter(|c| team.can_see(by, &c.facts.standing()));
            results.push(Acted {
                conversation: seen.cloned(),
                id,
                outcome,
            });
        }
        Ok(Results {
            operation: operation.id.clone(),
            results,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_survive_being_kept() {
        let refusals = Refusal::ALL.iter().map(|&why| Outcome::Refused(why));
        let plain = [
            Outcome::Done,
            Outcome::Already,
            Outcome::Conflict,
            Outcome::Crossed,
            Outcome::NotFound,
        ];
        for outcome in refusals.chain(plain) {
            assert_eq!(Outcome::from_kept(&outcome.kept()).unwrap(), outcome);
        }
        assert!(Outcome::from_kept("").is_err());
    }

    #[test]
    fn a_key_that_is_no_id_still_names_one_operation() {
        assert_eq!(Operation::id_of("plain-key").as_str(), "plain-key");
        let odd = Operation::id_of("with spaces, and more");
        assert_eq!(odd, Operation::id_of("with spaces, and more"));
        assert_ne!(odd, Operation::id_of("with spaces, and less"));
    }
}
