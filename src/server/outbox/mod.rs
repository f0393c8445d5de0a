//! Hands what is to reach customers to their channels' gateways (P1, R30, R42).
//!
//! One task of a desk looks for messages that are due, leases them from the [`store`](super::store), and posts each to
//! its channel's `deliver_to` as a signed webhook: [`webhook`] writes and signs it, [`key`] reads the secret it is
//! signed with, [`rhythm`] says what an answer comes to. Several desks on one database share the work, since a lease is
//! one desk's. A gateway that is slow or down delays its own channel only.

mod key;
mod rhythm;
mod webhook;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::Client;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use self::{
    key::Key,
    rhythm::{Answered, Next},
};
use super::{
    closing::closed,
    store::{Channel, Directory, Letter, Store, StoreError},
};
use crate::{
    domain::message::Failure,
    trust::web::{self, NoWay, Web},
};

/// How many messages of one channel are under way at once.
const AT_ONCE: u16 = 8;
/// How long one attempt may take in all.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// How long a message is one desk's: longer than an attempt takes and is written down.
const LEASE: Duration = Duration::from_secs(20);
/// How often what is due is looked for even if nobody said that there is news.
const POLL: Duration = Duration::from_secs(1);

/// Hands over what is due until the desk closes, then finishes what is under way.
pub(super) async fn deliver(store: Store, mut closing: watch::Receiver<bool>) {
    if let Err(error) = store.end_leases().await {
        tracing::warn!(%error, "cannot take over what another process left");
    }
    let mut courier = Courier::new(store);
    let mut news = courier.store.news();
    let mut poll = interval(POLL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = closed(&mut closing) => break,
            Some(done) = courier.under_way.join_next() => courier.noted(done),
            _ = news.changed() => {}
            _ = poll.tick() => courier.give_up().await,
        }
        if let Err(error) = courier.set_out().await {
            tracing::warn!(%error, "cannot look for messages to hand over; looking again in a second");
            poll.tick().await;
        }
    }
    while courier.under_way.join_next().await.is_some() {}
}

/// What one desk has under way.
struct Courier {
    store: Store,
    clients: Arc<Clients>,
    under_way: JoinSet<Trip>,
    /// How many of each channel are under way.
    by_channel: HashMap<String, u16>,
    /// The channels whose gateways took nothing the last time.
    ill: HashSet<String>,
}

/// An attempt that is over: of which channel, and why the gateway did not take the message.
struct Trip {
    channel: String,
    trouble: Option<String>,
}

impl Courier {
    fn new(store: Store) -> Self {
        Self {
            store,
            clients: Arc::default(),
            under_way: JoinSet::new(),
            by_channel: HashMap::new(),
            ill: HashSet::new(),
        }
    }

    /// Sets out with everything that is due and has room.
    async fn set_out(&mut self) -> Result<(), StoreError> {
        let directory = self.store.directory();
        for (name, channel) in &directory.channels {
            let under_way = self.by_channel.get(name).copied().unwrap_or_default();
            let room = AT_ONCE.saturating_sub(under_way);
            let Some(to) = channel.deliver_to.as_ref().filter(|_| room > 0) else {
                continue;
            };
            for letter in self.store.lease_letters(name, room, LEASE).await? {
                *self.by_channel.entry(name.clone()).or_default() += 1;
                let trip = hand_over(
                    self.store.clone(),
                    Arc::clone(&self.clients),
                    Arc::clone(&directory),
                    channel.clone(),
                    to.clone(),
                    letter,
                );
                self.under_way.spawn(trip);
            }
        }
        Ok(())
    }

    /// An attempt is over. Whether a gateway is well is said when it changes, and not at each of its messages.
    fn noted(&mut self, done: Result<Trip, tokio::task::JoinError>) {
        let Ok(Trip { channel, trouble }) = done else {
            return;
        };
        if let Some(under_way) = self.by_channel.get_mut(&channel) {
            *under_way = under_way.saturating_sub(1);
        }
        match trouble {
            Some(why) if self.ill.insert(channel.clone()) => {
                tracing::warn!(channel, why, "a channel's gateway takes no messages");
            }
            None if self.ill.remove(&channel) => {
                tracing::info!(channel, "a channel's gateway takes messages again");
            }
            _ => {}
        }
    }

