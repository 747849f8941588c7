//! Turns that are taken across nodes: what must not happen twice at once for one key, wherever it is asked for.
//!
//! On one node [`Turns`](crate::turns::Turns) see to that. Where there are others, a lease does the same among them. Names are shared by
//! hash, so that there are never more than [`NAMES`] rows; two that meet by accident wait for each other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use laserchat_store::{Result, Store, StoreError};
use sha2::{Digest, Sha256};

use super::LASTS;
use crate::app::App;

const NAMES: u16 = 4096;
/// The pause before another try; it doubles up to the second one.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(200));
/// Whoever holds a turn and does not give it back is dead, and it ends.
const PATIENCE: Duration = Duration::from_secs(15);

/// A turn, given back when dropped.
pub struct Turn {
    held: Option<(Arc<dyn Store>, String, String)>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((store, holder, name)) = self.held.take() {
            tokio::spawn(async move {
                if let Err(error) = store.release(&holder, &[name]).await {
                    tracing::warn!(%error, "a turn could not be given back, and ends by itself");
                }
            });
        }
    }
}

/// Waits for one's turn among all nodes. Whoever asks has the turn on this node already.
pub async fn turn(app: &App, key: &str) -> Result<Turn> {
    if app.bus.nats().is_none() {
        return Ok(Turn { held: None });
    }
    let digest = Sha256::digest(key.as_bytes());
    let name = format!("turn/{}", u16::from_be_bytes([digest[0], digest[1]]) % NAMES);
    // Each turn is a holder of its own, because two keys may share a name.
    let holder = format!("{}/{}", app.holder, app.ids.next());
    let (begun, mut pause) = (Instant::now(), PAUSES.0);
    loop {
        if !app.store.lease(&holder, std::slice::from_ref(&name), LASTS).await?.is_empty() {
            return Ok(Turn { held: Some((Arc::clone(&app.store), holder, name)) });
        }
        if begun.elapsed() > PATIENCE {
            return Err(StoreError::Unavailable("another node does not end what it does".to_owned()));
        }
        tokio::time::sleep(pause).await;
        pause = PAUSES.1.min(pause * 2);
    }
}
