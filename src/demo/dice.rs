//! Chance that repeats: the same seed throws the same numbers on every machine.

use std::ops::Range;

/// Throws numbers in an order that only the seed decides (SplitMix64). For play, never for secrets.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Other dice, decided by these and `salt` alone: throwing one does not change what the other throws.
    #[must_use]
    pub fn apart(&self, salt: u64) -> Self {
        let mut other = Self(self.0 ^ salt.wrapping_mul(0xD134_2543_DE82_EF95));
        other.throw();
        other
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number of the range; its start if the range is empty.
    pub fn within(&mut self, range: Range<u64>) -> u64 {
        let width = range.end.saturating_sub(range.start).max(1);
        range.start + self.throw() % width
    }

    /// One of them; `None` if there are none.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        if among.is_empty() {
            return None;
        }
        let index = usize::try_from(self.within(0..among.len() as u64)).unwrap_or(0);
        among.get(index)
    }

    /// One of them, each as likely as its weight says; `None` if all weights are zero.
    pub fn weigh<T>(&mut self, among: Vec<(u64, T)>) -> Option<T> {
        let total: u64 = among.iter().map(|(weight, _)| weight).sum();
        let mut left = self.within(0..total);
        for (weight, thing) in among {
            if left < weight {
                return Some(thing);
            }
            left -= weight;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throws = |seed| {
            let mut dice = Dice::new(seed);
            [(); 8].map(|()| dice.within(0..1000))
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
        assert_eq!(
            Dice::new(1).apart(3).within(0..1000),
            Dice::new(1).apart(3).within(0..1000)
        );
    }

    #[test]
    fn nothing_is_picked_from_nothing_and_no_weight_is_never_picked() {
        let mut dice = Dice::new(1);
        assert_eq!(dice.pick::<u8>(&[]), None);
        assert_eq!(dice.weigh(vec![(0, 'a')]), None);
        assert_eq!(dice.weigh::<char>(vec![]), None);
        for _ in 0..100 {
            assert_eq!(dice.weigh(vec![(0, 'a'), (3, 'b'), (0, 'c')]), Some('b'));
            assert!((5..9).contains(&dice.within(5..9)));
        }
    }
}
