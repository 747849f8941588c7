//! `laserchat restore`: makes the database of an empty data folder from a backup.
//!
//! The database gets a new epoch, so that clients who have seen more than the backup holds start afresh instead of living
//! in a past that did not happen. Whatever is in the folder already is never overwritten.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Outcome, Place, database, fail, say};
use crate::app::StartError;
use crate::server::{create_private, lock};

#[derive(clap::Args)]
pub struct Restore {
    /// The backup
    file: PathBuf,
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
    let epoch = laserchat_store::sqlite::restore(&command.file, &database)?;
    say(format!("{} is restored, as epoch {epoch}. Every client loads its conversations afresh.", database.display()));
    Ok(ExitCode::SUCCESS)
}
