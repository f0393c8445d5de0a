mod emulated;

use ratatui::style::Style;

use super::*;
use crate::console::terminal::abilities::Colours;

fn abilities(term: &str, colours: Colours) -> Abilities {
    let known = Abilities::of(|name| (name == "TERM").then(|| term.to_owned())).unwrap();
    Abilities { colours, ..known }
}

fn painted(painter: &mut Painter, buffer: &Buffer, cursor: (u16, u16)) -> String {
    let mut frame = Vec::new();
    painter.paint(buffer, Some(cursor.into()), &mut frame);
    String::from_utf8(frame).unwrap().replace('\x1b', "^")
}

#[test]
fn r4_what_must_not_reach_a_terminal_is_replaced_and_counted() {
    let mut painter = Painter::new(abilities("xterm", Colours::True));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
    for (x, symbol) in [
        (0, "a"),
        (1, "\u{9b}"),
        (2, "b\u{202e}"),
        (3, "c"),
        (4, "d\x07"),
    ] {
        buffer[(x, 0)].set_symbol(symbol);
    }
    let frame = painted(&mut painter, &buffer, (0, 0));
    assert_eq!(frame, "^[m^[2J^[Ha?^[3G?^[4Gc? ^[7G ^[H^[?25h");
    assert_eq!(painter.suspicious(), 3);
}

#[test]
fn r5_after_a_cell_of_disputed_width_the_cursor_is_placed_anew() {
    let mut painter = Painter::new(abilities("xterm", Colours::True));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 2));
    painted(&mut painter, &buffer, (0, 0));
    buffer.set_string(0, 0, "né│x", Style::new());
    assert_eq!(painted(&mut painter, &buffer, (0, 1)), "né^[3G│x^[2H");
}

#[test]
fn a_cursor_on_the_second_half_of_a_wide_character_does_not_harm_it() {
    let abilities = abilities("vt100", Colours::None);
    let mut painter = Painter::new(abilities);
    let mut buffer = Buffer::with_lines(["日!"]);
    painted(&mut painter, &buffer, (1, 0));
    buffer.set_string(2, 0, "?", Style::new());
    assert_eq!(painted(&mut painter, &buffer, (0, 0)), "^[C?^[H");
}

#[test]
fn rows_that_only_moved_are_moved_by_the_terminal() {
    let before = Buffer::with_lines(
        (0..30).map(|n| format!("{n:>2} a line of some length, unlike the others {}", n * n)),
    );
    let mut after = before.clone();
    after
        .content
        .rotate_left(2 * usize::from(before.area.width));
    let mut painter = Painter::new(abilities("xterm", Colours::True));
    painted(&mut painter, &before, (0, 0));
    let frame = painted(&mut painter, &after, (0, 0));
    assert!(frame.starts_with("^[1;30r^[H^[2M^[r"), "{frame}");
    assert!(frame.len() < 150, "{} bytes: {frame}", frame.len());
}

#[test]
fn r13_a_frame_worth_it_is_shown_at_once_where_the_terminal_can() {
    let mut painter = Painter::new(abilities("xterm-kitty", Colours::True));
    let mut buffer = Buffer::filled(Rect::new(0, 0, 80, 24), ratatui::buffer::Cell::new("x"));
    let whole = painted(&mut painter, &buffer, (0, 8));
    assert!(whole.starts_with("^[?2026h") && whole.ends_with("^[?2026l"));
    buffer.set_string(0, 4, "▌", Style::new());
    assert!(!painted(&mut painter, &buffer, (0, 4)).contains("2026"));
}

#[test]
fn r15_no_size_and_no_order_of_sizes_breaks_it() {
    let mut painter = Painter::new(abilities("xterm", Colours::True));
    for (width, height) in [
        (0, 0),
        (300, 100),
        (0, 5),
        (1, 1),
        (5, 0),
        (2, 3),
        (120, 40),
    ] {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        for y in 0..height {
            buffer.set_string(0, y, "日本 and more", Style::new());
        }
        let mut frame = Vec::new();
        painter.paint(&buffer, Some(Position::new(200, 50)), &mut frame);
    }
}
