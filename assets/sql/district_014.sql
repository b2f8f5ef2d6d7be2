-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far the digest of an upload's bytes is, so that the last piece costs no more than any other.
-- Empty: not known, and all of them are read when the last has come.

ALTER TABLE upload ADD COLUMN digested BLOB NOT NULL DEFAULT x'';

-- Whether a part that comes is an urgent case's is asked with each of its pieces.
CREATE INDEX submission_incomplete ON submission (device) WHERE status = '';
