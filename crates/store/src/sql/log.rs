//! The log: the trait's calls, each handed to the file that knows.

use async_trait::async_trait;
use laserchat_core::Room;
use laserchat_protocol::event::Changes;
use laserchat_protocol::poll::Voter;
use laserchat_protocol::reaction::Reactor;
use laserchat_protocol::{ConversationId, ConversationKind, Message, MessageId, Page, Seq, Timestamp, UserId};

use super::codes::{int, size, time};
use super::messages::message_columns;
use super::users::{SUMMARY, summary};
use super::{append, changes, contacts, conversations, members, messages, polls};
use crate::Result;
use crate::contract::{Append, AppendError, Appended, Log, Window};
use crate::sql::{Connection, Database, Order, params};

fn room(conn: &Connection<'_>, id: ConversationId, asked: &[UserId]) -> Result<Option<Room>> {
    let Some((conversation, head)) = conversations::with_head(conn, id)? else { return Ok(None) };
    let mut blocked = false;
    if conversation.kind == ConversationKind::Direct
        && let Some((a, b)) = conversations::pair(conn, id)?
    {
        blocked = contacts::side(conn, a, b)?.blocked || contacts::side(conn, b, a)?.blocked;
    }
    let pins: i64 = conn
        .prepare_cached("SELECT count(*) FROM messages WHERE conversation_id = ?1 AND pinned_at IS NOT NULL")?
        .query_row([int(id.0)], |row| row.get(0))?;
    let mut room = Room { head, blocked, pins: pins as usize, ..Room::unborn(conversation) };
    for &user in asked {
        room.members.insert(user, members::row(conn, id, user)?);
    }
    Ok(Some(room))
}

fn reactors(
    conn: &Connection<'_>,
    (conversation, seq): (ConversationId, Seq),
    emoji: &str,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Reactor>> {
    let place = match cursor {
        None => Some((i64::MIN, 0_i64)),
        Some(cursor) => cursor.split_once('.').and_then(|(at, user)| Some((at.parse().ok()?, user.parse().ok()?))),
    };
    let Some((at, user)) = place else { return Ok(Page::whole(Vec::new())) };
    let sql = format!(
        "SELECT r.at, {SUMMARY} FROM reactions r JOIN users u ON u.id = r.user_id
         WHERE r.conversation_id = ?1 AND r.seq = ?2 AND r.emoji = ?3 AND (r.at, r.user_id) > (?4, ?5)
         ORDER BY r.at, r.user_id LIMIT ?6"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let place = params![int(conversation.0), int(seq), emoji, at, user, size(limit.saturating_add(1))];
    let found = statement.query_map(place, |row| Ok(Reactor { at: time(row, 0)?, user: summary(row, 1)? }))?;
    let found = found.collect::<Result<Vec<_>>>()?;
    Ok(super::paged(found, limit, |last| format!("{}.{}", last.at.0, last.user.id)))
}

#[async_trait]
impl<D: Database> Log for D {
    async fn append(&self, group: Vec<Append>) -> Result<Vec<Result<Appended, AppendError>>> {
        let mut together = true;
        self.write_in(Order::ByRows, move |w| append::group(w, &group, std::mem::take(&mut together))).await
    }

    async fn room(&self, conversation: ConversationId, users: &[UserId]) -> Result<Option<Room>> {
        let users = users.to_vec();
        self.read(move |conn| room(conn, conversation, &users)).await
    }

    async fn changes(
        &self,
        viewer: UserId,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Changes>> {
        self.read(move |conn| changes::page(conn, viewer, conversation, after, limit)).await
    }

    async fn history(
        &self,
        viewer: UserId,
        conversation: ConversationId,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>> {
        self.read(move |conn| {
            // Messages of a deleted conversation may wait to be purged.
            if conversations::member_count(conn, conversation)?.is_none() {
                return Ok(Vec::new());
            }
            messages::window(conn, viewer, conversation, window, limit)
        })
        .await
    }

    async fn message(&self, viewer: UserId, id: MessageId) -> Result<Option<Message>> {
        self.read(move |conn| messages::by_id(conn, viewer, id)).await
    }

    async fn sent(&self, sender: UserId, conversation: ConversationId, client_id: &str) -> Result<Option<Message>> {
        let client_id = client_id.to_owned();
        self.read(move |conn| {
            if conversations::member_count(conn, conversation)?.is_none() {
                return Ok(None);
            }
            messages::sent(conn, sender, conversation, &client_id)
        })
        .await
    }

    async fn replies(&self, viewer: UserId, parent: &Message, after: Seq, limit: usize) -> Result<Vec<Message>> {
        let (conversation, parent) = (parent.conversation_id, parent.id);
        self.read(move |conn| {
            if conversations::member_count(conn, conversation)?.is_none() {
                return Ok(Vec::new());
            }
            let sql = concat!(
                "SELECT ",
                message_columns!(),
                " FROM messages INDEXED BY messages_replies
                 WHERE parent_id = ?1 AND seq > ?2 AND conversation_id = ?4 ORDER BY seq LIMIT ?3"
            );
            let place = params![int(parent.0), int(after), size(limit), int(conversation.0)];
            messages::list(conn, viewer, sql, place)
        })
        .await
    }

    async fn pins(&self, viewer: UserId, conversation: ConversationId) -> Result<Vec<Message>> {
        self.read(move |conn| {
            if conversations::member_count(conn, conversation)?.is_none() {
                return Ok(Vec::new());
            }
            let sql = concat!(
                "SELECT ",
                message_columns!(),
                " FROM messages WHERE conversation_id = ?1 AND pinned_at IS NOT NULL ORDER BY pinned_at DESC, seq DESC"
            );
            messages::list(conn, viewer, sql, [int(conversation.0)])
        })
        .await
    }

    async fn reactors(
        &self,
        message: &Message,
        emoji: &str,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Reactor>> {
        let place = (message.conversation_id, message.seq);
        let (emoji, cursor) = (emoji.to_owned(), cursor.map(str::to_owned));
        self.read(move |conn| reactors(conn, place, &emoji, cursor.as_deref(), limit)).await
    }

    async fn voters(&self, message: &Message, option: u32, cursor: Option<&str>, limit: usize) -> Result<Page<Voter>> {
        let place = (message.conversation_id, message.seq);
        let cursor = cursor.map(str::to_owned);
        self.read(move |conn| polls::voters(conn, place, option, cursor.as_deref(), limit)).await
    }

    async fn due_polls(&self, now: Timestamp, limit: usize) -> Result<Vec<Message>> {
        self.read(move |conn| polls::due(conn, now, limit)).await
    }

    async fn follow(&self, user: UserId, message: &Message, following: bool) -> Result<()> {
        let (conversation, seq) = (int(message.conversation_id.0), int(message.seq));
        self.write(move |w| {
            w.prepare("UPDATE messages SET followed = 1 WHERE conversation_id = ?1 AND seq = ?2 AND followed = 0")?
                .execute([conversation, seq])?;
            w.prepare(
                "INSERT INTO thread_follows (user_id, conversation_id, seq, following) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (user_id, conversation_id, seq) DO UPDATE SET following = ?4",
            )?
            .execute(params![int(user.0), conversation, seq, following])?;
            Ok(())
        })
        .await
    }
}
