// SPDX-License-Identifier: GPL-3.0-or-later
// Saving fails at every single call to the store and to crypto; it is killed at random moments; its
// disk runs full. Never is anything half saved, and never is a saved case lost or doubled.
#include "kiosk.h"

#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_CALLS = 200, KILLS = 12 };

static void counts_are(struct kiosk *kiosk, int64_t cases)
{
    struct store_counts counts;
    assert_int_equal(kiosk->store.ops->counts(kiosk->store.self, &counts, NULL), ERR_OK);
    assert_int_equal(counts.unsent, cases);
    assert_int_equal(kiosk_audit_count(kiosk, "case.saved"), cases);
    assert_int_equal(kiosk->store.ops->integrity(kiosk->store.self, NULL), ERR_OK);
}

// Saves the same draft with a fault at call 1, 2, 3, ... until it passes; answers how many failed.
static long save_until_it_passes(struct kiosk *kiosk, long *fail_at, long *calls)
{
    struct case_draft *draft = kiosk_draft(kiosk, 1);
    for (long call = 1; call < MOST_CALLS; call++) {
        *fail_at = call;
        *calls = 0;
        struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = draft};
        kiosk_ask(kiosk, &request);
        *fail_at = 0;
        if (kiosk->reply.kind == OUTBOX_SAVED)
            return call - 1;
        assert_int_equal(kiosk->reply.kind, OUTBOX_SAVE_FAILED);
        assert_ptr_equal(kiosk->reply.draft, draft); // given back, whole
        assert_string_equal(record_value(draft->record, "/data/name"), "\xE5\xBC\xA0\xE4\xB8\x89");
        assert_int_equal(draft->attachments[0].length, 6);
        assert_true(kiosk->reply.why[0] != '\0');
        kiosk->reply.draft = NULL; // back to the resident, who tries again
        counts_are(kiosk, 0);
    }
    fail_msg("it never passed");
    return 0;
}

static void saving_fails_cleanly_at_every_call_of_the_store(void **state)
{
    struct kiosk *kiosk = *state;
    long failed =
        save_until_it_passes(kiosk, &kiosk->failing_store.fail_at, &kiosk->failing_store.calls);
    assert_true(failed >= 12); // begin, number, rows, print job, counters, audit, commit
    counts_are(kiosk, 1);
}

static void saving_fails_cleanly_at_every_call_of_crypto(void **state)
{
    struct kiosk *kiosk = *state;
    long failed =
        save_until_it_passes(kiosk, &kiosk->failing_crypto.fail_at, &kiosk->failing_crypto.calls);
    assert_true(failed >= 8); // code, key, signature, two files, seal, receipt, audit
    counts_are(kiosk, 1);
}

static void a_full_disk_gives_up_its_reserve_and_saves(void **state)
{
    struct kiosk *kiosk = *state;
    kiosk->failing_store.fail_err = ERR_FULL;
    kiosk->failing_store.fail_at = kiosk->failing_store.calls + 6;
    char receipt[LIMIT_RECEIPT_NUMBER];
    kiosk_save(kiosk, 1, false, receipt);
    counts_are(kiosk, 1);
    char reserve[128];
    snprintf(reserve, sizeof reserve, "%s-reserve", kiosk->path);
    assert_int_not_equal(access(reserve, F_OK), 0);
}

// The child saves as fast as it can and writes each receipt number to the pipe once it is told.
static void save_for_ever(struct kiosk *kiosk, int pipe_end)
{
    for (int number = 1;; number++) {
        struct outbox_request request = {.kind = OUTBOX_SAVE,
                                         .draft = kiosk_draft(kiosk, getpid() * 1000 + number)};
        kiosk_ask(kiosk, &request);
        if (kiosk->reply.kind != OUTBOX_SAVED ||
            write(pipe_end, kiosk->reply.facts->number, LIMIT_RECEIPT_NUMBER) !=
                LIMIT_RECEIPT_NUMBER)
            _exit(1);
    }
}

static void every_told_number_is_there(struct kiosk *kiosk, int pipe_end, int *told)
{
    char receipt[LIMIT_RECEIPT_NUMBER];
    while (read(pipe_end, receipt, sizeof receipt) == (ssize_t)sizeof receipt) {
        struct store_submission row;
        struct strbuf manifest;
        strbuf_init(&manifest, LIMIT_MANIFEST);
        assert_int_equal(
            kiosk->store.ops->submission_get(kiosk->store.self, receipt, true, &row, NULL), ERR_OK);
        assert_int_equal(
            kiosk->store.ops->manifest_get(kiosk->store.self, row.instance, &manifest, NULL),
            ERR_OK);
        strbuf_free(&manifest);
        ++*told;
    }
}

