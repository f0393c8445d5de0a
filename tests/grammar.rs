//! R4: whatever strangers write, in every screen, only printable text and the sequences we name reach the terminal.
//!
//! Every code point, alone and between letters, and the naughty strings, through every screen and field. In
//! `cargo test` one code point in many is taken and all of the dangerous blocks; `scripts/deep characters` takes all.

#[path = "support/figure.rs"]
mod figure;
#[path = "support/grammar.rs"]
mod grammar;
#[path = "support/screens.rs"]
mod screens;

use figure::figure;
use handback::console::terminal::{Abilities, Painter};
use ratatui::{buffer::Buffer, layout::Rect};

use std::{collections::BTreeSet, fmt::Debug, fs, path::Path};

use handback::console::{
    command::Place,
    model::{Choosing, Layer, Model},
};
use screens::{SCREENS, Screen, hostile, shown};

fn terminal(term: &str) -> Abilities {
    Abilities::of(|name| (name == "TERM").then(|| term.to_owned()))
        .expect("a terminal that can place text")
}

/// Draws a screen full of `text`, from nothing, in colour and in ASCII, and checks every byte.
fn check(screen: Screen, text: &str, size: (u16, u16)) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    for (ascii, term) in [(false, "xterm-256color"), (true, "vt100")] {
        // One of the two is enough for a screen that is not the messages'; the deep run takes both.
        if !deep() && screen != Screen::Conversation && ascii != text.len().is_multiple_of(2) {
            continue;
        }
        let cursor = hostile(screen, text, size, ascii, &mut buffer);
        let mut painter = Painter::new(terminal(term));
        let mut frame = Vec::new();
        painter.paint(&buffer, cursor.map(Into::into), &mut frame);
        assert_eq!(
            painter.suspicious(),
            0,
            "{screen:?} let something through that the painter had to stop: {:?}",
            sample(text)
        );
        if let Some(fault) = grammar::fault(&frame) {
            panic!("{screen:?} with {:?}: {fault}", sample(text));
        }
        // One message alone, if it is a blank one, is little more than the keys.
        assert!(frame.len() > 50, "{screen:?} drew nothing");
    }
}

fn sample(text: &str) -> String {
    text.chars()
        .take(60)
        .flat_map(char::escape_unicode)
        .collect()
}

