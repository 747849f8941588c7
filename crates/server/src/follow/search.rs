//! The index of search: learns what is written, and is made anew when somebody asks for it or when what it holds has
//! changed its meaning.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use laserchat_store::{Begin, Lesson, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::{Batch, Follower};
use crate::app::Shared;

pub const NAME: &str = laserchat_store::transfer::INDEXER;
/// What the index means: how texts are folded, and which terms it has beside their words. Whoever changes that adds one,
/// and every server makes its index anew.
pub const VERSION: u32 = 1;

/// For each moment in which it keeps the store busy, the index leaves it alone for so many, up to a limit: when much is
/// written at once, messages do not wait for it, and it is late instead.
const REST: u32 = 3;
const REST_MAX: Duration = Duration::from_secs(2);

/// Rows of an old index that are cleared away at once, and the pause before the next.
const CLEARED: usize = 100;
const CLEAR_PAUSE: Duration = Duration::from_millis(50);
/// How often traces of deleted words are looked for, if any were deleted.
const SWEEP_EVERY: Duration = Duration::from_secs(300);
/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(5);

pub struct Indexer {
    pub store: Arc<dyn Store>,
    pub stop: CancellationToken,
}

#[async_trait]
impl Follower for Indexer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn begins(&self) -> Begin {
        Begin::AtStart
    }

    async fn take(&self, batch: &Batch) -> Result<bool, StoreError> {
        let lessons = batch.stretches.iter();
        let lessons = lessons.map(|stretch| Lesson { step: stretch.step(), events: stretch.events.clone() });
        let begun = Instant::now();
        let continued = self.store.index(NAME, lessons.collect()).await?;
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(REST_MAX.min(begun.elapsed() * REST)) => {}
        }
        Ok(continued)
    }
}

/// Sees to it that the index is of this program's version, clears away what is left of an old one and of words that were
/// deleted, and makes it anew when the operator asks for that.
pub async fn keep(app: Shared, stop: CancellationToken) {
    let kept = async {
        let mut force = false;
        loop {
            match look_after(&app, force).await {
                Ok(()) => {
                    let asked = tokio::time::timeout(SWEEP_EVERY, app.reindex.notified()).await;
                    force = asked.is_ok();
                }
                Err(error) => {
                    tracing::warn!(%error, "the index of search could not be looked after");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = kept => {}
    }
}

async fn look_after(app: &Shared, force: bool) -> Result<(), StoreError> {
    renew(app, force).await?;
    while app.store.sweep_index().await?.is_some() {
        tokio::time::sleep(CLEAR_PAUSE).await;
    }
    Ok(())
}

async fn renew(app: &Shared, force: bool) -> Result<(), StoreError> {
    // One that was begun and not cleared away comes first.
    clear(app).await?;
    if app.store.renew_index(NAME, VERSION, force).await? {
        tracing::info!("the index of search is made anew");
        // The follower believes that it knows all conversations, and has to look again.
        app.feed.doubt();
        clear(app).await?;
    }
    Ok(())
}

async fn clear(app: &Shared) -> Result<(), StoreError> {
    while app.store.clear_old_index(CLEARED).await? {
        tokio::time::sleep(CLEAR_PAUSE).await;
    }
    Ok(())
}
