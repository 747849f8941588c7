//! Belongings: drafts, scheduled messages, reminders and saved messages, in one table.

use async_trait::async_trait;
use laserchat_protocol::event::{DraftChanged, ReminderChanged, SavedChanged, ScheduledChanged};
use laserchat_protocol::reminder::ReminderState;
use laserchat_protocol::{Event, FileId, Page, Timestamp, UserId, Version};
use serde::de::DeserializeOwned;

use super::codes::{Code, enumerated, int, size, time, to_json, uint};
use super::users;
use super::uses::{self, Place};
use super::writing::Writing;
use crate::Result;
use crate::contract::{Belonging, BelongingKey, BelongingKind, BelongingRefusal, Belongings, Due, Keep};
use crate::sql::{Connection, Database, OptionalRow, Row, params, unreadable};

/// Kind, key and part of a row.
fn place(key: BelongingKey) -> (BelongingKind, i64, i64) {
    match key {
        BelongingKey::Draft(conversation, parent) => {
            (BelongingKind::Draft, int(conversation.0), parent.map_or(0, |id| int(id.0)))
        }
        BelongingKey::Scheduled(id) => (BelongingKind::Scheduled, int(id.0), 0),
        BelongingKey::Reminder(id) => (BelongingKind::Reminder, int(id.0), 0),
        BelongingKey::Saved(id) => (BelongingKind::Saved, int(id.0), 0),
    }
}

fn spell(belonging: &Belonging) -> Result<String> {
    match belonging {
        Belonging::Draft(draft) => to_json(draft),
        Belonging::Scheduled(scheduled) => to_json(scheduled),
        Belonging::Reminder(reminder) => to_json(reminder),
        Belonging::Saved(saved) => to_json(saved),
    }
}

/// Reads kind and value from two columns.
fn read(row: &Row<'_>, column: usize) -> Result<Belonging> {
    fn parse<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
        let text = row.get_ref(column)?.as_str()?;
        serde_json::from_str(text).map_err(|error| unreadable(column, &error.to_string()))
    }
    let value = column + 1;
    Ok(match enumerated(row, column)? {
        BelongingKind::Draft => Belonging::Draft(parse(row, value)?),
        BelongingKind::Scheduled => Belonging::Scheduled(parse(row, value)?),
        BelongingKind::Reminder => Belonging::Reminder(parse(row, value)?),
        BelongingKind::Saved => Belonging::Saved(parse(row, value)?),
    })
}

fn numbered(mut belonging: Belonging, version: Version) -> Belonging {
    match &mut belonging {
        Belonging::Draft(draft) => draft.version = version,
        Belonging::Scheduled(scheduled) => scheduled.version = version,
        Belonging::Reminder(reminder) => reminder.version = version,
        Belonging::Saved(saved) => saved.version = version,
    }
    belonging
}

/// What makes two states the same for their owner: all but the version and when they were written.
fn essence(belonging: &Belonging) -> Belonging {
    let mut essence = numbered(belonging.clone(), 0);
    match &mut essence {
        Belonging::Draft(draft) => draft.updated_at = Timestamp(0),
        Belonging::Saved(saved) => saved.saved_at = saved.saved_at.map(|_| Timestamp(0)),
        Belonging::Scheduled(_) | Belonging::Reminder(_) => {}
    }
    essence
}

pub(super) fn event(belonging: Belonging) -> Event {
    let version = belonging.version();
    match belonging {
        Belonging::Draft(draft) => Event::DraftUpdated(DraftChanged { version, draft }),
        Belonging::Scheduled(scheduled) => Event::ScheduledUpdated(ScheduledChanged { version, scheduled }),
        Belonging::Reminder(reminder) => {
            let due = reminder.state == ReminderState::Due;
            let told = ReminderChanged { version, reminder };
            if due { Event::ReminderDue(told) } else { Event::ReminderUpdated(told) }
        }
        Belonging::Saved(saved) => Event::SavedUpdated(SavedChanged { version, saved }),
    }
}

/// The files of a state, and what keeps them.
fn files(user: UserId, belonging: &Belonging) -> Option<(&[FileId], Place)> {
    let (files, what) = match belonging {
        Belonging::Draft(draft) => (&draft.files, uses::DRAFT),
        Belonging::Scheduled(scheduled) => (&scheduled.files, uses::SCHEDULED),
        Belonging::Reminder(_) | Belonging::Saved(_) => return None,
    };
    let place = Place { what, a: int(user.0), b: int(belonging.version()) };
    (!files.is_empty()).then_some((files, place))
}

fn one(conn: &Connection<'_>, user: UserId, key: BelongingKey) -> Result<Option<Belonging>> {
    let (kind, key, part) = place(key);
    let mut statement = conn.prepare_cached(
        "SELECT kind, value FROM belongings WHERE user_id = ?1 AND kind = ?2 AND key = ?3 AND part = ?4",
    )?;
    statement.query_row(params![int(user.0), kind.code(), key, part], |row| read(row, 0)).optional()
}

/// Those that changed after a version. Who knows nothing yet needs no tombstones.
pub(super) fn after(conn: &Connection<'_>, user: UserId, after: Version, limit: usize) -> Result<Vec<Belonging>> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, value FROM belongings WHERE user_id = ?1 AND version > ?2 AND (?2 > 0 OR gone = 0)
         ORDER BY version LIMIT ?3",
    )?;
    let found = statement.query_map(params![int(user.0), int(after), size(limit)], |row| read(row, 0))?;
    found.collect::<Result<_>>()
}

