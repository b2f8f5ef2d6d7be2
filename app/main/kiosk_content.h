// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_config.h"
#include "kiosk_options.h"
#include "yimen/case/correction.h"
#include "yimen/content/pack.h"
#include "yimen/content/policy.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/form/form.h"
#include "yimen/port/clock.h"
#include "yimen/weave/pack_release.h"

/// The content in force: the installed pack, or an unpacked tree on a demo kiosk. Opened once a
/// run; read-only from then on, so any thread may read texts, catalogue and files. Older versions
/// open beside it for what was begun with them.

struct kiosk_content {
    const struct crypto *crypto;
    const struct clock *clock;
    struct files releases, tree, incoming; ///< content/, --assets, incoming/
    struct pack_trust trust;
    struct pack *pack;
    const struct files *files; ///< of the pack or the tree
    struct texts *texts;
    struct catalogue *catalogue;
    struct policies *policies; ///< NULL: the pack has none
    char version[PACK_VERSION];
    int64_t ends_ms;      ///< UTC, 0 = open: past it the limits are to be confirmed
    int64_t next_from_ms; ///< when to open it anew for the pack that waits; 0 = none waits
};

enum err kiosk_content_open(struct kiosk_content *out, const struct kiosk_config *config,
                            const struct kiosk_options *options, const struct crypto *crypto,
                            const struct clock *clock, struct fail *why) MUST_USE;
/// Safe for one never opened (zeroed).
void kiosk_content_close(struct kiosk_content *content);
/// Loads a service's form with its lists. Blocking: the compute worker.
enum err kiosk_content_form(const struct kiosk_content *content, const char *service,
                            struct form **out, struct fail *why) MUST_USE;
/// True when a pack that waited is due: open the content anew, between two visits.
bool kiosk_content_is_due(const struct kiosk_content *content);
/// Removes what is too old to be asked for (yimen/content/pack.h). `oldest_open_utc_ms`: when the
/// oldest case not yet received was saved, 0 = none. Blocking: the compute worker.
void kiosk_content_clean(const struct kiosk_content *content, int64_t oldest_open_utc_ms);

/// One version beside the one in force: its forms, texts and services, to go on with a ticket, a
/// correction or a held case that was begun with it. ERR_NOT_FOUND: that version is not here, or no
/// longer. `content` stays open until pack_release_close. Blocking: the compute worker.
enum err kiosk_release_open(const struct kiosk_content *content, const char *version,
                            struct pack_release *out, struct fail *why) MUST_USE;
/// The form that answers a verified list. ERR_NOT_FOUND: the form of the case is in no release that
/// is still here. Blocking: the compute worker.
enum err kiosk_content_correction(const struct kiosk_content *content,
                                  const struct correction_list *list, struct form **out,
                                  struct fail *why) MUST_USE;
/// Verifies and installs what lies in incoming/, trying every form of it. In force from the next
/// opening on. Blocking: the compute worker.
enum err kiosk_content_install(const struct kiosk_content *content, struct fail *why) MUST_USE;
