// SPDX-License-Identifier: GPL-3.0-or-later
// Scanned pages: given one by one, sealed at once, taken back, saved, and handed out in pieces.
#include "kiosk.h"

#include "yimen/base/text.h"
#include "yimen/case/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 700000, FILES_MAXIMUM = 48 };

static const char instance[] = "uuid:00000000-0000-4000-8000-000000000001";

// Like a scan: the same head, then bytes of its own.
static void fill_page(char *bytes, size_t length, int number)
{
    uint32_t state = 12345u + (uint32_t)number;
    for (size_t at = 0; at < length; at++) {
        state = state * 1103515245u + 12345u;
        bytes[at] = (char)(at < 64 ? at : state >> 16);
    }
    snprintf(bytes, length, "made-up page %d of 张三", number);
}

static struct attachment *a_page(int number, size_t length)
{
    struct attachment *page = calloc(1, sizeof *page);
    snprintf(page->name, sizeof page->name, "page-%02d.jpg", number);
    text_copy(page->type, sizeof page->type, "image/jpeg");
    page->data = malloc(length);
    page->length = length;
    fill_page(page->data, length, number);
    return page;
}

static void give(struct kiosk *kiosk, const char *of, int number, size_t length)
{
    struct outbox_request request = {.kind = OUTBOX_PAGE, .page = a_page(number, length)};
    text_copy(request.instance, sizeof request.instance, of);
    kiosk_ask(kiosk, &request);
    assert_null(request.page); // taken
}

static void give_pages(struct kiosk *kiosk, int count)
{
    for (int number = 1; number <= count; number++) {
        give(kiosk, instance, number, PAGE_BYTES);
        assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
        assert_int_equal(kiosk->reply.number, number);
        assert_int_equal(kiosk->reply.bytes, (int64_t)number * PAGE_BYTES);
    }
}

static void take_back(struct kiosk *kiosk, int number)
{
    struct outbox_request request = {.kind = OUTBOX_PAGE_DROP};
    text_copy(request.instance, sizeof request.instance, instance);
    snprintf(request.text, sizeof request.text, "page-%02d.jpg", number);
    kiosk_ask(kiosk, &request);
}

// Every part of the item as whoever sends it gets them, in odd pieces.
static void fetch(struct kiosk *kiosk, const struct outbox_item *item, struct attachment *out)
{
    for (size_t at = 0; at < item->part_count; at++) {
        const struct outbox_part *part = &item->parts[at];
        text_copy(out[at].name, sizeof out[at].name, part->name);
        out[at].data = malloc(part->length);
        out[at].length = part->length;
        size_t have = part->data ? part->length : 0;
        if (part->data)
            memcpy(out[at].data, part->data, part->length);
        while (have < part->length) {
            struct outbox_request request = {.kind = OUTBOX_PART,
                                             .range = {at, (int64_t)have, 200001}};
            text_copy(request.instance, sizeof request.instance, item->instance);
            kiosk_ask(kiosk, &request);
            assert_int_equal(kiosk->reply.kind, OUTBOX_PART_READY);
            assert_true(kiosk->reply.length > 0);
            memcpy((char *)out[at].data + have, kiosk->reply.data, kiosk->reply.length);
            have += kiosk->reply.length;
        }
    }
}

struct got {
    struct manifest manifest;
    size_t count;
    struct attachment plain[FILES_MAXIMUM];
};

// What the district does with the next case: seal, parts, envelope.
static struct got *open_next(struct kiosk *kiosk)
{
    struct got *got = calloc(1, sizeof *got);
    struct attachment sealed[FILES_MAXIMUM] = {0};
    struct fail why = {0};
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_ITEM);
    struct outbox_item *item = kiosk->reply.item;
    kiosk->reply.item = NULL;
    assert_int_equal(manifest_read(item->manifest, item->manifest_length, &got->manifest, NULL),
                     ERR_OK);
    assert_int_equal(seal_verify(&kiosk->crypto, kiosk->public_key, &got->manifest, NULL), ERR_OK);
    assert_int_equal(item->part_count, got->manifest.file_count);
    fetch(kiosk, item, sealed);
    for (size_t at = 0; at < item->part_count; at++) {
        assert_string_equal(item->parts[at].sha256, got->manifest.seal.parts[at].sha256);
        assert_int_equal(seal_check_part(&kiosk->crypto, &got->manifest.seal, sealed[at].name,
                                         sealed[at].data, sealed[at].length, NULL),
                         ERR_OK);
    }
    got->count = item->part_count;
    struct envelope_about about = {got->manifest.form_id, got->manifest.version,
                                   got->manifest.instance_id};
    struct bytes key = {kiosk->sealing_private.data, kiosk->sealing_private.length};
    struct envelope envelope = {.count = got->count, .parts = sealed};
    memcpy(envelope.encrypted_key, got->manifest.encrypted_key, sizeof envelope.encrypted_key);
    memcpy(envelope.element_signature, got->manifest.element_signature,
           sizeof envelope.element_signature);
    if (envelope_open(&kiosk->crypto, &about, &key, &envelope, got->plain, &why))
        fail_msg("%s", why.text);
    attachments_clear(sealed, got->count);
    outbox_item_free(item);
    return got;
}

