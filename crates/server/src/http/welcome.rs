//! The pages that a browser finds: what this server is, and where a link for joining leads.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::Shared;

pub fn router() -> Router<Shared> {
    const HTML: &str = "text/html; charset=utf-8";
    Router::new()
        .route("/", get(|| served(HTML, include_str!("welcome/home.html"))))
        // The code in the path is read by the page itself, which hands it in with the form.
        .route("/join/{code}", get(|| served(HTML, include_str!("welcome/join.html"))))
        .route("/welcome.css", get(|| served("text/css; charset=utf-8", include_str!("welcome/welcome.css"))))
        .route("/join.js", get(|| served("text/javascript; charset=utf-8", include_str!("welcome/join.js"))))
}

async fn served(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind)], text)
}
