-- A server that has been used for a while, in the words of both databases: 20,000 people, 2,000 of them in
-- 3,000 conversations, 140,000 messages.
-- Person 1 is asked for; conversation 100001 is a channel with everybody in it and a long history.

CREATE TABLE numbers (i BIGINT NOT NULL);
INSERT INTO numbers WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n;

INSERT INTO users (id, username, skeleton, display_name, bot, server_role, created_at, version, account_version, email)
SELECT i, 'person' || i, 'person' || i, 'Person ' || i, 0, 0, 1, 100, 1, 'person' || i || '@example.org' FROM numbers;
INSERT INTO user_words (word, user_id) SELECT 'person' || i, i FROM numbers;
INSERT INTO last_seen (user_id, at) SELECT i, i FROM numbers;

INSERT INTO conversations (id, kind, name, public, read_only, slow_mode, created_by, created_at, changed, member_count, pair_a, pair_b, deleted_at)
SELECT 100000 + i, CASE WHEN i % 3 = 0 THEN 0 ELSE 1 + i % 2 END, CASE WHEN i % 3 = 0 THEN NULL ELSE 'room' || i END,
  CASE WHEN i % 2 = 1 AND i % 3 <> 0 THEN 1 ELSE 0 END, 0, 0, 1, 1, 1, CASE WHEN i = 1 THEN 2000 ELSE 20 END,
  CASE WHEN i % 3 = 0 THEN (i * 7) % 2000 + 1 END, CASE WHEN i % 3 = 0 THEN 5000 + i END, CASE WHEN i > 2990 THEN 5 END
FROM numbers WHERE i <= 3000;
INSERT INTO conversation_words (word, conversation_id)
SELECT 'room' || i, 100000 + i FROM numbers WHERE i <= 3000 AND i % 2 = 1 AND i % 3 <> 0;
INSERT INTO heads (conversation_id, seq) SELECT 100000 + i, CASE WHEN i = 1 THEN 20040 ELSE 40 END FROM numbers WHERE i <= 2990;

INSERT INTO members (conversation_id, user_id, role, state, joined_at, changed, joined_seq, delivered, read, version, notify)
SELECT 100000 + c.i, (c.i * 7 + k.i * 97) % 2000 + 1, CASE WHEN k.i = 1 THEN 0 ELSE 3 END, 0, 1, 1, 1, 30, 30, c.i, 0
FROM numbers c, numbers k WHERE c.i <= 3000 AND k.i <= 20;
INSERT INTO members (conversation_id, user_id, role, state, joined_at, changed, joined_seq, delivered, read, version, notify)
SELECT 100001, i, 3, 0, 1, 1, 1, 20000, 20000, 1, CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END FROM numbers WHERE i <= 2000
ON CONFLICT DO NOTHING;

-- Every tenth is changed and has reactions, some have threads and polls.
INSERT INTO messages (conversation_id, seq, id, changed, sender_id, client_id, kind, created_at, edited_at, parent_id, reply_count, followed,
  reactions, pinned_at, pinned_by, body, poll, poll_closes_at)
SELECT 100000 + c.i, s.i, 1000000 + s.i * 4000 + c.i, CASE WHEN s.i % 10 = 3 THEN s.i + 1 ELSE s.i END, (c.i + s.i) % 2000 + 1,
  'client' || s.i || '.' || c.i, 0, 1000 * s.i + c.i, CASE WHEN s.i % 10 = 3 THEN 9 END,
  CASE WHEN s.i % 16 = 5 THEN 1000000 + (s.i - 1) * 4000 + c.i END, 0, CASE WHEN s.i % 16 = 4 THEN 1 ELSE 0 END,
  CASE WHEN s.i % 10 = 3 THEN '[["+1",1]]' END, CASE WHEN s.i = 7 THEN 9 END, CASE WHEN s.i = 7 THEN 1 END,
  CASE WHEN s.i % 16 = 9 THEN 'hello rare' || (c.i * 40 + s.i) ELSE 'hello word' || s.i % 40 END,
  CASE WHEN s.i = 33 THEN '{"question":"Where?","options":[{"text":"Sea","count":1},{"text":"Hills","count":0}],"multiple":false,"anonymous":false,"closes_at":null,"closed_at":null,"voters":1}' END,
  CASE WHEN s.i = 33 AND c.i % 10 = 0 THEN 50000 + c.i END
