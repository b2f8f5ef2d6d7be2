// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's end of the wire: which answer means what, and what exactly is sent.
#include "stage.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/sync/enroll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *name;
    struct script_step head, post;
    bool openrosa_only, alarm;
    enum send_outcome outcome;
} answers[] = {
    {"received", GOOD_HEAD, {.status = 201, .body = ENVELOPE}, false, false, SEND_RECEIVED},
    {"201 without envelope",
     GOOD_HEAD,
     {.status = 201, .body = "<html/>"},
     false,
     false,
     SEND_RETRY},
    {"201 with another namespace",
     GOOD_HEAD,
     {.status = 201, .body = "<OpenRosaResponse><message/></OpenRosaResponse>"},
     false,
     false,
     SEND_RETRY},
    {"202 of the district is not received",
     GOOD_HEAD,
     {.status = 202, .body = ENVELOPE},
     false,
     false,
     SEND_RETRY},
    {"202 of a stand-in",
     GOOD_HEAD,
     {.status = 202, .body = ENVELOPE},
     true,
     false,
     SEND_UNVERIFIED},
    {"200 is not received", GOOD_HEAD, {.status = 200, .body = ENVELOPE}, false, false, SEND_RETRY},
    {"204 on POST", GOOD_HEAD, {.status = 204}, false, false, SEND_RETRY},
    {"redirect",
     GOOD_HEAD,
     {.status = 302, .location = "http://portal/"},
     false,
     false,
     SEND_RETRY},
    {"malformed", GOOD_HEAD, {.status = 400}, false, false, SEND_QUARANTINED},
    {"wrong key", GOOD_HEAD, {.status = 401}, false, true, SEND_STOPPED},
    {"forbidden", GOOD_HEAD, {.status = 403}, false, true, SEND_STOPPED},
    {"unknown form", GOOD_HEAD, {.status = 404}, false, true, SEND_HELD},
    {"time-out there", GOOD_HEAD, {.status = 408}, false, false, SEND_RETRY},
    {"other bytes", GOOD_HEAD, {.status = 409}, false, false, SEND_QUARANTINED},
    {"Central: another record under this id",
     GOOD_HEAD,
     {.status = 409,
      .body = MESSAGE("A submission already exists with this ID, but with different form data.")},
     true,
     false,
     SEND_QUARANTINED},
    {"Central: closed for a day",
     GOOD_HEAD,
     {.status = 409, .body = MESSAGE("This form is not currently accepting submissions.")},
     true,
     true,
     SEND_HELD},
    {"too large", GOOD_HEAD, {.status = 413}, false, false, SEND_QUARANTINED},
    {"too often, and when again",
     GOOD_HEAD,
     {.status = 429, .retry_after_s = 60},
     false,
     false,
     SEND_LATER},
    {"busy, and when again",
     GOOD_HEAD,
     {.status = 503, .retry_after_s = 5},
     false,
     false,
     SEND_LATER},
    {"too often at the door", {.status = 429, .retry_after_s = 1}, {0}, false, false, SEND_LATER},
    {"too often", GOOD_HEAD, {.status = 429}, false, false, SEND_RETRY},
    {"broken there", GOOD_HEAD, {.status = 500}, false, false, SEND_RETRY},
    {"not now", GOOD_HEAD, {.status = 503}, false, false, SEND_RETRY},
    {"network login", GOOD_HEAD, {.status = 511}, false, false, SEND_RETRY},
    {"cut", GOOD_HEAD, {.err = ERR_RETRY}, false, false, SEND_RETRY},
    {"endless answer", GOOD_HEAD, {.err = ERR_INPUT}, false, false, SEND_RETRY},
    {"nobody there", {.err = ERR_RETRY}, {0}, false, false, SEND_RETRY},
    {"another authority", {.err = ERR_DENIED}, {0}, false, true, SEND_RETRY},
    {"captive portal", {.status = 200, .no_version = true}, {0}, false, false, SEND_RETRY},
    {"204 of a stranger", {.status = 204, .no_version = true}, {0}, false, false, SEND_RETRY},
    {"HEAD refused", {.status = 403}, {0}, false, true, SEND_STOPPED},
};

