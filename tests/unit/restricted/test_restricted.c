// SPDX-License-Identifier: GPL-3.0-or-later
// A case of violence at home, or of a child in danger, is marked as restricted inside the sealed
// record; on paper, on the screen, in speech, in numbers, lists, logs and on the tracking page
// nothing tells it from any other.
#include "unit/restricted/whole.h"
#include "yimen/base/text.h"
#include <stdio.h>

enum { SEED = 20261123 };

enum { ALSO = 3 };

struct pair {
    const char *service, *ref, *ordinary, *restricted;
    bool both; // every case of this service is restricted: one topic looks like another
    struct whole_answer also[ALSO]; // in both visits: another branch of the form
};

#define NAMED                                                                                      \
    {"/data/contact/person", "李四"},                                                              \
    {                                                                                              \
        "/data/contact/person_phone", "13800000001"                                                \
    }
#define URGENT(ordinary, restricted, ...)                                                          \
    {                                                                                              \
        "urgent-relief", "/data/event/type", ordinary, restricted, false,                          \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define WHISTLE(ordinary, restricted, ...)                                                         \
    {                                                                                              \
        "whistle", "/data/lead/kind", ordinary, restricted, false,                                 \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define TALK(one, other, ...)                                                                      \
    {                                                                                              \
        "counselling", "/data/topic/kinds", one, other, true,                                      \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

// Each of what is not to be told beside each way to be reached, each topic beside another, and what
// else makes other screens.
static const struct pair pairs[] = {
    URGENT("fire", "violence", {"/data/contact/how", "phone"}),
    URGENT("other", "violence", {"/data/contact/how", "here"}),
    URGENT("accident", "violence", {"/data/contact/how", "person"}, NAMED),
    URGENT("disaster", "violence", {"/data/contact/how", "window"}),
    URGENT("shelter", "child", {"/data/place/area", "outside"}),
    URGENT("illness", "child", {"/data/need", "care"}, {"/data/contact/how", "here"}),
    URGENT("fire", "child", {"/data/contact/how", "person"}, NAMED),
    URGENT("other", "child", {"/data/contact/how", "window"}),
    WHISTLE("elder", "violence", {"/data/contact/reply", "no"}),
    WHISTLE("food", "violence", {"/data/contact/reply", "phone"}),
    WHISTLE("disabled", "violence", {"/data/contact/reply", "person"}, NAMED),
    WHISTLE("other", "violence", {"/data/contact/reply", "window"},
            {"/data/reporter/type", "self"}),
    WHISTLE("mind", "child", {"/data/haste/how", "now"}),
    WHISTLE("illness", "child", {"/data/contact/reply", "phone"}, {"/data/person/agrees", "yes"}),
    WHISTLE("disaster", "child", {"/data/contact/reply", "person"}, NAMED),
    WHISTLE("other", "child", {"/data/contact/reply", "window"}, {"/data/place/area", "outside"}),
    TALK("sleep", "violence", {"/data/contact/how", "own"}),
    TALK("mood", "family", {"/data/contact/how", "person"}, NAMED),
    TALK("worry", "school", {"/data/contact/how", "window"}),
    TALK("grief", "carer", {"/data/way/where", "here"}),
    TALK("illness", "other", {"/data/safety/danger", "yes"}),
    TALK("sleep", "family", {"/data/person/age", "minor"}, {"/data/guardian/agrees", "secret"}),
    TALK("mood", "violence", {"/data/safety/soon", "today"}, {"/data/way/where", "home"}),
};

// Where two texts part, with a little around it.
static void fail_where(const struct pair *pair, enum trace trace, const struct strbuf *a,
                       const struct strbuf *b)
{
    size_t at = 0;
    while (at < a->length && at < b->length && a->data[at] == b->data[at])
        at++;
    size_t from = at > 120 ? at - 120 : 0;
    fail_msg("%s, %s against %s, %s:\n...%.*s\n...%.*s", pair->service, pair->ordinary,
             pair->restricted, trace_names[trace],
             (int)(a->length - from < 300 ? a->length - from : 300), a->data + from,
             (int)(b->length - from < 300 ? b->length - from : 300), b->data + from);
}

static bool same(const struct strbuf *a, const struct strbuf *b)
{
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

static void go(struct whole *whole, const struct pair *pair, const char *value)
{
    struct whole_answer own[1 + ALSO] = {{pair->ref, value}};
    size_t count = 1;
    while (count <= ALSO && pair->also[count - 1].ref) {
        own[count] = pair->also[count - 1];
        count++;
    }
    whole_open(whole, SEED);
    whole_walk(whole, pair->service, own, count);
    whole_send(whole);
}

static void compare(const struct pair *pair, const struct whole *a, const struct whole *b,
                    const enum trace *traces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct strbuf *one = &a->traces[traces[i]], *other = &b->traces[traces[i]];
        assert_true(one->length > 0);
        if (!same(one, other))
            fail_where(pair, traces[i], one, other);
    }
}

// While it is filled in, and sealed for the district, a case looks like any of its service.
static void compare_filling(const struct pair *pair, const struct whole *restricted)
{
    static struct whole ordinary;
    static const enum trace traces[] = {TRACE_SCREENS, TRACE_MANIFEST};
    go(&ordinary, pair, pair->ordinary);
    assert_true(restricted->restricted);
    assert_int_equal(ordinary.restricted, pair->both);
    compare(pair, &ordinary, restricted, traces, sizeof traces / sizeof traces[0]);
    whole_close(&ordinary);
}

// What is left of it afterwards is an ordinary enquiry's, byte for byte: the screens from "saved"
// to the goodbye, paper, print system, the staff's list, audit, log, and the tracking page, which
// goes on saying so whatever the district decides. Whoever finds it finds that somebody asked
// something.
static void compare_left(const struct pair *pair, const struct whole *enquiry,
                         const struct whole *restricted)
{
    static const enum trace traces[] = {TRACE_AFTER, TRACE_RECEIPT, TRACE_RASTER, TRACE_JOBS,
                                        TRACE_ROWS,  TRACE_AUDIT,   TRACE_LOG,    TRACE_PAGES};
    compare(pair, enquiry, restricted, traces, sizeof traces / sizeof traces[0]);
    assert_string_equal(enquiry->receipt, restricted->receipt);
}

static void nothing_tells_a_restricted_case(void **state)
{
    (void)state;
    static struct whole enquiry, restricted;
    go(&enquiry, &(struct pair){.service = "which-help", .ref = ""}, "");
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        go(&restricted, &pairs[i], pairs[i].restricted);
        compare_filling(&pairs[i], &restricted);
        compare_left(&pairs[i], &enquiry, &restricted);
        whole_close(&restricted);
    }
    whole_close(&enquiry);
}

// The comparison itself can fail: two services differ wherever one looks.
static void the_comparison_sees_a_difference(void **state)
{
    (void)state;
    static struct whole one, other;
    go(&one, &(const struct pair)WHISTLE("elder", "", {0}), "elder");
    go(&other, &(const struct pair)URGENT("fire", "", {0}), "fire");
    for (enum trace trace = 0; trace < TRACE_COUNT; trace++)
        if (same(&one.traces[trace], &other.traces[trace]))
            fail_msg("%s is blind", trace_names[trace]);
    whole_close(&other);
    whole_close(&one);
}

// "Hide this" is one touch on every screen of every visit, and nothing is asked.
static void hiding_is_one_touch_on_every_screen_alike(void **state)
{
    (void)state;
    static const char *const services[] = {"urgent-relief", "whistle", "counselling",
                                           "minimum-living"};
    static struct whole whole;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        whole_open(&whole, SEED);
        struct intent choose = {.kind = INTENT_SERVICE}, hide = {.kind = INTENT_HIDE};
        text_copy(choose.text, sizeof choose.text, services[i]);
        whole_touch(&whole, &choose);
        const struct node *button = tree_find(stage_tree(whole.stage), "hide");
        assert_non_null(button);
        assert_true(node_is_target(button));
        assert_non_null(tree_find(stage_tree(whole.stage), "help"));
        whole_touch(&whole, &hide);
        assert_int_equal(whole_view(&whole)->screen, SCREEN_ATTRACT);
        assert_int_equal(whole_view(&whole)->overlay, OVERLAY_NONE);
        whole_close(&whole);
    }
}

// At their first use the libraries draw randomness of their own.
static int warm_up(void **state)
{
    (void)state;
    static struct whole whole;
    whole_open(&whole, SEED);
    whole_close(&whole);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_tells_a_restricted_case),
        cmocka_unit_test(the_comparison_sees_a_difference),
        cmocka_unit_test(hiding_is_one_touch_on_every_screen_alike),
    };
    return cmocka_run_group_tests(tests, warm_up, NULL);
}
