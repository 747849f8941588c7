//! The trace: everything that happens, one line each, folded into one number by which two runs are compared.

use std::hash::{DefaultHasher, Hash, Hasher};

use parking_lot::Mutex;

use super::clock;

#[derive(Default)]
struct Inner {
    lines: u64,
    hash: DefaultHasher,
    wrongs: Vec<String>,
}

pub struct Trace {
    inner: Mutex<Inner>,
    /// Prints every line.
    loud: bool,
}

impl Trace {
    pub fn new(loud: bool) -> Self {
        Trace { inner: Mutex::default(), loud }
    }

    pub fn note(&self, line: impl AsRef<str>) {
        let (at, line) = (clock::elapsed().as_millis(), line.as_ref());
        if self.loud {
            println!("{at:>8} {line}");
        }
        let mut inner = self.inner.lock();
        inner.lines += 1;
        (at as u64, line).hash(&mut inner.hash);
    }

    /// Something that must never be.
    pub fn wrong(&self, what: impl Into<String>) {
        let what = what.into();
        self.note(format!("WRONG: {what}"));
        self.inner.lock().wrongs.push(what);
    }

    pub fn wrongs(&self) -> Vec<String> {
        self.inner.lock().wrongs.clone()
    }

    pub fn lines(&self) -> u64 {
        self.inner.lock().lines
    }

    pub fn hash(&self) -> u64 {
        self.inner.lock().hash.finish()
    }
}
