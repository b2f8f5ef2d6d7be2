// SPDX-License-Identifier: GPL-3.0-or-later
// Releases stay side by side as long as something may have been begun with them, and then go
// without a trace, wherever the removal is interrupted.
#include "pack_samples.h"
#include "yimen/content/texts.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const int64_t DAY_MS = 86400000;

static int open_samples(void **state)
{
    static struct pack_samples samples;
    samples_open(&samples);
    *state = &samples;
    return 0;
}

static int close_samples(void **state)
{
    samples_close(*state);
    return 0;
}

static void installed(struct pack_samples *samples, const char *version, const char *from)
{
    struct fail why = {0};
    struct pack_info info;
    struct fake_files *pack = sample_pack(samples, version, from, version);
    if (pack_install(&pack->files, &samples->content->files, &samples->options, &info, &why))
        fail_msg("%s", why.text);
    fake_files_free(pack);
}

static enum err clean(struct pack_samples *samples, int64_t after_days, int64_t oldest_open_ms)
{
    const struct pack_clean_options options = {.now_utc_ms = samples->options.now_utc_ms +
                                                             after_days * DAY_MS,
                                               .oldest_open_utc_ms = oldest_open_ms};
    return pack_clean(&samples->content->files, &samples->crypto, &options, NULL);
}

static enum err opens(struct pack_samples *samples, const char *version)
{
    struct pack *pack = NULL;
    enum err err =
        pack_open_version(&samples->content->files, &samples->options.trust, version, &pack, NULL);
    pack_close(pack);
    return err;
}

static void write_version(void *context, const char *version)
{
    struct strbuf *list = context;
    strbuf_addf(list, "%s ", version);
}

static void are_there(struct pack_samples *samples, const char *expected)
{
    struct strbuf list;
    strbuf_init(&list, 200);
    assert_int_equal(pack_versions(&samples->content->files, write_version, &list, NULL), ERR_OK);
    assert_string_equal(strbuf_text(&list), expected);
    strbuf_free(&list);
}

static void several_versions_are_open_at_once(void **state)
{
    struct pack_samples *samples = *state;
    static const char *const versions[] = {"1", "1.9", "1.10", "2"};
    struct pack *packs[4];
    struct texts *texts[4];
    for (size_t i = 0; i < 4; i++)
        installed(samples, versions[i], i == 3 ? "2028-01-01" : "2026-01-01");
    are_there(samples, "1 1.9 1.10 2 "); // the one that waits included
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pack_open_version(&samples->content->files, &samples->options.trust,
                                           versions[i], &packs[i], NULL),
                         ERR_OK);
        assert_int_equal(texts_load(pack_files(packs[i]), &texts[i], NULL), ERR_OK);
    }
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(texts_get(texts[i], "zh", "word"), versions[i]);
    for (size_t i = 0; i < 4; i++) {
        texts_free(texts[i]);
        pack_close(packs[i]);
    }
    assert_int_equal(opens(samples, "3"), ERR_NOT_FOUND);
    assert_int_equal(opens(samples, "../1"), ERR_INPUT);
}

static void what_waits_says_from_when_on(void **state)
{
    struct pack_samples *samples = *state;
    const struct files *content = &samples->content->files;
    installed(samples, "1", "2026-01-01");
    assert_int_equal(pack_next_from(content, &samples->options.trust), 0);
    installed(samples, "2", "2028-01-01");
    assert_int_equal(pack_next_from(content, &samples->options.trust), 1830268800000);
}

static void a_version_stays_for_four_hundred_days_after_the_next(void **state)
{
    struct pack_samples *samples = *state;
    installed(samples, "1", "2026-01-01");
    installed(samples, "2", "2026-01-01");
    installed(samples, "3", "2026-01-01");
    assert_int_equal(clean(samples, 0, 0), ERR_OK); // noticed on this day
    assert_int_equal(clean(samples, 400, 0), ERR_OK);
    are_there(samples, "1 2 3 ");
    assert_int_equal(clean(samples, 401, 0), ERR_OK);
    are_there(samples, "2 3 "); // the one before stays to fall back on
    assert_int_equal(opens(samples, "1"), ERR_NOT_FOUND);
    for (size_t i = 0; i < samples->content->count; i++)
        assert_null(strstr(samples->content->entries[i].path, "/1"));
    assert_int_equal(clean(samples, 5000, 0), ERR_OK);
    are_there(samples, "2 3 ");
}

static void a_case_that_is_still_open_keeps_what_it_was_begun_with(void **state)
{
    struct pack_samples *samples = *state;
    int64_t now = samples->options.now_utc_ms;
    installed(samples, "1", "2026-01-01");
    installed(samples, "2", "2026-01-01");
    installed(samples, "3", "2026-01-01");
    assert_int_equal(clean(samples, 0, 0), ERR_OK);
    assert_int_equal(clean(samples, 800, now - DAY_MS), ERR_OK); // saved while 1 was in force
    are_there(samples, "1 2 3 ");
    assert_int_equal(clean(samples, 800, now + DAY_MS), ERR_OK); // saved with a later one
    are_there(samples, "2 3 ");
}

