//! Reminders: keeping them, and telling their owner when their time has come.

use laserchat_core::belonging::check_reminder;
use laserchat_protocol::limits::REMINDERS_PER_USER;
use laserchat_protocol::reminder::{ReminderSave, ReminderState};
use laserchat_protocol::{Code, Page, Problem, Reminder, ReminderId, UserId};
use laserchat_store::{Belonging, BelongingKey, BelongingKind, Result as Stored};

use super::{belonging, failed, message, scheduled};
use crate::app::App;
use crate::auth::Identity;
use crate::due::moment::Wish;
use crate::lease;

async fn wanted(
    app: &App,
    user: UserId,
    id: ReminderId,
    save: ReminderSave,
    before: Option<Reminder>,
) -> Result<Reminder, Problem> {
    check_reminder(&save.text, save.message_id.is_some())?;
    let conversation_id = match (save.message_id, &before) {
        (None, _) => None,
        // What it is about may be out of sight by now; it can be put off all the same.
        (Some(id), Some(before)) if before.message_id == Some(id) => before.conversation_id,
        (Some(id), _) => Some(message::visible(app, user, id).await?.conversation_id),
    };
    let wish =
        Wish { at: save.at.clone(), time_zone: save.time_zone.clone(), moment: save.remind_at, field: "remind_at" };
    let remind_at = belonging::moment(app, user, &wish).await?;
    Ok(Reminder {
        id,
        message_id: save.message_id,
        conversation_id,
        text: save.text,
        at: save.at,
        time_zone: save.time_zone,
        remind_at,
        state: ReminderState::Waiting,
        created_at: before.map_or_else(|| app.ids.now(), |before| before.created_at),
        version: 0,
    })
}

async fn keep(app: &App, user: UserId, reminder: Reminder) -> Result<Reminder, Problem> {
    match belonging::set(app, user, Belonging::Reminder(reminder), REMINDERS_PER_USER).await? {
        Belonging::Reminder(reminder) => Ok(reminder),
        _ => Err(Code::Internal.into()),
    }
}

pub async fn create(app: &App, who: &Identity, save: ReminderSave) -> Result<Reminder, Problem> {
    let reminder = wanted(app, who.user, ReminderId(app.ids.next()), save, None).await?;
    keep(app, who.user, reminder).await
}

/// Changes one, or puts off one that is due.
pub async fn update(app: &App, who: &Identity, id: ReminderId, save: ReminderSave) -> Result<Reminder, Problem> {
    let place = app.keeping.place((who.user, BelongingKey::Reminder(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("reminder {} {id}", who.user)).await.map_err(failed)?;
    let before = get(app, who.user, id).await?;
    let changed = wanted(app, who.user, id, save, Some(before)).await?;
    keep(app, who.user, changed).await
}

/// Deletes one: it is done with.
pub async fn delete(app: &App, who: &Identity, id: ReminderId) -> Result<(), Problem> {
    let place = app.keeping.place((who.user, BelongingKey::Reminder(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("reminder {} {id}", who.user)).await.map_err(failed)?;
    let before = get(app, who.user, id).await?;
    keep(app, who.user, Reminder { state: ReminderState::Done, text: String::new(), ..before }).await.map(drop)
}

pub async fn get(app: &App, user: UserId, id: ReminderId) -> Result<Reminder, Problem> {
    match app.store.belonging(user, BelongingKey::Reminder(id)).await.map_err(failed)? {
        Some(Belonging::Reminder(reminder)) if reminder.state != ReminderState::Done => Ok(reminder),
        _ => Err(Code::NotFound.into()),
    }
}

pub async fn list(app: &App, who: &Identity, cursor: Option<&str>, limit: usize) -> Result<Page<Reminder>, Problem> {
    let page = app.store.belongings(who.user, BelongingKind::Reminder, cursor, limit).await.map_err(failed)?;
    let reminders = page.items.into_iter().filter_map(|belonging| match belonging {
        Belonging::Reminder(reminder) => Some(reminder),
        _ => None,
    });
    Ok(Page { items: reminders.collect(), next: page.next })
}

/// One that waits, for whoever has the turn.
async fn waiting(app: &App, user: UserId, id: ReminderId) -> Stored<Option<Reminder>> {
    Ok(match app.store.belonging(user, BelongingKey::Reminder(id)).await? {
        Some(Belonging::Reminder(reminder)) if reminder.state == ReminderState::Waiting => Some(reminder),
        _ => None,
    })
}

/// Makes one due whose time has come.
pub async fn remind(app: &App, user: UserId, id: ReminderId) -> Stored<()> {
    let place = app.keeping.place((user, BelongingKey::Reminder(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("reminder {} {id}", user)).await?;
    let now = app.ids.now();
    let Some(reminder) = waiting(app, user, id).await?.filter(|reminder| reminder.remind_at <= now) else {
        return Ok(());
    };
    let due = Belonging::Reminder(Reminder { state: ReminderState::Due, ..reminder });
    belonging::keep(app, user, due, None, usize::MAX).await.map(drop)
}

/// Works out again when one is due.
pub async fn rework(app: &App, user: UserId, id: ReminderId) -> Stored<()> {
    let place = app.keeping.place((user, BelongingKey::Reminder(id)));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("reminder {} {id}", user)).await?;
    let Some(reminder) = waiting(app, user, id).await? else { return Ok(()) };
    let moment = scheduled::again(app, user, reminder.at.as_deref(), reminder.time_zone.as_deref()).await?;
    let Some(remind_at) = moment.filter(|moment| *moment != reminder.remind_at) else { return Ok(()) };
    let changed = Belonging::Reminder(Reminder { remind_at, ..reminder });
    belonging::keep(app, user, changed, None, usize::MAX).await.map(drop)
}
