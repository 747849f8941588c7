//! Back-off: how long to wait before trying again.

use std::time::Duration;

/// Doubles from the first wait to the longest, and picks at random between nothing and that, so that thousands of
/// clients who lost the same server do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    pub first: Duration,
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(30) }
    }
}

impl Backoff {
    /// The wait before the attempt with this number, counted from 0. `chance` is uniform over its range.
    pub fn wait(&self, attempt: u32, chance: u32) -> Duration {
        let most = self.first.saturating_mul(1 << attempt.min(20)).min(self.longest);
        most.mul_f64(f64::from(chance) / f64::from(u32::MAX))
    }
}

/// A uniform number. Without a source of chance the longest wait is taken, which is safe.
pub(crate) fn chance() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest() {
        let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(5) };
        let most: Vec<u64> = (0..5).map(|attempt| backoff.wait(attempt, u32::MAX).as_secs()).collect();
        assert_eq!(most, [1, 2, 4, 5, 5]);
        assert_eq!(backoff.wait(1000, u32::MAX), backoff.longest);
        assert_eq!(backoff.wait(3, 0), Duration::ZERO);
    }
}
