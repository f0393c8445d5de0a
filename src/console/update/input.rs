//! Keys, paste and mouse: what they mean where they are pressed.

use ratatui_textarea::CursorMove;

use super::{
    acting, acts, alone, asking, choosing, chosen, composing, delaying, dots, drafts, finding,
    layers, leaving, listing, locking, moving, notices, noting, panel, phrasing, reading,
    refetching, scrolling, showing, some, there, writing,
};
use crate::{
    console::{
        command::{Binding, Command, Place},
        compose::Edit,
        effect::Effect,
        input::{Arrived, Input, Mouse, MouseKind},
        key::Key,
        model::{Choosing, Field, Layer, Loaded, Model, Pane, Tone},
        view::{hit::hit, target::Target},
        words::keys,
    },
    domain::{action::Action, text::Safe},
    say,
};

/// Takes in what somebody did at the terminal.
pub(super) fn handle(model: &mut Model, arrived: Arrived, effects: &mut Vec<Effect>) {
    if locking::takes(model, &arrived, effects) {
        return;
    }
    there::pressed(model);
    model.resume = None;
    notices::pressed(model);
    if std::mem::take(&mut model.first_time) {
        effects.push(Effect::BegunOnce);
    }
    match arrived.input {
        Input::Key(key) => press(model, key, arrived.burst, effects),
        Input::Paste(text) => paste(model, &text, effects),
        Input::Mouse(mouse) => click(model, mouse, effects),
    }
}

fn press(model: &mut Model, key: Key, burst: bool, effects: &mut Vec<Effect>) {
    let place = model.place();
    let may_ask = place.asks() || matches!(place, Place::Composer | Place::Note);
    if may_ask && model.asked.is_some() {
        let text = say!("{key} was typed before this could be read, and was dropped");
        return model.say(Tone::Plain, text);
    }
    let typed = place.takes_text() && matches!(key, Key::Char(_));
    match model.keymap.lookup(place, key).filter(|_| !typed) {
        // In a burst faster than a person types movement counts and acts are dropped, by name (R7).
        Some(command)
            if burst && (command.acts() || (command == Command::Enter && enter_acts(model))) =>
        {
            let text = say!("Several keys came at once: did not do {key}, press it again");
            model.say(Tone::Warning, text);
        }
        Some(command) => run(model, command, effects),
        None => match place {
            Place::Composer | Place::Note => composing::type_key(model, key, effects),
            text if text.takes_text() => layers::type_key(model, key, effects),
            Place::Waiting => delaying::typed(model, key, effects),
            Place::Menu if burst => {}
            Place::Menu => dots::press(model, key, effects),
            _ => {}
        },
    }
}

/// Whether Enter would do something to a conversation; choosing what the list shows, or what to copy, does nothing.
fn enter_acts(model: &Model) -> bool {
    match model.layers.last() {
        Some(Layer::Picker(picker)) => matches!(
            picker.choosing,
            Choosing::Move(_) | Choosing::Assign(_) | Choosing::Status(_) | Choosing::ByName(_)
        ),
        _ => model.place().enter_acts(),
    }
}

fn in_layer(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let row = layers::command(model, command, effects);
    run_row(model, row, effects);
}

/// Does what a row of the table says, if one was chosen, where it makes sense from there.
fn run_row(model: &mut Model, row: Option<Binding>, effects: &mut Vec<Effect>) {
    let Some(row) = row else { return };
    listing::let_go(model, effects); // What waited under the layer is told now (R22).
    let here = model.place();
    if here.reach().contains(&row.place) {
        run(model, row.command, effects);
    } else {
        let text = say!("That is for: {}", row.place.title());
        model.say(Tone::Plain, text);
    }
}

fn run(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    // What was said last stays until the next act.
    model.notice_is_over |= command.acts();
    match model.place() {
        Place::Composer | Place::Note | Place::Waiting => in_composer(model, command, effects),
        Place::List | Place::Conversation | Place::Panel => in_panes(model, command, effects),
        _ => match command {
            Command::Help if !matches!(model.layers.last(), Some(Layer::Help { .. })) => {
                model.layers.push(Layer::Help { cursor: 0 });
            }
            Command::ByName => choosing::by_name(model),
            Command::Refresh | Command::Suspend | Command::Redraw => {
                everywhere(model, command, effects)
            }
            Command::Quit => drop(model.layers.pop()),
            other => in_layer(model, other, effects),
        },
    }
}

