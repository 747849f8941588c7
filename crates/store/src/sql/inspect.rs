//! Looking at a database without opening it as a store, for an operator.

use laserchat_protocol::Timestamp;

use super::{Connection, Database, OptionalRow, findings, get, head_of};
use crate::{Result, transfer};

/// What there is to know of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The version of the database; older than [`Inspection::known`] until a server migrates it.
    pub version: u32,
    /// The newest version that this program knows.
    pub known: u32,
    pub epoch: Option<String>,
    /// When the newest signing key was made: the present cannot be before it.
    pub newest_key: Option<Timestamp>,
    /// Why no server may use it, if so.
    pub closed: Option<String>,
    /// What is wrong; nothing if all is well.
    pub findings: Vec<String>,
}

pub fn inspect<D: Database>(conn: &Connection<'_>, version: u32, known: u32) -> Result<Inspection> {
    let mut found = Inspection { version, known, epoch: None, newest_key: None, closed: None, findings: Vec::new() };
    if version > 0 {
        found.closed = transfer::refuse_marked(conn).err().map(|error| error.to_string());
        found.epoch = get(conn, "epoch")?;
        let newest = "SELECT max(created_at) FROM signing_keys";
        let newest: Option<i64> = conn.query_row(newest, (), |row| row.get(0))?;
        found.newest_key = newest.map(Timestamp);
        found.findings = findings::<D>(conn)?;
    }
    Ok(found)
}

/// How many changes a follower has not taken yet. `None`: nobody of that name has ever followed.
pub fn lag(conn: &Connection<'_>, follower: &str) -> Result<Option<u64>> {
    let number = "SELECT id FROM followers WHERE name = ?1";
    let number: Option<i64> = conn.query_row(number, [follower], |row| row.get(0)).optional()?;
    let Some(number) = number else { return Ok(None) };
    let lag = concat!(
        "SELECT CAST(coalesce(sum(max(0, head - taken)), 0) AS BIGINT) FROM (SELECT coalesce(c.seq, 0) taken, ",
        head_of!("h"),
        " head FROM heads h
          LEFT JOIN follower_cursors c ON c.follower = ?1 AND c.conversation_id = h.conversation_id) behind"
    );
    let lag: i64 = conn.query_row(lag, [number], |row| row.get(0))?;
    Ok(Some(lag.max(0) as u64))
}
