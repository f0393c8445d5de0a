//! The open conversation: loaded when the cursor rests, kept true by news.

use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{Loaded, Model, Tone},
        view,
    },
    desk::{Detail, Messages, Trouble},
    domain::{id::ConversationId, message::Message, row::Row, text::Safe},
    say,
};

/// Messages kept of one conversation at most; older ones are fetched again when one scrolls there.
const MOST: usize = 1_000;

/// The cursor rested on a conversation: its messages and what may be done to it are fetched.
pub(super) fn rested(model: &mut Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    if let Some(open) = model
        .open
        .as_mut()
        .filter(|o| o.row.id == *id && o.loaded == Loaded::No)
    {
        open.loaded = Loaded::Asked;
        effects.push(Effect::LoadMessages(id.clone(), None));
        effects.push(Effect::LoadDetail(id.clone()));
    }
}

/// Fetches the open conversation again.
pub(super) fn reload(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(open) = &model.open
        && open.loaded != Loaded::No
        && open.gone.is_none()
    {
        effects.push(Effect::LoadMessages(open.row.id.clone(), None));
        effects.push(Effect::LoadDetail(open.row.id.clone()));
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
            if detail.row.version >= open.row.version {
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

/// Messages are here.
pub(super) fn messages(
    model: &mut Model,
    id: &ConversationId,
    older: bool,
    result: Result<Messages, Trouble>,
) {
    let Some(open) = model.open.as_mut().filter(|o| o.row.id == *id) else {
        return;
    };
    open.asked_older = false;
    match result {
        Ok(page) => {
            let mut items: Vec<Message> = page.items.into_iter().rev().collect();
            if older {
                items.append(&mut open.messages);
                open.older = page.next;
            } else {
                // Keep what was scrolled to, as far as it joins what is here now.
                let joins = items
                    .first()
                    .and_then(|first| open.messages.iter().position(|m| m.id == first.id));
                match joins {
                    Some(at) => {
                        open.messages.truncate(at);
                        open.messages.append(&mut items);
                        items = std::mem::take(&mut open.messages);
                    }
                    None => open.older = page.next,
                }
            }
            open.messages = items;
            open.loaded = Loaded::Yes;
        }
        Err(Trouble::NotFound) => gone(model, id, &Safe::literal("a colleague has it")),
        Err(trouble) if open.loaded != Loaded::Yes => {
            open.loaded = Loaded::Failed(say!("{trouble}"))
        }
        Err(_) => {}
    }
}

/// The desk reports the open conversation anew.
pub(super) fn row_changed(model: &mut Model, row: &Row) {
    let Some(open) = model
        .open
        .as_mut()
        .filter(|o| o.row.id == row.id && o.row.version <= row.version)
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
    open.gone = None;
    open.row = row.clone();
}

/// A message was written in a conversation, or its delivery changed.
pub(super) fn written(
    model: &mut Model,
    id: &ConversationId,
    message: Message,
    effects: &mut Vec<Effect>,
) {
    let Some(open) = model
        .open
        .as_mut()
        .filter(|o| o.row.id == *id && o.loaded == Loaded::Yes)
    else {
        return;
    };
    if message.truncated {
        effects.push(Effect::LoadMessages(id.clone(), None)); // The stream carries only the beginning.
    }
    if let Some(known) = open.messages.iter_mut().find(|m| m.id == message.id) {
        *known = message;
        return;
    }
    if open.scroll > 0 {
        open.unseen += 1;
    }
    open.messages.push(message);
    if open.messages.len() > MOST {
        open.messages.remove(0);
        open.older = open.messages.first().map(|m| m.id.to_string());
    }
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

/// Moves in the messages, by lines; at the oldest ones held, older ones are fetched.
pub(super) fn scroll(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let page = view::layout::Layout::of(model)
        .messages
        .height
        .saturating_sub(1)
        .max(1) as usize;
    let most = view::messages::max_scroll(model);
    let Some(open) = &mut model.open else { return };
    let to = match command {
        Command::Down => open.scroll.saturating_sub(1),
        Command::Up => open.scroll + 1,
        Command::PageDown => open.scroll.saturating_sub(page),
        Command::PageUp => open.scroll + page,
        Command::HalfDown => open.scroll.saturating_sub(page / 2),
        Command::HalfUp => open.scroll + page / 2,
        Command::Top => most,
        _ => 0,
    };
    open.scroll = to.min(most);
    if open.scroll == 0 {
        open.unseen = 0;
    }
    let at_the_oldest = to >= most && open.scroll > 0 || most == 0 && command == Command::Up;
    if at_the_oldest
        && !open.asked_older
        && let Some(before) = &open.older
    {
        effects.push(Effect::LoadMessages(
            open.row.id.clone(),
            Some(before.clone()),
        ));
        open.asked_older = true;
    }
}
