//! New ids: milliseconds since 2025, then a counter, so that ids sort by the time they were made.
//!
//! 41 bits of time last until 2094. The 10 bits of node keep several nodes apart, each of which has a number for as long as
//! it renews its lease of it; one node alone is node 0. Should the
//! clock step back, ids go on from the latest one instead of following it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use laserchat_protocol::Timestamp;

/// 2025-01-01T00:00:00Z.
const START_MS: i64 = 1_735_689_600_000;
const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;
/// How many nodes there can be.
pub const NODES: u16 = 1 << NODE_BITS;

/// Where the time comes from. A simulation has a time of its own.
pub type Clock = fn() -> Timestamp;

#[derive(Debug)]
pub struct Ids {
    node: AtomicU64,
    clock: Clock,
    born: Instant,
    /// Milliseconds after `born` until which the number is this node's.
    until: AtomicU64,
    /// Time and counter of the latest id, without the node.
    latest: AtomicU64,
}

impl Ids {
    pub fn new(node: u16, clock: Clock) -> Self {
        let ids = Ids {
            node: AtomicU64::new(0),
            clock,
            born: Instant::now(),
            until: AtomicU64::new(u64::MAX),
            latest: AtomicU64::new(0),
        };
        ids.number(node);
        ids
    }

    fn number(&self, node: u16) {
        self.node.store(u64::from(node) & (u64::from(NODES) - 1), Ordering::Relaxed);
    }

    /// The number is this node's for a time, counted from a moment.
    pub fn lease(&self, node: u16, from: Instant, duration: Duration) {
        self.number(node);
        let until = from.saturating_duration_since(self.born) + duration;
        self.until.store(until.as_millis() as u64, Ordering::Relaxed);
    }

    /// The number, if it is a lease.
    pub fn leased(&self) -> Option<u16> {
        let leased = self.until.load(Ordering::Relaxed) != u64::MAX;
        leased.then(|| self.node.load(Ordering::Relaxed) as u16)
    }

    /// Whether the number is this node's now. Without it, nothing new may be made.
    pub fn usable(&self) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        until == u64::MAX || (self.born.elapsed().as_millis() as u64) < until
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
        (time << (NODE_BITS + COUNTER_BITS)) | (self.node.load(Ordering::Relaxed) << COUNTER_BITS) | counter
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
