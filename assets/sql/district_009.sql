-- SPDX-License-Identifier: GPL-3.0-or-later
-- How satisfied residents were: counts by counter, day, service and grade. Nobody's.

CREATE TABLE rating (
    counter TEXT NOT NULL,
    day INTEGER NOT NULL,
    service TEXT NOT NULL,
    grade INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 5),
    count INTEGER NOT NULL,
    PRIMARY KEY (counter, day, service, grade)
) STRICT, WITHOUT ROWID;
