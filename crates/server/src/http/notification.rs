//! What one wants to be told of, and what one was told of.

use axum::Json;
use axum::extract::State;
use laserchat_protocol::Page;
use laserchat_protocol::notification::{ActivityItem, NotificationSettings, NotificationUpdate};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Holder, Reader};
use super::error::Result;
use super::json::Body;
use super::query::{Paging, Query};
use crate::actions::notification;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(get_notifications, update_notifications)).routes(routes!(list_activity))
}

/// What one wants to be told of
#[utoipa::path(
    get,
    path = "/me/notifications",
    tag = "notifications",
    security(("bearer" = ["read"])),
    responses((status = 200, body = NotificationSettings, description = "The settings."))
)]
async fn get_notifications(State(app): State<Shared>, Reader(who): Reader) -> Result<Json<NotificationSettings>> {
    Ok(Json(notification::settings(&app, &who).await?))
}

/// Change what one wants to be told of
///
/// What is absent stays; `quiet: null` ends the quiet hours; lists are replaced whole. One's other devices hear of it as
/// `notifications.updated`. The level of a single conversation is changed at `/conversations/{id}/membership`.
#[utoipa::path(
    put,
    path = "/me/notifications",
    tag = "notifications",
    security(("bearer" = ["account"])),
    request_body = NotificationUpdate,
    responses((status = 200, body = NotificationSettings, description = "The settings."))
)]
async fn update_notifications(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<NotificationUpdate>,
) -> Result<Json<NotificationSettings>> {
    Ok(Json(notification::update(&app, &who, body).await?))
}

/// What one was told of
///
/// Mentions, replies in threads that one follows, keywords and direct messages, newest first. What is deleted since, or in
/// a conversation that one has left, is not listed. At most the newest 500 of the last 90 days are kept.
#[utoipa::path(
    get,
    path = "/me/activity",
    tag = "notifications",
    security(("bearer" = ["read"])),
    params(Paging),
    responses((status = 200, body = Page<ActivityItem>, description = "A page of it."))
)]
async fn list_activity(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(query): Query<Paging>,
) -> Result<Json<Page<ActivityItem>>> {
    Ok(Json(notification::activity(&app, &who, query.position()?, query.limit()).await?))
}
