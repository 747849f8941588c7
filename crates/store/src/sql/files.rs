//! Files: reading what was uploaded, who may, and which messages have it. What writes is in `uploads.rs` and `uses.rs`.

use async_trait::async_trait;
use laserchat_core::file::{Owned, Ties};
use laserchat_protocol::file::SharedFile;
use laserchat_protocol::{
    ConversationId, File, FileId, FileKind, FilePurpose, FileVariant, MessageId, Page, Timestamp, UserId,
};

use super::codes::{Code, enumerated, int, optional_time, size, time, uint};
use super::positions::{in_order, listed};
use super::{uploads, uses};
use crate::Result;
use crate::contract::{
    BlobHash, BlobName, FilePart, Files, NewUpload, OpenFile, Part, Reserved, Upload, UploadRefusal, UploadState,
};
use crate::sql::{Connection, Database, OptionalRow, Row, params, unreadable};

/// The columns that [`owned`] reads, of `files f`.
const OWNED: &str = "f.id, f.owner_id, f.purpose, f.state, f.file, f.name, f.voice, f.bytes, f.created_at";

fn owned(row: &Row<'_>) -> Result<Owned> {
    let state: UploadState = enumerated(row, 3)?;
    let (id, owner, purpose): (_, _, FilePurpose) = (FileId(uint(row, 0)?), UserId(uint(row, 1)?), enumerated(row, 2)?);
    if state == UploadState::Ready {
        let text = row.get_ref(4)?.as_str()?;
        let file: File = serde_json::from_str(text).map_err(|error| unreadable(4, &error.to_string()))?;
        return Ok(Owned { owner, purpose, file });
    }
    Ok(uploads::unready(Upload {
        id,
        owner,
        purpose,
        name: row.get(5)?,
        voice: row.get(6)?,
        bytes: uint(row, 7)?,
        created_at: time(row, 8)?,
        expires_at: None,
        state,
    }))
}

fn arrived(conn: &Connection<'_>, id: FileId) -> Result<Option<Owned>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {OWNED} FROM files f WHERE f.id = ?1 AND f.state > 0"))?;
    statement.query_row([int(id.0)], owned).optional()
}

fn parts(conn: &Connection<'_>, id: FileId) -> Result<Vec<FilePart>> {
    let mut statement = conn.prepare_cached(
        "SELECT f.part, f.hash, b.number, f.size, f.mime FROM file_blobs f JOIN blobs b ON b.hash = f.hash
         WHERE f.file_id = ?1 ORDER BY f.part",
    )?;
    let found = statement.query_map([int(id.0)], |row| {
        let code: i64 = row.get(0)?;
        let part = match code {
            0 => Part::Content,
            _ => Part::Variant(
                usize::try_from(code - 1)
                    .ok()
                    .and_then(|at| FileVariant::VALUES.get(at).copied())
                    .ok_or_else(|| unreadable(0, &format!("{code} is not a part of a file")))?,
            ),
        };
        let blob = BlobName { hash: row.get(1)?, number: uint(row, 2)? };
        Ok(FilePart { part, blob, size: uint(row, 3)?, mime: row.get(4)? })
    })?;
    found.collect::<Result<_>>()
}

fn ties(conn: &Connection<'_>, viewer: UserId, found: &Owned) -> Result<Ties> {
    let id = int(found.file.id.0);
    let public = conn
        .prepare_cached("SELECT 1 FROM file_uses WHERE file_id = ?1 AND what IN (?2, ?3, ?4)")?
        .exists(params![id, uses::USER_AVATAR, uses::CONVERSATION_AVATAR, uses::EMOJI])?;
    let shared = conn
        .prepare_cached(
            "SELECT 1 FROM file_uses u
             JOIN members m ON m.conversation_id = u.a AND m.user_id = ?2 AND m.state = 0
             JOIN heads h ON h.conversation_id = u.a
             WHERE u.file_id = ?1 AND u.what IN (?3, ?4)",
        )?
        .exists(params![id, int(viewer.0), uses::MESSAGE, uses::PREVIEW])?;
    Ok(Ties { owns: found.owner == viewer, public, shared })
}

fn open(conn: &Connection<'_>, viewer: UserId, id: FileId) -> Result<Option<OpenFile>> {
    let Some(owned) = arrived(conn, id)? else { return Ok(None) };
    let ties = ties(conn, viewer, &owned)?;
    Ok(Some(OpenFile { parts: parts(conn, id)?, owned, ties }))
}

