// SPDX-License-Identifier: GPL-3.0-or-later
// A case of several items at the district: its form is known though nobody published it, each item
// has its own state and limits, shows only what its own form asks, and the whole follows.
#include "yimen/weave/pack_compose.h"
#include "yimen/weave/pack_form.h"
#include "office_bench.h"
#include "yimen/base/text.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FORM_ID "one-visit:minimum-living+medical-aid"
#define NUMBER "370212001251123170019"

// What somebody answered: shared, then each item's own.
static const char answers[] =
    "<level>full</level>"
    "<applicant><name>张三</name><id_number>370212195406070029</id_number></applicant>"
    "<contact><how>own</how><phone>13800000001</phone></contact>"
    "<address><area>outside</area><detail>某处1号</detail></address>"
    "<account><when>later</when></account><relative><has>no</has></relative>"
    "<minimum-living><apply><reasons>illness</reasons></apply>"
    "<scope><whom>household</whom></scope>"
    "<member><person><name>李四</name></person></member></minimum-living>"
    "<medical-aid><family><type>none</type></family>"
    "<patient><who>self</who><insurance>resident</insurance></patient>"
    "<treatment><disease>高血压</disease></treatment>"
    "<bill><total>1000</total></bill></medical-aid>";

static int composed; // how often

static enum err compose(void *context, const char *form_id, const char *asked, struct strbuf *out,
                        struct fail *why)
{
    const struct bench *bench = context;
    const struct pack_source pack = {&bench->assets, bench->catalogue, bench->texts};
    (void)asked;
    composed++;
    return pack_compose(&pack, form_id, out, why);
}

static char version[64];

// The version is in the form: what the kiosk would have sent.
static void find_version(struct bench *bench)
{
    struct strbuf xml;
    struct fail why = {0};
    static const char before[] = "<data id=\"" FORM_ID "\" version=\"";
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    if (compose(bench, FORM_ID, "", &xml, &why) != ERR_OK)
        fail_msg("%s", why.text);
    const char *at = strstr(strbuf_text(&xml), before);
    assert_non_null(at);
    at += sizeof before - 1;
    size_t length = strcspn(at, "\"");
    assert_in_range(length, 1, sizeof version - 1);
    memcpy(version, at, length);
    version[length] = '\0';
    strbuf_free(&xml);
}

static void publish(struct bench *bench, const char *service)
{
    struct strbuf xml;
    struct fail why = {0};
    const struct service *found = catalogue_service(bench->catalogue, service);
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    if (pack_form_read(&bench->assets, found->form, &xml, &why) != ERR_OK ||
        district_publish_form(bench->district, strbuf_text(&xml), xml.length, &why) != ERR_OK)
        fail_msg("%s", why.text);
    strbuf_free(&xml);
}

static int open_all(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench_open(bench);
    bench->compose = compose;
    bench_restart(bench);
    find_version(bench);
    publish(bench, "minimum-living");
    publish(bench, "medical-aid");
    *state = bench;
    return 0;
}

