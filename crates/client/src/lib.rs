//! The Rust client of LaserChat.
pub use laserchat_protocol as protocol;

pub mod outbox;
pub mod state;
pub mod storage;
