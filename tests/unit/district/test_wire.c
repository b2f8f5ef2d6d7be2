// SPDX-License-Identifier: GPL-3.0-or-later
// Both ends of the wire on loopback, with real TLS: a kiosk enrolls, sends, loses the answer, sends
// again, and is there once.
#include "wire.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/mhd.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/sync/client.h"
#include "yimen/sync/enroll.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void take_request(void *context, struct outbox_request *request)
{
    struct wire *wire = context;
    if (request->kind == OUTBOX_SENT)
        wire->outcome = request->outcome;
}

static void take_event(void *context, const struct sync_event *event)
{
    (void)context;
    (void)event;
}

static enum send_outcome send_case(struct wire *wire, const struct bench_submission *submission)
{
    struct outbox_part parts[ENVELOPE_PARTS] = {0};
    struct outbox_item item = {.manifest = submission->xml.data,
                               .manifest_length = submission->xml.length,
                               .part_count = submission->envelope.count,
                               .parts = parts};
    for (size_t at = 0; at < item.part_count; at++) {
        const struct attachment *part = &submission->envelope.parts[at];
        parts[at] = (struct outbox_part){.length = part->length, .data = part->data};
        text_copy(parts[at].name, sizeof parts[at].name, part->name);
    }
    text_copy(item.instance, sizeof item.instance, submission->manifest.instance_id);
    text_copy(item.number, sizeof item.number, submission->manifest.seal.receipt);
    struct outbox_reply reply = {.kind = OUTBOX_ITEM, .item = &item};
    struct sync_output output = {wire, take_request, take_event};
    wire->outcome = SEND_HELD;
    sync_step(wire->sync, &reply, &output);
    return wire->outcome;
}

static void a_sent_case_is_received_and_opened(void **state)
{
    struct wire *wire = *state;
    struct bench_submission one;
    int opened = 0;
    bench_submission(&wire->bench, &(struct bench_record){0}, &one);
    assert_int_equal(send_case(wire, &one), SEND_RECEIVED);
    assert_int_equal(district_open_waiting(wire->bench.district, &opened, NULL), ERR_OK);
    assert_int_equal(opened, 1);
    bench_submission_free(&one);
}

static void a_lost_answer_makes_no_second_case(void **state)
{
    struct wire *wire = *state;
    struct bench_submission one;
    bench_submission(&wire->bench, &(struct bench_record){0}, &one);
    atomic_store(&wire->lost_answers, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(send_case(wire, &one), SEND_RETRY);
    assert_int_equal(send_case(wire, &one), SEND_RECEIVED);
    assert_int_equal(bench_rows(&wire->bench), 1);
    bench_submission_free(&one);
}

static void a_district_that_is_away_is_a_retry_until_it_is_back(void **state)
{
    struct wire *wire = *state;
    struct bench_submission one;
    char kept[64];
    bench_submission(&wire->bench, &(struct bench_record){0}, &one);
    wire->server.ops->close(wire->server.self);
    wire->server = (struct http_server){0};
    assert_int_equal(send_case(wire, &one), SEND_RETRY);
    district_close(wire->district);
    sqlite_district_close(&wire->store);
    text_copy(kept, sizeof kept, wire->server_url);
    wire_listen(wire); // on another port; the address in the options is this very array
    assert_string_not_equal(kept, wire->server_url);
    assert_int_equal(send_case(wire, &one), SEND_RECEIVED);
    assert_int_equal(bench_rows(&wire->bench), 1);
    bench_submission_free(&one);
}

static void a_case_sealed_before_an_enrolment_is_still_taken(void **state)
{
    struct wire *wire = *state;
    struct bench_submission one;
    struct bench *bench = &wire->bench;
    bench_submission(bench, &(struct bench_record){0}, &one);
    wire_enroll(wire); // again, with new keys; what is queued is never sealed anew
    sync_close(wire->sync);
    curl_client_close(&wire->http);
    wire_open_sync(wire);
    assert_int_equal(send_case(wire, &one), SEND_RECEIVED);
    bench_submission_free(&one);
}

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_true(in && out);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    fclose(in);
    fclose(out);
}

