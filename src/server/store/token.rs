//! Tokens: who asks (R34). A token is shown once and kept nowhere but as its SHA-256.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest, Sha256};

use super::{
    Result, Store,
    database::{id, name_of},
    random,
};
use crate::domain::{id::UserId, moment::Moment, person::Person};

/// What every token begins with, so that a leaked one can be recognised for what it is.
const PREFIX: &str = "hb_";

/// How many digits of a token's hash name it: enough to be one of a desk's, and no help to whoever has no token.
const ID_DIGITS: usize = 12;

/// What is known of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// What it is called when it is to be revoked: the beginning of its hash.
    pub id: String,
    /// Whose it is.
    pub person: UserId,
    /// When it was made.
    pub created: Moment,
    /// Whether it is still good.
    pub state: TokenState,
}

/// Whether a token is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// Until then, or until it is revoked.
    Good(Option<Moment>),
    /// Since then it is not.
    Expired(Moment),
    /// Somebody revoked it.
    Revoked(Moment),
}

/// Makes a token: the prefix, 256 random bits and a checksum that tells a mistyped one from a revoked one
/// without asking the database.
fn make() -> Result<SecretString> {
    let secret = hex(&random::bytes::<32>()?);
    let checksum = crc32fast::hash(secret.as_bytes());
    Ok(SecretString::from(format!(
        "{PREFIX}{secret}{checksum:08x}"
    )))
}

/// Whether text has the form of a token of ours.
fn is_token(text: &str) -> bool {
    let Some((secret, checksum)) = text
        .strip_prefix(PREFIX)
        .filter(|rest| rest.is_ascii() && rest.len() == 72)
        .map(|rest| rest.split_at(64))
    else {
        return false;
    };
    format!("{:08x}", crc32fast::hash(secret.as_bytes())) == checksum
}

fn hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// What a token is called in [`Store::tokens`].
#[must_use]
pub fn token_id(token: &str) -> String {
    named(&hash(token))
}

fn named(hash: &str) -> String {
    hash.chars().take(ID_DIGITS).collect()
}

/// Bytes in lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}

impl Store {
    /// A new token of that person, valid until it is revoked or `expires`. Shown once: only its hash is kept.
    ///
    /// # Errors
    /// The database's, if there is no such person among others.
    pub async fn new_token(&self, user: &UserId, expires: Option<Moment>) -> Result<SecretString> {
        let token = make()?;
        sqlx::query(
            "INSERT INTO token (hash, person, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(hash(token.expose_secret()))
        .bind(user.as_str())
        .bind(self.now().0)
        .bind(expires.map(|at| at.0))
        .execute(&self.writer)
        .await?;
        Ok(token)
    }

    /// Whose token this is, if it is one of this desk's, neither revoked nor expired, of somebody who is
    /// not suspended.
    ///
    /// # Errors
    /// The database's.
    pub async fn user_by_token(&self, token: &str) -> Result<Option<Person>> {
        if !is_token(token) {
            return Ok(None);
        }
        let sql = "SELECT person FROM token WHERE hash = $1 AND revoked_at IS NULL \
                   AND (expires_at IS NULL OR expires_at > $2)";
        let user: Option<String> = sqlx::query_scalar(sql)
            .bind(hash(token))
            .bind(self.now().0)
            .fetch_optional(&self.readers)
            .await?;
        let directory = self.directory();
        Ok(user
            .and_then(|user| directory.user(&user).cloned())
            .filter(|person| !person.suspended))
    }

    /// The tokens there are, or were, of one person or of all, the newest last.
    ///
    /// # Errors
    /// The database's.
    pub async fn tokens(&self, of: Option<&UserId>) -> Result<Vec<TokenRow>> {
        let sql = "SELECT hash, person, created_at, expires_at, revoked_at FROM token \
                   WHERE $1 = '' OR person = $1 ORDER BY created_at, hash";
        type Row = (String, String, i64, Option<i64>, Option<i64>);
        let rows: Vec<Row> = sqlx::query_as(sql)
            .bind(name_of(of))
            .fetch_all(&self.readers)
            .await?;
        let now = self.now();
        let token = |(hash, person, created, expires, revoked): Row| {
            let expires = expires.map(Moment);
            let state = match (revoked, expires) {
                (Some(at), _) => TokenState::Revoked(Moment(at)),
                (None, Some(at)) if at <= now => TokenState::Expired(at),
                (None, until) => TokenState::Good(until),
            };
            Ok(TokenRow {
                id: named(&hash),
                person: id("a person", &person)?,
                created: Moment(created),
                state,
            })
        };
        rows.into_iter().map(token).collect()
    }

    /// Revokes the token that [`Store::tokens`] calls so; answers how many that were, of those still good.
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke_token(&self, id: &str) -> Result<u64> {
        let sql = "UPDATE token SET revoked_at = $1 WHERE substr(hash, 1, 12) = $2 \
                   AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)";
        self.revoke(sql, id).await
    }

    /// The one person whose `unix_user` this account of the host is, if not suspended.
    #[must_use]
    pub fn user_by_unix_name(&self, account: &str) -> Option<Person> {
        self.directory().user_by_unix_name(account).cloned()
    }

    /// Revokes every token of a person; answers how many there were. A running desk hears of it as of a
    /// change of the team, so that open streams are asked again who they are (R32).
    ///
    /// # Errors
    /// The database's.
    pub async fn revoke_tokens(&self, user: &UserId) -> Result<u64> {
        let sql = "UPDATE token SET revoked_at = $1 WHERE person = $2 AND revoked_at IS NULL";
        self.revoke(sql, user.as_str()).await
    }

    async fn revoke(&self, sql: &'static str, which: &str) -> Result<u64> {
        let mut writing = self.write().await?;
        let revoked = sqlx::query(sql)
            .bind(writing.now.0)
            .bind(which)
            .execute(&mut *writing.tx)
            .await?
            .rows_affected();
        if revoked > 0 {
            writing.team_changed();
        }
        writing.commit().await?;
        Ok(revoked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r34_a_token_is_recognised_and_a_mistyped_one_is_not() {
        let token = make().unwrap();
        let token = token.expose_secret();
        assert!(is_token(token));
        assert_eq!(token.len(), 75);
        let mistyped = token.replacen(['a', '0', '1', '2', '3'], "f", 1);
        assert!(mistyped == *token || !is_token(&mistyped));
        for other in ["", "hb_", "hb_x", &token[1..], &format!("{token}0")] {
            assert!(!is_token(other), "{other}");
        }
    }
}
