// SPDX-License-Identifier: GPL-3.0-or-later
// The hand of a test: one touch, and the workers' answers to it.
#include "scene_workers.h"
#include "yimen/base/text.h"

const struct view *look(const struct scene *scene)
{
    return session_view(scene->session);
}

void scene_wait(struct scene *scene, int64_t ms)
{
    int64_t until = scene->now_ms + ms;
    while (scene->now_ms < until) {
        int64_t wait = session_wait_ms(scene->session);
        assert_true(wait >= 0);
        wait = wait < 1 ? 1 : wait;
        scene->now_ms = wait < until - scene->now_ms ? scene->now_ms + wait : until;
        scene_step(scene, &(struct session_input){.kind = SESSION_TICK});
        scene_work(scene);
    }
}

static void send(struct scene *scene, const struct intent *intent)
{
    scene_step(scene, &(struct session_input){.kind = SESSION_INTENT, .intent = intent});
    scene_work(scene);
}

void touch(struct scene *scene, enum intent_kind kind)
{
    send(scene, &(struct intent){.kind = kind});
}

void touch_number(struct scene *scene, enum intent_kind kind, int number)
{
    send(scene, &(struct intent){.kind = kind, .number = number});
}

void touch_text(struct scene *scene, enum intent_kind kind, const char *text)
{
    struct intent intent = {.kind = kind};
    text_copy(intent.text, sizeof intent.text, text);
    send(scene, &intent);
    memory_wipe(&intent, sizeof intent);
}

void touch_ref(struct scene *scene, enum intent_kind kind, const char *ref)
{
    struct intent intent = {.kind = kind};
    text_copy(intent.ref, sizeof intent.ref, ref);
    send(scene, &intent);
}

void answer(struct scene *scene, const char *ref, const char *value)
{
    struct intent intent = {.kind = INTENT_ANSWER};
    text_copy(intent.ref, sizeof intent.ref, ref);
    text_copy(intent.text, sizeof intent.text, value);
    send(scene, &intent);
    memory_wipe(&intent, sizeof intent);
}

void draw_signature(struct scene *scene)
{
    static const struct stroke_point points[] = {{10, 10}, {200, 12},  {-1, -1},
                                                 {100, 5}, {101, 300}, {60, 280}};
    send(scene, &(struct intent){.kind = INTENT_SIGN,
                                 .number = SIGNATURE_DRAWN,
                                 .strokes = points,
                                 .stroke_count = 6,
                                 .stroke_width = 1400,
                                 .stroke_height = 600});
}

void draw_strokes(struct scene *scene, const struct stroke_point *points, size_t count)
{
    send(scene, &(struct intent){.kind = INTENT_SIGN,
                                 .number = SIGNATURE_DRAWN,
                                 .strokes = points,
                                 .stroke_count = count,
                                 .stroke_width = 900,
                                 .stroke_height = 900});
}

void draw_character(struct scene *scene, const char *ref)
{
    static const struct stroke_point points[] = {{100, 100}, {500, 100}, {-1, -1},
                                                 {300, 50},  {300, 600}, {-1, -1},
                                                 {50, 400},  {550, 400}, {-1, -1}};
    touch_ref(scene, INTENT_CHARACTER, ref);
    ON(scene, SCREEN_CHARACTER);
    draw_strokes(scene, points, sizeof points / sizeof points[0]);
    touch(scene, INTENT_NEXT);
}

void scan(struct scene *scene, const char *text)
{
    struct session_input input = {.kind = SESSION_CODE, .err = text ? ERR_OK : ERR_INPUT};
    text_copy(input.code, sizeof input.code, text ? text : "");
    scene_step(scene, &input);
    scene_work(scene);
}
