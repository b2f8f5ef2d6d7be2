// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped forms, walked through as residents fill them in. Each file in walks/ names a form and
// steps; a step answers, adds, removes or changes the language, and then says what must be true:
//   {"answer": [ref, value], ...}           one or more pairs in a list of lists with "answers"
//   "add": range, "remove": ref, "language": "en"
//   "relevant": [refs], "hidden": [refs], "values": {ref: value}
//   "violations": {ref: "required" | "constraint" | null}, "messages": {ref: part of the text}
//   "choices": {ref: count}, "screens": number of screens now, "submits": true | false
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include "yimen/form/form.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct walk {
    struct files assets;
    struct crypto crypto;
    struct form *form;
    struct record *record;
    const char *file;
    size_t step;
};

#define WALK_FAIL(walk, ...)                                                                       \
    do {                                                                                           \
        print_error("%s, step %zu: ", (walk)->file, (walk)->step + 1);                             \
        fail_msg(__VA_ARGS__);                                                                     \
    } while (0)

// ------------------------------------------------------------------ loading

static struct when on_23_november(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795413600000, .quality = TIME_DISTRICT}; // 14:00 in Qingdao
}
static const struct clock_ops clock_ops = {.now = on_23_november};
static const struct clock the_clock = {.ops = &clock_ops};

static enum err division_list(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    struct walk *walk = context;
    if (!text_equal(uri, "jr://file-csv/laoshan.csv"))
        return fail_set(why, ERR_NOT_FOUND, "%s", uri);
    return walk->assets.ops->read(walk->assets.self, "divisions/laoshan.csv", out, why);
}

// The applicant is asked for on the identity screen, which no form knows.
static void no_finding_is_expected(void *context, const struct form_finding *finding)
{
    (void)context;
    bool identity = text_starts(finding->text, "/data/applicant/");
    if (finding->severity != FORM_NOTE && !identity)
        fail_msg("%s:%d: %s: %s", finding->file, finding->line, finding->element, finding->text);
}

