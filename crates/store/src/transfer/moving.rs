//! A server moves from SQLite to PostgreSQL, and lives on: with its epoch, its seqs, its ids and its keys, so that nobody has
//! to begin anew.
//!
//! From the beginning to the end a mark in the target keeps servers away from it. At the end the source gets one, and then the
//! target loses its own: at no moment may a server live in both.

use std::path::Path;

use rusqlite::Connection as File;

use super::mark::{MOVED_TO, MOVING, unmark};
use super::{Difference, Pair, Tell};
use crate::postgres::Target;
use crate::sql::{Connection, findings, get, rebirth, set};
use crate::sqlite::{self, Sqlite, migrations};
use crate::{Result, StoreError};

/// A move that is under way.
pub struct Move {
    from: File,
    to: Target,
    /// Some of it was done before.
    pub resumed: bool,
}

/// What there is to do.
pub enum Begun {
    Going(Box<Move>),
    /// Nothing: all of it was done before.
    Done,
}

fn refused(why: impl Into<String>) -> StoreError {
    StoreError::Unavailable(why.into())
}

/// Opens the source as a server does, which no server may do meanwhile.
fn source(path: &Path) -> Result<File> {
    if !path.is_file() {
        return Err(refused(format!("there is no database at {}", path.display())));
    }
    let mut file = sqlite::connect_writer(path, 64 * 1024)?;
    migrations::migrate(&mut file)?;
    Ok(file)
}

impl Move {
    /// Begins to move, or goes on with it. The caller sees to it that no server uses the source.
    pub fn begin(from: &Path, to: &str) -> Result<Begun> {
        let from = source(from)?;
        let to = Target::open(to)?;
        let here = Connection::Sqlite(&from);
        let there = to.conn();
        let epoch: Option<String> = get(&here, "epoch")?;
        let Some(epoch) = epoch else { return Err(refused("no server has ever used this database")) };
        let moved: Option<String> = get(&here, MOVED_TO)?;
        let mark = format!("the move of epoch {epoch}");
        let resumed = match (get::<String>(&there, MOVING)?, get::<String>(&there, "epoch")?) {
            (Some(found), _) if found == mark => true,
            (Some(found), _) => {
                return Err(refused(format!("{} holds a part of something else: {found}; use an empty one", to.name)));
            }
            (None, Some(found)) if found == epoch && moved.is_some() => return Ok(Begun::Done),
            (None, Some(found)) => {
                return Err(refused(format!("{} holds a server already, of epoch {found}; use an empty one", to.name)));
            }
            (None, None) => match moved {
                Some(moved) => return Err(refused(format!("this server was moved to {moved} already"))),
                None => false,
            },
        };
        if let Some(first) = findings::<Sqlite>(&here)?.first() {
            return Err(StoreError::Corrupt(format!("the database is damaged: {first}")));
        }
        if !resumed {
            to.begin(&mark)?;
        }
        from.execute_batch("BEGIN")?;
        Ok(Begun::Going(Box::new(Move { from, to, resumed })))
    }

    fn pair(&self) -> Result<Pair<'_>> {
        Pair::new(Connection::Sqlite(&self.from), self.to.conn())
    }

    /// Brings every row over that is not there yet.
    pub fn copy(&self, tell: Tell<'_>) -> Result<()> {
        self.pair()?.copy(tell)
    }

    /// Compares every row of both sides.
    pub fn compare(&self, tell: Tell<'_>) -> Result<Vec<Difference>> {
        self.pair()?.compare(tell)
    }

    /// From now on the server lives there.
    pub fn finish(self) -> Result<()> {
        self.to.settle()?;
        self.from.execute_batch("COMMIT")?;
        set(&Connection::Sqlite(&self.from), MOVED_TO, &self.to.name)?;
        self.to.open_to_servers(unmark)
    }
}

/// Lets a server live here again that was moved, as a new life: what was written elsewhere since is not here, and clients
/// that know of it must not believe in it. Returns the new epoch; nothing, if it was not moved.
pub fn undo(path: &Path) -> Result<Option<String>> {
    let file = source(path)?;
    let conn = Connection::Sqlite(&file);
    if get::<String>(&conn, MOVED_TO)?.is_none() {
        return Ok(None);
    }
    conn.batch("BEGIN IMMEDIATE")?;
    let epoch = rebirth(&conn)?;
    conn.batch("COMMIT")?;
    Ok(Some(epoch))
}
