//! What a cell shows, and how far the terminal's idea of its width can be trusted.

use ratatui::buffer::{Cell, CellDiffOption, CellWidth};

/// The signs that we draw ourselves, besides lines and blocks. Every terminal shows them one column wide.
const OUR_SIGNS: &[char] = &[
    '◆', '●', '◇', '○', '■', '□', '▲', '▼', '▶', '◀', '▸', '▾', '▴', '◂', '⋮', '…', '·', '↵', '←',
    '↑', '→', '↓', '␛', '␀', '–', '—', '•', '✓', '✗', '×', '«', '»', '‹', '›',
];

/// Whether the terminal surely advances by one column for this symbol. After anything else the cursor is placed
/// anew, so that a disagreement about width stays within its cell (R5).
pub(super) fn is_trusted(symbol: &str) -> bool {
    if let [byte] = symbol.as_bytes() {
        return matches!(byte, 0x20..=0x7e);
    }
    let mut characters = symbol.chars();
    match (characters.next(), characters.next()) {
        // Lines, blocks and their like.
        (Some('\u{2500}'..='\u{259f}'), None) => true,
        (Some(sign), None) => OUR_SIGNS.contains(&sign),
        _ => false,
    }
}

/// How many columns the cell takes, at least one.
pub(super) fn width(cell: &Cell) -> usize {
    match cell.symbol().as_bytes() {
        [_] => 1,
        _ => usize::from(cell.cell_width()).max(1),
    }
}

/// How many columns behind the cell a terminal may have written to that measures otherwise than we do: it may take
/// any character for a wide one, and give a mark, which we draw over a character, a column of its own (R5).
pub(super) fn reach(cell: &Cell) -> usize {
    let symbol = cell.symbol();
    if is_trusted(symbol) {
        return 0;
    }
    let most = |(nth, character)| match character {
        '\u{1f1e6}'..='\u{1f1ff}' => 2,
        _ if nth == 0 => 2,
        _ => 1,
    };
    let most: usize = symbol.chars().enumerate().map(most).sum();
    most.saturating_sub(width(cell))
}

/// Whether the cell is left to whoever else draws there.
pub(super) fn is_left_alone(cell: &Cell) -> bool {
    cell.diff_option == CellDiffOption::Skip
}

/// Whether a character must not reach a terminal: it would act on the terminal instead of being shown, or change
/// the order or the look of what stands around it. `Safe` has made all of them visible before; this list is kept
/// apart from its tables on purpose, so that a mistake there does not repeat itself here.
pub(super) fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_only_ascii_and_our_own_signs_are_trusted() {
        for symbol in ["a", " ", "~", "│", "▌", "◆", "…"] {
            assert!(is_trusted(symbol), "{symbol}");
            assert_eq!(symbol.cell_width(), 1, "{symbol}");
        }
        for symbol in ["é", "e\u{301}", "日", "😀", "\u{200d}", "\t"] {
            assert!(!is_trusted(symbol), "{symbol:?}");
        }
    }

    #[test]
    fn r5_a_character_reaches_as_far_as_the_worst_terminal_takes_it() {
        let reach = |symbol: &str| {
            let mut cell = Cell::EMPTY;
            cell.set_symbol(symbol);
            super::reach(&cell)
        };
        for (symbol, columns) in [
            ("a", 0),
            ("│", 0),
            ("é", 1),
            ("e\u{301}", 2),
            ("日", 0),
            ("🇬🇧", 2),
        ] {
            assert_eq!(reach(symbol), columns, "{symbol}");
        }
    }

    #[test]
    fn r4_what_is_safe_is_never_held_back() {
        use crate::domain::text::Safe;

        for character in '\0'..=char::MAX {
            let text = format!("{character}a{character}\u{628}{character}\u{628}");
            let safe = Safe::line(&text);
            assert!(
                !safe.as_str().chars().any(is_harmful),
                "{character:?} in {safe:?}"
            );
        }
    }

    #[test]
    fn every_sign_of_ours_is_one_column_wide() {
        for sign in OUR_SIGNS {
            assert_eq!(sign.to_string().as_str().cell_width(), 1, "{sign}");
        }
    }
}
