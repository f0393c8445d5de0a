//! `…/transcript`: one conversation from its beginning, as its customer saw it (T1).
//!
//! Written out as it is read, a few messages at a time, so that a long conversation costs no more memory than a short
//! one. Before each of these it is asked again whether the caller may see it: whoever loses sight of it meanwhile gets no
//! more, and the answer breaks off instead of ending.

mod form;

use std::{collections::VecDeque, io, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::try_unfold;

use self::form::{Entry, Form, Head, Wrote};
use super::{
    ask::{Params, Place},
    error::{Answer, Failure},
    parameter::Parameter,
    session::Caller,
    store::{Directory, HistoryItem, Message},
    world::World,
};
use crate::domain::{
    id::ConversationId,
    message::{Delivery, Direction, Failure as Undelivered},
    person::Person,
};

/// What it takes.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "format",
        says: "markdown (the default), text or json",
    },
    Parameter {
        name: "notes",
        says: "1: with the team's notes and who of us wrote what, which the customer never sees",
    },
];

/// How many messages are read at once: each may be as long as a body is.
const AT_ONCE: u16 = 40;
/// How many bytes are gathered before they go out.
const CHUNK: usize = 32 * 1024;

/// Writes it out.
pub(crate) async fn write(
    State(world): State<World>,
    caller: Caller,
    params: Params,
    Place(id): Place<ConversationId>,
) -> Answer<Response> {
    let forms = [
        ("markdown", Form::Markdown),
        ("text", Form::Text),
        ("json", Form::Json),
    ];
    let form = params.word("format", &forms)?.unwrap_or(Form::Markdown);
    let notes = params
        .word("notes", &[("1", true), ("0", false)])?
        .unwrap_or(false);
    let stored = world.store.visible(&caller.person, &id).await?;
    let stored = stored.ok_or_else(Failure::not_found)?;
    let head = Head {
        id: id.clone(),
        name: stored.contact_name.clone(),
        address: stored.contact_address.clone(),
        channel: stored.channel.clone(),
        at: world.store.now(),
        notes,
    };
    let writing = Writing {
        stage: Stage::Head,
        chunk: String::new(),
        form,
        head,
        last: stored.messages,
        messages: VecDeque::new(),
        read: 0,
        notes: VecDeque::new(),
        noted: notes.then_some(0),
        first: true,
        left_out: 0,
        person: caller.person,
        directory: caller.directory,
        world,
    };
    let kind = HeaderValue::from_static(form.media_type());
    let body = Body::from_stream(try_unfold(writing, Writing::go_on));
    Ok(([(header::CONTENT_TYPE, kind)], body).into_response())
}

/// How far it is.
enum Stage {
    Head,
    Entries,
    Done,
}

/// A transcript being written out.
struct Writing {
    stage: Stage,
    /// What was made and did not go out yet.
    chunk: String,
    form: Form,
    head: Head,
    /// How many messages there were when it began; what comes later is not in it.
    last: u64,
    messages: VecDeque<Message>,
    /// The number of the last message that was read.
    read: u64,
    notes: VecDeque<HistoryItem>,
    /// The last note that was read; `None`: there are no more, or none are asked for.
    noted: Option<u64>,
    /// Nothing was written but the head.
    first: bool,
    /// Messages that the customer did not get.
    left_out: u64,
    person: Person,
    directory: Arc<Directory>,
    world: World,
}

impl Writing {
    /// The next piece, and what follows; `None` at the end.
    async fn go_on(mut self) -> io::Result<Option<(Bytes, Self)>> {
        match self.stage {
            Stage::Done => return Ok(None),
            Stage::Head => {
                self.chunk = self.form.head(&self.head);
                self.stage = Stage::Entries;
            }
            Stage::Entries => {
                while self.chunk.len() < CHUNK {
                    let Some(entry) = self.next().await? else {
                        self.chunk += &self.form.foot(self.left_out);
                        self.stage = Stage::Done;
                        break;
                    };
                    let first = std::mem::replace(&mut self.first, false);
                    self.chunk += &self.form.entry(&self.head, &entry, first);
                }
            }
        }
        let piece = Bytes::from(std::mem::take(&mut self.chunk));
        Ok(Some((piece, self)))
    }

    /// The next entry, messages and notes in the order they were written.
    async fn next(&mut self) -> io::Result<Option<Entry>> {
        loop {
            self.read_on().await?;
            let written = self.messages.front().map(|message| message.at);
            let noted = self.notes.front().map(|note| note.at);
            let is_note = match (written, noted) {
                (None, None) => return Ok(None),
                (Some(written), Some(noted)) => noted < written,
                (written, _) => written.is_none(),
            };
            if is_note {
                return Ok(self.notes.pop_front().map(|note| self.note(note)));
            }
            // What never arrived the customer did not see; whether *unconfirmed* did, nobody knows.
            let Some(message) = self.messages.pop_front() else {
                continue;
            };
            match message.delivery {
                Some(Delivery::Failed(why)) if why != Undelivered::Unconfirmed => {
                    self.left_out += 1;
                }
                _ => return Ok(Some(self.message(message))),
            }
        }
    }

    /// Reads some more where nothing is left, as long as the caller still sees the conversation.
    async fn read_on(&mut self) -> io::Result<()> {
        let (store, id) = (&self.world.store, &self.head.id);
        let messages = self.messages.is_empty() && self.read < self.last;
        let notes = self.noted.filter(|_| self.notes.is_empty());
        if !messages && notes.is_none() {
            return Ok(());
        }
        let directory = store.directory();
        let person = directory.team.as_now(&self.person);
        let seen = store.visible(person, id).await.map_err(io::Error::other)?;
        if seen.is_none() {
            return Err(io::Error::other("out of sight"));
        }
        if messages {
            let limit = u16::try_from(self.last - self.read).unwrap_or(AT_ONCE);
            let more = store.messages_from(id, self.read, limit.min(AT_ONCE));
            self.messages = more.await.map_err(io::Error::other)?.into();
            // Numbers have no gaps; were there fewer than there should be, the end is here.
            self.read = match self.messages.len() {
                0 => self.last,
                some => self.read + some as u64,
            };
        }
        if let Some(after) = notes {
            let more = store.notes_from(id, after, AT_ONCE);
            self.notes = more.await.map_err(io::Error::other)?.into();
            self.noted = self.notes.back().map(|note| note.id);
        }
        Ok(())
    }

    fn message(&self, message: Message) -> Entry {
        let wrote = match message.direction {
            Direction::In => Wrote::Customer,
            Direction::Out => Wrote::Us,
        };
        Entry {
            wrote,
            at: message.at,
            by: message
                .sender
                .filter(|_| self.head.notes)
                .map(|id| super::present::user(&self.directory, &id).name),
            body: message.body,
            delivery: message.delivery,
            attachments: message.attachments,
        }
    }

    fn note(&self, note: HistoryItem) -> Entry {
        Entry {
            wrote: Wrote::Note,
            at: note.at,
            by: note
                .by
                .map(|id| super::present::user(&self.directory, &id).name),
            body: note.body.unwrap_or_default(),
            delivery: None,
            attachments: Vec::new(),
        }
    }
}
