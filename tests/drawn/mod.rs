//! The console at 120×40 as an advisor has it, drawn by hand: what it costs to paint is measured on it.

use handback::console::terminal::Abilities;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// What most advisors sit at.
pub(crate) fn xterm() -> Abilities {
    Abilities::of(|name| (name == "TERM").then(|| "xterm-256color".to_owned()))
        .expect("it is no dumb terminal")
}

/// 48 columns of list, two rows a conversation, from the nth conversation on, with the cursor on the nth of those
/// shown; and a conversation beside it, scrolled by that many lines.
pub(crate) fn console(first: usize, selected: usize, scrolled: usize) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    let header = format!(
        "{:<120}",
        " Anna Webb · Cardiff    Q Payments ▾          signed in, taking work    live 14:03"
    );
    buffer.set_string(0, 0, header, Style::new().add_modifier(Modifier::REVERSED));
    for nth in 0..18 {
        conversation(
            &mut buffer,
            2 + 2 * nth as u16,
            first + nth,
            nth == selected,
        );
    }
    for y in 1..40 {
        buffer.set_string(49, y, "│", Style::new().fg(Color::DarkGray));
        let line = scrolled + usize::from(y);
        if !line.is_multiple_of(3) {
            buffer.set_string(51, y, words(line * 31, 60), Style::new());
        }
    }
    buffer
}

/// Two rows of the list, unlike those of any other conversation.
fn conversation(buffer: &mut Buffer, y: u16, who: usize, selected: bool) {
    const NAMES: [&str; 7] = ["Bea", "Carl", "Dee", "Eve", "Fay", "Gus", "Ida"];
    const FAMILIES: [&str; 11] = [
        "Jones", "Smith", "Okafor", "Price", "Nolan", "Moss", "Park", "Vale", "Webb", "Cole",
        "Eames",
    ];
    const CHANNELS: [&str; 3] = ["WhatsApp", "SMS", "Webchat"];
    let name = format!("{} {}", NAMES[who % 7], FAMILIES[who % 11]);
    let waits = format!("waits {} min", 1 + who * 13 % 59);
    let mark = if selected { "▌" } else { " " };
    buffer.set_string(0, y, mark, Style::new().fg(Color::Cyan));
    buffer.set_string(0, y + 1, mark, Style::new().fg(Color::Cyan));
    buffer.set_string(2, y, "●", Style::new().fg(Color::Indexed(208)));
    buffer.set_string(
        4,
        y,
        format!("{name:<20} {:<8} {waits:>13}", CHANNELS[who % 3]),
        Style::new(),
    );
    let held = if who.is_multiple_of(4) {
        "unassigned"
    } else {
        "yours"
    };
    buffer.set_string(
        4,
        y + 1,
        format!("{:<32} {held:>10}", words(who, 31)),
        Style::new().fg(Color::Gray),
    );
}

/// A sentence of at most that many letters, another for every number.
fn words(number: usize, length: usize) -> String {
    const WORDS: [&str; 13] = [
        "please", "can", "I", "split", "the", "rest", "over", "three", "months", "and", "stop",
        "these", "letters",
    ];
    let mut sentence = format!("{}", 100 + number * 7 % 900);
    for nth in 0.. {
        let word = WORDS[(number * (nth + 3) + nth * nth) % 13];
        if sentence.len() + 1 + word.len() > length {
            break;
        }
        sentence = sentence + " " + word;
    }
    sentence
}
