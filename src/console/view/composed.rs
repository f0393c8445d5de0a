//! What is being written in the rows in which it is shown, and what is to be known before it is sent: how high its box is,
//! and what stands in it.

use std::{ops::Range, time::Duration};

use crate::{
    console::{
        command::{Command, Place},
        compose::{Composer, Kind},
        model::Model,
        theme::Role,
        words::{keys, time, unsure},
    },
    domain::{
        row::Row,
        text::{Safe, caret, wrap},
    },
    say,
};

/// Lines of text shown at once.
const LINES: u16 = 8;

/// The lines the box wants in a pane of that width.
#[must_use]
pub(super) fn height(model: &Model, composer: &Composer, width: u16) -> u16 {
    let ascii = model.ascii;
    let text = Safe::text(&composer.text()).for_screen(ascii);
    let rows = wrap(&text, measure(width)).take(usize::from(LINES)).count();
    let words = state(model, composer).map_or(0, |(words, _)| {
        wrap(&words.for_screen(ascii), measure(width))
            .take(usize::from(LINES))
            .count()
    });
    u16::try_from(rows + words).unwrap_or(LINES) + 2
}

/// The columns of the text, with one left for the caret behind a full row.
pub(super) fn measure(width: u16) -> usize {
    usize::from(width.saturating_sub(7).max(1))
}

/// Why it is not simply a text to type on, or what is to be known before it is sent.
pub(super) fn state(model: &Model, composer: &Composer) -> Option<(Safe, Role)> {
    if let Some(why) = composer.is_still() {
        let kept = match (&composer.frozen, composer.text().trim().is_empty()) {
            (None, false) => " · your text is kept, Esc leaves",
            (None, true) => " · Esc leaves",
            (Some(_), _) => "",
        };
        return Some((say!("! {why}{kept}"), Role::Warning));
    }
    if composer.sending.is_some() {
        let words = match composer.kind {
            Kind::Reply => "sending…",
            Kind::Note => "keeping…",
        };
        return Some((Safe::literal(words), Role::Accent));
    }
    if let Some(waiting) = composer.waiting {
        let left = waiting
            .until
            .since(model.now)
            .as_millis()
            .div_ceil(1000)
            .max(1);
        let back = keys::here(model, Place::Waiting, Command::TakeBack);
        let words = say!("goes out in {left} s · {back} takes it back");
        return Some((words, Role::Warning));
    }
    if let Some(words) = crossed(model, composer) {
        return Some((words, Role::Warning));
    }
    if let Some(unsure) = model.unsure() {
        return Some((say!("! {}", unsure::words(model, unsure)), Role::Warning));
    }
    let soon = (composer.kind == Kind::Reply).then(|| soon_over(model, &composer.row));
    soon.flatten()
        .map(|words| (say!("! {words}"), Role::Warning))
}

/// That a colleague wrote in between, who, and how long ago.
fn crossed(model: &Model, composer: &Composer) -> Option<Safe> {
    let ago = |at| match model.now.since(at).as_secs() {
        0 => Safe::literal("just now"),
        seconds @ 1..60 => say!("{seconds} s ago"),
        _ => say!("{} ago", time::wait(at, model.now)),
    };
    let send = send_key(model);
    match (composer.crossed, &composer.crossed_by) {
        (true, Some((who, at))) => Some(say!(
            "! {who} replied {}: read it, {send} sends anyway",
            ago(*at)
        )),
        (true, None) => Some(say!(
            "! A colleague replied meanwhile: read it, {send} sends anyway"
        )),
        (false, _) => {
            let message = model.unseen_reply(composer)?;
            let who = &message.sender.as_ref()?.name;
            Some(say!(
                "! {who} replied {}: read it before you send",
                ago(message.at)
            ))
        }
    }
}

/// How long free text may still be sent, where that is soon over (S6).
fn soon_over(model: &Model, row: &Row) -> Option<Safe> {
    let until = row.reply_until.filter(|until| *until > model.now)?;
    let left = until.since(model.now);
    (left < Duration::from_secs(15 * 60))
        .then(|| say!("free text only until {}", time::of_day(model, until)))
}

/// The key that sends, as this advisor has set it.
fn send_key(model: &Model) -> Safe {
    keys::here(model, Place::Composer, Command::Send)
}

/// What is written in rows, as it is shown, and where the caret is in it.
pub(super) struct Shown {
    pub(super) source: String,
    pub(super) text: Safe,
    pub(super) rows: Vec<Range<usize>>,
    pub(super) caret: caret::Place,
}

impl Shown {
    pub(super) fn of(composer: &Composer, width: u16, ascii: bool) -> Self {
        let source = composer.text();
        let text = Safe::text(&source).for_screen(ascii);
        let rows: Vec<Range<usize>> = wrap(&text, measure(width)).collect();
        let offset = length(&source, composer.caret(), ascii).min(text.len());
        let caret = caret::place(&text, &rows, offset);
        Self {
            source,
            text,
            rows,
            caret,
        }
    }
}

/// What stands before an offset, as it is shown, is as long as what is there is far.
pub(super) fn length(source: &str, offset: usize, ascii: bool) -> usize {
    let before = source.get(..offset).unwrap_or(source);
    Safe::text(before).for_screen(ascii).len()
}
