// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

// Decodes one well-formed character of at most `room` bytes; returns its bytes, 0 when it is not
// one.
static size_t decode(const unsigned char *bytes, size_t room, uint32_t *code_point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = bytes[0];
    size_t length = first < 0x80             ? 1
                    : (first & 0xE0) == 0xC0 ? 2
                    : (first & 0xF0) == 0xE0 ? 3
                    : (first & 0xF8) == 0xF0 ? 4
                                             : 0;
    if (length == 0 || length > room)
        return 0;
    uint32_t value = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(bytes[i]))
            return 0;
        value = value << 6 | (bytes[i] & 0x3F);
    }
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code_point = value;
    return length;
}

bool text_is_utf8(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t left = length;
    while (left > 0) {
        uint32_t code_point;
        size_t used = decode(at, left, &code_point);
        if (used == 0 || code_point == 0)
            return false;
        at += used;
        left -= used;
    }
    return true;
}

uint32_t text_next(const char **at)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    if (*bytes == 0)
        return 0;
    uint32_t code_point;
    size_t used = decode(bytes, strnlen(*at, 4), &code_point);
    *at += used ? used : 1;
    return used ? code_point : REPLACEMENT;
}

size_t text_length(const char *text)
{
    size_t count = 0;
    while (text_next(&text))
        count++;
    return count;
}

size_t text_put(uint32_t code_point, char out[5])
{
    size_t length;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        length = 1;
    } else if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        length = 2;
    } else if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        length = 3;
    } else {
        out[0] = (char)(0xF0 | (code_point >> 18 & 0x07));
        length = 4;
    }
    for (size_t i = 1; i < length; i++)
        out[i] = (char)(0x80 | (code_point >> 6 * (length - 1 - i) & 0x3F));
    out[length] = '\0';
    return length;
}

bool text_is_blank(const char *text)
{
    static const struct {
        uint32_t first, last;
    } blanks[] = {
        {0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0xAD, 0xAD},
        {0x034F, 0x034F}, {0x061C, 0x061C}, {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5},
        {0x180B, 0x180F}, {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800},
        {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0},
    };
    for (uint32_t point = text_next(&text); point != 0; point = text_next(&text)) {
        bool blank = false;
        for (size_t i = 0; i < sizeof blanks / sizeof blanks[0] && !blank; i++)
            blank = point >= blanks[i].first && point <= blanks[i].last;
        if (!blank)
            return false;
    }
    return true;
}

bool text_copy(char *out, size_t out_size, const char *text)
{
    size_t length = strlen(text);
    bool whole = length < out_size;
    if (!whole) {
        length = out_size - 1;
        while (length > 0 && is_continuation((unsigned char)text[length]))
            length--;
    }
    memcpy(out, text, length);
    out[length] = '\0';
    return whole;
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);
    return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

char *text_duplicate(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

bool text_to_int64(const char *text, int64_t *out)
{
    const char *digits = *text == '-' ? text + 1 : text;
    if (*digits == '\0' || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno != 0)
        return false;
    *out = value;
    return true;
}

void memory_wipe(void *bytes, size_t length)
{
    explicit_bzero(bytes, length);
}

bool memory_equal(const void *a, const void *b, size_t length)
{
    const volatile unsigned char *left = a, *right = b;
    unsigned char difference = 0;
    for (size_t i = 0; i < length; i++)
        difference |= (unsigned char)(left[i] ^ right[i]);
    return difference == 0;
}
