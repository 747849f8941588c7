//! Users: accounts, profiles, credentials, search.

use std::collections::HashMap;

use async_trait::async_trait;
use laserchat_protocol::event::AccountChanged;
use laserchat_protocol::limits::BOTS_PER_USER;
use laserchat_protocol::user::{Account, CustomStatus, Privacy, ServerRole};
use laserchat_protocol::{Event, Page, Timestamp, User, UserId, UserSummary, Version};

use super::codes::{Code, enumerated, int, json, optional_uint, picture, size, time, to_json, uint};
use super::positions::{in_order, listed};
use super::words::after_prefix;
use super::writing::Writing;
use super::{invitations, uses};
use crate::contract::{Credentials, NewUser, ProfileChange, UserRefusal, Users};
use crate::sql::{Connection, Database, OptionalRow, Row, ToValue, Value, params};
use crate::{Result, StoreError};

/// The name that a deleted account leaves behind. Nobody can choose one that begins like this.
pub(super) fn name_of_deleted(id: UserId) -> String {
    format!("~{id}")
}

pub(super) fn is_deleted(username: &str) -> bool {
    username.starts_with('~')
}

/// The columns that [`summary`] reads, of `users u`.
pub(super) const SUMMARY: &str = "u.id, u.username, u.display_name, u.avatar, u.bot";

/// Reads a summary from the columns that begin at `at`.
pub(super) fn summary(row: &Row<'_>, at: usize) -> Result<UserSummary> {
    let username: String = row.get(at + 1)?;
    Ok(UserSummary {
        id: UserId(uint(row, at)?),
        deleted: is_deleted(&username),
        username,
        display_name: row.get(at + 2)?,
        avatar: picture(row, at + 3)?,
        bot: row.get(at + 4)?,
    })
}

pub(super) fn summary_of(conn: &Connection<'_>, id: UserId) -> Result<Option<UserSummary>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {SUMMARY} FROM users u WHERE u.id = ?1"))?;
    statement.query_row([int(id.0)], |row| summary(row, 0)).optional()
}

