// SPDX-License-Identifier: GPL-3.0-or-later
// A record does what its binds say, and is sent as they say.
#include "form_scene.h"
#include "yimen/base/limits.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_calculation_follows_its_inputs(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    holds(&scene, "/data/house/rent_year", "");
    answers(&scene, "/data/house/rent", "1500.5");
    holds(&scene, "/data/house/rent_year", "18006");
    answers(&scene, "/data/house/rent", "");
    holds(&scene, "/data/house/rent_year", "");
    form_scene_close(&scene);
}

static void what_is_not_relevant_reads_as_empty_and_comes_back(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    answers(&scene, "/data/house/rent", "800");
    answers(&scene, "/data/needs", "coal");
    assert_false(record_is_relevant(scene.record, "/data/house/rent"));
    holds(&scene, "/data/house/rent", "");
    char *sent = sends(&scene);
    assert_null(strstr(sent, "<house"));
    free(sent);
    answers(&scene, "/data/needs", "food");
    holds(&scene, "/data/house/rent", "800");
    form_scene_close(&scene);
}

static void calculations_of_what_is_not_relevant_wait(void **state)
{
    (void)state;
    struct form_scene scene =
        form_scene_open("<a>1</a><show/><g><b/></g>",
                        "<bind nodeset='/data/g' relevant=\"/data/show = 'y'\"/>"
                        "<bind nodeset='/data/g/b' calculate='/data/a * 2'/>",
                        "<input ref='/data/a'/><input ref='/data/show'/>");
    answers(&scene, "/data/a", "4");
    answers(&scene, "/data/show", "y");
    holds(&scene, "/data/g/b", "8");
    form_scene_close(&scene);
}

static void defaults_and_results_are_of_their_type(void **state)
{
    (void)state;
    static const struct {
        const char *type, *written, *held;
    } cases[] = {{"int", "1.9", "1"},
                 {"int", "007", "7"},
                 {"int", "many", ""},
                 {"decimal", "1.50", "1.5"},
                 {"decimal", "much", ""},
                 {"string", "1.50", "1.50"},
                 {"date", "2026-11-23", "2026-11-23"},
                 {"date", "2026-02-30", ""},
                 {"time", "24:00:00", ""},
                 {"dateTime", "tomorrow", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char instance[100], binds[300];
        (void)snprintf(instance, sizeof instance, "<a>%s</a><b/>", cases[i].written);
        (void)snprintf(binds, sizeof binds,
                       "<bind nodeset='/data/a' type='%s'/>"
                       "<bind nodeset='/data/b' type='%s' calculate=\"'%s'\"/>",
                       cases[i].type, cases[i].type, cases[i].written);
        struct form_scene scene = form_scene_open(instance, binds, "<input ref='/data/a'/>");
        holds(&scene, "/data/a", cases[i].held);
        holds(&scene, "/data/b", cases[i].held);
        form_scene_close(&scene);
    }
}

static void a_decimal_stays_as_the_person_wrote_it(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<a>1.50</a>", "<bind nodeset='/data/a' type='decimal'/>", "<input ref='/data/a'/>");
    answers(&scene, "/data/a", "2.50");
    holds(&scene, "/data/a", "2.50");
    form_scene_close(&scene);
}

static void read_only_refuses_answers_and_is_inherited(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<lock/><g><a>1</a></g>", "<bind nodeset='/data/g' readonly=\"/data/lock = 'y'\"/>",
        "<input ref='/data/lock'/><input ref='/data/g/a'/>");
    answers(&scene, "/data/g/a", "2");
    answers(&scene, "/data/lock", "y");
    assert_int_equal(record_answer(scene.record, "/data/g/a", "3", NULL), ERR_DENIED);
    holds(&scene, "/data/g/a", "2");
    form_scene_close(&scene);
}

static void violations_are_found_with_their_message_and_screen(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    const char *screen = NULL;
    struct form_screen shown;
    assert_string_equal(record_first_violation(scene.record, &screen), "/data/name");
    assert_string_equal(screen, "/data/name");
    assert_int_equal(record_screen(scene.record, screen, &shown, NULL), ERR_OK);
    assert_int_equal(shown.questions[0].violation, VIOLATION_REQUIRED);
    assert_string_equal(shown.questions[0].violation_message, "请填写姓名");
    answers(&scene, "/data/name", "张三");
    answers(&scene, "/data/income", "-3");
    assert_string_equal(record_first_violation(scene.record, &screen), "/data/income");
    assert_int_equal(record_screen(scene.record, screen, &shown, NULL), ERR_OK);
    assert_string_equal(shown.questions[0].violation_message, "应大于 0，张三");
    holds(&scene, "/data/income", "-3");
    answers(&scene, "/data/income", "3");
    assert_null(record_first_violation(scene.record, &screen));
    form_scene_close(&scene);
}

static void a_wrong_record_is_not_sent(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    struct strbuf out;
    struct fail why = {ERR_OK, ""};
    strbuf_init(&out, LIMIT_SUBMISSION_XML);
    assert_int_equal(record_submission(scene.record, false, &out, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "/data/name"));
    answers(&scene, "/data/name", "张三");
    assert_int_equal(record_submission(scene.record, false, &out, &why), ERR_OK);
    strbuf_free(&out);
    form_scene_close(&scene);
}