static void got_free(struct got *got)
{
    attachments_clear(got->plain, got->count);
    free(got);
}

static void expect_page(const struct got *got, size_t at, int number, size_t length)
{
    char name[64], *bytes = malloc(length);
    snprintf(name, sizeof name, "page-%02d.jpg", number);
    fill_page(bytes, length, number);
    assert_string_equal(got->plain[at].name, name);
    assert_int_equal(got->plain[at].length, length);
    assert_memory_equal(got->plain[at].data, bytes, length);
    free(bytes);
}

static void pages_become_the_first_files_of_the_case(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    give_pages(kiosk, 3);
    kiosk_save(kiosk, 1, false, receipt);
    struct outbox_row row = kiosk_row(kiosk, receipt);
    assert_true(row.total_bytes > 3 * (int64_t)PAGE_BYTES);
    struct got *got = open_next(kiosk);
    assert_int_equal(got->count, 5);
    for (int number = 1; number <= 3; number++)
        expect_page(got, (size_t)number - 1, number, PAGE_BYTES);
    assert_string_equal(got->plain[3].name, "signature.svg");
    assert_string_equal(got->plain[4].name, "submission.xml");
    assert_non_null(strstr(got->plain[4].data, receipt));
    got_free(got);
}

static void a_case_with_few_bytes_of_pages_is_still_handed_out_whole(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    give(kiosk, instance, 1, 2000);
    kiosk_save(kiosk, 1, false, receipt);
    struct got *got = open_next(kiosk);
    expect_page(got, 0, 1, 2000);
    got_free(got);
}

static void a_page_taken_back_leaves_no_gap(void **state)
{
    static const struct {
        int given;
        int back[3], then[4]; ///< 0 ends
    } cases[] = {
        {3, {1}, {2, 3}}, {3, {2}, {1, 3}}, {3, {3}, {1, 2}}, {2, {2, 1}, {0}}, {4, {1, 3}, {2, 4}},
    };
    struct kiosk *kiosk = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char receipt[LIMIT_RECEIPT_NUMBER];
        give_pages(kiosk, cases[i].given);
        for (int k = 0; cases[i].back[k]; k++) {
            take_back(kiosk, cases[i].back[k]);
            assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
            assert_int_equal(kiosk->reply.number, cases[i].given - k - 1);
        }
        give(kiosk, instance, 9, 5000); // one more, after the others
        assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
        kiosk_save(kiosk, 1, false, receipt);
        struct got *got = open_next(kiosk);
        size_t at = 0;
        for (; cases[i].then[at]; at++)
            expect_page(got, at, cases[i].then[at], PAGE_BYTES);
        expect_page(got, at, 9, 5000);
        got_free(got);
        kiosk_tear_down(state);
        kiosk_set_up(state);
        kiosk = *state;
    }
}

static void the_bytes_at_a_place_are_never_sealed_twice_alike(void **state)
{
    struct kiosk *kiosk = *state;
    struct strbuf before, after;
    strbuf_init(&before, LIMIT_PART_BYTES);
    strbuf_init(&after, LIMIT_PART_BYTES);
    give(kiosk, instance, 1, 5000);
    give(kiosk, instance, 2, 5000);
    assert_int_equal(kiosk->store.ops->page_get(kiosk->store.self, instance, 0, &before, NULL),
                     ERR_OK);
    take_back(kiosk, 2);
    assert_int_equal(kiosk->store.ops->page_get(kiosk->store.self, instance, 0, &after, NULL),
                     ERR_OK);
    assert_memory_not_equal(before.data, after.data, 64); // the same page under another key
    strbuf_free(&before);
    strbuf_free(&after);
}

static bool page_is_held(struct kiosk *kiosk, const char *of)
{
    struct strbuf bytes;
    struct fail why;
    strbuf_init(&bytes, LIMIT_PART_BYTES);
    enum err err = kiosk->store.ops->page_get(kiosk->store.self, of, 0, &bytes, &why);
    strbuf_free(&bytes);
    return err == ERR_OK;
}

