// SPDX-License-Identifier: GPL-3.0-or-later
// The contract of the text entry port, against the real engine and the fixed stand-in; then what
// only the real engine has to know.
#include "golden/views.h"
#include "yimen/base/text.h"
#include "yimen/driver/pinyin.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static struct text_entry real, fixed;

static void type(const struct text_entry *entry, const char *letters,
                 struct text_entry_state *state)
{
    for (; *letters; letters++) {
        assert_int_equal(entry->ops->key(entry->self, *letters, state), ERR_OK);
    }
}

static void contract(const struct text_entry *entry)
{
    struct text_entry_state state = {0};
    struct fail why;
    type(entry, "zhang", &state);
    assert_string_equal(state.remaining, "zhang");
    assert_string_equal(state.composed, "");
    assert_true(state.count > 1);
    type(entry, "\b", &state);
    assert_string_equal(state.remaining, "zhan");
    type(entry, "g", &state);
    char first[TEXT_ENTRY_CANDIDATE_BYTES];
    text_copy(first, sizeof(first), state.candidates[0]);
    assert_int_equal(entry->ops->choose(entry->self, 0, &state), ERR_OK);
    assert_string_equal(state.composed, first);
    assert_string_equal(state.remaining, "");
    assert_int_equal(state.count, 0);
    assert_int_not_equal(entry->ops->choose(entry->self, 0, &state), ERR_OK);
    entry->ops->clear(entry->self);
    memset(&state, 0, sizeof(state));
    type(entry, "wei", &state);
    assert_string_equal(state.remaining, "wei");
    assert_int_equal(entry->ops->reset(entry->self, &why), ERR_OK);
    entry->ops->clear(entry->self);
}

static void the_real_engine_keeps_the_contract(void **state)
{
    (void)state;
    contract(&real);
}

static void the_stand_in_keeps_the_contract(void **state)
{
    (void)state;
    contract(&fixed);
}

static size_t place_of(const char *letters, const char *word)
{
    struct text_entry_state state = {0};
    real.ops->clear(real.self);
    type(&real, letters, &state);
    for (size_t i = 0; i < state.count; i++) {
        if (text_equal(state.candidates[i], word)) {
            return i + 1;
        }
    }
    return 1000;
}

static void words_of_the_counter_come_early(void **state)
{
    (void)state;
    static const struct {
        const char *letters, *word;
        size_t latest;
    } cases[] = {{"laoshan", "崂山", 1},
                 {"huangdao", "黄岛", 2},
                 {"shinan", "市南", 3},
                 {"shibei", "市北", 3},
                 {"dibao", "低保", 2},
                 {"zhangwei", "张伟", 5},
                 {"woyaoshenqingdibao", "我要申请低保", 1},
                 {"qingdao", "青岛", 1},
                 {"jinjialing", "金家岭", 2},
                 {"wanggezhuang", "王哥庄", 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        size_t place = place_of(cases[i].letters, cases[i].word);
        if (place > cases[i].latest) {
            fail_msg("%s is number %zu for %s", cases[i].word, place, cases[i].letters);
        }
    }
}

static void a_name_is_put_together_from_single_characters(void **state)
{
    (void)state;
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "lisi", &now);
    for (const char *want = "李\0四\0"; *want; want += strlen(want) + 1) {
        size_t index = 0;
        while (index < now.count && !text_equal(now.candidates[index], want)) {
            index++;
        }
        assert_true(index < now.count);
        assert_int_equal(real.ops->choose(real.self, index, &now), ERR_OK);
    }
    assert_string_equal(now.composed, "李四");
    assert_string_equal(now.remaining, "");
}

static void choosing_a_part_leaves_the_other_letters(void **state)
{
    (void)state;
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "zhangsan", &now);
    size_t index = 0;
    while (index < now.count && !text_equal(now.candidates[index], "张")) {
        index++;
    }
    assert_true(index < now.count);
    assert_int_equal(real.ops->choose(real.self, index, &now), ERR_OK);
    assert_string_equal(now.composed, "张");
    assert_string_equal(now.remaining, "san");
    assert_true(now.count > 0);
}

static void odd_letters_and_endless_input_are_refused_calmly(void **state)
{
    (void)state;
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    assert_int_equal(real.ops->key(real.self, '1', &now), ERR_INPUT);
    assert_int_equal(real.ops->key(real.self, 'A', &now), ERR_INPUT);
    enum err err = ERR_OK;
    for (int i = 0; i < TEXT_ENTRY_INPUT + 5; i++) {
        err = real.ops->key(real.self, "vqxn'"[i % 5], &now);
    }
    assert_int_equal(err, ERR_FULL);
    for (int i = 0; i < TEXT_ENTRY_INPUT + 5; i++) {
        assert_int_equal(real.ops->key(real.self, '\b', &now), ERR_OK);
    }
    assert_string_equal(now.remaining, "");
}

static void nothing_is_remembered_from_the_visit_before(void **state)
{
    (void)state;
    struct fail why;
    size_t before = place_of("zhangwei", "张炜");
    for (int i = 0; i < 5; i++) {
        struct text_entry_state now = {0};
        real.ops->clear(real.self);
        type(&real, "zhangwei", &now);
        for (size_t k = 0; k < now.count; k++) {
            if (text_equal(now.candidates[k], "张炜")) {
                assert_int_equal(real.ops->choose(real.self, k, &now), ERR_OK);
                break;
            }
        }
    }
    assert_int_equal(real.ops->reset(real.self, &why), ERR_OK);
    assert_int_equal(place_of("zhangwei", "张炜"), before);
}

static void a_missing_data_folder_is_said(void **state)
{
    (void)state;
    struct text_entry none;
    struct fail why;
    assert_int_equal(pinyin_open("/nonexistent", &none, &why), ERR_TECHNICIAN);
}

static int open_both(void **state)
{
    (void)state;
    struct fail why;
    fixed = sample_text_entry();
    return pinyin_open(NULL, &real, &why) ? -1 : 0;
}

static int close_both(void **state)
{
    (void)state;
    pinyin_close(&real);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_real_engine_keeps_the_contract),
        cmocka_unit_test(the_stand_in_keeps_the_contract),
        cmocka_unit_test(words_of_the_counter_come_early),
        cmocka_unit_test(a_name_is_put_together_from_single_characters),
        cmocka_unit_test(choosing_a_part_leaves_the_other_letters),
        cmocka_unit_test(odd_letters_and_endless_input_are_refused_calmly),
        cmocka_unit_test(nothing_is_remembered_from_the_visit_before),
        cmocka_unit_test(a_missing_data_folder_is_said),
    };
    return cmocka_run_group_tests(tests, open_both, close_both);
}
