// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "district_internal.h"

/// page (the template and its places), page_owner (what the owner of a case is told), page_words
/// (what both are written with).

struct page_writer {
    const struct page *page;
    const struct texts *texts;
    const struct catalogue *catalogue; ///< may be NULL
    int64_t now_utc_ms;
    struct strbuf *out;
};
const char *page_say(const struct page_writer *w, const char *key);
/// "?lang=..", with what proves the token where the page has it, escaped.
void page_write_query(const struct page_writer *w, const char *language);

/// Was the second factor right?
bool page_owner_found(const struct page *page);
/// Where it stands now, in one sentence. Only when it was.
void page_owner_now(const struct page_writer *w, char *out, size_t size);
void page_owner_write(const struct page_writer *w);
