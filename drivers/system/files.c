// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/system.h"

#include "files_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATH_PART = 255, READ_BYTES = 64 << 10 };

enum err files_fail(struct fail *why, const char *task, const char *path)
{
    int code = errno;
    enum err err = ERR_TECHNICIAN;
    if (code == ENOENT || code == ENOTDIR)
        err = ERR_NOT_FOUND;
    else if (code == ENOSPC || code == EDQUOT)
        err = ERR_FULL;
    else if (code == EINVAL || code == ELOOP || code == ENAMETOOLONG)
        err = ERR_INPUT;
    return fail_set(why, err, "%s %s: %s", task, path, strerror(code));
}

static bool part_is_plain(const char *part, size_t length)
{
    if (length == 0 || length > PATH_PART)
        return false;
    return !(part[0] == '.' && (length == 1 || (length == 2 && part[1] == '.')));
}

// One step down, without following links; makes the folder when asked to. Closes `folder`.
static int step_down(int folder, const char *part, size_t length, bool make)
{
    char name[PATH_PART + 1];
    memcpy(name, part, length);
    name[length] = '\0';
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int next = openat(folder, name, flags);
    if (next < 0 && errno == ENOENT && make && mkdirat(folder, name, 0755) == 0) {
        fsync(folder); // the new name must survive a power cut as well
        next = openat(folder, name, flags);
    }
    int code = errno;
    close(folder);
    errno = code;
    return next;
}

int files_open_folder(const struct system_files *files, const char *path, bool make,
                      const char **name)
{
    int folder = fcntl(files->root, F_DUPFD_CLOEXEC, 0);
    const char *part = path;
    while (folder >= 0) {
        const char *slash = strchr(part, '/');
        size_t length = slash ? (size_t)(slash - part) : strlen(part);
        if (!part_is_plain(part, length)) {
            close(folder);
            errno = EINVAL;
            return -1;
        }
        if (!slash)
            break;
        folder = step_down(folder, part, length, make);
        part = slash + 1;
    }
    *name = part;
    return folder;
}

static int open_for_reading(const struct system_files *files, const char *path, int flags)
{
    const char *name;
    int folder = files_open_folder(files, path, false, &name);
    if (folder < 0)
        return -1;
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags);
    int code = errno;
    close(folder);
    errno = code;
    return file;
}

static enum err read_all(int file, const char *path, struct strbuf *out, struct fail *why)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return files_fail(why, "reading", path);
    if (!S_ISREG(about.st_mode))
        return fail_set(why, ERR_INPUT, "reading %s: not a plain file", path);
    char *bytes = malloc(READ_BYTES);
    if (!bytes)
        return fail_set(why, ERR_RETRY, "reading %s: no memory", path);
    ssize_t length = 1;
    while (length > 0 && !out->failed) {
        length = read(file, bytes, READ_BYTES);
        if (length < 0 && errno == EINTR)
            length = 1;
        else if (length > 0)
            strbuf_add(out, bytes, (size_t)length);
    }
    enum err err = length < 0 ? files_fail(why, "reading", path) : strbuf_result(out, why);
    explicit_bzero(bytes, READ_BYTES); // it may have been a key
    free(bytes);
    return err;
}

static enum err files_read(void *self, const char *path, struct strbuf *out, struct fail *why)
{
    int file = open_for_reading(self, path, O_NONBLOCK);
    if (file < 0)
        return files_fail(why, "opening", path);
    enum err err = read_all(file, path, out, why);
    close(file);
    return err;
}

static enum err files_remove(void *self, const char *path, struct fail *why)
{
    const char *name;
    int folder = files_open_folder(self, path, false, &name);
    if (folder < 0)
        return files_fail(why, "removing", path);
    enum err err = ERR_OK;
    int failed = unlinkat(folder, name, 0);
    if (failed && errno == EISDIR)
        failed = unlinkat(folder, name, AT_REMOVEDIR);
    if (failed || fsync(folder) != 0)
        err = files_fail(why, "removing", path);
    close(folder);
    return err;
}

static int open_listed(const struct system_files *files, const char *path)
{
    if (*path == '\0' || strcmp(path, ".") == 0) // the root itself
        return openat(files->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return open_for_reading(files, path, O_DIRECTORY);
}

static int not_dots(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum err files_list(void *self, const char *path,
                           void (*each)(void *context, const char *name), void *context,
                           struct fail *why)
{
    int folder = open_listed(self, path);
    if (folder < 0)
        return files_fail(why, "listing", path);
    struct dirent **entries = NULL;
    int count = scandirat(folder, ".", &entries, not_dots, by_bytes);
    enum err err = count < 0 ? files_fail(why, "listing", path) : ERR_OK;
    for (int at = 0; at < count; at++) {
        each(context, entries[at]->d_name);
        free(entries[at]);
    }
    free(entries);
    close(folder);
    return err;
}

static enum err files_space(void *self, int64_t *free_bytes, int64_t *total_bytes, struct fail *why)
{
    const struct system_files *files = self;
    struct statvfs about;
    if (fstatvfs(files->root, &about) != 0)
        return files_fail(why, "asking for space", ".");
    *free_bytes = (int64_t)(about.f_bavail * about.f_frsize);
    *total_bytes = (int64_t)(about.f_blocks * about.f_frsize);
    return ERR_OK;
}

static const struct files_ops ops = {
    .read = files_read,
    .write = files_write,
    .remove = files_remove,
    .list = files_list,
    .space = files_space,
};

enum err system_files_open(const char *root, struct files *out, struct fail *why)
{
    struct system_files *files = malloc(sizeof *files);
    if (!files)
        return fail_set(why, ERR_RETRY, "no memory");
    files->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (files->root < 0) {
        enum err err = files_fail(why, "opening the folder", root);
        free(files);
        return err;
    }
    *out = (struct files){.ops = &ops, .self = files};
    return ERR_OK;
}

void system_files_close(struct files *files)
{
    if (!files || !files->self)
        return;
    struct system_files *self = files->self;
    close(self->root);
    free(self);
    *files = (struct files){0};
}
