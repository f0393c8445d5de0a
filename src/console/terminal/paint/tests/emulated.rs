//! Whatever is painted, an emulator of a terminal shows.

use proptest::prelude::*;
use proptest::sample::select;
use ratatui::buffer::CellWidth;
use ratatui::style::{Color, Modifier, Style};

use super::abilities;
use crate::console::terminal::abilities::{Abilities, Colours};
use crate::console::terminal::paint::*;

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
            if x < buffer.area.width {
                buffer.set_string(x, y, text, style);
            }
        }
        Change::Fill(rect, sign, style) => {
            let rect = rect.intersection(buffer.area);
            for y in rect.rows().map(|row| row.y) {
                let times = usize::from(rect.width / sign.cell_width());
                buffer.set_string(rect.x, y, sign.repeat(times), style);
            }
        }
        Change::Style(rect, style) => buffer.set_style(rect.intersection(buffer.area), style),
        Change::Scroll(a, b, by) => {
            let width = usize::from(buffer.area.width);
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
            prop_assert!(holds_r4(&frame), "{:?}", String::from_utf8_lossy(&frame));
            prop_assert_eq!(painter.suspicious(), 0);

            let mut again = Vec::new();
            painter.paint(&buffer, cursor.map(Position::from), &mut again);
            prop_assert!(again.is_empty(), "the same frame costs nothing (R13)");
        }
    }
}

/// The same bytes for a terminal that measures otherwise: what we take for narrow is wide there, what we take for wide
/// narrow, and a mark stands beside its character.
fn measured_otherwise(frame: &[u8]) -> String {
    let text = str::from_utf8(frame)
        .expect("UTF-8")
        .replace("e\u{301}", "ex");
    let other = |c| match c {
        'é' | 'à' | 'ü' => '日',
        '日' | '本' | '語' | '😀' => 'é',
        c => c,
    };
    text.chars().map(other).collect()
}

/// Every cell whose width nobody disputes shows what it should, and is where it should be.
fn same_where_undisputed(screen: &vt100::Screen, buffer: &Buffer) -> Result<(), TestCaseError> {
    for y in 0..buffer.area.height {
        let mut covered_until = 0;
        for x in 0..buffer.area.width {
            if x < covered_until {
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            covered_until = x + symbol.cell_width();
            if !glyph::is_trusted(symbol) {
                continue;
            }
            let found = screen.cell(y, x).expect("a cell");
            let contents = if found.has_contents() {
                found.contents()
            } else {
                " "
            };
            prop_assert_eq!(contents, symbol, "at {},{}", x, y);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn r5_a_terminal_that_measures_otherwise_loses_nothing_beside_what_is_disputed(
        abilities in any_abilities(),
        frames in proptest::collection::vec(
            (proptest::collection::vec(any_change(), 0..6), 0..8),
            1..8,
        ),
    ) {
        // A character that wraps at the edge is another matter: where that can be switched off it is.
        let inside = Rect::new(0, 0, WIDTH - 4, HEIGHT);
        let mut painter = Painter::new(abilities);
        let mut terminal = vt100::Parser::new(HEIGHT.try_into().unwrap(), WIDTH.try_into().unwrap(), 0);
        let mut drawn = Buffer::empty(inside);
        for (changes, forget) in frames {
            changes.iter().for_each(|change| apply(&mut drawn, change));
            let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
            buffer.merge(&drawn);
            if forget == 0 {
                painter.forget();
            }
            let mut frame = Vec::new();
            painter.paint(&buffer, None, &mut frame);
            terminal.process(measured_otherwise(&frame).as_bytes());
            same_where_undisputed(terminal.screen(), &buffer)?;
        }
    }
}

/// Only printable UTF-8 and the sequences the module names.
fn holds_r4(frame: &[u8]) -> bool {
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
                            && "ABCDEFGHdJKXLMmr".contains(&sequence[end..=end])
                    }
                };
                known && printable(&sequence[end + 1..])
            })
        })
}
