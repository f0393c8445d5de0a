//! `handback admin erase`: a customer's words and address go.

use clap::Args;

use super::super::{
    Outcome,
    database::Database,
    exit::{Exit, Failure},
    print::Out,
};
use crate::say;

/// Erase a customer: name, address and every word of their conversations, notes and reasons among them
///
/// Nothing brings it back, but for a backup made before. That there were conversations and what the team did to them
/// stays, by ids; and `admin audit` still holds. An entry of the blocklist keeps the address, so that nothing is sent
/// there.
#[derive(Clone, Debug, Args)]
pub(super) struct Erase {
    /// The customer's identifier within the channel: a number, an address
    #[arg(value_name = "CONTACT")]
    address: String,
    /// Only in this channel
    #[arg(long)]
    channel: Option<String>,
    /// Do it; without this it only says what it would be about
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Erase) -> Outcome {
    let (store, _) = verb.database.open("admin erase").await?;
    let channel = verb.channel.as_deref();
    let about = store
        .about(&verb.address, channel)
        .await
        .map_err(super::failed)?;
    if about.contacts == 0 {
        store.close().await;
        let why = "no contact has this address; it is compared letter by letter, as the channel writes it";
        return Err(Failure::new(Exit::NotFound, why));
    }
    let mut out = Out::stdout();
    if !verb.yes {
        let (contacts, conversations) = (about.contacts, about.conversations);
        out.text(&say!("{contacts} contacts with {conversations} conversations have this address; --yes erases them for good"))?;
        out.finish()?;
        store.close().await;
        return Ok(Exit::Done);
    }
    let erased = store.erase(&verb.address, channel).await;
    store.close().await;
    let erased = erased.map_err(super::failed)?;
    let (contacts, conversations) = (erased.contacts, erased.conversations);
    out.text(&say!(
        "erased {contacts} contacts and the words of {conversations} conversations"
    ))?;
    if erased.blocked > 0 {
        let blocked = erased.blocked;
        out.text(&say!(
            "{blocked} entries of the blocklist keep the address, so that nothing is sent there"
        ))?;
    }
    out.finish()?;
    if erased.on_their_way > 0 {
        let why = format!(
            "{} conversations stay: messages of theirs are on their way; erase again when these have arrived or were given up",
            erased.on_their_way
        );
        return Err(Failure::new(Exit::Refused, why));
    }
    Ok(Exit::Done)
}
