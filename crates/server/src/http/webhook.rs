//! Outgoing webhooks and their deliveries.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::webhook::{Delivery, Webhook, WebhookCreate, WebhookUpdate};
use laserchat_protocol::{ConversationId, DeliveryId, Page, WebhookId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Manager;
use super::error::Result;
use super::json::Body;
use super::path::{Id, Ids};
use super::query::{Paging, Query};
use crate::actions::webhook;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(get_webhook, update_webhook, remove_webhook))
        .routes(routes!(rotate_webhook))
        .routes(routes!(list_deliveries))
        .routes(routes!(replay_delivery))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Of {
    /// The conversation; absent: the webhooks of the whole server.
    conversation_id: Option<ConversationId>,
}

/// Outgoing webhooks
///
/// Those of a conversation, for its administrators; or those of the whole server, for the administrators of that.
#[utoipa::path(
    get,
    path = "/webhooks",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(Of),
    responses(
        (status = 200, body = Page<Webhook>, description = "The webhooks, without their secrets."),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`wrong_kind`."),
    )
)]
async fn list_webhooks(
    State(app): State<Shared>,
    Manager(who): Manager,
    Query(of): Query<Of>,
) -> Result<Json<Page<Webhook>>> {
    Ok(Json(Page::whole(webhook::list(&app, &who, of.conversation_id).await?)))
}

/// Make an outgoing webhook
///
/// The secret that signs what is sent is shown in this answer and never again; an answer that is repeated for an
/// `Idempotency-Key` leaves it out. Without a conversation it hears of all public channels, which only administrators of
/// the server may ask for.
#[utoipa::path(
    post,
    path = "/webhooks",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    request_body = WebhookCreate,
    responses(
        (status = 201, body = Webhook, description = "The webhook with its secret."),
        (status = 404, description = "There is no such conversation."),
        (status = 409, description = "`limit_reached` or `wrong_kind`."),
    )
)]
async fn create_webhook(
    State(app): State<Shared>,
    Manager(who): Manager,
    Body(body): Body<WebhookCreate>,
) -> Result<(StatusCode, Json<Webhook>)> {
    Ok((StatusCode::CREATED, Json(webhook::create(&app, &who, body).await?)))
}

/// An outgoing webhook
#[utoipa::path(
    get,
    path = "/webhooks/{id}",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(("id" = WebhookId, Path, description = "The webhook.")),
    responses((status = 200, body = Webhook, description = "The webhook, without its secret."))
)]
async fn get_webhook(State(app): State<Shared>, Manager(who): Manager, Id(id): Id<WebhookId>) -> Result<Json<Webhook>> {
    Ok(Json(webhook::show(&app, &who, id).await?))
}

/// Change an outgoing webhook
///
/// What is absent stays. One that the server has switched off is switched on again here.
#[utoipa::path(
    put,
    path = "/webhooks/{id}",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(("id" = WebhookId, Path, description = "The webhook.")),
    request_body = WebhookUpdate,
    responses((status = 200, body = Webhook, description = "The webhook."))
)]
async fn update_webhook(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<WebhookId>,
    Body(body): Body<WebhookUpdate>,
) -> Result<Json<Webhook>> {
    Ok(Json(webhook::update(&app, &who, id, body).await?))
}

/// Remove an outgoing webhook
///
/// With everything that it was still owed.
#[utoipa::path(
    delete,
    path = "/webhooks/{id}",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(("id" = WebhookId, Path, description = "The webhook.")),
    responses((status = 204, description = "It is removed."))
)]
async fn remove_webhook(State(app): State<Shared>, Manager(who): Manager, Id(id): Id<WebhookId>) -> Result<StatusCode> {
    webhook::remove(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give an outgoing webhook a new secret
///
/// It is shown in this answer and never again. For a day, what is sent is signed with both.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/secret",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(("id" = WebhookId, Path, description = "The webhook.")),
    responses((status = 200, body = Webhook, description = "The webhook with its new secret."))
)]
async fn rotate_webhook(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<WebhookId>,
) -> Result<Json<Webhook>> {
    Ok(Json(webhook::rotate(&app, &who, id).await?))
}

/// What an outgoing webhook was sent
///
/// The newest first, with the last answers. Of each webhook the newest 200 are remembered, and all that wait.
#[utoipa::path(
    get,
    path = "/webhooks/{id}/deliveries",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(("id" = WebhookId, Path, description = "The webhook."), Paging),
    responses((status = 200, body = Page<Delivery>, description = "The deliveries."))
)]
async fn list_deliveries(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<WebhookId>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Delivery>>> {
    Ok(Json(webhook::deliveries(&app, &who, id, paging.cursor()?, paging.limit()).await?))
}

/// Send a delivery again
///
/// At once, and under the same `webhook-id`. What was about a message that is erased since cannot be sent again.
#[utoipa::path(
    post,
    path = "/webhooks/{id}/deliveries/{delivery}/replay",
    tag = "webhooks",
    security(("bearer" = ["manage"])),
    params(
        ("id" = WebhookId, Path, description = "The webhook."),
        ("delivery" = DeliveryId, Path, description = "The delivery."),
    ),
    responses((status = 200, body = Delivery, description = "The delivery, which waits again."))
)]
async fn replay_delivery(
    State(app): State<Shared>,
    Manager(who): Manager,
    Ids(id, delivery): Ids<WebhookId, DeliveryId>,
) -> Result<Json<Delivery>> {
    Ok(Json(webhook::replay(&app, &who, id, delivery).await?))
}
