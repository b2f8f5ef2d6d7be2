// SPDX-License-Identifier: GPL-3.0-or-later
// What the paper says of papers: every one of every service in every language that is still to
// come; nothing that only a clerk can say later; nothing that the district looks up. And how long
// the paper is: with everything missing and nothing signed, no service needs more than 30 cm.
#include "unit/receipt/samples.h"
#include "yimen/base/text.h"
#include "yimen/receipt/receipt.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { SCAN = 1, LATER, CLERK, DISTRICT, CANNOT, LANGUAGE_COUNT = 3 };
enum { LONGEST_MM = 300, DOTS_PER_INCH = 203, PWG_ROOM = 8 << 20, EXPLAINED = 3 };
static const char *const LANGUAGES[LANGUAGE_COUNT] = {"zh", "en", "ko"};
static struct bench BENCH;

static int open_bench(void **state)
{
    bench_open(&BENCH);
    *state = &BENCH;
    return 0;
}

static int close_bench(void **state)
{
    bench_close(*state);
    return 0;
}

static struct receipt_facts with_papers(const struct service *service, const char *language,
                                        int answer)
{
    struct receipt_facts facts = sample_application(language);
    text_copy(facts.service, sizeof facts.service, service->id);
    facts.paper_count = service->paper_count;
    for (size_t i = 0; i < service->paper_count; i++) {
        facts.papers[i] = (struct paper_note){.answer = answer};
        text_copy(facts.papers[i].id, sizeof facts.papers[i].id, service->papers[i].id);
    }
    return facts;
}

static struct paper_document compose(const struct receipt_facts *facts)
{
    struct paper_document document;
    receipt_compose(facts, BENCH.texts, BENCH.catalogue, BENCH.arena, &document);
    return document;
}

static const char *word(const char *language, const char *key)
{
    return texts_get(BENCH.texts, language, key);
}

static const char *paper_word(const char *language, const char *paper, const char *what)
{
    char key[96];
    snprintf(key, sizeof key, "paper.%s.%s", paper, what);
    const char *words = word(language, key);
    if (text_equal(words, key))
        fail_msg("there is no %s in %s", key, language);
    return words;
}

static bool says(const struct paper_document *document, const char *words)
{
    for (size_t i = 0; i < document->count; i++)
        if (document->items[i].text && strstr(document->items[i].text, words))
            return true;
    return false;
}

static size_t demanded_of(const struct service *service)
{
    size_t count = 0;
    for (size_t i = 0; i < service->paper_count; i++)
        count += !service->papers[i].checked_by_data;
    return count;
}

static void check(const struct service *service, const char *language)
{
    struct receipt_facts facts = with_papers(service, language, LATER);
    struct paper_document document = compose(&facts);
    size_t demanded = demanded_of(service), ticks = 0;
    for (size_t i = 0; i < document.count; i++)
        ticks += document.items[i].kind == PAPER_TICK;
    assert_int_equal(ticks, demanded <= EXPLAINED ? demanded : 0);
    for (size_t i = 0; i < service->paper_count; i++) {
        const struct service_paper *paper = &service->papers[i];
        assert_true(says(&document, paper_word(language, paper->id, "name")));
        if (!paper->checked_by_data && demanded <= EXPLAINED)
            assert_true(says(&document, paper_word(language, paper->id, "instead")));
    }
    if (demanded > EXPLAINED)
        assert_true(says(&document, word(language, "receipt.papers-more")));
    assert_false(says(&document, "receipt."));
    assert_false(says(&document, "{"));
}

static void every_service_tells_all_its_papers(void **state)
{
    (void)state;
    size_t services = catalogue_service_count(BENCH.catalogue);
    for (size_t i = 0; i < services; i++)
        for (int l = 0; l < LANGUAGE_COUNT; l++)
            check(catalogue_service_at(BENCH.catalogue, i), LANGUAGES[l]);
}

// A paper stands in one place only: copied here, or scanned, or looked up.
static void what_was_copied_is_not_also_looked_up(void **state)
{
    (void)state;
    static const int answers[] = {SCAN, LATER, CLERK, DISTRICT, CANNOT};
    const struct service *service = catalogue_service(BENCH.catalogue, "minimum-living");
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct receipt_facts facts = with_papers(service, "zh", LATER);
        facts.papers[0].answer = answers[i]; // the ID card
        struct paper_document document = compose(&facts);
        size_t once = 0; // the line of how to ask names the ID card too
        for (size_t l = 0; l < document.count; l++)
            once += document.items[l].text && document.items[l].kind != PAPER_QR &&
                    !text_equal(document.items[l].text, word("zh", "receipt.second-factor")) &&
                    strstr(document.items[l].text, word("zh", "paper.id-card.name")) != NULL;
        assert_int_equal(once, 1);
    }
}

static const char *const only_a_clerk_can_say[] = {"不会再要", "会停下", "全在这里", "打电话给您",
                                                   "会打电话"};

// Before a clerk has looked nobody knows what else is needed, and a consent that is not there
// stops nothing.
static void nothing_is_said_that_only_a_clerk_can_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalogue_service_count(BENCH.catalogue); i++) {
        const struct service *service = catalogue_service_at(BENCH.catalogue, i);
        struct receipt_facts facts = with_papers(service, "zh", LATER);
        struct paper_document document = compose(&facts);
        for (size_t w = 0; w < sizeof only_a_clerk_can_say / sizeof only_a_clerk_can_say[0] - 2;
             w++)
            assert_false(says(&document, only_a_clerk_can_say[w]));
        if (service->paper_count && demanded_of(service))
            assert_true(says(&document, word("zh", "receipt.papers-later")));
    }
}

