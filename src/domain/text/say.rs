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
