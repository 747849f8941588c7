//! New ids: milliseconds since 2025, then a counter, so that ids sort by the time they were made.
//!
//! 41 bits of time last until 2094. The 10 bits of node keep several nodes apart; one node alone is node 0. Should the
//! clock step back, ids go on from the latest one instead of following it.

use std::sync::atomic::{AtomicU64, Ordering};

use laserchat_protocol::Timestamp;

/// 2025-01-01T00:00:00Z.
const START_MS: i64 = 1_735_689_600_000;
const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;

/// Where the time comes from. A simulation has a time of its own.
pub type Clock = fn() -> Timestamp;

#[derive(Debug)]
pub struct Ids {
    node: u64,
    clock: Clock,
    /// Time and counter of the latest id, without the node.
    latest: AtomicU64,
}

impl Ids {
    pub fn new(node: u16, clock: Clock) -> Self {
        Ids { node: u64::from(node) & ((1 << NODE_BITS) - 1), clock, latest: AtomicU64::new(0) }
    }

    /// The time by the clock that ids are made of.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// An id larger than every earlier one.
    pub fn next(&self) -> u64 {
        let now = ((self.now().0 - START_MS).max(1) as u64) << COUNTER_BITS;
        let step = |latest: u64| Some(now.max(latest + 1));
        let previous = self.latest.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or_default();
        let ticket = now.max(previous + 1);
        let (time, counter) = (ticket >> COUNTER_BITS, ticket & ((1 << COUNTER_BITS) - 1));
        (time << (NODE_BITS + COUNTER_BITS)) | (self.node << COUNTER_BITS) | counter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_and_never_repeat() {
        let ids = Ids::new(1023, Timestamp::now);
        let many: Vec<u64> = (0..100_000).map(|_| ids.next()).collect();
        assert!(many.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(many.iter().all(|&id| id > 0 && id < i64::MAX as u64));
    }
}
