//! The `external` step: the clients in `tests/external` that nobody here wrote, against the real binary.
//!
//! Python packages go to a virtual environment under the target folder, Node packages to `node_modules`,
//! and the browser is the system's Chromium.

use std::path::{Path, PathBuf};

use super::Outcome;
use crate::tools::{self, Result};

const FOLDER: &str = "tests/external";

pub fn external() -> Result<Outcome> {
    let server = tools::server_to_test()?;
    let work = tools::work_folder("external")?;
    let python = python(&work)?;
    tools::npm_ci(FOLDER)?;
    let chromium = tools::chromium()?;

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
            .args(["ws.test.mjs", "tus.test.mjs", "browser.test.mjs"])
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
