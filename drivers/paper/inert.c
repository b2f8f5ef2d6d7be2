// SPDX-License-Identifier: GPL-3.0-or-later
// What a resident typed is printed as ink and nothing else: no controls, no reordering of what
// stands beside it, no towers of marks, no invisible carriers.
#include "paper_internal.h"
#include "yimen/base/text.h"

struct range {
    uint32_t from, to;
};

// Characters without ink that change how their neighbours look or carry hidden text. Variation
// selectors and joiners stay: names need them.
static const struct range DROPPED[] = {
    {0x0000, 0x0008}, {0x000B, 0x001F}, {0x007F, 0x009F},   {0x00AD, 0x00AD}, {0x061C, 0x061C},
    {0x180E, 0x180E}, {0x200B, 0x200B}, {0x200E, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F},
    {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE00FF},
};

static bool is_dropped(uint32_t point)
{
    for (size_t i = 0; i < sizeof DROPPED / sizeof DROPPED[0]; i++) {
        if (point >= DROPPED[i].from && point <= DROPPED[i].to)
            return true;
    }
    return false;
}

static bool is_line_end(uint32_t point)
{
    return point == '\n' || point == 0x2028 || point == 0x2029;
}

static bool is_noncharacter(uint32_t point)
{
    return (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
}

char *inert_text(const char *text, bool keep_lines, bool *damaged)
{
    GString *out = g_string_new(NULL);
    int marks = 0;
    uint32_t point;
    while ((point = text_next(&text)) != 0 && out->len + 4 <= TEXT_MAXIMUM) {
        if (is_line_end(point))
            point = keep_lines ? '\n' : ' ';
        else if (point == '\t')
            point = ' ';
        else if (is_dropped(point))
            continue;
        else if (point == 0xFFFD || is_noncharacter(point)) {
            *damaged = true;
            point = 0x25A1;
        }
        marks = g_unichar_ismark(point) ? marks + 1 : 0;
        if (marks <= MARKS_MAXIMUM)
            g_string_append_unichar(out, point);
    }
    return g_string_free(out, FALSE);
}
