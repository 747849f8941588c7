//! Transfer: all rows of a store into another database, whichever of the two databases each of them is.
//!
//! It stands on one thing: the rows of a table in the order of its key, which both databases agree on ([`rows`]). Copying walks
//! through both sides in that order, a stretch at a time, and replaces what differs, each stretch in one transaction. So how far
//! a transfer has come is said by what is there: it may be broken off anywhere, and going on is the same as beginning. So most
//! of it can be copied while the source is in use ([`ahead`]), and only the rest when it is not. What a walk found to be the
//! same needs no second look; what it wrote is read back at the end, from both sides ([`Pair::compare`]).
//!
//! Which tables there are, with their columns and keys, is asked of the databases ([`table`]), so that a new table is carried
//! over like the others. What is not carried over is the index of search, which is spelled differently in each database:
//! its follower makes it anew.
//!
//! | from | to | |
//! | --- | --- | --- |
//! | SQLite | PostgreSQL | a server moves, and lives on ([`Move`]) |
//! | PostgreSQL | SQLite | a backup ([`backup`]), which is of the same form whatever it is a backup of |
//! | SQLite | PostgreSQL | a backup is restored, as a new life ([`restore`]) |

mod backup;
mod mark;
mod moving;
mod rows;
mod table;

use crate::sql::Connection;
use crate::{Result, StoreError};
use rows::{Cell, Range, Rows};
use table::Table;

pub use backup::{backup, restore};
pub(crate) use mark::{MOVING, refuse_marked, unmark};
pub use moving::{Begun, Move, ahead, undo};

/// The follower that makes the index of search: how far it has come is not carried over, so that it begins anew.
pub const INDEXER: &str = "search";

/// Rows that are carried over at once, and bytes after which there are no more.
const STRETCH: usize = 1000;
const STRETCH_BYTES: usize = 4 << 20;
/// Differences that are told; there may be more.
const TOLD: usize = 100;

/// How far a transfer has come in one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub table: String,
    /// The number of this table, and of all tables.
    pub number: usize,
    pub of: usize,
    pub rows: u64,
    /// Rows that were not there before.
    pub written: u64,
    /// This is all of the table.
    pub whole: bool,
}

/// Who is told how a transfer goes.
pub type Tell<'t> = &'t mut dyn FnMut(&Progress);

/// A row that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub table: String,
    pub key: String,
    /// Columns that differ; none, when the row is missing on one side.
    pub columns: Vec<String>,
    pub wrong: Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooMany,
    Different,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Difference { table, key, columns, wrong } = self;
        match wrong {
            Wrong::Missing => write!(f, "{table}: {key} is missing"),
            Wrong::TooMany => write!(f, "{table}: {key} should not be there"),
            Wrong::Different => write!(f, "{table}: {key} differs in {}", columns.join(", ")),
        }
    }
}

/// Rows of a table that follow each other: those after a key, up to another.
#[derive(Debug, Clone)]
struct Stretch {
    /// Its number among the tables of the pair.
    table: usize,
    after: Option<Vec<Cell>>,
    upto: Option<Vec<Cell>>,
}

impl Stretch {
    fn range(&self) -> Range<'_> {
        Range { after: self.after.as_deref(), upto: self.upto.as_deref() }
    }
}

/// A source and a target, and the tables that both have.
pub(crate) struct Pair<'c> {
    from: Connection<'c>,
    to: Connection<'c>,
    tables: Vec<Table>,
}

