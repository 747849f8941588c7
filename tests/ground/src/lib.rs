//! The ground that tests stand on: other people's servers, started for a test and gone after it.
//!
//! This crate knows nothing of LaserChat, so that the tests of every crate may use it. What it starts does not outlive the
//! tests, however these end: see [`watch`] for a server of one test's own, and [`postgres::shared`] for the one that all share.
//! Everything in here blocks, but for [`Cable`]: it is for the beginning of a test, and a server that starts has nothing to be
//! asynchronous with.

pub mod cable;
mod clock;
pub mod daemon;
mod disk;
pub mod haproxy;
pub mod nats;
mod port;
pub mod postgres;
pub mod programs;
mod watch;

pub use cable::Cable;
pub use clock::Clock;
pub use daemon::Daemon;
pub use disk::Disk;
pub use haproxy::Haproxy;
pub use nats::Nats;
pub use port::free_port;
pub use postgres::{Database, Postgres};
