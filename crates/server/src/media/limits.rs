//! How much looking into a file may cost.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::process;
use super::scan::Scanner;
use crate::config::Config;

/// Made once at start, because all who examine share its turns.
#[derive(Debug, Clone)]
pub struct Limits {
    pub bounds: Bounds,
    /// The program that examines, which is `laserchat` itself.
    pub program: PathBuf,
    /// Where viruses are looked for, if at all.
    pub scanner: Option<Scanner>,
    /// As many files are examined, and what is made of them is kept, at once as there are permits.
    pub turns: Arc<Semaphore>,
}

/// What the examining process may use, and what it gives up on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Pixels of the largest picture that is decoded.
    pub pixels: u64,
    /// Bytes of the largest picture file that is looked into.
    pub image_bytes: u64,
    /// Address space of each process.
    pub memory_bytes: u64,
    /// Processor time of each process.
    pub cpu_seconds: u64,
    /// Time by the clock, for all of it.
    pub seconds: u64,
    /// Longest sound whose waveform is drawn, because that means to decode all of it.
    pub waveform_seconds: u64,
    /// Whether video and sound are looked into, with ffmpeg, if it is installed.
    pub ffmpeg: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            pixels: 64_000_000,
            image_bytes: 64 << 20,
            memory_bytes: 1 << 30,
            cpu_seconds: 60,
            seconds: 120,
            waveform_seconds: 3600,
            ffmpeg: true,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bounds: Bounds::default(),
            program: process::program(),
            scanner: None,
            turns: Arc::new(Semaphore::new(2)),
        }
    }
}

impl Limits {
    /// As the operator wants it.
    pub fn configured(config: &Config) -> Self {
        Self {
            bounds: Bounds {
                memory_bytes: config.media.memory_bytes,
                ffmpeg: config.media.ffmpeg,
                ..Bounds::default()
            },
            scanner: Scanner::configured(&config.scan),
            turns: Arc::new(Semaphore::new(config.media.processes)),
            ..Self::default()
        }
    }
}
