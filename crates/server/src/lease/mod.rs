//! Leases: what a node has for itself among several, for as long as it says regularly that it is there.
//!
//! - `number.rs`: the number that its ids carry. A node that cannot renew it stops writing.
//! - `duties.rs`: work that is done on one node at a time: followers and workers. When the node dies, another takes it up.

mod duties;
mod number;

use std::time::Duration;

pub use duties::{Duties, Duty};
pub use number::{give_back, keep, number};

/// How long a lease lasts. Longer than any pause of a healthy node, and as long as nobody does the work of a dead one.
const LASTS: Duration = Duration::from_secs(10);
/// How often leases are renewed, and how often it is looked for free ones.
const RENEW: Duration = Duration::from_secs(2);
/// A lease is not relied upon in its last moments: what is under way then still has to end.
const MARGIN: Duration = Duration::from_secs(1);
