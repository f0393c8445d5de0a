//! The tests' double: a desk that holds what it is given, answers what it is told to, and remembers what it was asked.
//!
//! Not a desk by the contract: it knows no rules but that an act changes the assignee.

use std::{
    collections::{HashMap, VecDeque},
    ops::ControlFlow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::mpsc;

use super::{
    Act, ActsQuery, Answer, Choice, Colleague, Counts, Desk, Detail, Done, Event, EventStream,
    Find, Found, From, History, Hit, HitMessage, Known, Many, ManyDeed, Me, Messages, No, Outlook,
    Page, Phrase, Query, Queue, Refused, Reply, Status, Transcript, Trouble, View, Whereabouts,
    Whole,
};
use crate::{
    domain::{
        action::Action,
        id::{ConversationId, MessageId, OperationId, OrganisationId, UserId},
        message::Message,
        named::Named,
        row::Row,
        search::Term,
        text::Safe,
    },
    say,
};

/// A desk in memory. Clones are the same desk.
#[derive(Clone, Default)]
pub struct Scripted(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    me: Option<Me>,
    rows: Vec<Row>,
    messages: HashMap<ConversationId, Vec<Message>>,
    history: History,
    queues: Vec<Queue>,
    people: Vec<Colleague>,
    statuses: Vec<Status>,
    phrases: Vec<Phrase>,
    outlook: Outlook,
    done: Vec<Done>,
    cursor: u64,
    answers: VecDeque<Answer>,
    troubles: VecDeque<Trouble>,
    asked: Vec<Asked>,
    subscriptions: Vec<Option<u64>>,
    streams: Vec<mpsc::UnboundedSender<Result<Event, Trouble>>>,
}

/// What a console asked to be changed, in the order it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// [`Desk::act`].
    Act(Act),
    /// [`Desk::send`].
    Send(Reply),
    /// [`Desk::act_on_many`].
    Many(Many),
    /// [`Desk::undo`]: the operation that was to be taken back.
    Undo(OperationId),
    /// [`Desk::tell`].
    Tell(Whereabouts),
    /// [`Desk::sign_out`].
    SignOut,
}

impl Scripted {
    /// A desk with these conversations, in whatever order.
    #[must_use]
    pub fn with(rows: Vec<Row>) -> Self {
        let desk = Self::default();
        desk.state().rows = rows;
        desk
    }

    /// Who is asking, from now on; before that, Anna of Cardiff with the id `anna`.
    pub fn set_me(&self, me: Me) {
        self.state().me = Some(me);
    }

    /// The queues there are.
    pub fn set_queues(&self, queues: Vec<Queue>) {
        self.state().queues = queues;
    }

    /// The people there are.
    pub fn set_people(&self, people: Vec<Colleague>) {
        self.state().people = people;
    }

    /// The statuses there are.
    pub fn set_statuses(&self, statuses: Vec<Status>) {
        self.state().statuses = statuses;
    }

    /// The phrases there are.
    pub fn set_phrases(&self, phrases: Vec<Phrase>) {
        self.state().phrases = phrases;
    }

    /// What every choice would move and leave.
    pub fn set_outlook(&self, outlook: Outlook) {
        self.state().outlook = outlook;
    }

    /// What was done, whoever's acts are asked for.
    pub fn set_done(&self, done: Vec<Done>) {
        self.state().done = done;
    }

    /// The messages of a conversation, newest first.
    pub fn set_messages(&self, id: &ConversationId, messages: Vec<Message>) {
        self.state().messages.insert(id.clone(), messages);
    }

    /// The history of every conversation, newest first.
    pub fn set_history(&self, history: History) {
        self.state().history = history;
    }

    /// Puts a conversation in its place, new or changed; says nothing about it.
    pub fn put(&self, row: Row) {
        let mut state = self.state();
        state.rows.retain(|r| r.id != row.id);
        state.rows.push(row);
    }

    /// The next act, reply, or each of many is answered so and changes nothing; may be called ahead for several.
    pub fn answer(&self, answer: Answer) {
        self.state().answers.push_back(answer);
    }

    /// The next read, or subscription, fails so; may be called ahead for several.
    pub fn fail(&self, trouble: Trouble) {
        self.state().troubles.push_back(trouble);
    }