fn naughty() -> Vec<String> {
    include_str!("data/naughty.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| serde_json::from_str(line).expect("one JSON string a line"))
        .collect()
}

/// The name of a variant.
fn variant(of: &str, value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    format!("{of}::{}", &text[..end.unwrap_or(text.len())])
}

/// The variants of an enum, out of its source.
fn variants(file: &str, of: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/console")
        .join(file);
    let source = fs::read_to_string(path).expect("a source");
    let (_, body) = source
        .split_once(&format!("pub enum {of} {{\n"))
        .expect("the enum");
    let (body, _) = body.split_once("\n}").expect("its end");
    let name = |line: &str| {
        let line = line.strip_prefix("    ")?;
        let end = line.find(|c: char| !c.is_ascii_alphanumeric())?;
        let is_name = line.starts_with(|c: char| c.is_ascii_uppercase());
        is_name.then(|| format!("{of}::{}", &line[..end]))
    };
    body.lines().filter_map(name).collect()
}

/// What a console shows: where its keys count, and everything that lies over its panes.
fn parts(model: &Model) -> Vec<String> {
    let mut parts = vec![variant("Place", &model.place())];
    for layer in &model.layers {
        parts.push(variant("Layer", layer));
        match layer {
            Layer::Picker(picker) => parts.push(variant("Choosing", &picker.choosing)),
            Layer::Question(question) => parts.push(variant("About", &question.about)),
            _ => {}
        }
        if let Layer::Picker(picker) = layer
            && let Choosing::Some(field) = &picker.choosing
        {
            parts.push(variant("Focus", field));
        }
    }
    parts
}

#[test]
fn r4_no_layer_picker_question_or_place_is_missing_among_the_screens() {
    let mut seen = BTreeSet::new();
    for screen in SCREENS {
        for size in [(120, 40), (80, 24)] {
            seen.extend(parts(&shown(screen, "Bea", size, false)));
        }
    }
    let mut all: Vec<String> = [
        ("model/layer.rs", "Layer"),
        ("model/layer.rs", "About"),
        ("model/choosing.rs", "Choosing"),
    ]
    .iter()
    .flat_map(|(file, of)| variants(file, of))
    .collect();
    assert!(all.len() > 20, "the reader of enums is broken: {all:?}");
    // These hold what several places have in common, and are never where one is.
    let common = [Place::Everywhere, Place::Panes, Place::Writing];
    let places = Place::ALL.iter().filter(|place| !common.contains(place));
    all.extend(places.map(|place| variant("Place", place)));
    let missing: Vec<_> = all.iter().filter(|part| !seen.contains(*part)).collect();
    assert!(
        missing.is_empty(),
        "tests/support/screens.rs shows none of {missing:?}"
    );
    figure("screens", SCREENS.len());
    figure(
        "layers, pickers, questions and places among them",
        all.len(),
    );
}

#[test]
fn r4_the_naughty_strings_in_every_screen() {
    let strings = naughty();
    assert!(strings.len() > 300);
    let mut frames = 0;
    for (n, screen) in SCREENS.into_iter().enumerate() {
        // All of them where messages stand, some elsewhere, in each screen others; the deep run leaves none out.
        let is_all = deep() || screen == Screen::Conversation;
        let each = if is_all { 1 } else { 20 };
        for text in strings.iter().skip(n % each).step_by(each) {
            check(screen, text, (80, 24));
            frames += 1;
        }
    }
    figure("naughty strings in frames", frames);
}

/// The blocks that hold what has undone other programs.
fn is_dangerous(n: u32) -> bool {
    matches!(n, 0..0x0350 | 0x0600..0x0620 | 0x1800..0x1810 | 0x2000..0x2080 | 0xfe00..0xfe10 | 0xfeff | 0xfff0..0x1_0000)
        || matches!(n, 0xe_0000..0xe_0080)
}

/// Whether this is the run that leaves nothing out.
fn deep() -> bool {
    std::env::var_os("HANDBACK_DEEP").is_some()
}

/// Which code points a run takes: all in the deep one, else the dangerous blocks and a sample of the rest.
fn code_points() -> impl Iterator<Item = char> {
    let all = deep();
    (0..=0x10_ffff_u32)
        .filter(move |n| all || is_dangerous(*n) || n % 997 == 0)
        .filter_map(char::from_u32)
}

#[test]
fn r4_every_code_point_alone_and_between_letters_in_every_screen() {
    let points: Vec<char> = code_points().collect();
    // Many a frame: a message shows them all, the fields of one line the first of them.
    for chunk in points.chunks(400) {
        let alone: String = chunk.iter().map(|c| format!("{c} ")).collect();
        let between: String = chunk.iter().map(|c| format!("a{c}b")).collect();
        for text in [&alone, &between] {
            check(Screen::Conversation, text, (120, 40));
        }
    }
    // Few a frame, in each place a line of theirs can stand.
    let mut frames = 0;
    for (n, chunk) in points.chunks(40).enumerate() {
        let line: String = chunk.iter().map(|c| format!("{c}a")).collect();
        for (m, screen) in SCREENS.into_iter().enumerate() {
            if deep() || (n + m) % 6 == 0 {
                check(screen, &line, (120, 24));
                frames += 1;
            }
        }
    }
    figure("code points", points.len());
    figure("frames of few each", frames);
}

/// What these tests look for is found when the filter is not there: a hostile text put into a cell as it is.
#[test]
fn r4_without_the_filter_it_would_be_seen() {
    let mut caught = 0;
    let hostile: Vec<String> = naughty()
        .into_iter()
        .filter(|text| grammar::fault(text.as_bytes()).is_some())
        .collect();
    for text in &hostile {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
        for (x, c) in (0..80).zip(text.chars()) {
            buffer[(x, 0)].set_symbol(&c.to_string());
        }
        let mut painter = Painter::new(terminal("xterm-256color"));
        let mut frame = Vec::new();
        painter.paint(&buffer, None, &mut frame);
        caught += usize::from(painter.suspicious() > 0 || grammar::fault(&frame).is_some());
    }
    assert!(
        hostile.len() > 100 && caught * 10 > hostile.len() * 9,
        "{caught} of {}",
        hostile.len()
    );
}
