// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/files.h"
#include <stdbool.h>
#include <stddef.h>

/// The files port in memory, with faults at call n. Every read, write, remove, list and space
/// counts as one call, starting at 1.
///
/// Life cycle: `fake_files_new` -> use `.files` -> `fake_files_free`. Faults: FAKE_FAIL_ONCE fails
/// call n alone; FAKE_DIE fails it and every later one, as a pulled plug does; FAKE_DIE_AFTER does
/// call n and then dies before the answer. `fake_files_heal` ends a fault: the next start.

enum fake_fault { FAKE_NO_FAULT, FAKE_FAIL_ONCE, FAKE_DIE, FAKE_DIE_AFTER };

struct fake_file {
    char path[256];
    char *data;
    size_t length;
};

struct fake_files {
    struct files files;
    struct fake_file *entries; ///< sorted by path
    size_t count;
    long calls, writes;
    enum fake_fault fault;
    long fault_at;
    enum err fault_err;
    int64_t free_bytes;
};

struct fake_files *fake_files_new(void);
void fake_files_free(struct fake_files *fake);
/// Beside the port: never counts, never fails.
void fake_files_put(struct fake_files *fake, const char *path, const void *data, size_t length);
void fake_files_remove(struct fake_files *fake, const char *path);
const struct fake_file *fake_files_get(const struct fake_files *fake, const char *path);
/// Everything of one fake into another.
void fake_files_copy(struct fake_files *to, const struct fake_files *from);
void fake_files_break(struct fake_files *fake, enum fake_fault fault, long at, enum err err);
void fake_files_heal(struct fake_files *fake);
