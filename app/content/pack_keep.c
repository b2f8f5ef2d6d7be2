// SPDX-License-Identifier: GPL-3.0-or-later
// How long releases stay. What a ticket, a correction or a held case was begun with must open for
// PACK_KEEP_DAYS after it went out of force; then it may go. `retired/<version>` says since when a
// release is out of force: the first time anybody looked, so never too early. Removing begins with
// the manifest: from then on the release is not there, whatever happens to the rest of it.
#include "pack_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RELEASES = 500, FOLDER_DEPTH = 8, FOLDER_NAMES = 500, WHOLE_PATH = PACK_PATH * 2 };

static const int64_t DAY_MS = 86400000;

struct releases {
    size_t count;
    char version[RELEASES][PACK_VERSION];
};

static void add_release(void *context, const char *name)
{
    struct releases *releases = context;
    if (pack_version_is_good(name) && releases->count < RELEASES)
        text_copy(releases->version[releases->count++], PACK_VERSION, name);
}

static int by_version(const void *a, const void *b)
{
    return pack_version_compare(a, b);
}

// Only what is surely not there is not there: a disk that stumbles takes no release away.
static enum err look_for(const struct files *content, const char *version, bool *whole,
                         struct fail *why)
{
    char path[WHOLE_PATH];
    struct strbuf bytes;
    snprintf(path, sizeof path, "releases/%s/" PACK_MANIFEST, version);
    strbuf_init(&bytes, PACK_MANIFEST_BYTES);
    enum err err = content->ops->read(content->self, path, &bytes, why);
    strbuf_free(&bytes);
    *whole = err == ERR_OK;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err find_releases(const struct files *content, struct releases *out, struct fail *why)
{
    out->count = 0;
    enum err err = content->ops->list(content->self, "releases", add_release, out, why);
    qsort(out->version, out->count, PACK_VERSION, by_version);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err pack_versions(const struct files *content,
                       void (*each)(void *context, const char *version), void *context,
                       struct fail *why)
{
    struct releases *releases = calloc(1, sizeof *releases);
    if (!releases)
        return fail_set(why, ERR_RETRY, "no memory");
    enum err err = find_releases(content, releases, why);
    for (size_t i = 0; err == ERR_OK && i < releases->count; i++) {
        bool whole = false;
        err = look_for(content, releases->version[i], &whole, why);
        if (whole)
            each(context, releases->version[i]);
    }
    free(releases);
    return err == ERR_OK ? ERR_OK : fail_prefix(why, err, "looking for installed packs");
}

// ------------------------------------------------------------------ removing

struct names {
    size_t count;
    char name[FOLDER_NAMES][PACK_PATH];
};

static void add_name(void *context, const char *name)
{
    struct names *names = context;
    if (names->count < FOLDER_NAMES && strlen(name) < PACK_PATH)
        text_copy(names->name[names->count++], PACK_PATH, name);
}

static enum err remove_one(const struct files *content, const char *path, struct fail *why)
{
    enum err err = content->ops->remove(content->self, path, why);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

// A folder of more than FOLDER_NAMES is emptied at the next looking.
static enum err remove_tree(const struct files *content, const char *path, int depth,
                            struct fail *why)
{
    struct names *names = calloc(1, sizeof *names);
    enum err err = names ? ERR_OK : fail_set(why, ERR_RETRY, "no memory");
    if (err == ERR_OK && depth < FOLDER_DEPTH &&
        content->ops->list(content->self, path, add_name, names, NULL) != ERR_OK)
        names->count = 0; // a file
    for (size_t i = 0; err == ERR_OK && i < names->count; i++) {
        char below[WHOLE_PATH];
        int length = snprintf(below, sizeof below, "%s/%s", path, names->name[i]);
        err = length < (int)sizeof below ? remove_tree(content, below, depth + 1, why)
                                         : fail_set(why, ERR_INPUT, "%s: too deep", path);
    }
    free(names);
    return err == ERR_OK ? remove_one(content, path, why) : err;
}

static enum err remove_release(const struct files *content, const char *version, struct fail *why)
{
    char path[WHOLE_PATH];
    snprintf(path, sizeof path, "releases/%s/" PACK_MANIFEST, version);
    enum err err = remove_one(content, path, why);
    snprintf(path, sizeof path, "releases/%s", version);
    if (err == ERR_OK)
        err = remove_tree(content, path, 0, why);
    snprintf(path, sizeof path, "retired/%s", version);
    if (err == ERR_OK)
        err = remove_one(content, path, why);
    if (err == ERR_OK)
        log_event(LOG_INFO, "content", "removed", "version=%s", version);
    return err;
}

// ------------------------------------------------------------------ deciding

// Since when it is out of force; noted now when nobody has looked before.
static enum err retired_since(const struct files *content, const char *version, int64_t now_ms,
                              int64_t *since_ms, struct fail *why)
{
    char path[WHOLE_PATH], line[32];
    struct strbuf text;
    snprintf(path, sizeof path, "retired/%s", version);
    strbuf_init(&text, sizeof line);
    enum err err = content->ops->read(content->self, path, &text, why);
    bool known = err == ERR_OK && text_to_int64(strbuf_text(&text), since_ms) && *since_ms > 0;
    strbuf_free(&text);
    if (known || (err != ERR_OK && err != ERR_NOT_FOUND))
        return err;
    *since_ms = now_ms;
    snprintf(line, sizeof line, "%" PRId64, now_ms);
    return content->ops->write(content->self, path, line, strlen(line), false, why);
}

static enum err clean_one(const struct files *content, const struct pack_state *state,
                          const char *version, const struct pack_clean_options *options,
                          struct fail *why)
{
    int64_t since_ms = 0;
    bool whole = false;
    if (text_equal(version, state->current) || text_equal(version, state->previous) ||
        text_equal(version, state->next))
        return ERR_OK;
    enum err err = look_for(content, version, &whole, why);
    if (err != ERR_OK)
        return err;
    // Half of one, or newer than what is in force and yet not named: nothing was begun with it.
    if (!whole || pack_version_compare(version, state->current) > 0)
        return remove_release(content, version, why);
    err = retired_since(content, version, options->now_utc_ms, &since_ms, why);
    if (err != ERR_OK || options->now_utc_ms - since_ms <= PACK_KEEP_DAYS * DAY_MS)
        return err;
    if (options->oldest_open_utc_ms && options->oldest_open_utc_ms <= since_ms)
        return ERR_OK;
    return remove_release(content, version, why);
}

enum err pack_clean(const struct files *content, const struct crypto *crypto,
                    const struct pack_clean_options *options, struct fail *why)
{
    struct pack_state state;
    if (options->now_utc_ms == 0)
        return ERR_OK;
    enum err err = pack_state_read(content, crypto, &state, why);
    if (err != ERR_OK || !state.current[0])
        return err;
    struct releases *releases = calloc(1, sizeof *releases);
    if (!releases)
        return fail_set(why, ERR_RETRY, "no memory");
    err = find_releases(content, releases, why);
    for (size_t i = 0; err == ERR_OK && i < releases->count; i++)
        err = clean_one(content, &state, releases->version[i], options, why);
    free(releases);
    return err == ERR_OK ? ERR_OK : fail_prefix(why, err, "removing old packs");
}
