// SPDX-License-Identifier: GPL-3.0-or-later
// A large case on its way: what is asked of the outbox, what is sent, and what each answer means.
#include "fakes/fake_clock.h"
#include "scripted_http.h"

#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/sync/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ENVELOPE                                                                                   \
    "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"x\">ok"       \
    "</message></OpenRosaResponse>"
#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define MISSING(list)                                                                              \
    {                                                                                              \
        .status = 202, .body = "{\"missing\":[" list "]}"                                          \
    }
#define OFFSET(code, at)                                                                           \
    {                                                                                              \
        .status = code, .offset = (at) + 1                                                         \
    }
#define STATUS(code)                                                                               \
    {                                                                                              \
        .status = code                                                                             \
    }
#define GOOD_HEAD                                                                                  \
    {                                                                                              \
        .status = 204, .accept_length = 1000000                                                    \
    }
#define RECEIVED                                                                                   \
    {                                                                                              \
        .status = 201, .body = ENVELOPE                                                            \
    }
#define CUT                                                                                        \
    {                                                                                              \
        .err = ERR_RETRY                                                                           \
    }

enum { LENGTH_A = 300000, LENGTH_B = 100, STEPS = 14 };

struct stage {
    struct script script;
    struct fake_clock clock;
    struct crypto crypto;
    struct sync *sync;
    struct outbox_request asked;
    bool has_asked, urgent_waits, others_wait, fails, is_urgent;
    int64_t sent_bytes; ///< as the queue remembers them
    int64_t pass_ms;    ///< with each piece
    long pieces;
};

static void take_request(void *context, struct outbox_request *request)
{
    struct stage *stage = context;
    stage->asked = *request;
    stage->has_asked = true;
}

static void take_event(void *context, const struct sync_event *event)
{
    (void)context;
    (void)event;
}

static void begin(struct stage *stage, const struct script_step *steps, size_t count,
                  bool openrosa_only)
{
    *stage = (struct stage){0};
    script_begin(&stage->script, steps, count);
    fake_clock_begin(&stage->clock, 1763863200000);
    assert_int_equal(sodium_crypto_open(&stage->crypto, NULL), ERR_OK);
    struct sync_options options = {.http = &stage->script.client,
                                   .crypto = &stage->crypto,
                                   .clock = &stage->clock.clock,
                                   .server = "https://district:8443",
                                   .device_id = "kiosk-1",
                                   .openrosa_only = openrosa_only};
    assert_int_equal(sync_open(&options, &stage->sync, NULL), ERR_OK);
}

static struct outbox_item *an_item(void)
{
    struct outbox_item *item = calloc(1, sizeof *item);
    text_copy(item->instance, sizeof item->instance, "uuid:1");
    item->manifest = text_duplicate("<data/>");
    item->manifest_length = 7;
    item->is_large = true;
    item->part_count = 2;
    item->parts = calloc(2, sizeof *item->parts);
    item->parts[0] = (struct outbox_part){.name = "a.enc", .sha256 = A, .length = LENGTH_A};
    item->parts[1] = (struct outbox_part){.name = "b.enc", .sha256 = B, .length = LENGTH_B};
    return item;
}

// Hands out the case and its bytes until something is said of it.
static struct outbox_request send(struct stage *stage)
{
    struct sync_output output = {stage, take_request, take_event};
    struct outbox_reply reply = {.kind = OUTBOX_ITEM, .item = an_item()};
    reply.item->urgent = stage->is_urgent;
    reply.item->sent_bytes = stage->sent_bytes;
    for (;;) {
        stage->has_asked = false;
        sync_step(stage->sync, &reply, &output);
        outbox_reply_clear(&reply);
        assert_true(stage->has_asked);
        if (stage->asked.kind == OUTBOX_SENT)
            return stage->asked;
        assert_int_equal(stage->asked.kind, OUTBOX_PART);
        assert_string_equal(stage->asked.instance, "uuid:1");
        assert_in_range(stage->asked.range.length, 1, LENGTH_A);
        stage->pieces++;
        fake_clock_pass(&stage->clock, stage->pass_ms);
        reply = (struct outbox_reply){.kind = stage->fails ? OUTBOX_FAILED : OUTBOX_PART_READY,
                                      .to = OUTBOX_PART,
                                      .length = stage->asked.range.length,
                                      .data = calloc(1, stage->asked.range.length),
                                      .urgent_waits = stage->urgent_waits,
                                      .others_wait = stage->others_wait};
    }
}

