//! Notifications: settings, and what people were told of. Who might want to be told is in `audience.rs`.

use std::collections::HashMap;

use async_trait::async_trait;
use laserchat_protocol::event::NotificationsChanged;
use laserchat_protocol::limits::ACTIVITY_KEPT;
use laserchat_protocol::notification::{
    ActivityItem, DigestEvery, NotificationSettings, NotificationUpdate, PersonLevel,
};
use laserchat_protocol::{ConversationId, Event, Message, MessageId, NotifyLevel, Page, Seq, Timestamp, UserId};

use super::codes::{Code, enumerated, int, json, size, time, to_json, uint};
use super::users::{SUMMARY, summary};
use super::writing::Writing;
use super::{audience, devices, followers, mail, messages, pushes, users};
use crate::Result;
use crate::contract::{Audience, Notice, Notifications, Progress, Question, Told};
use crate::sql::{Connection, Database, OptionalRow, Row, params};

/// A user's activity is trimmed once in so many entries.
const TRIM_EVERY: u64 = 16;

/// The columns that [`general_of`] reads, of `notification_settings n`.
pub(super) const GENERAL: &str =
    "n.level, n.in_groups, n.direct, n.keywords, n.quiet, n.hide_content, n.email, n.version";

/// Settings without the people.
pub(super) fn general_of(row: &Row<'_>) -> Result<NotificationSettings> {
    Ok(NotificationSettings {
        level: enumerated(row, 0)?,
        group: enumerated(row, 1)?,
        direct: enumerated(row, 2)?,
        keywords: json(row, 3)?,
        quiet: json(row, 4)?,
        hide_content: row.get(5)?,
        email: enumerated(row, 6)?,
        people: Vec::new(),
        version: uint(row, 7)?,
    })
}

/// A user's settings without the people: what everybody has who never changed any.
pub(super) fn general(conn: &Connection<'_>, user: UserId) -> Result<NotificationSettings> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {GENERAL} FROM notification_settings n WHERE n.user_id = ?1"))?;
    Ok(statement.query_row([int(user.0)], general_of).optional()?.unwrap_or_default())
}

pub(super) fn settings(conn: &Connection<'_>, user: UserId) -> Result<NotificationSettings> {
    let mut settings = general(conn, user)?;
    let mut statement =
        conn.prepare_cached("SELECT other_id, level FROM notification_people WHERE user_id = ?1 ORDER BY other_id")?;
    let people = statement.query_map([int(user.0)], |row| {
        Ok(PersonLevel { user_id: UserId(uint(row, 0)?), level: enumerated(row, 1)? })
    })?;
    settings.people = people.collect::<Result<_>>()?;
    Ok(settings)
}

