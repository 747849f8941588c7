//! Uploads: files on their way in, from their first byte until they are ready.
//!
//! Bytes go to a file of their own in the data folder as they arrive, and how long that file is says how far the upload
//! has come: nothing is written to the database for each part. Memory is bounded by one buffer per request. Once all
//! bytes are there and durable, the row says so, and `finish.rs` makes a file of them; `collect.rs` clears away what
//! nobody needs.
//!
//! Where several nodes share a store and the blobs, the next request may reach another node. There the bytes go into pieces
//! beside the blobs instead (see [`pieces`](crate::blobs::pieces)), and the node that has the lease of an upload finishes it.
//!
//! A client that lost its connection comes back before the server has noticed. So the newest request wins: it makes an
//! older one that still waits for bytes give up, and goes on from where that one got to.

mod collect;
mod finish;
mod sink;

pub use collect::{collect, run};

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use laserchat_protocol::{Code, FileId, Problem, Timestamp};
use laserchat_store::{Upload, UploadState};
use parking_lot::Mutex;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use tokio::fs;
use tokio::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Shared, failed};
use crate::blobs::pieces;
use crate::bus::Waker;
use crate::server::create_private;
use crate::turns::Turns;
use sink::Sink;

/// The folder inside the data folder.
pub const FOLDER: &str = "uploads";
/// The file with the bytes, in the folder of each upload.
pub const CONTENT: &str = "content";
/// What is made of it while it is examined, in the same folder.
const MADE: &str = "made";
/// A request that brings nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(30);

pub struct Uploads {
    folder: PathBuf,
    /// Other nodes may go on with what arrives here.
    shared: bool,
    /// Uploads of which this process is making files.
    finishing: Mutex<HashSet<FileId>>,
    /// Requests for an upload take turns.
    busy: Turns<FileId>,
    /// What makes the request that has its turn give up.
    writers: Mutex<HashMap<FileId, CancellationToken>>,
    /// Something fell due.
    pub due: Waker,
    /// One collection at a time, so that the end of one says that what was due is gone.
    collecting: tokio::sync::Mutex<()>,
}

/// A checksum that came with a part.
pub enum Checksum {
    Sha1(Vec<u8>),
    Sha256(Vec<u8>),
}

/// The checksum of the bytes that have come so far.
enum Running {
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Running {
    fn new(expected: Checksum) -> Self {
        match expected {
            Checksum::Sha1(sum) => Running::Sha1(Sha1::new(), sum),
            Checksum::Sha256(sum) => Running::Sha256(Sha256::new(), sum),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Running::Sha1(digest, _) => digest.update(bytes),
            Running::Sha256(digest, _) => digest.update(bytes),
        }
    }

    fn fits(&self) -> bool {
        match self {
            Running::Sha1(digest, sum) => digest.clone().finalize().as_slice() == sum,
            Running::Sha256(digest, sum) => digest.clone().finalize().as_slice() == sum,
        }
    }
}

/// The disk could not do it. It is logged here, where it is handled.
fn disk(error: std::io::Error) -> Problem {
    tracing::error!(%error, "an upload could not be written");
    Problem::new(Code::Unavailable).detail("the server could not write the file").retry_after(10)
}

impl Uploads {
    /// `shared`: other nodes have the same store and blobs.
    pub fn new(data: &Path, shared: bool, due: Waker) -> Self {
        Uploads {
            folder: data.join(FOLDER),
            shared,
            finishing: Mutex::default(),
            busy: Turns::default(),
            writers: Mutex::default(),
            due,
            collecting: tokio::sync::Mutex::default(),
        }
    }

    /// Takes up what was under way when the server stopped. What another node is at has its bytes there and not here, or
    /// it is taken over when that node has been silent for a while.
    pub async fn start(app: &Shared) -> Result<(), laserchat_store::StoreError> {
        for upload in app.store.processing().await? {
            let here = app.uploads.folder(upload.id).join(CONTENT).exists();
            if app.uploads.shared || app.bus.nats().is_none() || here {
                finish::start(app, upload);
            }
        }
        Ok(())
    }

