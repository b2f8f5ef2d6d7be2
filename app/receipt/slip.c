// SPDX-License-Identifier: GPL-3.0-or-later
// Information to take home: a measure of the catalogue, or the list of what may fit.
#include "yimen/receipt/slip.h"
#include "sheet.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/content/policy_words.h"
#include <stdio.h>

struct content {
    const struct slip *slip;
    const struct catalogue *catalogue;
    const struct policies *policies;
    struct sheet sheet;
};

static const struct service *service_of(const struct content *content, const struct policy *policy)
{
    return policy->service[0] ? catalogue_service(content->catalogue, policy->service) : NULL;
}

static const struct policy_words *words_of(struct content *content, const struct policy *policy)
{
    const struct when *made = &content->slip->made;
    const struct service *service = service_of(content, policy);
    const struct service_limit *limit =
        service && made->quality != TIME_UNKNOWN ? service_limit_on(service, made->utc_ms) : NULL;
    struct policy_words *words = ARENA_NEW(content->sheet.arena, struct policy_words);
    policy_words(content->policies, policy, service, limit, content->sheet.texts,
                 content->sheet.language, words);
    return words;
}

static void add_head(struct content *content, const char *title)
{
    struct sheet *sheet = &content->sheet;
    sheet_centre(sheet, SHEET_SMALL, false, sheet_words(sheet, "receipt.brand"));
    sheet_gap(sheet, 100);
    sheet_centre(sheet, SHEET_TITLE, true, title);
    sheet_rule(sheet, true);
}

static void add_facts(struct content *content, const struct policy_words *words)
{
    struct sheet *sheet = &content->sheet;
    sheet_pair(sheet, "policy.bring", words->bring);
    sheet_pair(sheet, "policy.where", words->where);
    sheet_pair(sheet, "policy.time", words->time);
    sheet_strong_pair(sheet, "policy.phone", words->phone);
}

static void add_policy(struct content *content, const struct policy *policy)
{
    struct sheet *sheet = &content->sheet;
    const char *language = sheet->language;
    add_head(content, policy_title_in(&policy->title, language));
    sheet_text(sheet, SHEET_BODY, policy_body_in(&policy->text, language));
    sheet_gap(sheet, 150);
    sheet_pair(sheet, "policy.who", policy_line_in(&policy->who, language));
    add_facts(content, words_of(content, policy));
    if (policy->unconfirmed) {
        sheet_gap(sheet, 120);
        sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "policy.unconfirmed"));
    }
    if (policy->example) {
        sheet_gap(sheet, 120);
        sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "policy.example"));
    }
}

static const char *minutes(struct sheet *sheet, const struct service *service)
{
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%d", service->minutes);
    return sheet_fill(sheet, "policy.minutes", (const char *[]){"minutes", digits, NULL});
}

// In the order of the screen: what it is, why, what to bring.
static void add_fit(struct content *content, const struct slip_line *line,
                    const struct policy *policy)
{
    struct sheet *sheet = &content->sheet;
    const struct policy_words *words = words_of(content, policy);
    const struct service *service = service_of(content, policy);
    const char *reason = arena_strdup(sheet->arena, line->reason);
    sheet_bold(sheet, SHEET_STRONG, policy_title_in(&policy->title, sheet->language));
    sheet_text(sheet, SHEET_BODY, reason);
    sheet_pair(sheet, "policy.bring", words->bring);
    if (!service || policy->where.zh[0])
        sheet_pair(sheet, "policy.where", words->where);
    if (service)
        sheet_text(sheet, SHEET_BODY, minutes(sheet, service));
    sheet_rule(sheet, false);
}

static void add_fits(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct slip *slip = content->slip;
    add_head(content, sheet_words(sheet, "fit.title"));
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "fit.advice"));
    sheet_rule(sheet, false);
    for (size_t i = 0; i < slip->count && i < SLIP_LINES; i++) {
        const struct policy *policy = slip->lines[i].policy[0]
                                          ? policies_find(content->policies, slip->lines[i].policy)
                                          : NULL;
        if (policy)
            add_fit(content, &slip->lines[i], policy);
    }
    for (size_t i = 0; i < slip->count && i < SLIP_LINES; i++) {
        if (slip->lines[i].policy[0])
            continue;
        sheet_text(sheet, SHEET_BODY, arena_strdup(sheet->arena, slip->lines[i].reason));
        sheet_gap(sheet, 100);
    }
}

