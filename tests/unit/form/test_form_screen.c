// SPDX-License-Identifier: GPL-3.0-or-later
// Screens come one after the other: questions, field lists, and "another one?" behind a repeat.
#include "form_scene.h"
#include "yimen/base/limits.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/// All screens by `next`, joined by blanks.
static const char *walk(const struct form_scene *scene)
{
    static char text[4096];
    size_t used = 0;
    text[0] = '\0';
    const char *ref = record_first_screen(scene->record);
    for (int i = 0; ref != NULL && i < 60; i++, ref = record_next_screen(scene->record, ref))
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? " " : "", ref);
    return text;
}

static void screens_come_in_the_order_of_the_body(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    assert_string_equal(walk(&scene), "/data/name /data/needs /data/house/rent /data/income "
                                      "/data/member /data/agree");
    answers(&scene, "/data/needs", "coal");
    assert_string_equal(walk(&scene),
                        "/data/name /data/needs /data/income /data/member /data/agree");
    form_scene_close(&scene);
}

static void a_field_list_is_one_screen(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, "/data/house/rent", &screen, NULL), ERR_OK);
    assert_int_equal(screen.kind, FORM_SCREEN_QUESTIONS);
    assert_int_equal(screen.question_count, 2);
    assert_string_equal(screen.group_label, "住房");
    assert_string_equal(screen.questions[0].label, "月租");
    assert_int_equal(screen.questions[0].kind, QUESTION_DECIMAL);
    struct form_screen same;
    assert_int_equal(record_screen(scene.record, "/data/house/rent_year", &same, NULL), ERR_OK);
    assert_string_equal(same.ref, "/data/house/rent");
    form_scene_close(&scene);
}

static void a_long_field_list_takes_more_screens(void **state)
{
    (void)state;
    struct strbuf instance, body;
    strbuf_init(&instance, 1 << 16);
    strbuf_init(&body, 1 << 16);
    strbuf_adds(&body, "<group appearance='field-list'>");
    for (int i = 0; i < 50; i++) {
        strbuf_addf(&instance, "<q%d/>", i);
        strbuf_addf(&body, "<input ref='/data/q%d'/>", i);
    }
    strbuf_adds(&body, "</group>");
    struct form_scene scene = form_scene_open(strbuf_text(&instance), "", strbuf_text(&body));
    assert_string_equal(walk(&scene), "/data/q0 /data/q24 /data/q48");
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, "/data/q30", &screen, NULL), ERR_OK);
    assert_int_equal(screen.question_count, LIMIT_QUESTIONS_ON_SCREEN);
    assert_string_equal(screen.questions[6].ref, "/data/q30");
    form_scene_close(&scene);
    strbuf_free(&instance);
    strbuf_free(&body);
}

static void a_repeat_asks_for_another_behind_each_instance(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, "/data/member", &screen, NULL), ERR_OK);
    assert_int_equal(screen.kind, FORM_SCREEN_REPEAT);
    assert_int_equal(screen.instance_count, 0);
    assert_true(screen.may_add);
    assert_int_equal(record_add_repeat(scene.record, "/data/member", NULL), ERR_OK);
    assert_int_equal(record_add_repeat(scene.record, "/data/member", NULL), ERR_OK);
    assert_string_equal(record_instance_screen(scene.record, "/data/member[1]"),
                        "/data/member[1]/who");
    assert_string_equal(record_next_screen(scene.record, "/data/member[1]/who"),
                        "/data/member[1]/born");
    assert_string_equal(record_next_screen(scene.record, "/data/member[1]/born"), "/data/member");
    assert_string_equal(record_next_screen(scene.record, "/data/member"), "/data/agree");
    assert_string_equal(record_previous_screen(scene.record, "/data/member[2]/who"),
                        "/data/member[1]/born");
    answers(&scene, "/data/member[2]/who", "李四");
    assert_int_equal(record_screen(scene.record, "/data/member", &screen, NULL), ERR_OK);
    assert_int_equal(screen.instance_count, 2);
    assert_string_equal(screen.instance_refs[1], "/data/member[2]");
    assert_string_equal(screen.instance_labels[1], "家庭成员 2 · 李四 · 1980-01-01");
    assert_int_equal(record_screen(scene.record, "/data/member[2]/who", &screen, NULL), ERR_OK);
    assert_string_equal(screen.group_label, "家庭成员 2");
    form_scene_close(&scene);
}

