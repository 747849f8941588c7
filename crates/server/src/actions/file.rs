//! Files: looking up what somebody wants to use or to see, and asking the rules.

use laserchat_core::file as rules;
use laserchat_protocol::{Code, File, FileId, FilePurpose, Problem, UserId};

use crate::app::{App, failed};

/// The files of a message that is about to be sent. Nothing is looked up when there are none.
pub async fn attach(app: &App, user: UserId, ids: &[FileId]) -> Result<Vec<File>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    rules::check_list(ids)?;
    let found = app.store.files(ids).await.map_err(failed)?;
    Ok(rules::attach(user, ids, &found)?)
}

/// Refuses files that are not the user's own uploads for messages. They may still be looked into: a draft is not sent yet.
pub async fn check_draft(app: &App, user: UserId, ids: &[FileId]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    rules::check_list(ids)?;
    let found = app.store.files(ids).await.map_err(failed)?;
    for id in ids {
        let one = found.iter().find(|found| found.file.id == *id);
        match rules::usable(user, one, FilePurpose::Message, "files") {
            Err(refusal) if refusal.code != Code::FileNotReady => return Err(refusal.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The picture of a custom emoji.
pub async fn emoji(app: &App, user: UserId, id: FileId) -> Result<File, Problem> {
    let found = app.store.files(&[id]).await.map_err(failed)?;
    rules::usable(user, found.first(), FilePurpose::Emoji, "file_id")?;
    found.into_iter().next().map(|found| found.file).ok_or_else(|| Code::NotFound.into())
}

/// Refuses a picture of a user or a conversation that is not one.
pub async fn check_picture(app: &App, user: UserId, id: FileId) -> Result<(), Problem> {
    let found = app.store.files(&[id]).await.map_err(failed)?;
    Ok(rules::usable(user, found.first(), FilePurpose::Avatar, "avatar")?)
}