FROM numbers c, numbers s WHERE c.i <= 3000 AND s.i <= CASE WHEN c.i = 1 THEN 20000 ELSE 40 END;

INSERT INTO reactions (conversation_id, seq, user_id, emoji, at)
SELECT 100000 + c.i, s.i * 10 + 3, (c.i * 13 + s.i * 997) % 2000 + 1, '+1', s.i FROM numbers c, numbers s WHERE c.i <= 3000 AND s.i <= 3;
INSERT INTO votes (conversation_id, seq, user_id, option, at)
SELECT 100000 + c.i, 33, (c.i * 13 + u.i * 997) % 2000 + 1, 0, u.i FROM numbers c, numbers u WHERE c.i <= 3000 AND u.i <= 3;
INSERT INTO thread_follows (user_id, conversation_id, seq, following)
SELECT (c.i * 13 + u.i * 997) % 2000 + 1, 100000 + c.i, s.i * 16 + 4, 1 FROM numbers c, numbers s, numbers u WHERE c.i <= 3000 AND s.i <= 2 AND u.i <= 3;
INSERT INTO mentions (user_id, conversation_id, seq, sender_id, added)
SELECT CASE WHEN s.i = 35 THEN 0 ELSE (c.i * 7 + 97) % 2000 + 1 END, 100000 + c.i, s.i, 2, CASE WHEN s.i = 20 THEN 21 END
FROM numbers c, numbers s WHERE c.i <= 3000 AND s.i IN (20, 34, 35);

INSERT INTO sessions (id, user_id, name, kind, refresh, created_at, rotated_at, last_active_at, ended_at)
SELECT i, i % 2000 + 1, 'device', 0, randomblob(32), 1, 1, 1, CASE WHEN i % 4 = 0 THEN i END FROM numbers;
INSERT INTO spent_refreshes (hash, session_id, spent_at) SELECT randomblob(32), i, i FROM numbers WHERE i <= 10000;
INSERT INTO tokens (id, user_id, name, scopes, secret, created_at) SELECT i, i % 2000 + 1, 't', 1, randomblob(32), 1 FROM numbers WHERE i <= 6000;
INSERT INTO invitations (id, code, conversation_id, created_by, created_at) SELECT i, randomblob(32), 100000 + i, 1, 1 FROM numbers WHERE i <= 3000;
INSERT INTO kept_answers (user_id, key, request, status, body, kept_at) SELECT i % 2000, 'key' || i, randomblob(32), 200, randomblob(8), i FROM numbers WHERE i <= 10000;
INSERT INTO contacts (user_id, other_id, state, blocked, version)
SELECT u.i, (u.i + k.i) % 2000 + 1, 3, 0, k.i FROM numbers u, numbers k WHERE u.i <= 2000 AND k.i <= 10;
INSERT INTO devices (id, user_id, session_id, kind, name, address, created_at) SELECT i, i % 2000 + 1, i, 0, 'd', 'https://push.example/' || i, 1 FROM numbers WHERE i <= 4000;
INSERT INTO notification_settings (user_id, level, in_groups, direct, keywords, hide_content, email, wide, version)
SELECT i, 0, 0, 0, '[]', 0, 0, CASE WHEN i % 100 = 0 THEN 1 ELSE 0 END, 1 FROM numbers WHERE i <= 2000;
INSERT INTO activity (user_id, message_id, conversation_id, seq, sender_id, reason, at)
SELECT (c.i * 7 + 97) % 2000 + 1, 1000000 + s.i * 4000 + c.i, 100000 + c.i, s.i, 2, 0, s.i
FROM numbers c, numbers s WHERE c.i <= 2990 AND s.i <= 20;
INSERT INTO pushes (device_id, user_id, conversation_id, seq, clears, due_at, created_at)
SELECT i % 4000 + 1, i % 2000 + 1, 100000 + i % 2990 + 1, 5 + i / 4000, 0, i, 1 FROM numbers;
INSERT INTO shown (user_id, conversation_id, device_id, first, last) SELECT i % 2000 + 1, 100001 + i % 2990, i % 4000 + 1, 1, 2 FROM numbers WHERE i <= 8000;
INSERT INTO digests (user_id, number, due_at) SELECT i, 1, i FROM numbers WHERE i <= 2000;
INSERT INTO email_requests (user_id, address, nonce, requested_at, expires_at, due_at) SELECT i, 'a', randomblob(16), 1, 100, i FROM numbers WHERE i <= 2000;

