//! `cargo xtask bench`: builds a release server and lets the load generator measure it.
//!
//! They are separate programs, so that the server's CPU time and memory are its own. `bench web` measures the web client
//! instead, in a browser.

use crate::tools::{self, Profile, Result};
use crate::web;

pub fn bench(mut args: Vec<String>) -> Result {
    if args.first().is_some_and(|scenario| scenario == "web") {
        return web::with_release("bench", args.split_off(1));
    }
    let server = tools::build_server(Profile::Release)?;
    tools::run(
        tools::cargo()
            .args(["run", "--release", "--package", "laserchat-loadgen", "--"])
            .arg("--server")
            .arg(server)
            .args(args),
    )
}
