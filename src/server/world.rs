//! What every request is answered from.

use std::{ops::Deref, sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{
    allowance::Allowances, consoles::Consoles, hub::Hub, limits::Limits, session::Sessions,
    store::Store, streams::Streams, there::There,
};

/// A desk that is being served: its database, its stream, who is there. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct World(Arc<Parts>);

/// The parts of a [`World`].
#[derive(Debug)]
pub(crate) struct Parts {
    /// What is kept.
    pub(crate) store: Store,
    /// What happens.
    pub(crate) hub: Hub,
    /// Who asks.
    pub(crate) sessions: Sessions,
    /// Whose consoles are there.
    pub(crate) consoles: Consoles,
    /// Who is in which conversation.
    pub(crate) there: There,
    /// How much one side may use (R35).
    pub(crate) limits: Limits,
    /// What each user may ask yet.
    pub(crate) allowances: Allowances,
    /// Who has how many streams open.
    pub(crate) streams: Streams,
    /// How long a lost line is none (Q9).
    pub(crate) grace: Duration,
    /// Words to show over everything (`DEMO, no real customers`).
    pub(crate) banner: Option<String>,
    /// True once the desk is closing.
    pub(crate) closing: watch::Receiver<bool>,
}

impl World {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for World {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
