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

use std::time::Duration;

use laserchat_protocol::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::app::Shared;

/// The longest sleep: a clock that is set forward is noticed after it.
const LONGEST: Duration = Duration::from_secs(60);
/// The pause after the store has failed.
const FAILED: Duration = Duration::from_secs(5);

/// How work is woken.
#[derive(Default)]
pub struct Wakers {
    /// Webhooks have something to send.
    pub deliveries: Notify,
    /// Messages have links to be looked at.
    pub previews: Notify,
    /// The rule of a conversation has changed.
    pub expiry: Notify,
    /// Somebody wants an export.
    pub exports: Notify,
    /// A deletion was interrupted.
    pub deletions: Notify,
    /// Deletions that are under way.
    pub deleting: forget::Running,
}

/// Starts all work of a server. It ends when `stop` is cancelled.
pub fn start_all(app: &Shared, stop: &CancellationToken) {
    tokio::spawn(deliver::run(app.clone(), stop.clone()));
    tokio::spawn(preview::run(app.clone(), stop.clone()));
    tokio::spawn(expire::run(app.clone(), stop.clone()));
    tokio::spawn(export::run(app.clone(), stop.clone()));
    tokio::spawn(forget::run(app.clone(), stop.clone()));
}

/// Waits until a moment, or until woken. Returns false when the server stops.
async fn wait(app: &Shared, next: Option<Timestamp>, wake: &Notify, stop: &CancellationToken) -> bool {
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
