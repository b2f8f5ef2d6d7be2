-- SPDX-License-Identifier: GPL-3.0-or-later
-- Correction lists: what a case still needs, as it was signed. Fields, papers and reasons; never an answer.

-- state: 0 open, 1 answered, 2 replaced by another list.
CREATE TABLE correction (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    instance TEXT NOT NULL REFERENCES submission (instance),
    actor TEXT NOT NULL,
    came_from TEXT NOT NULL,
    issued_utc_ms INTEGER NOT NULL,
    due_utc_ms INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    replaces TEXT NOT NULL,
    replaced_why TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    answered_utc_ms INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE INDEX correction_of ON correction (instance, sequence);
