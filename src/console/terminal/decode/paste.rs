//! A bracketed paste: everything up to its end, and what follows that end in one go.

/// What ends a paste; and what begins one, which may be pasted as well.
const MARKS: [&[u8; 6]; 2] = [b"\x1b[201~", b"\x1b[200~"];

/// The most that is kept of a paste. The rest is swallowed, up to its end.
const LARGEST: usize = 1024 * 1024;

/// A paste that is coming in. The marks are not part of its text, wherever they stand.
#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
    /// The last bytes, while they may be the beginning of a mark.
    mark: Vec<u8>,
    closed: bool,
}

impl Paste {
    pub(super) fn take(&mut self, byte: u8) {
        self.mark.push(byte);
        if self.mark == MARKS[0] || self.mark == MARKS[1] {
            self.closed = self.mark == MARKS[0];
            self.mark.clear();
        } else if !MARKS.iter().any(|mark| mark.starts_with(&self.mark)) {
            // ESC stands only at the beginning of a mark, so at most the last byte can begin another.
            let begins_another = byte == MARKS[0][0];
            let settled = self.mark.len() - usize::from(begins_another);
            let room = LARGEST - self.bytes.len();
            self.bytes.extend(self.mark.drain(..settled).take(room));
        }
    }

    /// Whether its end has been seen; silence then makes it final.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// The text: line ends as `\n`, no control but the tab, no byte that is not UTF-8.
    pub(super) fn text(mut self) -> String {
        let room = LARGEST - self.bytes.len();
        self.bytes.extend(self.mark.into_iter().take(room));
        let mut text = String::with_capacity(self.bytes.len());
        for chunk in self.bytes.utf8_chunks() {
            let mut characters = chunk.valid().chars().peekable();
            while let Some(character) = characters.next() {
                match character {
                    '\r' => {
                        characters.next_if_eq(&'\n');
                        text.push('\n');
                    }
                    '\n' | '\t' => text.push(character),
                    _ if character.is_control() => {}
                    _ => text.push(character),
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pasted(bytes: &[u8]) -> Paste {
        let mut paste = Paste::default();
        bytes.iter().for_each(|byte| paste.take(*byte));
        paste
    }

    #[test]
    fn r7_a_paste_loses_its_controls_but_not_its_lines() {
        assert_eq!(
            pasted(b"a\r\nb\rc\nd\te\x07\x1b[31m\xc2\x9bf\xff").text(),
            "a\nb\nc\nd\te[31mf"
        );
    }

    #[test]
    fn a_mark_is_found_behind_the_beginning_of_one() {
        let paste = pasted(b"a\x1b[20\x1b[201~");
        assert!(paste.is_closed());
        assert_eq!(paste.text(), "a[20");
    }

    #[test]
    fn r7_an_endless_paste_keeps_one_mebibyte() {
        let mut paste = Paste::default();
        (0..LARGEST + 10).for_each(|_| paste.take(b'x'));
        b"\x1b[201~".iter().for_each(|byte| paste.take(*byte));
        assert!(paste.is_closed());
        assert_eq!(paste.text().len(), LARGEST);
    }
}
