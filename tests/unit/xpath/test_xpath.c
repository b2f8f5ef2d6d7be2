// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions answer as XPath 1.0 and ODK say (xpath_cases.json), refuse what is wrong, and never
// cost more than they may.
#include "app/xpath/xpath_internal.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/xpath/job.h"
#include <jansson.h>
#include <libxml/parser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const int64_t morning_ms = INT64_C(1795399200000); // 2026-11-23T10:00:00+08:00

static struct crypto open_crypto(void)
{
    struct crypto crypto;
    assert_int_equal(sodium_crypto_open(&crypto, NULL), ERR_OK);
    return crypto;
}

// ------------------------------------------------------------------ the cases

static enum xpath_answer_kind kind_of(const char *kind)
{
    return text_equal(kind, "boolean")   ? XPATH_ANSWER_BOOLEAN
           : text_equal(kind, "number")  ? XPATH_ANSWER_NUMBER
           : text_equal(kind, "nodeset") ? XPATH_ANSWER_NODES
                                         : XPATH_ANSWER_STRING;
}

/// What an answer looks like as text: nodes one a line.
static char *wanted_text(json_t *value)
{
    if (json_is_boolean(value))
        return text_duplicate(json_is_true(value) ? "true" : "false");
    if (json_is_string(value))
        return text_duplicate(json_string_value(value));
    struct strbuf text;
    strbuf_init(&text, 1 << 16);
    for (size_t i = 0; i < json_array_size(value); i++)
        strbuf_addf(&text, "%s%s", i > 0 ? "\n" : "", json_string_value(json_array_get(value, i)));
    strbuf_adds(&text, "");
    return strbuf_take(&text);
}

/// True when the case's answer is the wanted one; else says what came.
static bool case_holds(const struct xpath_job *group, json_t *item)
{
    struct xpath_job job = *group;
    job.expression = json_string_value(json_array_get(item, 0));
    job.want = kind_of(json_string_value(json_array_get(item, 1)));
    char *wanted = wanted_text(json_array_get(item, 2));
    struct strbuf answer;
    struct fail why = {ERR_OK, ""};
    strbuf_init(&answer, 1 << 20);
    bool holds =
        xpath_job_run(&job, &answer, &why) == ERR_OK && text_equal(strbuf_text(&answer), wanted);
    if (!holds)
        print_error("%s\n  wanted '%s'\n  got    '%s' %s\n", job.expression, wanted,
                    strbuf_text(&answer), why.text);
    strbuf_free(&answer);
    free(wanted);
    return holds;
}

static size_t failures_of(json_t *group, const struct crypto *crypto)
{
    const char *namespaces[] = {"odk", "http://www.opendatakit.org/xforms", NULL, NULL, NULL};
    const char *uri = json_string_value(json_object_get(json_object_get(group, "namespaces"), ""));
    namespaces[2] = uri != NULL ? "" : NULL;
    namespaces[3] = uri;
    const struct xpath_job job = {
        .xml = json_string_value(json_object_get(group, "xml")),
        .xforms = json_is_true(json_object_get(group, "xforms")),
        .root = json_string_value(json_object_get(group, "root")),
        .context = json_string_value(json_object_get(group, "context")),
        .language = json_string_value(json_object_get(group, "language")),
        .namespaces = namespaces,
        .time_zone = "Asia/Shanghai",
        .crypto = crypto,
        .now_utc_ms = morning_ms,
    };
    json_t *cases = json_object_get(group, "cases");
    size_t failures = 0;
    for (size_t i = 0; i < json_array_size(cases); i++)
        failures += case_holds(&job, json_array_get(cases, i)) ? 0 : 1;
    if (failures > 0)
        print_error("^ %s\n", json_string_value(json_object_get(group, "about")));
    return failures;
}

static json_t *load_groups(void)
{
    json_error_t error;
    json_t *groups = json_load_file("tests/unit/xpath/xpath_cases.json", 0, &error);
    if (groups == NULL)
        fail_msg("xpath_cases.json: line %d: %s", error.line, error.text);
    return groups;
}

