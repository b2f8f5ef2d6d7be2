-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whose case it is (a keyed MAC, never the digits), wrong tries at a number, new tokens to be told.

-- mac: empty when no ID number was given, and of a pruned case. of_instance: what it belongs to, ''.
CREATE TABLE owner (
    instance TEXT PRIMARY KEY REFERENCES submission (instance),
    of_instance TEXT NOT NULL,
    mac BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX owner_of ON owner (of_instance) WHERE of_instance <> '';

-- Times are powered-on time.
CREATE TABLE try (
    number TEXT PRIMARY KEY,
    wrong INTEGER NOT NULL,
    tried_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL REFERENCES submission (instance),
    message TEXT NOT NULL
) STRICT;
