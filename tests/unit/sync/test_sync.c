// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's end of the wire: which answer means what, and what exactly is sent.
#include "fakes/fake_clock.h"
#include "scripted_http.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"
#include "yimen/sync/client.h"
#include "yimen/sync/enroll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ENVELOPE                                                                                   \
    "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"x\">ok"       \
    "</message></OpenRosaResponse>"
#define NO_EVENTS "{\"events\":[],\"next\":0}"
#define GOOD_HEAD                                                                                  \
    {                                                                                              \
        .status = 204, .accept_length = 1000000                                                    \
    }
#define MESSAGE(text)                                                                              \
    "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message "                      \
    "nature=\"error\">" text "</message></OpenRosaResponse>"

enum { OUT_MAXIMUM = 16 };

struct stage {
    struct script script;
    struct fake_clock clock;
    struct crypto crypto;
    struct sync *sync;
    struct outbox_request requests[OUT_MAXIMUM];
    struct sync_event events[OUT_MAXIMUM];
    size_t request_count, event_count;
    struct sync_output output;
};

static void take_request(void *context, struct outbox_request *request)
{
    struct stage *stage = context;
    stage->requests[stage->request_count++ % OUT_MAXIMUM] = *request;
}

static void take_event(void *context, const struct sync_event *event)
{
    struct stage *stage = context;
    stage->events[stage->event_count++ % OUT_MAXIMUM] = *event;
}

static struct stage *begin(const struct script_step *steps, size_t count, bool openrosa_only)
{
    struct stage *stage = calloc(1, sizeof *stage);
    script_begin(&stage->script, steps, count);
    fake_clock_begin(&stage->clock, 1763863200000);
    assert_int_equal(sodium_crypto_open(&stage->crypto, NULL), ERR_OK);
    struct sync_options options = {.http = &stage->script.client,
                                   .crypto = &stage->crypto,
                                   .clock = &stage->clock.clock,
                                   .server = "https://district:8443",
                                   .device_id = "kiosk 1/x",
                                   .counter = "001",
                                   .incarnation = 3,
                                   .openrosa_only = openrosa_only};
    assert_int_equal(sync_open(&options, &stage->sync, NULL), ERR_OK);
    stage->output = (struct sync_output){stage, take_request, take_event};
    return stage;
}

static void end(struct stage *stage)
{
    sync_close(stage->sync);
    free(stage);
}

static void reply_item(struct stage *stage, struct outbox_part *parts, size_t count)
{
    struct outbox_item item = {.instance = "uuid:1",
                               .number = "370212001251123170019",
                               .manifest = (char[]){"<data/>"},
                               .manifest_length = 7,
                               .part_count = count,
                               .parts = parts};
    struct outbox_reply reply = {.kind = OUTBOX_ITEM, .item = &item};
    sync_step(stage->sync, &reply, &stage->output);
}

static void send_one(struct stage *stage)
{
    struct outbox_part parts[2] = {
        {.name = "signature.svg.enc", .data = (char[]){"abc"}, .length = 3},
        {.name = "submission.xml.enc", .data = (char[]){"defg"}, .length = 4}};
    reply_item(stage, parts, 2);
}

static bool saw(const struct stage *stage, enum sync_event_kind kind)
{
    for (size_t i = 0; i < stage->event_count; i++)
        if (stage->events[i].kind == kind)
            return true;
    return false;
}

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
        struct stage *stage = begin(steps, 2, answers[i].openrosa_only);
        send_one(stage);
        const struct outbox_request *sent = &stage->requests[0];
        if (stage->request_count != 1 || sent->kind != OUTBOX_SENT ||
            sent->outcome != answers[i].outcome || saw(stage, SYNC_ALARM) != answers[i].alarm ||
            saw(stage, SYNC_RECEIVED) !=
                (answers[i].outcome == SEND_RECEIVED || answers[i].outcome == SEND_UNVERIFIED))
            fail_msg("%s: outcome %d", answers[i].name, (int)sent->outcome);
        assert_string_equal(sent->instance, "uuid:1");
        end(stage);
    }
}

