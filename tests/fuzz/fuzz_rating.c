// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of grades from outside: whatever is read, is written the same way again.
#include "yimen/case/rating.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf text, line;
    struct rating rating, again;
    strbuf_init(&text, size + 1);
    strbuf_add(&text, data, size);
    strbuf_init(&line, 200);
    for (const char *at = strbuf_text(&text); rating_read(&at, &rating);) {
        strbuf_clear(&line);
        rating_write(&rating, &line);
        const char *back = strbuf_text(&line);
        if (!rating_read(&back, &again) || memcmp(&rating, &again, sizeof rating) != 0)
            abort();
    }
    strbuf_free(&line);
    strbuf_free(&text);
    return 0;
}
