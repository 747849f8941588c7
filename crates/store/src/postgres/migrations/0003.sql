-- Each time that bytes are stored anew, they get a name of their own: their hash and a number, 0 for those of before. So
-- whoever still deletes what was there earlier, however late, cannot reach what is there now.
ALTER TABLE blobs ADD COLUMN number BIGINT NOT NULL DEFAULT 0;

-- Blobs of which no file is made any more, until their bytes are deleted.
CREATE TABLE doomed_blobs (
    hash BYTEA NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (hash, number)
);

INSERT INTO doomed_blobs (hash, number) SELECT hash, number FROM blobs WHERE state = 2;
DELETE FROM blobs WHERE state = 2;
DROP INDEX blobs_doomed;
