// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/receipt/day_report.h"
#include "sheet.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

enum { LINE_DIGITS = 32 };

const char *const day_states[DAY_STATES] = {"saved", "sending",     "retry",  "received",
                                            "held",  "quarantined", "pruned", "unverified"};

void day_report_add(struct day_report *report, const char *service, const char *state)
{
    size_t at = 0;
    while (at < report->count && !text_equal(report->services[at].service, service))
        at++;
    if (at == report->count && at < DAY_SERVICES)
        text_copy(report->services[report->count++].service, sizeof report->services[0].service,
                  service);
    at = at < DAY_SERVICES ? at : DAY_SERVICES - 1;
    for (size_t i = 0; i < DAY_STATES; i++)
        report->services[at].states[i] += text_equal(day_states[i], state);
}

static const char *number(struct sheet *sheet, int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    return arena_strdup(sheet->arena, text);
}

static void add_service(struct sheet *sheet, const struct day_count *count)
{
    sheet_bold(sheet, SHEET_BODY, sheet_own_words(sheet, "service.", count->service, ".name"));
    for (size_t i = 0; i < DAY_STATES; i++) {
        char key[48];
        (void)snprintf(key, sizeof key, "state.%s", day_states[i]);
        if (count->states[i] > 0)
            sheet_pair(sheet, arena_strdup(sheet->arena, key), number(sheet, count->states[i]));
    }
    sheet_gap(sheet, 100);
}

// In lines that need no hyphen, which would look like part of it.
static void add_lines(struct sheet *sheet, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, " ");
        char line[LINE_DIGITS + 1];
        length = length > LINE_DIGITS ? LINE_DIGITS : length;
        (void)snprintf(line, sizeof line, "%.*s", (int)length, text);
        sheet_text(sheet, SHEET_SMALL, arena_strdup(sheet->arena, line));
        text += length + (text[length] == ' ');
    }
}

// The code without its first word, which would make it too large; both are taken by `audit verify`.
static void add_head(struct sheet *sheet, const struct day_report *report)
{
    const char *entries[] = {"entries", number(sheet, report->entries), NULL};
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "day.head"));
    sheet_text(sheet, SHEET_SMALL, sheet_fill(sheet, "day.head-about", entries));
    sheet_qr(sheet, report->head + strcspn(report->head, " ") + 1);
    add_lines(sheet, report->head);
}

void day_report_compose(const struct day_report *report, const struct texts *texts,
                        const char *language, struct arena *arena, struct paper_document *out)
{
    struct sheet sheet;
    sheet_begin(&sheet, texts, language, arena);
    sheet_centre(&sheet, SHEET_SMALL, false, sheet_words(&sheet, "receipt.brand"));
    sheet_centre(&sheet, SHEET_TITLE, true, sheet_words(&sheet, "day.title"));
    sheet_rule(&sheet, true);
    sheet_pair(&sheet, "day.date", report->date);
    sheet_pair(&sheet, "day.counter", report->counter);
    sheet_pair(&sheet, "day.printed", sheet_moment(&sheet, report->printed_utc_ms));
    sheet_rule(&sheet, false);
    for (size_t i = 0; i < report->count; i++)
        add_service(&sheet, &report->services[i]);
    if (report->count == 0)
        sheet_text(&sheet, SHEET_BODY, sheet_words(&sheet, "day.none"));
    sheet_rule(&sheet, false);
    sheet_strong_pair(&sheet, "day.unsent", number(&sheet, report->unsent));
    sheet_strong_pair(&sheet, "day.calls", number(&sheet, report->open_calls));
    sheet_rule(&sheet, false);
    add_head(&sheet, report);
    sheet_gap(&sheet, 400);
    sheet_pair(&sheet, "day.clerk", "______________");
    sheet_end(&sheet, "day.title", out);
}
