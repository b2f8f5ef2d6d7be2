// SPDX-License-Identifier: GPL-3.0-or-later
// The repository's assets/ folder as a files port, and a text entry with fixed candidates.
#include "golden/views.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

// fontconfig keeps its tables for the life of the process; libpinyin forgets the handles of the
// user dictionary it does not get.
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libdb\n";
}

static enum err read_asset(void *self, const char *path, struct strbuf *out, struct fail *why)
{
    (void)self;
    char name[512];
    (void)snprintf(name, sizeof(name), "assets/%s", path);
    FILE *file = fopen(name, "rb");
    if (!file) {
        return fail_set(why, ERR_NOT_FOUND, "%s", name);
    }
    char bytes[4096];
    for (size_t got; (got = fread(bytes, 1, sizeof(bytes), file)) > 0;) {
        strbuf_add(out, bytes, got);
    }
    (void)fclose(file);
    return strbuf_result(out, why);
}

static enum err list_assets(void *self, const char *path,
                            void (*each)(void *context, const char *name), void *context,
                            struct fail *why)
{
    (void)self;
    char name[512];
    (void)snprintf(name, sizeof(name), "assets/%s", path);
    struct dirent **entries;
    int count = scandir(name, &entries, NULL, alphasort);
    if (count < 0) {
        return fail_set(why, ERR_NOT_FOUND, "%s", name);
    }
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            each(context, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    return ERR_OK;
}

struct files sample_assets(void)
{
    static const struct files_ops ops = {.read = read_asset, .list = list_assets};
    return (struct files){&ops, NULL};
}

static const char *const fixed_words[] = {"张", "章", "长", "掌", "涨",
                                          "帐", "丈", "障", "樟", "张伟"};

static bool fixed_candidate(void *self, size_t index, char out[TEXT_ENTRY_CANDIDATE_BYTES])
{
    (void)self;
    return text_copy(out, TEXT_ENTRY_CANDIDATE_BYTES,
                     index < sizeof(fixed_words) / sizeof(*fixed_words) ? fixed_words[index]
                                                                        : "") &&
           out[0];
}

static enum err fixed_key(void *self, char letter, struct text_entry_state *out)
{
    (void)self;
    size_t length = text_length(out->remaining);
    if (letter == '\b') {
        out->remaining[length ? length - 1 : 0] = '\0';
    } else if (length < TEXT_ENTRY_INPUT) {
        out->remaining[length] = letter;
    }
    out->count = out->remaining[0] ? sizeof(fixed_words) / sizeof(*fixed_words) : 0;
    return ERR_OK;
}

static enum err fixed_choose(void *self, size_t index, struct text_entry_state *out)
{
    if (index >= out->count || !fixed_candidate(self, index, out->composed)) {
        return ERR_INPUT;
    }
    memory_wipe(out->remaining, sizeof(out->remaining));
    out->count = 0;
    return ERR_OK;
}

static void fixed_clear(void *self)
{
    (void)self;
}

static enum err fixed_reset(void *self, struct fail *why)
{
    (void)self;
    (void)why;
    return ERR_OK;
}

struct text_entry sample_text_entry(void)
{
    static const struct text_entry_ops ops = {fixed_key, fixed_candidate, fixed_choose, fixed_clear,
                                              fixed_reset};
    return (struct text_entry){&ops, NULL};
}
