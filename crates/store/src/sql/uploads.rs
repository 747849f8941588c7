//! Uploads: rows of files from their beginning until they are ready, and the blobs that they reserve.

use laserchat_core::file::Owned;
use laserchat_protocol::{File, FileId, FileState, FileVariant, Timestamp, UserId};

use super::codes::{Code, enumerated, int, optional_time, size, time, uint};
use super::writing::Writing;
use crate::contract::{BlobHash, BlobName, FilePart, NewUpload, Part, Reserved, Upload, UploadRefusal, UploadState};
use crate::sql::{Connection, OptionalRow, Row, params};
use crate::{Result, StoreError};

/// The columns that [`upload`] reads.
const UPLOAD: &str = "id, owner_id, purpose, name, voice, bytes, created_at, due_at, state";

const BLOB_WRITING: i64 = 0;
const BLOB_DURABLE: i64 = 1;

fn upload(row: &Row<'_>) -> Result<Upload> {
    Ok(Upload {
        id: FileId(uint(row, 0)?),
        owner: UserId(uint(row, 1)?),
        purpose: enumerated(row, 2)?,
        name: row.get(3)?,
        voice: row.get(4)?,
        bytes: uint(row, 5)?,
        created_at: time(row, 6)?,
        expires_at: optional_time(row, 7)?,
        state: enumerated(row, 8)?,
    })
}

/// A file that is not ready, as its owner sees it.
pub(super) fn unready(upload: Upload) -> Owned {
    let state = if upload.state == UploadState::Refused { FileState::Refused } else { FileState::Processing };
    let file = File {
        id: upload.id,
        name: upload.name,
        mime: "application/octet-stream".to_owned(),
        size: upload.bytes,
        voice: upload.voice,
        state,
        created_at: upload.created_at,
        ..File::default()
    };
    Owned { owner: upload.owner, purpose: upload.purpose, file }
}

pub(super) fn one(conn: &Connection<'_>, id: FileId) -> Result<Option<Upload>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {UPLOAD} FROM files WHERE id = ?1"))?;
    statement.query_row([int(id.0)], upload).optional()
}

pub(super) fn processing(conn: &Connection<'_>) -> Result<Vec<Upload>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {UPLOAD} FROM files INDEXED BY files_unfinished WHERE state = ?1 AND state < 2 ORDER BY id"
    ))?;
    let found = statement.query_map([UploadState::Processing.code()], upload)?;
    found.collect::<Result<_>>()
}

/// Bytes that are charged to a user; user 0 is everybody together.
pub(super) fn usage(conn: &Connection<'_>, owner: UserId) -> Result<u64> {
    let mut statement = conn.prepare_cached("SELECT bytes FROM file_totals WHERE owner_id = ?1")?;
    Ok(statement.query_row([int(owner.0)], |row| uint(row, 0)).optional()?.unwrap_or_default())
}

/// Charges bytes to a user and to everybody together, or takes them off.
fn charge(w: &Writing<'_>, owner: UserId, bytes: i64) -> Result<()> {
    let mut statement = w.prepare(
        "INSERT INTO file_totals (owner_id, bytes) VALUES (?1, max(?2, 0))
         ON CONFLICT (owner_id) DO UPDATE SET bytes = max(file_totals.bytes + ?2, 0)",
    )?;
    for who in [owner, UserId(0)] {
        statement.execute(params![int(who.0), bytes])?;
    }
    Ok(())
}

pub(super) fn create(w: &Writing<'_>, new: &NewUpload) -> Result<Result<Upload, UploadRefusal>> {
    if let Some(key) = &new.key {
        let known = w
            .prepare(&format!("SELECT {UPLOAD} FROM files WHERE owner_id = ?1 AND key = ?2"))?
            .query_row(params![int(new.owner.0), key], upload)
            .optional()?;
        if let Some(known) = known {
            return Ok(Ok(known));
        }
    }
    let over = |quota: Option<u64>, used: u64| quota.is_some_and(|quota| used.saturating_add(new.bytes) > quota);
    if over(new.user_quota, usage(w.conn, new.owner)?) {
        return Ok(Err(UploadRefusal::UserQuota));
    }
    if over(new.server_quota, usage(w.conn, UserId(0))?) {
        return Ok(Err(UploadRefusal::ServerQuota));
    }
    let unfinished: i64 = w
        .prepare("SELECT count(*) FROM files WHERE state < 2 AND state IN (0, 1) AND owner_id = ?1")?
        .query_row([int(new.owner.0)], |row| row.get(0))?;
    if unfinished >= size(new.most) {
        return Ok(Err(UploadRefusal::TooMany));
    }
    w.prepare(
        "INSERT INTO files (id, owner_id, purpose, state, name, voice, bytes, created_at, due_at, key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        int(new.id.0),
        int(new.owner.0),
        new.purpose.code(),
        UploadState::Arriving.code(),
        new.name,
        new.voice,
        int(new.bytes),
        new.created_at.0,
        new.expires_at.0,
        new.key,
    ])?;
    charge(w, new.owner, int(new.bytes))?;
    let made = one(w.conn, new.id)?;
    Ok(Ok(made.ok_or_else(|| StoreError::Corrupt(format!("upload {} is not there", new.id)))?))
}

