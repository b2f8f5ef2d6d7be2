// SPDX-License-Identifier: GPL-3.0-or-later
#include "sheet.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum { WORDS_MAXIMUM = 1024, BOX_SPACE = 150, RULE_SPACE = 80 };

// Nothing is ever left out here: what is too long for paper the paper driver refuses, in words.
static void make_room(struct sheet *sheet)
{
    struct paper_item *items;
    if (sheet->count < sheet->room)
        return;
    sheet->room = sheet->room ? 2 * sheet->room : SHEET_ITEMS;
    items = ARENA_ARRAY(sheet->arena, struct paper_item, sheet->room);
    if (sheet->count > 0)
        memcpy(items, sheet->items, sheet->count * sizeof *items);
    sheet->items = items;
}

static struct paper_item *add(struct sheet *sheet, enum paper_kind kind, int size)
{
    make_room(sheet);
    struct paper_item *item = &sheet->items[sheet->count++];
    *item = (struct paper_item){.kind = kind, .size_mm100 = size};
    return item;
}

void sheet_begin(struct sheet *sheet, const struct texts *texts, const char *language,
                 struct arena *arena)
{
    *sheet =
        (struct sheet){.texts = texts,
                       .language = arena_strdup(arena, language && *language ? language : "zh"),
                       .arena = arena,
                       .latin = language && text_equal(language, "en")};
}

void sheet_end(const struct sheet *sheet, const char *title_key, struct paper_document *out)
{
    *out = (struct paper_document){.title = sheet_words(sheet, title_key),
                                   .language = sheet->language,
                                   .width_mm100 = 8000,
                                   .items = sheet->items,
                                   .count = sheet->count};
}

const char *sheet_words(const struct sheet *sheet, const char *key)
{
    return texts_get(sheet->texts, sheet->language, key);
}

const char *sheet_own_words(struct sheet *sheet, const char *before, const char *id,
                            const char *after)
{
    char key[96];
    (void)snprintf(key, sizeof key, "%s%s%s", before, id, after);
    return sheet_words(sheet, arena_strdup(sheet->arena, key)); // a missing text is its key
}

const char *sheet_words_if(struct sheet *sheet, const char *before, const char *id,
                           const char *after)
{
    char key[96];
    (void)snprintf(key, sizeof key, "%s%s%s", before, id, after);
    const char *words = sheet_words(sheet, key);
    return text_equal(words, key) ? NULL : words;
}

const char *sheet_fill(struct sheet *sheet, const char *key, const char *const *pairs)
{
    char *out = arena_alloc(sheet->arena, WORDS_MAXIMUM);
    texts_fill(out, WORDS_MAXIMUM, sheet_words(sheet, key), pairs);
    return out;
}

static const char *fill_time(struct sheet *sheet, const char *key, int64_t utc_ms)
{
    struct calendar at = district_calendar(utc_ms);
    char year[12], month[12], day[12], time[24];
    (void)snprintf(year, sizeof year, "%04d", at.year);
    (void)snprintf(month, sizeof month, "%02d", at.month);
    (void)snprintf(day, sizeof day, "%02d", at.day);
    (void)snprintf(time, sizeof time, "%02d:%02d", at.hour, at.minute);
    return sheet_fill(
        sheet, key, (const char *[]){"year", year, "month", month, "day", day, "time", time, NULL});
}

const char *sheet_moment(struct sheet *sheet, int64_t utc_ms)
{
    return fill_time(sheet, "receipt.moment", utc_ms);
}

const char *sheet_day(struct sheet *sheet, int64_t utc_ms)
{
    return fill_time(sheet, "receipt.day", utc_ms);
}

static struct paper_item *add_words(struct sheet *sheet, enum paper_kind kind, int size)
{
    int smaller = size * 9 / 10 > SHEET_LEAST ? size * 9 / 10 : SHEET_LEAST;
    return add(sheet, kind, sheet->latin ? smaller : size);
}

void sheet_text(struct sheet *sheet, int size, const char *text)
{
    add_words(sheet, PAPER_TEXT, size)->text = text;
}

void sheet_bold(struct sheet *sheet, int size, const char *text)
{
    struct paper_item *item = add_words(sheet, PAPER_TEXT, size);
    item->bold = true;
    item->text = text;
}

void sheet_centre(struct sheet *sheet, int size, bool bold, const char *text)
{
    struct paper_item *item = add_words(sheet, PAPER_TEXT, size);
    item->align = PAPER_CENTRE;
    item->bold = bold;
    item->text = text;
}

void sheet_tick(struct sheet *sheet, const char *text)
{
    add_words(sheet, PAPER_TICK, SHEET_BODY)->text = text;
}

void sheet_pair(struct sheet *sheet, const char *label_key, const char *value)
{
    struct paper_item *item = add_words(sheet, PAPER_PAIR, SHEET_BODY);
    item->label = sheet_words(sheet, label_key);
    item->text = value;
}

void sheet_strong_pair(struct sheet *sheet, const char *label_key, const char *value)
{
    sheet_pair(sheet, label_key, value);
    sheet->items[sheet->count - 1].bold = true;
}

void sheet_gap(struct sheet *sheet, int mm100)
{
    (void)add(sheet, PAPER_GAP, mm100);
}

void sheet_rule(struct sheet *sheet, bool thick)
{
    sheet_gap(sheet, RULE_SPACE);
    add(sheet, PAPER_RULE, 0)->bold = thick;
    sheet_gap(sheet, RULE_SPACE);
}

void sheet_line(struct sheet *sheet)
{
    (void)add(sheet, PAPER_RULE, 0);
}

void sheet_cut(struct sheet *sheet, const char *text)
{
    sheet_gap(sheet, 300);
    add(sheet, PAPER_RULE, SHEET_SMALL)->text = text;
    sheet_gap(sheet, 200);
}

void sheet_box(struct sheet *sheet, bool thick)
{
    add(sheet, PAPER_BOX_BEGIN, BOX_SPACE)->bold = thick;
}

void sheet_box_end(struct sheet *sheet)
{
    (void)add(sheet, PAPER_BOX_END, 0);
}

void sheet_qr(struct sheet *sheet, const char *text)
{
    struct paper_item *item = add(sheet, PAPER_QR, 0);
    item->align = PAPER_CENTRE;
    item->text = text;
}
