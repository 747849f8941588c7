//! Export: writes a person's own things into an archive, to be fetched within a week.
//!
//! An archive that is being written has another name than one that is complete, and is written anew after a crash. One is
//! written at a time. `content.rs` says what is in it.

mod archive;
mod content;
mod tar;

use std::fs::File;
use std::path::{Path, PathBuf};

use laserchat_protocol::{Problem, Timestamp, UserId};
use tokio_util::sync::CancellationToken;

use super::{pause, wait};
use crate::app::{App, Shared, failed};
use crate::blobs::BlobError;
use crate::server::create_private;
use archive::Archive;

/// The folder inside the data folder.
const FOLDER: &str = "exports";
const LIFETIME_SECONDS: u64 = 7 * 86_400;

#[derive(Debug, thiserror::Error)]
enum Unwritten {
    #[error(transparent)]
    Store(#[from] laserchat_store::StoreError),
    #[error(transparent)]
    Disk(#[from] std::io::Error),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("a blob has another size than the database says")]
    OtherSize,
    #[error("the account is gone")]
    Gone,
}

pub async fn run(app: Shared, stop: CancellationToken) {
    let mut swept = false;
    loop {
        if !swept {
            swept = sweep(&app).await.is_ok();
        }
        let fine = look(&app, &stop).await.is_ok() && swept;
        let hour = Timestamp(app.ids.now().0 + 3_600_000);
        let go_on = if fine { wait(&app, Some(hour), &app.wakers.exports, &stop).await } else { pause(&stop).await };
        if !go_on {
            return;
        }
    }
}

/// Removes archives that belong to nobody any more: the server died while an account was deleted.
async fn sweep(app: &App) -> Result<(), Problem> {
    let Ok(folder) = std::fs::read_dir(app.config.data.join(FOLDER)) else { return Ok(()) };
    for entry in folder.flatten() {
        let name = entry.file_name();
        let user = Path::new(&name).file_stem().and_then(|stem| stem.to_str()?.parse::<UserId>().ok());
        let Some(user) = user else { continue };
        if app.store.export(user).await.map_err(failed)?.is_none() {
            remove(app, user).await;
        }
    }
    Ok(())
}

/// Writes what is asked for, and removes what nobody has fetched in time.
async fn look(app: &App, stop: &CancellationToken) -> Result<(), Problem> {
    for user in app.store.expire_exports(app.ids.now()).await.map_err(failed)? {
        remove(app, user).await;
    }
    for user in app.store.unfinished_exports().await.map_err(failed)? {
        let written = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            written = write(app, user) => written,
        };
        let bytes = match written {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                tracing::warn!(%user, %error, "an export could not be written");
                remove(app, user).await;
                None
            }
        };
        let now = app.ids.now();
        let kept = app.store.finish_export(user, bytes, now, now.plus_seconds(LIFETIME_SECONDS)).await;
        // The account was deleted meanwhile.
        if !kept.map_err(failed)? {
            remove(app, user).await;
        }
    }
    Ok(())
}

/// Where somebody's archive is once it is complete.
pub fn path(app: &App, user: UserId) -> PathBuf {
    app.config.data.join(FOLDER).join(format!("{user}.tar"))
}

/// Removes somebody's archive, if there is one.
pub async fn remove(app: &App, user: UserId) {
    for path in [path(app, user), path(app, user).with_extension("part")] {
        match tokio::fs::remove_file(&path).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%user, %error, "an export could not be removed");
            }
            _ => {}
        }
    }
}

async fn write(app: &App, user: UserId) -> Result<u64, Unwritten> {
    let folder = app.config.data.join(FOLDER);
    create_private(&folder)?;
    let path = path(app, user);
    let part = path.with_extension("part");
    let archive = Archive::create(&part, app.ids.now().0 / 1000)?;
    content::write(app, user, &archive).await?;
    let bytes = archive.finish().await?;
    tokio::task::spawn_blocking(move || {
        std::fs::rename(&part, &path)?;
        // The new name is to survive a loss of power as the row does that says it is there.
        File::open(folder)?.sync_all()
    })
    .await
    .map_err(std::io::Error::other)??;
    Ok(bytes)
}
