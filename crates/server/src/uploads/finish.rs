//! Finishing: makes a file of an upload that has arrived.
//!
//! The state in between, `processing`, is durable, and everything done in it can be done again: what is found in the
//! bytes, the blobs that are reserved and written, and at the end the one write that makes the file ready. A server that
//! dies in the middle begins anew at its next start. A store that does not answer is asked again, with growing pauses.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::TryStreamExt;
use laserchat_protocol::{Event, File, FileKind, FilePurpose, FileState, Timestamp};
use laserchat_store::{BlobName, FilePart, Part, Reserved, StoreError, Upload};
use tokio::fs;
use tokio::io::AsyncWriteExt;

use super::{CONTENT, MADE, clear, forget};
use crate::app::{App, Shared};
use crate::blobs::{BlobError, digest, pieces};
use crate::media::{Examined, Refused, examine};
use crate::server::create_private;

/// The pause after a failure; it doubles up to the second one.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Why a file could not be finished yet.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("the data folder: {0}")]
    Disk(#[from] std::io::Error),
    #[error("the virus scanner does not answer")]
    Scanner,
    #[error("it was given up, or another node is at it as well")]
    Overtaken,
}

/// For how long a node has the work of an upload to itself. When it takes longer, another may begin as well: two that do it at
/// once do it twice, and nobody is told twice.
const LEASE: Duration = Duration::from_secs(90);

/// Finishes an upload, unless that is being done, here or on another node.
pub(super) fn start(app: &Shared, upload: Upload) {
    if !app.uploads.finishing.lock().insert(upload.id) {
        return;
    }
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let lease = [format!("upload/{}", upload.id)];
        finish_at_last(&app, &upload, &lease).await;
        app.uploads.finishing.lock().remove(&upload.id);
        if app.uploads.shared
            && let Err(error) = app.store.release(&app.holder, &lease).await
        {
            tracing::debug!(%error, upload = %upload.id, "a lease is left to end by itself");
        }
    });
}

async fn finish_at_last(app: &App, upload: &Upload, lease: &[String]) {
    let mut pause = PAUSES.0;
    loop {
        let work = async {
            // The turns are never closed; without one the work would go on all the same.
            let _turn = app.media.turns.acquire().await;
            if app.uploads.shared && app.store.lease(&app.holder, lease, LEASE).await?.is_empty() {
                return Ok(());
            }
            finish(app, upload).await
        };
        let done = tokio::select! {
            () = app.draining.cancelled() => return,
            done = work => done,
        };
        let Err(error) = done else { return };
        tracing::warn!(file = %upload.id, %error, "a file could not be finished, and will be tried again");
        tokio::select! {
            () = app.draining.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// Brings the pieces of an upload together, on a disk where they can be looked into. Nothing comes of it when some are gone.
async fn gather(app: &App, upload: &Upload, folder: &Path) -> Result<(), Failure> {
    let pieces = app.blobs.pieces(upload.id).await?;
    let (chosen, end) = pieces::beginning(&pieces);
    clear(folder).await;
    if end != upload.bytes {
        return Ok(());
    }
    create_private(folder)?;
    let mut file = fs::File::create(folder.join(CONTENT)).await?;
    for (piece, skip) in chosen {
        let mut bytes = app.blobs.read_piece(upload.id, piece, skip).await?;
        while let Some(bytes) = bytes.try_next().await? {
            file.write_all(&bytes).await?;
        }
    }
    Ok(file.flush().await?)
}

async fn finish(app: &App, upload: &Upload) -> Result<(), Failure> {
    let folder = app.uploads.folder(upload.id);
    let content = folder.join(CONTENT);
    if app.uploads.shared {
        gather(app, upload, &folder).await?;
    }
    let due_at = Timestamp::now().plus_seconds(app.config.files.expire_hours * 3600);
    let file = match fs::try_exists(&content).await? {
        true => prepare(app, upload, &folder, &content).await?,
        // Somebody has cleared the data folder: there is nothing to be ready.
        false => None,
    };
    let told = match file {
        Some(file) => app.store.finish_file(file, due_at).await?,
        None => app.store.refuse_file(upload.id, due_at).await?,
    };
    forget(app, upload.id).await;
    app.uploads.look();
    if told && let Some(found) = app.store.files(&[upload.id]).await?.pop() {
        app.hub.send_to_user(upload.owner, &Event::FileUpdated { file: found.file });
    }
    Ok(())
}

/// Looks into the bytes, and writes what is to be kept. `None`: the file is refused.
async fn prepare(app: &App, upload: &Upload, folder: &Path, content: &Path) -> Result<Option<File>, Failure> {
    let made = folder.join(MADE);
    clear(&made).await;
    fs::create_dir(&made).await?;
    let found = examine(content, &made, &upload.name, &app.media).await;
    match &found.refused {
        Some(Refused::ScannerAway) => return Err(Failure::Scanner),
        Some(_) => return Ok(None),
        None if upload.purpose != FilePurpose::Message && found.kind != FileKind::Image => return Ok(None),
        None => {}
    }
    let mut parts =
        vec![(Part::Content, found.clean.clone().unwrap_or_else(|| content.to_owned()), found.mime.clone())];
    for variant in &found.variants {
        parts.push((Part::Variant(variant.name), variant.path.clone(), variant.mime.clone()));
    }
    let mut size = 0;
    for (part, path, mime) in parts {
        let Some(bytes) = keep(app, upload, part, path, mime).await? else { return Ok(None) };
        if part == Part::Content {
            size = bytes;
        }
    }
    Ok(Some(described(upload, found, size)))
}

/// Writes a part of a file as a blob, if it is not there yet. Returns its size; `None` when the upload is gone.
async fn keep(app: &App, upload: &Upload, part: Part, path: PathBuf, mime: String) -> Result<Option<u64>, Failure> {
    let (hash, size) = digest(&path).await?;
    let blob = BlobName { hash, number: app.ids.next() };
    let Some(Reserved { blob, durable }) =
        app.store.reserve_blob(upload.id, FilePart { part, blob, size, mime }).await?
    else {
        return Ok(None);
    };
    // A data folder that was restored without its blobs gets back what is uploaded again.
    if durable && app.blobs.size(&blob).await? == Some(size) {
        return Ok(Some(size));
    }
    app.blobs.put(blob, &path).await?;
    if !app.store.blob_written(blob).await? {
        app.blobs.delete(&blob).await?;
        return Err(Failure::Overtaken);
    }
    Ok(Some(size))
}

fn described(upload: &Upload, found: Examined, size: u64) -> File {
    File {
        id: upload.id,
        name: found.name,
        mime: found.mime,
        size,
        kind: found.kind,
        voice: upload.voice && found.kind == FileKind::Audio,
        animated: found.animated,
        width: found.width,
        height: found.height,
        duration_ms: found.duration_ms,
        blur: found.blur.map(|hash| BASE64_STANDARD.encode(hash)),
        waveform: found.waveform.map(|loudness| BASE64_STANDARD.encode(loudness)),
        variants: found.variants.iter().map(|variant| variant.name).collect(),
        state: FileState::Ready,
        created_at: upload.created_at,
    }
}