    /// Says something to everybody who listens.
    pub fn say(&self, event: Event) {
        let mut state = self.state();
        state.cursor = event.cursor.unwrap_or(state.cursor);
        state
            .streams
            .retain(|stream| stream.send(Ok(event.clone())).is_ok());
    }

    /// Ends every stream.
    pub fn hang_up(&self, trouble: Trouble) {
        for stream in self.state().streams.drain(..) {
            // One that is not heard any more needs no end.
            let _ = stream.send(Err(trouble.clone()));
        }
    }

    /// What was asked to be changed so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }

    /// The cursor of every subscription so far.
    #[must_use]
    pub fn subscriptions(&self) -> Vec<Option<u64>> {
        self.state().subscriptions.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> Result<MutexGuard<'_, State>, Trouble> {
        let mut state = self.state();
        match state.troubles.pop_front() {
            Some(trouble) => Err(trouble),
            None => Ok(state),
        }
    }
}

impl State {
    fn me(&self) -> Me {
        self.me.clone().unwrap_or_else(anna)
    }

    fn shown(&self, view: View, query: &Query) -> Vec<Row> {
        let me = self.me().user.id;
        let mut rows: Vec<Row> = self
            .rows
            .iter()
            .filter(|row| match view {
                View::Mine => row.is_held_by(&me),
                View::Unassigned => row.assignee.is_none(),
                View::All => true,
            })
            .filter(|row| {
                query
                    .queue
                    .as_ref()
                    .is_none_or(|queue| row.queue.id == *queue)
            })
            .filter(|row| row.contact.shown().as_str().contains(&query.filter))
            .cloned()
            .collect();
        rows.sort_by_key(Row::place);
        rows
    }

    fn hit(&self, find: &Find, row: &Row) -> Option<Hit> {
        let mut hit = Hit {
            row: row.clone(),
            message: None,
            closed_at: None,
        };
        for term in &find.search.terms {
            let Term::Word(word) = term else { continue };
            if row.contact.shown().as_str().contains(word.as_str()) {
                continue;
            }
            let messages = self.messages.get(&row.id)?;
            let message = messages
                .iter()
                .find(|m| m.body.as_str().contains(word.as_str()))?;
            hit.message = Some(HitMessage {
                id: message.id.clone(),
                at: message.at,
                excerpt: vec![(say!("{}", message.body), true)],
            });
        }
        Some(hit)
    }

    fn next_answer(&mut self, id: &ConversationId, action: Action) -> Answer {
        if let Some(answer) = self.answers.pop_front() {
            return answer;
        }
        let me = self.me().user;
        let Some(row) = self.rows.iter_mut().find(|row| row.id == *id) else {
            return Answer::Refused(Refused {
                why: Safe::literal("not there, or not yours to see"),
                kind: No::NotFound,
            });
        };
        let assignee = (action != Action::Unassign).then_some(me);
        if row.assignee == assignee {
            return Answer::Already(Some(Box::new(row.clone())));
        }
        row.assignee = assignee;
        row.version += 1;
        Answer::Done(Some(Box::new(row.clone())))
    }
}

fn anna() -> Me {
    let [anna, cardiff] = [("anna", "Anna Webb"), ("cardiff", "Cardiff")];
    Me {
        user: Named {
            id: UserId::parse(anna.0).expect("an id"),
            name: Safe::literal(anna.1),
        },
        username: Safe::literal(anna.0),
        organisation: Named {
            id: OrganisationId::parse(cardiff.0).expect("an id"),
            name: Safe::literal(cardiff.1),
        },
        conversations: true,
        actions: vec![Action::Unassign, Action::Take, Action::Reply],
        left_at: None,
        lost: None,
        desk_version: Safe::literal("scripted"),
        desk: Safe::literal("scripted"),
        banner: None,
    }
}

impl Desk for Scripted {
    type Events = Heard;

    async fn me(&self) -> Result<Me, Trouble> {
        Ok(self.read()?.me())
    }