static void without_the_time_nothing_goes(void **state)
{
    struct pack_samples *samples = *state;
    const struct pack_clean_options unknown = {0};
    for (int i = 1; i <= 3; i++)
        installed(samples, (char[]){(char)('0' + i), '\0'}, "2026-01-01");
    assert_int_equal(clean(samples, 0, 0), ERR_OK);
    samples->content->writes = 0;
    assert_int_equal(pack_clean(&samples->content->files, &samples->crypto, &unknown, NULL),
                     ERR_OK);
    assert_int_equal(samples->content->writes, 0);
    are_there(samples, "1 2 3 ");
}

static void what_an_interrupted_installation_left_goes_at_once(void **state)
{
    struct pack_samples *samples = *state;
    installed(samples, "1", "2026-01-01");
    installed(samples, "2", "2028-01-01");
    fake_files_put(samples->content, "releases/1.5/forms/half.xml", "x", 1);
    fake_files_put(samples->content, "releases/7/manifest.json", "never tried", 11);
    fake_files_put(samples->content, "releases/not a version/x", "x", 1);
    assert_int_equal(clean(samples, 0, 0), ERR_OK);
    are_there(samples, "1 2 ");
    assert_null(fake_files_get(samples->content, "releases/1.5/forms/half.xml"));
    assert_null(fake_files_get(samples->content, "releases/7/manifest.json"));
    assert_non_null(fake_files_get(samples->content, "releases/not a version/x")); // not ours
}

static void a_stop_at_any_call_while_removing_is_finished_later(void **state)
{
    struct pack_samples *samples = *state;
    for (int i = 1; i <= 4; i++)
        installed(samples, (char[]){(char)('0' + i), '\0'}, "2026-01-01");
    assert_int_equal(clean(samples, 0, 0), ERR_OK);
    struct fake_files *start = fake_files_new();
    fake_files_copy(start, samples->content);
    long points = 0;
    for (int fault = FAKE_FAIL_ONCE; fault <= FAKE_DIE_AFTER; fault++) {
        bool reached = true;
        for (long at = 1; reached; at++, points++) {
            char word[32];
            fake_files_copy(samples->content, start);
            fake_files_break(samples->content, (enum fake_fault)fault, at, ERR_TECHNICIAN);
            (void)!clean(samples, 401, 0);
            reached = samples->content->calls >= at;
            fake_files_heal(samples->content);
            sample_word(samples, samples->options.now_utc_ms, word);
            assert_string_equal(word, "4");
            assert_int_equal(opens(samples, "3"), ERR_OK);
            enum err one = opens(samples, "1"); // whole, or not there
            assert_true(one == ERR_OK || one == ERR_NOT_FOUND);
            assert_int_equal(clean(samples, 401, 0), ERR_OK);
            are_there(samples, "3 4 ");
        }
    }
    assert_true(points > 60);
    fake_files_free(start);
}

static void a_disk_that_stumbles_takes_nothing_away(void **state)
{
    struct pack_samples *samples = *state;
    for (int i = 1; i <= 4; i++)
        installed(samples, (char[]){(char)('0' + i), '\0'}, "2026-01-01");
    bool reached = true;
    for (long at = 1; reached; at++) {
        fake_files_break(samples->content, FAKE_FAIL_ONCE, at, ERR_TECHNICIAN);
        (void)!clean(samples, 400, 0);
        reached = samples->content->calls >= at;
        fake_files_heal(samples->content);
        are_there(samples, "1 2 3 4 ");
    }
}

// The day comes while the disk is full: what is in force stays, nothing is lost, and once there is
// room the next one takes over.
static void a_full_disk_on_the_day_keeps_the_old_one(void **state)
{
    struct pack_samples *samples = *state;
    const int64_t later = 1830297600000; // 2028-01-01
    installed(samples, "1", "2026-01-01");
    installed(samples, "2", "2028-01-01");
    struct fake_files *start = fake_files_new();
    fake_files_copy(start, samples->content);
    bool reached = true, kept = false;
    for (long at = 1; reached; at++) {
        struct pack *pack = NULL;
        char word[32];
        fake_files_copy(samples->content, start);
        fake_files_break(samples->content, FAKE_FAIL_ONCE, at, ERR_FULL);
        enum err err =
            pack_open(&samples->content->files, &samples->options.trust, later, &pack, NULL);
        reached = samples->content->calls >= at;
        kept |= err == ERR_OK && strcmp(pack_about(pack)->version, "1") == 0;
        pack_close(pack);
        fake_files_heal(samples->content);
        sample_word(samples, later, word);
        assert_string_equal(word, "2");
    }
    assert_true(kept);
    fake_files_free(start);
}

int main(void)
{
#define KEEP(name) cmocka_unit_test_setup_teardown(name, open_samples, close_samples)
    const struct CMUnitTest tests[] = {
        KEEP(several_versions_are_open_at_once),
        KEEP(what_waits_says_from_when_on),
        KEEP(a_version_stays_for_four_hundred_days_after_the_next),
        KEEP(a_case_that_is_still_open_keeps_what_it_was_begun_with),
        KEEP(without_the_time_nothing_goes),
        KEEP(what_an_interrupted_installation_left_goes_at_once),
        KEEP(a_stop_at_any_call_while_removing_is_finished_later),
        KEEP(a_disk_that_stumbles_takes_nothing_away),
        KEEP(a_full_disk_on_the_day_keeps_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
