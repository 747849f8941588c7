//! `cargo xtask run`: from a fresh clone to a running server with one command.

use std::ffi::OsStr;

use crate::tools::{self, Profile, Result};
use crate::web;

pub fn run(args: Vec<String>) -> Result {
    let server = web::build_with_server(Profile::Release)?;
    // The server's own defaults are the ones for trying it out: 127.0.0.1:8080, and laserchat-data in this
    // folder. Saying them again as flags would only overrule the caller's environment and configuration file.
    let mut serve = std::process::Command::new(server);
    serve.current_dir(tools::root()).arg("serve").args(args);
    start(serve)
}

/// Becomes the server: Ctrl-C and every other signal reach it directly, and its exit code is ours.
#[cfg(unix)]
fn start(mut serve: std::process::Command) -> Result {
    use std::os::unix::process::CommandExt;
    let name = serve.get_program().to_owned();
    Err(not_started(&name, serve.exec()))
}

/// Where a process cannot be replaced, the console sends Ctrl-C to both, and this one waits for the server.
#[cfg(not(unix))]
fn start(mut serve: std::process::Command) -> Result {
    let name = serve.get_program().to_owned();
    let status = serve.status().map_err(|error| not_started(&name, error))?;
    if status.success() { Ok(()) } else { Err(format!("the server ended: {status}")) }
}

fn not_started(name: &OsStr, error: std::io::Error) -> String {
    format!("{} did not start: {error}", name.to_string_lossy())
}
