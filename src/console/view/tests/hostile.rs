//! The worst that strangers can write, at every size (R1, R3, R15).

use proptest::prelude::*;

use super::{frame, leader, states::STATES};
use crate::{
    console::{
        menu::Menu,
        model::{Layer, Model, Picker, Reason, Tone},
        theme::Palette,
        view::{fixture, window},
    },
    domain::{
        inbox::{Beyond, Inbox},
        moment::Moment,
        text::{self, Safe},
    },
};

/// Text of the worst kind, in every field that a stranger or a foreign desk can set (R3).
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just(String::new()),
        Just("\u{1b}[2J\u{202e}\u{9b}31m\r\n\t\u{0}".into()),
        Just("日本語のテキスト👩‍👩‍👧‍👦🏳️‍🌈e\u{301}\u{301}\u{301}\u{301}\u{301}".into()),
        Just("x".repeat(3000)),
        Just("\n".repeat(300)),
    ]
}

fn overrun(model: &mut Model, text: &str, number: usize) {
    let line = || Safe::line(text);
    let rows: Vec<_> = model
        .list
        .inbox
        .rows()
        .cloned()
        .map(|mut row| {
            row.contact.name = line();
            row.contact.address = line();
            row.channel = line();
            row.queue.name = line();
            row.status = Some(line());
            row.since = Moment(i64::from_ne_bytes(number.to_ne_bytes()));
            row.reply_until = Some(row.since);
            if let Some(assignee) = &mut row.assignee {
                assignee.name = line();
            }
            for active in &mut row.active {
                active.who.name = line();
            }
            if let Some(last) = &mut row.last_message {
                last.preview = Safe::preview(text);
            }
            row
        })
        .collect();
    if let Some(open) = &mut model.open {
        open.row = rows[number % rows.len()].clone();
        open.scroll = number % 50;
        for message in &mut open.messages {
            message.body = Safe::text(text);
            message.at = Moment(i64::from_ne_bytes(number.to_ne_bytes()));
        }
        if number.is_multiple_of(3) {
            open.gone = Some(line());
        }
    }
    if !model.list.inbox.is_empty() {
        model.list.inbox = Inbox::of(rows, Beyond::End, Beyond::Forgotten);
    }
    model.list.top = number % 12;
    model.list.filter = text.to_owned();
    for queue in &mut model.queues {
        queue.queue.name = line();
    }
    if let Some(me) = &mut model.me {
        me.user.name = line();
        me.organisation.name = line();
        me.banner = Some(line());
    }
    model.say(Tone::Warning, line());
    model.list.trouble = number.is_multiple_of(2).then(line);
    for layer in &mut model.layers {
        match layer {
            Layer::Filter(field)
            | Layer::Picker(Picker { typed: field, .. })
            | Layer::Reason(Reason { typed: field, .. }) => field.text = text.to_owned(),
            Layer::Question(question) => question.cursor = number,
            Layer::Menu(Menu { cursor, .. }) | Layer::Help { cursor } => *cursor = number,
            Layer::Preview(preview) => preview.top = number % 5,
            Layer::Leaving => {}
            Layer::Some(some) => leader::overrun(some, text, number),
            Layer::FileName(name) => {
                name.typed.text = text.to_owned();
                name.name = line();
                name.there = number.is_multiple_of(2).then(|| text.to_owned());
            }
            Layer::Drafts(shown) => (shown.top, shown.scroll) = (number % 5, number % 9),
            Layer::Notices(cursor) => *cursor = number,
            Layer::Acts(acts) => leader::overrun_acts(acts, text, number),
        }
    }
    if let Some(composer) = model.composer.take() {
        fixture::compose(model, text);
        let still = composer.barred.map(|_| line());
        let waiting = composer.waiting;
        if let Some(composer) = &mut model.composer {
            (composer.barred, composer.waiting) = (still, waiting);
            composer.crossed = number.is_multiple_of(2);
            composer.crossed_by = Some((line(), Moment(i64::from_ne_bytes(number.to_ne_bytes()))));
        }
    }
    for phrase in &mut model.phrases {
        phrase.keywords = vec![line(); number % 4];
        phrase.body = Safe::text(text);
    }
    for kept in &mut model.shelf.others {
        (kept.text, kept.of) = (text.to_owned(), line());
    }
    for text_kept in model.drafts.values_mut() {
        *text_kept = text.to_owned();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// R1, R3, R15: whatever strangers write, in every state and at every size.
    #[test]
    fn r15_no_size_and_no_text_breaks_a_screen_and_only_safe_cells_are_shown(
        text in hostile(), number: usize, width in 0u16..=300, height in 0u16..=100,
        small: bool, ascii: bool, state in 0..STATES.len(), palette in 0..Palette::ALL.len(),
    ) {
        let mut model = fixture::busy();
        STATES[state].1(&mut model);
        overrun(&mut model, &text, number);
        model.size = if small { (width / 4, height / 4) } else { (width, height) };
        model.ascii = ascii;
        model.list.top = window::top_for(&model);
        let (buffer, cursor) = frame(&model, Palette::ALL[palette]);
        for cell in buffer.content() {
            let symbol = cell.symbol();
            prop_assert!(text::cells(symbol).count() == 1 && Safe::line(symbol) == symbol, "{symbol:?}");
            prop_assert!(!ascii || symbol.is_ascii(), "{symbol:?}");
        }
        if let Some((x, y)) = cursor {
            prop_assert!(x < model.size.0 && y < model.size.1);
        }
    }
}
