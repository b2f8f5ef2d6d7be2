// SPDX-License-Identifier: GPL-3.0-or-later
// Ten fingers on a whole counter: the real screens on the real session, with workers that answer at
// once. It presses what there is, rests, drags, leaves fingers lying, pulls the touch screen out,
// holds codes up, walks away. Nothing breaks, urgent help stays in reach, no way leads past a PIN,
// and when everybody has gone nothing of anybody is left.
//   monkey [EVENTS [SEED]]      the same seed does the same
#include "golden/views.h"
#include "unit/session/scene.h"
#include "ui/stage.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 1080, HEIGHT = 1920, FINGERS = 10, DRAWN_EVERY = 64, GONE_MS = 30 * 60 * 1000 };

static struct {
    long events;
    uint64_t random;
    struct scene *scene;
    struct stage *stage;
    struct files assets;
    struct text_entry entry;
    uint64_t now;
    bool down[FINGERS];
    int x[FINGERS], y[FINGERS];
    bool seen[256];
    int screens, visits;
} monkey = {.events = 2000, .random = 7};

// xorshift: the same on every machine.
static unsigned draw(unsigned below)
{
    monkey.random ^= monkey.random << 13;
    monkey.random ^= monkey.random >> 7;
    monkey.random ^= monkey.random << 17;
    return (unsigned)(monkey.random >> 20) % below;
}

static void act(void *self, const struct intent *intent)
{
    struct session_input input = {.kind = SESSION_INTENT, .intent = intent};
    (void)self;
    session_step(monkey.scene->session, &input);
    scene_work(monkey.scene);
}

static bool is_staffs(enum screen screen)
{
    return screen == SCREEN_STAFF_QUEUE || screen == SCREEN_STAFF_CASE ||
           screen == SCREEN_TECHNICIAN || screen == SCREEN_STAFF_CLOCK;
}

// After every event, whatever it was.
static void check(void)
{
    const struct view *view = look(monkey.scene);
    stage_show(monkey.stage, view);
    const struct tree *tree = stage_tree(monkey.stage);
    assert_in_range(view->screen, 0, sizeof monkey.seen - 1);
    if (!monkey.seen[view->screen]) {
        monkey.seen[view->screen] = true;
        monkey.screens++;
    }
    assert_true(tree->count > 0);
    if (is_staffs(view->screen))
        fail_msg("a screen of the staff without their PIN: %d", (int)view->screen);
}

static void some_place(int *x, int *y)
{
    const struct tree *tree = stage_tree(monkey.stage);
    *x = (int)draw(WIDTH);
    *y = (int)draw(HEIGHT);
    for (int tries = 0; tries < 8 && draw(8); tries++) {
        const struct node *node = tree->nodes[draw((unsigned)tree->count)];
        if (!node_is_target(node))
            continue;
        *x = node->box.x + (int)draw((unsigned)(node->box.w > 1 ? node->box.w : 1));
        *y = node->box.y + (int)draw((unsigned)(node->box.h > 1 ? node->box.h : 1));
        return;
    }
}

static void put_finger(enum finger what, int which)
{
    struct touch touch = {.what = what,
                          .device = 1,
                          .finger = which,
                          .x = monkey.x[which],
                          .y = monkey.y[which],
                          .at_ms = monkey.now,
                          .since_ms = monkey.now};
    stage_finger(monkey.stage, &touch, act, NULL);
}

static void move_a_finger(void)
{
    int which = (int)draw(FINGERS);
    if (!monkey.down[which]) {
        some_place(&monkey.x[which], &monkey.y[which]);
        monkey.down[which] = true;
        put_finger(FINGER_DOWN, which);
    } else if (draw(6) == 0) {
        some_place(&monkey.x[which], &monkey.y[which]);
        put_finger(FINGER_MOVE, which);
    } else if (draw(40)) { // else it lies there
        monkey.down[which] = false;
        put_finger(FINGER_UP, which);
    }
}

static void lift_all(void)
{
    for (int which = 0; which < FINGERS; which++)
        if (monkey.down[which])
            put_finger(FINGER_UP, which);
    memset(monkey.down, 0, sizeof monkey.down);
}

// As one presses who wants to get somewhere: else ten fingers only ever hold each other up.
static void press_calmly(void)
{
    lift_all();
    some_place(&monkey.x[0], &monkey.y[0]);
    monkey.now += 600;
    put_finger(FINGER_DOWN, 0);
    put_finger(FINGER_UP, 0);
}

static void something_rare(void)
{
    static const char *const codes[] = {"", "YT1:half", "https://shop.example/", "\x1b[2J",
                                        "370212001261123210018"};
    switch (draw(4)) {
    case 0: stage_device_lost(monkey.stage, 1, monkey.now, act, NULL); break;
    case 1: scan(monkey.scene, codes[draw(sizeof codes / sizeof codes[0])]); break;
    case 2: stage_walk(monkey.stage, (enum walk)draw(4), act, NULL); break;
    default: stage_select(monkey.stage, act, NULL); break;
    }
}

static void pass(int64_t ms)
{
    monkey.now += (uint64_t)ms;
    scene_wait(monkey.scene, ms);
    stage_tick(monkey.stage, monkey.now, act, NULL);
    scene_work(monkey.scene);
}

static void everybody_goes(void)
{
    lift_all();
    for (int64_t gone = 0; gone < GONE_MS; gone += 15000) {
        pass(15000);
        check();
    }
    const struct view *view = look(monkey.scene);
    assert_int_equal(view->screen, SCREEN_ATTRACT);
    assert_int_equal(view->overlay, OVERLAY_NONE);
    assert_false(session_keeps_visit(monkey.scene->session));
    assert_false(view->visit_open);
    monkey.visits++;
}

static void ten_fingers_find_no_way_out_and_leave_nothing(void **state)
{
    struct box changed[CANVAS_RECTS];
    (void)state;
    for (long event = 1; event <= monkey.events; event++) {
        unsigned what = draw(1000);
        if (what < 300)
            press_calmly();
        else if (what < 985)
            move_a_finger();
        else if (what < 999)
            something_rare();
        else
            everybody_goes();
        pass(what % 7 ? draw(60) : draw(1500));
        check();
        if (event % DRAWN_EVERY == 0)
            (void)stage_draw(monkey.stage, changed);
    }
    everybody_goes();
    print_message("%ld events, %d screens, %d times everybody had gone\n", monkey.events,
                  monkey.screens, monkey.visits);
    assert_true(monkey.screens > 4); // else it pressed nothing
}

static int open_all(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    monkey.assets = sample_assets();
    monkey.entry = sample_text_entry();
    monkey.scene = scene_new();
    monkey.scene->refuses_login = true; // it knows no PIN, and is not to find one by luck
    scene_work(monkey.scene);
    const struct ui_options options = {.mm_per_px = 0.248,
                                       .pack = &monkey.assets,
                                       .texts = monkey.scene->texts,
                                       .text_entry = &monkey.entry};
    assert_int_equal(stage_open(&options, WIDTH, HEIGHT, &monkey.stage, NULL), ERR_OK);
    monkey.now = 1000;
    check();
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    stage_close(monkey.stage);
    scene_free(monkey.scene);
    return 0;
}

int main(int argc, char **argv)
{
    int64_t number;
    if (argc > 1 && text_to_int64(argv[1], &number))
        monkey.events = (long)number;
    if (argc > 2 && text_to_int64(argv[2], &number) && number)
        monkey.random = (uint64_t)number;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ten_fingers_find_no_way_out_and_leave_nothing, open_all,
                                        close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
