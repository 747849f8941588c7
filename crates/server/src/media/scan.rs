//! Looking for viruses with clamd, over its own protocol.
//!
//! The file is sent to the scanner (`INSTREAM`), so that the scanner needs no right to read the server's files, and may
//! be on another machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::Refused;
use crate::config;

/// For each piece to be taken, and for the verdict after the last.
const PATIENCE: Duration = Duration::from_secs(60);

const PIECE: usize = 64 * 1024;

/// Longest answer: a name, or an error.
const MOST_ANSWER: u64 = 1024;

/// Where the scanner is, and what must pass it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    pub place: Place,
    /// Whether a file that cannot be scanned is refused.
    pub required: bool,
    /// Longest file that is sent. clamd has a limit of its own (`StreamMaxLength`), which should not be smaller.
    pub most_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Unix(PathBuf),
    Tcp(String),
}

impl std::str::FromStr for Place {
    type Err = ();

    /// A path that begins with a slash, or `host:port`.
    fn from_str(text: &str) -> Result<Self, ()> {
        if text.starts_with('/') {
            return Ok(Place::Unix(text.into()));
        }
        let (host, port) = text.rsplit_once(':').ok_or(())?;
        let right =
            !host.is_empty() && !text.contains(char::is_whitespace) && port.parse::<u16>().is_ok_and(|port| port > 0);
        if right { Ok(Place::Tcp(text.to_owned())) } else { Err(()) }
    }
}

/// What the scanner said.
enum Verdict {
    Clean,
    Virus(String),
    /// Larger than it takes.
    TooLarge,
}

impl Scanner {
    pub fn configured(config: &config::Scan) -> Option<Self> {
        let place = config.clamd.as_deref()?.parse().ok()?;
        Some(Self { place, required: config.required, most_bytes: config.max_bytes })
    }

    /// Why the file must not be kept, if so.
    pub async fn scan(&self, source: &Path) -> Option<Refused> {
        let verdict = match tokio::fs::metadata(source).await {
            Ok(data) if data.len() > self.most_bytes => Ok(Verdict::TooLarge),
            Ok(_) => match self.ask(source).await {
                // It may hang up on a file so quickly that what it says of the length is lost. If it is well, that was it.
                Err(error) if hung_up(&error) && self.ping().await.is_ok() => Ok(Verdict::TooLarge),
                verdict => verdict,
            },
            Err(error) => Err(error),
        };
        match verdict {
            Ok(Verdict::Clean) => None,
            Ok(Verdict::Virus(name)) => {
                tracing::warn!(virus = %name, "an uploaded file was refused");
                Some(Refused::Virus(name))
            }
            Ok(Verdict::TooLarge) => self.required.then_some(Refused::TooLarge),
            Err(error) => {
                tracing::warn!(%error, required = self.required, "the virus scanner did not scan a file");
                self.required.then_some(Refused::ScannerAway)
            }
        }
    }

    /// Whether the scanner answers, for `laserchat doctor`.
    pub async fn ping(&self) -> std::io::Result<()> {
        let answer = match &self.place {
            Place::Unix(path) => ping(timed(UnixStream::connect(path)).await?).await?,
            Place::Tcp(address) => ping(timed(TcpStream::connect(address)).await?).await?,
        };
        if answer == "PONG" { Ok(()) } else { Err(std::io::Error::other("it is not clamd that answers")) }
    }

    async fn ask(&self, source: &Path) -> std::io::Result<Verdict> {
        let file = File::open(source).await?;
        match &self.place {
            Place::Unix(path) => stream(file, timed(UnixStream::connect(path)).await?).await,
            Place::Tcp(address) => stream(file, timed(TcpStream::connect(address)).await?).await,
        }
    }
}

fn hung_up(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}

async fn timed<T>(work: impl Future<Output = std::io::Result<T>>) -> std::io::Result<T> {
    timeout(PATIENCE, work).await.map_err(|_| std::io::ErrorKind::TimedOut)?
}

async fn ping(mut clamd: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<String> {
    timed(clamd.write_all(b"zPING\0")).await?;
    answer(clamd).await
}

/// Sends the file in pieces that say their length. A piece of no length is the end.
async fn stream(mut file: File, mut clamd: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<Verdict> {
    let mut buffer = vec![0; 4 + PIECE];
    let sent = async {
        timed(clamd.write_all(b"zINSTREAM\0")).await?;
        loop {
            let length = file.read(&mut buffer[4..]).await?;
            buffer[..4].copy_from_slice(&u32::try_from(length).map_err(std::io::Error::other)?.to_be_bytes());
            timed(clamd.write_all(&buffer[..4 + length])).await?;
            if length == 0 {
                return timed(clamd.flush()).await;
            }
        }
    }
    .await;
    // When clamd has enough it answers and hangs up in the middle, so the answer counts for more than the error.
    let answer = answer(clamd).await;
    match (answer, sent) {
        (Ok(answer), sent) if !answer.is_empty() => understood(&answer, sent.is_ok()),
        (Err(error), Ok(())) => Err(error),
        (_, Err(error)) => Err(error),
        (Ok(_), Ok(())) => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

async fn answer(clamd: impl AsyncRead + Unpin) -> std::io::Result<String> {
    let mut answer = Vec::new();
    timed(clamd.take(MOST_ANSWER).read_to_end(&mut answer)).await?;
    let text = answer.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(text).trim().to_owned())
}

fn understood(answer: &str, whole: bool) -> std::io::Result<Verdict> {
    let words = answer.strip_prefix("stream: ").unwrap_or(answer);
    if let Some(name) = words.strip_suffix(" FOUND") {
        // The names of some databases are as long as their authors liked.
        let name = name.chars().filter(|c| !c.is_control()).take(100).collect();
        return Ok(Verdict::Virus(name));
    }
    if words == "OK" && whole {
        return Ok(Verdict::Clean);
    }
    if words.contains("size limit exceeded") {
        return Ok(Verdict::TooLarge);
    }
    Err(std::io::Error::other(format!("clamd said: {words}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_path_or_an_address() {
        assert_eq!("/run/clamav/clamd.ctl".parse(), Ok(Place::Unix("/run/clamav/clamd.ctl".into())));
        assert_eq!("scanner:3310".parse(), Ok(Place::Tcp("scanner:3310".into())));
        assert_eq!("[::1]:3310".parse(), Ok(Place::Tcp("[::1]:3310".into())));
        for wrong in ["", "scanner", ":3310", "a b:1", "scanner:0", "scanner:99999", "clamd.sock"] {
            assert_eq!(wrong.parse::<Place>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn only_a_clear_answer_is_clean() {
        assert!(matches!(understood("stream: OK", true), Ok(Verdict::Clean)));
        assert!(understood("stream: OK", false).is_err());
        assert!(matches!(understood("stream: Eicar FOUND", false), Ok(Verdict::Virus(name)) if name == "Eicar"));
        assert!(matches!(understood("INSTREAM size limit exceeded. ERROR", false), Ok(Verdict::TooLarge)));
        assert!(understood("UNKNOWN COMMAND", true).is_err());
    }
}
