// SPDX-License-Identifier: GPL-3.0-or-later
// What an author may do in a preview that has no worker for it: each is answered, and the walk goes
// on. The window is this test's.
#include "app/main/kiosk_preview.h"
#include "app/main/kiosk_run.h"
#include "app/main/place.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/pinyin.h"
#include "yimen/driver/system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TOUCHES = 64 };

static struct {
    struct intent touches[TOUCHES]; ///< all while the window is looked at once
    size_t touch_count;
    bool is_touched;
    struct view seen; ///< after the last of them
    bool seen_ticket_failed;
} world;

// ------------------------------------------------------------------ the window

enum err ui_open(const struct ui_options *options, struct ui **out, struct fail *why)
{
    (void)options, (void)why;
    *out = (struct ui *)&world;
    return ERR_OK;
}

void ui_close(struct ui *ui)
{
    (void)ui;
}

void ui_show(struct ui *ui, const struct view *view)
{
    (void)ui;
    world.seen = *view;
    world.seen_ticket_failed |= view->screen == SCREEN_TICKET && view->ticket.problem_key &&
                                text_equal(view->ticket.problem_key, "ticket.failed");
}

bool ui_wait(struct ui *ui, int timeout_ms, ui_intent *each, void *self)
{
    (void)ui, (void)timeout_ms;
    if (world.is_touched)
        return false; // the window is closed
    for (size_t i = 0; i < world.touch_count; i++)
        each(self, &world.touches[i]);
    world.is_touched = true;
    return true;
}

enum err pinyin_open(const char *data, struct text_entry *out, struct fail *why)
{
    (void)data, (void)out, (void)why;
    return ERR_TECHNICIAN;
}

void pinyin_close(struct text_entry *entry)
{
    (void)entry;
}

bool place_assets(char *out, size_t size)
{
    return text_copy(out, size, "assets");
}

// ------------------------------------------------------------------ the author

static void touch(enum intent_kind kind, const char *text)
{
    assert_true(world.touch_count < TOUCHES);
    struct intent *intent = &world.touches[world.touch_count++];
    *intent = (struct intent){.kind = kind};
    text_copy(intent->text, sizeof intent->text, text);
}

static void type(enum intent_kind kind, const char *digits)
{
    for (; *digits; digits++)
        touch(kind, (char[2]){*digits, '\0'});
}

static void begin(void)
{
    memset(&world, 0, sizeof world);
}

static void walk(void)
{
    static struct kiosk kiosk;
    struct fail why = {0};
    kiosk = (struct kiosk){.end_at_ms = -1};
    kiosk.options.preview = "assets/forms/expenditure_relief.xml";
    kiosk.options.assets = "assets";
    assert_int_equal(sodium_crypto_open(&kiosk.crypto, &why), ERR_OK);
    assert_int_equal(system_clock_open(&kiosk.clock, &why), ERR_OK);
    if (kiosk_preview(&kiosk, &why))
        fail_msg("%s", why.text);
    system_clock_close(&kiosk.clock);
}

static void a_ticket_is_said_not_to_be_had(void **state)
{
    (void)state;
    begin();
    touch(INTENT_NEXT, "");
    touch(INTENT_WHO, "self");
    touch(INTENT_TICKET, "");
    for (int twice = 0; twice < 2; twice++)
        type(INTENT_CODE_DIGIT, "4711");
    touch(INTENT_BACK, "");
    walk();
    assert_true(world.seen_ticket_failed);
}

static void a_case_is_not_found_and_can_be_asked_for(void **state)
{
    (void)state;
    begin();
    touch(INTENT_LEAVE, "");
    touch(INTENT_TRACK, "");
    touch(INTENT_TRACK_NUMBER, "370212001261123210012");
    touch(INTENT_NEXT, "");
    type(INTENT_TRACK_DIGIT, "1234");
    touch(INTENT_NEXT, "");
    walk();
    assert_int_equal(world.seen.screen, SCREEN_TRACK_CASE);
    assert_non_null(world.seen.track);
}

static void nothing_is_gone_on_with(void **state)
{
    (void)state;
    begin();
    touch(INTENT_LEAVE, "");
    touch(INTENT_CONTINUE, "");
    type(INTENT_CODE_DIGIT, "4711"); // of a visit that is parked
    touch(INTENT_TICKET_TYPE, "");
    walk();
    assert_int_not_equal(world.seen.screen, SCREEN_ATTRACT);
}

static void staff_and_call_are_not_there_either(void **state)
{
    (void)state;
    begin();
    touch(INTENT_CALL, "");
    touch(INTENT_CLOSE_OVERLAY, "");
    touch(INTENT_STAFF, "");
    type(INTENT_STAFF_DIGIT, "1001");
    touch(INTENT_STAFF_ENTER, "");
    type(INTENT_STAFF_DIGIT, "314159");
    touch(INTENT_STAFF_ENTER, "");
    walk();
    assert_int_equal(world.seen.screen, SCREEN_STAFF_PIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_said_not_to_be_had),
        cmocka_unit_test(a_case_is_not_found_and_can_be_asked_for),
        cmocka_unit_test(nothing_is_gone_on_with),
        cmocka_unit_test(staff_and_call_are_not_there_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
