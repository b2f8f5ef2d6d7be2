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

// "]Q1" before the text: the symbology, as readers may be set to say it (ISO/IEC 15424).
static size_t identifier(const char *text, size_t length)
{
    if (length < 3 || text[0] != ']')
        return 0;
    bool letter = (text[1] >= 'A' && text[1] <= 'Z') || (text[1] >= 'a' && text[1] <= 'z');
    bool digit = (text[2] >= '0' && text[2] <= '9') || (text[2] >= 'A' && text[2] <= 'F');
    return letter && digit ? 3 : 0;
}

// What the reader adds round the code is cut, blanks too.
static void trim(struct code_line *line)
{
    size_t from = 0, to = line->length;
    while (to > 0 && line->text[to - 1] == ' ')
        to--;
    while (from < to && line->text[from] == ' ')
        from++;
    from += identifier(line->text + from, to - from);
    while (from < to && line->text[from] == ' ')
        from++;
    memmove(line->text, line->text + from, to - from);
    line->length = to - from;
}

enum err code_line_finish(struct code_line *line, char out[CODE_TEXT], struct fail *why)
{
    trim(line);
    bool good = !line->refused && line->length > 0 && text_is_utf8(line->text, line->length);
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
