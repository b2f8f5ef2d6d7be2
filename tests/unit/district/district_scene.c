// SPDX-License-Identifier: GPL-3.0-or-later
#include "district_scene.h"

#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

const struct bench_record ordinary = {0};

int open_bench(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench_open(bench);
    *state = bench;
    return 0;
}

int close_bench(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

struct bench_submission *make(struct bench *bench, const struct bench_record *record)
{
    struct bench_submission *submission = calloc(1, sizeof *submission);
    bench_submission(bench, record, submission);
    return submission;
}

void drop(struct bench_submission *submission)
{
    bench_submission_free(submission);
    free(submission);
}

void open_all(struct bench *bench, int expected)
{
    int opened = -1;
    struct fail why = {0};
    if (district_open_waiting(bench->district, &opened, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(opened, expected);
}

void announce(struct bench *bench, const char *one, const char *two)
{
    char body[200];
    snprintf(body, sizeof body, "{\"saves\":1,\"audit_head\":\"\",\"unsent\":[\"%s\",\"%s\"]}", one,
             two);
    assert_int_equal(bench_ask(bench, "POST", "/v1/heartbeat", body, NULL)->status, 200);
}

enum err move(struct bench *bench, const char *status)
{
    struct district_decision decision = {NUMBER_A, status, "for the test", "2001", NULL};
    return district_set_status(bench->district, &decision, NULL);
}
