//! Numbers, as sequences have them.

/// Appends a number.
pub(super) fn decimal(out: &mut Vec<u8>, number: u16) {
    if number >= 10 {
        decimal(out, number / 10);
    }
    out.push(b'0' + (number % 10) as u8);
}
