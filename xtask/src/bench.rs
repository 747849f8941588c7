//! `cargo xtask bench`: builds a release server and lets the load generator measure it.
//!
//! They are separate programs, so that the server's CPU time and memory are its own.

use crate::tools::{self, Profile, Result};

pub fn bench(args: Vec<String>) -> Result {
    let server = tools::build_server(Profile::Release)?;
    tools::run(
        tools::cargo()
            .args(["run", "--release", "--package", "laserchat-loadgen", "--"])
            .arg("--server")
            .arg(server)
            .args(args),
    )
}