static void add_foot(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct slip *slip = content->slip;
    const struct counter *counter = catalogue_counter(content->catalogue, slip->counter_code);
    sheet_rule(sheet, false);
    if (counter) {
        sheet_pair(sheet, "slip.counter",
                   counter->name[0] ? counter->name : sheet_words(sheet, counter->name_key));
        if (counter->phone[0])
            sheet_pair(sheet, "receipt.phone", counter->phone);
    }
    sheet_pair(sheet, "slip.hotline", sheet_words(sheet, "policy.phone.hotline"));
    if (slip->made.quality != TIME_UNKNOWN)
        sheet_pair(sheet, "slip.printed-at", sheet_moment(sheet, slip->made.utc_ms));
    sheet_gap(sheet, 120);
    if (slip->kind == SLIP_POLICY || slip->kind == SLIP_FIT)
        sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "slip.no-case"));
}

// A label, and room to write below it.
static void add_blank(struct sheet *sheet, const char *label_key, int room)
{
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, label_key));
    sheet_gap(sheet, room);
    sheet_rule(sheet, false);
}

static void add_number(struct content *content, int size)
{
    struct sheet *sheet = &content->sheet;
    char number[RECEIPT_NUMBER_SHOWN];
    receipt_number_show(content->slip->number, number, sizeof number);
    sheet_centre(sheet, size, true, arena_strdup(sheet->arena, number));
}

// The half that the counter keeps, to be entered when the kiosk works again.
static void add_stub(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    sheet_cut(sheet, sheet_words(sheet, "receipt.cut"));
    sheet_centre(sheet, SHEET_STRONG, true, sheet_words(sheet, "hand-slip.stub"));
    add_number(content, SHEET_STRONG);
    sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, "hand-slip.enter"));
    sheet_rule(sheet, false);
    add_blank(sheet, "hand-slip.name", 700);
    add_blank(sheet, "hand-slip.phone", 700);
    add_blank(sheet, "hand-slip.matter", 1400);
    add_blank(sheet, "hand-slip.papers", 1400);
    add_blank(sheet, "hand-slip.received", 700);
    add_blank(sheet, "hand-slip.final", 700);
    sheet_gap(sheet, 400);
}

static void add_hand(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    add_head(content, sheet_words(sheet, "hand-slip.title"));
    add_number(content, SHEET_NUMBER);
    sheet_rule(sheet, false);
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "hand-slip.what"));
    sheet_gap(sheet, 200);
    add_blank(sheet, "hand-slip.matter", 900);
    add_blank(sheet, "hand-slip.received", 700);
    add_blank(sheet, "hand-slip.clerk", 1400);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "hand-slip.ask"));
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "receipt.urgent-danger"));
}

// The counter's own where the district has set one; else the hotline, which is everybody's.
static void add_telephone(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    const struct counter *counter =
        content->catalogue ? catalogue_counter(content->catalogue, content->slip->counter_code)
                           : NULL;
    bool own = counter && counter->phone[0];
    sheet_strong_pair(sheet, own ? "call.phone.counter" : "call.phone.hotline",
                      own ? counter->phone : sheet_words(sheet, "phone.hotline"));
}

// Nothing was saved, and the paper says so: whoever holds it must go on asking.
static void add_unsaved(struct content *content)
{
    struct sheet *sheet = &content->sheet;
    add_head(content, sheet_words(sheet, "unsaved-slip.title"));
    sheet_bold(sheet, SHEET_STRONG, sheet_words(sheet, "unsaved-slip.not-saved"));
    sheet_gap(sheet, 120);
    sheet_text(sheet, SHEET_BODY, sheet_words(sheet, "unsaved-slip.next"));
    sheet_gap(sheet, 120);
    add_telephone(content);
    sheet_gap(sheet, 120);
    sheet_bold(sheet, SHEET_BODY, sheet_words(sheet, "receipt.urgent-danger"));
}

static const char *title_key(enum slip_kind kind)
{
    switch (kind) {
    case SLIP_FIT: return "fit.title";
    case SLIP_HAND: return "hand-slip.title";
    case SLIP_UNSAVED: return "unsaved-slip.title";
    case SLIP_POLICY: break;
    }
    return "slip.title";
}

void slip_compose(const struct slip *slip, const struct texts *texts,
                  const struct catalogue *catalogue, const struct policies *policies,
                  struct arena *arena, struct paper_document *out)
{
    struct content content = {.slip = slip, .catalogue = catalogue, .policies = policies};
    sheet_begin(&content.sheet, texts, slip->language, arena);
    if (slip->kind == SLIP_FIT) {
        add_fits(&content);
    } else if (slip->kind == SLIP_HAND) {
        add_hand(&content);
    } else if (slip->kind == SLIP_UNSAVED) {
        add_unsaved(&content);
    } else {
        const struct policy *policy = policies_find(policies, slip->lines[0].policy);
        if (policy)
            add_policy(&content, policy);
    }
    add_foot(&content);
    if (slip->kind == SLIP_HAND)
        add_stub(&content);
    sheet_end(&content.sheet, title_key(slip->kind), out);
}