static void a_post_is_what_openrosa_asks_for(void **state)
{
    static const struct script_step steps[] = {GOOD_HEAD, {.status = 201, .body = ENVELOPE}};
    (void)state;
    struct stage *stage = begin(steps, 2, false);
    send_one(stage);
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
    end(stage);
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
        struct stage *stage = begin(steps, 2, false);
        send_one(stage);
        assert_string_equal(stage->script.asked[1].url, table[i].url);
        end(stage);
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
    struct stage *stage = begin(steps, 4, false);
    struct outbox_part parts[4] = {{.name = "a.enc", .data = bytes, .length = 3000},
                                   {.name = "b.enc", .data = bytes, .length = 1000},
                                   {.name = "c.enc", .data = bytes, .length = 9000},
                                   {.name = "submission.xml.enc", .data = bytes, .length = 100}};
    reply_item(stage, parts, 4);
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
    end(stage);
}

static void a_refusal_in_the_middle_ends_it(void **state)
{
    static const struct script_step steps[] = {{.status = 204, .accept_length = 3000},
                                               {.status = 409}};
    static char bytes[3000];
    (void)state;
    struct stage *stage = begin(steps, 2, false);
    struct outbox_part parts[2] = {{.name = "a.enc", .data = bytes, .length = 3000},
                                   {.name = "b.enc", .data = bytes, .length = 3000}};
    reply_item(stage, parts, 2);
    assert_int_equal(stage->script.done, 2);
    assert_int_equal(stage->requests[0].outcome, SEND_QUARANTINED);
    end(stage);
}

static void the_districts_time_is_told(void **state)
{
    static const struct script_step steps[] = {
        GOOD_HEAD, {.status = 201, .body = ENVELOPE, .date = "Mon, 23 Nov 2026 17:32:23 GMT"}};
    (void)state;
    struct stage *stage = begin(steps, 2, false);
    send_one(stage);
    assert_true(saw(stage, SYNC_TIME));
    for (size_t i = 0; i < stage->event_count; i++)
        if (stage->events[i].kind == SYNC_TIME)
            assert_int_equal(stage->events[i].district_utc_ms, 1795455143000);
    end(stage);
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
        struct stage *stage = begin(steps, 2, false);
        send_one(stage);
        assert_false(saw(stage, SYNC_TIME));
        assert_true(saw(stage, SYNC_RECEIVED));
        end(stage);
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
    struct stage *stage = begin(steps, 5, false);
    size_t offline = 0, online = 0;
    for (int i = 0; i < 4; i++)
        send_one(stage);
    for (size_t i = 0; i < stage->event_count; i++) {
        offline += stage->events[i].kind == SYNC_OFFLINE;
        online += stage->events[i].kind == SYNC_ONLINE;
    }
    assert_int_equal(offline, 1);
    assert_int_equal(online, 1);
    assert_int_equal(stage->script.done, 5); // HEAD is not asked again right after a good one
    end(stage);
}

static void it_asks_sends_and_asks_again_until_nothing_is_left(void **state)
{
    static const struct script_step steps[] = {{.status = 200, .body = "{\"frozen\": false}"},
                                               GOOD_HEAD,
                                               {.status = 201, .body = ENVELOPE},
                                               {.status = 200, .body = NO_EVENTS}};
    (void)state;
    struct stage *stage = begin(steps, 4, false);
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
    assert_string_equal(stage->script.asked[0].url, "https://district:8443/v1/heartbeat");
    assert_non_null(strstr(stage->script.asked[0].body, "{\"saves\":2,\"audit_head\":\"ab00"));
    assert_non_null(
        strstr(stage->script.asked[0].body, "\"audit_sequence\":5,\"audit_signature\":\"cd00"));
    assert_non_null(strstr(stage->script.asked[0].body, "\"unsent\":[\"2\"],"));
    assert_non_null(strstr(stage->script.asked[0].body, "\"counter\":\"001\",\"incarnation\":3,"));
    assert_non_null(strstr(stage->script.asked[0].body, "\"ratings\":\"261123 nappies 5 1\\n\""));
    assert_int_equal(stage->requests[1].kind, OUTBOX_NEXT);
    send_one(stage);
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
    end(stage);
}

