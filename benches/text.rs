//! How fast strangers' text is made safe: R2 asks for 50 MB/s on ASCII.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use handback::domain::text::{Safe, wrap};

const SIZE: usize = 1 << 20;

fn samples() -> [(&'static str, String); 5] {
    let of = |words: &str| words.repeat(SIZE.div_ceil(words.len()));
    [
        (
            "ascii",
            of("Could I move my payment to Friday, please? It was due on Monday.\n"),
        ),
        ("tabs", of("Monday\t50\tpaid\nFriday\t12\tdue\n")),
        (
            "french",
            of("Pourrais-je décaler le paiement à vendredi, s’il vous plaît ? Merci à l’équipe.\n"),
        ),
        (
            "emoji and thai",
            of("👩🏽\u{200d}🚀 👍🏽 🇬🇧 ขอเลื่อนการชำระเงิน ❤\u{fe0f}\n"),
        ),
        (
            "hostile",
            of("\u{1b}[31m\u{202e}e\u{301}\u{301}\u{301}\u{301}\u{301}\u{9b}\u{e0041}"),
        ),
    ]
}

fn clean(c: &mut Criterion) {
    let mut group = c.benchmark_group("clean");
    for (name, source) in samples() {
        group.throughput(Throughput::Bytes(source.len() as u64));
        group.bench_function(name, |b| b.iter(|| Safe::text(&source)));
    }
    group.finish();
}

fn rows(c: &mut Criterion) {
    let mut group = c.benchmark_group("wrap");
    for (name, source) in samples() {
        let text = Safe::text(&source);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| wrap(&text, 60).count()));
    }
    group.finish();
}

/// R6: an 8 MB message costs no more than its beginning.
fn long_message(c: &mut Criterion) {
    let source = "x".repeat(8 << 20);
    c.bench_function("8 MB message, first 50 rows", |b| {
        b.iter(|| {
            let (text, _) = Safe::text_limited(&source);
            wrap(&text, 60).take(50).count()
        });
    });
}

criterion_group!(benches, clean, rows, long_message);
criterion_main!(benches);
