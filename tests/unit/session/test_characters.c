// SPDX-License-Identifier: GPL-3.0-or-later
// Characters that no keyboard has: written with the finger, never dropped, never in the way.
#include "../../../app/session/session_internal.h"
#include "scene.h"
#include "yimen/base/text.h"
#include <stdio.h>

#define SIGN DRAWN_SIGN

static int setup(void **state)
{
    *state = scene_new();
    scene_work(*state);
    return 0;
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

static void reach_identity(struct scene *scene)
{
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
}

static bool has_ink(const struct scene *scene, size_t index)
{
    uint8_t bits[DRAWN_BYTES];
    size_t ink = 0;
    assert_true(drawn_bits(scene->draft.drawn, index, bits));
    for (size_t i = 0; i < sizeof bits; i++)
        ink += bits[i] != 0;
    return ink > 50;
}

static const char *value_on_screen(struct scene *scene, const char *ref)
{
    const struct form_screen *screen = look(scene)->form_screen;
    for (size_t i = 0; screen && i < screen->question_count; i++)
        if (text_equal(screen->questions[i].ref, ref))
            return screen->questions[i].value;
    return NULL;
}

static void answer_to(struct scene *scene, const char *ref)
{
    for (int i = 0; i < 20 && !value_on_screen(scene, ref); i++) {
        answer_screen(scene, false);
        touch(scene, look(scene)->screen == SCREEN_REPEAT ? INTENT_ADD : INTENT_NEXT);
    }
    assert_non_null(value_on_screen(scene, ref));
}

static void begin_for_another(struct scene *scene)
{
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "other");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_NAME, "张三");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT);
}

static void begin_with_a_drawn_name(struct scene *scene)
{
    reach_identity(scene);
    draw_character(scene, "name");
    ON(scene, SCREEN_IDENTITY);
    assert_string_equal(look(scene)->name, SIGN);
    touch_text(scene, INTENT_NAME, SIGN "三");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
}

static void hand_in(struct scene *scene)
{
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
}

static void the_picture_goes_with_the_record_and_its_sign_stays_in_the_name(void **state)
{
    struct scene *scene = *state;
    begin_with_a_drawn_name(scene);
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT);
    answer_until(scene, SCREEN_PAPERS);
    hand_in(scene);
    assert_non_null(strstr(scene->record, "<name>" SIGN "三</name>"));
    assert_non_null(strstr(scene->record, "<characters>/data/applicant/name:character-"));
    assert_int_equal(scene->draft.attachment_count, 2); // and the signature
    const char *file = scene->draft.attachments[1].name;
    assert_non_null(strstr(scene->record, file));
    assert_non_null(strstr(file, scene->draft.instance_id + strlen("uuid:")));
    assert_true(strlen(file) < LIMIT_FILE_NAME - 1);
    assert_string_equal(scene->draft.masked_name, SIGN "**");
    assert_int_equal(drawn_count(scene->draft.drawn), 1);
    assert_true(has_ink(scene, 0));
}

static void several_characters_of_several_people_go_along(void **state)
{
    struct scene *scene = *state;
    const char *agent = "/data/agent/name";
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "other");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_NAME, "张");
    draw_character(scene, "name");
    draw_character(scene, "name");
    assert_string_equal(look(scene)->name, "张" SIGN SIGN);
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT);
    answer_to(scene, agent);
    draw_character(scene, agent);
    answer_until(scene, SCREEN_PAPERS);
    hand_in(scene);
    assert_int_equal(scene->draft.attachment_count, 4); // with the signature
    assert_non_null(strstr(scene->record, "/data/applicant/name:character-"));
    assert_non_null(strstr(scene->record, "/data/agent/name:character-"));
    assert_string_equal(scene->draft.masked_name, "张**" SIGN SIGN);
    assert_int_equal(drawn_count(scene->draft.drawn), 2); // of the applicant's name alone
}

static void erasing_the_sign_takes_its_picture_with_it(void **state)
{
    struct scene *scene = *state;
    begin_with_a_drawn_name(scene);
    touch_text(scene, INTENT_NAME, "张三");
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT);
    answer_until(scene, SCREEN_PAPERS);
    hand_in(scene);
    assert_int_equal(scene->draft.attachment_count, 1); // the signature
    assert_null(strstr(scene->record, "character-"));
}

static void going_back_or_drawing_nothing_changes_nothing(void **state)
{
    struct scene *scene = *state;
    reach_identity(scene);
    touch_text(scene, INTENT_NAME, "张");
    touch_ref(scene, INTENT_CHARACTER, "name");
    ON(scene, SCREEN_CHARACTER);
    touch(scene, INTENT_NEXT); // nothing drawn: stays
    ON(scene, SCREEN_CHARACTER);
    draw_strokes(scene, (const struct stroke_point[]){{1, 2}, {3, 4}, {5, 6}, {-1, -1}}, 4);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_IDENTITY);
    assert_string_equal(look(scene)->name, "张");
    touch_ref(scene, INTENT_CHARACTER, "name");
    touch(scene, INTENT_URGENT); // from every screen
    ON(scene, SCREEN_QUESTION);
}

