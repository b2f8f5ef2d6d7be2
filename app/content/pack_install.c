// SPDX-License-Identifier: GPL-3.0-or-later
// Installing: everything is verified before the first write, written into the release's own folder,
// read back through it and tried; the one durable write of `state` at the end makes it count.
#include "pack_internal.h"
#include "yimen/base/text.h"
#include "yimen/content/policy.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"

enum { ROOM_TO_KEEP = 16 << 20 }; // content never takes the last of the disk

struct arriving {
    struct pack_manifest manifest;
    struct strbuf text, signature;
};

static const char *newest(const struct pack_state *state)
{
    return state->next[0] ? state->next : state->current;
}

// The same version again is fine as long as it is the same pack.
static enum err check_same(const struct files *content, const struct arriving *arriving,
                           struct fail *why)
{
    struct strbuf path, there;
    strbuf_init(&path, PACK_PATH);
    strbuf_init(&there, PACK_MANIFEST_BYTES);
    strbuf_addf(&path, "releases/%s/" PACK_MANIFEST, arriving->manifest.info.version);
    enum err err = strbuf_result(&path, why);
    if (err == ERR_OK)
        err = content->ops->read(content->self, strbuf_text(&path), &there, why);
    if (err == ERR_OK && !text_equal(strbuf_text(&there), strbuf_text(&arriving->text)))
        err = fail_set(why, ERR_CONFLICT, "version %s is here already with another content",
                       arriving->manifest.info.version);
    strbuf_free(&there);
    strbuf_free(&path);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check_version(const struct files *content, const struct pack_state *state,
                              const struct arriving *arriving, struct fail *why)
{
    if (!newest(state)[0])
        return ERR_OK;
    int order = pack_version_compare(arriving->manifest.info.version, newest(state));
    if (order < 0)
        return fail_set(why, ERR_CONFLICT, "version %s is older than %s",
                        arriving->manifest.info.version, newest(state));
    return order == 0 ? check_same(content, arriving, why) : ERR_OK;
}

static enum err check_room(const struct files *content, const struct pack_info *info,
                           struct fail *why)
{
    int64_t free_bytes = 0, total_bytes = 0;
    enum err err = content->ops->space(content->self, &free_bytes, &total_bytes, why);
    if (err == ERR_OK && free_bytes < info->bytes + ROOM_TO_KEEP)
        err = fail_set(why, ERR_FULL, "%lld bytes do not fit on the disk", (long long)info->bytes);
    return err;
}

static enum err write_file(const struct files *content, const char *version, const char *name,
                           const struct strbuf *bytes, struct fail *why)
{
    struct strbuf path;
    strbuf_init(&path, (size_t)PACK_PATH * 2);
    strbuf_addf(&path, "releases/%s/%s", version, name);
    enum err err = strbuf_result(&path, why);
    if (err == ERR_OK)
        err = content->ops->write(content->self, strbuf_text(&path), strbuf_text(bytes),
                                  bytes->length, false, why);
    strbuf_free(&path);
    return err;
}

static enum err write_release(const struct files *pack, const struct files *content,
                              const struct arriving *arriving, const struct crypto *crypto,
                              struct fail *why)
{
    const struct pack_manifest *manifest = &arriving->manifest;
    const char *version = manifest->info.version;
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < manifest->info.file_count; i++) {
        struct strbuf bytes;
        strbuf_init(&bytes, PACK_FILE_BYTES + 1);
        // compared again: the stick may have been changed since it was verified
        err = pack_file_read(pack, "", &manifest->files[i], crypto, &bytes, why);
        if (err == ERR_OK)
            err = write_file(content, version, manifest->files[i].path, &bytes, why);
        strbuf_free(&bytes);
    }
    if (err == ERR_OK)
        err = write_file(content, version, PACK_SIGNATURE, &arriving->signature, why);
    if (err == ERR_OK)
        err = write_file(content, version, PACK_MANIFEST, &arriving->text, why);
    return err;
}

