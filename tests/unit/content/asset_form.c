// SPDX-License-Identifier: GPL-3.0-or-later
#include "asset_form.h"

#include "yimen/base/limits.h"
#include "yimen/weave/include.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static enum err read_part(void *context, const char *name, struct strbuf *out, struct fail *why)
{
    const struct files *assets = context;
    char path[256];
    snprintf(path, sizeof path, "forms/%s", name);
    return assets->ops->read(assets->self, path, out, why);
}

void asset_form(const struct files *assets, const char *path, struct strbuf *out)
{
    struct files files = *assets;
    struct strbuf text;
    struct fail why = {0};
    strbuf_init(&text, LIMIT_FORM_BYTES);
    if (assets->ops->read(assets->self, path, &text, &why) != ERR_OK)
        fail_msg("%s", why.text);
    const struct form_parts parts = {.name = path,
                                     .text = strbuf_text(&text),
                                     .length = text.length,
                                     .read = read_part,
                                     .context = &files};
    if (form_include(&parts, out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    strbuf_free(&text);
}
