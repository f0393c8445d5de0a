//! The style that is written with, and the shortest way from one to the next.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::colour::{index_of_sixteen, nearest};
use crate::console::terminal::abilities::Abilities;

/// What a blank shows besides its background.
const VISIBLE_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// What the terminals before colour have.
const OLD: Modifier = Modifier::BOLD
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::REVERSED);

/// Each modifier with the codes that switch it on and off.
const CODES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// A style the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    /// Nothing set.
    pub(super) const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    /// How a terminal of these abilities shows the cell. What does not show on a blank is left out.
    pub(super) fn of(cell: &Cell, abilities: &Abilities) -> Self {
        let mut modifier = if abilities.modern {
            cell.modifier
        } else {
            cell.modifier & OLD
        };
        modifier.set(
            Modifier::DIM,
            modifier.contains(Modifier::DIM) && abilities.faint,
        );
        let look = Self {
            fg: nearest(cell.fg, abilities.colours),
            bg: nearest(cell.bg, abilities.colours),
            modifier,
        };
        if cell.symbol() != " " {
            look
        } else if modifier.intersects(VISIBLE_ON_BLANK) {
            // Bold and dim change the colour that an underline or a reversed blank has.
            look
        } else {
            Self {
                bg: look.bg,
                ..Self::PLAIN
            }
        }
    }

    /// What to write a blank of this look with, when this pen is in hand: the same, if the difference does not show.
    pub(super) fn for_blank(self, pen: Option<Self>) -> Self {
        match pen {
            Some(pen) if !self.modifier.intersects(VISIBLE_ON_BLANK) => Self {
                fg: pen.fg,
                bg: self.bg,
                modifier: pen.modifier - VISIBLE_ON_BLANK,
            },
            _ => self,
        }
    }
}

/// Appends the shorter of the two ways to `to`: what differs from `from`, or everything from plain.
pub(super) fn change(from: Option<Look>, to: Look, abilities: &Abilities, out: &mut Vec<u8>) {
    if from == Some(to) {
        return;
    }
    let start = out.len();
    out.extend(b"\x1b[");
    // An empty first number is a 0: back to plain.
    set(Look::PLAIN, to, &mut Numbers { out, first: false });
    out.push(b'm');
    let Some(from) = from else { return };
    if !abilities.modern && !to.modifier.contains(from.modifier) {
        return;
    }
    let middle = out.len();
    out.extend(b"\x1b[");
    set(from, to, &mut Numbers { out, first: true });
    out.push(b'm');
    if out.len() - middle <= middle - start {
        out.drain(start..middle);
    } else {
        out.truncate(middle);
    }
}

/// The numbers of one SGR sequence.
struct Numbers<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl Numbers<'_> {
    fn push(&mut self, number: u8) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b';');
        }
        super::decimal::decimal(self.out, u16::from(number));
    }

    fn colour(&mut self, colour: Color, dark: u8, light: u8) {
        match (index_of_sixteen(colour), colour) {
            (Some(index @ 0..8), _) => self.push(dark + index),
            (Some(index), _) => self.push(light + index - 8),
            (None, Color::Indexed(index)) => {
                [dark + 8, 5, index].into_iter().for_each(|n| self.push(n))
            }
            (None, Color::Rgb(r, g, b)) => [dark + 8, 2, r, g, b]
                .into_iter()
                .for_each(|n| self.push(n)),
            _ => self.push(dark + 9),
        }
    }
}

/// The numbers that lead from one look to another.
fn set(from: Look, to: Look, numbers: &mut Numbers<'_>) {
    let gone = from.modifier - to.modifier;
    let mut missing = to.modifier - from.modifier;
    let mut last_off = 0;
    for (modifier, _, off) in CODES {
        if gone.contains(modifier) && off != last_off {
            numbers.push(off);
            last_off = off;
        }
        // Two modifiers share one number to switch off: the other has to be switched on again.
        if CODES
            .iter()
            .any(|(other, _, shared)| *shared == off && gone.contains(*other))
        {
            missing |= to.modifier & modifier;
        }
    }
    for (modifier, on, _) in CODES {
        if missing.contains(modifier) {
            numbers.push(on);
        }
    }
    if from.fg != to.fg {
        numbers.colour(to.fg, 30, 90);
    }
    if from.bg != to.bg {
        numbers.colour(to.bg, 40, 100);
    }
}
