// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "office_bench.h"

// What the tests of the back office begin and end with.

#define NUMBER_A "370212001251123170019"

extern const struct bench_record ordinary; // one that has nothing special about it

int open_bench(void **state);
int close_bench(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

struct bench_submission *make(struct bench *bench, const struct bench_record *record);
void drop(struct bench_submission *submission);
// Opens what waits; so many it must be.
void open_all(struct bench *bench, int expected);
// In a heartbeat, as not sent yet.
void announce(struct bench *bench, const char *one, const char *two);
// Of the case of NUMBER_A.
enum err move(struct bench *bench, const char *status);
