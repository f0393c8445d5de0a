//! Orders on their way: each a task that asks the desk and comes back with a fact.

use std::sync::Arc;

use tokio::{
    join,
    sync::{mpsc, oneshot},
    task::{AbortHandle, JoinError, JoinSet},
    time::sleep,
};

use super::{
    effect::Effect,
    export,
    model::Part,
    msg::{Msg, Timer},
};
use crate::{
    desk::{
        Desk, History, Query, Trouble, View, Whereabouts,
        link::{self, Timing},
    },
    domain::{id::ConversationId, moment::Moment},
};

/// Facts that may wait to be taken in. Answers and events wait in their tasks beyond it.
const WAITING: usize = 256;

/// Carries out orders that have to do with the desk or with time, each in a task of its own.
pub struct Errands<D> {
    desk: Arc<D>,
    facts: mpsc::Sender<Msg>,
    tasks: JoinSet<()>,
    /// The timer of the cursor's last rest: only the last one counts.
    rest: Option<AbortHandle>,
    /// What the desk is told of where the advisor is, one after the other; the task that tells it begins with the
    /// first.
    whereabouts: Option<mpsc::UnboundedSender<Tale>>,
    linked: bool,
}

/// What the desk is told.
enum Tale {
    /// The advisor is there.
    Is(Whereabouts),
    /// Whoever asks wants to know when all before it was told.
    Ends(oneshot::Sender<()>),
}

impl<D: Desk> Errands<D> {
    /// Nothing is on its way yet. What comes of orders arrives at the receiver, bounded.
    #[must_use]
    pub fn new(desk: Arc<D>) -> (Self, mpsc::Receiver<Msg>) {
        let (facts, inbound) = mpsc::channel(WAITING);
        let errands = Self {
            desk,
            facts,
            tasks: JoinSet::new(),
            rest: None,
            whereabouts: None,
            linked: false,
        };
        (errands, inbound)
    }

    /// Sends an order on its way.
    pub fn carry_out(&mut self, effect: Effect) {
        if let Effect::Tell(whereabouts) = effect {
            return self.tell(Tale::Is(whereabouts));
        }
        let (desk, facts) = (Arc::clone(&self.desk), self.facts.clone());
        let is_rest = matches!(effect, Effect::After(_, Timer::Rest(_)));
        let task = self.tasks.spawn(async move {
            #[cfg(test)]
            super::trip::over("an errand");
            let _ = facts.send(answer(&*desk, effect).await).await;
        });
        if is_rest && let Some(before) = self.rest.replace(task) {
            before.abort();
        }
    }

    /// Tells the desk where the advisor is. In order, since leaving one conversation and entering the next are told at
    /// once; no fact comes of it.
    fn tell(&mut self, tale: Tale) {
        let (desk, tasks) = (&self.desk, &mut self.tasks);
        let tell = self.whereabouts.get_or_insert_with(|| {
            let desk = Arc::clone(desk);
            let (tell, mut told) = mpsc::unbounded_channel();
            tasks.spawn(async move {
                while let Some(tale) = told.recv().await {
                    #[cfg(test)]
                    super::trip::over("what tells where one is");
                    match tale {
                        Tale::Is(whereabouts) => desk.tell(&whereabouts).await,
                        Tale::Ends(all_told) => drop(all_told.send(())),
                    }
                }
            });
            tell
        });
        let _ = tell.send(tale);
    }

    /// Waits until the desk heard all that it was told.
    pub async fn all_told(&mut self) {
        let (all_told, told) = oneshot::channel();
        self.tell(Tale::Ends(all_told));
        let _ = told.await;
    }

    /// Listens to what happens after the first page of the list was true, from then on; later calls change nothing.
    pub fn link_from(&mut self, cursor: u64) {
        if std::mem::replace(&mut self.linked, true) {
            return;
        }
        let (desk, facts) = (Arc::clone(&self.desk), self.facts.clone());
        let (tell, mut news) = mpsc::channel(WAITING);
        self.tasks.spawn(async move {
            #[cfg(test)]
            super::trip::over("the link");
            link::keep(&*desk, Some(cursor), tell, Timing::default()).await;
        });
        self.tasks.spawn(async move {
            while let Some(news) = news.recv().await {
                #[cfg(test)]
                super::trip::over("what passes news on");
                if facts.send(Msg::News(news)).await.is_err() {
                    return;
                }
            }
        });
    }

    /// Whether anything is on its way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Waits until one of them is done; `None` if none is on its way. Dropping the future loses nothing.
    pub async fn one_done(&mut self) -> Option<Result<(), JoinError>> {
        self.tasks.join_next().await
    }
}

