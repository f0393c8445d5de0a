//! What it costs to paint, in bytes over the line. Each is a figure (R13).
#![allow(missing_docs, clippy::print_stdout)]

mod drawn;
#[path = "support/figure.rs"]
mod figure;

use drawn::{console, xterm};
use figure::figure;
use handback::console::terminal::Painter;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

/// The bytes from one screen to the other.
fn cost(name: &str, before: &Buffer, after: &Buffer) -> usize {
    let mut painter = Painter::new(xterm());
    let (mut first, mut second) = (Vec::new(), Vec::new());
    painter.paint(before, Some(Position::new(0, 8)), &mut first);
    painter.paint(after, Some(Position::new(0, 10)), &mut second);
    figure(name, format!("{} bytes", second.len()));
    figure("the whole screen", format!("{} bytes", first.len()));
    second.len()
}

#[test]
fn r13_the_cursor_moved_by_one_row_costs_at_most_100_bytes() {
    assert!(
        cost(
            "the cursor moved by a row",
            &console(0, 3, 0),
            &console(0, 4, 0)
        ) <= 100
    );
}

#[test]
fn r13_a_page_of_the_list_costs_at_most_2200_bytes() {
    assert!(cost("a page", &console(0, 3, 0), &console(18, 3, 0)) <= 2200);
}

#[test]
fn r13_the_list_moved_by_one_conversation_costs_no_more_than_a_page_may() {
    assert!(
        cost(
            "the list moved by one",
            &console(0, 3, 0),
            &console(1, 3, 0)
        ) <= 2200
    );
}

#[test]
fn r13_the_conversation_moved_by_one_line_costs_no_more_than_a_page_may() {
    assert!(
        cost(
            "the conversation moved by a line",
            &console(0, 3, 0),
            &console(0, 3, 1)
        ) <= 2200
    );
}
