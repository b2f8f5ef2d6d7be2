// SPDX-License-Identifier: GPL-3.0-or-later
// The back office without a network: what it takes in, what it refuses, what it opens, what it
// tells whom.
#include "office_bench.h"

#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER_A "370212001251123170019"
#define NUMBER_B "370212001251123170027"
#define NUMBER_C "370212001251123170035"
#define NUMBER_NEXT_DAY "370212001251124170042"
#define NUMBER_OTHER_COUNTER "370212002251123170031"

static const struct bench_record ordinary = {0};

static int open_bench(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench_open(bench);
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

static struct bench_submission *make(struct bench *bench, const struct bench_record *record)
{
    struct bench_submission *submission = calloc(1, sizeof *submission);
    bench_submission(bench, record, submission);
    return submission;
}

static void drop(struct bench_submission *submission)
{
    bench_submission_free(submission);
    free(submission);
}

static void open_all(struct bench *bench, int expected)
{
    int opened = -1;
    struct fail why = {0};
    if (district_open_waiting(bench->district, &opened, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(opened, expected);
}

static void a_new_submission_is_received(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    const struct bench_answer *answer = bench_post(bench, one, 0, 2);
    assert_int_equal(answer->status, 201);
    assert_non_null(strstr(answer->body, "<OpenRosaResponse xmlns=\"http://openrosa.org/http/"
                                         "response\"><message nature=\"submit_success\">"));
    assert_string_equal(answer->headers[0], "X-OpenRosa-Version: 1.0");
    assert_int_equal(bench_rows(bench), 1);
    drop(one);
}

static void the_same_bytes_again_are_received_again_and_change_nothing(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
        bench_restart(bench); // as after a kill between the commit and the answer
    }
    assert_int_equal(bench_rows(bench), 1);
    open_all(bench, 1);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    open_all(bench, 0);
    drop(one);
}

static void another_manifest_for_the_same_instance_is_a_conflict(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary), *other = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, other, 0, 2)->status, 409);
    assert_int_equal(bench_rows(bench), 1);
    drop(one);
    drop(other);
}

static void parts_may_come_in_several_requests(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 1)->status, 202);
    assert_int_equal(bench_rows(bench), 0);
    open_all(bench, 0);
    assert_int_equal(bench_post(bench, one, 0, 1)->status, 202);
    assert_int_equal(bench_post(bench, one, 1, 1)->status, 201);
    assert_int_equal(bench_post(bench, one, 0, 1)->status, 201);
    open_all(bench, 1);
    drop(one);
}

static void a_part_that_was_changed_is_refused(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    ((char *)one->envelope.parts[0].data)[3] ^= 1;
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 400);
    ((char *)one->envelope.parts[0].data)[3] ^= 1;
    one->envelope.parts[1].length--;
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 400);
    one->envelope.parts[1].length++;
    text_copy(one->envelope.parts[0].name, 64, "other.enc");
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 400);
    assert_int_equal(bench_rows(bench), 0);
    drop(one);
}

// Each change is made to a sealed manifest without sealing it again.
static void tamper_receipt(struct manifest *manifest)
{
    text_copy(manifest->seal.receipt, sizeof manifest->seal.receipt, NUMBER_B);
}
static void tamper_urgent(struct manifest *manifest)
{
    manifest->seal.urgent = false;
}
static void tamper_time(struct manifest *manifest)
{
    manifest->seal.saved_utc_ms += 1;
}
static void tamper_key(struct manifest *manifest)
{
    manifest->encrypted_key[10] = manifest->encrypted_key[10] == 'A' ? 'B' : 'A';
}
static void tamper_instance(struct manifest *manifest)
{
    manifest->instance_id[10] = manifest->instance_id[10] == '1' ? '2' : '1';
}
static void tamper_token(struct manifest *manifest)
{
    manifest->seal.token_hash[0] = manifest->seal.token_hash[0] == '0' ? '1' : '0';
}
static void tamper_part(struct manifest *manifest)
{
    manifest->seal.parts[0].sha256[0] = manifest->seal.parts[0].sha256[0] == '0' ? '1' : '0';
}

static void a_tampered_seal_is_refused(void **state)
{
    static void (*const changes[])(struct manifest *) = {
        tamper_receipt,  tamper_urgent, tamper_time, tamper_key,
        tamper_instance, tamper_token,  tamper_part};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct bench_submission *one = make(bench, &ordinary);
        changes[i](&one->manifest);
        bench_rewrite(bench, one, false);
        if (bench_post(bench, one, 0, 2)->status != 400)
            fail_msg("change %zu was taken", i);
        drop(one);
    }
    assert_int_equal(bench_rows(bench), 0);
}

