//! Files: what they are, their bytes, and which a conversation has.
//!
//! Bytes come from strangers and are served from the same origin as the web client. So they are sent in a sandbox that
//! may load and run nothing, their type is ours and is not to be guessed, and only pictures, sounds and videos of a
//! short list are shown in place; everything else is a download.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, HeaderName,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use laserchat_core::file::readable;
use laserchat_protocol::file::{SharedFile, Usage};
use laserchat_protocol::{Code, ConversationId, File, FileId, FileKind, FileState, FileVariant, Page, Problem, UserId};
use laserchat_store::{FilePart, OpenFile, Part};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Reader;
use super::error::{Error, Result};
use super::path::Id;
use super::query::{Bounded, Query};
use super::range::{Wanted, wanted};
use crate::actions::member_of;
use crate::app::{App, Shared};
use crate::blobs::name::hex;
use crate::media::is_shown;
use laserchat_protocol::limits::{PAGE_DEFAULT, PAGE_MAX};

const SANDBOX: &str = "sandbox; default-src 'none'";
/// What a ready file is made of never changes; but it is one person's to see, and not a proxy's.
const CACHED: &str = "private, max-age=31536000, immutable";
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(get_file))
        .routes(routes!(get_content))
        .routes(routes!(get_thumbnail))
        .routes(routes!(get_preview))
        .routes(routes!(get_poster))
        .routes(routes!(list_files))
        .routes(routes!(get_usage))
}

/// A file that somebody may read; to anybody else it does not exist.
async fn open(app: &App, viewer: UserId, id: FileId) -> Result<OpenFile> {
    let found = app.store.open_file(viewer, id).await?.ok_or(Code::NotFound)?;
    readable(found.ties)?;
    Ok(found)
}

/// What a file is
///
/// While it is `processing`, only its owner sees it; the event `file.updated` tells when that is over.
#[utoipa::path(
    get,
    path = "/files/{id}",
    tag = "files",
    security(("bearer" = ["read"])),
    params(("id" = FileId, Path, description = "The file.")),
    responses((status = 200, body = File, description = "The file."))
)]
async fn get_file(State(app): State<Shared>, Reader(who): Reader, Id(id): Id<FileId>) -> Result<Json<File>> {
    Ok(Json(open(&app, who.user, id).await?.owned.file))
}

macro_rules! contents {
    ($($(#[doc = $doc:literal])+ $name:ident = $path:literal, $part:expr;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            get,
            path = $path,
            tag = "files",
            security(("bearer" = ["read"])),
            params(
                ("id" = FileId, Path, description = "The file."),
                ("Range" = Option<String>, Header, description = "One range of bytes."),
                ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what one has."),
            ),
            responses(
                (status = 200, description = "The bytes.", content_type = "application/octet-stream"),
                (status = 206, description = "The part that was asked for.", content_type = "application/octet-stream"),
                (status = 304, description = "It is what one has."),
                (status = 409, description = "`file_not_ready`."),
                (status = 416, description = "`invalid_request`: there is no such part."),
                (status = 422, description = "`file_refused`."),
            )
        )]
        async fn $name(
            State(app): State<Shared>,
            Reader(who): Reader,
            Id(id): Id<FileId>,
            method: Method,
            headers: HeaderMap,
        ) -> Result<Response> {
            serve(&app, who.user, id, $part, &method, &headers).await
        }
    )+};
}

contents! {
    /// The bytes of a file
    ///
    /// Of pictures without the place where they were taken. A browser that cannot send a token sends the cookie of
    /// `POST /events/cookie`.
    get_content = "/files/{id}/content", Part::Content;
    /// A small picture of a file
    ///
    /// Where a picture is small itself, it is that picture.
    get_thumbnail = "/files/{id}/thumbnail", Part::Variant(FileVariant::Thumbnail);
    /// A picture of a file as large as a screen
    ///
    /// Where a picture is small itself, it is that picture.
    get_preview = "/files/{id}/preview", Part::Variant(FileVariant::Preview);
    /// A picture out of a video
    get_poster = "/files/{id}/poster", Part::Variant(FileVariant::Poster);
}

/// The blob that a part of a file is in. A picture without smaller forms is small, and stands for them.
fn part(found: &OpenFile, part: Part) -> Option<&FilePart> {
    let of = |part: Part| found.parts.iter().find(|one| one.part == part);
    let stands = matches!(part, Part::Variant(FileVariant::Thumbnail | FileVariant::Preview))
        && found.owned.file.kind == FileKind::Image;
    of(part).or_else(|| of(Part::Content).filter(|content| stands && is_shown(&content.mime)))
}

