-- SPDX-License-Identifier: GPL-3.0-or-later
-- A case whose opening failed for now waits by itself: how often it was tried, and when it is tried again.

ALTER TABLE submission ADD COLUMN open_tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN open_due_utc_ms INTEGER NOT NULL DEFAULT 0;
