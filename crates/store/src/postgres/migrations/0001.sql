-- The first schema: what the first eight migrations of SQLite came to. Numbers stand for enums as `sql/codes.rs` spells them;
-- times are milliseconds since 1970. Texts are compared by their bytes, as SQLite does. What the columns mean is said in
-- `sqlite/migrations`.

-- What SQLite knows and PostgreSQL does not, for the statements that both are given.
CREATE FUNCTION max(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN GREATEST($1, $2);
CREATE FUNCTION min(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN LEAST($1, $2);
CREATE FUNCTION instr(TEXT, TEXT) RETURNS INTEGER LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN strpos($1, $2);
CREATE FUNCTION instr(BYTEA, BYTEA) RETURNS INTEGER LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN position($2 IN $1);
CREATE FUNCTION json_extract(TEXT, TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1::jsonb #>> string_to_array(substr($2, 3), '.');
CREATE FUNCTION randomblob(INTEGER) RETURNS BYTEA LANGUAGE sql VOLATILE
    RETURN substr(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 1, $1);
CREATE FUNCTION json_each(list TEXT) RETURNS TABLE (value BIGINT) LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT item::bigint FROM json_array_elements_text(list::json) item';

-- Addresses of e-mail are the same whatever their case.
CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

-- A value is in the column of its kind.
CREATE TABLE meta (
    key TEXT COLLATE "C" NOT NULL,
    number BIGINT,
    words TEXT COLLATE "C",
    bytes BYTEA,
    PRIMARY KEY (key)
);

CREATE TABLE signing_keys (
    kid TEXT COLLATE "C" NOT NULL,
    secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kid)
);

CREATE TABLE kept_answers (
    user_id BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    request BYTEA NOT NULL,
    status BIGINT NOT NULL,
    body BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX kept_answers_age ON kept_answers (kept_at);

CREATE TABLE users (
    id BIGINT NOT NULL,
    username TEXT COLLATE "C" NOT NULL,
    skeleton TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    avatar TEXT COLLATE "C",
    bot SMALLINT NOT NULL,
    bot_owner BIGINT,
    server_role SMALLINT NOT NULL,
    disabled SMALLINT NOT NULL DEFAULT 0,
    show_presence SMALLINT NOT NULL DEFAULT 1,
    show_read SMALLINT NOT NULL DEFAULT 1,
    direct_from SMALLINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    account_version BIGINT NOT NULL,
    about TEXT COLLATE "C" NOT NULL DEFAULT '',
    time_zone TEXT COLLATE "C",
    status TEXT COLLATE "C",
    email TEXT COLLATE nocase,
    password_hash TEXT COLLATE "C",
    email_confirmed SMALLINT NOT NULL DEFAULT 0,
    language TEXT COLLATE "C",
    PRIMARY KEY (id),
    UNIQUE (username),
    UNIQUE (skeleton),
    UNIQUE (email)
);
CREATE INDEX users_bots ON users (bot_owner) WHERE bot_owner IS NOT NULL;
CREATE INDEX users_owner ON users (server_role) WHERE server_role = 2;

CREATE TABLE user_words (
    word TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (word, user_id)
);
CREATE INDEX user_words_by_user ON user_words (user_id, word);

CREATE TABLE last_seen (
    user_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);

CREATE TABLE sessions (
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind SMALLINT NOT NULL,
    refresh BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    last_active_at BIGINT NOT NULL,
    address TEXT COLLATE "C",
    ended_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE (refresh)
);
CREATE INDEX sessions_by_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE spent_refreshes (
    hash BYTEA NOT NULL,
    session_id BIGINT NOT NULL,
    spent_at BIGINT NOT NULL,
    PRIMARY KEY (hash)
);
CREATE INDEX spent_refreshes_by_session ON spent_refreshes (session_id);

CREATE TABLE tokens (
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    scopes BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE (secret)
);
CREATE INDEX tokens_by_user ON tokens (user_id);

CREATE TABLE contacts (
    user_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    blocked SMALLINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (user_id, other_id)
);
CREATE INDEX contacts_by_version ON contacts (user_id, version);

CREATE TABLE invitations (
    id BIGINT NOT NULL,
    code BYTEA NOT NULL,
    conversation_id BIGINT,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    max_uses BIGINT,
    uses BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE (code)
);
CREATE INDEX invitations_by_conversation ON invitations (conversation_id);

CREATE TABLE conversations (
    id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    name TEXT COLLATE "C",
    topic TEXT COLLATE "C",
    avatar TEXT COLLATE "C",
    public SMALLINT NOT NULL,
    read_only SMALLINT NOT NULL,
    slow_mode BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    changed BIGINT NOT NULL,
    member_count BIGINT NOT NULL DEFAULT 0,
    deleted_at BIGINT,
    purged SMALLINT NOT NULL DEFAULT 0,
    pair_a BIGINT,
    pair_b BIGINT,
    key TEXT COLLATE "C",
    expire_seconds BIGINT,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX conversations_pair ON conversations (pair_a, pair_b) WHERE pair_a IS NOT NULL;
CREATE UNIQUE INDEX conversations_key ON conversations (created_by, key) WHERE key IS NOT NULL;
CREATE INDEX conversations_public ON conversations (member_count DESC, id) WHERE public = 1 AND archived_at IS NULL AND deleted_at IS NULL;
CREATE INDEX conversations_deleted ON conversations (id) WHERE deleted_at IS NOT NULL AND purged = 0;

CREATE TABLE conversation_words (
    word TEXT COLLATE "C" NOT NULL,
    conversation_id BIGINT NOT NULL,
    PRIMARY KEY (word, conversation_id)
);
CREATE INDEX conversation_words_by_conversation ON conversation_words (conversation_id, word);

CREATE TABLE heads (
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (conversation_id)
);

CREATE TABLE members (
    conversation_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role SMALLINT NOT NULL,
    state SMALLINT NOT NULL,
    joined_at BIGINT NOT NULL,
    muted_until BIGINT,
    changed BIGINT NOT NULL,
    joined_seq BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    read BIGINT NOT NULL,
    favourite SMALLINT NOT NULL DEFAULT 0,
    notifications_muted_until BIGINT,
    version BIGINT NOT NULL,
    notify SMALLINT NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX members_joined ON members (user_id, conversation_id) WHERE state = 0;
CREATE INDEX members_version ON members (user_id, version);
CREATE INDEX members_changed ON members (conversation_id, changed);
CREATE INDEX members_rank ON members (conversation_id, state, role, user_id);
CREATE INDEX members_notified ON members (conversation_id, user_id) WHERE notify = 1;

-- A conversation's history lies in one of sixteen tables, each of which is vacuumed by itself; and everything that is kept of
-- a conversation has its id, so that the same key can spread it over several machines. Ids of messages are unique because
-- of how they are made: an index over all parts could not be.
CREATE TABLE messages (
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    id BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    kind SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    parent_id BIGINT,
    reply_count INTEGER NOT NULL DEFAULT 0,
    last_reply_at BIGINT,
    followed SMALLINT NOT NULL DEFAULT 0,
    reactions TEXT COLLATE "C",
    mentions TEXT COLLATE "C",
    mentions_all SMALLINT,
    pinned_at BIGINT,
    pinned_by BIGINT,
    forwarded TEXT COLLATE "C",
    system TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    attachments TEXT COLLATE "C",
    poll TEXT COLLATE "C",
    poll_closes_at BIGINT,
    previews TEXT COLLATE "C",
    shown_as TEXT COLLATE "C",
    PRIMARY KEY (conversation_id, seq)
) PARTITION BY HASH (conversation_id);
CREATE TABLE messages_0 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE messages_1 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE messages_2 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE messages_3 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE messages_4 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE messages_5 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE messages_6 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE messages_7 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE messages_8 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE messages_9 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE messages_10 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE messages_11 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE messages_12 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE messages_13 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE messages_14 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE messages_15 PARTITION OF messages FOR VALUES WITH (MODULUS 16, REMAINDER 15);
CREATE INDEX messages_by_id ON messages (id);
CREATE UNIQUE INDEX messages_by_client ON messages (client_id, conversation_id, sender_id) WHERE kind = 0;
CREATE INDEX messages_changed ON messages (conversation_id, changed) WHERE changed <> seq;
CREATE INDEX messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_replies ON messages (parent_id, seq) WHERE parent_id IS NOT NULL;
CREATE INDEX messages_polls ON messages (poll_closes_at) WHERE poll_closes_at IS NOT NULL;

CREATE TABLE mentions (
    user_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    added BIGINT,
    PRIMARY KEY (user_id, conversation_id, seq)
);
CREATE INDEX mentions_by_message ON mentions (conversation_id, seq);
CREATE INDEX mentions_added ON mentions (conversation_id, added) WHERE added IS NOT NULL;

CREATE TABLE reactions (
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    emoji TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, emoji)
);
CREATE INDEX reactions_by_emoji ON reactions (conversation_id, seq, emoji, at, user_id);

CREATE TABLE thread_follows (
    user_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    following SMALLINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq)
);
CREATE INDEX thread_follows_by_message ON thread_follows (conversation_id, seq);

-- Rows that are changed all the time are changed where they are, as long as their pages have room.
ALTER TABLE heads SET (fillfactor = 50);
ALTER TABLE members SET (fillfactor = 80);
ALTER TABLE users SET (fillfactor = 80);
