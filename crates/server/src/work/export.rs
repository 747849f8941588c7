//! Export: writes a person's own things into an archive, to be fetched within a week.
//!
//! What is in it: the account, contacts, settings and sessions, the names of all conversations in which the person is or
//! was, and in each of them the messages that the person wrote, and the person's own files. What others wrote is theirs.
//!
//! An archive that is being written has another name than one that is complete, and is written anew after a crash.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use laserchat_protocol::{Problem, Timestamp, UserId};
use serde::Serialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::tar::Tar;
use super::{pause, wait};
use crate::app::{App, Shared, failed};
use crate::server::create_private;

/// The folder inside the data folder.
const FOLDER: &str = "exports";
const LIFETIME_SECONDS: u64 = 7 * 86_400;
const PAGE: usize = 500;

pub async fn run(app: Shared, stop: CancellationToken) {
    loop {
        let fine = look(&app, &stop).await.is_ok();
        let hour = Timestamp(app.ids.now().0 + 3_600_000);
        let go_on = if fine { wait(&app, Some(hour), &app.wakers.exports, &stop).await } else { pause(&stop).await };
        if !go_on {
            return;
        }
    }
}

/// Writes what is asked for, and removes what nobody has fetched in time.
async fn look(app: &App, stop: &CancellationToken) -> Result<(), Problem> {
    for user in app.store.expire_exports(app.ids.now()).await.map_err(failed)? {
        remove(app, user).await;
    }
    for user in app.store.unfinished_exports().await.map_err(failed)? {
        if stop.is_cancelled() {
            return Ok(());
        }
        let bytes = match write(app, user).await {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                tracing::warn!(%user, %error, "an export could not be written");
                None
            }
        };
        let now = app.ids.now();
        app.store.finish_export(user, bytes, now, now.plus_seconds(LIFETIME_SECONDS)).await.map_err(failed)?;
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
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%user, %error, "an export could not be removed");
            }
            _ => {}
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Unwritten {
    #[error(transparent)]
    Store(#[from] laserchat_store::StoreError),
    #[error(transparent)]
    Disk(#[from] std::io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the account is gone")]
    Gone,
}

type Archive = Tar<BufWriter<File>>;

async fn write(app: &App, user: UserId) -> Result<u64, Unwritten> {
    create_private(&app.config.data.join(FOLDER))?;
    let path = path(app, user);
    let part = path.with_extension("part");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut tar = Tar::new(BufWriter::new(options.open(&part)?), app.ids.now().0 / 1000);
    person(app, user, &mut tar).await?;
    conversations(app, user, &mut tar).await?;
    let (bytes, out) = tar.finish()?;
    out.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    std::fs::rename(&part, &path)?;
    Ok(bytes)
}

fn add(tar: &mut Archive, name: &str, what: &impl Serialize) -> Result<(), Unwritten> {
    let mut text = serde_json::to_vec_pretty(what)?;
    text.push(b'\n');
    Ok(tar.file(name, &text)?)
}

async fn person(app: &App, user: UserId, tar: &mut Archive) -> Result<(), Unwritten> {
    let account = app.store.account(user).await?.ok_or(Unwritten::Gone)?;
    add(tar, "account.json", &account)?;
    add(tar, "notifications.json", &app.store.notification_settings(user).await?)?;
    add(tar, "bots.json", &app.store.bots(user).await?)?;
    add(tar, "tokens.json", &app.store.tokens(user).await?)?;
    let mut contacts = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = app.store.contacts(user, cursor.as_deref(), PAGE).await?;
        contacts.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    add(tar, "contacts.json", &contacts)
}

async fn conversations(app: &App, user: UserId, tar: &mut Archive) -> Result<(), Unwritten> {
    let mut list = Vec::new();
    for id in app.store.conversations_ever(user).await? {
        let Some(view) = app.store.conversation(user, id).await? else { continue };
        list.push(json!({
            "id": id,
            "type": view.conversation.kind,
            "name": view.conversation.name,
            "topic": view.conversation.topic,
            "with": view.peer.map(|peer| peer.username),
            "created_at": view.conversation.created_at,
            "membership": view.membership,
        }));
        let (mut after, mut number) = (0, 0);
        loop {
            let (found, next) = app.store.messages_of(user, id, after, PAGE).await?;
            if !found.is_empty() {
                number += 1;
                let messages: Vec<_> = found.into_iter().map(|(message, _)| message).collect();
                add(tar, &format!("messages/{id}/{number:06}.json"), &messages)?;
            }
            match next {
                Some(next) => after = next,
                None => break,
            }
        }
    }
    add(tar, "conversations.json", &list)
}
