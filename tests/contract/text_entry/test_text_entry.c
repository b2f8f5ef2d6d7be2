// SPDX-License-Identifier: GPL-3.0-or-later
// The contract of the text entry port, against the real engine and the fixed stand-in; then what
// only the real engine has to know.
#include "contract/text_entry/phrases.h"
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
    assert_true(entry->ops->candidate(entry->self, 0, first));
    char none[TEXT_ENTRY_CANDIDATE_BYTES];
    assert_false(entry->ops->candidate(entry->self, state.count, none));
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

// The place of a candidate, 1 for the first; 0: it is not there.
static size_t place_among(const struct text_entry_state *state, const char *word)
{
    char text[TEXT_ENTRY_CANDIDATE_BYTES];
    for (size_t i = 0; i < state->count; i++) {
        if (real.ops->candidate(real.self, i, text) && text_equal(text, word)) {
            return i + 1;
        }
    }
    return 0;
}

static size_t place_of(const char *letters, const char *word)
{
    struct text_entry_state state = {0};
    real.ops->clear(real.self);
    type(&real, letters, &state);
    return place_among(&state, word);
}

static void pick(struct text_entry_state *now, const char *word)
{
    size_t place = place_among(now, word);
    if (!place) {
        fail_msg("no %s for %s", word, now->remaining);
    }
    assert_int_equal(real.ops->choose(real.self, place - 1, now), ERR_OK);
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
        if (!place || place > cases[i].latest) {
            fail_msg("%s is number %zu for %s", cases[i].word, place, cases[i].letters);
        }
    }
}

static void say_missed(const char *phrase)
{
    print_message("not among the first five: %s\n", phrase);
}

// Floors, which may only rise: the first kind is what words.txt was made for; the other shows what
// the language model does with phrases it was not helped with.
static void everyday_phrases_are_among_the_first_five(void **state)
{
    (void)state;
    struct phrases phrases[PHRASES_KINDS];
    assert_true(phrases_try(&real, "tests/contract/text_entry/phrases.txt", phrases, say_missed));
    assert_true(phrases[PHRASES_IN_SIGHT].count >= 200);
    assert_true(phrases[PHRASES_IN_SIGHT].top5 * 100 >= phrases[PHRASES_IN_SIGHT].count * 96);
    assert_true(phrases[PHRASES_OTHER].count >= 60);
    assert_true(phrases[PHRASES_OTHER].top5 * 100 >= phrases[PHRASES_OTHER].count * 50);
    assert_in_range(place_of("laorenmeichifan", "老人没吃饭"), 1, 5);
}

static void a_name_is_put_together_from_single_characters(void **state)
{
    (void)state;
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "lisi", &now);
    pick(&now, "李");
    pick(&now, "四");
    assert_string_equal(now.composed, "李四");
    assert_string_equal(now.remaining, "");
}

static void choosing_a_part_leaves_the_other_letters(void **state)
{
    (void)state;
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "zhangsan", &now);
    pick(&now, "张");
    assert_string_equal(now.composed, "张");
    assert_string_equal(now.remaining, "san");
    assert_true(now.count > 0);
}

static void an_apostrophe_parts_syllables(void **state)
{
    (void)state;
    static const char *const cases[][4] = {{"zhang'san", "张", "san", "三"},
                                           {"xi'an", "西", "an", "安"},
                                           {"li'si", "李", "si", "四"},
                                           {"fang'an", "方", "an", "案"},
                                           {"fan'gan", "反", "gan", "感"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct text_entry_state now = {0};
        real.ops->clear(real.self);
        type(&real, cases[i][0], &now);
        pick(&now, cases[i][1]);
        assert_string_equal(now.remaining, cases[i][2]);
        pick(&now, cases[i][3]);
        assert_string_equal(now.remaining, "");
    }
    assert_int_equal(place_of("xi'an", "西安"), 1);
    assert_int_equal(place_of("xi'an", "先"), 0);
    assert_in_range(place_of("xian", "先"), 1, 10);
}

static void an_apostrophe_that_parts_nothing_does_nothing(void **state)
{
    (void)state;
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "''", &now);
    assert_string_equal(now.remaining, "");
    type(&real, "zhang'''", &now);
    assert_string_equal(now.remaining, "zhang'");
    assert_in_range(place_among(&now, "张"), 1, 5);
    pick(&now, "张");
    assert_string_equal(now.composed, "张");
    assert_string_equal(now.remaining, "");
}

