// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/form/form.h"
#include "yimen/port/crypto.h"
#include "yimen/port/files.h"

/// One form outside any pack, dressed as the only service of a content tree: what is beside the
/// form (its parts, lists, media) comes from its own folder, everything else from an unpacked tree.
/// A form that the tree's services.json knows is offered as that service; any other one as the
/// service "preview": no identity, no papers, no signature. UI thread.

struct preview_content {
    const struct crypto *crypto;
    struct files tree;                                ///< unpacked content: sentences, lists
    struct files folder;                              ///< of the form
    char name[LIMIT_PACK_PATH - sizeof "forms/" + 1]; ///< of the form in its folder
    struct files view;                                ///< both, as a pack shows its files
    char *services;                                   ///< services.json
    char service[40];
    struct texts *texts;
    struct catalogue *catalogue;
};

/// `file`: path of the form. ERR_NOT_FOUND: no such folder.
enum err preview_content_open(struct preview_content *out, const char *file, const char *assets,
                              const struct crypto *crypto, struct fail *why) MUST_USE;
/// Safe for one never opened (zeroed).
void preview_content_close(struct preview_content *content);
/// Loads the form as it is now. Findings go to `report`. ERR_INPUT: it has errors.
enum err preview_content_form(const struct preview_content *content, form_report *report,
                              void *context, struct form **out, struct fail *why) MUST_USE;
/// SHA-256 of the form with its parts as they are now: another one, it was changed.
void preview_content_mark(const struct preview_content *content, uint8_t out[CRYPTO_HASH]);