// What the heartbeat says about the content pack when it is so many milliseconds past its end.
static void beat_says(int64_t past_ms, const char *expected)
{
    static const struct script_step steps[] = {{.status = 503}};
    struct stage *stage = begin(steps, 1, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED};
    int64_t ends_ms = past_ms ? stage->clock.now.utc_ms - past_ms : 0;
    struct sync_options options = {.http = &stage->script.client,
                                   .crypto = &stage->crypto,
                                   .clock = &stage->clock.clock,
                                   .server = "https://district:8443",
                                   .device_id = "k",
                                   .content_version = "2026.7",
                                   .content_ends_utc_ms = ends_ms};
    sync_close(stage->sync);
    assert_int_equal(sync_open(&options, &stage->sync, NULL), ERR_OK);
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &listed, &stage->output);
    assert_non_null(strstr(stage->script.asked[0].body, "\"content\":\"2026.7\""));
    assert_non_null(strstr(stage->script.asked[0].body, expected));
    end(stage);
}

static void a_beat_tells_of_content_past_its_last_day(void **state)
{
    (void)state;
    beat_says(0, "\"content_ended\":false");
    beat_says(-1000, "\"content_ended\":false");
    beat_says(1000, "\"content_ended\":true");
}

static void a_long_queue_does_not_silence_the_heartbeat(void **state)
{
    static const struct script_step steps[] = {{.status = 200, .body = "{\"frozen\": false}"},
                                               GOOD_HEAD,
                                               {.status = 201, .body = ENVELOPE}};
    (void)state;
    struct stage *stage = begin(steps, 3, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED}, done = {.kind = OUTBOX_DONE};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &listed, &stage->output);
    assert_int_equal(stage->requests[1].kind, OUTBOX_NEXT);
    fake_clock_pass(&stage->clock, 180000);
    send_one(stage);
    assert_int_equal(stage->requests[2].kind, OUTBOX_SENT);
    sync_step(stage->sync, &done, &stage->output);
    assert_int_equal(stage->requests[3].kind, OUTBOX_LIST); // before the next case
    end(stage);
}

// A heartbeat, then idle until it has asked the outbox for something else than a case.
static const struct outbox_request *after_a_beat(struct stage *stage, struct outbox_reply *listed)
{
    struct outbox_reply nothing = {.kind = OUTBOX_NOTHING, .retry_at_ms = -1};
    struct outbox_reply done = {.kind = OUTBOX_DONE};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, listed, &stage->output);
    sync_step(stage->sync, &nothing, &stage->output); // the contact
    sync_step(stage->sync, &done, &stage->output);
    sync_step(stage->sync, &nothing, &stage->output);
    return &stage->requests[stage->request_count - 1];
}

static void a_beat_tells_the_outbox_of_backups_and_a_wanted_enrolment(void **state)
{
    static const struct script_step steps[] = {
        {.status = 200, .body = "{\"frozen\":true,\"backup_utc_ms\":123}"}, {.status = 500}};
    (void)state;
    struct stage *stage = begin(steps, 2, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED};
    after_a_beat(stage, &listed);
    assert_int_equal(stage->requests[2].kind, OUTBOX_CONTACT);
    assert_int_equal(stage->requests[2].number, 123);
    assert_string_equal(stage->requests[2].text, "enrol");
    end(stage);
}

