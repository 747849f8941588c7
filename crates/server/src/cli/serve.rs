//! `laserchat serve`: runs the server until it is told to stop.

use std::path::Path;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use super::{Outcome, load, say};
use crate::config::Flags;
use crate::logging;
use crate::server::Server;

#[derive(clap::Args)]
pub struct Serve {
    #[command(flatten)]
    flags: Flags,
}

pub fn run(command: &Serve) -> Outcome {
    let config = load(&command.flags)?.config;
    refuse_huge_pages();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let logging = logging::start(&config, runtime.handle())?;
    raise_open_files();
    let outcome = runtime.block_on(async {
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let told = async move || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        serve(config, told).await
    });
    if outcome.is_ok() {
        logging.finish();
    }
    // What still runs belongs to connections that did not end in time.
    runtime.shutdown_background();
    outcome
}

async fn serve(config: crate::config::Config, mut told: impl AsyncFnMut()) -> Outcome {
    let data = std::path::absolute(&config.data)?;
    let server = Server::start(config).await?;
    greet(&server, &data);
    told().await;
    say("Stopping: running requests finish, clients are told to reconnect. Ctrl-C again stops at once.");
    tokio::select! {
        () = server.shutdown() => Ok(ExitCode::SUCCESS),
        () = told() => super::fail("stopped at once"),
    }
}

fn greet(server: &Server, data: &Path) {
    let url = server.app.config.base_url(server.address);
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "LaserChat {version} is running.\n\n  Address    {url}\n  Listening  {}\n  Data       {}\n",
        server.address,
        data.display()
    );
    if let Some(link) = &server.owner_link {
        let code = link.rsplit('/').next().unwrap_or_default();
        text += &format!(
            "\nThis server has no owner yet. The first account becomes the owner; this link makes it yours for certain,\n\
             works once, and is replaced at the next start:\n\n  {link}\n\n\
             With the API alone: register with \"invitation\": \"{code}\".\n"
        );
    }
    say(text + "\nCtrl-C stops it.");
}

/// Huge pages make memory cheap to reach and dear to hold: the allocator's small regions would be rounded up to 2 MB each,
/// which doubles what a server without load needs. Most of what a chat server holds is rarely touched.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn refuse_huge_pages() {
    // SAFETY: this option takes no pointers, and concerns only how the kernel backs this process's own memory. Where it
    // is not known, it fails and changes nothing.
    unsafe { libc::prctl(libc::PR_SET_THP_DISABLE, 1, 0, 0, 0) };
}

#[cfg(not(target_os = "linux"))]
fn refuse_huge_pages() {}

/// Every connection is an open file. The system's soft limit is for programs that count on small numbers; this one does
/// not, so it takes what the hard limit allows.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, raised)
    {
        tracing::warn!(%error, "the limit on open files could not be raised");
    }
}
