//! The store as a whole: epoch, keys, settings, kept answers, backup, restore and health.

use std::path::Path;

use async_trait::async_trait;
use laserchat_protocol::{Timestamp, UserId};

use super::codes::{Code, int, time, uint};
use super::writing::head_of;
use super::{Connection, Database, FromValue, OptionalRow, ToValue, Value, Writing, params};
use crate::contract::{Counts, KeptAnswer, SecretHash, Settings, SigningKey, System};
use crate::{Result, StoreError, transfer};

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn get<T: FromValue>(conn: &Connection<'_>, key: &str) -> Result<Option<T>> {
    let sql = match conn {
        Connection::Sqlite(_) => "SELECT value FROM meta WHERE key = ?1 AND value IS NOT NULL",
        // A column has one type there: whichever of the three holds it.
        Connection::Postgres(_) => "SELECT number, words, bytes FROM meta WHERE key = ?1",
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut column = 0;
    while row.get_ref(column)? == Value::Null && column < 2 {
        column += 1;
    }
    row.get(column)
}

pub(crate) fn set(conn: &Connection<'_>, key: &str, value: impl ToValue) -> Result<()> {
    let value = value.to_value();
    match conn {
        Connection::Sqlite(_) => {
            let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)";
            conn.execute(sql, params![key, value])?;
        }
        Connection::Postgres(_) => {
            let (mut number, mut words, mut bytes) = (Value::Null, Value::Null, Value::Null);
            match value {
                Value::Null => {}
                Value::Int(_) => number = value,
                Value::Text(_) => words = value,
                Value::Blob(_) => bytes = value,
            }
            let sql = "INSERT INTO meta (key, number, words, bytes) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT (key) DO UPDATE SET number = ?2, words = ?3, bytes = ?4";
            conn.execute(sql, params![key, number, words, bytes])?;
        }
    }
    Ok(())
}

/// A setting that is one of a few values. One that this program does not know is as good as none.
fn chosen<T: Code>(conn: &Connection<'_>, key: &str) -> Result<Option<T>> {
    let code = get::<i64>(conn, key)?;
    Ok(code.and_then(|code| T::VALUES.get(usize::try_from(code).ok()?).copied()))
}

fn add_key(conn: &Connection<'_>, key: &SigningKey) -> Result<()> {
    conn.prepare_cached("INSERT INTO signing_keys (kid, secret, created_at) VALUES (?1, ?2, ?3)")?.execute(params![
        key.kid,
        key.secret,
        key.created_at.0
    ])?;
    Ok(())
}

/// Gives a new database its epoch and its first signing key. Returns the epoch. Refuses where no server may live.
pub(crate) fn birth(conn: &Connection<'_>) -> Result<String> {
    transfer::refuse_marked(conn)?;
    if let Some(epoch) = get(conn, "epoch")? {
        return Ok(epoch);
    }
    let epoch = rebirth(conn)?;
    set(conn, "ping", 0)?;
    add_key(conn, &SigningKey { kid: hex(&random::<8>()?), secret: random()?, created_at: Timestamp::now() })?;
    Ok(epoch)
}

/// Begins a new life of a copied database. Returns its epoch.
pub(crate) fn rebirth(conn: &Connection<'_>) -> Result<String> {
    let epoch = hex(&random::<16>()?);
    set(conn, "epoch", &epoch)?;
    transfer::unmark(conn)?;
    Ok(epoch)
}

/// What is wrong with a database; nothing if all is well.
pub(crate) fn findings<D: Database>(conn: &Connection<'_>) -> Result<Vec<String>> {
    let mut found = D::damage(conn)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let rules = [
        (
            "a conversation's member count is wrong",
            "SELECT c.id FROM conversations c WHERE c.member_count <>
               (SELECT count(*) FROM members m WHERE m.conversation_id = c.id AND m.state = 0)",
        ),
        (
            "a conversation that is not deleted has no head",
            "SELECT c.id FROM conversations c LEFT JOIN heads h ON h.conversation_id = c.id
             WHERE c.deleted_at IS NULL AND h.seq IS NULL",
        ),
        (
            "a membership has a version that its user has not reached",
            "SELECT m.conversation_id FROM members m JOIN users u ON u.id = m.user_id WHERE m.version > u.version",
        ),
        (
            "a message has a change that its conversation has not come to",
            concat!(
                "SELECT m.id FROM messages m JOIN heads h ON h.conversation_id = m.conversation_id
                 WHERE m.changed <> m.seq AND m.changed > ",
                head_of!("h")
            ),
        ),
        (
            "a member has a change that the conversation has not come to",
            concat!(
                "SELECT m.conversation_id FROM members m JOIN heads h ON h.conversation_id = m.conversation_id
                 WHERE m.changed > ",
                head_of!("h")
            ),
        ),
        (
            "a follower is further than the conversation",
            concat!(
                "SELECT c.conversation_id FROM follower_cursors c JOIN heads h ON h.conversation_id = c.conversation_id
                 WHERE c.seq > ",
                head_of!("h")
            ),
        ),
    ];
    for (rule, sql) in rules {
        let mut statement = conn.prepare_cached(sql)?;
        let broken = statement.query_map((), |row| row.get(0))?.collect::<Result<Vec<i64>>>()?;
        found.extend(broken.into_iter().map(|id| format!("{rule}: {id}")));
    }
    Ok(found)
}

