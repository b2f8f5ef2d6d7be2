-- SPDX-License-Identifier: GPL-3.0-or-later
-- Large cases: pages sealed one by one while the visit is still open, and how much of a case has been sent.

-- A visit's sealed pages. Its key is in memory alone: what no case has taken at a start is rubbish.
CREATE TABLE page (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL,
    number INTEGER NOT NULL,
    length INTEGER NOT NULL,
    digest BLOB NOT NULL,
    taken INTEGER NOT NULL CHECK (taken IN (0, 1)),
    UNIQUE (instance, number)
) STRICT;

CREATE INDEX page_loose ON page (id) WHERE taken = 0;

CREATE TABLE page_piece (
    page INTEGER NOT NULL REFERENCES page (id),
    piece INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (page, piece)
) STRICT;

-- The page whose bytes are the part's; NULL: they are in piece.
ALTER TABLE part ADD COLUMN page INTEGER;

ALTER TABLE submission ADD COLUMN total_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN sent_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN unverified INTEGER NOT NULL DEFAULT 0;

UPDATE submission SET total_bytes =
    (SELECT coalesce(sum(p.length), 0) FROM part p WHERE p.submission = submission.id);
