//! `laserchat openapi`: the description of the API, as the server serves it.

use std::process::ExitCode;

use super::{Outcome, say};
use crate::http;

#[derive(clap::Args)]
pub struct Openapi {
    /// Describe the WebSocket instead (AsyncAPI)
    #[arg(long = "async")]
    asynchronous: bool,
}

pub fn run(command: &Openapi) -> Outcome {
    say(if command.asynchronous { http::asyncapi_json() } else { http::openapi_json() });
    Ok(ExitCode::SUCCESS)
}
