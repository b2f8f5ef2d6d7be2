// SPDX-License-Identifier: GPL-3.0-or-later
// The back office without a network: what it takes in and what it refuses.
#include "district_scene.h"

#include "yimen/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER_B "370212001251123170027"
#define NUMBER_OTHER_COUNTER "370212002251123170031"

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

static void a_verified_backup_is_told_and_logged(void **state)
{
    struct bench *bench = *state;
    int64_t now = bench->clock.now.utc_ms, entries = 0;
    char expected[96];
    assert_int_equal(district_backup_verified(bench->district, now + 1, "ctl", NULL), ERR_INPUT);
    assert_int_equal(district_backup_verified(bench->district, now - 5, "ctl", NULL), ERR_OK);
    snprintf(expected, sizeof expected,
             "{\"frozen\":false,\"backup_utc_ms\":%lld,\"audit_sequence\":0}",
             (long long)(now - 5));
    assert_string_equal(bench_ask(bench, "POST", "/v1/heartbeat",
                                  "{\"saves\":0,\"audit_head\":\"\",\"unsent\":[]}", NULL)
                            ->body,
                        expected);
    assert_int_equal(district_audit_verify(bench->district, &entries, NULL), ERR_OK);
    assert_int_equal(entries, 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_submission_is_received),
        TEST(the_same_bytes_again_are_received_again_and_change_nothing),
        TEST(another_manifest_for_the_same_instance_is_a_conflict),
        TEST(parts_may_come_in_several_requests),
        TEST(a_part_that_was_changed_is_refused),
        TEST(a_tampered_seal_is_refused),
        TEST(what_is_not_ours_is_refused),
        TEST(a_verified_backup_is_told_and_logged),
        TEST(the_form_list_names_what_is_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
