// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk_content.h"
#include "pack_form.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include <stdio.h>

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
    content->files = pack_files(content->pack);
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
    const struct service *found = catalogue_service(content->catalogue, service);
    *out = NULL;
    if (!found)
        return fail_set(why, ERR_NOT_FOUND, "there is no service %s", service);
    enum err err = pack_form_load(content->files, content->crypto, found->form, out, why);
    return err ? fail_prefix(why, err, "loading the form of %s", service) : ERR_OK;
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
