// SPDX-License-Identifier: GPL-3.0-or-later
// What a case says of itself: figures only of a service whose limits have them, and every sentence
// there in every language.
#include "yimen/base/text.h"
#include "yimen/content/follow.h"
#include "yimen/content/texts.h"
#include "yimen/driver/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char *const states[] = {"here", "sent", "10", "12", "14", "16", "18", "20", "22",
                                     "30",   "40",   "50", "52", "60", "70", "72", "74", "80",
                                     "82",   "84",   "86", "88", "90", "96", "97", "98"};
enum { STATES = sizeof states / sizeof *states };
static const int64_t a_day = 1782900000000; // 2026-07-01, when the shipped limits begin

struct shipped {
    struct files files;
    struct catalogue *catalogue;
    struct texts *texts;
};

static int load(void **state)
{
    static struct shipped shipped;
    struct fail why = {0};
    assert_int_equal(system_files_open("assets", &shipped.files, &why), ERR_OK);
    if (catalogue_load(&shipped.files, &shipped.catalogue, &why) != ERR_OK ||
        texts_load(&shipped.files, &shipped.texts, &why) != ERR_OK)
        fail_msg("%s", why.text);
    *state = &shipped;
    return 0;
}

static int unload(void **state)
{
    struct shipped *shipped = *state;
    catalogue_free(shipped->catalogue);
    texts_free(shipped->texts);
    system_files_close(&shipped->files);
    return 0;
}

static struct follow_words words_of(const struct shipped *shipped, const char *service,
                                    const char *state)
{
    struct follow_words words;
    const struct service *of = catalogue_service(shipped->catalogue, service);
    assert_non_null(of);
    follow_words(service_limit_on(of, a_day), state, &words);
    return words;
}

static bool has_figure(const char *text)
{
    return strpbrk(text, "0123456789{") != NULL;
}

// Every sentence is there in every language, and has {days} exactly when there is a figure for it.
static void every_service_has_its_sentence_for_every_state(void **state)
{
    const struct shipped *shipped = *state;
    static const char *const languages[] = {"zh", "en", "ko"};
    for (size_t i = 0; i < catalogue_service_count(shipped->catalogue) * STATES * 3; i++) {
        const struct service *service = catalogue_service_at(shipped->catalogue, i / (STATES * 3U));
        struct follow_words words = words_of(shipped, service->id, states[i / 3 % STATES]);
        const char *now = texts_get(shipped->texts, languages[i % 3], words.now_key);
        const char *next = texts_get(shipped->texts, languages[i % 3], words.next_key);
        assert_string_not_equal(now, words.now_key);
        assert_string_not_equal(next, words.next_key);
        assert_int_equal(strstr(now, "{days}") || strstr(next, "{days}"), words.days > 0);
    }
}

static void figures_come_from_the_limits_of_the_service(void **state)
{
    const struct shipped *shipped = *state;
    static const struct {
        const char *service, *state, *now, *next;
        int days;
    } cases[] = {
        {"minimum-living", "30", "follow.now.30", "follow.next.30.public", 7},
        {"minimum-living", "50", "follow.now.50.days", "follow.next.50", 7},
        {"minimum-living", "60", "follow.now.60", "follow.next.60.days", 3},
        {"minimum-living", "70", "follow.now.70", "follow.next.70.next-month", 0},
        {"disability-living", "70", "follow.now.70", "follow.next.70.application-month", 0},
        {"de-facto-unattended", "30", "follow.now.30", "follow.next.30", 0}, // never published
        {"counselling", "30", "follow.now.30", "follow.next.30", 0},
        {"counselling", "60", "follow.now.60", "follow.next.60", 0},
        {"whistle", "70", "follow.now.70", "follow.next.70", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct follow_words words = words_of(shipped, cases[i].service, cases[i].state);
        assert_string_equal(words.now_key, cases[i].now);
        assert_string_equal(words.next_key, cases[i].next);
        assert_int_equal(words.days, cases[i].days);
    }
}

// The days of public notice are left out only where there are such days.
static void a_promise_speaks_of_public_notice_only_where_there_is_one(void **state)
{
    const struct shipped *shipped = *state;
    bool any[2] = {false, false};
    for (size_t i = 0; i < catalogue_service_count(shipped->catalogue); i++) {
        const struct service_limit *limit =
            service_limit_on(catalogue_service_at(shipped->catalogue, i), a_day);
        const char *key = follow_promise(limit);
        assert_int_equal(key != NULL, limit && limit->promised_days > 0);
        if (!key)
            continue;
        const char *words = texts_get(shipped->texts, "zh", key);
        assert_int_equal(strstr(words, "公示") != NULL, limit->publicity_days > 0);
        any[limit->publicity_days > 0] = true;
    }
    assert_true(any[0] && any[1]);
    assert_null(follow_promise(NULL));
}

// Of several services at once, and where the limits are unknown.
static void without_limits_nothing_is_promised(void **state)
{
    const struct shipped *shipped = *state;
    static const char *const silent[] = {"10", "sent", "20", "22", "30", "40", "50", "60", "70"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        struct follow_words words;
        follow_words(NULL, silent[i], &words);
        const char *next = texts_get(shipped->texts, "zh", words.next_key);
        assert_false(has_figure(texts_get(shipped->texts, "zh", words.now_key)));
        assert_false(has_figure(next));
        assert_null(strstr(next, "下个月"));
        assert_true(text_equal(silent[i], "50") || !strstr(next, "公示"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_service_has_its_sentence_for_every_state),
        cmocka_unit_test(figures_come_from_the_limits_of_the_service),
        cmocka_unit_test(a_promise_speaks_of_public_notice_only_where_there_is_one),
        cmocka_unit_test(without_limits_nothing_is_promised),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