static void all_cases_hold(void **state)
{
    (void)state;
    const struct crypto crypto = open_crypto();
    json_t *groups = load_groups();
    size_t failures = 0;
    for (size_t i = 0; i < json_array_size(groups); i++)
        failures += failures_of(json_array_get(groups, i), &crypto);
    json_decref(groups);
    assert_int_equal(failures, 0);
}

static bool is_called(json_t *groups, const char *function)
{
    char call[64];
    (void)snprintf(call, sizeof call, "%s(", function);
    for (size_t i = 0; i < json_array_size(groups); i++) {
        json_t *cases = json_object_get(json_array_get(groups, i), "cases");
        for (size_t k = 0; k < json_array_size(cases); k++)
            if (strstr(json_string_value(json_array_get(json_array_get(cases, k), 0)), call) !=
                NULL)
                return true;
    }
    return false;
}

static void every_function_has_a_case(void **state)
{
    (void)state;
    const struct xpath_function *const tables[] = {xpath_string_functions, xpath_text_functions,
                                                   xpath_number_functions, xpath_boolean_functions,
                                                   xpath_date_functions,   xpath_select_functions,
                                                   xpath_nodes_functions,  xpath_repeat_functions,
                                                   xpath_digest_functions, xpath_regex_functions};
    json_t *groups = load_groups();
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct xpath_function *function = tables[i]; function->name != NULL; function++)
            if (!is_called(groups, function->name))
                fail_msg("no case calls %s()", function->name);
    json_decref(groups);
}

// ------------------------------------------------------------------ what is refused

static enum err compile_error(const char *text, struct fail *why)
{
    struct xpath_expression *expression = NULL;
    enum err err = xpath_compile(text, NULL, &expression, why);
    xpath_free(expression);
    return err;
}

static void wrong_expressions_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "empty"},
        {"foo(1)", "unknown function foo() at 1"},
        {"1 + bar()", "bar() at 5"},
        {"(1", "expected )"},
        {"1 +", "expected a value at 4"},
        {"a b", "expected an operator at 3"},
        {"'open", "no closing quote"},
        {"a[1", "expected ]"},
        {"a[]", "expected a value"},
        {"//", "expected a path step"},
        {"$x", "variables"},
        {"not()", "not() at 1 has 0 arguments"},
        {"if(1, 2)", "if() at 1 has 2"},
        {"sideways::a", "an axis"},
        {"a !b", "unexpected character '!'"},
        {"regex(., '(')", "pattern"},
        {"1 = = 2", "expected a value"},
        {"\xff", "not UTF-8"},
        {"a//", "path step"},
        {"concat(1,)", "expected a value"},
        {"@", "path step"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fail why = {ERR_OK, ""};
        assert_int_equal(compile_error(wrong[i].text, &why), ERR_INPUT);
        if (strstr(why.text, wrong[i].says) == NULL)
            fail_msg("%s: '%s' does not say '%s'", wrong[i].text, why.text, wrong[i].says);
    }
}

static char *repeated(const char *begin, const char *part, size_t count, const char *end)
{
    struct strbuf text;
    strbuf_init(&text, 4 << 20);
    strbuf_adds(&text, begin);
    for (size_t i = 0; i < count; i++)
        strbuf_adds(&text, part);
    strbuf_adds(&text, end);
    return strbuf_take(&text);
}

static void deep_nesting_is_refused_and_never_overflows(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *part, *end;
    } shapes[] = {
        {"", "(", ""},   {"", "-", "1"},  {"", "a[", ""},      {"", "not(", ""},
        {"1", "+1", ""}, {"a", "|a", ""}, {"", "string(", ""},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        char *text = repeated(shapes[i].begin, shapes[i].part, 100000, shapes[i].end);
        struct fail why = {ERR_OK, ""};
        assert_int_equal(compile_error(text, &why), ERR_INPUT);
        assert_non_null(strstr(why.text, "too deeply"));
        free(text);
    }
    char *chain = repeated("1", " + 1", 400, "");
    assert_int_equal(compile_error(chain, NULL), ERR_OK);
    free(chain);
    char *path = repeated("a", "/a", 50000, "");
    assert_int_equal(compile_error(path, NULL), ERR_OK);
    free(path);
}

// ------------------------------------------------------------------ one evaluation by hand

