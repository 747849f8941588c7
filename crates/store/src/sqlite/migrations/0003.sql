-- Files: what was uploaded, and which messages have it.

-- One row per upload, from its beginning. The bytes are in blobs; what is under way is in the data folder.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    -- 0 arriving, 1 processing, 2 ready, 3 refused.
    state INTEGER NOT NULL,
    name TEXT NOT NULL,
    voice INTEGER NOT NULL,
    -- Bytes as they were announced: what the owner's quota is charged.
    bytes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- When it may be collected, because nothing uses it. Null while something does, or while it is processed.
    due_at INTEGER,
    kind INTEGER NOT NULL DEFAULT 3,
    -- What was found in it, as JSON, once it is ready.
    file TEXT,
    -- The owner's idempotency key.
    key TEXT
) STRICT;
CREATE INDEX files_owner ON files (owner_id, id);
CREATE UNIQUE INDEX files_key ON files (owner_id, key) WHERE key IS NOT NULL;
CREATE INDEX files_due ON files (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX files_unfinished ON files (state, owner_id) WHERE state < 2;

-- Bytes by their SHA-256. 0: being written, 1: durable, 2: to be deleted.
CREATE TABLE blobs (
    hash BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    state INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_doomed ON blobs (hash) WHERE state = 2;

-- Which blobs a file is made of. 0 is the content, the others are the variants in their order.
CREATE TABLE file_blobs (
    file_id INTEGER NOT NULL,
    part INTEGER NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    PRIMARY KEY (file_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_blobs_hash ON file_blobs (hash);

-- What uses a file: `uses.rs` says what `what`, `a` and `b` stand for.
CREATE TABLE file_uses (
    file_id INTEGER NOT NULL,
    what INTEGER NOT NULL,
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    PRIMARY KEY (file_id, what, a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_uses_place ON file_uses (what, a, b);
CREATE INDEX file_uses_kind ON file_uses (a, kind, b) WHERE what = 0;

-- Bytes charged to each user; user 0 is everybody together.
CREATE TABLE file_totals (owner_id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;

-- The files of a message as JSON; absent when there are none.
ALTER TABLE messages ADD COLUMN attachments TEXT;
