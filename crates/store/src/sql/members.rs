//! Members: the rows behind both what everyone sees of a member and what the member sees of it.

use std::collections::HashMap;

use laserchat_core::MemberRow;
use laserchat_protocol::limits::{RECEIPT_MEMBERS, UNREAD_MAX};
use laserchat_protocol::member::Receipt;
use laserchat_protocol::{ConversationId, Member, MemberState, Membership, Page, Seq, UserId};

use super::codes::{Code, enumerated, int, optional_time, size, time, uint};
use super::positions::{listed, paired, places};
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

/// Everyone's cursors in those of these conversations that are small enough.
pub(super) fn receipts(
    conn: &Connection<'_>,
    conversations: &[ConversationId],
) -> Result<Vec<(ConversationId, Receipt)>> {
    let mut statement = conn.prepare_cached(
        "SELECT m.conversation_id, m.user_id, m.delivered, m.read * u.show_read
         FROM conversations c JOIN members m ON m.conversation_id = c.id JOIN users u ON u.id = m.user_id
         WHERE c.id IN (SELECT value FROM json_each(?1)) AND c.deleted_at IS NULL AND c.member_count <= ?2 AND m.state = 0
         ORDER BY m.conversation_id, m.user_id",
    )?;
    let asked = params![listed(conversations.iter().map(|id| id.0)), size(RECEIPT_MEMBERS)];
    let found = statement.query_map(asked, |row| {
        let receipt = Receipt { user_id: UserId(uint(row, 1)?), delivered: uint(row, 2)?, read: uint(row, 3)? };
        Ok((ConversationId(uint(row, 0)?), receipt))
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
    membership_at(row, 0)
}

/// The same from the columns that begin at `at`.
pub(super) fn membership_at(row: &Row<'_>, at: usize) -> Result<Membership> {
    Ok(Membership {
        conversation_id: ConversationId(uint(row, at)?),
        role: enumerated(row, at + 1)?,
        state: enumerated(row, at + 2)?,
        joined_at: time(row, at + 3)?,
        muted_until: optional_time(row, at + 4)?,
        delivered: uint(row, at + 5)?,
        read: uint(row, at + 6)?,
        unread: 0,
        mentions: 0,
        favourite: row.get(at + 7)?,
        notifications_muted_until: optional_time(row, at + 8)?,
        notify: enumerated(row, at + 10)?,
        version: uint(row, at + 9)?,
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
    let mut found = statement.query_row(params![int(conversation.0), int(user.0)], membership).optional()?;
    count(conn, user, found.iter_mut().map(|found| (head, found)).collect())?;
    Ok(found)
}

/// Fills in `unread` and `mentions` of memberships, each with the newest seq of its conversation; one statement for all. Who
/// has read up to the head, or is not a member, has nothing to count.
pub(super) fn count(conn: &Connection<'_>, user: UserId, mut among: Vec<(Seq, &mut Membership)>) -> Result<()> {
    among.retain(|(head, membership)| membership.state == MemberState::Joined && membership.read < *head);
    if among.is_empty() {
        return Ok(());
    }
    let mut counts = HashMap::with_capacity(among.len());
    let sql = format!(
        "SELECT p.conversation_id,
           (SELECT count(*) FROM (SELECT 1 FROM messages m WHERE m.conversation_id = p.conversation_id
              AND m.seq > p.number AND m.kind = 0 AND m.parent_id IS NULL AND m.deleted_at IS NULL
              AND m.sender_id <> ?2 LIMIT ?3) unread),
           (SELECT count(*) FROM (
              SELECT a.seq FROM mentions a WHERE a.user_id = ?2 AND a.conversation_id = p.conversation_id
                AND a.seq > p.number AND a.sender_id <> ?2
              UNION
              SELECT b.seq FROM mentions b WHERE b.user_id = 0 AND b.conversation_id = p.conversation_id
                AND b.seq > p.number AND b.sender_id <> ?2
              LIMIT ?3) mentioned)
         FROM {} p",
        places(conn)
    );
    let asked = paired(among.iter().map(|(_, membership)| (membership.conversation_id, membership.read)));
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![asked, int(user.0), int(UNREAD_MAX)])?;
    while let Some(row) = &rows.next()? {
        counts.insert(ConversationId(uint(row, 0)?), (uint(row, 1)?, uint(row, 2)?));
    }
    for (_, membership) in among {
        (membership.unread, membership.mentions) = counts.get(&membership.conversation_id).copied().unwrap_or_default();
    }
    Ok(())
}
