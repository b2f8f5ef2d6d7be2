// SPDX-License-Identifier: GPL-3.0-or-later
// What a receipt says, in the order in which an old person needs it: what this is, its number, by
// when, what is still missing, how to ask; the rest below.
#include "yimen/receipt/receipt.h"
#include "receipt_items.h"
#include "receipt_papers.h"
#include "receipt_sheets.h"
#include "sheet.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include <stdio.h>
#include <string.h>

static const int64_t HOUR_MS = 3600000;

struct content {
    const struct receipt_facts *facts;
    const struct catalogue *catalogue;
    const struct service *service; // NULL: of several items, a correction
    struct sheet sheet;
};

static const char *number_text(struct sheet *sheet, const char *key, const char *name, int value)
{
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%d", value);
    return sheet_fill(sheet, key, (const char *[]){name, digits, NULL});
}

static const char *own_or(struct content *content, const char *what, const char *key)
{
    const char *own = sheet_words_if(&content->sheet, "service.", content->facts->service, what);
    return own ? own : sheet_words(&content->sheet, key);
}

static void add_head(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    char number[RECEIPT_NUMBER_SHOWN];
    sheet_centre(sheet, SHEET_SMALL, false, sheet_words(sheet, "receipt.brand"));
    sheet_centre(
        sheet, SHEET_TITLE, true,
        own_or(content, ".slip-title", facts->urgent ? "receipt.title-urgent" : "receipt.title"));
    sheet_rule(sheet, true);
    receipt_number_show(facts->number, number, sizeof number);
    if (facts->print_count > 1)
        sheet_centre(sheet, SHEET_BODY, true,
                     number_text(sheet, "receipt.copy", "count", facts->print_count));
    else
        sheet_centre(sheet, SHEET_SMALL, false, sheet_words(sheet, "receipt.number"));
    sheet_centre(sheet, SHEET_NUMBER, true, arena_strdup(sheet->arena, number));
    sheet_rule(sheet, false);
}

// What a school or another office must be able to read stands in full, in place of the mask.
static void add_lines(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    for (size_t i = 0; i < facts->line_count; i++) {
        struct paper_item *item;
        sheet_pair(sheet, "receipt.applicant", facts->lines[i].text);
        item = &sheet->items[sheet->count - 1];
        item->label = sheet_own_words(sheet, "receipt.line-", facts->lines[i].label, "");
    }
}

// A fact of the person or the time; below a list of items in a line, as they are, for its length.
static void add_fact(struct content *content, const char *label_key, const char *value)
{
    struct sheet *sheet = &content->sheet;
    const char *label = sheet_words(sheet, label_key);
    if (content->facts->item_count > 0)
        sheet_text(sheet, SHEET_SMALL,
                   sheet_fill(sheet, "receipt.fact",
                              (const char *[]){"label", label, "value", value, NULL}));
    else
        sheet_pair(sheet, label_key, value);
}

static void add_person(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    const char *name = facts->line_count ? "" : facts->masked_name;
    if (name[0] && facts->masked_id[0])
        add_fact(content, "receipt.applicant",
                 sheet_fill(sheet, "receipt.applicant-line",
                            (const char *[]){"name", name, "id", facts->masked_id, NULL}));
    else if (name[0])
        add_fact(content, "receipt.applicant", name);
    else if (facts->masked_id[0])
        add_fact(content, "receipt.applicant-id", facts->masked_id);
}

