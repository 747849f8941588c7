//! Blobs: the bytes of files, each named by its SHA-256 and a number, in a local folder or in a store that speaks S3.
//!
//! A blob never changes, and the same bytes are kept once. It is durable before `put` returns: in the local folder it is
//! put beside its place and renamed, and large ones go to S3 in parts. Which blobs there should be
//! is in the database, and always was before the bytes were: so whatever is here without a row there was being deleted.
//! No name is used twice, so a blob may be deleted at any time after it was doomed, by anybody, as often as they like.

pub mod copy;
pub mod deliver;
pub mod name;
pub mod pieces;
pub mod seen;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use laserchat_protocol::{Code, Problem};
use laserchat_store::{BlobHash, BlobName};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart,
};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;

use crate::authorities;
use crate::config;
use crate::server::create_private;
use crate::turns::Turns;

/// The folder inside the data folder.
pub const FOLDER: &str = "blobs";
/// S3 takes parts of at least 5 MB. As much of one blob is in memory at once, twice.
const PART: usize = 8 << 20;
/// Parts that may be on their way at once.
const PARTS: usize = 2;
/// How long S3 may be silent: as long as a part may take to get there.
const SILENCE: Duration = Duration::from_secs(60);
/// For how long, and how often, a request to S3 is tried. Somebody waits for the answer, or it is tried again later.
const TRIES: (Duration, usize) = (Duration::from_secs(10), 4);
/// Bytes that are read at once.
const CHUNK: usize = 256 << 10;

pub struct Blobs {
    config: config::Blobs,
    folder: PathBuf,
    opened: OnceLock<Opened>,
    /// A blob is written by one at a time.
    busy: Turns<BlobName>,
}

struct Opened {
    store: Arc<dyn ObjectStore>,
    /// In front of the name of every blob.
    prefix: Option<String>,
}

/// What keeps bytes from being written or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("blobs.url must be s3://bucket or s3://bucket/folder")]
    Url,
    #[error("the folder of blobs: {0}")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] object_store::Error),
}

impl BlobError {
    /// The bytes are not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, BlobError::Store(object_store::Error::NotFound { .. }))
    }
}

/// A failure as whoever asked sees it. It is logged here, where it is handled.
impl From<BlobError> for Problem {
    fn from(error: BlobError) -> Problem {
        tracing::error!(%error, "the bytes of a file could not be reached");
        if error.is_missing() {
            return Problem::new(Code::NotFound).detail("the bytes of this file are lost");
        }
        Problem::new(Code::Unavailable).retry_after(5)
    }
}

/// The hash and the size of a file.
pub async fn digest(path: &Path) -> std::io::Result<(BlobHash, u64)> {
    let mut file = tokio::fs::File::open(path).await?;
    let (mut digest, mut size) = (Sha256::new(), 0u64);
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = file.read(&mut chunk).await?;
        if count == 0 {
            return Ok((digest.finalize().into(), size));
        }
        digest.update(&chunk[..count]);
        size += count as u64;
    }
}