struct scene {
    xmlDoc *tree;
    struct xpath_host host;
    struct crypto crypto;
    const char *hidden; ///< name of elements that are not relevant
};

static bool is_relevant(void *self, const xmlNode *node)
{
    const struct scene *scene = self;
    return scene->hidden == NULL || !text_equal((const char *)node->name, scene->hidden);
}

static void scene_open(struct scene *scene, const char *xml)
{
    *scene = (struct scene){.crypto = open_crypto()};
    scene->tree =
        xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
    assert_non_null(scene->tree);
    scene->host = (struct xpath_host){.self = scene,
                                      .is_relevant = is_relevant,
                                      .crypto = &scene->crypto,
                                      .now_utc_ms = morning_ms,
                                      .time_zone = "Asia/Shanghai"};
}

static enum err evaluate(struct scene *scene, const char *text, char **answer, struct fail *why)
{
    struct xpath_expression *expression = NULL;
    struct xpath_value value = {0};
    *answer = NULL;
    enum err err = xpath_compile(text, NULL, &expression, why);
    if (err == ERR_OK)
        err = xpath_evaluate(expression, &scene->host, (xmlNode *)scene->tree, NULL, &value, why);
    if (err == ERR_OK)
        *answer = xpath_to_string(&scene->host, &value);
    xpath_value_clear(&value);
    xpath_free(expression);
    return err;
}

static void expect(struct scene *scene, const char *text, const char *wanted)
{
    struct fail why = {ERR_OK, ""};
    char *answer = NULL;
    if (evaluate(scene, text, &answer, &why) != ERR_OK)
        fail_msg("%s: %s", text, why.text);
    assert_string_equal(answer, wanted);
    free(answer);
}

static void expect_error(struct scene *scene, const char *text, enum err wanted)
{
    char *answer = NULL;
    struct fail why = {ERR_OK, ""};
    assert_int_equal(evaluate(scene, text, &answer, &why), wanted);
    assert_int_equal(why.err, wanted);
    assert_null(answer);
}

static void what_is_not_relevant_reads_as_nothing(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "<d><a>1</a><b><c>2</c></b><c>3</c></d>");
    scene.hidden = "c";
    expect(&scene, "/d/c", "");
    expect(&scene, "string(/d)", "1");
    expect(&scene, "count(/d/c)", "1");
    expect(&scene, "/d/c = ''", "true");
    scene.hidden = "b";
    expect(&scene, "concat(/d, /d/c)", "133");
    xmlFreeDoc(scene.tree);
}

static void functions_not_offered_here_compile_and_say_so(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "<d/>");
    static const char *const calls[] = {"area(/d)", "distance(1, 2)", "geofence(1, 2)",
                                        "intersects(1)", "extract-signed(1, 2)"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        expect_error(&scene, calls[i], ERR_UNSUPPORTED);
    xmlFreeDoc(scene.tree);
}

static void what_needs_crypto_fails_without_it(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "<d/>");
    scene.host.crypto = NULL;
    static const char *const calls[] = {"digest('a', 'MD5')", "uuid()",
                                        "random()",           "base64-decode('aGk=')",
                                        "randomize(/d)",      "randomize(/d, 'seed')"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        expect_error(&scene, calls[i], ERR_TECHNICIAN);
    expect(&scene, "count(randomize(/d, 7))", "1");
    xmlFreeDoc(scene.tree);
}

static void wrong_kinds_of_value_are_errors(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "<d/>");
    static const char *const wrong[] = {"count(1)",
                                        "'a'/b",
                                        "'a'[1]",
                                        "1 | 2",
                                        "sum('a')",
                                        "digest('a', 'CRC')",
                                        "digest('a', 'MD5', 'octal')",
                                        "uuid(0)",
                                        "uuid(1000000)",
                                        "weighted-checklist(1, 2, 1, 1, 1)",
                                        "indexed-repeat(/d, /d, 1, /d)",
                                        "regex('a', concat('(', ''))"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect_error(&scene, wrong[i], ERR_INPUT);
    xmlFreeDoc(scene.tree);
}

// ------------------------------------------------------------------ what it costs

enum { ITEMS = 20000 };