// Each in a frame, as its sign stands in the name, side by side.
static void add_pictures(struct sheet *sheet, const char *pictures, size_t count)
{
    enum { CELL = DRAWN_SIDE / 8, GAP = 2, FRAME = DRAWN_SIDE - 1 };
    size_t row = count * (CELL + GAP);
    uint8_t one[DRAWN_BYTES];
    unsigned char *bits = arena_alloc(sheet->arena, row * DRAWN_SIDE);
    memset(bits, 0, row * DRAWN_SIDE);
    for (size_t i = 0; i < count; i++) {
        if (!drawn_bits(pictures, i, one))
            continue;
        for (size_t y = 0; y < DRAWN_SIDE; y++) {
            unsigned char *to = bits + y * row + i * (CELL + GAP);
            memcpy(to, one + y * CELL, CELL);
            to[0] |= 0x80;
            to[CELL - 1] |= 0x01;
            if (y == 0 || y == FRAME)
                memset(to, 0xFF, CELL);
        }
    }
    sheet_gap(sheet, 0);
    sheet->items[sheet->count - 1] = (struct paper_item){
        .kind = PAPER_IMAGE, .bits = bits, .width = (int)row * 8, .height = DRAWN_SIDE};
}

static bool all_drawn(const char *pictures, size_t count)
{
    uint8_t bits[DRAWN_BYTES];
    for (size_t i = 0; i < count; i++)
        if (!drawn_bits(pictures, i, bits))
            return false;
    return true;
}

// The characters that stand as empty squares in the names, as their owner wrote them.
static void add_drawn(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    size_t signs = facts->line_count ? 0 : drawn_signs(facts->masked_name);
    for (size_t i = 0; i < facts->line_count; i++)
        signs += drawn_signs(facts->lines[i].text);
    size_t count = drawn_count(facts->drawn) < signs ? drawn_count(facts->drawn) : signs;
    bool whole = all_drawn(facts->drawn, count);
    if (count > 0 && whole) {
        sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "receipt.drawn"));
        add_pictures(sheet, facts->drawn, count);
    }
    if (signs > count || !whole)
        sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "receipt.drawn-missing"));
}

static void add_applicant(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    char number[RECEIPT_NUMBER_SHOWN];
    if (facts->item_count == 0)
        sheet_strong_pair(sheet, "receipt.item",
                          sheet_own_words(sheet, "service.", facts->service, ".long"));
    items_list(sheet, facts);
    if (facts->item_code[0])
        sheet_pair(sheet, "receipt.item-code", facts->item_code);
    receipt_number_show(facts->of_number, number, sizeof number);
    if (facts->of_number[0])
        sheet_pair(sheet, "receipt.of-number", arena_strdup(sheet->arena, number));
    add_lines(content);
    add_person(content);
    add_drawn(content);
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
    add_fact(content, "receipt.received-at", time_or_unconfirmed(sheet, &facts->saved));
}

static void add_place(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    const struct counter *counter = catalogue_counter(content->catalogue, facts->counter_code);
    const char *name = !counter           ? ""
                       : counter->name[0] ? counter->name
                                          : sheet_words(sheet, counter->name_key);
    sheet_text(sheet, SHEET_SMALL,
               sheet_fill(sheet, "receipt.counter-terminal",
                          (const char *[]){"counter", name, "code", facts->counter_code, NULL}));
}

// Receipts saved before the figure was kept with them had this one.
static int urgent_hours(const struct receipt_facts *facts)
{
    return facts->limit_hours ? facts->limit_hours : 24;
}

// What an urgent case is promised, in a frame; no date where the clock cannot vouch for one.
static void add_deadline(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    int hours = urgent_hours(facts);
    sheet_gap(sheet, 150);
    sheet_box(sheet, true);
    sheet_bold(sheet, SHEET_BODY, number_text(sheet, "urgent.promise", "hours", hours));
    if (facts->first_touch.quality != TIME_UNKNOWN) {
        const char *moment = sheet_moment(sheet, facts->first_touch.utc_ms + hours * HOUR_MS);
        sheet_text(
            sheet, SHEET_BODY,
            sheet_fill(sheet, "receipt.deadline-by", (const char *[]){"moment", moment, NULL}));
    }
    sheet_box_end(sheet);
    sheet_gap(sheet, 150);
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "receipt.urgent-danger"));
}

static void add_code(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    if (!content->facts->qr_text[0])
        return;
    sheet_centre(sheet, SHEET_BODY, true, sheet_words(sheet, "receipt.qr-note"));
    sheet_qr(sheet, content->facts->qr_text);
    sheet_rule(sheet, false);
}