/// Several at once.
pub(super) fn summaries(
    conn: &Connection<'_>,
    ids: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, UserSummary>> {
    let mut ids = ids.map(|id| id.0).peekable();
    if ids.peek().is_none() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT {SUMMARY} FROM users u WHERE u.id IN (SELECT value FROM json_each(?1))");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params![listed(ids)], |row| summary(row, 0).map(|user| (user.id, user)))?;
    found.collect()
}

/// Takes the next version of what a user owns.
pub(super) fn next_version(conn: &Connection<'_>, id: UserId) -> Result<Version> {
    let mut statement =
        conn.prepare_cached("UPDATE users SET version = version + 1 WHERE id = ?1 RETURNING version")?;
    let version = statement.query_row([int(id.0)], |row| uint(row, 0)).optional()?;
    version.ok_or_else(|| StoreError::Corrupt(format!("user {id} does not exist")))
}

/// The columns that [`profile`] reads.
const USER: &str = "id, username, display_name, about, avatar, time_zone, status, bot, bot_owner, server_role, \
                    created_at, disabled";

fn profile(row: &Row<'_>) -> Result<User> {
    let status: Option<CustomStatus> = json(row, 6)?;
    let now = Timestamp::now();
    let username: String = row.get(1)?;
    Ok(User {
        id: UserId(uint(row, 0)?),
        deleted: is_deleted(&username),
        username,
        display_name: row.get(2)?,
        about: row.get(3)?,
        avatar: picture(row, 4)?,
        time_zone: row.get(5)?,
        status: status.filter(|status| status.expires_at.is_none_or(|at| at > now)),
        bot: row.get(7)?,
        bot_owner_id: optional_uint(row, 8)?.map(UserId),
        server_role: enumerated(row, 9)?,
        created_at: time(row, 10)?,
        disabled: row.get(11)?,
    })
}

fn user(conn: &Connection<'_>, id: UserId) -> Result<Option<User>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {USER} FROM users WHERE id = ?1"))?;
    statement.query_row([int(id.0)], profile).optional()
}

/// An account, and the version of its last change. `Account::version` is that of everything the user owns.
pub(super) fn account_at(conn: &Connection<'_>, id: UserId) -> Result<Option<(Account, Version)>> {
    let sql = format!(
        "SELECT {USER}, email, show_presence, show_read, direct_from, version, account_version, email_confirmed,
           (SELECT address FROM email_requests WHERE user_id = users.id), language
         FROM users WHERE id = ?1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_row([int(id.0)], |row| {
        let privacy =
            Privacy { show_presence: row.get(13)?, show_read: row.get(14)?, direct_from: enumerated(row, 15)? };
        let account = Account {
            user: profile(row)?,
            email: row.get(12)?,
            email_confirmed: row.get(18)?,
            email_waiting: row.get(19)?,
            language: row.get(20)?,
            privacy,
            version: uint(row, 16)?,
        };
        Ok((account, uint(row, 17)?))
    });
    found.optional()
}

fn taken(conn: &Connection<'_>, sql: &str, value: &str, but: UserId) -> Result<bool> {
    conn.prepare_cached(sql)?.exists(params![value, int(but.0)])
}

fn email_taken(conn: &Connection<'_>, email: &str, but: UserId) -> Result<bool> {
    taken(conn, "SELECT 1 FROM users WHERE email = ?1 AND id <> ?2", email, but)
}

fn has_owner(conn: &Connection<'_>) -> Result<bool> {
    conn.prepare_cached("SELECT 1 FROM users WHERE server_role = 2")?.exists(())
}

pub(super) fn set_words(w: &Writing<'_>, id: UserId, words: &[String]) -> Result<()> {
    w.prepare("DELETE FROM user_words WHERE user_id = ?1")?.execute([int(id.0)])?;
    let mut statement = w.prepare("INSERT INTO user_words (word, user_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    for word in words {
        statement.execute(params![word, int(id.0)])?;
    }
    Ok(())
}

fn create(w: &Writing<'_>, new: &NewUser) -> Result<Result<User, UserRefusal>> {
    if taken(w.conn, "SELECT 1 FROM users WHERE username = ?1 AND id <> ?2", &new.username, UserId(0))?
        || taken(w.conn, "SELECT 1 FROM users WHERE skeleton = ?1 AND id <> ?2", &new.skeleton, UserId(0))?
    {
        return Ok(Err(UserRefusal::UsernameTaken));
    }
    if let Some(email) = &new.email
        && email_taken(w.conn, email, UserId(0))?
    {
        return Ok(Err(UserRefusal::EmailTaken));
    }
    if let Some(owner) = new.bot_owner {
        let bots: i64 = w
            .prepare("SELECT count(*) FROM users WHERE bot_owner = ?1 AND bot_owner IS NOT NULL")?
            .query_row([int(owner.0)], |row| row.get(0))?;
        if bots >= size(BOTS_PER_USER) {
            return Ok(Err(UserRefusal::LimitReached));
        }
    }
    if let Some(code) = &new.invitation {
        match invitations::working(w.conn, code, new.created_at)? {
            Some(found) if found.conversation_id.is_none() => invitations::count_use(w, found.id)?,
            _ => return Ok(Err(UserRefusal::InvitationInvalid)),
        }
    }
    let first = new.bot_owner.is_none() && !has_owner(w.conn)?;
    let role = if first { ServerRole::Owner } else { ServerRole::Member };
    w.prepare(
        "INSERT INTO users (id, username, skeleton, display_name, email, password_hash, bot, bot_owner, server_role,
           created_at, version, account_version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, 1)",
    )?
    .execute(params![
        int(new.id.0),
        new.username,
        new.skeleton,
        new.display_name,
        new.email,
        new.password_hash,
        new.bot_owner.is_some(),
        new.bot_owner.map(|id| int(id.0)),
        role.code(),
        new.created_at.0,
    ])?;
    set_words(w, new.id, &new.words)?;
    let made = user(w.conn, new.id)?;
    made.map(Ok).ok_or_else(|| StoreError::Corrupt(format!("user {} was not kept", new.id)))
}

fn update(
    w: &Writing<'_>,
    id: UserId,
    change: &ProfileChange,
) -> Result<Result<Option<(Account, Event)>, UserRefusal>> {
    if let Some(Some(email)) = &change.email
        && email_taken(w.conn, email, id)?
    {
        return Ok(Err(UserRefusal::EmailTaken));
    }
    if let Some(Some(avatar)) = change.avatar
        && !uses::ready(w, avatar)?
    {
        return Ok(Err(UserRefusal::FileMissing));
    }
    if user(w.conn, id)?.is_none() {
        return Ok(Ok(None));
    }
    let set = |column: &str, value: Value<'_>| -> Result<()> {
        w.prepare(&format!("UPDATE users SET {column} = ?2 WHERE id = ?1"))?.execute(params![int(id.0), value])?;
        Ok(())
    };
    if let Some(name) = &change.display_name {
        set("display_name", name.to_value())?;
    }
    if let Some(words) = &change.words {
        set_words(w, id, words)?;
    }
    if let Some(about) = &change.about {
        set("about", about.to_value())?;
    }
    if let Some(avatar) = change.avatar {
        set("avatar", avatar.map(|file| file.to_string()).to_value())?;
        uses::replace(w, avatar, uses::user_avatar(id), Timestamp::now())?;
    }
    if let Some(zone) = &change.time_zone {
        set("time_zone", zone.to_value())?;
    }
    if let Some(status) = &change.status {
        set("status", status.as_ref().map(to_json).transpose()?.to_value())?;
    }
    if let Some(email) = &change.email {
        w.prepare("UPDATE users SET email = ?2, email_confirmed = CASE WHEN email = ?2 THEN email_confirmed ELSE 0 END WHERE id = ?1")?
            .execute(params![int(id.0), email])?;
        w.prepare("DELETE FROM email_requests WHERE user_id = ?1")?.execute([int(id.0)])?;
    }
    if let Some(language) = &change.language {
        set("language", language.to_value())?;
    }
    if let Some(privacy) = &change.privacy {
        set("show_presence", privacy.show_presence.to_value())?;
        set("show_read", privacy.show_read.to_value())?;
        set("direct_from", Value::Int(privacy.direct_from.code()))?;
    }
    Ok(Ok(Some(renew(w, id)?)))
}