fn in_composer(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Back => composing::leave(model),
        Command::Send => writing::send(model, effects),
        Command::NewLine => composing::edit(model, None, effects),
        Command::Phrase => phrasing::open(model, effects),
        Command::TakeBack => delaying::take_back(model),
        other => {
            if let Some(edit) = edit(other) {
                composing::edit(model, Some(edit), effects);
            }
        }
    }
}

/// What a command does to the text that is written.
fn edit(command: Command) -> Option<Edit> {
    Some(match command {
        Command::UndoTyping => Edit::Undo,
        Command::LineStart => Edit::Move(CursorMove::Head),
        Command::LineEnd => Edit::Move(CursorMove::End),
        Command::WordLeft => Edit::Move(CursorMove::WordBack),
        Command::WordRight => Edit::Move(CursorMove::WordForward),
        Command::EraseWord => Edit::EraseWord,
        Command::EraseToEnd => Edit::EraseToEnd,
        Command::EraseToStart => Edit::EraseToStart,
        Command::PutBack => Edit::PutBack,
        _ => return None,
    })
}

fn in_panes(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    // What `z` takes back is the last act, wherever the cursor is by now.
    let by_cursor = command.means_a_conversation() && command != Command::Undo;
    if by_cursor && !acting::is_meant(model, command) {
        return;
    }
    if by_cursor && model.subject().is_none() {
        let text = "There is no conversation here to do that with";
        return model.say(Tone::Plain, Safe::literal(text));
    }
    match command {
        Command::Unassign => acting::unassign(model, effects),
        Command::Take => acting::take(model, effects),
        Command::Undo => acting::undo(model, effects),
        Command::Reason => {
            if let Some(subject) = model.subject() {
                asking::reason(model, subject);
            }
        }
        Command::Assign => choose_for(model, Action::Assign, effects),
        Command::Move => choose_for(model, Action::Move, effects),
        Command::Status => choose_for(model, Action::Status, effects),
        Command::Reply => {
            if acting::only_one(model, "A reply").is_some() {
                writing::open(model, effects);
            }
        }
        Command::Note => {
            if acting::only_one(model, "A note").is_some() {
                noting::open(model, effects);
            }
        }
        Command::Copy => {
            if let Some(row) = acting::only_one(model, "Copying") {
                choosing::text_to_copy(model, row);
            }
        }
        Command::Away => there::away_or_back(model),
        Command::HandBackSome => some::open(model, effects),
        Command::MyActs => acts::open(model, effects),
        Command::Notices => notices::open(model),
        Command::ByName => choosing::by_name(model),
        Command::Menu => dots::open(model, effects),
        Command::Mark => {
            acting::mark(model);
            moving::by(model, 1, effects);
        }
        Command::Enter => moving::enter(model, effects),
        Command::Back if model.pane != Pane::List => back(model, effects),
        Command::Back if model.panel.is_some() => panel::close(model),
        Command::Back if !model.marks.is_empty() => model.marks.clear(),
        Command::Back if model.finding.is_some() => finding::leave(model, effects),
        Command::Back => layers::clear_filter(model, effects),
        Command::OtherPane => moving::other_pane(model, effects),
        Command::Panel if model.panel.is_some() => panel::close(model),
        Command::Panel => {
            moving::show_what_is_meant(model, effects);
            panel::open(model, effects);
        }
        Command::Alone => alone::open(model, effects),
        Command::Explain => reading::explain(model),
        Command::NextUnanswered => moving::next_unanswered(model, effects),
        Command::PreviousUnanswered => moving::previous_unanswered(model, effects),
        Command::Show(view) => showing::show_view(model, view, effects),
        Command::PickQueue => {
            finding::leave(model, effects);
            choosing::shown_queue(model);
        }
        Command::Find => finding::open(model, effects),
        Command::Filter => {
            finding::leave(model, effects);
            let text = model.list.filter.clone();
            model.layers.push(Layer::Filter(Field { text }));
        }
        Command::ShowDrafts => drafts::open(model, effects),
        Command::Help => model.layers.push(Layer::Help { cursor: 0 }),
        Command::Quit => {
            finding::leave(model, effects);
            leaving::quit(model, effects);
        }
        Command::Refresh | Command::Suspend | Command::Redraw => {
            everywhere(model, command, effects)
        }
        movement => moving::go(model, movement, effects),
    }
}

