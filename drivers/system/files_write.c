// SPDX-License-Identifier: GPL-3.0-or-later
// Durable writing: temporary file, fsync, rename, fsync of the folder.
#include "files_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPORARY_NAME = 32 };

static bool write_all(int file, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        data += written;
        length -= (size_t)written;
    }
    return true;
}

static bool write_file(int folder, const char *name, const void *data, size_t length, mode_t mode)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (file < 0)
        return false;
    bool done = write_all(file, data, length) && fsync(file) == 0;
    int code = errno;
    if (close(file) != 0 && done) {
        done = false;
        code = errno;
    }
    errno = code;
    return done;
}

// Two writers (threads, programs) of one folder must not meet in one temporary file.
static bool temporary_name(char out[TEMPORARY_NAME])
{
    unsigned long long number;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        return false;
    snprintf(out, TEMPORARY_NAME, ".new-%016llx", number);
    return true;
}

static bool replace(int folder, const char *name, const void *data, size_t length, mode_t mode)
{
    char temporary[TEMPORARY_NAME];
    if (!temporary_name(temporary))
        return false;
    if (!write_file(folder, temporary, data, length, mode) ||
        renameat(folder, temporary, folder, name) != 0) {
        int code = errno;
        unlinkat(folder, temporary, 0);
        errno = code;
        return false;
    }
    return fsync(folder) == 0;
}

enum err files_write(void *self, const char *path, const void *data, size_t length, bool secret,
                     struct fail *why)
{
    const char *name;
    int folder = files_open_folder(self, path, true, &name);
    if (folder < 0)
        return files_fail(why, "writing", path);
    enum err err = ERR_OK;
    if (!replace(folder, name, data, length, secret ? 0600 : 0644))
        err = files_fail(why, "writing", path);
    close(folder);
    return err;
}
