//! Expiry: when to look at a conversation, and up to where there is nothing left.

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, Message, Seq, Timestamp, UserId};

use super::codes::{int, size, time, uint};
use super::messages::{self, message_columns};
use super::writing::Writing;
use crate::Result;
use crate::contract::{Expiry, ExpiryDue};
use crate::sql::{Connection, Database, OptionalRow, params};

/// Takes over a conversation's rule: it is due at once when the rule is new or has changed.
pub(super) fn settle(w: &Writing<'_>, id: ConversationId, expire_seconds: Option<u32>) -> Result<()> {
    // Without a rule of its own a conversation may still be under the server's; then its row stays until that is done.
    if expire_seconds.is_some() {
        w.prepare(
            "INSERT INTO expiry (conversation_id, upto, due_at) VALUES (?1, 0, 0)
             ON CONFLICT (conversation_id) DO UPDATE SET due_at = 0",
        )?
        .execute([int(id.0)])?;
    }
    Ok(())
}

/// A message and the one that it replies to.
type WithParent = (Message, Option<Message>);

/// Messages that a query finds, and where to go on when there may be more.
pub(super) fn with_parents(
    conn: &Connection<'_>,
    conversation: ConversationId,
    after: Seq,
    limit: usize,
    wanted: impl Fn(&Message) -> bool,
) -> Result<(Vec<WithParent>, Option<Seq>)> {
    let sql = concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE conversation_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
    );
    let page = messages::list(conn, UserId(0), sql, params![int(conversation.0), int(after), size(limit)])?;
    let next = if page.len() < limit { None } else { page.last().map(|last| last.seq) };
    let page: Vec<Message> = page.into_iter().filter(wanted).collect();
    let asked = page.iter().filter_map(|message| Some((conversation, message.parent_id?.0)));
    let parents = messages::of_all(conn, asked)?;
    let found = page.into_iter().map(|message| {
        let parent = message.parent_id.and_then(|id| parents.get(&id)).map(|parent| parent.message.clone());
        (message, parent)
    });
    Ok((found.collect(), next))
}

#[async_trait]
impl<D: Database> Expiry for D {
    async fn expiry_due(&self, now: Timestamp, limit: usize) -> Result<Vec<ExpiryDue>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT e.conversation_id, e.upto, c.expire_seconds FROM expiry e
                 LEFT JOIN conversations c ON c.id = e.conversation_id AND c.deleted_at IS NULL
                 WHERE e.due_at <= ?1 ORDER BY e.due_at LIMIT ?2",
            )?;
            let found = statement.query_map(params![now.0, size(limit)], |row| {
                Ok(ExpiryDue {
                    conversation: ConversationId(uint(row, 0)?),
                    upto: uint(row, 1)?,
                    expire_seconds: row.get(2)?,
                })
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn next_expiry(&self) -> Result<Option<Timestamp>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached("SELECT due_at FROM expiry ORDER BY due_at LIMIT 1")?;
            statement.query_row((), |row| time(row, 0)).optional()
        })
        .await
    }

    async fn texts_after(
        &self,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<(Vec<WithParent>, Option<Seq>)> {
        self.read(move |conn| {
            with_parents(conn, conversation, after, limit, |message| {
                message.deleted_at.is_none() && message.kind == laserchat_protocol::MessageKind::Text
            })
        })
        .await
    }

    async fn expiry_done(&self, due: ExpiryDue, upto: Seq, next: Option<Timestamp>) -> Result<()> {
        self.write(move |w| {
            let id = int(due.conversation.0);
            let changed = w
                .prepare(
                    "SELECT 1 FROM conversations WHERE id = ?1 AND expire_seconds IS DISTINCT FROM ?2 AND deleted_at IS NULL",
                )?
                .exists(params![id, due.expire_seconds])?;
            w.prepare("UPDATE expiry SET upto = max(upto, ?2) WHERE conversation_id = ?1")?.execute([id, int(upto)])?;
            match next {
                // It is due at once, under the rule that holds now.
                _ if changed => {}
                None => {
                    w.prepare("DELETE FROM expiry WHERE conversation_id = ?1")?.execute([id])?;
                }
                Some(next) => {
                    w.prepare("UPDATE expiry SET due_at = ?2 WHERE conversation_id = ?1")?.execute([id, next.0])?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn enroll_all(&self, after: ConversationId, limit: usize, now: Timestamp) -> Result<Option<ConversationId>> {
        self.write(move |w| {
            let last: Option<i64> = w
                .prepare(
                    "SELECT max(id) FROM (SELECT conversation_id AS id FROM heads WHERE conversation_id > ?1
                       ORDER BY conversation_id LIMIT ?2) next",
                )?
                .query_row(params![int(after.0), size(limit)], |row| row.get(0))?;
            if let Some(last) = last {
                w.prepare(
                    "INSERT INTO expiry (conversation_id, upto, due_at)
                     SELECT conversation_id, 0, ?3 FROM heads WHERE conversation_id > ?1 AND conversation_id <= ?2
                     ON CONFLICT (conversation_id) DO UPDATE SET due_at = min(expiry.due_at, ?3)",
                )?
                .execute(params![int(after.0), last, now.0])?;
            }
            Ok(last.map(|last| ConversationId(last as u64)))
        })
        .await
    }
}