// What of this service is not counted in its limits.
static const char *excluded(struct content *content, const char *limits)
{
    const char *words =
        sheet_words_if(&content->sheet, "service.", content->facts->service, ".limit-excludes");
    return limits && words ? words : "";
}

// Whoever applies is told both limits, and that it costs nothing.
static void add_limits(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct receipt_facts *facts = content->facts;
    const struct service *service = content->service;
    bool has_limits = facts->item_count == 0 && !facts->urgent && !(service && service->linked);
    if (service && service->type == RECEIPT_TYPE_REPORT) // costs nothing, has no time limit
        return;
    const char *fee = sheet_words(sheet, "receipt.fee-none");
    const char *limits = items_limits(sheet, facts->legal_limit_days, facts->promised_limit_days);
    if (has_limits)
        fee = sheet_fill(
            sheet, "receipt.limits-and-fee",
            (const char *[]){"limits",
                             limits ? limits : sheet_words(sheet, "receipt.limit-to-be-confirmed"),
                             "excludes", excluded(content, limits), "fee", fee, NULL});
    sheet_text(sheet, SHEET_SMALL, fee);
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
    if (counter && counter->phone[0])
        sheet_strong_pair(sheet, "receipt.phone", counter->phone);
    sheet_strong_pair(sheet, "receipt.supervision",
                      sheet_words(sheet, "receipt.supervision-number"));
    add_place(content);
    sheet_rule(sheet, false);
}

// What opens the case again, of which nothing is on the paper. Receipts that were kept before it
// was told apart have a number, or nothing.
static const char *factor_key(const struct content *content)
{
    static const char *const keys[FACTOR_KINDS] = {
        [FACTOR_NONE] = "receipt.second-factor-slip",
        [FACTOR_NUMBER] = "receipt.second-factor",
        [FACTOR_PHONE] = "receipt.second-factor-phone",
        [FACTOR_CHOSEN] = "receipt.second-factor-chosen",
    };
    int kind = content->facts->factor_kind;
    bool told = kind > FACTOR_NONE && kind < FACTOR_KINDS;
    if (!told && content->facts->of_number[0]) // it opens as what it belongs to does
        return "receipt.second-factor-as-before";
    return keys[told ? kind : has_id(content) ? FACTOR_NUMBER : FACTOR_NONE];
}

// What happens next differs from service to service: that stands on the tracking page.
static void add_foot(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    sheet_text(
        sheet, SHEET_SMALL,
        own_or(content, ".slip",
               content->facts->urgent ? "receipt.not-accepted-urgent" : "receipt.not-accepted"));
    sheet_bold(sheet, SHEET_SMALL, sheet_words(sheet, factor_key(content)));
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
    if (own->line_count > RECEIPT_LINES)
        own->line_count = RECEIPT_LINES;
    struct content content = {.facts = own,
                              .catalogue = catalogue,
                              .service = catalogue_service(catalogue, own->service)};
    sheet_begin(&content.sheet, texts, own->language, arena);
    add_head(&content);
    add_applicant(&content);
    add_times(&content);
    if (own->urgent)
        add_deadline(&content);
    sheet_rule(&content.sheet, false);
    add_code(&content);
    papers_add(&content.sheet, own, catalogue);
    add_limits(&content);
    add_ways(&content);
    add_foot(&content);
    sheets_add(&content.sheet, own, catalogue);
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
    sheet_text(&sheet, SHEET_BODY, time_or_unconfirmed(&sheet, now));
    sheet_gap(&sheet, 200);
    sheet_text(&sheet, SHEET_SMALL, sheet_words(&sheet, "receipt.test-ruler"));
    sheet_gap(&sheet, 100);
    add_pattern(&sheet);
    sheet_gap(&sheet, 200);
    sheet_qr(&sheet, sheet_words(&sheet, "receipt.test-code"));
    sheet_end(&sheet, "receipt.sample", out);
}
