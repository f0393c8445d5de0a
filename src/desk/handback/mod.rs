//! Our own desk, over HTTP: [`Handback`].
//!
//! In reading order: [`place`] says where a desk may be, [`transport`] goes there and back, [`answer`] says what an
//! exchange came to, [`convert`] turns the contract's types into the port's, [`stream`] reads events,
//! [`knock`] asks whether anybody is there. Who asks: [`token`].
//! Which files and addresses are believed: [`trust`](crate::trust).

mod answer;
mod body;
mod convert;
mod gateway;
mod knock;
pub mod place;
mod stream;
pub mod token;
mod transcript;
mod transport;

use std::ops::ControlFlow;

use reqwest::Method;
use secrecy::SecretString;
use serde::Serialize;

pub use crate::trust::web::NoWay;
pub use knock::Knocked;
pub use place::{NotAPlace, Place};
pub use stream::Events;

use self::{
    answer::{acted, acted_on_many, foreign, read, sent, trouble},
    transport::{Said, Transport},
};
use super::{
    Act, ActsQuery, Answer, Choice, Colleague, Desk, Detail, Doing, Done, Find, Found, From,
    History, Known, Many, Me, Messages, Outlook, Page, Phrase, Query, Queue, Reply, Status,
    Transcript, Trouble, View, Whereabouts, Whole, Whose,
};
use crate::{
    domain::{
        id::{ConversationId, MessageId, OperationId},
        moment::Moment,
        text::Safe,
    },
    wire::{self, NotOfTheContract},
};

/// What [`Handback::new`] needs to know.
#[derive(Debug)]
pub struct Options {
    /// Where the desk is.
    pub place: Place,
    /// Who asks, unless the socket says so by itself.
    pub token: Option<SecretString>,
    /// PEM certificates trusted beside the system's, for HTTPS.
    pub roots: Option<Vec<u8>>,
    /// This console's own name, so that its stream counts as being signed in (Q9); verbs have none.
    pub console: Option<String>,
}

/// A desk that speaks our contract. Nothing is sent before the first call.
pub struct Handback {
    transport: Transport,
    console: Option<String>,
}

impl Handback {
    /// Whether it is a token that says who asks, and not this host.
    #[must_use]
    pub fn shows_a_token(&self) -> bool {
        self.transport.shows_a_token()
    }

    /// Prepares everything but the connection, which the first call makes.
    ///
    /// # Errors
    /// [`NoWay`] if HTTPS could not be prepared; never for a socket or loopback.
    pub fn new(options: Options) -> Result<Self, NoWay> {
        Ok(Self {
            transport: Transport::new(&options.place, options.token, options.roots.as_deref())?,
            console: options.console,
        })
    }

    async fn get<W: serde::de::DeserializeOwned, T>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Trouble>
    where
        T: TryFrom<W, Error = NotOfTheContract>,
    {
        let request = self.transport.request(Method::GET, path, query)?;
        let body: W = read(&self.transport.exchange(request).await?)?;
        body.try_into().map_err(|error| foreign(&error))
    }

    async fn post(
        &self,
        path: &str,
        operation: Option<&OperationId>,
        body: &impl Serialize,
    ) -> Result<Said, Trouble> {
        let mut request = self
            .transport
            .request(Method::POST, path, &[])?
            .header("content-type", "application/json")
            .body(serde_json::to_vec(body).map_err(|error| foreign(&error))?);
        if let Some(operation) = operation {
            request = request.header("idempotency-key", operation.as_str());
        }
        self.transport.exchange(request).await
    }

    async fn results(
        &self,
        path: &str,
        operation: &OperationId,
        body: &impl Serialize,
    ) -> Result<Vec<(ConversationId, Answer)>, Trouble> {
        let said = self.post(path, Some(operation), body).await?;
        acted_on_many(&said, |body| {
            body.results.into_iter().map(convert::result).collect()
        })
    }
}

impl Desk for Handback {
    type Events = Events;

    async fn me(&self) -> Result<Me, Trouble> {
        self.get::<wire::people::Me, _>("v1/me", &[]).await
    }

    async fn list(&self, query: &Query) -> Result<Page, Trouble> {
        let limit = query.limit.to_string();
        let mut pairs = vec![("view", view(query.view)), ("limit", &limit)];
        if let Some(queue) = &query.queue {
            pairs.push(("queue", queue.as_str()));
        }
        if !query.filter.trim().is_empty() {
            pairs.push(("q", &query.filter));
        }
        match &query.from {
            From::Start => {}
            From::End => pairs.push(("cursor", "end")),
            From::Cursor(cursor) => pairs.push(("cursor", cursor)),
            From::Around(id) => pairs.push(("around", id.as_str())),
        }
        self.get::<wire::conversation::Page, _>("v1/conversations", &pairs)
            .await
    }

