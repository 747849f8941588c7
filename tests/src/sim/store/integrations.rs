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
    write add_deliveries(follower: &str, new: Vec<NewDelivery>, steps: Vec<FollowerStep>) -> bool;
    read deliveries(webhook: WebhookId, cursor: Option<&str>, limit: usize) -> Page<Delivery>;
    write replay_delivery(webhook: WebhookId, id: DeliveryId, now: Timestamp) -> Option<Delivery>;
    read webhooks_due(now: Timestamp) -> Vec<WebhookId>;
    read due_deliveries(webhook: WebhookId, now: Timestamp, limit: usize) -> Vec<DueDelivery>;
    read next_delivery() -> Option<Timestamp>;
    write deliveries_attempted(attempted: Vec<(DeliveryId, Attempted)>) -> ();
});

through!(SlashCommands {
    write set_slash_command(new: NewSlashCommand) -> Option<(SlashCommand, bool)>;
    write remove_slash_command(bot: UserId, name: &str) -> bool;
    read slash_commands_of(bot: UserId) -> Vec<SlashCommand>;
    read slash_commands_in(conversation: ConversationId) -> Vec<SlashCommand>;
    read slash_target(bot: UserId, name: &str) -> Option<SlashTarget>;
});

through!(Previews {
    write add_preview_jobs(follower: &str, jobs: Vec<PreviewJob>, steps: Vec<FollowerStep>, now: Timestamp) -> bool;
    read preview_jobs(now: Timestamp, limit: usize) -> Vec<PreviewJob>;
    write preview_job_done(job: PreviewJob, again: Option<Timestamp>) -> ();
    read cached_preview(url: &str, now: Timestamp) -> Option<Option<Preview>>;
    write cache_preview(url: &str, found: Option<Preview>, expires_at: Timestamp, now: Timestamp) -> ();
});

through!(Exports {
    write begin_export(user: UserId, now: Timestamp) -> (Export, bool);
    read export(user: UserId) -> Option<Export>;
    write finish_export(user: UserId, bytes: Option<u64>, now: Timestamp, expires_at: Timestamp) -> bool;
    read unfinished_exports() -> Vec<UserId>;
    write expire_exports(now: Timestamp) -> Vec<UserId>;
    read conversations_ever(user: UserId) -> Vec<ConversationId>;
    read messages_of(sender: UserId, conversation: ConversationId, after: Seq, limit: usize) -> (Vec<(Message, Option<Message>)>, Option<Seq>);
    read opinions_of(user: UserId, conversation: ConversationId) -> Opinions;
});

through!(Deletions {
    write begin_deletion(user: UserId, now: Timestamp) -> Option<DeletionBegun>;
    read unfinished_deletions() -> Vec<UserId>;
    read deletion(user: UserId) -> Option<DeletionReport>;
    read bots_to_delete(user: UserId) -> Vec<UserId>;
    write note_deletion(user: UserId, done: DeletionReport) -> ();
    read heir(conversation: ConversationId, leaving: UserId) -> Option<UserId>;
    read reacted(user: UserId, conversation: ConversationId, after: Seq, limit: usize) -> Vec<(Message, String)>;
    read voted(user: UserId, conversation: ConversationId, limit: usize) -> Vec<Message>;
    write erase_personal(account: UserId, user: UserId) -> bool;
    write erase_profile(account: UserId, user: UserId) -> ();
    write clear_traces(at: TracePlace) -> Option<TracePlace>;
    write settle() -> bool;
    write finish_deletion(user: UserId, now: Timestamp) -> DeletionReport;
});
