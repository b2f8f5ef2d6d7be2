// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_config.h"
#include "kiosk_options.h"
#include "yimen/content/pack.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/form/form.h"
#include "yimen/port/clock.h"

/// The content in force: the installed pack, or an unpacked tree on a demo kiosk. Opened once a
/// run; read-only from then on, so any thread may read texts, catalogue and files.

struct kiosk_content {
    const struct crypto *crypto;
    const struct clock *clock;
    struct files releases, tree, incoming; ///< content/, --assets, incoming/
    struct pack_trust trust;
    struct pack *pack;
    const struct files *files; ///< of the pack or the tree
    struct texts *texts;
    struct catalogue *catalogue;
    char version[PACK_VERSION];
};

enum err kiosk_content_open(struct kiosk_content *out, const struct kiosk_config *config,
                            const struct kiosk_options *options, const struct crypto *crypto,
                            const struct clock *clock, struct fail *why) MUST_USE;
/// Safe for one never opened (zeroed).
void kiosk_content_close(struct kiosk_content *content);
/// Loads a service's form with its lists. Blocking: the compute worker.
enum err kiosk_content_form(const struct kiosk_content *content, const char *service,
                            struct form **out, struct fail *why) MUST_USE;
/// Verifies and installs what lies in incoming/, trying every form of it. In force from the next
/// opening on. Blocking: the compute worker.
enum err kiosk_content_install(const struct kiosk_content *content, struct fail *why) MUST_USE;
