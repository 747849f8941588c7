//! Leases: what several processes on one store share out among themselves, each for a time.
//!
//! A lease has a name and at most one holder. It ends by itself unless it is renewed, so nobody has to notice that a
//! process died. The time is the store's own: the nodes of a cluster do not share one clock, but they share a store.

use std::time::Duration;

use async_trait::async_trait;
use laserchat_protocol::Timestamp;

use super::Result;

/// A lease that one holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub name: String,
    /// Larger for every holder than for the one before: what carries a smaller one comes from the past.
    pub token: u64,
}

#[async_trait]
pub trait Leases {
    /// Whether no other process can have this store open, so that leases of earlier processes mean nothing.
    fn alone(&self) -> bool;

    /// The time by the store's clock, where processes on several machines share the store and no other clock.
    async fn time(&self) -> Result<Option<Timestamp>>;

    /// Takes those of these leases that nobody else holds, renews those that are the holder's already, and returns both
    /// kinds. They last for `duration` from now, by the store's clock.
    async fn lease(&self, holder: &str, names: &[String], duration: Duration) -> Result<Vec<Lease>>;

    /// Gives leases back before they end. Those of others are left alone.
    async fn release(&self, holder: &str, names: &[String]) -> Result<()>;
}
