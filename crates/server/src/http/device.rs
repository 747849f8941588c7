//! Devices that take pushes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::device::{PushDevice, PushDeviceCreate, PushDeviceUpdate, PushTested};
use laserchat_protocol::{DeviceId, Page};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Holder;
use super::error::Result;
use super::json::Body;
use super::path::Id;
use crate::actions::device;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_devices, register_device))
        .routes(routes!(update_device, remove_device))
        .routes(routes!(test_device))
}

/// One's devices that take pushes
#[utoipa::path(
    get,
    path = "/me/devices",
    tag = "notifications",
    security(("bearer" = ["account"])),
    responses((status = 200, body = Page<PushDevice>, description = "The devices, the oldest first."))
)]
async fn list_devices(State(app): State<Shared>, Holder(who): Holder) -> Result<Json<Page<PushDevice>>> {
    Ok(Json(Page::whole(device::list(&app, &who).await?)))
}

/// Register this device for pushes
///
/// A browser subscribes with the `vapid_key` of `GET /server` and sends what it got: `endpoint` and `keys`. Native apps send
/// the `token` of FCM or APNs. Registering what is registered changes it; the device goes when the session ends. It needs
/// a session: a personal access token cannot register a device.
#[utoipa::path(
    post,
    path = "/me/devices",
    tag = "notifications",
    security(("bearer" = ["account"])),
    request_body = PushDeviceCreate,
    responses(
        (status = 201, body = PushDevice, description = "The device."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn register_device(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<PushDeviceCreate>,
) -> Result<(StatusCode, Json<PushDevice>)> {
    Ok((StatusCode::CREATED, Json(device::register(&app, &who, body).await?)))
}

/// Change a device's name or level
#[utoipa::path(
    put,
    path = "/me/devices/{id}",
    tag = "notifications",
    security(("bearer" = ["account"])),
    params(("id" = DeviceId, Path, description = "The device.")),
    request_body = PushDeviceUpdate,
    responses((status = 200, body = PushDevice, description = "The device."))
)]
async fn update_device(
    State(app): State<Shared>,
    Holder(who): Holder,
    Id(id): Id<DeviceId>,
    Body(body): Body<PushDeviceUpdate>,
) -> Result<Json<PushDevice>> {
    Ok(Json(device::update(&app, &who, id, body).await?))
}

/// Push to a device no more
#[utoipa::path(
    delete,
    path = "/me/devices/{id}",
    tag = "notifications",
    security(("bearer" = ["account"])),
    params(("id" = DeviceId, Path, description = "The device.")),
    responses((status = 204, description = "The device is removed."))
)]
async fn remove_device(State(app): State<Shared>, Holder(who): Holder, Id(id): Id<DeviceId>) -> Result<StatusCode> {
    device::remove(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a push to a device as a test
///
/// It is sent at once, and the answer says what the push service made of it.
#[utoipa::path(
    post,
    path = "/me/devices/{id}/test",
    tag = "notifications",
    security(("bearer" = ["account"])),
    params(("id" = DeviceId, Path, description = "The device.")),
    responses((status = 200, body = PushTested, description = "What became of it."))
)]
async fn test_device(State(app): State<Shared>, Holder(who): Holder, Id(id): Id<DeviceId>) -> Result<Json<PushTested>> {
    Ok(Json(device::test(&app, &who, id).await?))
}
