//! Contacts and blocks.

use async_trait::async_trait;
use laserchat_core::Refusal;
use laserchat_core::contact::{ContactAction, Side, decide};
use laserchat_protocol::event::ContactChanged;
use laserchat_protocol::{Code as Reason, Contact, ContactState, Event, Page, Timestamp, UserId, Version};

use super::codes::{Code, enumerated, int, size, uint};
use super::positions::{in_order, listed};
use super::users;
use super::users::{SUMMARY, summary};
use super::writing::Writing;
use crate::Result;
use crate::contract::Contacts;
use crate::sql::{Connection, Database, OptionalRow, Row, params};

/// What one user thinks of another.
pub(super) fn side(conn: &Connection<'_>, user: UserId, other: UserId) -> Result<Side> {
    let mut statement =
        conn.prepare_cached("SELECT state, blocked FROM contacts WHERE user_id = ?1 AND other_id = ?2")?;
    let found = statement.query_row(params![int(user.0), int(other.0)], |row| {
        Ok(Side { state: enumerated(row, 0)?, blocked: row.get(1)? })
    });
    Ok(found.optional()?.unwrap_or_default())
}

fn contact(row: &Row<'_>) -> Result<Contact> {
    Ok(Contact { state: enumerated(row, 0)?, blocked: row.get(1)?, version: uint(row, 2)?, user: summary(row, 3)? })
}

/// Contacts that changed after a version, tombstones included.
pub(super) fn after(conn: &Connection<'_>, user: UserId, after: Version, limit: usize) -> Result<Vec<Contact>> {
    let sql = format!(
        "SELECT c.state, c.blocked, c.version, {SUMMARY} FROM contacts c JOIN users u ON u.id = c.other_id
         WHERE c.user_id = ?1 AND c.version > ?2 ORDER BY c.version LIMIT ?3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params![int(user.0), int(after), size(limit)], contact)?;
    found.collect::<Result<_>>()
}

/// Writes one side, if it changed, and tells its owner.
fn set(
    w: &Writing<'_>,
    (user, other): (UserId, UserId),
    before: Side,
    after: Side,
    told: &mut Vec<(UserId, Event)>,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let Some(summary) = users::summary_of(w.conn, other)? else { return Ok(()) };
    let version = users::next_version(w.conn, user)?;
    w.prepare(
        "INSERT INTO contacts (user_id, other_id, state, blocked, version) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (user_id, other_id) DO UPDATE SET state = ?3, blocked = ?4, version = ?5",
    )?
    .execute(params![int(user.0), int(other.0), after.state.code(), after.blocked, int(version)])?;
    let contact = Contact { user: summary, state: after.state, blocked: after.blocked, version };
    told.push((user, Event::ContactUpdated(ContactChanged { version, contact })));
    Ok(())
}

fn change(
    w: &Writing<'_>,
    user: UserId,
    other: UserId,
    action: ContactAction,
) -> Result<Result<Vec<(UserId, Event)>, Refusal>> {
    if user == other {
        return Ok(Err(Refusal::new(Reason::InvalidField).detail("nobody is their own contact")));
    }
    if users::summary_of(w.conn, other)?.is_none() {
        return Ok(Err(Reason::NotFound.into()));
    }
    let (mine, theirs) = (side(w.conn, user, other)?, side(w.conn, other, user)?);
    match decide(mine, theirs, action) {
        Err(refusal) => Ok(Err(refusal)),
        Ok((my_next, their_next)) => {
            let mut told = Vec::new();
            set(w, (user, other), mine, my_next, &mut told)?;
            set(w, (other, user), theirs, their_next, &mut told)?;
            Ok(Ok(told))
        }
    }
}

#[async_trait]
impl<D: Database> Contacts for D {
    async fn change_contact(
        &self,
        user: UserId,
        other: UserId,
        action: ContactAction,
        _now: Timestamp,
    ) -> Result<Result<Vec<(UserId, Event)>, Refusal>> {
        self.write(move |w| change(w, user, other, action)).await
    }

    async fn contacts(&self, user: UserId, cursor: Option<&str>, limit: usize) -> Result<Page<Contact>> {
        let after = cursor.unwrap_or_default().to_owned();
        self.read(move |conn| {
            let sql = format!(
                "SELECT c.state, c.blocked, c.version, {SUMMARY} FROM contacts c JOIN users u ON u.id = c.other_id
                 WHERE c.user_id = ?1 AND (c.state <> ?2 OR c.blocked = 1) AND u.username > ?3 ORDER BY u.username LIMIT ?4"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let place = params![int(user.0), ContactState::None.code(), after, size(limit.saturating_add(1))];
            let found = statement.query_map(place, contact)?.collect::<Result<Vec<_>>>()?;
            Ok(super::paged(found, limit, |last| last.user.username.clone()))
        })
        .await
    }

    async fn blocked_among(&self, user: UserId, others: &[UserId]) -> Result<Vec<UserId>> {
        let others = others.to_vec();
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT other_id FROM contacts WHERE user_id = ?1 AND other_id IN (SELECT value FROM json_each(?2)) AND blocked = 1
                 UNION
                 SELECT user_id FROM contacts WHERE user_id IN (SELECT value FROM json_each(?2)) AND other_id = ?1 AND blocked = 1",
            )?;
            let asked = params![int(user.0), listed(others.iter().map(|id| id.0))];
            let found = statement.query_map(asked, |row| Ok(UserId(uint(row, 0)?)))?;
            in_order(&others, found.map(|user| user.map(|user| (user, user))))
        })
        .await
    }
}