static void what_is_not_ours_is_refused(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    text_copy(one->manifest.version, sizeof one->manifest.version, "1999");
    bench_rewrite(bench, one, true);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 404);
    drop(one);

    one = make(bench, &ordinary);
    text_copy(one->manifest.seal.key_id, sizeof one->manifest.seal.key_id, "nobody");
    bench_rewrite(bench, one, true);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 400);
    drop(one);

    one = make(bench, &(struct bench_record){.receipt = NUMBER_OTHER_COUNTER});
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 400);
    drop(one);

    one = make(bench, &ordinary);
    one->manifest.has_seal = false;
    bench_rewrite(bench, one, false);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 400);
    strbuf_clear(&one->xml);
    strbuf_adds(&one->xml, "<data><name>");
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 400);
    drop(one);
    assert_int_equal(bench_rows(bench), 0);
}

static void an_unknown_device_gets_nothing(void **state)
{
    static const char *const paths[][2] = {{"HEAD", "/submission"},
                                           {"POST", "/submission"},
                                           {"GET", "/formList"},
                                           {"GET", "/v1/status"},
                                           {"POST", "/v1/heartbeat"}};
    struct bench *bench = *state;
    bench->device.fingerprint[0] = 'b';
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(bench_ask(bench, paths[i][0], paths[i][1], NULL, NULL)->status, 403);
}

static void announce(struct bench *bench, const char *one, const char *two)
{
    char body[200];
    snprintf(body, sizeof body, "{\"saves\":1,\"audit_head\":\"\",\"unsent\":[\"%s\",\"%s\"]}", one,
             two);
    assert_int_equal(bench_ask(bench, "POST", "/v1/heartbeat", body, NULL)->status, 200);
}

static void a_revoked_device_is_refused_and_its_later_cases_are_flagged(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *before = make(bench, &ordinary);
    struct bench_submission *after =
        make(bench, &(struct bench_record){.instance = "uuid:2", .receipt = NUMBER_B});
    struct district_device revoked = bench->device, other = bench->device;
    struct district_case at;
    const uint8_t code[CRYPTO_HASH] = {2};
    struct bench_submission *backdated =
        make(bench, &(struct bench_record){.instance = "uuid:3", .receipt = NUMBER_C});
    announce(bench, NUMBER_A, NUMBER_B);
    fake_clock_pass(&bench->clock, 1000);
    assert_int_equal(district_revoke(bench->district, revoked.id, "2001", "stolen", NULL), ERR_OK);
    assert_int_equal(district_revoke(bench->district, "nobody", "2001", "", NULL), ERR_NOT_FOUND);
    assert_int_equal(bench_post(bench, before, 0, 2)->status, 403);

    // what it sealed comes with the counter's next device
    memset(other.fingerprint, 'c', 64);
    text_copy(other.id, sizeof other.id, "kiosk-001-8-test");
    text_copy(other.key_id, sizeof other.key_id, "device-key-2");
    assert_int_equal(bench->store.ops->code_put(bench->store.self, code, "001",
                                                bench->clock.now.utc_ms + 1, NULL),
                     ERR_OK);
    assert_int_equal(bench->store.ops->device_add(bench->store.self, code, &other, NULL), ERR_OK);
    after->manifest.seal.saved_utc_ms = bench->clock.now.utc_ms;
    bench_rewrite(bench, after, true);
    bench->device = other;
    assert_int_equal(bench_post(bench, before, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, after, 0, 2)->status, 201);
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, NUMBER_A, &at, NULL),
                     ERR_OK);
    assert_string_equal(at.submission.flag, "");
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, NUMBER_B, &at, NULL),
                     ERR_OK);
    assert_string_equal(at.submission.flag, "revoked-device");
    // dated before, and not among what the device had told that it still had
    assert_int_equal(bench_post(bench, backdated, 0, 2)->status, 201);
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, NUMBER_C, &at, NULL),
                     ERR_OK);
    assert_string_equal(at.submission.flag, "revoked-device");
    drop(before);
    drop(after);
    drop(backdated);
}

static struct district_device second_device(struct bench *bench)
{
    struct district_device good = bench->device;
    const uint8_t code[CRYPTO_HASH] = {3};
    memset(good.fingerprint, 'd', 64);
    text_copy(good.id, sizeof good.id, "kiosk-001-9-test");
    text_copy(good.key_id, sizeof good.key_id, "device-key-3");
    assert_int_equal(bench->store.ops->code_put(bench->store.self, code, "001",
                                                bench->clock.now.utc_ms + 1, NULL),
                     ERR_OK);
    assert_int_equal(bench->store.ops->device_add(bench->store.self, code, &good, NULL), ERR_OK);
    return good;
}

// A store in which listing the forms takes the listener two seconds.
static struct district_store_ops slow_ops;
static struct bench *slow_bench;
static enum err slow_forms(void *self,
                           void (*each)(void *context, const struct district_form *form),
                           void *context, struct fail *why)
{
    (void)self, (void)each, (void)context, (void)why;
    fake_clock_pass(&slow_bench->clock, 2000);
    return ERR_OK;
}

static int ask_as(struct bench *bench, const struct district_device *device, const char *method,
                  const char *path)
{
    bench->device = *device;
    return bench_ask(bench, method, path, NULL, NULL)->status;
}