fn keep(w: &Writing<'_>, keep: &Keep) -> Result<Result<(Belonging, Option<Event>), BelongingRefusal>> {
    let Keep { user, belonging, based_on, limit } = keep;
    let before = one(w.conn, *user, belonging.key())?;
    let (kind, key, part) = place(belonging.key());
    match &before {
        Some(before) if essence(before) == essence(belonging) => return Ok(Ok((before.clone(), None))),
        Some(before) if based_on.is_some_and(|seen| seen < before.version()) => {
            return Ok(Err(BelongingRefusal::Stale(Box::new(before.clone()))));
        }
        None if belonging.is_gone() => return Ok(Ok((numbered(belonging.clone(), 0), None))),
        _ => {}
    }
    if !belonging.is_gone() && before.as_ref().is_none_or(Belonging::is_gone) {
        let held: i64 = w
            .prepare("SELECT count(*) FROM belongings WHERE user_id = ?1 AND kind = ?2 AND gone = 0")?
            .query_row(params![int(user.0), kind.code()], |row| row.get(0))?;
        if held >= size(*limit) {
            return Ok(Err(BelongingRefusal::LimitReached));
        }
    }
    let belonging = numbered(belonging.clone(), users::next_version(w.conn, *user)?);
    w.prepare(
        "INSERT INTO belongings (user_id, kind, key, part, version, gone, due, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (user_id, kind, key, part) DO UPDATE SET version = excluded.version, gone =
           excluded.gone, due = excluded.due, value = excluded.value",
    )?
    .execute(params![
        int(user.0),
        kind.code(),
        key,
        part,
        int(belonging.version()),
        belonging.is_gone(),
        belonging.due().map(|due| due.0),
        spell(&belonging)?,
    ])?;
    // The new state takes hold before the old one lets go, or files that stay would fall due.
    if let Some((files, place)) = files(*user, &belonging) {
        for file in files {
            uses::hold(w, *file, place)?;
        }
    }
    if let Some((_, place)) = before.as_ref().and_then(|before| files(*user, before)) {
        uses::release(w, place, Timestamp::now())?;
    }
    Ok(Ok((belonging.clone(), Some(event(belonging)))))
}

#[async_trait]
impl<D: Database> Belongings for D {
    async fn keep(&self, wanted: Keep) -> Result<Result<(Belonging, Option<Event>), BelongingRefusal>> {
        self.write(move |w| keep(w, &wanted)).await
    }

    async fn belonging(&self, user: UserId, key: BelongingKey) -> Result<Option<Belonging>> {
        self.read(move |conn| one(conn, user, key)).await
    }

    async fn belongings(
        &self,
        user: UserId,
        kind: BelongingKind,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Belonging>> {
        let before = cursor.map_or(Some(i64::MAX), |cursor| cursor.parse().ok());
        self.read(move |conn| {
            let Some(before) = before else { return Ok(Page::whole(Vec::new())) };
            let mut statement = conn.prepare_cached(
                "SELECT kind, value FROM belongings
                 WHERE user_id = ?1 AND kind = ?2 AND gone = 0 AND version < ?3 ORDER BY version DESC LIMIT ?4",
            )?;
            let place = params![int(user.0), kind.code(), before, size(limit.saturating_add(1))];
            let found = statement.query_map(place, |row| read(row, 0))?.collect::<Result<Vec<_>>>()?;
            Ok(super::paged(found, limit, |last| last.version().to_string()))
        })
        .await
    }

    async fn due_belongings(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT user_id, due, kind, value FROM belongings WHERE due IS NOT NULL AND due <= ?1
                 ORDER BY due LIMIT ?2",
            )?;
            let due =
                |row: &Row<'_>| Ok(Due { user: UserId(uint(row, 0)?), due: time(row, 1)?, belonging: read(row, 2)? });
            let found = statement.query_map(params![now.0, size(limit)], due)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn put_off(&self, user: UserId, key: BelongingKey, version: Version, until: Timestamp) -> Result<()> {
        let (kind, key, part) = place(key);
        self.write(move |w| {
            w.prepare(
                "UPDATE belongings SET due = ?6
                 WHERE user_id = ?1 AND kind = ?2 AND key = ?3 AND part = ?4 AND version = ?5 AND due IS NOT NULL",
            )?
            .execute(params![int(user.0), kind.code(), key, part, int(version), until.0])?;
            Ok(())
        })
        .await
    }

    async fn waiting(&self, user: Option<UserId>) -> Result<Vec<(UserId, Belonging)>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT user_id, kind, value FROM belongings
                 WHERE due IS NOT NULL AND (CAST(?1 AS BIGINT) IS NULL OR user_id = ?1) AND json_extract(value, '$.at') IS NOT NULL",
            )?;
            let found = statement
                .query_map(params![user.map(|user| int(user.0))], |row| Ok((UserId(uint(row, 0)?), read(row, 1)?)))?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn next_moment(&self) -> Result<Option<Timestamp>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT min(at) FROM (SELECT min(due) AS at FROM belongings WHERE due IS NOT NULL
                 UNION ALL SELECT (SELECT poll_closes_at FROM messages WHERE poll_closes_at IS NOT NULL
                   AND EXISTS (SELECT 1 FROM heads h WHERE h.conversation_id = messages.conversation_id)
                   ORDER BY poll_closes_at LIMIT 1)) moments",
            )?;
            Ok(statement.query_row((), |row| row.get::<Option<i64>>(0))?.map(Timestamp))
        })
        .await
    }
}
