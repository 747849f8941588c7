-- The first schema. Numbers stand for enums as `codes.rs` spells them; times are milliseconds since 1970.

CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_answers (
    user_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_answers_age ON kept_answers (kept_at);

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    skeleton TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    avatar TEXT,
    bot INTEGER NOT NULL,
    bot_owner INTEGER,
    server_role INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    show_presence INTEGER NOT NULL DEFAULT 1,
    show_read INTEGER NOT NULL DEFAULT 1,
    direct_from INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    -- The newest version among the user's own objects, and the one of the account itself.
    version INTEGER NOT NULL,
    account_version INTEGER NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    time_zone TEXT,
    status TEXT,
    email TEXT COLLATE NOCASE UNIQUE,
    password_hash TEXT
) STRICT;
CREATE INDEX users_bots ON users (bot_owner) WHERE bot_owner IS NOT NULL;
CREATE INDEX users_owner ON users (server_role) WHERE server_role = 2;

CREATE TABLE user_words (
    word TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (word, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_words_by_user ON user_words (user_id, word);

CREATE TABLE last_seen (user_id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    refresh BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    last_active_at INTEGER NOT NULL,
    address TEXT,
    ended_at INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

-- Refresh tokens that were replaced. Whoever shows one again holds a copy.
CREATE TABLE spent_refreshes (
    hash BLOB PRIMARY KEY,
    session_id INTEGER NOT NULL,
    spent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_refreshes_by_session ON spent_refreshes (session_id);

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    scopes INTEGER NOT NULL,
    secret BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE INDEX tokens_by_user ON tokens (user_id);

-- A row without contact and block stays as a tombstone: other devices learn from it that the contact ended.
CREATE TABLE contacts (
    user_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    state INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (user_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_by_version ON contacts (user_id, version);

CREATE TABLE invitations (
    id INTEGER PRIMARY KEY,
    code BLOB NOT NULL UNIQUE,
    conversation_id INTEGER,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    max_uses INTEGER,
    uses INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX invitations_by_conversation ON invitations (conversation_id);

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    name TEXT,
    topic TEXT,
    avatar TEXT,
    public INTEGER NOT NULL,
    read_only INTEGER NOT NULL,
    slow_mode INTEGER NOT NULL,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    archived_at INTEGER,
    changed INTEGER NOT NULL,
    member_count INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER,
    -- Nothing is left of a deleted conversation but this row and its members.
    purged INTEGER NOT NULL DEFAULT 0,
    -- The pair of a direct conversation, smaller id first.
    pair_a INTEGER,
    pair_b INTEGER,
    -- The creator's idempotency key.
    key TEXT
) STRICT;
CREATE UNIQUE INDEX conversations_pair ON conversations (pair_a, pair_b) WHERE pair_a IS NOT NULL;
CREATE UNIQUE INDEX conversations_key ON conversations (created_by, key) WHERE key IS NOT NULL;
CREATE INDEX conversations_public ON conversations (member_count DESC, id)
    WHERE public = 1 AND archived_at IS NULL AND deleted_at IS NULL;
CREATE INDEX conversations_deleted ON conversations (id) WHERE deleted_at IS NOT NULL AND purged = 0;

CREATE TABLE conversation_words (
    word TEXT NOT NULL,
    conversation_id INTEGER NOT NULL,
    PRIMARY KEY (word, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_words_by_conversation ON conversation_words (conversation_id, word);

-- Conversations that are not deleted, and the seq of the newest change that was not a new message. The newest change of
-- all is that or the newest message, whichever is later: posting, which is most of all writing, does not write here.
CREATE TABLE heads (conversation_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;

CREATE TABLE members (
    conversation_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    role INTEGER NOT NULL,
    state INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    muted_until INTEGER,
    changed INTEGER NOT NULL,
    -- The seq at which the member joined last.
    joined_seq INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    read INTEGER NOT NULL,
    favourite INTEGER NOT NULL DEFAULT 0,
    notifications_muted_until INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_joined ON members (user_id, conversation_id) WHERE state = 0;
CREATE INDEX members_version ON members (user_id, version);
CREATE INDEX members_changed ON members (conversation_id, changed);
CREATE INDEX members_rank ON members (conversation_id, state, role, user_id);

-- A conversation's history lies together, in order. Indexes that a plain new message does not need are partial, so
-- that it does not pay for them.
CREATE TABLE messages (
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    parent_id INTEGER,
    reply_count INTEGER NOT NULL DEFAULT 0,
    last_reply_at INTEGER,
    -- Somebody's choice to follow, or not to follow, the thread under this message is in `thread_follows`.
    followed INTEGER NOT NULL DEFAULT 0,
    -- Emoji and counts in the order of their first use, as JSON; absent when there are none.
    reactions TEXT,
    mentions TEXT,
    mentions_all INTEGER,
    pinned_at INTEGER,
    pinned_by INTEGER,
    forwarded TEXT,
    system TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX messages_by_id ON messages (id);
-- Retries are found by this. System messages are never retried. The client's name comes first, because names that begin
-- with a time then lie together, and the messages of a group that is committed share pages of this index.
CREATE UNIQUE INDEX messages_by_client ON messages (client_id, conversation_id, sender_id) WHERE kind = 0;
CREATE INDEX messages_changed ON messages (conversation_id, changed) WHERE changed <> seq;
CREATE INDEX messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_replies ON messages (parent_id, seq) WHERE parent_id IS NOT NULL;

-- Who is mentioned where; user 0 is everyone.
CREATE TABLE mentions (
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_message ON mentions (conversation_id, seq);

CREATE TABLE reactions (
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, emoji)
) STRICT, WITHOUT ROWID;
CREATE INDEX reactions_by_emoji ON reactions (conversation_id, seq, emoji, at, user_id);

CREATE TABLE thread_follows (
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- Zero remembers that somebody chose not to follow.
    following INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_follows_by_message ON thread_follows (conversation_id, seq);
