//! Who asks: a bearer token, or the account the kernel names at the other end of a Unix socket.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{
    account::Accounts,
    error::{Answer, Failure},
    store::{Directory, Store},
};
use crate::domain::{id::UserId, person::Person};

/// The other end of the connection a request came on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peer {
    /// Over TCP: anybody.
    Tcp,
    /// Over a Unix socket: an account of this host, as the kernel says.
    Unix {
        /// Its number; `None` if even the kernel does not know.
        uid: Option<u32>,
    },
}

/// Who asks, and the team as it was when they asked: every decision of one request is by one picture.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Who.
    pub(crate) person: Person,
    /// The desk's people and queues.
    pub(crate) directory: Arc<Directory>,
    /// How they showed it; a stream asks again with it (R32).
    pub(crate) credential: Credential,
}

/// What a caller showed.
#[derive(Clone, Debug)]
pub(crate) enum Credential {
    /// A token.
    Token(Arc<SecretString>),
    /// Their account on this host.
    Account(u32),
}

/// How long a token that was found good is not asked about again. A revocation is heard of at once, since
/// it changes the directory's version; this is for a token that expires.
const REMEMBERED: Duration = Duration::from_secs(4);
/// How many tokens are remembered before all are forgotten.
const REMEMBERED_AT_MOST: usize = 10_000;

/// Knows who asks.
#[derive(Debug)]
pub(crate) struct Sessions {
    accounts: Accounts,
    tokens_over_socket: bool,
    remembered: Mutex<Known>,
}

/// By the tokens' hashes: not even memory keeps a token longer than its request (R42).
type Known = HashMap<[u8; 32], Remembered>;

#[derive(Debug)]
struct Remembered {
    user: UserId,
    directory: u64,
    at: Instant,
}

impl Sessions {
    /// `tokens_over_socket`: on a Unix socket, too, a token says who asks (the demo, where one account
    /// plays everybody); without one it is the account.
    pub(crate) fn new(tokens_over_socket: bool) -> Self {
        Self {
            accounts: Accounts::default(),
            tokens_over_socket,
            remembered: Mutex::default(),
        }
    }

    /// What a request shows.
    pub(super) fn credential(&self, peer: Peer, headers: &HeaderMap) -> Answer<Credential> {
        let token = headers.get(header::AUTHORIZATION).map(|value| {
            value
                .to_str()
                .ok()
                .and_then(|text| text.split_once(' '))
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map(|(_, token)| Arc::new(SecretString::from(token.trim())))
                .ok_or_else(|| Failure::not_signed_in("Authorization is not `Bearer <token>`."))
        });
        match (peer, token.transpose()?) {
            (Peer::Tcp, Some(token)) => Ok(Credential::Token(token)),
            (Peer::Tcp, None) => Err(Failure::not_signed_in(
                "Send `Authorization: Bearer <token>`; `handback admin token` makes one.",
            )),
            (Peer::Unix { .. }, Some(token)) if self.tokens_over_socket => {
                Ok(Credential::Token(token))
            }
            (Peer::Unix { .. }, Some(_)) => Err(Failure::not_signed_in(
                "This socket takes no tokens: the account you use on this host is who you are.",
            )),
            (Peer::Unix { uid }, None) => uid.map(Credential::Account).ok_or_else(|| {
                Failure::not_signed_in("The system does not say which account you use.")
            }),
        }
    }

    /// Who shows this, now.
    ///
    /// # Errors
    /// 401 if nobody who may, 503 if the database does not answer.
    pub(crate) async fn who(&self, store: &Store, shown: Credential) -> Answer<Caller> {
        let user = match &shown {
            Credential::Token(token) => self.by_token(store, token.expose_secret()).await?,
            Credential::Account(uid) => self.by_account(store, *uid).await?,
        };
        let directory = store.directory();
        let person = directory.team.people.get(&user).filter(|p| !p.suspended);
        match person.cloned() {
            Some(person) => Ok(Caller {
                person,
                directory,
                credential: shown,
            }),
            None => Err(Failure::not_signed_in("This account is suspended.")),
        }
    }

    async fn by_token(&self, store: &Store, token: &str) -> Answer<UserId> {
        let version = store.directory().version;
        let hash: [u8; 32] = Sha256::digest(token).into();
        if let Some(known) = self.lock().get(&hash)
            && known.directory == version
            && known.at.elapsed() < REMEMBERED
        {
            return Ok(known.user.clone());
        }
        let user = store.user_by_token(token).await?.map(|person| person.id);
        let mut remembered = self.lock();
        let Some(user) = user else {
            remembered.remove(&hash);
            return Err(Failure::not_signed_in(
                "This token is not valid: mistyped, revoked, expired, or its account is suspended.",
            ));
        };
        if remembered.len() >= REMEMBERED_AT_MOST {
            remembered.clear();
        }
        let entry = Remembered {
            user: user.clone(),
            directory: version,
            at: Instant::now(),
        };
        remembered.insert(hash, entry);
        Ok(user)
    }

    async fn by_account(&self, store: &Store, uid: u32) -> Answer<UserId> {
        let Some(name) = self.accounts.name(uid).await else {
            return Err(Failure::not_signed_in(format!(
                "This host has no account with the number {uid}."
            )));
        };
        store.user_by_unix_name(&name).map(|p| p.id).ok_or_else(|| {
            Failure::not_signed_in(format!(
                "You are `{name}` on this host; no user of this desk has that unix_user."
            ))
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(peer: Peer, header: Option<&str>, tokens_over_socket: bool) -> Answer<Credential> {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        Sessions::new(tokens_over_socket).credential(peer, &headers)
    }

    #[test]
    fn over_tcp_only_a_bearer_token_says_who_asks() {
        let token = shown(Peer::Tcp, Some("bearer x"), false);
        assert!(matches!(token, Ok(Credential::Token(_))));
        for wrong in [None, Some("Basic eDp5"), Some("x"), Some("")] {
            assert!(shown(Peer::Tcp, wrong, true).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn on_a_socket_the_kernel_says_who_asks_unless_one_account_plays_all() {
        let unix = Peer::Unix { uid: Some(7) };
        assert!(matches!(
            shown(unix, None, false),
            Ok(Credential::Account(7))
        ));
        assert!(matches!(
            shown(unix, None, true),
            Ok(Credential::Account(7))
        ));
        assert!(shown(unix, Some("Bearer x"), false).is_err());
        assert!(matches!(
            shown(unix, Some("Bearer x"), true),
            Ok(Credential::Token(_))
        ));
        assert!(shown(Peer::Unix { uid: None }, None, false).is_err());
    }

    #[test]
    fn r42_a_token_is_not_in_debug_output() {
        let token = shown(Peer::Tcp, Some("Bearer hb_secret"), false);
        assert!(!format!("{token:?}").contains("hb_secret"));
    }
}