static void a_form_s_name_may_be_drawn_too(void **state)
{
    struct scene *scene = *state;
    const char *agent = "/data/agent/name";
    begin_for_another(scene);
    answer_to(scene, agent);
    draw_character(scene, agent);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(value_on_screen(scene, agent), SIGN);
    assert_string_equal(look(scene)->goes_on, agent);
    touch_ref(scene, INTENT_CHARACTER, "/data/agent/id_number"); // no name
    ON(scene, SCREEN_QUESTION);
}

static void what_the_form_does_not_ask_any_more_stays_behind(void **state)
{
    struct scene *scene = *state;
    const char *agent = "/data/agent/name";
    begin_for_another(scene);
    answer_to(scene, agent);
    draw_character(scene, agent);
    while (look(scene)->screen != SCREEN_WHO)
        touch(scene, INTENT_BACK);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    touch(scene, INTENT_NEXT);
    if (look(scene)->screen == SCREEN_TICKET_OFFER)
        touch(scene, INTENT_NEXT);
    answer_until(scene, SCREEN_PAPERS);
    hand_in(scene);
    assert_int_equal(scene->draft.attachment_count, 1); // the signature
    assert_null(strstr(scene->record, "character-"));
}

static void a_person_who_goes_takes_the_picture_along(void **state)
{
    (void)state;
    static struct visit visit;
    struct characters *all = &visit.characters;
    for (size_t i = 0; i < 3; i++)
        (void)snprintf(all->drawn[i].ref, sizeof all->drawn[i].ref, "/data/member[%zu]/person/name",
                       i + 1);
    all->drawn[0].width = 10;
    all->drawn[1].width = 20;
    all->drawn[2].width = 30;
    all->count = 3;
    characters_removed(&visit, "/data/member[2]");
    assert_int_equal(all->count, 2);
    assert_string_equal(all->drawn[0].ref, "/data/member[1]/person/name");
    assert_string_equal(all->drawn[1].ref, "/data/member[2]/person/name");
    assert_int_equal(all->drawn[1].width, 30);
}

static void no_more_than_there_is_room_for(void **state)
{
    struct scene *scene = *state;
    reach_identity(scene);
    for (size_t left = CHARACTERS; left > 0; left--) {
        assert_int_equal(look(scene)->characters_left, left);
        draw_character(scene, "name");
    }
    assert_int_equal(look(scene)->characters_left, 0);
    touch_ref(scene, INTENT_CHARACTER, "name");
    ON(scene, SCREEN_IDENTITY);
}

// A slow hand on a fine grid: more points than are kept.
static void long_strokes_lose_no_stroke(void **state)
{
    struct scene *scene = *state;
    enum { STROKES = 30, POINTS = 100 };
    static struct stroke_point points[STROKES * (POINTS + 1)];
    size_t count = 0;
    for (int i = 0; i < STROKES; i++) {
        for (int k = 0; k < POINTS; k++)
            points[count++] = (struct stroke_point){(int16_t)(k * 4), (int16_t)(i * 25)};
        points[count++] = (struct stroke_point){-1, -1};
    }
    reach_identity(scene);
    touch_ref(scene, INTENT_CHARACTER, "name");
    draw_strokes(scene, points, count);
    touch(scene, INTENT_NEXT);
    const struct character *one = &scene->session->visit->characters.drawn[0];
    size_t lifts = 0;
    for (size_t i = 0; i < one->count; i++)
        lifts += one->points[i].x < 0;
    assert_int_equal(lifts, STROKES);
    assert_int_equal(one->points[one->count - 2].y, (STROKES - 1) * 25);
}

static void a_drawn_character_comes_back_with_a_ticket(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    begin_with_a_drawn_name(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TICKET_OFFER);
    touch(scene, INTENT_TICKET);
    text_copy(paper, sizeof paper, scene->ticket_slip.qr_text);
    touch(scene, INTENT_HAVE_RECEIPT);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    scan(scene, paper);
    for (const char *at = "0029"; *at; at++) {
        char digit[2] = {*at, '\0'};
        touch_text(scene, INTENT_CODE_DIGIT, digit);
    }
    ON(scene, SCREEN_QUESTION);
    answer_until(scene, SCREEN_PAPERS);
    hand_in(scene);
    assert_non_null(strstr(scene->record, "character-"));
    assert_int_equal(scene->draft.attachment_count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_picture_goes_with_the_record_and_its_sign_stays_in_the_name),
        TEST(several_characters_of_several_people_go_along),
        TEST(what_the_form_does_not_ask_any_more_stays_behind),
        TEST(a_person_who_goes_takes_the_picture_along),
        TEST(no_more_than_there_is_room_for),
        TEST(long_strokes_lose_no_stroke),
        TEST(erasing_the_sign_takes_its_picture_with_it),
        TEST(going_back_or_drawing_nothing_changes_nothing),
        TEST(a_form_s_name_may_be_drawn_too),
        TEST(a_drawn_character_comes_back_with_a_ticket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
