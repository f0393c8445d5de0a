//! Floor 3b: the desk. It enforces the rules of floor 0 and keeps what happened.
//!
//! [`serve`](serve::serve) takes its world as parameters: what it listens on ([`listen`]), where it keeps
//! things ([`store`]), when to stop. A request goes, in reading order, through [`routes`] (the one table of
//! each [`call`], from which [`openapi`] writes the contract), [`session`] (who asks), [`ask`] (what is asked, read strictly)
//! and [`operation`] (under which id), to the noun that answers it; rows are made in [`present`], refusals in [`error`].
//! How much of all this one side may use is in [`limits`]: [`doors`] keeps it for connections, [`pace`] for what comes
//! and goes on them, [`allowance`] for requests and [`streams`] for streams.
//! What happens meanwhile is read once by the [`hub`] and filtered for each reader by its [`subscriber`]; who is
//! [`there`] beside it, without being written down. What is to reach customers is handed to their channels' gateways
//! by the [`outbox`].

mod account;
mod acts;
mod allowance;
mod ask;
mod blocklist;
mod call;
mod closing;
mod consoles;
mod contact;
mod conversations;
mod deliveries;
mod doors;
mod error;
mod events;
mod fates;
mod finding;
mod glimpses;
mod health;
mod history;
mod hub;
mod inbound;
mod limits;
mod listen;
mod me;
mod messages;
mod metrics;
mod openapi;
mod operation;
mod outbound;
mod outbox;
mod pace;
mod parameter;
mod phrases;
mod present;
mod queues;
mod reach;
mod replies;
mod routes;
mod serve;
mod session;
mod some;
mod statuses;
pub mod store;
mod streams;
mod subscriber;
mod tally;
mod there;
mod transcript;
mod users;
mod whereabouts;
mod world;

pub use self::{
    consoles::Consoles,
    limits::Limits,
    listen::{Access, CannotListen, Listener, Socket},
    serve::{GRACE, Options, serve},
};
