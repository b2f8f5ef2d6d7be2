// SPDX-License-Identifier: GPL-3.0-or-later
#include "line.h"

#include "yimen/base/text.h"

#include <string.h>

static bool is_control(char byte)
{
    return (unsigned char)byte < 0x20 || byte == 0x7F;
}

size_t code_line_take(struct code_line *line, const char *bytes, size_t length, bool *ended)
{
    *ended = false;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\r' || bytes[i] == '\n') {
            *ended = line->length > 0 || line->refused;
            if (*ended)
                return i + 1;
        } else if (line->refused || is_control(bytes[i]) || line->length + 1 == CODE_TEXT) {
            line->refused = true;
        } else {
            line->text[line->length++] = bytes[i];
        }
    }
    return length;
}

enum err code_line_finish(struct code_line *line, char out[CODE_TEXT], struct fail *why)
{
    bool good = !line->refused && text_is_utf8(line->text, line->length);
    out[0] = '\0';
    if (good) {
        memcpy(out, line->text, line->length);
        out[line->length] = '\0';
    }
    code_line_clear(line);
    return good ? ERR_OK : fail_set(why, ERR_INPUT, "a code that is no plain line of text");
}

void code_line_clear(struct code_line *line)
{
    memory_wipe(line, sizeof *line);
}