static void dear_requests_are_paid_for_while_others_are_there(void **state)
{
    struct bench *bench = *state;
    struct district_device dear = bench->device, good = second_device(bench);
    const struct district_store_ops *real = bench->store.ops;
    slow_bench = bench;
    slow_ops = *real;
    slow_ops.form_each = slow_forms;
    bench->store.ops = &slow_ops;
    assert_int_equal(ask_as(bench, &dear, "GET", "/formList"), 200);
    assert_int_equal(ask_as(bench, &dear, "GET", "/formList"), 200); // alone it may
    assert_int_equal(ask_as(bench, &good, "HEAD", "/submission"), 204);
    assert_int_equal(ask_as(bench, &dear, "GET", "/formList"), 429);
    assert_int_equal(ask_as(bench, &good, "HEAD", "/submission"), 204);
    for (int i = 0; i < 20; i++) { // both ask on, and what is owed is paid off
        fake_clock_pass(&bench->clock, 500);
        assert_int_equal(ask_as(bench, &good, "HEAD", "/submission"), 204);
        (void)ask_as(bench, &dear, "HEAD", "/submission");
    }
    assert_int_equal(ask_as(bench, &dear, "HEAD", "/submission"), 204);
    bench->store.ops = real;
}

static void one_device_gone_mad_does_not_hinder_the_others(void **state)
{
    struct bench *bench = *state;
    struct district_device mad = bench->device, good = second_device(bench);
    int refused = 0;
    while (bench_ask(bench, "POST", "/submission", "rubbish", NULL)->status == 400)
        assert_true(++refused < 500);
    assert_int_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 429);
    bench->device = good;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 204);
    text_copy(one->manifest.seal.key_id, sizeof one->manifest.seal.key_id, mad.key_id);
    bench_rewrite(bench, one, true);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    bench->device = mad;
    fake_clock_pass(&bench->clock, 1000);
    assert_int_equal(bench_ask(bench, "HEAD", "/submission", NULL, NULL)->status, 204);
    drop(one);
}

static void a_day_that_differs_is_named_and_what_is_missing_listed(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    long long day = one->manifest.seal.saved_utc_ms / 86400000;
    char line[160], body[400];
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct strbuf hex;
    strbuf_init(&hex, 64);
    snprintf(line, sizeof line, "%s %s\n", one->manifest.instance_id, NUMBER_A);
    bench->crypto.ops->digest(bench->crypto.self, DIGEST_SHA256, line, strlen(line), digest);
    bench->crypto.ops->hex_encode(bench->crypto.self, digest, CRYPTO_HASH, &hex);
    static const struct {
        int count;
        bool other_digest, differs;
    } table[] = {{1, false, false}, {2, false, true}, {1, true, true}, {0, false, true}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char expected[64];
        snprintf(body, sizeof body, "{\"days\":[{\"day\":%lld,\"count\":%d,\"digest\":\"%s\"}]}",
                 day, table[i].count, table[i].other_digest ? "00" : strbuf_text(&hex));
        snprintf(expected, sizeof expected,
                 table[i].differs ? "{\"differ\":[%lld]}" : "{\"differ\":[]}", day);
        const struct bench_answer *answer = bench_ask(bench, "POST", "/v1/reconcile", body, NULL);
        assert_int_equal(answer->status, 200);
        assert_string_equal(answer->body, expected);
    }
    strbuf_free(&hex);
    snprintf(body, sizeof body, "{\"day\":%lld,\"instances\":[\"uuid:lost\"]}", day);
    assert_string_equal(bench_ask(bench, "POST", "/v1/reconcile", body, NULL)->body,
                        "{\"missing\":[\"uuid:lost\"],\"others\":1}");
    snprintf(body, sizeof body, "{\"day\":%lld,\"instances\":[\"%s\"]}", day,
             one->manifest.instance_id);
    assert_string_equal(bench_ask(bench, "POST", "/v1/reconcile", body, NULL)->body,
                        "{\"missing\":[],\"others\":0}");
    static const char *const bad[] = {"", "[]", "{\"days\":[{\"day\":\"x\"}]}",
                                      "{\"day\":-1,\"instances\":[]}", "{\"days\":7}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(bench_ask(bench, "POST", "/v1/reconcile", bad[i], NULL)->status, 400);
    drop(one);
}

static void invented_cases_are_compared_quickly_and_leave_one_entry(void **state)
{
    struct bench *bench = *state;
    int64_t before = 0, after = 0;
    uint8_t hash[CRYPTO_HASH];
    struct strbuf body;
    strbuf_init(&body, 1 << 20);
    for (int count = 1000; count <= 1001; count++) {
        strbuf_clear(&body);
        strbuf_adds(&body, "{\"day\":20415,\"instances\":[");
        for (int i = 0; i < count; i++)
            strbuf_addf(&body, "%s\"uuid:invented-%d\"", i ? "," : "", i);
        strbuf_adds(&body, "]}");
        assert_int_equal(bench->store.ops->audit_head(bench->store.self, &before, hash, NULL),
                         ERR_OK);
        int status = bench_ask(bench, "POST", "/v1/reconcile", strbuf_text(&body), NULL)->status;
        assert_int_equal(bench->store.ops->audit_head(bench->store.self, &after, hash, NULL),
                         ERR_OK);
        assert_int_equal(status, count == 1000 ? 200 : 400); // a counter's numbers of a day
        assert_int_equal(after - before, count == 1000 ? 1 : 0);
    }
    strbuf_free(&body);
}

static void a_verified_backup_is_told_and_logged(void **state)
{
    struct bench *bench = *state;
    int64_t now = bench->clock.now.utc_ms, entries = 0;
    char expected[96];
    assert_int_equal(district_backup_verified(bench->district, now + 1, "ctl", NULL), ERR_INPUT);
    assert_int_equal(district_backup_verified(bench->district, now - 5, "ctl", NULL), ERR_OK);
    snprintf(expected, sizeof expected, "{\"frozen\":false,\"backup_utc_ms\":%lld}",
             (long long)(now - 5));
    assert_string_equal(bench_ask(bench, "POST", "/v1/heartbeat",
                                  "{\"saves\":0,\"audit_head\":\"\",\"unsent\":[]}", NULL)
                            ->body,
                        expected);
    assert_int_equal(district_audit_verify(bench->district, &entries, NULL), ERR_OK);
    assert_int_equal(entries, 1);
}

static void a_case_is_shown_as_it_was_answered(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &(struct bench_record){.name = "李 𠮷 &lt;四&amp;"});
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    struct fail why = {0};
    if (district_show(bench->district, NUMBER_A, "2001", "test", &out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    json_t *shown = json_loads(strbuf_text(&out), 0, NULL);
    const json_t *record = json_object_get(shown, "record");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(record, "applicant"), "name")),
        "李 𠮷 <四&");
    assert_int_equal(json_array_size(json_object_get(record, "member")), 2);
    assert_string_equal(json_string_value(json_object_get(shown, "status")), "10");
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(json_object_get(shown, "files"), 0), "name")),
                        "signature.svg");
    json_decref(shown);
    strbuf_clear(&out);
    assert_int_equal(
        district_show_file(bench->district, NUMBER_A, "signature.svg", "2001", &out, NULL), ERR_OK);
    assert_true(text_starts(strbuf_text(&out), "<svg"));
    int64_t entries = 0;
    assert_int_equal(district_audit_verify(bench->district, &entries, NULL), ERR_OK);
    assert_int_equal(entries, 2);
    strbuf_free(&out);
    drop(one);
}

