//! Incoming webhooks: managing them, and the address that others post to.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use laserchat_protocol::webhook::{HookMessage, IncomingWebhook, IncomingWebhookCreate, IncomingWebhookUpdate};
use laserchat_protocol::{Code, ConversationId, Page, Problem, WebhookId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Manager;
use super::error::{Result, invalid};
use super::idempotency;
use super::json::{Body, parse, read};
use super::path::{Id, Ids};
use crate::actions::hook;
use crate::app::Shared;

/// Longer ones are none of ours.
const SECRET_BYTES: usize = 100;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_incoming_webhooks, create_incoming_webhook))
        .routes(routes!(update_incoming_webhook, remove_incoming_webhook))
        .routes(routes!(receive))
}

/// The incoming webhooks of a conversation
#[utoipa::path(
    get,
    path = "/conversations/{id}/webhooks",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    responses(
        (status = 200, body = Page<IncomingWebhook>, description = "The webhooks, without their secrets."),
        (status = 409, description = "`wrong_kind`."),
    )
)]
async fn list_incoming_webhooks(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
) -> Result<Json<Page<IncomingWebhook>>> {
    Ok(Json(Page::whole(hook::list(&app, &who, id).await?)))
}

/// Make an incoming webhook
///
/// It speaks as a bot of its own, which joins the conversation. The secret is shown in this answer and never again; an
/// answer that is repeated for an `Idempotency-Key` leaves it out.
#[utoipa::path(
    post,
    path = "/conversations/{id}/webhooks",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = IncomingWebhookCreate,
    responses(
        (status = 201, body = IncomingWebhook, description = "The webhook with its secret."),
        (status = 409, description = "`limit_reached`, `wrong_kind` or `archived`."),
    )
)]
async fn create_incoming_webhook(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
    Body(body): Body<IncomingWebhookCreate>,
) -> Result<(StatusCode, Json<IncomingWebhook>)> {
    Ok((StatusCode::CREATED, Json(hook::create(&app, &who, id, body).await?)))
}

/// Change an incoming webhook
///
/// Its name and picture.
#[utoipa::path(
    put,
    path = "/conversations/{id}/webhooks/{webhook}",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(
        ("id" = ConversationId, Path, description = "The conversation."),
        ("webhook" = WebhookId, Path, description = "The webhook."),
    ),
    request_body = IncomingWebhookUpdate,
    responses(
        (status = 200, body = IncomingWebhook, description = "The webhook."),
        (status = 409, description = "`wrong_kind`."),
    )
)]
async fn update_incoming_webhook(
    State(app): State<Shared>,
    Manager(who): Manager,
    Ids(id, webhook): Ids<ConversationId, WebhookId>,
    Body(body): Body<IncomingWebhookUpdate>,
) -> Result<Json<IncomingWebhook>> {
    Ok(Json(hook::update(&app, &who, id, webhook, body).await?))
}

/// Remove an incoming webhook
///
/// Its address stops working, and its bot leaves. What it has said stays.
#[utoipa::path(
    delete,
    path = "/conversations/{id}/webhooks/{webhook}",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(
        ("id" = ConversationId, Path, description = "The conversation."),
        ("webhook" = WebhookId, Path, description = "The webhook."),
    ),
    responses(
        (status = 204, description = "It is removed."),
        (status = 409, description = "`wrong_kind`."),
    )
)]
async fn remove_incoming_webhook(
    State(app): State<Shared>,
    Manager(who): Manager,
    Ids(id, webhook): Ids<ConversationId, WebhookId>,
) -> Result<StatusCode> {
    hook::remove(&app, &who, id, webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Post by an incoming webhook
///
/// As JSON, or as a form whose field `payload` is JSON. What programs send to Slack works, as far as it is text. With an
/// `Idempotency-Key`, or a `client_id`, sending again does not post twice.
#[utoipa::path(
    post,
    path = "/hooks/{secret}",
    tag = "webhooks",
    params(
        ("secret" = String, Path, description = "The webhook's secret."),
        ("Idempotency-Key" = Option<String>, Header, description = "Names the message."),
    ),
    request_body = HookMessage,
    responses(
        (status = 200, content_type = "text/plain", body = String, description = "`ok`: it is posted."),
        (status = 403, description = "`read_only` or `muted`."),
        (status = 404, description = "There is no such webhook, or it was removed from the conversation."),
        (status = 408, description = "`body_timeout`."),
        (status = 409, description = "`archived`."),
        (status = 413, description = "`too_large`."),
        (status = 415, description = "`unsupported_media_type`."),
        (status = 422, description = "`invalid_text` or `invalid_field`."),
    )
)]
async fn receive(State(app): State<Shared>, Id(secret): Id<String>, request: Request) -> Result<&'static str> {
    let key = idempotency::from_headers(request.headers()).transpose()?;
    let form = is_form(request.headers())?;
    let body = read(request.into_body(), app.config.limits.body_bytes).await?;
    let what: HookMessage = match form {
        false => parse(&body)?,
        true => {
            let field = form_urlencoded::parse(&body).find(|(name, _)| name == "payload");
            let (_, payload) = field.ok_or_else(|| invalid("payload", "a form has this field"))?;
            parse(payload.as_bytes())?
        }
    };
    if secret.len() > SECRET_BYTES {
        return Err(Code::NotFound.into());
    }
    hook::receive(&app, &secret, what, key).await?;
    Ok("ok")
}

/// Whether a form came, and not JSON.
fn is_form(headers: &HeaderMap) -> Result<bool> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => Ok(true),
        "application/json" => Ok(false),
        _ => Err(Problem::new(Code::UnsupportedMediaType)
            .detail("send `application/json`, or a form with the field `payload`")
            .into()),
    }
}
