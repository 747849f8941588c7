//! The description of the API for programs and for people: `openapi.json`, `asyncapi.json`, and a page at `/api/docs`.
//!
//! The page reads `openapi.json` and shows it with nothing from elsewhere, so that it works without the internet and
//! under the strictest content policy.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use super::{asyncapi_json, openapi_json};
use crate::app::Shared;

pub fn router() -> Router<Shared> {
    Router::new()
        .route("/api/v1/openapi.json", get(|| served("application/json", openapi_json())))
        .route("/api/v1/asyncapi.json", get(|| served("application/json", asyncapi_json())))
        .route("/api/docs", get(|| served("text/html; charset=utf-8", include_str!("docs/page.html"))))
        .route("/api/docs/page.css", get(|| served("text/css; charset=utf-8", include_str!("docs/page.css"))))
        .route("/api/docs/page.js", get(|| served("text/javascript; charset=utf-8", include_str!("docs/page.js"))))
}

async fn served(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind)], text)
}
