//! The README's first screen works when it is copied and pasted: each of its `sh` blocks runs in bash, one after the other,
//! against a real server.

use std::process::Stdio;
use std::sync::Arc;

use laserchat_tests::process::{self, Process};
use laserchat_tests::{PATIENCE, patiently};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Notify;

const README: &str = include_str!("../../../README.md");

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let parts = text.split(fence.as_str()).skip(1);
    parts.map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// Everything that the shell and its background jobs have said so far.
#[derive(Default)]
struct Said {
    text: Mutex<String>,
    more: Notify,
}

impl Said {
    fn gather(self: &Arc<Self>, mut from: impl AsyncRead + Unpin + Send + 'static) {
        let said = Arc::clone(self);
        tokio::spawn(async move {
            let mut part = [0; 4096];
            while let Ok(read @ 1..) = from.read(&mut part).await {
                said.text.lock().push_str(&String::from_utf8_lossy(&part[..read]));
                said.more.notify_waiters();
            }
        });
    }

    async fn wait_for(&self, what: &str) {
        let heard = async {
            loop {
                let more = self.more.notified();
                if self.text.lock().contains(what) {
                    return;
                }
                more.await;
            }
        };
        let outcome = tokio::time::timeout(PATIENCE, heard).await;
        assert!(outcome.is_ok(), "waited in vain for {what:?} in:\n{}", self.text.lock());
    }
}

#[tokio::test]
async fn the_first_screen_can_be_copied_and_pasted() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), "127.0.0.1:0").await;
    let steps = blocks(README, "sh");
    assert_eq!(steps.len(), 5, "register, log in, create, listen, send");

    let mut shell = Command::new("bash")
        .args(["-e", "-u", "-o", "pipefail"])
        .env("NO_PROXY", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("bash runs");
    let said = Arc::new(Said::default());
    said.gather(shell.stdout.take().unwrap());
    said.gather(shell.stderr.take().unwrap());
    let mut input = shell.stdin.take().unwrap();

    let binary = process::binary();
    for (number, step) in steps.iter().enumerate() {
        let step = step.replace("localhost:8080", &server.address);
        let step = step.replace("target/release/laserchat", &format!("'{}'", binary.display()));
        input.write_all(format!("{step}\necho '[step {number} done]'\n").as_bytes()).await.unwrap();
        said.wait_for(&format!("[step {number} done]")).await;
        if step.contains(" tail ") {
            said.wait_for("listening to http://").await;
        }
    }
    said.wait_for("lobby  ada: Hello, world!").await;
    let text = said.text.lock().clone();
    assert!(text.contains(r#""server_role":"owner""#) && text.contains(r#""body":"Hello, world!""#), "{text}");

    input.write_all(b"kill $!\nexit\n").await.unwrap();
    assert!(patiently("the shell to end", shell.wait()).await.unwrap().success());
    server.kill().await;
}
