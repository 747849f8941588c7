//! The command line: one binary, one file for each subcommand.
//!
//! What a command says goes to stdout, what went wrong to stderr, and the exit code tells the two apart for scripts.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, FromArgMatches, Parser, Subcommand};

use crate::authorities;
use crate::config::{Config as Settings, Flags, Loaded};
use crate::server::DATABASE;

mod admin;
mod backup;
mod config;
mod doctor;
mod examine;
mod health;
mod migrate;
mod openapi;
mod probe;
mod restore;
mod serve;
mod tail;

/// Self-hosted chat: accounts, conversations, live delivery and history in one program.
#[derive(Parser)]
#[command(name = "laserchat", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(serve::Serve),
    /// Listen to the events of an account from the terminal
    Tail(tail::Tail),
    /// Look after accounts, settings and keys, with the server running or not
    Admin(admin::Admin),
    /// Copy the database and the bytes of files, with the server running or not
    Backup(backup::Backup),
    /// Fill an empty data folder, or an empty PostgreSQL database, from a backup
    Restore(restore::Restore),
    /// Move the server from its data folder to PostgreSQL, and its files to S3
    Migrate(migrate::Migrate),
    /// Look for what is wrong with configuration, folder, limits, clock, database and port
    Doctor(doctor::Doctor),
    /// Ask the running server whether it is ready
    Health(health::Health),
    /// Show the effective configuration and where each value came from
    Config(config::Config),
    /// Print the description of the API
    Openapi(openapi::Openapi),
    /// Look into an uploaded file, for a server that has started this
    #[command(name = crate::media::SUBCOMMAND, hide = true)]
    Examine,
}

/// Runs the command that the command line names.
pub fn run() -> ExitCode {
    authorities::provide();
    crate::media::this_is_laserchat();
    let outcome = match Cli::parse().command {
        Command::Serve(command) => serve::run(&command),
        Command::Tail(command) => tail::run(command),
        Command::Admin(command) => admin::run(command),
        Command::Backup(command) => backup::run(&command),
        Command::Restore(command) => restore::run(&command),
        Command::Migrate(command) => migrate::run(&command),
        Command::Doctor(command) => doctor::run(&command),
        Command::Health(command) => health::run(&command),
        Command::Config(command) => config::run(&command),
        Command::Openapi(command) => openapi::run(&command),
        Command::Examine => examine::run(),
    };
    outcome.unwrap_or_else(|Failure(message)| {
        eprintln!("error: {message}");
        ExitCode::FAILURE
    })
}

type Outcome = Result<ExitCode, Failure>;

/// What went wrong, in words for the operator.
#[derive(Debug)]
struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(error.to_string())
    }
}

fn fail<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure(message.into()))
}

/// Prints to stdout. A reader that has gone (`laserchat … | head`) is no reason to fail.
fn say(text: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", text.as_ref().trim_end_matches('\n')).and_then(|()| out.flush());
}

fn load(flags: &Flags) -> Result<Loaded, Failure> {
    Ok(crate::config::load(flags, std::env::vars_os())?)
}

/// Where the data is, for commands that need no more of the configuration. All of it is checked nevertheless.
#[derive(Args)]
struct Place {
    /// Data folder [default: as configured]
    #[arg(long, global = true, value_name = "PATH")]
    data: Option<String>,
    /// Configuration file (TOML) [env: LASERCHAT_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,
}

impl Place {
    fn load(&self) -> Result<Settings, Failure> {
        let mut line = Vec::new();
        for (flag, value) in [("--data", &self.data), ("--config", &self.config)] {
            line.extend(value.iter().map(|value| format!("{flag}={value}")));
        }
        let command = crate::config::add_flags(clap::Command::new("laserchat").no_binary_name(true));
        let flags = Flags::from_arg_matches(&command.try_get_matches_from(line)?)?;
        Ok(load(&flags)?.config)
    }
}

fn database(config: &Settings) -> PathBuf {
    config.data.join(DATABASE)
}

/// A runtime for the commands that are not the server.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Whether a server holds the data folder now.
fn is_served(config: &Settings) -> bool {
    let lock = std::fs::File::open(config.data.join(crate::server::LOCK));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_fits_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_place_may_follow_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        for line in [["laserchat", "admin", "users", "--data", data], ["laserchat", "admin", "--data", data, "users"]] {
            assert!(Cli::try_parse_from(line).is_ok(), "{line:?}");
        }
        let place = Place { data: Some("-x y".into()), config: None };
        assert_eq!(place.load().unwrap().data, PathBuf::from("-x y"));
    }
}
