// SPDX-License-Identifier: GPL-3.0-or-later
// The day's report: what was counted is on it, and the head that a scanner reads.
#include "unit/receipt/samples.h"
#include "yimen/base/text.h"
#include "yimen/receipt/day_report.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char head[] = "YIMEN-AUDIT/1 12 00112233445566778899AABBCCDDEEFF0011223344556677"
                           "8899AABBCCDDEEFF FEDC";

static void add(struct day_report *report, const char *service, const char *state, int times)
{
    while (times-- > 0)
        day_report_add(report, service, state);
}

static const char *value_of(const struct paper_document *document, const char *label, int skip)
{
    for (size_t i = 0; i < document->count; i++)
        if (document->items[i].kind == PAPER_PAIR && text_equal(document->items[i].label, label) &&
            skip-- == 0)
            return document->items[i].text;
    return "";
}

static void every_service_is_counted_by_state(void **state)
{
    static const char *const languages[] = {"zh", "en", "ko"};
    (void)state;
    struct bench bench;
    struct day_report report = {.counter = "001", .date = "2026-11-24", .unsent = 4};
    text_copy(report.head, sizeof report.head, head);
    add(&report, "orphan", "received", 3);
    add(&report, "orphan", "retry", 1);
    add(&report, "nappies", "received", 2);
    assert_int_equal(report.count, 2);
    bench_open(&bench);
    for (size_t i = 0; i < 3; i++) {
        struct paper_document document;
        const char *label = texts_get(bench.texts, languages[i], "state.received");
        day_report_compose(&report, bench.texts, languages[i], bench.arena, &document);
        assert_string_equal(value_of(&document, label, 0), "3");
        assert_string_equal(value_of(&document, label, 1), "2");
        label = texts_get(bench.texts, languages[i], "day.unsent");
        assert_string_equal(value_of(&document, label, 0), "4");
        size_t codes = 0;
        for (size_t k = 0; k < document.count; k++)
            if (document.items[k].kind == PAPER_QR && ++codes)
                assert_string_equal(document.items[k].text, head + strlen("YIMEN-AUDIT/1 "));
        assert_int_equal(codes, 1);
    }
    bench_close(&bench);
}

static void more_services_than_there_is_room_for_are_not_lost(void **state)
{
    struct day_report report = {0};
    int sum = 0;
    (void)state;
    for (int i = 0; i < DAY_SERVICES + 5; i++) {
        char service[16];
        snprintf(service, sizeof service, "s%d", i);
        add(&report, service, "saved", 1);
    }
    assert_int_equal(report.count, DAY_SERVICES);
    for (size_t i = 0; i < report.count; i++)
        sum += report.services[i].states[0];
    assert_int_equal(sum, DAY_SERVICES + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_service_is_counted_by_state),
        cmocka_unit_test(more_services_than_there_is_room_for_are_not_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
