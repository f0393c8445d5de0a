//! The view of drafts: every reply and note that was written and not sent, of this console and of others of one's own,
//! wherever their conversations are by now.

use super::{keeping, moving, noting, reading, showing, verdict, writing};
use crate::{
    console::{
        command::{Command, Place},
        compose::Kind,
        draft::{Kept, Order, Where},
        effect::Effect,
        model::{DraftKey, DraftsShown, Known, Layer, Loaded, Model, Open, Pane, Tone, draft_key},
        view,
        words::keys,
    },
    desk::{Detail, Trouble},
    domain::{id::ConversationId, text::Safe},
    say,
};

/// `4`: opens the view.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.drafts_shown().is_none() {
        model.layers.push(Layer::Drafts(Box::default()));
        effects.push(Effect::Draft(Order::Look));
        go_to(model, 0, effects);
    }
}

fn shown(model: &mut Model) -> Option<&mut DraftsShown> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Drafts(shown) => Some(&mut **shown),
        _ => None,
    })
}

/// Where the cursor is among these.
fn index(model: &Model, all: &[Kept]) -> usize {
    let cursor = model.drafts_shown().and_then(|shown| shown.cursor.as_ref());
    cursor
        .and_then(|cursor| all.iter().position(|kept| draft_key(kept) == *cursor))
        .unwrap_or(0)
}

/// Puts the cursor on one, and asks how its conversation stands if that is not known.
fn go_to(model: &mut Model, to: usize, effects: &mut Vec<Effect>) {
    let all = model.all_drafts();
    let kept = all.get(to.min(all.len().saturating_sub(1)));
    let id = kept.map(|kept| kept.conversation.clone());
    let is_known = id
        .as_ref()
        .is_none_or(|id| model.list.inbox.row(id).is_some());
    let key = kept.map(draft_key);
    let Some(shown) = shown(model) else { return };
    if shown.cursor != key {
        shown.cursor = key;
        shown.scroll = 0;
    }
    if let Some(id) = id.filter(|id| !is_known && !shown.known.contains_key(id)) {
        ask(shown, id, effects);
    }
    keep_in_sight(model);
}

fn ask(shown: &mut DraftsShown, id: ConversationId, effects: &mut Vec<Effect>) {
    effects.push(Effect::LoadDetail(id.clone()));
    let asked = Known {
        loaded: Loaded::Asked,
        detail: None,
    };
    shown.known.insert(id, asked);
}

/// The drafts changed: the cursor stays on its own, or where that was.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.drafts_shown().is_some() {
        let at = index(model, &model.all_drafts());
        go_to(model, at, effects);
    }
}

fn keep_in_sight(model: &mut Model) {
    let all = model.all_drafts();
    let (at, height) = (index(model, &all), view::drafts::drafts_per_page(model));
    if let Some(shown) = shown(model) {
        shown.top = view::scroll::in_sight(shown.top, at, all.len(), height.max(1));
    }
}

/// A command while the view has the keys.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let all = model.all_drafts();
    let (at, page) = (
        index(model, &all),
        view::drafts::drafts_per_page(model).max(2) - 1,
    );
    match command {
        Command::Back => drop(model.layers.pop()),
        Command::Show(view) => {
            model.layers.pop();
            showing::show_view(model, view, effects);
        }
        Command::Down => go_to(model, at + 1, effects),
        Command::Up => go_to(model, at.saturating_sub(1), effects),
        Command::PageDown => go_to(model, at + page, effects),
        Command::PageUp => go_to(model, at.saturating_sub(page), effects),
        Command::Top => go_to(model, 0, effects),
        Command::Bottom => go_to(model, usize::MAX, effects),
        Command::HalfDown | Command::HalfUp => scroll(model, command == Command::HalfDown),
        Command::Undo => {
            keeping::bring_back(model, effects);
            go_to(model, 0, effects);
        }
        _ => {
            let Some(kept) = all.into_iter().nth(at) else {
                return model.say(Tone::Plain, Safe::literal("There is no draft"));
            };
            match command {
                Command::Enter => enter(model, &kept, effects),
                Command::Copy => effects.push(Effect::Copy {
                    what: say!("the draft to {}", keeping::called(&kept)),
                    text: Safe::text(&kept.text),
                }),
                Command::Drop => {
                    keeping::drop_one(model, kept, effects);
                    go_to(model, at, effects);
                }
                _ => {}
            }
        }
    }
}

