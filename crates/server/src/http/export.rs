//! Export of one's own data, and deletion of one's account.

use std::io::Read;

use axum::Json;
use axum::body::{Body as HttpBody, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use laserchat_protocol::deletion::{AccountDelete, DeletionReport};
use laserchat_protocol::export::Export;
use tokio::sync::mpsc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Holder;
use super::error::Result;
use super::json::Body;
use crate::actions::{deletion, export};
use crate::app::Shared;

/// What is read at once, and how much of it may wait for a slow client.
const CHUNK: usize = 64 * 1024;
const WAITING: usize = 4;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(begin_export, get_export))
        .routes(routes!(export_content))
        .routes(routes!(delete_account))
}

/// Ask for an export of one's own data
///
/// It is written in the background; one at a time. Asking again while it is being written answers the same one; asking
/// again after that replaces it.
#[utoipa::path(
    post,
    path = "/me/export",
    tag = "account",
    security(("bearer" = ["account"])),
    responses(
        (status = 200, body = Export, description = "One is being written already."),
        (status = 202, body = Export, description = "It will be written."),
    )
)]
async fn begin_export(State(app): State<Shared>, Holder(who): Holder) -> Result<(StatusCode, Json<Export>)> {
    let (export, new) = export::begin(&app, &who).await?;
    Ok((if new { StatusCode::ACCEPTED } else { StatusCode::OK }, Json(export)))
}

/// How far the export is
#[utoipa::path(
    get,
    path = "/me/export",
    tag = "account",
    security(("bearer" = ["account"])),
    responses(
        (status = 200, body = Export, description = "The export."),
        (status = 404, description = "None was asked for, or its time is over."),
    )
)]
async fn get_export(State(app): State<Shared>, Holder(who): Holder) -> Result<Json<Export>> {
    Ok(Json(export::show(&app, &who).await?))
}

/// The export itself
///
/// A tar archive: `account.json`, `contacts.json`, `conversations.json`, one's own messages under `messages/`, one's own
/// files under `files/`, and more. It is there for a week.
#[utoipa::path(
    get,
    path = "/me/export/content",
    tag = "account",
    security(("bearer" = ["account"])),
    responses(
        (status = 200, content_type = "application/x-tar", body = Vec<u8>, description = "The archive."),
        (status = 404, description = "It is not there."),
    )
)]
async fn export_content(State(app): State<Shared>, Holder(who): Holder) -> Result<Response> {
    let mut file = export::open(&app, &who).await?;
    let (send, mut chunks) = mpsc::channel::<std::io::Result<Bytes>>(WAITING);
    // Reading waits for the disk, so it is done on a thread that may; a client that is gone ends it.
    tokio::task::spawn_blocking(move || {
        loop {
            let mut chunk = vec![0; CHUNK];
            let read = match file.read(&mut chunk) {
                Ok(0) => return,
                Ok(read) => read,
                Err(error) => return drop(send.blocking_send(Err(error))),
            };
            chunk.truncate(read);
            if send.blocking_send(Ok(chunk.into())).is_err() {
                return;
            }
        }
    });
    let body = HttpBody::from_stream(futures_util::stream::poll_fn(move |context| chunks.poll_recv(context)));
    let headers =
        [(CONTENT_TYPE, "application/x-tar"), (CONTENT_DISPOSITION, "attachment; filename=\"laserchat-export.tar\"")];
    Ok((headers, body).into_response())
}

/// Delete one's account
///
/// For good, after the password was given again. The account cannot be used any more from that moment on. Messages are
/// erased (that there was one stays, without a name), reactions are taken back, conversations are left (those one owns go
/// to the highest in rank who has been there longest, or away when nobody is left), and files, sessions, tokens, bots,
/// webhooks, devices, drafts and everything else of one's own goes. The answer says what was done.
#[utoipa::path(
    delete,
    path = "/me",
    tag = "account",
    security(("bearer" = ["account"])),
    request_body = AccountDelete,
    responses(
        (status = 200, body = DeletionReport, description = "What was done."),
        (status = 401, description = "`wrong_credentials`: the password is not right."),
        (status = 404, description = "The account is gone."),
        (status = 409, description = "`owner_must_hand_over`: the server needs another owner first."),
    )
)]
async fn delete_account(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<AccountDelete>,
) -> Result<Json<DeletionReport>> {
    Ok(Json(deletion::delete(&app, &who, body).await?))
}
