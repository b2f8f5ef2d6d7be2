// SPDX-License-Identifier: GPL-3.0-or-later
// Information on paper: every measure in every language, the list of what may fit, and that no
// slip refuses, promises what no table holds, or says anything about anybody.
#include "yimen/receipt/slip.h"
#include "unit/receipt/golden.h"
#include "yimen/base/text.h"
#include "yimen/content/policy_words.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { LANGUAGE_COUNT = 3, TEN_POINTS = 353 };
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

static struct slip begin(enum slip_kind kind, const char *language)
{
    struct slip slip = {.kind = kind, .made = {.utc_ms = SAMPLE_UTC_MS, .quality = TIME_DISTRICT}};
    text_copy(slip.language, sizeof slip.language, language);
    text_copy(slip.counter_code, sizeof slip.counter_code, "001");
    return slip;
}

static struct slip about(const char *policy, const char *language)
{
    struct slip slip = begin(SLIP_POLICY, language);
    slip.count = 1;
    text_copy(slip.lines[0].policy, sizeof slip.lines[0].policy, policy);
    return slip;
}

static struct slip what_fits(const char *language)
{
    static const char *const ids[] = {"medical-aid", "home-care", "nappies", "heating", ""};
    static const char *const reasons[] = {"您说看病花钱多，或家里有重病人。",
                                          "You said illness costs much, or somebody is ill.",
                                          "병원비가 많거나 중환자가 있다고 하셨습니다."};
    struct slip slip = begin(SLIP_FIT, language);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct slip_line *line = &slip.lines[slip.count++];
        text_copy(line->policy, sizeof line->policy, ids[i]);
        text_copy(line->reason, sizeof line->reason,
                  reasons[text_equal(language, "zh")   ? 0
                          : text_equal(language, "en") ? 1
                                                       : 2]);
    }
    return slip;
}

static struct paper_document compose(const struct slip *slip)
{
    struct paper_document document;
    slip_compose(slip, BENCH.texts, BENCH.catalogue, BENCH.policies, BENCH.arena, &document);
    return document;
}

static bool says(const struct paper_document *document, const char *words)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct paper_item *item = &document->items[i];
        if ((item->text && strstr(item->text, words)) ||
            (item->label && strstr(item->label, words)))
            return true;
    }
    return false;
}

static void check_words(const struct paper_document *document)
{
    static const char *const keys[] = {"policy.", "paper.", "slip.t",   "slip.c",
                                       "slip.h",  "slip.p", "slip.n",   "fit.",
                                       "common.", "{",      "receipt.", "counter.0"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (says(document, keys[i]))
            fail_msg("a slip says \"%s\"", keys[i]);
    for (size_t i = 0; i < document->count; i++) {
        assert_int_not_equal(document->items[i].kind, PAPER_QR); // it is nobody's case
        if (document->items[i].text && document->items[i].kind != PAPER_RULE)
            assert_true(document->items[i].size_mm100 >= TEN_POINTS);
    }
}

static void every_measure_can_be_taken_home_in_every_language(void **state)
{
    (void)state;
    for (size_t i = 0; i < policies_count(BENCH.policies); i++) {
        const struct policy *policy = policies_at(BENCH.policies, i);
        for (int l = 0; l < LANGUAGE_COUNT; l++) {
            struct slip slip = about(policy->id, LANGUAGES[l]);
            struct paper_document document = compose(&slip);
            check_words(&document);
            assert_true(says(&document, policy_title_in(&policy->title, LANGUAGES[l])));
            assert_true(says(&document, policy_body_in(&policy->text, LANGUAGES[l])));
            assert_true(says(&document, policy_line_in(&policy->who, LANGUAGES[l])));
            assert_true(says(&document, "12345"));
        }
    }
}

static void what_may_fit_is_advice_and_says_so(void **state)
{
    (void)state;
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        struct slip slip = what_fits(LANGUAGES[l]);
        struct paper_document document = compose(&slip);
        check_words(&document);
        assert_true(says(&document, texts_get(BENCH.texts, LANGUAGES[l], "fit.advice")));
        assert_true(says(&document, slip.lines[0].reason));
        for (size_t i = 0; i + 1 < slip.count; i++)
            assert_true(
                says(&document,
                     policy_title_in(&policies_find(BENCH.policies, slip.lines[i].policy)->title,
                                     LANGUAGES[l])));
    }
}

static struct slip by_hand(const char *language)
{
    struct slip slip = begin(SLIP_HAND, language);
    text_copy(slip.number, sizeof slip.number, "370212001261123948211");
    return slip;
}

