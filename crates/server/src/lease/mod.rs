//! Leases: what a node has for itself among several, for as long as it says regularly that it is there.
//!
//! - `clock.rs`: the one clock that all nodes go by.
//! - `number.rs`: the number that its ids carry. A node that cannot renew it stops writing.
//! - `turn.rs`: what must not happen twice at once for one key.
//! - `duties.rs`: work that is done on one node at a time: followers and workers. When the node dies, another takes it up.

mod clock;
mod duties;
mod number;
mod turn;

use std::time::{Duration, Instant};

use parking_lot::Mutex;

pub use duties::{Duties, Duty};
pub use number::{give_back, keep, number};
pub use turn::turn;

/// Whether the leases of a node's duties can be relied upon now: asked before an effect is committed, because a process that
/// was paused goes on in the middle of what it did.
#[derive(Default)]
pub struct Fresh(Mutex<Option<Instant>>);

impl Fresh {
    fn until(&self, until: Instant) {
        *self.0.lock() = Some(until);
    }

    pub fn is_now(&self) -> bool {
        self.0.lock().is_none_or(|until| Instant::now() < until)
    }
}

/// How long a lease lasts. Longer than any pause of a healthy node, and as long as nobody does the work of a dead one.
const LASTS: Duration = Duration::from_secs(10);
/// How often leases are renewed, and how often it is looked for free ones.
const RENEW: Duration = Duration::from_secs(2);
/// A lease is not relied upon in its last moments: what is under way then still has to end.
const MARGIN: Duration = Duration::from_secs(1);
