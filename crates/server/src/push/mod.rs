//! Pushes: from the store's outbox to the services that reach devices with the application closed.

pub mod encryption;
pub mod vapid;
