//! Polls, and custom emoji.

use laserchat_protocol::emoji::{CustomEmoji, EmojiList, EmojiSet};
use laserchat_protocol::poll::{PollCreate, VoteSet, Voter};
use laserchat_protocol::{ConversationId, FileId, Message, MessageId};
use reqwest::Method;

use super::{Api, NOTHING, Result, escape};

impl Api {
    /// Asks something. The same client id again returns the first result.
    pub async fn create_poll(&self, id: ConversationId, poll: &PollCreate) -> Result<Message> {
        self.post(&format!("/conversations/{id}/polls"), poll).await
    }

    /// Makes these options, counted from 0, the whole of one's vote.
    pub async fn vote(&self, id: MessageId, options: &[u32]) -> Result<Message> {
        self.put(&format!("/messages/{id}/vote"), &VoteSet { options: options.to_vec() }).await
    }

    pub async fn close_poll(&self, id: MessageId) -> Result<Message> {
        self.put(&format!("/messages/{id}/poll/close"), &NOTHING).await
    }

    /// Who voted for an option.
    pub async fn voters(&self, id: MessageId, option: u32) -> Result<Vec<Voter>> {
        self.all(&format!("/messages/{id}/voters?option={option}")).await
    }

    pub async fn emoji(&self) -> Result<EmojiList> {
        self.get("/emoji").await
    }

    pub async fn set_emoji(&self, name: &str, file_id: FileId) -> Result<CustomEmoji> {
        self.put(&format!("/emoji/{}", escape(name)), &EmojiSet { file_id }).await
    }

    pub async fn remove_emoji(&self, name: &str) -> Result<()> {
        self.act(Method::DELETE, &format!("/emoji/{}", escape(name))).await
    }
}
