// SPDX-License-Identifier: GPL-3.0-or-later
// By which document, or none; and what the owner of a case proves themselves with afterwards.
#include "scene.h"
#include "yimen/base/text.h"
#include <stdio.h>

static int setup(void **state)
{
    *state = scene_new();
    scene_work(*state);
    return 0;
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

static void type_code(struct scene *scene, const char *code)
{
    for (size_t i = 0; code[i]; i++) {
        char digit[2] = {code[i], '\0'};
        touch_text(scene, INTENT_CODE_DIGIT, digit);
    }
}

static void reach_identity(struct scene *scene, const char *service)
{
    touch_text(scene, INTENT_SERVICE, service);
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    touch_text(scene, INTENT_NAME, "张三");
}

static void choose(struct scene *scene, const char *document)
{
    touch_text(scene, INTENT_DOCUMENT, "");
    ON(scene, SCREEN_DOCUMENT);
    touch_text(scene, INTENT_DOCUMENT, document);
    ON(scene, SCREEN_IDENTITY);
}

static void pass_identity(struct scene *scene)
{
    touch(scene, INTENT_NEXT);
    if (look(scene)->screen == SCREEN_TICKET_OFFER)
        touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
}

static void hand_in(struct scene *scene)
{
    for (int i = 0; i < 20 && look(scene)->screen != SCREEN_SAVED; i++) {
        if (look(scene)->screen == SCREEN_CONSENT || look(scene)->screen == SCREEN_COMMITMENT)
            touch_number(scene, INTENT_CONSENT, 1);
        if (look(scene)->screen == SCREEN_SIGNATURE)
            draw_signature(scene);
        touch(scene, look(scene)->screen == SCREEN_SIGNATURE ? INTENT_SUBMIT : INTENT_NEXT);
    }
    ON(scene, SCREEN_SAVED);
}

static bool holds(const struct scene *scene, const char *part)
{
    return strstr(scene->record, part) != NULL;
}

static void each_document_takes_its_own_numbers_and_no_others(void **state)
{
    struct scene *scene = *state;
    static const char *const good[][2] = {
        {"resident", "370212195406070029"},  {"hmt", "810000198512310027"},
        {"hmt", "830000199001010012"},       {"foreigner", "USA123456789012"},
        {"foreigner", "93715619900101001X"}, {"passport", "E12345678"}};
    static const char *const wrong[][2] = {
        {"resident", "93715619900101001X"}, {"resident", "370212195406070028"},
        {"hmt", "370212195406070029"},      {"foreigner", "370212195406070029"},
        {"foreigner", "USA12345678901"},    {"passport", "ABCDEFGH"}};
    reach_identity(scene, "expenditure-relief");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        choose(scene, wrong[i][0]);
        touch_text(scene, INTENT_ID_NUMBER, wrong[i][1]);
        touch(scene, INTENT_NEXT);
        ON(scene, SCREEN_IDENTITY);
        assert_string_not_equal(look(scene)->id_problem, "");
        assert_null(strstr(look(scene)->id_problem, "对不上"));
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        choose(scene, good[i][0]);
        touch_text(scene, INTENT_ID_NUMBER, good[i][1]);
        touch(scene, INTENT_NEXT);
        assert_int_not_equal(look(scene)->screen, SCREEN_IDENTITY);
        touch(scene, INTENT_BACK);
        ON(scene, SCREEN_IDENTITY);
    }
}

static void another_document_asks_for_its_number_anew(void **state)
{
    struct scene *scene = *state;
    reach_identity(scene, "expenditure-relief");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    choose(scene, "resident"); // the same: nothing is lost
    assert_string_equal(look(scene)->id_number, "370212195406070029");
    choose(scene, "passport");
    assert_string_equal(look(scene)->id_number, "");
    touch_text(scene, INTENT_DOCUMENT, "");
    touch(scene, INTENT_BACK); // closes the list and nothing else
    ON(scene, SCREEN_IDENTITY);
    assert_int_equal(look(scene)->document, DOCUMENT_PASSPORT);
}

static void a_record_keeps_document_number_and_source(void **state)
{
    struct scene *scene = *state;
    reach_identity(scene, "expenditure-relief");
    choose(scene, "foreigner");
    touch_text(scene, INTENT_ID_NUMBER, "usa123456789012");
    pass_identity(scene);
    answer_until(scene, SCREEN_PAPERS);
    hand_in(scene);
    assert_true(holds(scene, "<document>foreigner</document>"));
    assert_true(holds(scene, "<id_number>USA123456789012</id_number>"));
    assert_true(holds(scene, "<identity_source>typed</identity_source>"));
    assert_string_equal(scene->owner_factor, "9012");
    assert_int_equal(scene->draft.factor_kind, FACTOR_NUMBER);
    assert_string_equal(scene->draft.masked_id, "USA123*********");
}

