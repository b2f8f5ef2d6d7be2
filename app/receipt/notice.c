// SPDX-License-Identifier: GPL-3.0-or-later
#include "notice.h"
#include "receipt_items.h"
#include "yimen/base/text.h"
#include "yimen/receipt/receipt.h"
#include <stdio.h>

// How papers were answered: enum paper_answer of session/view.h, by value.
enum { ANSWER_NONE = 0, ANSWER_LATER = 2 };

static const int64_t DAY_MS = 86400000;

// The services of the case: one, or those of its items.
static size_t service_count(const struct receipt_facts *facts)
{
    return facts->item_count ? facts->item_count : 1;
}

static const struct service *service_at(const struct receipt_facts *facts,
                                        const struct catalogue *catalogue, size_t index)
{
    return catalogue_service(catalogue,
                             facts->item_count ? facts->items[index].service : facts->service);
}

// By all of the services that name it.
static bool is_looked_up(const struct receipt_facts *facts, const struct catalogue *catalogue,
                         const char *paper)
{
    bool named = false;
    for (size_t s = 0; s < service_count(facts); s++) {
        const struct service *service = service_at(facts, catalogue, s);
        for (size_t i = 0; service && i < service->paper_count; i++) {
            if (!text_equal(service->papers[i].id, paper))
                continue;
            if (!service->papers[i].checked_by_data)
                return false;
            named = true;
        }
    }
    return named;
}

bool notice_is_missing(const struct receipt_facts *facts, const struct catalogue *catalogue,
                       const struct paper_note *paper)
{
    return (paper->answer == ANSWER_NONE || paper->answer == ANSWER_LATER) &&
           !is_looked_up(facts, catalogue, paper->id);
}

static const char *word_of(struct sheet *sheet, const char *paper, const char *what)
{
    char key[96];
    (void)snprintf(key, sizeof key, "paper.%s.%s", paper, what);
    const char *words = sheet_words(sheet, key);
    return text_equal(words, key) ? "" : words; // a missing text is its key
}

static void add_paper(struct sheet *sheet, const char *paper)
{
    const char *instead = word_of(sheet, paper, "instead");
    sheet_tick(sheet, word_of(sheet, paper, "name"));
    sheet->items[sheet->count - 1].bold = true;
    sheet_text(sheet, SHEET_SMALL, word_of(sheet, paper, "why"));
    if (instead[0])
        sheet_text(
            sheet, SHEET_SMALL,
            sheet_fill(sheet, "notice-sheet.instead", (const char *[]){"instead", instead, NULL}));
    sheet_gap(sheet, 120);
}

// A day that the clock can vouch for, or how many there are, or who will say.
static const char *until(struct sheet *sheet, const struct receipt_facts *facts)
{
    char days[16];
    (void)snprintf(days, sizeof days, "%d", facts->paper_limit_days);
    if (!facts->paper_limit_days)
        return sheet_words(sheet, "notice-sheet.until-told");
    if (facts->saved.quality == TIME_UNKNOWN)
        return sheet_fill(sheet, "notice-sheet.until-days", (const char *[]){"days", days, NULL});
    const char *moment =
        sheet_moment(sheet, facts->saved.utc_ms + facts->paper_limit_days * DAY_MS);
    return sheet_fill(sheet, "notice-sheet.until",
                      (const char *[]){"days", days, "moment", moment, NULL});
}

static bool stands_before(const struct receipt_facts *facts, const struct catalogue *catalogue,
                          size_t before, const char *paper)
{
    for (size_t s = 0; s < before; s++) {
        const struct service *service = service_at(facts, catalogue, s);
        for (size_t i = 0; service && i < service->paper_count; i++)
            if (text_equal(service->papers[i].id, paper))
                return true;
    }
    return false;
}

static void add_never(struct sheet *sheet, const struct receipt_facts *facts,
                      const struct catalogue *catalogue)
{
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "notice-sheet.never"));
    for (size_t s = 0; s < service_count(facts); s++) {
        const struct service *service = service_at(facts, catalogue, s);
        for (size_t i = 0; service && i < service->paper_count; i++) {
            const char *paper = service->papers[i].id;
            if (stands_before(facts, catalogue, s, paper) || !is_looked_up(facts, catalogue, paper))
                continue;
            sheet_text(sheet, SHEET_BODY,
                       sheet_fill(sheet, "notice-sheet.looked-up",
                                  (const char *[]){"paper", word_of(sheet, paper, "name"), NULL}));
        }
    }
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "notice-sheet.never-text"));
}

static void add_foot(struct sheet *sheet, const struct receipt_facts *facts,
                     const struct catalogue *catalogue)
{
    const struct counter *counter = catalogue_counter(catalogue, facts->counter_code);
    sheet_pair(sheet, "notice-sheet.when", until(sheet, facts));
    sheet_pair(sheet, "notice-sheet.where", sheet_words(sheet, "notice-sheet.where-text"));
    sheet_pair(sheet, "notice-sheet.late", sheet_words(sheet, "notice-sheet.late-text"));
    sheet_gap(sheet, 150);
    add_never(sheet, facts, catalogue);
    sheet_gap(sheet, 150);
    if (counter && counter->phone[0])
        sheet_strong_pair(sheet, "receipt.phone", counter->phone);
    sheet_strong_pair(sheet, "receipt.supervision",
                      sheet_words(sheet, "receipt.supervision-number"));
}

void notice_add(struct sheet *sheet, const struct receipt_facts *facts,
                const struct catalogue *catalogue)
{
    size_t missing = 0;
    for (size_t i = 0; i < facts->paper_count; i++)
        missing += notice_is_missing(facts, catalogue, &facts->papers[i]);
    if (!missing)
        return;
    sheet_cut(sheet, sheet_words(sheet, "receipt.cut"));
    sheet_centre(sheet, SHEET_STRONG, true, sheet_words(sheet, "notice-sheet.title"));
    sheet_gap(sheet, 100);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "notice-sheet.whole"));
    sheet_rule(sheet, false);
    char *groups = arena_alloc(sheet->arena, 64);
    receipt_number_groups(facts->number, groups, 64);
    sheet_centre(sheet, SHEET_STRONG, true, groups);
    if (facts->item_count)
        items_list(sheet, facts);
    else
        sheet_strong_pair(sheet, "receipt.item",
                          sheet_own_words(sheet, "service.", facts->service, ".long"));
    sheet_rule(sheet, false);
    for (size_t i = 0; i < facts->paper_count; i++)
        if (notice_is_missing(facts, catalogue, &facts->papers[i]))
            add_paper(sheet, facts->papers[i].id);
    add_foot(sheet, facts, catalogue);
}
