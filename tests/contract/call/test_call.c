// SPDX-License-Identifier: GPL-3.0-or-later
// Every way of calling keeps the port's word: it says what it reached, never more, and stops.
#include "yimen/driver/sound.h"
#include "yimen/driver/system.h"
#include <SDL.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static char lamp_path[] = "/tmp/yimen-call-XXXXXX";

static unsigned reached_by(struct call *call, struct call_wanted wanted)
{
    unsigned reached = 0;
    assert_int_equal(call->ops->set(call->self, &wanted, &reached, NULL), ERR_OK);
    return reached;
}

// `silent`: what it reaches when nothing may be heard.
static void keeps_its_word(struct call *call, unsigned loud, unsigned silent)
{
    const struct call_wanted calling = {.calling = true},
                             urgent = {.calling = true, .urgent = true};
    struct call_wanted hidden = {.calling = true, .urgent = true, .silent = true};
    assert_int_equal(reached_by(call, (struct call_wanted){0}), 0);
    assert_int_equal(reached_by(call, calling), loud);
    assert_int_equal(reached_by(call, urgent), loud);
    assert_int_equal(reached_by(call, hidden), silent);
    assert_int_equal(reached_by(call, urgent), loud);
    assert_int_equal(reached_by(call, (struct call_wanted){0}), 0);
}

static void a_lamp(void **state)
{
    struct call call;
    (void)state;
    close(mkstemp(lamp_path));
    assert_int_equal(system_call_open(lamp_path, &call, NULL), ERR_OK);
    keeps_its_word(&call, CALL_REACHED_LAMP, CALL_REACHED_LAMP);
    system_call_close(&call);
    unlink(lamp_path);
    assert_int_equal(system_call_open(NULL, &call, NULL), ERR_OK);
    keeps_its_word(&call, 0, 0);
    system_call_close(&call);
}

static void a_loudspeaker(void **state)
{
    struct call call;
    (void)state;
    setenv("SDL_AUDIODRIVER", "dummy", 1);
    assert_int_equal(sound_call_open(&call, NULL), ERR_OK);
    keeps_its_word(&call, CALL_REACHED_SOUND, 0);
    sound_call_close(&call);
    sound_call_close(&call);
    assert_int_equal(SDL_WasInit(SDL_INIT_AUDIO), 0);
}

static void without_a_loudspeaker_none_is_reached(void **state)
{
    struct call call;
    (void)state;
    setenv("SDL_AUDIODRIVER", "there-is-none", 1);
    assert_int_equal(sound_call_open(&call, NULL), ERR_OK);
    keeps_its_word(&call, 0, 0);
    sound_call_close(&call);
}

// Plugged in later, it sounds at the next call.
static void a_loudspeaker_that_comes_later_is_found(void **state)
{
    struct call call;
    (void)state;
    setenv("SDL_AUDIODRIVER", "there-is-none", 1);
    assert_int_equal(sound_call_open(&call, NULL), ERR_OK);
    assert_int_equal(reached_by(&call, (struct call_wanted){.calling = true}), 0);
    setenv("SDL_AUDIODRIVER", "dummy", 1);
    assert_int_equal(reached_by(&call, (struct call_wanted){.calling = true}), CALL_REACHED_SOUND);
    sound_call_close(&call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lamp),
        cmocka_unit_test(a_loudspeaker),
        cmocka_unit_test(without_a_loudspeaker_none_is_reached),
        cmocka_unit_test(a_loudspeaker_that_comes_later_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