static void pages_go_with_their_visit_and_with_the_power(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    text_copy(ended.instance, sizeof ended.instance, instance);
    give(kiosk, instance, 1, 5000);
    give(kiosk, "uuid:2", 1, 5000);
    assert_true(page_is_held(kiosk, instance));
    kiosk_ask(kiosk, &ended);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    assert_false(page_is_held(kiosk, instance));
    assert_true(page_is_held(kiosk, "uuid:2"));
    kiosk_restart(kiosk);
    assert_false(page_is_held(kiosk, "uuid:2"));
    kiosk_save(kiosk, 1, false, receipt); // a visit of the same id has none
    struct got *got = open_next(kiosk);
    assert_int_equal(got->count, 2);
    got_free(got);
}

static void saved_pages_stay_when_their_visit_ends(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    text_copy(ended.instance, sizeof ended.instance, instance);
    give_pages(kiosk, 2);
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_ask(kiosk, &ended);
    kiosk_restart(kiosk);
    struct got *got = open_next(kiosk);
    expect_page(got, 1, 2, PAGE_BYTES);
    got_free(got);
}

static void a_page_is_refused_for_a_reason_and_the_visit_goes_on(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    give(kiosk, instance, 1, LIMIT_PART_BYTES + 1);
    assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_REFUSED);
    assert_string_equal(kiosk->reply.refused, "page");
    give(kiosk, instance, 1, 100);
    give(kiosk, instance, 1, 100);
    assert_string_equal(kiosk->reply.refused, "page"); // its name is taken
    kiosk->failing_store.calls = 0;
    kiosk->failing_store.fail_at = 3; // health, begin, then page_put
    kiosk->failing_store.fail_err = ERR_FULL;
    give(kiosk, instance, 2, 100);
    kiosk->failing_store.fail_at = 0;
    assert_string_equal(kiosk->reply.refused, "disk");
    for (int number = 3; number <= LIMIT_PAGES + 1; number++)
        give(kiosk, instance, number, 100);
    assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
    give(kiosk, instance, 90, 100);
    assert_string_equal(kiosk->reply.refused, "case");
    kiosk_save(kiosk, 1, false, receipt);
    struct got *got = open_next(kiosk);
    assert_int_equal(got->count, LIMIT_PAGES + 2);
    expect_page(got, 1, 3, 100); // the refused ones left no gap
    got_free(got);
}

static void a_few_visits_hold_pages_and_none_loses_its_own_to_another(void **state)
{
    struct kiosk *kiosk = *state;
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED, .instance = "uuid:3"};
    static const char *const visits[] = {"uuid:1", "uuid:2", "uuid:3", "uuid:4"};
    for (size_t i = 0; i < 4; i++) {
        give(kiosk, visits[i], 1, 100);
        assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
    }
    give(kiosk, "uuid:5", 1, 100);
    assert_string_equal(kiosk->reply.refused, "store");
    kiosk_ask(kiosk, &ended);
    give(kiosk, "uuid:5", 1, 100);
    assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
    fake_clock_pass(&kiosk->clock, 3 * 3600000); // whose end never got here
    give(kiosk, "uuid:6", 1, 100);
    assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
    assert_false(page_is_held(kiosk, "uuid:1"));
    assert_true(page_is_held(kiosk, "uuid:5"));
}

static void taking_back_that_fails_leaves_every_page(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    give_pages(kiosk, 3);
    for (int call = 1; call <= 8; call++) {
        kiosk->failing_store.calls = 0;
        kiosk->failing_store.fail_at = call;
        kiosk->failing_store.fail_err = ERR_RETRY;
        take_back(kiosk, 1);
        kiosk->failing_store.fail_at = 0;
        if (kiosk->reply.kind != OUTBOX_FAILED)
            break; // past the last call
        give(kiosk, instance, 1, 100);
        assert_string_equal(kiosk->reply.refused, "page"); // it is still there
    }
    assert_int_equal(kiosk->reply.kind, OUTBOX_PAGE_HELD);
    kiosk_save(kiosk, 1, false, receipt);
    struct got *got = open_next(kiosk);
    expect_page(got, 0, 2, PAGE_BYTES);
    expect_page(got, 1, 3, PAGE_BYTES);
    got_free(got);
}

