//! Looking for conversations among all one may see: the field, what it finds, and the way back to the list.

use std::{collections::HashMap, time::Duration};

use super::{
    listing,
    loading::{self, FOUND},
    moving,
};
use crate::{
    console::{
        command::Command,
        effect::Effect,
        key::Key,
        model::{Finding, Layer, List, MOST_FOUND, Model, Pane, Ticket, Trace},
        msg::Timer,
    },
    desk::{Colleague, Found, Trouble},
    domain::{
        inbox::{Beyond, Inbox, Side},
        row::Row,
        search::{Misread, Search},
    },
    say,
};

/// How long the keys rest before the desk looks.
const REST: Duration = Duration::from_millis(120);

/// Opens the field; what was typed before is still in it.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    moving::back(model);
    if model.finding.is_none() {
        let kept = std::mem::take(&mut model.list);
        model.list = List {
            as_of: kept.as_of,
            counts: kept.counts,
            inbox: Inbox::found(Vec::new(), Beyond::End),
            ..List::default()
        };
        model.finding = Some(Finding {
            kept: Box::new(kept),
            marks: std::mem::take(&mut model.marks),
            ..Finding::default()
        });
        effects.extend([Effect::LoadStatuses, Effect::LoadPeople(None)]);
    }
    model.layers.push(Layer::Find);
}

/// Back to the list as it was, cursor and marks included; what changed there meanwhile is fetched.
pub(super) fn leave(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(finding) = model.finding.take() else {
        return;
    };
    model.layers.retain(|layer| !matches!(layer, Layer::Find));
    moving::back(model);
    model.list = *finding.kept;
    model.marks = finding.marks;
    loading::reload(model, effects);
    moving::follow(model, effects);
}

/// A command in the field.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Complete => complete(model, effects),
        Command::Enter => keep(model, effects),
        _ => {}
    }
}

/// To what was found. What cannot be read stays in the field, and is said there.
fn keep(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(finding) = &model.finding else {
        return;
    };
    match Search::parse(&finding.typed.text) {
        Ok(search) if search.is_empty() => leave(model, effects),
        Ok(search) => {
            if finding.of.as_ref() != Some(&search) {
                look_for(model, search, effects);
            }
            model.layers.pop();
            model.left_text = Some(model.now);
        }
        Err(misread) => misread_is(model, &misread),
    }
}

/// Takes what is offered first.
fn complete(model: &mut Model, effects: &mut Vec<Effect>) {
    let offer = model
        .finding
        .as_ref()
        .and_then(|finding| finding.offers(model).into_iter().next());
    if let (Some(offer), Some(finding)) = (offer, &mut model.finding) {
        finding.typed.text = offer.text;
        typed(model, effects);
    }
}

/// A key in the field.
pub(super) fn type_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    let changed = model
        .finding
        .as_mut()
        .is_some_and(|finding| finding.typed.type_key(key));
    if changed {
        typed(model, effects);
    }
}

/// Something was typed: the desk looks once the keys rest.
fn typed(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(finding) = &mut model.finding else {
        return;
    };
    finding.wish = None;
    match Search::parse(&finding.typed.text) {
        Err(misread) => return misread_is(model, &misread),
        Ok(_) => finding.misread = None,
    }
    let ticket = model.numbers.ticket();
    if let Some(finding) = &mut model.finding {
        finding.wish = Some(ticket);
    }
    effects.push(Effect::After(REST, Timer::Find(ticket)));
}

fn misread_is(model: &mut Model, misread: &Misread) {
    if let Some(finding) = &mut model.finding {
        finding.misread = Some(say!("{misread}"));
    }
}

/// The keys rested.
pub(super) fn rested(model: &mut Model, ticket: Ticket, effects: &mut Vec<Effect>) {
    let Some(finding) = &mut model.finding else {
        return;
    };
    if finding.wish != Some(ticket) {
        return;
    }
    finding.wish = None;
    match Search::parse(&finding.typed.text) {
        Ok(search) if search.is_empty() => nothing_to_look_for(model),
        Ok(search) if finding.of.as_ref() != Some(&search) => look_for(model, search, effects),
        _ => {}
    }
}