// The district's machine is lost; the newest backup takes its place.
static void restore(struct wire *wire, const char *backup)
{
    struct bench *bench = &wire->bench;
    wire->server.ops->close(wire->server.self);
    district_close(wire->district);
    sqlite_district_close(&wire->store);
    district_close(bench->district);
    bench->district = NULL;
    sqlite_district_close(&bench->store);
    copy_file(backup, bench->database);
    bench_restart(bench);
    wire_listen(wire);
}

static void take_repair(void *context, struct outbox_request *request)
{
    struct outbox_request *kept = context;
    if (kept->kind == OUTBOX_REPAIR)
        free(kept->news);
    *kept = *request;
}

// Steps a fresh kiosk's end through a heartbeat up to the comparison; what it asks for then.
static struct outbox_request compare(struct wire *wire, const struct bench_submission *cases,
                                     size_t count)
{
    struct outbox_request asked = {.kind = OUTBOX_NEXT};
    struct sync_output output = {&asked, take_repair, take_event};
    struct outbox_reply listed = {.kind = OUTBOX_LISTED, .saves = 9};
    struct outbox_reply nothing = {.kind = OUTBOX_NOTHING, .retry_at_ms = -1};
    struct outbox_reply done = {.kind = OUTBOX_DONE};
    struct outbox_ledger_row rows[8] = {0};
    sync_close(wire->sync);
    curl_client_close(&wire->http);
    wire_open_sync(wire);
    assert_int_equal(
        audit_head_sign(&wire->bench.crypto, wire->bench.device_secret, &listed.audit_head, NULL),
        ERR_OK);
    sync_step(wire->sync, NULL, &output);
    sync_step(wire->sync, &listed, &output);
    for (int i = 0; i < 8 && asked.kind != OUTBOX_LEDGER; i++) {
        if (asked.kind == OUTBOX_STATUS)
            free(asked.news);
        sync_step(wire->sync, asked.kind == OUTBOX_NEXT ? &nothing : &done, &output);
    }
    assert_int_equal(asked.kind, OUTBOX_LEDGER);
    for (size_t i = 0; i < count; i++) {
        const struct seal *seal = &cases[i].manifest.seal;
        rows[i].saved_utc_ms = seal->saved_utc_ms;
        text_copy(rows[i].instance, sizeof rows[i].instance, cases[i].manifest.instance_id);
        text_copy(rows[i].number, sizeof rows[i].number, seal->receipt);
    }
    struct outbox_reply ledger = {
        .kind = OUTBOX_LEDGER_READY, .ledger = rows, .ledger_count = count};
    sync_step(wire->sync, &ledger, &output);
    return asked;
}

