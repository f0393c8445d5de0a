//! Random names: ids that can be said aloud, and the bytes of tokens.

use super::{Result, StoreError};

/// Crockford's alphabet: no I, L, O or U, so that nothing is misread over the telephone.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How long a conversation's id is: 50 random bits.
pub(super) const ID_LETTERS: usize = 10;

/// `N` random bytes from the system.
pub(super) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(StoreError::Random)?;
    Ok(bytes)
}

/// So many random letters of Crockford's alphabet, at most 64.
pub(super) fn letters(count: usize) -> Result<String> {
    let bytes = bytes::<64>()?;
    Ok(bytes
        .iter()
        .take(count)
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect())
}
