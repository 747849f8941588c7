//! Wakers: how work is woken, wherever in the cluster it is done.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::{Bus, Errand, Notice};

pub struct Waker {
    here: Notify,
    errand: Errand,
    bus: Arc<Bus>,
}

impl Waker {
    pub fn new(errand: Errand, bus: &Arc<Bus>) -> Self {
        Waker { here: Notify::new(), errand, bus: Arc::clone(bus) }
    }

    /// There is something to do, for whoever does it.
    pub fn notify_one(&self) {
        self.here.notify_one();
        self.bus.notice(Notice::Errand { errand: self.errand });
    }

    /// The same on this node only.
    pub fn notify_here(&self) {
        self.here.notify_one();
    }

    pub fn notified(&self) -> Notified<'_> {
        self.here.notified()
    }
}