static enum err try_forms(const struct catalogue *catalogue, const struct files *release,
                          struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < catalogue_service_count(catalogue); i++) {
        struct strbuf bytes;
        strbuf_init(&bytes, PACK_FILE_BYTES + 1);
        err = release->ops->read(release->self, catalogue_service_at(catalogue, i)->form, &bytes,
                                 why);
        strbuf_free(&bytes);
    }
    return err;
}

static enum err try_release(const struct files *release, const struct pack_install_options *options,
                            struct fail *why)
{
    struct texts *texts = NULL;
    struct catalogue *catalogue = NULL;
    struct policies *policies = NULL;
    enum err err = texts_load(release, &texts, why);
    if (err == ERR_OK)
        err = catalogue_load(release, &catalogue, why);
    if (err == ERR_OK)
        err = policies_load(release, catalogue, &policies, why);
    if (err == ERR_NOT_FOUND && catalogue) // a pack may come without
        err = ERR_OK;
    if (err == ERR_OK)
        err = try_forms(catalogue, release, why);
    if (err == ERR_OK && options->trial)
        err = options->trial(options->trial_context, release, why);
    policies_free(policies);
    catalogue_free(catalogue);
    texts_free(texts);
    return err == ERR_OK ? ERR_OK : fail_prefix(why, err, "trying it");
}

static enum err open_and_try(const struct files *content, const char *version,
                             const struct pack_install_options *options, struct fail *why)
{
    struct pack *pack = NULL;
    enum err err = pack_open_version(content, &options->trust, version, &pack, why);
    if (err == ERR_OK)
        err = pack_check_release(pack, why);
    if (err == ERR_OK)
        err = try_release(pack_files(pack), options, why);
    pack_close(pack);
    return err;
}

// In force at once, unless its day has not come; the first pack of a device always is.
static enum err switch_to(const struct files *content, const struct pack_info *info,
                          const struct pack_state *before,
                          const struct pack_install_options *options, struct fail *why)
{
    struct pack_state after = *before;
    if (text_equal(newest(before), info->version))
        return ERR_OK;
    if (before->current[0] && options->now_utc_ms < info->effective_from_ms) {
        text_copy(after.next, sizeof after.next, info->version);
    } else {
        text_copy(after.previous, sizeof after.previous, before->current);
        text_copy(after.current, sizeof after.current, info->version);
        after.next[0] = '\0';
    }
    return pack_state_write(content, options->trust.crypto, &after, why);
}

static enum err install(const struct files *pack, const struct files *content,
                        const struct pack_install_options *options, struct arriving *arriving,
                        struct fail *why)
{
    struct pack_state state;
    const struct crypto *crypto = options->trust.crypto;
    enum err err = pack_manifest_load(pack, &options->trust, &arriving->text, &arriving->signature,
                                      &arriving->manifest, why);
    if (err == ERR_OK)
        err = pack_state_read(content, crypto, &state, why);
    if (err == ERR_OK)
        err = check_version(content, &state, arriving, why);
    if (err == ERR_OK)
        err = pack_check_files(pack, &arriving->manifest, crypto, why);
    if (err == ERR_OK)
        err = check_room(content, &arriving->manifest.info, why);
    if (err == ERR_OK)
        err = write_release(pack, content, arriving, crypto, why);
    if (err == ERR_OK)
        err = open_and_try(content, arriving->manifest.info.version, options, why);
    if (err == ERR_OK)
        err = switch_to(content, &arriving->manifest.info, &state, options, why);
    return err;
}

enum err pack_install(const struct files *pack, const struct files *content,
                      const struct pack_install_options *options, struct pack_info *out,
                      struct fail *why)
{
    struct arriving arriving;
    strbuf_init(&arriving.text, PACK_MANIFEST_BYTES);
    strbuf_init(&arriving.signature, PACK_SIGNATURE_BYTES);
    enum err err = install(pack, content, options, &arriving, why);
    if (err == ERR_OK)
        *out = arriving.manifest.info;
    pack_manifest_free(&arriving.manifest);
    strbuf_free(&arriving.signature);
    strbuf_free(&arriving.text);
    return err == ERR_OK ? ERR_OK : fail_prefix(why, err, "installing the pack");
}