    async fn find(&self, find: &Find) -> Result<Found, Trouble> {
        let q = find.search.to_string();
        let limit = find.limit.to_string();
        let mut pairs = vec![("q", q.as_str()), ("limit", &limit)];
        let (since, before) = (written(find.since)?, written(find.before)?);
        pairs.extend(since.as_deref().map(|since| ("since", since)));
        pairs.extend(before.as_deref().map(|before| ("before", before)));
        pairs.extend(find.cursor.as_deref().map(|cursor| ("cursor", cursor)));
        self.get::<wire::find::Found, _>("v1/find", &pairs).await
    }

    async fn conversation(&self, id: &ConversationId) -> Result<Detail, Trouble> {
        self.get::<wire::conversation::Detail, _>(&format!("v1/conversations/{id}"), &[])
            .await
    }

    async fn messages(
        &self,
        id: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> Result<Messages, Trouble> {
        let limit = limit.to_string();
        self.get::<wire::message::Messages, _>(
            &format!("v1/conversations/{id}/messages"),
            &older(before, &limit),
        )
        .await
    }

    async fn history(
        &self,
        id: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> Result<History, Trouble> {
        let limit = limit.to_string();
        self.get::<wire::message::History, _>(
            &format!("v1/conversations/{id}/history"),
            &older(before, &limit),
        )
        .await
    }

    async fn messages_after(
        &self,
        id: &ConversationId,
        after: Option<&str>,
        limit: u16,
    ) -> Result<Messages, Trouble> {
        let limit = limit.to_string();
        self.get::<wire::message::Messages, _>(
            &format!("v1/conversations/{id}/messages"),
            &[("limit", &limit), ("after", after.unwrap_or(START))],
        )
        .await
    }

    async fn message(&self, id: &ConversationId, message: &MessageId) -> Result<Whole, Trouble> {
        self.get::<wire::message::Message, _>(
            &format!("v1/conversations/{id}/messages/{message}"),
            &[],
        )
        .await
    }

    async fn history_after(
        &self,
        id: &ConversationId,
        after: Option<&str>,
        limit: u16,
    ) -> Result<History, Trouble> {
        let limit = limit.to_string();
        self.get::<wire::message::History, _>(
            &format!("v1/conversations/{id}/history"),
            &[("limit", &limit), ("after", after.unwrap_or(START))],
        )
        .await
    }

    async fn known(&self, id: &ConversationId) -> Result<Known, Trouble> {
        self.get::<wire::contact::Known, _>(&format!("v1/conversations/{id}/contact"), &[])
            .await
    }

    async fn queues(&self) -> Result<Vec<Queue>, Trouble> {
        self.get::<wire::people::Queues, convert::All<Queue>>("v1/queues", &[])
            .await
            .map(|all| all.0)
    }

    async fn people(
        &self,
        able_to_have: Option<&ConversationId>,
    ) -> Result<Vec<Colleague>, Trouble> {
        let query = able_to_have.map(|id| ("for", id.as_str()));
        self.get::<wire::people::Users, convert::All<Colleague>>("v1/users", query.as_slice())
            .await
            .map(|all| all.0)
    }

    async fn statuses(&self) -> Result<Vec<Status>, Trouble> {
        self.get::<wire::people::Statuses, convert::All<Status>>("v1/statuses", &[])
            .await
            .map(|all| all.0)
    }

    async fn phrases(&self) -> Result<Vec<Phrase>, Trouble> {
        self.get::<wire::people::Phrases, convert::All<Phrase>>("v1/phrases", &[])
            .await
            .map(|all| all.0)
    }

    async fn transcript(
        &self,
        of: &Transcript,
        take: impl FnMut(Safe) -> ControlFlow<()> + Send,
    ) -> Result<(), Trouble> {
        let mut pairs = vec![("format", of.form.word())];
        if of.notes {
            pairs.push(("notes", "1"));
        }
        let path = format!("v1/conversations/{}/transcript", of.conversation);
        let request = self.transport.request(Method::GET, &path, &pairs)?;
        let (media, form) = (transcript::media_type(of.form), of.form);
        match self.transport.open(request, media).await? {
            Ok(answer) => transcript::lines(answer, form, take).await,
            Err(said) => Err(trouble(&said)),
        }
    }

    async fn outlook(&self, choice: &Choice) -> Result<Outlook, Trouble> {
        let rule = wire::some::SomeOf {
            of: choice.of.iter().map(ToString::to_string).collect(),
            queue: choice.queue.as_ref().map(ToString::to_string),
            status: choice.status.clone(),
            untouched: choice.untouched,
            count: choice.count,
        };
        let said = self.post("v1/unassign/preview", None, &rule).await?;
        let body: wire::some::Preview = read(&said)?;
        body.try_into().map_err(|error| foreign(&error))
    }

    async fn acts(&self, query: &ActsQuery) -> Result<Vec<Done>, Trouble> {
        let since = written(Some(query.since))?.unwrap_or_default();
        let whose = match &query.whose {
            Whose::By(user) => ("by", user.as_str()),
            Whose::Of(user) => ("of", user.as_str()),
        };
        let pairs = [whose, ("since", since.as_str())];
        self.get::<wire::fate::Acts, convert::All<Done>>("v1/acts", &pairs)
            .await
            .map(|all| all.0)
    }

    async fn tell(&self, whereabouts: &Whereabouts) {
        let body = wire::presence::Presence {
            console: self.console.clone(),
            open: whereabouts.open.as_ref().map(ToString::to_string),
            state: match whereabouts.what {
                Doing::Viewing => "viewing",
                Doing::Replying => "replying",
                Doing::Draft => "draft",
                Doing::Nothing => "none",
                Doing::Away => "away",
            }
            .to_owned(),
        };
        // It is said again before long, and lost with the line.
        let _ = self.post("v1/presence", None, &body).await;
    }

    async fn act(&self, act: &Act) -> Answer {
        let path = format!(
            "v1/conversations/{}/{}",
            act.conversation,
            act.deed.action().word()
        );
        acted(
            self.post(&path, Some(&act.operation), &body::of_act(act))
                .await,
        )
    }

    async fn send(&self, reply: &Reply) -> Answer {
        let body = wire::message::Reply {
            body: reply.body.clone(),
            expected_assignee: body::assignee(&reply.expected_assignee),
            seen: reply.seen.as_ref().map(ToString::to_string),
        };
        let path = format!("v1/conversations/{}/messages", reply.conversation);
        sent(self.post(&path, Some(&reply.operation), &body).await)
    }

    async fn act_on_many(&self, many: &Many) -> Result<Vec<(ConversationId, Answer)>, Trouble> {
        let (path, body) = body::of_many(many);
        self.results(path, &many.operation, &body).await
    }

    async fn undo(
        &self,
        operation: &OperationId,
        act: &OperationId,
    ) -> Result<Vec<(ConversationId, Answer)>, Trouble> {
        let body = wire::act::Undo {
            operation: act.to_string(),
        };
        self.results("v1/undo", operation, &body).await
    }

    async fn events(&self, after: Option<u64>) -> Result<Events, Trouble> {
        let after = after.map(|cursor| cursor.to_string());
        let pairs: Vec<_> = [("after", &after), ("console", &self.console)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
            .collect();
        let request = self.transport.request(Method::GET, "v1/events", &pairs)?;
        match self.transport.open(request, "text/event-stream").await? {
            Ok(answer) => Ok(Events::new(answer)),
            Err(said) => Err(trouble(&said)),
        }
    }

    async fn sign_out(&self) {
        // Whatever comes of it: the stream's end says the same, only later.
        let body = wire::presence::SignOut {
            console: self.console.clone(),
        };
        let _ = self.post("v1/sign-out", None, &body).await;
    }
}

/// The `after` of the oldest page.
const START: &str = "start";

fn view(view: View) -> &'static str {
    match view {
        View::Mine => "mine",
        View::Unassigned => "unassigned",
        View::All => "all",
    }
}

/// A moment as the contract writes it.
fn written(moment: Option<Moment>) -> Result<Option<String>, Trouble> {
    let Some(moment) = moment else {
        return Ok(None);
    };
    let time = serde_json::to_value(wire::Time(moment)).map_err(|error| foreign(&error))?;
    Ok(time.as_str().map(str::to_owned))
}

fn older<'a>(before: Option<&'a str>, limit: &'a str) -> Vec<(&'static str, &'a str)> {
    let before = before.map(|before| ("before", before));
    [("limit", limit)].into_iter().chain(before).collect()
}
