//! What a key costs from the fact to the bytes: update, view and paint at 120×40, with a list of a hundred and of a
//! hundred thousand conversations. Prints the bytes of each as well.
//!
//! A console holds a window on the list, so that the two should cost the same.
#![allow(missing_docs, clippy::print_stdout)]

#[path = "../tests/seat/mod.rs"]
mod seat;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use handback::console::key::Key;
use seat::Seat;

fn key(criterion: &mut Criterion) {
    for (name, there, back) in [
        ("cursor", Key::Char('j'), Key::Char('k')),
        ("page", Key::PageDown, Key::PageUp),
        ("menu", Key::Char('.'), Key::Esc),
    ] {
        let mut group = criterion.benchmark_group(format!("key {name}"));
        for size in [100, 100_000] {
            let mut console = Seat::at(size, seat::xterm());
            println!(
                "{name}, {size} conversations: {} bytes",
                console.press(there)
            );
            console.press(back);
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter(|| (console.press(there), console.press(back)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, key);
criterion_main!(benches);
