// SPDX-License-Identifier: GPL-3.0-or-later
// What a receipt says, in the order in which an old person needs it: what this is, its number, by
// when, what is still missing, how to ask; the rest below.
#include "yimen/receipt/receipt.h"
#include "notice.h"
#include "receipt_items.h"
#include "sheet.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

// How papers were answered: enum paper_answer of session/view.h, by value.
enum { ANSWER_NONE, ANSWER_SCAN, ANSWER_LATER, ANSWER_CLERK, ANSWER_DISTRICT, ANSWER_CANNOT };

static const char *const ANSWER_KEYS[] = {
    [ANSWER_NONE] = "receipt.paper-answer.none",
    [ANSWER_SCAN] = "receipt.paper-answer.scan",
    [ANSWER_LATER] = "receipt.paper-answer.later",
    [ANSWER_CLERK] = "receipt.paper-answer.clerk",
    [ANSWER_DISTRICT] = "receipt.paper-answer.district",
    [ANSWER_CANNOT] = "receipt.paper-answer.cannot",
};

static const int64_t HOUR_MS = 3600000;

struct content {
    const struct receipt_facts *facts;
    const struct catalogue *catalogue;
    struct sheet sheet;
};

static const char *number_text(struct sheet *sheet, const char *key, const char *name, int value)
{
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%d", value);
    return sheet_fill(sheet, key, (const char *[]){name, digits, NULL});
}

void receipt_number_groups(const char *number, char *out, size_t room)
{
    if (strlen(number) != 21 || strspn(number, "0123456789") != 21) {
        (void)text_copy(out, room, number);
        return;
    }
    (void)snprintf(out, room, "%.6s  %.3s  %.6s\n%.1s  %.4s  %s", number, number + 6, number + 9,
                   number + 15, number + 16, number + 20);
}

static void add_number(struct content *content, int size)
{
    struct sheet *sheet = &content->sheet;
    char *groups = arena_alloc(sheet->arena, 64);
    receipt_number_groups(content->facts->number, groups, 64);
    sheet_centre(sheet, size, true, groups);
}

static void add_head(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    sheet_centre(sheet, SHEET_SMALL, false, sheet_words(sheet, "receipt.brand"));
    sheet_gap(sheet, 100);
    sheet_centre(sheet, SHEET_TITLE, true,
                 sheet_words(sheet, facts->urgent ? "receipt.title-urgent" : "receipt.title"));
    if (facts->print_count > 1) {
        sheet_gap(sheet, 150);
        sheet_box(sheet, true);
        sheet_centre(sheet, SHEET_STRONG, true,
                     number_text(sheet, "receipt.copy", "count", facts->print_count));
        sheet_box_end(sheet);
    }
    sheet_rule(sheet, true);
    sheet_centre(sheet, SHEET_BODY, false, sheet_words(sheet, "receipt.number"));
    add_number(content, SHEET_NUMBER);
    sheet_rule(sheet, false);
}

static void add_applicant(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    sheet_strong_pair(sheet, "receipt.item",
                      sheet_own_words(sheet, "service.", facts->service, ".long"));
    items_list(sheet, facts);
    if (facts->of_number[0])
        sheet_pair(sheet, "receipt.of-number", facts->of_number);
    if (facts->masked_name[0])
        sheet_pair(sheet, "receipt.applicant", facts->masked_name);
    if (facts->masked_id[0])
        sheet_pair(sheet, "receipt.applicant-id", facts->masked_id);
}

static const char *time_or_unconfirmed(struct sheet *sheet, const struct when *when)
{
    return when->quality == TIME_UNKNOWN ? sheet_words(sheet, "receipt.time-unconfirmed")
                                         : sheet_moment(sheet, when->utc_ms);
}

static void add_times(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    if (facts->urgent)
        sheet_pair(sheet, "receipt.first-touch", time_or_unconfirmed(sheet, &facts->first_touch));
    sheet_pair(sheet, "receipt.received-at", time_or_unconfirmed(sheet, &facts->saved));
}

