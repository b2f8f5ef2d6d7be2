// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "office_bench.h"

#include "yimen/case/receipt_number.h"
#include "yimen/case/renewal.h"
#include "yimen/case/track.h"
#include "yimen/port/http_client.h"

// A kiosk whose residents ask for their cases, and the district that answers: both as they are,
// with nothing between them but the bytes.

#define FIRST "370212001251123170019"
#define THIRD "370212001251123170035"
#define SECOND "370212001251123170027"
#define OF_FIRST "uuid:11111111-2222-4333-8444-555555555555"
#define SECOND_INSTANCE "uuid:22222222-2222-4333-8444-555555555555"
#define THIRD_INSTANCE "uuid:33333333-2222-4333-8444-555555555555"

struct line { // a network that is a function call
    struct http_client http;
    struct bench *bench;
    int status; ///< of the last answer
    struct {
        char number[LIMIT_RECEIPT_NUMBER], token[LIMIT_TOKEN_TEXT];
    } receipts[12]; ///< of the cases that arrived
    size_t receipt_count;
};

int open_counter(void **state);
int close_counter(void **state);
// A case is saved at a kiosk; its receipt is kept.
struct bench_submission *save(struct line *line, const struct bench_record *record);
struct tracking post(struct line *line, struct bench_submission *one);
// A case arrives; its tracking is kept.
struct tracking arrive(struct line *line, const struct bench_record *record);
void open_all(struct line *line);
struct track_case *put(struct line *line, const struct track_question *question);
const char *token_of(const struct line *line, const char *number);
struct track_case *ask_with(struct line *line, const char *number, const char *token,
                            const char *factor);
// With the receipt, where one came with that number.
struct track_case *ask(struct line *line, const char *number, const char *factor);
// What the visit writes into a withdrawal: the receipt's code and the factor.
const char *proof_of(const struct line *line, const char *number, const char *factor);
enum track_result result_of(struct track_case *told);
int tell_token_of(struct line *line, const char *receipt, const char *instance, int print,
                  const struct tracking *fresh);
struct tracking fresh_token(struct line *line, const char *receipt);

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_counter, close_counter)
