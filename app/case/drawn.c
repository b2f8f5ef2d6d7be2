// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/drawn.h"

#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ROW = DRAWN_SIDE / 8, PEN = 2, HEX = 2 * DRAWN_BYTES, SVG_POINTS = 1 << 14 };

static const char digits[] = "0123456789abcdef";

size_t drawn_signs(const char *text)
{
    size_t count = 0;
    for (const char *at = strstr(text, DRAWN_SIGN); at; at = strstr(at + 1, DRAWN_SIGN))
        count++;
    return count;
}

bool drawn_next(const char **at, char ref[LIMIT_REF], char file[LIMIT_FILE_NAME])
{
    while (*(*at += strspn(*at, " "))) {
        size_t length = strcspn(*at, " "), name = strcspn(*at, ": ");
        const char *from = *at;
        *at += length;
        if (name == 0 || name + 1 >= length || name >= LIMIT_REF ||
            length - name - 1 >= LIMIT_FILE_NAME)
            continue;
        memcpy(ref, from, name);
        ref[name] = '\0';
        memcpy(file, from + name + 1, length - name - 1);
        file[length - name - 1] = '\0';
        return true;
    }
    return false;
}

// ------------------------------------------------------------------ as SVG

void strokes_svg(const struct strokes *strokes, struct strbuf *out)
{
    bool down = false;
    strbuf_addf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d.%dmm\" height=\"%d.%dmm\" "
                "viewBox=\"0 0 %d %d\"><path fill=\"none\" stroke=\"black\" stroke-width=\"6\" "
                "stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"",
                strokes->width / 10, strokes->width % 10, strokes->height / 10,
                strokes->height % 10, strokes->width, strokes->height);
    for (size_t i = 0; i < strokes->count; i++) {
        struct stroke_point point = strokes->points[i];
        if (point.x >= 0)
            strbuf_addf(out, "%c%d %d", down ? 'L' : 'M', point.x, point.y);
        down = point.x >= 0;
    }
    strbuf_adds(out, "\"/></svg>\n");
}

// A number within a picture that a finger can have drawn, and what stands behind it.
static bool number(const char **at, int least, int *out)
{
    char *end = NULL;
    long value = strtol(*at, &end, 10);
    if (end == *at || value < least || value > INT16_MAX)
        return false;
    *at = end;
    *out = (int)value;
    return true;
}

// The text behind `what`, where it begins with that.
static const char *behind(const char *text, const char *what)
{
    const char *at = strstr(text, what);
    return at ? at + strlen(what) : NULL;
}

// Points out of "M1 2L3 4M5 6", a lift before each M.
static bool read_path(const char *at, struct stroke_point *points, size_t *count)
{
    int x, y;
    *count = 0;
    for (; *at == 'M' || *at == 'L'; (*count)++) {
        bool lifts = *at++ == 'M';
        if (*count + 2 > SVG_POINTS || !number(&at, 0, &x) || !number(&at, 0, &y))
            return false;
        if (lifts)
            points[(*count)++] = (struct stroke_point){-1, -1};
        points[*count] = (struct stroke_point){(int16_t)x, (int16_t)y};
    }
    return *at == '"';
}

static bool read_svg(const char *text, struct stroke_point *points, struct strokes *out)
{
    const char *box = behind(text, "viewBox=\"0 0 "), *path = behind(text, " d=\"");
    *out = (struct strokes){.points = points};
    return box && path && number(&box, 1, &out->width) && number(&box, 1, &out->height) &&
           read_path(path, points, &out->count);
}

bool drawn_print_svg(const char *svg, size_t length, char pictures[DRAWN_TEXT])
{
    struct strokes strokes;
    char *text = malloc(length + 1);
    struct stroke_point *points = calloc(SVG_POINTS, sizeof *points);
    bool good = text && points;
    if (good) {
        memcpy(text, svg, length);
        text[length] = '\0';
        good = read_svg(text, points, &strokes) && drawn_print(&strokes, pictures);
        memory_wipe(text, length);
        memory_wipe(points, SVG_POINTS * sizeof *points);
    }
    free(text);
    free(points);
    return good;
}

