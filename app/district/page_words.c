// SPDX-License-Identifier: GPL-3.0-or-later
// What every part of the tracking page is written with.
#include "page_internal.h"

const char *page_say(const struct page_writer *w, const char *key)
{
    return texts_get(w->texts, w->page->language, key);
}

void page_write_query(const struct page_writer *w, const char *language)
{
    strbuf_addf(w->out, "?lang=%s", language);
    if (!w->page->signature[0]) // checked before: digits, and base64url
        return;
    strbuf_adds(w->out, "&amp;n=");
    strbuf_add_xml(w->out, w->page->number);
    strbuf_adds(w->out, "&amp;s=");
    strbuf_add_xml(w->out, w->page->signature);
}
