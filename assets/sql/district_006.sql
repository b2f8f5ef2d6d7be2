-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a case's owner is told at a counter: blind factor, sealed receipt facts, wrong tries, renewed tokens.

-- factor: empty when no ID number was given. facts: ciphertext.
CREATE TABLE lookup (
    instance TEXT PRIMARY KEY REFERENCES submission (instance),
    factor BLOB NOT NULL,
    facts BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- By number, whether there is such a case or not, across all kiosks.
CREATE TABLE lookup_try (
    number TEXT PRIMARY KEY,
    wrong INTEGER NOT NULL,
    tried_utc_ms INTEGER NOT NULL,
    until_utc_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Tokens of receipts that were printed again; the highest print of an instance is in force. It may come before
-- its case.
CREATE TABLE token (
    hash BLOB PRIMARY KEY,
    instance TEXT NOT NULL,
    receipt TEXT NOT NULL,
    print INTEGER NOT NULL,
    device TEXT NOT NULL,
    renewed_utc_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX token_by_instance ON token (instance, print);
CREATE INDEX submission_by_of ON submission (of_instance, sequence) WHERE of_instance <> '';