fn update(w: &Writing<'_>, user: UserId, update: &NotificationUpdate) -> Result<(NotificationSettings, Event)> {
    let mut new = settings(w.conn, user)?;
    new.level = update.level.unwrap_or(new.level);
    new.group = update.group.unwrap_or(new.group);
    new.direct = update.direct.unwrap_or(new.direct);
    new.hide_content = update.hide_content.unwrap_or(new.hide_content);
    new.email = update.email.unwrap_or(new.email);
    if let Some(keywords) = &update.keywords {
        new.keywords.clone_from(keywords);
    }
    if let Some(quiet) = &update.quiet {
        new.quiet.clone_from(quiet);
    }
    if let Some(people) = &update.people {
        w.prepare("DELETE FROM notification_people WHERE user_id = ?1")?.execute([int(user.0)])?;
        let mut insert = w.prepare(
            "INSERT INTO notification_people (user_id, other_id, level) VALUES (?1, ?2, ?3)
                 ON CONFLICT (user_id, other_id) DO UPDATE SET level = excluded.level",
        )?;
        for person in people {
            insert.execute([int(user.0), int(person.user_id.0), person.level.code()])?;
        }
        new.people = settings(w.conn, user)?.people;
    }
    new.version = users::next_version(w.conn, user)?;
    let wide = new.level == NotifyLevel::All || !new.keywords.is_empty() || !new.people.is_empty();
    w.prepare(
        "INSERT INTO notification_settings
           (user_id, level, in_groups, direct, keywords, quiet, hide_content, email, wide, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
           ON CONFLICT (user_id) DO UPDATE SET level = excluded.level, in_groups = excluded.in_groups,
             direct = excluded.direct, keywords = excluded.keywords, quiet = excluded.quiet, hide_content =
             excluded.hide_content, email = excluded.email, wide = excluded.wide, version = excluded.version",
    )?
    .execute(params![
        int(user.0),
        new.level.code(),
        new.group.code(),
        new.direct.code(),
        to_json(&new.keywords)?,
        new.quiet.as_ref().map(to_json).transpose()?,
        new.hide_content,
        new.email.code(),
        wide,
        int(new.version),
    ])?;
    if new.email == DigestEvery::Off {
        mail::want_none(w, user)?;
    }
    let event = changed(new.clone());
    Ok((new, event))
}

/// The event that tells of settings as they are.
pub(super) fn changed(notifications: NotificationSettings) -> Event {
    Event::NotificationsUpdated(NotificationsChanged { version: notifications.version, notifications })
}

fn activity(
    conn: &Connection<'_>,
    user: UserId,
    before: Option<MessageId>,
    limit: usize,
) -> Result<Page<ActivityItem>> {
    let sql = format!(
        "SELECT a.reason, a.conversation_id, a.message_id, a.at, a.seq <= m.read, a.seq, {SUMMARY}
         FROM activity a
         JOIN members m ON m.conversation_id = a.conversation_id AND m.user_id = a.user_id AND m.state = 0
         JOIN messages t ON t.conversation_id = a.conversation_id AND t.seq = a.seq AND t.deleted_at IS NULL
         JOIN users u ON u.id = a.sender_id
         WHERE a.user_id = ?1 AND a.message_id < ?2 ORDER BY a.message_id DESC LIMIT ?3"
    );
    let before = before.map_or(i64::MAX, |before| int(before.0));
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![int(user.0), before, size(limit.saturating_add(1))], |row| {
        let place = (ConversationId(uint(row, 1)?), uint(row, 5)?);
        Ok((place, enumerated(row, 0)?, MessageId(uint(row, 2)?), time(row, 3)?, row.get(4)?, summary(row, 6)?))
    })?;
    let told = rows.collect::<Result<Vec<_>>>()?;
    let mut found = messages::at_all(conn, told.iter().map(|(place, ..)| *place))?;
    let seen = messages::seen_by(conn, user, told.iter().filter_map(|(place, ..)| found.remove(place)).collect())?;
    let mut seen: HashMap<MessageId, Message> = seen.into_iter().map(|message| (message.id, message)).collect();
    let items = told.into_iter().filter_map(|((conversation_id, _), reason, message_id, created_at, read, sender)| {
        let message = seen.remove(&message_id)?;
        Some(ActivityItem { reason, conversation_id, message_id, created_at, read, sender, message })
    });
    let items: Vec<_> = items.collect();
    Ok(super::paged(items, limit, |last| last.message_id.to_string()))
}

fn tell(w: &Writing<'_>, notice: &Notice) -> Result<()> {
    let (user, conversation, seq) = (int(notice.user.0), int(notice.conversation.0), int(notice.seq));
    if notice.listed {
        let new = w
            .prepare(
                "INSERT INTO activity (user_id, message_id, conversation_id, seq, sender_id, reason, at, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CASE WHEN ?8 THEN 0 ELSE NULL END)
             ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                user,
                int(notice.message.0),
                conversation,
                seq,
                int(notice.sender.0),
                notice.reason.code(),
                notice.at.0,
                notice.digest_at.is_some(),
            ])?;
        // Whoever wrote the entry wrote the pushes with it.
        if new == 0 {
            return Ok(());
        }
        if let Some(due_at) = notice.digest_at {
            mail::want_digest(w, notice.user, due_at)?;
        }
        if notice.seq.is_multiple_of(TRIM_EVERY) {
            w.prepare(
                "DELETE FROM activity WHERE user_id = ?1 AND message_id <= (SELECT old.message_id FROM activity old
                   WHERE old.user_id = ?1 ORDER BY old.message_id DESC LIMIT 1 OFFSET ?2)",
            )?
            .execute([user, size(ACTIVITY_KEPT)])?;
        }
    }
    if notice.devices.is_empty() {
        return Ok(());
    }
    // A device may have gone since the decision.
    let mut push = w.prepare(
        "INSERT INTO pushes (device_id, user_id, conversation_id, seq, clears, due_at, created_at)
         SELECT id, user_id, ?3, ?4, 0, ?5, ?6 FROM devices WHERE id = ?1 AND user_id = ?2
         ON CONFLICT DO NOTHING",
    )?;
    for device in &notice.devices {
        push.execute([int(device.0), user, conversation, seq, notice.due_at.0, notice.at.0])?;
    }
    Ok(())
}

