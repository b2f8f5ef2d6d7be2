// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a table of sentences and as what a translator gives back: refused with a reason, or
// taken; and what was taken goes out and comes back the same.
#include "yimen/base/limits.h"
#include "yimen/weave/sentences.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sentences *read(const char *text, size_t length)
{
    struct sentences *table = NULL;
    struct fail why = {0};
    if (sentences_read(text, length, &table, &why) != ERR_OK && why.text[0] == '\0')
        abort();
    return table;
}

// A table whose texts are XML is its own translation.
static void there_and_back(struct sentences *table)
{
    const struct sentences_exchange exchange = {"t", "zh", "en", table, table};
    struct strbuf xliff, first;
    strbuf_init(&xliff, LIMIT_FORM_BYTES);
    strbuf_init(&first, LIMIT_FORM_BYTES);
    if (sentences_export(&exchange, &xliff, NULL) == ERR_OK &&
        sentences_import(&exchange, strbuf_text(&xliff), xliff.length, &first, NULL) == ERR_OK) {
        struct sentences *again = read(strbuf_text(&first), first.length);
        if (again == NULL || sentences_count(again) != sentences_count(table))
            abort();
        sentences_free(again);
    }
    strbuf_free(&xliff);
    strbuf_free(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char known[] = "id,text\na,A\nb,\"<output value=\"\"/data/b\"\"/>\"\n";
    struct sentences *table = read((const char *)data, size);
    if (table != NULL)
        there_and_back(table);
    sentences_free(table);
    struct sentences *source = read(known, strlen(known));
    const struct sentences_exchange exchange = {"t", "zh", "en", source, NULL};
    struct strbuf out;
    struct fail why = {0};
    strbuf_init(&out, LIMIT_FORM_BYTES);
    if (sentences_import(&exchange, (const char *)data, size, &out, &why) != ERR_OK &&
        (why.text[0] == '\0' || out.length > 0))
        abort();
    strbuf_free(&out);
    sentences_free(source);
    return 0;
}