static void a_reading_of_nothing_is_logged_too(void **state)
{
    struct bench *bench = *state;
    struct strbuf out;
    int64_t entries = 0;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(district_show(bench->district, NUMBER_A, "2001", "curious", &out, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(district_audit_verify(bench->district, &entries, NULL), ERR_OK);
    assert_int_equal(entries, 1);
    strbuf_free(&out);
}

static void no_answer_is_in_clear_in_the_database(void **state)
{
    static const char *const answers[] = {"张三", "370212195406070029", "13800000001",
                                          "<id_number>"};
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    open_all(bench, 1);
    bench_restart(bench);
    static char bytes[4 << 20];
    for (int wal = 0; wal < 2; wal++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", bench->database, wal ? "-wal" : "");
        FILE *file = fopen(path, "rb");
        size_t length = file ? fread(bytes, 1, sizeof bytes, file) : 0;
        if (file)
            fclose(file);
        for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
            if (memmem(bytes, length, answers[i], strlen(answers[i])))
                fail_msg("%s is in %s", answers[i], path);
    }
    drop(one);
}

static enum district_opened opened_state(struct bench *bench, const char *receipt)
{
    struct district_case at;
    assert_int_equal(bench->store.ops->case_by_receipt(bench->store.self, receipt, &at, NULL),
                     ERR_OK);
    return at.opened;
}

static void a_record_that_is_not_what_its_seal_says_is_quarantined(void **state)
{
    static const struct bench_record wrong[] = {
        {.record_receipt = NUMBER_B},
        {.record_key_id = "another-key", .instance = "uuid:2", .receipt = NUMBER_B}};
    struct bench *bench = *state;
    for (size_t i = 0; i < 2; i++) {
        struct bench_submission *one = make(bench, &wrong[i]);
        assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
        open_all(bench, 0);
        assert_int_equal(opened_state(bench, one->manifest.seal.receipt), DISTRICT_QUARANTINED);
        drop(one);
    }
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(district_show(bench->district, NUMBER_A, "2001", "why", &out, NULL),
                     ERR_CORRUPT);
    strbuf_free(&out);
}

static void a_quarantined_case_opens_when_its_key_is_there(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    struct strbuf other, unused, right = bench->sealing_private, out;
    strbuf_init(&other, 65536);
    strbuf_init(&unused, 65536);
    strbuf_init(&out, 1 << 20);
    assert_int_equal(certificate_make_sealing_key(2048, &other, &unused, NULL), ERR_OK);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    bench->sealing_private = other;
    bench_restart(bench);
    open_all(bench, 0);
    assert_int_equal(opened_state(bench, NUMBER_A), DISTRICT_QUARANTINED);
    bench->sealing_private = right;
    bench_restart(bench);
    assert_int_equal(district_show(bench->district, NUMBER_A, "2001", "look", &out, NULL), ERR_OK);
    assert_int_equal(opened_state(bench, NUMBER_A), DISTRICT_OPENED);
    strbuf_free(&other);
    strbuf_free(&unused);
    strbuf_free(&out);
    drop(one);
}

static void what_was_sealed_to_an_older_key_opens_after_a_rotation(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *before = make(bench, &ordinary);
    struct strbuf fresh, public, old = bench->sealing_private, old_public = bench->sealing_public;
    strbuf_init(&fresh, 65536);
    strbuf_init(&public, 65536);
    assert_int_equal(certificate_make_sealing_key(2048, &fresh, &public, NULL), ERR_OK);
    strbuf_add(&fresh, old.data, old.length);
    bench->sealing_private = fresh;
    bench->sealing_public = public;
    bench_restart(bench);
    struct bench_submission *after =
        make(bench, &(struct bench_record){.instance = "uuid:2", .receipt = NUMBER_B});
    assert_int_equal(bench_post(bench, before, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, after, 0, 2)->status, 201);
    open_all(bench, 2);
    assert_int_equal(opened_state(bench, NUMBER_A), DISTRICT_OPENED);
    assert_int_equal(opened_state(bench, NUMBER_B), DISTRICT_OPENED);
    strbuf_free(&old);
    strbuf_free(&old_public);
    drop(before);
    drop(after);
}

static void people_who_applied_twice_are_linked_and_not_refused(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    struct bench_submission *two = make(
        bench,
        &(struct bench_record){.instance = "uuid:2", .receipt = NUMBER_B, .phone = "13900000002"});
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, two, 0, 2)->status, 201);
    open_all(bench, 2);
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    assert_int_equal(district_show(bench->district, NUMBER_B, "2001", "test", &out, NULL), ERR_OK);
    json_t *shown = json_loads(strbuf_text(&out), 0, NULL);
    const json_t *alike = json_object_get(shown, "alike");
    assert_int_equal(json_array_size(alike), 2); // whole number, last four; not the phone
    assert_string_equal(json_string_value(json_object_get(json_array_get(alike, 0), "receipt")),
                        NUMBER_A);
    json_decref(shown);
    strbuf_free(&out);
    drop(one);
    drop(two);
}

