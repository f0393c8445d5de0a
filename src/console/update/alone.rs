//! `v`: one message alone, all of it, to be read and selected with the terminal's mouse (R2, R6).

use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{Alone, Layer, Loaded, Model, Tone},
        view,
    },
    desk::{Trouble, Whole},
    domain::{
        id::{ConversationId, MessageId},
        message::Message,
        text::Safe,
    },
    say,
};

/// Opens the lowest message in sight: the newest, or the one that one has scrolled to.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    match view::messages::lowest(model).cloned() {
        Some(message) => show(model, message, false, effects),
        None => model.say(Tone::Plain, Safe::literal("No message is shown here")),
    }
}

fn show(model: &mut Model, message: Message, raw: bool, effects: &mut Vec<Effect>) {
    let Some(open) = &model.open else { return };
    let id = open.row.id.clone();
    effects.push(Effect::LoadWhole(id.clone(), message.id.clone()));
    let mut alone = Alone::new(id, message);
    alone.raw = raw;
    alone.heard = model.notices.back().cloned();
    model.layers.push(Layer::Alone(Box::new(alone)));
}

/// All of a message is here.
pub(super) fn whole(
    model: &mut Model,
    id: &ConversationId,
    message: &MessageId,
    result: Result<Box<Whole>, Trouble>,
) {
    let layers = model.layers.iter_mut();
    let Some(alone) = layers
        .filter_map(|layer| match layer {
            Layer::Alone(alone) => Some(alone),
            _ => None,
        })
        .find(|alone| alone.conversation == *id && alone.id() == message)
    else {
        return;
    };
    match result {
        Ok(whole) => {
            alone.message = whole.message;
            alone.escaped = Some(whole.escaped);
            alone.loaded = Loaded::Yes;
        }
        Err(trouble) => alone.loaded = Loaded::Failed(say!("{trouble}")),
    }
}

/// A key where it is shown.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Back => drop(model.layers.pop()),
        Command::Escaped => escaped(model),
        Command::Earlier => turn(model, false, effects),
        Command::Later => turn(model, true, effects),
        movement => scroll(model, movement),
    }
}

fn escaped(model: &mut Model) {
    let Some(Layer::Alone(alone)) = model.layers.last_mut() else {
        return;
    };
    if alone.escaped.is_none() {
        let text = match &alone.loaded {
            Loaded::Failed(why) => say!("Its characters cannot be had: {why}"),
            _ => Safe::literal("Its characters are on their way: press the key again"),
        };
        return model.say(Tone::Plain, text);
    }
    alone.raw = !alone.raw;
    alone.top = 0;
}

/// The message before, or after, among those held.
fn turn(model: &mut Model, later: bool, effects: &mut Vec<Effect>) {
    let (Some(Layer::Alone(alone)), Some(open)) = (model.layers.last(), &model.open) else {
        return;
    };
    let raw = alone.raw;
    let here = open.messages.find(alone.id().as_str());
    let there = here.and_then(|here| match later {
        true => here.checked_add(1),
        false => here.checked_sub(1),
    });
    match there.and_then(|there| open.messages.get(there)).cloned() {
        Some(message) => {
            model.layers.pop();
            show(model, message, raw, effects);
        }
        None => model.say(
            Tone::Plain,
            Safe::literal(match later {
                true => "This is the newest message that is here",
                false => "This is the oldest message that is here",
            }),
        ),
    }
}

fn scroll(model: &mut Model, command: Command) {
    let height = view::alone::height(model);
    let (columns, ascii) = (usize::from(model.size.0), model.ascii);
    let heard = model.notices.back().cloned();
    let Some(Layer::Alone(alone)) = model.layers.last_mut() else {
        return;
    };
    alone.heard = heard;
    let page = height.saturating_sub(1).max(1);
    let last = alone.page(columns, ascii).rows.len().saturating_sub(height);
    let to = match command {
        Command::Down => alone.top + 1,
        Command::Up => alone.top.saturating_sub(1),
        Command::PageDown => alone.top + page,
        Command::PageUp => alone.top.saturating_sub(page),
        Command::Top => 0,
        Command::Bottom => last,
        _ => alone.top,
    };
    alone.top = to.min(last);
}

/// While a message is shown alone the mouse is the person's, to select with.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let selecting = matches!(model.layers.last(), Some(Layer::Alone(_)));
    if selecting != model.selecting {
        model.selecting = selecting;
        effects.push(Effect::Mouse(!selecting));
    }
}
