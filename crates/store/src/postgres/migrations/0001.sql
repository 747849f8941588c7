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

CREATE TABLE followers (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);

CREATE TABLE follower_cursors (
    follower BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (follower, conversation_id)
);

CREATE TABLE files (
    id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    purpose SMALLINT NOT NULL,
    state SMALLINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    voice SMALLINT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT,
    kind SMALLINT NOT NULL DEFAULT 3,
    file TEXT COLLATE "C",
    key TEXT COLLATE "C",
    PRIMARY KEY (id)
);
CREATE INDEX files_owner ON files (owner_id, id);
CREATE UNIQUE INDEX files_key ON files (owner_id, key) WHERE key IS NOT NULL;
CREATE INDEX files_due ON files (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX files_unfinished ON files (state, owner_id) WHERE state < 2;

CREATE TABLE blobs (
    hash BYTEA NOT NULL,
    size BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    PRIMARY KEY (hash)
);
CREATE INDEX blobs_doomed ON blobs (hash) WHERE state = 2;

CREATE TABLE file_blobs (
    file_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    size BIGINT NOT NULL,
    mime TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (file_id, part)
);
CREATE INDEX file_blobs_hash ON file_blobs (hash);

CREATE TABLE file_uses (
    file_id BIGINT NOT NULL,
    what BIGINT NOT NULL,
    a BIGINT NOT NULL,
    b BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    PRIMARY KEY (file_id, what, a, b)
);
CREATE INDEX file_uses_place ON file_uses (what, a, b);
CREATE INDEX file_uses_kind ON file_uses (a, kind, b) WHERE what = 0;

CREATE TABLE file_totals (
    owner_id BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (owner_id)
);

CREATE TABLE notification_settings (
    user_id BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    in_groups SMALLINT NOT NULL,
    direct SMALLINT NOT NULL,
    keywords TEXT COLLATE "C" NOT NULL,
    quiet TEXT COLLATE "C",
    hide_content SMALLINT NOT NULL,
    email SMALLINT NOT NULL,
    wide SMALLINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);
CREATE INDEX notification_settings_wide ON notification_settings (user_id) WHERE wide = 1;

CREATE TABLE notification_people (
    user_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    PRIMARY KEY (user_id, other_id)
);

CREATE TABLE devices (
    id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    public BYTEA,
    auth BYTEA,
    level SMALLINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE (address, kind)
);
CREATE INDEX devices_by_user ON devices (user_id);
CREATE INDEX devices_by_session ON devices (session_id);
CREATE INDEX devices_wide ON devices (user_id) WHERE level = 2;

CREATE TABLE activity (
    user_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    sender_id BIGINT NOT NULL,
    reason SMALLINT NOT NULL,
    at BIGINT NOT NULL,
    digest BIGINT,
    PRIMARY KEY (user_id, message_id)
);
CREATE INDEX activity_age ON activity (at);

CREATE TABLE pushes (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    device_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    clears SMALLINT NOT NULL,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    holds BIGINT NOT NULL DEFAULT 0,
    tries BIGINT NOT NULL DEFAULT 0,
    leased SMALLINT NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE (device_id, conversation_id, clears, seq)
);
CREATE INDEX pushes_due ON pushes (due_at);
CREATE INDEX pushes_by_reader ON pushes (user_id, conversation_id, seq) WHERE clears = 0;
CREATE INDEX pushes_leased ON pushes (id) WHERE leased = 1;

CREATE TABLE shown (
    user_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    device_id BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id, device_id)
);
CREATE INDEX shown_by_device ON shown (device_id);

CREATE TABLE told (
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (conversation_id)
);

