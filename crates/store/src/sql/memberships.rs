//! Memberships: cursors, one's own settings, and the sync of what one user owns.

use std::collections::HashMap;

use async_trait::async_trait;
use laserchat_protocol::event::{AccountChanged, ContactChanged, MembershipChanged, OwnChanges};
use laserchat_protocol::member::{MembershipUpdate, Receipt};
use laserchat_protocol::{ConversationId, Event, Seq, Timestamp, UserId, Version};

use super::codes::Code;
use super::codes::{int, size, uint};
use super::writing::{Writing, head_of};
use super::{belongings, contacts, members, notifications, pushes, users};
use crate::Result;
use crate::contract::{CursorMove, CursorMoved, Memberships};
use crate::sql::{Connection, Database, OptionalRow, params};

/// Moves the cursors of one member. `receipts` remembers which conversations are small enough that others see it.
fn advance(
    w: &mut Writing<'_>,
    wish: &CursorMove,
    receipts: &mut HashMap<ConversationId, bool>,
) -> Result<CursorMoved> {
    let mut moved = CursorMoved {
        conversation: wish.conversation,
        user: wish.user,
        delivered: None,
        read: None,
        shown: false,
        clears: false,
        own: None,
    };
    let place = params![int(wish.conversation.0), int(wish.user.0)];
    let now = w
        .prepare(
            "SELECT delivered, read, (SELECT show_read FROM users WHERE id = user_id) FROM members
             WHERE conversation_id = ?1 AND user_id = ?2 AND state = 0",
        )?
        .query_row(place, |row| Ok((uint(row, 0)?, uint(row, 1)?, row.get::<Option<bool>>(2)?)))
        .optional()?;
    let Some((delivered, read, show_read)) = now else { return Ok(moved) };
    let head = w.head(wish.conversation)?;
    let new_read = read.max(wish.read.min(head));
    let new_delivered = delivered.max(wish.delivered.min(head)).max(new_read);
    if (new_delivered, new_read) == (delivered, read) {
        return Ok(moved);
    }
    moved.delivered = (new_delivered > delivered).then_some(new_delivered);
    moved.read = (new_read > read).then_some(new_read);
    let version = moved.read.map(|_| users::next_version(w.conn, wish.user)).transpose()?;
    w.prepare(
        "UPDATE members SET delivered = ?3, read = ?4, version = coalesce(?5, version)
         WHERE conversation_id = ?1 AND user_id = ?2",
    )?
    .execute(params![
        int(wish.conversation.0),
        int(wish.user.0),
        int(new_delivered),
        int(new_read),
        version.map(int)
    ])?;
    if let Some(read) = moved.read {
        moved.own = own_event(w.conn, wish.user, wish.conversation, head)?;
        moved.clears = pushes::read(w, wish.user, wish.conversation, read, Timestamp::now())?;
    }
    let small = match receipts.get(&wish.conversation) {
        Some(small) => *small,
        None => {
            let count = super::conversations::member_count(w.conn, wish.conversation)?;
            let small = count.is_some_and(members::has_receipts);
            receipts.insert(wish.conversation, small);
            small
        }
    };
    moved.shown = small && show_read.unwrap_or(true);
    Ok(moved)
}

fn own_event(conn: &Connection<'_>, user: UserId, conversation: ConversationId, head: Seq) -> Result<Option<Event>> {
    Ok(members::own(conn, user, conversation, head)?.map(membership_event))
}

fn membership_event(membership: laserchat_protocol::Membership) -> Event {
    Event::MembershipUpdated(MembershipChanged { version: membership.version, membership })
}

fn own_changes(conn: &Connection<'_>, user: UserId, after: Version, limit: usize) -> Result<OwnChanges> {
    let Some((account, changed)) = users::account_at(conn, user)? else {
        return Ok(OwnChanges { items: Vec::new(), next: None, head: 0 });
    };
    let head = account.version;
    let limit = limit.max(1);
    let place = params![int(user.0), int(after), size(limit.saturating_add(1))];
    let mut items: Vec<(Version, Event)> = Vec::new();
    let sql = format!(
        "SELECT {}, coalesce({}, 0) FROM members m LEFT JOIN heads h ON h.conversation_id = m.conversation_id
         WHERE m.user_id = ?1 AND m.version > ?2 ORDER BY m.version LIMIT ?3",
        members::MEMBERSHIP,
        head_of!("h")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(place, |row| Ok((uint(row, 11)?, members::membership(row)?)))?;
    let mut found = found.collect::<Result<Vec<_>>>()?;
    members::count(conn, user, found.iter_mut().map(|(head, membership)| (*head, membership)).collect())?;
    items.extend(found.into_iter().map(|(_, membership)| (membership.version, membership_event(membership))));
    for contact in contacts::after(conn, user, after, limit.saturating_add(1))? {
        items.push((contact.version, Event::ContactUpdated(ContactChanged { version: contact.version, contact })));
    }
    let settings = notifications::settings(conn, user)?;
    if settings.version > after {
        items.push((settings.version, notifications::changed(settings)));
    }
    for belonging in belongings::after(conn, user, after, limit.saturating_add(1))? {
        items.push((belonging.version(), belongings::event(belonging)));
    }
    if changed > after {
        items.push((changed, Event::AccountUpdated(AccountChanged { version: changed, account })));
    }
    items.sort_by_key(|(version, _)| *version);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = more.then(|| items.last().map(|(version, _)| *version)).flatten();
    Ok(OwnChanges { items: items.into_iter().map(|(_, event)| event).collect(), next, head })
}

#[async_trait]
impl<D: Database> Memberships for D {
    async fn advance(&self, moves: Vec<CursorMove>) -> Result<Vec<CursorMoved>> {
        self.write(move |w| {
            let mut receipts = HashMap::new();
            moves.iter().map(|wish| advance(w, wish, &mut receipts)).collect()
        })
        .await
    }

    async fn receipts(&self, conversations: &[ConversationId]) -> Result<Vec<(ConversationId, Receipt)>> {
        let wanted = conversations.to_vec();
        self.read(move |conn| members::receipts(conn, &wanted)).await
    }

    async fn update_membership(
        &self,
        user: UserId,
        conversation: ConversationId,
        update: MembershipUpdate,
    ) -> Result<Option<Event>> {
        self.write(move |w| {
            let head = w.head(conversation)?;
            let Some(mut membership) = members::own(w.conn, user, conversation, head)?
                .filter(|m| m.state == laserchat_protocol::MemberState::Joined)
            else {
                return Ok(None);
            };
            membership.favourite = update.favourite.unwrap_or(membership.favourite);
            if let Some(until) = update.notifications_muted_until {
                membership.notifications_muted_until = until;
            }
            membership.notify = update.notify.unwrap_or(membership.notify);
            membership.version = users::next_version(w.conn, user)?;
            w.prepare(
                "UPDATE members SET favourite = ?3, notifications_muted_until = ?4, version = ?5, notify = ?6
                 WHERE conversation_id = ?1 AND user_id = ?2",
            )?
            .execute(params![
                int(conversation.0),
                int(user.0),
                membership.favourite,
                membership.notifications_muted_until.map(|until| until.0),
                int(membership.version),
                membership.notify.code(),
            ])?;
            Ok(Some(membership_event(membership)))
        })
        .await
    }

    async fn own_changes(&self, user: UserId, after: Version, limit: usize) -> Result<OwnChanges> {
        self.read(move |conn| own_changes(conn, user, after, limit)).await
    }
}
