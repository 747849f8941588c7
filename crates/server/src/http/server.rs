//! The server, to anybody.

use axum::Json;
use axum::extract::State;
use laserchat_protocol::server::ServerInfo;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::Result;
use crate::actions::admin;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(get_server))
}

/// What this server is
///
/// Its name and version, who may register, and the epoch of its store: a client that holds another epoch drops its cache.
#[utoipa::path(
    get,
    path = "/server",
    tag = "server",
    responses((status = 200, body = ServerInfo, description = "The server."))
)]
async fn get_server(State(app): State<Shared>) -> Result<Json<ServerInfo>> {
    Ok(Json(admin::info(&app).await?))
}
