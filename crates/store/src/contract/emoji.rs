//! Custom emoji: one list for the whole server, with a version.

use async_trait::async_trait;
use laserchat_protocol::Version;
use laserchat_protocol::emoji::{CustomEmoji, EmojiList};

use super::Result;

#[async_trait]
pub trait Emojis {
    /// All of them, by name.
    async fn emoji(&self) -> Result<EmojiList>;

    async fn emoji_version(&self) -> Result<Version>;

    async fn emoji_named(&self, name: &str) -> Result<Option<CustomEmoji>>;

    /// Adds one, or replaces the one of this name. Returns the new version of the list, the old one when nothing changed, and
    /// `None` when the list is full.
    async fn set_emoji(&self, emoji: CustomEmoji, limit: usize) -> Result<Option<Version>>;

    /// Returns the new version of the list; `None`: there is none of this name.
    async fn remove_emoji(&self, name: &str) -> Result<Option<Version>>;
}
