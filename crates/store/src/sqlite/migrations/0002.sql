-- Followers: how far each has got in each conversation. A conversation without a row has not been looked at yet.

CREATE TABLE followers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE follower_cursors (
    follower INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (follower, conversation_id)
) STRICT, WITHOUT ROWID;
