//! `laserchat backup`: a consistent copy of the database, while it is in use or not, and of the bytes of files.
//!
//! The bytes go to a folder `blobs` beside the copy of the database, which all backups there share: only what is new is
//! copied. They are copied before and after the database: before, so that what is deleted in the meantime is there, and
//! after, so that what has come is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use laserchat_store::sqlite;

use super::{Outcome, Place, database, fail, say};
use crate::blobs::{FOLDER, copy};

#[derive(clap::Args)]
pub struct Backup {
    /// The new file; the bytes of files go to a folder `blobs` beside it, which backups share
    file: PathBuf,
    /// Copy the database alone
    #[arg(long)]
    without_files: bool,
    #[command(flatten)]
    place: Place,
}

/// The folder of bytes that belongs to a backup.
pub fn beside(file: &Path) -> PathBuf {
    file.with_file_name(FOLDER)
}

pub fn run(command: &Backup) -> Outcome {
    let config = command.place.load()?;
    let database = database(&config);
    if !database.is_file() {
        return fail(format!("there is no database at {}", database.display()));
    }
    let (from, to) = (config.data.join(FOLDER), beside(&command.file));
    let with_files = !command.without_files && config.blobs.url.is_none();
    if with_files && !command.file.exists() {
        copy::copy(&from, &to, &sqlite::blobs(&database)?)?;
    }
    // Nothing is opened for writing and nothing is migrated, so this is safe before an upgrade and beside any server.
    sqlite::backup(&database, &command.file)?;
    let bytes = std::fs::metadata(&command.file)?.len();
    say(format!("{bytes} bytes written to {}", command.file.display()));
    let named = sqlite::blobs(&command.file)?;
    if let Some(url) = config.blobs.url.filter(|_| !named.is_empty()) {
        say(format!("The bytes of files are in {url}, which is not copied."));
    }
    if with_files {
        let copied = copy::copy(&from, &to, &named)?;
        if !named.is_empty() {
            say(format!("The bytes of {} file(s) are in {}", named.len() as u64 - copied.lost(), to.display()));
        }
        if copied.lost() > 0 {
            return fail(format!(
                "{} file(s) are missing from {} and {} are damaged: restore them from an older backup",
                copied.missing,
                from.display(),
                copied.damaged
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
