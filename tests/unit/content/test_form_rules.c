// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every shipped form. Nobody is held at a list without an answer that is true for
// them; under fourteen nothing is applied for before the guardian agrees; and what may be skipped
// is said once, by the screen, never by a question that must be answered.
#include "asset_walk.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static int problems;

#define PROBLEM(...)                                                                               \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        problems++;                                                                                \
    } while (0)

static void each_form(void (*look)(const char *path))
{
    size_t i;
    json_t *service, *services = asset_json("assets/services.json");
    problems = 0;
    json_array_foreach(json_object_get(services, "services"), i, service)
        look(json_string_value(json_object_get(service, "form")));
    json_decref(services);
    assert_int_equal(problems, 0);
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (text_equal(word, *words))
            return true;
    return false;
}

// Answered, where the form has the question at all.
static bool has(struct asset_walk *walk, const char *ref, const char *value)
{
    return record_answer(walk->record, ref, value, NULL) == ERR_OK;
}

// One of each, where the form asks for people.
static void add_people(struct asset_walk *walk)
{
    static const char *const ranges[] = {"/data/member", "/data/supporter", "/data/kin"};
    size_t added = 0;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        added += record_add_repeat(walk->record, ranges[i], NULL) == ERR_OK;
    assert_true(added <= sizeof ranges / sizeof *ranges);
}

// ------------------------------------------------------------------ a way out that is true

static bool has_way_out(const struct record_node *node)
{
    static const char *const outs[] = {
        "none", "other", "unsure",  "unsaid",    "any",     "either", "no",     "later", "here",
        "ask",  "lost",  "unasked", "undecided", "unknown", "away",   "window", NULL};
    for (size_t i = 0; i < node->choice_count; i++) {
        const char *value, *label;
        record_choice(node, i, &value, &label);
        if (is_one_of(value, outs))
            return true;
    }
    return false;
}

// Complete by themselves: whoever answers is one of them.
static bool is_complete(const char *ref)
{
    static const char *const complete[] = {
        "/data/patient/who", // the applicant or one of the family
        "/data/patient/age_group",
        "/data/about/who",
        "/data/person/who",
        "/data/guardian/me",
        "/data/account/when", // "later" among them
        "/data/meals/payee",  // the school or oneself
        "/data/place/street",
        "/data/address/street", // asked only of who said "Laoshan"
        "/data/address/registered/street",
        "/data/moved/street",
        "/data/moved/area",
        "/data/place/area",
        "/data/area",
        "/data/delivery/how", // home or fetched
        "/data/haste/how",
        "/data/safety/soon", // a scale with "not urgent"
        "/data/contact/name_us",
        NULL};
    return is_one_of(ref, complete);
}

static void look_for_way_out(void *context, const struct record_node *node)
{
    bool list = text_equal(node->type, "select") || text_equal(node->type, "select1");
    if (list && node->required && node->choice_count > 0 && !has_way_out(node) &&
        !is_complete(node->ref))
        PROBLEM("%s: %s must be answered and has no answer for everybody\n", (const char *)context,
                node->ref);
}

static void ways_out(const char *path)
{
    struct asset_walk walk;
    char name[128];
    text_copy(name, sizeof name, path);
    asset_walk_open(&walk, path, NULL);
    (void)has(&walk, "/data/visit/who", "other");
    add_people(&walk);
    record_visit(walk.record, look_for_way_out, name);
    asset_walk_close(&walk);
}

static void every_list_has_an_answer_for_everybody(void **state)
{
    (void)state;
    each_form(ways_out);
}

// ------------------------------------------------------------------ a child who applies

struct held {
    const char *ref;
    bool wrong;
};

static void look_at(void *context, const struct record_node *node)
{
    struct held *held = context;
    if (text_equal(node->ref, held->ref))
        held->wrong = node->violation != VIOLATION_NONE;
}

static bool is_held(struct asset_walk *walk, const char *ref)
{
    struct held held = {.ref = ref};
    record_visit(walk->record, look_at, &held);
    return held.wrong;
}

static void children(const char *path)
{
    struct asset_walk walk;
    asset_walk_open(&walk, path, NULL);
    // Whoever is asked for a number and may have somebody apply for them.
    if (has(&walk, "/data/minor/agrees", "")) {
        assert_true(has(&walk, "/data/applicant/name", "王小五"));
        assert_true(has(&walk, "/data/applicant/id_number", "370212201503010018"));
        if (!record_is_relevant(walk.record, "/data/minor/agrees") ||
            !record_is_relevant(walk.record, "/data/visit/consent_child"))
            PROBLEM("%s: a child of eleven applies without a guardian\n", path);
        if (!has(&walk, "/data/minor/agrees", "away") || !is_held(&walk, "/data/minor/agrees"))
            PROBLEM("%s: goes on though the guardian is not there\n", path);
        if (!has(&walk, "/data/minor/agrees", "here") || is_held(&walk, "/data/minor/agrees"))
            PROBLEM("%s: does not go on though the guardian agrees\n", path);
    }
    asset_walk_close(&walk);
}

static void no_child_applies_without_a_guardian(void **state)
{
    (void)state;
    each_form(children);
}

// ------------------------------------------------------------------ skipping is said once

