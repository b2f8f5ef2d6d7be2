// SPDX-License-Identifier: GPL-3.0-or-later
// The opener: one case that cannot be opened stands in nobody's way.
#include "office_bench.h"
#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_A "370212001251123170019"
#define NUMBER_B "370212001251123170027"
static const char first[] = "uuid:11111111-2222-4333-8444-555555555555";
static const char second[] = "uuid:2";

/// A store whose disk has no room for one case's opened record.
struct full {
    struct district_store_ops ops;
    const struct district_store_ops *real;
    const char *instance;
    int tries;
};
static struct full full;

static enum err no_room(void *self, const struct district_opening *opening, struct fail *why)
{
    if (!full.instance || !text_equal(opening->instance, full.instance))
        return full.real->opening_put(self, opening, why);
    full.tries++;
    return fail_set(why, ERR_FULL, "no room");
}

static void fill_disk_for(struct bench *bench, const char *instance)
{
    full = (struct full){.ops = *bench->store.ops, .real = bench->store.ops, .instance = instance};
    full.ops.opening_put = no_room;
    bench->store.ops = &full.ops;
}

static void send(struct bench *bench, const char *instance, const char *receipt)
{
    struct bench_submission *one = calloc(1, sizeof *one);
    const struct bench_record record = {.instance = instance, .receipt = receipt};
    bench_submission(bench, &record, one);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    bench_submission_free(one);
    free(one);
}

static struct district_case look(struct bench *bench, const char *receipt)
{
    struct district_case at;
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, receipt, &at, NULL),
                     ERR_OK);
    return at;
}

static int open_waiting(struct bench *bench)
{
    int opened = -1;
    assert_int_equal(district_open_waiting(bench->district, &opened, NULL), ERR_OK);
    return opened;
}

static void a_case_that_fails_waits_while_later_ones_open(void **state)
{
    struct bench *bench = *state;
    fill_disk_for(bench, first);
    send(bench, first, NUMBER_A);
    send(bench, second, NUMBER_B);
    int64_t now_utc_ms = bench->clock.now.utc_ms;
    assert_int_equal(open_waiting(bench), 1);
    assert_int_equal(look(bench, NUMBER_B).opened, DISTRICT_OPENED);
    struct district_case at = look(bench, NUMBER_A);
    assert_int_equal(at.opened, DISTRICT_SEALED);
    assert_int_equal(at.tries, 1);
    assert_string_equal(at.reason, "no room");
    int64_t first_wait_ms = at.due_utc_ms - now_utc_ms;
    assert_true(first_wait_ms > 0);

    assert_int_equal(open_waiting(bench), 0);
    assert_int_equal(full.tries, 1); // not its turn yet
    bench->clock.now.utc_ms = at.due_utc_ms;
    assert_int_equal(open_waiting(bench), 0);
    struct district_case then = look(bench, NUMBER_A);
    assert_int_equal(then.tries, 2);
    assert_true(then.due_utc_ms - at.due_utc_ms > first_wait_ms); // longer after each try

    full.instance = NULL;
    bench->clock.now.utc_ms = then.due_utc_ms;
    assert_int_equal(open_waiting(bench), 1);
    assert_int_equal(look(bench, NUMBER_A).opened, DISTRICT_OPENED);
    bench->store.ops = full.real;
}

static void staff_see_what_waits_and_why_and_may_try_it_at_once(void **state)
{
    struct bench *bench = *state;
    struct strbuf list;
    strbuf_init(&list, 1 << 20);
    fill_disk_for(bench, first);
    send(bench, first, NUMBER_A);
    assert_int_equal(open_waiting(bench), 0);
    assert_int_equal(district_list(bench->district, &list, NULL), ERR_OK);
    assert_non_null(strstr(strbuf_text(&list), "\"open_tries\": 1"));
    assert_non_null(strstr(strbuf_text(&list), "no room"));
    assert_int_equal(district_open_again(bench->district, NUMBER_A, "2001", NULL), ERR_FULL);
    full.instance = NULL;
    assert_int_equal(district_open_again(bench->district, NUMBER_A, "2001", NULL), ERR_OK);
    assert_int_equal(look(bench, NUMBER_A).opened, DISTRICT_OPENED);
    bench->store.ops = full.real;
    strbuf_free(&list);
}

