// SPDX-License-Identifier: GPL-3.0-or-later
// Forms that are composed of several services' are not published one by one (there are hundreds):
// the first case of one brings it. The content composes it as the kiosk did, and only the very same
// version is taken.
#include "district_internal.h"

#include "yimen/base/text.h"
#include "yimen/form/compose.h"

enum err composed_form(struct district *district, const char *form_id, const char *version,
                       struct fail *why)
{
    const struct district_options *options = &district->options;
    struct district_form form = {0};
    struct strbuf xml;
    if (!options->compose || !text_starts(form_id, FORM_ONE_VISIT))
        return fail_set(why, ERR_NOT_FOUND, "form %s is not published here", form_id);
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    enum err err = options->compose(options->compose_context, form_id, version, &xml, why);
    if (!err)
        err = district_publish_form(district, strbuf_text(&xml), xml.length, why);
    if (!err)
        err = options->store->ops->form_get(options->store->self, form_id, version, &form, why);
    strbuf_free(&xml);
    return err;
}