// What goes out from the outbox after a beat that the district has answered so.
static void beat_is_answered(const char *answer, int64_t exported, int64_t wanted_next)
{
    const struct script_step steps[] = {{.status = 200, .body = answer}, {.status = 500}};
    struct stage *stage = begin(steps, 2, false);
    static char entries[] = "8\tone\n9\ttwo\n";
    struct outbox_reply listed = {.kind = OUTBOX_LISTED,
                                  .audit_head = {.sequence = 9},
                                  .audit_after = 7,
                                  .audit_entries = entries};
    after_a_beat(stage, &listed);
    assert_int_equal(stage->requests[0].kind, OUTBOX_LIST);
    assert_int_equal(stage->requests[0].number, -1); // the district has not said yet
    const char *body = stage->script.asked[0].body;
    assert_non_null(strstr(body, "\"audit_after\":7"));
    assert_non_null(strstr(body, "\"audit_entries\":\"38096f6e650a390974776f0a\""));
    assert_int_equal(stage->requests[2].kind, OUTBOX_CONTACT);
    assert_int_equal(stage->requests[2].exported.sequence, exported);
    fake_clock_pass(&stage->clock, 180000);
    struct outbox_reply done = {.kind = OUTBOX_DONE};
    sync_step(stage->sync, &done, &stage->output);
    struct outbox_request last = stage->requests[stage->request_count - 1];
    for (int turns = 0; last.kind != OUTBOX_LIST && turns < 4; turns++) {
        struct outbox_reply nothing = {.kind = OUTBOX_NOTHING, .retry_at_ms = -1};
        sync_step(stage->sync, &nothing, &stage->output);
        sync_step(stage->sync, NULL, &stage->output);
        last = stage->requests[stage->request_count - 1];
    }
    assert_int_equal(last.kind, OUTBOX_LIST);
    assert_int_equal(last.number, wanted_next);
    end(stage);
}

static void the_district_says_from_which_entry_on_it_wants_the_audit(void **state)
{
    (void)state;
    beat_is_answered("{\"frozen\":false,\"audit_sequence\":9}", 9, 9);
    beat_is_answered("{\"frozen\":false,\"audit_sequence\":5}", 0, 5); // it has not kept it
    beat_is_answered("{\"frozen\":false}", 9, -1); // an older one keeps whatever it hears
}

static void held_cases_are_released_when_the_form_list_changes(void **state)
{
    static const struct script_step steps[] = {{.status = 200, .body = "{\"frozen\":false}"},
                                               {.status = 200, .body = "<xforms>1</xforms>"},
                                               {.status = 200, .body = "{\"frozen\":false}"},
                                               {.status = 200, .body = "<xforms>1</xforms>"},
                                               {.status = 200, .body = NO_EVENTS}};
    (void)state;
    struct stage *stage = begin(steps, 5, false);
    struct outbox_row row = {.number = "1", .state = "held"};
    struct outbox_reply listed = {.kind = OUTBOX_LISTED, .rows = &row, .row_count = 1};
    struct outbox_reply failed = {.kind = OUTBOX_FAILED};
    assert_int_equal(after_a_beat(stage, &listed)->kind, OUTBOX_RELEASE);
    assert_string_equal(stage->script.asked[1].url, "https://district:8443/formList");
    sync_step(stage->sync, &failed, &stage->output);
    fake_clock_pass(&stage->clock, 200000); // the next beat: nothing has changed
    assert_int_equal(after_a_beat(stage, &listed)->kind, OUTBOX_LEDGER);
    end(stage);
}

static void new_states_are_handed_on_with_their_cursor(void **state)
{
    static const struct script_step steps[] = {
        {.status = 200, .body = "{\"frozen\":false}"},
        {.status = 200,
         .body =
             "{\"next\":12,\"events\":[{\"instance\":\"uuid:1\",\"status\":\"21\",\"utc_ms\":5},"
             "{\"instance\":7},{\"instance\":\"uuid:2\",\"status\":\"too long\"}]}"}};
    (void)state;
    struct stage *stage = begin(steps, 2, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED, .status_cursor = 9};
    const struct outbox_request *request = after_a_beat(stage, &listed);
    assert_string_equal(stage->script.asked[1].url, "https://district:8443/v1/status?since=9");
    assert_int_equal(request->kind, OUTBOX_STATUS);
    assert_int_equal(request->number, 12);
    assert_int_equal(request->news->count, 1);
    assert_string_equal(request->news->items[0].status, "21");
    free(request->news);
    end(stage);
}

