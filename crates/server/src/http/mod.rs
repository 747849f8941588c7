//! HTTP.

pub mod address;
pub mod error;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;
use crate::gateway;

pub fn router(app: Shared) -> Router {
    Router::new()
        .route("/api/v1/ws", get(gateway::upgrade::upgrade))
        .route("/api/v1/events", get(gateway::events::events))
        .route("/api/v1/events/cookie", post(gateway::events::set_cookie))
        .with_state(app)
}