static void add_place(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    const struct counter *counter = catalogue_counter(content->catalogue, facts->counter_code);
    if (counter)
        sheet_pair(sheet, "receipt.counter",
                   counter->name[0] ? counter->name : sheet_words(sheet, counter->name_key));
    sheet_pair(sheet, "receipt.terminal",
               sheet_fill(sheet, "receipt.terminal-number",
                          (const char *[]){"code", facts->counter_code, NULL}));
    if (facts->item_code[0])
        sheet_pair(sheet, "receipt.item-code", facts->item_code);
    items_codes(sheet, facts);
}

// Receipts saved before the figure was kept with them had this one.
static int urgent_hours(const struct receipt_facts *facts)
{
    return facts->limit_hours ? facts->limit_hours : 24;
}

// The promise of an urgent receipt, in a frame; no date where the clock cannot vouch for one.
static void add_deadline(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    int hours = urgent_hours(facts);
    const char *within = number_text(sheet, "receipt.deadline-hours", "hours", hours);
    sheet_gap(sheet, 200);
    sheet_box(sheet, true);
    sheet_centre(sheet, SHEET_BODY, false, sheet_words(sheet, "receipt.deadline"));
    if (facts->first_touch.quality != TIME_UNKNOWN) {
        const char *moment = sheet_moment(sheet, facts->first_touch.utc_ms + hours * HOUR_MS);
        sheet_centre(
            sheet, SHEET_STRONG, true,
            sheet_fill(sheet, "receipt.deadline-by", (const char *[]){"moment", moment, NULL}));
    }
    sheet_centre(sheet, SHEET_BODY, facts->first_touch.quality == TIME_UNKNOWN, within);
    sheet_box_end(sheet);
    sheet_gap(sheet, 200);
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "receipt.urgent-danger"));
}

static void add_code(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    if (!content->facts->qr_text[0])
        return;
    sheet_centre(sheet, SHEET_STRONG, true, sheet_words(sheet, "receipt.qr-note"));
    sheet_qr(sheet, content->facts->qr_text);
    sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "receipt.seal-note"));
    sheet_rule(sheet, false);
}

static bool is_missing(const struct content *content, const struct paper_note *paper)
{
    return notice_is_missing(content->facts, content->catalogue, paper);
}

static const char *paper_line(struct sheet *sheet, const struct receipt_facts *facts,
                              const struct paper_note *paper)
{
    int last = (int)(sizeof ANSWER_KEYS / sizeof ANSWER_KEYS[0]) - 1;
    int answer = paper->answer >= 0 && paper->answer <= last ? paper->answer : ANSWER_NONE;
    if (answer == ANSWER_NONE || answer == ANSWER_LATER) // and yet not missing: never demanded
        answer = ANSWER_DISTRICT;
    return sheet_fill(sheet, "receipt.paper-line",
                      (const char *[]){"paper", items_paper(sheet, facts, paper), "answer",
                                       sheet_words(sheet, ANSWER_KEYS[answer]), NULL});
}

static void add_papers(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    int missing = 0;
    if (facts->paper_count == 0)
        return;
    for (size_t i = 0; i < facts->paper_count; i++)
        missing += is_missing(content, &facts->papers[i]);
    sheet_bold(sheet, SHEET_STRONG,
               missing ? number_text(sheet, "receipt.papers-missing", "count", missing)
                       : sheet_words(sheet, "receipt.papers"));
    sheet_gap(sheet, 80);
    for (size_t i = 0; i < facts->paper_count; i++) {
        if (is_missing(content, &facts->papers[i]))
            sheet_tick(sheet, items_paper(sheet, facts, &facts->papers[i]));
    }
    if (missing) {
        sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "receipt.papers-later"));
        sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "notice-sheet.below"));
    }
    if (missing && (size_t)missing < facts->paper_count)
        sheet_gap(sheet, 120);
    for (size_t i = 0; i < facts->paper_count; i++) {
        if (!is_missing(content, &facts->papers[i]))
            sheet_text(sheet, SHEET_SMALL, paper_line(sheet, facts, &facts->papers[i]));
    }
    sheet_rule(sheet, false);
}

static const char *days_or_later(struct sheet *sheet, int days)
{
    return days > 0 ? number_text(sheet, "receipt.days", "days", days)
                    : sheet_words(sheet, "receipt.limit-to-be-confirmed");
}