static void without_a_document_one_applies_all_the_same(void **state)
{
    struct scene *scene = *state;
    reach_identity(scene, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY); // a number, or a word that there is none
    choose(scene, "none");
    pass_identity(scene);
    answer_until(scene, SCREEN_PAPERS);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    bool told = false;
    for (size_t i = 0; i < look(scene)->answer_count; i++)
        told |= text_equal(look(scene)->answers[i].shown, "证件不在身边");
    assert_true(told);
    hand_in(scene);
    assert_true(holds(scene, "<document>none</document>"));
    // The telephone they left opens the case; no digits had to be chosen.
    assert_int_equal(scene->draft.factor_kind, FACTOR_PHONE);
    assert_string_equal(scene->owner_factor, "5678");
    assert_string_equal(scene->draft.masked_id, "");
    assert_false(holds(scene, "<chosen_code>5678"));
}

static void a_passport_shows_no_part_of_the_second_factor(void **state)
{
    struct scene *scene = *state;
    reach_identity(scene, "expenditure-relief");
    choose(scene, "passport");
    touch_text(scene, INTENT_ID_NUMBER, "E12345678");
    pass_identity(scene);
    answer_until(scene, SCREEN_PAPERS);
    hand_in(scene);
    assert_string_equal(scene->owner_factor, "5678");
    assert_string_equal(scene->draft.masked_id, "E1*******");
}

// A report by somebody who leaves neither number nor telephone.
static void reach_digits(struct scene *scene)
{
    touch_text(scene, INTENT_SERVICE, "whistle");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    answer_until(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_FACTOR_CHOOSE);
}

static void who_leaves_neither_number_nor_telephone_chooses_four_digits(void **state)
{
    struct scene *scene = *state;
    reach_digits(scene);
    type_code(scene, "2580");
    assert_true(look(scene)->code.again);
    type_code(scene, "2581");
    assert_string_equal(look(scene)->code.problem_key, "code.differs");
    type_code(scene, "2580");
    type_code(scene, "2580");
    hand_in(scene);
    assert_string_equal(scene->owner_factor, "2580");
    assert_int_equal(scene->draft.factor_kind, FACTOR_CHOSEN);
    assert_true(holds(scene, "<chosen_code>2580</chosen_code>")); // sealed; for the district
    assert_null(strstr(look(scene)->receipt_number, "2580"));
}

static void choosing_no_digits_is_no_dead_end(void **state)
{
    struct scene *scene = *state;
    reach_digits(scene);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_CODE);
    touch(scene, INTENT_NO_CODE);
    hand_in(scene);
    assert_string_equal(scene->owner_factor, "");
    assert_int_equal(scene->draft.factor_kind, FACTOR_NONE);
}

static void nothing_stands_before_urgent_help(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    fill_urgent(scene);
    for (int i = 0; i < 4 && look(scene)->screen != SCREEN_SAVED; i++) {
        assert_int_not_equal(look(scene)->screen, SCREEN_CODE);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_SAVED);
}

static void the_digits_chosen_for_a_ticket_are_those_of_the_case(void **state)
{
    struct scene *scene = *state;
    reach_identity(scene, "expenditure-relief");
    choose(scene, "none");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TICKET_OFFER);
    touch(scene, INTENT_TICKET);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_CHOOSE);
    type_code(scene, "1379");
    type_code(scene, "1379");
    ON(scene, SCREEN_TICKET);
    char paper[80];
    text_copy(paper, sizeof paper, scene->ticket_slip.qr_text);
    assert_true(scene->ticket_slip.chosen_code);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_HIDE);
    scan(scene, paper);
    type_code(scene, "1379");
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_IDENTITY);
    assert_int_equal(look(scene)->document, DOCUMENT_NONE); // came back with the draft
}

static void the_first_of_number_telephone_and_digits_opens_a_case(void **state)
{
    static const struct {
        const char *number, *phone, *chosen, *factor;
        enum factor_kind kind;
    } cases[] = {
        {"370212195406070029", "13812345678", "2580", "0029", FACTOR_NUMBER},
        {"82000020000229003X", "", "", "003X", FACTOR_NUMBER},
        {"C01X00TAB", "13812345678", "", "5678", FACTOR_PHONE}, // letters nobody can press
        {"", "0532-12345678", "2580", "5678", FACTOR_PHONE},
        {"", "", "2580", "2580", FACTOR_CHOSEN},
        {"", "110", "2580", "2580", FACTOR_CHOSEN},
        {"", "", "", "", FACTOR_NONE},
        {"", "", "25", "", FACTOR_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[OWNER_FACTOR];
        assert_int_equal(owner_factor(cases[i].number, cases[i].phone, cases[i].chosen, out),
                         cases[i].kind);
        assert_string_equal(out, cases[i].factor);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_document_takes_its_own_numbers_and_no_others),
        TEST(another_document_asks_for_its_number_anew),
        TEST(a_record_keeps_document_number_and_source),
        TEST(without_a_document_one_applies_all_the_same),
        TEST(a_passport_shows_no_part_of_the_second_factor),
        TEST(who_leaves_neither_number_nor_telephone_chooses_four_digits),
        TEST(choosing_no_digits_is_no_dead_end),
        TEST(nothing_stands_before_urgent_help),
        TEST(the_digits_chosen_for_a_ticket_are_those_of_the_case),
        cmocka_unit_test(the_first_of_number_telephone_and_digits_opens_a_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