static void a_submission_keeps_attributes_and_prefixes_and_drops_templates(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    answers(&scene, "/data/name", "张三 <&> \"甲\"");
    char *sent = sends(&scene);
    assert_ptr_equal(strstr(sent, "<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"household\" "
                                  "version=\"3\" orx:note=\"kept\">"),
                     sent);
    assert_non_null(strstr(sent, "<name>张三 &lt;&amp;&gt; \"甲\"</name>"));
    assert_null(strstr(sent, "<member"));
    assert_null(strstr(sent, "template"));
    assert_non_null(strstr(sent, "<house own=\"yes\">"));
    assert_non_null(strstr(sent, "<orx:meta><orx:instanceID>uuid:"));
    assert_non_null(strstr(sent, "<start>2026-11-23T10:00:00.000+08:00</start>"));
    assert_non_null(strstr(sent, "<end>2026-11-23T10:00:00.000+08:00</end>"));
    assert_non_null(strstr(sent, "<device>kiosk.example:7</device>"));
    free(sent);
    form_scene_close(&scene);
}

static void an_attribute_can_be_calculated(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    answers(&scene, "/data/house/rent", "10");
    char *sent = sends(&scene);
    assert_non_null(strstr(sent, "<house own=\"no\">"));
    free(sent);
    form_scene_close(&scene);
}

static void a_form_without_an_instance_id_gets_one(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open("<a/>", "", "<input ref='/data/a'/>");
    char *sent = sends(&scene);
    assert_non_null(strstr(sent, "instanceID>uuid:"));
    free(sent);
    form_scene_close(&scene);
}

static void values_are_of_their_type(void **state)
{
    (void)state;
    static const struct {
        const char *type, *value;
        enum err err;
        const char *stored;
    } cases[] = {
        {"int", "12", ERR_OK, "12"},
        {"int", "2.7", ERR_OK, "2"},
        {"int", "-0.5", ERR_OK, "0"},
        {"int", "abc", ERR_INPUT, ""},
        {"int", "2147483647", ERR_OK, "2147483647"},
        {"int", "2147483648", ERR_INPUT, ""},
        {"decimal", "1.50", ERR_OK, "1.50"},
        {"decimal", "1e3", ERR_OK, "1000"},
        {"date", "2026-02-28", ERR_OK, "2026-02-28"},
        {"date", "2026-02-29", ERR_INPUT, ""},
        {"date", "2024-02-29T10:00:00.000+08:00", ERR_OK, "2024-02-29"},
        {"time", "22:02:00.000+08:00", ERR_OK, "22:02:00.000+08:00"},
        {"time", "24:00:00", ERR_INPUT, ""},
        {"dateTime", "2026-11-23T10:00:00.000+08:00", ERR_OK, "2026-11-23T10:00:00.000+08:00"},
        {"dateTime", "2026-11-23T10:60:00Z", ERR_INPUT, ""},
        {"xsd:int", "7", ERR_OK, "7"},
        {"unheard-of", "anything", ERR_OK, "anything"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char bind[80];
        snprintf(bind, sizeof bind, "<bind nodeset='/data/a' type='%s'/>", cases[i].type);
        struct form_scene scene = form_scene_open("<a/>", bind, "<input ref='/data/a'/>");
        if (record_answer(scene.record, "/data/a", cases[i].value, NULL) != cases[i].err)
            fail_msg("%s %s", cases[i].type, cases[i].value);
        holds(&scene, "/data/a", cases[i].stored);
        form_scene_close(&scene);
    }
}

static void too_long_an_answer_is_refused(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open("<a>x</a>", "", "<input ref='/data/a'/>");
    char text[LIMIT_ANSWER + 2];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(record_answer(scene.record, "/data/a", text, NULL), ERR_FULL);
    assert_int_equal(record_answer(scene.record, "/data/b", "1", NULL), ERR_NOT_FOUND);
    assert_int_equal(record_answer(scene.record, "/data/a", "\xff", NULL), ERR_INPUT);
    holds(&scene, "/data/a", "x");
    form_scene_close(&scene);
}

static void texts_follow_the_language(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    const char *const *languages = form_languages(scene.form);
    assert_string_equal(languages[0], "中文 (zh)");
    assert_string_equal(languages[1], "English (en)");
    assert_null(languages[2]);
    struct form_screen screen;
    assert_int_equal(record_screen(scene.record, "/data/name", &screen, NULL), ERR_OK);
    assert_string_equal(screen.questions[0].label, "您的姓名");
    assert_string_equal(screen.questions[0].guidance, "请大声读出");
    assert_int_equal(record_set_language(scene.record, "en", NULL), ERR_OK);
    assert_int_equal(record_screen(scene.record, "/data/name", &screen, NULL), ERR_OK);
    assert_string_equal(screen.questions[0].label, "Your name");
    assert_string_equal(screen.questions[0].image, "jr://images/name.png");
    assert_string_equal(screen.questions[0].audio, "jr://audio/name.mp3");
    assert_int_equal(record_set_language(scene.record, "fr", NULL), ERR_NOT_FOUND);
    form_scene_close(&scene);
}

static void a_draft_can_be_gone_on_from(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    answers(&scene, "/data/name", "张三");
    answers(&scene, "/data/needs", "coal");
    assert_int_equal(record_add_repeat(scene.record, "/data/member", NULL), ERR_OK);
    answers(&scene, "/data/member[1]/who", "李四");
    char id[64];
    snprintf(id, sizeof id, "%s", record_value(scene.record, "/data/orx:meta/orx:instanceID"));
    struct strbuf draft;
    strbuf_init(&draft, LIMIT_SUBMISSION_XML);
    assert_int_equal(record_draft(scene.record, &draft, NULL), ERR_OK);
    form_scene_begin(&scene, strbuf_text(&draft));
    strbuf_free(&draft);
    holds(&scene, "/data/name", "张三");
    holds(&scene, "/data/member[1]/who", "李四");
    holds(&scene, "/data/total", "2");
    holds(&scene, "/data/orx:meta/orx:instanceID", id);
    assert_false(record_is_relevant(scene.record, "/data/house"));
    form_scene_close(&scene);
}

static void another_forms_record_is_refused(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    struct record *record = NULL;
    const struct record_options options = {.edit = "<other/>"};
    assert_int_equal(record_new(scene.form, &options, &record, NULL), ERR_INPUT);
    const struct record_options broken = {.edit = "<data"};
    assert_int_equal(record_new(scene.form, &broken, &record, NULL), ERR_INPUT);
    assert_null(record);
    form_scene_close(&scene);
}

static void an_instance_id_given_is_the_records(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    record_free(scene.record);
    const struct record_options options = {.crypto = scene.crypto, .instance_id = "uuid:fixed"};
    assert_int_equal(record_new(scene.form, &options, &scene.record, NULL), ERR_OK);
    holds(&scene, "/data/orx:meta/orx:instanceID", "uuid:fixed");
    form_scene_close(&scene);
}

static struct when unknown_1970(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 86400000};
}

