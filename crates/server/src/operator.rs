//! The operator's door: how a command of the operator tells a running server what it has changed.
//!
//! `laserchat admin` is a process of its own that works on the database, while a server on the same data folder keeps
//! some things in memory: which sessions have ended, which keys sign, who is connected. So the server listens on a Unix
//! socket inside the data folder, which only the folder's owner can reach, and a command leaves a notice there: one line
//! of JSON, answered by one line when it has taken effect. A notice names what to look at and carries nothing that the
//! server would have to believe; the server reads the database again.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Weak;
use std::time::Duration;

use laserchat_protocol::{SessionId, UserId};
use laserchat_store::StoreError;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use crate::app::App;

const SOCKET: &str = "laserchat.sock";
const DONE: &str = "done";
/// A notice is one line, and no longer than this.
const NOTICE_BYTES: u64 = 1 << 20;
/// How long either side waits for the other.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has changed in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "changed", rename_all = "snake_case")]
pub enum Notice {
    /// A user's account, and the sessions (or personal access tokens) of the user whose connections end.
    User { user: UserId, ended: Vec<SessionId> },
    /// There is a new signing key.
    Keys,
    /// Nothing has, but the index of search is to be made anew.
    Search,
}

/// Whether a running server knows of the change.
#[derive(Debug)]
pub enum Told {
    Done,
    /// No server is running on this data folder, so there is nobody to tell.
    NobodyThere,
    /// A server is there, and it did not take the notice.
    Failed(io::Error),
}

/// Tells the server that runs on a data folder.
pub fn tell(data: &Path, notice: &Notice) -> Told {
    let stream = match std::os::unix::net::UnixStream::connect(data.join(SOCKET)) {
        Ok(stream) => stream,
        // A socket without a listener is what a killed server leaves behind.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Told::NobodyThere;
        }
        Err(error) => return Told::Failed(error),
    };
    let ask = || {
        stream.set_read_timeout(Some(PATIENCE))?;
        let line = serde_json::to_string(notice).map_err(io::Error::other)?;
        writeln!(&stream, "{line}")?;
        let mut answer = String::new();
        BufReader::new(&stream).read_line(&mut answer)?;
        if answer.trim_end() == DONE { Ok(()) } else { Err(io::Error::other(answer.trim_end().to_owned())) }
    };
    match ask() {
        Ok(()) => Told::Done,
        Err(error) => Told::Failed(error),
    }
}

/// The listening socket; its file goes when this does.
struct Door {
    listener: UnixListener,
    path: PathBuf,
}

impl Drop for Door {
    fn drop(&mut self) {
        // If it cannot be removed, the next server replaces it.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Takes notices until the server is gone. The caller holds the lock of the data folder, so a socket that is there is
/// what an earlier server left. A folder whose path is too long for a socket costs the door and nothing else.
pub fn listen(app: &std::sync::Arc<App>) {
    let path = app.config.data.join(SOCKET);
    let _ = std::fs::remove_file(&path);
    match UnixListener::bind(&path) {
        Ok(listener) => {
            let (door, draining) = (Door { listener, path }, app.draining.clone());
            let app = std::sync::Arc::downgrade(app);
            tokio::spawn(async move {
                tokio::select! {
                    () = draining.cancelled() => {}
                    () = serve(&door, &app) => {}
                }
            });
        }
        Err(error) => {
            tracing::warn!(%error, "the operator's socket cannot be made: admin commands take full effect at a restart");
        }
    }
}

async fn serve(door: &Door, app: &Weak<App>) {
    loop {
        let stream = match door.listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a notice could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(app) = app.upgrade() else { return };
        tokio::spawn(async move {
            match tokio::time::timeout(PATIENCE, take(&app, stream)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a notice could not be taken"),
                Err(_) => tracing::warn!("a notice did not arrive in time"),
            }
        });
    }
}

async fn take(app: &App, mut stream: UnixStream) -> io::Result<()> {
    let (reading, mut writing) = stream.split();
    let mut line = String::new();
    tokio::io::BufReader::new(reading.take(NOTICE_BYTES)).read_line(&mut line).await?;
    let answer = match serde_json::from_str(&line) {
        Ok(notice) => match follow(app, notice).await {
            Ok(()) => DONE.to_owned(),
            Err(error) => error.to_string(),
        },
        Err(error) => format!("not a notice: {error}"),
    };
    writing.write_all(format!("{answer}\n").as_bytes()).await
}

/// Brings what is in memory up to what is stored.
async fn follow(app: &App, notice: Notice) -> Result<(), StoreError> {
    match notice {
        Notice::User { user, ended } => {
            app.end_sessions(user, &ended);
            if let Some(user) = app.store.user(user).await? {
                app.presence.profile_changed(&user);
            }
            tracing::info!(%user, sessions = ended.len(), "an account was changed by the operator");
        }
        Notice::Keys => {
            crate::auth::keys::learn(app).await?;
            app.bus.notice(crate::bus::Notice::Keys);
            tracing::info!("the signing key was rotated by the operator");
        }
        Notice::Search => {
            app.bus.notice(crate::bus::Notice::Reindex);
            app.reindex.notify_one();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_one_line_of_json() {
        let notice = Notice::User { user: UserId(7), ended: vec![SessionId(9)] };
        let line = serde_json::to_string(&notice).unwrap();
        assert_eq!(line, r#"{"changed":"user","user":"7","ended":["9"]}"#);
        assert_eq!(serde_json::from_str::<Notice>(&line).unwrap(), notice);
        assert_eq!(serde_json::to_string(&Notice::Keys).unwrap(), r#"{"changed":"keys"}"#);
    }

    #[test]
    fn without_a_server_there_is_nobody_to_tell() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(tell(folder.path(), &Notice::Keys), Told::NobodyThere));
        // What a killed server leaves behind.
        drop(std::os::unix::net::UnixListener::bind(folder.path().join(SOCKET)).unwrap());
        assert!(matches!(tell(folder.path(), &Notice::Keys), Told::NobodyThere));
    }
}
