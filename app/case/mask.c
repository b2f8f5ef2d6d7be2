// SPDX-License-Identifier: GPL-3.0-or-later
// The stars tell nothing of the length of a name. Behind them stand the signs of what its owner
// wrote by hand: of these the paper has the pictures.
#include "yimen/case/mask.h"

#include "yimen/base/text.h"
#include "yimen/case/drawn.h"
#include "yimen/case/track.h"

#include <stdbool.h>
#include <string.h>

enum { ID_SHOWN = 6, ID_LENGTH = 18, SHORT_LENGTH = 12, SHORT_SHOWN = 2 };

void mask_name(const char *name, char out[64])
{
    const char *at = name;
    uint32_t first = text_next(&at);
    out[0] = '\0';
    if (!first)
        return;
    char bytes[5];
    size_t length = text_put(first, bytes);
    memcpy(out, bytes, length);
    memcpy(out + length, "**", 3);
    length += 2;
    for (size_t i = drawn_signs(at); i > 0 && length + sizeof DRAWN_SIGN <= 64; i--) {
        memcpy(out + length, DRAWN_SIGN, sizeof DRAWN_SIGN);
        length += sizeof DRAWN_SIGN - 1;
    }
}

void mask_id(const char *id_number, char out[24])
{
    size_t length = strlen(id_number);
    // A passport has nine characters: of these six would bare a part of the second factor.
    size_t shown = length >= SHORT_LENGTH ? ID_SHOWN : length > ID_SHOWN ? SHORT_SHOWN : 0;
    out[0] = '\0';
    if (!length)
        return;
    if (length > ID_LENGTH || length < ID_SHOWN)
        length = ID_LENGTH;
    memcpy(out, id_number, shown);
    memset(out + shown, '*', length - shown);
    out[length] = '\0';
}

void normalise_id(const char *typed, char *out, size_t room)
{
    size_t used = 0;
    const char *at = typed;
    for (uint32_t point = text_next(&at); point && used + 1 < room; point = text_next(&at)) {
        if (point >= 0xFF01 && point <= 0xFF5E) // full-width forms
            point -= 0xFEE0;
        if (point >= 'a' && point <= 'z')
            point -= 'a' - 'A';
        if (point > 0x20 && point < 0x7F)
            out[used++] = (char)point;
    }
    out[used] = '\0';
}

static bool is_space(uint32_t point)
{
    return point <= 0x20 || point == 0xA0 || point == 0x3000 ||
           (point >= 0x2000 && point <= 0x200B);
}

void normalise_number(const char *typed, char *out, size_t room)
{
    size_t used = 0;
    const char *at = typed;
    for (uint32_t point = text_next(&at); point; point = text_next(&at)) {
        char bytes[5];
        if (point >= 0xFF01 && point <= 0xFF5E) // full-width forms
            point -= 0xFEE0;
        else if (point == 0x3002) // the Chinese full stop
            point = '.';
        size_t length = is_space(point) ? 0 : text_put(point, bytes);
        if (used + length + 1 > room)
            break;
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
}

void id_factor(const char *id_number, char out[TRACK_FACTOR])
{
    size_t length = strlen(id_number);
    out[0] = '\0';
    if (length < 2 * (TRACK_FACTOR - 1))
        return;
    normalise_id(id_number + length - (TRACK_FACTOR - 1), out, TRACK_FACTOR);
    if (!track_factor_is_whole(out))
        memory_wipe(out, TRACK_FACTOR);
}
