// SPDX-License-Identifier: GPL-3.0-or-later
// coverage.csv lists every branch and every validation that the forms must have, each with the walk
// or the test that shows it. Here every row is held to it: the walk is there and asserts just that,
// the test is there and is run.
//   relevant|hidden REF   violation REF required|constraint|none   message REF PART
//   value REF [TEXT]      alike REF    submits                     (of a .c file: the test's name)
#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { BRANCHES = 17, VALIDATIONS = 14, ROW = 1024, FILE_BYTES = 1 << 20 };

struct row {
    int line;
    char group[32], rule[160], test[96], asserts[600];
};

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && text_equal(json_string_value(value), text);
}

static bool has_text(json_t *list, const char *text)
{
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value) if (is_text(value, text)) return true;
    return false;
}

// One step's word on a node: what follows the reference must be it, or be part of a message.
static bool says(json_t *of, const char *ref, const char *wanted, bool part)
{
    json_t *value = json_object_get(of, ref);
    if (!value)
        return false;
    const char *text = json_is_null(value) ? "none" : json_string_value(value);
    return text && (part ? strstr(text, wanted) != NULL : text_equal(text, wanted));
}

static bool step_asserts(json_t *step, const char *kind, const char *ref, const char *rest)
{
    if (text_equal(kind, "relevant") || text_equal(kind, "hidden"))
        return has_text(json_object_get(step, kind), ref);
    if (text_equal(kind, "violation"))
        return says(json_object_get(step, "violations"), ref, rest, false);
    if (text_equal(kind, "message"))
        return says(json_object_get(step, "messages"), ref, rest, true);
    if (text_equal(kind, "value"))
        return says(json_object_get(step, "values"), ref, rest, false);
    if (text_equal(kind, "alike"))
        return is_text(json_array_get(json_object_get(step, "alike"), 0), ref);
    return text_equal(kind, "submits") && json_is_true(json_object_get(step, "submits"));
}

static void hold_assertion(const struct row *row, json_t *steps, char *assertion)
{
    size_t i;
    json_t *step;
    char *kind = assertion + strspn(assertion, " "), *ref = strchr(kind, ' ');
    if (ref)
        *ref++ = '\0';
    char *rest = ref ? strchr(ref, ' ') : NULL;
    if (rest)
        *rest++ = '\0';
    json_array_foreach(steps, i,
                       step) if (step_asserts(step, kind, ref ? ref : "", rest ? rest : "")) return;
    fail_msg("coverage.csv:%d: %s never asserts: %s %s %s", row->line, row->test, kind,
             ref ? ref : "", rest ? rest : "");
}

static void hold_walk(struct row *row)
{
    char path[160];
    json_error_t error;
    snprintf(path, sizeof path, "tests/unit/content/walks/%s", row->test);
    json_t *root = json_load_file(path, 0, &error), *steps = json_object_get(root, "steps");
    if (!root)
        fail_msg("coverage.csv:%d: %s: %s", row->line, path, error.text);
    for (char *at = row->asserts, *next; at && *at; at = next) {
        next = strchr(at, ';');
        if (next)
            *next++ = '\0';
        hold_assertion(row, steps, at);
    }
    json_decref(root);
}

// Defined, and named once more where the tests are run.
static void hold_test(const struct row *row)
{
    struct files files;
    struct strbuf text;
    strbuf_init(&text, FILE_BYTES);
    assert_int_equal(system_files_open(".", &files, NULL), ERR_OK);
    if (files.ops->read(files.self, row->test, &text, NULL) != ERR_OK)
        fail_msg("coverage.csv:%d: no file %s", row->line, row->test);
    const char *first = strstr(strbuf_text(&text), row->asserts);
    if (!first || !strstr(first + 1, row->asserts))
        fail_msg("coverage.csv:%d: %s has no test %s", row->line, row->test, row->asserts);
    strbuf_free(&text);
    system_files_close(&files);
}

static bool read_row(char *line, struct row *row)
{
    char *parts[4], *at = line;
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < 4; i++) {
        parts[i] = at;
        at = i < 3 ? strchr(at, ',') : NULL;
        if (i < 3 && !at)
            return false;
        if (at)
            *at++ = '\0';
    }
    return text_copy(row->group, sizeof row->group, parts[0]) &&
           text_copy(row->rule, sizeof row->rule, parts[1]) &&
           text_copy(row->test, sizeof row->test, parts[2]) &&
           text_copy(row->asserts, sizeof row->asserts, parts[3]) && !strchr(parts[3], ',');
}

static void count_group(const struct row *row, bool branches[BRANCHES + 1],
                        bool validations[VALIDATIONS + 1])
{
    const char *space = strchr(row->group, ' ');
    int64_t number = 0;
    bool is_branch = text_starts(row->group, "branch ");
    if (!space || !text_to_int64(space + 1, &number) || number < 1 ||
        number > (is_branch ? BRANCHES : VALIDATIONS))
        fail_msg("coverage.csv:%d: no group %s", row->line, row->group);
    (is_branch ? branches : validations)[number] = true;
}

static void every_branch_and_every_validation_is_shown(void **state)
{
    (void)state;
    bool branches[BRANCHES + 1] = {true}, validations[VALIDATIONS + 1] = {true};
    char line[ROW];
    FILE *file = fopen("tests/unit/content/coverage.csv", "r");
    assert_non_null(file);
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        struct row row = {.line = number};
        if (!read_row(line, &row))
            fail_msg("coverage.csv:%d: not four columns", number);
        if (number == 1)
            continue;
        count_group(&row, branches, validations);
        if (text_ends(row.test, ".c"))
            hold_test(&row);
        else
            hold_walk(&row);
    }
    assert_int_equal(fclose(file), 0);
    for (int i = 1; i <= BRANCHES; i++)
        if (!branches[i])
            fail_msg("branch %d has no row", i);
    for (int i = 1; i <= VALIDATIONS; i++)
        if (!validations[i])
            fail_msg("validation %d has no row", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_branch_and_every_validation_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
