//! The steps of the web client: its own checks and its build, and the tests with people in real browsers.

use super::Outcome;
use crate::tools::{self, Result};
use crate::web;

/// Checks the sources, cheapest first, and builds them for the server to carry.
pub fn check() -> Result<Outcome> {
    web::install()?;
    for script in ["format:check", "check", "lint"] {
        web::script(script)?;
    }
    let verdict = vitest("unit", |_| {})?;
    web::build()?;
    Ok(Outcome::Passed(verdict))
}

/// Runs the real server, with the web client in it, against browsers.
pub fn browser() -> Result<Outcome> {
    web::install()?;
    if std::env::var_os("LASERCHAT_BIN").is_none() {
        web::build()?;
    }
    let server = tools::server_to_test()?;
    let chromium = tools::chromium()?;
    let verdict = vitest("browser", |npm| {
        npm.env("LASERCHAT_BIN", &server).env("CHROMIUM", &chromium);
    })?;
    Ok(Outcome::Passed(verdict))
}

/// Runs one of the test scripts, and repeats the line in which it counts what passed.
fn vitest(script: &str, prepare: impl FnOnce(&mut std::process::Command)) -> Result<String> {
    let mut npm = tools::npm(web::FOLDER);
    npm.args(["run", script]).env("NO_COLOR", "1");
    prepare(&mut npm);
    let counted = tools::run_for_line(&mut npm, |line| line.trim_start().starts_with("Tests "))?;
    Ok(counted.unwrap_or_default())
}