static void a_save_that_fails_can_be_tried_again_with_its_pages(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER];
    give_pages(kiosk, 2);
    int fails = 0;
    for (int call = 1; call <= 20; call++) {
        struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, 1)};
        kiosk->failing_store.calls = 0;
        kiosk->failing_store.fail_at = call;
        kiosk->failing_store.fail_err = ERR_RETRY;
        kiosk_ask(kiosk, &request);
        kiosk->failing_store.fail_at = 0;
        if (kiosk->reply.kind == OUTBOX_SAVED)
            break;
        fails++;
    }
    assert_true(fails > 5);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVED);
    text_copy(receipt, sizeof receipt, kiosk->reply.facts->number);
    struct got *got = open_next(kiosk);
    expect_page(got, 1, 2, PAGE_BYTES);
    got_free(got);
}

static void a_large_case_that_gets_on_is_no_poisoned_one(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], other[LIMIT_RECEIPT_NUMBER];
    give_pages(kiosk, 2);
    kiosk_save(kiosk, 1, false, receipt);
    for (int i = 1; i <= 20; i++) { // cut again and again, while others go through
        struct outbox_request sent = {
            .kind = OUTBOX_SENT, .outcome = SEND_RETRY, .number = i * 1000, .detail = "cut"};
        kiosk->clock.now.monotonic_ms += 3600000;
        kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
        assert_string_equal(kiosk->reply.item->number, receipt);
        assert_true(kiosk->reply.item->is_large);
        text_copy(sent.instance, sizeof sent.instance, instance);
        kiosk_ask(kiosk, &sent);
        kiosk_save(kiosk, 100 + i, false, other);
        kiosk_send(kiosk, SEND_RECEIVED, other);
    }
    struct outbox_row row = kiosk_row(kiosk, receipt);
    assert_string_equal(row.state, "retry");
    assert_int_equal(row.sent_bytes, 20000);
}

static void a_large_case_says_how_far_it_is_and_gives_way(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], urgent[LIMIT_RECEIPT_NUMBER], sent[LIMIT_RECEIPT_NUMBER];
    struct outbox_request piece = {.kind = OUTBOX_PART, .number = 512, .range = {0, 512, 100}};
    text_copy(piece.instance, sizeof piece.instance, instance);
    give_pages(kiosk, 2);
    kiosk_save(kiosk, 1, false, receipt);
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    kiosk_ask(kiosk, &piece);
    assert_int_equal(kiosk->reply.length, 100);
    assert_false(kiosk->reply.urgent_waits || kiosk->reply.others_wait);
    assert_int_equal(kiosk_row(kiosk, receipt).sent_bytes, 512);
    kiosk_save(kiosk, 2, true, urgent);
    kiosk_ask(kiosk, &piece);
    assert_true(kiosk->reply.urgent_waits && kiosk->reply.others_wait);
    struct outbox_request paused = {.kind = OUTBOX_SENT, .outcome = SEND_PAUSED, .number = 600};
    text_copy(paused.instance, sizeof paused.instance, instance);
    kiosk_ask(kiosk, &paused);
    kiosk_send(kiosk, SEND_RECEIVED, sent);
    assert_string_equal(sent, urgent);
    kiosk->clock.now.monotonic_ms += 2000;
    kiosk_send(kiosk, SEND_UNVERIFIED, sent);
    assert_string_equal(sent, receipt);
    struct outbox_row row = kiosk_row(kiosk, receipt);
    assert_string_equal(row.state, "unverified");
    assert_int_equal(row.sent_bytes, row.total_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ON_A_KIOSK(test) cmocka_unit_test_setup_teardown(test, kiosk_set_up, kiosk_tear_down)
        ON_A_KIOSK(pages_become_the_first_files_of_the_case),
        ON_A_KIOSK(a_case_with_few_bytes_of_pages_is_still_handed_out_whole),
        ON_A_KIOSK(a_page_taken_back_leaves_no_gap),
        ON_A_KIOSK(the_bytes_at_a_place_are_never_sealed_twice_alike),
        ON_A_KIOSK(pages_go_with_their_visit_and_with_the_power),
        ON_A_KIOSK(saved_pages_stay_when_their_visit_ends),
        ON_A_KIOSK(a_page_is_refused_for_a_reason_and_the_visit_goes_on),
        ON_A_KIOSK(a_few_visits_hold_pages_and_none_loses_its_own_to_another),
        ON_A_KIOSK(taking_back_that_fails_leaves_every_page),
        ON_A_KIOSK(a_save_that_fails_can_be_tried_again_with_its_pages),
        ON_A_KIOSK(a_large_case_that_gets_on_is_no_poisoned_one),
        ON_A_KIOSK(a_large_case_says_how_far_it_is_and_gives_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
