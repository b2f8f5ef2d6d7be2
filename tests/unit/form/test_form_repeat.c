// SPDX-License-Identifier: GPL-3.0-or-later
// Repeats grow, shrink, count and place their instances; actions act on their events.
#include "form_scene.h"
#include "yimen/base/limits.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void adds(const struct form_scene *scene, const char *range)
{
    assert_int_equal(record_add_repeat(scene->record, range, NULL), ERR_OK);
}

static void a_template_gives_its_values_and_is_no_instance(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    assert_false(record_is_relevant(scene.record, "/data/member[1]"));
    adds(&scene, "/data/member");
    holds(&scene, "/data/member[1]/born", "1980-01-01");
    holds(&scene, "/data/total", "2");
    form_scene_close(&scene);
}

static void what_an_instance_lacks_is_as_in_a_new_one(void **state)
{
    (void)state;
    struct form_scene scene =
        form_scene_open("<r><a>1</a><b/></r><r><b>2</b></r>"
                        "<t jr:template=''><a>3</a><b/></t><t><b>4</b></t>",
                        "",
                        "<repeat nodeset='/data/r'><input ref='a'/></repeat>"
                        "<repeat nodeset='/data/t'><input ref='a'/></repeat>");
    holds(&scene, "/data/r[1]/a", "1");
    assert_true(record_is_relevant(scene.record, "/data/r[2]/a"));
    holds(&scene, "/data/r[2]/a", "");
    holds(&scene, "/data/t[1]/a", "3");
    holds(&scene, "/data/t[1]/b", "4");
    form_scene_close(&scene);
}

static void without_a_template_only_the_shape_is_copied(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<r><a>1</a></r>", "", "<repeat nodeset='/data/r'><input ref='a'/></repeat>");
    holds(&scene, "/data/r[1]/a", "1");
    adds(&scene, "/data/r");
    assert_true(record_is_relevant(scene.record, "/data/r[2]/a"));
    holds(&scene, "/data/r[2]/a", "");
    form_scene_close(&scene);
}

static void places_move_up_when_one_before_goes(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    for (int i = 0; i < 3; i++)
        adds(&scene, "/data/member");
    answers(&scene, "/data/member[3]/who", "王五");
    holds(&scene, "/data/member[3]/place", "3");
    assert_int_equal(record_remove_repeat(scene.record, "/data/member[1]", NULL), ERR_OK);
    holds(&scene, "/data/member[2]/who", "王五");
    holds(&scene, "/data/member[2]/place", "2");
    holds(&scene, "/data/total", "3");
    assert_int_equal(record_remove_repeat(scene.record, "/data/member[3]", NULL), ERR_NOT_FOUND);
    form_scene_close(&scene);
}

static void a_count_governs_its_repeat(void **state)
{
    (void)state;
    struct form_scene scene =
        form_scene_open("<n>2</n><r><a/></r>", "<bind nodeset='/data/n' type='int'/>",
                        "<input ref='/data/n'/><repeat nodeset='/data/r' jr:count='/data/n'><input "
                        "ref='a'/></repeat>");
    assert_true(record_is_relevant(scene.record, "/data/r[2]/a"));
    answers(&scene, "/data/r[2]/a", "x");
    answers(&scene, "/data/n", "4");
    assert_true(record_is_relevant(scene.record, "/data/r[4]/a"));
    holds(&scene, "/data/r[2]/a", "x");
    answers(&scene, "/data/n", "1");
    assert_false(record_is_relevant(scene.record, "/data/r[2]"));
    assert_int_equal(record_add_repeat(scene.record, "/data/r", NULL), ERR_DENIED);
    assert_int_equal(record_remove_repeat(scene.record, "/data/r[1]", NULL), ERR_DENIED);
    form_scene_close(&scene);
}

// What a form wrote into an instance is that instance's, also when a count lets it come later.
static void counted_instances_keep_what_the_form_wrote_in_them(void **state)
{
    (void)state;
    static const char bind[] = "<bind nodeset='/data/n' type='int'/>",
                      body[] = "<input ref='/data/n'/><repeat nodeset='/data/r' jr:count='/data/n'>"
                               "<input ref='a'/></repeat>";
    struct form_scene scene = form_scene_open("<n/><r><a>one</a></r><r><a>two</a></r>", bind, body);
    assert_false(record_is_relevant(scene.record, "/data/r[1]"));
    answers(&scene, "/data/n", "3");
    holds(&scene, "/data/r[1]/a", "one");
    holds(&scene, "/data/r[2]/a", "two");
    holds(&scene, "/data/r[3]/a", "");
    answers(&scene, "/data/r[1]/a", "mine");
    answers(&scene, "/data/n", "1");
    answers(&scene, "/data/n", "2");
    holds(&scene, "/data/r[1]/a", "mine");
    holds(&scene, "/data/r[2]/a", "two");
    form_scene_close(&scene);
    scene = form_scene_open("<n/><r jr:template=''><a>new</a></r><r><a>one</a></r>", bind, body);
    answers(&scene, "/data/n", "2");
    holds(&scene, "/data/r[1]/a", "one");
    holds(&scene, "/data/r[2]/a", "new");
    form_scene_close(&scene);
}

