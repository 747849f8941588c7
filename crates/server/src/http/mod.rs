//! HTTP: one file per noun, each with its routes and their descriptions; what surrounds every request is [`outer`].
//!
//! A handler reads what came, lets an action do it, and answers. The description of the API is generated from the same
//! routes, so an endpoint cannot be there and undescribed.

pub mod address;
mod admin;
pub mod asyncapi;
mod auth;
mod bot;
mod caller;
mod contact;
mod conversation;
mod cursor;
pub mod describe;
mod device;
mod docs;
mod draft;
mod email;
mod emoji;
pub mod error;
mod export;
mod file;
mod health;
mod hook;
mod idempotency;
mod invitation;
pub mod json;
mod me;
mod member;
mod message;
mod notification;
mod outer;
mod path;
mod pin;
mod poll;
mod preview;
mod query;
mod range;
mod reaction;
mod reminder;
mod saved;
mod scheduled;
mod search;
mod server;
mod session;
mod slash;
mod thread;
mod token;
mod upload;
mod user;
pub mod web;
mod webhook;

use std::sync::Arc;

use axum::routing::get;
use axum::{Router, middleware};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;
use crate::gateway;

pub use asyncapi::asyncapi_json;
pub use describe::openapi_json;

/// Where all endpoints are.
const BASE: &str = "/api/v1";

/// Everything that is described in the API's description.
fn described() -> OpenApiRouter<Shared> {
    let nouns = OpenApiRouter::new()
        .merge(server::router())
        .merge(auth::router())
        .merge(me::router())
        .merge(email::router())
        .merge(session::router())
        .merge(token::router())
        .merge(bot::router())
        .merge(contact::router())
        .merge(device::router())
        .merge(notification::router())
        .merge(user::router())
        .merge(conversation::router())
        .merge(member::router())
        .merge(invitation::router())
        .merge(message::router())
        .merge(cursor::router())
        .merge(reaction::router())
        .merge(pin::router())
        .merge(thread::router())
        .merge(draft::router())
        .merge(scheduled::router())
        .merge(reminder::router())
        .merge(saved::router())
        .merge(poll::router())
        .merge(emoji::router())
        .merge(upload::router())
        .merge(file::router())
        .merge(search::router())
        .merge(admin::router())
        .merge(export::router())
        .merge(hook::router())
        .merge(webhook::router())
        .merge(slash::router())
        .merge(preview::router())
        .routes(routes!(gateway::events::events))
        .routes(routes!(gateway::events::set_cookie));
    OpenApiRouter::with_openapi(describe::frame()).nest(BASE, nouns)
}

/// The whole of the HTTP side.
pub fn router(app: Shared) -> Router {
    let (endpoints, _) = described().split_for_parts();
    let outer = outer::Outer { app: Arc::clone(&app), running: Arc::default() };
    endpoints
        .route("/api/v1/ws", get(gateway::upgrade::upgrade))
        .merge(docs::router())
        .merge(health::router())
        .fallback(web::serve)
        .layer(middleware::from_fn_with_state(outer, outer::outer))
        .with_state(app)
}
