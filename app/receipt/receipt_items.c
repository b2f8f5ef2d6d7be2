// SPDX-License-Identifier: GPL-3.0-or-later
#include "receipt_items.h"

#include "yimen/base/strbuf.h"
#include <stdio.h>

enum { NAMES_MAXIMUM = 1024 };

static const char *name_of(struct sheet *sheet, const struct item_note *item, const char *length)
{
    return sheet_own_words(sheet, "service.", item->service, length);
}

void items_list(struct sheet *sheet, const struct receipt_facts *facts)
{
    for (size_t i = 0; i < facts->item_count; i++) {
        char number[24];
        (void)snprintf(number, sizeof number, "%zu", i + 1);
        sheet_bold(sheet, SHEET_BODY,
                   sheet_fill(sheet, "receipt.items-line",
                              (const char *[]){"number", number, "item",
                                               name_of(sheet, &facts->items[i], ".long"), NULL}));
    }
    if (facts->item_count > 0)
        sheet_gap(sheet, 100);
}

static const char *days(struct sheet *sheet, int count)
{
    char digits[16];
    if (count <= 0)
        return sheet_words(sheet, "receipt.limit-to-be-confirmed");
    (void)snprintf(digits, sizeof digits, "%d", count);
    return sheet_fill(sheet, "receipt.days", (const char *[]){"days", digits, NULL});
}

bool items_limits(struct sheet *sheet, const struct receipt_facts *facts)
{
    for (size_t i = 0; i < facts->item_count; i++) {
        const struct item_note *item = &facts->items[i];
        sheet_bold(sheet, SHEET_BODY, name_of(sheet, item, ".long"));
        sheet_text(
            sheet, SHEET_BODY,
            sheet_fill(sheet, "receipt.items-limit",
                       (const char *[]){"legal", days(sheet, item->legal_limit_days), "promised",
                                        days(sheet, item->promised_limit_days), NULL}));
    }
    return facts->item_count > 0;
}

void items_codes(struct sheet *sheet, const struct receipt_facts *facts)
{
    for (size_t i = 0; i < facts->item_count; i++)
        if (facts->items[i].item_code[0])
            sheet_text(
                sheet, SHEET_SMALL,
                sheet_fill(sheet, "receipt.items-code",
                           (const char *[]){"item", name_of(sheet, &facts->items[i], ".name"),
                                            "code", facts->items[i].item_code, NULL}));
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
