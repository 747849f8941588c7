-- Integrations: link previews, expiry, webhooks, commands, exports, deletions.

ALTER TABLE conversations ADD COLUMN expire_seconds INTEGER;
-- As JSON. An empty list says that the author took the previews away.
ALTER TABLE messages ADD COLUMN previews TEXT;
ALTER TABLE messages ADD COLUMN shown_as TEXT;

-- When to look again for messages whose time has come, and up to which seq there are none left. Messages lie in the
-- order in which they were sent, so nothing else has to be indexed, and sending costs nothing.
CREATE TABLE expiry (
    conversation_id INTEGER PRIMARY KEY,
    upto INTEGER NOT NULL,
    due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX expiry_due ON expiry (due_at);

CREATE TABLE incoming_webhooks (
    id INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL,
    -- The bot that it speaks as.
    bot_id INTEGER NOT NULL,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    secret BLOB NOT NULL UNIQUE
) STRICT;
CREATE INDEX incoming_webhooks_by_conversation ON incoming_webhooks (conversation_id);
CREATE INDEX incoming_webhooks_by_creator ON incoming_webhooks (created_by);

-- Signing needs the secret itself, so here it is not hashed.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    conversation_id INTEGER,
    url TEXT NOT NULL,
    topics INTEGER NOT NULL,
    secret BLOB NOT NULL,
    -- The one before, which signs too until then.
    old_secret BLOB,
    old_until INTEGER,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    disabled_reason TEXT,
    -- Since when nothing has arrived.
    failing_since INTEGER
) STRICT;
CREATE INDEX webhooks_by_conversation ON webhooks (conversation_id);
CREATE INDEX webhooks_by_creator ON webhooks (created_by);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    webhook_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    -- The change that it tells of, so that it is written once, and the message that it holds, if it does.
    seq INTEGER NOT NULL,
    message_seq INTEGER,
    topic INTEGER NOT NULL,
    -- Absent once the message is erased.
    body TEXT,
    state INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    answers TEXT
) STRICT;
CREATE UNIQUE INDEX deliveries_of_webhook ON deliveries (webhook_id, id);
CREATE UNIQUE INDEX deliveries_of_change ON deliveries (webhook_id, conversation_id, seq);
CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_of_message ON deliveries (conversation_id, message_seq) WHERE message_seq IS NOT NULL;

CREATE TABLE slash_commands (
    bot_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    usage TEXT NOT NULL,
    url TEXT,
    secret BLOB,
    PRIMARY KEY (bot_id, name)
) STRICT, WITHOUT ROWID;

-- What is known of a page, for some time; `found` is absent when there is nothing to show.
CREATE TABLE preview_cache (
    url TEXT PRIMARY KEY,
    found TEXT,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX preview_cache_age ON preview_cache (expires_at);

-- Messages whose links are to be looked at.
CREATE TABLE preview_jobs (
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    -- The change of the message that asks for it: what is done for an earlier one does not take the job off the list.
    changed INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX preview_jobs_due ON preview_jobs (next_at);

CREATE TABLE exports (
    user_id INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER,
    bytes INTEGER
) STRICT;

CREATE TABLE deletions (
    user_id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL,
    -- What was done so far, as JSON.
    report TEXT NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX deletions_running ON deletions (started_at) WHERE finished_at IS NULL;
