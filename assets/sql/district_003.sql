-- SPDX-License-Identifier: GPL-3.0-or-later
-- Parts of large cases on their way, in pieces as they came. Per device, so that nobody can spoil another's part.
-- claimed: a complete case has it. What nobody claims goes after a week.

CREATE TABLE upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL REFERENCES device (id),
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    there INTEGER NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    claimed INTEGER NOT NULL CHECK (claimed IN (0, 1)),
    touched_utc_ms INTEGER NOT NULL,
    UNIQUE (device, digest)
) STRICT;

CREATE INDEX upload_loose ON upload (device, touched_utc_ms) WHERE claimed = 0;

CREATE TABLE upload_piece (
    upload INTEGER NOT NULL REFERENCES upload (id),
    start INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (upload, start)
) STRICT;

-- The upload whose bytes are the part's; NULL: they are in bytes, or not here.
ALTER TABLE part ADD COLUMN upload INTEGER;
