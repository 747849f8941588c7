//! `laserchat migrate`: moves a server from the SQLite database in its data folder to PostgreSQL, and its files to S3 where
//! that is configured.
//!
//! The server is stopped meanwhile, and lives on afterwards as if it had been paused: the same epoch, ids, seqs and keys. With
//! `--ahead`, most of it is brought over before, while the server goes on, so that the pause is short. It may be interrupted
//! anywhere and started again. Nothing in the data folder is changed but for a mark at the end, which keeps
//! servers from living on in a past that others have left.

use std::path::Path;
use std::process::ExitCode;

use laserchat_store::transfer::{self, Begun, Move, Progress};
use laserchat_store::{BlobName, sqlite};

use super::{Failure, Outcome, Place, database, fail, runtime, say};
use crate::app::StartError;
use crate::blobs::copy::Copied;
use crate::blobs::seen::Seen;
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
    /// Bring over what is there while the server goes on, so that moving it afterwards is a short pause
    #[arg(long)]
    ahead: bool,
    /// Move even where bytes of files are missing; messages keep their names, and reading them fails
    #[arg(long)]
    without_files: bool,
    /// Let a server that was moved live in its data folder again, without what was written elsewhere since
    #[arg(long, conflicts_with_all = ["to", "files_to", "ahead", "without_files"])]
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
    if command.undo {
        let _lock = alone(&config)?;
        return undo(&database);
    }
    let Some(to) = command.to.clone().or_else(|| config.database.url.clone()) else {
        return fail("say where to: --to postgres://user:password@host/database");
    };
    if let Some(url) = &command.files_to {
        config.blobs.url = Some(url.clone());
    }
    if command.ahead {
        return ahead(&config, &database, &to);
    }
    let _lock = alone(&config)?;
    let mut going = match Move::begin(&database, &to)? {
        Begun::Going(going) => going,
        Begun::Done => {
            say("All is done already: the server lives there. Nothing was changed.");
            return Ok(ExitCode::SUCCESS);
        }
    };
    say(if going.resumed { "Going on where it was interrupted." } else { "Moving the database." });
    going.copy(&mut told)?;
    say("Comparing what was copied with its source.");
    let differences = going.compare()?;
    if !differences.is_empty() {
        for difference in &differences {
            eprintln!("{difference}");
        }
        return fail("the rows above are not what they should be; nothing is lost, run it again");
    }
    let seen = runtime()?.block_on(files(&config, &database, command.without_files))?;
    going.finish()?;
    if let Some(seen) = seen {
        seen.done()?;
    }
    say(
        "All is done, and every row is as it was. Set database.url and start the server; clients go on where they were.",
    );
    say(format!("{} stays as it is, and no server will use it.", database.display()));
    Ok(ExitCode::SUCCESS)
}

/// No server may use the folder meanwhile, nor anybody else who moves it.
fn alone(config: &Config) -> Result<std::fs::File, StartError> {
    lock(&config.data).map_err(|error| StartError::Data(config.data.clone(), error))
}

fn ahead(config: &Config, database: &Path, to: &str) -> Outcome {
    say("Bringing over what is there. A server may go on meanwhile.");
    transfer::ahead(database, to, &mut told)?;
    if let Some(url) = &config.blobs.url {
        let (moved, _) = runtime()?.block_on(bring(config, url, &sqlite::blobs(database)?))?;
        say(format!("The bytes of {} file(s) are in {url}.", moved.kept + moved.written));
    }
    say("Now stop the server and run the same without --ahead: it brings what has changed since.");
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

/// What was brought into the store and read back, as a file in the data folder.
const SEEN: &str = "migrated-files";

/// Brings the bytes of these files into the store.
async fn bring(config: &Config, url: &str, named: &[(BlobName, u64)]) -> Result<(Copied, Seen), Failure> {
    let blobs = Blobs::new(config.blobs.clone(), &config.data);
    blobs.probe().await?;
    let mut seen = Seen::open(&config.data.join(SEEN), url)?;
    let (all, mut last) = (named.len() as u64, 0);
    let moved = deliver::deliver(&config.data.join(FOLDER), &blobs, named, Some(&mut seen), |so_far| {
        let done = so_far.written + so_far.kept + so_far.lost();
        if done == all || done >= last + 1000 {
            last = done;
            say(format!("{done} of {all} file(s) are in {url}, {} of them brought there now", so_far.written));
        }
    })
    .await?;
    Ok((moved, seen))
}

/// Brings the bytes of files to where they are kept from now on.
async fn files(config: &Config, database: &Path, without: bool) -> Result<Option<Seen>, Failure> {
    let (named, folder) = (sqlite::blobs(database)?, config.data.join(FOLDER));
    let Some(url) = &config.blobs.url else {
        say(format!(
            "The bytes of {} file(s) stay in {}: keep the data folder, and one node. To move them to S3, configure \
             blobs.url or say --files-to.",
            named.len(),
            folder.display()
        ));
        return Ok(None);
    };
    let (moved, seen) = bring(config, url, &named).await?;
    let all = named.len() as u64;
    if moved.lost() > 0 && !without {
        return fail(format!(
            "of {all} file(s), {} are missing from {} and {} are damaged; restore them from a backup, or say \
             --without-files to do without them",
            moved.missing,
            folder.display(),
            moved.damaged
        ));
    }
    let blobs = Blobs::new(config.blobs.clone(), &config.data);
    for upload in sqlite::unfinished(database)? {
        let from = config.data.join(uploads::FOLDER).join(upload.to_string()).join(uploads::CONTENT);
        deliver::deliver_upload(&from, &blobs, upload).await?;
    }
    say(format!("The bytes of {} file(s) are in {url}, compared with their names. Set blobs.url.", all - moved.lost()));
    Ok(Some(seen))
}