    /// A cursor is the number of rows before the page.
    async fn list(&self, query: &Query) -> Result<Page, Trouble> {
        let state = self.read()?;
        let rows = state.shown(query.view, query);
        let limit = usize::from(query.limit.max(1));
        let start = match &query.from {
            From::Start => 0,
            From::End => rows.len().saturating_sub(limit),
            From::Cursor(cursor) => cursor.parse().unwrap_or(0),
            From::Around(id) => {
                let at = rows
                    .iter()
                    .position(|row| row.id == *id)
                    .ok_or(Trouble::NotFound)?;
                at - at % limit
            }
        };
        let end = rows.len().min(start + limit);
        let count = |view| state.shown(view, query).len() as u64;
        Ok(Page {
            next: (end < rows.len()).then(|| end.to_string()),
            prev: (start > 0).then(|| start.saturating_sub(limit).to_string()),
            rows: rows[start.min(end)..end].to_vec(),
            as_of: state.cursor,
            counts: Counts {
                mine: count(View::Mine),
                unassigned: count(View::Unassigned),
                all: count(View::All),
            },
        })
    }

    /// Finds words as they stand in a contact or a message, all at once.
    async fn find(&self, find: &Find) -> Result<Found, Trouble> {
        let state = self.read()?;
        let mut rows: Vec<&Row> = state.rows.iter().collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.last_message.as_ref().map(|last| last.at)));
        let hits = rows.into_iter().filter_map(|row| state.hit(find, row));
        Ok(Found {
            hits: hits.take(find.limit.into()).collect(),
            next: None,
            partial: false,
            as_of: state.cursor,
        })
    }

    async fn conversation(&self, id: &ConversationId) -> Result<Detail, Trouble> {
        let state = self.read()?;
        let row = state
            .rows
            .iter()
            .find(|row| row.id == *id)
            .ok_or(Trouble::NotFound)?;
        Ok(Detail {
            row: row.clone(),
            actions: Action::ALL.iter().map(|action| (*action, Ok(()))).collect(),
        })
    }

    /// A cursor is a message's id.
    async fn messages(
        &self,
        id: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> Result<Messages, Trouble> {
        let state = self.read()?;
        let all = state.messages.get(id).map_or(&[][..], Vec::as_slice);
        let known = |before| all.iter().position(|m| m.id.as_str() == before);
        let first = before.and_then(known).map_or(0, |at| at + 1);
        let rest = &all[first..];
        let items: Vec<_> = rest.iter().take(limit.into()).cloned().collect();
        let more = rest.len() > items.len();
        let last = items.last().filter(|_| more);
        Ok(Messages {
            next: last.map(|last| last.id.to_string()),
            items,
        })
    }

    async fn messages_after(
        &self,
        id: &ConversationId,
        after: Option<&str>,
        limit: u16,
    ) -> Result<Messages, Trouble> {
        let state = self.read()?;
        let all = state.messages.get(id).map_or(&[][..], Vec::as_slice);
        let known = |after| all.iter().position(|m| m.id.as_str() == after);
        let newer = &all[..after.and_then(known).unwrap_or(all.len())];
        let items = newer[newer.len().saturating_sub(limit.into())..].to_vec();
        let more = newer.len() > items.len();
        let first = items.first().filter(|_| more);
        Ok(Messages {
            next: first.map(|first| first.id.to_string()),
            items,
        })
    }

    async fn message(&self, id: &ConversationId, message: &MessageId) -> Result<Whole, Trouble> {
        let state = self.read()?;
        let all = state.messages.get(id).map_or(&[][..], Vec::as_slice);
        let found = all.iter().find(|m| m.id == *message);
        let message = found.ok_or(Trouble::NotFound)?.clone();
        let escaped = Safe::escaped(message.body.as_str());
        Ok(Whole { message, escaped })
    }

    async fn history_after(
        &self,
        _: &ConversationId,
        _: Option<&str>,
        _: u16,
    ) -> Result<History, Trouble> {
        Ok(self.read()?.history.clone())
    }

    async fn known(&self, id: &ConversationId) -> Result<Known, Trouble> {
        let state = self.read()?;
        let row = state.rows.iter().find(|row| row.id == *id);
        let since = row.ok_or(Trouble::NotFound)?.since;
        Ok(Known {
            began: since,
            first_seen: since,
            count: 0,
            others: Vec::new(),
            blocked: None,
        })
    }

    async fn history(
        &self,
        _: &ConversationId,
        _: Option<&str>,
        _: u16,
    ) -> Result<History, Trouble> {
        Ok(self.read()?.history.clone())
    }

    async fn queues(&self) -> Result<Vec<Queue>, Trouble> {
        Ok(self.read()?.queues.clone())
    }

    async fn people(&self, _: Option<&ConversationId>) -> Result<Vec<Colleague>, Trouble> {
        Ok(self.read()?.people.clone())
    }

    async fn statuses(&self) -> Result<Vec<Status>, Trouble> {
        Ok(self.read()?.statuses.clone())
    }

    async fn phrases(&self) -> Result<Vec<Phrase>, Trouble> {
        Ok(self.read()?.phrases.clone())
    }

    /// Whatever the form, a line for each message.
    async fn transcript(
        &self,
        of: &Transcript,
        mut take: impl FnMut(Safe) -> ControlFlow<()> + Send,
    ) -> Result<(), Trouble> {
        let messages = self.read()?.messages.get(&of.conversation).cloned();
        for message in messages.ok_or(Trouble::NotFound)?.into_iter().rev() {
            if take(message.body).is_break() {
                break;
            }
        }
        Ok(())
    }

    async fn outlook(&self, _: &Choice) -> Result<Outlook, Trouble> {
        Ok(self.read()?.outlook.clone())
    }

    async fn acts(&self, _: &ActsQuery) -> Result<Vec<Done>, Trouble> {
        Ok(self.read()?.done.clone())
    }

    async fn tell(&self, whereabouts: &Whereabouts) {
        self.state().asked.push(Asked::Tell(whereabouts.clone()));
    }

    async fn act(&self, act: &Act) -> Answer {
        let mut state = self.state();
        state.asked.push(Asked::Act(act.clone()));
        state.next_answer(&act.conversation, act.deed.action())
    }

    async fn send(&self, reply: &Reply) -> Answer {
        let mut state = self.state();
        state.asked.push(Asked::Send(reply.clone()));
        state.next_answer(&reply.conversation, Action::Reply)
    }

    async fn act_on_many(&self, many: &Many) -> Result<Vec<(ConversationId, Answer)>, Trouble> {
        let mut state = self.read()?;
        state.asked.push(Asked::Many(many.clone()));
        let action = match many.deed {
            ManyDeed::Unassign => Action::Unassign,
            ManyDeed::Assign(_) => Action::Assign,
            ManyDeed::Move(_) => Action::Move,
            ManyDeed::Status(_) => Action::Status,
        };
        let answer = |(id, _): &(ConversationId, _)| (id.clone(), state.next_answer(id, action));
        Ok(many.items.iter().map(answer).collect())
    }

    /// Gives nothing back by itself: what it answers is what [`Scripted::answer`] was told, for the last acts.
    async fn undo(
        &self,
        _: &OperationId,
        act: &OperationId,
    ) -> Result<Vec<(ConversationId, Answer)>, Trouble> {
        let mut state = self.read()?;
        state.asked.push(Asked::Undo(act.clone()));
        let of_the_act = |asked: &Asked| match asked {
            Asked::Act(a) if a.operation == *act => vec![a.conversation.clone()],
            Asked::Many(m) if m.operation == *act => {
                m.items.iter().map(|(id, _)| id.clone()).collect()
            }
            _ => vec![],
        };
        let ids: Vec<_> = state.asked.iter().flat_map(of_the_act).collect();
        let answer = |id: ConversationId| (id.clone(), state.next_answer(&id, Action::Take));
        Ok(ids.into_iter().map(answer).collect())
    }

    async fn events(&self, after: Option<u64>) -> Result<Heard, Trouble> {
        let mut state = self.read()?;
        state.subscriptions.push(after);
        let (say, hear) = mpsc::unbounded_channel();
        state.streams.push(say);
        Ok(Heard(hear))
    }

    async fn sign_out(&self) {
        self.state().asked.push(Asked::SignOut);
    }
}

/// What [`Scripted::say`] says.
pub struct Heard(mpsc::UnboundedReceiver<Result<Event, Trouble>>);

impl EventStream for Heard {
    async fn next(&mut self) -> Result<Event, Trouble> {
        let closed = || Err(Trouble::Unreachable(Safe::literal("the desk is gone")));
        self.0.recv().await.unwrap_or_else(closed)
    }
}
