//! `/v1/users`: whom the caller may know of, and how they are.

use std::collections::{BTreeMap, HashMap, HashSet};

use axum::{Json, extract::State};

use super::{
    ask::Params,
    error::{Answer, Failure},
    parameter::Parameter,
    present,
    session::Caller,
    store::{Load, Seat},
    world::World,
};
use crate::{
    domain::{
        id::{ConversationId, UserId},
        moment::Moment,
        person::Person,
        row::Activity,
    },
    wire::{
        Time,
        conversation::Named,
        people::{User, Users},
    },
};

/// What the call takes.
pub(crate) const PARAMETERS: &[Parameter] = &[Parameter {
    name: "for",
    says: "Those the caller may assign this conversation to, of whatever organisation they are",
}];

/// Those who answer in the caller's organisation and in those below it, by name, or those a conversation can be given to;
/// not those who left, nor accounts without the Conversation screen. What they have to do is counted over what the caller sees; of people elsewhere nothing more is told
/// than that they are there.
pub(crate) async fn list(
    State(world): State<World>,
    caller: Caller,
    params: Params,
) -> Answer<Json<Users>> {
    let people = match params.get("for") {
        None => house(&caller),
        Some(conversation) => able_to_have(&world, &caller, conversation).await?,
    };
    let known = known(&world, &caller, &people).await?;
    let mut items: Vec<User> = people
        .into_iter()
        .map(|person| user(&caller, person, &known))
        .collect();
    items.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(Json(Users { items }))
}

/// Whether somebody works in the caller's organisation or below it.
fn is_of_the_house(caller: &Caller, one: &Person) -> bool {
    let home = &caller.person.organisation;
    caller.directory.team.tree.covers(home, &one.organisation)
}

fn house(caller: &Caller) -> Vec<&Person> {
    let people = caller.directory.team.people.values();
    people
        .filter(|one| caller.person.permissions.conversations && one.permissions.conversations)
        .filter(|one| !one.suspended)
        .filter(|one| is_of_the_house(caller, one))
        .collect()
}

/// Those to whom the caller may give a conversation (A6).
async fn able_to_have<'a>(
    world: &World,
    caller: &'a Caller,
    conversation: &str,
) -> Answer<Vec<&'a Person>> {
    let id = ConversationId::parse(conversation).map_err(|_| Failure::not_found())?;
    let stored = world.store.visible(&caller.person, &id).await?;
    let standing = stored.ok_or_else(Failure::not_found)?.facts.standing();
    let team = &caller.directory.team;
    let people = team.people.values();
    Ok(people
        .filter(|one| team.can_assign(&caller.person, &standing, one))
        .collect())
}

/// What is known of people beyond who they are.
#[derive(Default)]
struct KnownOfPeople {
    seats: HashMap<UserId, Seat>,
    loads: BTreeMap<UserId, Load>,
    writing: BTreeMap<(UserId, bool), u64>,
    acted: BTreeMap<UserId, Moment>,
}

async fn known(world: &World, caller: &Caller, people: &[&Person]) -> Answer<KnownOfPeople> {
    let house: Vec<&UserId> = people
        .iter()
        .filter(|one| is_of_the_house(caller, one))
        .map(|one| &one.id)
        .collect();
    if people.is_empty() {
        return Ok(KnownOfPeople::default());
    }
    Ok(KnownOfPeople {
        seats: world.store.seats().await?,
        loads: world.store.loads(&caller.person).await?,
        writing: writing(world, caller, &house).await?,
        acted: world.store.last_actions(&house).await?,
    })
}

/// In how many conversations that the caller sees each of these answers (true) or keeps a draft (false).
async fn writing(
    world: &World,
    caller: &Caller,
    house: &[&UserId],
) -> Answer<BTreeMap<(UserId, bool), u64>> {
    let house: HashSet<&UserId> = house.iter().copied().collect();
    let mut writing = world.there.writing();
    writing.retain(|(_, person, _)| house.contains(person));
    let ids: HashSet<&ConversationId> = writing.iter().map(|(id, ..)| id).collect();
    let ids: Vec<ConversationId> = ids.into_iter().cloned().collect();
    let found = world.store.these(&ids).await?;
    let team = &caller.directory.team;
    let mut counts = BTreeMap::new();
    for (id, person, what) in writing {
        let standing = found.get(&id).map(|stored| stored.facts.standing());
        let both_see = standing.is_some_and(|standing| {
            let writer = team.people.get(&person);
            team.can_see(&caller.person, &standing)
                && writer.is_some_and(|writer| team.can_see(writer, &standing))
        });
        if both_see {
            *counts
                .entry((person, what == Activity::Replying))
                .or_insert(0) += 1;
        }
    }
    Ok(counts)
}

fn user(caller: &Caller, one: &Person, known: &KnownOfPeople) -> User {
    let directory = &caller.directory;
    let Named { id, name } = present::user(directory, &one.id);
    let username = directory
        .users
        .get(&one.id)
        .map_or(id.as_str(), |u| &u.username);
    let seat = known.seats.get(&one.id).copied().unwrap_or_default();
    let home = is_of_the_house(caller, one);
    let load = known.loads.get(&one.id).filter(|_| home);
    let load = load.copied().unwrap_or_default();
    let writes = |answers| {
        let count = known.writing.get(&(one.id.clone(), answers));
        count.copied().unwrap_or_default()
    };
    User {
        username: username.to_owned(),
        id,
        name,
        organisation: present::organisation(directory, &one.organisation),
        signed_in: seat.signed_in,
        away: seat.away,
        since: seat.since.map(Time),
        replying: writes(true),
        drafts: writes(false),
        last_action: known.acted.get(&one.id).copied().map(Time),
        open: load.open,
        unanswered: load.unanswered,
        oldest_waiting: load.oldest_waiting.map(Time),
    }
}
