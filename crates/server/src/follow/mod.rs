//! Followers: work that happens because of a change, and not on its way.
//!
//! A follower is a client of the log. It has one durable cursor per conversation, and the rule by which it stays right is the
//! rule of every client: what comes live and continues the cursor is taken as it is; a gap is fetched from the store. So
//! the sequencer hands over what it has published and writes nothing for anybody, and a follower that is slow, that was
//! stopped, or that is new catches up by itself.
//!
//! - [`Feed`] is where published changes gather, for a moment, for all followers at once.
//! - [`Follower`] is what to do with them. It commits its effect and its cursors together, so that nothing is lost and
//!   nothing is done twice, wherever the process dies.
//! - `run.rs` is what all followers share.
//! - The others are the followers themselves, one file each.

mod feed;
mod previews;
mod run;
pub mod search;
mod webhooks;

use std::sync::Arc;

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, Event, Seq};
use laserchat_store::{Begin, FollowerStep, StoreError};
use tokio_util::sync::CancellationToken;

use crate::app::Shared;
use crate::lease::Duty;
use crate::notification::Bell;

pub use feed::Feed;

#[async_trait]
pub trait Follower: Send + Sync + 'static {
    /// Its name in the table of cursors, and in the metrics; never changed once released.
    fn name(&self) -> &'static str;

    /// Where it begins in conversations that are older than itself.
    fn begins(&self) -> Begin;

    /// Does what the changes ask for, and commits the effect together with [`Batch::steps`]. What fails is tried again,
    /// with the same changes or with more. False: the cursors are elsewhere, because another node has gone on, and nothing
    /// was committed that it has not.
    async fn take(&self, batch: &Batch) -> Result<bool, StoreError>;
}

/// What a follower does at once.
#[derive(Debug, Default)]
pub struct Batch {
    /// One of each conversation.
    pub stretches: Vec<Stretch>,
}

impl Batch {
    /// The way that the follower goes when it does all of this.
    pub fn steps(&self) -> Vec<FollowerStep> {
        self.stretches.iter().map(Stretch::step).collect()
    }
}

/// What changed in a conversation after `after`, up to `upto`: each object once, in the state that it has at the end, by
/// ascending seq. So a message is new to the follower when its own seq is larger than `after`.
#[derive(Debug)]
pub struct Stretch {
    pub conversation: ConversationId,
    pub after: Seq,
    pub upto: Seq,
    /// The conversation is deleted, and with it everything that was in it.
    pub gone: bool,
    pub events: Vec<Arc<Event>>,
}

impl Stretch {
    pub fn step(&self) -> FollowerStep {
        FollowerStep { conversation: self.conversation, after: self.after, upto: self.upto, gone: self.gone }
    }
}

/// Everything that follows the log in a server. Each ends between two batches, and knows nothing of where it was when it
/// begins again: its cursors are in the store.
pub fn duties() -> Vec<Duty> {
    let one = |name: &str, make: fn(&Shared, &CancellationToken) -> Arc<dyn Follower>| {
        Duty::new(format!("follow/{name}"), move |app: Shared, stop| follow(app.clone(), make(&app, &stop), stop))
    };
    vec![
        one("search", |app, stop| Arc::new(search::Indexer { store: Arc::clone(&app.store), stop: stop.clone() })),
        one("notifications", |app, _| Arc::new(Bell::new(app))),
        one("webhooks", |app, _| Arc::new(webhooks::Webhooks(app.clone()))),
        one("previews", |app, _| Arc::new(previews::Previews(app.clone()))),
        Duty::new("work/index", search::keep),
    ]
}

fn follow(app: Shared, follower: Arc<dyn Follower>, stop: CancellationToken) -> impl Future<Output = ()> + Send {
    let heard = app.feed.listen();
    run::run(Arc::clone(&app.store), follower, heard, Arc::clone(&app.fresh), stop)
}

/// Starts one follower.
pub fn start(app: &Shared, follower: Arc<dyn Follower>, stop: CancellationToken) {
    tokio::spawn(follow(Arc::clone(app), follower, stop));
}