static void a_restored_district_gets_again_what_it_lost(void **state)
{
    struct wire *wire = *state;
    struct bench_submission cases[3];
    static const char *const instances[] = {"uuid:one", "uuid:two", "uuid:three"};
    char backup[160];
    struct fail why = {0};
    snprintf(backup, sizeof backup, "%s/backup.db", wire->bench.folder);
    for (int i = 0; i < 3; i++)
        bench_submission(&wire->bench, &(struct bench_record){.instance = instances[i]}, &cases[i]);
    assert_int_equal(send_case(wire, &cases[0]), SEND_RECEIVED);
    if (sqlite_district_backup(&wire->bench.store, backup, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(sqlite_district_backup(&wire->bench.store, backup, NULL), ERR_CONFLICT);
    assert_int_equal(send_case(wire, &cases[1]), SEND_RECEIVED);
    assert_int_equal(send_case(wire, &cases[2]), SEND_RECEIVED);
    assert_int_equal(compare(wire, cases, 3).kind, OUTBOX_NEXT); // nothing to mend
    restore(wire, backup);
    assert_int_equal(bench_rows(&wire->bench), 1);
    struct outbox_request repair = compare(wire, cases, 3);
    assert_int_equal(repair.kind, OUTBOX_REPAIR);
    assert_int_equal(repair.news->count, 2);
    assert_string_equal(repair.news->items[0].instance, "uuid:three"); // by name
    assert_string_equal(repair.news->items[1].instance, "uuid:two");
    free(repair.news);
    assert_int_equal(send_case(wire, &cases[1]), SEND_RECEIVED);
    assert_int_equal(send_case(wire, &cases[2]), SEND_RECEIVED);
    assert_int_equal(compare(wire, cases, 3).kind, OUTBOX_NEXT);
    assert_int_equal(bench_rows(&wire->bench), 3);
    for (int i = 0; i < 3; i++)
        bench_submission_free(&cases[i]);
    unlink(backup);
}

struct flood {
    struct wire *wire;
    struct http_client http;
    pthread_t thread;
    atomic_bool *stop;
};

static void *pour(void *context)
{
    static char rubbish[64 << 10];
    struct flood *flood = context;
    char url[128];
    struct http_response response = {0};
    strbuf_init(&response.body, LIMIT_HTTP_REPLY);
    snprintf(url, sizeof url, "%s/submission", flood->wire->server_url);
    struct http_request request = {.method = "POST",
                                   .url = url,
                                   .body = rubbish,
                                   .length = sizeof rubbish,
                                   .type = "text/xml",
                                   .timeout_ms = 5000};
    while (!atomic_load(flood->stop))
        (void)!flood->http.ops->perform(flood->http.self, &request, &response, NULL);
    strbuf_free(&response.body);
    return NULL;
}

static void a_flood_from_one_device_leaves_room_for_the_others(void **state)
{
    enum { STREAMS = 12, CASES = 10 };
    struct wire *wire = *state;
    struct flood floods[STREAMS];
    atomic_bool stop = false;
    wire_save(wire, "mad.crt", &wire->enrolled.certificate);
    struct curl_client_options options = {.certificate_file = wire_path(wire, "mad.crt"),
                                          .key_file = wire_path(wire, "device.key"),
                                          .ca_file = wire_path(wire, "ca.crt")};
    for (int i = 0; i < STREAMS; i++) {
        floods[i] = (struct flood){.wire = wire, .stop = &stop};
        assert_int_equal(curl_client_open(&options, &floods[i].http, NULL), ERR_OK);
    }
    strbuf_clear(&wire->request);
    strbuf_clear(&wire->enrolled.certificate);
    strbuf_clear(&wire->enrolled.sealing_key);
    wire_enroll(wire); // the kiosk that behaves
    sync_close(wire->sync);
    curl_client_close(&wire->http);
    wire_open_sync(wire);
    for (int i = 0; i < STREAMS; i++)
        assert_int_equal(pthread_create(&floods[i].thread, NULL, pour, &floods[i]), 0);
    for (int i = 0; i < CASES; i++) {
        char instance[LIMIT_INSTANCE_ID];
        struct bench_submission one;
        snprintf(instance, sizeof instance, "uuid:flood-%d", i);
        bench_submission(&wire->bench, &(struct bench_record){.instance = instance}, &one);
        struct timespec begun, done;
        clock_gettime(CLOCK_MONOTONIC, &begun);
        assert_int_equal(send_case(wire, &one), SEND_RECEIVED);
        clock_gettime(CLOCK_MONOTONIC, &done);
        assert_true(done.tv_sec - begun.tv_sec <= 3);
        bench_submission_free(&one);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < STREAMS; i++) {
        pthread_join(floods[i].thread, NULL);
        curl_client_close(&floods[i].http);
    }
    unlink(wire_path(wire, "mad.crt"));
    assert_int_equal(bench_rows(&wire->bench), CASES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, wire_open, wire_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sent_case_is_received_and_opened),
        TEST(a_lost_answer_makes_no_second_case),
        TEST(a_district_that_is_away_is_a_retry_until_it_is_back),
        TEST(a_case_sealed_before_an_enrolment_is_still_taken),
        TEST(a_restored_district_gets_again_what_it_lost),
        TEST(a_flood_from_one_device_leaves_room_for_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