fn absent(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

impl Blobs {
    /// Nothing is opened or made before it is needed.
    pub fn new(config: config::Blobs, data: &Path) -> Self {
        Blobs { config, folder: data.join(FOLDER), opened: OnceLock::new(), busy: Turns::default() }
    }

    /// Opens the store, to find out what is wrong with the configuration before anybody needs it.
    pub fn open(&self) -> Result<(), BlobError> {
        self.opened().map(drop)
    }

    fn opened(&self) -> Result<&Opened, BlobError> {
        match self.opened.get() {
            Some(opened) => Ok(opened),
            None => {
                let opened = self.connect()?;
                Ok(self.opened.get_or_init(|| opened))
            }
        }
    }

    fn connect(&self) -> Result<Opened, BlobError> {
        let Some(url) = &self.config.url else {
            create_private(&self.folder)?;
            let store = LocalFileSystem::new_with_prefix(&self.folder)?.with_fsync(true);
            return Ok(Opened { store: Arc::new(store), prefix: None });
        };
        let place = url.strip_prefix("s3://").ok_or(BlobError::Url)?;
        let (bucket, folder) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(BlobError::Url);
        }
        authorities::provide();
        let config = &self.config;
        let mut builder = match config.key_id {
            Some(_) => AmazonS3Builder::new(),
            None => AmazonS3Builder::from_env(),
        };
        // Whoever downloads a large file slowly reads one answer for hours.
        let options = ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENCE);
        let options = options.with_no_system_certificates(!authorities::exist());
        let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
        let retry = RetryConfig { retry_timeout: TRIES.0, max_retries: TRIES.1, backoff };
        builder = builder.with_client_options(options).with_retry(retry);
        builder = builder.with_bucket_name(bucket).with_region(&config.region);
        if let Some(endpoint) = &config.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        if let (Some(id), Some(secret)) = (&config.key_id, &config.secret_key) {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        let prefix = Some(folder.trim_matches('/').to_owned()).filter(|folder| !folder.is_empty());
        Ok(Opened { store: Arc::new(builder.build()?), prefix })
    }

    fn place(&self, opened: &Opened, blob: &BlobName) -> Place {
        let (folder, file) = name::place(blob);
        match &opened.prefix {
            Some(prefix) => Place::from(format!("{prefix}/{folder}/{file}")),
            None => Place::from(format!("{folder}/{file}")),
        }
    }

    /// Writes a file as a blob.
    pub async fn put(&self, blob: BlobName, path: &Path) -> Result<(), BlobError> {
        let busy = self.busy.place(blob);
        let _turn = busy.turn().await;
        let opened = self.opened()?;
        let place = self.place(opened, &blob);
        if self.config.url.is_none() {
            let (folder, from) = (self.folder.clone(), path.to_owned());
            let linked = tokio::task::spawn_blocking(move || Self::link(&folder, &blob, &from)).await;
            // Not every file system has second names.
            if matches!(linked, Ok(Ok(()))) {
                return Ok(());
            }
        }
        let mut file = tokio::fs::File::open(path).await?;
        let size = file.metadata().await?.len();
        if size <= PART as u64 {
            let mut bytes = Vec::with_capacity(size as usize);
            file.read_to_end(&mut bytes).await?;
            opened.store.put(&place, bytes.into()).await?;
            return Ok(());
        }
        let mut writer = WriteMultipart::new_with_chunk_size(opened.store.put_multipart(&place).await?, PART);
        match Self::copy(&mut file, &mut writer).await {
            Ok(()) => Ok(writer.finish().await.map(drop)?),
            Err(error) => {
                // What is left of it is S3's to forget; the bucket's rule for unfinished uploads does.
                let _ = writer.abort().await;
                Err(error)
            }
        }
    }

    /// Gives a file a second name in the local folder. Its bytes change no more, so there is no need to copy them.
    fn link(folder: &Path, blob: &BlobName, path: &Path) -> std::io::Result<()> {
        let (shard, file) = name::place(blob);
        let shard = folder.join(shard);
        create_private(&shard)?;
        let (beside, place) = (shard.join(format!("{file}#linked")), shard.join(file));
        // Of a server that died here. It also stays when both are names of one file already.
        let forget = || std::fs::remove_file(&beside).or_else(|error| absent(&error).then_some(()).ok_or(error));
        forget()?;
        std::fs::File::open(path)?.sync_all()?;
        std::fs::hard_link(path, &beside)?;
        std::fs::rename(&beside, place)?;
        forget()?;
        std::fs::File::open(&shard)?.sync_all()?;
        std::fs::File::open(folder)?.sync_all()
    }

    async fn copy(file: &mut tokio::fs::File, writer: &mut WriteMultipart) -> Result<(), BlobError> {
        let mut chunk = vec![0; CHUNK];
        loop {
            let count = file.read(&mut chunk).await?;
            if count == 0 {
                return Ok(());
            }
            writer.wait_for_capacity(PARTS).await?;
            writer.write(&chunk[..count]);
        }
    }

    /// The bytes of a blob, or a part of them.
    pub async fn read(
        &self,
        blob: &BlobName,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let opened = self.opened()?;
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = opened.store.get_opts(&self.place(opened, blob), options).await?;
        Ok(found.into_stream().map_err(BlobError::from).boxed())
    }

    /// Whether the bytes of a blob are there, and how many.
    pub async fn size(&self, blob: &BlobName) -> Result<Option<u64>, BlobError> {
        let opened = self.opened()?;
        match opened.store.head(&self.place(opened, blob)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes, reads and deletes something, for `laserchat doctor`.
    pub async fn probe(&self) -> Result<(), BlobError> {
        let opened = self.opened()?;
        let prefix = opened.prefix.as_deref().map(|prefix| format!("{prefix}/")).unwrap_or_default();
        let place = Place::from(format!("{prefix}laserchat-doctor"));
        opened.store.put(&place, Bytes::new().into()).await?;
        opened.store.head(&place).await?;
        Ok(opened.store.delete(&place).await?)
    }

    /// Deletes a blob, if it is there.
    pub async fn delete(&self, blob: &BlobName) -> Result<(), BlobError> {
        let opened = self.opened()?;
        match opened.store.delete(&self.place(opened, blob)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            // Not every server answers as it should when there is nothing to delete.
            Err(error) => match self.size(blob).await? {
                None => Ok(()),
                Some(_) => Err(error.into()),
            },
        }
    }
}
