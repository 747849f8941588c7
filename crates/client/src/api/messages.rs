//! Messages: history, sending and changing them, reactions, pins and threads.

use laserchat_protocol::command::SendCommand;
use laserchat_protocol::message::{MessageEdit, MessageForward, MessageSend};
use laserchat_protocol::reaction::Reactor;
use laserchat_protocol::thread::ThreadPage;
use laserchat_protocol::{ConversationId, Message, MessageId, Page, Seq};
use reqwest::Method;

use super::{Api, NOTHING, Result, escape, query};

/// Which part of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Newest,
    Before(Seq),
    After(Seq),
    Around(Seq),
}

impl Api {
    /// A page of messages in seq order.
    pub async fn history(&self, id: ConversationId, window: Window, limit: usize) -> Result<Vec<Message>> {
        let at = |wanted: Option<Seq>| wanted.map(|seq| seq.to_string());
        let (before, after, around) = match window {
            Window::Newest => (None, None, None),
            Window::Before(seq) => (Some(seq), None, None),
            Window::After(seq) => (None, Some(seq), None),
            Window::Around(seq) => (None, None, Some(seq)),
        };
        let query = query(&[
            ("before", at(before)),
            ("after", at(after)),
            ("around", at(around)),
            ("limit", Some(limit.to_string())),
        ]);
        let page: Page<Message> = self.get(&format!("/conversations/{id}/messages{query}")).await?;
        Ok(page.items)
    }

    /// Sends a message. The same client id again returns the first result.
    pub async fn send_message(&self, message: &SendCommand) -> Result<Message> {
        let body = MessageSend {
            client_id: message.client_id.clone(),
            body: message.body.clone(),
            parent_id: message.parent_id,
            files: message.files.clone(),
        };
        self.post(&format!("/conversations/{}/messages", message.conversation_id), &body).await
    }

    pub async fn message(&self, id: MessageId) -> Result<Message> {
        self.get(&format!("/messages/{id}")).await
    }

    pub async fn edit_message(&self, id: MessageId, body: &str) -> Result<Message> {
        self.put(&format!("/messages/{id}"), &MessageEdit { body: body.to_owned() }).await
    }

    pub async fn delete_message(&self, id: MessageId) -> Result<Message> {
        self.delete(&format!("/messages/{id}")).await
    }

    pub async fn forward_message(&self, id: MessageId, forward: &MessageForward) -> Result<Message> {
        self.post(&format!("/messages/{id}/forward"), forward).await
    }

    pub async fn react(&self, id: MessageId, emoji: &str) -> Result<Message> {
        self.put(&format!("/messages/{id}/reactions/{}", escape(emoji)), &NOTHING).await
    }

    pub async fn unreact(&self, id: MessageId, emoji: &str) -> Result<Message> {
        self.delete(&format!("/messages/{id}/reactions/{}", escape(emoji))).await
    }

    /// Who reacted with an emoji.
    pub async fn reactors(&self, id: MessageId, emoji: &str) -> Result<Vec<Reactor>> {
        self.all(&format!("/messages/{id}/reactions/{}", escape(emoji))).await
    }

    pub async fn pin(&self, id: MessageId) -> Result<Message> {
        self.put(&format!("/messages/{id}/pin"), &NOTHING).await
    }

    pub async fn unpin(&self, id: MessageId) -> Result<Message> {
        self.delete(&format!("/messages/{id}/pin")).await
    }

    pub async fn pins(&self, id: ConversationId) -> Result<Vec<Message>> {
        let page: Page<Message> = self.get(&format!("/conversations/{id}/pins")).await?;
        Ok(page.items)
    }

    /// The replies under a message.
    pub async fn thread(&self, id: MessageId, cursor: Option<String>) -> Result<ThreadPage> {
        self.get(&format!("/messages/{id}/thread{}", query(&[("cursor", cursor)]))).await
    }

    pub async fn follow(&self, id: MessageId) -> Result<()> {
        self.act(Method::PUT, &format!("/messages/{id}/follow")).await
    }

    pub async fn unfollow(&self, id: MessageId) -> Result<()> {
        self.act(Method::DELETE, &format!("/messages/{id}/follow")).await
    }
}