static void the_last_day_is_said_only_where_the_district_has_set_one(void **state)
{
    (void)state;
    const struct service *service = catalogue_service(BENCH.catalogue, "minimum-living");
    struct receipt_facts facts = with_papers(service, "zh", LATER);
    struct paper_document document = compose(&facts);
    assert_true(says(&document, word("zh", "receipt.papers-until-told")));
    facts.paper_limit_days = 5;
    document = compose(&facts);
    assert_true(says(&document, "2026年11月28日")); // saved on the 23rd
    facts.saved.quality = TIME_UNKNOWN;
    document = compose(&facts);
    assert_false(says(&document, "2026年11月28日"));
    assert_true(says(&document, "5 天"));
}

// ------------------------------------------------------------------ how long it is

static int length_mm(const struct receipt_facts *facts)
{
    struct paper_output out = {0};
    strbuf_init(&out.pwg, PWG_ROOM);
    sample_render(&BENCH, facts, &out);
    int mm = (int)((double)out.height_dots * 25.4 / DOTS_PER_INCH + 0.5);
    assert_true(out.pwg.length > 0);
    strbuf_free(&out.pwg);
    return mm;
}

// Everything that makes it longer: every paper put off, nothing signed, printed again, belonging to
// another, each line of a slip.
static struct receipt_facts longest(const struct service *service, const char *language)
{
    struct receipt_facts facts = with_papers(service, language, LATER);
    facts.print_count = 12;
    facts.signature_outstanding = service->needs_signature;
    facts.urgent = service->urgent;
    facts.limit_hours = service->limit_hours;
    facts.paper_limit_days = 15;
    facts.item_code[0] = '\0';
    if (service->limit_count)
        facts.legal_limit_days = facts.promised_limit_days = 60;
    if (service->linked)
        text_copy(facts.of_number, sizeof facts.of_number, "370212001261123148217");
    text_copy(facts.masked_name, sizeof facts.masked_name, "欧阳****");
    facts.line_count = service->slip_line_count;
    for (size_t i = 0; i < facts.line_count; i++) {
        text_copy(facts.lines[i].label, sizeof facts.lines[i].label, service->slip_lines[i].label);
        text_copy(facts.lines[i].text, sizeof facts.lines[i].text,
                  "青岛市崂山区示例路第一实验小学");
    }
    return facts;
}

static void no_receipt_is_longer_than_thirty_centimetres(void **state)
{
    (void)state;
    for (size_t i = 0; i < catalogue_service_count(BENCH.catalogue); i++)
        for (int l = 0; l < LANGUAGE_COUNT; l++) {
            const struct service *service = catalogue_service_at(BENCH.catalogue, i);
            struct receipt_facts facts = longest(service, LANGUAGES[l]);
            int mm = length_mm(&facts);
            print_message("%s %s %d mm\n", service->id, LANGUAGES[l], mm);
            assert_in_range(mm, 100, LONGEST_MM);
        }
}

// As many items as one visit holds, and all the papers of all of them.
static void nor_is_one_of_several_services(void **state)
{
    static const char *const ids[DRAFT_ITEMS] = {"minimum-living",     "medical-aid",
                                                 "expenditure-relief", "meal-money",
                                                 "disability-living",  "disability-care"};
    (void)state;
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        struct receipt_facts facts =
            longest(catalogue_service(BENCH.catalogue, ids[0]), LANGUAGES[l]);
        text_copy(facts.service, sizeof facts.service, "one-visit");
        facts.item_count = DRAFT_ITEMS;
        facts.paper_count = 0;
        for (size_t i = 0; i < DRAFT_ITEMS; i++) {
            const struct service *service = catalogue_service(BENCH.catalogue, ids[i]);
            text_copy(facts.items[i].service, sizeof facts.items[i].service, ids[i]);
            facts.items[i].legal_limit_days = service->limit_count ? 30 : 0;
            facts.items[i].promised_limit_days = service->limit_count ? 20 : 0;
            for (size_t p = 0; p < service->paper_count; p++) {
                bool there = false;
                for (size_t k = 0; k < facts.paper_count; k++)
                    there = there || text_equal(facts.papers[k].id, service->papers[p].id);
                if (there || facts.paper_count == DRAFT_PAPERS)
                    continue;
                struct paper_note *note = &facts.papers[facts.paper_count++];
                *note = (struct paper_note){.answer = LATER, .items = 1u << i};
                text_copy(note->id, sizeof note->id, service->papers[p].id);
            }
        }
        int mm = length_mm(&facts);
        print_message("one-visit %s %d mm\n", LANGUAGES[l], mm);
        assert_in_range(mm, 100, LONGEST_MM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_service_tells_all_its_papers),
        cmocka_unit_test(what_was_copied_is_not_also_looked_up),
        cmocka_unit_test(nothing_is_said_that_only_a_clerk_can_say),
        cmocka_unit_test(the_last_day_is_said_only_where_the_district_has_set_one),
        cmocka_unit_test(no_receipt_is_longer_than_thirty_centimetres),
        cmocka_unit_test(nor_is_one_of_several_services),
    };
    return cmocka_run_group_tests_name("notice", tests, open_bench, close_bench);
}
