//! `laserchat examine`: what a server starts for each uploaded file. Nobody types it, so no help mentions it.

use std::process::ExitCode;

use super::Outcome;
use crate::media::examiner;

pub fn run() -> Outcome {
    examiner::run()?;
    Ok(ExitCode::SUCCESS)
}