static void open_list(struct scene *scene)
{
    struct strbuf xml;
    strbuf_init(&xml, 16 << 20);
    strbuf_adds(&xml, "<d><wanted>n19999</wanted><list>");
    for (int i = 0; i < ITEMS; i++)
        strbuf_addf(&xml, "<item><name>n%d</name><code>%d</code></item>", i, i);
    strbuf_adds(&xml, "</list></d>");
    scene_open(scene, strbuf_text(&xml));
    strbuf_free(&xml);
}

/// The budget counts nodes and sub-expressions, so it holds the same on every machine.
static void large_lists_cost_what_they_are_long(void **state)
{
    (void)state;
    struct scene scene;
    open_list(&scene);
    static const struct {
        const char *text, *wanted;
        size_t visits_an_item;
    } cases[] = {
        {"/d/list/item[name = /d/wanted]/code", "19999", 12},
        {"/d/list/item[name = concat('n', string-length(/d/list) * 0 + 7)]/code", "7", 14},
        {"/d/list/item[name = current()/d/wanted]/code", "19999", 12},
        {"count(//item[code > 10000])", "9999", 20},
        {"count(/d/list/item/name/..)", "20000", 12},
        {"count(/d/list/item/code | /d/list/item/name)", "40000", 30},
        {"/d/list/item/code = /d/list/item/name", "false", 16},
        {"/d/list/item/code < /d/list/item/code", "true", 16},
        {"count(//name | //code | //item)", "60000", 60},
        {"count(/d/list/item[position() mod 2 = 0])", "10000", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene.host.max_nodes = cases[i].visits_an_item * ITEMS;
        expect(&scene, cases[i].text, cases[i].wanted);
    }
    scene.host.max_nodes = 200;
    expect(&scene, "/d/list/item[7]/code", "6");
    xmlFreeDoc(scene.tree);
}

static void work_without_end_ends_in_full(void **state)
{
    (void)state;
    struct scene scene;
    open_list(&scene);
    scene.host.max_nodes = 1000000;
    expect_error(&scene, "count(//*[count(//*[count(//*[. = 'x']) > random()]) > random()])",
                 ERR_FULL);
    expect_error(&scene, "count(//*/preceding::*/following::*)", ERR_FULL);
    expect_error(&scene, "count(//item/position(.)[1])", ERR_INPUT);
    xmlFreeDoc(scene.tree);
}

static void patterns_that_explode_are_stopped(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "<d>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!</d>");
    const clock_t start = clock();
    expect_error(&scene, "regex(/d, '^(a+)+$')", ERR_FULL);
    expect_error(&scene, "regex(/d, '^(a|aa)+$')", ERR_FULL);
    expect_error(&scene, "regex(/d, concat('^(a+)+', '$'))", ERR_FULL);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 10);
    xmlFreeDoc(scene.tree);
}

static void long_texts_end_in_full(void **state)
{
    (void)state;
    struct scene scene;
    open_list(&scene);
    expect_error(
        &scene,
        "string-length(concat(join('', //item), join('', //item), join('', //item), join('', //*), "
        "join('', //*), join('', //*), join('', //*), join('', //*), join('', //*), join('', "
        "//*)))",
        ERR_FULL);
    xmlFreeDoc(scene.tree);
}

// ------------------------------------------------------------------ what an expression reads

static void note_reference(void *self, const char *path, bool deep)
{
    strbuf_addf(self, "%s%s ", path, deep ? "!" : "");
}

