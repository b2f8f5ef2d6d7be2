// SPDX-License-Identifier: GPL-3.0-or-later
// A run that cannot begin: what the screen says, what urgent help leads to, when it is tried again.
// The window and the workers are this test's.
#include "app/main/kiosk_run.h"
#include "fakes/fake_clock.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PRESSES = 8 };

static struct {
    struct fake_clock clock;
    enum intent_kind presses[PRESSES]; ///< one each second
    size_t press_count, pressed;
    struct view seen[PRESSES + 2];
    size_t seen_count;
    bool has_printer;
    int print_state; ///< what the printer says of the last slip; -1: nothing (yet)
    unsigned print_reasons;
    char job[64];
    int slips, calls;
    enum slip_kind slip;
    char language[8];
} world;

// ------------------------------------------------------------------ the window and the workers

void ui_show(struct ui *ui, const struct view *view)
{
    (void)ui;
    assert_true(world.seen_count < PRESSES + 2);
    world.seen[world.seen_count++] = *view;
}

bool ui_wait(struct ui *ui, int timeout_ms, ui_intent *each, void *self)
{
    (void)ui;
    fake_clock_pass(&world.clock, timeout_ms);
    if (world.pressed < world.press_count)
        each(self, &(struct intent){.kind = world.presses[world.pressed++],
                                    .number = TEXT_SIZE_XL,
                                    .text = "en"});
    return true;
}

unsigned kiosk_call(struct kiosk *kiosk, const struct call_wanted *wanted)
{
    (void)kiosk;
    world.calls += !wanted->silent;
    return CALL_REACHED_LAMP;
}

struct workers_options kiosk_workers_options(struct kiosk *kiosk)
{
    return (struct workers_options){.config = &kiosk->config};
}

enum err workers_start_paper(const struct workers_options *options, struct workers **out,
                             struct fail *why)
{
    (void)options;
    *out = world.has_printer ? (struct workers *)&world : NULL;
    return world.has_printer ? ERR_OK : fail_set(why, ERR_TECHNICIAN, "no printer");
}

void workers_ask(struct workers *workers, struct session_request *request)
{
    (void)workers;
    assert_int_equal(request->kind, SESSION_PAPER);
    assert_int_equal(request->print.kind, PRINT_SLIP);
    world.slip = request->print.slip->kind;
    text_copy(world.job, sizeof world.job, request->print.job);
    text_copy(world.language, sizeof world.language, request->print.slip->language);
    world.slips++;
    free(request->print.slip);
}

bool workers_take(struct workers *workers, struct session_input *out)
{
    (void)workers;
    if (!world.job[0] || world.print_state < 0)
        return false;
    *out = (struct session_input){.kind = SESSION_PRINT,
                                  .print = {.kind = PRINT_EVENT_JOB,
                                            .state = world.print_state,
                                            .reasons = world.print_reasons}};
    text_copy(out->print.job, sizeof out->print.job, world.job);
    world.job[0] = '\0';
    return true;
}

void workers_stop(struct workers *workers)
{
    (void)workers;
}

// ------------------------------------------------------------------ one outage

static struct texts *texts;

static enum run_end go(enum err err, const char *code, size_t count,
                       const enum intent_kind *presses)
{
    static struct kiosk kiosk;
    kiosk = (struct kiosk){.end_at_ms = -1};
    kiosk.content.texts = texts;
    text_copy(kiosk.config.counter, sizeof kiosk.config.counter, "001");
    text_copy(kiosk.base.code, sizeof kiosk.base.code, code);
    world.press_count = count;
    world.pressed = world.seen_count = 0;
    world.slips = world.calls = 0;
    world.job[0] = '\0';
    for (size_t i = 0; i < count; i++)
        world.presses[i] = presses[i];
    fake_clock_begin(&world.clock, 1795449600000);
    kiosk.clock = world.clock.clock;
    return kiosk_outage(&kiosk, err);
}

// Each sentence is there in every language; the code is the technician's.
static void says(const struct view *view, const char *kind, const char *code)
{
    const char *const keys[] = {view->problem_what_key, view->problem_safe_key,
                                view->problem_next_key};
    assert_int_equal(view->screen, SCREEN_PROBLEM);
    assert_non_null(strstr(view->problem_what_key, kind));
    assert_string_equal(view->problem_code, code);
    for (const char *const *language = texts_languages(texts); *language; language++)
        for (size_t i = 0; i < 3; i++)
            if (text_equal(texts_get(texts, *language, keys[i]), keys[i]))
                fail_msg("%s says nothing in %s", keys[i], *language);
}

static void what_keeps_it_closed_is_said_with_its_code(void **state)
{
    (void)state;
    assert_int_equal(go(ERR_TECHNICIAN, "KEYS-BROKEN", 0, NULL), RUN_AGAIN);
    says(&world.seen[0], "problem.base", "KEYS-BROKEN");
    assert_int_equal(go(ERR_CORRUPT, "", 0, NULL), RUN_AGAIN);
    says(&world.seen[0], "problem.store-damaged", err_name(ERR_CORRUPT));
    assert_int_equal(go(ERR_RETRY, "", 0, NULL), RUN_AGAIN);
    says(&world.seen[0], "problem.not-ready", err_name(ERR_RETRY));
}