    /// Something may have fallen due: a message with files is deleted.
    pub fn look(&self) {
        self.due.notify_one();
    }

    fn folder(&self, id: FileId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// How many bytes have arrived.
    async fn length(&self, app: &App, id: FileId) -> Result<u64, Problem> {
        if self.shared {
            return Ok(pieces::beginning(&app.blobs.pieces(id).await?).1);
        }
        match fs::metadata(self.folder(id).join(CONTENT)).await {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(disk(error)),
        }
    }

    /// Makes an older request for an upload give up. What is returned makes this one give up.
    fn overtake(&self, id: FileId) -> CancellationToken {
        let token = CancellationToken::new();
        if let Some(older) = self.writers.lock().insert(id, token.clone()) {
            older.cancel();
        }
        token
    }

    fn forget(&self, id: FileId, token: &CancellationToken) {
        // A token that is cancelled is another's by now.
        if !token.is_cancelled() {
            self.writers.lock().remove(&id);
        }
    }
}

/// How far an upload has come. When all bytes are there and the server died before it could say so, it is said now.
pub async fn offset(app: &Shared, upload: &Upload) -> Result<u64, Problem> {
    if upload.state != UploadState::Arriving {
        return Ok(upload.bytes);
    }
    let uploads = &app.uploads;
    let token = uploads.overtake(upload.id);
    let place = uploads.busy.place(upload.id);
    let _turn = place.turn().await;
    uploads.forget(upload.id, &token);
    let length = uploads.length(app, upload.id).await?.min(upload.bytes);
    if length == upload.bytes {
        arrive(app, upload).await?;
    }
    Ok(length)
}

/// Takes a part of an upload, and returns how far it has come with it.
pub async fn append(
    app: &Shared,
    upload: &Upload,
    offset: u64,
    body: Body,
    checksum: Option<Checksum>,
) -> Result<u64, Problem> {
    let wrong = |length: u64| Problem::new(Code::Conflict).detail(format!("the upload has come to byte {length}"));
    if upload.state != UploadState::Arriving {
        return Err(wrong(upload.bytes));
    }
    let uploads = &app.uploads;
    let token = uploads.overtake(upload.id);
    let place = uploads.busy.place(upload.id);
    let _turn = place.turn().await;
    // It may have ended while this request waited.
    let still = app.store.upload(upload.id).await.map_err(failed)?;
    let upload = still.filter(|upload| upload.state == UploadState::Arriving).ok_or(Code::NotFound)?;
    let length = uploads.length(app, upload.id).await?;
    if offset != length {
        uploads.forget(upload.id, &token);
        return Err(wrong(length));
    }
    put_off(app, &upload).await?;
    let written = take(app, &upload, offset, body, checksum, &token).await;
    uploads.forget(upload.id, &token);
    let length = written?;
    if length == upload.bytes {
        arrive(app, &upload).await?;
    }
    Ok(length)
}

/// An upload that goes on does not expire.
async fn put_off(app: &App, upload: &Upload) -> Result<(), Problem> {
    let hours = app.config.files.expire_hours;
    let half = Timestamp::now().plus_seconds(hours * 1800);
    if upload.expires_at.is_none_or(|at| at < half) {
        app.store.extend_upload(upload.id, Timestamp::now().plus_seconds(hours * 3600)).await.map_err(failed)?;
    }
    Ok(())
}

/// Writes the bytes of a request behind those that are there. What has arrived stays when the rest does not come, unless
/// a checksum was to be met.
async fn take(
    app: &App,
    upload: &Upload,
    offset: u64,
    mut body: Body,
    checksum: Option<Checksum>,
    token: &CancellationToken,
) -> Result<u64, Problem> {
    let too_much = || Problem::new(Code::TooLarge).detail(format!("the upload has {} bytes", upload.bytes));
    let room = upload.bytes - offset.min(upload.bytes);
    if http_body::Body::size_hint(&body).lower() > room {
        return Err(too_much());
    }
    let mut sink = match app.uploads.shared {
        true => Sink::store(&app.blobs, upload, offset, checksum.is_some()).await?,
        false => Sink::folder(&app.uploads.folder(upload.id), offset).await?,
    };
    let mut sum = checksum.map(Running::new);
    let mut length = offset;
    let broken = loop {
        let bytes = match next(app, &mut body, token).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => break None,
            Err(problem) => break Some(problem),
        };
        if length + (bytes.len() as u64) > upload.bytes {
            sink.undo().await?;
            return Err(too_much());
        }
        if let Some(sum) = &mut sum {
            sum.update(&bytes);
        }
        length += bytes.len() as u64;
        sink.write(&bytes).await?;
    };
    match (broken, sum) {
        (None, Some(sum)) if !sum.fits() => {
            sink.undo().await?;
            Err(Problem::new(Code::InvalidRequest).status(460).detail("the bytes do not have this checksum"))
        }
        (Some(problem), sum) => {
            if sum.is_some() {
                sink.undo().await?
            } else {
                sink.keep().await?
            }
            Err(problem)
        }
        (None, _) => sink.keep().await.map(|()| length),
    }
}

/// The next bytes of a request; nothing when it has ended.
async fn next(app: &App, body: &mut Body, token: &CancellationToken) -> Result<Option<Bytes>, Problem> {
    let frame = tokio::select! {
        () = token.cancelled() => return Err(Problem::new(Code::Conflict).detail("another request goes on with it")),
        () = app.draining.cancelled() => return Err(Problem::new(Code::Unavailable).retry_after(5)),
        frame = tokio::time::timeout(SILENCE, body.frame()) => frame,
    };
    match frame {
        Ok(Some(Ok(frame))) => Ok(Some(frame.into_data().unwrap_or_default())),
        Ok(None) => Ok(None),
        Ok(Some(Err(_))) | Err(_) => Err(Problem::new(Code::BodyTimeout).detail("the rest of the body did not come")),
    }
}

/// All bytes are there: they are made durable, and then the row says so.
async fn arrive(app: &Shared, upload: &Upload) -> Result<(), Problem> {
    if !app.uploads.shared {
        settle(&app.uploads.folder, &app.uploads.folder(upload.id)).await.map_err(disk)?;
    }
    if app.store.upload_arrived(upload.id).await.map_err(failed)? {
        finish::start(app, Upload { state: UploadState::Processing, ..upload.clone() });
    }
    Ok(())
}

/// Makes the file of an upload durable, with the folders that lead to it.
async fn settle(uploads: &Path, folder: &Path) -> std::io::Result<()> {
    create_private(folder)?;
    let mut options = fs::OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).open(folder.join(CONTENT)).await?;
    file.sync_all().await?;
    for folder in [folder, uploads] {
        fs::File::open(folder).await?.sync_all().await?;
    }
    Ok(())
}

/// Gives up an upload, or a file that nothing uses. `false`: something uses it.
pub async fn remove(app: &App, id: FileId) -> Result<bool, Problem> {
    let uploads = &app.uploads;
    let token = uploads.overtake(id);
    let place = uploads.busy.place(id);
    let _turn = place.turn().await;
    uploads.forget(id, &token);
    let removed = app.store.remove_file(id).await.map_err(failed)?;
    if removed {
        forget(app, id).await;
        uploads.look();
    }
    Ok(removed)
}

/// Removes the bytes of an upload, wherever they are.
async fn forget(app: &App, id: FileId) {
    clear(&app.uploads.folder(id)).await;
    if app.uploads.shared
        && let Err(error) = app.blobs.delete_pieces(id).await
    {
        tracing::warn!(%error, upload = %id, "pieces of an upload stay until the next look");
    }
}

/// Removes the folder of an upload. When it fails, the next start finds it.
async fn clear(folder: &Path) {
    match fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, "the folder of an upload stays until the next start");
        }
        _ => {}
    }
}
