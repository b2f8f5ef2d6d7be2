// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are there at once are filed with one commit: nobody is answered before it, and when
// it fails nobody is told that anything was filed.
#include "office_bench.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite_district.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const numbers[] = {"370212001251123170019", "370212001251123170027"};
static const char *const instances[] = {"uuid:0", "uuid:1"};

struct scene {
    struct bench bench;
    struct bench_submission cases[2];
    struct district_store elsewhere; // what another program sees
    struct district *other;
    const struct district_store_ops *real;
    struct district_store_ops ops;
    int commits;
};
static struct scene *current;
static bool commit_fails;

static enum err count_commit(void *self, struct fail *why)
{
    current->commits++;
    if (!commit_fails)
        return current->real->commit(self, why);
    current->bench.store.ops = current->real;
    sqlite_district_close(&current->bench.store); // as a process that ends, or a disk that is full
    return fail_set(why, ERR_FULL, "no room");
}

static int open_all(void **state)
{
    struct scene *scene = current = calloc(1, sizeof *scene);
    log_set_level(LOG_NONE);
    commit_fails = false;
    bench_open(&scene->bench);
    for (int i = 0; i < 2; i++)
        bench_submission(&scene->bench,
                         &(struct bench_record){.instance = instances[i], .receipt = numbers[i]},
                         &scene->cases[i]);
    bench_second(&scene->bench, &scene->elsewhere, &scene->other);
    scene->real = scene->bench.store.ops;
    scene->real->commits_wait(scene->bench.store.self);
    scene->ops = *scene->real;
    scene->ops.commit = count_commit;
    scene->bench.store.ops = &scene->ops;
    *state = scene;
    return 0;
}

static int close_all(void **state)
{
    struct scene *scene = *state;
    scene->bench.store.ops = scene->real;
    for (int i = 0; i < 2; i++)
        bench_submission_free(&scene->cases[i]);
    district_close(scene->other);
    sqlite_district_close(&scene->elsewhere);
    bench_close(&scene->bench);
    free(scene);
    return 0;
}

static bool is_filed(struct scene *scene, int which)
{
    struct district_case at;
    return scene->elsewhere.ops->case_get(scene->elsewhere.self, instances[which], &at, NULL) ==
           ERR_OK;
}

static const struct bench_answer *post(struct scene *scene, int which)
{
    return bench_post(&scene->bench, &scene->cases[which], 0, scene->cases[which].envelope.count);
}

static void two_that_come_at_once_are_one_commit(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 2; i++) {
        const struct bench_answer *answer = post(scene, i);
        assert_int_equal(answer->status, 201);
        assert_true(answer->after_turn); // is not told yet
        assert_false(is_filed(scene, i));
    }
    // who asks in between is told nothing either that is not sure yet
    assert_true(bench_ask(&scene->bench, "HEAD", "/submission", NULL, NULL)->after_turn);
    assert_true(district_end_turn(scene->bench.district));
    assert_int_equal(scene->commits, 1);
    assert_true(is_filed(scene, 0));
    assert_true(is_filed(scene, 1));
    assert_false(bench_ask(&scene->bench, "HEAD", "/submission", NULL, NULL)->after_turn);
    assert_true(district_end_turn(scene->bench.district)); // nothing waits
    assert_int_equal(scene->commits, 1);
}

static void a_commit_that_fails_is_told_to_all_and_they_send_again(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(post(scene, 0)->status, 201);
    assert_int_equal(post(scene, 1)->status, 201);
    commit_fails = true;
    assert_false(district_end_turn(scene->bench.district)); // both hear 503 (http_server)
    commit_fails = false;
    assert_false(is_filed(scene, 0));
    assert_false(is_filed(scene, 1));
    assert_int_equal(sqlite_district_open(scene->bench.database, &scene->bench.store, NULL),
                     ERR_OK);
    assert_int_equal(post(scene, 0)->status, 201);
    assert_true(is_filed(scene, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_that_come_at_once_are_one_commit, open_all, close_all),
        cmocka_unit_test_setup_teardown(a_commit_that_fails_is_told_to_all_and_they_send_again,
                                        open_all, close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
