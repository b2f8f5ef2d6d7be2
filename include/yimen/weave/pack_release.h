// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/pack.h"
#include "yimen/weave/pack_compose.h"
#include "yimen/weave/subset.h"

/// Releases of the content beside the one in force: what was begun with one goes on with it.
///
/// Everything here blocks and belongs to the thread that calls it.

/// One version that is kept: its forms, texts and services.
struct pack_release {
    struct pack *pack;
    struct pack_source source;
    struct catalogue *catalogue; ///< the same as in `source`, to be freed
    struct texts *texts;
    char version[PACK_VERSION];
};
/// ERR_NOT_FOUND: that version is not here, or no longer. `releases` and `trust` are borrowed until
/// pack_release_close.
enum err pack_release_open(const struct files *releases, const struct pack_trust *trust,
                           const char *version, struct pack_release *out,
                           struct fail *why) MUST_USE;
/// What belongs to no pack: unpacked content, read as a release of its own. `files` is borrowed.
enum err pack_release_unpacked(const struct files *files, const char *version,
                               struct pack_release *out, struct fail *why) MUST_USE;
/// Safe for one never opened (zeroed).
void pack_release_close(struct pack_release *release);

/// Where the form of a case is looked for: in the content in force, else in every release that is
/// kept beside it, the newest first. Everything is borrowed.
struct pack_shelf {
    struct pack_source now;
    const char *version;          ///< of `now`
    const struct files *releases; ///< NULL: none beside it
    const struct pack_trust *trust;
};

/// The form that a case was made with.
struct pack_made_with {
    const char *service; ///< "": of several services, `form_id` names them
    const char *form_id, *version;
};
/// Its text, with everything it includes, appended. ERR_NOT_FOUND: in no release that is still
/// here. Of a form that was composed the version ends in a digest of it: the same version, the same
/// text.
enum err pack_shelf_read(const struct pack_shelf *shelf, const struct pack_made_with *made_with,
                         struct strbuf *out, struct fail *why) MUST_USE;
/// The short form of it that asks again for what is wanted (yimen/weave/subset.h), loaded with the
/// lists of its own release. `version`: of the short form.
enum err pack_shelf_correction(const struct pack_shelf *shelf, const struct crypto *crypto,
                               const struct pack_made_with *made_with,
                               const struct form_subset *wanted, struct form **out,
                               struct fail *why) MUST_USE;