static void a_repeated_receipt_number_is_taken_and_flagged(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    struct bench_submission *two = make(bench, &(struct bench_record){.instance = "uuid:2"});
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(bench_post(bench, two, 0, 2)->status, 201);
    struct district_case at;
    assert_int_equal(bench->store.ops->case_get(bench->store.self, "uuid:2", &at, NULL), ERR_OK);
    assert_string_equal(at.submission.flag, "repeated-number");
    drop(one);
    drop(two);
}

static enum err move(struct bench *bench, const char *status)
{
    struct district_decision decision = {NUMBER_A, status, "for the test", "2001", NULL};
    return district_set_status(bench->district, &decision, NULL);
}

static void states_move_only_where_they_may(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(move(bench, "20"), ERR_NOT_FOUND);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(move(bench, "70"), ERR_INPUT);
    assert_int_equal(move(bench, "nonsense"), ERR_INPUT);
    assert_int_equal(move(bench, "20"), ERR_OK);
    assert_int_equal(move(bench, "20"), ERR_INPUT);
    assert_int_equal(move(bench, "22"), ERR_OK);
    drop(one);
}

static void a_kiosk_reads_the_states_of_its_cases_by_cursor(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(move(bench, "14"), ERR_OK);
    struct bench_answer *answer =
        bench_ask(bench, "GET", "/v1/status", NULL, (const char *const[]){"since", "0", NULL});
    json_t *told = json_loads(answer->body, 0, NULL);
    const json_t *events = json_object_get(told, "events");
    assert_int_equal(json_array_size(events), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(events, 1), "status")),
                        "14");
    char since[24];
    snprintf(since, sizeof since, "%lld",
             (long long)json_integer_value(json_object_get(told, "next")));
    json_decref(told);
    answer =
        bench_ask(bench, "GET", "/v1/status", NULL, (const char *const[]){"since", since, NULL});
    assert_non_null(strstr(answer->body, "\"events\":[]"));
    answer = bench_ask(bench, "GET", "/v1/status", NULL, (const char *const[]){"since", "x", NULL});
    assert_int_equal(answer->status, 400);
    drop(one);
}

static void a_store_that_went_back_is_frozen_for_good(void **state)
{
    static const struct {
        const char *beat;
        int status;
        bool frozen;
    } table[] = {
        {"{\"saves\": 5, \"audit_head\": \"ab\", \"incarnation\": 7, \"unsent\": [\"" NUMBER_A
         "\"]}",
         200, false},
        {"{\"saves\": 5, \"audit_head\": \"ab\", \"incarnation\": 7}", 200, false},
        {"{\"saves\": \"many\"}", 400, false},
        {"not json", 400, false},
        {"{\"saves\": 4, \"audit_head\": \"aa\", \"incarnation\": 7}", 200, true},
        {"{\"saves\": 9, \"audit_head\": \"ac\", \"incarnation\": 7}", 200, true},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct bench_answer *answer =
            bench_ask(bench, "POST", "/v1/heartbeat", table[i].beat, NULL);
        assert_int_equal(answer->status, table[i].status);
        if (table[i].status == 200)
            assert_string_equal(answer->body, table[i].frozen
                                                  ? "{\"frozen\":true,\"backup_utc_ms\":0}"
                                                  : "{\"frozen\":false,\"backup_utc_ms\":0}");
    }
}

