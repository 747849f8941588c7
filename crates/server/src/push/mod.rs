//! Pushes: from the store's outbox to the services that reach devices with the application closed.
//!
//! The follower in `notification.rs` writes what is to be sent; `worker.rs` sends it, at least once: when the process dies
//! between a push service's answer and the note of it, the push is sent again, under the same name, so that it replaces the
//! first. What is waiting is forgotten once it is read, and what is shown is cleared: the store does that in the very write
//! that moves a read cursor.

mod apns;
pub mod encryption;
mod fcm;
mod payload;
mod service;
pub mod vapid;
mod web;
mod worker;

pub use service::Services;
pub use worker::{Pusher, run};
