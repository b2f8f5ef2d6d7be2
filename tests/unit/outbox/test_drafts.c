// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed drafts in the queue: kept, tried, locked, spent with their case, sent last.
#include "kiosk.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_A "000102030405060708090a0b0c0d0e0f"
#define ID_B "100102030405060708090a0b0c0d0e0f"
#define DAY_MS (24LL * 3600 * 1000)

static void put(struct kiosk *kiosk, const char *id, const char *instance, int64_t revision,
                const char *bytes)
{
    struct outbox_request request = {.kind = OUTBOX_DRAFT_PUT,
                                     .sealed = calloc(1, sizeof *request.sealed)};
    assert_non_null(request.sealed);
    text_copy(request.text, sizeof request.text, id);
    text_copy(request.sealed->id, sizeof request.sealed->id, id);
    text_copy(request.sealed->instance, sizeof request.sealed->instance, instance);
    request.sealed->revision = revision;
    request.sealed->expires_utc_ms = kiosk->clock.now.utc_ms + 7 * DAY_MS;
    strbuf_init(&request.sealed->bytes, 1000);
    strbuf_adds(&request.sealed->bytes, bytes);
    kiosk_ask(kiosk, &request);
    assert_null(request.sealed);
    assert_string_equal(kiosk->reply.draft_id, id);
}

static enum outbox_draft_state ask(struct kiosk *kiosk, enum outbox_request_kind kind,
                                   const char *id)
{
    struct outbox_request request = {.kind = kind};
    text_copy(request.text, sizeof request.text, id);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DRAFT_STATE);
    assert_string_equal(kiosk->reply.draft_id, id);
    return kiosk->reply.draft_state;
}

static enum outbox_draft_state try_code(struct kiosk *kiosk, const char *id)
{
    return ask(kiosk, OUTBOX_DRAFT_TRY, id);
}

static enum outbox_draft_state look(struct kiosk *kiosk, const char *id)
{
    return ask(kiosk, OUTBOX_DRAFT_LOOK, id);
}

static void tell(struct kiosk *kiosk, enum outbox_request_kind kind, const char *id, int number,
                 enum send_outcome outcome)
{
    struct outbox_request request = {.kind = kind, .number = number, .outcome = outcome};
    text_copy(request.text, sizeof request.text, id);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

// The revision of the next to send, 0: none.
static int64_t next(struct kiosk *kiosk)
{
    struct outbox_request request = {.kind = OUTBOX_DRAFT_NEXT};
    kiosk_ask(kiosk, &request);
    if (kiosk->reply.kind == OUTBOX_NOTHING)
        return 0;
    assert_int_equal(kiosk->reply.kind, OUTBOX_DRAFT_ITEM);
    return kiosk->reply.sealed->revision;
}

static void a_checkpoint_is_kept_over_a_restart(void **state)
{
    struct kiosk *kiosk = *state;
    put(kiosk, ID_A, "uuid:1", 1, "first");
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
    put(kiosk, ID_A, "uuid:1", 2, "second");
    kiosk_restart(kiosk);
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_HERE);
    assert_null(kiosk->reply.sealed); // looking gives nothing away
    assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_HERE);
    assert_string_equal(strbuf_text(&kiosk->reply.sealed->bytes), "second");
    assert_int_equal(kiosk->reply.sealed->revision, 2);
    assert_int_equal(look(kiosk, ID_B), OUTBOX_DRAFT_IS_ELSEWHERE);
}

static void an_older_checkpoint_replaces_nothing(void **state)
{
    struct kiosk *kiosk = *state;
    put(kiosk, ID_A, "uuid:1", 5, "five");
    put(kiosk, ID_A, "uuid:1", 5, "five again");
    assert_int_equal(kiosk->reply.kind, OUTBOX_FAILED);
    assert_int_equal(kiosk->reply.err, ERR_CONFLICT);
    try_code(kiosk, ID_A);
    assert_string_equal(strbuf_text(&kiosk->reply.sealed->bytes), "five");
}