static void add_limits(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    if (facts->paper_count == 0)
        sheet_pair(sheet, "receipt.papers", sheet_words(sheet, "receipt.papers-none"));
    if (facts->urgent) {
        sheet_pair(sheet, "receipt.promised-limit",
                   number_text(sheet, "urgent.promise", "hours", urgent_hours(facts)));
    } else {
        if (!items_limits(sheet, facts)) {
            sheet_pair(sheet, "receipt.legal-limit", days_or_later(sheet, facts->legal_limit_days));
            sheet_pair(sheet, "receipt.promised-limit",
                       days_or_later(sheet, facts->promised_limit_days));
        }
        sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "receipt.limit-excludes"));
    }
    sheet_pair(sheet, "receipt.fee", sheet_words(sheet, "receipt.fee-none"));
    sheet_gap(sheet, 120);
}

static void add_paragraph(struct sheet *sheet, const char *heading_key, const char *text_key)
{
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, heading_key));
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, text_key));
    sheet_gap(sheet, 120);
}

// Who left no ID number cannot be asked for the card: then the slip alone is what one asks with.
static bool has_id(const struct content *content)
{
    return content->facts->masked_id[0] != '\0';
}

static void add_ways(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct counter *counter =
        catalogue_counter(content->catalogue, content->facts->counter_code);
    add_paragraph(sheet, "receipt.query",
                  has_id(content) ? "receipt.query-ways" : "receipt.query-ways-slip");
    add_paragraph(sheet, "receipt.delivery", "receipt.delivery-text");
    if (counter && counter->phone[0])
        sheet_strong_pair(sheet, "receipt.phone", counter->phone);
    sheet_strong_pair(sheet, "receipt.supervision",
                      sheet_words(sheet, "receipt.supervision-number"));
    sheet_rule(sheet, false);
}

// A service may say for itself what its slip is for: a referral is given to a school.
static const char *what_it_is(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    char key[96];
    (void)snprintf(key, sizeof key, "service.%s.slip", content->facts->service);
    const char *own = sheet_words(sheet, key);
    if (!text_equal(own, key)) // a missing text is its key
        return own;
    return sheet_words(sheet, content->facts->urgent ? "receipt.not-accepted-urgent"
                                                     : "receipt.not-accepted");
}

static void add_foot(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    sheet_text(sheet, SHEET_BODY, what_it_is(content));
    sheet_gap(sheet, 150);
    sheet_bold(sheet, SHEET_BODY,
               sheet_words(sheet, has_id(content) ? "receipt.second-factor"
                                                  : "receipt.second-factor-slip"));
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "receipt.keep"));
}

// A reminder in the receipt itself, and the sheet to tear off and sign.
static void add_signature_sheet(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    sheet_cut(sheet, sheet_words(sheet, "receipt.cut"));
    sheet_centre(sheet, SHEET_STRONG, true, sheet_words(sheet, "receipt.sheet-title"));
    sheet_gap(sheet, 100);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "receipt.sheet-how"));
    sheet_gap(sheet, 200);
    sheet_centre(sheet, SHEET_BODY, false, sheet_words(sheet, "receipt.number"));
    add_number(content, SHEET_STRONG);
    sheet_rule(sheet, false);
    sheet_strong_pair(sheet, "receipt.item",
                      sheet_own_words(sheet, "service.", content->facts->service, ".long"));
    items_list(sheet, content->facts);
    sheet_gap(sheet, 150);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "commitment.text"));
    sheet_gap(sheet, 100);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "commitment.authorisation"));
    sheet_gap(sheet, 250);
    sheet_box(sheet, false);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "receipt.sheet-sign"));
    sheet_gap(sheet, 1800);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "receipt.sheet-date"));
    sheet_gap(sheet, 700);
    sheet_box_end(sheet);
}

