// SPDX-License-Identifier: GPL-3.0-or-later
// An open release: the manifest, verified anew, and a read-only view of the files it names. Bytes
// are compared with the manifest at every reading, so a worn memory card is noticed, not believed.
#include "pack_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdlib.h>
#include <string.h>

struct pack {
    const struct files *content;
    const struct crypto *crypto;
    struct pack_manifest manifest;
    char folder[PACK_VERSION + 16]; ///< "releases/<version>/"
    struct files view;
};

static enum err view_read(void *self, const char *path, struct strbuf *out, struct fail *why)
{
    const struct pack *pack = self;
    const struct pack_file *file = pack_manifest_file(&pack->manifest, path);
    if (!file)
        return fail_set(why, ERR_NOT_FOUND, "%s: not in pack %s", path,
                        pack->manifest.info.version);
    return pack_file_read(pack->content, pack->folder, file, pack->crypto, out, why);
}

static enum err view_write(void *self, const char *path, const void *data, size_t length,
                           bool secret, struct fail *why)
{
    (void)self, (void)data, (void)length, (void)secret;
    return fail_set(why, ERR_DENIED, "%s: a signed pack is not written to", path);
}

static enum err view_remove(void *self, const char *path, struct fail *why)
{
    (void)self;
    return fail_set(why, ERR_DENIED, "%s: a signed pack is not written to", path);
}

// The names right below a folder. Files are sorted by path, so equal names stand together.
static enum err view_list(void *self, const char *path,
                          void (*each)(void *context, const char *name), void *context,
                          struct fail *why)
{
    const struct pack *pack = self;
    char last[PACK_PATH] = "", name[PACK_PATH];
    bool root = text_equal(path, "") || text_equal(path, ".");
    size_t skip = root ? 0 : strlen(path) + 1;
    for (size_t i = 0; i < pack->manifest.info.file_count; i++) {
        const char *at = pack->manifest.files[i].path;
        if (!root && !(text_starts(at, path) && at[skip - 1] == '/'))
            continue;
        text_copy(name, sizeof name, at + skip);
        name[strcspn(name, "/")] = '\0';
        if (text_equal(name, last))
            continue;
        each(context, name);
        text_copy(last, sizeof last, name);
    }
    return last[0] ? ERR_OK : fail_set(why, ERR_NOT_FOUND, "%s: no such folder in the pack", path);
}

static enum err view_space(void *self, int64_t *free_bytes, int64_t *total_bytes, struct fail *why)
{
    const struct pack *pack = self;
    return pack->content->ops->space(pack->content->self, free_bytes, total_bytes, why);
}

static const struct files_ops view_ops = {
    .read = view_read,
    .write = view_write,
    .remove = view_remove,
    .list = view_list,
    .space = view_space,
};

// manifest.json and manifest.sig of a release, through a view of its folder.
struct below {
    const struct files *files;
    const char *folder;
};

static enum err below_read(void *self, const char *path, struct strbuf *out, struct fail *why)
{
    const struct below *below = self;
    char whole[PACK_PATH];
    text_copy(whole, sizeof whole, below->folder);
    text_copy(whole + strlen(whole), sizeof whole - strlen(whole), path);
    return below->files->ops->read(below->files->self, whole, out, why);
}

static const struct files_ops below_ops = {.read = below_read};

static enum err load(struct pack *pack, const struct pack_trust *trust, struct fail *why)
{
    struct strbuf text, signature;
    struct below below = {.files = pack->content, .folder = pack->folder};
    const struct files release = {.ops = &below_ops, .self = &below};
    strbuf_init(&text, PACK_MANIFEST_BYTES);
    strbuf_init(&signature, PACK_SIGNATURE_BYTES);
    enum err err = pack_manifest_load(&release, trust, &text, &signature, &pack->manifest, why);
    strbuf_free(&signature);
    strbuf_free(&text);
    return err;
}

// Without its manifest a release was never finished, or is being removed.
static enum err is_there(const struct pack *pack, struct fail *why)
{
    char path[PACK_PATH];
    struct strbuf text;
    text_copy(path, sizeof path, pack->folder);
    text_copy(path + strlen(path), sizeof path - strlen(path), PACK_MANIFEST);
    strbuf_init(&text, PACK_MANIFEST_BYTES);
    enum err err = pack->content->ops->read(pack->content->self, path, &text, why);
    strbuf_free(&text);
    return err;
}

