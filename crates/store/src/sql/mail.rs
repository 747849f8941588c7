//! Mail: addresses that wait to be confirmed, and digests.

use async_trait::async_trait;
use laserchat_protocol::notification::DigestEvery;
use laserchat_protocol::user::Account;
use laserchat_protocol::{ConversationId, Timestamp, UserId};

use super::codes::{enumerated, int, size, time, uint};
use super::users::{SUMMARY, account_at, renew, summary};
use super::writing::Writing;
use super::{messages, notifications, system};
use crate::Result;
use crate::contract::{
    ChangedAccount, Digest, DigestEntry, DueMail, EmailRefusal, EmailRequest, Mail, MailResult, NewEmailRequest, Nonce,
};
use crate::sql::{Connection, Database, OptionalRow, params, unreadable};

/// The name under which the key of links in mails is kept.
const MAIL_KEY: &str = "mail_key";

/// Something waits for a user's next digest.
pub(super) fn want_digest(w: &Writing<'_>, user: UserId, due_at: Timestamp) -> Result<()> {
    w.prepare(
        "INSERT INTO digests (user_id, due_at) VALUES (?1, ?2)
         ON CONFLICT (user_id) DO UPDATE SET due_at = ?2 WHERE digests.due_at IS NULL",
    )?
    .execute([int(user.0), due_at.0])?;
    Ok(())
}

/// The user wants no digests: what waits for one does not any more.
pub(super) fn want_none(w: &Writing<'_>, user: UserId) -> Result<()> {
    w.prepare("UPDATE activity SET digest = NULL WHERE user_id = ?1 AND digest = 0")?.execute([int(user.0)])?;
    rest(w, user)
}

/// There is no digest of a user to be sent.
fn rest(w: &Writing<'_>, user: UserId) -> Result<()> {
    w.prepare("UPDATE digests SET due_at = NULL, begun_at = NULL, tries = 0 WHERE user_id = ?1")?
        .execute([int(user.0)])?;
    Ok(())
}

fn account(conn: &Connection<'_>, user: UserId) -> Result<Option<Account>> {
    Ok(account_at(conn, user)?.map(|(account, _)| account))
}

fn confirmed_by(conn: &Connection<'_>, address: &str) -> Result<Option<(UserId, bool)>> {
    let mut statement = conn.prepare_cached("SELECT id, email_confirmed FROM users WHERE email = ?1")?;
    statement.query_row([address], |row| Ok((UserId(uint(row, 0)?), row.get(1)?))).optional()
}

fn request(w: &Writing<'_>, new: &NewEmailRequest) -> Result<Result<Option<ChangedAccount>, EmailRefusal>> {
    if account(w.conn, new.user)?.is_none() {
        return Ok(Ok(None));
    }
    w.prepare("DELETE FROM email_requests WHERE user_id = ?1")?.execute([int(new.user.0)])?;
    match confirmed_by(w.conn, &new.address)? {
        Some((other, true)) if other != new.user => return Ok(Err(EmailRefusal::Taken)),
        Some((_, true)) => {}
        _ => {
            w.prepare(
                "INSERT INTO email_requests (user_id, address, nonce, requested_at, expires_at, due_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?4)",
            )?
            .execute(params![int(new.user.0), new.address, new.nonce, new.now.0, new.expires_at.0])?;
        }
    }
    Ok(Ok(Some(renew(w, new.user)?)))
}

fn waiting(conn: &Connection<'_>, user: UserId, now: Timestamp) -> Result<Option<EmailRequest>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.username, r.address, r.nonce, u.language, r.requested_at, r.tries
         FROM email_requests r JOIN users u ON u.id = r.user_id AND u.disabled = 0
         WHERE r.user_id = ?1 AND r.expires_at > ?2",
    )?;
    let found = statement.query_row([int(user.0), now.0], |row| {
        Ok(EmailRequest {
            user,
            username: row.get(0)?,
            address: row.get(1)?,
            nonce: row.get(2)?,
            language: row.get(3)?,
            requested_at: time(row, 4)?,
            tries: row.get(5)?,
        })
    });
    found.optional()
}