fn notify(w: &Writing<'_>, notices: &[Notice], progress: &Progress) -> Result<bool> {
    let Progress { follower, steps, partly } = progress;
    match partly {
        Some(marks) => {
            if !followers::continues(w, follower, steps)? || !mark(w, marks)? {
                return Ok(false);
            }
        }
        None => {
            if !followers::advance(w, follower, steps)? {
                return Ok(false);
            }
            for step in steps {
                w.prepare("DELETE FROM told WHERE conversation_id = ?1")?.execute([int(step.conversation.0)])?;
                if step.gone {
                    pushes::forget_conversation(w, step.conversation)?;
                }
            }
        }
    }
    notices.iter().try_for_each(|notice| tell(w, notice))?;
    Ok(true)
}

/// Notes how far the telling has got. False: somebody has told of as much already, and nothing was noted.
fn mark(w: &Writing<'_>, marks: &[Told]) -> Result<bool> {
    for told in marks {
        let before = audience::told(w.conn, told.conversation)?;
        if before.is_some_and(|before| (before.seq, before.user) >= (told.seq, told.user)) {
            return Ok(false);
        }
    }
    let mut mark = w.prepare(
        "INSERT INTO told (conversation_id, seq, user_id) VALUES (?1, ?2, ?3)
         ON CONFLICT (conversation_id) DO UPDATE SET seq = excluded.seq, user_id = excluded.user_id",
    )?;
    for told in marks {
        mark.execute([int(told.conversation.0), int(told.seq), int(told.user.0)])?;
    }
    Ok(true)
}

#[async_trait]
impl<D: Database> Notifications for D {
    async fn notification_settings(&self, user: UserId) -> Result<NotificationSettings> {
        self.read(move |conn| settings(conn, user)).await
    }

    async fn update_notifications(
        &self,
        user: UserId,
        change: NotificationUpdate,
    ) -> Result<(NotificationSettings, Event)> {
        self.write(move |w| update(w, user, &change)).await
    }

    async fn activity(&self, user: UserId, before: Option<MessageId>, limit: usize) -> Result<Page<ActivityItem>> {
        self.read(move |conn| activity(conn, user, before, limit)).await
    }

    async fn audiences(&self, questions: Vec<Question>) -> Result<Vec<Option<Audience>>> {
        self.read(move |conn| questions.iter().map(|question| audience::audience(conn, question)).collect()).await
    }

    async fn mentions_added(&self, conversation: ConversationId, after: Seq) -> Result<Vec<(Seq, UserId)>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT seq, user_id FROM mentions WHERE conversation_id = ?1 AND added > ?2 ORDER BY seq, user_id",
            )?;
            let found = statement
                .query_map([int(conversation.0), int(after)], |row| Ok((uint(row, 0)?, UserId(uint(row, 1)?))))?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn notify(&self, notices: Vec<Notice>, progress: Progress) -> Result<bool> {
        self.write(move |w| notify(w, &notices, &progress)).await
    }

    async fn tidy_notifications(&self, activity: Timestamp, sessions: Timestamp) -> Result<()> {
        self.write(move |w| {
            w.prepare("DELETE FROM activity WHERE at < ?1")?.execute([activity.0])?;
            let idle = w
                .prepare(
                    "SELECT d.id FROM devices d LEFT JOIN sessions s ON s.id = d.session_id AND s.ended_at IS NULL
                     WHERE s.id IS NULL OR s.rotated_at < ?1",
                )?
                .query_map([sessions.0], |row| uint(row, 0))?
                .collect::<Result<Vec<_>>>()?;
            for device in idle {
                devices::forget(w, int(device))?;
            }
            Ok(())
        })
        .await
    }
}
