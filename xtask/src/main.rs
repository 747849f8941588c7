//! Everything a contributor types, in one place: `cargo xtask run | test | tidy | bench | screenshots | gen`.
//!
//! It is a Rust program and not a heap of scripts, so that it works wherever the project itself builds.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod run;
mod snapshots;
mod test;
mod tidy;
mod tools;
mod web;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Runs, tests and measures LaserChat")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the web client and the server in release mode, and start it on http://127.0.0.1:8080
    Run {
        /// Arguments for `laserchat serve`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run every check, or only the named steps; stops at the first failure
    Test { steps: Vec<test::Step> },
    /// Check what no compiler checks: dependency arrows, file sizes, headers, links
    Tidy,
    /// Measure a release server with the load generator, or with `web` the web client in a browser
    Bench {
        /// Scenario and options of the load generator, or `web` and the options of its program
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Take the pictures of the web client that the README shows
    Screenshots {
        /// Options of the program that takes them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Write the generated files again: the API descriptions, the TypeScript types, the shared vectors
    Gen,
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Run { args } => run::run(args),
        Task::Test { steps } => test::test(&steps),
        Task::Tidy => tidy::tidy().map(|note| println!("{note}")),
        Task::Bench { args } => bench::bench(args),
        Task::Screenshots { args } => web::with_release("screenshots", args),
        Task::Gen => snapshots::write(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