fn confirm(w: &Writing<'_>, user: UserId, nonce: Nonce, now: Timestamp) -> Result<Vec<ChangedAccount>> {
    let Some(request) = waiting(w.conn, user, now)?.filter(|request| request.nonce == nonce) else {
        return Ok(Vec::new());
    };
    let holder = confirmed_by(w.conn, &request.address)?.filter(|(holder, _)| *holder != user);
    if let Some((_, true)) = holder {
        return Ok(Vec::new());
    }
    if let Some((other, _)) = holder {
        w.prepare("UPDATE users SET email = NULL WHERE id = ?1")?.execute([int(other.0)])?;
    }
    w.prepare("UPDATE users SET email = ?2, email_confirmed = 1 WHERE id = ?1")?
        .execute(params![int(user.0), request.address])?;
    w.prepare("DELETE FROM email_requests WHERE user_id = ?1")?.execute([int(user.0)])?;
    let mut changed = vec![renew(w, user)?];
    if let Some((other, _)) = holder {
        changed.push(renew(w, other)?);
    }
    Ok(changed)
}

fn begin_link(w: &Writing<'_>, user: UserId, now: Timestamp, lease: Timestamp) -> Result<Option<EmailRequest>> {
    let Some(request) = waiting(w.conn, user, now)? else {
        // One that has expired is gone for good.
        w.prepare("UPDATE email_requests SET due_at = NULL WHERE user_id = ?1")?.execute([int(user.0)])?;
        return Ok(None);
    };
    w.prepare("UPDATE email_requests SET due_at = ?2, tries = tries + 1 WHERE user_id = ?1")?
        .execute([int(user.0), lease.0])?;
    Ok(Some(EmailRequest { tries: request.tries + 1, ..request }))
}

fn begin_digest(
    w: &Writing<'_>,
    user: UserId,
    now: Timestamp,
    lease: Timestamp,
    limit: usize,
) -> Result<Option<Digest>> {
    let row = w
        .prepare("SELECT number, begun_at, tries FROM digests WHERE user_id = ?1 AND due_at IS NOT NULL")?
        .query_row([int(user.0)], |row| Ok((uint(row, 0)?, row.get::<Option<i64>>(1)?, row.get::<u32>(2)?)))
        .optional()?;
    let Some((number, begun, tries)) = row else { return Ok(None) };
    let settings = notifications::general(w.conn, user)?;
    let account = account(w.conn, user)?.filter(|account| !account.user.disabled && account.email_confirmed);
    let Some((account, address)) = account.and_then(|account| account.email.clone().map(|address| (account, address)))
    else {
        want_none(w, user)?;
        return Ok(None);
    };
    if settings.email == DigestEvery::Off {
        want_none(w, user)?;
        return Ok(None);
    }
    let number = if begun.is_some() { number } else { number + 1 };
    if begun.is_none() {
        w.prepare("UPDATE activity SET digest = ?2 WHERE user_id = ?1 AND digest = 0")?
            .execute([int(user.0), int(number)])?;
    }
    let begun_at = begun.unwrap_or(now.0);
    let (entries, total) = entries(w.conn, user, number, limit)?;
    if total == 0 {
        rest(w, user)?;
        w.prepare("UPDATE digests SET number = ?2 WHERE user_id = ?1")?.execute([int(user.0), int(number)])?;
        // While an attempt waited to be repeated, more may have come.
        want_rest(w, user, lease)?;
        return Ok(None);
    }
    w.prepare("UPDATE digests SET number = ?2, due_at = ?3, begun_at = ?4, tries = ?5 WHERE user_id = ?1")?
        .execute(params![int(user.0), int(number), lease.0, begun_at, tries + 1])?;
    Ok(Some(Digest {
        user,
        number,
        address,
        language: account.language,
        time_zone: account.user.time_zone,
        every: settings.email,
        hidden: settings.hide_content,
        begun_at: Timestamp(begun_at),
        tries: tries + 1,
        entries,
        total,
    }))
}

