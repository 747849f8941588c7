//! What the examining process takes from itself before it looks at the first byte: memory, time, rights.
//!
//! All of it is inherited by the programs that it starts.

use std::io;
use std::path::Path;

use rustix::process::{Resource, Rlimit, nice, setrlimit};

use super::process::Request;

/// Open files of one process. ffmpeg needs some dozen.
const OPEN_FILES: u64 = 64;

/// Room for what is written beside a copy of the file: small pictures, and what a container costs.
const SPARE_BYTES: u64 = 64 << 20;

/// Shuts the process in. An error means that it must not go on.
pub fn enter(request: &Request) -> io::Result<()> {
    let bounds = &request.bounds;
    let size = std::fs::metadata(&request.source)?.len();
    limit(Resource::Core, 0)?;
    limit(Resource::Cpu, bounds.cpu_seconds)?;
    limit(Resource::Fsize, size.saturating_add(size / 8).saturating_add(SPARE_BYTES))?;
    limit(Resource::Nofile, OPEN_FILES)?;
    limit(Resource::As, bounds.memory_bytes)?;
    // Messages come first. Being refused a lower priority is no danger.
    let _ = nice(10);
    #[cfg(target_os = "linux")]
    rustix::thread::set_no_new_privs(true)?;
    folders(&request.source, &request.out)
}

/// Leaves it, and what it starts from now on, no more than this for data of their own. Unlike the space of addresses,
/// this does not count the libraries, which take more on some systems than all that sound needs.
pub fn shrink(bytes: u64) -> io::Result<()> {
    limit(Resource::Data, bytes)
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

/// Leaves it the file, its folder, and what programs need to start; no other file, no TCP. A kernel that cannot do this
/// (before 5.13, or without Landlock) leaves more; then the limits and the server's own user are what protects.
#[cfg(target_os = "linux")]
fn folders(source: &Path, out: &Path) -> io::Result<()> {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope,
        path_beneath_rules,
    };
    const KNOWN: ABI = ABI::V6;
    // Programs with their libraries, and the devices that they expect. `/etc` as a whole may hold secrets.
    const PROGRAMS: [&str; 9] = [
        "/usr",
        "/bin",
        "/lib",
        "/lib64",
        "/nix/store",
        "/etc/alternatives",
        "/etc/ld.so.cache",
        "/dev/null",
        "/dev/urandom",
    ];
    let shut = || {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(KNOWN))?
            .handle_access(AccessNet::from_all(KNOWN))?
            .scope(Scope::from_all(KNOWN))?
            .create()?
            .add_rules(path_beneath_rules(PROGRAMS, AccessFs::from_read(KNOWN)))?
            .add_rules(path_beneath_rules(["/dev/null"], AccessFs::WriteFile))?
            .add_rules(path_beneath_rules([source], AccessFs::ReadFile))?
            .add_rules(path_beneath_rules([out], AccessFs::from_all(KNOWN) & !AccessFs::Execute))?
            .restrict_self()
    };
    shut().map(drop).map_err(|error: landlock::RulesetError| io::Error::other(error))
}

#[cfg(not(target_os = "linux"))]
fn folders(_source: &Path, _out: &Path) -> io::Result<()> {
    Ok(())
}
