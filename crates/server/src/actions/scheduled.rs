//! Scheduled messages: keeping them, sending them when their time has come, and saying why one could not be sent.
//!
//! Sending and changing one take turns, and the message is sent under a name made of the row's id. Whoever changes a row
//! first looks whether that name was used: then the message is out, however the server ended when it had sent it.

use laserchat_core::belonging::check_scheduled;
use laserchat_protocol::limits::SCHEDULED_PER_USER;
use laserchat_protocol::message::MessageSend;
use laserchat_protocol::scheduled::{ScheduledSave, ScheduledState};
use laserchat_protocol::{Code, Message, MessageId, Page, Problem, Scheduled, ScheduledId, Timestamp, UserId};
use laserchat_store::{Belonging, BelongingKey, BelongingKind, Result as Stored};

use super::{belonging, failed, file, message};
use crate::app::App;
use crate::auth::Identity;
use crate::due::moment::{self, Wish};
use crate::lease;

/// Seconds until something that failed for a moment is tried again.
const AGAIN: u64 = 5;

/// The name under which the message is sent.
fn client_id(id: ScheduledId) -> String {
    format!("scheduled-{id}")
}

async fn wanted(app: &App, user: UserId, id: ScheduledId, save: ScheduledSave) -> Result<Scheduled, Problem> {
    check_scheduled(&save.body, &save.files)?;
    belonging::place(app, user, save.conversation_id, save.parent_id).await?;
    file::attach(app, user, &save.files).await?;
    let wish = Wish { at: save.at.clone(), time_zone: save.time_zone.clone(), moment: save.send_at, field: "send_at" };
    let send_at = belonging::moment(app, user, &wish).await?;
    Ok(Scheduled {
        id,
        conversation_id: save.conversation_id,
        parent_id: save.parent_id,
        body: save.body,
        files: save.files,
        at: save.at,
        time_zone: save.time_zone,
        send_at,
        state: ScheduledState::Waiting,
        reason: None,
        message_id: None,
        created_at: app.ids.now(),
        version: 0,
    })
}

async fn keep(app: &App, user: UserId, scheduled: Scheduled) -> Result<Scheduled, Problem> {
    match belonging::set(app, user, Belonging::Scheduled(scheduled), SCHEDULED_PER_USER).await? {
        Belonging::Scheduled(scheduled) => Ok(scheduled),
        _ => Err(Code::Internal.into()),
    }
}

pub async fn create(app: &App, who: &Identity, save: ScheduledSave) -> Result<Scheduled, Problem> {
    let scheduled = wanted(app, who.user, ScheduledId(app.ids.next()), save).await?;
    keep(app, who.user, scheduled).await
}

