//! `laserchat restore`: makes the database of an empty data folder, or an empty PostgreSQL database, from a backup.
//!
//! The bytes of files come from the folder `blobs` beside the backup, each compared with its name. They come first: when
//! they cannot be had, nothing is restored, unless that is what is wanted.
//!
//! The database gets a new epoch, so that clients who have seen more than the backup holds start afresh instead of living
//! in a past that did not happen. Whatever is there already is never overwritten.

use std::path::PathBuf;
use std::process::ExitCode;

use laserchat_store::{sqlite, transfer};

use super::backup::beside;
use super::{Failure, Outcome, Place, database, fail, migrate, runtime, say};
use crate::app::StartError;
use crate::blobs::copy::Copied;
use crate::blobs::{Blobs, FOLDER, copy, deliver};
use crate::config::Config;
use crate::server::{create_private, lock};

#[derive(clap::Args)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    /// Restore even where bytes of files are missing; messages keep their names, and reading them fails
    #[arg(long)]
    without_files: bool,
    #[command(flatten)]
    place: Place,
}

pub fn run(command: &Restore) -> Outcome {
    let config = command.place.load()?;
    if !command.file.is_file() {
        return fail(format!("there is no backup at {}", command.file.display()));
    }
    let unusable = |error| StartError::Data(config.data.clone(), error);
    create_private(&config.data).map_err(unusable)?;
    // No server may start on a folder that is half restored.
    let _lock = lock(&config.data).map_err(unusable)?;
    let database = database(&config);
    if config.database.url.is_none() && database.exists() {
        return fail(format!("{} exists already", database.display()));
    }
    let named = sqlite::blobs(&command.file)?;
    let copied = bring(&config, &command.file, &named)?;
    if copied.lost() > 0 && !command.without_files {
        return fail(format!(
            "of {} file(s), {} are missing from {} and {} are damaged; put that folder beside the backup, or say \
             --without-files to do without them",
            named.len(),
            copied.missing,
            beside(&command.file).display(),
            copied.damaged
        ));
    }
    if !named.is_empty() {
        say(format!("The bytes of {} of {} file(s) are restored.", named.len() as u64 - copied.lost(), named.len()));
    }
    let (place, epoch) = match &config.database.url {
        Some(url) => ("The database".to_owned(), transfer::restore(&command.file, url, &mut migrate::told)?),
        None => (database.display().to_string(), sqlite::restore(&command.file, &database)?),
    };
    say(format!("{place} is restored, as epoch {epoch}. Every client loads its conversations afresh."));
    Ok(ExitCode::SUCCESS)
}

/// Brings the bytes of these files to where the server keeps them. What is in a bucket already is kept.
fn bring(
    config: &Config,
    file: &std::path::Path,
    named: &[(laserchat_store::BlobName, u64)],
) -> Result<Copied, Failure> {
    let from = beside(file);
    if config.blobs.url.is_none() {
        return Ok(copy::copy(&from, &config.data.join(FOLDER), named)?);
    }
    let blobs = Blobs::new(config.blobs.clone(), &config.data);
    Ok(runtime()?.block_on(deliver::deliver(&from, &blobs, named, None, |_| {}))?)
}
