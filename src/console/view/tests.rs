//! The screens as an advisor sees them, and what holds for every screen.

use std::fmt::Write as _;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier},
};

use super::{fixture, view};
use crate::console::{
    menu::Menu,
    model::{Layer, Model, Pane},
    theme::{Palette, Theme},
};

/// A frame of the model's own size.
fn frame(model: &Model, palette: Palette) -> (Buffer, Option<(u16, u16)>) {
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let cursor = view(model, &Theme::new(palette), &mut buffer);
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
            skip = crate::domain::text::width(cell.symbol()).saturating_sub(1);
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

/// The screens one meets, by name.
fn screens() -> Vec<(String, Model)> {
    let mut screens = Vec::new();
    let mut add = |name: &str, model: Model| screens.push((name.to_owned(), model));
    for (width, height) in [(120, 40), (80, 24), (60, 20), (20, 5)] {
        let mut model = fixture::busy();
        model.size = (width, height);
        add(&format!("list-{width}x{height}"), model);
        let mut model = fixture::busy();
        model.size = (width, height);
        model.layers.push(menu());
        add(&format!("menu-{width}x{height}"), model);
        let mut model = fixture::busy();
        model.size = (width, height);
        fixture::compose(&mut model, "Yes, we can split what is left over three mon");
        add(&format!("composer-{width}x{height}"), model);
        let mut model = fixture::busy();
        model.size = (width, height);
        model.pane = Pane::Conversation;
        add(&format!("reading-{width}x{height}"), model);
    }
    screens
}

fn menu() -> Layer {
    Layer::Menu(Menu {
        conversation: fixture::id("BEA"),
        cursor: 4,
    })
}
