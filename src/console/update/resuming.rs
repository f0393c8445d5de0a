//! Going on where one was when the terminal, or the program, dropped: the same view, cursor and draft, by themselves
//! (R17). Who left by their own will finds the same view. The first key ends it: whoever types goes where they want.

use super::{listing, loading, moving, noting, reading, surprise, writing};
use crate::{
    console::{
        bookmark::{Bookmark, Left},
        command::Command,
        compose::{Kind, name_of},
        draft::Where,
        effect::Effect,
        model::{Loaded, Model, Pane, Resume, Tone},
        words::{keys, time},
    },
    desk::{From, Queue},
    domain::{id::ConversationId, moment::Moment, text::Safe},
    say,
};

/// What a console left that is there no more, and when one of this account was last there. Heard of before it is known
/// who we are.
pub(super) fn found(
    model: &mut Model,
    left: Option<Left>,
    seen: Option<Moment>,
    effects: &mut Vec<Effect>,
) {
    model.there.seen = seen;
    let is_typing = model.there.pressed > Moment::default();
    let Some(left) = left.filter(|_| !is_typing) else {
        return;
    };
    let Bookmark {
        view,
        queue,
        cursor,
        ..
    } = left.bookmark.clone();
    let queue = queue.filter(|id| model.queues.is_empty() || is_among(&model.queues, id));
    let is_there = (model.list.view, &model.list.queue) == (view, &queue);
    model.list.view = view;
    model.list.queue = queue;
    let is_held = |id: &ConversationId| model.list.loaded && model.list.inbox.find(id).is_some();
    if !is_there || cursor.as_ref().is_some_and(|id| !is_held(id)) {
        model.list.cursor = cursor.clone();
        // What came before was another screen.
        model.list.loaded = false;
        model.open = None;
        loading::load(model, cursor.map_or(From::Start, From::Around), effects);
    }
    model.resume = Some(Resume {
        left,
        drafts: false,
    });
}

/// The queues are known: one that was shown and is none any more is shown no longer.
pub(super) fn queues(model: &mut Model, queues: &[Queue], effects: &mut Vec<Effect>) {
    let shown = model.list.queue.as_ref();
    if model.queues.is_empty() && shown.is_some_and(|id| !is_among(queues, id)) {
        model.list.queue = None;
        listing::show(model, effects);
    }
}

fn is_among(queues: &[Queue], id: &crate::domain::id::QueueId) -> bool {
    queues.iter().any(|queue| queue.queue.id == *id)
}

/// The drafts are known, or that there are none to be had.
pub(super) fn drafts(model: &mut Model) {
    if let Some(resume) = &mut model.resume {
        resume.drafts = true;
    }
}

/// Goes on where one was, as far as what is needed for it is here.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(resume) = &model.resume else { return };
    let is_listed = model.list.loaded && model.list.loading.is_none();
    if model.me.is_none() || !is_listed || !resume.drafts {
        return;
    }
    let Left { bookmark, at } = resume.left.clone();
    let at = time::stamp(at, model.now, &model.zone);
    let written = bookmark
        .writing
        .clone()
        .filter(|(kind, id)| has_draft(model, *kind, id));
    if let Some((kind, id)) = &written
        && model.list.inbox.find(id).is_none()
    {
        model.resume = None;
        return not_there(model, *kind, id, &at);
    }
    let target = written
        .as_ref()
        .map(|(_, id)| id)
        .or(bookmark.cursor.as_ref());
    let Some(target) = target.filter(|id| model.list.inbox.find(id).is_some()) else {
        model.resume = None;
        return;
    };
    moving::land(model, target, effects);
    reading::rested(model, target, effects); // The first screen is whole at once.
    let Some((kind, _)) = &written else {
        if bookmark.reading {
            moving::enter(model, effects);
        }
        model.resume = None;
        let elsewhere = bookmark
            .writing
            .filter(|(kind, id)| is_elsewhere(model, *kind, id));
        let text = match (&elsewhere, &model.open) {
            (Some((kind, _)), Some(open)) => {
                let (name, what) = (name_of(&open.row), what(*kind));
                let shows = keys::named(model, Command::ShowDrafts);
                say!(
                    "Back where you were at {at}: your {what} {name} is with another console of yours now, {shows} shows it"
                )
            }
            _ => say!("Back where you were at {at}"),
        };
        return model.say(Tone::Plain, text);
    };
    let Some(open) = &model.open else { return };
    // What stands above is there to be read before one goes on.
    if matches!(open.loaded, Loaded::No | Loaded::Asked) {
        return;
    }
    let (name, what) = (name_of(&open.row), what(*kind));
    model.resume = None;
    moving::enter(model, effects);
    model.pane = Pane::Conversation;
    let text = say!("Back where you were at {at}: your {what} {name} is not sent yet");
    model.say(Tone::Plain, text);
    match kind {
        Kind::Reply => writing::begin(model, effects),
        Kind::Note => noting::begin(model, effects),
    }
    if model.composer.is_some() {
        surprise::opened(model);
    }
}

fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Reply => "reply to",
        Kind::Note => "note on",
    }
}

/// What was written to is in this list no more.
fn not_there(model: &mut Model, kind: Kind, id: &ConversationId, at: &Safe) {
    let shows = keys::named(model, Command::ShowDrafts);
    let about = model.shelf.about.get(&(kind, id.clone()));
    let name = match about.map(|(_, of)| of.as_str()) {
        Some(of) if !of.is_empty() => say!("{}", of.split(" · ").next().unwrap_or(of)),
        _ => Safe::literal("somebody"),
    };
    let what = what(kind);
    let text = say!(
        "At {at} you were writing a {what} {name}, who is not in this list any more · it is kept, {shows} shows it"
    );
    model.say(Tone::Warning, text);
}

fn has_draft(model: &Model, kind: Kind, id: &ConversationId) -> bool {
    let here = match kind {
        Kind::Reply => model.drafts.get(id),
        Kind::Note => model.notes.get(id),
    };
    let aside = model.shelf.others.iter().any(|kept| {
        kept.kind == kind && kept.conversation == *id && matches!(kept.place, Where::Aside(_))
    });
    here.is_some_and(|text| !text.trim().is_empty()) || aside
}

fn is_elsewhere(model: &Model, kind: Kind, id: &ConversationId) -> bool {
    let mut others = model.shelf.others.iter();
    others.any(|kept| kept.kind == kind && kept.conversation == *id)
}

/// Has it kept where one is, whenever that changes.
pub(super) fn keep(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.me.is_none() || model.resume.is_some() || !model.list.loaded {
        return;
    }
    let list = model
        .finding
        .as_ref()
        .map_or(&model.list, |finding| &finding.kept);
    let writing = model.composer.as_ref();
    let bookmark = Bookmark {
        view: list.view,
        queue: list.queue.clone(),
        cursor: list.cursor.clone(),
        reading: model.pane != Pane::List && model.finding.is_none(),
        writing: writing.map(|composer| (composer.kind, composer.row.id.clone())),
    };
    if model.bookmarked.as_ref() != Some(&bookmark) {
        model.bookmarked = Some(bookmark.clone());
        effects.push(Effect::Bookmark(bookmark));
    }
}
