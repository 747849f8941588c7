//! `laserchat config`: what is configured, and where each value came from.

use std::process::ExitCode;

use super::{Outcome, load, say};
use crate::config::{Flags, reference};

#[derive(clap::Args)]
pub struct Config {
    /// Print the table of all keys, as Markdown, instead
    #[arg(long)]
    reference: bool,
    #[command(flatten)]
    flags: Flags,
}

pub fn run(command: &Config) -> Outcome {
    if command.reference {
        say(reference());
    } else {
        say(load(&command.flags)?.table());
    }
    Ok(ExitCode::SUCCESS)
}
