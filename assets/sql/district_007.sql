-- SPDX-License-Identifier: GPL-3.0-or-later
-- Items of a case that holds several: each with its own state and limits.

CREATE TABLE item (
    instance TEXT NOT NULL REFERENCES submission (instance),
    position INTEGER NOT NULL,
    item TEXT NOT NULL,
    form_id TEXT NOT NULL,
    version TEXT NOT NULL,
    status TEXT NOT NULL,
    status_utc_ms INTEGER NOT NULL,
    legal_days INTEGER NOT NULL,
    promised_days INTEGER NOT NULL,
    PRIMARY KEY (instance, item)
) STRICT, WITHOUT ROWID;

-- '' for an event of the whole case.
ALTER TABLE status_event ADD COLUMN item TEXT NOT NULL DEFAULT '';