pub(super) fn extend(w: &Writing<'_>, id: FileId, at: Timestamp) -> Result<()> {
    w.prepare("UPDATE files SET due_at = ?2 WHERE id = ?1 AND state = ?3")?.execute(params![
        int(id.0),
        at.0,
        UploadState::Arriving.code()
    ])?;
    Ok(())
}

pub(super) fn arrived(w: &Writing<'_>, id: FileId) -> Result<bool> {
    let sql = "UPDATE files SET state = ?2, due_at = NULL WHERE id = ?1 AND state = ?3";
    let states = (UploadState::Processing.code(), UploadState::Arriving.code());
    Ok(w.prepare(sql)?.execute(params![int(id.0), states.0, states.1])? > 0)
}

fn is_processing(w: &Writing<'_>, id: FileId) -> Result<Option<Upload>> {
    Ok(one(w.conn, id)?.filter(|upload| upload.state == UploadState::Processing))
}

pub(super) fn reserve(w: &Writing<'_>, id: FileId, part: &FilePart) -> Result<Option<Reserved>> {
    if is_processing(w, id)?.is_none() {
        return Ok(None);
    }
    let before: Option<BlobHash> = w
        .prepare("SELECT hash FROM file_blobs WHERE file_id = ?1 AND part = ?2")?
        .query_row(params![int(id.0), part.part.code()], |row| row.get(0))
        .optional()?;
    w.prepare(
        "INSERT INTO file_blobs (file_id, part, hash, size, mime) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (file_id, part) DO UPDATE SET hash = excluded.hash, size = excluded.size, mime =
                   excluded.mime",
    )?
    .execute(params![int(id.0), part.part.code(), part.blob.hash, int(part.size), part.mime])?;
    w.prepare("INSERT INTO blobs (hash, number, size, state) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (hash) DO NOTHING")?
        .execute(params![part.blob.hash, int(part.blob.number), int(part.size), BLOB_WRITING])?;
    if let Some(before) = before.filter(|before| *before != part.blob.hash) {
        doom(w, &before)?;
    }
    let mut statement = w.prepare("SELECT number, state = ?2 FROM blobs WHERE hash = ?1")?;
    let reserved = statement.query_row(params![part.blob.hash, BLOB_DURABLE], |row| {
        Ok(Reserved { blob: BlobName { number: uint(row, 0)?, ..part.blob }, durable: row.get(1)? })
    })?;
    Ok(Some(reserved))
}

pub(super) fn written(w: &Writing<'_>, blob: &BlobName) -> Result<bool> {
    let sql = "UPDATE blobs SET state = ?3 WHERE hash = ?1 AND number = ?2";
    Ok(w.prepare(sql)?.execute(params![blob.hash, int(blob.number), BLOB_DURABLE])? > 0)
}

/// Dooms a blob if no file is made of it.
fn doom(w: &Writing<'_>, hash: &BlobHash) -> Result<()> {
    let number: Option<i64> = w
        .prepare(
            "DELETE FROM blobs WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM file_blobs f WHERE f.hash = blobs.hash)
             RETURNING number",
        )?
        .query_row([hash], |row| row.get(0))
        .optional()?;
    if let Some(number) = number {
        let sql = "INSERT INTO doomed_blobs (hash, number) VALUES (?1, ?2) ON CONFLICT (hash, number) DO NOTHING";
        w.prepare(sql)?.execute(params![hash, number])?;
    }
    Ok(())
}

/// Takes a file's blobs away from it.
fn let_go(w: &Writing<'_>, id: FileId) -> Result<()> {
    let hashes = w
        .prepare("DELETE FROM file_blobs WHERE file_id = ?1 RETURNING hash")?
        .query_map([int(id.0)], |row| row.get(0))?
        .collect::<Result<Vec<BlobHash>>>()?;
    hashes.iter().try_for_each(|hash| doom(w, hash))
}

