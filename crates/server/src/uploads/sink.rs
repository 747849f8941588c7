//! Where the bytes of one request go: behind those in the upload's file, or, where other nodes may go on with the upload,
//! into pieces in the store of blobs.

use std::io::SeekFrom;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use laserchat_protocol::{Code, Problem};
use laserchat_store::Upload;
use tokio::fs;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::{CONTENT, disk};
use crate::blobs::Blobs;
use crate::blobs::pieces::Piece;
use crate::server::create_private;

/// Bytes that are gathered before they are written to a file.
const BUFFER: usize = 256 << 10;
/// The smallest piece that is written while more bytes come, and of how many an upload is made at most then.
const PIECE: u64 = 1 << 20;
const PIECES: u64 = 4000;
/// More pieces than this are refused: whoever sends a file in crumbs makes everybody list them.
const CRUMBS: usize = 10_000;

pub(super) enum Sink<'a> {
    Folder(Folder),
    Store(Store<'a>),
}

pub(super) struct Folder {
    file: fs::File,
    offset: u64,
    buffer: Vec<u8>,
}

pub(super) struct Store<'a> {
    blobs: &'a Blobs,
    upload: &'a Upload,
    /// Where the bytes begin that are gathered.
    at: u64,
    gathered: BytesMut,
    /// How many bytes make a piece.
    size: usize,
    /// Whether a checksum decides in the end.
    unchecked: bool,
    written: Vec<Piece>,
}

impl<'a> Sink<'a> {
    /// A file in this folder, from `offset` on.
    pub async fn folder(folder: &Path, offset: u64) -> Result<Sink<'a>, Problem> {
        create_private(folder).map_err(disk)?;
        let mut options = fs::OpenOptions::new();
        let mut file =
            options.create(true).truncate(false).write(true).open(folder.join(CONTENT)).await.map_err(disk)?;
        file.seek(SeekFrom::Start(offset)).await.map_err(disk)?;
        Ok(Sink::Folder(Folder { file, offset, buffer: Vec::with_capacity(BUFFER) }))
    }

    /// Pieces in the store of blobs.
    pub async fn store(
        blobs: &'a Blobs,
        upload: &'a Upload,
        offset: u64,
        unchecked: bool,
    ) -> Result<Sink<'a>, Problem> {
        if blobs.pieces(upload.id).await?.len() >= CRUMBS {
            return Err(Problem::new(Code::TooLarge).detail("the upload came in too many parts; begin it again"));
        }
        let size = PIECE.max(upload.bytes / PIECES) as usize;
        let (gathered, written) = (BytesMut::new(), Vec::new());
        Ok(Sink::Store(Store { blobs, upload, at: offset, gathered, size, unchecked, written }))
    }

    pub async fn write(&mut self, bytes: &Bytes) -> Result<(), Problem> {
        match self {
            Sink::Folder(Folder { file, buffer, .. }) => {
                if buffer.is_empty() && bytes.len() >= BUFFER {
                    return file.write_all(bytes).await.map_err(disk);
                }
                buffer.extend_from_slice(bytes);
                if buffer.len() >= BUFFER {
                    file.write_all(buffer).await.map_err(disk)?;
                    buffer.clear();
                }
                Ok(())
            }
            Sink::Store(store) => {
                store.gathered.extend_from_slice(bytes);
                while store.gathered.len() >= store.size {
                    store.put(store.size).await?;
                }
                Ok(())
            }
        }
    }

    /// What was written stays.
    pub async fn keep(self) -> Result<(), Problem> {
        match self {
            Sink::Folder(Folder { mut file, buffer, .. }) => {
                file.write_all(&buffer).await.map_err(disk)?;
                file.flush().await.map_err(disk)
            }
            Sink::Store(mut store) => {
                if !store.gathered.is_empty() {
                    store.put(store.gathered.len()).await?;
                }
                if store.unchecked {
                    // In their order, so that whatever breaks off leaves a beginning.
                    for piece in &store.written {
                        store.blobs.accept_piece(store.upload.id, piece).await?;
                    }
                }
                Ok(())
            }
        }
    }

    /// What was written goes.
    pub async fn undo(self) -> Result<(), Problem> {
        match self {
            Sink::Folder(Folder { mut file, offset, .. }) => {
                // What is on its way to the file must not come after it was cut.
                file.flush().await.map_err(disk)?;
                file.set_len(offset).await.map_err(disk)
            }
            Sink::Store(store) => {
                for piece in &store.written {
                    store.blobs.delete_piece(store.upload.id, piece).await?;
                }
                Ok(())
            }
        }
    }
}

impl Store<'_> {
    async fn put(&mut self, count: usize) -> Result<(), Problem> {
        let bytes = self.gathered.split_to(count).freeze();
        let piece = self.blobs.put_piece(self.upload.id, self.at, bytes, self.unchecked).await?;
        self.at = piece.to;
        self.written.push(piece);
        Ok(())
    }
}
