//! The open conversation: loaded when the cursor rests, and kept true by news.

use super::{panel, scrolling};
use crate::{
    console::{
        effect::Effect,
        model::{Loaded, Model, Part, Read, Stretch, Tone, Unread},
    },
    desk::{Detail, History, Messages, Trouble},
    domain::{
        id::ConversationId,
        message::{Delivery, Direction, Message},
        row::Row,
        text::Safe,
    },
    say,
};

/// Of so many conversations it is remembered what was read.
const REMEMBERED: usize = 1_000;

/// The cursor rested on a conversation: its messages and what may be done to it are fetched.
pub(super) fn rested(model: &mut Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    if let Some(open) = model
        .open
        .as_mut()
        .filter(|o| o.row.id == *id && o.loaded == Loaded::No)
    {
        open.loaded = Loaded::Asked;
        effects.push(Effect::Open(id.clone(), false));
        effects.push(Effect::LoadDetail(id.clone()));
    }
    panel::follow(model, effects);
}

/// Fetches the open conversation again.
pub(super) fn reload(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(open) = &model.open else { return };
    if open.loaded == Loaded::No || open.gone.is_some() {
        return;
    }
    let id = open.row.id.clone();
    match &open.done {
        // Not farther than one is: what lies between is fetched when one scrolls there.
        Some(done) if open.loaded == Loaded::Yes => {
            let parts = (open.messages.again(), done.again());
            effects.extend(parts.0.map(|part| Effect::LoadMessages(id.clone(), part)));
            effects.extend(parts.1.map(|part| Effect::LoadHistory(id.clone(), part)));
        }
        _ => effects.push(Effect::Open(id.clone(), false)),
    }
    effects.push(Effect::LoadDetail(id));
    panel::again(model, effects);
}

/// The desk begins anew, after its database was put back perhaps: nothing that is held can be told by its version to be
/// newer than what it says from now on.
pub(super) fn anew(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(open) = model.open.as_mut().filter(|o| o.gone.is_none()) else {
        return;
    };
    open.stale = true;
    if open.loaded == Loaded::Yes {
        effects.push(Effect::Open(open.row.id.clone(), false));
    }
}

/// What may be done to a conversation is known now.
pub(super) fn detail(model: &mut Model, id: &ConversationId, result: Result<Box<Detail>, Trouble>) {
    match result {
        Ok(detail) => {
            let Some(open) = model.open.as_mut().filter(|o| o.row.id == *id) else {
                return;
            };
            // An answer older than what an event said since is void.
            if detail.row.version >= open.row.version || open.stale {
                open.stale = false;
                open.actions = Some(detail.actions);
                open.row = detail.row;
            }
        }
        Err(Trouble::NotFound) => gone(model, id, &Safe::literal("a colleague has it")),
        Err(trouble) => {
            if model
                .layers
                .iter()
                .any(|l| matches!(l, crate::console::model::Layer::Menu(_)))
            {
                model.say(
                    Tone::Warning,
                    say!("What can be done to it is not known: {trouble}"),
                );
            }
        }
    }
}

/// An end of the conversation is here: all that was held gives way to it.
pub(super) fn opened(
    model: &mut Model,
    id: &ConversationId,
    oldest: bool,
    messages: Result<Messages, Trouble>,
    history: Result<History, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(open) = model.open.as_mut().filter(|o| o.row.id == *id) else {
        return;
    };
    open.leaping = false;
    let page = match messages {
        Ok(page) => page,
        Err(Trouble::NotFound) => return gone(model, id, &Safe::literal("a colleague has it")),
        Err(trouble) if open.loaded != Loaded::Yes => {
            open.loaded = Loaded::Failed(say!("{trouble}"));
            return;
        }
        Err(_) => return,
    };
    open.messages = Stretch::end(page.items, page.next, oldest);
    let history = history.ok();
    open.done = history.map(|page| Stretch::end(page.items, page.next, oldest));
    open.loaded = Loaded::Yes;
    open.place = None;
    if !oldest {
        open.newest = open.messages.last().map(|m| m.id.clone());
        open.unseen = 0;
        left_unread(model, id);
    }
    if oldest {
        scrolling::to_top(model);
    }
    scrolling::settle(model, effects);
}

/// Says where the unread ones begin, if some came since one was here last.
fn left_unread(model: &mut Model, id: &ConversationId) {
    let me = model.user().cloned();
    let (Some(open), Some(read)) = (model.open.as_mut(), model.read.get(id)) else {
        return;
    };
    let is_mine = |m: &Message| m.sender.as_ref().map(|s| &s.id) == me.as_ref() && me.is_some();
    let after = match open.messages.find(read.newest.as_str()) {
        Some(at) => &open.messages[at + 1..],
        None => &open.messages[..],
    };
    if open.unread.is_none() && after.iter().any(|m| !is_mine(m)) {
        open.unread = Some(Unread {
            after: read.newest.clone(),
            since: read.left,
        });
    }
}

/// The cursor goes elsewhere: what was read of this one is remembered.
pub(super) fn left(model: &mut Model) {
    let Some(open) = &model.open else { return };
    let Some(newest) = open.seen.clone() else {
        return;
    };
    let id = open.row.id.clone();
    let left = model.now;
    model.read.insert(id, Read { newest, left });
    if model.read.len() > REMEMBERED {
        let longest_ago = model.read.iter().min_by_key(|(_, read)| read.left);
        if let Some(id) = longest_ago.map(|(id, _)| id.clone()) {
            model.read.remove(&id);
        }
    }
}