/// Numbers a change of an account.
pub(super) fn renew(w: &Writing<'_>, id: UserId) -> Result<(Account, Event)> {
    let version = next_version(w.conn, id)?;
    w.prepare("UPDATE users SET account_version = ?2 WHERE id = ?1")?.execute([int(id.0), int(version)])?;
    let account = account_at(w.conn, id)?.map(|(account, _)| account);
    let account = account.ok_or_else(|| StoreError::Corrupt(format!("user {id} does not exist")))?;
    Ok((account.clone(), Event::AccountUpdated(AccountChanged { version, account })))
}

/// Walks the words that begin with the longest query word, in their own order: exact matches come first, and no result is
/// sorted or counted that is not shown. A user is found at the first of the words that match.
fn search(conn: &Connection<'_>, words: &[String], cursor: Option<&str>, limit: usize) -> Result<Page<UserSummary>> {
    let Some(longest) = words.iter().filter(|word| !word.is_empty()).max_by_key(|word| word.len()) else {
        return Ok(Page::whole(Vec::new()));
    };
    let (user, word) = match cursor {
        None => (0_i64, ""),
        Some(cursor) => match cursor.split_once('.').and_then(|(user, word)| Some((user.parse().ok()?, word))) {
            Some(place) => place,
            None => return Ok(Page::whole(Vec::new())),
        },
    };
    let mut sql = format!(
        "SELECT {SUMMARY}, w.word FROM user_words w JOIN users u ON u.id = w.user_id AND u.disabled = 0
         WHERE w.word >= ?1 AND w.word < ?2 AND (w.word, w.user_id) > (?3, ?4)
         AND NOT EXISTS (SELECT 1 FROM user_words e WHERE e.user_id = w.user_id AND e.word >= ?1 AND e.word < w.word)"
    );
    let end = after_prefix(longest);
    let limit_plus = size(limit.saturating_add(1));
    // A name has few words; more than these in a query do not make it find less.
    let others = words.iter().filter(|word| *word != longest).take(8);
    let ranges: Vec<_> = others.map(|word| (word, after_prefix(word))).collect();
    let mut values = vec![Value::Text(longest), Value::Text(&end), Value::Text(word), Value::Int(user)];
    for (other, end) in &ranges {
        let at = values.len() + 1;
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM user_words o WHERE o.user_id = w.user_id AND o.word >= ?{at} AND o.word < ?{})",
            at + 1
        ));
        values.extend([Value::Text(other), Value::Text(end)]);
    }
    values.push(Value::Int(limit_plus));
    sql.push_str(&format!(" ORDER BY w.word, w.user_id LIMIT ?{}", values.len()));
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(values.as_slice(), |row| Ok((summary(row, 0)?, row.get::<String>(5)?)))?;
    let found = found.collect::<Result<Vec<_>>>()?;
    let page = super::paged(found, limit, |(user, word)| format!("{}.{word}", user.id));
    Ok(Page { items: page.items.into_iter().map(|(user, _)| user).collect(), next: page.next })
}

#[async_trait]
impl<D: Database> Users for D {
    async fn create_user(&self, new: NewUser) -> Result<Result<User, UserRefusal>> {
        self.write(move |w| create(w, &new)).await
    }