/// Changes one that is not sent; one that was refused is tried again.
pub async fn update(app: &App, who: &Identity, id: ScheduledId, save: ScheduledSave) -> Result<Scheduled, Problem> {
    let place = app.keeping.place((who.user, BelongingKey::Scheduled(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("scheduled {} {id}", who.user)).await.map_err(failed)?;
    let before = unsent(app, who.user, id).await?;
    let changed = wanted(app, who.user, id, save).await?;
    keep(app, who.user, Scheduled { created_at: before.created_at, ..changed }).await
}

/// Deletes one that is not sent.
pub async fn delete(app: &App, who: &Identity, id: ScheduledId) -> Result<(), Problem> {
    let place = app.keeping.place((who.user, BelongingKey::Scheduled(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("scheduled {} {id}", who.user)).await.map_err(failed)?;
    let before = unsent(app, who.user, id).await?;
    keep(app, who.user, Scheduled { state: ScheduledState::Deleted, reason: None, ..emptied(before) }).await.map(drop)
}

/// Without what it was to say.
fn emptied(scheduled: Scheduled) -> Scheduled {
    Scheduled { body: String::new(), files: Vec::new(), ..scheduled }
}

pub async fn get(app: &App, user: UserId, id: ScheduledId) -> Result<Scheduled, Problem> {
    let found = app.store.belonging(user, BelongingKey::Scheduled(id)).await.map_err(failed)?;
    match found {
        Some(found @ Belonging::Scheduled(_)) if found.is_gone() => Err(Code::NotFound.into()),
        Some(Belonging::Scheduled(scheduled)) => Ok(scheduled),
        _ => Err(Code::NotFound.into()),
    }
}

/// One that can still be changed, for whoever has the turn.
async fn unsent(app: &App, user: UserId, id: ScheduledId) -> Result<Scheduled, Problem> {
    let scheduled = get(app, user, id).await?;
    let sent = app.store.sent(user, scheduled.conversation_id, &client_id(id)).await.map_err(failed)?;
    match sent {
        None => Ok(scheduled),
        Some(message) => {
            settle(app, user, scheduled, Ok(&message)).await.map_err(failed)?;
            Err(Problem::new(Code::Conflict).detail("it has just been sent"))
        }
    }
}

pub async fn list(app: &App, who: &Identity, cursor: Option<&str>, limit: usize) -> Result<Page<Scheduled>, Problem> {
    let page = app.store.belongings(who.user, BelongingKind::Scheduled, cursor, limit).await.map_err(failed)?;
    let scheduled = page.items.into_iter().filter_map(|belonging| match belonging {
        Belonging::Scheduled(scheduled) => Some(scheduled),
        _ => None,
    });
    Ok(Page { items: scheduled.collect(), next: page.next })
}

/// One that waits, for whoever has the turn.
async fn waiting(app: &App, user: UserId, id: ScheduledId) -> Stored<Option<Scheduled>> {
    Ok(match app.store.belonging(user, BelongingKey::Scheduled(id)).await? {
        Some(Belonging::Scheduled(scheduled)) if scheduled.state == ScheduledState::Waiting => Some(scheduled),
        _ => None,
    })
}

/// Sends one whose time has come.
pub async fn send(app: &App, user: UserId, id: ScheduledId) -> Stored<()> {
    let place = app.keeping.place((user, BelongingKey::Scheduled(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("scheduled {} {id}", user)).await?;
    let now = app.ids.now();
    // It may have been changed since it was seen to be due.
    let Some(scheduled) = waiting(app, user, id).await?.filter(|scheduled| scheduled.send_at <= now) else {
        return Ok(());
    };
    let result = match app.store.user(user).await? {
        Some(account) if !account.disabled => post(app, user, &scheduled).await,
        _ => Err(Code::AccountDisabled.into()),
    };
    match result {
        Ok(message) => settle(app, user, scheduled, Ok(&message)).await,
        Err(problem) => match patience(&problem) {
            Some(seconds) => {
                let key = BelongingKey::Scheduled(id);
                app.store.put_off(user, key, scheduled.version, now.plus_seconds(seconds)).await
            }
            None => settle(app, user, scheduled, Err(problem.code)).await,
        },
    }
}

async fn post(app: &App, user: UserId, scheduled: &Scheduled) -> Result<Message, Problem> {
    let send = MessageSend {
        client_id: client_id(scheduled.id),
        body: scheduled.body.clone(),
        parent_id: scheduled.parent_id,
        files: scheduled.files.clone(),
    };
    // What was sent before is the first result, and as good.
    message::send_as(app, user, scheduled.conversation_id, send).await.map(|(message, _)| message)
}

/// Seconds after which what was refused may succeed without anybody doing anything. `None`: it is refused for good.
fn patience(problem: &Problem) -> Option<u64> {
    match problem.code {
        Code::Unavailable | Code::Internal | Code::Conflict | Code::SlowMode => {
            Some(problem.retry_after.unwrap_or(AGAIN).max(1))
        }
        _ => None,
    }
}

/// Writes what became of one.
async fn settle(app: &App, user: UserId, scheduled: Scheduled, result: Result<&Message, Code>) -> Stored<()> {
    let settled = match result {
        Ok(message) => Scheduled {
            state: ScheduledState::Sent,
            reason: None,
            message_id: Some(MessageId(message.id.0)),
            ..emptied(scheduled)
        },
        Err(code) => Scheduled { state: ScheduledState::Refused, reason: Some(code), ..scheduled },
    };
    // Neither is one more than there was, so no limit can be in the way.
    belonging::keep(app, user, Belonging::Scheduled(settled), None, usize::MAX).await.map(drop)
}

/// Works out again when one is due.
pub async fn rework(app: &App, user: UserId, id: ScheduledId) -> Stored<()> {
    let place = app.keeping.place((user, BelongingKey::Scheduled(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("scheduled {} {id}", user)).await?;
    let Some(scheduled) = waiting(app, user, id).await? else { return Ok(()) };
    let moment = again(app, user, scheduled.at.as_deref(), scheduled.time_zone.as_deref()).await?;
    let Some(send_at) = moment.filter(|moment| *moment != scheduled.send_at) else { return Ok(()) };
    let changed = Belonging::Scheduled(Scheduled { send_at, ..scheduled });
    belonging::keep(app, user, changed, None, usize::MAX).await.map(drop)
}

/// The moment of a wall time as it is now. `None`: it was no wall time, or the time zone of the account is not known.
pub(super) async fn again(
    app: &App,
    user: UserId,
    at: Option<&str>,
    time_zone: Option<&str>,
) -> Stored<Option<Timestamp>> {
    let Some(at) = at else { return Ok(None) };
    let zone = match time_zone {
        Some(zone) => Some(zone.to_owned()),
        None => belonging::zone(app, user).await?,
    };
    Ok(zone.and_then(|zone| moment::work_out(at, &zone)))
}
