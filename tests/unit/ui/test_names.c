// SPDX-License-Identifier: GPL-3.0-or-later
// Rare and long names on the screen: whole where they were typed and on the review, in every
// language and size, nothing cut; what no font can draw stands as a box, and what is spoken and
// sent stays the name itself.
#include "golden/views.h"
#include "ui/stage.h"
#include "unit/ui/figures.h"
#include "yimen/base/text.h"
#include "yimen/port/text_entry.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char *const names[] = {
    "䶮",
    "王𠮷",
    "𰻝面",
    "\xEE\xA0\xA1三", // a card's own character, for which there is no font
    "阿卜杜热合曼·买买提艾力·艾合麦提江·阿不都克热木·吐尔逊江",
    "ALEXANDER JOHANNES VAN DER MERWE-SMITH",
};

static void show(struct stage *stage, const struct catalogue *catalogue, const char *sample,
                 const char *language, int size, const char *name)
{
    static struct view view, before;
    static struct view_answer answer;
    for (size_t i = 0; i < sample_count(); i++)
        if (text_equal(sample_at(i)->name, sample))
            sample_view(sample_at(i), language, (enum text_size)size, catalogue, &view);
    view.name = name;
    answer = (struct view_answer){.screen_ref = "visit:identity"};
    text_copy(answer.label, sizeof answer.label, "姓名");
    text_copy(answer.shown, sizeof answer.shown, name);
    if (text_equal(sample, "review")) {
        view.answers = &answer;
        view.answer_count = 1;
    }
    // The visit stays open between two views: its end closes the fonts, which takes longest here.
    before = (struct view){
        .language = language, .screen = SCREEN_SAVING, .visit_open = true, .clock_text = ""};
    stage_show(stage, &before);
    stage_show(stage, &view);
}

static bool says(const struct tree *tree, const char *name)
{
    for (size_t i = 0; i < tree->count; i++)
        if (strstr(tree->nodes[i]->value, name) || strstr(tree->nodes[i]->name, name))
            return true;
    return false;
}

static void check(struct stage *stage, const struct catalogue *catalogue, struct box window,
                  const char *name)
{
    static const char *const languages[] = {"zh", "en", "ko"};
    static const char *const samples[] = {"identity", "review"};
    for (size_t i = 0; i < 2; i++) {
        for (int size = 0; size < 4; size++) {
            for (int language = 0; language < 3; language++) {
                struct place place = {samples[i], languages[language], size, 0,
                                      window.w > window.h};
                show(stage, catalogue, samples[i], languages[language], size, name);
                if (!says(stage_tree(stage), name))
                    fail_msg("%s: not on %s", name, samples[i]);
                figures_check(stage, place, window);
            }
        }
    }
}

static void every_name_fits_and_is_the_name(void **state)
{
    (void)state;
    struct files assets = sample_assets();
    struct text_entry entry = sample_text_entry();
    struct texts *texts = NULL;
    struct catalogue *catalogue = NULL;
    assert_int_equal(texts_load(&assets, &texts, NULL), ERR_OK);
    assert_int_equal(catalogue_load(&assets, &catalogue, NULL), ERR_OK);
    const struct ui_options options = {.mm_per_px = FIGURES_MM_PER_PX,
                                       .pack = &assets,
                                       .texts = texts,
                                       .text_entry = &entry,
                                       .qr = figures_qr};
    figures_begin();
    for (int lying = 0; lying < 2; lying++) {
        struct box window = {0, 0, lying ? 1920 : 1080, lying ? 1080 : 1920};
        struct stage *stage = NULL;
        assert_int_equal(stage_open(&options, window.w, window.h, &stage, NULL), ERR_OK);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            check(stage, catalogue, window, names[i]);
        stage_close(stage);
    }
    assert_int_equal(figures_faults(), 0);
    catalogue_free(catalogue);
    texts_free(texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_name_fits_and_is_the_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
