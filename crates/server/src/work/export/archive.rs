//! Archive: a tar file that is written on a thread of its own, because disks make one wait.
//!
//! Little is under way at once, so that it never takes more memory than that, however large what is written may be.

use std::fs::File;
use std::io::{BufWriter, Result};
use std::path::Path;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::tar::Tar;

/// Pieces that may wait for the disk.
const WAITING: usize = 4;

enum Piece {
    File(String, Vec<u8>),
    Begin(String, u64),
    More(Bytes),
    End(u64),
    /// The archive is complete. Without it, whoever wrote it has given up.
    Last,
}

/// An archive that is being written. Dropping it without [`Archive::finish`] leaves one that is cut off.
pub struct Archive {
    pieces: mpsc::Sender<Piece>,
    written: JoinHandle<Result<u64>>,
}

impl Archive {
    /// Begins one in place of whatever is there. All files in it get this time, in seconds since 1970.
    pub fn create(path: &Path, seconds: i64) -> Result<Archive> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let tar = Tar::new(BufWriter::new(options.open(path)?), seconds);
        let (pieces, queue) = mpsc::channel(WAITING);
        Ok(Archive { pieces, written: tokio::task::spawn_blocking(move || write(tar, queue)) })
    }

    /// A file that is in memory.
    pub async fn file(&self, name: String, content: Vec<u8>) -> Result<()> {
        self.send(Piece::File(name, content)).await
    }

    /// Begins a file whose content comes with [`Archive::more`], exactly so many bytes, before [`Archive::end`].
    pub async fn begin(&self, name: String, size: u64) -> Result<()> {
        self.send(Piece::Begin(name, size)).await
    }

    pub async fn more(&self, bytes: Bytes) -> Result<()> {
        self.send(Piece::More(bytes)).await
    }

    pub async fn end(&self, size: u64) -> Result<()> {
        self.send(Piece::End(size)).await
    }

    async fn send(&self, piece: Piece) -> Result<()> {
        // Why the disk took no more is what `finish` says.
        self.pieces.send(piece).await.map_err(|_| std::io::Error::other("the archive takes no more"))
    }

    /// Ends the archive, and makes it durable. Returns its size.
    pub async fn finish(self) -> Result<u64> {
        let ended = self.send(Piece::Last).await;
        drop(self.pieces);
        let size = self.written.await.map_err(std::io::Error::other)??;
        ended.map(|()| size)
    }
}

fn write(mut tar: Tar<BufWriter<File>>, mut queue: mpsc::Receiver<Piece>) -> Result<u64> {
    while let Some(piece) = queue.blocking_recv() {
        match piece {
            Piece::Last => {
                let (bytes, out) = tar.finish()?;
                out.into_inner().map_err(|error| error.into_error())?.sync_all()?;
                return Ok(bytes);
            }
            Piece::File(name, content) => tar.file(&name, &content)?,
            Piece::Begin(name, size) => tar.begin(&name, size)?,
            Piece::More(bytes) => tar.more(&bytes)?,
            Piece::End(size) => tar.end(size)?,
        }
    }
    Err(std::io::Error::other("the archive was given up"))
}
