// SPDX-License-Identifier: GPL-3.0-or-later
// A correction list from outside: whatever is read can be written, and reads as the same again.
#include "yimen/case/correction.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct correction_list list, again;
    struct strbuf text;
    if (correction_read((const char *)data, size, &list, NULL) != ERR_OK)
        return 0;
    strbuf_init(&text, (size_t)4 * CORRECTION_BYTES);
    if (correction_write(&list, &text, NULL) == ERR_OK && text.length <= CORRECTION_BYTES &&
        (correction_read(text.data, text.length, &again, NULL) != ERR_OK ||
         memcmp(&list, &again, sizeof list) != 0))
        abort();
    strbuf_free(&text);
    return 0;
}