static void the_form_list_names_what_is_published(void **state)
{
    struct bench *bench = *state;
    const struct bench_answer *answer = bench_ask(bench, "GET", "/formList", NULL, NULL);
    assert_int_equal(answer->status, 200);
    assert_non_null(strstr(answer->body, "<formID>urgent-relief</formID>"));
    char path[128], address[200];
    snprintf(path, sizeof path, "/forms/urgent-relief/%s", bench->form_version);
    snprintf(address, sizeof address, "<downloadUrl>https://district:8443%s</downloadUrl>", path);
    assert_non_null(strstr(answer->body, address));
    answer = bench_ask(bench, "GET", path, NULL, NULL);
    assert_int_equal(answer->status, 200);
    assert_non_null(strstr(answer->body, "<h:html"));
    assert_int_equal(bench_ask(bench, "GET", "/forms/urgent-relief/1", NULL, NULL)->status, 404);
    assert_int_equal(bench_ask(bench, "GET", "/forms/../x", NULL, NULL)->status, 404);
    assert_int_equal(bench_ask(bench, "GET", "/elsewhere", NULL, NULL)->status, 404);
    assert_int_equal(bench_ask(bench, "GET", "/submission", NULL, NULL)->status, 405);
}

// ------------------------------------------------------------------ enrolment

static char *enrol_body(struct bench *bench, const char *code)
{
    struct strbuf key, request, public_key;
    uint8_t public[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    char alone[64];
    strbuf_init(&key, 65536);
    strbuf_init(&request, 65536);
    strbuf_init(&public_key, 64);
    bench->crypto.ops->sign_keypair(bench->crypto.self, public, secret);
    bench->crypto.ops->base64_encode(bench->crypto.self, public, sizeof public, true, &public_key);
    assert_int_equal(certificate_make_key(&key, NULL), ERR_OK);
    struct bytes key_bytes = {key.data, key.length};
    assert_int_equal(certificate_make_request(&key_bytes, "whoever", &request, NULL), ERR_OK);
    text_copy(alone, sizeof alone, code);
    if (strchr(alone, '.'))
        *strchr(alone, '.') = '\0';
    json_t *body = json_pack("{s:s, s:s, s:s}", "code", alone, "csr", strbuf_text(&request),
                             "public_key", strbuf_text(&public_key));
    char *text = json_dumps(body, 0);
    json_decref(body);
    strbuf_free(&key);
    strbuf_free(&request);
    strbuf_free(&public_key);
    return text;
}

static int enrol(struct bench *bench, const char *code, int *incarnation)
{
    char *body = enrol_body(bench, code);
    const struct bench_answer *answer = bench_ask(bench, "POST", "/v1/enroll", body, NULL);
    if (answer->status == 200) {
        json_t *told = json_loads(answer->body, 0, NULL);
        *incarnation = (int)json_integer_value(json_object_get(told, "incarnation"));
        assert_string_equal(json_string_value(json_object_get(told, "counter")), "001");
        assert_non_null(
            strstr(json_string_value(json_object_get(told, "certificate")), "BEGIN CERTIFICATE"));
        json_decref(told);
    }
    free(body);
    return answer->status;
}

static void a_code_enrolls_once_and_only_in_time(void **state)
{
    struct bench *bench = *state;
    char code[DISTRICT_CODE], late[DISTRICT_CODE];
    int incarnation = -1;
    assert_int_equal(district_make_code(bench->district, "001", 10, code, NULL), ERR_OK);
    assert_int_equal(district_make_code(bench->district, "001", 10, late, NULL), ERR_OK);
    assert_int_equal(enrol(bench, "guessed-code", &incarnation), 403);
    assert_int_equal(enrol(bench, code, &incarnation), 200);
    assert_int_equal(enrol(bench, code, &incarnation), 403);
    fake_clock_pass(&bench->clock, 11 * 60 * 1000);
    assert_int_equal(enrol(bench, late, &incarnation), 403);
    assert_int_equal(district_make_code(bench->district, "1", 10, late, NULL), ERR_INPUT);
}

static void ten_enrolments_have_ten_digits(void **state)
{
    struct bench *bench = *state;
    bool seen[10] = {false};
    seen[bench->device.incarnation] = true;
    for (int i = 0; i < 9; i++) {
        char code[DISTRICT_CODE];
        int incarnation = -1;
        fake_clock_pass(&bench->clock, 61000); // tries are limited by the minute
        assert_int_equal(district_make_code(bench->district, "001", 10, code, NULL), ERR_OK);
        assert_int_equal(enrol(bench, code, &incarnation), 200);
        assert_in_range(incarnation, 0, 9);
        assert_false(seen[incarnation]);
        seen[incarnation] = true;
    }
}

static void guessing_codes_is_slowed_down(void **state)
{
    struct bench *bench = *state;
    int status = 0;
    for (int i = 0; i < 11; i++)
        status = bench_ask(bench, "POST", "/v1/enroll", "{\"code\": \"x\"}", NULL)->status;
    assert_int_equal(status, 429);
}

// ------------------------------------------------------------------ the tracking page

static struct bench_answer *look(struct bench *bench, const struct bench_submission *submission,
                                 bool with_signature, const char *language)
{
    char path[64];
    snprintf(path, sizeof path, "/t/%s", submission->tracking.token);
    const char *query[] = {"n", submission->manifest.seal.receipt, "s",
                           submission->tracking.signature, NULL};
    return bench_look(bench, path, with_signature ? query : NULL, language);
}

static void the_page_says_received_and_nothing_personal(void **state)
{
    static const char *const personal[] = {
        "张三", "370212195406070029", "13800000001", "urgent-relief", "uuid:", "kiosk-001"};
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    open_all(bench, 1);
    const struct bench_answer *answer = look(bench, one, false, "zh-CN,zh;q=0.9");
    assert_int_equal(answer->status, 200);
    assert_non_null(strstr(answer->body, "<h1>已收件</h1>"));
    assert_non_null(strstr(answer->body, "lang=\"zh\""));
    assert_null(strstr(answer->body, "<script"));
    assert_null(strstr(answer->body, "{{"));
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
        assert_null(strstr(answer->body, personal[i]));
    drop(one);
}

// Whoever has the key of a stolen kiosk prints receipts that nobody will ever receive.
static void a_receipt_from_after_a_device_s_end_is_not_safe_anywhere(void **state)
{
    static const struct {
        const char *number;
        bool announced;
        int status;
    } table[] = {{NUMBER_A, true, 200}, {NUMBER_B, false, 404}, {NUMBER_NEXT_DAY, false, 404}};
    struct bench *bench = *state;
    announce(bench, NUMBER_A, NUMBER_A);
    assert_int_equal(district_revoke(bench->district, bench->device.id, "2001", "stolen", NULL),
                     ERR_OK);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench_submission *one =
            make(bench, &(struct bench_record){.receipt = table[i].number});
        const struct bench_answer *answer = look(bench, one, true, "en-GB");
        assert_int_equal(answer->status, table[i].status);
        drop(one);
    }
}

