// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakes_files.h"
#include "yimen/base/text.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t position(const struct fake_files *fake, const char *path)
{
    size_t at = 0;
    while (at < fake->count && strcmp(fake->entries[at].path, path) < 0)
        at++;
    return at;
}

const struct fake_file *fake_files_get(const struct fake_files *fake, const char *path)
{
    size_t at = position(fake, path);
    return at < fake->count && text_equal(fake->entries[at].path, path) ? &fake->entries[at] : NULL;
}

void fake_files_remove(struct fake_files *fake, const char *path)
{
    if (!fake_files_get(fake, path))
        return;
    size_t at = position(fake, path);
    free(fake->entries[at].data);
    fake->count--;
    memmove(&fake->entries[at], &fake->entries[at + 1], (fake->count - at) * sizeof *fake->entries);
}

void fake_files_put(struct fake_files *fake, const char *path, const void *data, size_t length)
{
    fake_files_remove(fake, path);
    fake->entries = realloc(fake->entries, (fake->count + 1) * sizeof *fake->entries);
    assert(fake->entries);
    size_t at = position(fake, path);
    memmove(&fake->entries[at + 1], &fake->entries[at], (fake->count - at) * sizeof *fake->entries);
    struct fake_file *file = &fake->entries[at];
    text_copy(file->path, sizeof file->path, path);
    file->data = malloc(length + 1);
    assert(file->data);
    if (length)
        memcpy(file->data, data, length);
    file->length = length;
    fake->count++;
}

void fake_files_copy(struct fake_files *to, const struct fake_files *from)
{
    for (size_t i = 0; i < from->count; i++)
        fake_files_put(to, from->entries[i].path, from->entries[i].data, from->entries[i].length);
}

void fake_files_break(struct fake_files *fake, enum fake_fault fault, long at, enum err err)
{
    fake->fault = fault;
    fake->fault_at = at;
    fake->fault_err = err;
    fake->calls = 0;
}

void fake_files_heal(struct fake_files *fake)
{
    fake_files_break(fake, FAKE_NO_FAULT, 0, ERR_OK);
}

// Counts the call; false = it fails before it did anything. `*after`: it fails having done it.
static bool may_go_on(struct fake_files *fake, bool *after)
{
    long call = ++fake->calls;
    *after = fake->fault == FAKE_DIE_AFTER && call == fake->fault_at;
    if (fake->fault == FAKE_FAIL_ONCE)
        return call != fake->fault_at;
    if (fake->fault == FAKE_DIE)
        return call < fake->fault_at;
    if (fake->fault == FAKE_DIE_AFTER)
        return call <= fake->fault_at;
    return true;
}

// As the real driver: relative, no empty part, no way up.
static bool is_plain(const char *path)
{
    for (const char *part = path; part;) {
        size_t length = strcspn(part, "/");
        if (length == 0 || (part[0] == '.' && (length == 1 || (length == 2 && part[1] == '.'))))
            return false;
        part = part[length] ? part + length + 1 : NULL;
    }
    return true;
}

static enum err not_plain(const char *path, struct fail *why)
{
    return fail_set(why, ERR_INPUT, "%s: not a plain relative path", path);
}

static enum err fault(const struct fake_files *fake, struct fail *why)
{
    return fail_set(why, fake->fault_err, "the fake was told to fail here");
}

static enum err fake_read(void *self, const char *path, struct strbuf *out, struct fail *why)
{
    struct fake_files *fake = self;
    bool after;
    if (!may_go_on(fake, &after) || after)
        return fault(fake, why);
    if (!is_plain(path))
        return not_plain(path, why);
    const struct fake_file *file = fake_files_get(fake, path);
    if (!file)
        return fail_set(why, ERR_NOT_FOUND, "%s: no such file", path);
    strbuf_add(out, file->data, file->length);
    return strbuf_result(out, why);
}

static enum err fake_write(void *self, const char *path, const void *data, size_t length,
                           bool secret, struct fail *why)
{
    struct fake_files *fake = self;
    bool after;
    (void)secret;
    if (!may_go_on(fake, &after))
        return fault(fake, why);
    if (!is_plain(path))
        return not_plain(path, why);
    fake_files_put(fake, path, data, length);
    fake->writes++;
    return after ? fault(fake, why) : ERR_OK;
}

static enum err fake_remove(void *self, const char *path, struct fail *why)
{
    struct fake_files *fake = self;
    bool after;
    if (!may_go_on(fake, &after))
        return fault(fake, why);
    if (!is_plain(path))
        return not_plain(path, why);
    if (!fake_files_get(fake, path))
        return fail_set(why, ERR_NOT_FOUND, "%s: no such file", path);
    fake_files_remove(fake, path);
    return after ? fault(fake, why) : ERR_OK;
}

static enum err fake_list(void *self, const char *path,
                          void (*each)(void *context, const char *name), void *context,
                          struct fail *why)
{
    struct fake_files *fake = self;
    char last[256] = "", name[256];
    bool after, found = false, root = *path == '\0' || text_equal(path, ".");
    size_t skip = root ? 0 : strlen(path) + 1;
    if (!may_go_on(fake, &after) || after)
        return fault(fake, why);
    if (!root && !is_plain(path))
        return not_plain(path, why);
    for (size_t i = 0; i < fake->count; i++) {
        const char *at = fake->entries[i].path;
        if (!root && !(text_starts(at, path) && at[skip - 1] == '/'))
            continue;
        text_copy(name, sizeof name, at + skip);
        name[strcspn(name, "/")] = '\0';
        if (found && text_equal(name, last))
            continue;
        text_copy(last, sizeof last, name);
        found = true;
        each(context, name);
    }
    return found || root ? ERR_OK : fail_set(why, ERR_NOT_FOUND, "%s: no such folder", path);
}

static enum err fake_space(void *self, int64_t *free_bytes, int64_t *total_bytes, struct fail *why)
{
    struct fake_files *fake = self;
    bool after;
    if (!may_go_on(fake, &after) || after)
        return fault(fake, why);
    *free_bytes = fake->free_bytes;
    *total_bytes = fake->free_bytes;
    return ERR_OK;
}

static const struct files_ops ops = {
    .read = fake_read,
    .write = fake_write,
    .remove = fake_remove,
    .list = fake_list,
    .space = fake_space,
};

struct fake_files *fake_files_new(void)
{
    struct fake_files *fake = calloc(1, sizeof *fake);
    assert(fake);
    fake->files = (struct files){.ops = &ops, .self = fake};
    fake->free_bytes = (int64_t)1 << 40;
    return fake;
}

void fake_files_free(struct fake_files *fake)
{
    if (!fake)
        return;
    for (size_t i = 0; i < fake->count; i++)
        free(fake->entries[i].data);
    free(fake->entries);
    free(fake);
}
