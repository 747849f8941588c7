//! `laserchat migrate`: moves a server from the SQLite database in its data folder to PostgreSQL, and its files to S3 where
//! that is configured.
//!
//! The server is stopped meanwhile, and lives on afterwards as if it had been paused: the same epoch, ids, seqs and keys. It
//! may be interrupted anywhere and started again. Nothing in the data folder is changed but for a mark at the end, which keeps
//! servers from living on in a past that others have left.

use std::path::Path;
use std::process::ExitCode;

use laserchat_store::sqlite;
use laserchat_store::transfer::{self, Begun, Move, Progress};

use super::{Failure, Outcome, Place, database, fail, runtime, say};
use crate::app::StartError;
use crate::blobs::{Blobs, FOLDER, deliver};
use crate::config::Config;
use crate::server::lock;
use crate::uploads;

#[derive(clap::Args)]
pub struct Migrate {
    /// Empty PostgreSQL database that the server moves to [default: database.url]
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// Where the bytes of files move to, as s3://bucket/folder, with blobs.endpoint and its keys as configured
    /// [default: blobs.url]
    #[arg(long, value_name = "URL")]
    files_to: Option<String>,
    /// Move even where bytes of files are missing; messages keep their names, and reading them fails
    #[arg(long)]
    without_files: bool,
    /// Let a server that was moved live in its data folder again, without what was written elsewhere since
    #[arg(long, conflicts_with_all = ["to", "files_to", "without_files"])]
    undo: bool,
    #[command(flatten)]
    place: Place,
}

pub fn run(command: &Migrate) -> Outcome {
    let mut config = command.place.load()?;
    let database = database(&config);
    if !database.is_file() {
        return fail(format!("there is no database at {}; is --data right?", database.display()));
    }
    // No server may use the folder meanwhile, nor anybody else who moves it.
    let _lock = lock(&config.data).map_err(|error| StartError::Data(config.data.clone(), error))?;
    if command.undo {
        return undo(&database);
    }
    let Some(to) = command.to.clone().or_else(|| config.database.url.clone()) else {
        return fail("say where to: --to postgres://user:password@host/database");
    };
    if let Some(url) = &command.files_to {
        config.blobs.url = Some(url.clone());
    }
    let going = match Move::begin(&database, &to)? {
        Begun::Going(going) => going,
        Begun::Done => {
            say("All is done already: the server lives there. Nothing was changed.");
            return Ok(ExitCode::SUCCESS);
        }
    };
    say(if going.resumed { "Going on where it was interrupted." } else { "Moving the database." });
    going.copy(&mut told)?;
    say("Comparing every row with its source.");
    let differences = going.compare(&mut |_| {})?;
    if !differences.is_empty() {
        for difference in &differences {
            eprintln!("{difference}");
        }
        return fail("the rows above are not what they should be; nothing is lost, run it again");
    }
    runtime()?.block_on(files(&config, &database, command.without_files))?;
    going.finish()?;
    say(
        "All is done, and every row is as it was. Set database.url and start the server; clients go on where they were.",
    );
    say(format!("{} stays as it is, and no server will use it.", database.display()));
    Ok(ExitCode::SUCCESS)
}

fn undo(database: &Path) -> Outcome {
    match transfer::undo(database)? {
        Some(epoch) => say(format!(
            "{} may be used again, as epoch {epoch}. Every client loads its conversations afresh. Do not serve the \
             PostgreSQL database that it was moved to any more.",
            database.display()
        )),
        None => say("It was not moved. Nothing was changed."),
    }
    Ok(ExitCode::SUCCESS)
}

/// How many rows a table has before it is told how far it is.
const MANY: u64 = 50_000;

/// One line for each table, and for large ones one from time to time.
pub fn told(progress: &Progress) {
    let Progress { table, number, of, rows, written, whole } = progress;
    if *whole {
        say(format!("{number:>3}/{of}  {table}: {rows} rows, {written} of them copied now"));
    } else if rows % MANY == 0 {
        say(format!("{number:>3}/{of}  {table}: {rows} rows so far"));
    }
}

/// Brings the bytes of files to where they are kept from now on.
async fn files(config: &Config, database: &Path, without: bool) -> Result<(), Failure> {
    let (named, folder) = (sqlite::blobs(database)?, config.data.join(FOLDER));
    let Some(url) = &config.blobs.url else {
        say(format!(
            "The bytes of {} file(s) stay in {}: keep the data folder, and one node. To move them to S3, configure \
             blobs.url or say --files-to.",
            named.len(),
            folder.display()
        ));
        return Ok(());
    };
    let blobs = Blobs::new(config.blobs.clone(), &config.data);
    blobs.probe().await?;
    let (all, mut last) = (named.len() as u64, 0);
    let moved = deliver::deliver(&folder, &blobs, &named, |so_far| {
        let done = so_far.written + so_far.kept + so_far.lost();
        if done == all || done >= last + 1000 {
            last = done;
            say(format!("{done} of {all} file(s) are in {url}, {} of them brought there now", so_far.written));
        }
    })
    .await?;
    if moved.lost() > 0 && !without {
        return fail(format!(
            "of {all} file(s), {} are missing from {} and {} are damaged; restore them from a backup, or say \
             --without-files to do without them",
            moved.missing,
            folder.display(),
            moved.damaged
        ));
    }
    for upload in sqlite::unfinished(database)? {
        let from = config.data.join(uploads::FOLDER).join(upload.to_string()).join(uploads::CONTENT);
        deliver::deliver_upload(&from, &blobs, upload).await?;
    }
    say(format!("The bytes of {} file(s) are in {url}, compared with their names. Set blobs.url.", all - moved.lost()));
    Ok(())
}
