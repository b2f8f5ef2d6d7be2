-- SPDX-License-Identifier: GPL-3.0-or-later
-- How often somebody asked is counted in memory.

DROP TABLE use_count;
