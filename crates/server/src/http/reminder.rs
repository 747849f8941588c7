//! Reminders.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::reminder::ReminderSave;
use laserchat_protocol::{Page, Reminder, ReminderId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::Result;
use super::json::Body;
use super::path::Id;
use super::query::{Paging, Query};
use crate::actions::reminder;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_reminders, create_reminder)).routes(routes!(
        get_reminder,
        update_reminder,
        delete_reminder
    ))
}

/// One's reminders
///
/// Those that wait and those that are due, the last changed first.
#[utoipa::path(
    get,
    path = "/me/reminders",
    tag = "reminders",
    security(("bearer" = ["read"])),
    params(Paging),
    responses((status = 200, body = Page<Reminder>, description = "The reminders."))
)]
async fn list_reminders(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Reminder>>> {
    Ok(Json(reminder::list(&app, &who, paging.cursor()?, paging.limit()).await?))
}

/// Set a reminder
///
/// About a message, about anything in words, or both. When it is due, `reminder.due` tells all of one's devices.
#[utoipa::path(
    post,
    path = "/me/reminders",
    tag = "reminders",
    security(("bearer" = ["write"])),
    request_body = ReminderSave,
    responses(
        (status = 201, body = Reminder, description = "Set."),
        (status = 404, description = "There is no such message."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn create_reminder(
    State(app): State<Shared>,
    Writer(who): Writer,
    Body(body): Body<ReminderSave>,
) -> Result<(StatusCode, Json<Reminder>)> {
    Ok((StatusCode::CREATED, Json(reminder::create(&app, &who, body).await?)))
}

/// A reminder
#[utoipa::path(
    get,
    path = "/me/reminders/{id}",
    tag = "reminders",
    security(("bearer" = ["read"])),
    params(("id" = ReminderId, Path, description = "The reminder.")),
    responses((status = 200, body = Reminder, description = "The reminder."))
)]
async fn get_reminder(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ReminderId>,
) -> Result<Json<Reminder>> {
    Ok(Json(reminder::get(&app, who.user, id).await?))
}

/// Change a reminder, or put it off
///
/// The whole of it. One that is due waits again.
#[utoipa::path(
    put,
    path = "/me/reminders/{id}",
    tag = "reminders",
    security(("bearer" = ["write"])),
    params(("id" = ReminderId, Path, description = "The reminder.")),
    request_body = ReminderSave,
    responses((status = 200, body = Reminder, description = "The reminder."))
)]
async fn update_reminder(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ReminderId>,
    Body(body): Body<ReminderSave>,
) -> Result<Json<Reminder>> {
    Ok(Json(reminder::update(&app, &who, id, body).await?))
}

/// Be done with a reminder
#[utoipa::path(
    delete,
    path = "/me/reminders/{id}",
    tag = "reminders",
    security(("bearer" = ["write"])),
    params(("id" = ReminderId, Path, description = "The reminder.")),
    responses((status = 204, description = "Done."))
)]
async fn delete_reminder(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<ReminderId>) -> Result<StatusCode> {
    reminder::delete(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
