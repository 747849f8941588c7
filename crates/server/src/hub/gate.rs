//! A gate: lets what is numbered pass in the order of its numbers, each once.
//!
//! On several nodes, what a node commits itself and what it hears of other nodes come by different ways. So each
//! conversation that somebody here listens to, and each user who is connected here, has a gate. What comes next passes;
//! what passed before is dropped; what comes too early waits until the gap before it is filled, by what is still on its
//! way or, a moment later, from the store.

use std::collections::BTreeMap;

/// What waits at most. What is dropped beyond it is read from the store.
const WAITING: usize = 128;

#[derive(Debug)]
pub struct Gate<T> {
    passed: u64,
    /// A number that is known to be taken: everything up to it exists.
    known: u64,
    waiting: BTreeMap<u64, T>,
    /// Somebody is on the way to fill the gap.
    pub asked: bool,
}

impl<T> Gate<T> {
    pub fn new(passed: u64) -> Self {
        Gate { passed, known: passed, waiting: BTreeMap::new(), asked: false }
    }

    /// The number that passed last.
    pub fn passed(&self) -> u64 {
        self.passed
    }

    /// Whether something is missing before what is known to be there.
    pub fn has_gap(&self) -> bool {
        self.known > self.passed
    }

    /// Says that a number is taken, without having what belongs to it.
    pub fn know(&mut self, number: u64) {
        self.known = self.known.max(number);
    }

    /// Takes what has a number. Returns false when it is old.
    pub fn offer(&mut self, number: u64, item: T) -> bool {
        if number <= self.passed {
            return false;
        }
        self.know(number);
        if number == self.passed + 1 || self.waiting.len() < WAITING {
            self.waiting.entry(number).or_insert(item);
        }
        true
    }

    /// What passes next, if it is there.
    pub fn next(&mut self) -> Option<T> {
        let item = self.waiting.remove(&(self.passed + 1))?;
        self.passed += 1;
        Some(item)
    }

    /// Everything up to a number has been told in another way.
    pub fn skip(&mut self, number: u64) {
        self.passed = self.passed.max(number);
        self.know(number);
        self.waiting = self.waiting.split_off(&(self.passed + 1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drain(gate: &mut Gate<u64>) -> Vec<u64> {
        std::iter::from_fn(|| gate.next()).collect()
    }

    #[test]
    fn a_gap_holds_back_what_is_newer() {
        let mut gate = Gate::new(3);
        assert!(gate.offer(5, 5));
        assert!(drain(&mut gate).is_empty() && gate.has_gap());
        assert!(gate.offer(4, 4));
        assert_eq!(drain(&mut gate), [4, 5]);
        assert!(!gate.has_gap() && !gate.offer(5, 5) && !gate.offer(1, 1));
    }

    #[test]
    fn what_was_told_otherwise_is_skipped() {
        let mut gate = Gate::new(0);
        for number in [2, 3, 6] {
            gate.offer(number, number);
        }
        gate.know(9);
        gate.skip(5);
        assert_eq!(drain(&mut gate), [6]);
        assert!(gate.has_gap(), "7 to 9 are known to be there");
        gate.skip(2);
        assert_eq!(gate.passed(), 6, "never back");
    }

    proptest! {
        /// However numbers are lost, doubled and reordered: what passes ascends without a hole, and once the rest is told,
        /// nothing is missing.
        #[test]
        fn order_is_kept(offers in prop::collection::vec(1u64..40, 0..200)) {
            let mut gate = Gate::new(0);
            let mut passed = Vec::new();
            for &number in &offers {
                gate.offer(number, number);
                passed.extend(drain(&mut gate));
            }
            prop_assert!(passed.iter().copied().eq(1..=passed.len() as u64));
            let last = offers.iter().copied().max().unwrap_or_default();
            prop_assert_eq!(gate.has_gap(), gate.passed() < last);
            for number in gate.passed() + 1..=last {
                gate.offer(number, number);
            }
            passed.extend(drain(&mut gate));
            prop_assert!(passed.into_iter().eq(1..=last));
        }
    }
}