static void look_for_skipping(void *context, const struct record_node *node)
{
    static const char *const words[] = {"可以不填", "可以先不填", "可以不写", "可以不选",
                                        "不选也可以"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((node->label && strstr(node->label, words[i])) ||
            (node->hint && strstr(node->hint, words[i])))
            PROBLEM("%s: %s says itself that it may be skipped\n", (const char *)context,
                    node->ref);
}

static void skipping(const char *path)
{
    struct asset_walk walk;
    char name[128];
    text_copy(name, sizeof name, path);
    asset_walk_open(&walk, path, NULL);
    add_people(&walk);
    record_visit(walk.record, look_for_skipping, name);
    asset_walk_close(&walk);
}

static void skipping_is_said_by_the_screen_alone(void **state)
{
    (void)state;
    each_form(skipping);
}

// ------------------------------------------------------------------ how to answer is no question

// A question stands in the review and on the district's page, where nothing is chosen any more.
static void look_for_how(void *context, const struct record_node *node)
{
    static const char *const words[] = {"可以选", "请选", "选一个", "点一下"};
    bool list = text_equal(node->type, "select") || text_equal(node->type, "select1");
    for (size_t i = 0; list && node->label && i < sizeof words / sizeof *words; i++)
        if (strstr(node->label, words[i]))
            PROBLEM("%s: %s says in the question how to answer: that is its hint\n",
                    (const char *)context, node->ref);
}

static void how_to_answer(const char *path)
{
    struct asset_walk walk;
    char name[128];
    text_copy(name, sizeof name, path);
    asset_walk_open(&walk, path, NULL);
    add_people(&walk);
    record_visit(walk.record, look_for_how, name);
    asset_walk_close(&walk);
}

static void how_to_answer_is_said_in_the_hint(void **state)
{
    (void)state;
    each_form(how_to_answer);
}

// ------------------------------------------------------------------ the names of people

// What a person is called may have a character that no keyboard has.
static bool asks_for_a_name(const struct record_node *node)
{
    static const char *const words[] = {"姓名", "叫什么", "怎么称呼"};
    for (size_t i = 0; node->label && i < sizeof words / sizeof *words; i++)
        if (text_equal(node->type, "input") && strstr(node->label, words[i]))
            return true;
    return false;
}

static size_t names_seen;

static void look_for_name(void *context, const struct record_node *node)
{
    bool asks = asks_for_a_name(node);
    names_seen += asks;
    if (asks && !text_equal(node->appearance ? node->appearance : "", "name"))
        PROBLEM("%s: %s has not the appearance \"name\"\n", (const char *)context, node->ref);
}

static void names(const char *path)
{
    struct asset_walk walk;
    char name[128];
    text_copy(name, sizeof name, path);
    asset_walk_open(&walk, path, NULL);
    add_people(&walk);
    record_visit(walk.record, look_for_name, name);
    asset_walk_close(&walk);
}

static void a_person_s_name_may_be_written_with_the_finger(void **state)
{
    (void)state;
    names_seen = 0;
    each_form(names);
    assert_true(names_seen > 40);
}

// ------------------------------------------------------------------ numbers

static size_t numbers_seen;

static void look_for_sign(void *context, const char *screen, const struct question *question)
{
    (void)screen;
    bool number = question->kind == QUESTION_INTEGER || question->kind == QUESTION_DECIMAL;
    numbers_seen += number && !question->readonly;
    if (number && question->may_be_negative)
        PROBLEM("%s: %s has a key for a sign\n", (const char *)context, question->ref);
}

// What opens the questions for amounts; where a form has no such list nothing happens.
static void open_amounts(struct asset_walk *walk)
{
    static const char *const lists[][2] = {
        {"/data/rigid/kinds", "medical education rehab care living"},
        {"/data/income/more", "business farm property other"},
        {"/data/difficulty", "illness accident education other"},
        {"/data/self/health/state", "serious"},
        {"/data/self/marriage/state", "divorced"},
        {"/data/member[1]/health/state", "serious"},
        {"/data/member[1]/marriage/state", "divorced"},
        {"/data/support/has", "yes"},
        {"/data/supporter[1]/help/able", "partly"}};
    size_t known = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        known += has(walk, lists[i][0], lists[i][1]);
    assert_true(known <= sizeof lists / sizeof *lists);
}

static void signs(const char *path)
{
    struct asset_walk walk;
    char name[128];
    text_copy(name, sizeof name, path);
    asset_walk_open(&walk, path, NULL);
    open_amounts(&walk);
    add_people(&walk);
    open_amounts(&walk);
    record_review(walk.record, look_for_sign, name);
    asset_walk_close(&walk);
}

static void no_number_of_ours_has_a_sign(void **state)
{
    (void)state;
    numbers_seen = 0;
    each_form(signs);
    assert_true(numbers_seen > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_has_an_answer_for_everybody),
        cmocka_unit_test(no_child_applies_without_a_guardian),
        cmocka_unit_test(skipping_is_said_by_the_screen_alone),
        cmocka_unit_test(how_to_answer_is_said_in_the_hint),
        cmocka_unit_test(a_person_s_name_may_be_written_with_the_finger),
        cmocka_unit_test(no_number_of_ours_has_a_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
