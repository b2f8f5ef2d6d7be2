-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sealed drafts of visits that a resume ticket was taken for, and tries with the codes of such tickets. Revision 0:
-- nothing but tries, its draft is at another kiosk. A spent one keeps its row, without the draft, until it expires.

CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    instance TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sent_revision INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    digest BLOB NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    expires_utc_ms INTEGER NOT NULL,
    spent INTEGER NOT NULL,
    wrong INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    wait_from_ms INTEGER NOT NULL,
    wait_boot TEXT NOT NULL
) STRICT;

CREATE INDEX draft_unsent ON draft (created_utc_ms) WHERE revision > sent_revision;
CREATE INDEX draft_instance ON draft (instance);
