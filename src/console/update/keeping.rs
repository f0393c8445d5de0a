//! Drafts as they are typed, found, gone on with and dropped: nothing that was written is lost, and of several of one
//! conversation each is kept (R23).

use super::there;
use crate::{
    console::{
        command::{Command, Place},
        compose::{Kind, addressee, name_of},
        draft::{Kept, Order, Unsure, Where},
        effect::Effect,
        model::{DraftKey, Model, Tone, draft_key},
        pending::{Asked, Pending},
        words::keys,
    },
    domain::{id::ConversationId, row::Row},
    say,
};

/// Something was typed, or erased.
pub(super) fn written(
    model: &mut Model,
    kind: Kind,
    row: &Row,
    text: String,
    effects: &mut Vec<Effect>,
) {
    let of = (kind, row.id.clone());
    if text.is_empty() {
        model.drafts_of(kind).remove(&row.id);
        model.shelf.about.remove(&of);
    } else {
        model.drafts_of(kind).insert(row.id.clone(), text.clone());
        model.shelf.about.insert(of, (model.now, addressee(row)));
    }
    effects.push(Effect::KeepDraft(kind, row.id.clone(), text));
}

/// The desk has it: it is no draft any more.
pub(super) fn gone(model: &mut Model, kind: Kind, id: &ConversationId, effects: &mut Vec<Effect>) {
    model.drafts_of(kind).remove(id);
    model.shelf.about.remove(&(kind, id.clone()));
    model.shelf.unsure.remove(&(kind, id.clone()));
    effects.push(Effect::KeepDraft(kind, id.clone(), String::new()));
}

/// The desk surely does not have it: asking for it again is another operation.
pub(super) fn not_taken(
    model: &mut Model,
    kind: Kind,
    id: &ConversationId,
    effects: &mut Vec<Effect>,
) {
    model.shelf.unsure.remove(&(kind, id.clone()));
    effects.push(Effect::Draft(Order::NotTaken(kind, id.clone())));
}

/// What is written goes to the desk. On the disk stands before under which operation id: whoever finds the draft after a kill
/// asks again as this did, and nothing is done twice (R20).
pub(super) fn goes_out(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(name) = model.composer.as_ref().map(|c| name_of(&c.row)) else {
        return;
    };
    let Some((unsure, was_asked)) = asking(model) else {
        return;
    };
    let (asked, effect) = match unsure.kind {
        Kind::Reply => {
            let reply = unsure.reply();
            (Asked::Reply(reply.clone()), Effect::Send(reply))
        }
        Kind::Note => {
            let act = unsure.note();
            (Asked::Act(act.clone()), Effect::Act(act))
        }
    };
    let pending = Pending::new(unsure.operation.clone(), name, asked, unsure.at);
    model.pending.push(match was_asked {
        true => pending.again(unsure.at),
        false => pending,
    });
    effects.push(Effect::Draft(Order::Asking(unsure)));
    effects.push(effect);
}

/// The desk is about to be asked to take what is written, which is on its way from now on. What was asked before, and
/// nobody knows what became of it, is asked again as it was: then nothing is taken twice (R20). Unless that is too long
/// ago for the desk to know. Whether it was asked before is given too.
fn asking(model: &mut Model) -> Option<(Unsure, bool)> {
    let fresh = model.numbers.operation();
    let composer = model.composer.as_mut()?;
    let (kind, text) = (composer.kind, composer.text());
    let of = (kind, composer.row.id.clone());
    let before = model.shelf.unsure.get(&of);
    let before = before.filter(|b| b.text == text && b.can_be_asked(model.now));
    let (unsure, was_asked) = match before {
        Some(before) => (before.clone(), true),
        None => {
            let reply = (kind == Kind::Reply).then_some(&*composer);
            let unsure = Unsure {
                kind,
                at: model.now,
                operation: fresh,
                conversation: composer.row.id.clone(),
                text,
                expected_assignee: reply.map(|reply| reply.expected.clone()),
                seen: reply.and_then(|reply| reply.seen.clone()),
            };
            (unsure, false)
        }
    };
    composer.sending = Some(unsure.operation.clone());
    model.shelf.unsure.insert(of, unsure.clone());
    Some((unsure, was_asked))
}

/// What is to be gone on with when a composer opens: the draft here, else the newest one kept beside.
pub(super) fn take_up(
    model: &mut Model,
    kind: Kind,
    row: &Row,
    effects: &mut Vec<Effect>,
) -> String {
    effects.push(Effect::Draft(Order::Name(
        kind,
        row.id.clone(),
        addressee(row),
    )));
    let here = model
        .drafts_of(kind)
        .get(&row.id)
        .cloned()
        .unwrap_or_default();
    if !here.trim().is_empty() {
        return here;
    }
    let mut beside: Vec<&Kept> = model.shelf.others.iter().collect();
    beside.retain(|kept| kept.kind == kind && kept.conversation == row.id);
    beside.retain(|kept| matches!(kept.place, Where::Aside(_)));
    match beside
        .iter()
        .max_by_key(|kept| kept.at)
        .map(|kept| draft_key(kept))
    {
        Some(key) => bring_here(model, &key, effects),
        None => here,
    }
}

