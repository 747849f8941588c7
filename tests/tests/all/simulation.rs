//! Thousands of simulated worlds, each from its seed; see [`laserchat_tests::sim`].
//!
//! `LASERSIM_SEEDS=100000` runs more of them, `LASERSIM_SEED=7` replays one and prints all that happens in it.

use laserchat_tests::sim;

/// Worlds in a usual run.
const SEEDS: u64 = 1500;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs every so-many-th seed, so that several tests can share the work.
fn share(part: u64, parts: u64) {
    if number("LASERSIM_SEED").is_some() {
        return;
    }
    let seeds = number("LASERSIM_SEEDS").unwrap_or(SEEDS);
    for seed in (part..seeds).step_by(parts as usize) {
        if let Err(wrong) = sim::run(seed, false) {
            panic!("{wrong}");
        }
    }
}

#[test]
fn seeds_first_half() {
    share(0, 2);
}

#[test]
fn seeds_second_half() {
    share(1, 2);
}

#[test]
fn the_same_seed_does_the_same() {
    for seed in 0..20 {
        assert_eq!(sim::run(seed, false).unwrap(), sim::run(seed, false).unwrap(), "seed {seed}");
    }
}

#[test]
fn replay() {
    if let Some(seed) = number("LASERSIM_SEED")
        && let Err(wrong) = sim::run(seed, true)
    {
        panic!("{wrong}");
    }
}
