//! Files: looking up what somebody wants to use or to see, and asking the rules.

use laserchat_core::file as rules;
use laserchat_protocol::{File, FileId, FilePurpose, Problem, UserId};

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

/// Refuses a picture of a user or a conversation that is not one.
pub async fn check_picture(app: &App, user: UserId, id: FileId) -> Result<(), Problem> {
    let found = app.store.files(&[id]).await.map_err(failed)?;
    Ok(rules::usable(user, found.first(), FilePurpose::Avatar, "avatar")?)
}
