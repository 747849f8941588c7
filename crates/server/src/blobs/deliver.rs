//! Bringing blobs from a folder into a store that speaks S3 and back: for a server that moves there, and for backups.
//!
//! What is there already is kept, so that whatever was interrupted goes on where it was. What comes from the folder is read
//! back from the store and compared with its name, because the folder may be gone afterwards.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use futures_util::{StreamExt, TryStreamExt, stream};
use laserchat_protocol::FileId;
use laserchat_store::{BlobHash, BlobName};
use sha2::{Digest, Sha256};
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::copy::Copied;
use super::seen::Seen;
use super::{BlobError, Blobs, PART, digest, name};
use crate::server::create_private;

/// Blobs that are on their way at once.
const AT_ONCE: usize = 4;

fn place(folder: &Path, blob: &BlobName) -> PathBuf {
    let (shard, file) = name::place(blob);
    folder.join(shard).join(file)
}

impl Blobs {
    /// All blobs that are there, and how many bytes each has.
    pub async fn all(&self) -> Result<HashMap<BlobName, u64>, BlobError> {
        let opened = self.opened()?;
        let prefix = opened.prefix.as_deref().map(object_store::path::Path::from);
        let found = opened.store.list(prefix.as_ref());
        let named = found.try_filter_map(|found| async move {
            let mut parts: Vec<_> = found.location.parts().collect();
            let (file, shard) = (parts.pop(), parts.pop());
            let blob = shard.zip(file).and_then(|(shard, file)| name::read(shard.as_ref(), file.as_ref()));
            Ok(blob.map(|blob| (blob, found.size)))
        });
        Ok(named.try_collect().await?)
    }

    /// The bytes of a blob as they are, by their hash and size. Nothing, if there are none.
    async fn found(&self, blob: &BlobName) -> Result<Option<(BlobHash, u64)>, BlobError> {
        let mut bytes = match self.read(blob, None).await {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let (mut digest, mut size) = (Sha256::new(), 0);
        while let Some(part) = bytes.try_next().await? {
            digest.update(&part);
            size += part.len() as u64;
        }
        Ok(Some((digest.finalize().into(), size)))
    }
}

/// Brings these blobs from a folder into a store, and notes which came out of it as they should.
pub async fn deliver(
    from: &Path,
    to: &Blobs,
    blobs: &[(BlobName, u64)],
    mut seen: Option<&mut Seen>,
    mut tell: impl FnMut(Copied),
) -> Result<Copied, BlobError> {
    let there = if blobs.is_empty() { HashMap::new() } else { to.all().await? };
    let is_seen = |blob: &BlobName| seen.as_ref().is_some_and(|seen| seen.has(blob));
    let known: HashSet<BlobName> = blobs.iter().map(|(blob, _)| *blob).filter(is_seen).collect();
    let (there, known) = (&there, &known);
    let one = |(blob, size): (BlobName, u64)| async move {
        let (whole, sized) = ((blob.hash, size), there.get(&blob) == Some(&size));
        if sized && known.contains(&blob) {
            return Ok((None, Copied { kept: 1, ..Copied::default() }));
        }
        let source = place(from, &blob);
        let here = match digest(&source).await {
            Ok(here) => Some(here),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(BlobError::from(error)),
        };
        match here {
            // It never was in the folder, or is there no more: the store is where it is.
            None if sized => return Ok((None, Copied { kept: 1, ..Copied::default() })),
            None => return Ok((None, Copied { missing: 1, ..Copied::default() })),
            Some(here) if here != whole && !sized => return Ok((None, Copied { damaged: 1, ..Copied::default() })),
            Some(_) => {}
        }
        if sized && to.found(&blob).await? == Some(whole) {
            return Ok((Some(blob), Copied { kept: 1, ..Copied::default() }));
        }
        if here != Some(whole) {
            return Ok((None, Copied { damaged: 1, ..Copied::default() }));
        }
        to.put(blob, &source).await?;
        if to.found(&blob).await? != Some(whole) {
            let name = name::hex(&blob.hash);
            return Err(std::io::Error::other(format!("{name} came out of the store as something else")).into());
        }
        Ok((Some(blob), Copied { written: 1, bytes: size, ..Copied::default() }))
    };
    let mut delivered = stream::iter(blobs.iter().copied().map(one)).buffer_unordered(AT_ONCE);
    let mut all = Copied::default();
    while let Some((read_back, one)) = delivered.try_next().await? {
        if let (Some(seen), Some(blob)) = (&mut seen, read_back) {
            seen.note(blob)?;
        }
        all.add(one);
        tell(all);
    }
    Ok(all)
}

/// Brings these blobs from a store into a folder.
pub async fn fetch(from: &Blobs, to: &Path, blobs: &[(BlobName, u64)]) -> Result<Copied, BlobError> {
    let one = |(blob, size): (BlobName, u64)| async move {
        let target = place(to, &blob);
        if fs::metadata(&target).await.is_ok_and(|found| found.len() == size) {
            return Ok(Copied { kept: 1, ..Copied::default() });
        }
        let mut bytes = match from.read(&blob, None).await {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(Copied { missing: 1, ..Copied::default() }),
            Err(error) => return Err(error),
        };
        let folder = target.parent().unwrap_or(to);
        create_private(folder)?;
        let beside = target.with_extension("copy");
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).await?;
        let (mut digest, mut count) = (Sha256::new(), 0);
        while let Some(part) = bytes.try_next().await? {
            digest.update(&part);
            count += part.len() as u64;
            file.write_all(&part).await?;
        }
        file.sync_all().await?;
        if (BlobHash::from(digest.finalize()), count) != (blob.hash, size) {
            fs::remove_file(&beside).await?;
            return Ok(Copied { damaged: 1, ..Copied::default() });
        }
        fs::rename(&beside, &target).await?;
        fs::File::open(folder).await?.sync_all().await?;
        Ok::<_, BlobError>(Copied { written: 1, bytes: size, ..Copied::default() })
    };
    create_private(to)?;
    let mut fetched = stream::iter(blobs.iter().copied().map(one)).buffer_unordered(AT_ONCE);
    let mut all = Copied::default();
    while let Some(one) = fetched.try_next().await? {
        all.add(one);
    }
    Ok(all)
}

/// Brings what has arrived of an upload, in a file, to where any node can go on with it.
pub async fn deliver_upload(from: &Path, to: &Blobs, upload: FileId) -> Result<(), BlobError> {
    let mut file = match fs::File::open(from).await {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    to.delete_pieces(upload).await?;
    let mut at = 0;
    loop {
        let mut bytes = Vec::with_capacity(PART);
        (&mut file).take(PART as u64).read_to_end(&mut bytes).await?;
        if bytes.is_empty() {
            return Ok(());
        }
        at = to.put_piece(upload, at, bytes.into(), false).await?.to;
    }
}