/// One kept beside is gone on with; what was here is kept beside. Gives what it says.
pub(super) fn bring_here(model: &mut Model, key: &DraftKey, effects: &mut Vec<Effect>) -> String {
    let (kind, id, name) = key;
    let Some(name) = name else {
        return model.drafts_of(*kind).get(id).cloned().unwrap_or_default();
    };
    let Some(at) = model
        .shelf
        .others
        .iter()
        .position(|kept| draft_key(kept) == *key)
    else {
        return String::new();
    };
    let kept = model.shelf.others.remove(at);
    let of = (*kind, id.clone());
    model.drafts_of(*kind).insert(id.clone(), kept.text.clone());
    model.shelf.about.insert(of.clone(), (kept.at, kept.of));
    match kept.asked {
        Some(asked) => drop(model.shelf.unsure.insert(of, asked)),
        None => drop(model.shelf.unsure.remove(&of)), // It went aside with what was here.
    }
    // What was here is heard of again as what is kept beside it.
    effects.push(Effect::Draft(Order::TakeUp(
        *kind,
        id.clone(),
        name.clone(),
    )));
    kept.text
}

/// Drafts were found on disk: at the start, or those of other consoles, and of ones that ended since.
pub(super) fn found(model: &mut Model, kept: Vec<Kept>) {
    let elsewhere = |kept: &Kept| matches!(kept.place, Where::Elsewhere(_));
    model.shelf.others.retain(|kept| !elsewhere(kept));
    for draft in kept {
        match draft.place {
            Where::Here => here(model, draft),
            _ => {
                let key = draft_key(&draft);
                model.shelf.others.retain(|known| draft_key(known) != key);
                model.shelf.others.push(draft);
            }
        }
    }
    there::kept(model);
    let composer = model.composer.as_ref();
    let twin = composer.filter(|composer| {
        let mut others = model.shelf.others.iter().filter(|kept| elsewhere(kept));
        others.any(|kept| kept.kind == composer.kind && kept.conversation == composer.row.id)
    });
    let shows = keys::named(model, Command::ShowDrafts);
    if let Some(name) = twin.map(|composer| name_of(&composer.row)) {
        let text = say!(
            "Another console of yours has a draft to {name} too: both are kept, {shows} shows them"
        );
        model.say(Tone::Warning, text);
    }
}

fn here(model: &mut Model, draft: Kept) {
    let (kind, id) = (draft.kind, draft.conversation);
    model
        .shelf
        .about
        .insert((kind, id.clone()), (draft.at, draft.of));
    if let Some(asked) = draft.asked {
        model.shelf.unsure.insert((kind, id.clone()), asked);
    }
    model.drafts_of(kind).insert(id.clone(), draft.text.clone());
    // A composer that opened before it was known goes on with it.
    let composer = model.composer.as_mut();
    let empty = composer.filter(|c| c.kind == kind && c.row.id == id && c.text().is_empty());
    if let Some(composer) = empty {
        composer.paste(&draft.text);
    }
}

/// It is no draft any more; `z` brings it back. Another console's is its own.
pub(super) fn drop_one(model: &mut Model, kept: Kept, effects: &mut Vec<Effect>) {
    let (kind, id) = (kept.kind, kept.conversation.clone());
    match &kept.place {
        Where::Here => gone(model, kind, &id, effects),
        Where::Aside(name) => {
            let key = draft_key(&kept);
            model.shelf.others.retain(|other| draft_key(other) != key);
            effects.push(Effect::Draft(Order::Drop(kind, id, name.clone())));
        }
        Where::Elsewhere(_) => {
            let text =
                say!("Another console of yours has it, and may be writing it: drop it there");
            return model.say(Tone::Plain, text);
        }
    }
    let undo = keys::here(model, Place::Drafts, Command::Undo);
    let what = match kind {
        Kind::Reply => "the draft to",
        Kind::Note => "the draft of a note on",
    };
    model.say(
        Tone::Plain,
        say!("Dropped {what} {} · {undo} brings it back", called(&kept)),
    );
    model.shelf.dropped = Some((model.now, kept));
}

/// Brings back the draft that was dropped last.
pub(super) fn bring_back(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some((_, kept)) = model.shelf.dropped.take() else {
        let text = say!("No draft was dropped that could be brought back");
        return model.say(Tone::Plain, text);
    };
    let (kind, id) = (kept.kind, kept.conversation.clone());
    model.say(
        Tone::Plain,
        say!("Brought back the draft to {}", called(&kept)),
    );
    if model.drafts_of(kind).contains_key(&id) {
        model.shelf.unsure.remove(&(kind, id.clone()));
        effects.push(Effect::Draft(Order::SetAside(kind, id.clone())));
    }
    effects.push(Effect::Draft(Order::Name(
        kind,
        id.clone(),
        kept.of.clone(),
    )));
    if let Some(asked) = &kept.asked {
        effects.push(Effect::Draft(Order::Asking(asked.clone())));
    }
    effects.push(Effect::KeepDraft(kind, id.clone(), kept.text.clone()));
    here(model, kept);
}

/// Whom a draft is to, as short as can be.
pub(super) fn called(kept: &Kept) -> crate::domain::text::Safe {
    let whole = kept.of.as_str();
    match whole.split_once(" · ") {
        Some((name, _)) => say!("{name}"),
        None if whole.is_empty() => say!("{}", kept.conversation),
        None => kept.of.clone(),
    }
}
