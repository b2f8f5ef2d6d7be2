// SPDX-License-Identifier: GPL-3.0-or-later
#include "../../../app/session/session_internal.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void a_name_shows_its_first_character_and_not_its_length(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"王小明", "王**"},
        {"张三", "张**"},
        {"欧阳娜娜娜", "欧**"},
        {"John Smith", "J**"},
        {"\xF0\xA0\xAE\xB7某", "\xF0\xA0\xAE\xB7**"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64];
        mask_name(cases[i][0], out);
        assert_string_equal(out, cases[i][1]);
    }
}

static void a_number_shows_nothing_after_its_sixth_digit(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"370212195406070029", "370212************"},
        {"82000020000229003X", "820000************"},
        {"ABC123456789012", "ABC123*********"},
        {"E12345678", "E1*******"}, // its last four open the case
        {"37021", "******************"},
        {"37021219540607002937021219540607", "370212************"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[24];
        mask_id(cases[i][0], out);
        assert_string_equal(out, cases[i][1]);
    }
}

static void a_number_is_understood_however_it_is_typed(void **state)
{
    static const char *const cases[][2] = {
        {" 370212 19540607 0029 ", "370212195406070029"},
        {"82000020000229003x", "82000020000229003X"},
        {"370212195406070029", "370212195406070029"},
        {"３７０２１２　１９５４０６０７００２９", "370212195406070029"},
        {"ｕｓａ123456789012", "USA123456789012"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[ID_BYTES];
        normalise_id(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
}

static void an_amount_or_a_telephone_is_understood_however_it_is_typed(void **state)
{
    static const char *const cases[][2] = {
        {"１３８ ００１３ ８０００", "13800138000"},
        {"0532－12345678", "0532-12345678"},
        {"６２２２ 0212　3456 7890", "6222021234567890"},
        {"12。5", "12.5"},
        {"1 2\xC2\xA0"
         "3",
         "123"},
        {"12a", "12a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64];
        normalise_number(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
}

static void a_number_that_is_too_long_is_cut_and_then_refused_by_the_form(void **state)
{
    char out[ID_BYTES], typed[200];
    (void)state;
    memset(typed, '1', sizeof typed - 1);
    typed[sizeof typed - 1] = '\0';
    normalise_id(typed, out, sizeof out);
    assert_int_equal(strlen(out), ID_BYTES - 1);
}

static void text_loses_its_control_characters_and_nothing_else(void **state)
{
    char out[32], small[8];
    (void)state;
    session_copy_clean(out, sizeof out, "a\033[1m\r\x7F<b>&\"'%s\xFF中");
    assert_string_equal(out, "a[1m<b>&\"'%s中");
    session_copy_clean(small, sizeof small, "中文字典");
    assert_string_equal(small, "中文"); // cut between characters
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_shows_its_first_character_and_not_its_length),
        cmocka_unit_test(a_number_shows_nothing_after_its_sixth_digit),
        cmocka_unit_test(a_number_is_understood_however_it_is_typed),
        cmocka_unit_test(an_amount_or_a_telephone_is_understood_however_it_is_typed),
        cmocka_unit_test(a_number_that_is_too_long_is_cut_and_then_refused_by_the_form),
        cmocka_unit_test(text_loses_its_control_characters_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
