-- Leases: what several processes share out among themselves. A row stays when its lease ends, because its token must rise.

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    token INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;
