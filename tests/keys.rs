//! What keys cost over the line, on the real screens at 120×40. Each figure is printed.
#![allow(missing_docs, clippy::print_stdout)]

mod seat;

use handback::console::key::Key;
use seat::Seat;

const DOWN: Key = Key::Char('j');

fn seats() -> impl Iterator<Item = (usize, Seat)> {
    [100, 10_000, 100_000]
        .into_iter()
        .map(|size| (size, Seat::at(size, seat::xterm())))
}

/// The dearest of some.
fn most(what: &str, size: usize, costs: impl Iterator<Item = usize>) -> usize {
    let costs: Vec<_> = costs.collect();
    println!("{what}, {size} conversations: {costs:?} bytes");
    costs.into_iter().max().unwrap_or_default()
}

#[test]
fn the_cursor_moved_by_one_row_costs_at_most_180_bytes() {
    for (size, mut seat) in seats() {
        // The first also takes the messages away; then within one screenful, where the list does not move.
        seat.press(DOWN);
        let costs = (0..13).map(|_| seat.press(DOWN));
        assert!(most("cursor down", size, costs) <= 180);
    }
}

#[test]
fn a_page_of_the_list_costs_at_most_2200_bytes() {
    for (size, mut seat) in seats() {
        let costs = (0..4).map(|_| seat.press(Key::PageDown));
        assert!(most("page", size, costs) <= 2200);
    }
}

#[test]
fn opening_the_menu_costs_at_most_1200_bytes() {
    for (size, mut seat) in seats() {
        assert!(most("menu", size, [seat.press(Key::Char('.'))].into_iter()) <= 1200);
    }
}

#[test]
fn two_hundred_keys_in_one_piece_cost_at_most_4000_bytes_and_all_of_them_count() {
    for (size, mut seat) in seats() {
        assert!(most("200 keys", size, [seat.burst(DOWN, 200)].into_iter()) <= 4000);
        assert_eq!(seat.cursor(), 200.min(size - 1));
    }
}
