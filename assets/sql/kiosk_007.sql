-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many required questions of a case no kiosk could ask (a photo, a place on a map): the clerk's list says so.

ALTER TABLE submission ADD COLUMN not_asked INTEGER NOT NULL DEFAULT 0;