impl<'c> Pair<'c> {
    pub fn new(from: Connection<'c>, to: Connection<'c>) -> Result<Pair<'c>> {
        Ok(Pair { from, to, tables: table::common(&from, &to)? })
    }

    /// All rows.
    fn all(&self) -> Vec<Stretch> {
        (0..self.tables.len()).map(|table| Stretch { table, after: None, upto: None }).collect()
    }

    /// Makes the target's rows those of the source. Returns where it had to.
    fn copy(&self, tell: Tell<'_>) -> Result<Vec<Stretch>> {
        let mut written = Vec::new();
        for (at, table) in self.tables.iter().enumerate() {
            let told = |error: StoreError| match error {
                StoreError::Unavailable(why) => StoreError::Unavailable(format!("table {}: {why}", table.name)),
                StoreError::Corrupt(why) => StoreError::Corrupt(format!("table {}: {why}", table.name)),
                newer @ StoreError::TooNew { .. } => newer,
            };
            if let Err(error) = self.copy_table(at, table, tell, &mut written) {
                // What is left of a source that was used since may stand in the way of a row that comes later.
                let Connection::Postgres(link) = self.to else { return Err(told(error)) };
                if !link.met_another() {
                    return Err(told(error));
                }
                in_one(&self.to, || rows::delete(&self.to, table, Range::ALL))?;
                self.copy_table(at, table, tell, &mut written).map_err(told)?;
            }
        }
        Ok(written)
    }

    fn copy_table(&self, at: usize, table: &Table, tell: Tell<'_>, written: &mut Vec<Stretch>) -> Result<()> {
        let (number, of) = (at + 1, self.tables.len());
        let mut progress = Progress { table: table.name.clone(), number, of, rows: 0, written: 0, whole: false };
        self.walk(table, Range::ALL, |range, wanted, there, whole| {
            if wanted != there {
                in_one(&self.to, || {
                    if !there.is_empty() {
                        rows::delete(&self.to, table, range)?;
                    }
                    rows::write(&self.to, table, wanted)
                })?;
                let key = |key: Option<&[Cell]>| key.map(<[Cell]>::to_vec);
                let (after, upto) = (key(range.after), key(range.upto));
                match written.last_mut() {
                    Some(last) if last.table == at && after.is_some() && last.upto == after => last.upto = upto,
                    _ => written.push(Stretch { table: at, after, upto }),
                }
                progress.written += wanted.len() as u64;
            }
            progress.rows += wanted.len() as u64;
            progress.whole = whole;
            tell(&progress);
            Ok(())
        })
    }

    /// What is not the same on both sides, row by row; the first of it, if it is much.
    fn compare(&self, stretches: &[Stretch]) -> Result<Vec<Difference>> {
        let mut found = Vec::new();
        for stretch in stretches {
            let table = &self.tables[stretch.table];
            self.walk(table, stretch.range(), |_, wanted, there, _| {
                if wanted != there && found.len() < TOLD {
                    differences(table, wanted, there, &mut found);
                }
                Ok(())
            })?;
        }
        found.truncate(TOLD);
        Ok(found)
    }

    /// Shows the rows of a table within a range, a stretch at a time: those of the source, those of the target in the same
    /// range, and whether it is the last.
    fn walk(
        &self,
        table: &Table,
        within: Range<'_>,
        mut show: impl FnMut(Range<'_>, &Rows, &Rows, bool) -> Result<()>,
    ) -> Result<()> {
        let mut after = within.after.map(<[Cell]>::to_vec);
        loop {
            let from = Range { after: after.as_deref(), ..within };
            let (wanted, more) = rows::read(&self.from, table, from, STRETCH, STRETCH_BYTES)?;
            let last = wanted.last().filter(|_| more).map(|row| table.key_of(row).to_vec());
            let range = Range { after: after.as_deref(), upto: last.as_deref().or(within.upto) };
            let (there, _) = rows::read(&self.to, table, range, wanted.len() + 1, usize::MAX)?;
            show(range, &wanted, &there, last.is_none())?;
            match last {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
    }
}

/// Does something in one transaction.
fn in_one(conn: &Connection<'_>, work: impl FnOnce() -> Result<()>) -> Result<()> {
    conn.batch("BEGIN")?;
    match work() {
        Ok(()) => conn.batch("COMMIT"),
        Err(error) => {
            // What matters is what went wrong first.
            let _ = conn.batch("ROLLBACK");
            Err(error)
        }
    }
}

/// Both sides are in the order of their keys.
fn differences(table: &Table, wanted: &Rows, there: &Rows, found: &mut Vec<Difference>) {
    let mut told = |row: &[Cell], wrong, columns| {
        let key = table.key_of(row).iter().map(Cell::to_string).collect::<Vec<_>>().join(", ");
        found.push(Difference { table: table.name.clone(), key, columns, wrong });
    };
    let (mut wanted, mut there) = (wanted.iter().peekable(), there.iter().peekable());
    loop {
        match (wanted.peek(), there.peek()) {
            (None, None) => return,
            (Some(row), None) => {
                told(row, Wrong::Missing, Vec::new());
                wanted.next();
            }
            (None, Some(row)) => {
                told(row, Wrong::TooMany, Vec::new());
                there.next();
            }
            (Some(one), Some(other)) => match table.key_of(one).cmp(table.key_of(other)) {
                std::cmp::Ordering::Less => {
                    told(one, Wrong::Missing, Vec::new());
                    wanted.next();
                }
                std::cmp::Ordering::Greater => {
                    told(other, Wrong::TooMany, Vec::new());
                    there.next();
                }
                std::cmp::Ordering::Equal => {
                    let cells = one.iter().zip(other.iter()).zip(&table.columns);
                    let columns: Vec<_> =
                        cells.filter(|((one, other), _)| one != other).map(|(_, name)| name.clone()).collect();
                    if !columns.is_empty() {
                        told(one, Wrong::Different, columns);
                    }
                    wanted.next();
                    there.next();
                }
            },
        }
    }
}
