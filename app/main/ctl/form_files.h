// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/strbuf.h"
#include "yimen/port/files.h"
#include <jansson.h>
#include <stdbool.h>

/// Where the form commands find the external files of a form: a folder, a map of texts, or both.
/// `form_files_open` -> use as form_source.resource's context -> `form_files_close`.
struct form_files {
    struct files files;
    struct files lists; ///< the pack's divisions/ beside its forms/
    bool has_folder, has_lists;
    const json_t *resources; ///< "jr://..." -> {body}; borrowed, may be NULL
};

/// `folder` may be NULL: no folder.
enum err form_files_open(struct form_files *out, const char *folder, struct fail *why) MUST_USE;
/// Where lists are looked for that are not beside the form. ERR_NOT_FOUND: no such folder.
enum err form_files_lists(struct form_files *files, const char *folder, struct fail *why) MUST_USE;
void form_files_close(struct form_files *files);
/// For form_source.resource; `context` is a struct form_files.
enum err form_files_read(void *context, const char *uri, struct strbuf *out, struct fail *why);
/// For form_parts.read: a file of the folder; `context` is a struct form_files.
enum err form_files_part(void *context, const char *path, struct strbuf *out, struct fail *why);
