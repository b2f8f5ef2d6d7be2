// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Port: files of one root folder (content packs, forms, keys). Real driver: drivers/system. Paths
/// are relative, no "..".
struct files_ops {
    /// ERR_NOT_FOUND, or ERR_FULL when the file is longer than out->maximum.
    enum err (*read)(void *self, const char *path, struct strbuf *out, struct fail *why);
    /// Durable: temporary file, fsync, rename, fsync of the folder. Makes missing folders.
    /// `secret`: mode 0600.
    enum err (*write)(void *self, const char *path, const void *data, size_t length, bool secret,
                      struct fail *why);
    /// A file, or an empty folder. ERR_NOT_FOUND when it is not there.
    enum err (*remove)(void *self, const char *path, struct fail *why);
    /// Calls back with each name in a folder, sorted.
    enum err (*list)(void *self, const char *path, void (*each)(void *context, const char *name),
                     void *context, struct fail *why);
    /// Free and total bytes of the file system.
    enum err (*space)(void *self, int64_t *free_bytes, int64_t *total_bytes, struct fail *why);
};
struct files {
    const struct files_ops *ops;
    void *self;
};
