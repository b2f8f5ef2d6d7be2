// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed drafts over a real line: up from one kiosk, down to another, and what the district
// refuses.
#include "wire.h"

#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID_A "000102030405060708090a0b0c0d0e0f"
#define ID_B "100102030405060708090a0b0c0d0e0f"

static enum send_outcome outcome;

static void take_request(void *context, struct outbox_request *request)
{
    (void)context;
    if (request->kind == OUTBOX_DRAFT_SENT)
        outcome = request->outcome;
}

static void take_event(void *context, const struct sync_event *event)
{
    (void)context;
    (void)event;
}

static int64_t now_ms(const struct wire *wire)
{
    return clock_now(&wire->bench.clock.clock).utc_ms;
}

static enum send_outcome send(struct wire *wire, const char *id, int64_t revision,
                              const char *bytes)
{
    struct outbox_sealed sealed = {.revision = revision,
                                   .expires_utc_ms = now_ms(wire) + 7LL * 24 * 3600 * 1000,
                                   .spent = !bytes};
    struct outbox_reply reply = {.kind = OUTBOX_DRAFT_ITEM, .sealed = &sealed};
    struct sync_output output = {wire, take_request, take_event};
    text_copy(sealed.id, sizeof sealed.id, id);
    strbuf_init(&sealed.bytes, 100);
    strbuf_adds(&sealed.bytes, bytes ? bytes : "");
    outcome = SEND_STOPPED;
    sync_step(wire->sync, &reply, &output);
    strbuf_free(&sealed.bytes);
    return outcome;
}

// What comes back; "" when it is not newer.
static enum draft_answer fetch(struct wire *wire, const char *id, int64_t have, const char *bytes)
{
    struct sync_draft_answer answer;
    sync_fetch_draft(wire->sync, id, have, &answer);
    assert_string_equal(answer.id, id);
    if (answer.answer == DRAFT_NEWER) {
        assert_non_null(answer.sealed);
        assert_string_equal(strbuf_text(&answer.sealed->bytes), bytes);
        assert_true(answer.sealed->expires_utc_ms > now_ms(wire));
    } else {
        assert_null(answer.sealed);
    }
    outbox_sealed_free(answer.sealed);
    return answer.answer;
}

static void a_draft_goes_up_and_comes_down_as_it_was(void **state)
{
    struct wire *wire = *state;
    assert_int_equal(fetch(wire, ID_A, 0, NULL), DRAFT_UNKNOWN);
    assert_int_equal(send(wire, ID_A, 3, "sealed bytes"), SEND_RECEIVED);
    assert_int_equal(fetch(wire, ID_A, 0, "sealed bytes"), DRAFT_NEWER);
    assert_int_equal(fetch(wire, ID_A, 2, "sealed bytes"), DRAFT_NEWER);
    assert_int_equal(fetch(wire, ID_A, 3, NULL), DRAFT_NOT_NEWER);
    assert_int_equal(fetch(wire, ID_B, 0, NULL), DRAFT_UNKNOWN);
}

static void only_a_newer_one_replaces_it_and_the_same_may_come_twice(void **state)
{
    struct wire *wire = *state;
    assert_int_equal(send(wire, ID_A, 3, "three"), SEND_RECEIVED);
    assert_int_equal(send(wire, ID_A, 3, "three"), SEND_RECEIVED);
    assert_int_equal(send(wire, ID_A, 3, "another three"), SEND_QUARANTINED);
    assert_int_equal(send(wire, ID_A, 2, "two"), SEND_QUARANTINED);
    assert_int_equal(fetch(wire, ID_A, 0, "three"), DRAFT_NEWER);
    assert_int_equal(send(wire, ID_A, 4, "four"), SEND_RECEIVED);
    assert_int_equal(fetch(wire, ID_A, 3, "four"), DRAFT_NEWER);
}

static void a_spent_one_is_gone_for_good(void **state)
{
    struct wire *wire = *state;
    assert_int_equal(send(wire, ID_A, 3, "three"), SEND_RECEIVED);
    assert_int_equal(send(wire, ID_A, 4, NULL), SEND_RECEIVED);
    assert_int_equal(send(wire, ID_A, 4, NULL), SEND_RECEIVED); // the answer was lost
    assert_int_equal(fetch(wire, ID_A, 0, NULL), DRAFT_SPENT);
    assert_int_equal(send(wire, ID_A, 9, "nine"), SEND_QUARANTINED);
    assert_int_equal(fetch(wire, ID_A, 0, NULL), DRAFT_SPENT);
}

