//! `laserchat backup`: a consistent copy of the database, while it is in use or not, and of the bytes of files.
//!
//! The copy is of the same form whether the database is SQLite or PostgreSQL, and can be restored into either. The bytes go
//! to a folder `blobs` beside the copy of the database, which all backups there share: only what is new is
//! copied. They are copied before and after the database: before, so that what is deleted in the meantime is there, and
//! after, so that what has come is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use laserchat_store::{postgres, sqlite, transfer};

use super::{Failure, Outcome, Place, database, fail, runtime, say};
use crate::blobs::copy::Copied;
use crate::blobs::{Blobs, FOLDER, copy, deliver};
use crate::config::Config;

#[derive(clap::Args)]
pub struct Backup {
    /// The new file; the bytes of files go to a folder `blobs` beside it, which backups share
    file: PathBuf,
    /// Copy the database alone
    #[arg(long)]
    without_files: bool,
    /// Copy the bytes of files from S3 too
    #[arg(long, conflicts_with = "without_files")]
    with_bucket: bool,
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
    if config.database.url.is_none() && !database.is_file() {
        return fail(format!("there is no database at {}", database.display()));
    }
    let to = beside(&command.file);
    let with_files = !command.without_files && (config.blobs.url.is_none() || command.with_bucket);
    if with_files && !command.file.exists() {
        let named = match &config.database.url {
            Some(url) => postgres::blobs(url)?,
            None => sqlite::blobs(&database)?,
        };
        bring(&config, &to, &named)?;
    }
    // Nothing is opened for writing and nothing is migrated, so this is safe before an upgrade and beside any server.
    match &config.database.url {
        Some(url) => transfer::backup(url, &command.file, &mut |_| {})?,
        None => sqlite::backup(&database, &command.file)?,
    }
    let bytes = std::fs::metadata(&command.file)?.len();
    say(format!("{bytes} bytes written to {}", command.file.display()));
    let named = sqlite::blobs(&command.file)?;
    if let Some(url) = config.blobs.url.as_ref().filter(|_| !named.is_empty() && !with_files) {
        say(format!("The bytes of files are in {url}, which is not copied."));
    }
    if with_files {
        let copied = bring(&config, &to, &named)?;
        if !named.is_empty() {
            say(format!("The bytes of {} file(s) are in {}", named.len() as u64 - copied.lost(), to.display()));
        }
        if copied.lost() > 0 {
            let from = config.blobs.url.clone().unwrap_or_else(|| config.data.join(FOLDER).display().to_string());
            return fail(format!(
                "{} file(s) are missing from {from} and {} are damaged: restore them from an older backup",
                copied.missing, copied.damaged
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Brings the bytes of these files from where the server keeps them.
fn bring(config: &Config, to: &Path, named: &[(laserchat_store::BlobName, u64)]) -> Result<Copied, Failure> {
    if config.blobs.url.is_none() {
        return Ok(copy::copy(&config.data.join(FOLDER), to, named)?);
    }
    let blobs = Blobs::new(config.blobs.clone(), &config.data);
    Ok(runtime()?.block_on(deliver::fetch(&blobs, to, named))?)
}
