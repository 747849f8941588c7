//! A clock that can be set wrong for one process alone, by Debian's package `faketime`.

use std::ffi::OsString;
use std::path::Path;

use tempfile::NamedTempFile;

/// Where the package has its library, on the machines that it is made for.
const LIBRARIES: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];

pub struct Clock {
    library: &'static str,
    /// How wrong it is, for the library to read.
    file: NamedTempFile,
}

impl Clock {
    /// One that is right. `None`, and it is said: there is nothing to do this with.
    pub fn new() -> Option<Clock> {
        let library = LIBRARIES.into_iter().find(|library| Path::new(library).is_file());
        if library.is_none() {
            eprintln!("skipped: faketime is not installed, so no clock is set wrong");
        }
        let clock = Clock { library: library?, file: NamedTempFile::new().expect("a temporary file") };
        clock.set(0);
        Some(clock)
    }

    /// What makes a process go by it. What measures how long something takes is not touched, as it is not when an
    /// administrator sets the clock.
    pub fn environment(&self) -> [(&'static str, OsString); 4] {
        [
            ("LD_PRELOAD", self.library.into()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.path().into()),
            ("FAKETIME_CACHE_DURATION", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }

    /// Sets it so many seconds forward or back, which the process sees within a second.
    pub fn set(&self, seconds: i64) {
        std::fs::write(self.file.path(), format!("{seconds:+}")).expect("a file");
    }
}