static void each_answer_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const struct script_step steps[] = {answers[i].head, answers[i].post};
        struct stage *stage = stage_begin(steps, 2, answers[i].openrosa_only);
        stage_send_one(stage);
        const struct outbox_request *sent = &stage->requests[0];
        if (stage->request_count != 1 || sent->kind != OUTBOX_SENT ||
            sent->outcome != answers[i].outcome ||
            stage_saw(stage, SYNC_ALARM) != answers[i].alarm ||
            stage_saw(stage, SYNC_RECEIVED) !=
                (answers[i].outcome == SEND_RECEIVED || answers[i].outcome == SEND_UNVERIFIED))
            fail_msg("%s: outcome %d", answers[i].name, (int)sent->outcome);
        assert_string_equal(sent->instance, "uuid:1");
        stage_end(stage);
    }
}

static void a_post_is_what_openrosa_asks_for(void **state)
{
    static const struct script_step steps[] = {GOOD_HEAD, {.status = 201, .body = ENVELOPE}};
    (void)state;
    struct stage *stage = stage_begin(steps, 2, false);
    stage_send_one(stage);
    const struct script_asked *head = &stage->script.asked[0], *post = &stage->script.asked[1];
    assert_string_equal(head->method, "HEAD");
    assert_string_equal(head->url, "https://district:8443/submission?deviceID=kiosk%201%2Fx");
    assert_string_equal(post->method, "POST");
    assert_string_equal(post->url, head->url);
    assert_string_equal(post->version_header, "X-OpenRosa-Version: 1.0");
    assert_string_equal(post->date_header, "Date: Sun, 23 Nov 2025 02:00:00 GMT");
    assert_int_equal(post->part_count, 3);
    assert_string_equal(post->parts[0], "xml_submission_file");
    assert_string_equal(post->parts[1], "signature.svg.enc");
    assert_string_equal(post->parts[2], "submission.xml.enc");
    stage_end(stage);
}

static void a_location_on_the_same_host_is_used_and_no_other(void **state)
{
    static const struct {
        const char *location, *url;
    } table[] = {
        {"https://district:8443/x/submission",
         "https://district:8443/x/submission?deviceID=kiosk%201%2Fx"},
        {"https://elsewhere/submission", "https://district:8443/submission?deviceID=kiosk%201%2Fx"},
        {"https://district:84430/submission",
         "https://district:8443/submission?deviceID=kiosk%201%2Fx"},
        {"http://district:8443/s", "https://district:8443/submission?deviceID=kiosk%201%2Fx"}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct script_step steps[] = {{.status = 204, .location = table[i].location},
                                            {.status = 201, .body = ENVELOPE}};
        struct stage *stage = stage_begin(steps, 2, false);
        stage_send_one(stage);
        assert_string_equal(stage->script.asked[1].url, table[i].url);
        stage_end(stage);
    }
}

static void what_is_too_long_goes_in_several_posts(void **state)
{
    static const struct script_step steps[] = {{.status = 204, .accept_length = 6100},
                                               {.status = 202, .body = ENVELOPE},
                                               {.status = 201, .body = ENVELOPE},
                                               {.status = 201, .body = ENVELOPE}};
    static char bytes[9000];
    (void)state;
    struct stage *stage = stage_begin(steps, 4, false);
    struct outbox_part parts[4] = {{.name = "a.enc", .data = bytes, .length = 3000},
                                   {.name = "b.enc", .data = bytes, .length = 1000},
                                   {.name = "c.enc", .data = bytes, .length = 9000},
                                   {.name = "submission.xml.enc", .data = bytes, .length = 100}};
    stage_reply_item(stage, parts, 4);
    const struct script_asked *asked = stage->script.asked;
    assert_int_equal(stage->script.done, 4);
    assert_int_equal(asked[1].part_count, 4); // manifest, a, b, *isIncomplete*
    assert_string_equal(asked[1].parts[3], "*isIncomplete*");
    assert_int_equal(asked[2].part_count, 3); // c alone, though it is over the limit
    assert_string_equal(asked[2].parts[1], "c.enc");
    assert_string_equal(asked[2].parts[2], "*isIncomplete*");
    assert_int_equal(asked[3].part_count, 2);
    assert_string_equal(asked[3].parts[1], "submission.xml.enc");
    for (int i = 1; i < 4; i++)
        assert_string_equal(asked[i].parts[0], "xml_submission_file");
    assert_int_equal(stage->requests[0].outcome, SEND_RECEIVED);
    stage_end(stage);
}

