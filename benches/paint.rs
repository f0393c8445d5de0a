//! What a frame costs to paint, at 120×40: the cursor's mark moved, a page of the list, rows that only moved, and a
//! whole screen. Prints the bytes of each as well.
#![allow(missing_docs, clippy::print_stdout)]

#[path = "../tests/drawn/mod.rs"]
mod drawn;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use drawn::{console, xterm};
use handback::console::terminal::Painter;
use ratatui::buffer::Buffer;

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
            let (mut painter, mut frame) = (Painter::new(xterm()), Vec::with_capacity(16 * 1024));
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
    let (mut painter, mut frame) = (Painter::new(xterm()), Vec::new());
    painter.paint(&before, None, &mut frame);
    criterion.bench_function("paint nothing", |bencher| {
        bencher.iter(|| painter.paint(black_box(&before), None, &mut frame));
    });
}

criterion_group!(benches, paint);
criterion_main!(benches);
