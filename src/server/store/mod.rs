//! The database: every query there is, and the rules' verdicts written down.
//!
//! [`Store`] is the way in. Reads give [`Stored`] conversations and messages, with texts as strangers
//! wrote them; who may see them is asked of the [`Directory`]. Writes run one transaction each, in
//! which change, history, act, event and operation id are committed together or not at all (R20, R31).
//! The domain decides; nothing here has a rule of its own.
//!
//! One text of SQL serves SQLite and PostgreSQL through sqlx's `Any`; what differs between them stands
//! in [`database`]. A limit is asked for as `0 + $3`: SQLite would plan the query anew whenever a bare one is set. Locks are
//! taken in one order everywhere: the operation or the contact, queues
//! that something enters (their rows of `circle`, by id), seats, conversations by id and what of theirs is in the outbox,
//! holdings in order, turns in
//! order, the counters last.
//!
//! In reading order: [`open`], [`directory`], [`conversation`], [`list`] (of each [`holding`], as [`known`], as far as in
//! [`sight`], by [`branch`], [`walk`], [`page`], [`cursor`] and [`search`]), [`find`] (with [`text`]), [`held`], [`load`], [`message`], [`history`], [`fate`], [`writing`],
//! [`alone`], [`commit`], [`chain`], [`act`], [`many`], [`entry`] (into a [`circle`]), [`blocklist`], [`window`], [`reply`], [`undo`], [`inbound`], [`stop`],
//! [`outbound`], [`outbox`], [`delivery`], [`seat`], [`sign_in`], [`sign_out`], [`draft`], [`news`], [`event`],
//! [`team_file`], [`apply`], [`token`], [`erase`], [`backup`], [`state`], [`seed`], [`verify`].

mod act;
mod alone;
mod apply;
mod backup;
mod blocklist;
mod branch;
mod bulk;
mod chain;
mod circle;
mod commit;
mod contact;
mod conversation;
mod cursor;
mod database;
mod delivery;
mod directory;
mod draft;
mod entry;
mod erase;
mod error;
mod event;
mod fate;
mod find;
mod held;
mod history;
mod holding;
mod inbound;
mod known;
mod list;
mod load;
mod many;
mod message;
mod news;
mod open;
mod operation;
mod outbound;
mod outbox;
mod page;
mod random;
mod reply;
mod roster;
mod search;
mod seat;
mod seed;
mod sight;
mod sign_in;
mod sign_out;
mod state;
mod stop;
mod team_file;
mod text;
mod token;
mod undo;
mod verify;
mod walk;
mod window;
mod word;
mod writing;

use std::sync::{Arc, RwLock};

use self::database::{Kind, Lately};
pub use self::{
    act::{Acted, Results},
    alone::Alone,
    apply::Difference,
    backup::PutBack,
    blocklist::Blocked,
    chain::{Audit, Broken, Seal},
    contact::{Blocking, Known},
    conversation::{BeganBy, LastMessage, PREVIEW_BYTES, Stored, beginning},
    delivery::Reported,
    directory::{Channel, Directory, Phrase, QueueInfo, UserInfo},
    erase::Erasure,
    error::{Result, StoreError},
    event::{LOG_KEPT, LogEntry, News, What},
    fate::{ActsQuery, Done, Fate},
    find::{FIND_WITHIN, FindQuery, Found, Hit, HitMessage, Part},
    held::LOOKED_INTO,
    history::{HistoryItem, HistoryPage},
    inbound::{Inbound, Received},
    list::{ListQuery, StateFilter, View},
    load::Load,
    many::{Item, MANY, Many, ManyDeed},
    message::{Attachment, Message, MessagePage, START},
    open::{Clock, Options},
    operation::{KEPT, Operation, Outcome},
    outbound::{Begun, Outbound},
    outbox::{CONFIRM_WITHIN, HAND_OVER_WITHIN, Letter},
    page::{From, Listed},
    reply::{Reply, Sent},
    seat::{DEAD, RENEWED, Seat},
    seed::{SeedConversation, SeedMessage},
    sight::Counts,
    sign_out::{Lost, Parting},
    state::{DeskState, QueueState},
    team_file::{TeamFile, TeamFileError},
    token::{TokenRow, TokenState, token_id},
};
use crate::domain::moment::Moment;

/// The desk's database, open. Cheap to clone; all clones are the same database.
#[derive(Clone, Debug)]
pub struct Store {
    kind: Kind,
    /// On SQLite the one connection that writes; on PostgreSQL the pool.
    writer: sqlx::AnyPool,
    /// On SQLite a few connections that never write; on PostgreSQL the same pool.
    readers: sqlx::AnyPool,
    /// When one of these answered last.
    answered: Arc<Lately>,
    clock: Clock,
    /// Which process of those on this database this is.
    process: Arc<str>,
    directory: Arc<RwLock<Arc<Directory>>>,
    news: Arc<news::Board>,
    /// What everybody has, as it was at some place of the log.
    kept: Arc<known::Kept>,
}

impl Store {
    /// The time by this store's clock.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }
}
