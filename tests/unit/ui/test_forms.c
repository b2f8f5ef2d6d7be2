// SPDX-License-Identifier: GPL-3.0-or-later
// Every screen of every shipped form, as the form engine really says it, in every language and the
// middle and the largest text size, upright and lying.
#include "yimen/weave/pack_form.h"
#include "fakes/fake_clock.h"
#include "golden/views.h"
#include "ui/stage.h"
#include "unit/ui/figures.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/record/record.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

enum { SCREENS_MOST = 120 };

static struct files assets;
static struct text_entry entry;
static struct texts *texts;
static struct catalogue *catalogue;
static struct crypto crypto;
static struct fake_clock wall;
static struct stage *stages[2];
static const struct box windows[2] = {{0, 0, 1080, 1920}, {0, 0, 1920, 1080}};

// Say something to every question of a screen, so that what depends on it is asked too.
static void answer(struct record *record, const struct form_screen *screen)
{
    struct fail why;
    for (size_t i = 0; i < screen->question_count; i++) {
        const struct question *question = &screen->questions[i];
        if (question->choice_count && !question->value[0]) {
            char ref[LIMIT_REF], value[LIMIT_ANSWER]; // what is borrowed goes with the first change
            text_copy(ref, sizeof(ref), question->ref);
            text_copy(value, sizeof(value), question->choices[0].value);
            if (record_answer(record, ref, value, &why)) {
                print_error("%s\n", why.text);
            }
            return;
        }
    }
}

static void show(const char *language, const struct form_screen *screen)
{
    struct view view = {.screen =
                            screen->kind == FORM_SCREEN_REPEAT ? SCREEN_REPEAT : SCREEN_QUESTION,
                        .language = language,
                        .visit_open = true,
                        .can_go_back = true,
                        .clock_text = "10:05",
                        .progress = {3, 7, 10, 12},
                        .form_screen = screen};
    // The visit stays open between two views: its end closes the fonts, and opening them takes
    // longer than everything else here.
    struct view before = {
        .language = language, .screen = SCREEN_SAVING, .visit_open = true, .clock_text = ""};
    for (int lying = 0; lying < 2; lying++) {
        for (int size = TEXT_SIZE_M; size <= TEXT_SIZE_XL; size += TEXT_SIZE_XL - TEXT_SIZE_M) {
            view.size = before.size = (enum text_size)size;
            const struct place place = {screen->ref, language, size, 0, lying == 1};
            stage_show(stages[lying], &before);
            stage_show(stages[lying], &view);
            figures_check(stages[lying], place, windows[lying]);
        }
    }
}

static size_t walk(const char *path, const char *language)
{
    struct form *form;
    struct record *record;
    struct fail why = {0};
    struct form_screen screen;
    size_t count = 0;
    if (pack_form_load(&assets, &crypto, path, &form, &why)) {
        fail_msg("%s", why.text);
    }
    const struct record_options options = {.clock = &wall.clock,
                                           .crypto = &crypto,
                                           .time_zone = "Asia/Shanghai",
                                           .language = language};
    assert_int_equal(record_new(form, &options, &record, &why), ERR_OK);
    const char *ref = record_first_screen(record);
    while (ref && count++ < SCREENS_MOST) {
        char here[LIMIT_REF];
        text_copy(here, sizeof(here), ref);
        assert_int_equal(record_screen(record, here, &screen, &why), ERR_OK);
        answer(record, &screen);
        assert_int_equal(record_screen(record, here, &screen, &why), ERR_OK);
        show(language, &screen);
        ref = record_next_screen(record, here);
    }
    record_free(record);
    form_free(form);
    return count;
}

static void every_question_of_every_form_keeps_the_figures(void **state)
{
    (void)state;
    static const char *const languages[] = {"zh", "en", "ko"};
    figures_begin();
    for (size_t i = 0; i < catalogue_service_count(catalogue); i++) {
        const struct service *service = catalogue_service_at(catalogue, i);
        size_t least = service->linked ? 1 : 2; // what belongs to a case asks only for what is new
        for (int language = 0; language < 3; language++) {
            size_t screens = walk(service->form, languages[language]);
            if (screens < least)
                fail_msg("%s asks on %zu screens", service->id, screens);
        }
    }
    assert_int_equal(figures_faults(), 0);
}

static int open_all(void **state)
{
    (void)state;
    struct fail why;
    assets = sample_assets();
    entry = sample_text_entry();
    fake_clock_begin(&wall, 1795000000000);
    if (texts_load(&assets, &texts, &why) || catalogue_load(&assets, &catalogue, &why) ||
        sodium_crypto_open(&crypto, &why)) {
        return -1;
    }
    const struct ui_options options = {
        .mm_per_px = FIGURES_MM_PER_PX, .pack = &assets, .texts = texts, .text_entry = &entry};
    for (int i = 0; i < 2; i++) {
        if (stage_open(&options, windows[i].w, windows[i].h, &stages[i], &why)) {
            return -1;
        }
    }
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    stage_close(stages[0]);
    stage_close(stages[1]);
    texts_free(texts);
    catalogue_free(catalogue);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_question_of_every_form_keeps_the_figures)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
