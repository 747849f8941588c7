-- Notifications: what people want to be told of, what they were told, and what waits to be pushed to their devices.

-- 0 follows the level for the kind of conversation.
ALTER TABLE members ADD COLUMN notify INTEGER NOT NULL DEFAULT 0;
CREATE INDEX members_notified ON members (conversation_id, user_id) WHERE notify = 1;

-- Of users who changed anything. `wide` are those who may want to hear of messages in channels that do not mention them.
CREATE TABLE notification_settings (
    user_id INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    in_groups INTEGER NOT NULL,
    direct INTEGER NOT NULL,
    keywords TEXT NOT NULL,
    quiet TEXT,
    hide_content INTEGER NOT NULL,
    email INTEGER NOT NULL,
    wide INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX notification_settings_wide ON notification_settings (user_id) WHERE wide = 1;

CREATE TABLE notification_people (
    user_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    level INTEGER NOT NULL,
    PRIMARY KEY (user_id, other_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- An endpoint or a token. Whoever has it can be pushed to, so it belongs to one device.
    address TEXT NOT NULL,
    public BLOB,
    auth BLOB,
    level INTEGER,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (address, kind)
) STRICT;
CREATE INDEX devices_by_user ON devices (user_id);
CREATE INDEX devices_by_session ON devices (session_id);
CREATE INDEX devices_wide ON devices (user_id) WHERE level = 2;

CREATE TABLE activity (
    user_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- Absent: for no digest. 0: for the next one. Otherwise the number of the digest that tells of it.
    digest INTEGER,
    PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_age ON activity (at);

CREATE TABLE pushes (
    id INTEGER PRIMARY KEY,
    device_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- It says that everything up to there was read.
    clears INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    holds INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    -- It is being sent.
    leased INTEGER NOT NULL DEFAULT 0,
    UNIQUE (device_id, conversation_id, clears, seq)
) STRICT;
CREATE INDEX pushes_due ON pushes (due_at);
CREATE INDEX pushes_by_reader ON pushes (user_id, conversation_id, seq) WHERE clears = 0;
CREATE INDEX pushes_leased ON pushes (id) WHERE leased = 1;

-- What devices show, as far as it was not read.
CREATE TABLE shown (
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    device_id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shown_by_device ON shown (device_id);

-- Messages whose telling took more than one write and was not finished.
CREATE TABLE told (
    conversation_id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    user_id INTEGER NOT NULL
) STRICT;

-- The seq of the edit that added a mention; absent when the message was sent with it.
ALTER TABLE mentions ADD COLUMN added INTEGER;
CREATE INDEX mentions_added ON mentions (conversation_id, added) WHERE added IS NOT NULL;

-- E-mail. Only a confirmed address is written to unasked.
ALTER TABLE users ADD COLUMN email_confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN language TEXT;

-- Addresses that wait for somebody to follow the link that was sent there.
CREATE TABLE email_requests (
    user_id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    -- The link is made from it and from a key of the server.
    nonce BLOB NOT NULL,
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- When to send the link; absent once it is sent.
    due_at INTEGER,
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX email_requests_due ON email_requests (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE digests (
    user_id INTEGER PRIMARY KEY,
    -- The number of the user's latest digest, which names it to the outside.
    number INTEGER NOT NULL DEFAULT 0,
    -- When the next one is looked at; absent when there is nothing to tell.
    due_at INTEGER,
    -- Since when it is being sent.
    begun_at INTEGER,
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX digests_due ON digests (due_at) WHERE due_at IS NOT NULL;