static void references_are_definition_paths(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"/data/member/income * 2", "/data/member/income "},
        {"../income + ../../bonus", "/data/member/income /data/bonus "},
        {". > 5", "/data/member/total! "},
        {"position(..) + count(../*)", "/data/member /data/member/* "},
        {"/data/member[name = current()/../chief]/income",
         "/data/member/name /data/member/chief /data/member/income "},
        {"instance('towns')/root/item[name = /data/town][2]/label",
         "instance(towns)/root/item/name /data/town instance(towns)/root/item/label "},
        {"pulldata('prices', 'price', 'code', /data/code)", "instance(prices)! /data/code "},
        {"sum(/data/member/*)", "/data/member/*! "},
        {"//income", "//income! "},
        {"/data/*[a/b]", "/data/*/a/b /data/*! "},
        {"if(selected(/data/x, 'a'), string-length(.), /data/y/@id)",
         "/data/x /data/member/total! /data/y/@id "},
        {"string-length()", "/data/member/total! "},
        {"following-sibling::note", "/data/member/note! "},
        {"ancestor::data/z", "/data/z "},
        {"(/data/a | /data/b)[1]/c", "/data/a /data/b "},
        {"count(randomize(instance('l')/root/item, /data/seed))",
         "/data/seed instance(l)/root/item "},
        {"1 + 2", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xpath_expression *expression = NULL;
        struct strbuf seen;
        strbuf_init(&seen, 4096);
        assert_int_equal(xpath_compile(cases[i].text, NULL, &expression, NULL), ERR_OK);
        xpath_each_reference(expression, "/data/member/total", note_reference, &seen);
        assert_string_equal(strbuf_text(&seen), cases[i].wanted);
        strbuf_free(&seen);
        xpath_free(expression);
    }
}

static void what_changes_by_itself_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_volatile;
    } cases[] = {
        {"now() > 5", true},           {"/data/a[b = today()]", true},
        {"concat(uuid(), 'x')", true}, {"random()", true},
        {"position(..)", true},        {"/data/a + 1", false},
        {"date('2026-01-01')", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xpath_expression *expression = NULL;
        assert_int_equal(xpath_compile(cases[i].text, NULL, &expression, NULL), ERR_OK);
        assert_int_equal(xpath_is_volatile(expression), cases[i].is_volatile);
        assert_false(xpath_calls(expression, "once"));
        assert_string_equal(xpath_text(expression), cases[i].text);
        xpath_free(expression);
    }
    struct xpath_expression *expression = NULL;
    assert_int_equal(xpath_compile("a[jr:choice-name(., 'x')]", NULL, &expression, NULL), ERR_OK);
    assert_true(xpath_calls(expression, "jr:choice-name"));
    xpath_free(expression);
}

static void numbers_read_back_as_they_are_written(void **state)
{
    (void)state;
    static const double numbers[] = {
        0.1, 1e21, 123456789.123, 5e-324, 1.7976931348623157e308, 2.5e-7, 4503599627370497.5};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[400];
        size_t length = xpath_format_number(numbers[i], text);
        assert_int_equal(length, strlen(text));
        assert_null(strchr(text, 'e'));
        assert_true(xpath_parse_number(text, length) == numbers[i]);
    }
}

static void jobs_with_bad_documents_are_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"", "<a>", "<a/><b/>", "no"};
    struct strbuf out;
    strbuf_init(&out, 4096);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const struct xpath_job job = {
            .xml = broken[i], .expression = "1", .want = XPATH_ANSWER_STRING};
        assert_int_equal(xpath_job_run(&job, &out, NULL), ERR_INPUT);
    }
    const struct xpath_job lost = {
        .xml = "<a/>", .context = "/node()[1]/node()[4]", .expression = "1"};
    assert_int_equal(xpath_job_run(&lost, &out, NULL), ERR_INPUT);
    strbuf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_cases_hold),
        cmocka_unit_test(every_function_has_a_case),
        cmocka_unit_test(wrong_expressions_are_refused_with_their_place),
        cmocka_unit_test(deep_nesting_is_refused_and_never_overflows),
        cmocka_unit_test(what_is_not_relevant_reads_as_nothing),
        cmocka_unit_test(functions_not_offered_here_compile_and_say_so),
        cmocka_unit_test(what_needs_crypto_fails_without_it),
        cmocka_unit_test(wrong_kinds_of_value_are_errors),
        cmocka_unit_test(large_lists_cost_what_they_are_long),
        cmocka_unit_test(work_without_end_ends_in_full),
        cmocka_unit_test(patterns_that_explode_are_stopped),
        cmocka_unit_test(long_texts_end_in_full),
        cmocka_unit_test(references_are_definition_paths),
        cmocka_unit_test(what_changes_by_itself_is_known),
        cmocka_unit_test(numbers_read_back_as_they_are_written),
        cmocka_unit_test(jobs_with_bad_documents_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