static void urgent_leads_to_the_telephones_and_to_a_slip_without_a_number(void **state)
{
    static const enum intent_kind urgent[] = {INTENT_URGENT, INTENT_URGENT, INTENT_CLOSE_OVERLAY};
    (void)state;
    world.has_printer = true;
    assert_int_equal(go(ERR_TECHNICIAN, "STORE-MISSING", 3, urgent), RUN_AGAIN);
    assert_int_equal(world.slips, 1); // pressed again at once: the same person
    assert_int_equal(world.slip, SLIP_UNSAVED);
    assert_string_equal(world.language, "zh");
    assert_int_equal(world.calls, 2);
    assert_int_equal(world.seen[1].overlay, OVERLAY_CALL);
    assert_true(world.seen[1].call_unanswered); // so it shows the telephones
    assert_int_equal(world.seen[1].call_reached, CALL_REACHED_LAMP);
    assert_true(world.seen[1].outage && world.seen[1].slip_asked);
    assert_int_equal(world.seen[1].slip_state, RECEIPT_COMPOSED);
    assert_int_equal(world.seen[world.seen_count - 1].overlay, OVERLAY_NONE);
    says(&world.seen[world.seen_count - 1], "problem.base", "STORE-MISSING");
}

static void what_became_of_the_slip_is_said(void **state)
{
    static const enum intent_kind urgent[] = {INTENT_URGENT};
    (void)state;
    world.has_printer = true;
    world.print_state = 2; // printed
    assert_int_equal(go(ERR_TECHNICIAN, "STORE-MISSING", 1, urgent), RUN_AGAIN);
    const struct view *last = &world.seen[world.seen_count - 1];
    assert_int_equal(last->overlay, OVERLAY_CALL);
    assert_int_equal(last->slip_state, RECEIPT_PRINTED);
    assert_null(last->slip_problem_key);
    world.print_state = 3; // not printed
    world.print_reasons = PRINTER_NO_PAPER;
    assert_int_equal(go(ERR_TECHNICIAN, "STORE-MISSING", 1, urgent), RUN_AGAIN);
    last = &world.seen[world.seen_count - 1];
    assert_int_equal(last->slip_state, RECEIPT_FAILED);
    assert_string_equal(last->slip_problem_key, "printer.no-paper");
    world.print_state = -1;
}

static void without_a_printer_the_telephones_are_left(void **state)
{
    static const enum intent_kind pressed[] = {INTENT_URGENT, INTENT_NEXT, INTENT_SERVICE};
    (void)state;
    world.has_printer = false;
    assert_int_equal(go(ERR_TECHNICIAN, "KEYS-BROKEN", 3, pressed), RUN_AGAIN);
    assert_int_equal(world.slips, 0);
    assert_int_equal(world.seen_count, 2); // and nothing else can be begun
    assert_int_equal(world.seen[1].overlay, OVERLAY_CALL);
    assert_false(world.seen[1].slip_asked); // and no paper is spoken of
}

static void language_and_size_change_here_too(void **state)
{
    static const enum intent_kind kinds[] = {INTENT_COMFORT, INTENT_LANGUAGE, INTENT_SIZE,
                                             INTENT_CLOSE_OVERLAY, INTENT_HELP};
    (void)state;
    assert_int_equal(go(ERR_TECHNICIAN, "KEYS-BROKEN", 5, kinds), RUN_AGAIN);
    assert_int_equal(world.seen[1].overlay, OVERLAY_COMFORT);
    assert_string_equal(world.seen[2].language, "en");
    assert_int_equal(world.seen[3].size, TEXT_SIZE_XL);
    assert_int_equal(world.seen[4].overlay, OVERLAY_NONE);
    assert_int_equal(world.seen[5].overlay, OVERLAY_HELP);
    says(&world.seen[5], "problem.base", "KEYS-BROKEN");
}

static void calling_staff_prints_nothing(void **state)
{
    static const enum intent_kind call[] = {INTENT_CALL};
    (void)state;
    world.has_printer = true;
    assert_int_equal(go(ERR_TECHNICIAN, "KEYS-BROKEN", 1, call), RUN_AGAIN);
    assert_int_equal(world.slips, 0);
    assert_int_equal(world.calls, 1);
}

static int load(void **state)
{
    static struct files assets;
    (void)state;
    world.print_state = -1;
    return system_files_open("assets", &assets, NULL) || texts_load(&assets, &texts, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_keeps_it_closed_is_said_with_its_code),
        cmocka_unit_test(urgent_leads_to_the_telephones_and_to_a_slip_without_a_number),
        cmocka_unit_test(what_became_of_the_slip_is_said),
        cmocka_unit_test(without_a_printer_the_telephones_are_left),
        cmocka_unit_test(language_and_size_change_here_too),
        cmocka_unit_test(calling_staff_prints_nothing),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
