//! x
use super::*;
#[derive(clap::Args)]
pub struct Tail {}
pub fn run(_: Tail) -> Outcome {
    fail("x")
}
