//! What must hold for any bytes whatever: run over seeds and random cases by `cargo test --test fuzz`, and for as long
//! as one likes by the programs in `fuzz/` (`scripts/deep fuzz`), which look for bytes that reach new code.

#![allow(dead_code, unreachable_pub, reason = "each program uses one of them")]

pub mod answers;
pub mod drafts;
pub mod events;
pub mod files;
pub mod keys;
pub mod search;
pub mod text;

/// A body that takes any bytes, its name, and bytes worth beginning with.
pub struct Target {
    /// Its name, that of its program in `fuzz/` too.
    pub name: &'static str,
    /// Panics if something does not hold.
    pub run: fn(&[u8]),
    /// Where to begin.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: [Target; 9] = [
    Target {
        name: "text",
        run: text::run,
        seeds: text::seeds,
    },
    Target {
        name: "keys",
        run: keys::run,
        seeds: keys::seeds,
    },
    Target {
        name: "events",
        run: events::run,
        seeds: events::seeds,
    },
    Target {
        name: "answers",
        run: answers::run,
        seeds: answers::seeds,
    },
    Target {
        name: "search",
        run: search::run,
        seeds: search::seeds,
    },
    Target {
        name: "drafts",
        run: drafts::run,
        seeds: drafts::seeds,
    },
    Target {
        name: "journal",
        run: drafts::journal,
        seeds: drafts::journals,
    },
    Target {
        name: "team",
        run: files::team,
        seeds: files::teams,
    },
    Target {
        name: "config",
        run: files::config,
        seeds: files::configs,
    },
];

/// A number out of the first byte, and the rest.
pub(crate) fn number(bytes: &[u8]) -> (usize, &[u8]) {
    bytes
        .split_first()
        .map_or((0, bytes), |(first, rest)| (usize::from(*first), rest))
}

/// The bytes in pieces, whose lengths come from a number.
pub(crate) fn pieces(bytes: &[u8], mut seed: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        seed = seed.wrapping_mul(0x5851_f42d).wrapping_add(0x1405_7b7e);
        let length = (1 + (seed >> 16) % 7).min(rest.len());
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    pieces
}