    async fn user(&self, id: UserId) -> Result<Option<User>> {
        self.read(move |conn| user(conn, id)).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>> {
        let ids = ids.to_vec();
        self.read(move |conn| {
            let sql = format!("SELECT {USER} FROM users WHERE id IN (SELECT value FROM json_each(?1))");
            let mut statement = conn.prepare_cached(&sql)?;
            let found = statement.query_map(params![listed(ids.iter().map(|id| id.0))], profile)?;
            in_order(&ids, found.map(|user| user.map(|user| (user.id, user))))
        })
        .await
    }

    async fn account(&self, id: UserId) -> Result<Option<Account>> {
        self.read(move |conn| Ok(account_at(conn, id)?.map(|(account, _)| account))).await
    }

    async fn credentials(&self, login: &str) -> Result<Option<Credentials>> {
        let login = login.to_owned();
        self.read(move |conn| {
            // A user name has no `@`, so the two never meet.
            let key = if login.contains('@') { "email" } else { "username" };
            let mut statement =
                conn.prepare_cached(&format!("SELECT {USER}, password_hash FROM users WHERE {key} = ?1"))?;
            let found = statement
                .query_row([login], |row| Ok(Credentials { user: profile(row)?, password_hash: row.get(12)? }));
            found.optional()
        })
        .await
    }

    async fn search_users(&self, words: &[String], cursor: Option<&str>, limit: usize) -> Result<Page<UserSummary>> {
        let (words, cursor) = (words.to_vec(), cursor.map(str::to_owned));
        self.read_far(move |conn| search(conn, &words, cursor.as_deref(), limit)).await
    }

    async fn all_users(&self, cursor: Option<&str>, limit: usize) -> Result<Page<User>> {
        let after: Option<i64> = cursor.map_or(Some(0), |cursor| cursor.parse().ok());
        let Some(after) = after else { return Ok(Page::whole(Vec::new())) };
        self.read(move |conn| {
            let mut statement =
                conn.prepare_cached(&format!("SELECT {USER} FROM users WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
            let found = statement.query_map([after, size(limit.saturating_add(1))], profile)?;
            let found = found.collect::<Result<Vec<_>>>()?;
            Ok(super::paged(found, limit, |last| last.id.to_string()))
        })
        .await
    }

    async fn update_user(
        &self,
        id: UserId,
        change: ProfileChange,
    ) -> Result<Result<Option<(Account, Event)>, UserRefusal>> {
        self.write(move |w| update(w, id, &change)).await
    }

    async fn set_password(&self, id: UserId, password_hash: String) -> Result<bool> {
        self.write(move |w| {
            let mut statement = w.prepare("UPDATE users SET password_hash = ?2 WHERE id = ?1")?;
            Ok(statement.execute(params![int(id.0), password_hash])? > 0)
        })
        .await
    }

    async fn set_disabled(&self, id: UserId, disabled: bool) -> Result<bool> {
        self.write(move |w| set_and_renew(w, id, "disabled", disabled.into())).await
    }

    async fn set_server_role(&self, id: UserId, role: ServerRole) -> Result<bool> {
        self.write(move |w| set_and_renew(w, id, "server_role", role.code())).await
    }

    async fn bots(&self, owner: UserId) -> Result<Vec<User>> {
        self.read(move |conn| {
            let sql = format!("SELECT {USER} FROM users WHERE bot_owner = ?1 AND bot_owner IS NOT NULL ORDER BY id");
            let mut statement = conn.prepare_cached(&sql)?;
            let found = statement.query_map([int(owner.0)], profile)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn has_owner(&self) -> Result<bool> {
        self.read(has_owner).await
    }

    async fn seen(&self, mut users: Vec<(UserId, Timestamp)>) -> Result<()> {
        // Two nodes that see the same people shall not wait for each other in a circle.
        users.sort_unstable();
        self.write(move |w| {
            let mut statement = w.prepare(
                "INSERT INTO last_seen (user_id, at)
                 SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM deletions WHERE user_id = ?1)
                 ON CONFLICT (user_id) DO UPDATE SET at = max(last_seen.at, ?2)",
            )?;
            for (user, at) in &users {
                statement.execute([int(user.0), at.0])?;
            }
            Ok(())
        })
        .await
    }

    async fn last_seen(&self, users: &[UserId]) -> Result<Vec<(UserId, Timestamp)>> {
        let users = users.to_vec();
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT user_id, at FROM last_seen JOIN users ON id = user_id
                 WHERE user_id IN (SELECT value FROM json_each(?1)) AND show_presence = 1",
            )?;
            let found = statement.query_map(params![listed(users.iter().map(|id| id.0))], |row| {
                Ok((UserId(uint(row, 0)?), time(row, 1)?))
            })?;
            in_order(&users, found.map(|seen| seen.map(|seen| (seen.0, seen))))
        })
        .await
    }
}

/// Sets one column of an account, and numbers the change if it is one. Returns whether there is such an account.
fn set_and_renew(w: &Writing<'_>, id: UserId, column: &str, value: i64) -> Result<bool> {
    let sql = format!("SELECT {column} FROM users WHERE id = ?1");
    let before: Option<i64> = w.prepare(&sql)?.query_row([int(id.0)], |row| row.get(0)).optional()?;
    if before.is_some_and(|before| before != value) {
        w.prepare(&format!("UPDATE users SET {column} = ?2 WHERE id = ?1"))?.execute([int(id.0), value])?;
        renew(w, id)?;
    }
    Ok(before.is_some())
}