static const struct {
    const char *name;
    struct script_step steps[STEPS];
    enum send_outcome outcome;
    long long there; ///< -1: not known
    long pieces;
} answers[] = {
    {"it is there already", {GOOD_HEAD, RECEIVED}, SEND_RECEIVED, -1, 0},
    {"everything is missing",
     {GOOD_HEAD, MISSING("\"" A "\",\"" B "\""), STATUS(404), OFFSET(200, 262144),
      OFFSET(200, 300000), STATUS(404), OFFSET(200, 100), RECEIVED},
     SEND_RECEIVED,
     300100,
     3},
    {"most of one is there",
     {GOOD_HEAD, MISSING("\"" A "\""), OFFSET(200, 299000), OFFSET(200, 300000), RECEIVED},
     SEND_RECEIVED,
     300100,
     1},
    {"all of it was there",
     {GOOD_HEAD, MISSING("\"" A "\""), OFFSET(200, 300000), RECEIVED},
     SEND_RECEIVED,
     300100,
     0},
    {"told where it goes on",
     {GOOD_HEAD, MISSING("\"" A "\""), STATUS(404), OFFSET(409, 200000), OFFSET(200, 300000),
      RECEIVED},
     SEND_RECEIVED,
     300100,
     2},
    {"cut", {GOOD_HEAD, MISSING("\"" A "\""), OFFSET(200, 1000), CUT}, SEND_RETRY, 1100, 1},
    {"cut before anything", {GOOD_HEAD, CUT}, SEND_RETRY, -1, 0},
    {"damaged three times",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404), STATUS(422), STATUS(422), STATUS(422)},
     SEND_QUARANTINED,
     300000,
     3},
    {"damaged once",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404), STATUS(422), OFFSET(200, 100), RECEIVED},
     SEND_RECEIVED,
     300100,
     2},
    {"too much waits there",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404), STATUS(507)},
     SEND_RETRY,
     300000,
     1},
    {"never gets on",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404), OFFSET(409, 0), OFFSET(409, 0), OFFSET(409, 0),
      OFFSET(409, 0), OFFSET(409, 0)},
     SEND_RETRY,
     300000,
     5},
    {"the same parts again and again",
     {GOOD_HEAD, MISSING("\"" A "\""), OFFSET(200, 300000), MISSING("\"" A "\""),
      OFFSET(200, 300000), MISSING("\"" A "\""), OFFSET(200, 300000)},
     SEND_RETRY,
     300100,
     0},
    {"a stranger's part", {GOOD_HEAD, MISSING("\"cccc\"")}, SEND_RETRY, -1, 0},
    {"202 and no list", {GOOD_HEAD, {.status = 202, .body = ENVELOPE}}, SEND_RETRY, -1, 0},
    {"a captive portal for a part",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(200)},
     SEND_RETRY,
     300000,
     0},
    {"a captive portal for a piece",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404), STATUS(200)},
     SEND_RETRY,
     300000,
     1},
    {"more than there is",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404), OFFSET(200, 101)},
     SEND_RETRY,
     300000,
     1},
    {"refused",
     {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404), STATUS(403)},
     SEND_STOPPED,
     300000,
     1},
    {"another case under this id",
     {GOOD_HEAD, {.status = 409, .body = ENVELOPE}},
     SEND_QUARANTINED,
     -1,
     0},
    {"no such form", {GOOD_HEAD, {.status = 404, .body = ENVELOPE}}, SEND_HELD, -1, 0},
    {"no server", {CUT}, SEND_RETRY, -1, 0},
};

static void each_answer_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct stage stage;
        size_t count = 0;
        while (count < STEPS && (answers[i].steps[count].status || answers[i].steps[count].err))
            count++;
        begin(&stage, answers[i].steps, count, false);
        struct outbox_request sent = send(&stage);
        if (sent.outcome != answers[i].outcome || sent.number != answers[i].there ||
            stage.pieces != answers[i].pieces || stage.script.done != count)
            fail_msg("%s: outcome %d, there %lld, pieces %ld, %zu of %zu exchanges: %s",
                     answers[i].name, (int)sent.outcome, sent.number, stage.pieces,
                     stage.script.done, count, sent.detail);
        sync_close(stage.sync);
    }
}

