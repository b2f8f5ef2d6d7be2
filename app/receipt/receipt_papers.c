// SPDX-License-Identifier: GPL-3.0-or-later
#include "receipt_papers.h"
#include "receipt_items.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"
#include <stdio.h>

enum {
    EXPLAINED = 3, // so many have room for a line each and for what may stand in
    LISTED = 5,    // and so many for the ordinary size
    NAMES_MAXIMUM = 2048,
};

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

static bool was_put_off(const struct paper_note *paper)
{
    return paper->answer == PAPER_ANSWER_NONE || paper->answer == PAPER_ANSWER_LATER;
}

bool papers_is_missing(const struct receipt_facts *facts, const struct catalogue *catalogue,
                       const struct paper_note *paper)
{
    return was_put_off(paper) && !is_looked_up(facts, catalogue, paper->id);
}

size_t papers_missing(const struct receipt_facts *facts, const struct catalogue *catalogue)
{
    size_t missing = 0;
    for (size_t i = 0; i < facts->paper_count; i++)
        missing += papers_is_missing(facts, catalogue, &facts->papers[i]);
    return missing;
}

// What became of a paper that is not missing; one that nobody brought is looked up, and only that.
static int answer_of(const struct paper_note *paper)
{
    bool is_known = paper->answer == PAPER_ANSWER_SCAN || paper->answer == PAPER_ANSWER_CLERK ||
                    paper->answer == PAPER_ANSWER_CANNOT;
    return is_known ? paper->answer : PAPER_ANSWER_DISTRICT;
}

// A day that the clock can vouch for, or how many there are, or who will say.
static const char *until(struct sheet *sheet, const struct receipt_facts *facts)
{
    char days[16];
    (void)snprintf(days, sizeof days, "%d", facts->paper_limit_days);
    if (!facts->paper_limit_days)
        return sheet_words(sheet, "receipt.papers-until-told");
    if (facts->saved.quality == TIME_UNKNOWN)
        return sheet_fill(sheet, "receipt.papers-until-days", (const char *[]){"days", days, NULL});
    const char *moment = sheet_day(sheet, facts->saved.utc_ms + facts->paper_limit_days * DAY_MS);
    return sheet_fill(sheet, "receipt.papers-until",
                      (const char *[]){"days", days, "moment", moment, NULL});
}

static void add_one(struct sheet *sheet, const struct receipt_facts *facts,
                    const struct paper_note *paper)
{
    const char *instead = sheet_words_if(sheet, "paper.", paper->id, ".instead");
    sheet_tick(sheet, items_paper(sheet, facts, paper));
    if (instead)
        sheet_text(sheet, SHEET_SMALL,
                   sheet_fill(sheet, "receipt.papers-instead",
                              (const char *[]){"instead", instead, NULL}));
    sheet_gap(sheet, 60);
}

struct listing {
    const struct receipt_facts *facts;
    const struct catalogue *catalogue;
    bool missing; // those, or those that were answered so:
    int answer;
};

static bool is_listed(const struct listing *listing, const struct paper_note *paper)
{
    bool missing = papers_is_missing(listing->facts, listing->catalogue, paper);
    return listing->missing ? missing : !missing && answer_of(paper) == listing->answer;
}

// Their names, one after the other; NULL: there are none.
static const char *names(struct sheet *sheet, const struct listing *listing)
{
    struct strbuf out;
    strbuf_init(&out, NAMES_MAXIMUM);
    for (size_t i = 0; i < listing->facts->paper_count; i++) {
        const struct paper_note *paper = &listing->facts->papers[i];
        if (!is_listed(listing, paper))
            continue;
        if (listing->missing)
            strbuf_adds(&out, out.length ? "  \xE2\x96\xA1 " : "\xE2\x96\xA1 "); // a box to tick
        else
            strbuf_adds(&out, out.length ? sheet_words(sheet, "common.and-comma") : "");
        strbuf_adds(&out, sheet_own_words(sheet, "paper.", paper->id, ".name"));
    }
    const char *text = out.length ? arena_strdup(sheet->arena, strbuf_text(&out)) : NULL;
    strbuf_free(&out);
    return text;
}

static void add_missing(struct sheet *sheet, const struct receipt_facts *facts,
                        const struct catalogue *catalogue, size_t missing)
{
    char count[24];
    const struct listing all = {facts, catalogue, true, 0};
    (void)snprintf(count, sizeof count, "%zu", missing);
    sheet_bold(sheet, SHEET_STRONG,
               sheet_fill(sheet, "receipt.papers-missing", (const char *[]){"count", count, NULL}));
    if (missing > EXPLAINED)
        sheet_text(sheet, missing > LISTED ? SHEET_SMALL : SHEET_BODY, names(sheet, &all));
    for (size_t i = 0; missing <= EXPLAINED && i < facts->paper_count; i++)
        if (papers_is_missing(facts, catalogue, &facts->papers[i]))
            add_one(sheet, facts, &facts->papers[i]);
    if (missing > EXPLAINED)
        sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "receipt.papers-more"));
    sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "receipt.papers-later"));
    sheet_text(sheet, SHEET_SMALL, until(sheet, facts));
}

static void add_answered(struct sheet *sheet, const struct receipt_facts *facts,
                         const struct catalogue *catalogue)
{
    static const struct {
        int answer;
        const char *key;
    } lines[] = {{PAPER_ANSWER_SCAN, "receipt.papers-scan"},
                 {PAPER_ANSWER_CLERK, "receipt.papers-clerk"},
                 {PAPER_ANSWER_CANNOT, "receipt.papers-cannot"},
                 {PAPER_ANSWER_DISTRICT, "receipt.papers-district"}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct listing those = {facts, catalogue, false, lines[i].answer};
        const char *papers = names(sheet, &those);
        if (papers)
            sheet_text(sheet, SHEET_SMALL,
                       sheet_fill(sheet, lines[i].key, (const char *[]){"papers", papers, NULL}));
    }
}

void papers_add(struct sheet *sheet, const struct receipt_facts *facts,
                const struct catalogue *catalogue)
{
    size_t missing = papers_missing(facts, catalogue);
    if (facts->paper_count == 0)
        return;
    if (missing)
        add_missing(sheet, facts, catalogue, missing);
    else
        sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "receipt.papers-whole"));
    add_answered(sheet, facts, catalogue);
    sheet_rule(sheet, false);
}