static void a_refusal_in_the_middle_ends_it(void **state)
{
    static const struct script_step steps[] = {{.status = 204, .accept_length = 3000},
                                               {.status = 409}};
    static char bytes[3000];
    (void)state;
    struct stage *stage = stage_begin(steps, 2, false);
    struct outbox_part parts[2] = {{.name = "a.enc", .data = bytes, .length = 3000},
                                   {.name = "b.enc", .data = bytes, .length = 3000}};
    stage_reply_item(stage, parts, 2);
    assert_int_equal(stage->script.done, 2);
    assert_int_equal(stage->requests[0].outcome, SEND_QUARANTINED);
    stage_end(stage);
}

static void the_districts_time_is_told(void **state)
{
    static const struct script_step steps[] = {
        GOOD_HEAD, {.status = 201, .body = ENVELOPE, .date = "Mon, 23 Nov 2026 17:32:23 GMT"}};
    (void)state;
    struct stage *stage = stage_begin(steps, 2, false);
    stage_send_one(stage);
    assert_true(stage_saw(stage, SYNC_TIME));
    for (size_t i = 0; i < stage->event_count; i++)
        if (stage->events[i].kind == SYNC_TIME)
            assert_int_equal(stage->events[i].district_utc_ms, 1795455143000);
    stage_end(stage);
}

static void odd_dates_are_passed_by(void **state)
{
    static const char *const odd[] = {"", "Mon, 23 Nov 2026 5:32:23 PM GMT",
                                      "Mon, 31 Feb 2026 17:32:23 GMT",
                                      "Mon, 23 Nov 2026 25:32:23 GMT", "tomorrow"};
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        const struct script_step steps[] = {GOOD_HEAD,
                                            {.status = 201, .body = ENVELOPE, .date = odd[i]}};
        struct stage *stage = stage_begin(steps, 2, false);
        stage_send_one(stage);
        assert_false(stage_saw(stage, SYNC_TIME));
        assert_true(stage_saw(stage, SYNC_RECEIVED));
        stage_end(stage);
    }
}

static void the_line_is_told_once_when_it_changes(void **state)
{
    static const struct script_step steps[] = {{.err = ERR_RETRY},
                                               {.err = ERR_RETRY},
                                               GOOD_HEAD,
                                               {.status = 201, .body = ENVELOPE},
                                               {.status = 201, .body = ENVELOPE}};
    (void)state;
    struct stage *stage = stage_begin(steps, 5, false);
    size_t offline = 0, online = 0;
    for (int i = 0; i < 4; i++)
        stage_send_one(stage);
    for (size_t i = 0; i < stage->event_count; i++) {
        offline += stage->events[i].kind == SYNC_OFFLINE;
        online += stage->events[i].kind == SYNC_ONLINE;
    }
    assert_int_equal(offline, 1);
    assert_int_equal(online, 1);
    assert_int_equal(stage->script.done, 5); // HEAD is not asked again right after a good one
    stage_end(stage);
}

static void beat_told_of_two_cases(const char *url, const char *body)
{
    assert_string_equal(url, "https://district:8443/v1/heartbeat");
    assert_non_null(strstr(body, "{\"saves\":2,\"audit_head\":\"ab00"));
    assert_non_null(strstr(body, "\"audit_sequence\":5,\"audit_signature\":\"cd00"));
    assert_non_null(strstr(body, "\"unsent\":[\"2\"],"));
    assert_non_null(strstr(body, "\"counter\":\"001\",\"incarnation\":3,"));
    assert_non_null(strstr(body, "\"ratings\":\"261123 nappies 5 1\\n\""));
}

