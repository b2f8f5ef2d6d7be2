// SPDX-License-Identifier: GPL-3.0-or-later
// What goes beside the cases: the heartbeat, and what the district tells and is asked once in a
// while.
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// What the heartbeat says about the content pack when it is so many milliseconds past its end.
static void beat_says(int64_t past_ms, const char *expected)
{
    static const struct script_step steps[] = {{.status = 503}};
    struct stage *stage = stage_begin(steps, 1, false);
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
    stage_end(stage);
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
    struct stage *stage = stage_begin(steps, 3, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED}, done = {.kind = OUTBOX_DONE};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &listed, &stage->output);
    assert_int_equal(stage->requests[1].kind, OUTBOX_NEXT);
    fake_clock_pass(&stage->clock, 180000);
    stage_send_one(stage);
    assert_int_equal(stage->requests[2].kind, OUTBOX_SENT);
    sync_step(stage->sync, &done, &stage->output);
    assert_int_equal(stage->requests[3].kind, OUTBOX_LIST); // before the next case
    stage_end(stage);
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
    struct stage *stage = stage_begin(steps, 2, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED};
    after_a_beat(stage, &listed);
    assert_int_equal(stage->requests[2].kind, OUTBOX_CONTACT);
    assert_int_equal(stage->requests[2].number, 123);
    assert_string_equal(stage->requests[2].text, "enrol");
    stage_end(stage);
}

static void beat_is_answered(const char *answer, int64_t exported, int64_t wanted_next)
{
    const struct script_step steps[] = {{.status = 200, .body = answer}, {.status = 500}};
    struct stage *stage = stage_begin(steps, 2, false);
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
    stage_end(stage);
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
    struct stage *stage = stage_begin(steps, 5, false);
    struct outbox_row row = {.number = "1", .state = "held"};
    struct outbox_reply listed = {.kind = OUTBOX_LISTED, .rows = &row, .row_count = 1};
    struct outbox_reply failed = {.kind = OUTBOX_FAILED};
    assert_int_equal(after_a_beat(stage, &listed)->kind, OUTBOX_RELEASE);
    assert_string_equal(stage->script.asked[1].url, "https://district:8443/formList");
    sync_step(stage->sync, &failed, &stage->output);
    fake_clock_pass(&stage->clock, 200000); // the next beat: nothing has changed
    assert_int_equal(after_a_beat(stage, &listed)->kind, OUTBOX_LEDGER);
    stage_end(stage);
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
    struct stage *stage = stage_begin(steps, 2, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED, .status_cursor = 9};
    const struct outbox_request *request = after_a_beat(stage, &listed);
    assert_string_equal(stage->script.asked[1].url, "https://district:8443/v1/status?since=9");
    assert_int_equal(request->kind, OUTBOX_STATUS);
    assert_int_equal(request->number, 12);
    assert_int_equal(request->news->count, 1);
    assert_string_equal(request->news->items[0].status, "21");
    free(request->news);
    stage_end(stage);
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
    struct stage *stage = stage_begin(steps, sizeof steps / sizeof steps[0], false);
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
    stage_end(stage);
}

static void only_what_we_sent_is_repaired(void **state)
{
    static const struct script_step steps[] = {
        {.status = 200, .body = "{\"frozen\":false}"},
        {.status = 200, .body = NO_EVENTS},
        {.status = 200, .body = "{\"differ\":[2]}"},
        {.status = 200, .body = "{\"missing\":[\"uuid:b\",\"uuid:stranger\",7]}"}};
    (void)state;
    struct stage *stage = stage_begin(steps, 4, false);
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
    stage_end(stage);
}

static void a_frozen_kiosk_is_an_alarm(void **state)
{
    static const struct script_step steps[] = {{.status = 200, .body = "{\"frozen\": true}"}};
    (void)state;
    struct stage *stage = stage_begin(steps, 1, false);
    struct outbox_reply listed = {.kind = OUTBOX_LISTED};
    sync_step(stage->sync, NULL, &stage->output);
    sync_step(stage->sync, &listed, &stage->output);
    assert_true(stage_saw(stage, SYNC_ALARM));
    stage_end(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_beat_tells_of_content_past_its_last_day),
        cmocka_unit_test(a_long_queue_does_not_silence_the_heartbeat),
        cmocka_unit_test(a_beat_tells_the_outbox_of_backups_and_a_wanted_enrolment),
        cmocka_unit_test(the_district_says_from_which_entry_on_it_wants_the_audit),
        cmocka_unit_test(held_cases_are_released_when_the_form_list_changes),
        cmocka_unit_test(new_states_are_handed_on_with_their_cursor),
        cmocka_unit_test(a_chore_that_fails_for_weeks_is_in_the_log_once_a_day),
        cmocka_unit_test(only_what_we_sent_is_repaired),
        cmocka_unit_test(a_frozen_kiosk_is_an_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