CREATE TABLE email_requests (
    user_id BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    nonce BYTEA NOT NULL,
    requested_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    due_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id)
);
CREATE INDEX email_requests_due ON email_requests (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE digests (
    user_id BIGINT NOT NULL,
    number BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT,
    begun_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id)
);
CREATE INDEX digests_due ON digests (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE belongings (
    user_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    key BIGINT NOT NULL,
    part BIGINT NOT NULL,
    version BIGINT NOT NULL,
    gone SMALLINT NOT NULL,
    due BIGINT,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, kind, key, part)
);
CREATE UNIQUE INDEX belongings_by_version ON belongings (user_id, version);
CREATE INDEX belongings_listed ON belongings (user_id, kind, version) WHERE gone = 0;
CREATE INDEX belongings_due ON belongings (due) WHERE due IS NOT NULL;

CREATE TABLE votes (
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    option BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, option)
);
CREATE INDEX votes_by_option ON votes (conversation_id, seq, option, at, user_id);

CREATE TABLE emoji (
    name TEXT COLLATE "C" NOT NULL,
    file_id BIGINT NOT NULL,
    animated SMALLINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE expiry (
    conversation_id BIGINT NOT NULL,
    upto BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id)
);
CREATE INDEX expiry_due ON expiry (due_at);

CREATE TABLE incoming_webhooks (
    id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    bot_id BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    secret BYTEA NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (secret)
);
CREATE INDEX incoming_webhooks_by_conversation ON incoming_webhooks (conversation_id);
CREATE INDEX incoming_webhooks_by_creator ON incoming_webhooks (created_by);

CREATE TABLE webhooks (
    id BIGINT NOT NULL,
    conversation_id BIGINT,
    url TEXT COLLATE "C" NOT NULL,
    topics BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    old_secret BYTEA,
    old_until BIGINT,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    disabled_reason TEXT COLLATE "C",
    failing_since BIGINT,
    PRIMARY KEY (id)
);
CREATE INDEX webhooks_by_conversation ON webhooks (conversation_id);
CREATE INDEX webhooks_by_creator ON webhooks (created_by);

CREATE TABLE deliveries (
    id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    message_seq BIGINT,
    topic SMALLINT NOT NULL,
    body TEXT COLLATE "C",
    state SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT,
    answers TEXT COLLATE "C",
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX deliveries_of_webhook ON deliveries (webhook_id, id);
CREATE UNIQUE INDEX deliveries_of_change ON deliveries (webhook_id, conversation_id, seq);
CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_of_message ON deliveries (conversation_id, message_seq) WHERE message_seq IS NOT NULL;

CREATE TABLE slash_commands (
    bot_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    usage TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C",
    secret BYTEA,
    PRIMARY KEY (bot_id, name)
);

CREATE TABLE preview_cache (
    url TEXT COLLATE "C" NOT NULL,
    found TEXT COLLATE "C",
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (url)
);
CREATE INDEX preview_cache_age ON preview_cache (expires_at);

CREATE TABLE preview_jobs (
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, seq)
);
CREATE INDEX preview_jobs_due ON preview_jobs (next_at);

CREATE TABLE exports (
    user_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    expires_at BIGINT,
    bytes BIGINT,
    PRIMARY KEY (user_id)
);

CREATE TABLE deletions (
    user_id BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    report TEXT COLLATE "C" NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (user_id)
);
CREATE INDEX deletions_running ON deletions (started_at) WHERE finished_at IS NULL;

-- What nodes share out among themselves. A row stays when its lease ends, because its token must rise.
CREATE TABLE leases (
    name TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    token BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name)
);

-- The words of messages, as `sql/search` spells them: one row for each message that can be found.
CREATE TABLE search_docs (
    id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    facts BIGINT NOT NULL,
    terms TSVECTOR NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX search_terms ON search_docs USING gin (terms);

-- Rows that are changed all the time are changed where they are, as long as their pages have room.
ALTER TABLE heads SET (fillfactor = 50);
ALTER TABLE members SET (fillfactor = 80);
ALTER TABLE users SET (fillfactor = 80);
ALTER TABLE follower_cursors SET (fillfactor = 50);
