// SPDX-License-Identifier: GPL-3.0-or-later
// What is missing is told once and completely: every paper of every service in every language, what
// may stand in for it, until when; and what the district can look up is never asked for.
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

enum { LATER = 2, CLERK = 3, LANGUAGE_COUNT = 3 };
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

static size_t ticks(const struct paper_document *document, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < document->count; i++)
        count += document->items[i].kind == PAPER_TICK && text_equal(document->items[i].text, name);
    return count;
}

static void check(const struct service *service, const char *language)
{
    struct receipt_facts facts = with_papers(service, language, LATER);
    struct paper_document document = compose(&facts);
    size_t demanded = 0;
    for (size_t i = 0; i < service->paper_count; i++) {
        const struct service_paper *paper = &service->papers[i];
        const char *name = paper_word(language, paper->id, "name");
        demanded += !paper->checked_by_data;
        // Once in the receipt, once on the sheet with what may stand in for it.
        assert_int_equal(ticks(&document, name), paper->checked_by_data ? 0 : 2);
        if (!paper->checked_by_data) {
            assert_true(says(&document, paper_word(language, paper->id, "why")));
            assert_true(says(&document, paper_word(language, paper->id, "instead")));
        }
    }
    assert_int_equal(says(&document, word(language, "notice-sheet.title")), demanded > 0);
    if (!demanded)
        return;
    assert_true(says(&document, word(language, "notice-sheet.never-text")));
    assert_true(says(&document, word(language, "notice-sheet.late-text")));
    assert_false(says(&document, "notice-sheet."));
    assert_false(says(&document, "{"));
}

static void every_service_tells_all_its_papers_at_once(void **state)
{
    (void)state;
    size_t services = catalogue_service_count(BENCH.catalogue);
    for (size_t i = 0; i < services; i++)
        for (int l = 0; l < LANGUAGE_COUNT; l++)
            check(catalogue_service_at(BENCH.catalogue, i), LANGUAGES[l]);
}

static void where_nothing_is_missing_there_is_no_sheet(void **state)
{
    (void)state;
    const struct service *service = catalogue_service(BENCH.catalogue, "minimum-living");
    struct receipt_facts facts = with_papers(service, "zh", CLERK);
    struct paper_document document = compose(&facts);
    assert_false(says(&document, word("zh", "notice-sheet.title")));
}

static void the_last_day_is_said_only_where_the_district_has_set_one(void **state)
{
    (void)state;
    const struct service *service = catalogue_service(BENCH.catalogue, "minimum-living");
    struct receipt_facts facts = with_papers(service, "zh", LATER);
    struct paper_document document = compose(&facts);
    assert_true(says(&document, word("zh", "notice-sheet.until-told")));
    facts.paper_limit_days = 5;
    document = compose(&facts);
    assert_true(says(&document, "2026年11月28日")); // saved on the 23rd
    facts.saved.quality = TIME_UNKNOWN;
    document = compose(&facts);
    assert_false(says(&document, "2026年11月28日"));
    assert_true(says(&document, "5 天"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_service_tells_all_its_papers_at_once),
        cmocka_unit_test(where_nothing_is_missing_there_is_no_sheet),
        cmocka_unit_test(the_last_day_is_said_only_where_the_district_has_set_one),
    };
    return cmocka_run_group_tests_name("notice", tests, open_bench, close_bench);
}