/// A page of messages is here.
pub(super) fn messages(
    model: &mut Model,
    id: &ConversationId,
    part: &Part,
    result: Result<Messages, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(open) = model.open.as_mut().filter(|o| o.row.id == *id) else {
        return;
    };
    match result {
        Ok(page) => {
            let (near, _) = open.near();
            open.messages.arrived(part, page.items, page.next, near);
            if !open.messages.has_newer() {
                open.newest = open.messages.last().map(|m| m.id.clone());
            }
        }
        Err(Trouble::NotFound) => return gone(model, id, &Safe::literal("a colleague has it")),
        Err(_) => return open.messages.failed(part),
    }
    scrolling::settle(model, effects);
}

/// A page of what the team did is here.
pub(super) fn history(
    model: &mut Model,
    id: &ConversationId,
    part: &Part,
    result: Result<History, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(open) = model.open.as_mut().filter(|o| o.row.id == *id) else {
        return;
    };
    let (_, near) = open.near();
    match (result, &mut open.done) {
        (Ok(page), Some(done)) => done.arrived(part, page.items, page.next, near),
        (Ok(page), done) if *part == Part::Newest => {
            *done = Some(Stretch::end(page.items, page.next, false));
        }
        // Without it nothing hides the messages of that time.
        (Err(_), done) if *part != Part::Newest => *done = None,
        _ => {}
    }
    scrolling::settle(model, effects);
}

/// The desk reports the open conversation anew.
pub(super) fn row_changed(model: &mut Model, row: &Row, effects: &mut Vec<Effect>) {
    let Some(open) = model
        .open
        .as_mut()
        .filter(|o| o.row.id == row.id && (o.row.version <= row.version || o.stale))
    else {
        return;
    };
    let acted = open.row.assignee != row.assignee
        || open.row.state != row.state
        || open.row.handler != row.handler
        || open.row.queue != row.queue
        || open.row.reply_until != row.reply_until
        // Something was done to it that its row does not show, the blocklist say.
        || (open.row.version < row.version && open.row.last_message == row.last_message);
    if acted {
        open.actions = None;
    }
    // Whatever it was, the team may have done it.
    let is_news = open.row.version < row.version && open.loaded == Loaded::Yes;
    let part = open
        .done
        .as_ref()
        .map_or(Some(Part::Newest), Stretch::again);
    if let Some(part) = part.filter(|_| is_news) {
        effects.push(Effect::LoadHistory(row.id.clone(), part));
    }
    open.gone = None;
    open.row = row.clone();
    if is_news {
        panel::again(model, effects);
    }
}

/// A message was written in a conversation, or its delivery changed.
pub(super) fn written(
    model: &mut Model,
    id: &ConversationId,
    message: Message,
    effects: &mut Vec<Effect>,
) {
    let me = model.user().cloned();
    let Some(open) = model
        .open
        .as_mut()
        .filter(|o| o.row.id == *id && o.loaded == Loaded::Yes)
    else {
        return;
    };
    let (near, _) = open.near();
    let last = open.newest.clone();
    let message_id = message.id.clone();
    let (at, sender) = (message.at, message.sender.as_ref().map(|s| s.id.clone()));
    let is_mine = message.direction == Direction::Out && sender.is_some() && sender == me;
    if message.truncated && open.messages.find(message_id.as_str()).is_none() {
        // The stream carries only the beginning.
        let part = open.messages.again();
        effects.extend(part.map(|part| Effect::LoadMessages(id.clone(), part)));
    } else if message.truncated {
        // What is held is more of it; how far it got is new.
        let delivery = message.delivery;
        for held in open.messages.iter_mut().filter(|m| m.id == message_id) {
            held.delivery = delivery;
        }
        return;
    }
    if !open.messages.happened(message, near) {
        return;
    }
    open.newest = Some(message_id);
    if open.place.is_some() && !is_mine {
        open.unseen += 1;
        let is_seen = open.unread.is_none() || open.seen == last;
        if let Some(after) = last.filter(|_| is_seen && open.unseen == 1) {
            open.unread = Some(Unread { after, since: at });
        }
    }
    scrolling::settle(model, effects);
}

/// The open conversation is out of sight. What is shown of it stays until the cursor leaves (U8).
pub(super) fn gone(model: &mut Model, id: &ConversationId, why: &Safe) {
    if let Some(open) = model
        .open
        .as_mut()
        .filter(|o| o.row.id == *id && o.gone.is_none())
    {
        open.gone = Some(why.clone());
        open.actions = None;
    }
}

/// `e`: why the lowest message of ours in sight that failed did not arrive, and what to do about it (P1).
pub(super) fn explain(model: &mut Model) {
    let Some(open) = &model.open else { return };
    let failed = |message: &&Message| matches!(message.delivery, Some(Delivery::Failed(_)));
    let lowest = crate::console::view::messages::lowest(model).filter(|m| failed(m));
    let Some(message) = lowest.or_else(|| open.messages.iter().rev().find(failed)) else {
        let name = open.row.contact.shown();
        let text = say!("No message to {name} that is loaded here failed");
        return model.say(Tone::Plain, text);
    };
    if let Some(Delivery::Failed(why)) = message.delivery {
        let at = crate::console::words::time::of_day(model, message.at);
        let text = say!("Not delivered, {at}: {}", why.advice());
        model.say(Tone::Warning, text);
    }
}
