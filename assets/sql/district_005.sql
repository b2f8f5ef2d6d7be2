-- Heads of the kiosks' audit chains, signed by them: the last of each day, kept as long as the case files.
ALTER TABLE device ADD COLUMN audit_sequence INTEGER NOT NULL DEFAULT 0;
CREATE TABLE device_head (
    device TEXT NOT NULL REFERENCES device (id),
    day INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    told_utc_ms INTEGER NOT NULL,
    PRIMARY KEY (device, day)
) STRICT, WITHOUT ROWID;
