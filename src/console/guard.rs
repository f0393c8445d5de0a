//! A stretch of code that may go wrong for one message without taking the console with it (R9).

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread is inside [`attempt`], so that a panic is dealt with and ends nothing.
pub(in crate::console) fn is_guarded() -> bool {
    DEPTH.get() > 0
}

/// Does it; `None` if it panicked. Whatever `work` changes it must be able to leave half done.
pub(in crate::console) fn attempt<T>(work: impl FnOnce() -> T) -> Option<T> {
    DEPTH.set(DEPTH.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    DEPTH.set(DEPTH.get() - 1);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r9_what_goes_wrong_is_noticed_and_over() {
        assert_eq!(attempt(|| 1), Some(1));
        let broken = attempt(|| {
            assert!(is_guarded());
            panic!("a message that breaks us");
        });
        assert_eq!(broken, None::<()>);
        assert!(!is_guarded());
    }
}