INSERT INTO followers (name) VALUES ('one');
INSERT INTO followers (name) VALUES ('two');
INSERT INTO follower_cursors (follower, conversation_id, seq) SELECT f.id, h.conversation_id, h.seq - h.conversation_id % 2 FROM followers f, heads h;

INSERT INTO files (id, owner_id, purpose, state, name, voice, bytes, created_at, due_at, kind, file)
SELECT i, i % 2000 + 1, 0, CASE WHEN i % 1000 = 0 THEN 1 ELSE 2 END, 'f', 0, 5, 1, CASE WHEN i % 20 = 0 THEN i END, 3,
  '{"id":"' || i || '","name":"f","mime":"text/plain","size":5,"kind":"file","variants":[],"state":"ready","created_at":"2024-01-01T00:00:00.000Z"}'
FROM numbers;
INSERT INTO blobs (hash, size, state) SELECT randomblob(32), 5, CASE WHEN i % 1000 = 0 THEN 2 ELSE 1 END FROM numbers;
INSERT INTO file_blobs (file_id, part, hash, size, mime) SELECT i, 0, randomblob(32), 5, 'text/plain' FROM numbers;
INSERT INTO file_uses (file_id, what, a, b, kind) SELECT i, 0, 100000 + i % 2990 + 1, i / 2990 + 1, 3 FROM numbers;
INSERT INTO file_totals (owner_id, bytes) SELECT i, 5 FROM numbers WHERE i <= 2000;

INSERT INTO belongings (user_id, kind, key, part, version, gone, due, value)
SELECT u.i, 3, 1000000 + k.i, 0, 50 + k.i, 0, NULL, '{"message_id":"' || (1000000 + k.i) || '","conversation_id":"100001","seq":1,"saved_at":"2024-01-01T00:00:00.000Z","version":1}'
FROM numbers u, numbers k WHERE u.i <= 2000 AND k.i <= 10;
INSERT INTO belongings (user_id, kind, key, part, version, gone, due, value)
SELECT i, 3, i, 0, 40, 0, 100000 + i, '{"message_id":"' || i || '","conversation_id":"100001","seq":1,"saved_at":"2024-01-01T00:00:00.000Z","version":1}'
FROM numbers WHERE i <= 2000;
INSERT INTO expiry (conversation_id, upto, due_at) SELECT 100000 + i, 0, i FROM numbers WHERE i <= 2900;
INSERT INTO webhooks (id, conversation_id, url, topics, secret, created_by, created_at)
SELECT i, 100000 + i, 'https://hook.example/', 1, randomblob(32), 1, 1 FROM numbers WHERE i <= 100;
INSERT INTO incoming_webhooks (id, conversation_id, bot_id, created_by, created_at, secret)
SELECT i, 100000 + i, i, i, 1, randomblob(32) FROM numbers WHERE i <= 2000;
INSERT INTO deliveries (id, webhook_id, conversation_id, seq, topic, body, state, created_at, next_at)
SELECT i, i % 100 + 1, 100001, i, 0, '{}', CASE WHEN i % 50 = 0 THEN 0 ELSE 1 END, 1, CASE WHEN i % 50 = 0 THEN i END FROM numbers;
INSERT INTO preview_cache (url, expires_at) SELECT 'https://page.example/' || i, i FROM numbers WHERE i <= 5000;
INSERT INTO preview_jobs (conversation_id, seq, message_id, changed, next_at) SELECT 100000 + i, 5, 1020000 + i, 5, i FROM numbers WHERE i <= 2900;
INSERT INTO leases (name, holder, token, until) SELECT 'node/' || i, 'h' || i, 1, i FROM numbers WHERE i <= 4000;
DROP TABLE numbers;
