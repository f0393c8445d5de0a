//! `handback admin token`: who may ask without a socket (R34).

use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Serialize;

use super::super::{
    Outcome,
    database::Database,
    exit::{Exit, Failure},
    print::Out,
    when, words, zone,
};
use crate::{
    domain::{id::UserId, moment::Moment},
    say,
    server::store::{Store, TokenRow, TokenState},
    wire::Time,
};

/// Make a token for somebody, and print it: once, alone, on standard output
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Token {
    #[command(subcommand)]
    verb: Option<TokenVerb>,
    /// Whose: a user's id or username
    #[arg(required = true)]
    user: Option<String>,
    /// Until when it is good, if not until it is revoked: `90d`, `2026-12-31`, `2026-12-31T18:00`
    #[arg(long, value_name = "WHEN")]
    expires: Option<String>,
    #[command(flatten)]
    database: Database,
}

#[derive(Clone, Debug, Subcommand)]
enum TokenVerb {
    /// Tell which tokens there are, the newest last; the tokens themselves are kept nowhere
    List(List),
    /// Revoke tokens: a running desk closes what was opened with them within seconds
    Revoke(Revoke),
}

#[derive(Clone, Debug, Args)]
struct List {
    /// Only this user's
    #[arg(long)]
    user: Option<String>,
    /// JSON: {items}
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

#[derive(Clone, Debug, Args)]
#[group(id = "which", required = true, multiple = false, args = ["ids", "user"])]
struct Revoke {
    /// Which, as `list` names them
    #[arg(value_name = "TOKEN")]
    ids: Vec<String>,
    /// All of this user's
    #[arg(long)]
    user: Option<String>,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Token) -> Outcome {
    match (&verb.verb, &verb.user) {
        (Some(TokenVerb::List(verb)), _) => list(verb).await,
        (Some(TokenVerb::Revoke(verb)), _) => revoke(verb).await,
        (None, Some(user)) => make(verb, user).await,
        (None, None) => Err(Failure::new(Exit::Usage, "whose token: name a user")),
    }
}

async fn make(verb: &Token, user: &str) -> Outcome {
    let expires = verb.expires.as_deref().map(expiry).transpose()?;
    let command = format!("admin token {user}");
    let (store, _) = verb.database.open(&command).await?;
    let person = known(&store, user)?;
    let token = store.new_token(&person, expires).await;
    store.close().await;
    let token = token.map_err(super::failed)?;
    let mut out = Out::stdout();
    out.made(format!("{}\n", token.expose_secret()).as_bytes())?;
    out.finish()?;
    Ok(Exit::Done)
}

/// A moment that is still to come.
fn expiry(text: &str) -> Result<Moment, Failure> {
    let now = Timestamp::now().to_zoned(zone::zone());
    when::later(text, &now)
        .or_else(|| when::point(text, &now))
        .filter(|at| at.0 > now.timestamp().as_microsecond())
        .ok_or_else(|| {
            let why = format!(
                "--expires {text:?} is no time to come: say 90d, 2026-12-31 or 2026-12-31T18:00"
            );
            Failure::new(Exit::Usage, why)
        })
}

async fn list(verb: &List) -> Outcome {
    let (store, _) = verb.database.open("admin token list").await?;
    let user = verb
        .user
        .as_deref()
        .map(|user| known(&store, user))
        .transpose()?;
    let tokens = store.tokens(user.as_ref()).await.map_err(super::failed)?;
    let directory = store.directory();
    let username = |token: &TokenRow| {
        let user = directory.users.get(&token.person);
        user.map_or_else(|| token.person.to_string(), |user| user.username.clone())
    };
    let mut out = Out::stdout();
    if verb.json {
        let items = tokens
            .iter()
            .map(|token| Item::of(token, username(token)))
            .collect();
        out.json(&Items { items })?;
    } else {
        for token in &tokens {
            let state = match token.state {
                TokenState::Good(None) => "until revoked".to_owned(),
                TokenState::Good(Some(until)) => format!("until {}", words::clock(until)),
                TokenState::Expired(at) => format!("expired {}", words::clock(at)),
                TokenState::Revoked(at) => format!("revoked {}", words::clock(at)),
            };
            let (id, made) = (token.id.as_str(), words::clock(token.created));
            out.text(&say!("{id}  {}  made {made}  {state}", username(token)))?;
        }
    }
    store.close().await;
    out.finish()?;
    Ok(Exit::Done)
}

async fn revoke(verb: &Revoke) -> Outcome {
    let (store, _) = verb.database.open("admin token revoke").await?;
    let mut revoked = 0;
    let mut unknown = Vec::new();
    if let Some(user) = &verb.user {
        let user = known(&store, user)?;
        revoked += store.revoke_tokens(&user).await.map_err(super::failed)?;
    }
    for id in &verb.ids {
        match store.revoke_token(id).await.map_err(super::failed)? {
            0 => unknown.push(id.as_str()),
            count => revoked += count,
        }
    }
    store.close().await;
    let mut out = Out::stdout();
    out.text(&say!("{revoked} revoked"))?;
    out.finish()?;
    if unknown.is_empty() {
        return Ok(Exit::Done);
    }
    let why = format!(
        "no token that is still good is called {}: see `handback admin token list`",
        unknown.join(", ")
    );
    Err(Failure::new(Exit::NotFound, why))
}

fn known(store: &Store, user: &str) -> Result<UserId, Failure> {
    let directory = store.directory();
    directory
        .user(user)
        .map(|person| person.id.clone())
        .ok_or_else(|| Failure::new(Exit::NotFound, format!("this desk has no user {user:?}")))
}

#[derive(Serialize)]
struct Items {
    items: Vec<Item>,
}

/// A token as `--json` tells of it.
#[derive(Serialize)]
struct Item {
    id: String,
    user: String,
    created_at: Time,
    /// `good`, `expired` or `revoked`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Time>,
}

impl Item {
    fn of(token: &TokenRow, user: String) -> Self {
        let (state, expires_at, revoked_at) = match token.state {
            TokenState::Good(until) => ("good", until, None),
            TokenState::Expired(at) => ("expired", Some(at), None),
            TokenState::Revoked(at) => ("revoked", None, Some(at)),
        };
        Self {
            id: token.id.clone(),
            user,
            created_at: Time(token.created),
            state,
            expires_at: expires_at.map(Time),
            revoked_at: revoked_at.map(Time),
        }
    }
}