enum err pack_open_version(const struct files *content, const struct pack_trust *trust,
                           const char *version, struct pack **out, struct fail *why)
{
    if (!pack_version_is_good(version))
        return fail_set(why, ERR_INPUT, "\"%s\" is not a version", version);
    struct pack *pack = calloc(1, sizeof *pack);
    if (!pack)
        return fail_set(why, ERR_RETRY, "no memory");
    pack->content = content;
    pack->crypto = trust->crypto;
    pack->view = (struct files){.ops = &view_ops, .self = pack};
    text_copy(pack->folder, sizeof pack->folder, "releases/");
    text_copy(pack->folder + strlen(pack->folder), PACK_VERSION, version);
    text_copy(pack->folder + strlen(pack->folder), 2, "/");
    enum err err = is_there(pack, why);
    if (err == ERR_OK)
        err = load(pack, trust, why);
    if (err == ERR_OK && !text_equal(pack->manifest.info.version, version))
        err =
            fail_set(why, ERR_CORRUPT, "its manifest says version %s", pack->manifest.info.version);
    if (err != ERR_OK) {
        pack_close(pack);
        return fail_prefix(why, err, "opening pack %s", version);
    }
    *out = pack;
    return ERR_OK;
}

int64_t pack_next_from(const struct files *content, const struct pack_trust *trust)
{
    struct pack_state state;
    struct pack *next = NULL;
    struct fail why = {0};
    if (pack_state_read(content, trust->crypto, &state, NULL) != ERR_OK || !state.next[0])
        return 0;
    if (pack_open_version(content, trust, state.next, &next, &why) != ERR_OK) {
        log_fail(LOG_ERROR, "content", "next-damaged", &why);
        return 0;
    }
    int64_t from_ms = next->manifest.info.effective_from_ms;
    pack_close(next);
    return from_ms;
}

// The next one takes over once its day has come; when it cannot, what is in force stays, and the
// next opening tries again.
static void switch_if_due(const struct files *content, const struct pack_trust *trust,
                          int64_t now_utc_ms, struct pack_state *state)
{
    struct pack_state after = {0};
    struct fail why = {0};
    if (!state->next[0] || now_utc_ms == 0)
        return;
    int64_t from_ms = pack_next_from(content, trust);
    if (from_ms == 0 || now_utc_ms < from_ms)
        return;
    text_copy(after.current, sizeof after.current, state->next);
    text_copy(after.previous, sizeof after.previous, state->current);
    if (pack_state_write(content, trust->crypto, &after, &why) == ERR_OK)
        *state = after;
    else
        log_fail(LOG_ERROR, "content", "not-switched", &why);
}

static enum err open_whole(const struct files *content, const struct pack_trust *trust,
                           const char *version, struct pack **out, struct fail *why)
{
    struct pack *pack = NULL;
    enum err err = pack_open_version(content, trust, version, &pack, why);
    if (pack)
        err = pack_check_release(pack, why);
    if (err == ERR_OK)
        *out = pack;
    else
        pack_close(pack);
    return err == ERR_NOT_FOUND ? fail_set(why, ERR_CORRUPT, "pack %s is gone", version) : err;
}

enum err pack_open(const struct files *content, const struct pack_trust *trust, int64_t now_utc_ms,
                   struct pack **out, struct fail *why)
{
    struct pack_state state;
    struct fail damage = {0};
    enum err err = pack_state_read(content, trust->crypto, &state, why);
    if (err != ERR_OK)
        return fail_prefix(why, err, "opening the content");
    switch_if_due(content, trust, now_utc_ms, &state);
    if (!state.current[0])
        return fail_set(why, ERR_NOT_FOUND, "no content pack is installed");
    err = open_whole(content, trust, state.current, out, &damage);
    if (err == ERR_OK)
        return ERR_OK;
    if (!state.previous[0])
        return fail_set(why, err, "%s", damage.text);
    log_fail(LOG_ERROR, "content", "damaged", &damage);
    return open_whole(content, trust, state.previous, out, why);
}

enum err pack_check_release(struct pack *pack, struct fail *why)
{
    return pack_check_files(&pack->view, &pack->manifest, pack->crypto, why);
}

void pack_close(struct pack *pack)
{
    if (!pack)
        return;
    pack_manifest_free(&pack->manifest);
    free(pack);
}

const struct files *pack_files(const struct pack *pack)
{
    return &pack->view;
}

const struct pack_info *pack_about(const struct pack *pack)
{
    return &pack->manifest.info;
}
