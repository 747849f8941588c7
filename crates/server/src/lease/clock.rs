//! The clock: that of the store, which all nodes share.
//!
//! What one node puts off, another takes up, so they must agree on when it is due; and what one node signs, another checks. So
//! each asks the store for the time whenever it renews its number, and counts on from there. A machine's own clock may be
//! wrong, or be set while the node works: nobody notices.

use std::time::{Duration, Instant};

use laserchat_protocol::Timestamp;
use laserchat_store::{Result, Store};

/// An answer that took longer says too little about the time.
const LONGEST: Duration = Duration::from_secs(1);
/// Clocks drift apart by less between two answers, which do not all take equally long.
const DOUBT: Duration = Duration::from_millis(50);

pub async fn follow(store: &dyn Store) -> Result<()> {
    let asked = Instant::now();
    let Some(time) = store.time().await? else { return Ok(()) };
    let took = asked.elapsed();
    if took <= LONGEST {
        // It was this late at some moment between question and answer.
        Timestamp::follow(Timestamp(time.0 + took.as_millis() as i64 / 2), took.max(DOUBT));
    }
    Ok(())
}
