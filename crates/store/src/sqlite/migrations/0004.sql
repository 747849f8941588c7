-- Search: the index of words. It holds terms and where they are, and no text; `sqlite/search/mod.rs` says what they are.
-- A row's id is its message's id, so that a walk through the index backwards finds the newest first. What is deleted is
-- overwritten at once, because a deleted message's words must not stay.

CREATE VIRTUAL TABLE search_index USING fts5(
    words, names, facts,
    content = '', columnsize = 0, prefix = 3, tokenize = "ascii tokenchars '_'"
);
INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);

-- The messages that are in the index, with the facts that it has of them. For each, the index has exactly the words of the
-- message's present body.
CREATE TABLE search_docs (id INTEGER PRIMARY KEY, facts INTEGER NOT NULL) STRICT;
