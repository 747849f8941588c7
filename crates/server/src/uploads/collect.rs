//! Collecting: files that nothing uses, uploads that do not go on, blobs of which no file is made.
//!
//! Whether a file is used is decided in the transaction that removes its row, so a message that is being sent either
//! keeps the file or is told that it is gone. Bytes are deleted after the rows, and their own row goes last: what is
//! interrupted is found in the database and done again.

use std::time::Duration;

use laserchat_protocol::{Code, FileId, Problem, Timestamp};
use tokio_util::sync::CancellationToken;

use super::{clear, finish, forget};
use crate::app::{App, Shared};

/// How much is collected at once, so that messages never wait behind it.
const PIECE: usize = 100;
/// Things fall due without anybody saying so: conversations that are purged, messages that another process deletes.
const EVERY: Duration = Duration::from_secs(30);

pub async fn run(app: Shared, stop: CancellationToken) {
    sweep(&app).await;
    while !stop.is_cancelled() {
        if app.uploads.shared
            && let Err(error) = take_over(&app).await
        {
            tracing::warn!(%error, "uploads that nobody finishes could not be taken over");
        }
        let next = match round(&app, &stop).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "files that nothing uses could not be collected");
                EVERY
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.uploads.due.notified() => {}
            () = tokio::time::sleep(next) => {}
        }
    }
}

/// Collects everything that is due, and returns when to look again.
async fn round(app: &App, stop: &CancellationToken) -> Result<Duration, Box<dyn std::error::Error + Send + Sync>> {
    let store = &app.store;
    let _turn = app.uploads.collecting.lock().await;
    let wait = loop {
        let wait = store.next_collection().await?.map_or(i64::MAX, |at| (at.0 - Timestamp::now().0).max(0));
        if wait > 0 || stop.is_cancelled() {
            break wait;
        }
        for id in store.collect_files(Timestamp::now(), PIECE).await? {
            forget(app, id).await;
        }
    };
    loop {
        let doomed = store.doomed_blobs(PIECE).await?;
        for blob in &doomed {
            app.blobs.delete(blob).await?;
            store.blob_deleted(*blob).await?;
        }
        if doomed.is_empty() || stop.is_cancelled() {
            break;
        }
    }
    Ok(EVERY.min(Duration::from_millis(wait.unsigned_abs().saturating_add(1))))
}

/// Collects everything that is due, and waits for that: whoever returns from here finds no bytes that nothing uses.
pub async fn collect(app: &App) -> Result<(), Problem> {
    round(app, &app.draining).await.map(drop).map_err(|error| {
        tracing::warn!(%error, "files that nothing uses could not be collected");
        Problem::new(Code::Unavailable)
    })
}

/// Finishes what nobody does: the node that was at it is gone.
async fn take_over(app: &Shared) -> Result<(), laserchat_store::StoreError> {
    for upload in app.store.processing().await? {
        finish::start(app, upload);
    }
    Ok(())
}

/// Removes folders and pieces of uploads that are over: the server died between the row and the bytes.
async fn sweep(app: &App) {
    if app.uploads.shared
        && let Err(error) = sweep_pieces(app).await
    {
        tracing::warn!(%error, "pieces of uploads could not be looked through");
    }
    let Ok(mut folders) = tokio::fs::read_dir(&app.uploads.folder).await else { return };
    while let Ok(Some(entry)) = folders.next_entry().await {
        let id = entry.file_name().to_str().and_then(|name| name.parse::<FileId>().ok());
        let Some(id) = id else { continue };
        let place = app.uploads.busy.place(id);
        let _turn = place.turn().await;
        use laserchat_store::UploadState::{Arriving, Processing};
        match app.store.upload(id).await {
            Ok(Some(upload)) if matches!(upload.state, Arriving | Processing) => {}
            Ok(_) => clear(&entry.path()).await,
            Err(error) => {
                tracing::warn!(%error, "folders of uploads could not be looked through");
                return;
            }
        }
    }
}

async fn sweep_pieces(app: &App) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    for id in app.blobs.uploads_with_pieces().await? {
        use laserchat_store::UploadState::{Arriving, Processing};
        let upload = app.store.upload(id).await?;
        if !upload.is_some_and(|upload| matches!(upload.state, Arriving | Processing)) {
            app.blobs.delete_pieces(id).await?;
        }
    }
    Ok(())
}