async fn serve(
    app: &App,
    viewer: UserId,
    id: FileId,
    asked: Part,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response> {
    let found = open(app, viewer, id).await?;
    match found.owned.file.state {
        FileState::Ready => {}
        FileState::Processing => return Err(Problem::new(Code::FileNotReady).retry_after(1).into()),
        FileState::Refused => return Err(Code::FileRefused.into()),
    }
    let blob = part(&found, asked).ok_or(Code::NotFound)?;
    let etag = format!("\"{}\"", &hex(&blob.blob.hash)[..32]);
    let (status, range) = match wanted(headers, &etag, blob.size) {
        Wanted::Whole => (StatusCode::OK, None),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Wanted::Nothing => (StatusCode::NOT_MODIFIED, None),
        Wanted::Outside => {
            let problem = Problem::new(Code::InvalidRequest).status(416).detail("there is no such part of the file");
            let mut refused = Error(problem).into_response();
            refused.headers_mut().insert(CONTENT_RANGE, value(&format!("bytes */{}", blob.size))?);
            return Ok(refused);
        }
    };
    let length = range.as_ref().map_or(blob.size, |range| range.end - range.start);
    let body = if status == StatusCode::NOT_MODIFIED || *method == Method::HEAD || length == 0 {
        Body::empty()
    } else {
        Body::from_stream(app.blobs.read(&blob.blob, range.clone()).await.map_err(Problem::from)?)
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    if status != StatusCode::NOT_MODIFIED {
        let shown = is_shown(&blob.mime);
        headers.insert(CONTENT_TYPE, value(&blob.mime)?);
        headers.insert(CONTENT_LENGTH, length.into());
        headers.insert(CONTENT_DISPOSITION, value(&disposition(shown, &found.owned.file.name))?);
        if let Some(range) = range {
            let of = format!("bytes {}-{}/{}", range.start, range.end - 1, blob.size);
            headers.insert(CONTENT_RANGE, value(&of)?);
        }
    }
    headers.insert(ETAG, value(&etag)?);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(CACHED));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}

fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| Error(Code::Internal.into()))
}

/// The name twice: for old clients in ASCII, for all others spelled as RFC 8187 wants it.
fn disposition(shown: bool, name: &str) -> String {
    let how = if shown { "inline" } else { "attachment" };
    let plain = |c: char| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let spelled: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{spelled}")
}

/// A page of the files of a conversation.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Gallery {
    /// Only files of this kind.
    kind: Option<FileKind>,
    /// How many items at most.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<Bounded<1, { PAGE_MAX as u64 }>>,
    /// The `next` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// The files of a conversation
///
/// Those of messages that are not deleted, the newest first.
#[utoipa::path(
    get,
    path = "/conversations/{id}/files",
    tag = "files",
    security(("bearer" = ["read"])),
    params(("id" = ConversationId, Path, description = "The conversation."), Gallery),
    responses((status = 200, body = Page<SharedFile>, description = "The files."))
)]
async fn list_files(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ConversationId>,
    Query(query): Query<Gallery>,
) -> Result<Json<Page<SharedFile>>> {
    let limit = query.limit.map_or(PAGE_DEFAULT, |limit| limit.0 as usize);
    let cursor = super::query::checked_cursor(query.cursor.as_deref())?;
    member_of(&app, who.user, id).await?;
    Ok(Json(app.store.shared_files(id, query.kind, cursor, limit).await?))
}

/// How much one has uploaded
#[utoipa::path(
    get,
    path = "/me/usage",
    tag = "files",
    security(("bearer" = ["read"])),
    responses((status = 200, body = Usage, description = "Bytes of one's files, and how many there may be."))
)]
async fn get_usage(State(app): State<Shared>, Reader(who): Reader) -> Result<Json<Usage>> {
    let used = app.store.usage(who.user).await?;
    Ok(Json(Usage { used, quota: app.config.files.user_quota() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_end_a_header() {
        assert_eq!(disposition(true, "a.png"), "inline; filename=\"a.png\"; filename*=UTF-8''a.png");
        assert_eq!(
            disposition(false, "a\"; x=\r\n é.txt"),
            "attachment; filename=\"a__ x=__ _.txt\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%20%C3%A9.txt"
        );
    }
}
