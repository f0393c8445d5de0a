use proptest::prelude::*;
use proptest::sample::select;
use ratatui::buffer::CellWidth;
use ratatui::style::{Color, Modifier, Style};

use super::*;
use crate::console::terminal::abilities::Colours;

fn abilities(term: &str, colours: Colours) -> Abilities {
    let known = Abilities::of(|name| (name == "TERM").then(|| term.to_owned())).unwrap();
    Abilities { colours, ..known }
}

fn any_abilities() -> impl Strategy<Value = Abilities> {
    let terms = select(&["vt100", "linux", "screen", "xterm", "xterm-kitty"][..]);
    let colours = select(
        &[
            Colours::None,
            Colours::Sixteen,
            Colours::Indexed,
            Colours::True,
        ][..],
    );
    (terms, colours).prop_map(|(term, colours)| {
        abilities(
            term,
            if term == "vt100" {
                Colours::None
            } else {
                colours
            },
        )
    })
}

/// One change of what is drawn, as a view makes them.
#[derive(Clone, Debug)]
enum Change {
    Text(u16, u16, &'static str, Style),
    Fill(Rect, &'static str, Style),
    Style(Rect, Style),
    Scroll(u16, u16, i32),
    Clear,
}

const WIDTH: u16 = 24;
const HEIGHT: u16 = 9;

fn any_style() -> impl Strategy<Value = Style> {
    let colour = || {
        select(
            &[
                Color::Reset,
                Color::Red,
                Color::White,
                Color::Indexed(200),
                Color::Rgb(1, 90, 200),
            ][..],
        )
    };
    let modifiers = [
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::ITALIC | Modifier::BOLD,
        Modifier::UNDERLINED,
        Modifier::REVERSED,
    ];
    prop_oneof![
        2 => Just(Style::reset()),
        1 => (colour(), colour(), select(modifiers.to_vec()))
            .prop_map(|(fg, bg, modifier)| Style::reset().fg(fg).bg(bg).add_modifier(modifier)),
    ]
}

fn any_rect() -> impl Strategy<Value = Rect> {
    (0..WIDTH, 0..HEIGHT, 1..=WIDTH, 1..=HEIGHT).prop_map(|(x, y, width, height)| {
        Rect::new(x, y, width, height).intersection(Rect::new(0, 0, WIDTH, HEIGHT))
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    let texts = select(
        &[
            "x",
            "Bea Jones",
            "waits 22 min",
            "日本語",
            "é à ü",
            "│ ├──┤",
            "a日",
            "😀!",
            "e\u{301}e",
            "                    ",
        ][..],
    );
    let signs = select(&[" ", "x", "─", "日", "é"][..]);
    prop_oneof![
        6 => (0..WIDTH, 0..HEIGHT, texts, any_style()).prop_map(|(x, y, text, style)| Change::Text(x, y, text, style)),
        2 => (any_rect(), signs, any_style()).prop_map(|(rect, sign, style)| Change::Fill(rect, sign, style)),
        2 => (any_rect(), any_style()).prop_map(|(rect, style)| Change::Style(rect, style)),
        2 => (0..HEIGHT, 0..HEIGHT, -4i32..=4).prop_map(|(top, bottom, by)| Change::Scroll(top, bottom, by)),
        1 => Just(Change::Clear),
    ]
}

fn apply(buffer: &mut Buffer, change: &Change) {
    match *change {
        Change::Text(x, y, text, style) => {
            buffer.set_string(x, y, text, style);
        }
        Change::Fill(rect, sign, style) => {
            for y in rect.rows().map(|row| row.y) {
                let times = usize::from(rect.width / sign.cell_width());
                buffer.set_string(rect.x, y, sign.repeat(times), style);
            }
        }
        Change::Style(rect, style) => buffer.set_style(rect, style),
        Change::Scroll(a, b, by) => {
            let width = usize::from(WIDTH);
            let rows = &mut buffer.content
                [usize::from(a.min(b)) * width..usize::from(a.max(b) + 1) * width];
            let cells = rows.len();
            let shift = (by.unsigned_abs() as usize * width) % cells;
            if by > 0 {
                rows.rotate_left(shift)
            } else {
                rows.rotate_right(shift)
            }
        }
        Change::Clear => buffer.reset(),
    }
}

/// What a terminal should show for a colour.
fn shown(colour: Color, colours: Colours) -> vt100::Color {
    match colour::nearest(colour, colours) {
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        named => colour::index_of_sixteen(named).map_or(vt100::Color::Default, vt100::Color::Idx),
    }
}

/// Compares every cell of the terminal with the buffer; the first that differs is an error.
fn same(
    screen: &vt100::Screen,
    buffer: &Buffer,
    abilities: &Abilities,
) -> Result<(), TestCaseError> {
    for y in 0..buffer.area.height {
        let mut covered_until = 0;
        for x in 0..buffer.area.width {
            if x < covered_until {
                continue;
            }
            let (wanted, found) = (&buffer[(x, y)], screen.cell(y, x).unwrap());
            let width = wanted.symbol().cell_width();
            covered_until = x + width;
            let fits = covered_until <= buffer.area.width;
            let symbol = if fits { wanted.symbol() } else { " " };
            let contents = if found.has_contents() {
                found.contents()
            } else {
                " "
            };
            prop_assert_eq!(contents, symbol, "at {},{}", x, y);
            let modifier = if abilities.modern {
                wanted.modifier
            } else {
                wanted.modifier & (Modifier::BOLD | Modifier::UNDERLINED | Modifier::REVERSED)
            };
            let colours = abilities.colours;
            prop_assert_eq!(
                found.bgcolor(),
                shown(wanted.bg, colours),
                "background at {},{}",
                x,
                y
            );
            prop_assert_eq!(
                found.inverse(),
                modifier.contains(Modifier::REVERSED),
                "reversed at {},{}",
                x,
                y
            );
            prop_assert_eq!(
                found.underline(),
                modifier.contains(Modifier::UNDERLINED),
                "underlined at {},{}",
                x,
                y
            );
            if symbol != " " {
                prop_assert_eq!(
                    found.fgcolor(),
                    shown(wanted.fg, colours),
                    "foreground at {},{}",
                    x,
                    y
                );
                prop_assert_eq!(
                    found.bold(),
                    modifier.contains(Modifier::BOLD),
                    "bold at {},{}",
                    x,
                    y
                );
                prop_assert_eq!(
                    found.dim(),
                    modifier.contains(Modifier::DIM),
                    "dim at {},{}",
                    x,
                    y
                );
                prop_assert_eq!(
                    found.italic(),
                    modifier.contains(Modifier::ITALIC),
                    "italic at {},{}",
                    x,
                    y
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_painted_the_terminal_shows_the_last_buffer(
        abilities in any_abilities(),
        frames in proptest::collection::vec(
            (proptest::collection::vec(any_change(), 0..6), proptest::option::of((0..WIDTH, 0..HEIGHT)), 0..8),
            1..8,
        ),
    ) {
        let mut painter = Painter::new(abilities);
        let mut terminal = vt100::Parser::new(HEIGHT.try_into().unwrap(), WIDTH.try_into().unwrap(), 0);
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for (changes, cursor, forget) in frames {
            changes.iter().for_each(|change| apply(&mut buffer, change));
            if forget == 0 {
                painter.forget();
            }
            let mut frame = Vec::new();
            painter.paint(&buffer, cursor.map(Position::from), &mut frame);
            terminal.process(&frame);
            same(terminal.screen(), &buffer, &abilities)?;
            if let Some((x, y)) = cursor {
                prop_assert_eq!(terminal.screen().cursor_position(), (y, x));
            }
            if abilities.cursor_hiding {
                prop_assert_eq!(terminal.screen().hide_cursor(), cursor.is_none());
            }
            prop_assert!(r4_holds(&frame), "{:?}", String::from_utf8_lossy(&frame));
            prop_assert_eq!(painter.suspicious(), 0);

            let mut again = Vec::new();
            painter.paint(&buffer, cursor.map(Position::from), &mut again);
            prop_assert!(again.is_empty(), "the same frame costs nothing (R13)");
        }
    }
}

/// Only printable UTF-8 and the sequences the module names.
fn r4_holds(frame: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(frame) else {
        return false;
    };
    let mut pieces = text.split('\x1b');
    let printable = |text: &str| !text.chars().any(glyph::is_harmful);
    printable(pieces.next().unwrap_or(""))
        && pieces.all(|piece| {
            let Some(sequence) = piece.strip_prefix('[') else {
                return false;
            };
            let end = sequence.find(|c: char| c.is_ascii_alphabetic());
            end.is_some_and(|end| {
                let numbers = &sequence[..end];
                let known = match numbers {
                    "?25" | "?2026" => matches!(&sequence[end..=end], "h" | "l"),
                    _ => {
                        numbers.chars().all(|c| c.is_ascii_digit() || c == ';')
                            && "ABCDEFGHdJKXSTmr".contains(&sequence[end..=end])
                    }
                };
                known && printable(&sequence[end + 1..])
            })
        })
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
    assert_eq!(frame, "^[m^[2J^[Ha?^[3G?^[4Gc? ^[H^[?25h");
    assert_eq!(painter.suspicious(), 3);
}

#[test]
fn r5_after_a_cell_of_disputed_width_the_cursor_is_placed_anew() {
    let mut painter = Painter::new(abilities("xterm", Colours::True));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 2));
    painted(&mut painter, &buffer, (0, 0));
    buffer.set_string(0, 0, "né│x", Style::new());
    assert_eq!(painted(&mut painter, &buffer, (0, 1)), "né^[3G│x^[E");
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

/// The console at 120×40 as an advisor has it: 48 columns of list, two rows each, and a conversation.
fn console(first: u16, selected: u16) -> Buffer {
    const NAMES: [&str; 5] = [
        "Bea Jones",
        "Carl Smith",
        "Dee Okafor",
        "+44 7700 900456",
        "Fay Nolan",
    ];
    const SAID: [&str; 4] = [
        "And can I split the rest over three?",
        "Please stop the letters, I have ...",
        "We: Your plan starts on 1 Dec",
        "Is anybody there?",
    ];
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    buffer.set_string(
        0,
        0,
        " Anna Webb · Cardiff    Q Payments ▾",
        Style::new().add_modifier(Modifier::REVERSED),
    );
    for nth in 0..18 {
        let (y, who) = (2 + 2 * nth, usize::from(first + nth));
        let mark = if nth == selected { "▌" } else { " " };
        let line = format!(
            "{mark} ● {:<20} WhatsApp  waits {:>2} min",
            NAMES[who % 5],
            (who * 7) % 60
        );
        buffer.set_string(0, y, line, Style::new().fg(Color::Yellow));
        buffer.set_string(
            0,
            y + 1,
            format!("{mark}   {:<36} yours", SAID[who % 4]),
            Style::new(),
        );
    }
    for y in 0..40 {
        buffer.set_string(49, y, "│", Style::new().fg(Color::DarkGray));
        if y % 3 != 0 {
            buffer.set_string(
                51,
                y,
                "Yes, we can split what is left over three months, from",
                Style::new(),
            );
        }
    }
    buffer
}

#[test]
fn a_cursor_moved_by_one_row_costs_at_most_100_bytes() {
    let mut painter = Painter::new(abilities("xterm-256color", Colours::Indexed));
    painted(&mut painter, &console(0, 3), (0, 8));
    let frame = painted(&mut painter, &console(0, 4), (0, 10));
    assert!(frame.len() <= 100, "{} bytes: {frame}", frame.len());
}

#[test]
fn a_page_of_the_list_costs_at_most_2200_bytes() {
    let mut painter = Painter::new(abilities("xterm-256color", Colours::Indexed));
    painted(&mut painter, &console(0, 3), (0, 8));
    let frame = painted(&mut painter, &console(18, 3), (0, 8));
    assert!(frame.len() <= 2200, "{} bytes: {frame}", frame.len());
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
    assert!(frame.starts_with("^[1;30r^[2S^[r"), "{frame}");
    assert!(frame.len() < 150, "{} bytes: {frame}", frame.len());
}

#[test]
fn r13_a_frame_worth_it_is_shown_at_once_where_the_terminal_can() {
    let mut painter = Painter::new(abilities("xterm-kitty", Colours::True));
    let whole = painted(&mut painter, &console(0, 3), (0, 8));
    assert!(whole.starts_with("^[?2026h") && whole.ends_with("^[?2026l"));
    let small = painted(&mut painter, &console(0, 4), (0, 10));
    assert!(!small.contains("2026"));
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
        painter.paint(&buffer, None, &mut frame);
    }
}