// A paper that is a signature of somebody who is not here has a sentence to sign: it goes home with
// the receipt, with room for several of them.
static void add_paper_sheet(struct content *content, const struct paper_note *paper)
{
    enum { LINES = 3 };
    struct sheet *sheet = &content->sheet;
    char key[96];
    (void)snprintf(key, sizeof key, "paper.%s.sheet", paper->id);
    const char *sentence = sheet_words(sheet, key);
    if (text_equal(sentence, key)) // a missing text is its key
        return;
    sheet_cut(sheet, sheet_words(sheet, "receipt.cut"));
    sheet_centre(sheet, SHEET_STRONG, true, sheet_own_words(sheet, "paper.", paper->id, ".name"));
    sheet_gap(sheet, 100);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "receipt.paper-sheet-how"));
    sheet_gap(sheet, 200);
    sheet_centre(sheet, SHEET_BODY, false, sheet_words(sheet, "receipt.number"));
    add_number(content, SHEET_STRONG);
    sheet_rule(sheet, false);
    sheet_text(sheet, SHEET_BODY, sentence);
    sheet_gap(sheet, 250);
    sheet_box(sheet, false);
    for (int i = 0; i < LINES; i++) {
        sheet_gap(sheet, 700);
        sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "receipt.paper-sheet-line"));
        sheet_gap(sheet, 700);
    }
    sheet_box_end(sheet);
}

static void add_signature_note(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    sheet_gap(sheet, 200);
    sheet_box(sheet, false);
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "receipt.signature-outstanding"));
    sheet_box_end(sheet);
}

void receipt_compose(const struct receipt_facts *facts, const struct texts *texts,
                     const struct catalogue *catalogue, struct arena *arena,
                     struct paper_document *out)
{
    // The document outlives the facts.
    struct receipt_facts *own = ARENA_NEW(arena, struct receipt_facts);
    *own = *facts;
    if (own->paper_count > DRAFT_PAPERS)
        own->paper_count = DRAFT_PAPERS;
    if (own->item_count > DRAFT_ITEMS)
        own->item_count = DRAFT_ITEMS;
    struct content content = {.facts = own, .catalogue = catalogue};
    sheet_begin(&content.sheet, texts, own->language, arena);
    add_head(&content);
    add_applicant(&content);
    add_times(&content);
    if (own->urgent)
        add_deadline(&content);
    if (own->signature_outstanding)
        add_signature_note(&content);
    sheet_rule(&content.sheet, false);
    add_code(&content);
    add_papers(&content);
    add_limits(&content);
    add_ways(&content);
    add_place(&content);
    sheet_rule(&content.sheet, false);
    add_foot(&content);
    notice_add(&content.sheet, own, catalogue);
    if (own->signature_outstanding)
        add_signature_sheet(&content);
    for (size_t i = 0; i < own->paper_count; i++)
        if (is_missing(&content, &own->papers[i]))
            add_paper_sheet(&content, &own->papers[i]);
    sheet_end(&content.sheet, own->urgent ? "receipt.title-urgent" : "receipt.title", out);
}

// Squares that show dead heater dots as white streaks.
static void add_pattern(struct sheet *sheet)
{
    enum { WIDE = 576, HIGH = 96, SQUARE = 32 };
    unsigned char *bits = arena_alloc(sheet->arena, (size_t)WIDE / 8 * HIGH);
    for (int i = 0; i < WIDE / 8 * HIGH; i++) {
        int row = i / (WIDE / 8) / SQUARE, column = i % (WIDE / 8) * 8 / SQUARE;
        bits[i] = (row + column) % 2 ? 0x00 : 0xFF;
    }
    sheet_gap(sheet, 0);
    sheet->items[sheet->count - 1] =
        (struct paper_item){.kind = PAPER_IMAGE, .bits = bits, .width = WIDE, .height = HIGH};
}

void receipt_compose_test(const struct when *now, const struct texts *texts, struct arena *arena,
                          struct paper_document *out)
{
    struct sheet sheet;
    sheet_begin(&sheet, texts, "zh", arena);
    sheet_centre(&sheet, SHEET_SMALL, false, sheet_words(&sheet, "receipt.brand"));
    sheet_centre(&sheet, SHEET_TITLE, true, sheet_words(&sheet, "receipt.sample"));
    sheet_rule(&sheet, true);
    sheet_text(&sheet, SHEET_BODY, sheet_words(&sheet, "receipt.sample-text"));
    sheet_text(&sheet, SHEET_BODY, sheet_moment(&sheet, now->utc_ms));
    sheet_gap(&sheet, 200);
    sheet_text(&sheet, SHEET_SMALL, sheet_words(&sheet, "receipt.test-ruler"));
    sheet_gap(&sheet, 100);
    add_pattern(&sheet);
    sheet_gap(&sheet, 200);
    sheet_qr(&sheet, sheet_words(&sheet, "receipt.test-code"));
    sheet_end(&sheet, "receipt.sample", out);
}
