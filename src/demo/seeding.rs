//! Hands the opening to a desk's store: the team, its tokens, and the conversations with their past.

use std::time::Duration;

use super::{
    content::{Content, Voice},
    folder::Folder,
    opening::{Opening, Said, crowd, opening},
    roster::Roster,
    stage::Stage,
};
use crate::{
    domain::{
        conversation::{Handler, State},
        id::UserId,
        message::{Delivery, Direction},
        moment::Moment,
    },
    server::{
        GRACE,
        store::{BeganBy, Directory, SeedConversation, SeedMessage, Store, TeamFile},
    },
};

/// The team of the demo, as it comes with the program.
pub const TEAM: &str = include_str!("../../assets/demo.toml");
/// Who hands in what customers write.
pub const GATEWAY: &str = "gateway";
/// The console at which the demo's own people sit.
pub const SEAT: &str = "demo-colleague";
/// Who does not work today unless somebody plays them: whoever joins as Dot sees what her queues give who signs in.
pub const OFF: [&str; 1] = ["dot"];
/// Whose conversations a crowd is made of.
const CROWD_OF: &str = "anna";

/// Makes the team, gives everybody a token, and fills the desk. Answers what is left to be said. If the demo is to
/// be `alive`, its people sign in before: what waits is not theirs by that.
///
/// # Errors
/// The store's or the system's.
pub async fn seed(
    store: &Store,
    folder: &Folder,
    content: &Content,
    size: Option<usize>,
    seed: u64,
    alive: bool,
) -> color_eyre::Result<Stage> {
    store
        .apply_team(&TeamFile::parse("demo.toml", TEAM)?, false)
        .await?;
    let directory = store.directory();
    for (id, user) in &directory.users {
        folder.keep_token(&user.username, &store.new_token(id, None).await?)?;
    }
    if alive {
        for (id, user) in &directory.users {
            let off = user.username == GATEWAY || OFF.contains(&user.username.as_str());
            if let (false, Some(person)) = (off, directory.team.people.get(id)) {
                store.sign_in(person, SEAT, GRACE).await?;
            }
        }
    }
    let roster = roster(&directory);
    let now = store.now();
    let mut stage = Stage::default();
    match size {
        None => {
            let openings = opening(content, &roster, seed);
            stage.open(&openings);
            let all = openings
                .iter()
                .filter_map(|opening| past(&directory, opening, now));
            store.seed(all.collect::<Vec<_>>().into_iter()).await?;
        }
        // What a crowd would go on with is not kept: it is for measuring.
        Some(size) => {
            stage.customers = size as u64;
            let (content, directory) = (content.clone(), directory.clone());
            let all = crowd(&content, &roster, CROWD_OF, size, seed);
            let all = all.filter_map(|opening| past(&directory, &opening, now));
            store.seed(all.collect::<Vec<_>>().into_iter()).await?;
        }
    }
    Ok(stage)
}

/// The team by the names the content uses.
#[must_use]
pub fn roster(directory: &Directory) -> Roster {
    let mut roster = Roster::default();
    for person in directory.team.people.values() {
        let Some(user) = directory.users.get(&person.id) else {
            continue;
        };
        if !person.permissions.conversations || person.suspended {
            continue;
        }
        roster.add(&user.username, &user.name);
        for queue in directory.team.queues.values() {
            let Some(info) = directory.queues.get(&queue.id) else {
                continue;
            };
            if directory.team.has_access(person, queue) {
                let of_its_teams = queue.teams.contains(&person.organisation);
                roster.give(&user.username, &info.name, of_its_teams);
            }
        }
    }
    roster
}

/// A conversation of the opening as the store takes it; `None` if it names what the team does not have.
fn past(directory: &Directory, opening: &Opening, now: Moment) -> Option<SeedConversation> {
    let user = |name: &str| directory.user(name).map(|person| person.id.clone());
    let ours = user(&opening.by)?;
    let assignee = match &opening.held {
        Some(held) => Some(user(held)?),
        None => None,
    };
    let began = opening.said.first()?;
    Some(SeedConversation {
        id: None,
        queue: directory.queue(&opening.queue)?.id.clone(),
        channel: opening.customer.channel.clone(),
        address: opening.customer.address.clone(),
        name: opening.customer.name.clone(),
        assignee,
        state: if opening.closed {
            State::Closed
        } else {
            State::Open
        },
        handler: if opening.bot {
            Handler::Bot
        } else {
            Handler::Person
        },
        status: opening.status.clone(),
        just_entered: opening.just_entered(),
        began_by: if began.voice == Voice::Customer {
            BeganBy::Customer
        } else {
            BeganBy::Us
        },
        messages: opening
            .said
            .iter()
            .map(|said| message(said, &ours, now))
            .collect(),
    })
}

fn message(said: &Said, ours: &UserId, now: Moment) -> SeedMessage {
    let (direction, delivery) = match said.voice {
        Voice::Customer => (Direction::In, None),
        Voice::Advisor | Voice::Bot => (Direction::Out, Some(Delivery::Delivered)),
        Voice::Unheard(why) => (Direction::Out, Some(Delivery::Failed(why))),
    };
    let by_us = matches!(said.voice, Voice::Advisor | Voice::Unheard(_));
    SeedMessage {
        direction,
        body: said.words.clone(),
        at: before(now, said.ago),
        sender: by_us.then(|| ours.clone()),
        delivery,
        attachments: vec![],
    }
}

fn before(now: Moment, ago: Duration) -> Moment {
    Moment(
        now.0
            .saturating_sub(i64::try_from(ago.as_micros()).unwrap_or(0)),
    )
}