// The lines of the log with `event` in them, since the log was turned into a file.
static int logged(FILE *log, const char *event)
{
    char line[1100];
    int count = 0;
    rewind(log);
    while (fgets(line, sizeof line, log))
        count += strstr(line, event) != NULL;
    return count;
}

// A heartbeat, and the chores that follow it until nothing is due.
static void beat_and_chores(struct stage *stage)
{
    struct outbox_reply listed = {.kind = OUTBOX_LISTED, .status_cursor = 9};
    struct outbox_reply nothing = {.kind = OUTBOX_NOTHING, .retry_at_ms = -1};
    struct outbox_reply done = {.kind = OUTBOX_DONE};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &listed, &stage->output);
    for (int turn = 0; turn < 8; turn++) {
        size_t before = stage->request_count;
        enum outbox_request_kind asked = stage->requests[(before - 1) % OUT_MAXIMUM].kind;
        sync_step(stage->sync,
                  asked == OUTBOX_NEXT || asked == OUTBOX_DRAFT_NEXT ? &nothing : &done,
                  &stage->output);
        if (stage->request_count == before)
            return;
    }
}

static void a_chore_that_fails_for_weeks_is_in_the_log_once_a_day(void **state)
{
    enum { BEATS = 4 };
    static const struct script_step beat = {.status = 200, .body = "{\"frozen\":false}"},
                                    refused = {.status = 500},
                                    nonsense = {.status = 200, .body = "<html>"},
                                    good = {.status = 200, .body = "{\"events\":[],\"next\":9}"};
    // The comparison of the first day finds nothing to compare and asks nobody.
    const struct script_step steps[] = {beat, refused, beat, nonsense, beat, refused, beat, good};
    (void)state;
    FILE *log = tmpfile();
    int real = dup(STDERR_FILENO);
    struct stage *stage = begin(steps, sizeof steps / sizeof steps[0], false);
    fflush(stderr);
    dup2(fileno(log), STDERR_FILENO);
    int counts[BEATS], works[BEATS];
    for (int i = 0; i < BEATS; i++) {
        beat_and_chores(stage);
        counts[i] = logged(log, "chore-fails");
        works[i] = logged(log, "chore-works-again");
        fake_clock_pass(&stage->clock, i == 1 ? 25 * 3600 * 1000 : 200000);
    }
    fflush(stderr);
    dup2(real, STDERR_FILENO);
    close(real);
    assert_int_equal(logged(log, "chore=status err=retry why=\"/v1/status?since=9 answered 500"),
                     2);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1); // not with every heartbeat
    assert_int_equal(counts[2], 2); // but again on the next day
    assert_int_equal(counts[3], 2);
    assert_int_equal(works[2], 0);
    assert_int_equal(works[3], 1);
    (void)fclose(log);
    end(stage);
}

static void only_what_we_sent_is_repaired(void **state)
{
    static const struct script_step steps[] = {
        {.status = 200, .body = "{\"frozen\":false}"},
        {.status = 200, .body = NO_EVENTS},
        {.status = 200, .body = "{\"differ\":[2]}"},
        {.status = 200, .body = "{\"missing\":[\"uuid:b\",\"uuid:stranger\",7]}"}};
    (void)state;
    struct stage *stage = begin(steps, 4, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED};
    struct outbox_ledger_row rows[3] = {{"uuid:c", "3", 2 * 86400000 + 5},
                                        {"uuid:b", "2", 2 * 86400000 + 9},
                                        {"uuid:a", "1", 86400000}};
    struct outbox_reply ledger = {.kind = OUTBOX_LEDGER_READY, .ledger = rows, .ledger_count = 3};
    assert_int_equal(after_a_beat(stage, &listed)->kind, OUTBOX_LEDGER);
    sync_step(stage->sync, &ledger, &stage->output);
    const struct outbox_request *request = &stage->requests[stage->request_count - 1];
    assert_string_equal(stage->script.asked[3].body,
                        "{\"day\":2,\"instances\":[\"uuid:b\",\"uuid:c\"]}");
    assert_int_equal(request->kind, OUTBOX_REPAIR);
    assert_int_equal(request->news->count, 1);
    assert_string_equal(request->news->items[0].instance, "uuid:b");
    free(request->news);
    end(stage);
}