/// Does what an order says and gives the fact that follows from it.
pub async fn answer<D: Desk>(desk: &D, effect: Effect) -> Msg {
    match effect {
        Effect::LoadMe => Msg::Me(desk.me().await.map(Box::new)),
        Effect::LoadList(ticket, query) => {
            Msg::Listed(ticket, desk.list(&query).await.map(Box::new))
        }
        Effect::Find(ticket, find) => Msg::Found(ticket, desk.find(&find).await.map(Box::new)),
        Effect::LoadQueues => Msg::Queues(desk.queues().await),
        Effect::LoadPeople(able_to_have) => {
            let people = desk.people(able_to_have.as_ref()).await;
            Msg::People(able_to_have, people)
        }
        Effect::LoadStatuses => Msg::Statuses(desk.statuses().await),
        Effect::LoadPhrases => Msg::Phrases(desk.phrases().await),
        Effect::Export(name, export) => {
            let written = export::write(desk, &export).await;
            Msg::Exported(name, export, written)
        }
        Effect::LoadOutlook(ticket, choice) => {
            Msg::Outlook(ticket, desk.outlook(&choice).await.map(Box::new))
        }
        Effect::LoadMine(ticket) => {
            let query = Query {
                view: View::Mine,
                limit: MOST,
                ..Query::default()
            };
            Msg::Mine(ticket, desk.list(&query).await.map(Box::new))
        }
        Effect::LoadActs(ticket, query) => Msg::Acts(ticket, desk.acts(&query).await),
        Effect::Tell(whereabouts) => {
            desk.tell(&whereabouts).await;
            Msg::Clock(now())
        }
        Effect::LoadDetail(id) => {
            let detail = desk.conversation(&id).await.map(Box::new);
            Msg::Detail(id, detail)
        }
        Effect::Open(conversation, oldest) => {
            let (messages, history) = match oldest {
                true => join!(
                    desk.messages_after(&conversation, None, PAGE),
                    desk.history_after(&conversation, None, PAGE)
                ),
                false => join!(
                    desk.messages(&conversation, None, PAGE),
                    desk.history(&conversation, None, PAGE)
                ),
            };
            Msg::Opened {
                conversation,
                oldest,
                messages,
                history,
            }
        }
        Effect::LoadMessages(id, part) => {
            let page = match &part {
                Part::Newest => desk.messages(&id, None, PAGE).await,
                Part::Before(cursor) => desk.messages(&id, Some(cursor), PAGE).await,
                Part::After(cursor) => desk.messages_after(&id, Some(cursor), PAGE).await,
            };
            Msg::Messages(id, part, page)
        }
        Effect::LoadHistory(id, part) => {
            let page = history(desk, &id, &part).await;
            Msg::History(id, part, page)
        }
        Effect::LoadWhole(id, message) => {
            let whole = desk.message(&id, &message).await.map(Box::new);
            Msg::Whole(id, message, whole)
        }
        Effect::LoadKnown(id) => {
            let (known, history) = join!(desk.known(&id), desk.history(&id, None, PAGE));
            Msg::Known(id, known.map(Box::new), history)
        }
        Effect::LoadEarlier(id, part) => {
            let page = history(desk, &id, &part).await;
            Msg::Earlier(id, part, page)
        }
        Effect::Act(act) => {
            let answer = desk.act(&act).await;
            Msg::Answered(act.operation, answer)
        }
        Effect::Send(reply) => {
            let answer = desk.send(&reply).await;
            Msg::Answered(reply.operation, answer)
        }
        Effect::Many(many) => {
            let result = desk.act_on_many(&many).await;
            Msg::ManyAnswered(many.operation, result)
        }
        Effect::Undo { operation, act } => {
            let result = desk.undo(&operation, &act).await;
            Msg::ManyAnswered(operation, result)
        }
        Effect::After(wait, timer) => {
            sleep(wait).await;
            Msg::Timer(timer)
        }
        Effect::Within(at_least, within, timer) => {
            sleep(at_least + link::at_random(within)).await;
            Msg::Timer(timer)
        }
        // The loop's own, which never get here; as facts they change nothing.
        Effect::KeepDraft(..)
        | Effect::Draft(_)
        | Effect::Bookmark(_)
        | Effect::Copy { .. }
        | Effect::Mouse(_)
        | Effect::Alert(..)
        | Effect::BegunOnce
        | Effect::Redraw
        | Effect::Suspend
        | Effect::Quit
        | Effect::TurnAway(_) => Msg::Clock(now()),
    }
}

async fn history<D: Desk>(desk: &D, id: &ConversationId, part: &Part) -> Result<History, Trouble> {
    match part {
        Part::Newest => desk.history(id, None, PAGE).await,
        Part::Before(cursor) => desk.history(id, Some(cursor), PAGE).await,
        Part::After(cursor) => desk.history_after(id, Some(cursor), PAGE).await,
    }
}

/// Messages, or things the team did, fetched at once: more than most screens show.
const PAGE: u16 = 50;
/// Of so many conversations of one's own it is looked whether the customer replied meanwhile: all one request gives.
const MOST: u16 = 500;

fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_microsecond())
}
