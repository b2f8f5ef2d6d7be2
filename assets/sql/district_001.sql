-- SPDX-License-Identifier: GPL-3.0-or-later
-- The district's store. Forward only: a change is a new numbered file. No answer is in clear in any table.

CREATE TABLE device (
    id TEXT PRIMARY KEY,
    counter TEXT NOT NULL,
    key_id TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE,
    public_key BLOB NOT NULL,
    incarnation INTEGER NOT NULL CHECK (incarnation BETWEEN 0 AND 9),
    enrolled_utc_ms INTEGER NOT NULL,
    revoked_utc_ms INTEGER NOT NULL,
    seen_utc_ms INTEGER NOT NULL,
    saves INTEGER NOT NULL,
    audit_head TEXT NOT NULL,
    frozen INTEGER NOT NULL
) STRICT;

CREATE INDEX device_by_counter ON device (counter, enrolled_utc_ms);

-- What a kiosk last said it has not sent: the call list when it is lost.
CREATE TABLE device_unsent (
    device TEXT NOT NULL REFERENCES device (id),
    receipt TEXT NOT NULL,
    PRIMARY KEY (device, receipt)
) STRICT, WITHOUT ROWID;

CREATE TABLE enroll_code (
    hash BLOB PRIMARY KEY,
    counter TEXT NOT NULL,
    until_utc_ms INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE form (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    md5 TEXT NOT NULL,
    xml BLOB NOT NULL,
    published_utc_ms INTEGER NOT NULL,
    UNIQUE (id, version)
) STRICT;

-- As received: manifest and parts are sealed, and stay so.
CREATE TABLE submission (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL UNIQUE,
    form_id TEXT NOT NULL,
    version TEXT NOT NULL,
    receipt TEXT NOT NULL,
    counter TEXT NOT NULL,
    device TEXT NOT NULL REFERENCES device (id),
    key_id TEXT NOT NULL,
    service TEXT NOT NULL,
    of_instance TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    manifest_digest BLOB NOT NULL,
    urgent INTEGER NOT NULL,
    first_touch_utc_ms INTEGER NOT NULL,
    saved_utc_ms INTEGER NOT NULL,
    saved_quality INTEGER NOT NULL,
    received_utc_ms INTEGER NOT NULL,
    flag TEXT NOT NULL,
    manifest BLOB NOT NULL,
    status TEXT NOT NULL,
    status_utc_ms INTEGER NOT NULL,
    opened INTEGER NOT NULL CHECK (opened BETWEEN 0 AND 2),
    reason TEXT NOT NULL,
    wrapped_key BLOB NOT NULL
) STRICT;

CREATE INDEX submission_by_receipt ON submission (receipt);
CREATE INDEX submission_by_token ON submission (token_hash);
CREATE INDEX submission_sealed ON submission (sequence) WHERE opened = 0 AND status <> '';

-- bytes is NULL until the part is here.
CREATE TABLE part (
    instance TEXT NOT NULL REFERENCES submission (instance),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest BLOB NOT NULL,
    bytes BLOB,
    UNIQUE (instance, position)
) STRICT;

CREATE TABLE opened_file (
    instance TEXT NOT NULL REFERENCES submission (instance),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (instance, position)
) STRICT;

CREATE TABLE blind_index (
    kind INTEGER NOT NULL,
    mac BLOB NOT NULL,
    instance TEXT NOT NULL REFERENCES submission (instance),
    PRIMARY KEY (kind, mac, instance)
) STRICT, WITHOUT ROWID;

CREATE TABLE status_event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL REFERENCES submission (instance),
    receipt TEXT NOT NULL,
    counter TEXT NOT NULL,
    before TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    utc_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX status_event_by_counter ON status_event (counter, sequence);

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    line TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE use_count (
    key TEXT PRIMARY KEY,
    window INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
