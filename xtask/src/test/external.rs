//! The `external` step: the clients in `tests/external` that nobody here wrote, against the real binary.
//!
//! Python packages go to a virtual environment under the target folder, Node packages to `node_modules`,
//! and the browser is the system's Chromium.

use std::path::{Path, PathBuf};

use super::Outcome;
use crate::tools::{self, Profile, Result};

const FOLDER: &str = "tests/external";

pub fn external() -> Result<Outcome> {
    // Whoever packages LaserChat can point the tests at the binary that will be shipped.
    let server = match std::env::var_os("LASERCHAT_BIN") {
        Some(path) => PathBuf::from(path),
        None => tools::build_server(Profile::Debug)?,
    };
    let work = tools::work_folder("external")?;
    let python = python(&work)?;
    tools::npm_ci(FOLDER)?;
    let chromium = chromium()?;

    let folder = tools::root().join(FOLDER);
    let python_verdict = tools::run_for_line(
        tools::command(python)
            .current_dir(&folder)
            .args(["-m", "pytest", "--color=no", "--durations=5"])
            .env("LASERCHAT_BIN", &server)
            .env("HYPOTHESIS_STORAGE_DIRECTORY", work.join("hypothesis"))
            .env("PYTHONDONTWRITEBYTECODE", "1"),
        |line| line.starts_with('=') && line.contains(" passed"),
    )?;
    let node_verdict = tools::run_for_line(
        tools::command("node")
            .current_dir(&folder)
            .args(["--test", "--test-reporter=spec", "--test-timeout=120000"])
            .args(["ws.test.mjs", "browser.test.mjs"])
            .env("LASERCHAT_BIN", &server)
            .env("CHROMIUM", chromium),
        |line| line.contains("ℹ pass"),
    )?;
    Ok(Outcome::Passed(format!(
        "Python: {}; Node: {}",
        python_verdict.unwrap_or_default().trim_matches(['=', ' ']),
        node_verdict.unwrap_or_default().trim_matches(['ℹ', ' ']),
    )))
}

/// The Python of a virtual environment that holds exactly the pinned packages.
fn python(work: &Path) -> Result<PathBuf> {
    let venv = work.join("venv");
    let python = venv.join("bin/python");
    let create = || tools::run(tools::command("python3").args(["-m", "venv", "--clear"]).arg(&venv));
    let requirements = tools::root().join(FOLDER).join("requirements.txt");
    tools::unless_stamped(&requirements, &venv.join("installed.txt"), || {
        // Debian's Python comes without the part that makes environments.
        if tools::find("python3").is_none() || create().is_err() {
            tools::install_packages(&["python3", "python3-venv"], FOLDER)?;
            create()?;
        }
        tools::run(
            tools::command(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements),
        )
    })?;
    Ok(python)
}

fn chromium() -> Result<PathBuf> {
    let present = || ["chromium", "chromium-browser"].into_iter().find_map(tools::find);
    if let Some(path) = present() {
        return Ok(path);
    }
    tools::install_packages(&["chromium"], FOLDER)?;
    present().ok_or_else(|| "chromium was installed but is not on the search path".to_owned())
}