static void a_governed_repeat_asks_nothing_itself(void **state)
{
    (void)state;
    struct form_scene scene =
        form_scene_open("<r><a/></r><z/>", "",
                        "<repeat nodeset='/data/r' jr:count='2'><input ref='a'/></repeat>"
                        "<input ref='/data/z'/>");
    assert_string_equal(walk(&scene), "/data/r[1]/a /data/r[2]/a /data/z");
    form_scene_close(&scene);
}

static void a_screen_that_went_away_moves_on_from_where_it_was(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    answers(&scene, "/data/needs", "coal");
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, "/data/house/rent", &screen, NULL), ERR_NOT_FOUND);
    assert_string_equal(record_next_screen(scene.record, "/data/house/rent"), "/data/income");
    assert_string_equal(record_previous_screen(scene.record, "/data/house/rent"), "/data/needs");
    assert_int_equal(record_add_repeat(scene.record, "/data/member", NULL), ERR_OK);
    assert_int_equal(record_remove_repeat(scene.record, "/data/member[1]", NULL), ERR_OK);
    assert_string_equal(record_next_screen(scene.record, "/data/member[1]/who"), "/data/agree");
    assert_null(record_next_screen(scene.record, "/data/agree"));
    assert_null(record_previous_screen(scene.record, "/data/name"));
    assert_null(record_next_screen(scene.record, "/nowhere"));
    form_scene_close(&scene);
}

static void progress_counts_relevant_screens(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    size_t index = 0, count = 0;
    record_screen_position(scene.record, "/data/income", &index, &count);
    assert_int_equal(index, 3);
    assert_int_equal(count, 6);
    form_scene_close(&scene);
}

static void kinds_follow_control_and_type(void **state)
{
    (void)state;
    static const struct {
        const char *control, *bind;
        enum question_kind kind;
    } cases[] = {
        {"input", "", QUESTION_TEXT},
        {"input", "type='int'", QUESTION_INTEGER},
        {"input", "type='decimal'", QUESTION_DECIMAL},
        {"input", "type='date'", QUESTION_DATE},
        {"input", "type='time'", QUESTION_TIME},
        {"input", "type='dateTime'", QUESTION_DATE_TIME},
        {"input", "readonly='true()'", QUESTION_NOTE},
        {"input", "type='geopoint'", QUESTION_UNSUPPORTED},
        {"secret", "", QUESTION_UNSUPPORTED},
        {"input appearance='ex:org.example.app'", "", QUESTION_UNSUPPORTED},
        {"select1 query=\"instance('x')/root/item\"", "", QUESTION_UNSUPPORTED},
        {"select", "", QUESTION_SELECT_MANY},
        {"select1", "", QUESTION_SELECT_ONE},
        {"odk:rank", "", QUESTION_RANK},
        {"range", "type='int'", QUESTION_RANGE},
        {"trigger", "", QUESTION_TRIGGER},
        {"upload", "type='binary'", QUESTION_UPLOAD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char bind[128], body[128];
        snprintf(bind, sizeof bind, "<bind nodeset='/data/a' %s/>", cases[i].bind);
        snprintf(body, sizeof body,
                 "<%s ref='/data/a' start='0' end='9' step='3' mediatype='image/*'/>",
                 cases[i].control);
        struct form_scene scene = form_scene_open("<a/>", bind, body);
        struct form_screen screen;
        assert_int_equal(record_screen(scene.record, "/data/a", &screen, NULL), ERR_OK);
        assert_int_equal(screen.questions[0].kind, cases[i].kind);
        assert_string_equal(screen.questions[0].media_type, "image/*");
        if (cases[i].kind == QUESTION_RANGE)
            assert_true(screen.questions[0].range_step > 2.9);
        form_scene_close(&scene);
    }
}

static void a_number_may_be_negative_where_type_and_constraint_let_it(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<below/><any/><above/><far/><word/>",
        "<bind nodeset='/data/below' type='int' constraint='. &lt; 0'/>"
        "<bind nodeset='/data/any' type='decimal'/>"
        "<bind nodeset='/data/above' type='int' constraint='. &gt;= 0 and . &lt; 9'/>"
        "<bind nodeset='/data/far' type='decimal' constraint='. &gt; -0.7'/>"
        "<bind nodeset='/data/word' type='string'/>",
        "<input ref='/data/below'/><input ref='/data/any'/><input ref='/data/above'/>"
        "<input ref='/data/far'/><input ref='/data/word'/>");
    static const struct {
        const char *ref;
        bool may;
    } cases[] = {{"/data/below", true},
                 {"/data/any", true},
                 {"/data/above", false},
                 {"/data/far", true},
                 {"/data/word", false}};
    answers(&scene, "/data/above", "4");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct form_screen screen;
        assert_int_equal(record_screen(scene.record, cases[i].ref, &screen, NULL), ERR_OK);
        assert_int_equal(screen.questions[0].may_be_negative, cases[i].may);
    }
    holds(&scene, "/data/above", "4"); // trying changes nothing
    form_scene_close(&scene);
}

