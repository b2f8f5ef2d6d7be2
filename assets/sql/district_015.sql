-- SPDX-License-Identifier: GPL-3.0-or-later
-- When a device's audit moved on last: it writes down each case that was received from it, so one
-- that stands still while cases come is not the whole of what it does.

ALTER TABLE device ADD COLUMN audit_moved_utc_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN audit_still INTEGER NOT NULL DEFAULT 0;
UPDATE device SET audit_moved_utc_ms = max(seen_utc_ms, enrolled_utc_ms);
CREATE INDEX submission_by_device ON submission (device, received_utc_ms) WHERE status <> '';
