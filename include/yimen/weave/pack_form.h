// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/service.h"
#include "yimen/form/form.h"
#include "yimen/port/files.h"

/// Forms of a content pack: the form's text and what it names ("jr://file-csv/laoshan.csv" is
/// divisions/laoshan.csv of the pack, other files lie beside the form).

/// The form's text with everything it includes (yimen/form/include.h), appended to `out`.
enum err pack_form_read(const struct files *pack, const char *path, struct strbuf *out,
                        struct fail *why) MUST_USE;
/// A pack_prepare: forms go into a pack whole, and the parts they were made of stay out.
enum err pack_form_prepare(const struct files *source, const char *path, struct strbuf *bytes,
                           bool *leave_out, struct fail *why) MUST_USE;
/// ERR_INPUT: the form has errors; `why` names the first with file and line.
enum err pack_form_load(const struct files *pack, const struct crypto *crypto, const char *path,
                        struct form **out, struct fail *why) MUST_USE;
/// The same for a form that is at hand, whole.
enum err pack_form_parse(const struct files *pack, const struct crypto *crypto, const char *name,
                         const struct strbuf *text, struct form **out, struct fail *why) MUST_USE;
/// As pack_form_load, and tells an author everything that is to be told of the form.
enum err pack_form_check(const struct files *pack, const struct crypto *crypto, const char *path,
                         form_report *report, void *context, struct form **out,
                         struct fail *why) MUST_USE;
/// A pack_trial: every form of every service loads. `context` is a const struct crypto.
enum err pack_form_trial(void *context, const struct files *release, struct fail *why) MUST_USE;
