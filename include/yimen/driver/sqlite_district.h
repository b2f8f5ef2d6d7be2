// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/district_store.h"

/// The district_store port on SQLite: WAL, synchronous=FULL, strict tables, numbered migrations.
///
/// Life cycle: `sqlite_district_open` -> the port's calls, all from one thread ->
/// `sqlite_district_close`. Several handles, in threads or processes, may share the file.

/// Makes the database when it is not there. ERR_CORRUPT: damaged, or newer than this program.
enum err sqlite_district_open(const char *path, struct district_store *out,
                              struct fail *why) MUST_USE;
/// The same on a simulated disk (sim_disk.h) named `vfs`; NULL: a real one.
enum err sqlite_district_open_on(const char *vfs, const char *path, struct district_store *out,
                                 struct fail *why) MUST_USE;
/// Only to look: any call that would write is ERR_TECHNICIAN. ERR_NOT_FOUND: there is no database
/// yet.
enum err sqlite_district_open_read_only(const char *path, struct district_store *out,
                                        struct fail *why) MUST_USE;
/// Writes a copy of the database in use to `path` and reads all of it back. ERR_CONFLICT: there is
/// such a file. ERR_CORRUPT: the copy is not good.
enum err sqlite_district_backup(struct district_store *store, const char *path,
                                struct fail *why) MUST_USE;
/// From now on a thread of its own brings the log of this handle's file into the database: its
/// calls are answered without waiting for that. Once, after opening.
enum err sqlite_district_relieve(struct district_store *store, struct fail *why) MUST_USE;
/// NULL-safe; the port is empty afterwards.
void sqlite_district_close(struct district_store *store);
