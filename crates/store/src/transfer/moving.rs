//! A server moves from SQLite to PostgreSQL, and lives on: with its epoch, its seqs, its ids and its keys, so that nobody has
//! to begin anew.
//!
//! Most of it can be brought over while the server goes on ([`ahead`]): then the move itself only has to find what has changed
//! since. From the beginning to the end a mark in the target keeps servers away from it. At the end the source gets one, and then the
//! target loses its own: at no moment may a server live in both.

use std::path::Path;

use rusqlite::{Connection as File, OpenFlags};

use super::mark::{self, Held, MOVED_TO, unmark};
use super::{Difference, Pair, Stretch, Tell};
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
    /// What a look at both sides is left for; all of it, before any was copied.
    unseen: Option<Vec<Stretch>>,
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

fn epoch(source: &Connection<'_>) -> Result<String> {
    get(source, "epoch")?.ok_or_else(|| refused("no server has ever used this database"))
}

fn mark_of(epoch: &str) -> String {
    format!("the move of epoch {epoch}")
}

fn refuse_damaged(source: &Connection<'_>) -> Result<()> {
    match findings::<Sqlite>(source)?.first() {
        Some(first) => Err(StoreError::Corrupt(format!("the database is damaged: {first}"))),
        None => Ok(()),
    }
}

impl Move {
    /// Begins to move, or goes on with it. The caller sees to it that no server uses the source.
    pub fn begin(from: &Path, to: &str) -> Result<Begun> {
        let from = source(from)?;
        let to = Target::open(to)?;
        let here = Connection::Sqlite(&from);
        let (epoch, moved) = (epoch(&here)?, get::<String>(&here, MOVED_TO)?);
        let mark = mark_of(&epoch);
        let resumed = match (mark::held(&to, &mark)?, moved) {
            (Held::Part, _) => true,
            (Held::Server(found), Some(_)) if found == epoch => return Ok(Begun::Done),
            (Held::Server(found), _) => return Err(mark::taken(&to, &found)),
            (Held::Nothing, Some(moved)) => return Err(refused(format!("this server was moved to {moved} already"))),
            (Held::Nothing, None) => false,
        };
        // What was begun was whole then.
        if !resumed {
            refuse_damaged(&here)?;
            to.begin(&mark)?;
        }
        from.execute_batch("BEGIN")?;
        Ok(Begun::Going(Box::new(Move { from, to, resumed, unseen: None })))
    }

    fn pair(&self) -> Result<Pair<'_>> {
        Pair::new(Connection::Sqlite(&self.from), self.to.conn())
    }

    /// Brings every row over that is not there yet.
    pub fn copy(&mut self, tell: Tell<'_>) -> Result<()> {
        self.unseen = Some(self.pair()?.copy(tell)?);
        Ok(())
    }

    /// Compares both sides, row by row, but for those that were the same already when they were to be copied.
    pub fn compare(&self) -> Result<Vec<Difference>> {
        let pair = self.pair()?;
        match &self.unseen {
            Some(unseen) => pair.compare(unseen),
            None => pair.compare(&pair.all()),
        }
    }

    /// From now on the server lives there.
    pub fn finish(self) -> Result<()> {
        self.to.settle()?;
        self.from.execute_batch("COMMIT")?;
        set(&Connection::Sqlite(&self.from), MOVED_TO, &self.to.name)?;
        self.to.open_to_servers(unmark)
    }
}

/// Brings rows over while a server goes on using the source: what it changes meanwhile is left for the move.
pub fn ahead(from: &Path, to: &str, tell: Tell<'_>) -> Result<()> {
    let from = sqlite::connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY, 64 * 1024)?;
    let here = Connection::Sqlite(&from);
    if migrations::version(&from)? != migrations::KNOWN {
        return Err(refused("a server of another version uses this database; use the program that serves it"));
    }
    mark::refuse_marked(&here)?;
    let to = Target::open(to)?;
    let epoch = epoch(&here)?;
    match mark::held(&to, &mark_of(&epoch))? {
        Held::Nothing => {
            refuse_damaged(&here)?;
            to.begin(&mark_of(&epoch))?;
        }
        Held::Part => {}
        Held::Server(found) => return Err(mark::taken(&to, &found)),
    }
    // Not all of it from one moment: the server could not empty its log meanwhile.
    Pair::new(here, to.conn())?.copy(tell).map(drop)
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
