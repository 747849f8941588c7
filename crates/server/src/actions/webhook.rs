//! Outgoing webhooks: who may make them, and their secrets.

use laserchat_core::permission::{Action, require};
use laserchat_core::{admin, message};
use laserchat_protocol::webhook::{Delivery, Topic, Webhook, WebhookCreate, WebhookUpdate};
use laserchat_protocol::{Code, ConversationId, DeliveryId, Page, Problem, WebhookId};
use laserchat_store::{NewWebhook, WebhookChange};

use super::{failed, refuse, unmade};
use crate::app::App;
use crate::auth::Identity;
use crate::outbound::Failure;
use crate::work::signature;

/// For how long the secret before signs too, so that whoever receives has time to change it.
const OVERLAP_SECONDS: u64 = 86_400;

/// Whether somebody may have to do with the webhooks of a conversation, or of the whole server.
async fn allowed(app: &App, who: &Identity, conversation: Option<ConversationId>) -> Result<(), Problem> {
    match conversation {
        Some(id) => may_manage(app, who, id).await,
        None => {
            who.require(laserchat_protocol::token::Scope::Admin)?;
            let user = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::Unauthorized)?;
            Ok(admin::require_admin(user.server_role)?)
        }
    }
}

pub(super) async fn may_manage(app: &App, who: &Identity, id: ConversationId) -> Result<(), Problem> {
    let room = super::conversation::joined(app, who.user, id).await?;
    let role = message::member(&room, who.user)?.role;
    Ok(require(role, Action::Webhooks, room.conversation.kind)?)
}

/// A webhook that somebody may manage; to others it does not exist.
async fn own(app: &App, who: &Identity, id: WebhookId) -> Result<Webhook, Problem> {
    let webhook = app.store.webhook(id).await.map_err(failed)?.ok_or(Code::NotFound)?;
    match allowed(app, who, webhook.conversation_id).await {
        Ok(()) => Ok(webhook),
        Err(problem) if matches!(problem.code, Code::Forbidden | Code::WrongKind | Code::ScopeMissing) => {
            Err(Code::NotFound.into())
        }
        Err(problem) => Err(problem),
    }
}

pub async fn list(app: &App, who: &Identity, conversation: Option<ConversationId>) -> Result<Vec<Webhook>, Problem> {
    allowed(app, who, conversation).await?;
    app.store.webhooks(conversation).await.map_err(failed)
}

pub async fn show(app: &App, who: &Identity, id: WebhookId) -> Result<Webhook, Problem> {
    own(app, who, id).await
}

pub async fn create(app: &App, who: &Identity, wanted: WebhookCreate) -> Result<Webhook, Problem> {
    allowed(app, who, wanted.conversation_id).await?;
    let secret = signature::secret().map_err(unmade)?;
    let new = NewWebhook {
        id: WebhookId(app.ids.next()),
        conversation: wanted.conversation_id,
        url: checked(app, &wanted.url)?,
        topics: topics(wanted.events)?,
        secret: secret.clone(),
        created_by: who.user,
        created_at: app.ids.now(),
    };
    let made = app.store.create_webhook(new).await.map_err(failed)?.ok_or(Code::LimitReached)?;
    tracing::info!(webhook = %made.id, by = %who.user, "a webhook was made");
    Ok(Webhook { secret: Some(signature::shown(&secret)), ..made })
}

pub async fn update(app: &App, who: &Identity, id: WebhookId, update: WebhookUpdate) -> Result<Webhook, Problem> {
    let before = own(app, who, id).await?;
    let on = before.disabled_at.is_none();
    let change = WebhookChange {
        url: update.url.map(|url| checked(app, &url)).transpose()?,
        topics: update.events.map(topics).transpose()?,
        disabled: update.enabled.filter(|enabled| *enabled != on).map(|on| (!on).then(|| (app.ids.now(), None))),
        secret: None,
    };
    let after = app.store.update_webhook(id, change).await.map_err(failed)?.ok_or(Code::NotFound)?;
    app.wakers.deliveries.notify_one();
    Ok(after)
}

/// A new secret. The one before signs too for a day.
pub async fn rotate(app: &App, who: &Identity, id: WebhookId) -> Result<Webhook, Problem> {
    own(app, who, id).await?;
    let secret = signature::secret().map_err(unmade)?;
    let until = app.ids.now().plus_seconds(OVERLAP_SECONDS);
    let change = WebhookChange { secret: Some((secret.clone(), until)), ..WebhookChange::default() };
    let after = app.store.update_webhook(id, change).await.map_err(failed)?.ok_or(Code::NotFound)?;
    Ok(Webhook { secret: Some(signature::shown(&secret)), ..after })
}

pub async fn remove(app: &App, who: &Identity, id: WebhookId) -> Result<(), Problem> {
    own(app, who, id).await?;
    app.store.remove_webhook(id).await.map_err(failed)?;
    Ok(())
}

pub async fn deliveries(
    app: &App,
    who: &Identity,
    id: WebhookId,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Delivery>, Problem> {
    own(app, who, id).await?;
    app.store.deliveries(id, cursor, limit).await.map_err(failed)
}

pub async fn replay(app: &App, who: &Identity, id: WebhookId, delivery: DeliveryId) -> Result<Delivery, Problem> {
    own(app, who, id).await?;
    let found = app.store.replay_delivery(id, delivery, app.ids.now()).await.map_err(failed)?;
    app.wakers.deliveries.notify_one();
    found.ok_or(Code::NotFound.into())
}

fn topics(mut topics: Vec<Topic>) -> Result<Vec<Topic>, Problem> {
    topics.sort_unstable();
    topics.dedup();
    if topics.is_empty() {
        return Err(refuse(Code::InvalidField, "events", "at least one event"));
    }
    Ok(topics)
}

/// An address that may be asked. What its name resolves to shows only when it is.
pub(super) fn checked(app: &App, url: &str) -> Result<String, Problem> {
    match app.outbound.check(url) {
        Ok(_) => Ok(url.to_owned()),
        Err(Failure::Private) => Err(refuse(Code::InvalidField, "url", "this address is not a public one")),
        Err(failure) => Err(Problem::new(Code::InvalidField).field("url").detail(failure.to_string())),
    }
}
