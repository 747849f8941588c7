//! `cargo xtask test`: every check of the project, one step after the other, with one verdict at the end.
//!
//! The steps stand in the order in which they are cheap: a wrong indent should not wait for a fuzzer. The web client comes
//! before the tests of the server, which is built once and carries it. Each step installs what it needs where it may, and
//! otherwise says exactly what is missing.

use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::tidy;
use crate::tools::{self, Profile, Result};

mod external;
mod fuzz;
mod web;

/// The programs that tests start, each with its Debian package. Without one, the tests that need it say that they are skipped.
const OTHERS: [(&str, &str); 9] = [
    ("ffmpeg", "ffmpeg"),
    ("clamd", "clamav-daemon"),
    ("initdb", "postgresql"),
    ("nats-server", "nats-server"),
    ("faketime", "faketime"),
    ("haproxy", "haproxy"),
    ("nginx", "nginx"),
    ("caddy", "caddy"),
    ("pebble", "pebble"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// The code is formatted
    Fmt,
    /// The linter has nothing to say
    Clippy,
    /// The rules that no compiler checks
    Tidy,
    /// The web client: its format, types, lint and unit tests, and its build, which the server then carries
    Web,
    /// Every test of the workspace
    Unit,
    /// The examples in the documentation comments
    Doc,
    /// Each fuzz target for a short while
    Fuzz,
    /// Clients that others wrote, against a real server
    External,
    /// The web client in real browsers, against a real server; `web` runs this too
    Browser,
}

/// How a step ended, unless it failed.
pub enum Outcome {
    Passed(String),
    Skipped(String),
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Outcome::Passed(String::new())
    }
}

pub fn test(chosen: &[Step]) -> Result {
    let mut report = Report::default();
    for step in Step::value_variants() {
        if !step.is_in(chosen) {
            continue;
        }
        println!("\n=== {} ===", step.name());
        let start = Instant::now();
        let result = step.run();
        println!("=== {}: {} ===", step.name(), seconds(start.elapsed()));
        if !report.add(*step, start.elapsed(), result) {
            break;
        }
    }
    println!("\n{}", report.text());
    match report.failed {
        0 => Ok(()),
        _ => Err("a step failed; the steps after it did not run".to_owned()),
    }
}

impl Step {
    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// Whether the step runs when these were named, or none.
    fn is_in(self, chosen: &[Step]) -> bool {
        let with_web = self == Step::Browser && chosen.contains(&Step::Web);
        chosen.is_empty() || chosen.contains(&self) || with_web
    }

    fn run(self) -> Result<Outcome> {
        match self {
            Step::Fmt => tools::run(tools::cargo().args(["fmt", "--all", "--check"])).map(Into::into),
            Step::Clippy => tools::run(
                tools::cargo().args(["clippy", "--workspace", "--all-targets", "--"]).args(["-D", "warnings"]),
            )
            .map(Into::into),
            Step::Tidy => tidy::tidy().map(Outcome::Passed),
            Step::Web => web::check(),
            Step::Unit => unit(),
            Step::Doc => tools::run(tools::cargo().args(["test", "--workspace", "--doc"])).map(Into::into),
            Step::Fuzz => fuzz::fuzz(),
            Step::External => external::external(),
            Step::Browser => web::browser(),
        }
    }
}

fn unit() -> Result<Outcome> {
    let missing = OTHERS.into_iter().filter(|(name, _)| !tools::has(name));
    let packages: Vec<&str> = missing.map(|(_, package)| package).collect();
    if !packages.is_empty()
        && let Err(failure) = tools::install_packages(&packages, "testing with other people's servers")
    {
        println!("{failure}; their tests are skipped");
    }
    // Tests that kill a server need it as a separate program, and cargo builds it for its own package only.
    tools::build_server(Profile::Debug)?;
    let has_nextest = tools::succeeds(tools::cargo().args(["nextest", "--version"]));
    let mut tests = tools::cargo();
    if has_nextest {
        tests.args(["nextest", "run", "--workspace", "--color", "never"]);
    } else {
        tests.args(["test", "--workspace", "--lib", "--bins", "--tests"]);
    }
    let closing = tools::run_for_line(&mut tests, |line| {
        line.trim_start().starts_with("Summary [") || line.starts_with("test result:")
    })?;
    Ok(Outcome::Passed(closing.unwrap_or_default()))
}

#[derive(Default)]
struct Report {
    passed: usize,
    failed: usize,
    lines: Vec<String>,
}

impl Report {
    /// Notes a step's result; false when the run is over.
    fn add(&mut self, step: Step, took: Duration, result: Result<Outcome>) -> bool {
        let (word, note) = match result {
            Ok(Outcome::Passed(note)) => {
                self.passed += 1;
                ("passed", note)
            }
            Ok(Outcome::Skipped(why)) => ("skipped", why),
            Err(failure) => {
                self.failed += 1;
                ("FAILED", failure)
            }
        };
        let line = format!("{:<9}{word:<8}{:>9}  {note}", step.name(), seconds(took));
        self.lines.push(line.trim_end().to_owned());
        self.failed == 0
    }

    fn text(&self) -> String {
        let lines = self.lines.join("\n");
        format!("{lines}\n{} passed, {} failed", self.passed, self.failed)
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name_and_the_web_client_is_tested_whole() {
        let chosen = |named: &[Step]| Step::value_variants().iter().filter(|step| step.is_in(named)).count();
        assert_eq!(chosen(&[]), Step::value_variants().len());
        assert_eq!(chosen(&[Step::Fmt, Step::Unit]), 2);
        assert!(Step::Web.is_in(&[Step::Web]) && Step::Browser.is_in(&[Step::Web]));
        assert!(!Step::Web.is_in(&[Step::Browser]));
    }

    #[test]
    fn the_report_counts_steps_and_stops_at_a_failure() {
        let mut report = Report::default();
        let took = Duration::from_millis(1500);
        assert!(report.add(Step::Fmt, took, Ok(().into())));
        assert!(report.add(Step::Fuzz, took, Ok(Outcome::Skipped("none here".into()))));
        assert!(!report.add(Step::Unit, took, Err("broken".into())));
        assert_eq!(
            report.text(),
            "fmt      passed      1.5 s\n\
             fuzz     skipped     1.5 s  none here\n\
             unit     FAILED      1.5 s  broken\n\
             1 passed, 1 failed"
        );
    }
}
