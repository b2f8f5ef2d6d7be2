-- SPDX-License-Identifier: GPL-3.0-or-later
-- Up to when a verified backup holds everything, and the way to a counter's cases of a day.

CREATE TABLE backup (
    sequence INTEGER PRIMARY KEY,
    verified_utc_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX submission_by_counter ON submission (counter, saved_utc_ms);
