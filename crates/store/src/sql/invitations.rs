//! Invitation links.

use async_trait::async_trait;
use laserchat_core::invitation::usable;
use laserchat_protocol::invitation::Invitation;
use laserchat_protocol::limits::INVITATIONS_PER_CONVERSATION;
use laserchat_protocol::{ConversationId, InvitationId, Timestamp, UserId};

use super::codes::{int, optional_time, optional_uint, size, time, uint};
use super::of_server_or;
use super::writing::Writing;
use crate::Result;
use crate::contract::{Invitations, NewInvitation, SecretHash};
use crate::sql::{Connection, Database, OptionalRow, Row, params};

/// The columns of an invitation, and the condition that what it leads to is still there.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, conversation_id, created_by, created_at, expires_at, max_uses, uses FROM invitations i
             WHERE (conversation_id IS NULL OR EXISTS (SELECT 1 FROM heads h WHERE h.conversation_id = i.conversation_id))
             AND ",
            $rest
        )
    };
}

/// The condition that an invitation still works; `?2` is now.
macro_rules! working {
    () => {
        "(expires_at IS NULL OR expires_at > ?2) AND (max_uses IS NULL OR uses < max_uses)"
    };
}

fn read(row: &Row<'_>) -> Result<Invitation> {
    Ok(Invitation {
        id: InvitationId(uint(row, 0)?),
        code: None,
        conversation_id: optional_uint(row, 1)?.map(ConversationId),
        created_by: UserId(uint(row, 2)?),
        created_at: time(row, 3)?,
        expires_at: optional_time(row, 4)?,
        max_uses: row.get(5)?,
        uses: row.get(6)?,
    })
}

fn by_code(conn: &Connection<'_>, code: &SecretHash) -> Result<Option<Invitation>> {
    conn.prepare_cached(select!("code = ?1"))?.query_row([code], read).optional()
}

/// An invitation that can be used now.
pub(super) fn working(conn: &Connection<'_>, code: &SecretHash, now: Timestamp) -> Result<Option<Invitation>> {
    let found = by_code(conn, code)?;
    Ok(found.filter(|found| usable(found.expires_at, found.max_uses, found.uses, now).is_ok()))
}

/// Counts one use.
pub(super) fn count_use(w: &Writing<'_>, id: InvitationId) -> Result<()> {
    w.prepare("UPDATE invitations SET uses = uses + 1 WHERE id = ?1")?.execute([int(id.0)])?;
    Ok(())
}

#[async_trait]
impl<D: Database> Invitations for D {
    async fn create_invitation(&self, new: NewInvitation) -> Result<Option<Invitation>> {
        self.write(move |w| {
            let conversation = new.conversation.map(|id| int(id.0));
            let count: i64 = w
                .prepare(concat!("SELECT count(*) FROM invitations WHERE ", of_server_or!("?1"), " AND ", working!()))?
                .query_row(params![conversation, new.created_at.0], |row| row.get(0))?;
            if count >= size(INVITATIONS_PER_CONVERSATION) {
                return Ok(None);
            }
            w.prepare(
                "INSERT INTO invitations (id, code, conversation_id, created_by, created_at, expires_at, max_uses)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                int(new.id.0),
                new.code,
                conversation,
                int(new.created_by.0),
                new.created_at.0,
                new.expires_at.map(|at| at.0),
                new.max_uses,
            ])?;
            Ok(Some(Invitation {
                id: new.id,
                code: None,
                conversation_id: new.conversation,
                created_by: new.created_by,
                created_at: new.created_at,
                expires_at: new.expires_at,
                max_uses: new.max_uses,
                uses: 0,
            }))
        })
        .await
    }

    async fn invitations(&self, conversation: Option<ConversationId>, now: Timestamp) -> Result<Vec<Invitation>> {
        self.read(move |conn| {
            let sql = concat!(
                "SELECT id, conversation_id, created_by, created_at, expires_at, max_uses, uses FROM invitations
                 WHERE ",
                of_server_or!("?1"),
                " AND ",
                working!(),
                " ORDER BY id DESC"
            );
            let mut statement = conn.prepare_cached(sql)?;
            let found = statement.query_map(params![conversation.map(|id| int(id.0)), now.0], read)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn invitation(&self, code: SecretHash) -> Result<Option<Invitation>> {
        self.read(move |conn| by_code(conn, &code)).await
    }

    async fn use_invitation(&self, code: SecretHash, now: Timestamp) -> Result<Option<Invitation>> {
        self.write(move |w| {
            let Some(mut found) = working(w.conn, &code, now)? else { return Ok(None) };
            count_use(w, found.id)?;
            found.uses += 1;
            Ok(Some(found))
        })
        .await
    }

    async fn revoke_invitation(&self, conversation: Option<ConversationId>, id: InvitationId) -> Result<bool> {
        self.write(move |w| {
            let gone = w
                .prepare(concat!("DELETE FROM invitations WHERE id = ?1 AND ", of_server_or!("?2")))?
                .execute(params![int(id.0), conversation.map(|id| int(id.0))])?;
            Ok(gone > 0)
        })
        .await
    }
}
