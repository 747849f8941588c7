//! Deletion of one's account.

use std::time::Duration;

use laserchat_protocol::deletion::{AccountDelete, DeletionReport};
use laserchat_protocol::limits::PASSWORD_CHARS_MAX;
use laserchat_protocol::user::ServerRole;
use laserchat_protocol::{Code, Problem};

use super::{busy, failed};
use crate::app::Shared;
use crate::auth::Identity;
use crate::work::forget;

/// How long the asker waits for the end. A large account takes longer, and goes on by itself.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn delete(app: &Shared, who: &Identity, asked: AccountDelete) -> Result<DeletionReport, Problem> {
    let user = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::Unauthorized)?;
    if user.bot {
        return Err(Problem::new(Code::Forbidden).detail("a bot goes with its owner"));
    }
    let stored = app.store.credentials(&user.username).await.map_err(failed)?.and_then(|known| known.password_hash);
    let possible = asked.password.chars().count() <= PASSWORD_CHARS_MAX;
    if !possible || !app.passwords.verify(asked.password, stored).await.map_err(busy)? {
        return Err(Problem::new(Code::WrongCredentials).field("password"));
    }
    // Without an owner, the next to register would become it.
    if user.server_role == ServerRole::Owner {
        return Err(Problem::new(Code::OwnerMustHandOver).detail("hand the server over first"));
    }
    let bots = app.store.bots_to_delete(user.id).await.map_err(failed)?;
    for bot in bots.iter().copied().chain([user.id]) {
        super::admin::end_token_sockets(app, bot).await?;
    }
    let begun = app.store.begin_deletion(user.id, app.ids.now()).await.map_err(failed)?.ok_or(Code::NotFound)?;
    tracing::info!(user = %user.id, "the deletion of an account has begun");
    app.end_sessions(user.id, &begun.sessions);
    let (job, id) = (app.clone(), user.id);
    let job = tokio::spawn(async move {
        let done = forget::account(&job, id).await;
        if done.is_err() {
            job.wakers.deletions.notify_one();
        }
        done
    });
    match tokio::time::timeout(PATIENCE, job).await {
        Ok(Ok(Ok(report))) => Ok(report),
        _ => Ok(app.store.deletion(user.id).await.map_err(failed)?.unwrap_or(begun.report)),
    }
}
