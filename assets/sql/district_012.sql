-- SPDX-License-Identifier: GPL-3.0-or-later
-- A kiosk whose audit told two histories is marked with the time it was noticed. When staff let a new history begin, it
-- is another chain, so that its heads never take the place of the old one's.

ALTER TABLE device ADD COLUMN forked_utc_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN audit_chain INTEGER NOT NULL DEFAULT 0;

CREATE TABLE device_head_of_chain (
    device TEXT NOT NULL REFERENCES device (id),
    chain INTEGER NOT NULL,
    day INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    told_utc_ms INTEGER NOT NULL,
    PRIMARY KEY (device, chain, day)
) STRICT, WITHOUT ROWID;
INSERT INTO device_head_of_chain SELECT device, 0, day, sequence, hash, signature, told_utc_ms FROM device_head;
DROP TABLE device_head;
ALTER TABLE device_head_of_chain RENAME TO device_head;