static int close_all(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

static bool says_when(const struct bench_answer *answer)
{
    for (size_t i = 0; i < sizeof answer->headers / sizeof answer->headers[0]; i++)
        if (strstr(answer->headers[i], "Retry-After: "))
            return true;
    return false;
}

static int post(struct bench *bench, const char *form_version)
{
    struct bench_submission submission;
    const struct bench_record record = {.form_id = FORM_ID,
                                        .version = form_version,
                                        .service = ONE_VISIT,
                                        .receipt = NUMBER,
                                        .papers = "id-card:clerk household-register:later "
                                                  "insurance-statement:later",
                                        .answers = answers,
                                        .saved_after_ms = 365 * 86400000LL};
    bench_submission(bench, &record, &submission);
    struct bench_answer *answer = bench_post(bench, &submission, 0, 2);
    int status = answer->status;
    if (status == 503)
        assert_true(says_when(answer));
    bench_submission_free(&submission);
    return status;
}

static void hand_in(struct bench *bench)
{
    int opened;
    struct fail why = {0};
    assert_int_equal(post(bench, version), 503);
    assert_true(district_compose_next(bench->district, 0));
    assert_int_equal(post(bench, version), 201);
    if (district_open_waiting(bench->district, &opened, &why) != ERR_OK || opened != 1)
        fail_msg("%d opened; %s", opened, why.text);
}

static json_t *show_item(struct bench *bench, const char *item)
{
    struct strbuf out;
    struct fail why = {0};
    const struct district_reader reader = {"2001", "test"};
    strbuf_init(&out, 1 << 20);
    if (district_show_item(bench->district, NUMBER, item, &reader, &out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    json_t *shown = json_loads(strbuf_text(&out), 0, NULL);
    strbuf_free(&out);
    assert_non_null(shown);
    return shown;
}

static const char *word(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static enum err decide(struct bench *bench, const char *item, const char *status)
{
    const struct district_decision decision = {
        .receipt = NUMBER, .status = status, .reason = "test", .actor = "2001", .item = item};
    return district_set_status(bench->district, &decision, NULL);
}

// "20: 30 20" as the state of the whole and of each item.
static void states_are(struct bench *bench, const char *wanted)
{
    struct strbuf out, seen;
    struct fail why = {0};
    strbuf_init(&out, 1 << 20);
    strbuf_init(&seen, 256);
    if (district_list(bench->district, &out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    json_t *list = json_loads(strbuf_text(&out), 0, NULL);
    const json_t *row = json_array_get(list, 0);
    strbuf_addf(&seen, "%s:", word(row, "status"));
    for (size_t i = 0; i < json_array_size(json_object_get(row, "items")); i++)
        strbuf_addf(&seen, " %s", word(json_array_get(json_object_get(row, "items"), i), "status"));
    assert_string_equal(strbuf_text(&seen), wanted);
    json_decref(list);
    strbuf_free(&seen);
    strbuf_free(&out);
}

static void a_form_nobody_published_is_known_when_the_content_composes_it(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(post(bench, version), 503);
    assert_int_equal(post(bench, version), 503); // wanted once, however often it is asked for
    assert_true(district_compose_next(bench->district, 0));
    assert_false(district_compose_next(bench->district, 0));
    assert_int_equal(post(bench, version), 201);
}

static void nothing_is_composed_while_the_listener_waits(void **state)
{
    struct bench *bench = *state;
    composed = 0;
    assert_int_equal(post(bench, "2020010101.0000000000000000"), 503);
    assert_int_equal(post(bench, "2020010101.0000000000000001"), 503); // one of a device at a time
    assert_int_equal(composed, 0);
    assert_true(district_compose_next(bench->district, 0));
    assert_false(district_compose_next(bench->district, 0));
    assert_int_equal(composed, 1);
}

static void what_no_content_composes_is_tried_once(void **state)
{
    static const char unknown[] = "2020010101.0000000000000000";
    struct bench *bench = *state;
    composed = 0;
    assert_int_equal(post(bench, unknown), 503);
    assert_true(district_compose_next(bench->district, 0));
    for (int i = 0; i < 5; i++)
        assert_int_equal(post(bench, unknown), 404);
    assert_false(district_compose_next(bench->district, 0));
    assert_int_equal(composed, 1);
    fake_clock_pass(&bench->clock, 3600000); // the content may have come meanwhile
    assert_int_equal(post(bench, unknown), 503);
    assert_true(district_compose_next(bench->district, 0));
}

// The clock passes while the worker composes.
static enum err compose_slowly(void *context, const char *form_id, const char *asked,
                               struct strbuf *out, struct fail *why)
{
    struct bench *bench = context;
    (void)form_id, (void)asked, (void)out;
    fake_clock_pass(&bench->clock, 8000);
    return fail_set(why, ERR_NOT_FOUND, "no release composes it");
}

static void the_device_that_asked_pays_for_the_composing(void **state)
{
    struct bench *bench = *state;
    bench->compose = compose_slowly;
    bench_restart(bench);
    assert_int_equal(post(bench, "2020010101.0000000000000000"), 503);
    assert_true(district_compose_next(bench->district, 0));
    char own[65];
    text_copy(own, sizeof own, bench->device.fingerprint);
    memset(bench->device.fingerprint, 'b', 64); // somebody else is there
    assert_int_not_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 429);
    text_copy(bench->device.fingerprint, sizeof bench->device.fingerprint, own);
    assert_int_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 429);
}

static void each_item_shows_what_its_own_form_asks_and_no_more(void **state)
{
    struct bench *bench = *state;
    hand_in(bench);
    json_t *aid = show_item(bench, "medical-aid"), *living = show_item(bench, "minimum-living");
    const json_t *record = json_object_get(aid, "record");
    assert_string_equal(word(aid, "service"), "medical-aid");
    assert_string_equal(word(aid, "form_id"), "medical-aid");
    assert_string_equal(word(json_object_get(record, "applicant"), "name"), "张三");
    assert_string_equal(word(json_object_get(record, "treatment"), "disease"), "高血压");
    assert_string_equal(word(json_object_get(record, "visit"), "papers"),
                        "id-card:clerk insurance-statement:later");
    assert_null(json_object_get(record, "member"));
    assert_null(json_object_get(record, "apply"));
    assert_null(strstr(word(aid, "record_xml"), "李四"));
    assert_non_null(strstr(word(living, "record_xml"), "李四"));
    assert_null(strstr(word(living, "record_xml"), "高血压"));
    assert_string_equal(word(json_object_get(json_object_get(living, "record"), "visit"), "papers"),
                        "id-card:clerk household-register:later");
    json_decref(aid);
    json_decref(living);
}

static void each_item_has_its_own_limits(void **state)
{
    struct bench *bench = *state;
    hand_in(bench);
    json_t *living = show_item(bench, "minimum-living"), *aid = show_item(bench, "medical-aid");
    assert_int_equal(json_integer_value(json_object_get(living, "legal_days")), 30);
    assert_int_equal(json_integer_value(json_object_get(living, "promised_days")), 20);
    assert_int_equal(json_integer_value(json_object_get(aid, "legal_days")), 0);
    json_decref(aid);
    json_decref(living);
}

static void the_whole_is_as_far_as_its_slowest_item(void **state)
{
    struct bench *bench = *state;
    hand_in(bench);
    states_are(bench, "10: 10 10");
    assert_int_equal(decide(bench, NULL, "20"), ERR_OK); // accepted, all of it
    states_are(bench, "20: 20 20");
    assert_int_equal(decide(bench, "medical-aid", "30"), ERR_OK);
    states_are(bench, "20: 20 30");
    assert_int_equal(decide(bench, "minimum-living", "30"), ERR_OK);
    states_are(bench, "30: 30 30");
    assert_int_equal(decide(bench, "medical-aid", "10"), ERR_INPUT); // not from there
    assert_int_equal(decide(bench, "nobody", "40"), ERR_INPUT);
}

static void what_is_wanted_of_one_item_is_wanted_of_the_whole(void **state)
{
    struct bench *bench = *state;
    hand_in(bench);
    assert_int_equal(decide(bench, "medical-aid", "14"), ERR_OK);
    states_are(bench, "14: 10 14");
    assert_int_equal(decide(bench, "minimum-living", "20"), ERR_OK);
    states_are(bench, "14: 20 14");
    assert_int_equal(decide(bench, "medical-aid", "20"), ERR_OK);
    states_are(bench, "20: 20 20");
}

static void one_item_refused_does_not_end_the_others(void **state)
{
    struct bench *bench = *state;
    hand_in(bench);
    assert_int_equal(decide(bench, "medical-aid", "16"), ERR_OK);
    states_are(bench, "10: 10 16");
    assert_int_equal(decide(bench, "minimum-living", "16"), ERR_OK);
    states_are(bench, "16: 16 16");
}

static void kiosks_are_told_of_every_move_with_the_state_of_the_whole(void **state)
{
    struct bench *bench = *state;
    hand_in(bench);
    assert_int_equal(decide(bench, NULL, "20"), ERR_OK);
    assert_int_equal(decide(bench, "medical-aid", "30"), ERR_OK);
    struct bench_answer *answer =
        bench_ask(bench, "GET", "/v1/status", NULL, (const char *[]){"since", "0", NULL});
    json_t *body = json_loads(answer->body, 0, NULL);
    const json_t *events = json_object_get(body, "events");
    size_t count = json_array_size(events);
    assert_true(count >= 3);
    const json_t *last = json_array_get(events, count - 1);
    assert_string_equal(word(last, "status"), "20");
    const json_t *items = json_object_get(last, "items");
    assert_int_equal(json_array_size(items), 2);
    assert_string_equal(word(json_array_get(items, 1), "item"), "medical-aid");
    assert_string_equal(word(json_array_get(items, 1), "status"), "30");
    json_decref(body);
}

static void every_decision_and_reading_is_in_the_chain(void **state)
{
    struct bench *bench = *state;
    int64_t before, after;
    hand_in(bench);
    assert_int_equal(district_audit_verify(bench->district, &before, NULL), ERR_OK);
    assert_int_equal(decide(bench, NULL, "20"), ERR_OK); // one entry an item
    json_decref(show_item(bench, "medical-aid"));
    assert_int_equal(district_audit_verify(bench->district, &after, NULL), ERR_OK);
    assert_int_equal(after - before, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_form_nobody_published_is_known_when_the_content_composes_it, open_all, close_all),
        cmocka_unit_test_setup_teardown(nothing_is_composed_while_the_listener_waits, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(what_no_content_composes_is_tried_once, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(the_device_that_asked_pays_for_the_composing, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(each_item_shows_what_its_own_form_asks_and_no_more,
                                        open_all, close_all),
        cmocka_unit_test_setup_teardown(each_item_has_its_own_limits, open_all, close_all),
        cmocka_unit_test_setup_teardown(the_whole_is_as_far_as_its_slowest_item, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(what_is_wanted_of_one_item_is_wanted_of_the_whole, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(one_item_refused_does_not_end_the_others, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(kiosks_are_told_of_every_move_with_the_state_of_the_whole,
                                        open_all, close_all),
        cmocka_unit_test_setup_teardown(every_decision_and_reading_is_in_the_chain, open_all,
                                        close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
