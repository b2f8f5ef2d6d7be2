// SPDX-License-Identifier: GPL-3.0-or-later
// A case of violence at home, or of a child in danger, is marked as restricted inside the sealed
// record; on paper, on the screen, in speech, in numbers, lists, logs and on the tracking page
// nothing tells it from any other.
#include "unit/restricted/whole.h"
#include "yimen/base/text.h"
#include <stdio.h>

enum { SEED = 20261123 };

struct pair {
    const char *service, *ref, *ordinary, *restricted;
    bool both; // every case of this service is restricted: one topic looks like another
    const char *also_ref, *also; // in both visits: another branch of the form
};

static const struct pair pairs[] = {
    {"urgent-relief", "/data/event/type", "fire", "violence", false, NULL, NULL},
    {"urgent-relief", "/data/event/type", "other", "violence", false, "/data/contact/how", "here"},
    {"urgent-relief", "/data/event/type", "shelter", "child", false, "/data/place/area", "outside"},
    {"urgent-relief", "/data/event/type", "illness", "child", false, "/data/need", "care"},
    {"whistle", "/data/lead/kind", "elder", "violence", false, NULL, NULL},
    {"whistle", "/data/lead/kind", "other", "violence", false, "/data/reporter/type", "resident"},
    {"whistle", "/data/lead/kind", "mind", "child", false, "/data/haste/how", "now"},
    {"whistle", "/data/lead/kind", "illness", "child", false, "/data/person/agrees", "yes"},
    {"counselling", "/data/topic/kinds", "sleep", "violence", true, NULL, NULL},
    {"counselling", "/data/topic/kinds", "school", "family", true, NULL, NULL},
    {"counselling", "/data/topic/kinds", "grief", "carer", true, NULL, NULL},
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
    const struct whole_answer own[] = {{pair->ref, value}, {pair->also_ref, pair->also}};
    whole_open(whole, SEED);
    whole_walk(whole, pair->service, own, pair->also_ref ? 2 : 1);
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
static void nothing_tells_a_restricted_case_while_it_is_filled_in(void **state)
{
    (void)state;
    static struct whole ordinary, restricted;
    static const enum trace traces[] = {TRACE_SCREENS, TRACE_MANIFEST};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct pair *pair = &pairs[i];
        go(&ordinary, pair, pair->ordinary);
        go(&restricted, pair, pair->restricted);
        assert_true(restricted.restricted);
        assert_int_equal(ordinary.restricted, pair->both);
        compare(pair, &ordinary, &restricted, traces, sizeof traces / sizeof traces[0]);
        whole_close(&restricted);
        whole_close(&ordinary);
    }
}

// What is left of it afterwards is an ordinary enquiry's, byte for byte: paper, print system, the
// staff's list, log, tracking page. Whoever finds it finds that somebody asked something.
static void what_is_left_of_a_restricted_case_is_an_enquiry(void **state)
{
    (void)state;
    static struct whole enquiry, restricted;
    static const enum trace traces[] = {TRACE_RECEIPT, TRACE_RASTER, TRACE_JOBS,
                                        TRACE_ROWS,    TRACE_LOG,    TRACE_PAGES};
    go(&enquiry, &(struct pair){.service = "which-help", .ref = ""}, "");
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        go(&restricted, &pairs[i], pairs[i].restricted);
        compare(&pairs[i], &enquiry, &restricted, traces, sizeof traces / sizeof traces[0]);
        assert_string_equal(enquiry.receipt, restricted.receipt);
        whole_close(&restricted);
    }
    whole_close(&enquiry);
}

// The comparison itself can fail: two services differ wherever one looks.
static void the_comparison_sees_a_difference(void **state)
{
    (void)state;
    static struct whole one, other;
    go(&one, &pairs[4], "elder");
    go(&other, &pairs[0], "fire");
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
        cmocka_unit_test(nothing_tells_a_restricted_case_while_it_is_filled_in),
        cmocka_unit_test(what_is_left_of_a_restricted_case_is_an_enquiry),
        cmocka_unit_test(the_comparison_sees_a_difference),
        cmocka_unit_test(hiding_is_one_touch_on_every_screen_alike),
    };
    return cmocka_run_group_tests(tests, warm_up, NULL);
}