static void it_asks_sends_and_asks_again_until_nothing_is_left(void **state)
{
    static const struct script_step steps[] = {{.status = 200, .body = "{\"frozen\": false}"},
                                               GOOD_HEAD,
                                               {.status = 201, .body = ENVELOPE},
                                               {.status = 200, .body = NO_EVENTS}};
    (void)state;
    struct stage *stage = stage_begin(steps, 4, false);
    struct outbox_row rows[2] = {{.number = "1", .state = "received"},
                                 {.number = "2", .state = "retry"}};
    char counts[] = "261123 nappies 5 1\n";
    struct outbox_reply listed = {
        .kind = OUTBOX_LISTED,
        .rows = rows,
        .row_count = 2,
        .saves = 2,
        .audit_head = {.sequence = 5, .hash = {0xAB}, .signature = {0xCD}},
        .ratings = counts};
    struct outbox_reply done = {.kind = OUTBOX_DONE},
                        nothing = {.kind = OUTBOX_NOTHING, .retry_at_ms = -1};
    assert_int_equal(sync_wait_ms(stage->sync), 0);
    sync_step(stage->sync, NULL, &stage->output);
    assert_int_equal(stage->requests[0].kind, OUTBOX_LIST);
    assert_int_equal(stage->requests[0].from, OUTBOX_FROM_SYNC);
    assert_int_equal(sync_wait_ms(stage->sync), -1);
    sync_step(stage->sync, &listed, &stage->output);
    beat_told_of_two_cases(stage->script.asked[0].url, stage->script.asked[0].body);
    assert_int_equal(stage->requests[1].kind, OUTBOX_NEXT);
    stage_send_one(stage);
    assert_int_equal(stage->requests[2].kind, OUTBOX_SENT);
    sync_step(stage->sync, &done, &stage->output);
    assert_int_equal(stage->requests[3].kind, OUTBOX_NEXT);
    sync_step(stage->sync, &nothing, &stage->output); // now there is time for the rest
    assert_int_equal(stage->requests[4].kind, OUTBOX_CONTACT);
    assert_int_equal(stage->requests[4].number, 0);
    assert_int_equal(stage->requests[4].exported.sequence, 5);
    sync_step(stage->sync, &done, &stage->output);
    assert_int_equal(stage->requests[5].kind, OUTBOX_NEXT);
    sync_step(stage->sync, &nothing, &stage->output);
    assert_string_equal(stage->script.asked[3].url, "https://district:8443/v1/status?since=0");
    assert_int_equal(stage->requests[6].kind, OUTBOX_LEDGER);
    struct outbox_reply ledger = {.kind = OUTBOX_LEDGER_READY};
    sync_step(stage->sync, &ledger, &stage->output);
    assert_int_equal(stage->requests[7].kind, OUTBOX_NEXT);
    sync_step(stage->sync, &nothing, &stage->output);
    assert_int_equal(stage->requests[8].kind, OUTBOX_DRAFT_NEXT); // last of all
    struct outbox_reply no_draft = {
        .kind = OUTBOX_NOTHING, .to = OUTBOX_DRAFT_NEXT, .retry_at_ms = -1};
    sync_step(stage->sync, &no_draft, &stage->output);
    assert_int_equal(stage->request_count, 9);
    assert_in_range(sync_wait_ms(stage->sync), 1, 180000);
    sync_step(stage->sync, NULL, &stage->output); // something was saved
    assert_int_equal(stage->requests[9].kind, OUTBOX_NEXT);
    stage_end(stage);
}

// What goes out from the outbox after a beat that the district has answered so.
static void a_due_retry_decides_how_long_it_waits(void **state)
{
    (void)state;
    struct stage *stage = stage_begin(NULL, 0, true);
    struct outbox_reply nothing = {.kind = OUTBOX_NOTHING};
    sync_step(stage->sync, NULL, &stage->output);
    nothing.retry_at_ms = stage->clock.now.monotonic_ms + 7000;
    sync_step(stage->sync, &nothing, &stage->output);
    assert_int_equal(sync_wait_ms(stage->sync), 7000);
    fake_clock_pass(&stage->clock, 8000);
    assert_int_equal(sync_wait_ms(stage->sync), 0);
    stage_end(stage);
}

