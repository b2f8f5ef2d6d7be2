-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sealed drafts of resume tickets: bytes the district cannot read. Handed out only so often without a newer one coming
-- back, which shows that it was opened. A spent or expired one keeps its row for a while, without the bytes.

CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    device_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    expires_utc_ms INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    releases INTEGER NOT NULL,
    locked_until_utc_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX draft_by_device ON draft (device_id) WHERE spent = 0;
CREATE INDEX draft_by_expiry ON draft (expires_utc_ms);
