//! Scheduled messages.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::scheduled::ScheduledSave;
use laserchat_protocol::{Page, Scheduled, ScheduledId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::Result;
use super::json::Body;
use super::path::Id;
use super::query::{Paging, Query};
use crate::actions::scheduled;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_scheduled, schedule)).routes(routes!(
        get_scheduled,
        reschedule,
        unschedule
    ))
}

/// Messages that one has scheduled
///
/// Those that wait, and those that were refused, the last changed first.
#[utoipa::path(
    get,
    path = "/me/scheduled",
    tag = "scheduled",
    security(("bearer" = ["read"])),
    params(Paging),
    responses((status = 200, body = Page<Scheduled>, description = "The scheduled messages."))
)]
async fn list_scheduled(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Scheduled>>> {
    Ok(Json(scheduled::list(&app, &who, paging.cursor()?, paging.limit()).await?))
}

/// Schedule a message
///
/// For a wall time (`at`, with `time_zone` or in the time zone of the account), or for a moment (`send_at`). Whether one may
/// write in the conversation is decided when it is sent; if not, it stays as `refused` with the reason.
#[utoipa::path(
    post,
    path = "/me/scheduled",
    tag = "scheduled",
    security(("bearer" = ["write"])),
    request_body = ScheduledSave,
    responses(
        (status = 201, body = Scheduled, description = "Scheduled."),
        (status = 404, description = "There is no such conversation, or no such parent."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn schedule(
    State(app): State<Shared>,
    Writer(who): Writer,
    Body(body): Body<ScheduledSave>,
) -> Result<(StatusCode, Json<Scheduled>)> {
    Ok((StatusCode::CREATED, Json(scheduled::create(&app, &who, body).await?)))
}

/// A scheduled message
#[utoipa::path(
    get,
    path = "/me/scheduled/{id}",
    tag = "scheduled",
    security(("bearer" = ["read"])),
    params(("id" = ScheduledId, Path, description = "The scheduled message.")),
    responses((status = 200, body = Scheduled, description = "The scheduled message."))
)]
async fn get_scheduled(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ScheduledId>,
) -> Result<Json<Scheduled>> {
    Ok(Json(scheduled::get(&app, who.user, id).await?))
}

/// Change a scheduled message
///
/// The whole of it. One that was refused waits again.
#[utoipa::path(
    put,
    path = "/me/scheduled/{id}",
    tag = "scheduled",
    security(("bearer" = ["write"])),
    params(("id" = ScheduledId, Path, description = "The scheduled message.")),
    request_body = ScheduledSave,
    responses(
        (status = 200, body = Scheduled, description = "The scheduled message."),
        (status = 409, description = "`conflict`: it has just been sent."),
    )
)]
async fn reschedule(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ScheduledId>,
    Body(body): Body<ScheduledSave>,
) -> Result<Json<Scheduled>> {
    Ok(Json(scheduled::update(&app, &who, id, body).await?))
}

/// Delete a scheduled message
#[utoipa::path(
    delete,
    path = "/me/scheduled/{id}",
    tag = "scheduled",
    security(("bearer" = ["write"])),
    params(("id" = ScheduledId, Path, description = "The scheduled message.")),
    responses(
        (status = 204, description = "It will not be sent."),
        (status = 409, description = "`conflict`: it has just been sent."),
    )
)]
async fn unschedule(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<ScheduledId>) -> Result<StatusCode> {
    scheduled::delete(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
