//! What a frame costs to paint, at 120×40: the cursor's mark moved, a page of the list, rows that only moved, and a
//! whole screen. Prints the bytes of each as well.
#![allow(missing_docs, clippy::print_stdout)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use handback::console::terminal::{Abilities, Painter};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

fn abilities() -> Abilities {
    Abilities::of(|name| (name == "TERM").then(|| "xterm-256color".to_owned()))
        .expect("it is no dumb terminal")
}

/// A list of two rows a conversation on the left, from the nth conversation on, and a conversation on the right.
fn console(first: usize, selected: usize, scrolled: usize) -> Buffer {
    const NAMES: [&str; 5] = [
        "Bea Jones",
        "Carl Smith",
        "Dee Okafor",
        "+44 7700 900456",
        "Fay Nolan",
    ];
    const SAID: [&str; 3] = [
        "And can I split the rest?",
        "Please stop the letters",
        "We: Your plan starts on 1 Dec",
    ];
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    for nth in 0..18 {
        let (y, who) = (2 + 2 * nth as u16, first + nth);
        let mark = if nth == selected { "▌" } else { " " };
        let line = format!(
            "{mark} ● {:<20} WhatsApp  waits {:>2} min",
            NAMES[who % 5],
            who * 7 % 60
        );
        buffer.set_string(0, y, line, Style::new().fg(Color::Yellow));
        buffer.set_string(
            0,
            y + 1,
            format!("{mark}   {:<36} yours", SAID[who % 3]),
            Style::new(),
        );
    }
    for y in 0..40 {
        buffer.set_string(49, y, "│", Style::new().fg(Color::DarkGray));
        let line = scrolled + usize::from(y);
        if line % 3 != 0 {
            buffer.set_string(
                51,
                y,
                format!("{line}: Yes, we can split what is left over {line} months"),
                Style::new(),
            );
        }
    }
    buffer
}

fn paint(criterion: &mut Criterion) {
    let before = console(0, 3, 0);
    let cases = [
        ("cursor", console(0, 4, 0)),
        ("page", console(18, 3, 0)),
        ("scroll", console(0, 3, 1)),
        (
            "whole",
            Buffer::filled(before.area, ratatui::buffer::Cell::new("x")),
        ),
    ];
    for (name, after) in cases {
        let shown = || {
            let (mut painter, mut frame) =
                (Painter::new(abilities()), Vec::with_capacity(16 * 1024));
            painter.paint(&before, None, &mut frame);
            frame.clear();
            (painter, frame)
        };
        let (mut painter, mut frame) = shown();
        painter.paint(&after, None, &mut frame);
        println!("{name}: {} bytes", frame.len());
        criterion.bench_function(&format!("paint {name}"), |bencher| {
            bencher.iter_batched_ref(
                shown,
                |(painter, frame)| painter.paint(black_box(&after), None, frame),
                BatchSize::SmallInput,
            );
        });
    }
    let (mut painter, mut frame) = (Painter::new(abilities()), Vec::new());
    painter.paint(&before, None, &mut frame);
    criterion.bench_function("paint nothing", |bencher| {
        bencher.iter(|| painter.paint(black_box(&before), None, &mut frame));
    });
}

criterion_group!(benches, paint);
criterion_main!(benches);
