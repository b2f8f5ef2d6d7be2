// SPDX-License-Identifier: GPL-3.0-or-later
// "Which help fits me" gives its reason as "you said that ...": such a sentence may only repeat
// what was answered. reasons.json holds, for each advice, the sentence and what it claims: all of
// its lists, of each list at least one choice. Over many different households no advice is shown
// whose claim is not true of the answers, each advice is shown to somebody, and a sentence that was
// changed must have its claim looked at again.
#include "asset_walk.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { HOUSEHOLDS = 400, ADVICE_MAXIMUM = 64 };

struct search {
    struct asset_walk walk;
    json_t *reasons;
    bool shown[ADVICE_MAXIMUM];
    uint32_t state;
};

// The same households in each run.
static uint32_t draw(struct search *search, uint32_t below)
{
    search->state = search->state * 1664525u + 1013904223u;
    return (search->state >> 16) % below;
}

static void answer(struct search *search, const char *ref, const char *value)
{
    struct fail why = {0};
    if (record_answer(search->walk.record, ref, value, &why) != ERR_OK)
        fail_msg("%s: %s", ref, why.text);
}

static void answer_one(struct search *search, const char *ref, const char *const *choices)
{
    uint32_t count = 0;
    while (choices[count])
        count++;
    answer(search, ref, choices[draw(search, count)]);
}

// Some of them, few more often than many.
static void answer_some(struct search *search, const char *ref, const char *const *choices)
{
    char value[LIMIT_ANSWER + 1] = "";
    for (size_t i = 0; choices[i]; i++) {
        size_t used = strlen(value);
        if (draw(search, 4) == 0)
            snprintf(value + used, sizeof value - used, "%s%s", used ? " " : "", choices[i]);
    }
    answer(search, ref, value);
}

static void answer_household(struct search *search)
{
    static const char *const hard[] = {"money",  "illness", "school", "care",   "home",  "heart",
                                       "lonely", "work",    "farm",   "sudden", "other", NULL};
    static const char *const people[] = {"elder",      "disabled", "ill", "pupil",
                                         "unattended", "nobody",   NULL};
    static const char *const cannot[] = {"eat", "dress", "bed", "toilet", "walk", "bath", NULL};
    static const char *const enough[] = {"yes", "barely", "no", "unsure", NULL};
    static const char *const most[] = {"no", "yes", "unsure", NULL};
    static const char *const grade[] = {"1", "2", "3", "4", "unsure", NULL};
    static const char *const family[] = {"destitute", "minimum", "edge", "rigid",
                                         "none",      "unsure",  NULL};
    static const char *const area[] = {"laoshan", "outside", NULL};
    answer_some(search, "/data/hard", hard);
    answer_some(search, "/data/people/there", people);
    answer_some(search, "/data/care/cannot", cannot);
    answer_one(search, "/data/enough", enough);
    answer_one(search, "/data/most", most);
    answer_one(search, "/data/disability/grade", grade);
    answer_one(search, "/data/family/type", family);
    answer_one(search, "/data/area", area);
}

// What the record holds where it is asked: an answer that is no longer asked says nothing.
static bool was_chosen(const struct search *search, json_t *choice)
{
    const char *ref = json_string_value(json_array_get(choice, 0));
    const char *wanted = json_string_value(json_array_get(choice, 1));
    const char *at = record_value(search->walk.record, ref);
    size_t length = strlen(wanted);
    for (; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && strncmp(at, wanted, length) == 0)
            return true;
        at += word;
    }
    return false;
}

static bool is_true(const struct search *search, json_t *says)
{
    size_t i, j;
    json_t *any, *choice;
    json_array_foreach(says, i, any)
    {
        bool one = false;
        json_array_foreach(any, j, choice) one = one || was_chosen(search, choice);
        if (!one)
            return false;
    }
    return true;
}

static void look(struct search *search)
{
    size_t i;
    json_t *reason;
    json_array_foreach(search->reasons, i, reason)
    {
        const char *ref = json_string_value(json_object_get(reason, "ref"));
        if (!record_is_relevant(search->walk.record, ref))
            continue;
        search->shown[i] = true;
        if (!is_true(search, json_object_get(reason, "says")))
            fail_msg("%s says what was not answered: hard %s, people %s, enough %s, most %s", ref,
                     record_value(search->walk.record, "/data/hard"),
                     record_value(search->walk.record, "/data/people/there"),
                     record_value(search->walk.record, "/data/enough"),
                     record_value(search->walk.record, "/data/most"));
    }
}

static void search_open(struct search *search)
{
    *search = (struct search){.state = 1};
    search->reasons = asset_json("tests/unit/content/reasons.json");
    assert_true(json_array_size(search->reasons) <= ADVICE_MAXIMUM);
    asset_walk_open(&search->walk, "forms/which_help.xml", NULL);
}

static void search_close(struct search *search)
{
    asset_walk_close(&search->walk);
    json_decref(search->reasons);
}

static void a_reason_only_repeats_what_was_answered(void **state)
{
    (void)state;
    struct search search;
    search_open(&search);
    for (int i = 0; i < HOUSEHOLDS; i++) {
        answer_household(&search);
        look(&search);
    }
    for (size_t i = 0; i < json_array_size(search.reasons); i++) {
        json_t *reason = json_array_get(search.reasons, i);
        if (!search.shown[i])
            fail_msg("nobody is told of %s", json_string_value(json_object_get(reason, "ref")));
    }
    search_close(&search);
}

// Every advice that gives a reason has its claim, made for just this sentence.
static void hold_hint(void *context, const struct record_node *node)
{
    const json_t *reasons = context;
    size_t i;
    json_t *reason;
    if (!text_starts(node->ref, "/data/advice_") || !node->hint || !node->hint[0])
        return;
    json_array_foreach(reasons, i, reason)
    {
        if (!text_equal(json_string_value(json_object_get(reason, "ref")), node->ref))
            continue;
        assert_string_equal(node->hint, json_string_value(json_object_get(reason, "hint")));
        return;
    }
    fail_msg("%s gives a reason that reasons.json does not know: %s", node->ref, node->hint);
}

static void every_reason_has_its_claim(void **state)
{
    (void)state;
    struct search search;
    search_open(&search);
    record_visit(search.walk.record, hold_hint, search.reasons);
    search_close(&search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_only_repeats_what_was_answered),
        cmocka_unit_test(every_reason_has_its_claim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