/// The mouse was pressed on a draft: the first press goes there, the second opens it.
pub(super) fn press(model: &mut Model, to: usize, effects: &mut Vec<Effect>) {
    let was_there = index(model, &model.all_drafts()) == to;
    go_to(model, to, effects);
    if was_there {
        command(model, Command::Enter, effects);
    }
}

fn scroll(model: &mut Model, down: bool) {
    let most = view::drafts::hidden_lines(model);
    if let Some(shown) = shown(model) {
        shown.scroll = match down {
            true => (shown.scroll + 5).min(most),
            false => shown.scroll.saturating_sub(5),
        };
    }
}

/// Goes to the conversation of a draft, and on with it, where that is still possible; else it is there to be read.
fn enter(model: &mut Model, kept: &Kept, effects: &mut Vec<Effect>) {
    if let Where::Elsewhere(_) = kept.place {
        let text = say!(
            "Another console of yours has it, and may be writing it: here {}",
            readable(model)
        );
        return model.say(Tone::Plain, text);
    }
    let id = &kept.conversation;
    if model.list.inbox.find(id).is_some() {
        model
            .layers
            .retain(|layer| !matches!(layer, Layer::Drafts(_)));
        moving::land(model, id, effects);
        moving::enter(model, effects);
        return go_on(model, &draft_key(kept), effects);
    }
    let (name, readable) = (keeping::called(kept), readable(model));
    let Some(shown) = shown(model) else { return };
    match shown.known.get(id) {
        Some(Known {
            detail: Some(detail),
            ..
        }) => {
            let detail = detail.clone();
            show(model, &draft_key(kept), *detail, effects);
        }
        Some(Known {
            loaded: Loaded::Failed(why),
            ..
        }) => {
            let text = say!("{name} cannot be opened: {why} · here {readable}");
            shown.known.remove(id); // The next time it is asked anew.
            model.say(Tone::Plain, text);
        }
        _ => {
            shown.going = Some(draft_key(kept));
            ask(shown, id.clone(), effects);
        }
    }
}

/// What can be done with a draft that cannot be gone on with.
fn readable(model: &Model) -> Safe {
    let copy = keys::here(model, Place::Drafts, Command::Copy);
    say!("it can be read, and copied with {copy}")
}

/// How the conversation of a draft stands is known, or that it is out of sight.
pub(super) fn detail(
    model: &mut Model,
    id: &ConversationId,
    result: &Result<Box<Detail>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(shown) = shown(model).filter(|shown| shown.known.contains_key(id)) else {
        return;
    };
    let known = match result {
        Ok(detail) => Known {
            loaded: Loaded::Yes,
            detail: Some(detail.clone()),
        },
        Err(trouble) => Known {
            loaded: Loaded::Failed(match trouble {
                Trouble::NotFound => Safe::literal("it is out of your sight now"),
                other => say!("{other}"),
            }),
            detail: None,
        },
    };
    shown.known.insert(id.clone(), known);
    let going = shown.going.take_if(|going| going.1 == *id);
    if let Some(going) = going {
        let all = model.all_drafts();
        if let Some(kept) = all.iter().find(|kept| draft_key(kept) == going) {
            enter(model, kept, effects);
        }
    }
}

/// Shows a conversation that is not in the list, a closed one say.
fn show(model: &mut Model, key: &DraftKey, detail: Detail, effects: &mut Vec<Effect>) {
    let open = Open {
        actions: Some(detail.actions),
        ..Open::new(detail.row)
    };
    // A reply that cannot be gone on with is read where it is.
    if key.0 == Kind::Reply
        && let Some(why) = verdict::of_shown(&open, model.now)
    {
        let text = say!("{why} · here {}", readable(model));
        return model.say(Tone::Plain, text);
    }
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Drafts(_)));
    let id = open.row.id.clone();
    model.open = Some(open);
    model.pane = Pane::Conversation;
    reading::rested(model, &id, effects);
    go_on(model, key, effects);
}

/// Goes on with a draft in the conversation shown.
fn go_on(model: &mut Model, key: &DraftKey, effects: &mut Vec<Effect>) {
    if key.2.is_some() {
        let _ = keeping::bring_here(model, key, effects);
    }
    match key.0 {
        Kind::Reply => writing::begin(model, effects),
        Kind::Note => noting::begin(model, effects),
    }
}
