//! Members: the rows behind both what everyone sees of a member and what the member sees of it.

use laserchat_core::MemberRow;
use laserchat_protocol::limits::{RECEIPT_MEMBERS, UNREAD_MAX};
use laserchat_protocol::member::Receipt;
use laserchat_protocol::{ConversationId, Member, MemberState, Membership, Page, Seq, UserId};

use super::codes::{Code, enumerated, int, optional_time, size, time, uint};
use super::users::{SUMMARY, summary};
use crate::Result;
use crate::sql::{Connection, OptionalRow, Params, Row, params};

/// Up to this many members, everyone sees how far the others have got.
pub(super) fn has_receipts(member_count: u64) -> bool {
    member_count <= RECEIPT_MEMBERS as u64
}

/// A member as all members see it, and whether this is its first state since joining.
pub(super) struct Seen {
    pub member: Member,
    pub fresh: bool,
}

/// Columns of `members m` joined with `users u`; the eleventh onwards are the user's summary.
pub(super) const MEMBER: &str = "m.conversation_id, m.role, m.state, m.joined_at, m.muted_until, m.changed, \
                                 m.joined_seq, m.delivered, m.read, u.show_read, m.user_id";

pub(super) fn seen(row: &Row<'_>, receipts: bool) -> Result<Seen> {
    let changed = uint(row, 5)?;
    let show_read: bool = row.get(9)?;
    let member = Member {
        conversation_id: ConversationId(uint(row, 0)?),
        user: summary(row, 11)?,
        role: enumerated(row, 1)?,
        state: enumerated(row, 2)?,
        joined_at: time(row, 3)?,
        muted_until: optional_time(row, 4)?,
        changed,
        delivered: if receipts { uint(row, 7)? } else { 0 },
        read: if receipts && show_read { uint(row, 8)? } else { 0 },
    };
    Ok(Seen { fresh: changed == uint(row, 6)?, member })
}

/// The members that a query (its part after `WHERE`) finds.
pub(super) fn list(conn: &Connection<'_>, receipts: bool, rest: &str, params: impl Params) -> Result<Vec<Seen>> {
    let sql = format!("SELECT {MEMBER}, {SUMMARY} FROM members m JOIN users u ON u.id = m.user_id WHERE {rest}");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params, |row| seen(row, receipts))?;
    found.collect::<Result<_>>()
}

pub(super) fn one(
    conn: &Connection<'_>,
    conversation: ConversationId,
    user: UserId,
    receipts: bool,
) -> Result<Option<Member>> {
    let place = params![int(conversation.0), int(user.0)];
    Ok(list(conn, receipts, "m.conversation_id = ?1 AND m.user_id = ?2", place)?.pop().map(|seen| seen.member))
}

/// Members in one state, the highest role first, then by user.
pub(super) fn page(
    conn: &Connection<'_>,
    conversation: ConversationId,
    state: MemberState,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Member>> {
    let Some(member_count) = super::conversations::member_count(conn, conversation)? else {
        return Ok(Page::whole(Vec::new()));
    };
    let (role, user) = match cursor.map(|cursor| cursor.split_once('.')) {
        None => (-1, 0),
        Some(Some((role, user))) => match (role.parse::<i64>(), user.parse::<i64>()) {
            (Ok(role), Ok(user)) => (role, user),
            _ => return Ok(Page::whole(Vec::new())),
        },
        Some(None) => return Ok(Page::whole(Vec::new())),
    };
    let rest = "m.conversation_id = ?1 AND m.state = ?2 AND (m.role, m.user_id) > (?3, ?4) \
                ORDER BY m.role, m.user_id LIMIT ?5";
    let place = params![int(conversation.0), state.code(), role, user, size(limit.saturating_add(1))];
    let found = list(conn, has_receipts(member_count), rest, place)?;
    let members: Vec<Member> = found.into_iter().map(|seen| seen.member).collect();
    Ok(super::paged(members, limit, |last| format!("{}.{}", last.role.code(), last.user.id)))
}

/// Everyone's cursors.
pub(super) fn receipts(conn: &Connection<'_>, conversation: ConversationId) -> Result<Vec<Receipt>> {
    let mut statement = conn.prepare_cached(
        "SELECT m.user_id, m.delivered, m.read * u.show_read FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.conversation_id = ?1 AND m.state = 0 ORDER BY m.user_id",
    )?;
    let found = statement.query_map([int(conversation.0)], |row| {
        Ok(Receipt { user_id: UserId(uint(row, 0)?), delivered: uint(row, 1)?, read: uint(row, 2)? })
    })?;
    found.collect::<Result<_>>()
}

/// The part of a member that rules look at.
pub(super) fn row(conn: &Connection<'_>, conversation: ConversationId, user: UserId) -> Result<Option<MemberRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT role, state, joined_at, muted_until FROM members WHERE conversation_id = ?1 AND user_id = ?2",
    )?;
    let found = statement.query_row(params![int(conversation.0), int(user.0)], |row| {
        Ok(MemberRow {
            user,
            role: enumerated(row, 0)?,
            state: enumerated(row, 1)?,
            joined_at: time(row, 2)?,
            muted_until: optional_time(row, 3)?,
        })
    });
    found.optional()
}

