// SPDX-License-Identifier: GPL-3.0-or-later
// What people read: found by key and language, filled in, never cut inside a character.
#include "fakes/fakes_files.h"
#include "yimen/content/texts.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void put(struct fake_files *fake, const char *path, const char *text)
{
    fake_files_put(fake, path, text, strlen(text));
}

static struct texts *loaded(struct fake_files *fake)
{
    struct texts *texts = NULL;
    struct fail why = {0};
    if (texts_load(&fake->files, &texts, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return texts;
}

static void a_text_is_found_in_its_language_else_in_chinese_else_its_key_is_shown(void **state)
{
    (void)state;
    struct fake_files *fake = fake_files_new();
    put(fake, "i18n/en/a.json", "{\"hello\": \"Hello\"}");
    put(fake, "i18n/zh/a.json", "{\"hello\": \"您好\", \"only\": \"只有中文\"}");
    put(fake, "i18n/zh/b.json", "{\"bye\": \"再见\"}");
    struct texts *texts = loaded(fake);
    assert_string_equal(texts_get(texts, "en", "hello"), "Hello");
    assert_string_equal(texts_get(texts, "zh", "hello"), "您好");
    assert_string_equal(texts_get(texts, "zh", "bye"), "再见");
    assert_string_equal(texts_get(texts, "en", "only"), "只有中文");
    assert_string_equal(texts_get(texts, "fr", "only"), "只有中文");
    assert_string_equal(texts_get(texts, NULL, "only"), "只有中文");
    assert_string_equal(texts_get(texts, "en", "nowhere"), "nowhere");
    texts_free(texts);
    fake_files_free(fake);
}

static void chinese_is_the_first_language(void **state)
{
    (void)state;
    struct fake_files *fake = fake_files_new();
    put(fake, "i18n/en/a.json", "{}");
    put(fake, "i18n/ko/a.json", "{}");
    put(fake, "i18n/zh/a.json", "{}");
    struct texts *texts = loaded(fake);
    const char *const *names = texts_languages(texts);
    assert_string_equal(names[0], "zh");
    assert_string_equal(names[1], "en");
    assert_string_equal(names[2], "ko");
    assert_null(names[3]);
    texts_free(texts);
    fake_files_free(fake);
}

static void bad_files_are_refused_with_their_name(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *says;
    } cases[] = {
        {"i18n/zh/a.json", "{\"a\": \"1\",}", "i18n/zh/a.json:1"},
        {"i18n/zh/a.json", "{\"a\": 1}", "\"a\" must be a text"},
        {"i18n/zh/a.json", "[]", "must be an object"},
        {"i18n/zh/a.json", "{\"a\": \"1\", \"a\": \"2\"}", "i18n/zh/a.json"},
        {"i18n/zh/b.json", "{\"there\": \"twice\"}", "both in"},
        {"i18n/zh/a.json", "{\"a\": \"\xff\"}", "i18n/zh/a.json"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fake_files *fake = fake_files_new();
        struct texts *texts = NULL;
        struct fail why = {0};
        put(fake, "i18n/zh/z.json", "{\"there\": \"once\"}");
        put(fake, cases[i].path, cases[i].text);
        assert_int_equal(texts_load(&fake->files, &texts, &why), ERR_INPUT);
        assert_null(texts);
        assert_non_null(strstr(why.text, cases[i].says));
        fake_files_free(fake);
    }
}

static void without_chinese_nothing_loads(void **state)
{
    (void)state;
    struct fake_files *fake = fake_files_new();
    struct texts *texts = NULL;
    put(fake, "i18n/en/a.json", "{}");
    assert_int_equal(texts_load(&fake->files, &texts, NULL), ERR_INPUT);
    fake_files_remove(fake, "i18n/en/a.json");
    assert_int_equal(texts_load(&fake->files, &texts, NULL), ERR_NOT_FOUND);
    fake_files_free(fake);
}

static void any_failing_read_fails_the_loading_and_leaks_nothing(void **state)
{
    (void)state;
    for (long at = 1;; at++) {
        struct fake_files *fake = fake_files_new();
        struct texts *texts = NULL;
        put(fake, "i18n/en/a.json", "{\"a\": \"1\"}");
        put(fake, "i18n/zh/a.json", "{\"a\": \"1\"}");
        fake_files_break(fake, FAKE_FAIL_ONCE, at, ERR_TECHNICIAN);
        enum err err = texts_load(&fake->files, &texts, NULL);
        bool done = fake->calls < at;
        assert_int_equal(err, done ? ERR_OK : ERR_TECHNICIAN);
        texts_free(texts);
        fake_files_free(fake);
        if (done)
            break;
    }
}

static void placeholders_are_filled_and_unknown_ones_stay_visible(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *filled;
        size_t room;
    } cases[] = {
        {"第 {count} 次打印", "第 2 次打印", 64},
        {"{count}{count}", "22", 64},
        {"{unknown} and {count}", "{unknown} and 2", 64},
        {"{ {count}", "{ 2", 64},
        {"no end {count", "no end {count", 64},
        {"{name}", "张三", 64},
        {"{name}", "张", 6},        // the second character does not fit whole
        {"窗口{count}", "窗口", 7}, // room for two characters
        {"窗口", "", 3},
        {"", "", 1},
        {"{evil}", "{count}", 64}, // a value is never filled again
    };
    const char *const pairs[] = {"count", "2", "name", "张三", "evil", "{count}", NULL};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        texts_fill(out, cases[i].room, cases[i].pattern, pairs);
        assert_string_equal(out, cases[i].filled);
    }
    char same[8];
    texts_fill(same, sizeof same, "{a}", NULL);
    assert_string_equal(same, "{a}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_found_in_its_language_else_in_chinese_else_its_key_is_shown),
        cmocka_unit_test(chinese_is_the_first_language),
        cmocka_unit_test(bad_files_are_refused_with_their_name),
        cmocka_unit_test(without_chinese_nothing_loads),
        cmocka_unit_test(any_failing_read_fails_the_loading_and_leaks_nothing),
        cmocka_unit_test(placeholders_are_filled_and_unknown_ones_stay_visible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