fn nothing_to_look_for(model: &mut Model) {
    if let Some(finding) = &mut model.finding {
        finding.of = None;
        finding.hits.clear();
        model.marks.clear();
        model.list.inbox = Inbox::found(Vec::new(), Beyond::End);
        model.list.cursor = None;
        model.list.loading = None;
        model.list.extending = None;
        model.list.loaded = false;
    }
}

fn look_for(model: &mut Model, search: Search, effects: &mut Vec<Effect>) {
    if let Some(finding) = &mut model.finding {
        finding.of = Some(search);
        finding.wish = None;
        model.marks.clear();
        model.list.land_at = Some(Side::Before);
        loading::look_again(model, effects);
    }
}

/// What was found is here, or is not to be had.
pub(super) fn arrived(
    model: &mut Model,
    ticket: Ticket,
    result: Result<Box<Found>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let extends = model.list.extending == Some((ticket, Side::After));
    if model.finding.is_none() || (model.list.loading != Some(ticket) && !extends) {
        return; // The answer to a wish that is no more.
    }
    model.list.loading = None;
    model.list.extending = None;
    match result {
        Ok(found) if extends => more(model, *found, effects),
        Ok(found) => replace(model, *found, effects),
        Err(trouble) => model.list.trouble = Some(say!("{trouble}")),
    }
}

fn replace(model: &mut Model, found: Found, effects: &mut Vec<Effect>) {
    let Some(finding) = &mut model.finding else {
        return;
    };
    finding.partial = found.partial;
    finding.too_many = false;
    let traces = found
        .hits
        .iter()
        .map(|hit| (hit.row.id.clone(), Trace::of(hit)));
    finding.hits = traces.collect::<HashMap<_, _>>();
    let stood = model.cursor_index().unwrap_or(0);
    let walked = std::mem::take(&mut model.list.owed);
    let rows = found.hits.into_iter().map(|hit| hit.row).collect();
    let list = &mut model.list;
    list.inbox = Inbox::found(rows, Beyond::of(found.next));
    list.as_of = found.as_of;
    list.loaded = true;
    list.trouble = None;
    list.waiting.clear();
    listing::catch_up(model, effects);
    moving::arrive(model, stood, walked, effects);
    if model.list.inbox.is_empty() {
        model.list.cursor = None;
        if model.composer.is_none() && model.pane == Pane::List {
            model.open = None;
        }
    }
    loading::reach_out(model, effects);
}

fn more(model: &mut Model, found: Found, effects: &mut Vec<Effect>) {
    let Some(finding) = &mut model.finding else {
        return;
    };
    finding.partial = found.partial;
    for hit in &found.hits {
        finding
            .hits
            .entry(hit.row.id.clone())
            .or_insert_with(|| Trace::of(hit));
    }
    let rows: Vec<Row> = found.hits.into_iter().map(|hit| hit.row).collect();
    let is_full = model.list.inbox.len() + rows.len() + usize::from(FOUND) > MOST_FOUND;
    finding.too_many = is_full && found.next.is_some();
    let next = if is_full { None } else { found.next };
    model.list.inbox.extend(Side::After, rows, Beyond::of(next));
    if model.list.cursor.is_none() {
        moving::land_on(model, 0, effects);
    }
    match std::mem::take(&mut model.list.owed) {
        0 => loading::reach_out(model, effects),
        owed => moving::by(model, owed, effects),
    }
}

/// The people one may know of are here.
pub(super) fn people(model: &mut Model, people: &Result<Vec<Colleague>, Trouble>) {
    if let (Some(finding), Ok(people)) = (&mut model.finding, people) {
        finding.people.clone_from(people);
    }
}
