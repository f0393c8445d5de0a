//! `handback admin erase`: a customer's words and address go.

use clap::Args;

use super::super::{
    Outcome,
    database::Database,
    exit::{Exit, Failure},
    print::Out,
    typed::{STDIN, line},
    words,
};
use crate::{domain::text::Safe, say, server::store::Erasure};

/// Erase a customer: name, address and every word of their conversations, notes and reasons among them
///
/// Nothing brings it back, but for a backup made before. That there were conversations and what the team did to them
/// stays, by ids; and `admin audit` still holds. An entry of the blocklist keeps the address, so that nothing is sent
/// there.
///
/// Whose words go, by the number or address as the channel writes it, is asked for, or read from standard input: never an
/// argument, which every account of the host can read.
#[derive(Clone, Debug, Args)]
pub(super) struct Erase {
    /// Only ever `-`, for standard input; without it, too, whatever stands there is read
    #[arg(value_name = "-")]
    contact: Option<String>,
    /// Only in this channel
    #[arg(long)]
    channel: Option<String>,
    /// Do it; without this it only says what it would be about
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    database: Database,
}

/// Contacts and conversations, in words.
fn said(erasure: &Erasure) -> String {
    let contacts = words::many(erasure.contacts as u64, "contact");
    let conversations = words::many(erasure.conversations as u64, "conversation");
    format!("{contacts}, {conversations}")
}

/// What was in sight is not used: to be told at once is the only way to learn of it.
const IN_SIGHT: &str = "every account on this host can read a customer's address in a command line, so it is not taken from there. \
    Run  handback admin erase  and it is asked for, or write it to standard input";

pub(super) async fn run(verb: &Erase) -> Outcome {
    if verb.contact.as_deref().is_some_and(|said| said != STDIN) {
        return Err(Failure::new(Exit::Secrets, IN_SIGHT));
    }
    let question =
        Safe::literal("Whose words go? The number or address, as the channel writes it: ");
    let address = line("contact", &question)?;
    let (store, _) = verb.database.open("admin erase").await?;
    let channel = verb.channel.as_deref();
    let about = store
        .about(&address, channel)
        .await
        .map_err(super::failed)?;
    if about.contacts == 0 {
        store.close().await;
        let why = "no contact has this address; it is compared letter by letter, as the channel writes it";
        return Err(Failure::new(Exit::NotFound, why));
    }
    let mut out = Out::stdout();
    if !verb.yes {
        let found = say!(
            "found by this address: {}; --yes erases them for good",
            said(&about)
        );
        out.text(&found)?;
        out.finish()?;
        store.close().await;
        return Ok(Exit::Done);
    }
    let erased = store.erase(&address, channel).await;
    store.close().await;
    let erased = erased.map_err(super::failed)?;
    out.text(&say!(
        "erased: {}, with all that was written",
        said(&erased)
    ))?;
    if erased.blocked > 0 {
        let kept = "the blocklist keeps the address, so that nothing is sent there";
        out.text(&Safe::literal(kept))?;
    }
    out.finish()?;
    if erased.on_their_way > 0 {
        let why = format!(
            "{} not erased yet: messages are on their way; erase again when these have arrived or were given up",
            words::many(erased.on_their_way as u64, "conversation")
        );
        return Err(Failure::new(Exit::Refused, why));
    }
    Ok(Exit::Done)
}
