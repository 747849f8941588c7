//! Backups of a PostgreSQL database, which are SQLite databases: the same file whatever it is a backup of, restored into
//! either.

use std::path::{Path, PathBuf};

use rusqlite::{Connection as File, OpenFlags};

use super::mark::{self, Held};
use super::{Pair, Tell};
use crate::postgres::{Source, Target};
use crate::sql::{Connection, findings, get, rebirth};
use crate::sqlite::copy::{partial, refuse_existing, settle};
use crate::sqlite::{self, Sqlite, migrations};
use crate::{Result, StoreError};

/// Writes a copy of a database, as it is at one moment, to a new file, while it is in use or not. Nothing is migrated.
pub fn backup(from: &str, to: &Path, tell: Tell<'_>) -> Result<()> {
    refuse_existing(to)?;
    let from = Source::open(from)?;
    mark::refuse_marked(&from.conn())?;
    let partial = partial(to);
    forget(&partial)?;
    sqlite::private_file(&partial)?;
    let mut file = File::open(&partial)?;
    // What breaks off is thrown away.
    file.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    file.pragma_update(None, "synchronous", "OFF")?;
    migrations::migrate(&mut file)?;
    copy(&Pair::new(from.conn(), Connection::Sqlite(&file))?, tell)?;
    file.close().map_err(|(_, error)| error)?;
    settle(&partial, to)
}

/// Makes a store in an empty database of a backup, as a new life: clients that know more than the backup drop what they
/// hold. Refuses when there is one already, and goes on where it was interrupted. Returns the new epoch.
pub fn restore(from: &Path, to: &str, tell: Tell<'_>) -> Result<String> {
    let backup = source(from)?;
    let to = Target::open(to)?;
    let here = Connection::Sqlite(&backup.file);
    let epoch: String = get(&here, "epoch")?.ok_or_else(|| StoreError::Corrupt("it is no backup".into()))?;
    if let Some(first) = findings::<Sqlite>(&here)?.first() {
        return Err(StoreError::Corrupt(format!("the backup is damaged: {first}")));
    }
    let mark = format!("a restored backup of epoch {epoch}");
    match mark::held(&to, &mark)? {
        Held::Nothing => to.begin(&mark)?,
        Held::Part => {}
        Held::Server(found) => return Err(mark::taken(&to, &found)),
    }
    copy(&Pair::new(here, to.conn())?, tell)?;
    to.settle()?;
    to.open_to_servers(rebirth)
}

/// Copies all of it, and reads what it wrote once more, from the same moment.
fn copy(pair: &Pair<'_>, tell: Tell<'_>) -> Result<()> {
    let written = pair.copy(tell)?;
    match pair.compare(&written)?.first() {
        Some(first) => Err(StoreError::Corrupt(format!("the copy is not what it should be: {first}"))),
        None => Ok(()),
    }
}

fn forget(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Unavailable(error.to_string())),
        _ => Ok(()),
    }
}

/// A backup as this program's version has it: the file itself, or a copy of an older one that is deleted in the end.
struct Backup {
    file: File,
    copied: Option<PathBuf>,
}

impl Drop for Backup {
    fn drop(&mut self) {
        if let Some(copied) = &self.copied {
            let _ = std::fs::remove_file(copied);
        }
    }
}

fn source(path: &Path) -> Result<Backup> {
    let file = sqlite::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY, 8 * 1024)?;
    match migrations::version(&file)? {
        0 => Err(StoreError::Corrupt(format!("{} is not a backup", path.display()))),
        migrations::KNOWN => Ok(Backup { file, copied: None }),
        _ => {
            let copied = partial(path);
            sqlite::copy::copy(&file, &copied)?;
            let mut copy = Backup { file: File::open(&copied)?, copied: Some(copied) };
            migrations::migrate(&mut copy.file)?;
            Ok(copy)
        }
    }
}