// Each instance sees the one that was just added, and the one that went, however it counts them.
static void a_count_among_siblings_is_the_same_for_all(void **state)
{
    (void)state;
    static const char *const counts[] = {"count(/data/r)", "count(../../r)", "count(/data/*) - 1"};
    for (size_t i = 0; i < 3; i++) {
        char bind[160];
        snprintf(bind, sizeof bind, "<bind nodeset='/data/r/c' calculate='%s'/>", counts[i]);
        struct form_scene scene = form_scene_open(
            "<r><c/><a/></r>", bind, "<repeat nodeset='/data/r'><input ref='a'/></repeat>");
        assert_int_equal(record_add_repeat(scene.record, "/data/r", NULL), ERR_OK);
        holds(&scene, "/data/r[1]/c", "2");
        holds(&scene, "/data/r[2]/c", "2");
        assert_int_equal(record_remove_repeat(scene.record, "/data/r[1]", NULL), ERR_OK);
        holds(&scene, "/data/r[1]/c", "1");
        form_scene_close(&scene);
    }
    struct form_scene scene =
        form_scene_open("<r><a/><k><x/></k></r>", "",
                        "<repeat nodeset='/data/r'><input ref='a'/><repeat nodeset='/data/r/k' "
                        "jr:count='count(/data/r)'><input ref='x'/></repeat></repeat>");
    assert_int_equal(record_add_repeat(scene.record, "/data/r", NULL), ERR_OK);
    assert_true(record_is_relevant(scene.record, "/data/r[1]/k[2]"));
    assert_true(record_is_relevant(scene.record, "/data/r[2]/k[2]"));
    assert_int_equal(record_remove_repeat(scene.record, "/data/r[1]", NULL), ERR_OK);
    assert_false(record_is_relevant(scene.record, "/data/r[1]/k[2]"));
    form_scene_close(&scene);
}

static void a_huge_count_stops_at_the_limit(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<n>1000000000</n><r><a/><s><b/></s></r>", "",
        "<repeat nodeset='/data/r' jr:count='/data/n'><input ref='a'/>"
        "<repeat nodeset='/data/r/s' jr:count='/data/n'><input ref='b'/></repeat></repeat>");
    char ref[64];
    snprintf(ref, sizeof ref, "/data/r[%d]", LIMIT_REPEAT_INSTANCES + 1);
    assert_false(record_is_relevant(scene.record, ref));
    assert_true(record_is_relevant(scene.record, "/data/r[2]"));
    form_scene_close(&scene);
}

static void fixed_repeats_stay_as_they_are(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<r><a>1</a></r><r><a>2</a></r><t jr:template=''><b>3</b></t>", "",
        "<repeat nodeset='/data/r' jr:noAddRemove='true()'><input ref='a'/></repeat>"
        "<repeat nodeset='/data/t' jr:noAddRemove='true()'><input ref='b'/></repeat>");
    holds(&scene, "/data/r[2]/a", "2");
    holds(&scene, "/data/t[1]/b", "3");
    assert_int_equal(record_add_repeat(scene.record, "/data/r", NULL), ERR_DENIED);
    form_scene_close(&scene);
}

static void nested_repeats_keep_to_their_own(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<r jr:template=''><n/><s jr:template=''><v/></s></r><all/>",
        "<bind nodeset='/data/r/n' calculate='sum(../s/v)'/>"
        "<bind nodeset='/data/all' calculate='sum(/data/r/n)'/>",
        "<repeat nodeset='/data/r'><repeat nodeset='/data/r/s'><input ref='v'/></repeat></repeat>");
    adds(&scene, "/data/r");
    adds(&scene, "/data/r");
    adds(&scene, "/data/r[1]/s");
    adds(&scene, "/data/r[2]/s");
    adds(&scene, "/data/r[2]/s");
    answers(&scene, "/data/r[1]/s[1]/v", "1");
    answers(&scene, "/data/r[2]/s[1]/v", "10");
    answers(&scene, "/data/r[2]/s[2]/v", "100");
    holds(&scene, "/data/r[1]/n", "1");
    holds(&scene, "/data/r[2]/n", "110");
    holds(&scene, "/data/all", "111");
    assert_int_equal(record_remove_repeat(scene.record, "/data/r[2]/s[1]", NULL), ERR_OK);
    holds(&scene, "/data/r[2]/n", "100");
    holds(&scene, "/data/all", "101");
    form_scene_close(&scene);
}

static void an_absolute_path_means_the_same_instance(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<r jr:template=''><a/><b/></r>", "<bind nodeset='/data/r/b' calculate='/data/r/a * 2'/>",
        "<repeat nodeset='/data/r'><input ref='a'/></repeat>");
    adds(&scene, "/data/r");
    adds(&scene, "/data/r");
    answers(&scene, "/data/r[2]/a", "4");
    holds(&scene, "/data/r[1]/b", "");
    holds(&scene, "/data/r[2]/b", "8");
    form_scene_close(&scene);
}