/// What came while a digest was being sent is for the next one, which is due then.
fn want_rest(w: &Writing<'_>, user: UserId, next: Timestamp) -> Result<()> {
    if w.prepare("SELECT 1 FROM activity WHERE user_id = ?1 AND digest = 0")?.exists([int(user.0)])? {
        want_digest(w, user, next)?;
    }
    Ok(())
}

/// What a digest still has to tell, and how much that is.
fn entries(conn: &Connection<'_>, user: UserId, number: u64, limit: usize) -> Result<(Vec<DigestEntry>, usize)> {
    let from = "FROM activity a
         JOIN members m ON m.conversation_id = a.conversation_id AND m.user_id = a.user_id AND m.state = 0
           AND m.read < a.seq
         JOIN conversations c ON c.id = a.conversation_id AND c.deleted_at IS NULL
         JOIN messages t ON t.conversation_id = a.conversation_id AND t.seq = a.seq AND t.deleted_at IS NULL
         JOIN users u ON u.id = a.sender_id
         WHERE a.user_id = ?1 AND a.digest = ?2 AND NOT EXISTS (
           SELECT 1 FROM contacts b WHERE b.blocked = 1
             AND (b.user_id, b.other_id) IN ((?1, a.sender_id), (a.sender_id, ?1)))";
    let total: i64 = conn
        .prepare_cached(&format!("SELECT count(*) {from}"))?
        .query_row([int(user.0), int(number)], |row| row.get(0))?;
    let mut statement = conn.prepare_cached(&format!(
        "SELECT a.reason, a.conversation_id, a.seq, c.kind, c.name, {SUMMARY} {from} ORDER BY a.message_id LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![int(user.0), int(number), size(limit)], |row| {
        let place = (ConversationId(uint(row, 1)?), uint(row, 2)?);
        Ok((place, enumerated(row, 0)?, enumerated(row, 3)?, row.get(4)?, summary(row, 5)?))
    })?;
    let told = rows.collect::<Result<Vec<_>>>()?;
    let mut found = messages::at_all(conn, told.iter().map(|(place, ..)| *place))?;
    let entries = told.into_iter().filter_map(|(place, reason, kind, name, sender)| {
        let message = found.remove(&place)?.message;
        Some(DigestEntry { reason, message, sender, kind, name })
    });
    let entries: Vec<_> = entries.collect();
    Ok((entries, usize::try_from(total).unwrap_or_default()))
}

fn settle_digest(w: &Writing<'_>, user: UserId, number: u64, result: MailResult, next: Timestamp) -> Result<()> {
    let place = [int(user.0), int(number)];
    let open = "SELECT 1 FROM digests WHERE user_id = ?1 AND number = ?2 AND begun_at IS NOT NULL";
    if !w.prepare(open)?.exists(place)? {
        return Ok(());
    }
    if let MailResult::Later(at) = result {
        w.prepare("UPDATE digests SET due_at = ?2 WHERE user_id = ?1")?.execute([int(user.0), at.0])?;
        return Ok(());
    }
    rest(w, user)?;
    want_rest(w, user, next)?;
    if result == MailResult::GivenUp {
        // It waits for something new, and does not by itself begin the next one.
        w.prepare("UPDATE activity SET digest = 0 WHERE user_id = ?1 AND digest = ?2")?.execute(place)?;
    }
    Ok(())
}

#[async_trait]
impl<D: Database> Mail for D {
    async fn request_email(&self, new: NewEmailRequest) -> Result<Result<Option<ChangedAccount>, EmailRefusal>> {
        self.write(move |w| request(w, &new)).await
    }