static void a_hand_slip_has_its_number_on_both_halves(void **state)
{
    (void)state;
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        struct slip slip = by_hand(LANGUAGES[l]);
        struct paper_document document = compose(&slip);
        size_t numbers = 0;
        check_words(&document);
        assert_false(says(&document, "hand-slip."));
        assert_false(says(&document, texts_get(BENCH.texts, LANGUAGES[l], "slip.no-case")));
        for (size_t i = 0; i < document.count; i++)
            numbers += document.items[i].text &&
                       text_equal(document.items[i].text, "370212 001 261123 948211");
        assert_int_equal(numbers, 2);
    }
}

// From a machine that could save nothing: it says so, promises nothing, has no number of a case,
// and the telephone it speaks of is on it.
static void an_unsaved_slip_says_so_and_whom_to_call(void **state)
{
    (void)state;
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        struct slip slip = begin(SLIP_UNSAVED, LANGUAGES[l]);
        struct paper_document document = compose(&slip);
        check_words(&document);
        assert_false(says(&document, "unsaved-slip."));
        assert_true(
            says(&document, texts_get(BENCH.texts, LANGUAGES[l], "unsaved-slip.not-saved")));
        assert_true(says(&document, texts_get(BENCH.texts, LANGUAGES[l], "phone.hotline")));
        assert_true(says(&document, "110"));
        assert_false(says(&document, "370212"));
        for (size_t i = 0; i < document.count; i++)
            assert_int_not_equal(document.items[i].kind, PAPER_QR);
    }
}

// Longest list there can be: nothing of it is lost.
static void a_list_of_everything_is_whole(void **state)
{
    (void)state;
    struct slip slip = begin(SLIP_FIT, "zh");
    for (; slip.count < SLIP_LINES; slip.count++)
        text_copy(slip.lines[slip.count].policy, sizeof slip.lines[0].policy,
                  policies_at(BENCH.policies, slip.count)->id);
    struct paper_document document = compose(&slip);
    assert_true(says(&document, texts_get(BENCH.texts, "zh", "slip.no-case")));
    assert_true(says(&document, policies_at(BENCH.policies, SLIP_LINES - 1)->title.zh));
}

static void nothing_is_promised_where_no_limit_is_in_force(void **state)
{
    (void)state;
    struct policy_words words;
    const struct policy *policy = policies_find(BENCH.policies, "minimum-living");
    const struct service *service = catalogue_service(BENCH.catalogue, "minimum-living");
    policy_words(BENCH.policies, policy, service, service_limit_on(service, SAMPLE_UTC_MS),
                 BENCH.texts, "zh", &words);
    assert_non_null(strstr(words.time, "30"));
    policy_words(BENCH.policies, policy, service, NULL, BENCH.texts, "zh", &words);
    assert_null(strstr(words.time, "30"));
}

static void what_the_district_can_look_up_is_not_demanded(void **state)
{
    (void)state;
    struct policy_words words;
    const struct policy *policy = policies_find(BENCH.policies, "minimum-living");
    const struct service *service = catalogue_service(BENCH.catalogue, "minimum-living");
    policy_words(BENCH.policies, policy, service, NULL, BENCH.texts, "zh", &words);
    const char *free = strstr(words.bring, "没带也不要紧");
    assert_non_null(free);
    const char *book = strstr(words.bring, "户口簿"), *proof = strstr(words.bring, "看病的证明");
    assert_true(book && proof && proof < book && book < free);
}

static void slips_look_as_they_were_approved(void **state)
{
    (void)state;
    struct slip slip = about("minimum-living", "zh");
    struct paper_document document = compose(&slip);
    golden_compare(&BENCH, &document, "slip-policy-zh");
    slip = what_fits("zh");
    document = compose(&slip);
    golden_compare(&BENCH, &document, "slip-fit-zh");
    slip = what_fits("en");
    document = compose(&slip);
    golden_compare(&BENCH, &document, "slip-fit-en");
    slip = about("legal-aid", "ko");
    document = compose(&slip);
    golden_compare(&BENCH, &document, "slip-policy-ko");
    slip = by_hand("zh");
    document = compose(&slip);
    golden_compare(&BENCH, &document, "slip-hand-zh");
    slip = begin(SLIP_UNSAVED, "zh");
    document = compose(&slip);
    golden_compare(&BENCH, &document, "slip-unsaved-zh");
    slip = begin(SLIP_UNSAVED, "en");
    document = compose(&slip);
    golden_compare(&BENCH, &document, "slip-unsaved-en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_measure_can_be_taken_home_in_every_language),
        cmocka_unit_test(what_may_fit_is_advice_and_says_so),
        cmocka_unit_test(a_hand_slip_has_its_number_on_both_halves),
        cmocka_unit_test(an_unsaved_slip_says_so_and_whom_to_call),
        cmocka_unit_test(a_list_of_everything_is_whole),
        cmocka_unit_test(nothing_is_promised_where_no_limit_is_in_force),
        cmocka_unit_test(what_the_district_can_look_up_is_not_demanded),
        cmocka_unit_test(slips_look_as_they_were_approved),
    };
    return cmocka_run_group_tests_name("slip", tests, open_bench, close_bench);
}