static void a_signed_token_that_has_not_arrived_is_safe_at_its_counter(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    const struct bench_answer *answer = look(bench, one, true, "en-GB");
    assert_int_equal(answer->status, 200);
    assert_non_null(strstr(answer->body, "<h1>Safe, not yet at the district</h1>"));
    assert_non_null(strstr(answer->body, "counter 001"));
    answer = look(bench, one, false, "en-GB");
    assert_int_equal(answer->status, 404);
    one->tracking.signature[5] = one->tracking.signature[5] == 'A' ? 'B' : 'A';
    assert_int_equal(look(bench, one, true, "en-GB")->status, 404);
    drop(one);
}

static void the_page_says_when_something_is_wanted(void **state)
{
    struct bench *bench = *state;
    struct bench_submission *one = make(bench, &ordinary);
    assert_int_equal(bench_post(bench, one, 0, 2)->status, 201);
    assert_int_equal(move(bench, "14"), ERR_OK);
    assert_non_null(strstr(look(bench, one, false, "ko")->body, "class=\"wanted\""));
    drop(one);
}

static void the_page_speaks_the_language_asked_for(void **state)
{
    static const struct {
        const char *accept, *asked, *spoken;
    } table[] = {{NULL, NULL, "zh"},     {"fr, en;q=0.8", NULL, "en"},
                 {"ko-KR", NULL, "ko"},  {"en", "ko", "ko"},
                 {"xx", NULL, "zh"},     {"en", "xx", "en"},
                 {",,;;,-", NULL, "zh"}, {"EN", NULL, "en"}};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *query[] = {"lang", table[i].asked, NULL};
        char html[40];
        snprintf(html, sizeof html, "<html lang=\"%s\">", table[i].spoken);
        assert_non_null(strstr(
            bench_look(bench, "/t/x", table[i].asked ? query : NULL, table[i].accept)->body, html));
    }
}

static void nothing_of_the_address_comes_back_as_markup(void **state)
{
    const char *query[] = {"n", "<b>1", "s", "\"><script>", "lang", "<i>", NULL};
    struct bench *bench = *state;
    const struct bench_answer *answer =
        bench_look(bench, "/t/<script>alert(1)</script>", query, "<u>");
    assert_int_equal(answer->status, 404);
    assert_null(strstr(answer->body, "<script"));
    assert_null(strstr(answer->body, "<b>1"));
}

static bool has_header(const struct bench_answer *answer, const char *line)
{
    for (size_t i = 0; i < sizeof answer->headers / sizeof answer->headers[0]; i++)
        if (text_equal(answer->headers[i], line))
            return true;
    return false;
}

