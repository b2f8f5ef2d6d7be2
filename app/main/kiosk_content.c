// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk_content.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/content/bundle.h"
#include "yimen/driver/system.h"
#include "yimen/weave/compose.h"
#include "yimen/weave/pack_compose.h"
#include "yimen/weave/pack_form.h"
#include <stdio.h>

// A waiting pack that did not take over (a full disk) is asked for again, not all the time.
static const int64_t AGAIN_MS = 900000;

static int64_t known_now(const struct clock *clock)
{
    struct when now = clock_now(clock);
    return now.quality == TIME_UNKNOWN ? 0 : now.utc_ms;
}

static enum err open_pack(struct kiosk_content *content, const char *folder, struct fail *why)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/content", folder);
    enum err err = system_files_open(path, &content->releases, why);
    if (!err)
        err = pack_open(&content->releases, &content->trust, known_now(content->clock),
                        &content->pack, why);
    if (err)
        return err;
    int64_t now = known_now(content->clock);
    content->files = pack_files(content->pack);
    content->ends_ms = pack_about(content->pack)->effective_to_ms;
    content->next_from_ms = pack_next_from(&content->releases, &content->trust);
    if (content->next_from_ms && now >= content->next_from_ms)
        content->next_from_ms = now + AGAIN_MS;
    text_copy(content->version, sizeof content->version, pack_about(content->pack)->version);
    return ERR_OK;
}

static enum err open_tree(struct kiosk_content *content, const char *assets, struct fail *why)
{
    enum err err = system_files_open(assets, &content->tree, why);
    if (err)
        return err;
    content->files = &content->tree;
    text_copy(content->version, sizeof content->version, "unpacked");
    return ERR_OK;
}

enum err kiosk_content_open(struct kiosk_content *out, const struct kiosk_config *config,
                            const struct kiosk_options *options, const struct crypto *crypto,
                            const struct clock *clock, struct fail *why)
{
    char incoming[512];
    *out = (struct kiosk_content){.crypto = crypto, .clock = clock};
    out->trust = (struct pack_trust){crypto, config->content_keys, config->content_key_count};
    enum err err = options->assets ? open_tree(out, options->assets, why)
                                   : open_pack(out, options->kiosk, why);
    if (!err)
        err = texts_load(out->files, &out->texts, why);
    if (!err)
        err = catalogue_load(out->files, &out->catalogue, why);
    if (!err && config->openrosa_only)
        catalogue_part(out->catalogue);
    struct fail without = {0};
    // A pack may come without, or with what an older program wrote: nobody's case depends on it.
    if (!err && policies_load(out->files, out->catalogue, &out->policies, &without))
        log_fail(LOG_WARNING, "kiosk", "no-policies", &without);
    // No stick in it is not a fault: it is looked for when a technician asks.
    (void)snprintf(incoming, sizeof incoming, "%s/incoming", options->kiosk);
    if (!err && system_files_open(incoming, &out->incoming, NULL))
        out->incoming = (struct files){0};
    if (err)
        kiosk_content_close(out);
    return err ? fail_prefix(why, err, "opening the content") : ERR_OK;
}

void kiosk_content_close(struct kiosk_content *content)
{
    policies_free(content->policies);
    catalogue_free(content->catalogue);
    texts_free(content->texts);
    pack_close(content->pack);
    if (content->incoming.ops)
        system_files_close(&content->incoming);
    if (content->tree.ops)
        system_files_close(&content->tree);
    if (content->releases.ops)
        system_files_close(&content->releases);
    *content = (struct kiosk_content){0};
}

static enum err load_form(const struct pack_source *pack, const struct crypto *crypto,
                          const char *service, struct form **out, struct fail *why)
{
    const struct service *found = catalogue_service(pack->catalogue, service);
    *out = NULL;
    if (text_starts(service, FORM_ONE_VISIT))
        return pack_compose_load(pack, crypto, service, out, why);
    if (!found)
        return fail_set(why, ERR_NOT_FOUND, "there is no service %s", service);
    enum err err = pack_form_load(pack->files, crypto, found->form, out, why);
    return err ? fail_prefix(why, err, "loading the form of %s", service) : ERR_OK;
}

enum err kiosk_content_form(const struct kiosk_content *content, const char *service,
                            struct form **out, struct fail *why)
{
    const struct pack_source pack = {content->files, content->catalogue, content->texts};
    return load_form(&pack, content->crypto, service, out, why);
}

bool kiosk_content_is_due(const struct kiosk_content *content)
{
    return content->next_from_ms && known_now(content->clock) >= content->next_from_ms;
}

void kiosk_content_clean(const struct kiosk_content *content, int64_t oldest_open_utc_ms)
{
    struct fail why = {0};
    const struct pack_clean_options options = {.now_utc_ms = known_now(content->clock),
                                               .oldest_open_utc_ms = oldest_open_utc_ms};
    if (content->releases.ops &&
        pack_clean(&content->releases, content->crypto, &options, &why) != ERR_OK)
        log_fail(LOG_WARNING, "kiosk", "pack-clean", &why);
}

// ------------------------------------------------------------------ other versions

static enum err open_release(const struct kiosk_content *content, const char *version,
                             struct kiosk_release *out, struct fail *why)
{
    if (content->releases.ops) {
        enum err err =
            pack_open_version(&content->releases, &content->trust, version, &out->pack, why);
        if (err)
            return err;
        out->files = pack_files(out->pack);
    } else if (text_equal(version, content->version)) {
        out->files = content->files;
    } else {
        return fail_set(why, ERR_NOT_FOUND, "running from unpacked content");
    }
    text_copy(out->version, sizeof out->version, version);
    enum err err = texts_load(out->files, &out->texts, why);
    return err ? err : catalogue_load(out->files, &out->catalogue, why);
}

enum err kiosk_release_open(const struct kiosk_content *content, const char *version,
                            struct kiosk_release *out, struct fail *why)
{
    *out = (struct kiosk_release){0};
    enum err err = open_release(content, version, out, why);
    if (err)
        kiosk_release_close(out);
    return err ? fail_prefix(why, err, "opening content version %s", version) : ERR_OK;
}

void kiosk_release_close(struct kiosk_release *release)
{
    catalogue_free(release->catalogue);
    texts_free(release->texts);
    pack_close(release->pack);
    *release = (struct kiosk_release){0};
}

enum err kiosk_release_form(const struct kiosk_release *release, const struct crypto *crypto,
                            const char *service, struct form **out, struct fail *why)
{
    const struct pack_source pack = {release->files, release->catalogue, release->texts};
    return load_form(&pack, crypto, service, out, why);
}

enum err kiosk_content_install(const struct kiosk_content *content, struct fail *why)
{
    struct crypto crypto = *content->crypto;
    struct pack_info info = {0};
    struct pack_install_options options = {
        .trust = content->trust,
        .now_utc_ms = known_now(content->clock),
        .trial = pack_form_trial, // a form that does not load must not come into force
        .trial_context = &crypto,
    };
    if (!content->releases.ops)
        return fail_set(why, ERR_UNSUPPORTED, "running from unpacked content");
    if (!content->incoming.ops)
        return fail_set(why, ERR_NOT_FOUND, "there is no folder incoming");
    enum err err = pack_install(&content->incoming, &content->releases, &options, &info, why);
    if (!err)
        log_event(LOG_INFO, "kiosk", "pack-installed", "version=%s", info.version);
    return err ? fail_prefix(why, err, "installing the content pack") : ERR_OK;
}
