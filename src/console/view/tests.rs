//! The screens as an advisor sees them, and what holds for every screen.

mod hostile;
mod leader;
mod states;
mod writing;

use std::fmt::Write as _;

use ratatui::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
    style::{Color, Modifier},
};

use self::states::{STATES, menu, screens};
use super::{fixture, hit::hit, layout::Layout, target::Target, view};
use crate::{
    console::{
        model::{Choosing, Layer, Loaded, Model, Picker, Stretch},
        terminal::{Abilities, Painter},
        theme::{Palette, Role, Scheme, Sign, Theme},
    },
    desk::View,
    domain::{
        named::Named,
        row::{Active, Activity},
        text,
    },
};

/// A frame of the model's own size.
fn frame(model: &Model, palette: Palette) -> (Buffer, Option<(u16, u16)>) {
    frame_in(model, Theme::new(palette))
}

fn frame_in(model: &Model, theme: Theme) -> (Buffer, Option<(u16, u16)>) {
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let cursor = view(model, &theme, &mut buffer);
    (buffer, cursor)
}

/// The frame as a terminal is told to show it.
fn ansi(buffer: &Buffer) -> String {
    let mut out = String::from("\u{1b}[2J");
    for y in 0..buffer.area.height {
        let _ = write!(out, "\u{1b}[{};1H", y + 1);
        let mut skip = 0;
        for x in 0..buffer.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let cell = &buffer[(x, y)];
            let mut codes = String::from("0");
            for (flag, code) in [(Modifier::BOLD, ";1"), (Modifier::DIM, ";2")] {
                if cell.modifier.contains(flag) {
                    codes.push_str(code);
                }
            }
            if let Color::Rgb(r, g, b) = cell.fg {
                let _ = write!(codes, ";38;2;{r};{g};{b}");
            }
            let _ = write!(out, "\u{1b}[{codes}m{}", cell.symbol());
            skip = text::width(cell.symbol()).saturating_sub(1);
        }
    }
    out
}

/// Screens to look at: `HANDBACK_SHOTS=folder cargo test --lib view::tests::shots -- --ignored`.
#[test]
#[ignore = "writes files to look at"]
fn shots() {
    let Ok(folder) = std::env::var("HANDBACK_SHOTS") else {
        return;
    };
    for (name, model) in screens() {
        let (buffer, cursor) = frame(&model, Palette::True);
        let mut text = ansi(&buffer);
        if let Some((x, y)) = cursor {
            let _ = write!(text, "\u{1b}[0m\u{1b}[{};{}H", y + 1, x + 1);
        }
        std::fs::write(format!("{folder}/{name}.ansi"), text).expect("a folder to write to");
    }
}

/// Glyphs, then the style of each cell by a letter, then where the cursor is.
fn picture(model: &Model, palette: Palette) -> String {
    picture_in(model, Theme::new(palette))
}