fn keep(w: &Writing<'_>, user: UserId, key: &str, answer: &KeptAnswer, now: Timestamp) -> Result<()> {
    w.prepare("DELETE FROM kept_answers WHERE kept_at < ?1")?.execute([super::days_before(now, 1)])?;
    w.prepare(
        "INSERT INTO kept_answers (user_id, key, request, status, body, kept_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (user_id, key) DO UPDATE SET request = excluded.request, status = excluded.status,
           body = excluded.body, kept_at = excluded.kept_at",
    )?
    .execute(params![int(user.0), key, answer.request, answer.status, answer.body, now.0])?;
    Ok(())
}

#[async_trait]
impl<D: Database> System for D {
    fn epoch(&self) -> String {
        Database::epoch(self)
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT kid, secret, created_at FROM signing_keys ORDER BY created_at DESC, kid")?;
            let found = statement.query_map((), |row| {
                Ok(SigningKey { kid: row.get(0)?, secret: row.get(1)?, created_at: time(row, 2)? })
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn add_signing_key(&self, key: SigningKey) -> Result<()> {
        self.write(move |w| add_key(w.conn, &key)).await
    }

    async fn settings(&self) -> Result<Settings> {
        self.read(|conn| {
            Ok(Settings {
                name: get(conn, "name")?,
                registration: chosen(conn, "registration")?,
                custom_emoji: chosen(conn, "custom_emoji")?,
            })
        })
        .await
    }

    async fn set_settings(&self, settings: Settings) -> Result<()> {
        self.write(move |w| {
            set(w.conn, "name", &settings.name)?;
            set(w.conn, "registration", settings.registration.map(Code::code))?;
            set(w.conn, "custom_emoji", settings.custom_emoji.map(Code::code))
        })
        .await
    }

    async fn set_owner_code(&self, code: SecretHash) -> Result<()> {
        self.write(move |w| set(w.conn, "owner_code", code)).await
    }

    async fn owner_code(&self) -> Result<Option<SecretHash>> {
        self.read(|conn| get(conn, "owner_code")).await
    }

    async fn kept_answer(&self, user: UserId, key: &str) -> Result<Option<KeptAnswer>> {
        let key = key.to_owned();
        self.read(move |conn| {
            let mut statement =
                conn.prepare_cached("SELECT request, status, body FROM kept_answers WHERE user_id = ?1 AND key = ?2")?;
            let found = statement.query_row(params![int(user.0), key], |row| {
                Ok(KeptAnswer { request: row.get(0)?, status: row.get(1)?, body: row.get(2)? })
            });
            found.optional()
        })
        .await
    }

    async fn keep_answer(&self, user: UserId, key: &str, answer: KeptAnswer, now: Timestamp) -> Result<()> {
        let key = key.to_owned();
        self.write(move |w| keep(w, user, &key, &answer, now)).await
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        Database::backup(self, to).await
    }

    async fn check(&self) -> Result<Vec<String>> {
        self.read(findings::<D>).await
    }

    async fn ping(&self) -> Result<()> {
        self.write(|w| set(w.conn, "ping", Timestamp::now().0)).await
    }

    async fn counts(&self) -> Result<Counts> {
        self.read(|conn| {
            let count = |sql: &str| -> Result<u64> { Ok(conn.query_row(sql, (), |row| uint(row, 0))?) };
            Ok(Counts {
                users: count("SELECT count(*) FROM users")?,
                conversations: count("SELECT count(*) FROM heads")?,
                messages: count("SELECT count(*) FROM messages")?,
                bytes: D::bytes(conn)?,
            })
        })
        .await
    }
}