// ------------------------------------------------------------------ as it is printed

static void dot(uint8_t bits[DRAWN_BYTES], int x, int y)
{
    for (int down = y - PEN; down < y + PEN; down++)
        for (int right = x - PEN; right < x + PEN; right++)
            if (down >= 0 && down < DRAWN_SIDE && right >= 0 && right < DRAWN_SIDE)
                bits[down * ROW + right / 8] |= (uint8_t)(0x80 >> right % 8);
}

static void line(uint8_t bits[DRAWN_BYTES], struct stroke_point from, struct stroke_point to,
                 int side)
{
    for (int step = 0; step <= DRAWN_SIDE; step++) {
        int x = from.x + (to.x - from.x) * step / DRAWN_SIDE;
        int y = from.y + (to.y - from.y) * step / DRAWN_SIDE;
        dot(bits, x * DRAWN_SIDE / side, y * DRAWN_SIDE / side);
    }
}

// However large it was written, it fills its square: where the ink is, and how wide or high.
static struct stroke_point corner_of(const struct strokes *strokes, int *side)
{
    struct stroke_point least = {INT16_MAX, INT16_MAX}, most = {0, 0};
    for (size_t i = 0; i < strokes->count; i++) {
        struct stroke_point at = strokes->points[i];
        if (at.x < 0)
            continue;
        least.x = at.x < least.x ? at.x : least.x;
        least.y = at.y < least.y ? at.y : least.y;
        most.x = at.x > most.x ? at.x : most.x;
        most.y = at.y > most.y ? at.y : most.y;
    }
    int wide = most.x - least.x, high = most.y - least.y, longest = wide > high ? wide : high;
    int area = strokes->width > strokes->height ? strokes->width : strokes->height;
    *side = longest > area / 4 ? longest : area / 4; // a lone dot stays one
    *side = *side > 0 ? *side + *side / 6 : 1;
    least.x = (int16_t)(least.x - (*side - wide) / 2);
    least.y = (int16_t)(least.y - (*side - high) / 2);
    return least;
}

static struct stroke_point moved(struct stroke_point point, struct stroke_point corner)
{
    return (struct stroke_point){(int16_t)(point.x - corner.x), (int16_t)(point.y - corner.y)};
}

bool drawn_print(const struct strokes *strokes, char pictures[DRAWN_TEXT])
{
    uint8_t bits[DRAWN_BYTES] = {0};
    size_t used = strlen(pictures), length = 0;
    int side = 0;
    for (size_t i = 0; i < strokes->count; i++)
        length += strokes->points[i].x >= 0;
    if (!length || used + HEX + 1 > DRAWN_TEXT)
        return false;
    struct stroke_point corner = corner_of(strokes, &side);
    for (size_t i = 0; i < strokes->count; i++) {
        struct stroke_point to = strokes->points[i];
        bool joins = i > 0 && strokes->points[i - 1].x >= 0;
        if (to.x >= 0)
            line(bits, moved(strokes->points[joins ? i - 1 : i], corner), moved(to, corner), side);
    }
    for (size_t i = 0; i < DRAWN_BYTES; i++) {
        pictures[used++] = digits[bits[i] >> 4];
        pictures[used++] = digits[bits[i] & 15];
    }
    pictures[used] = '\0';
    memory_wipe(bits, sizeof bits);
    return true;
}

size_t drawn_count(const char *pictures)
{
    return strlen(pictures) / HEX;
}

bool drawn_bits(const char *pictures, size_t index, uint8_t out[DRAWN_BYTES])
{
    if (index >= drawn_count(pictures) || strspn(pictures + index * HEX, digits) < HEX)
        return false;
    for (size_t i = 0; i < DRAWN_BYTES; i++) {
        const char *at = pictures + index * HEX + 2 * i;
        out[i] =
            (uint8_t)((strchr(digits, at[0]) - digits) << 4 | (strchr(digits, at[1]) - digits));
    }
    return true;
}
