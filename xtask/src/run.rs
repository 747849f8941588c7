//! `cargo xtask run`: from a fresh clone to a running server with one command.

use std::ffi::OsStr;

use crate::tools::{self, Profile, Result};

pub fn run(args: Vec<String>) -> Result {
    if tools::has_web() {
        tools::npm_ci("web")?;
        tools::run(tools::npm("web").args(["run", "build"]))?;
    }
    let server = tools::build_server(Profile::Release)?;
    let mut serve = std::process::Command::new(server);
    serve.current_dir(tools::root()).arg("serve");
    serve.args(defaults(&args, |name| std::env::var_os(name).is_some()));
    serve.args(&args);
    start(serve)
}

/// The options for trying LaserChat out, less those that the caller decided in another way.
fn defaults(args: &[String], is_set: impl Fn(&str) -> bool) -> Vec<&'static str> {
    const DEFAULTS: [(&str, &str, &str); 2] = [
        ("--listen", "LASERCHAT_LISTEN", "127.0.0.1:8080"),
        ("--data", "LASERCHAT_DATA", "laserchat-data"),
    ];
    let given = |option: &str| args.iter().any(|arg| arg.split('=').next() == Some(option));
    // A flag is stronger than a configuration file, so a default must not stand in the file's way.
    if given("--config") || is_set("LASERCHAT_CONFIG") {
        return Vec::new();
    }
    DEFAULTS
        .iter()
        .filter(|(option, variable, _)| !given(option) && !is_set(variable))
        .flat_map(|(option, _, value)| [*option, *value])
        .collect()
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
    if status.success() {
        Ok(())
    } else {
        Err(format!("the server ended: {status}"))
    }
}

fn not_started(name: &OsStr, error: std::io::Error) -> String {
    format!("{} did not start: {error}", name.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::defaults;

    fn of(args: &[&str], variable: &str) -> Vec<&'static str> {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        defaults(&args, |name| name == variable)
    }

    #[test]
    fn defaults_give_way_to_what_the_caller_says() {
        let both = ["--listen", "127.0.0.1:8080", "--data", "laserchat-data"];
        assert_eq!(of(&[], ""), both);
        assert_eq!(of(&["--listen=[::]:80"], ""), both[2..]);
        assert_eq!(of(&["--data", "here"], ""), both[..2]);
        assert_eq!(of(&[], "LASERCHAT_LISTEN"), both[2..]);
        assert!(of(&["--config", "laserchat.toml"], "").is_empty());
    }
}