static void a_running_total_goes_from_one_instance_to_the_next(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<r jr:template=''><a>1</a><t/></r>",
        "<bind nodeset='/data/r/t' calculate=\"../a + coalesce(/data/r[position() = "
        "position(current()/..) - 1]/t, 0)\"/>",
        "<repeat nodeset='/data/r'><input ref='a'/></repeat>");
    for (int i = 0; i < 4; i++)
        adds(&scene, "/data/r");
    holds(&scene, "/data/r[4]/t", "4");
    answers(&scene, "/data/r[1]/a", "10");
    holds(&scene, "/data/r[4]/t", "13");
    form_scene_close(&scene);
}

static void actions_act_on_their_events(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<first/><load>0</load><a/><seen/><r jr:template=''><w/><p/></r>",
        "<bind nodeset='/data/load' type='int'/>"
        "<setvalue event='odk-instance-first-load' ref='/data/first'>words</setvalue>"
        "<setvalue event='odk-instance-load' ref='/data/load' value='. + 1'/>",
        "<input ref='/data/a'><setvalue event='xforms-value-changed' ref='/data/seen' "
        "value=\"concat(., /data/a)\"/></input>"
        "<repeat nodeset='/data/r'><setvalue event='odk-new-repeat' ref='/data/r/p' "
        "value='position(..)'/><input ref='/data/r/w'/></repeat>");
    holds(&scene, "/data/first", "words");
    holds(&scene, "/data/load", "1");
    answers(&scene, "/data/a", "x");
    answers(&scene, "/data/a", "x");
    answers(&scene, "/data/a", "y");
    holds(&scene, "/data/seen", "xy");
    adds(&scene, "/data/r");
    adds(&scene, "/data/r");
    holds(&scene, "/data/r[2]/p", "2");
    answers(&scene, "/data/first", "mine");
    struct strbuf draft;
    strbuf_init(&draft, LIMIT_SUBMISSION_XML);
    assert_int_equal(record_draft(scene.record, &draft, NULL), ERR_OK);
    form_scene_begin(&scene, strbuf_text(&draft));
    strbuf_free(&draft);
    holds(&scene, "/data/first", "mine");
    holds(&scene, "/data/load", "2");
    form_scene_close(&scene);
}

static void an_action_can_name_one_instance(void **state)
{
    (void)state;
    struct form_scene scene =
        form_scene_open("<r><b/></r><r><b/></r>",
                        "<setvalue event='odk-instance-first-load' ref='/data/r[2]/b' value='7'/>",
                        "<repeat nodeset='/data/r'><input ref='/data/r/b'/></repeat>");
    holds(&scene, "/data/r[1]/b", "");
    holds(&scene, "/data/r[2]/b", "7");
    form_scene_close(&scene);
}

static void an_action_with_many_targets_sets_none(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open(
        "<a/><r><b/></r>", "",
        "<input ref='/data/a'><setvalue event='xforms-value-changed' ref='/data/r/b' value='1'/>"
        "</input><repeat nodeset='/data/r'><input ref='/data/r/b'/></repeat>");
    answers(&scene, "/data/a", "x");
    holds(&scene, "/data/r[1]/b", "1");
    adds(&scene, "/data/r");
    answers(&scene, "/data/a", "y");
    holds(&scene, "/data/r[2]/b", "");
    form_scene_close(&scene);
}

struct seen {
    char text[256];
};

static void note(void *context, const char *ref, const char *value)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%s=%s;", ref, value);
}

static void each_instance_can_be_listed(void **state)
{
    (void)state;
    struct form_scene scene = form_scene_open_file("/household.xml");
    adds(&scene, "/data/member");
    adds(&scene, "/data/member");
    answers(&scene, "/data/member[2]/who", "李四");
    struct seen seen = {""};
    record_each(scene.record, "/data/member/who", note, &seen);
    assert_string_equal(seen.text, "/data/member[1]/who=;/data/member[2]/who=李四;");
    form_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_gives_its_values_and_is_no_instance),
        cmocka_unit_test(what_an_instance_lacks_is_as_in_a_new_one),
        cmocka_unit_test(without_a_template_only_the_shape_is_copied),
        cmocka_unit_test(places_move_up_when_one_before_goes),
        cmocka_unit_test(a_count_governs_its_repeat),
        cmocka_unit_test(counted_instances_keep_what_the_form_wrote_in_them),
        cmocka_unit_test(a_count_among_siblings_is_the_same_for_all),
        cmocka_unit_test(a_huge_count_stops_at_the_limit),
        cmocka_unit_test(fixed_repeats_stay_as_they_are),
        cmocka_unit_test(nested_repeats_keep_to_their_own),
        cmocka_unit_test(an_absolute_path_means_the_same_instance),
        cmocka_unit_test(a_running_total_goes_from_one_instance_to_the_next),
        cmocka_unit_test(actions_act_on_their_events),
        cmocka_unit_test(an_action_can_name_one_instance),
        cmocka_unit_test(an_action_with_many_targets_sets_none),
        cmocka_unit_test(each_instance_can_be_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
