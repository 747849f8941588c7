//! The server's side of examining: starts the process, waits for its answer, and believes what can be checked.
//!
//! The process is as trustworthy as the file that it has read. Its answer is short, its files are in the folder that it
//! was given, and everything else about it is compared with what is possible.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use laserchat_protocol::FileKind;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::kind::is_known;
use super::{Bounds, Examined, Limits, Variant, download_name};

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "examine";

/// The longest answer that is read. A real one has less than two kilobytes.
const MOST_ANSWER: u64 = 16 * 1024;

/// Longest side of a picture that is believed in.
const LONGEST_SIDE: u32 = 65_535;

/// Loudnesses in a waveform.
pub const WAVEFORM: usize = 64;

/// What the process is asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    pub source: PathBuf,
    pub out: PathBuf,
    pub bounds: Bounds,
}

/// What it answers. Files are named without their folder.
#[derive(Debug, Serialize, Deserialize)]
pub struct Found {
    pub mime: String,
    pub kind: FileKind,
    #[serde(default)]
    pub animated: bool,
    #[serde(default)]
    pub width: Option<u32>,
    #[serde(default)]
    pub height: Option<u32>,
    #[serde(default)]
    pub duration_ms: Option<u64>,
    #[serde(default)]
    pub blur: Option<Vec<u8>>,
    #[serde(default)]
    pub waveform: Option<Vec<u8>>,
    #[serde(default)]
    pub variants: Vec<Variant>,
    #[serde(default)]
    pub clean: Option<PathBuf>,
}

impl Found {
    pub fn file(mime: &str, kind: FileKind) -> Self {
        Self {
            mime: mime.to_owned(),
            kind,
            animated: false,
            width: None,
            height: None,
            duration_ms: None,
            blur: None,
            waveform: None,
            variants: Vec::new(),
            clean: None,
        }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("the examining process does not start: {0}")]
    Start(std::io::Error),
    #[error("the examining process was lost: {0}")]
    Lost(std::io::Error),
    #[error("it took longer than {0} seconds")]
    Time(u64),
    #[error("the examining process ended with {0}")]
    Ended(std::process::ExitStatus),
    #[error("the examining process answered something impossible")]
    Answer,
}

static IS_LASERCHAT: AtomicBool = AtomicBool::new(false);

/// Says that this process runs the `laserchat` binary, and not a test or another program with this library in it.
pub fn this_is_laserchat() {
    IS_LASERCHAT.store(true, Ordering::Relaxed);
}

/// Where the program is. Of a running server, it is the program that runs, even after an upgrade has replaced its file.
pub fn program() -> PathBuf {
    let own = Path::new("/proc/self/exe");
    let current = std::env::current_exe().unwrap_or_else(|_| own.to_owned());
    if IS_LASERCHAT.load(Ordering::Relaxed) {
        return if own.exists() { own.to_owned() } else { current };
    }
    // A test is beside it, or one folder below. Others have it installed, or do without.
    let beside = current.ancestors().skip(1).take(2).map(|folder| folder.join("laserchat"));
    beside.into_iter().find(|path| path.is_file()).unwrap_or_else(|| "laserchat".into())
}

/// A process with all that it has started. When this goes, they go.
struct Group {
    leader: Child,
    id: Option<Pid>,
}

impl Group {
    fn new(leader: Child) -> Self {
        let id = leader.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        Self { leader, id }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Also after its leader has died of the file: what it had started may still run. The number cannot belong to
        // somebody else yet, because numbers are given anew only when all others were.
        if let Some(id) = self.id {
            let _ = kill_process_group(id, Signal::KILL);
        }
    }
}

/// Lets the process examine the file.
pub async fn run(source: &Path, out: &Path, name: &str, limits: &Limits) -> Result<Examined, Failure> {
    let mut command = Command::new(&limits.program);
    command.arg(SUBCOMMAND).arg0("laserchat").process_group(0).kill_on_drop(true).current_dir(out);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).env_clear();
    // The allocator would reserve a gigabyte of addresses at once, which is all that the process may have.
    command.env("MIMALLOC_ARENA_RESERVE", "0");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    let request = Request { source: source.to_owned(), out: out.to_owned(), bounds: limits.bounds.clone() };
    let request = serde_json::to_string(&request).map_err(|error| Failure::Lost(error.into()))? + "\n";
    let mut group = Group::new(command.spawn().map_err(Failure::Start)?);
    let patience = Duration::from_secs(limits.bounds.seconds);
    let found = tokio::time::timeout(patience, ask(&mut group.leader, &request));
    let found = found.await.map_err(|_| Failure::Time(limits.bounds.seconds))??;
    believe(found, out, name, limits).ok_or(Failure::Answer)
}

