//! Custom emoji, and the version of their list.

use async_trait::async_trait;
use laserchat_protocol::emoji::{CustomEmoji, EmojiList};
use laserchat_protocol::{FileId, Timestamp, UserId, Version};

use super::codes::{int, size, time, uint};
use super::system::{get, set};
use super::uses;
use super::writing::Writing;
use crate::Result;
use crate::contract::Emojis;
use crate::sql::{Connection, Database, OptionalRow, Row, params};

const VERSION: &str = "emoji_version";

fn emoji(row: &Row<'_>) -> Result<CustomEmoji> {
    Ok(CustomEmoji {
        name: row.get(0)?,
        file_id: FileId(uint(row, 1)?),
        animated: row.get(2)?,
        created_by: UserId(uint(row, 3)?),
        created_at: time(row, 4)?,
    })
}

fn named(conn: &Connection<'_>, name: &str) -> Result<Option<CustomEmoji>> {
    let mut statement =
        conn.prepare_cached("SELECT name, file_id, animated, created_by, created_at FROM emoji WHERE name = ?1")?;
    statement.query_row([name], emoji).optional()
}

fn version(conn: &Connection<'_>) -> Result<Version> {
    Ok(get::<i64>(conn, VERSION)?.unwrap_or_default().max(0) as u64)
}

fn next_version(conn: &Connection<'_>) -> Result<Version> {
    let next = version(conn)? + 1;
    set(conn, VERSION, int(next))?;
    Ok(next)
}

/// Ends the use of a picture that no emoji has any more.
fn let_go(w: &Writing<'_>, file: FileId) -> Result<()> {
    let used = w.prepare("SELECT 1 FROM emoji WHERE file_id = ?1")?.exists([int(file.0)])?;
    if used { Ok(()) } else { uses::release(w, uses::emoji(file), Timestamp::now()) }
}

#[async_trait]
impl<D: Database> Emojis for D {
    async fn emoji(&self) -> Result<EmojiList> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT name, file_id, animated, created_by, created_at FROM emoji ORDER BY name")?;
            let items = statement.query_map((), emoji)?.collect::<Result<_>>()?;
            Ok(EmojiList { items, version: version(conn)? })
        })
        .await
    }

    async fn emoji_version(&self) -> Result<Version> {
        self.read(version).await
    }

    async fn emoji_named(&self, name: &str) -> Result<Option<CustomEmoji>> {
        let name = name.to_owned();
        self.read(move |conn| named(conn, &name)).await
    }

    async fn set_emoji(&self, emoji: CustomEmoji, limit: usize) -> Result<Option<Version>> {
        self.write(move |w| {
            let before = named(w.conn, &emoji.name)?;
            if before.as_ref().is_some_and(|before| before.file_id == emoji.file_id) {
                return version(w.conn).map(Some);
            }
            let held: i64 = w.prepare("SELECT count(*) FROM emoji")?.query_row((), |row| row.get(0))?;
            if before.is_none() && held >= size(limit) {
                return Ok(None);
            }
            w.prepare(
                "INSERT INTO emoji (name, file_id, animated, created_by, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (name) DO UPDATE SET file_id = excluded.file_id, animated = excluded.animated,
                   created_by = excluded.created_by, created_at = excluded.created_at",
            )?
            .execute(params![
                emoji.name,
                int(emoji.file_id.0),
                emoji.animated,
                int(emoji.created_by.0),
                emoji.created_at.0
            ])?;
            uses::hold(w, emoji.file_id, uses::emoji(emoji.file_id))?;
            if let Some(before) = before {
                let_go(w, before.file_id)?;
            }
            next_version(w.conn).map(Some)
        })
        .await
    }

    async fn remove_emoji(&self, name: &str) -> Result<Option<Version>> {
        let name = name.to_owned();
        self.write(move |w| {
            let Some(before) = named(w.conn, &name)? else { return Ok(None) };
            w.prepare("DELETE FROM emoji WHERE name = ?1")?.execute([&name])?;
            let_go(w, before.file_id)?;
            next_version(w.conn).map(Some)
        })
        .await
    }
}
