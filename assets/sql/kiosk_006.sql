-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whose a case is, so that a stolen disk does not tell (case/owner_lock.h). What stood here before could be tried out
-- with the keys on the same disk, and nothing better can be made of it: it goes. salt, box: '' where there is none.

ALTER TABLE owner DROP COLUMN mac;
ALTER TABLE owner ADD COLUMN salt TEXT NOT NULL DEFAULT '';
ALTER TABLE owner ADD COLUMN box BLOB NOT NULL DEFAULT x'';
