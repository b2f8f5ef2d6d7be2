// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk_content.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/content/bundle.h"
#include "yimen/driver/system.h"
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

enum err kiosk_content_form(const struct kiosk_content *content, const char *service,
                            struct form **out, struct fail *why)
{
    const struct pack_source pack = {content->files, content->catalogue, content->texts};
    return pack_service_form(&pack, content->crypto, service, out, why);
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

enum err kiosk_release_open(const struct kiosk_content *content, const char *version,
                            struct pack_release *out, struct fail *why)
{
    enum err err = ERR_OK;
    *out = (struct pack_release){0};
    if (content->releases.ops)
        err = pack_release_open(&content->releases, &content->trust, version, out, why);
    else if (text_equal(version, content->version))
        err = pack_release_unpacked(content->files, version, out, why);
    else
        err = fail_set(why, ERR_NOT_FOUND, "running from unpacked content");
    return err ? fail_prefix(why, err, "opening content version %s", version) : ERR_OK;
}

enum err kiosk_content_correction(const struct kiosk_content *content,
                                  const struct correction_list *list, struct form **out,
                                  struct fail *why)
{
    const struct pack_shelf shelf = {
        .now = {content->files, content->catalogue, content->texts},
        .version = content->version,
        .releases = content->releases.ops ? &content->releases : NULL,
        .trust = &content->trust,
    };
    const struct pack_made_with made_with = {list->service, list->form_id, list->version};
    struct form_wanted wanted[CORRECTION_ITEMS];
    struct form_subset subset = {.version = list->id, .wanted = wanted};
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == CORRECTION_FIELD)
            wanted[subset.count++] =
                (struct form_wanted){list->items[i].ref, list->items[i].reason};
    enum err err = pack_shelf_correction(&shelf, content->crypto, &made_with, &subset, out, why);
    return err ? fail_prefix(why, err, "the form of correction list %s", list->id) : ERR_OK;
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
