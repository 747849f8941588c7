//! Files: uploads, what they became, what uses them, and the blobs that hold their bytes.
//!
//! The store keeps rows; the bytes are the server's. Their order is what makes it safe: a blob is reserved here, then
//! written, then marked as written, and only then is its file ready. A file without a use falls due and is collected,
//! in the same order backwards: the row goes, the blob is doomed, its bytes are deleted, the blob's row goes. Whatever
//! breaks off in between is found here and done again. What is doomed stays doomed: when its bytes are wanted again, they
//! are stored again, under another name.

use async_trait::async_trait;
use laserchat_core::file::{Owned, Ties};
use laserchat_protocol::file::SharedFile;
use laserchat_protocol::{ConversationId, File, FileId, FileKind, FilePurpose, FileVariant, Page, Timestamp, UserId};

use super::Result;

/// The SHA-256 of the bytes of a blob.
pub type BlobHash = [u8; 32];

/// What a blob is called: by its bytes, and by a number that no other blob of these bytes ever had. So whoever deletes a blob
/// late, because it was paused or its request was on the way for long, never reaches another that came after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlobName {
    pub hash: BlobHash,
    /// An id; 0 for blobs that are older than numbers.
    pub number: u64,
}

/// An upload to be begun, and what it may not exceed.
#[derive(Debug, Clone)]
pub struct NewUpload {
    pub id: FileId,
    pub owner: UserId,
    pub purpose: FilePurpose,
    pub name: String,
    pub voice: bool,
    pub bytes: u64,
    /// The owner's idempotency key.
    pub key: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub user_quota: Option<u64>,
    pub server_quota: Option<u64>,
    /// Uploads of the owner that may be unfinished at once.
    pub most: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadRefusal {
    UserQuota,
    ServerQuota,
    TooMany,
}

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    Arriving,
    Processing,
    Ready,
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: FileId,
    pub owner: UserId,
    pub purpose: FilePurpose,
    pub name: String,
    pub voice: bool,
    pub bytes: u64,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub state: UploadState,
}

/// Which of a file's blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    Content,
    Variant(FileVariant),
}

/// A blob of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePart {
    pub part: Part,
    pub blob: BlobName,
    pub size: u64,
    pub mime: String,
}

/// A blob that was reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    pub blob: BlobName,
    /// Its bytes are there already.
    pub durable: bool,
}

/// A file as somebody may or may not read it: core decides from the ties.
#[derive(Debug, Clone)]
pub struct OpenFile {
    pub owned: Owned,
    pub ties: Ties,
    pub parts: Vec<FilePart>,
}

#[async_trait]
pub trait Files {
    /// Begins an upload, which counts against the quotas from now on. With a key that the owner has used: that upload.
    async fn create_upload(&self, upload: NewUpload) -> Result<Result<Upload, UploadRefusal>>;

    async fn upload(&self, id: FileId) -> Result<Option<Upload>>;

    /// Puts off the time at which an arriving upload is given up.
    async fn extend_upload(&self, id: FileId, expires_at: Timestamp) -> Result<()>;

    /// All bytes of an arriving upload are there and durable. Returns whether it was arriving.
    async fn upload_arrived(&self, id: FileId) -> Result<bool>;

    /// Uploads that are being processed, the oldest first: work to take up again after a start.
    async fn processing(&self) -> Result<Vec<Upload>>;

    /// Says that a part of a file that is being processed will be in a blob: in the one that has these bytes, or else in a
    /// new one of this name. Unless it is durable already, the caller writes it, and says so with `blob_written`. An earlier
    /// blob of the part is given up. `None`: the file is not being processed any more.
    async fn reserve_blob(&self, id: FileId, part: FilePart) -> Result<Option<Reserved>>;

    /// The bytes of a blob are durable. Returns whether it is wanted: otherwise they are the caller's to delete, because it may
    /// have been collected before they were there.
    async fn blob_written(&self, blob: BlobName) -> Result<bool>;

    /// A file that was processed is ready, until `due_at` if nothing uses it. All of its blobs must be durable.
    /// Returns whether it was being processed.
    async fn finish_file(&self, file: File, due_at: Timestamp) -> Result<bool>;

    /// A file that was processed cannot be used. It is charged to nobody any more, and its row stays until `due_at`.
    async fn refuse_file(&self, id: FileId, due_at: Timestamp) -> Result<bool>;

    /// Deletes a file that nothing uses, whatever its state. Returns whether it did.
    async fn remove_file(&self, id: FileId) -> Result<bool>;

    /// Those of these files that have arrived.
    async fn files(&self, ids: &[FileId]) -> Result<Vec<Owned>>;

    /// A file that has arrived, with what connects a user to it.
    async fn open_file(&self, viewer: UserId, id: FileId) -> Result<Option<OpenFile>>;

    /// Files of the living messages of a conversation, the newest first.
    async fn shared_files(
        &self,
        conversation: ConversationId,
        kind: Option<FileKind>,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<SharedFile>>;

    /// A user's own files that are ready, by id: for an export.
    async fn files_of(&self, owner: UserId, after: FileId, limit: usize) -> Result<Vec<OpenFile>>;

    /// Bytes that are charged to a user.
    async fn usage(&self, user: UserId) -> Result<u64>;

    /// Some of a user's files and uploads that nothing uses, whatever their state: they go with the account.
    async fn unused_files(&self, owner: UserId, limit: usize) -> Result<Vec<FileId>>;

    /// Removes some files that are due. Returns their ids; none when none is due.
    async fn collect_files(&self, now: Timestamp, limit: usize) -> Result<Vec<FileId>>;

    /// When the next file falls due.
    async fn next_collection(&self) -> Result<Option<Timestamp>>;

    /// Some blobs whose bytes are to be deleted.
    async fn doomed_blobs(&self, limit: usize) -> Result<Vec<BlobName>>;

    /// The bytes of a doomed blob are gone.
    async fn blob_deleted(&self, blob: BlobName) -> Result<()>;

    /// Every blob that should be there, by hash, after one: for checks and backups.
    async fn blobs(&self, after: Option<BlobHash>, limit: usize) -> Result<Vec<(BlobName, u64)>>;
}
