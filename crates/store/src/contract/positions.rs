//! Positions: how far conversations and users have got, for many at once.
//!
//! A node of a cluster hears of changes by hints, which may be lost. It asks these questions now and then to find the one
//! whose loss nothing later shows: the last.

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, UserId, Version};

use super::{Head, Result};

#[async_trait]
pub trait Positions {
    /// The newest seqs of these conversations. Those that are deleted are left out.
    async fn heads_of(&self, conversations: &[ConversationId]) -> Result<Vec<Head>>;

    /// The newest versions of these users. Those that do not exist are left out.
    async fn versions_of(&self, users: &[UserId]) -> Result<Vec<(UserId, Version)>>;
}
