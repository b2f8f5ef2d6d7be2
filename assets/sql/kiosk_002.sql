-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the district last said of a case, and the ways to what is pruned and what is compared.

ALTER TABLE submission ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE submission ADD COLUMN status_utc_ms INTEGER NOT NULL DEFAULT 0;

CREATE INDEX submission_received ON submission (received_utc_ms) WHERE state = 3;
CREATE INDEX submission_saved ON submission (saved_utc_ms);
