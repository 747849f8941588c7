//! Pages of history.

use std::io;

use super::Context;

pub async fn run(_context: &mut Context) -> io::Result<()> {
    Err(io::Error::other("the store has no filled database to measure yet"))
}