/// The columns that [`membership`] reads.
pub(super) const MEMBERSHIP: &str = "m.conversation_id, m.role, m.state, m.joined_at, m.muted_until, m.delivered, \
                                     m.read, m.favourite, m.notifications_muted_until, m.version, m.notify";

/// A membership without its counts.
pub(super) fn membership(row: &Row<'_>) -> Result<Membership> {
    Ok(Membership {
        conversation_id: ConversationId(uint(row, 0)?),
        role: enumerated(row, 1)?,
        state: enumerated(row, 2)?,
        joined_at: time(row, 3)?,
        muted_until: optional_time(row, 4)?,
        delivered: uint(row, 5)?,
        read: uint(row, 6)?,
        unread: 0,
        mentions: 0,
        favourite: row.get(7)?,
        notifications_muted_until: optional_time(row, 8)?,
        notify: enumerated(row, 10)?,
        version: uint(row, 9)?,
    })
}

/// A user's membership of a conversation whose newest seq is `head`.
pub(super) fn own(
    conn: &Connection<'_>,
    user: UserId,
    conversation: ConversationId,
    head: Seq,
) -> Result<Option<Membership>> {
    let sql = format!("SELECT {MEMBERSHIP} FROM members m WHERE m.conversation_id = ?1 AND m.user_id = ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_row(params![int(conversation.0), int(user.0)], membership).optional()?;
    found.map(|mut found| count(conn, user, head, &mut found).map(|()| found)).transpose()
}

/// Fills in `unread` and `mentions`. Who has read up to the head, or is not a member, has nothing to count.
pub(super) fn count(conn: &Connection<'_>, user: UserId, head: Seq, membership: &mut Membership) -> Result<()> {
    if membership.state != MemberState::Joined || membership.read >= head {
        return Ok(());
    }
    let place = params![int(membership.conversation_id.0), int(membership.read), int(user.0), int(UNREAD_MAX)];
    membership.unread = conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM messages WHERE conversation_id = ?1 AND seq > ?2 AND kind = 0
             AND parent_id IS NULL AND deleted_at IS NULL AND sender_id <> ?3 LIMIT ?4) unread",
        )?
        .query_row(place, |row| uint(row, 0))?;
    membership.mentions = conn
        .prepare_cached(
            "SELECT count(*) FROM (
               SELECT seq FROM mentions WHERE user_id = ?3 AND conversation_id = ?1 AND seq > ?2 AND sender_id <> ?3
               UNION
               SELECT seq FROM mentions WHERE user_id = 0 AND conversation_id = ?1 AND seq > ?2 AND sender_id <> ?3
               LIMIT ?4) unread",
        )?
        .query_row(place, |row| uint(row, 0))?;
    Ok(())
}
