//! Our own sentences, with names and numbers in them.

/// A sentence of one line, written like `format!`: `say!("Handed back {contact} to {}", queue.name)`.
///
/// What it puts together is cleaned as a whole by [`Safe::line`](crate::domain::text::Safe::line), which changes nothing in
/// [`Safe`](crate::domain::text::Safe) and numbers, so that there is no argument with which it is not safe.
/// A text of several lines becomes one.
#[macro_export]
macro_rules! say {
    ($($sentence:tt)+) => {
        $crate::domain::text::Safe::line(&::std::format!($($sentence)+))
    };
}

#[cfg(test)]
mod tests {
    use crate::domain::text::Safe;

    #[test]
    fn a_sentence_has_names_and_numbers_in_it() {
        let contact = Safe::line("Bea\u{7} Jones");
        assert_eq!(
            say!(
                "Handed back {contact} to {}, {:>2} left",
                Safe::literal("Payments"),
                3
            ),
            "Handed back Bea␇ Jones to Payments,  3 left"
        );
    }

    #[test]
    fn r1_no_argument_makes_it_unsafe() {
        assert_eq!(
            say!("{}{}", "\u{1b}]0;x\u{7}", Safe::text("a\nb")),
            "␛]0;x␇a⏎b"
        );
    }
}
