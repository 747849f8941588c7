//! A wire: a connection between a device and the server that can break in every way a real one can.
//!
//! Like TCP it keeps the order of frames and makes the sender wait when the receiver does not take them. What is on its
//! way when it is cut is lost, in both directions.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// The wire is broken, or the other end has hung up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

pub struct Wire {
    /// From the device to the server.
    pub up: Lane,
    /// From the server to the device.
    pub down: Lane,
}

impl Wire {
    pub fn new(window: usize) -> Wire {
        // What a device sends is little, and its sender is not what is tested here.
        Wire { up: Lane::new(usize::MAX), down: Lane::new(window) }
    }

    /// Breaks it for both ends.
    pub fn cut(&self) {
        self.up.cut();
        self.down.cut();
    }

    /// The server closes: what it sent before still arrives.
    pub fn hang_up(&self) {
        self.up.cut();
        self.down.hang_up();
    }

    /// The device is gone, and the server does not know.
    pub fn forsake(&self) {
        self.down.go_deaf();
    }
}

#[derive(Default)]
struct Inner {
    frames: VecDeque<String>,
    cut: bool,
    hung_up: bool,
    deaf: bool,
}

/// One direction.
pub struct Lane {
    inner: Mutex<Inner>,
    window: usize,
    changed: Notify,
}

impl Lane {
    fn new(window: usize) -> Lane {
        Lane { inner: Mutex::default(), window, changed: Notify::new() }
    }

    /// Puts a frame on its way, as soon as there is room.
    pub async fn send(&self, frame: String) -> Result<(), Broken> {
        loop {
            let changed = self.changed.notified();
            {
                let mut inner = self.inner.lock();
                if inner.cut || inner.hung_up {
                    return Err(Broken);
                }
                if inner.frames.len() < self.window {
                    inner.frames.push_back(frame);
                    drop(inner);
                    self.changed.notify_waiters();
                    return Ok(());
                }
            }
            changed.await;
        }
    }

    /// Puts a frame on its way without waiting. A broken wire swallows it.
    pub fn push(&self, frame: String) {
        let mut inner = self.inner.lock();
        if !inner.cut && !inner.hung_up {
            inner.frames.push_back(frame);
        }
        drop(inner);
        self.changed.notify_waiters();
    }

    pub async fn receive(&self) -> Result<String, Broken> {
        loop {
            let changed = self.changed.notified();
            {
                let mut inner = self.inner.lock();
                if inner.cut || inner.deaf {
                    return Err(Broken);
                }
                if let Some(frame) = inner.frames.pop_front() {
                    drop(inner);
                    self.changed.notify_waiters();
                    return Ok(frame);
                }
                if inner.hung_up {
                    return Err(Broken);
                }
            }
            changed.await;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.inner.lock().frames.is_empty()
    }

    fn cut(&self) {
        let mut inner = self.inner.lock();
        inner.cut = true;
        inner.frames.clear();
        drop(inner);
        self.changed.notify_waiters();
    }

    fn hang_up(&self) {
        self.inner.lock().hung_up = true;
        self.changed.notify_waiters();
    }

    fn go_deaf(&self) {
        self.inner.lock().deaf = true;
        self.changed.notify_waiters();
    }
}
