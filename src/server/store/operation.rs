//! Operation ids: the same request asked twice is done once, and answered twice (R20).

use sha2::{Digest, Sha256};

use super::{Result, StoreError};
use crate::domain::{action::Refusal, id::OperationId};

/// How long an operation id is remembered (R20).
pub const KEPT: std::time::Duration = std::time::Duration::from_secs(72 * 3600);

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
            let hash = super::token::hex(&Sha256::digest(key));
            OperationId::parse(&hash).expect("64 hexadecimal digits are an id")
        })
    }

    pub(super) fn content_hex(&self) -> String {
        super::token::hex(&self.content)
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

    /// The outcome as it is kept: its word, or the reason's code of a refusal after a colon.
    pub(super) fn kept(self) -> String {
        match self {
            Self::Refused(why) => format!("refused:{}", why.word()),
            other => other.word().to_owned(),
        }
    }

    pub(super) fn from_kept(text: &str) -> Result<Self> {
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
