// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/receipt/ticket_slip.h"

#include "sheet.h"
#include <stdio.h>

static void add_facts(struct sheet *sheet, const struct ticket_slip *slip,
                      const struct catalogue *catalogue)
{
    const struct counter *counter = catalogue_counter(catalogue, slip->counter);
    const char *place = !counter               ? slip->counter
                        : counter->name_key[0] ? sheet_words(sheet, counter->name_key)
                                               : counter->name;
    char name_key[64];
    if (slip->service[0]) {
        (void)snprintf(name_key, sizeof name_key, "service.%s.name", slip->service);
        sheet_pair(sheet, "ticket-slip.service", sheet_words(sheet, name_key));
    }
    sheet_pair(sheet, "ticket-slip.counter", arena_strdup(sheet->arena, place));
    sheet_strong_pair(sheet, "ticket-slip.until", sheet_moment(sheet, slip->expires_utc_ms));
}

void ticket_slip_compose(const struct ticket_slip *slip, const struct texts *texts,
                         const struct catalogue *catalogue, struct arena *arena,
                         struct paper_document *out)
{
    struct sheet sheet;
    sheet_begin(&sheet, texts, slip->language, arena);
    sheet_centre(&sheet, SHEET_SMALL, false, sheet_words(&sheet, "receipt.brand"));
    sheet_centre(&sheet, SHEET_TITLE, true, sheet_words(&sheet, "ticket-slip.title"));
    sheet_rule(&sheet, true);
    sheet_bold(&sheet, SHEET_STRONG, sheet_words(&sheet, "ticket-slip.what"));
    sheet_gap(&sheet, 200);
    add_facts(&sheet, slip, catalogue);
    sheet_gap(&sheet, 300);
    sheet_qr(&sheet, arena_strdup(arena, slip->qr_text));
    sheet_gap(&sheet, 200);
    sheet_text(&sheet, SHEET_BODY, sheet_words(&sheet, "ticket-slip.scan"));
    if (slip->typed[0]) {
        sheet_text(&sheet, SHEET_BODY, sheet_words(&sheet, "ticket-slip.type"));
        sheet_centre(&sheet, SHEET_STRONG, true, arena_strdup(arena, slip->typed));
    }
    sheet_text(&sheet, SHEET_BODY,
               sheet_words(&sheet, slip->chosen_code ? "ticket-slip.chosen-code"
                                                     : "ticket-slip.last-four"));
    sheet_rule(&sheet, false);
    sheet_text(&sheet, SHEET_SMALL, sheet_words(&sheet, "ticket-slip.not-yet"));
    sheet_text(&sheet, SHEET_SMALL, sheet_words(&sheet, "ticket-slip.spent"));
    sheet_end(&sheet, "ticket-slip.title", out);
}
