-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many bytes each device has stored here on a day (YYMMDD), and whether more was refused. Kept for about a month.

CREATE TABLE device_stored (
    device TEXT NOT NULL REFERENCES device (id),
    day INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
    PRIMARY KEY (device, day)
) STRICT, WITHOUT ROWID;