static void open_form(struct walk *walk, const char *path)
{
    struct strbuf text;
    struct fail why = {0};
    strbuf_init(&text, LIMIT_FORM_BYTES);
    if (walk->assets.ops->read(walk->assets.self, path, &text, &why) != ERR_OK)
        fail_msg("%s", why.text);
    const struct form_source source = {
        .name = path,
        .text = strbuf_text(&text),
        .length = text.length,
        .resource = division_list,
        .context = walk,
        .crypto = &walk->crypto,
        .strict = true,
    };
    if (form_load(&source, no_finding_is_expected, NULL, &walk->form, &why) != ERR_OK)
        fail_msg("%s", why.text);
    strbuf_free(&text);
    const struct record_options options = {.clock = &the_clock,
                                           .crypto = &walk->crypto,
                                           .time_zone = "Asia/Shanghai",
                                           .language = "zh"};
    if (record_new(walk->form, &options, &walk->record, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

// ------------------------------------------------------------------ doing

static void answer(struct walk *walk, json_t *pair)
{
    struct fail why = {0};
    const char *ref = json_string_value(json_array_get(pair, 0));
    const char *value = json_string_value(json_array_get(pair, 1));
    if (!ref || !value)
        WALK_FAIL(walk, "an answer is [ref, value]");
    if (record_answer(walk->record, ref, value, &why) != ERR_OK)
        WALK_FAIL(walk, "%s: %s", ref, why.text);
}

static void act(struct walk *walk, json_t *step)
{
    struct fail why = {0};
    const char *add = json_string_value(json_object_get(step, "add"));
    const char *gone = json_string_value(json_object_get(step, "remove"));
    const char *language = json_string_value(json_object_get(step, "language"));
    if (add && record_add_repeat(walk->record, add, &why) != ERR_OK)
        WALK_FAIL(walk, "%s", why.text);
    if (gone && record_remove_repeat(walk->record, gone, &why) != ERR_OK)
        WALK_FAIL(walk, "%s", why.text);
    if (language && record_set_language(walk->record, language, &why) != ERR_OK)
        WALK_FAIL(walk, "%s", why.text);
    if (json_object_get(step, "answer"))
        answer(walk, json_object_get(step, "answer"));
    size_t i;
    json_t *pair;
    json_array_foreach(json_object_get(step, "answers"), i, pair) answer(walk, pair);
}

// ------------------------------------------------------------------ seeing

struct wanted {
    const char *ref;
    bool found;
    enum record_violation violation;
    char message[512];
    size_t choices;
};

static void look(void *context, const struct record_node *node)
{
    struct wanted *wanted = context;
    if (!text_equal(node->ref, wanted->ref))
        return;
    wanted->found = true;
    wanted->violation = node->violation;
    wanted->choices = node->choice_count;
    text_copy(wanted->message, sizeof wanted->message,
              node->violation_message ? node->violation_message : "");
}

static struct wanted node_at(struct walk *walk, const char *ref)
{
    struct wanted wanted = {.ref = ref};
    record_visit(walk->record, look, &wanted);
    if (!wanted.found)
        WALK_FAIL(walk, "there is no node %s", ref);
    return wanted;
}

static const char *violation_name(enum record_violation violation)
{
    return violation == VIOLATION_REQUIRED     ? "required"
           : violation == VIOLATION_CONSTRAINT ? "constraint"
                                               : "none";
}

static void see_relevance(struct walk *walk, const json_t *refs, bool expected)
{
    size_t i;
    json_t *ref;
    json_array_foreach(refs, i, ref)
    {
        const char *name = json_string_value(ref);
        (void)node_at(walk, name);
        if (record_is_relevant(walk->record, name) != expected)
            WALK_FAIL(walk, "%s should%s be asked", name, expected ? "" : " not");
    }
}

static void see_values(struct walk *walk, json_t *values)
{
    const char *ref;
    json_t *value;
    json_object_foreach(values, ref, value)
    {
        const char *found = record_value(walk->record, ref);
        if (!text_equal(found, json_string_value(value)))
            WALK_FAIL(walk, "%s is \"%s\", not \"%s\"", ref, found, json_string_value(value));
    }
}

static void see_violations(struct walk *walk, json_t *violations, json_t *messages)
{
    const char *ref;
    json_t *value;
    json_object_foreach(violations, ref, value)
    {
        const char *expected = json_is_null(value) ? "none" : json_string_value(value);
        struct wanted node = node_at(walk, ref);
        if (!text_equal(violation_name(node.violation), expected))
            WALK_FAIL(walk, "%s: %s, not %s", ref, violation_name(node.violation), expected);
        if (node.violation != VIOLATION_NONE && !node.message[0])
            WALK_FAIL(walk, "%s: nothing tells the resident what is wrong", ref);
    }
    json_object_foreach(messages, ref, value)
    {
        struct wanted node = node_at(walk, ref);
        if (!strstr(node.message, json_string_value(value)))
            WALK_FAIL(walk, "%s says \"%s\"", ref, node.message);
    }
}

static size_t screen_count(struct walk *walk)
{
    size_t count = 0;
    const char *at = record_first_screen(walk->record);
    char ref[LIMIT_REF];
    while (at) {
        count++;
        text_copy(ref, sizeof ref, at);
        at = record_next_screen(walk->record, ref);
    }
    return count;
}

static void see(struct walk *walk, json_t *step)
{
    const char *ref;
    json_t *value;
    see_relevance(walk, json_object_get(step, "relevant"), true);
    see_relevance(walk, json_object_get(step, "hidden"), false);
    see_values(walk, json_object_get(step, "values"));
    see_violations(walk, json_object_get(step, "violations"), json_object_get(step, "messages"));
    json_object_foreach(json_object_get(step, "choices"), ref, value)
    {
        size_t found = node_at(walk, ref).choices;
        if (found != (size_t)json_integer_value(value))
            WALK_FAIL(walk, "%s has %zu choices", ref, found);
    }
    if (json_object_get(step, "screens")) {
        size_t found = screen_count(walk);
        if (found != (size_t)json_integer_value(json_object_get(step, "screens")))
            WALK_FAIL(walk, "there are %zu screens", found);
    }
    if (json_object_get(step, "submits")) {
        struct strbuf out;
        struct fail why = {0};
        strbuf_init(&out, LIMIT_SUBMISSION_XML);
        bool submits = record_submission(walk->record, false, &out, &why) == ERR_OK;
        strbuf_free(&out);
        if (submits != json_is_true(json_object_get(step, "submits")))
            WALK_FAIL(walk, "it should%s be ready: %s", submits ? " not" : "", why.text);
    }
}

// ------------------------------------------------------------------ the walks

static void walk_file(const char *file)
{
    struct walk walk = {.file = file};
    struct fail why = {0};
    json_error_t error;
    json_t *root = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s:%d: %s", file, error.line, error.text);
    assert_int_equal(system_files_open("assets", &walk.assets, &why), ERR_OK);
    assert_int_equal(sodium_crypto_open(&walk.crypto, &why), ERR_OK);
    open_form(&walk, json_string_value(json_object_get(root, "form")));
    json_t *step;
    json_array_foreach(json_object_get(root, "steps"), walk.step, step)
    {
        act(&walk, step);
        see(&walk, step);
    }
    record_free(walk.record);
    form_free(walk.form);
    system_files_close(&walk.assets);
    json_decref(root);
}

#define WALK(name)                                                                                 \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        walk_file("tests/unit/content/walks/" #name ".json");                                      \
    }
WALK(urgent_at_the_counter)
WALK(urgent_elsewhere)
WALK(id_numbers)
WALK(living_alone)
WALK(household)
WALK(for_somebody_else)
WALK(bank_account)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urgent_at_the_counter),
        cmocka_unit_test(urgent_elsewhere),
        cmocka_unit_test(id_numbers),
        cmocka_unit_test(living_alone),
        cmocka_unit_test(household),
        cmocka_unit_test(for_somebody_else),
        cmocka_unit_test(bank_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