/// Takes those variants away from a file that it does not have: a look that was interrupted had found them.
fn let_go_but(w: &Writing<'_>, id: FileId, variants: &[FileVariant]) -> Result<()> {
    let parts = w
        .prepare("SELECT part, hash FROM file_blobs WHERE file_id = ?1")?
        .query_map([int(id.0)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(i64, BlobHash)>>>()?;
    let has = |part: i64| variants.iter().map(|variant| Part::Variant(*variant)).any(|known| known.code() == part);
    for (part, hash) in parts.iter().filter(|(part, _)| *part != Part::Content.code() && !has(*part)) {
        w.prepare("DELETE FROM file_blobs WHERE file_id = ?1 AND part = ?2")?.execute([int(id.0), *part])?;
        doom(w, hash)?;
    }
    Ok(())
}

pub(super) fn finish(w: &Writing<'_>, file: &File, due_at: Timestamp) -> Result<bool> {
    if is_processing(w, file.id)?.is_none() {
        return Ok(false);
    }
    let_go_but(w, file.id, &file.variants)?;
    let missing = w
        .prepare(
            "SELECT 1 FROM file_blobs f LEFT JOIN blobs b ON b.hash = f.hash
             WHERE f.file_id = ?1 AND (b.state IS NULL OR b.state <> ?2)",
        )?
        .exists(params![int(file.id.0), BLOB_DURABLE])?;
    if missing {
        return Err(StoreError::Corrupt(format!("file {} has a blob that was not written", file.id)));
    }
    w.prepare("UPDATE files SET state = ?2, name = ?3, kind = ?4, file = ?5, due_at = ?6 WHERE id = ?1")?.execute(
        params![
            int(file.id.0),
            UploadState::Ready.code(),
            file.name,
            file.kind.code(),
            super::codes::to_json(file)?,
            due_at.0
        ],
    )?;
    Ok(true)
}

pub(super) fn refuse(w: &Writing<'_>, id: FileId, due_at: Timestamp) -> Result<bool> {
    let Some(upload) = is_processing(w, id)? else { return Ok(false) };
    let_go(w, id)?;
    charge(w, upload.owner, -int(upload.bytes))?;
    w.prepare("UPDATE files SET state = ?2, due_at = ?3 WHERE id = ?1")?.execute(params![
        int(id.0),
        UploadState::Refused.code(),
        due_at.0
    ])?;
    Ok(true)
}

/// Deletes a file that nothing uses. Its name must not stay in the log.
pub(super) fn remove(w: &mut Writing<'_>, id: FileId) -> Result<bool> {
    let Some(upload) = one(w.conn, id)? else { return Ok(false) };
    if w.prepare("SELECT 1 FROM file_uses WHERE file_id = ?1")?.exists([int(id.0)])? {
        return Ok(false);
    }
    let_go(w, id)?;
    if upload.state != UploadState::Refused {
        charge(w, upload.owner, -int(upload.bytes))?;
    }
    w.prepare("DELETE FROM files WHERE id = ?1")?.execute([int(id.0)])?;
    w.swept = true;
    Ok(true)
}

pub(super) fn collect(w: &mut Writing<'_>, now: Timestamp, limit: usize) -> Result<Vec<FileId>> {
    let due = w
        .prepare("SELECT id FROM files WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2")?
        .query_map(params![now.0, size(limit)], |row| uint(row, 0).map(FileId))?
        .collect::<Result<Vec<_>>>()?;
    for &id in &due {
        if !remove(w, id)? {
            // Something uses it after all: then it is not due.
            w.prepare("UPDATE files SET due_at = NULL WHERE id = ?1")?.execute([int(id.0)])?;
        }
    }
    Ok(due)
}

fn blob_name(row: &Row<'_>) -> Result<BlobName> {
    Ok(BlobName { hash: row.get(0)?, number: uint(row, 1)? })
}

pub(super) fn doomed(conn: &Connection<'_>, limit: usize) -> Result<Vec<BlobName>> {
    let mut statement = conn.prepare_cached("SELECT hash, number FROM doomed_blobs ORDER BY hash, number LIMIT ?1")?;
    statement.query_map([size(limit)], blob_name)?.collect::<Result<_>>()
}

pub(super) fn deleted(w: &Writing<'_>, blob: &BlobName) -> Result<()> {
    let sql = "DELETE FROM doomed_blobs WHERE hash = ?1 AND number = ?2";
    w.prepare(sql)?.execute(params![blob.hash, int(blob.number)]).map(drop)
}

/// Blobs that are there, with their sizes. `numbered`: tables of older programs are not.
pub(crate) fn blobs(
    conn: &Connection<'_>,
    numbered: bool,
    after: Option<BlobHash>,
    limit: usize,
) -> Result<Vec<(BlobName, u64)>> {
    let number = if numbered { "number" } else { "CAST(0 AS BIGINT)" };
    let sql = format!("SELECT hash, {number}, size FROM blobs WHERE hash > ?1 AND state = ?2 ORDER BY hash LIMIT ?3");
    let mut statement = conn.prepare_cached(&sql)?;
    let after = after.map_or(Vec::new(), |hash| hash.to_vec());
    let found =
        statement.query_map(params![after, BLOB_DURABLE, size(limit)], |row| Ok((blob_name(row)?, uint(row, 2)?)))?;
    found.collect::<Result<_>>()
}

/// Uploads that are not files yet: their bytes are still arriving, or being looked into.
pub(crate) fn unfinished(conn: &Connection<'_>) -> Result<Vec<FileId>> {
    let mut statement = conn.prepare_cached("SELECT id FROM files WHERE state < 2 ORDER BY id")?;
    let found = statement.query_map((), |row| Ok(FileId(uint(row, 0)?)))?;
    found.collect::<Result<_>>()
}

impl Part {
    /// Its number in `file_blobs`.
    pub(super) fn code(self) -> i64 {
        match self {
            Part::Content => 0,
            Part::Variant(variant) => 1 + variant.code(),
        }
    }
}
