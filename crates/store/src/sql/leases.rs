//! Leases, by the one clock that all holders share: the database's.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use async_trait::async_trait;
use laserchat_protocol::Timestamp;

use super::codes::uint;
use super::value::Value;
use super::writing::Writing;
use crate::Result;
use crate::contract::{Lease, Leases};
use crate::sql::{Connection, Database, params};

/// The database's time.
fn now(conn: &Connection<'_>) -> Result<i64> {
    match conn {
        // Only one process has it open, so that process's clock is as good as any.
        Connection::Sqlite(_) => Ok(Timestamp::now().0),
        Connection::Postgres(_) => {
            let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
            Ok(conn.query_row(sql, (), |row| row.get(0))?)
        }
    }
}

/// Which of the leases nobody else holds. A node asks every moment for what others do, and mostly in vain: then nothing is
/// written, and no row is locked.
fn free<'n>(conn: &Connection<'_>, holder: &str, names: &'n [String], now: i64) -> Result<Vec<&'n str>> {
    // In an order that is the same for everybody.
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    if names.len() < 2 {
        return Ok(names.into_iter().collect());
    }
    let places: Vec<String> = (3..names.len() + 3).map(|number| format!("?{number}")).collect();
    let places = places.join(", ");
    let sql = format!("SELECT name FROM leases WHERE holder <> ?1 AND until > ?2 AND name IN ({places})");
    let values: Vec<Value<'_>> =
        [Value::Text(holder), Value::Int(now)].into_iter().chain(names.iter().map(|name| Value::Text(name))).collect();
    let mut statement = conn.prepare_cached(&sql)?;
    let taken = statement.query_map(values.as_slice(), |row| row.get::<String>(0))?.collect::<Result<HashSet<_>>>()?;
    Ok(names.into_iter().filter(|name| !taken.contains(*name)).collect())
}

/// Takes, or renews, those of the leases that nobody else has taken meanwhile: all with one statement.
fn take(w: &Writing<'_>, holder: &str, names: &[&str], now: i64, until: i64) -> Result<Vec<Lease>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<String> = (4..names.len() + 4).map(|number| format!("(?{number}, ?1, 1, ?2)")).collect();
    let rows = rows.join(", ");
    let sql = format!(
        "INSERT INTO leases (name, holder, token, until) VALUES {rows}
         ON CONFLICT (name) DO UPDATE SET
             token = leases.token + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END,
             holder = excluded.holder, until = excluded.until
         WHERE leases.holder = excluded.holder OR leases.until <= ?3
         RETURNING name, token"
    );
    let values: Vec<Value<'_>> = [Value::Text(holder), Value::Int(until), Value::Int(now)]
        .into_iter()
        .chain(names.iter().map(|name| Value::Text(name)))
        .collect();
    let mut statement = w.prepare(&sql)?;
    let held = statement.query_map(values.as_slice(), |row| Ok(Lease { name: row.get(0)?, token: uint(row, 1)? }))?;
    held.collect()
}

#[async_trait]
impl<D: Database> Leases for D {
    fn alone(&self) -> bool {
        Database::alone(self)
    }

    async fn time(&self) -> Result<Option<Timestamp>> {
        if Database::alone(self) {
            return Ok(None);
        }
        self.read(|conn| now(conn).map(|now| Some(Timestamp(now)))).await
    }

    async fn lease(&self, holder: &str, names: &[String], duration: Duration) -> Result<Vec<Lease>> {
        let (holder, names) = (holder.to_owned(), names.to_vec());
        let lasts = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        self.write(move |w| {
            let now = now(w.conn)?;
            let free = free(w.conn, &holder, &names, now)?;
            take(w, &holder, &free, now, now.saturating_add(lasts))
        })
        .await
    }

    async fn release(&self, holder: &str, names: &[String]) -> Result<()> {
        let (holder, names) = (holder.to_owned(), names.to_vec());
        self.write(move |w| {
            for name in &names {
                w.prepare("UPDATE leases SET until = 0, holder = '' WHERE name = ?1 AND holder = ?2")?
                    .execute(params![name, holder])?;
            }
            Ok(())
        })
        .await
    }
}