static void after_five_times_without_a_newer_one_it_waits_a_day(void **state)
{
    struct wire *wire = *state;
    assert_int_equal(send(wire, ID_A, 1, "one"), SEND_RECEIVED);
    for (int i = 0; i < 4; i++)
        assert_int_equal(fetch(wire, ID_A, 0, "one"), DRAFT_NEWER);
    assert_int_equal(send(wire, ID_A, 2, "two"), SEND_RECEIVED); // somebody had the code
    for (int i = 0; i < 5; i++)
        assert_int_equal(fetch(wire, ID_A, 0, "two"), DRAFT_NEWER);
    struct sync_draft_answer answer;
    sync_fetch_draft(wire->sync, ID_A, 0, &answer);
    assert_int_equal(answer.answer, DRAFT_LOCKED);
    assert_in_range(answer.wait_s, 86000, 86400);
    fake_clock_pass(&wire->bench.clock, 24LL * 3600 * 1000 + 1000);
    assert_int_equal(fetch(wire, ID_A, 0, "two"), DRAFT_NEWER);
}

static void after_a_week_it_has_expired(void **state)
{
    struct wire *wire = *state;
    assert_int_equal(send(wire, ID_A, 1, "one"), SEND_RECEIVED);
    fake_clock_pass(&wire->bench.clock, 5LL * 24 * 3600 * 1000);
    assert_int_equal(send(wire, ID_A, 2, "two"), SEND_RECEIVED); // that prolongs nothing
    fake_clock_pass(&wire->bench.clock, 2LL * 24 * 3600 * 1000 + 1000);
    assert_int_equal(fetch(wire, ID_A, 0, NULL), DRAFT_EXPIRED);
    assert_int_equal(send(wire, ID_A, 3, "three"), SEND_QUARANTINED);
}

static void what_is_no_draft_is_refused(void **state)
{
    struct wire *wire = *state;
    static const struct {
        const char *path, *body;
        int status;
    } cases[] = {
        {"/v1/drafts/" ID_A "?revision=1&expires=9999999999999", "x", 200},
        {"/v1/drafts/" ID_A "0?revision=1&expires=9999999999999", "x", 400},
        {"/v1/drafts/" ID_B "?revision=0&expires=9999999999999", "x", 400},
        {"/v1/drafts/" ID_B "?revision=-1&expires=9999999999999", "x", 400},
        {"/v1/drafts/" ID_B "?revision=1", "x", 400},
        {"/v1/drafts/" ID_B "?revision=1&expires=1", "x", 410},
        {"/v1/drafts/" ID_B "?revision=1&expires=9999999999999", "", 400},
        {"/v1/drafts/" ID_B "?revision=1&expires=9999999999999&spent=1", "x", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char url[300];
        struct http_response response = {0};
        strbuf_init(&response.body, 10000);
        snprintf(url, sizeof url, "%s%s", wire->server_url, cases[i].path);
        struct http_request request = {.method = "PUT",
                                       .url = url,
                                       .body = cases[i].body,
                                       .length = strlen(cases[i].body),
                                       .type = "application/octet-stream",
                                       .timeout_ms = 5000};
        assert_int_equal(wire->http.ops->perform(wire->http.self, &request, &response, NULL),
                         ERR_OK);
        if (response.status != cases[i].status)
            fail_msg("%s: %d instead of %d", cases[i].path, response.status, cases[i].status);
        strbuf_free(&response.body);
    }
}

static void what_is_too_large_is_refused(void **state)
{
    struct wire *wire = *state;
    char url[300];
    struct http_response response = {0};
    size_t length = LIMIT_DRAFT_BYTES + 65;
    char *bytes = calloc(1, length);
    strbuf_init(&response.body, 10000);
    snprintf(url, sizeof url, "%s/v1/drafts/%s?revision=1&expires=%lld", wire->server_url, ID_A,
             (long long)now_ms(wire) + 1000000);
    struct http_request request = {.method = "PUT",
                                   .url = url,
                                   .body = bytes,
                                   .length = length,
                                   .type = "application/octet-stream",
                                   .timeout_ms = 5000};
    assert_int_equal(wire->http.ops->perform(wire->http.self, &request, &response, NULL), ERR_OK);
    assert_int_equal(response.status, 413);
    strbuf_free(&response.body);
    free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, wire_open, wire_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_draft_goes_up_and_comes_down_as_it_was),
        TEST(only_a_newer_one_replaces_it_and_the_same_may_come_twice),
        TEST(a_spent_one_is_gone_for_good),
        TEST(after_five_times_without_a_newer_one_it_waits_a_day),
        TEST(after_a_week_it_has_expired),
        TEST(what_is_no_draft_is_refused),
        TEST(what_is_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
