//! Devices that take pushes: a browser's subscription, or a native app's token.

use serde::{Deserialize, Serialize};

use crate::notification::NotifyLevel;
use crate::user::present;
use crate::{ConversationId, DeviceId, MessageId, Seq, SessionId, Timestamp};

/// Through whom a device is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PushKind {
    /// Web Push: the browser's push service.
    Web,
    /// Firebase Cloud Messaging.
    Fcm,
    /// Apple Push Notification service.
    Apns,
}

/// A device of one's own as `GET /me/devices` lists it. The keys and the token are not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PushDevice {
    pub id: DeviceId,
    pub kind: PushKind,
    pub name: String,
    /// Web Push only: the browser knows its own subscription by it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub endpoint: Option<String>,
    /// In place of the account's levels, on this device; null follows them.
    #[cfg_attr(feature = "schema", schema(required))]
    pub level: Option<NotifyLevel>,
    /// The session that registered it; the device goes when the session ends.
    pub session_id: SessionId,
    pub created_at: Timestamp,
    /// When a push was last taken for it.
    #[cfg_attr(feature = "schema", schema(required))]
    pub last_used_at: Option<Timestamp>,
    /// It belongs to the session that asks.
    pub current: bool,
}

/// `POST /me/devices`. Registering what is registered replaces it.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PushDeviceCreate {
    pub kind: PushKind,
    #[serde(default)]
    pub name: Option<String>,
    /// `web`: the subscription's endpoint.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub endpoint: Option<String>,
    /// `web`: the subscription's keys.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub keys: Option<PushKeys>,
    /// `fcm` and `apns`: the device's token.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<NotifyLevel>,
}

/// The keys of a Web Push subscription, in URL-safe base64 (RFC 8291).
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PushKeys {
    /// A point of the curve P-256, uncompressed: 65 bytes.
    pub p256dh: String,
    /// 16 bytes.
    pub auth: String,
}

/// `PUT /me/devices/{id}`: what is absent stays; `level: null` follows the account's levels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PushDeviceUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<NotifyLevel>))]
    pub level: Option<Option<NotifyLevel>>,
}

/// What became of a push that was sent as a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PushOutcome {
    /// The push service took it.
    Sent,
    /// The push service knows the device no more; it is removed.
    Gone,
    /// The push service refused it, or did not answer.
    Failed,
}

/// The answer of `POST /me/devices/{id}/test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PushTested {
    pub outcome: PushOutcome,
}

/// What arrives on a device, once it is decrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PushPayload {
    Message {
        conversation_id: ConversationId,
        seq: Seq,
        message_id: MessageId,
        title: String,
        body: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        icon: Option<String>,
        /// The same whenever the same message is pushed again: what is shown under it is replaced.
        tag: String,
    },
    /// Everything up to here was read elsewhere: notifications of it go away.
    Read {
        conversation_id: ConversationId,
        seq: Seq,
    },
    Test {
        title: String,
        body: String,
        tag: String,
    },
}