fn picture_in(model: &Model, theme: Theme) -> String {
    let (buffer, cursor) = frame_in(model, theme);
    let width = usize::from(buffer.area.width);
    let mut out = String::new();
    for row in buffer.content().chunks(width) {
        let mut skip = 0;
        let mut line = String::new();
        for cell in row {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            skip = text::width(cell.symbol()).saturating_sub(1);
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let _ = writeln!(out, "---");
    for row in buffer.content().chunks(width) {
        let line: String = row.iter().map(|cell| letter(theme, cell)).collect();
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let _ = writeln!(out, "---\ncursor {cursor:?}");
    out
}

/// The first role that looks like a cell.
fn letter(theme: Theme, cell: &Cell) -> char {
    const LETTERS: [(Role, char); 17] = [
        (Role::Text, 't'),
        (Role::Dim, 'd'),
        (Role::Strong, 's'),
        (Role::Accent, 'a'),
        (Role::Unanswered, 'u'),
        (Role::JustIn, 'j'),
        (Role::Warning, 'w'),
        (Role::Error, 'e'),
        (Role::Mark, 'm'),
        (Role::Cursor, 'c'),
        (Role::CursorAside, 'o'),
        (Role::Border, 'b'),
        (Role::Ours, 'r'),
        (Role::Done, 'f'),
        (Role::TabActive, 'k'),
        (Role::MenuCursor, 'n'),
        (Role::Found, 'h'),
    ];
    if cell.symbol() == " " {
        assert!(
            cell.modifier.is_empty() && cell.fg == Color::Reset,
            "ink on a blank"
        );
        return ' ';
    }
    let looks = |role| {
        let style = theme.style(role);
        style.fg.unwrap_or(Color::Reset) == cell.fg && style.add_modifier == cell.modifier
    };
    let found = LETTERS.iter().find(|(role, _)| looks(*role));
    found.expect("a look of some role").1
}

/// The screens that are kept as pictures: each state once, the usual ones at every size.
#[test]
fn screens_look_as_they_did() {
    for (name, model) in screens() {
        let usual = [
            "list-",
            "menu-",
            "composer-",
            "people-",
            "note-",
            "block-",
            "giving-",
            "team-",
            "panel-",
            "alone-",
            "drafts-",
            "phrases-",
        ]
        .iter()
        .any(|n| name.starts_with(n));
        if usual || name.ends_with("-80x24") && !name.starts_with("ascii") || name == "ascii-120x40"
        {
            insta::assert_snapshot!(name.clone(), picture(&model, Palette::True));
        }
    }
}

#[test]
fn r16_without_colour_signs_and_words_say_the_same() {
    insta::assert_snapshot!(picture(&fixture::busy(), Palette::Plain));
}

/// A new layer in the sixteen colours a terminal defines, and in plain ASCII: what colour says, words and shapes say.
#[test]
fn r16_what_is_asked_and_chosen_reads_in_any_terminal() {
    for name in [
        "team",
        "panel",
        "alone",
        "people",
        "note",
        "block",
        "giving",
        "reason",
        "away",
        "drafts",
        "phrases",
        "waiting",
        "file-there",
    ] {
        let model = |ascii| {
            let (_, change) = STATES.iter().find(|(of, _)| *of == name).expect("a state");
            let mut model = fixture::busy();
            (model.size, model.ascii) = ((80, 24), ascii);
            change(&mut model);
            model
        };
        let sixteen = picture(&model(false), Palette::Sixteen);
        insta::assert_snapshot!(format!("{name}-80x24-sixteen"), sixteen);
        let plain = picture(&model(true), Palette::Plain);
        insta::assert_snapshot!(format!("{name}-80x24-ascii-plain"), plain);
    }
}

#[test]
fn nothing_is_drawn_but_in_a_role() {
    for scheme in Scheme::ALL {
        for palette in Palette::ALL {
            for (_, model) in screens() {
                picture_in(&model, Theme::of(scheme, palette)); // Panics at a look that is of no role.
            }
        }
    }
}

/// What each theme makes of a screen and of what lies over it.
#[test]
fn l2_every_theme_shows_what_it_is_about_by_shape_and_words_too() {
    for (name, scheme) in [
        ("light", Scheme::Light),
        ("high-contrast", Scheme::HighContrast),
    ] {
        for palette in [Palette::True, Palette::Sixteen] {
            let mut model = fixture::busy();
            model.size = (80, 24);
            model.layers.push(menu());
            let theme = Theme::of(scheme, palette);
            let name = format!("theme-{name}-{palette:?}").to_lowercase();
            insta::assert_snapshot!(name, picture_in(&model, theme));
        }
    }
}

/// For a screen reader nothing is drawn: no line, no corner, no sign of a group.
#[test]
fn what_is_for_a_screen_reader_has_no_drawing_in_it() {
    let mut seen = 0;
    for (name, mut model) in screens() {
        model.spoken = true;
        let (buffer, cursor) = frame(&model, Palette::Plain);
        for sign in Sign::ALL {
            let glyph = sign.glyph(false);
            let is_text = glyph.is_ascii() || *sign == Sign::More;
            let drawn = buffer.content().iter().any(|cell| cell.symbol() == glyph);
            assert!(is_text || !drawn, "{name} draws {sign:?}");
        }
        seen += usize::from(cursor.is_some());
    }
    assert!(seen > 100, "the cursor says where one is");
}

#[test]
fn l3_others_are_shown_in_list_and_head_and_oneself_never() {
    for (name, is_shown) in [("anna", false), ("ben", true)] {
        let mut model = fixture::busy();
        let active = |what| Active {
            who: Named {
                id: name.parse().expect("an id"),
                name: text::Safe::literal("Somebody There"),
            },
            what,
        };
        if let Some(open) = &mut model.open {
            open.row.active = vec![active(Activity::Replying)];
            model.list.inbox.put(open.row.clone());
        }
        let (buffer, _) = frame(&model, Palette::Plain);
        let shown: String = buffer.content().iter().map(|c| c.symbol()).collect();
        assert_eq!(shown.contains("Somebody is replying"), is_shown, "{name}");
        let head = "Somebody There is replying";
        assert_eq!(shown.contains(head), is_shown, "{name}");
    }
}

/// A message in which there is nothing to see looks like one that was lost, unless something says that this is all.
#[test]
fn l3_a_message_of_blanks_is_said_to_be_one() {
    let mut model = fixture::busy();
    let Some(open) = &mut model.open else {
        panic!("one is open")
    };
    let mut messages: Vec<_> = open.messages.iter().cloned().collect();
    let last = messages.last_mut().expect("a message");
    (last.body, last.attachments) = (text::Safe::text("\u{a0} \u{3000}"), Vec::new());
    open.messages = Stretch::of(messages, None);
    if let Some(last) = &mut open.row.last_message {
        last.preview = text::Safe::preview("\u{a0} \u{3000}");
    }
    model.list.inbox.put(open.row.clone());
    for (spoken, times) in [(false, 2), (true, 1)] {
        model.spoken = spoken;
        let (buffer, _) = frame(&model, Palette::Plain);
        let shown: String = buffer.content().iter().map(|c| c.symbol()).collect();
        let said = shown.matches(crate::console::words::BLANK).count();
        assert_eq!(said, times, "{shown}");
    }
}

/// Contact, channel, date, status, queue, who has it, until when one can answer, and the three dots: all of it where there
/// is room, and what one acts by on every screen.
#[test]
fn p2_the_head_says_what_one_must_know_to_act() {
    let everything = [
        "Bea Jones",
        "WhatsApp",
        "+44 7700 900123",
        "⋮",
        "YOURS",
        "Payments",
        "promise to pay",
        "reply by Tue 13:03",
    ];
    for (size, wanted, date) in [
        ((150, 40), &everything[..], Some("· 13:41")),
        ((120, 40), &everything[..], Some("· 13:41")),
        (
            (80, 24),
            &[
                "Bea Jones",
                "WhatsApp",
                "+44",
                "⋮",
                "YOURS",
                "Payments",
                "reply by",
            ],
            None,
        ),
        ((60, 20), &everything[..], None),
    ] {
        let mut model = fixture::busy();
        (model.size, model.pane) = (size, crate::console::model::Pane::Conversation);
        let head = Layout::of(&model).head;
        let (buffer, _) = frame(&model, Palette::Plain);
        let cells = head.rows().flat_map(|row| row.positions());
        let shown: String = cells.map(|cell| buffer[cell].symbol()).collect();
        for words in wanted.iter().copied().chain(date) {
            assert!(shown.contains(words), "{words} at {size:?}: {shown}");
        }
    }
}

/// Cells by which two frames differ.
fn differences(one: &Buffer, other: &Buffer) -> Vec<(u16, u16)> {
    let cells = one.content().iter().zip(other.content()).enumerate();
    cells
        .filter(|(_, (a, b))| a != b)
        .map(|(index, _)| one.pos_of(index))
        .collect()
}

/// Moving the cursor changes its mark, the line that says where one is, and the head of the right pane.
#[test]
fn moving_the_cursor_changes_its_mark_and_no_other_cell_of_a_row() {
    for size in [(120, 40), (80, 24), (60, 30)] {
        let mut model = fixture::busy();
        model.size = size;
        let layout = Layout::of(&model);
        fixture::put_cursor(&mut model, 0);
        let (mut before, _) = frame(&model, Palette::True);
        for index in 1..model.list.inbox.len().min(8) {
            fixture::put_cursor(&mut model, index);
            let (after, cursor) = frame(&model, Palette::True);
            for (x, y) in differences(&before, &after) {
                let place = Position::new(x, y);
                let allowed = (x == 0 && layout.list.contains(place))
                    || layout.position.contains(place)
                    || layout.head.contains(place)
                    || layout.rule.contains(place);
                assert!(allowed, "{x},{y} changed at {size:?}");
            }
            let (x, y) = cursor.expect("a cursor on the selected row");
            assert_eq!(after[(x, y)].symbol(), "▌");
            before = after;
        }
    }
}

#[test]
fn moving_the_cursor_by_one_costs_a_thin_line_few_bytes() {
    let mut model = fixture::many(18);
    model.ascii = true;
    let xterm = |name: &str| (name == "TERM").then(|| "xterm-256color".to_owned());
    let abilities = Abilities::of(xterm).expect("a terminal");
    fixture::put_cursor(&mut model, 3);
    let mut painter = Painter::new(abilities);
    let mut bytes = Vec::new();
    for index in [3, 4] {
        fixture::put_cursor(&mut model, index);
        let (buffer, cursor) = frame(&model, Palette::Indexed);
        bytes.clear();
        painter.paint(&buffer, cursor.map(Position::from), &mut bytes);
    }
    assert!(bytes.len() < 160, "{} bytes", bytes.len());
}

#[test]
fn r13_within_a_minute_nothing_turns() {
    let mut model = fixture::busy();
    let (before, _) = frame(&model, Palette::True);
    model.now = fixture::ago(0).after(std::time::Duration::from_secs(39));
    assert_eq!(frame(&model, Palette::True).0, before);
    model.now = fixture::ago(0).after(std::time::Duration::from_secs(40));
    assert_ne!(frame(&model, Palette::True).0, before);
}

/// What the picture shows and what a click there means.
#[test]
fn a_click_means_what_is_shown() {
    let find = |model: &Model, words: &str| {
        let (buffer, _) = frame(model, Palette::Plain);
        let width = usize::from(buffer.area.width);
        let rows = buffer.content().chunks(width).enumerate();
        let mut places = rows.filter_map(|(y, row)| {
            let line: Vec<&str> = row.iter().map(|c| c.symbol()).collect();
            let wanted: Vec<String> = words.chars().map(String::from).collect();
            let x = line
                .windows(wanted.len())
                .position(|w| w == wanted.as_slice())?;
            Some((u16::try_from(x).ok()?, u16::try_from(y).ok()?))
        });
        let (x, y) = places
            .next()
            .unwrap_or_else(|| panic!("{words} is not shown"));
        hit(model, x, y)
    };
    for size in [(120, 40), (80, 24)] {
        let mut model = fixture::busy();
        model.size = size;
        assert_eq!(find(&model, "Carl"), Some(Target::Row(fixture::id("CARL"))));
        assert_eq!(
            find(&model, "Please"),
            Some(Target::Row(fixture::id("CARL")))
        );
        assert_eq!(
            find(&model, "Unassigned 6"),
            Some(Target::Tab(View::Unassigned))
        );
        assert_eq!(find(&model, "All queues"), Some(Target::Queue));
        assert_eq!(find(&model, "⋮"), Some(Target::Dots));
        assert_eq!(find(&model, "(.)"), Some(Target::Dots));
        assert_eq!(find(&model, "delivered"), Some(Target::Conversation));
        assert_eq!(hit(&model, 0, size.1 - 1), None);
        model.layers.push(menu());
        assert_eq!(
            find(&model, "Unassign conversation"),
            Some(Target::MenuItem(4))
        );
        assert_eq!(find(&model, "(Take)"), Some(Target::MenuItem(6)));
        assert_eq!(find(&model, "Esc ─╯"), Some(Target::Layer));
        assert_eq!(find(&model, "Carl"), Some(Target::Outside));
        model.layers = vec![Layer::Picker(Picker::new(Choosing::Shown, Loaded::Yes))];
        assert_eq!(find(&model, "Complaints"), Some(Target::PickerItem(2)));
        model.layers = vec![Layer::Help { cursor: 0 }];
        assert_eq!(find(&model, "take back your"), Some(Target::HelpItem(1)));
    }
}
