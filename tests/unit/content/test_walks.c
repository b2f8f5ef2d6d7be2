// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped forms, walked through as residents fill them in. Each file in walks/ names a form and
// steps; a step answers, adds, removes or changes the language, and then says what must be true:
//   {"answer": [ref, value], ...}           one or more pairs in a list of lists with "answers"
//   "add": range, "remove": ref, "language": "en"
//   "relevant": [refs], "hidden": [refs], "values": {ref: value}
//   "violations": {ref: "required" | "constraint" | null}, "messages": {ref: part of the text}
//   "choices": {ref: count}, "screens": number of screens now, "submits": true | false
//   "alike": [ref, value, value, ...]       whichever is chosen, every screen says the same
// "lists": {"limits.csv": text} beside "form" stands in for a list that the district fills in.
// A step may "begin" with the steps of another walk: {"begin": "a household"} names an entry of
// walks/begin.json, whose answers are given first.
#include "asset_walk.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include "yimen/record/record.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct walk {
    struct asset_walk asset;
    struct record *record;
    const char *file;
    json_t *begins; ///< answers that many walks begin with, by name
    size_t step;
};

#define WALK_FAIL(walk, ...)                                                                       \
    do {                                                                                           \
        print_error("%s, step %zu: ", (walk)->file, (walk)->step + 1);                             \
        fail_msg(__VA_ARGS__);                                                                     \
    } while (0)

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

static void begin(struct walk *walk, const char *name)
{
    size_t i;
    json_t *pair, *answers = json_object_get(walk->begins, name);
    if (!answers)
        WALK_FAIL(walk, "begin.json has no \"%s\"", name);
    json_array_foreach(answers, i, pair) answer(walk, pair);
}

static void act(struct walk *walk, json_t *step)
{
    struct fail why = {0};
    if (json_object_get(step, "begin"))
        begin(walk, json_string_value(json_object_get(step, "begin")));
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

// ------------------------------------------------------------------ telling nothing apart

// A question in words, but for the answer to `asked` itself.
static void write_question(struct strbuf *out, const struct question *question, const char *asked)
{
    bool itself = text_equal(question->ref, asked);
    strbuf_addf(out, "%s|%s|%s|%d%d|%s\n", question->ref, question->label, question->hint,
                question->readonly, question->required, itself ? "" : question->shown);
    for (size_t i = 0; i < question->choice_count; i++)
        strbuf_addf(out, "  %s\n", question->choices[i].label);
}

static void write_screens(struct walk *walk, const char *asked, struct strbuf *out)
{
    char ref[LIMIT_REF];
    for (const char *at = record_first_screen(walk->record); at;
         at = record_next_screen(walk->record, ref)) {
        struct form_screen screen;
        struct fail why = {0};
        text_copy(ref, sizeof ref, at);
        if (record_screen(walk->record, ref, &screen, &why) != ERR_OK)
            WALK_FAIL(walk, "%s", why.text);
        strbuf_addf(out, "[%s] %s\n", ref, screen.group_label);
        for (size_t i = 0; i < screen.question_count; i++)
            write_question(out, &screen.questions[i], asked);
    }
}

static void see_alike_in(struct walk *walk, const json_t *alike)
{
    const char *asked = json_string_value(json_array_get(alike, 0));
    struct strbuf first, other;
    strbuf_init(&first, LIMIT_FORM_BYTES);
    for (size_t i = 1; i < json_array_size(alike); i++) {
        struct fail why = {0};
        const char *value = json_string_value(json_array_get(alike, i));
        strbuf_init(&other, LIMIT_FORM_BYTES);
        if (record_answer(walk->record, asked, value, &why) != ERR_OK)
            WALK_FAIL(walk, "%s: %s", asked, why.text);
        write_screens(walk, asked, i == 1 ? &first : &other);
        if (i > 1 && !text_equal(strbuf_text(&first), strbuf_text(&other)))
            WALK_FAIL(walk, "%s = %s can be told apart:\n%s\nfrom\n%s", asked, value,
                      strbuf_text(&other), strbuf_text(&first));
        strbuf_free(&other);
    }
    strbuf_free(&first);
}

static void see_alike(struct walk *walk, const json_t *alike)
{
    static const char *const languages[] = {"en", "ko", "zh"};
    for (size_t i = 0; alike && i < sizeof languages / sizeof *languages; i++) {
        struct fail why = {0};
        if (record_set_language(walk->record, languages[i], &why) != ERR_OK)
            WALK_FAIL(walk, "%s", why.text);
        see_alike_in(walk, alike);
    }
}

static void see(struct walk *walk, json_t *step)
{
    const char *ref;
    json_t *value;
    see_relevance(walk, json_object_get(step, "relevant"), true);
    see_relevance(walk, json_object_get(step, "hidden"), false);
    see_values(walk, json_object_get(step, "values"));
    see_violations(walk, json_object_get(step, "violations"), json_object_get(step, "messages"));
    see_alike(walk, json_object_get(step, "alike"));
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

#define WALKS "tests/unit/content/walks"

static void walk_file(void **state)
{
    char file[256];
    snprintf(file, sizeof file, WALKS "/%s", (const char *)*state);
    struct walk walk = {.file = file};
    json_t *root = asset_json(file);
    walk.begins = asset_json(WALKS "/begin.json");
    asset_walk_open(&walk.asset, json_string_value(json_object_get(root, "form")),
                    json_object_get(root, "lists"));
    walk.record = walk.asset.record;
    json_t *step;
    json_array_foreach(json_object_get(root, "steps"), walk.step, step)
    {
        act(&walk, step);
        see(&walk, step);
    }
    asset_walk_close(&walk.asset);
    json_decref(walk.begins);
    json_decref(root);
}

enum { WALK_MAXIMUM = 200, WALK_NAME = 96 };
struct walks {
    size_t count;
    char names[WALK_MAXIMUM][WALK_NAME];
    struct CMUnitTest tests[WALK_MAXIMUM];
};

static void found(void *context, const char *name)
{
    struct walks *walks = context;
    if (!text_ends(name, ".json") || text_equal(name, "begin.json"))
        return;
    assert_true(walks->count < WALK_MAXIMUM);
    char *kept = walks->names[walks->count];
    assert_true(text_copy(kept, WALK_NAME, name));
    walks->tests[walks->count++] =
        (struct CMUnitTest){.name = kept, .test_func = walk_file, .initial_state = kept};
}

int main(void)
{
    static struct walks walks;
    struct files folder;
    struct fail why = {0};
    if (system_files_open(WALKS, &folder, &why) != ERR_OK ||
        folder.ops->list(folder.self, ".", found, &walks, &why) != ERR_OK) {
        print_error("%s\n", why.text);
        return 1;
    }
    system_files_close(&folder);
    return _cmocka_run_group_tests("walks", walks.tests, walks.count, NULL, NULL);
}
