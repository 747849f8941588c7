//! Contacts and blocks.

use async_trait::async_trait;
use laserchat_core::Refusal;
use laserchat_core::contact::ContactAction;
use laserchat_protocol::{Contact, Event, Page, Timestamp, UserId};

use super::Result;

#[async_trait]
pub trait Contacts {
    /// Loads both sides, decides with `laserchat_core::contact::decide`, and commits. Returns the personal events of
    /// whoever's view changed. `other` must exist; otherwise the refusal is `not_found`.
    async fn change_contact(
        &self,
        user: UserId,
        other: UserId,
        action: ContactAction,
        now: Timestamp,
    ) -> Result<Result<Vec<(UserId, Event)>, Refusal>>;

    /// One's contacts, requests and blocks: every relation that is not "none and not blocked", by user name.
    async fn contacts(&self, user: UserId, cursor: Option<&str>, limit: usize) -> Result<Page<Contact>>;

    /// Of these users, those with whom there is a block in either direction.
    async fn blocked_among(&self, user: UserId, others: &[UserId]) -> Result<Vec<UserId>>;
}
