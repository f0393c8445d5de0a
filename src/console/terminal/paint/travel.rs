//! The shortest way to move the cursor, by what every terminal has. To the beginning of the next row there is a shorter
//! one, `CSI E`; terminfo has no name for it, and mosh does not know it.

use super::decimal::decimal;

/// Where the terminal's cursor is, as far as that is sure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere.
    #[default]
    Unknown,
    /// Somewhere in this row: behind a character whose width is disputed, or at the edge (R5).
    Row(u16),
    /// At this column and row.
    At(u16, u16),
}

/// One sequence: its last byte, and the number before it.
type Step = (u8, u16);

/// Appends the shortest sequences that bring the cursor from `from` to `column` and `row`, and says nothing if it is
/// there. `modern` allows those that came after the VT100.
pub(super) fn travel(from: Place, (column, row): (u16, u16), modern: bool, out: &mut Vec<u8>) {
    if from == Place::At(column, row) {
        return;
    }
    match best(from, (column, row), modern) {
        Some(steps) => steps
            .into_iter()
            .flatten()
            .for_each(|step| relative(step, out)),
        None => absolute(column, row, out),
    }
}

/// How many bytes [`travel`] would append.
pub(super) fn cost(from: Place, to: (u16, u16), modern: bool) -> usize {
    if from == Place::At(to.0, to.1) {
        return 0;
    }
    match best(from, to, modern) {
        Some(steps) => steps.into_iter().flatten().map(length).sum(),
        None => absolute_length(to.0, to.1),
    }
}

/// The best way in at most two steps, or `None` if to name the place is shorter.
fn best(from: Place, (column, row): (u16, u16), modern: bool) -> Option<[Option<Step>; 2]> {
    let mut best = (absolute_length(column, row), None);
    let mut consider = |steps: [Option<Step>; 2]| {
        let length = steps.into_iter().flatten().map(length).sum();
        if length < best.0 {
            best = (length, Some(steps));
        }
    };
    let (from_column, from_row) = match from {
        Place::Unknown => return None,
        Place::Row(from_row) => (None, from_row),
        Place::At(from_column, from_row) => (Some(from_column), from_row),
    };
    let along = |from: Option<u16>| {
        let there = (modern).then_some((b'G', column + 1));
        let relative = from.and_then(|from| {
            if from < column {
                Some((b'C', column - from))
            } else {
                Some((b'D', from.checked_sub(column)?))
            }
        });
        [relative, there].into_iter().flatten()
    };
    // Down or up in the same column, and then along.
    let vertical = if from_row < row {
        (b'B', row - from_row)
    } else {
        (b'A', from_row - row)
    };
    let to_row = [Some(vertical), modern.then_some((b'd', row + 1))]
        .into_iter()
        .flatten();
    if from_row == row {
        along(from_column).for_each(|step| consider([Some(step), None]));
    } else if from_column == Some(column) {
        to_row.for_each(|step| consider([Some(step), None]));
    } else {
        to_row.for_each(|down| {
            along(from_column).for_each(|step| consider([Some(down), Some(step)]))
        });
    }
    best.1
}

fn relative((letter, number): Step, out: &mut Vec<u8>) {
    out.extend(b"\x1b[");
    if number != 1 {
        decimal(out, number);
    }
    out.push(letter);
}

fn length((_, number): Step) -> usize {
    3 + if number == 1 { 0 } else { digits(number) }
}

fn absolute(column: u16, row: u16, out: &mut Vec<u8>) {
    out.extend(b"\x1b[");
    if row != 0 {
        decimal(out, row + 1);
    }
    if column != 0 {
        out.push(b';');
        decimal(out, column + 1);
    }
    out.push(b'H');
}

fn absolute_length(column: u16, row: u16) -> usize {
    let named = |number: u16| if number == 0 { 0 } else { digits(number + 1) };
    3 + named(row) + named(column) + usize::from(column != 0)
}

pub(super) fn digits(number: u16) -> usize {
    match number {
        0..10 => 1,
        10..100 => 2,
        100..1000 => 3,
        _ => 4 + usize::from(number >= 10_000),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn way(from: Place, to: (u16, u16), modern: bool) -> String {
        let mut out = Vec::new();
        travel(from, to, modern, &mut out);
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn the_shortest_way_is_taken() {
        assert_eq!(way(Place::Unknown, (0, 0), true), "^[H");
        assert_eq!(way(Place::Unknown, (0, 4), true), "^[5H");
        assert_eq!(way(Place::Unknown, (4, 0), true), "^[;5H");
        assert_eq!(way(Place::At(5, 5), (6, 5), true), "^[C");
        assert_eq!(way(Place::At(5, 5), (5, 6), true), "^[B");
        assert_eq!(way(Place::At(49, 11), (0, 12), true), "^[13H");
        assert_eq!(way(Place::At(49, 11), (50, 12), true), "^[B^[C");
        assert_eq!(way(Place::At(199, 11), (9, 11), true), "^[10G");
        assert_eq!(way(Place::At(199, 11), (9, 11), false), "^[190D");
        assert_eq!(way(Place::Row(11), (9, 11), true), "^[10G");
        assert_eq!(way(Place::Row(11), (9, 11), false), "^[12;10H");
        assert_eq!(way(Place::At(3, 3), (3, 3), true), "");
    }

    proptest! {
        #[test]
        fn every_way_leads_there_and_costs_what_was_said(
            from in (0u16..300, 0u16..100), to in (0u16..300, 0u16..100), modern in any::<bool>(), sure in 0..3usize,
        ) {
            let place = [Place::Unknown, Place::Row(from.1), Place::At(from.0, from.1)][sure];
            let mut out = Vec::new();
            travel(place, to, modern, &mut out);
            prop_assert_eq!(out.len(), cost(place, to, modern));
            let mut terminal = vt100::Parser::new(100.try_into().unwrap(), 300.try_into().unwrap(), 0);
            terminal.process(format!("\x1b[{};{}H", from.1 + 1, from.0 + 1).as_bytes());
            terminal.process(&out);
            prop_assert_eq!(terminal.screen().cursor_position(), (to.1, to.0));
        }
    }
}
