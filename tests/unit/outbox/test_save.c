// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk.h"

#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include "yimen/case/manifest.h"
#include "yimen/case/receipt_number.h"
#include "yimen/case/tracking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_saved_case_has_a_number_a_signed_code_and_a_print_job(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVED);
    const struct receipt_facts *facts = kiosk->reply.facts;
    struct receipt_number number;
    assert_int_equal(receipt_number_parse(facts->number, &number, NULL), ERR_OK);
    assert_string_equal(number.counter, "007");
    assert_int_equal(number.day, 261123);
    assert_int_equal(number.type, 2);
    assert_int_equal(number.incarnation, 4);
    struct tracking tracking;
    char printed[LIMIT_RECEIPT_NUMBER];
    assert_int_equal(tracking_parse(facts->qr_text, &tracking, printed, NULL), ERR_OK);
    assert_string_equal(printed, facts->number);
    assert_int_equal(tracking_verify(&kiosk->crypto, kiosk->public_key, tracking.token, printed,
                                     tracking.signature, NULL),
                     ERR_OK);
    assert_int_equal(facts->print_count, 1);
    assert_string_equal(facts->masked_id, "370212************");
    assert_true(text_starts(kiosk->reply.job, "yimen-3702120072611232"));
    assert_int_equal(kiosk_audit_count(kiosk, "case.saved"), 1);
}

// What the district does: read the manifest, check seal and parts, open the envelope.
static void open_item(struct kiosk *kiosk, const struct outbox_item *item,
                      struct manifest *manifest, struct attachment plain[2])
{
    assert_int_equal(manifest_read(item->manifest, item->manifest_length, manifest, NULL), ERR_OK);
    assert_int_equal(seal_verify(&kiosk->crypto, kiosk->public_key, manifest, NULL), ERR_OK);
    assert_int_equal(item->part_count, 2);
    for (size_t at = 0; at < 2; at++)
        assert_int_equal(seal_check_part(&kiosk->crypto, &manifest->seal, item->parts[at].name,
                                         item->parts[at].data, item->parts[at].length, NULL),
                         ERR_OK);
    struct envelope_about about = {manifest->form_id, manifest->version, manifest->instance_id};
    struct bytes key = {kiosk->sealing_private.data, kiosk->sealing_private.length};
    struct attachment sealed[2] = {0};
    for (size_t at = 0; at < 2; at++) {
        text_copy(sealed[at].name, sizeof sealed[at].name, item->parts[at].name);
        sealed[at].data = item->parts[at].data;
        sealed[at].length = item->parts[at].length;
    }
    struct envelope envelope = {.count = 2, .parts = sealed};
    memcpy(envelope.encrypted_key, manifest->encrypted_key, sizeof envelope.encrypted_key);
    memcpy(envelope.element_signature, manifest->element_signature,
           sizeof envelope.element_signature);
    struct fail why = {0};
    if (envelope_open(&kiosk->crypto, &about, &key, &envelope, plain, &why))
        fail_msg("%s", why.text);
}

static void the_district_can_check_and_open_what_is_sent(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_ITEM);
    struct manifest *manifest = calloc(1, sizeof *manifest);
    struct attachment plain[2];
    open_item(kiosk, kiosk->reply.item, manifest, plain);
    assert_string_equal(manifest->form_id, "test_form");
    assert_string_equal(manifest->version, "7");
    assert_string_equal(manifest->seal.receipt, receipt);
    assert_string_equal(manifest->seal.key_id, "kiosk-007-4");
    assert_string_equal(plain[0].name, "signature.svg");
    assert_string_equal(plain[0].data, "<svg/>");
    assert_string_equal(plain[1].name, "submission.xml");
    assert_non_null(strstr(plain[1].data, "\xE5\xBC\xA0\xE4\xB8\x89"));
    assert_non_null(strstr(plain[1].data, receipt)); // the record repeats the number
    assert_non_null(strstr(plain[1].data, "kiosk-007-4"));
    attachments_clear(plain, 2);
    free(manifest);
}

static void nothing_of_the_answers_is_on_the_disk_in_clear(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_restart(kiosk); // the WAL is folded into the database
    static const char *const secrets[] = {"\xE5\xBC\xA0\xE4\xB8\x89", "<svg/>", "/t/",
                                          "370212****"};
    struct strbuf bytes;
    strbuf_init(&bytes, 16 << 20);
    FILE *file = fopen(kiosk->path, "rb");
    int byte;
    while ((byte = fgetc(file)) != EOF)
        strbuf_addc(&bytes, (char)byte);
    fclose(file);
    assert_non_null(memmem(bytes.data, bytes.length, receipt, strlen(receipt)));
    for (size_t at = 0; at < sizeof secrets / sizeof secrets[0]; at++)
        assert_null(memmem(bytes.data, bytes.length, secrets[at], strlen(secrets[at])));
    strbuf_free(&bytes);
}

