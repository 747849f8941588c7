//! The store of integrations, through the same weather.

use laserchat_protocol::Page;
use laserchat_protocol::deletion::DeletionReport;
use laserchat_protocol::export::Export;
use laserchat_protocol::preview::Preview;
use laserchat_protocol::slash::SlashCommand;
use laserchat_protocol::webhook::{Delivery, IncomingWebhook, Webhook};

use super::*;

through!(Expiry {
    read expiry_due(now: Timestamp, limit: usize) -> Vec<ExpiryDue>;
    read next_expiry() -> Option<Timestamp>;
    read texts_after(conversation: ConversationId, after: Seq, limit: usize) -> (Vec<(Message, Option<Message>)>, Option<Seq>);
    write expiry_done(due: ExpiryDue, upto: Seq, next: Option<Timestamp>) -> ();
    write enroll_all(after: ConversationId, limit: usize, now: Timestamp) -> Option<ConversationId>;
});

through!(Webhooks {
    write create_incoming_webhook(new: NewIncomingWebhook) -> Option<IncomingWebhook>;
    read incoming_webhooks(conversation: ConversationId) -> Vec<IncomingWebhook>;
    read incoming_webhook(id: WebhookId) -> Option<IncomingWebhook>;
    read incoming_webhook_by_secret(secret: SecretHash) -> Option<IncomingWebhook>;
    write touch_incoming_webhook(id: WebhookId, at: Timestamp) -> ();
    write remove_incoming_webhook(id: WebhookId) -> bool;
    write create_webhook(new: NewWebhook) -> Option<Webhook>;
    read webhooks(conversation: Option<ConversationId>) -> Vec<Webhook>;
    read webhook(id: WebhookId) -> Option<Webhook>;
    write update_webhook(id: WebhookId, change: WebhookChange) -> Option<Webhook>;
    write remove_webhook(id: WebhookId) -> bool;
    read active_webhooks() -> Vec<Webhook>;
    write add_deliveries(follower: &str, new: Vec<NewDelivery>, cursors: Vec<FollowerCursor>) -> ();
    read deliveries(webhook: WebhookId, cursor: Option<&str>, limit: usize) -> Page<Delivery>;
    write replay_delivery(webhook: WebhookId, id: DeliveryId, now: Timestamp) -> Option<Delivery>;
    read due_deliveries(now: Timestamp) -> Vec<DueDelivery>;
    read next_delivery() -> Option<Timestamp>;
    write delivery_attempted(id: DeliveryId, attempted: Attempted) -> ();
});
