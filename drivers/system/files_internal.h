// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/files.h"

/// One root folder, open.
struct system_files {
    int root;
};

/// What errno asks of the caller.
enum err files_fail(struct fail *why, const char *task, const char *path);
/// Opens the folder that holds `path` and points `*name` at its last part. Returns a descriptor, or
/// -1 with errno (EINVAL for an absolute path, an empty part, "." or ".."). `make`: missing folders
/// are made.
int files_open_folder(const struct system_files *files, const char *path, bool make,
                      const char **name);
enum err files_write(void *self, const char *path, const void *data, size_t length, bool secret,
                     struct fail *why);
