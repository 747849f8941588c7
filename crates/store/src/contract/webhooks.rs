//! Webhooks: incoming ones with the bots that they speak as, outgoing ones with their deliveries.

use async_trait::async_trait;
use laserchat_protocol::webhook::{Delivery, DeliveryAnswer, DeliveryState, IncomingWebhook, Topic, Webhook};
use laserchat_protocol::{ConversationId, DeliveryId, Page, Seq, Timestamp, UserId, WebhookId};

use super::{FollowerStep, NewUser, Result, SecretHash};

#[derive(Debug, Clone)]
pub struct NewIncomingWebhook {
    pub id: WebhookId,
    pub conversation: ConversationId,
    /// The bot that it speaks as, made with it. It has no owner and cannot sign in.
    pub bot: NewUser,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub secret: SecretHash,
}

#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub id: WebhookId,
    pub conversation: Option<ConversationId>,
    pub url: String,
    pub topics: Vec<Topic>,
    pub secret: Vec<u8>,
    pub created_by: UserId,
    pub created_at: Timestamp,
}

/// New values for an outgoing webhook; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    pub url: Option<String>,
    pub topics: Option<Vec<Topic>>,
    /// Switches it off at a moment, with the server's reason if it is the server's doing, or on.
    pub disabled: Option<Option<(Timestamp, Option<String>)>>,
    /// A new secret, and until when the present one signs too.
    pub secret: Option<(Vec<u8>, Timestamp)>,
}

/// One event for one webhook.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    pub id: DeliveryId,
    pub webhook: WebhookId,
    pub conversation: ConversationId,
    pub seq: Seq,
    /// The message whose text is in the body: when it is erased, the body is too.
    pub message_seq: Option<Seq>,
    pub topic: Topic,
    pub body: String,
    pub created_at: Timestamp,
}

/// A delivery that is to be attempted now.
#[derive(Debug, Clone)]
pub struct DueDelivery {
    pub id: DeliveryId,
    pub webhook: WebhookId,
    pub url: String,
    pub body: String,
    /// The present secret first.
    pub secrets: Vec<Vec<u8>>,
    pub attempts: u32,
    /// Since when nothing has arrived at this webhook.
    pub failing_since: Option<Timestamp>,
}

/// What came of an attempt.
#[derive(Debug, Clone)]
pub struct Attempted {
    pub answer: DeliveryAnswer,
    pub state: DeliveryState,
    /// When to try again, if at all.
    pub next_at: Option<Timestamp>,
    /// Switches the webhook off, with this reason.
    pub disable: Option<String>,
}

#[async_trait]
pub trait Webhooks {
    /// `None`: the conversation has as many as it may.
    async fn create_incoming_webhook(&self, new: NewIncomingWebhook) -> Result<Option<IncomingWebhook>>;

    async fn incoming_webhooks(&self, conversation: ConversationId) -> Result<Vec<IncomingWebhook>>;

    async fn incoming_webhook(&self, id: WebhookId) -> Result<Option<IncomingWebhook>>;

    async fn incoming_webhook_by_secret(&self, secret: SecretHash) -> Result<Option<IncomingWebhook>>;

    async fn touch_incoming_webhook(&self, id: WebhookId, at: Timestamp) -> Result<()>;

    /// Its secret stops working, and its bot is disabled.
    async fn remove_incoming_webhook(&self, id: WebhookId) -> Result<bool>;

    /// `None`: there are as many as there may be, of the conversation or of the server.
    async fn create_webhook(&self, new: NewWebhook) -> Result<Option<Webhook>>;

    /// Those of a conversation, or those of the whole server.
    async fn webhooks(&self, conversation: Option<ConversationId>) -> Result<Vec<Webhook>>;

    async fn webhook(&self, id: WebhookId) -> Result<Option<Webhook>>;

    async fn update_webhook(&self, id: WebhookId, change: WebhookChange) -> Result<Option<Webhook>>;

    /// With all that waits and all that was delivered.
    async fn remove_webhook(&self, id: WebhookId) -> Result<bool>;

    /// Every webhook that is switched on, for the follower that feeds them.
    async fn active_webhooks(&self) -> Result<Vec<Webhook>>;

    /// Writes deliveries down, and in the same transaction how far their follower has got. The
    /// webhooks of conversations that are gone go too. One that a webhook has had of the same change is not written twice. Of each webhook only
    /// the newest are kept, but none that waits is forgotten.
    /// False: nothing was written, because the follower is not where a step begins.
    async fn add_deliveries(&self, follower: &str, new: Vec<NewDelivery>, steps: Vec<FollowerStep>) -> Result<bool>;

    /// The newest first.
    async fn deliveries(&self, webhook: WebhookId, cursor: Option<&str>, limit: usize) -> Result<Page<Delivery>>;

    /// Lets a delivery be attempted again, under the same id. `None`: there is none, or what it told of is erased.
    async fn replay_delivery(&self, webhook: WebhookId, id: DeliveryId, now: Timestamp) -> Result<Option<Delivery>>;

    /// The webhooks that are owed something now.
    async fn webhooks_due(&self, now: Timestamp) -> Result<Vec<WebhookId>>;

    /// What one of them is owed, the longest due first.
    async fn due_deliveries(&self, webhook: WebhookId, now: Timestamp, limit: usize) -> Result<Vec<DueDelivery>>;

    /// When the next delivery of any webhook is due.
    async fn next_delivery(&self) -> Result<Option<Timestamp>>;

    async fn deliveries_attempted(&self, attempted: Vec<(DeliveryId, Attempted)>) -> Result<()>;
}
