//! The `fuzz` step: each target for a short while, enough to catch a fresh mistake in what a stranger can send.
//!
//! It needs a nightly compiler, which a contributor need not have; then the step is skipped and says so.

use std::process::Command;

use super::Outcome;
use crate::tools::{self, Result};

const SECONDS_PER_TARGET: u32 = 15;

pub fn fuzz() -> Result<Outcome> {
    let skipped = |why: &str| Ok(Outcome::Skipped(why.to_owned()));
    if !tools::root().join("fuzz/Cargo.toml").is_file() {
        return skipped("there is no fuzz/Cargo.toml");
    }
    if tools::find("rustup").is_none() {
        return skipped("rustup is missing, so no nightly compiler can be chosen");
    }
    if !tools::succeeds(nightly().arg("--version")) {
        return skipped("no nightly compiler (`rustup toolchain install nightly`)");
    }
    if !tools::succeeds(nightly().args(["fuzz", "--version"]))
        && tools::run(tools::cargo().args(["install", "cargo-fuzz", "--locked"])).is_err()
    {
        return skipped("cargo-fuzz is missing and `cargo install cargo-fuzz --locked` failed");
    }

    let targets = tools::output(nightly().args(["fuzz", "list"]))?;
    let targets: Vec<&str> = targets.split_whitespace().collect();
    tools::run(nightly().args(["fuzz", "build"]))?;
    for target in &targets {
        tools::run(
            nightly()
                .args(["fuzz", "run", target, "--"])
                .arg(format!("-max_total_time={SECONDS_PER_TARGET}"))
                .arg("-print_final_stats=1"),
        )?;
    }
    Ok(Outcome::Passed(format!("{SECONDS_PER_TARGET} s each: {}", targets.join(", "))))
}

/// The nightly cargo. What the outer cargo told this program about its own toolchain must not reach it.
fn nightly() -> Command {
    let mut command = tools::command("rustup");
    for variable in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(variable);
    }
    command.args(["run", "nightly", "cargo"]);
    command
}
