// SPDX-License-Identifier: GPL-3.0-or-later
#include "receipt_items.h"

#include "yimen/base/strbuf.h"
#include <stdio.h>

enum { NAMES_MAXIMUM = 1024 };

static const char *name_of(struct sheet *sheet, const struct item_note *item, const char *length)
{
    return sheet_own_words(sheet, "service.", item->service, length);
}

const char *items_limits(struct sheet *sheet, int legal_days, int promised_days)
{
    char legal[16], promised[16];
    (void)snprintf(legal, sizeof legal, "%d", legal_days);
    (void)snprintf(promised, sizeof promised, "%d", promised_days);
    if (legal_days > 0 && promised_days > 0)
        return sheet_fill(sheet, "receipt.limit-both",
                          (const char *[]){"legal", legal, "promised", promised, NULL});
    if (legal_days > 0)
        return sheet_fill(sheet, "receipt.limit-legal", (const char *[]){"legal", legal, NULL});
    if (promised_days > 0)
        return sheet_fill(sheet, "receipt.limit-promised",
                          (const char *[]){"promised", promised, NULL});
    return NULL;
}

static bool has_no_limit(const struct receipt_facts *facts)
{
    for (size_t i = 0; i < facts->item_count; i++)
        if (facts->items[i].legal_limit_days <= 0 || facts->items[i].promised_limit_days <= 0)
            return true;
    return false;
}

// "1. its name (its limits)"
static const char *item_line(struct sheet *sheet, const struct item_note *item, size_t index,
                             const char *length)
{
    char number[24], legal[16], promised[16];
    bool has_limits = item->legal_limit_days > 0 && item->promised_limit_days > 0;
    (void)snprintf(number, sizeof number, "%zu", index + 1);
    (void)snprintf(legal, sizeof legal, "%d", item->legal_limit_days);
    (void)snprintf(promised, sizeof promised, "%d", item->promised_limit_days);
    return sheet_fill(sheet, has_limits ? "receipt.items-line-limits" : "receipt.items-line",
                      (const char *[]){"number", number, "item", name_of(sheet, item, length),
                                       "legal", legal, "promised", promised, NULL});
}

// In one paragraph where there are many, so that the paper stays short.
static void add_all(struct sheet *sheet, const struct receipt_facts *facts)
{
    struct strbuf all;
    strbuf_init(&all, NAMES_MAXIMUM);
    for (size_t i = 0; i < facts->item_count; i++) {
        strbuf_adds(&all, i ? "  " : "");
        strbuf_adds(&all, item_line(sheet, &facts->items[i], i, ".name"));
    }
    sheet_bold(sheet, SHEET_SMALL, arena_strdup(sheet->arena, strbuf_text(&all)));
    strbuf_free(&all);
}

void items_list(struct sheet *sheet, const struct receipt_facts *facts)
{
    enum { LISTED = 3 };
    if (facts->item_count > LISTED)
        add_all(sheet, facts);
    for (size_t i = 0; i < facts->item_count; i++) {
        const struct item_note *item = &facts->items[i];
        if (facts->item_count <= LISTED)
            sheet_bold(sheet, SHEET_BODY, item_line(sheet, item, i, ".long"));
        if (item->item_code[0])
            sheet_text(sheet, SHEET_SMALL,
                       sheet_fill(sheet, "receipt.items-code",
                                  (const char *[]){"code", item->item_code, NULL}));
    }
    if (has_no_limit(facts))
        sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "receipt.items-limits-later"));
}

static bool is_for_all(const struct receipt_facts *facts, const struct paper_note *paper)
{
    return paper->items == 0 || paper->items == (1u << facts->item_count) - 1;
}

const char *items_paper(struct sheet *sheet, const struct receipt_facts *facts,
                        const struct paper_note *paper)
{
    const char *name = sheet_own_words(sheet, "paper.", paper->id, ".name");
    struct strbuf items;
    bool any = false;
    if (facts->item_count == 0 || is_for_all(facts, paper))
        return name;
    strbuf_init(&items, NAMES_MAXIMUM);
    for (size_t i = 0; i < facts->item_count; i++) {
        if (!(paper->items & 1u << i))
            continue;
        strbuf_adds(&items, any ? sheet_words(sheet, "common.and-comma") : "");
        strbuf_adds(&items, name_of(sheet, &facts->items[i], ".name"));
        any = true;
    }
    const char *text =
        sheet_fill(sheet, "receipt.items-paper",
                   (const char *[]){"paper", name, "items", strbuf_text(&items), NULL});
    strbuf_free(&items);
    return text;
}