static void a_failing_outbox_is_not_asked_in_a_circle(void **state)
{
    (void)state;
    struct stage *stage = stage_begin(NULL, 0, true);
    struct outbox_reply failed = {.kind = OUTBOX_FAILED};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &failed, &stage->output);
    assert_int_equal(stage->request_count, 1);
    assert_int_equal(sync_wait_ms(stage->sync), 30000);
    stage_end(stage);
}

static void the_self_test_says_what_is_wrong(void **state)
{
    static const struct script_step steps[] = {
        GOOD_HEAD, {.status = 403}, {.err = ERR_DENIED}, {.err = ERR_RETRY}, {.status = 200}};
    static const enum err expected[] = {ERR_OK, ERR_DENIED, ERR_DENIED, ERR_RETRY, ERR_RETRY};
    (void)state;
    struct stage *stage = stage_begin(steps, 5, false);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(sync_check(stage->sync, NULL), expected[i]);
    stage_end(stage);
}

static void only_an_https_district_is_believed(void **state)
{
    (void)state;
    struct stage *stage = stage_begin(NULL, 0, false);
    struct sync_options options = {.http = &stage->script.client,
                                   .crypto = &stage->crypto,
                                   .clock = &stage->clock.clock,
                                   .server = "http://district:8443",
                                   .device_id = "x"};
    struct sync *sync = NULL;
    assert_int_equal(sync_open(&options, &sync, NULL), ERR_TECHNICIAN);
    stage_end(stage);
}

static void the_authority_is_found_by_its_hash_and_no_other_is_taken(void **state)
{
    struct stage *stage = stage_begin(NULL, 0, false);
    struct certificates certificates;
    struct certificate_info info;
    struct strbuf key, ca, other, chain, found;
    struct strbuf *buffers[] = {&key, &ca, &other, &chain, &found};
    char code[ENROLL_CODE];
    (void)state;
    for (size_t i = 0; i < 5; i++)
        strbuf_init(buffers[i], 65536);
    openssl_certificates_open(&certificates);
    assert_int_equal(certificate_make_key(&key, NULL), ERR_OK);
    struct bytes key_bytes = {key.data, key.length};
    assert_int_equal(certificate_make_ca(&key_bytes, "ours", 1763863200000, 10, &ca, NULL), ERR_OK);
    assert_int_equal(certificate_make_ca(&key_bytes, "other", 1763863200000, 10, &other, NULL),
                     ERR_OK);
    assert_int_equal(certificates.ops->info(certificates.self, ca.data, ca.length, &info, NULL),
                     ERR_OK);
    snprintf(code, sizeof code, "secret.%s", info.fingerprint);
    strbuf_addf(&chain, "junk\n%s%s", strbuf_text(&other), strbuf_text(&ca));
    assert_int_equal(enroll_pick_authority(&stage->crypto, code, strbuf_text(&chain), &found, NULL),
                     ERR_OK);
    assert_string_equal(strbuf_text(&found), strbuf_text(&ca));
    assert_int_equal(enroll_pick_authority(&stage->crypto, code, strbuf_text(&other), &found, NULL),
                     ERR_DENIED);
    assert_int_equal(enroll_pick_authority(&stage->crypto, "secret", "", &found, NULL), ERR_INPUT);
    for (size_t i = 0; i < 5; i++)
        strbuf_free(buffers[i]);
    stage_end(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_has_its_meaning),
        cmocka_unit_test(a_post_is_what_openrosa_asks_for),
        cmocka_unit_test(a_location_on_the_same_host_is_used_and_no_other),
        cmocka_unit_test(what_is_too_long_goes_in_several_posts),
        cmocka_unit_test(a_refusal_in_the_middle_ends_it),
        cmocka_unit_test(the_districts_time_is_told),
        cmocka_unit_test(odd_dates_are_passed_by),
        cmocka_unit_test(the_line_is_told_once_when_it_changes),
        cmocka_unit_test(it_asks_sends_and_asks_again_until_nothing_is_left),
        cmocka_unit_test(a_due_retry_decides_how_long_it_waits),
        cmocka_unit_test(a_failing_outbox_is_not_asked_in_a_circle),
        cmocka_unit_test(the_self_test_says_what_is_wrong),
        cmocka_unit_test(only_an_https_district_is_believed),
        cmocka_unit_test(the_authority_is_found_by_its_hash_and_no_other_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