static void staff_may_put_it_in_quarantine_and_take_it_out(void **state)
{
    struct bench *bench = *state;
    fill_disk_for(bench, first);
    send(bench, first, NUMBER_A);
    assert_int_equal(open_waiting(bench), 0);
    assert_int_equal(district_quarantine(bench->district, NUMBER_A, "2001", "a person looks", NULL),
                     ERR_OK);
    assert_int_equal(look(bench, NUMBER_A).opened, DISTRICT_QUARANTINED);
    bench->clock.now.utc_ms += 3600000;
    assert_int_equal(open_waiting(bench), 0);
    assert_int_equal(full.tries, 1);
    full.instance = NULL;
    assert_int_equal(district_open_again(bench->district, NUMBER_A, "2001", NULL), ERR_OK);
    assert_int_equal(district_quarantine(bench->district, NUMBER_A, "2001", "late", NULL),
                     ERR_CONFLICT);
    bench->store.ops = full.real;
}

// Sealed by an enrolled kiosk, and yet nothing that could ever be opened: it is not taken in.
static void a_part_whose_name_is_too_long_is_refused_with_a_reason(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = calloc(1, sizeof *one);
    static const char usual[] = "signature.svg.enc";
    char name[LIMIT_PART_NAME + 1];
    bench_submission(bench, &(struct bench_record){0}, one);
    snprintf(name, sizeof name, "%0*d.enc", LIMIT_PART_NAME - 4, 0);
    struct strbuf longer;
    strbuf_init(&longer, LIMIT_MANIFEST);
    for (const char *at = strbuf_text(&one->xml), *found; *at; at = found + strlen(usual)) {
        found = strstr(at, usual);
        strbuf_add(&longer, at, found ? (size_t)(found - at) : strlen(at));
        if (!found)
            break;
        strbuf_adds(&longer, name);
    }
    strbuf_free(&one->xml);
    one->xml = longer;
    const struct bench_answer *answer = bench_post(bench, one, 0, 0);
    assert_int_equal(answer->status, 400);
    assert_non_null(strstr(answer->body, "longer than 67 bytes"));
    assert_int_equal(bench_rows(bench), 0);
    bench_submission_free(one);
    free(one);
}

static int begin(void **state)
{
    static struct bench bench;
    bench_open(&bench);
    *state = &bench;
    return 0;
}

static int end(void **state)
{
    bench_close(*state);
    return 0;
}

static void the_opener_opens_and_the_desk_reads_each_with_its_own_keys(void **state)
{
    struct bench *bench = *state;
    struct strbuf shown;
    int opened = 0;
    send(bench, first, NUMBER_A);
    bench->is_desk = true;
    bench_restart(bench);
    assert_int_equal(district_open_waiting(bench->district, &opened, NULL), ERR_UNSUPPORTED);
    bench->is_desk = false;
    bench->is_opener = true;
    bench_restart(bench);
    assert_int_equal(open_waiting(bench), 1);
    bench->is_opener = false;
    bench->is_desk = true;
    bench_restart(bench);
    strbuf_init(&shown, 1 << 20);
    assert_int_equal(district_show(bench->district, NUMBER_A, "2001", "test", &shown, NULL),
                     ERR_OK);
    assert_non_null(strstr(strbuf_text(&shown), "张三"));
    strbuf_free(&shown);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_case_that_fails_waits_while_later_ones_open),
        TEST(the_opener_opens_and_the_desk_reads_each_with_its_own_keys),
        TEST(staff_see_what_waits_and_why_and_may_try_it_at_once),
        TEST(staff_may_put_it_in_quarantine_and_take_it_out),
        TEST(a_part_whose_name_is_too_long_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
