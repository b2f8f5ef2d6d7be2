// SPDX-License-Identifier: GPL-3.0-or-later
// The heads of a kiosk's audit chain, as the district takes and keeps them.
#include "office_bench.h"
#include "yimen/audit/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench_open(bench);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    bench_close(*state);
    free(*state);
    return 0;
}

struct beat {
    const char *what;
    int64_t sequence;
    uint8_t hash;     // all bytes of it
    bool is_stranger; // another key signs it
    int status;
    bool frozen;
};

static struct audit_head head_of(struct bench *bench, const struct beat *beat)
{
    struct audit_head head = {.sequence = beat->sequence};
    uint8_t public_key[CRYPTO_PUBLIC], stranger[CRYPTO_SECRET];
    bench->crypto.ops->sign_keypair(bench->crypto.self, public_key, stranger);
    memset(head.hash, beat->hash, sizeof head.hash);
    assert_int_equal(audit_head_sign(&bench->crypto,
                                     beat->is_stranger ? stranger : bench->device_secret, &head,
                                     NULL),
                     ERR_OK);
    return head;
}

static void send(struct bench *bench, const struct beat *beat)
{
    char hash[2 * AUDIT_HASH + 1], signature[2 * CRYPTO_SIGNATURE + 1], body[512];
    struct audit_head head = head_of(bench, beat);
    audit_hex(head.hash, AUDIT_HASH, hash);
    audit_hex(head.signature, CRYPTO_SIGNATURE, signature);
    snprintf(body, sizeof body,
             "{\"saves\":1,\"audit_head\":\"%s\",\"audit_sequence\":%lld,\"audit_signature\":"
             "\"%s\",\"unsent\":[]}",
             hash, (long long)beat->sequence, signature);
    const struct bench_answer *answer = bench_ask(bench, "POST", "/v1/heartbeat", body, NULL);
    if (answer->status != beat->status ||
        (answer->status == 200 &&
         (strstr(answer->body, "\"frozen\":true") != NULL) != beat->frozen))
        fail_msg("%s: %d %s", beat->what, answer->status, answer->body);
}

static void a_chain_only_grows_and_never_becomes_another(void **state)
{
    static const struct beat good[] = {
        {"the first head", 10, 0xAA, false, 200, false},
        {"the same again", 10, 0xAA, false, 200, false},
        {"signed by a stranger", 12, 0xBB, true, 400, false},
        {"it grew", 12, 0xBB, false, 200, false},
    };
    static const struct beat bad[] = {
        {"shorter", 11, 0xCC, false, 200, true},
        {"as long, and another", 12, 0xCC, false, 200, true},
        {"longer again: it stays frozen", 13, 0xDD, false, 200, true},
    };
    for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++) {
        struct bench *bench = *state;
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
            send(bench, &good[i]);
        send(bench, &bad[at < 2 ? at : 0]);
        if (at == 2)
            send(bench, &bad[2]);
        teardown(state);
        setup(state);
    }
}

static void the_last_head_of_a_day_is_kept_and_can_be_checked(void **state)
{
    struct bench *bench = *state;
    struct strbuf out;
    struct audit_head read, told;
    const struct beat beats[] = {{"", 3, 0x11, false, 200, false},
                                 {"", 5, 0x22, false, 200, false},
                                 {"", 9, 0x33, false, 200, false}};
    send(bench, &beats[0]);
    send(bench, &beats[1]);
    fake_clock_pass(&bench->clock, 24 * 3600 * 1000);
    send(bench, &beats[2]);
    strbuf_init(&out, 4096);
    assert_int_equal(district_heads(bench->district, &out, NULL), ERR_OK);
    assert_null(strstr(strbuf_text(&out), "YIMEN-AUDIT/1 3 ")); // the day went on
    assert_non_null(strstr(strbuf_text(&out), "YIMEN-AUDIT/1 9 "));
    assert_int_equal(audit_head_parse(strbuf_text(&out), &read, NULL), ERR_OK);
    told = head_of(bench, &beats[1]);
    assert_memory_equal(&read, &told, sizeof read);
    assert_int_equal(audit_head_check(&bench->crypto, bench->device.public_key, &read, NULL),
                     ERR_OK);
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_chain_only_grows_and_never_becomes_another, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_last_head_of_a_day_is_kept_and_can_be_checked, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
