//! The simulated time: the paused clock of the runtime, spelled as a date.

use std::cell::Cell;
use std::time::Duration;

use laserchat_protocol::Timestamp;
use tokio::time::Instant;

/// When every simulation begins: 2030-01-01.
const BEGINNING: i64 = 1_893_456_000_000;

thread_local! {
    static BEGAN: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Begins a simulation on this thread.
pub fn begin() {
    BEGAN.set(Some(Instant::now()));
}

/// How long the simulation has run by its own time.
pub fn elapsed() -> Duration {
    BEGAN.get().map(|began| began.elapsed()).unwrap_or_default()
}

pub fn now() -> Timestamp {
    Timestamp(BEGINNING + elapsed().as_millis() as i64)
}
