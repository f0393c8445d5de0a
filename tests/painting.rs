//! What it costs to paint, in bytes over the line. Each figure is printed.
#![allow(missing_docs, clippy::print_stdout)]

mod drawn;

use drawn::{console, xterm};
use handback::console::terminal::Painter;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

/// The bytes from one screen to the other.
fn cost(name: &str, before: &Buffer, after: &Buffer) -> usize {
    let mut painter = Painter::new(xterm());
    let (mut first, mut second) = (Vec::new(), Vec::new());
    painter.paint(before, Some(Position::new(0, 8)), &mut first);
    painter.paint(after, Some(Position::new(0, 10)), &mut second);
    println!(
        "{name}: {} bytes (whole screen: {})",
        second.len(),
        first.len()
    );
    second.len()
}

#[test]
fn the_cursor_moved_by_one_row_costs_at_most_100_bytes() {
    assert!(cost("cursor", &console(0, 3, 0), &console(0, 4, 0)) <= 100);
}

#[test]
fn a_page_of_the_list_costs_at_most_2200_bytes() {
    assert!(cost("page", &console(0, 3, 0), &console(18, 3, 0)) <= 2200);
}

#[test]
fn the_list_moved_by_one_conversation_costs_no_more_than_a_page_may() {
    assert!(cost("list by one", &console(0, 3, 0), &console(1, 3, 0)) <= 2200);
}

#[test]
fn the_conversation_moved_by_one_line_costs_no_more_than_a_page_may() {
    assert!(cost("conversation by one", &console(0, 3, 0), &console(0, 3, 1)) <= 2200);
}