static void markup_becomes_words(void **state)
{
    (void)state;
    static const struct {
        const char *written, *shown;
    } cases[] = {
        {"**bold** _slanted_ plain", "bold slanted plain"},
        {"# Heading", "Heading"},
        {"[the page](https://example.org/x_y)", "the page"},
        {"&lt;span style='color:red'&gt;red&lt;/span&gt;", "red"},
        {"2 * 3 &lt; 7, snake_case_name, 5 &gt; 4", "2 * 3 < 7, snake_case_name, 5 > 4"},
        {"\\*not bold\\*", "*not bold*"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char body[256];
        snprintf(body, sizeof body, "<input ref='/data/a'><label>%s</label></input>",
                 cases[i].written);
        struct form_scene scene = form_scene_open("<a/>", "", body);
        struct form_screen screen;
        assert_int_equal(record_screen(scene.record, "/data/a", &screen, NULL), ERR_OK);
        assert_string_equal(screen.questions[0].label, cases[i].shown);
        form_scene_close(&scene);
    }
}

struct review {
    size_t count;
    char text[512];
};

static void add(void *context, const char *screen, const struct question *question)
{
    struct review *review = context;
    size_t used = strlen(review->text);
    review->count++;
    if (question->value[0] != '\0')
        snprintf(review->text + used, sizeof review->text - used, "%s:%s=%s;", screen,
                 question->label, question->shown);
}

static void the_review_shows_every_relevant_answer_with_its_screen(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    answers(&scene, "/data/name", "张三");
    answers(&scene, "/data/needs", "food");
    answers(&scene, "/data/house/rent", "500");
    struct review review = {0, ""};
    record_review(scene.record, add, &review);
    assert_int_equal(review.count, 6);
    assert_string_equal(review.text, "/data/name:您的姓名=张三;/data/needs:需要=粮油;"
                                     "/data/house/rent:月租=500;/data/house/rent:年租=6000;");
    form_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_come_in_the_order_of_the_body),
        cmocka_unit_test(a_field_list_is_one_screen),
        cmocka_unit_test(a_long_field_list_takes_more_screens),
        cmocka_unit_test(a_repeat_asks_for_another_behind_each_instance),
        cmocka_unit_test(a_governed_repeat_asks_nothing_itself),
        cmocka_unit_test(a_screen_that_went_away_moves_on_from_where_it_was),
        cmocka_unit_test(progress_counts_relevant_screens),
        cmocka_unit_test(kinds_follow_control_and_type),
        cmocka_unit_test(a_number_may_be_negative_where_type_and_constraint_let_it),
        cmocka_unit_test(markup_becomes_words),
        cmocka_unit_test(the_review_shows_every_relevant_answer_with_its_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
