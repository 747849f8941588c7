//! `laserchat backup`: a consistent copy of the database, while it is in use or not.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Outcome, Place, database, fail, say};

#[derive(clap::Args)]
pub struct Backup {
    /// The new file
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub fn run(command: &Backup) -> Outcome {
    let database = database(&command.place.load()?);
    if !database.is_file() {
        return fail(format!("there is no database at {}", database.display()));
    }
    // Nothing is opened for writing and nothing is migrated, so this is safe before an upgrade and beside any server.
    laserchat_store::sqlite::backup(&database, &command.file)?;
    let bytes = std::fs::metadata(&command.file)?.len();
    say(format!("{bytes} bytes written to {}", command.file.display()));
    Ok(ExitCode::SUCCESS)
}
