//! Work: what is done when its time comes, or when somebody asks for it, and not while somebody waits.
//!
//! Each kind of work is a list of due rows in the store and a task that takes them. The rows say what is left to do
//! wherever the process dies; the wake-ups here only save waiting.

mod deliver;
mod expire;
pub mod export;
pub mod forget;
mod preview;
pub mod signature;

use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::app::Shared;
use crate::bus::{Bus, Errand, Waker};
use crate::lease::Duty;

/// The longest sleep: a clock that is set forward is noticed after it.
const LONGEST: Duration = Duration::from_secs(60);
/// The pause after the store has failed.
const FAILED: Duration = Duration::from_secs(5);

/// How work is woken.
pub struct Wakers {
    /// Webhooks have something to send.
    pub deliveries: Waker,
    /// Messages have links to be looked at.
    pub previews: Waker,
    /// The rule of a conversation has changed.
    pub expiry: Waker,
    /// Somebody wants an export.
    pub exports: Waker,
    /// A deletion was interrupted.
    pub deletions: Waker,
    /// Deletions that are under way.
    pub deleting: forget::Running,
}

impl Wakers {
    pub fn new(bus: &Arc<Bus>) -> Self {
        Wakers {
            deliveries: Waker::new(Errand::Deliveries, bus),
            previews: Waker::new(Errand::Previews, bus),
            expiry: Waker::new(Errand::Expiry, bus),
            exports: Waker::new(Errand::Exports, bus),
            deletions: Waker::new(Errand::Deletions, bus),
            deleting: forget::Running::default(),
        }
    }
}

/// All work of a server.
pub fn duties() -> Vec<Duty> {
    vec![
        Duty::new("work/deliver", deliver::run),
        Duty::new("work/preview", preview::run),
        Duty::new("work/expire", expire::run),
        Duty::new("work/export", export::run),
        Duty::new("work/forget", forget::run),
    ]
}

/// Waits until a moment, or until woken. Returns false when the server stops.
async fn wait(app: &Shared, next: Option<Timestamp>, wake: &Waker, stop: &CancellationToken) -> bool {
    let pause = next.map_or(LONGEST, |next| Duration::from_millis((next.0 - app.ids.now().0).max(0) as u64));
    tokio::select! {
        () = stop.cancelled() => false,
        () = wake.notified() => true,
        () = tokio::time::sleep(pause.min(LONGEST)) => true,
    }
}

/// Waits after a failure. Returns false when the server stops.
async fn pause(stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(FAILED) => true,
    }
}
