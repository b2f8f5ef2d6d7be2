// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes on the code reader's line, in pieces of any size: what comes out is plain text that
// fits, and is the same however it was cut.
#include "drivers/code/line.h"

#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

// The codes of these bytes, taken `piece` at a time, one a line.
static void codes(const char *bytes, size_t length, size_t piece, struct strbuf *out)
{
    struct code_line line = {0};
    char text[CODE_TEXT];
    for (size_t at = 0; at < length;) {
        bool ended;
        at += code_line_take(&line, bytes + at, length - at < piece ? length - at : piece, &ended);
        if (!ended)
            continue;
        enum err err = code_line_finish(&line, text, NULL);
        size_t got = strnlen(text, CODE_TEXT);
        if (got == CODE_TEXT || (err && got) || (!err && !got) || !text_is_utf8(text, got))
            abort();
        for (size_t i = 0; i < got; i++)
            if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
                abort();
        strbuf_addf(out, "%s\n", text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct strbuf whole, cut;
    strbuf_init(&whole, 1 << 20);
    strbuf_init(&cut, 1 << 20);
    codes((const char *)bytes, length, length + 1, &whole);
    codes((const char *)bytes, length, 1 + length % 7, &cut);
    if (whole.length != cut.length || strcmp(strbuf_text(&whole), strbuf_text(&cut)) != 0)
        abort();
    strbuf_free(&whole);
    strbuf_free(&cut);
    return 0;
}