static void five_tries_and_then_a_day_of_powered_on_time(void **state)
{
    struct kiosk *kiosk = *state;
    put(kiosk, ID_A, "uuid:1", 1, "bytes");
    for (int left = 4; left >= 0; left--) {
        assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_HERE);
        assert_int_equal(kiosk->reply.number, left);
    }
    assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_LOCKED);
    assert_null(kiosk->reply.sealed);
    assert_int_equal(kiosk->reply.wait_s, 24 * 3600);
    kiosk->clock.now.utc_ms += 3 * DAY_MS; // somebody set the clock
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_LOCKED);
    fake_clock_pass(&kiosk->clock, DAY_MS / 2);
    assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_LOCKED); // notes what has passed
    fake_clock_reboot(&kiosk->clock);
    kiosk_restart(kiosk); // somebody pulled the plug
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_LOCKED);
    assert_int_equal(kiosk->reply.wait_s, 12 * 3600);
    assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_LOCKED);
    fake_clock_pass(&kiosk->clock, DAY_MS / 2);
    assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_HERE);
    assert_int_equal(kiosk->reply.number, 4);
}

static void pulling_the_plug_takes_no_try_back(void **state)
{
    struct kiosk *kiosk = *state;
    put(kiosk, ID_A, "uuid:1", 1, "bytes");
    for (int i = 0; i < 5; i++) {
        assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_HERE);
        kiosk_restart(kiosk);
    }
    assert_int_equal(try_code(kiosk, ID_A), OUTBOX_DRAFT_IS_LOCKED);
}

static void a_right_code_and_one_that_could_not_be_tried_count_for_nothing(void **state)
{
    struct kiosk *kiosk = *state;
    put(kiosk, ID_A, "uuid:1", 1, "bytes");
    try_code(kiosk, ID_A);
    try_code(kiosk, ID_A);
    tell(kiosk, OUTBOX_DRAFT_TRIED, ID_A, 0, SEND_RETRY);
    look(kiosk, ID_A);
    assert_int_equal(kiosk->reply.number, 4);
    tell(kiosk, OUTBOX_DRAFT_TRIED, ID_A, 1, SEND_RETRY);
    look(kiosk, ID_A);
    assert_int_equal(kiosk->reply.number, 5);
    for (int i = 0; i < 5; i++)
        try_code(kiosk, ID_B); // of another kiosk's ticket tries are counted, too
    assert_int_equal(try_code(kiosk, ID_B), OUTBOX_DRAFT_IS_LOCKED);
}

static void saving_the_case_spends_every_ticket_of_its_visit(void **state)
{
    struct kiosk *kiosk = *state;
    char receipt[LIMIT_RECEIPT_NUMBER], instance[LIMIT_INSTANCE_ID];
    struct case_draft *draft = kiosk_draft(kiosk, 1);
    text_copy(instance, sizeof instance, draft->instance_id);
    case_draft_free(draft);
    put(kiosk, ID_A, instance, 1, "one ticket");
    put(kiosk, ID_B, instance, 1, "another");
    kiosk_save(kiosk, 1, false, receipt);
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_SPENT);
    assert_int_equal(try_code(kiosk, ID_B), OUTBOX_DRAFT_IS_SPENT);
    assert_null(kiosk->reply.sealed);
    put(kiosk, ID_A, instance, 9, "too late");
    assert_int_equal(kiosk->reply.kind, OUTBOX_FAILED);
}