fn shared(
    conn: &Connection<'_>,
    conversation: ConversationId,
    kind: Option<FileKind>,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<SharedFile>> {
    let place = match cursor {
        None => Some((i64::MAX, i64::MAX)),
        Some(cursor) => cursor.split_once('.').and_then(|(seq, file)| Some((seq.parse().ok()?, file.parse().ok()?))),
    };
    let Some((seq, file)) = place else { return Ok(Page::whole(Vec::new())) };
    let by_kind =
        if kind.is_some() { "u.what = 0 AND u.kind = ?4" } else { "u.what = 0 AND CAST(?4 AS BIGINT) IS NULL" };
    let index = if kind.is_some() { "file_uses_kind" } else { "file_uses_place" };
    let sql = format!(
        "SELECT {OWNED}, m.id, m.seq, m.sender_id, m.created_at FROM file_uses u INDEXED BY {index}
         JOIN messages m ON m.conversation_id = u.a AND m.seq = u.b
         JOIN files f ON f.id = u.file_id
         JOIN heads h ON h.conversation_id = u.a
         WHERE {by_kind} AND u.a = ?1 AND (u.b, u.file_id) < (?2, ?3)
         ORDER BY u.b DESC, u.file_id DESC LIMIT ?5"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let place = params![int(conversation.0), seq, file, kind.map(|kind| kind.code()), size(limit.saturating_add(1))];
    let found = statement.query_map(place, |row| {
        Ok(SharedFile {
            file: owned(row)?.file,
            message_id: MessageId(uint(row, 9)?),
            seq: uint(row, 10)?,
            sender_id: UserId(uint(row, 11)?),
            created_at: time(row, 12)?,
        })
    })?;
    let found = found.collect::<Result<Vec<_>>>()?;
    Ok(super::paged(found, limit, |last| format!("{}.{}", last.seq, last.file.id)))
}

fn files_of(conn: &Connection<'_>, owner: UserId, after: FileId, limit: usize) -> Result<Vec<OpenFile>> {
    let mut statement =
        conn.prepare_cached("SELECT id FROM files WHERE owner_id = ?1 AND id > ?2 AND state = 2 ORDER BY id LIMIT ?3")?;
    let found =
        statement.query_map(params![int(owner.0), int(after.0), size(limit)], |row| uint(row, 0).map(FileId))?;
    let ids = found.collect::<Result<Vec<_>>>()?;
    ids.into_iter().filter_map(|id| open(conn, owner, id).transpose()).collect()
}

#[async_trait]
impl<D: Database> Files for D {
    async fn create_upload(&self, upload: NewUpload) -> Result<Result<Upload, UploadRefusal>> {
        self.write(move |w| uploads::create(w, &upload)).await
    }

    async fn upload(&self, id: FileId) -> Result<Option<Upload>> {
        self.read(move |conn| uploads::one(conn, id)).await
    }

    async fn extend_upload(&self, id: FileId, expires_at: Timestamp) -> Result<()> {
        self.write(move |w| uploads::extend(w, id, expires_at)).await
    }

    async fn upload_arrived(&self, id: FileId) -> Result<bool> {
        self.write(move |w| uploads::arrived(w, id)).await
    }

    async fn processing(&self) -> Result<Vec<Upload>> {
        self.read(uploads::processing).await
    }

    async fn reserve_blob(&self, id: FileId, part: FilePart) -> Result<Option<Reserved>> {
        self.write(move |w| uploads::reserve(w, id, &part)).await
    }

    async fn blob_written(&self, blob: BlobName) -> Result<bool> {
        self.write(move |w| uploads::written(w, &blob)).await
    }

    async fn finish_file(&self, file: File, due_at: Timestamp) -> Result<bool> {
        self.write(move |w| uploads::finish(w, &file, due_at)).await
    }

    async fn refuse_file(&self, id: FileId, due_at: Timestamp) -> Result<bool> {
        self.write(move |w| uploads::refuse(w, id, due_at)).await
    }

    async fn remove_file(&self, id: FileId) -> Result<bool> {
        self.write(move |w| uploads::remove(w, id)).await
    }

    async fn files(&self, ids: &[FileId]) -> Result<Vec<Owned>> {
        let ids = ids.to_vec();
        self.read(move |conn| {
            let sql =
                format!("SELECT {OWNED} FROM files f WHERE f.id IN (SELECT value FROM json_each(?1)) AND f.state > 0");
            let mut statement = conn.prepare_cached(&sql)?;
            let found = statement.query_map(params![listed(ids.iter().map(|id| id.0))], owned)?;
            in_order(&ids, found.map(|owned| owned.map(|owned| (owned.file.id, owned))))
        })
        .await
    }

    async fn open_file(&self, viewer: UserId, id: FileId) -> Result<Option<OpenFile>> {
        self.read(move |conn| open(conn, viewer, id)).await
    }

    async fn shared_files(
        &self,
        conversation: ConversationId,
        kind: Option<FileKind>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<SharedFile>> {
        let cursor = cursor.map(str::to_owned);
        self.read(move |conn| shared(conn, conversation, kind, cursor.as_deref(), limit)).await
    }

    async fn files_of(&self, owner: UserId, after: FileId, limit: usize) -> Result<Vec<OpenFile>> {
        self.read(move |conn| files_of(conn, owner, after, limit)).await
    }

    async fn usage(&self, user: UserId) -> Result<u64> {
        self.read(move |conn| uploads::usage(conn, user)).await
    }

    async fn unused_files(&self, owner: UserId, limit: usize) -> Result<Vec<FileId>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id FROM files WHERE owner_id = ?1
                   AND NOT EXISTS (SELECT 1 FROM file_uses u WHERE u.file_id = files.id) ORDER BY id LIMIT ?2",
            )?;
            let found = statement.query_map(params![int(owner.0), size(limit)], |row| uint(row, 0).map(FileId))?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn collect_files(&self, now: Timestamp, limit: usize) -> Result<Vec<FileId>> {
        self.write(move |w| uploads::collect(w, now, limit)).await
    }

    async fn next_collection(&self) -> Result<Option<Timestamp>> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached("SELECT min(due_at) FROM files WHERE due_at IS NOT NULL")?;
            Ok(statement.query_row((), |row| optional_time(row, 0))?)
        })
        .await
    }

    async fn doomed_blobs(&self, limit: usize) -> Result<Vec<BlobName>> {
        self.read(move |conn| uploads::doomed(conn, limit)).await
    }

    async fn blob_deleted(&self, blob: BlobName) -> Result<()> {
        self.write(move |w| uploads::deleted(w, &blob)).await
    }

    async fn blobs(&self, after: Option<BlobHash>, limit: usize) -> Result<Vec<(BlobName, u64)>> {
        self.read(move |conn| uploads::blobs(conn, true, after, limit)).await
    }
}