static void a_due_retry_decides_how_long_it_waits(void **state)
{
    (void)state;
    struct stage *stage = begin(NULL, 0, true);
    struct outbox_reply nothing = {.kind = OUTBOX_NOTHING};
    sync_step(stage->sync, NULL, &stage->output);
    nothing.retry_at_ms = stage->clock.now.monotonic_ms + 7000;
    sync_step(stage->sync, &nothing, &stage->output);
    assert_int_equal(sync_wait_ms(stage->sync), 7000);
    fake_clock_pass(&stage->clock, 8000);
    assert_int_equal(sync_wait_ms(stage->sync), 0);
    end(stage);
}

static void a_failing_outbox_is_not_asked_in_a_circle(void **state)
{
    (void)state;
    struct stage *stage = begin(NULL, 0, true);
    struct outbox_reply failed = {.kind = OUTBOX_FAILED};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &failed, &stage->output);
    assert_int_equal(stage->request_count, 1);
    assert_int_equal(sync_wait_ms(stage->sync), 30000);
    end(stage);
}

static void a_frozen_kiosk_is_an_alarm(void **state)
{
    static const struct script_step steps[] = {{.status = 200, .body = "{\"frozen\": true}"}};
    (void)state;
    struct stage *stage = begin(steps, 1, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &listed, &stage->output);
    assert_true(saw(stage, SYNC_ALARM));
    end(stage);
}

static void the_self_test_says_what_is_wrong(void **state)
{
    static const struct script_step steps[] = {
        GOOD_HEAD, {.status = 403}, {.err = ERR_DENIED}, {.err = ERR_RETRY}, {.status = 200}};
    static const enum err expected[] = {ERR_OK, ERR_DENIED, ERR_DENIED, ERR_RETRY, ERR_RETRY};
    (void)state;
    struct stage *stage = begin(steps, 5, false);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(sync_check(stage->sync, NULL), expected[i]);
    end(stage);
}

static void only_an_https_district_is_believed(void **state)
{
    (void)state;
    struct stage *stage = begin(NULL, 0, false);
    struct sync_options options = {.http = &stage->script.client,
                                   .crypto = &stage->crypto,
                                   .clock = &stage->clock.clock,
                                   .server = "http://district:8443",
                                   .device_id = "x"};
    struct sync *sync = NULL;
    assert_int_equal(sync_open(&options, &sync, NULL), ERR_TECHNICIAN);
    end(stage);
}

static void the_authority_is_found_by_its_hash_and_no_other_is_taken(void **state)
{
    struct stage *stage = begin(NULL, 0, false);
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
    end(stage);
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
        cmocka_unit_test(a_beat_tells_of_content_past_its_last_day),
        cmocka_unit_test(a_long_queue_does_not_silence_the_heartbeat),
        cmocka_unit_test(a_beat_tells_the_outbox_of_backups_and_a_wanted_enrolment),
        cmocka_unit_test(held_cases_are_released_when_the_form_list_changes),
        cmocka_unit_test(new_states_are_handed_on_with_their_cursor),
        cmocka_unit_test(a_chore_that_fails_for_weeks_is_in_the_log_once_a_day),
        cmocka_unit_test(only_what_we_sent_is_repaired),
        cmocka_unit_test(a_due_retry_decides_how_long_it_waits),
        cmocka_unit_test(a_failing_outbox_is_not_asked_in_a_circle),
        cmocka_unit_test(the_district_says_from_which_entry_on_it_wants_the_audit),
        cmocka_unit_test(a_frozen_kiosk_is_an_alarm),
        cmocka_unit_test(the_self_test_says_what_is_wrong),
        cmocka_unit_test(only_an_https_district_is_believed),
        cmocka_unit_test(the_authority_is_found_by_its_hash_and_no_other_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
