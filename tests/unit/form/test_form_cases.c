// SPDX-License-Identifier: GPL-3.0-or-later
// Small public forms that engines treat differently, each with what is right.
#include "form_scene.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_int_beyond_32_bits_is_refused_whole(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/int_beyond_32_bits.xml");
    assert_int_equal(record_answer(scene.record, "/data/phone", "13800138000", NULL), ERR_INPUT);
    holds(&scene, "/data/phone", "");
    answers(&scene, "/data/phone", "2147483647");
    assert_int_equal(record_answer(scene.record, "/data/phone", "2147483648", NULL), ERR_INPUT);
    holds(&scene, "/data/phone", "2147483647"); // nothing altered
    form_scene_close(&scene);
}

static void what_is_required_and_cannot_be_asked_is_not_demanded(void **state)
{
    (void)state;
    static const char *const files[] = {"/upload_required.xml", "/geo_required.xml"};
    for (size_t i = 0; i < 2; i++) {
        struct form_scene scene = form_scene_open_file(files[i]);
        const char *screen = NULL;
        assert_null(record_first_violation(scene.record, &screen));
        char *sent = sends(&scene);
        free(sent);
        struct strbuf whole;
        struct fail why;
        strbuf_init(&whole, LIMIT_FORM_BYTES);
        assert_int_equal(record_submission(scene.record, false, &whole, &why), ERR_OK);
        strbuf_free(&whole);
        form_scene_close(&scene);
    }
}

// Nobody may believe that it was answered: the record that is sent names it, once each.
static void what_was_not_asked_is_named_in_the_record(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/upload_required.xml");
    assert_int_equal(record_not_asked(scene.record, NULL, NULL), 2);
    char *sent = sends(&scene);
    assert_non_null(strstr(sent, "<not-asked xmlns=\"urn:yimen:record:1\">/data/sig</not-asked>"
                                 "<not-asked xmlns=\"urn:yimen:record:1\">/data/photo</not-asked>"
                                 "</orx:meta>"));
    free(sent);
    struct strbuf draft;
    struct fail why;
    strbuf_init(&draft, LIMIT_FORM_BYTES);
    assert_int_equal(record_draft(scene.record, &draft, &why), ERR_OK);
    assert_null(strstr(strbuf_text(&draft), "not-asked")); // a draft is gone on from elsewhere
    strbuf_free(&draft);
    form_scene_close(&scene);
    scene = form_scene_open_file("/negative_number.xml");
    assert_int_equal(record_not_asked(scene.record, NULL, NULL), 0);
    sent = sends(&scene);
    assert_null(strstr(sent, "not-asked"));
    free(sent);
    form_scene_close(&scene);
}

static void a_value_set_before_it_is_relevant_is_there_when_it_is(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/setvalue_nonrelevant.xml");
    answers(&scene, "/data/pick", "apple");
    holds(&scene, "/data/name", "");
    answers(&scene, "/data/show", "yes");
    holds(&scene, "/data/name", "apple");
    form_scene_close(&scene);
    scene = form_scene_open_file("/dynamic_default_nonrelevant.xml");
    holds(&scene, "/data/since", "");
    answers(&scene, "/data/sick", "yes");
    holds(&scene, "/data/since", "2026-11-23");
    form_scene_close(&scene);
}

static void a_negative_number_is_a_number(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/negative_number.xml");
    answers(&scene, "/data/temp", "-18");
    holds(&scene, "/data/temp", "-18");
    answers(&scene, "/data/balance", "-0.50");
    holds(&scene, "/data/balance", "-0.50");
    assert_null(record_first_violation(scene.record, NULL));
    form_scene_close(&scene);
}

static void blanks_around_a_default_are_left_out(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/default_whitespace.xml");
    holds(&scene, "/data/born", "2015-08-05");
    holds(&scene, "/data/age", "5");
    holds(&scene, "/data/pick", "a");
    holds(&scene, "/data/text", "some text");
    form_scene_close(&scene);
}

