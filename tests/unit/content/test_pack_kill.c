// SPDX-License-Identifier: GPL-3.0-or-later
// Every call of an installation to the files port fails once, stops for ever, or stops right after
// it was done; afterwards the old or the complete new pack is in force, and installing again works.
#include "test_pack_kill.h"

#include "pack_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const enum fake_fault faults[] = {FAKE_FAIL_ONCE, FAKE_DIE, FAKE_DIE_AFTER};
static const enum err errors[] = {ERR_TECHNICIAN, ERR_FULL};

struct scene {
    struct pack_samples samples;
    struct fake_files *start; ///< the folder of releases as it is before
    struct fake_files *pack;
    const char *old; ///< word in force before
};

// One installation with a fault at call n. True while there was such a call.
static bool stopped_at(struct scene *scene, enum fake_fault fault, enum err error, long at)
{
    struct pack_samples *samples = &scene->samples;
    struct pack_info info;
    char word[32];
    fake_files_free(samples->content);
    samples->content = fake_files_new();
    fake_files_copy(samples->content, scene->start);
    fake_files_break(samples->content, fault, at, error);
    enum err err =
        pack_install(&scene->pack->files, &samples->content->files, &samples->options, &info, NULL);
    bool reached = samples->content->calls >= at;
    fake_files_heal(samples->content);
    sample_word(samples, samples->options.now_utc_ms, word);
    if (err == ERR_OK)
        assert_string_equal(word, "new");
    else if (strcmp(word, "new") != 0)
        assert_string_equal(word, scene->old);
    assert_true(reached || err == ERR_OK);
    assert_int_equal(
        pack_install(&scene->pack->files, &samples->content->files, &samples->options, &info, NULL),
        ERR_OK);
    sample_word(samples, samples->options.now_utc_ms, word);
    assert_string_equal(word, "new");
    return reached;
}

static void stop_everywhere(struct scene *scene)
{
    long points = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        for (size_t j = 0; j < sizeof errors / sizeof *errors; j++)
            for (long at = 1; stopped_at(scene, faults[i], errors[j], at); at++)
                points++;
    assert_true(points > 60);
}

void a_stop_at_any_call_leaves_the_old_or_the_complete_new_pack(void **state)
{
    (void)state;
    struct scene scene = {.old = "old"};
    struct pack_info info;
    samples_open(&scene.samples);
    struct fake_files *first = sample_pack(&scene.samples, "1.0", "2026-01-01", "old");
    assert_int_equal(pack_install(&first->files, &scene.samples.content->files,
                                  &scene.samples.options, &info, NULL),
                     ERR_OK);
    scene.pack = sample_pack(&scene.samples, "1.1", "2026-01-01", "new");
    scene.start = fake_files_new();
    fake_files_copy(scene.start, scene.samples.content);
    stop_everywhere(&scene);
    fake_files_free(first);
    fake_files_free(scene.pack);
    fake_files_free(scene.start);
    samples_close(&scene.samples);
}

void a_stop_at_any_call_of_a_first_installation_is_repaired_by_the_next(void **state)
{
    (void)state;
    struct scene scene = {.old = ""};
    samples_open(&scene.samples);
    scene.pack = sample_pack(&scene.samples, "1.1", "2026-01-01", "new");
    scene.start = fake_files_new();
    stop_everywhere(&scene);
    fake_files_free(scene.pack);
    fake_files_free(scene.start);
    samples_close(&scene.samples);
}

void a_stop_while_switching_to_the_next_pack_is_harmless(void **state)
{
    (void)state;
    struct pack_samples samples;
    struct pack_info info;
    char word[32];
    const int64_t later = 1830297600000; // 2028-01-01
    samples_open(&samples);
    struct fake_files *first = sample_pack(&samples, "1", "2026-01-01", "old");
    struct fake_files *next = sample_pack(&samples, "2", "2028-01-01", "new");
    assert_int_equal(
        pack_install(&first->files, &samples.content->files, &samples.options, &info, NULL),
        ERR_OK);
    assert_int_equal(
        pack_install(&next->files, &samples.content->files, &samples.options, &info, NULL), ERR_OK);
    struct fake_files *start = fake_files_new();
    fake_files_copy(start, samples.content);
    for (long at = 1, calls = 1; at <= calls; at++) {
        struct pack *pack = NULL;
        fake_files_copy(samples.content, start);
        fake_files_break(samples.content, FAKE_DIE_AFTER, at, ERR_TECHNICIAN);
        (void)!pack_open(&samples.content->files, &samples.options.trust, later, &pack, NULL);
        calls = samples.content->calls;
        pack_close(pack);
        fake_files_heal(samples.content);
        sample_word(&samples, later, word);
        assert_string_equal(word, "new");
    }
    fake_files_free(start);
    fake_files_free(first);
    fake_files_free(next);
    samples_close(&samples);
}
