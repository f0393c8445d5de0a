//! `POST /v1/presence` and `POST /v1/sign-out`: where people are, as their consoles say and colleagues see it (L3).

use std::collections::HashSet;

use axum::{extract::State, http::StatusCode};
use tokio::sync::broadcast::error::RecvError;

use super::{
    ask::{JsonBody, Params, unknown},
    error::{Answer, Failure},
    session::Caller,
    store::Directory,
    there::Word,
    world::World,
};
use crate::{
    domain::{
        id::{ConversationId, UserId, is_id},
        row::Activity,
    },
    wire::presence::{Presence, SignOut},
};

/// What a console may say.
const STATES: [&str; 5] = ["viewing", "replying", "draft", NONE, AWAY];
/// Nothing is there any more.
const NONE: &str = "none";
/// Not at the keyboard, wherever that is.
const AWAY: &str = "away";

/// Takes in where the caller is. Whoever may not see the conversation is not there (V8); of what is given up it makes
/// no difference whether they still see it.
pub(crate) async fn say(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    JsonBody { value, .. }: JsonBody<Presence>,
) -> Answer<StatusCode> {
    let word = read(&caller, &value)?;
    if let (Some(open), Some(_)) = (&word.open, word.what) {
        let seen = world.store.visible(&caller.person, open).await?;
        seen.ok_or_else(Failure::not_found)?;
    }
    keep(&world, &word).await?;
    let (person, console) = (&word.person, word.console.as_deref());
    let away = value.state == AWAY;
    world.store.set_away(person, console, away).await?;
    put_up(&world, &word).await;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/sign-out`: a console is left for good, or all of the caller's.
pub(crate) async fn sign_out(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    body: JsonBody<SignOut>,
) -> Answer<StatusCode> {
    let console = body.value.console.as_deref().filter(|id| !id.is_empty());
    if console.is_some_and(|id| id.contains('\0')) {
        return Err(Failure::malformed("`console` contains U+0000."));
    }
    world.store.sign_out(&caller.person.id, console).await?;
    left(&world, &caller.person.id, console).await;
    Ok(StatusCode::NO_CONTENT)
}

/// A console of somebody, or all of them, are left: they are nowhere any more.
async fn left(world: &World, person: &UserId, console: Option<&str>) {
    let word = Word {
        person: person.clone(),
        console: console.map(str::to_owned),
        open: None,
        what: None,
    };
    put_up(world, &word).await;
}

async fn put_up(world: &World, word: &Word) {
    world.there.hear(word, world.store.now());
    tell_others(world, &of_word(word)).await;
}

fn read(caller: &Caller, said: &Presence) -> Answer<Word> {
    if !STATES.contains(&said.state.as_str()) {
        return Err(unknown("value of `state`", &said.state, &STATES));
    }
    if said
        .console
        .as_deref()
        .is_some_and(|console| !is_id(console))
    {
        return Err(Failure::malformed("`console` is no id."));
    }
    let open = said.open.as_deref().filter(|_| said.state != AWAY);
    let open = open.map(ConversationId::parse).transpose();
    let open = open.map_err(|_| Failure::not_found())?;
    let what = Activity::from_word(&said.state);
    if open.is_none() && matches!(what, Some(Activity::Replying | Activity::Draft)) {
        return Err(Failure::malformed(
            "`open` does not say in which conversation.",
        ));
    }
    Ok(Word {
        person: caller.person.id.clone(),
        console: said.console.clone(),
        open,
        what,
    })
}

/// Writes down a draft, or that there is none any more: the one thing here that is to last.
async fn keep(world: &World, word: &Word) -> Answer<()> {
    let Some(open) = &word.open else {
        return Ok(());
    };
    let kept = world.there.keeps_draft(&word.person, open);
    match word.what {
        Some(Activity::Draft) if !kept => world.store.keep_draft(&word.person, open).await?,
        // What another process wrote down may not have come to our ears.
        None if kept || world.store.is_shared() => {
            world.store.drop_draft(&word.person, open).await?;
        }
        Some(_) | None => {}
    }
    Ok(())
}

/// What somebody drafted there is sent; the database knows already.
pub(crate) async fn sent(world: &World, person: &UserId, conversation: &ConversationId) {
    if world.there.keeps_draft(person, conversation) {
        world.there.drop_draft(person, conversation);
        tell_others(world, &format!("{person},,{conversation},{SENT}")).await;
    }
}

/// Which of these somebody answers right now who may.
pub(crate) async fn answered<'a>(
    world: &World,
    directory: &Directory,
    these: impl Iterator<Item = &'a ConversationId>,
) -> Answer<HashSet<ConversationId>> {
    let these: HashSet<&ConversationId> = these.collect();
    let mut writing = world.there.writing();
    writing.retain(|(c, _, what)| *what == Activity::Replying && these.contains(c));
    let ids: Vec<ConversationId> = writing.iter().map(|(c, ..)| c.clone()).collect();
    let found = world.store.these(&ids).await?;
    let may = |c: &ConversationId, person: &UserId| {
        let (stored, person) = (found.get(c)?, directory.team.people.get(person)?);
        Some(directory.team.can_see(person, &stored.facts.standing()))
    };
    writing.retain(|(c, person, _)| may(c, person) == Some(true));
    Ok(writing.into_iter().map(|(c, ..)| c).collect())
}

/// The draft was sent: to processes, not consoles.
const SENT: &str = "sent";

/// Says it to the other processes that serve this database. What is lost is said again by the console, or read from
/// the database.
async fn tell_others(world: &World, word: &str) {
    if let Err(error) = world.store.say_in_passing(word).await {
        tracing::debug!(%error, "cannot tell the other desks who is there");
    }
}

/// A word as processes say it to each other: person, console, conversation, what, each empty if absent. None of them
/// holds a comma.
fn of_word(word: &Word) -> String {
    let open = word.open.as_ref().map_or("", ConversationId::as_str);
    let console = word.console.as_deref().unwrap_or_default();
    let what = word.what.map_or(NONE, Activity::word);
    format!("{},{console},{open},{what}", word.person)
}

/// Hears what other processes say, for as long as it is polled.
pub(crate) async fn follow_others(world: World) {
    let mut heard = world.store.heard_in_passing();
    loop {
        match heard.recv().await {
            Ok(words) => hear(&world, &words),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

fn hear(world: &World, words: &str) {
    let [person, console, open, what] = words.split(',').collect::<Vec<_>>()[..] else {
        return;
    };
    let Ok(person) = UserId::parse(person) else {
        return;
    };
    let open = ConversationId::parse(open).ok();
    if let (SENT, Some(open)) = (what, &open) {
        return world.there.drop_draft(&person, open);
    }
    let word = Word {
        person,
        console: Some(console.to_owned()).filter(|console| !console.is_empty()),
        open,
        what: Activity::from_word(what),
    };
    world.there.hear(&word, world.store.now());
}
