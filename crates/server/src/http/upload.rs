//! Uploads by tus 1.0 (<https://tus.io/protocols/resumable-upload>), with creation, creation-with-upload, checksum,
//! expiration and termination. The upload's id is the id of the file that it becomes.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use laserchat_protocol::limits::UPLOADS_PER_USER;
use laserchat_protocol::{Code, FileId, FilePurpose, Problem, Timestamp, UserId};
use laserchat_store::{NewUpload, Upload, UploadRefusal, UploadState};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Writer;
use super::error::{Error, Result, invalid};
use super::idempotency;
use super::path::Id;
use crate::app::{App, Shared};
use crate::media::download_name;
use crate::uploads::{self, Checksum};

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSION: HeaderName = HeaderName::from_static("tus-version");
const EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const ALGORITHMS: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

const SPOKEN: HeaderValue = HeaderValue::from_static("1.0.0");
const EXTENSIONS: HeaderValue =
    HeaderValue::from_static("creation,creation-with-upload,checksum,expiration,termination");
const CHUNK: &str = "application/offset+octet-stream";
/// Bytes of metadata; a name of 255 bytes takes 340.
const METADATA_BYTES: usize = 4096;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(create_upload, upload_options)).routes(routes!(
        upload_offset,
        append_upload,
        delete_upload
    ))
}

/// Every answer says which version is spoken, refusals included.
fn spoken(answer: Result<Response>) -> Response {
    let mut response = answer.unwrap_or_else(Error::into_response);
    response.headers_mut().insert(RESUMABLE, SPOKEN);
    response
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let text = value.to_str().map_err(|_| invalid(name.as_str(), "is not ASCII"))?;
    Ok(Some(text.trim().to_owned()))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>> {
    let Some(text) = text(headers, name)? else { return Ok(None) };
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let value = text.parse().ok().filter(|value: &u64| plain && *value <= i64::MAX as u64);
    value.map(Some).ok_or_else(|| invalid(name.as_str(), "is a number of bytes"))
}

/// A client that speaks another version is told which one is spoken here.
fn check_version(headers: &HeaderMap) -> Result<()> {
    match headers.get(&RESUMABLE) {
        Some(version) if *version != SPOKEN => {
            Err(Problem::new(Code::InvalidRequest).status(412).detail("this server speaks tus 1.0.0").into())
        }
        _ => Ok(()),
    }
}

fn is_chunk(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(CHUNK.as_bytes()))
}

fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>> {
    let Some(text) = text(headers, &CHECKSUM)? else { return Ok(None) };
    let wrong = || invalid("Upload-Checksum", "is sha1 or sha256, a space, and the checksum in base64");
    let (name, sum) = text.split_once(' ').ok_or_else(wrong)?;
    let sum = BASE64_STANDARD.decode(sum.trim()).map_err(|_| wrong())?;
    match name {
        "sha1" => Ok(Some(Checksum::Sha1(sum))),
        "sha256" => Ok(Some(Checksum::Sha256(sum))),
        _ => Err(wrong()),
    }
}

/// What an upload says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
struct Metadata {
    filename: String,
    purpose: FilePurpose,
    voice: bool,
}

/// `key base64,key base64`; keys that nobody knows are ignored.
fn metadata(given: &str) -> Result<Metadata> {
    let wrong = |what: &str| invalid("Upload-Metadata", what);
    if given.len() > METADATA_BYTES {
        return Err(wrong("at most 4,096 bytes"));
    }
    let mut read = Metadata::default();
    for pair in given.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = BASE64_STANDARD.decode(value.trim()).map_err(|_| wrong("values are in base64"))?;
        let value = String::from_utf8(value).map_err(|_| wrong("values are UTF-8 in base64"))?;
        match key {
            "filename" => read.filename = value,
            "purpose" => {
                read.purpose = match value.as_str() {
                    "message" => FilePurpose::Message,
                    "avatar" => FilePurpose::Avatar,
                    "emoji" => FilePurpose::Emoji,
                    _ => return Err(wrong("`purpose` is message, avatar or emoji")),
                }
            }
            "voice" => read.voice = value == "1",
            _ => {}
        }
    }
    Ok(read)
}

fn refused(refusal: UploadRefusal) -> Problem {
    match refusal {
        UploadRefusal::UserQuota => Problem::new(Code::QuotaExceeded).detail("your files have no more room"),
        UploadRefusal::ServerQuota => Problem::new(Code::QuotaExceeded).detail("the server's files have no more room"),
        UploadRefusal::TooMany => {
            Problem::new(Code::LimitReached).detail(format!("at most {UPLOADS_PER_USER} uploads at once"))
        }
    }
}