static void looking_too_often_is_slowed_down(void **state)
{
    struct bench *bench = *state;
    const struct bench_answer *answer = NULL;
    for (int i = 0; i < 61; i++)
        answer = bench_look(bench, "/t/AAAAAAAAAAAAAAAAAAAAAA", NULL, NULL);
    assert_int_equal(answer->status, 429);
    assert_true(has_header(answer, "Retry-After: 60"));
    fake_clock_pass(&bench->clock, 60000);
    assert_int_equal(bench_look(bench, "/t/AAAAAAAAAAAAAAAAAAAAAA", NULL, NULL)->status, 404);
}

static void visitors_behind_a_proxy_are_counted_apart(void **state)
{
    static const char *const visitors[] = {"192.0.2.1", "192.0.2.9, 192.0.2.2"};
    struct bench *bench = *state;
    for (size_t who = 0; who < 2; who++) {
        bench->forwarded_for = visitors[who];
        for (int i = 0; i < 60; i++)
            assert_int_equal(bench_look(bench, "/t/x", NULL, NULL)->status, 404);
    }
    bench->forwarded_for = "192.0.2.77, 192.0.2.2"; // what a visitor claims does not count
    assert_int_equal(bench_look(bench, "/t/x", NULL, NULL)->status, 429);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

static void grades_told_twice_count_once(void **state)
{
    struct bench *bench = *state;
    struct strbuf out;
    static const char beat[] =
        "{\"saves\":0,\"audit_head\":\"\",\"ratings\":\"251123 nappies 5 2\\n251123 nappies 2 1\\n"
        "nonsense\"}";
    for (int i = 0; i < 3; i++)
        assert_int_equal(bench_ask(bench, "POST", "/v1/heartbeat", beat, NULL)->status, 200);
    strbuf_init(&out, 4096);
    assert_int_equal(district_ratings(bench->district, &out, NULL), ERR_OK);
    json_t *list = json_loads(strbuf_text(&out), 0, NULL);
    const json_t *counter = json_array_get(list, 0);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_object_get(counter, "counter")), "001");
    assert_int_equal(json_integer_value(json_object_get(counter, "count")), 3);
    assert_float_equal(json_real_value(json_object_get(counter, "mean")), 4.0, 0.001);
    const json_t *service = json_array_get(json_object_get(counter, "services"), 0);
    assert_string_equal(json_string_value(json_object_get(service, "service")), "nappies");
    assert_int_equal(json_integer_value(json_array_get(json_object_get(service, "grades"), 4)), 2);
    json_decref(list);
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_submission_is_received),
        TEST(grades_told_twice_count_once),
        TEST(the_same_bytes_again_are_received_again_and_change_nothing),
        TEST(another_manifest_for_the_same_instance_is_a_conflict),
        TEST(parts_may_come_in_several_requests),
        TEST(a_part_that_was_changed_is_refused),
        TEST(a_tampered_seal_is_refused),
        TEST(what_is_not_ours_is_refused),
        TEST(an_unknown_device_gets_nothing),
        TEST(a_revoked_device_is_refused_and_its_later_cases_are_flagged),
        TEST(one_device_gone_mad_does_not_hinder_the_others),
        TEST(dear_requests_are_paid_for_while_others_are_there),
        TEST(invented_cases_are_compared_quickly_and_leave_one_entry),
        TEST(a_day_that_differs_is_named_and_what_is_missing_listed),
        TEST(a_verified_backup_is_told_and_logged),
        TEST(a_case_is_shown_as_it_was_answered),
        TEST(a_reading_of_nothing_is_logged_too),
        TEST(no_answer_is_in_clear_in_the_database),
        TEST(a_record_that_is_not_what_its_seal_says_is_quarantined),
        TEST(a_quarantined_case_opens_when_its_key_is_there),
        TEST(what_was_sealed_to_an_older_key_opens_after_a_rotation),
        TEST(people_who_applied_twice_are_linked_and_not_refused),
        TEST(a_repeated_receipt_number_is_taken_and_flagged),
        TEST(states_move_only_where_they_may),
        TEST(a_kiosk_reads_the_states_of_its_cases_by_cursor),
        TEST(a_store_that_went_back_is_frozen_for_good),
        TEST(the_form_list_names_what_is_published),
        TEST(a_code_enrolls_once_and_only_in_time),
        TEST(ten_enrolments_have_ten_digits),
        TEST(guessing_codes_is_slowed_down),
        TEST(the_page_says_received_and_nothing_personal),
        TEST(a_signed_token_that_has_not_arrived_is_safe_at_its_counter),
        TEST(a_receipt_from_after_a_device_s_end_is_not_safe_anywhere),
        TEST(the_page_says_when_something_is_wanted),
        TEST(the_page_speaks_the_language_asked_for),
        TEST(nothing_of_the_address_comes_back_as_markup),
        TEST(looking_too_often_is_slowed_down),
        TEST(visitors_behind_a_proxy_are_counted_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