static void killed_at_any_moment_no_told_case_is_lost_and_none_is_half_there(void **state)
{
    struct kiosk *kiosk = *state;
    int told = 0;
    srand(7);
    for (int round = 0; round < KILLS; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        outbox_close(kiosk->outbox);
        sqlite_kiosk_store_close(&kiosk->store);
        kiosk->outbox = NULL;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            kiosk_restart(kiosk);
            save_for_ever(kiosk, ends[1]);
        }
        close(ends[1]);
        struct pollfd first = {.fd = ends[0], .events = POLLIN};
        assert_int_equal(poll(&first, 1, -1), 1); // whatever the machine is busy with
        usleep((useconds_t)(rand() % 120000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        kiosk_restart(kiosk);
        every_told_number_is_there(kiosk, ends[0], &told);
        close(ends[0]);
    }
    assert_true(told >= KILLS);
    struct store_counts counts;
    assert_int_equal(kiosk->store.ops->counts(kiosk->store.self, &counts, NULL), ERR_OK);
    assert_in_range(counts.unsent, told, told + KILLS); // at most one a round was saved untold
    counts_are(kiosk, counts.unsent);
}

static void really_full_disk(struct kiosk *kiosk)
{
    int saved = 0;
    char receipt[LIMIT_RECEIPT_NUMBER] = "";
    for (;; saved++) {
        assert_true(saved < 2000);
        struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, saved)};
        kiosk_ask(kiosk, &request);
        if (kiosk->reply.kind != OUTBOX_SAVED)
            break;
        text_copy(receipt, sizeof receipt, kiosk->reply.facts->number);
    }
    assert_int_equal(kiosk->reply.err, ERR_FULL);
    assert_non_null(kiosk->reply.draft);
    assert_true(saved > 20); // the reserve was used
    counts_are(kiosk, saved);
    assert_string_equal(kiosk_row(kiosk, receipt).state, "saved");
}

// Runs `inside` with the kiosk on a small disk of its own.
static void on_small_disk(struct kiosk *kiosk, const char *size,
                          void (*inside)(struct kiosk *kiosk))
{
    // Mounted for this process alone, so that nothing stays behind. Needs root.
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", kiosk->folder, "tmpfs", 0, size) != 0)
        skip();
    kiosk_restart(kiosk);
    inside(kiosk);
    outbox_close(kiosk->outbox);
    sqlite_kiosk_store_close(&kiosk->store);
    kiosk->outbox = NULL;
    umount2(kiosk->folder, MNT_DETACH);
}

static void on_a_full_disk_what_was_saved_stays_and_the_next_draft_comes_back(void **state)
{
    on_small_disk(*state, "size=12m", really_full_disk);
}

static struct case_draft *draft_with_scan(struct kiosk *kiosk, int number)
{
    struct case_draft *draft = kiosk_draft(kiosk, number);
    struct attachment *scan = &draft->attachments[0];
    free(scan->data);
    scan->length = 1 << 20;
    scan->data = calloc(1, scan->length);
    return draft;
}

static void papers_are_refused_first(struct kiosk *kiosk)
{
    int saved = 0;
    for (;; saved++) {
        assert_true(saved < 100);
        struct outbox_request request = {.kind = OUTBOX_SAVE,
                                         .draft = draft_with_scan(kiosk, saved)};
        kiosk_ask(kiosk, &request);
        if (kiosk->reply.kind != OUTBOX_SAVED)
            break;
    }
    assert_int_equal(kiosk->reply.err, ERR_FULL);
    assert_non_null(kiosk->reply.draft);
    assert_true(saved > 5);
    for (int number = 1000; number < 1020; number++) {
        char receipt[LIMIT_RECEIPT_NUMBER];
        kiosk_save(kiosk, number, false, receipt);
    }
    counts_are(kiosk, saved + 20);
    struct store_health health;
    assert_int_equal(kiosk->store.ops->health(kiosk->store.self, &health, NULL), ERR_OK);
    assert_true(health.reserve); // it was not even needed
}

static void a_nearly_full_disk_refuses_papers_and_keeps_room_for_cases_without(void **state)
{
    on_small_disk(*state, "size=64m", papers_are_refused_first);
}

int main(void)
{
#define ON_KIOSK(test) cmocka_unit_test_setup_teardown(test, kiosk_set_up, kiosk_tear_down)
    const struct CMUnitTest tests[] = {
        ON_KIOSK(saving_fails_cleanly_at_every_call_of_the_store),
        ON_KIOSK(saving_fails_cleanly_at_every_call_of_crypto),
        ON_KIOSK(a_full_disk_gives_up_its_reserve_and_saves),
        ON_KIOSK(killed_at_any_moment_no_told_case_is_lost_and_none_is_half_there),
        ON_KIOSK(on_a_full_disk_what_was_saved_stays_and_the_next_draft_comes_back),
        ON_KIOSK(a_nearly_full_disk_refuses_papers_and_keeps_room_for_cases_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
