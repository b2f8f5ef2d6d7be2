// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/text.h"
#include "yimen/case/receipt_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct receipt_facts sample(void)
{
    struct receipt_facts facts = {
        .number = "370212017261123140839",
        .of_number = "370212017261101240012",
        .qr_text = "https://h/t/x",
        .service = "urgent-relief",
        .item_code = "000511006000",
        .language = "ko",
        .counter_code = "017",
        .masked_name = "\xE5\xBC\xA0**",
        .masked_id = "370212************",
        .urgent = true,
        .first_touch = {.utc_ms = 1795449600000,
                        .monotonic_ms = 5,
                        .boot_id = "b",
                        .quality = TIME_RTC},
        .saved = {.utc_ms = 1795449660000,
                  .monotonic_ms = 60005,
                  .boot_id = "b",
                  .quality = TIME_DISTRICT},
        .limit_hours = 24,
        .paper_count = 2,
        .papers = {{.id = "bank-card", .answer = 1}, {.id = "diagnosis", .answer = 4}},
        .line_count = 2,
        .lines = {{.label = "child", .text = "A"}, {.label = "school", .text = "B"}},
        .signature_outstanding = true,
        .print_count = 3,
    };
    return facts;
}

static void facts_read_back_as_they_were_written(void **state)
{
    (void)state;
    struct receipt_facts facts = sample(), back;
    struct strbuf json, again;
    strbuf_init(&json, 8192);
    strbuf_init(&again, 8192);
    assert_int_equal(receipt_facts_write(&facts, &json, NULL), ERR_OK);
    assert_int_equal(receipt_facts_read(json.data, json.length, &back, NULL), ERR_OK);
    assert_int_equal(receipt_facts_write(&back, &again, NULL), ERR_OK);
    assert_string_equal(again.data, json.data);
    assert_string_equal(back.masked_name, facts.masked_name);
    assert_string_equal(back.of_number, facts.of_number);
    assert_string_equal(back.papers[1].id, "diagnosis");
    assert_int_equal(back.papers[1].answer, 4);
    assert_int_equal(back.line_count, 2);
    assert_string_equal(back.lines[1].label, "school");
    assert_string_equal(back.lines[1].text, "B");
    assert_int_equal(back.saved.utc_ms, facts.saved.utc_ms);
    assert_true(back.urgent && back.signature_outstanding);
    assert_int_equal(back.limit_hours, 24);
    assert_int_equal(back.print_count, 3);
    strbuf_free(&json);
    strbuf_free(&again);
}

// What cannot be kept is said while the case can still be saved otherwise, not found missing when
// the receipt is printed again.
static void a_text_that_cannot_be_kept_is_refused(void **state)
{
    (void)state;
    struct receipt_facts whole = sample(), facts;
    whole.item_count = 1;
    char *const texts[] = {facts.masked_name, facts.first_touch.boot_id, facts.papers[1].id,
                           facts.items[0].service, facts.lines[1].text};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct strbuf json;
        facts = whole;
        memcpy(texts[i], "\xE5\xBC", 3); // half a character
        strbuf_init(&json, 8192);
        assert_int_equal(receipt_facts_write(&facts, &json, NULL), ERR_INPUT);
        strbuf_free(&json);
    }
}

static void what_is_not_a_receipts_facts_is_corrupt(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "{}", "[]", "{\"number\":1}", "null", "{\"number\":\"x\"}"};
    struct receipt_facts back;
    for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++)
        assert_int_equal(receipt_facts_read(bad[at], strlen(bad[at]), &back, NULL), ERR_CORRUPT);
    struct receipt_facts facts = sample();
    struct strbuf json;
    strbuf_init(&json, 8192);
    assert_int_equal(receipt_facts_write(&facts, &json, NULL), ERR_OK);
    for (size_t length = 0; length < json.length; length++)
        assert_int_equal(receipt_facts_read(json.data, length, &back, NULL), ERR_CORRUPT);
    strbuf_free(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_read_back_as_they_were_written),
        cmocka_unit_test(a_text_that_cannot_be_kept_is_refused),
        cmocka_unit_test(what_is_not_a_receipts_facts_is_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