static void what_is_typed_after_a_choice_goes_on_from_there(void **state)
{
    (void)state;
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "xi'an", &now);
    pick(&now, "西");
    type(&real, "g'le\b\b\b", &now);
    assert_string_equal(now.composed, "西");
    assert_string_equal(now.remaining, "ang");
    type(&real, "\b\b\b", &now);
    assert_string_equal(now.composed, "");
    assert_string_equal(now.remaining, "xi'");
}

static void every_character_that_can_be_drawn_is_reached_by_its_reading(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"yan", "䶮"}, {"qi", "綦"},  {"qi", "亓"}, {"yi", "祎"},  {"hong", "𬭎"},
        {"qi", "骐"},  {"ji", "骥"},  {"ji", "汲"}, {"xi", "晞"},  {"yu", "彧"},
        {"yu", "瑀"},  {"yi", "燚"},  {"ji", "嵇"}, {"yu", "庾"},  {"yi", "羿"},
        {"nve", "疟"}, {"nue", "疟"}, {"lv", "吕"}, {"zhe", "喆"}, {"biao", "髟"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        if (!place_of(cases[i][0], cases[i][1])) {
            fail_msg("%s is not reached by %s", cases[i][1], cases[i][0]);
        }
    }
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "wangyan", &now);
    pick(&now, "王");
    pick(&now, "䶮");
    assert_string_equal(now.composed, "王䶮");
    assert_string_equal(now.remaining, "");
}

static void no_character_is_offered_twice_and_none_is_empty(void **state)
{
    (void)state;
    static const char *const syllables[] = {"yi", "zhang", "hong", "yan"};
    for (size_t i = 0; i < sizeof(syllables) / sizeof(*syllables); i++) {
        struct text_entry_state now = {0};
        char text[TEXT_ENTRY_CANDIDATE_BYTES];
        real.ops->clear(real.self);
        type(&real, syllables[i], &now);
        for (size_t k = 0; k < now.count; k++) {
            assert_true(real.ops->candidate(real.self, k, text));
            assert_true(text[0]);
            assert_int_equal(place_among(&now, text), k + 1);
        }
    }
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
    char third[TEXT_ENTRY_CANDIDATE_BYTES];
    struct text_entry_state now = {0};
    real.ops->clear(real.self);
    type(&real, "zhangwei", &now);
    assert_true(real.ops->candidate(real.self, 2, third));
    for (int i = 0; i < 5; i++) {
        real.ops->clear(real.self);
        type(&real, "zhangwei", &now);
        pick(&now, third);
    }
    assert_int_equal(real.ops->reset(real.self, &why), ERR_OK);
    assert_int_equal(place_of("zhangwei", third), 3);
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
        cmocka_unit_test(everyday_phrases_are_among_the_first_five),
        cmocka_unit_test(a_name_is_put_together_from_single_characters),
        cmocka_unit_test(choosing_a_part_leaves_the_other_letters),
        cmocka_unit_test(an_apostrophe_parts_syllables),
        cmocka_unit_test(an_apostrophe_that_parts_nothing_does_nothing),
        cmocka_unit_test(what_is_typed_after_a_choice_goes_on_from_there),
        cmocka_unit_test(every_character_that_can_be_drawn_is_reached_by_its_reading),
        cmocka_unit_test(no_character_is_offered_twice_and_none_is_empty),
        cmocka_unit_test(odd_letters_and_endless_input_are_refused_calmly),
        cmocka_unit_test(nothing_is_remembered_from_the_visit_before),
        cmocka_unit_test(a_missing_data_folder_is_said),
    };
    return cmocka_run_group_tests(tests, open_both, close_both);
}
