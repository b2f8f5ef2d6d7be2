// SPDX-License-Identifier: GPL-3.0-or-later
// A keyboard is plugged in: every key alone and with every set of modifiers, pressed and let go.
// The window stays, five keys and "help" walk the screen as the keypad does, all others do nothing.
#include "golden/views.h"
#include "yimen/base/text.h"
#include "yimen/ui/ui.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <SDL.h>
#include <stdlib.h>
#include <string.h>

static struct files assets;
static struct texts *texts;
static struct ui *ui;
static struct view view;
static int intents;

static void remember(void *self, const struct intent *intent)
{
    (void)self;
    intents += intent->kind != INTENT_ACTIVITY;
}

// By scan code: letters, digits, F1 to F24, editing, keypad, media, power, sleep, browser, menu,
// ...
static const struct {
    int from, to;
} scancodes[] = {
    {SDL_SCANCODE_A, SDL_SCANCODE_KP_EQUALS},
    {SDL_SCANCODE_F13, SDL_SCANCODE_VOLUMEDOWN},
    {SDL_SCANCODE_LCTRL, SDL_SCANCODE_RGUI},
    {SDL_SCANCODE_AUDIONEXT, SDL_SCANCODE_SLEEP},
};
static const Uint16 modifiers[] = {
    KMOD_NONE,
    KMOD_LSHIFT,
    KMOD_LCTRL,
    KMOD_LALT,
    KMOD_LGUI,
    KMOD_RALT,
    KMOD_LCTRL | KMOD_LALT,
    KMOD_LCTRL | KMOD_LSHIFT,
    KMOD_LCTRL | KMOD_LALT | KMOD_LSHIFT | KMOD_LGUI,
};

static bool walks(SDL_Keycode key)
{
    static const SDL_Keycode known[] = {SDLK_LEFT,   SDLK_RIGHT, SDLK_UP, SDLK_DOWN,
                                        SDLK_RETURN, SDLK_HELP,  SDLK_F1};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i] == key)
            return true;
    return false;
}

static void press(int scancode, Uint16 modifier)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.state = SDL_PRESSED;
    event.key.keysym.scancode = (SDL_Scancode)scancode;
    event.key.keysym.sym = SDL_GetKeyFromScancode((SDL_Scancode)scancode);
    event.key.keysym.mod = modifier;
    assert_int_equal(SDL_PushEvent(&event), 1);
    SDL_Event typed = {.type = SDL_TEXTINPUT};
    text_copy(typed.text.text, sizeof typed.text.text, "x");
    assert_int_equal(SDL_PushEvent(&typed), 1);
    event.type = SDL_KEYUP;
    event.key.state = SDL_RELEASED;
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void no_chord_leaves_the_screen(void **state)
{
    int chords = 0;
    (void)state;
    for (size_t range = 0; range < sizeof scancodes / sizeof scancodes[0]; range++)
        for (int code = scancodes[range].from; code <= scancodes[range].to; code++)
            for (size_t set = 0; set < sizeof modifiers / sizeof modifiers[0]; set++) {
                SDL_Keycode key = SDL_GetKeyFromScancode((SDL_Scancode)code);
                intents = 0;
                press(code, modifiers[set]);
                for (int left = 3; left > 0; left--)
                    if (!ui_wait(ui, 0, remember, NULL))
                        fail_msg("%s with %x closes the window", SDL_GetKeyName(key),
                                 (unsigned)modifiers[set]);
                if (intents && !walks(key))
                    fail_msg("%s with %x does something", SDL_GetKeyName(key),
                             (unsigned)modifiers[set]);
                chords++;
            }
    print_message("%d chords\n", chords);
    assert_true(chords >= 1242);
}

static int open_window(void **state)
{
    (void)state;
    assert_int_equal(setenv("SDL_VIDEODRIVER", "dummy", 1), 0);
    assets = sample_assets();
    assert_int_equal(texts_load(&assets, &texts, NULL), ERR_OK);
    struct ui_options options = {
        .mm_per_px = 0.248, .pack = &assets, .texts = texts, .width = 1080, .height = 1920};
    struct fail why = {0};
    if (ui_open(&options, &ui, &why))
        fail_msg("%s", why.text);
    view = (struct view){.screen = SCREEN_NOTICE,
                         .language = "zh",
                         .size = TEXT_SIZE_M,
                         .visit_open = true,
                         .can_go_back = true,
                         .clock_text = "10:05"};
    ui_show(ui, &view);
    return 0;
}

static int close_window(void **state)
{
    (void)state;
    ui_close(ui);
    texts_free(texts);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_chord_leaves_the_screen)};
    return cmocka_run_group_tests(tests, open_window, close_window);
}