/// What this server speaks
#[utoipa::path(
    options,
    path = "/uploads",
    tag = "files",
    responses((status = 204, description = "The versions, extensions and limits of tus, in headers."))
)]
async fn upload_options(State(app): State<Shared>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(VERSION, SPOKEN);
    headers.insert(EXTENSION, EXTENSIONS);
    headers.insert(MAX_SIZE, app.config.files.bytes.into());
    headers.insert(ALGORITHMS, HeaderValue::from_static("sha1,sha256"));
    spoken(Ok(response))
}

/// Begin an upload
///
/// By tus 1.0. `Upload-Metadata` has `filename`; `purpose`, which is `message` (the default), `avatar` or `emoji`; and
/// `voice`, which is `1` for a voice message. The answer's `Location` is where the bytes go, and its last part is the id of the
/// file. The body may have the first bytes. The same `Idempotency-Key` again answers with the same upload.
#[utoipa::path(
    post,
    path = "/uploads",
    tag = "files",
    security(("bearer" = ["write"])),
    params(
        ("Upload-Length" = u64, Header, description = "Bytes of the file."),
        ("Upload-Metadata" = Option<String>, Header, description = "Keys with values in base64, separated by commas."),
        ("Idempotency-Key" = Option<String>, Header, description = "Names the upload for this user."),
    ),
    responses(
        (status = 201, description = "It has begun; `Location` is where it goes on."),
        (status = 409, description = "`limit_reached`: too many uploads are unfinished; or `idempotency_conflict`."),
        (status = 412, description = "`invalid_request`: another version of tus."),
        (status = 413, description = "`too_large` or `quota_exceeded`."),
        (status = 415, description = "`unsupported_media_type`."),
        (status = 460, description = "`invalid_request`: the bytes do not have the checksum that came with them."),
    )
)]
async fn create_upload(State(app): State<Shared>, Writer(who): Writer, headers: HeaderMap, body: Body) -> Response {
    spoken(begin(&app, who.user, headers, body).await)
}

async fn begin(app: &Shared, owner: UserId, headers: HeaderMap, body: Body) -> Result<Response> {
    check_version(&headers)?;
    let bytes = number(&headers, &LENGTH)?.ok_or_else(|| invalid("Upload-Length", "is needed"))?;
    let told = metadata(&text(&headers, &METADATA)?.unwrap_or_default())?;
    let config = &app.config.files;
    let most = match told.purpose {
        FilePurpose::Message => config.bytes,
        FilePurpose::Avatar | FilePurpose::Emoji => config.limits().picture_bytes,
    };
    if bytes > most {
        return Err(Problem::new(Code::TooLarge).detail(format!("a file has at most {most} bytes")).into());
    }
    let created_at = app.ids.now();
    let new = NewUpload {
        id: FileId(app.ids.next()),
        owner,
        purpose: told.purpose,
        name: download_name(&told.filename),
        voice: told.voice,
        bytes,
        key: idempotency::from_headers(&headers).transpose()?,
        created_at,
        expires_at: Timestamp::now().plus_seconds(config.expire_hours * 3600),
        user_quota: config.user_quota(),
        server_quota: config.server_quota(),
        most: UPLOADS_PER_USER,
    };
    let id = new.id;
    let upload = app.store.create_upload(new).await?.map_err(refused)?;
    if upload.bytes != bytes || upload.purpose != told.purpose {
        return Err(Problem::new(Code::IdempotencyConflict).detail("this key came with another upload before").into());
    }
    let mut at = uploads::offset(app, &upload).await?;
    // A repeated request goes on by itself: whoever sent it asks how far it has come.
    if upload.id == id && at < bytes && is_chunk(&headers) {
        at = uploads::append(app, &upload, 0, body, checksum(&headers)?).await?;
    }
    let mut response = StatusCode::CREATED.into_response();
    let place = HeaderValue::from_str(&format!("/api/v1/uploads/{}", upload.id));
    response.headers_mut().insert(LOCATION, place.map_err(|_| Code::Internal)?);
    progress(&mut response, &upload, at);
    Ok(response)
}

/// Says how far an upload has come, and how long it may rest.
fn progress(response: &mut Response, upload: &Upload, offset: u64) {
    let headers = response.headers_mut();
    headers.insert(OFFSET, offset.into());
    if let Some(at) = upload.expires_at.filter(|_| offset < upload.bytes)
        && let Some(date) = http_date(at).and_then(|date| HeaderValue::from_str(&date).ok())
    {
        headers.insert(EXPIRES, date);
    }
}

