//! For whoever watches the server: is it alive, is it ready, and what does it count.

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use laserchat_protocol::{Code, Problem};

use super::error::Result;
use crate::app::Shared;

pub fn router() -> Router<Shared> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// The process answers. A supervisor restarts it when it does not.
async fn alive() -> &'static str {
    "ok\n"
}

/// The store can be written to and the server is not stopping. A load balancer sends requests only then.
async fn ready(State(app): State<Shared>) -> Result<&'static str> {
    if app.leaving.is_cancelled() {
        return Err(Problem::new(Code::Unavailable).detail("the server is stopping").into());
    }
    if !app.ids.usable() {
        return Err(Problem::new(Code::Unavailable).detail("this node has no number").into());
    }
    app.store.ping().await?;
    Ok("ready\n")
}

async fn metrics(State(app): State<Shared>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}
