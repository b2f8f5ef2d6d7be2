-- SPDX-License-Identifier: GPL-3.0-or-later
-- The kiosk's store. Forward only: a change is a new numbered file.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE serial (
    day INTEGER NOT NULL,
    serial INTEGER NOT NULL CHECK (serial BETWEEN 0 AND 999),
    PRIMARY KEY (day, serial)
) STRICT, WITHOUT ROWID;

-- digest: SHA-256 over the unchanging columns and the manifest.
CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL,
    service TEXT NOT NULL,
    form_id TEXT NOT NULL,
    sealing_key_id TEXT NOT NULL,
    urgent INTEGER NOT NULL,
    saved_utc_ms INTEGER NOT NULL,
    saved_monotonic_ms INTEGER NOT NULL,
    saved_boot_id TEXT NOT NULL,
    saved_quality INTEGER NOT NULL,
    manifest BLOB NOT NULL,
    digest BLOB NOT NULL,
    receipt BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
    attempts INTEGER NOT NULL,
    strikes INTEGER NOT NULL,
    received_at_failure INTEGER NOT NULL,
    next_try_utc_ms INTEGER NOT NULL,
    next_try_monotonic_ms INTEGER NOT NULL,
    next_try_boot TEXT NOT NULL,
    received_utc_ms INTEGER NOT NULL,
    print_count INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX submission_by_number ON submission (number);
CREATE INDEX submission_unsent ON submission (urgent DESC, id) WHERE state IN (0, 1, 2, 4, 5);

-- digest: SHA-256 over the whole part.
CREATE TABLE part (
    submission INTEGER NOT NULL REFERENCES submission (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    length INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (submission, position)
) STRICT, WITHOUT ROWID;

-- In pieces, so that no single value is large.
CREATE TABLE piece (
    submission INTEGER NOT NULL,
    position INTEGER NOT NULL,
    piece INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (submission, position, piece),
    FOREIGN KEY (submission, position) REFERENCES part (submission, position)
) STRICT;

CREATE TABLE print_job (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    instance TEXT NOT NULL REFERENCES submission (instance),
    state INTEGER NOT NULL,
    detail TEXT NOT NULL,
    changed_utc_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX print_job_by_instance ON print_job (instance);

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    line TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE staff (
    number TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    operations INTEGER NOT NULL,
    memory_bytes INTEGER NOT NULL,
    wrong INTEGER NOT NULL,
    locked INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    wait_from_ms INTEGER NOT NULL,
    wait_boot TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    opened_utc_ms INTEGER NOT NULL,
    opened_monotonic_ms INTEGER NOT NULL,
    opened_boot_id TEXT NOT NULL,
    opened_quality INTEGER NOT NULL,
    place TEXT NOT NULL,
    closed_utc_ms INTEGER NOT NULL,
    closed_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX call_open ON call (id) WHERE closed_utc_ms = 0;