static void numbers_are_unique_and_give_no_order_away(void **state)
{
    struct kiosk *kiosk = *state;
    char receipts[60][LIMIT_RECEIPT_NUMBER];
    int ascending = 0;
    for (int at = 0; at < 60; at++) {
        kiosk_save(kiosk, at, false, receipts[at]);
        for (int before = 0; before < at; before++)
            assert_string_not_equal(receipts[at], receipts[before]);
        ascending += at > 0 && strcmp(receipts[at], receipts[at - 1]) > 0;
    }
    assert_in_range(ascending, 10, 49); // a counter would give 59
}

static void the_date_in_the_number_never_goes_back(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    struct receipt_number number;
    kiosk_save(kiosk, 1, false, receipt);
    kiosk->clock.now.utc_ms -= (int64_t)400 * 86400000;
    kiosk_restart(kiosk);
    kiosk_save(kiosk, 2, false, receipt);
    assert_int_equal(receipt_number_parse(receipt, &number, NULL), ERR_OK);
    assert_int_equal(number.day, 261123);
}

static int day_of_save(struct kiosk *kiosk, int at)
{
    char receipt[LIMIT_RECEIPT_NUMBER];
    struct receipt_number number;
    kiosk_save(kiosk, at, false, receipt);
    assert_int_equal(receipt_number_parse(receipt, &number, NULL), ERR_OK);
    return number.day;
}

static void a_clock_that_nobody_vouches_for_pins_no_date(void **state)
{
    struct kiosk *kiosk = *state;
    int64_t right_ms = kiosk->clock.now.utc_ms, day = 86400000;
    assert_int_equal(day_of_save(kiosk, 1), 261123);
    kiosk->clock.now.quality = TIME_UNKNOWN;
    kiosk->clock.now.utc_ms = right_ms + 1500 * day; // 2031
    (void)day_of_save(kiosk, 2);
    kiosk->clock.now.utc_ms = day; // 1970
    assert_int_equal(day_of_save(kiosk, 3), 261123);
    kiosk->clock.now = (struct when){.utc_ms = right_ms + day, .quality = TIME_RTC};
    kiosk_restart(kiosk);
    assert_int_equal(day_of_save(kiosk, 4), 261124);
}

static void a_date_that_a_wrong_clock_pinned_is_let_go_when_the_district_speaks(void **state)
{
    static const char *const pinned[] = {"700102", "310105"};
    struct kiosk *kiosk = *state;
    for (int i = 0; i < 2; i++) {
        const struct kiosk_store *store = &kiosk->store;
        assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
        assert_int_equal(store->ops->meta_set(store->self, "last-receipt-day", pinned[i], 6, NULL),
                         ERR_OK);
        assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
        kiosk->clock.now.quality = TIME_DISTRICT;
        assert_int_equal(day_of_save(kiosk, 2 * i), 261123);
        kiosk->clock.now.quality = TIME_RTC;
        assert_int_equal(day_of_save(kiosk, 2 * i + 1), 261123);
    }
}

static void a_wrong_clock_closes_nothing_later(void **state)
{
    struct kiosk *kiosk = *state;
    struct when right = kiosk->clock.now;
    kiosk->clock.now.utc_ms = 86400000; // saved in 1970, before such clocks were told from others
    (void)day_of_save(kiosk, 1);
    kiosk->clock.now = right;
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LIST});
    assert_string_equal(kiosk->reply.frozen, "");
    assert_string_equal(kiosk->reply.warning, "");
}

static void the_time_known_last_outlives_a_restart(void **state)
{
    struct kiosk *kiosk = *state;
    struct when known;
    assert_int_equal(outbox_known_time(&kiosk->store, &known, NULL), ERR_NOT_FOUND);
    struct outbox_request told = {.kind = OUTBOX_TIME_KNOWN, .when = kiosk->clock.now};
    told.when.quality = TIME_DISTRICT;
    kiosk_ask(kiosk, &told);
    kiosk_restart(kiosk);
    assert_int_equal(outbox_known_time(&kiosk->store, &known, NULL), ERR_OK);
    assert_int_equal(known.utc_ms, told.when.utc_ms);
    assert_int_equal(known.quality, TIME_DISTRICT);
    assert_string_equal(known.boot_id, told.when.boot_id);
}

