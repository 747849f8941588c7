//! Conversations as users see them: lists, heads, finding channels, members.

use async_trait::async_trait;
use laserchat_core::conversation::Acquaintance;
use laserchat_protocol::{Conversation, ConversationId, ConversationView, Member, Page, Seq, UserId};

use super::Result;

/// A conversation that a user is in, and how far it has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub conversation: ConversationId,
    pub head: Seq,
}

#[async_trait]
pub trait Conversations {
    /// The conversations that a user is in, the one with the newest change first.
    async fn conversations(&self, user: UserId, cursor: Option<&str>, limit: usize) -> Result<Page<ConversationView>>;

    /// One conversation as a user sees it, whether a member or not: the caller decides who may see it.
    /// `None`: no such conversation, or it is deleted.
    async fn conversation(&self, user: UserId, id: ConversationId) -> Result<Option<ConversationView>>;

    /// The heads of all conversations that a user is in: what a new connection needs.
    async fn heads(&self, user: UserId) -> Result<Vec<Head>>;

    /// Public channels that are not archived, by any word of name or topic; all of them for an empty query. The one
    /// with the most members first.
    async fn public_channels(&self, query: &str, cursor: Option<&str>, limit: usize) -> Result<Page<Conversation>>;

    /// Members who are joined now, the highest role first, then by user id; `banned` lists the banned instead.
    async fn members(
        &self,
        conversation: ConversationId,
        banned: bool,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Member>>;

    /// Which of these lower-case user names are members now, for mentions.
    async fn members_named(&self, conversation: ConversationId, names: &[String]) -> Result<Vec<UserId>>;

    /// What is known of two people before one opens a direct conversation with, or adds, the other.
    /// `None`: `other` does not exist or is disabled.
    async fn acquaintance(&self, user: UserId, other: UserId) -> Result<Option<Acquaintance>>;

    /// The direct conversation of two people (or of one with themselves), if they have one.
    async fn direct(&self, user: UserId, other: UserId) -> Result<Option<ConversationId>>;

    /// Removes some of what is left of deleted conversations. Returns whether there may be more.
    async fn purge_deleted(&self, limit: usize) -> Result<bool>;
}
