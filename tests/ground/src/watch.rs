//! Cleaning up after a test process that has no chance to: it was killed, or aborted.
//!
//! A signal at the parent's death would come when the *thread* that started a server ends, and tests run on many threads. A
//! pipe does not have that fault: the watcher reads from it, and it ends when the last process that holds its other end does.

use std::process::{Child, Command, Stdio};

/// Runs a shell command when this process is gone, and not when this value is dropped.
pub struct Watch(Child);

impl Watch {
    /// `words` are the `$1`, `$2`, … of the command.
    pub fn new(command: &str, words: &[&str]) -> Watch {
        let script = format!("cat >/dev/null; {command}");
        let mut shell = Command::new("setsid");
        shell.args(["sh", "-c", &script, "watch"]).args(words);
        // Whoever waits for the end of a test's output must not wait for the watcher.
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Watch(shell.spawn().expect("a shell starts"))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Killed before its pipe ends, so that it has nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
