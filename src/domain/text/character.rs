//! What a single character is to the cleaning.

use unicode_width::UnicodeWidthChar as _;

use super::hidden::is_hidden;

/// What becomes of a character depends on its kind and, for marks and emoji, on what it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shown as it is, in one or two columns.
    Shown,
    /// Takes no column; drawn over the character before it.
    Mark,
    /// Ends a line: LF, CR, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
    Break,
    /// CHARACTER TABULATION.
    Tab,
    /// A control that has a picture: C0 and DELETE.
    Control,
    /// Chooses a variant of the character before it.
    Selector,
    /// Colours the emoji before it.
    SkinTone,
    /// ZERO WIDTH JOINER or NON-JOINER.
    Joiner,
    /// Nothing to draw: shown by its code.
    Hidden,
}

/// The kind of a character.
pub(super) fn kind(c: char) -> Kind {
    match c {
        ' '..='~' => Kind::Shown,
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::Break,
        '\t' => Kind::Tab,
        '\0'..='\u{1f}' | '\u{7f}' => Kind::Control,
        '\u{80}'..='\u{9f}' => Kind::Hidden,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => Kind::Selector,
        '\u{180b}'..='\u{180d}' | '\u{180f}' => Kind::Selector,
        '\u{1f3fb}'..='\u{1f3ff}' => Kind::SkinTone,
        '\u{200c}' | '\u{200d}' => Kind::Joiner,
        _ if is_hidden(c) => Kind::Hidden,
        _ if c.width() == Some(0) => Kind::Mark,
        _ => Kind::Shown,
    }
}

/// Can `mark` be drawn over `base`, which is no space?
pub(super) fn carries(base: char, mark: char) -> bool {
    match mark {
        // The later parts of a Korean syllable only complete its beginning.
        '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}' => {
            matches!(base, DOTTED_CIRCLE | '\u{1100}'..='\u{115e}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7a3}')
        }
        _ => true,
    }
}

/// The sign that Unicode gives a mark that stands alone.
pub(super) const DOTTED_CIRCLE: char = '\u{25cc}';

/// Roughly the pictographs that emoji are made of: the blocks they stand in.
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        && kind(c) == Kind::Shown
}

/// Does the script of this letter spell words with joiners: Arabic and its neighbours, India's, Khmer, Mongolian?
pub(super) fn is_joining_script(c: char) -> bool {
    matches!(c,
        '\u{0620}'..='\u{08ff}' | '\u{0900}'..='\u{0dff}' | '\u{0f40}'..='\u{109f}'
        | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && matches!(kind(c), Kind::Shown | Kind::Mark)
}

/// Is this half of a flag?
pub(super) fn is_flag_half(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}
