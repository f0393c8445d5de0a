//! Words as one searches for them: case and accents make no difference.

/// Lower case, without accents.
#[must_use]
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        if is_mark(c) {
            continue;
        }
        match plain(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded
}

/// An accent that stands by itself behind its letter.
#[must_use]
pub fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Latin letters with accents, and what one types for them.
const LETTERS: [(&str, &str); 27] = [
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặ"),
    ("ae", "æǣǽ"),
    ("b", "ḃḅḇƀɓ"),
    ("c", "çćĉċčƈḉ"),
    ("d", "ďđḋḍḏḑḓðɗ"),
    ("e", "èéêëēĕėęěȅȇȩɇḕḗḙḛḝẹẻẽếềểễệ"),
    ("f", "ḟƒ"),
    ("g", "ĝğġģǧǥǵḡɠ"),
    ("h", "ĥħȟḣḥḧḩḫẖ"),
    ("i", "ìíîïĩīĭįıǐȉȋḭḯỉị"),
    ("j", "ĵǰɉ"),
    ("k", "ķǩḱḳḵƙ"),
    ("l", "ĺļľŀłḷḹḻḽƚ"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňŉǹṅṇṉṋɲ"),
    ("o", "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
    ("oe", "œ"),
    ("p", "ṕṗƥ"),
    ("r", "ŕŗřȑȓṙṛṝṟɍ"),
    ("s", "śŝşšșṡṣṥṧṩſ"),
    ("ss", "ß"),
    ("t", "ţťŧțṫṭṯṱẗ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹɏ"),
    ("z", "źżžẑẓẕƶ"),
];

fn plain(c: char) -> Option<&'static str> {
    if c.is_ascii() {
        return None;
    }
    let (letters, _) = LETTERS.iter().find(|(_, accented)| accented.contains(c))?;
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference() {
        for word in ["José", "JOSÉ", "Jose\u{301}"] {
            assert_eq!(fold(word), "jose");
        }
        assert_eq!(
            (fold("Straße"), fold("Łódź")),
            ("strasse".into(), "lodz".into())
        );
        assert_eq!(fold("Наташа 田中"), "наташа 田中");
    }
}
