//! The store as a whole: epoch, keys, settings, kept answers, backup, restore and health.

use std::fs::File;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use laserchat_protocol::{Timestamp, UserId};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags, OptionalExtension, ToSql, TransactionBehavior, params};

use super::codes::{Code, int, time, uint};
use super::writer::Writing;
use super::{Sqlite, connect, migrations};
use crate::contract::{Counts, KeptAnswer, SecretHash, Settings, SigningKey, System};
use crate::{Result, StoreError};

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn get<T: FromSql>(conn: &Connection, key: &str) -> Result<Option<T>> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1 AND value IS NOT NULL")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(super) fn set(conn: &Connection, key: &str, value: impl ToSql) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?.execute(params![key, value])?;
    Ok(())
}

/// A setting that is one of a few values. One that this program does not know is as good as none.
fn chosen<T: Code>(conn: &Connection, key: &str) -> Result<Option<T>> {
    let code = get::<i64>(conn, key)?;
    Ok(code.and_then(|code| T::VALUES.get(usize::try_from(code).ok()?).copied()))
}

fn add_key(conn: &Connection, key: &SigningKey) -> Result<()> {
    conn.prepare_cached("INSERT INTO signing_keys (kid, secret, created_at) VALUES (?1, ?2, ?3)")?.execute(params![
        key.kid,
        key.secret,
        key.created_at.0
    ])?;
    Ok(())
}

/// Gives a new database its epoch and its first signing key. Returns the epoch.
pub(super) fn birth(conn: &mut Connection) -> Result<String> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let epoch = match get(&tx, "epoch")? {
        Some(epoch) => epoch,
        None => {
            let epoch = hex(&random::<16>()?);
            set(&tx, "epoch", &epoch)?;
            set(&tx, "ping", 0)?;
            add_key(&tx, &SigningKey { kid: hex(&random::<8>()?), secret: random()?, created_at: Timestamp::now() })?;
            epoch
        }
    };
    tx.commit()?;
    Ok(epoch)
}

/// Begins a new life of a copied database. Returns its epoch.
pub(super) fn rebirth(conn: &Connection) -> Result<String> {
    let epoch = hex(&random::<16>()?);
    set(conn, "epoch", &epoch)?;
    Ok(epoch)
}

fn failed(error: std::io::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// The file that a copy is written to before it is whole.
fn partial(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// Makes a file and its name durable, under its final name.
fn settle(from: &Path, to: &Path) -> Result<()> {
    File::open(from).and_then(|file| file.sync_all()).map_err(failed)?;
    std::fs::rename(from, to).map_err(failed)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn refuse_existing(to: &Path) -> Result<()> {
    let beside = |suffix: &str| {
        let mut name = to.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    for path in [to.to_owned(), beside("-wal"), beside("-shm")] {
        if path.try_exists().map_err(failed)? {
            return Err(StoreError::Unavailable(format!("{} exists already", path.display())));
        }
    }
    Ok(())
}

/// Copies a database as it is at one moment. What is left of an earlier, broken copy is replaced.
fn copy(conn: &Connection, to: &Path) -> Result<()> {
    if to.try_exists().map_err(failed)? {
        std::fs::remove_file(to).map_err(failed)?;
    }
    let name = to.to_str().ok_or_else(|| StoreError::Unavailable("the path of a copy must be UTF-8".into()))?;
    super::private_file(to)?;
    conn.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}

/// Writes a consistent copy of a database to a new file, whether it is in use or not. Nothing is migrated.
pub fn backup(from: &Path, to: &Path) -> Result<()> {
    refuse_existing(to)?;
    let partial = partial(to);
    copy(&connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY, 1024)?, &partial)?;
    settle(&partial, to)
}

/// What is wrong with a database; nothing if all is well.
pub(super) fn findings(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare("PRAGMA integrity_check")?;
    let lines = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let mut found: Vec<String> = lines.into_iter().filter(|line| line != "ok").collect();
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
    ];
    for (rule, sql) in rules {
        let mut statement = conn.prepare(sql)?;
        let broken = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
        found.extend(broken.into_iter().map(|id| format!("{rule}: {id}")));
    }
    Ok(found)
}

/// Makes a database of a backup, as a new life of the store: clients that know more than the backup drop what they
/// hold. Refuses when there is a database already. Returns the new epoch.
pub fn restore(from: &Path, to: &Path) -> Result<String> {
    refuse_existing(to)?;
    let source = connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY, 1024)?;
    if migrations::version(&source)? == 0 {
        return Err(StoreError::Corrupt(format!("{} is not a backup", from.display())));
    }
    if let Some(first) = findings(&source)?.first() {
        return Err(StoreError::Corrupt(format!("the backup is damaged: {first}")));
    }
    let partial = partial(to);
    copy(&source, &partial)?;
    let made = Connection::open(&partial)?;
    let epoch = rebirth(&made)?;
    made.close().map_err(|(_, error)| error)?;
    settle(&partial, to)?;
    Ok(epoch)
}

fn keep(w: &Writing<'_>, user: UserId, key: &str, answer: &KeptAnswer, now: Timestamp) -> Result<()> {
    w.prepare("DELETE FROM kept_answers WHERE kept_at < ?1")?.execute([super::days_before(now, 1)])?;
    w.prepare(
        "INSERT OR REPLACE INTO kept_answers (user_id, key, request, status, body, kept_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![int(user.0), key, answer.request, answer.status, answer.body, now.0])?;
    Ok(())
}

#[async_trait]
impl System for Sqlite {
    fn epoch(&self) -> String {
        self.epoch.clone()
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT kid, secret, created_at FROM signing_keys ORDER BY created_at DESC, kid")?;
            let found = statement.query_map([], |row| {
                Ok(SigningKey { kid: row.get(0)?, secret: row.get(1)?, created_at: time(row, 2)? })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
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
            Ok(found.optional()?)
        })
        .await
    }

    async fn keep_answer(&self, user: UserId, key: &str, answer: KeptAnswer, now: Timestamp) -> Result<()> {
        let key = key.to_owned();
        self.write(move |w| keep(w, user, &key, &answer, now)).await
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        if self.inline.is_some() {
            return Err(StoreError::Unavailable("a store in memory has no backup".into()));
        }
        let (from, to) = (self.path.clone(), to.to_owned());
        let done = tokio::task::spawn_blocking(move || backup(&from, &to)).await;
        done.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    async fn check(&self) -> Result<Vec<String>> {
        self.read(findings).await
    }

    async fn ping(&self) -> Result<()> {
        self.write(|w| set(w.conn, "ping", Timestamp::now().0)).await
    }

    async fn counts(&self) -> Result<Counts> {
        self.read(|conn| {
            let count = |sql: &str| -> Result<u64> { Ok(conn.query_row(sql, [], |row| uint(row, 0))?) };
            Ok(Counts {
                users: count("SELECT count(*) FROM users")?,
                conversations: count("SELECT count(*) FROM heads")?,
                messages: count("SELECT count(*) FROM messages")?,
                bytes: count("PRAGMA page_count")?.saturating_mul(count("PRAGMA page_size")?),
            })
        })
        .await
    }
}
