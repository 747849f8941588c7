//! Link previews: what is known of pages, and the messages whose links are still to be looked at.

use async_trait::async_trait;
use laserchat_protocol::preview::Preview;
use laserchat_protocol::{ConversationId, MessageId, Seq, Timestamp};

use super::{FollowerStep, Result};

/// A message whose links are to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PreviewJob {
    pub conversation: ConversationId,
    pub seq: Seq,
    pub message: MessageId,
    /// The seq of the change that asks for it.
    pub changed: Seq,
}

#[async_trait]
pub trait Previews {
    /// Adds jobs, and in the same transaction says how far their follower has got. A message has one job: a later change
    /// replaces the one before. Those of conversations that are gone go too. False: nothing was written, because the follower is
    /// not where a step begins.
    async fn add_preview_jobs(
        &self,
        follower: &str,
        jobs: Vec<PreviewJob>,
        steps: Vec<FollowerStep>,
        now: Timestamp,
    ) -> Result<bool>;

    /// Jobs that are due, the longest due first.
    async fn preview_jobs(&self, now: Timestamp, limit: usize) -> Result<Vec<PreviewJob>>;

    /// Takes a job off the list, or puts it off; not when the message has asked again since.
    async fn preview_job_done(&self, job: PreviewJob, again: Option<Timestamp>) -> Result<()>;

    /// What is known of a page and not too old. `Some(None)`: it is known that there is nothing to show.
    async fn cached_preview(&self, url: &str, now: Timestamp) -> Result<Option<Option<Preview>>>;

    /// Remembers a page, and forgets some of those that are too old.
    async fn cache_preview(
        &self,
        url: &str,
        found: Option<Preview>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<()>;
}
