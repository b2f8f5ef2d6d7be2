// SPDX-License-Identifier: GPL-3.0-or-later
// The district's programs start together, and after an update the store is of the version before:
// each opens it, whoever comes first brings it up to date, and none fails for the others' sake. A
// store of a version to come is left alone.
#include "stores.h"

#include <pthread.h>

enum { PROGRAMS = 4, ROUNDS = 8 };

struct program {
    pthread_t thread;
    pthread_barrier_t *together;
    const char *path;
    struct district_store store;
    struct fail why;
    enum err err;
};

static void *start(void *context)
{
    struct program *program = context;
    pthread_barrier_wait(program->together);
    program->err = sqlite_district_open(program->path, &program->store, &program->why);
    return NULL;
}

static void start_all(const char *path)
{
    struct program programs[PROGRAMS] = {0};
    pthread_barrier_t together;
    pthread_barrier_init(&together, NULL, PROGRAMS);
    for (int i = 0; i < PROGRAMS; i++) {
        programs[i].path = path;
        programs[i].together = &together;
        assert_int_equal(pthread_create(&programs[i].thread, NULL, start, &programs[i]), 0);
    }
    for (int i = 0; i < PROGRAMS; i++)
        pthread_join(programs[i].thread, NULL);
    pthread_barrier_destroy(&together);
    int failed = 0;
    for (int i = 0; i < PROGRAMS; i++) {
        if (programs[i].err)
            failed++, print_error("%s\n", programs[i].why.text);
        sqlite_district_close(&programs[i].store);
    }
    assert_int_equal(failed, 0);
}

static void programs_that_start_together_bring_a_store_up_to_date_once(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    const struct stores *stores = *state;
    for (int round = 0; round < ROUNDS; round++) {
        char path[128];
        snprintf(path, sizeof path, "%s/new.db", stores->folder);
        start_all(path);
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
            snprintf(path, sizeof path, "%s/new.db%s", stores->folder, ends[i]);
            (void)unlink(path);
        }
    }
}

static void a_database_of_the_future_is_not_touched(void **state)
{
    struct stores *stores = *state;
    struct district_store third = {0};
    FILE *file = fopen(stores->path, "r+b");
    assert_non_null(file);
    sqlite_district_close(&stores->one);
    sqlite_district_close(&stores->two);
    fseek(file, 60, SEEK_SET); // user_version in the header, big-endian
    fwrite("\0\0\0\x63", 1, 4, file);
    fclose(file);
    assert_int_equal(sqlite_district_open(stores->path, &third, NULL), ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(programs_that_start_together_bring_a_store_up_to_date_once,
                                        stores_open, stores_close),
        cmocka_unit_test_setup_teardown(a_database_of_the_future_is_not_touched, stores_open,
                                        stores_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