static void a_piece_names_its_part_and_its_place(void **state)
{
    static const struct script_step steps[] = {GOOD_HEAD, MISSING("\"" A "\""), OFFSET(200, 299000),
                                               OFFSET(200, 300000), RECEIVED};
    struct stage stage;
    (void)state;
    begin(&stage, steps, 5, false);
    (void)send(&stage);
    const struct script_asked *asked = stage.script.asked;
    assert_string_equal(asked[1].method, "POST");
    assert_int_equal(asked[1].part_count, 1); // the manifest alone
    assert_string_equal(asked[2].method, "HEAD");
    assert_string_equal(asked[2].url, "https://district:8443/v1/parts/" A "?size=300000");
    assert_string_equal(asked[3].method, "PUT");
    assert_string_equal(asked[3].offset_header, "Upload-Offset: 299000");
    assert_string_equal(asked[3].version_header, "X-OpenRosa-Version: 1.0");
    sync_close(stage.sync);
}

static void a_large_case_gives_way(void **state)
{
    static const struct {
        bool urgent_waits, others_wait;
        int64_t pass_ms;
        enum send_outcome outcome;
        bool is_urgent;
        long long there; ///< a turn gets it further, but when it is urgent that waits
    } table[] = {
        {true, true, 0, SEND_PAUSED, false, 100},
        {false, true, 0, SEND_RECEIVED, false, 300100},
        {false, true, 61000, SEND_PAUSED, false, 262244},
        {false, false, 61000, SEND_RECEIVED, false, 300100},
        {false, false, 200000, SEND_PAUSED, false, 262244}, // for the heartbeat
        {true, true, 61000, SEND_RECEIVED, true, 300100},   // it is urgent itself
    };
    static const struct script_step steps[] = {GOOD_HEAD,           MISSING("\"" A "\""),
                                               STATUS(404),         OFFSET(200, 262144),
                                               OFFSET(200, 300000), RECEIVED};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct stage stage;
        struct sync_output output = {&stage, take_request, take_event};
        begin(&stage, steps, 6, false);
        stage.is_urgent = table[i].is_urgent;
        sync_step(stage.sync, NULL, &output); // the first heartbeat is asked for
        assert_int_equal(stage.asked.kind, OUTBOX_LIST);
        stage.urgent_waits = table[i].urgent_waits;
        stage.others_wait = table[i].others_wait;
        stage.pass_ms = table[i].pass_ms;
        struct outbox_request sent = send(&stage);
        if (sent.outcome != table[i].outcome)
            fail_msg("row %zu: %d %s", i, (int)sent.outcome, sent.detail);
        assert_int_equal(sent.number, table[i].there);
        if (table[i].pass_ms == 200000) {
            struct outbox_reply done = {.kind = OUTBOX_DONE};
            sync_step(stage.sync, &done, &output);
            assert_int_equal(stage.asked.kind, OUTBOX_LIST);
        }
        sync_close(stage.sync);
    }
}

static void bytes_that_cannot_be_had_are_a_failure_of_the_case(void **state)
{
    static const struct script_step steps[] = {GOOD_HEAD, MISSING("\"" B "\""), STATUS(404)};
    struct stage stage;
    (void)state;
    begin(&stage, steps, 3, false);
    stage.fails = true;
    assert_int_equal(send(&stage).outcome, SEND_RETRY);
    sync_close(stage.sync);
}

static void a_stand_in_server_gets_several_posts(void **state)
{
    static const struct script_step steps[] = {
        {.status = 204, .accept_length = 200000}, RECEIVED, CUT, GOOD_HEAD, RECEIVED};
    struct stage stage;
    (void)state;
    begin(&stage, steps, 5, true);
    struct outbox_request sent = send(&stage);
    assert_int_equal(sent.outcome, SEND_RETRY);
    assert_int_equal(sent.number, LENGTH_A);
    const struct script_asked *asked = stage.script.asked;
    assert_int_equal(asked[1].part_count, 3); // manifest, a, *isIncomplete*
    assert_string_equal(asked[1].parts[2], "*isIncomplete*");
    assert_int_equal(asked[2].part_count, 2);
    stage.sent_bytes = sent.number;
    sent = send(&stage); // goes on behind what was taken
    assert_int_equal(sent.outcome, SEND_UNVERIFIED);
    assert_int_equal(asked[4].part_count, 2);
    assert_string_equal(asked[4].parts[1], "b.enc");
    sync_close(stage.sync);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_has_its_meaning),
        cmocka_unit_test(a_piece_names_its_part_and_its_place),
        cmocka_unit_test(a_large_case_gives_way),
        cmocka_unit_test(bytes_that_cannot_be_had_are_a_failure_of_the_case),
        cmocka_unit_test(a_stand_in_server_gets_several_posts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