static void the_thousand_and_first_case_of_a_day_gets_tomorrows_block(void **state)
{
    struct kiosk *kiosk = *state;
    const struct kiosk_store *store = &kiosk->store;
    char receipt[LIMIT_RECEIPT_NUMBER];
    struct receipt_number number;
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    for (int serial = 0; serial < STORE_SERIALS; serial++)
        assert_int_equal(store->ops->serial_take(store->self, 261123, serial, NULL), ERR_OK);
    assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
    kiosk_save(kiosk, 1, false, receipt);
    assert_int_equal(receipt_number_parse(receipt, &number, NULL), ERR_OK);
    assert_int_equal(number.day, 261124);
}

static void a_second_save_of_one_visit_is_refused_and_the_draft_comes_back(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    struct outbox_request again = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
    kiosk_ask(kiosk, &again);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVE_FAILED);
    assert_int_equal(kiosk->reply.err, ERR_CONFLICT);
    assert_non_null(kiosk->reply.draft);
    assert_int_equal(kiosk_rows(kiosk), 1);
}

static void an_attachment_beyond_the_limit_is_refused_before_anything_is_written(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
    struct attachment *signature = &request.draft->attachments[0];
    free(signature->data);
    signature->length = LIMIT_PART_BYTES + 1;
    signature->data = calloc(1, signature->length);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVE_FAILED);
    assert_int_equal(kiosk->reply.err, ERR_INPUT);
    assert_int_equal(kiosk_rows(kiosk), 0);
}

static void a_large_attachment_comes_back_whole_from_its_pieces(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
    struct attachment *scan = &request.draft->attachments[0];
    free(scan->data);
    scan->length = 900001;
    scan->data = malloc(scan->length);
    kiosk->crypto.ops->random(kiosk->crypto.self, scan->data, scan->length);
    unsigned char *copy = malloc(scan->length);
    memcpy(copy, scan->data, scan->length);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVED);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    struct manifest *manifest = calloc(1, sizeof *manifest);
    struct attachment plain[2];
    open_item(kiosk, kiosk->reply.item, manifest, plain);
    assert_int_equal(plain[0].length, 900001);
    assert_memory_equal(plain[0].data, copy, 900001);
    attachments_clear(plain, 2);
    free(manifest);
    free(copy);
}

static void after_a_restart_within_three_minutes_it_says_what_was_just_saved(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    fake_clock_pass(&kiosk->clock, 100000);
    fake_clock_reboot(&kiosk->clock);
    kiosk_restart(kiosk);
    kiosk_ask(kiosk, NULL);
    assert_int_equal(kiosk->reply.kind, OUTBOX_READY);
    assert_string_equal(kiosk->reply.just_saved, receipt);
    assert_int_equal(kiosk->reply.unsent, 1);
    fake_clock_pass(&kiosk->clock, 100000);
    kiosk_restart(kiosk);
    kiosk_ask(kiosk, NULL);
    assert_string_equal(kiosk->reply.just_saved, "");
}

int main(void)
{
#define ON_KIOSK(test) cmocka_unit_test_setup_teardown(test, kiosk_set_up, kiosk_tear_down)
    const struct CMUnitTest tests[] = {
        ON_KIOSK(a_saved_case_has_a_number_a_signed_code_and_a_print_job),
        ON_KIOSK(the_district_can_check_and_open_what_is_sent),
        ON_KIOSK(nothing_of_the_answers_is_on_the_disk_in_clear),
        ON_KIOSK(numbers_are_unique_and_give_no_order_away),
        ON_KIOSK(the_date_in_the_number_never_goes_back),
        ON_KIOSK(a_clock_that_nobody_vouches_for_pins_no_date),
        ON_KIOSK(a_date_that_a_wrong_clock_pinned_is_let_go_when_the_district_speaks),
        ON_KIOSK(a_wrong_clock_closes_nothing_later),
        ON_KIOSK(the_time_known_last_outlives_a_restart),
        ON_KIOSK(the_thousand_and_first_case_of_a_day_gets_tomorrows_block),
        ON_KIOSK(a_second_save_of_one_visit_is_refused_and_the_draft_comes_back),
        ON_KIOSK(an_attachment_beyond_the_limit_is_refused_before_anything_is_written),
        ON_KIOSK(a_large_attachment_comes_back_whole_from_its_pieces),
        ON_KIOSK(after_a_restart_within_three_minutes_it_says_what_was_just_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
