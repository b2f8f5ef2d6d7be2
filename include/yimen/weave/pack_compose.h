// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/bundle.h"
#include "yimen/content/texts.h"
#include "yimen/form/form.h"

/// The form of one visit for several services, composed from a pack: the same on the kiosk that
/// asks it and in the district that takes it, because both have the pack.

struct pack_source {
    const struct files *files;
    const struct catalogue *catalogue;
    const struct texts *texts;
};

/// "one-visit:minimum-living+medical-aid": the form's text, appended. ERR_NOT_FOUND: no such form:
/// services that are not there, do not go together, or are named in another order than the pack's.
enum err pack_compose(const struct pack_source *pack, const char *form_id, struct strbuf *out,
                      struct fail *why) MUST_USE;
/// The same, loaded.
enum err pack_compose_load(const struct pack_source *pack, const struct crypto *crypto,
                           const char *form_id, struct form **out, struct fail *why) MUST_USE;
/// The form of a service, or of a visit for several ("one-visit:..."), loaded with its lists.
/// ERR_NOT_FOUND: there is no such service.
enum err pack_service_form(const struct pack_source *pack, const struct crypto *crypto,
                           const char *service, struct form **out, struct fail *why) MUST_USE;