/// Back to the list: what the right pane shows is what its cursor is on.
fn back(model: &mut Model, effects: &mut Vec<Effect>) {
    moving::back(model);
    moving::follow(model, effects);
}

fn choose_for(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if let Some(subject) = model.subject() {
        choosing::for_act(model, action, subject, effects);
    }
}

fn everywhere(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Refresh => refetching::everything(model, effects),
        Command::Suspend => effects.push(Effect::Suspend),
        _ => effects.push(Effect::Redraw),
    }
}

/// Paste goes only into text fields; anywhere else it is dropped, and says so (R7).
fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    match model.place() {
        Place::Composer | Place::Note => composing::paste(model, text, effects),
        place if place.takes_text() => layers::paste(model, text, effects),
        _ => {
            let reply = keys::named(model, Command::Reply);
            model.say(
                Tone::Warning,
                say!("A paste was dropped: press {reply} to write a reply, then paste"),
            );
        }
    }
}

fn click(model: &mut Model, mouse: Mouse, effects: &mut Vec<Effect>) {
    let target = hit(model, mouse.column, mouse.row);
    match (mouse.kind, target) {
        (MouseKind::WheelUp, target) => wheel(model, target, Command::Up, effects),
        (MouseKind::WheelDown, target) => wheel(model, target, Command::Down, effects),
        (MouseKind::Press, Some(target)) => press_on(model, target, effects),
        (MouseKind::Press, None) if !model.layers.is_empty() => drop(model.layers.pop()),
        _ => {}
    }
}

fn wheel(model: &mut Model, target: Option<Target>, to: Command, effects: &mut Vec<Effect>) {
    if !model.layers.is_empty() {
        in_layer(model, to, effects);
    } else if target == Some(Target::Panel) {
        for _ in 0..3 {
            panel::scroll(model, to, effects);
        }
    } else if matches!(target, Some(Target::Conversation | Target::Dots)) {
        for _ in 0..3 {
            scrolling::scroll(model, to, effects);
        }
    } else if model.composer.is_none() {
        moving::by(model, if to == Command::Down { 1 } else { -1 }, effects);
    }
}

fn press_on(model: &mut Model, target: Target, effects: &mut Vec<Effect>) {
    match target {
        Target::MenuItem(index) => {
            if let Some(Layer::Menu(menu)) = model.layers.last_mut() {
                menu.cursor = index;
            }
            dots::choose(model, index, effects);
        }
        Target::PickerItem(index) => {
            let row = chosen::choose(model, index, effects);
            run_row(model, row, effects);
        }
        // What was clicked before the question could be seen meant something else (R22).
        Target::Answer(_) if model.asked.is_some() => {}
        Target::Answer(index) => asking::answer_with(model, index, effects),
        Target::HelpItem(index) => {
            if let Some(Layer::Help { cursor }) = model.layers.last_mut() {
                *cursor = index;
            }
            in_layer(model, Command::Enter, effects);
        }
        Target::Some(spot) => some::press(model, spot, effects),
        Target::ActLine(line) => acts::press(model, line, effects),
        Target::Draft(index) => drafts::press(model, index, effects),
        Target::Tab(view) if model.drafts_shown().is_some() => {
            model.layers.clear();
            showing::show_view(model, view, effects);
        }
        Target::NoticeLine(index) => {
            if let Some(Layer::Notices(cursor)) = model.layers.last_mut() {
                *cursor = index;
            }
        }
        Target::PreviewItem(_) | Target::Layer | Target::Composer => {}
        Target::Outside => drop(model.layers.pop()),
        _ if !model.layers.is_empty() => drop(model.layers.pop()),
        // While a reply is being written the cursor is locked.
        _ if model.composer.is_some() => {}
        Target::Row(id) => {
            moving::back(model);
            moving::land(model, &id, effects);
        }
        Target::Tab(view) => showing::show_view(model, view, effects),
        Target::Queue => {
            finding::leave(model, effects);
            choosing::shown_queue(model);
        }
        Target::Dots => dots::open(model, effects),
        Target::Conversation => {
            if model.open.as_ref().is_some_and(|o| o.loaded != Loaded::No)
                || model.cursor_index().is_some()
            {
                moving::enter(model, effects);
            }
        }
        Target::Panel => model.pane = Pane::Panel,
        Target::List => back(model, effects),
        Target::Drafts => drafts::open(model, effects),
    }
}