fn http_date(at: Timestamp) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// An upload of one's own; to others it does not exist.
async fn own(app: &App, owner: UserId, id: FileId) -> Result<Upload> {
    let upload = app.store.upload(id).await?.filter(|upload| upload.owner == owner);
    let expired = |upload: &Upload| {
        upload.state == UploadState::Arriving && upload.expires_at.is_some_and(|at| at < Timestamp::now())
    };
    Ok(upload.filter(|upload| !expired(upload)).ok_or(Code::NotFound)?)
}

/// How far an upload has come
#[utoipa::path(
    head,
    path = "/uploads/{id}",
    tag = "files",
    security(("bearer" = ["write"])),
    params(("id" = FileId, Path, description = "The upload.")),
    responses(
        (status = 200, description = "`Upload-Offset` and `Upload-Length`."),
        (status = 412, description = "`invalid_request`: another version of tus."),
    )
)]
async fn upload_offset(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<FileId>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        check_version(&headers)?;
        let upload = own(&app, who.user, id).await?;
        let offset = uploads::offset(&app, &upload).await?;
        let mut response = StatusCode::OK.into_response();
        response.headers_mut().insert(LENGTH, upload.bytes.into());
        progress(&mut response, &upload, offset);
        Ok(response)
    };
    spoken(answer.await)
}

/// Send the next bytes of an upload
///
/// `Upload-Offset` is how far it has come; ask with HEAD after a lost connection. With the last byte the file begins to be
/// processed. The newest request wins: an older one that still waits for bytes is ended.
#[utoipa::path(
    patch,
    path = "/uploads/{id}",
    tag = "files",
    security(("bearer" = ["write"])),
    params(
        ("id" = FileId, Path, description = "The upload."),
        ("Upload-Offset" = u64, Header, description = "Where these bytes belong."),
        ("Upload-Checksum" = Option<String>, Header, description = "sha1 or sha256 of these bytes, in base64."),
    ),
    responses(
        (status = 204, description = "They are there; `Upload-Offset` is how far the upload has come."),
        (status = 408, description = "`body_timeout`: the rest did not come. What came is kept."),
        (status = 409, description = "`conflict`: the upload has come to another byte."),
        (status = 412, description = "`invalid_request`: another version of tus."),
        (status = 413, description = "`too_large`: more bytes than were announced."),
        (status = 415, description = "`unsupported_media_type`."),
        (status = 460, description = "`invalid_request`: the bytes do not have the checksum that came with them."),
    )
)]
async fn append_upload(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<FileId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let answer = async {
        check_version(&headers)?;
        if !is_chunk(&headers) {
            return Err(Problem::new(Code::UnsupportedMediaType)
                .detail(format!("send `Content-Type: {CHUNK}`"))
                .into());
        }
        let offset = number(&headers, &OFFSET)?.ok_or_else(|| invalid("Upload-Offset", "is needed"))?;
        let sum = checksum(&headers)?;
        let upload = own(&app, who.user, id).await?;
        let offset = uploads::append(&app, &upload, offset, body, sum).await?;
        let mut response = StatusCode::NO_CONTENT.into_response();
        progress(&mut response, &upload, offset);
        Ok(response)
    };
    spoken(answer.await)
}

/// Give up an upload
///
/// Or delete a file that nothing uses.
#[utoipa::path(
    delete,
    path = "/uploads/{id}",
    tag = "files",
    security(("bearer" = ["write"])),
    params(("id" = FileId, Path, description = "The upload.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "`conflict`: a message or a picture uses the file."),
        (status = 412, description = "`invalid_request`: another version of tus."),
    )
)]
async fn delete_upload(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<FileId>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        check_version(&headers)?;
        own(&app, who.user, id).await?;
        match uploads::remove(&app, id).await? {
            true => Ok(StatusCode::NO_CONTENT.into_response()),
            false => Err(Problem::new(Code::Conflict).detail("something uses the file").into()),
        }
    };
    spoken(answer.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_and_refused() {
        let read = metadata("filename YS5wbmc=,purpose YXZhdGFy, voice MQ==,later").unwrap();
        assert_eq!(read, Metadata { filename: "a.png".into(), purpose: FilePurpose::Avatar, voice: true });
        assert_eq!(metadata("").unwrap(), Metadata::default());
        for bad in ["filename !", "filename /w==", "purpose eA==", &format!("x {}", "A".repeat(5000))] {
            assert!(metadata(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(http_date(Timestamp(784_111_777_000)).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    }
}