    async fn email_request(&self, user: UserId, now: Timestamp) -> Result<Option<EmailRequest>> {
        self.read(move |conn| waiting(conn, user, now)).await
    }

    async fn confirm_email(&self, user: UserId, nonce: Nonce, now: Timestamp) -> Result<Vec<ChangedAccount>> {
        self.write(move |w| confirm(w, user, nonce, now)).await
    }

    async fn due_mail(&self, now: Timestamp, limit: usize) -> Result<Vec<DueMail>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT user_id, 0, due_at FROM email_requests WHERE due_at <= ?1
                 UNION ALL SELECT user_id, 1, due_at FROM digests WHERE due_at <= ?1 ORDER BY 3, 2, 1 LIMIT ?2",
            )?;
            let found = statement.query_map([now.0, size(limit)], |row| {
                let user = UserId(uint(row, 0)?);
                match row.get(1)? {
                    0 => Ok(DueMail::Link(user)),
                    1 => Ok(DueMail::Digest(user)),
                    other => Err(unreadable(1, &format!("{other} is no kind of mail"))),
                }
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn next_mail(&self) -> Result<Option<Timestamp>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT min(due_at) FROM (SELECT min(due_at) AS due_at FROM email_requests WHERE due_at IS NOT NULL
                 UNION ALL SELECT min(due_at) FROM digests WHERE due_at IS NOT NULL) moments",
            )?;
            let next: Option<i64> = statement.query_row((), |row| row.get(0))?;
            Ok(next.map(Timestamp))
        })
        .await
    }

    async fn begin_link(&self, user: UserId, now: Timestamp, lease: Timestamp) -> Result<Option<EmailRequest>> {
        self.write(move |w| begin_link(w, user, now, lease)).await
    }

    async fn settle_link(&self, user: UserId, nonce: Nonce, result: MailResult) -> Result<()> {
        self.write(move |w| {
            let due = match result {
                MailResult::Later(at) => Some(at.0),
                MailResult::Sent | MailResult::Refused | MailResult::GivenUp => None,
            };
            w.prepare("UPDATE email_requests SET due_at = ?3 WHERE user_id = ?1 AND nonce = ?2")?.execute(params![
                int(user.0),
                nonce,
                due
            ])?;
            Ok(())
        })
        .await
    }

    async fn begin_digest(
        &self,
        user: UserId,
        now: Timestamp,
        lease: Timestamp,
        entries: usize,
    ) -> Result<Option<Digest>> {
        self.write(move |w| begin_digest(w, user, now, lease, entries)).await
    }

    async fn settle_digest(&self, user: UserId, number: u64, result: MailResult, next: Timestamp) -> Result<()> {
        self.write(move |w| settle_digest(w, user, number, result, next)).await
    }

    async fn put_off_digest(&self, user: UserId, until: Timestamp) -> Result<()> {
        self.write(move |w| {
            w.prepare("UPDATE digests SET due_at = ?2 WHERE user_id = ?1 AND due_at IS NOT NULL")?
                .execute([int(user.0), until.0])?;
            Ok(())
        })
        .await
    }

    async fn resume_mail(&self, now: Timestamp) -> Result<()> {
        self.write(move |w| {
            w.prepare("UPDATE digests SET due_at = min(due_at, ?1) WHERE begun_at IS NOT NULL")?.execute([now.0])?;
            w.prepare("UPDATE email_requests SET due_at = min(due_at, ?1) WHERE due_at IS NOT NULL")?
                .execute([now.0])?;
            Ok(())
        })
        .await
    }

    async fn mail_key(&self, fresh: [u8; 32]) -> Result<[u8; 32]> {
        self.write(move |w| match system::get(w.conn, MAIL_KEY)? {
            Some(kept) => Ok(kept),
            None => {
                system::set(w.conn, MAIL_KEY, fresh)?;
                Ok(fresh)
            }
        })
        .await
    }
}
