//! Whether what several clients were answered could have happened one after the other: each operation at one moment
//! between being asked and being answered (Wing and Gong, with Lowe's memory of what was tried).

use std::{collections::HashSet, hash::Hash};

/// What a thing is that is asked one after the other.
pub trait Object {
    /// All there is of it.
    type State: Clone + Eq + Hash;
    /// What it is asked.
    type Asked;
    /// What it answers.
    type Answer;

    /// How it begins.
    fn begin(&self) -> Self::State;

    /// What it is after being asked, if it can answer so; `None`: it cannot. Of an answer that never came, any will do.
    fn after(
        &self,
        state: &Self::State,
        asked: &Self::Asked,
        answer: Option<&Self::Answer>,
    ) -> Option<Self::State>;

    /// Whether all is told that is told of it elsewhere.
    fn is_whole(&self, state: &Self::State) -> bool;
}

/// One operation of a history. Times are of one clock.
#[derive(Clone, Debug)]
pub struct Operation<A, R> {
    pub asked: A,
    pub began: u64,
    /// When the answer came, and which. `None`: it never did; it may have happened any time since, or not at all.
    pub ended: Option<(u64, R)>,
}

/// The order in which it can have happened, by index; of what was never answered only what did.
pub fn order<O: Object>(
    object: &O,
    history: &[Operation<O::Asked, O::Answer>],
) -> Option<Vec<usize>> {
    let answered = history
        .iter()
        .filter(|operation| operation.ended.is_some())
        .count();
    let words = history.len().div_ceil(64);
    let mut tried: HashSet<(Vec<u64>, O::State)> = HashSet::new();
    let mut done = vec![0_u64; words];
    let mut way: Vec<(usize, O::State)> = Vec::new();
    let mut state = object.begin();
    let (mut count, mut from) = (0, 0);
    loop {
        if count == answered && object.is_whole(&state) {
            return Some(way.into_iter().map(|(at, _)| at).collect());
        }
        let is_done = |at: usize, done: &[u64]| done[at / 64] >> (at % 64) & 1 == 1;
        // Nothing can come before what ended before it began.
        let open = (0..history.len()).filter(|at| !is_done(*at, &done));
        let ends = open.filter_map(|at| Some(history[at].ended.as_ref()?.0));
        let first_end = ends.min().unwrap_or(u64::MAX);
        let next = (from..history.len()).find_map(|at| {
            let operation = &history[at];
            if is_done(at, &done) || operation.began > first_end {
                return None;
            }
            let answer = operation.ended.as_ref().map(|(_, answer)| answer);
            let after = object.after(&state, &operation.asked, answer)?;
            if answer.is_none() && after == state {
                return None; // It did nothing, or never happened: that is the same.
            }
            let mut with = done.clone();
            with[at / 64] |= 1 << (at % 64);
            tried
                .insert((with.clone(), after.clone()))
                .then_some((at, with, after))
        });
        if let Some((at, with, after)) = next {
            way.push((at, std::mem::replace(&mut state, after)));
            count += usize::from(history[at].ended.is_some());
            (done, from) = (with, 0);
            continue;
        }
        let (at, before) = way.pop()?;
        state = before;
        done[at / 64] &= !(1 << (at % 64));
        count -= usize::from(history[at].ended.is_some());
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that is read and set.
    struct Cell;

    #[derive(Clone, Copy)]
    enum Ask {
        Read,
        Set(u8),
        /// Only if it is this.
        Swap(u8, u8),
    }

    impl Object for Cell {
        type State = u8;
        type Asked = Ask;
        type Answer = u8;

        fn begin(&self) -> u8 {
            0
        }

        fn after(&self, state: &u8, asked: &Ask, answer: Option<&u8>) -> Option<u8> {
            let (after, says) = match *asked {
                Ask::Read => (*state, *state),
                Ask::Set(to) => (to, 0),
                Ask::Swap(from, to) if *state == from => (to, 1),
                Ask::Swap(..) => (*state, 0),
            };
            answer.is_none_or(|answer| *answer == says).then_some(after)
        }

        fn is_whole(&self, _: &u8) -> bool {
            true
        }
    }

    /// (asked, began, ended, answer)
    fn can_be(history: &[(Ask, u64, Option<u64>, u8)]) -> bool {
        let history: Vec<_> = history
            .iter()
            .map(|&(asked, began, ended, answer)| Operation {
                asked,
                began,
                ended: ended.map(|ended| (ended, answer)),
            })
            .collect();
        order(&Cell, &history).is_some()
    }

    #[test]
    fn r20_a_history_that_can_have_happened_is_told_from_one_that_cannot() {
        use Ask::{Read, Set, Swap};
        // One after the other.
        assert!(can_be(&[(Set(1), 0, Some(1), 0), (Read, 2, Some(3), 1)]));
        assert!(
            !can_be(&[(Set(1), 0, Some(1), 0), (Read, 2, Some(3), 0)]),
            "a stale read"
        );
        // At the same time, either.
        assert!(can_be(&[(Set(1), 0, Some(5), 0), (Read, 2, Some(3), 0)]));
        assert!(can_be(&[(Set(1), 0, Some(5), 0), (Read, 2, Some(3), 1)]));
        // But not back again.
        let back = [
            (Set(1), 0, Some(9), 0),
            (Read, 1, Some(2), 1),
            (Read, 3, Some(4), 0),
        ];
        assert!(
            !can_be(&back),
            "what was seen once is seen by who looks later"
        );
        // Of two who swap, one wins.
        let swaps = |first, second| {
            [
                (Swap(0, 1), 0, Some(9), first),
                (Swap(0, 2), 0, Some(9), second),
            ]
        };
        assert!(can_be(&swaps(1, 0)) && can_be(&swaps(0, 1)));
        assert!(!can_be(&swaps(1, 1)), "done twice");
        assert!(!can_be(&swaps(0, 0)), "done by nobody");
        // What was never answered may have happened late, or never; but not before it was asked.
        assert!(can_be(&[
            (Set(1), 0, None, 0),
            (Read, 5, Some(6), 0),
            (Read, 7, Some(8), 1)
        ]));
        assert!(can_be(&[(Set(1), 0, None, 0), (Read, 5, Some(6), 0)]));
        assert!(!can_be(&[(Read, 0, Some(1), 1), (Set(1), 2, None, 0)]));
        assert!(!can_be(&[
            (Set(1), 0, None, 0),
            (Read, 5, Some(6), 1),
            (Read, 7, Some(8), 0)
        ]));
    }
}
