//! `laserchat-loadgen`: starts a real server as a process of its own, puts load on it, and says what that cost.
//!
//! Figures are the server's CPU time and memory as the kernel counts them, beside the bare cost of the same work on the
//! same machine in the same run (`baseline`), because the time that passes says more about the machine than about the
//! server. One JSON document goes to the standard output, a table to the standard error.

mod baseline;
mod cluster;
mod http;
mod process;
mod report;
mod scenario;
mod setup;
mod socket;
mod traffic;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;

use baseline::Baseline;
use report::{Report, Row};
use scenario::{Context, SCENARIOS};

/// Measures a LaserChat server.
#[derive(Parser)]
struct Arguments {
    /// The program to measure, built for release.
    #[arg(long)]
    server: PathBuf,
    /// Small figures, to see that everything works.
    #[arg(long)]
    quick: bool,
    /// Where large databases are kept between runs.
    #[arg(long)]
    cache: Option<PathBuf>,
    /// What to measure; everything when none is named. `cluster` is all of `cluster-…`.
    #[arg(value_parser = names())]
    scenarios: Vec<String>,
}

const CLUSTER: &str = "cluster";

fn names() -> PossibleValuesParser {
    SCENARIOS.iter().map(|(name, _)| *name).chain([CLUSTER]).collect::<Vec<_>>().into()
}

impl Arguments {
    fn wants(&self, scenario: &str) -> bool {
        let one = |wanted: &String| wanted == scenario || wanted == CLUSTER && scenario.starts_with(CLUSTER);
        self.scenarios.is_empty() || self.scenarios.iter().any(one)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // One thread, so that the generator takes one core at most and leaves the rest to the server.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let report = runtime.block_on(run(arguments));
    for failure in &report.failures {
        eprintln!("FAILED     {failure}");
    }
    let mut out = std::io::stdout().lock();
    let written = serde_json::to_writer_pretty(&mut out, &report).is_ok() && writeln!(out).is_ok();
    if written && report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn run(arguments: Arguments) -> Report {
    let files = process::raise_file_limit();
    let mut context = Context {
        binary: arguments.server.clone(),
        quick: arguments.quick,
        files,
        cache: arguments.cache.clone().unwrap_or_else(cache),
        baseline: Baseline::new(arguments.quick),
        rows: Vec::new(),
    };
    let mut failures = Vec::new();
    if let Err(error) = machine(&mut context) {
        failures.push(format!("baseline: {error}"));
    }
    for (name, measure) in SCENARIOS {
        if !arguments.wants(name) {
            continue;
        }
        if let Err(error) = measure(&mut context).await {
            failures.push(format!("{name}: {error}"));
        }
    }
    Report {
        quick: arguments.quick,
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        kernel: std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
        rows: context.rows,
        failures,
    }
}

/// What the machine itself costs.
fn machine(context: &mut Context) -> std::io::Result<()> {
    for together in [1, 4, 16] {
        let cost = context.baseline.send(600, together)?;
        let name = format!("send of a 600-byte frame, {together} together");
        context.row(Row::new("baseline", name, cost, "us"));
    }
    let folder = tempfile::tempdir()?;
    let durable = baseline::fdatasync(folder.path(), context.quick)?;
    context.row(Row::new("baseline", "fdatasync of a page", durable, "us"));
    Ok(())
}

/// Outside the repository, since it is large and outlives any build.
fn cache() -> PathBuf {
    let folder = |name| std::env::var_os(name).map(PathBuf::from);
    let caches = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    caches.unwrap_or_else(std::env::temp_dir).join("laserchat-bench")
}