static void a_number_from_a_comparison_is_one_or_nought(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/int_from_boolean.xml");
    answers(&scene, "/data/age", "20");
    holds(&scene, "/data/adult", "1");
    assert_true(record_is_relevant(scene.record, "/data/note"));
    answers(&scene, "/data/age", "9");
    holds(&scene, "/data/adult", "0");
    form_scene_close(&scene);
}

static void a_setvalue_may_name_its_bind(void **state)
{
    (void)state;
    struct form_scene scene =
        form_scene_open("<a/><b/>", "<bind id='second' nodeset='/data/b' type='string'/>",
                        "<input ref='/data/a'><setvalue event='xforms-value-changed' bind='second' "
                        "value='/data/a'/></input><input ref='/data/b'/>");
    answers(&scene, "/data/a", "x");
    holds(&scene, "/data/b", "x");
    form_scene_close(&scene);
}

static void the_header_of_a_table_list_asks_nothing(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<g><head/><row/></g>", "<bind nodeset='/data/g/head' required='true()'/>",
        "<group ref='/data/g' appearance='field-list'>"
        "<select1 ref='/data/g/head' appearance='label'><item><label>A</label><value>a</value>"
        "</item></select1>"
        "<select1 ref='/data/g/row' appearance='list-nolabel'><label>Row</label><item>"
        "<label>A</label><value>a</value></item></select1></group>");
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, record_first_screen(scene.record), &screen, NULL),
                     ERR_OK);
    assert_int_equal(screen.question_count, 2);
    assert_int_equal(screen.questions[0].kind, QUESTION_NOTE);
    assert_int_equal(screen.questions[0].choice_count, 0);
    assert_int_equal(screen.questions[1].kind, QUESTION_SELECT_ONE);
    assert_int_equal(screen.questions[1].choice_count, 1);
    assert_int_equal(record_answer(scene.record, "/data/g/head", "a", NULL), ERR_DENIED);
    assert_null(record_first_violation(scene.record, NULL));
    form_scene_close(&scene);
}

static void blanks_are_no_answer(void **state)
{
    (void)state;
    static const char *const blanks[] = {" ", "\u3000\u3000", "\u00a0", "\u200b\ufeff", " \n\t"};
    struct form_scene scene = form_scene_open("<a/>", "<bind nodeset='/data/a' required='true()'/>",
                                              "<input ref='/data/a'/>");
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        answers(&scene, "/data/a", blanks[i]);
        holds(&scene, "/data/a", "");
        assert_string_equal(record_first_violation(scene.record, NULL), "/data/a");
    }
    answers(&scene, "/data/a", " x ");
    holds(&scene, "/data/a", " x ");
    form_scene_close(&scene);
}

// ------------------------------------------------------------------ what an author is told

struct told {
    char text[2048];
};

static void tell(void *context, const struct form_finding *finding)
{
    struct told *told = context;
    size_t used = strlen(told->text);
    snprintf(told->text + used, sizeof told->text - used, "%d %s\n", (int)finding->severity,
             finding->text);
}

static void read_case(const char *name, struct strbuf *out)
{
    char path[256];
    snprintf(path, sizeof path, "tests/unit/form/data%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char block[4096];
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
        strbuf_add(out, block, got);
    fclose(file);
}

static void an_author_is_told_of_each(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"/int_beyond_32_bits.xml", "1 /data/phone: an int has 32 bits"},
        {"/upload_required.xml", "1 /data/sig is required and cannot be asked"},
        {"/upload_required.xml", "1 /data/photo is required and cannot be asked"},
        {"/geo_required.xml", "1 /data/where is required and cannot be asked"},
        {"/default_whitespace.xml", "0 /data/born: the blanks around its default"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct form_scene scene = {.form = NULL};
        struct told told = {""};
        struct strbuf text;
        struct fail why;
        strbuf_init(&text, LIMIT_FORM_BYTES);
        read_case(cases[i][0], &text);
        assert_int_equal(form_scene_load(&scene, strbuf_text(&text), tell, &told, &why), ERR_OK);
        if (!strstr(told.text, cases[i][1]))
            fail_msg("%s: no \"%s\" in %s", cases[i][0], cases[i][1], told.text);
        strbuf_free(&text);
        form_free(scene.form);
    }
}