    /// Gives up what nobody waits for any longer.
    async fn give_up(&self) {
        match self.store.give_up_letters().await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "nobody ever said whether these messages arrived"),
            Err(error) => tracing::warn!(%error, "cannot look for messages to give up"),
        }
    }
}

/// One attempt, and what it came to, written down. What cannot be written down is tried again once the lease ends.
async fn hand_over(
    store: Store,
    clients: Arc<Clients>,
    directory: Arc<Directory>,
    channel: Channel,
    to: String,
    letter: Letter,
) -> Trip {
    let (next, trouble) = if letter.blocked {
        (Next::NotTaken(Failure::Blocklisted), None) // since it was written (S5)
    } else {
        let answered = ask(&store, &clients, &directory, &channel, &to, &letter).await;
        rhythm::next(answered, letter.failures, draw)
    };
    let written = match next {
        Next::HandedOver => store.handed_over(&letter).await,
        Next::Later(wait) => {
            let due = store.now().after(wait);
            store.hand_over_later(&letter, due).await
        }
        Next::NotTaken(why) => store.not_taken(&letter, why).await,
    };
    if let Err(error) = written {
        tracing::warn!(%error, message = letter.message.as_str(), "cannot write down what came of a message");
    }
    Trip {
        channel: letter.channel,
        trouble,
    }
}

async fn ask(
    store: &Store,
    clients: &Clients,
    directory: &Directory,
    channel: &Channel,
    to: &str,
    letter: &Letter,
) -> Answered {
    let nobody = |why: String| Answered::Nobody(why);
    let web: Web = match to.parse() {
        Ok(web) => web,
        Err(error) => return nobody(format!("deliver_to: {error}")),
    };
    let Some(file) = channel.secret_file.clone() else {
        return nobody("the channel has no secret_file".to_owned());
    };
    // Read each time: a secret is replaced without a restart, and memory keeps none.
    let key = match tokio::task::spawn_blocking(move || Key::read(file.as_ref())).await {
        Ok(Ok(key)) => key,
        Ok(Err(error)) => return nobody(format!("secret_file: {error}")),
        Err(_) => return nobody("secret_file: reading it broke off".to_owned()),
    };
    let client = match clients.of(&web) {
        Ok(client) => client,
        Err(error) => return nobody(error.to_string()),
    };
    let (Web::Loopback(url) | Web::Secure(url)) = web;
    let sender = letter.sender.as_ref().and_then(|id| {
        let user = directory.users.get(id)?;
        Some(user.name.clone())
    });
    let now = store.now();
    let request = webhook::request(&client, url, &key, letter, sender, now);
    webhook::exchange(request.timeout(ANSWER_WITHIN), now).await
}

/// The ways to gateways: one for this host, one for others, each made on its first use.
#[derive(Debug, Default)]
struct Clients {
    here: OnceLock<Client>,
    elsewhere: OnceLock<Client>,
}

impl Clients {
    fn of(&self, web: &Web) -> Result<Client, NoWay> {
        let (made, builder) = match web {
            Web::Loopback(_) => (&self.here, web::on_this_host(web::client())),
            Web::Secure(_) => (&self.elsewhere, web::elsewhere(web::client(), None)),
        };
        if let Some(client) = made.get() {
            return Ok(client.clone());
        }
        let name = concat!("handback/", env!("CARGO_PKG_VERSION"));
        let client = builder?.user_agent(name).build().map_err(web::tls)?;
        Ok(made.get_or_init(|| client).clone())
    }
}

/// A duration between none and `most`, all equally likely.
fn draw(most: Duration) -> Duration {
    // Without randomness everybody waits as long as they may: late, and never too early.
    let drawn = getrandom::u32().unwrap_or(u32::MAX);
    most.mul_f64(f64::from(drawn) / f64::from(u32::MAX))
}