/// Its input stays open until it has ended, because its end is how the process learns that nobody waits any more.
async fn ask(child: &mut Child, request: &str) -> Result<Found, Failure> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Failure::Answer);
    };
    // A process that dies at once leaves a broken pipe; what it died of is told below.
    let _ = input.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    output.take(MOST_ANSWER).read_to_end(&mut answer).await.map_err(Failure::Lost)?;
    let status = child.wait().await.map_err(Failure::Lost)?;
    drop(input);
    if !status.success() || status.signal().is_some() {
        return Err(Failure::Ended(status));
    }
    serde_json::from_slice(&answer).map_err(|_| Failure::Answer)
}

/// The answer, if all of it is possible.
fn believe(found: Found, out: &Path, name: &str, limits: &Limits) -> Option<Examined> {
    let side = |side: Option<u32>| side.is_none_or(|side| (1..=LONGEST_SIDE).contains(&side));
    let blur = found.blur.as_ref().is_none_or(|blur| (5..=32).contains(&blur.len()));
    let waveform = found.waveform.as_ref().is_none_or(|waveform| waveform.len() == WAVEFORM);
    let length = found.duration_ms.is_none_or(|duration| duration <= i64::MAX.unsigned_abs());
    let possible = is_known(&found.mime, found.kind) && side(found.width) && side(found.height) && length;
    if !possible || !blur || !waveform || found.variants.len() > 3 {
        return None;
    }
    let mut variants = Vec::with_capacity(found.variants.len());
    for variant in found.variants {
        let shown = matches!(variant.mime.as_str(), "image/jpeg" | "image/webp");
        if !shown || !side(Some(variant.width)) || !side(Some(variant.height)) {
            return None;
        }
        let path = inside(out, &variant.path, limits.bounds.image_bytes)?;
        variants.push(Variant { path, ..variant });
    }
    let clean = match found.clean {
        Some(path) => Some(inside(out, &path, u64::MAX)?),
        None => None,
    };
    Some(Examined {
        name: download_name(name),
        mime: found.mime,
        kind: found.kind,
        animated: found.animated,
        width: found.width,
        height: found.height,
        duration_ms: found.duration_ms,
        blur: found.blur,
        waveform: found.waveform,
        variants,
        clean,
        refused: None,
    })
}

/// The path of a file in the folder: no other folder, no link that leads out of it, not empty.
fn inside(out: &Path, name: &Path, most: u64) -> Option<PathBuf> {
    if name.file_name()? != name.as_os_str() {
        return None;
    }
    let path = out.join(name);
    let data = std::fs::symlink_metadata(&path).ok()?;
    (data.is_file() && (1..=most).contains(&data.len())).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(edit: impl FnOnce(&mut Found), out: &Path) -> Option<Examined> {
        let mut found = Found::file("image/png", FileKind::Image);
        edit(&mut found);
        believe(found, out, "a.png", &Limits::default())
    }

    #[test]
    fn only_the_possible_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        std::fs::create_dir(&out).unwrap();
        std::fs::write(out.join("clean"), "x").unwrap();
        std::fs::write(out.join("empty"), "").unwrap();
        std::fs::write(folder.path().join("secret"), "x").unwrap();
        std::os::unix::fs::symlink("../secret", out.join("link")).unwrap();

        let whole = answer(|found| found.clean = Some("clean".into()), &out).unwrap();
        assert_eq!(whole.clean, Some(out.join("clean")));
        for path in ["../secret", "link", "empty", "absent", "/etc/passwd", ".", ".."] {
            assert!(answer(|found| found.clean = Some(path.into()), &out).is_none(), "{path}");
        }
        assert!(answer(|found| found.width = Some(0), &out).is_none());
        assert!(answer(|found| found.height = Some(70_000), &out).is_none());
        assert!(answer(|found| found.mime = "text/html".into(), &out).is_none());
        assert!(answer(|found| found.kind = FileKind::Audio, &out).is_none());
        assert!(answer(|found| found.blur = Some(vec![0; 1000]), &out).is_none());
        assert!(answer(|found| found.waveform = Some(vec![0; 3]), &out).is_none());
    }
}
