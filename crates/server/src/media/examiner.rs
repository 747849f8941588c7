//! The examining process: reads what it is asked, shuts itself in, looks at the file, and answers.
//!
//! It may die of any file, at any point; the server draws its conclusion from that. It is started anew for each file, so
//! nothing of one file can reach another.

use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;

use laserchat_protocol::FileKind;
use rustix::process::{Signal, getpgrp, getpid, kill_current_process_group, setpgid};

use super::kind::{HEAD, Suspicion, suspect};
use super::process::{Found, Request};
use super::{PLAIN, cage, film, picture};

/// All of the process, from its start to its end.
pub fn run() -> io::Result<()> {
    let mut line = String::new();
    // Unlocked again at once: the rest of the input is read by another thread.
    io::stdin().lock().take(1 << 16).read_line(&mut line)?;
    let request: Request = serde_json::from_str(&line)?;
    cage::enter(&request)?;
    watch_input()?;
    let found = look(&request)?;
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &found)?;
    out.flush()
}

/// The input stays open for as long as somebody wants the answer. At its end, this process and all that it has started
/// die, so a killed server leaves nothing behind.
fn watch_input() -> io::Result<()> {
    if getpgrp() != getpid() {
        setpgid(None, None)?;
    }
    let wait = || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = kill_current_process_group(Signal::KILL);
    };
    std::thread::Builder::new().stack_size(128 << 10).spawn(wait).map(drop)
}

/// Finds out what the file is. What cannot be decoded as what it seems to be is a plain file without a type.
fn look(request: &Request) -> io::Result<Found> {
    let head = head(&request.source)?;
    let found = match suspect(&head) {
        Suspicion::Picture(format) => picture::shown(request, format),
        Suspicion::Scan(format) => picture::download(request, format),
        Suspicion::Film(container) => film::look(request, container),
        Suspicion::Other(mime) => Some(Found::file(mime, FileKind::File)),
    };
    Ok(found.unwrap_or_else(|| Found::file(PLAIN, FileKind::File)))
}

fn head(source: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(source)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}