static void a_list_without_a_true_way_out_is_a_trap(void **state)
{
    (void)state;
    static const struct {
        const char *required, *appearance, *second;
        bool trap;
    } lists[] = {{"true()", "", "many", true},       {"false()", "", "many", false},
                 {"true()", "", "none", false},      {"true()", "", "dont_know", false},
                 {"true()", "", "no", false},        {"true()", "complete", "many", false},
                 {"true()", "", "another", true},    {"true()", "", "prefer-not", false},
                 {"true()", "minimal", "note", true}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char binds[160], body[400];
        struct form_scene scene = {.form = NULL};
        struct told told = {""};
        struct fail why;
        snprintf(binds, sizeof binds, "<bind nodeset='/data/a' required='%s'/>", lists[i].required);
        snprintf(
            body, sizeof body,
            "<select1 ref='/data/a' appearance='%s'><label>x</label><item><label>1</label>"
            "<value>one</value></item><item><label>2</label><value>%s</value></item></select1>",
            lists[i].appearance, lists[i].second);
        char *text = form_scene_text("<a/>", binds, body);
        assert_int_equal(form_scene_load(&scene, text, tell, &told, &why), ERR_OK);
        if ((strstr(told.text, "no choice is true for everybody") != NULL) != lists[i].trap)
            fail_msg("%s %s %s: %s", lists[i].required, lists[i].appearance, lists[i].second,
                     told.text);
        free(text);
        form_free(scene.form);
    }
}

static void a_number_without_a_least_is_a_trap(void **state)
{
    (void)state;
    static const struct {
        const char *type, *constraint;
        bool trap;
    } numbers[] = {{"int", "", true},
                   {"decimal", "", true},
                   {"decimal", "constraint='. &lt;= 100'", true},
                   {"int", "constraint='. &gt;= 0 and . &lt;= 30'", false},
                   {"decimal", "constraint=\"regex(., '^[0-9]+$')\"", false},
                   {"int", "readonly='true()'", false},
                   {"string", "", false}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char binds[160];
        struct form_scene scene = {.form = NULL};
        struct told told = {""};
        struct fail why;
        snprintf(binds, sizeof binds, "<bind nodeset='/data/a' type='%s' %s/>", numbers[i].type,
                 numbers[i].constraint);
        char *text =
            form_scene_text("<a/>", binds, "<input ref='/data/a'><label>x</label></input>");
        assert_int_equal(form_scene_load(&scene, text, tell, &told, &why), ERR_OK);
        if ((strstr(told.text, "may be less than nothing") != NULL) != numbers[i].trap)
            fail_msg("%s %s: %s", numbers[i].type, numbers[i].constraint, told.text);
        free(text);
        form_free(scene.form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_int_beyond_32_bits_is_refused_whole),
        cmocka_unit_test(what_is_required_and_cannot_be_asked_is_not_demanded),
        cmocka_unit_test(what_was_not_asked_is_named_in_the_record),
        cmocka_unit_test(a_value_set_before_it_is_relevant_is_there_when_it_is),
        cmocka_unit_test(a_negative_number_is_a_number),
        cmocka_unit_test(blanks_around_a_default_are_left_out),
        cmocka_unit_test(a_number_from_a_comparison_is_one_or_nought),
        cmocka_unit_test(a_setvalue_may_name_its_bind),
        cmocka_unit_test(the_header_of_a_table_list_asks_nothing),
        cmocka_unit_test(blanks_are_no_answer),
        cmocka_unit_test(an_author_is_told_of_each),
        cmocka_unit_test(a_list_without_a_true_way_out_is_a_trap),
        cmocka_unit_test(a_number_without_a_least_is_a_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
