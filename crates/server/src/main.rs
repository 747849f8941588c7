//! The `laserchat` program. All of it is in the library, so that tests reach it.

use std::process::ExitCode;

/// The system's allocator keeps what a burst of connections needed; this one gives it back, and is faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    laserchat_server::cli::run()
}
