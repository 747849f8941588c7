//! Leases, by the one clock that all holders share: the database's.

use std::time::Duration;

use async_trait::async_trait;
use laserchat_protocol::Timestamp;

use super::codes::uint;
use crate::Result;
use crate::contract::{Lease, Leases};
use crate::sql::{Connection, Database, OptionalRow, params};

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
            let mut held = Vec::new();
            for name in &names {
                let token = w
                    .prepare(
                        "INSERT INTO leases (name, holder, token, until) VALUES (?1, ?2, 1, ?3)
                         ON CONFLICT (name) DO UPDATE SET
                             token = leases.token + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END,
                             holder = excluded.holder, until = excluded.until
                         WHERE leases.holder = excluded.holder OR leases.until <= ?4
                         RETURNING token",
                    )?
                    .query_row(params![name, holder, now.saturating_add(lasts), now], |row| uint(row, 0))
                    .optional()?;
                held.extend(token.map(|token| Lease { name: name.clone(), token }));
            }
            Ok(held)
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