static void whatever_fails_a_ticket_is_spent_only_with_its_case(void **state)
{
    struct kiosk *kiosk = *state;
    char instance[LIMIT_INSTANCE_ID];
    struct case_draft *draft = kiosk_draft(kiosk, 1);
    text_copy(instance, sizeof instance, draft->instance_id);
    put(kiosk, ID_A, instance, 1, "bytes");
    int tries = 0;
    for (int fail_at = 1; draft; fail_at++, tries++) {
        struct outbox_request save = {.kind = OUTBOX_SAVE, .draft = draft};
        kiosk->failing_store.calls = 0;
        kiosk->failing_store.fail_at = fail_at;
        kiosk_ask(kiosk, &save);
        kiosk->failing_store.fail_at = 0;
        draft = kiosk->reply.draft;
        kiosk->reply.draft = NULL;
        bool saved = kiosk->reply.kind == OUTBOX_SAVED;
        assert_int_equal(look(kiosk, ID_A) == OUTBOX_DRAFT_IS_SPENT, saved);
    }
    assert_true(tries > 8);
    assert_int_equal(kiosk_rows(kiosk), 1);
}

static void drafts_go_up_and_are_not_sent_twice(void **state)
{
    struct kiosk *kiosk = *state;
    assert_int_equal(next(kiosk), 0);
    put(kiosk, ID_A, "uuid:1", 1, "one");
    assert_int_equal(next(kiosk), 1);
    put(kiosk, ID_A, "uuid:1", 2, "two"); // while the first was on its way
    tell(kiosk, OUTBOX_DRAFT_SENT, ID_A, 1, SEND_RECEIVED);
    assert_int_equal(next(kiosk), 2);
    tell(kiosk, OUTBOX_DRAFT_SENT, ID_A, 2, SEND_RETRY);
    assert_int_equal(next(kiosk), 2);
    tell(kiosk, OUTBOX_DRAFT_SENT, ID_A, 2, SEND_RECEIVED);
    assert_int_equal(next(kiosk), 0);
    tell(kiosk, OUTBOX_DRAFT_SPEND, ID_A, 0, SEND_RETRY);
    assert_int_equal(next(kiosk), 3); // that it is spent goes up, too
    assert_true(kiosk->reply.sealed->spent);
    tell(kiosk, OUTBOX_DRAFT_SENT, ID_A, 3, SEND_RECEIVED);
    assert_int_equal(next(kiosk), 0);
}

static void what_went_on_at_another_kiosk_is_theirs(void **state)
{
    struct kiosk *kiosk = *state;
    put(kiosk, ID_A, "uuid:1", 1, "one");
    tell(kiosk, OUTBOX_DRAFT_SENT, ID_A, 1, SEND_QUARANTINED);
    assert_int_equal(next(kiosk), 0);
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_ELSEWHERE);
}

static void after_a_week_a_ticket_has_expired_and_its_draft_goes(void **state)
{
    struct kiosk *kiosk = *state;
    put(kiosk, ID_A, "uuid:1", 1, "one");
    fake_clock_pass(&kiosk->clock, 7 * DAY_MS + 1);
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_EXPIRED);
    kiosk->clock.now.quality = TIME_UNKNOWN; // then nobody can say so
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_HERE);
    kiosk->clock.now.quality = TIME_DISTRICT;
    struct outbox_request contact = {.kind = OUTBOX_CONTACT};
    kiosk_ask(kiosk, &contact);
    assert_int_equal(look(kiosk, ID_A), OUTBOX_DRAFT_IS_ELSEWHERE); // deleted
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kiosk_set_up, kiosk_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_checkpoint_is_kept_over_a_restart),
        TEST(an_older_checkpoint_replaces_nothing),
        TEST(five_tries_and_then_a_day_of_powered_on_time),
        TEST(pulling_the_plug_takes_no_try_back),
        TEST(a_right_code_and_one_that_could_not_be_tried_count_for_nothing),
        TEST(saving_the_case_spends_every_ticket_of_its_visit),
        TEST(whatever_fails_a_ticket_is_spent_only_with_its_case),
        TEST(drafts_go_up_and_are_not_sent_twice),
        TEST(what_went_on_at_another_kiosk_is_theirs),
        TEST(after_a_week_a_ticket_has_expired_and_its_draft_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
