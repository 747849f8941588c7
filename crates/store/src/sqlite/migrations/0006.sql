-- Personal things: drafts, scheduled messages, reminders, saved messages; polls and custom emoji.

-- Everything that one user keeps for oneself and that all of one's devices know. `key` and `part` are the ids that name it
-- among its kind; `value` is the object as JSON. What is gone stays as a tombstone without its text:
-- other devices learn from it.
CREATE TABLE belongings (
    user_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    key INTEGER NOT NULL,
    part INTEGER NOT NULL,
    version INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    -- When something has to be done with it.
    due INTEGER,
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, kind, key, part)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX belongings_by_version ON belongings (user_id, version);
CREATE INDEX belongings_listed ON belongings (user_id, kind, version) WHERE gone = 0;
CREATE INDEX belongings_due ON belongings (due) WHERE due IS NOT NULL;

-- A poll is a message. Its question, options and counts are JSON in the row of the message, because they are read with it.
ALTER TABLE messages ADD COLUMN poll TEXT;
ALTER TABLE messages ADD COLUMN poll_closes_at INTEGER;
CREATE INDEX messages_polls ON messages (poll_closes_at) WHERE poll_closes_at IS NOT NULL;

CREATE TABLE votes (
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    option INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, option)
) STRICT, WITHOUT ROWID;
CREATE INDEX votes_by_option ON votes (conversation_id, seq, option, at, user_id);

-- The version of the list of custom emoji is in `meta`.
CREATE TABLE emoji (
    name TEXT PRIMARY KEY,
    file_id INTEGER NOT NULL,
    animated INTEGER NOT NULL,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
