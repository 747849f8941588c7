//! Webhooks: incoming ones post into a conversation for whoever holds their secret, outgoing ones tell another server
//! what happens here, signed as <https://www.standardwebhooks.com> says.

use serde::{Deserialize, Serialize};

use crate::user::present;
use crate::{ConversationId, DeliveryId, Event, FileId, Timestamp, UserId, UserSummary, WebhookId};

/// An incoming webhook. It speaks as a bot of its own, which is a member of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IncomingWebhook {
    pub id: WebhookId,
    pub conversation_id: ConversationId,
    /// Who its messages are from: its name and picture.
    pub user: UserSummary,
    pub created_by: UserId,
    pub created_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub last_used_at: Option<Timestamp>,
    /// Shown once, when the webhook is made: its address is `POST /api/v1/hooks/{secret}`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub secret: Option<String>,
}

/// `POST /conversations/{id}/webhooks`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IncomingWebhookCreate {
    pub name: String,
    /// An uploaded picture.
    #[serde(default)]
    pub avatar: Option<FileId>,
}

/// `POST /hooks/{secret}`: the simple form of what many programs send to Slack; what else they send is not looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HookMessage {
    #[serde(default)]
    pub text: String,
    /// A name for this message only.
    #[serde(default)]
    pub username: Option<String>,
    /// Written in front of the name, as `:tada:` or an emoji.
    #[serde(default)]
    pub icon_emoji: Option<String>,
    /// Names the message, so that sending it again does not post it twice.
    #[serde(default)]
    pub client_id: Option<String>,
}

/// What an outgoing webhook can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Topic {
    #[serde(rename = "message.sent")]
    MessageSent,
    #[serde(rename = "message.updated")]
    MessageUpdated,
    #[serde(rename = "message.deleted")]
    MessageDeleted,
    #[serde(rename = "conversation.created")]
    ConversationCreated,
    #[serde(rename = "conversation.updated")]
    ConversationUpdated,
    #[serde(rename = "conversation.deleted")]
    ConversationDeleted,
    #[serde(rename = "member.added")]
    MemberAdded,
    #[serde(rename = "member.updated")]
    MemberUpdated,
    #[serde(rename = "member.removed")]
    MemberRemoved,
}

impl Topic {
    pub const ALL: [Topic; 9] = [
        Topic::MessageSent,
        Topic::MessageUpdated,
        Topic::MessageDeleted,
        Topic::ConversationCreated,
        Topic::ConversationUpdated,
        Topic::ConversationDeleted,
        Topic::MemberAdded,
        Topic::MemberUpdated,
        Topic::MemberRemoved,
    ];

    /// One bit, for storing a set in a number.
    pub fn bit(self) -> u32 {
        1 << self as u32
    }

    /// As it is spelled on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Topic::MessageSent => "message.sent",
            Topic::MessageUpdated => "message.updated",
            Topic::MessageDeleted => "message.deleted",
            Topic::ConversationCreated => "conversation.created",
            Topic::ConversationUpdated => "conversation.updated",
            Topic::ConversationDeleted => "conversation.deleted",
            Topic::MemberAdded => "member.added",
            Topic::MemberUpdated => "member.updated",
            Topic::MemberRemoved => "member.removed",
        }
    }

    /// What an event is about, if webhooks can be told of it.
    pub fn of(event: &Event) -> Option<Topic> {
        Some(match event {
            Event::MessageSent(_) => Topic::MessageSent,
            Event::MessageUpdated(_) => Topic::MessageUpdated,
            Event::MessageDeleted(_) => Topic::MessageDeleted,
            Event::ConversationCreated(_) => Topic::ConversationCreated,
            Event::ConversationUpdated(_) => Topic::ConversationUpdated,
            Event::ConversationDeleted(_) => Topic::ConversationDeleted,
            Event::MemberAdded(_) => Topic::MemberAdded,
            Event::MemberUpdated(_) => Topic::MemberUpdated,
            Event::MemberRemoved(_) => Topic::MemberRemoved,
            _ => return None,
        })
    }
}

/// An outgoing webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    /// The conversation that it is about; `null`: all public channels of the server.
    #[cfg_attr(feature = "schema", schema(required))]
    pub conversation_id: Option<ConversationId>,
    pub events: Vec<Topic>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    /// Nothing is sent since then, because it was switched off or has failed for too long.
    #[cfg_attr(feature = "schema", schema(required))]
    pub disabled_at: Option<Timestamp>,
    /// Why it is switched off, when the server did it.
    #[cfg_attr(feature = "schema", schema(required))]
    pub disabled_reason: Option<String>,
    /// What its messages are signed with, beginning with `whsec_`. Shown once, when it is made or replaced.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub secret: Option<String>,
}

/// `POST /webhooks`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WebhookCreate {
    pub url: String,
    /// Absent: all public channels of the server, which only its administrators may ask for.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
    pub events: Vec<Topic>,
}

/// `PUT /webhooks/{id}`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct WebhookUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Topic>>,
    /// Switches it on or off. What waits is sent once it is on again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits for its first or next attempt.
    Pending,
    Delivered,
    /// Given up.
    Failed,
}

/// One event on its way to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Also the `webhook-id` of the request: the same in every attempt.
    pub id: DeliveryId,
    pub event: Topic,
    pub state: DeliveryState,
    pub created_at: Timestamp,
    pub attempts: u32,
    /// When it is tried again.
    #[cfg_attr(feature = "schema", schema(required))]
    pub next_at: Option<Timestamp>,
    /// The last few answers, the newest last.
    pub answers: Vec<DeliveryAnswer>,
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeliveryAnswer {
    pub at: Timestamp,
    pub ms: u64,
    /// The status of the answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// The beginning of what was answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<String>,
}

/// The body that an outgoing webhook is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WebhookPayload {
    #[serde(rename = "type")]
    pub topic: Topic,
    /// When it was written down for sending.
    pub timestamp: Timestamp,
    /// The event, as members get it.
    pub data: Event,
}

/// `PUT /conversations/{id}/webhooks/{webhook}`: what is absent stays, what is `null` is cleared.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct IncomingWebhookUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<FileId>))]
    pub avatar: Option<Option<FileId>>,
}
