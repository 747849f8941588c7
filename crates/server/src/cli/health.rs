//! `laserchat health`: asks the server on this machine whether it is ready, for supervisors that can only run a program,
//! as in a container that has nothing else in it.

use std::process::ExitCode;

use super::{Outcome, fail, load, probe, runtime, say};
use crate::config::Flags;

#[derive(clap::Args)]
pub struct Health {
    /// Ask only whether it lives: a server that is stopping does, and is not ready
    #[arg(long)]
    alive: bool,
    #[command(flatten)]
    flags: Flags,
}

pub fn run(command: &Health) -> Outcome {
    let config = load(&command.flags)?.config;
    let path = if command.alive { "/healthz" } else { "/readyz" };
    let asked = runtime()?.block_on(async { probe::get(&config, path).await?.error_for_status() });
    match asked {
        Ok(_) => {
            say("ok");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => fail(format!("not ready: {error}")),
    }
}