struct seen {
    const char *ref;
    enum record_violation violation;
};

static void see(void *context, const struct record_node *node)
{
    struct seen *seen = context;
    if (strcmp(node->ref, seen->ref) == 0)
        seen->violation = node->violation;
}

static enum record_violation violation_of(const struct form_scene *scene, const char *ref)
{
    struct seen seen = {.ref = ref};
    record_visit(scene->record, see, &seen);
    return seen.violation;
}

static void what_an_unknown_clock_says_refuses_nobody(void **state)
{
    (void)state;
    static const struct clock_ops ops = {unknown_1970};
    const struct clock clock = {&ops, NULL};
    struct form_scene scene =
        form_scene_open("<a/><b/>",
                        "<bind nodeset='/data/a' type='date' constraint=\". &lt;= today()\"/>"
                        "<bind nodeset='/data/b' constraint=\". != 'x'\"/>",
                        "<input ref='/data/a'/><input ref='/data/b'/>");
    record_free(scene.record);
    const struct record_options options = {.clock = &clock, .crypto = scene.crypto};
    assert_int_equal(record_new(scene.form, &options, &scene.record, NULL), ERR_OK);
    answers(&scene, "/data/a", "2026-11-01");
    answers(&scene, "/data/b", "x");
    assert_int_equal(violation_of(&scene, "/data/a"), VIOLATION_NONE);
    // What does not ask for the time is enforced as ever; so is this, once the time is known.
    assert_int_equal(violation_of(&scene, "/data/b"), VIOLATION_CONSTRAINT);
    form_scene_begin(&scene, NULL);
    answers(&scene, "/data/a", "2026-11-24"); // it is the 23rd
    assert_int_equal(violation_of(&scene, "/data/a"), VIOLATION_CONSTRAINT);
    form_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calculation_follows_its_inputs),
        cmocka_unit_test(what_is_not_relevant_reads_as_empty_and_comes_back),
        cmocka_unit_test(calculations_of_what_is_not_relevant_wait),
        cmocka_unit_test(defaults_and_results_are_of_their_type),
        cmocka_unit_test(a_decimal_stays_as_the_person_wrote_it),
        cmocka_unit_test(read_only_refuses_answers_and_is_inherited),
        cmocka_unit_test(violations_are_found_with_their_message_and_screen),
        cmocka_unit_test(a_wrong_record_is_not_sent),
        cmocka_unit_test(a_submission_keeps_attributes_and_prefixes_and_drops_templates),
        cmocka_unit_test(an_attribute_can_be_calculated),
        cmocka_unit_test(a_form_without_an_instance_id_gets_one),
        cmocka_unit_test(values_are_of_their_type),
        cmocka_unit_test(too_long_an_answer_is_refused),
        cmocka_unit_test(texts_follow_the_language),
        cmocka_unit_test(a_draft_can_be_gone_on_from),
        cmocka_unit_test(another_forms_record_is_refused),
        cmocka_unit_test(an_instance_id_given_is_the_records),
        cmocka_unit_test(what_an_unknown_clock_says_refuses_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
