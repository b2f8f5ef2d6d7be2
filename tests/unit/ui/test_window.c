// SPDX-License-Identifier: GPL-3.0-or-later
// The window with SDL's own drawing-less driver: fingers arrive as intents, the tree socket
// answers, a quiet screen stays quiet.
#include "golden/views.h"
#include "yimen/base/text.h"
#include "yimen/ui/ui.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <SDL.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct files assets;
static struct texts *texts;
static struct ui *ui;
static struct view view;
static char folder[] = "/tmp/yimen-ui-XXXXXX", path[64], picture[64];
static enum intent_kind last;

static void remember(void *self, const struct intent *intent)
{
    (void)self;
    last = intent->kind;
}

static int connect_to_tree(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    text_copy(address.sun_path, sizeof(address.sun_path), path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static char *ask(int fd, const char *command)
{
    static char answer[1 << 20];
    size_t length = 0;
    assert_int_equal(send(fd, command, strlen(command), 0), (ssize_t)strlen(command));
    while (length == 0 || answer[length - 1] != '\n') {
        assert_true(ui_wait(ui, 20, remember, NULL));
        ssize_t got = recv(fd, answer + length, sizeof(answer) - 1 - length, MSG_DONTWAIT);
        length += got > 0 ? (size_t)got : 0;
        answer[length] = '\0';
    }
    return answer;
}

static json_t *node_named(json_t *tree, const char *id)
{
    size_t index;
    json_t *node;
    json_array_foreach(json_object_get(tree, "nodes"), index, node)
    {
        if (text_equal(json_string_value(json_object_get(node, "id")), id)) {
            return node;
        }
    }
    fail_msg("no %s in the tree", id);
    return NULL;
}

static void push_finger(uint32_t type, double x, double y)
{
    SDL_Event event = {.type = type};
    event.tfinger.fingerId = 7;
    event.tfinger.x = (float)(x / 1080);
    event.tfinger.y = (float)(y / 1920);
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void a_robot_finds_a_button_and_presses_it(void **state)
{
    (void)state;
    int fd = connect_to_tree();
    json_t *tree = json_loads(ask(fd, "tree\n"), 0, NULL);
    assert_non_null(tree);
    assert_string_equal(json_string_value(json_object_get(tree, "screen")), "notice");
    json_t *bounds = json_object_get(node_named(tree, "next"), "bounds");
    double x = json_number_value(json_array_get(bounds, 0)) +
               json_number_value(json_array_get(bounds, 2)) / 2;
    double y = json_number_value(json_array_get(bounds, 1)) +
               json_number_value(json_array_get(bounds, 3)) / 2;
    push_finger(SDL_FINGERDOWN, x, y);
    push_finger(SDL_FINGERUP, x, y);
    assert_true(ui_wait(ui, 100, remember, NULL));
    assert_int_equal(last, INTENT_NEXT);
    float latency[4];
    assert_true(ui_latencies(ui, latency, 4) > 0);
    assert_true(latency[0] >= 0 && latency[0] < 2000);
    json_decref(tree);
    close(fd);
}

static void a_quiet_screen_shows_no_new_frames(void **state)
{
    (void)state;
    ui_show(ui, &view);
    uint64_t before = ui_frames(ui);
    for (int i = 0; i < 5; i++) {
        ui_show(ui, &view);
        assert_true(ui_wait(ui, 10, remember, NULL));
    }
    assert_int_equal(ui_frames(ui), before);
}

static void a_wake_ends_the_wait(void **state)
{
    (void)state;
    uint64_t start = SDL_GetTicks64();
    ui_wake();
    assert_true(ui_wait(ui, 5000, remember, NULL));
    assert_true(SDL_GetTicks64() - start < 4000);
}

static void a_screenshot_is_written_and_nonsense_is_answered(void **state)
{
    (void)state;
    char command[128];
    struct stat info;
    int fd = connect_to_tree();
    (void)snprintf(command, sizeof(command), "screenshot %s\n", picture);
    assert_string_equal(ask(fd, command), "ok\n");
    assert_int_equal(stat(picture, &info), 0);
    assert_true(info.st_size > 10000);
    assert_true(text_starts(ask(fd, "format c:\n"), "unknown command"));
    assert_true(atoll(ask(fd, "frame\n")) > 0);
    close(fd);
}

static void a_client_that_talks_too_long_is_dropped(void **state)
{
    (void)state;
    char flood[4096], byte;
    memset(flood, 'x', sizeof(flood));
    int fd = connect_to_tree();
    assert_true(send(fd, flood, sizeof(flood), 0) > 0);
    for (int i = 0; i < 5; i++) {
        assert_true(ui_wait(ui, 20, remember, NULL));
    }
    assert_true(recv(fd, &byte, 1, MSG_DONTWAIT) <= 0);
    close(fd);
    fd = connect_to_tree();
    assert_true(atoll(ask(fd, "frame\n")) > 0);
    close(fd);
}

SDL_Surface *__real_SDL_CreateRGBSurfaceWithFormat(Uint32 flags, int width, int height, int depth,
                                                   Uint32 format);
SDL_Surface *__wrap_SDL_CreateRGBSurfaceWithFormat(Uint32 flags, int width, int height, int depth,
                                                   Uint32 format);
static bool no_memory;
SDL_Surface *__wrap_SDL_CreateRGBSurfaceWithFormat(Uint32 flags, int width, int height, int depth,
                                                   Uint32 format)
{
    return no_memory ? NULL
                     : __real_SDL_CreateRGBSurfaceWithFormat(flags, width, height, depth, format);
}

static void push_size_change(void)
{
    SDL_Event event = {.type = SDL_WINDOWEVENT};
    event.window.event = SDL_WINDOWEVENT_SIZE_CHANGED;
    assert_int_equal(SDL_PushEvent(&event), 1);
    assert_true(ui_wait(ui, 20, remember, NULL));
}

// The picture goes on as large as it was, and into memory that is still there.
static void a_window_that_cannot_grow_is_drawn_as_before(void **state)
{
    (void)state;
    uint64_t before = ui_frames(ui);
    no_memory = true;
    push_size_change();
    view.language = "en"; // something new to draw
    ui_show(ui, &view);
    assert_true(ui_frames(ui) > before);
    push_finger(SDL_FINGERDOWN, 1, 1); // where it is on the picture is asked
    push_finger(SDL_FINGERUP, 1, 1);
    assert_true(ui_wait(ui, 20, remember, NULL));
    no_memory = false;
    push_size_change();
    view.language = "zh";
    ui_show(ui, &view);
    assert_true(ui_frames(ui) > before + 1);
}

static int open_window(void **state)
{
    (void)state;
    struct fail why = {0};
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    if (!mkdtemp(folder)) {
        return -1;
    }
    (void)snprintf(path, sizeof(path), "%s/tree", folder);
    (void)snprintf(picture, sizeof(picture), "%s/picture.png", folder);
    assets = sample_assets();
    if (texts_load(&assets, &texts, &why)) {
        return -1;
    }
    const struct ui_options options = {.width = 1080,
                                       .height = 1920,
                                       .mm_per_px = 0.248,
                                       .pack = &assets,
                                       .texts = texts,
                                       .tree_socket = path};
    if (ui_open(&options, &ui, &why)) {
        print_error("%s\n", why.text);
        return -1;
    }
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
    (void)unlink(picture);
    int left = access(path, F_OK);
    (void)rmdir(folder);
    return left == 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_robot_finds_a_button_and_presses_it),
        cmocka_unit_test(a_quiet_screen_shows_no_new_frames),
        cmocka_unit_test(a_wake_ends_the_wait),
        cmocka_unit_test(a_screenshot_is_written_and_nonsense_is_answered),
        cmocka_unit_test(a_client_that_talks_too_long_is_dropped),
        cmocka_unit_test(a_window_that_cannot_grow_is_drawn_as_before),
    };
    return cmocka_run_group_tests(tests, open_window, close_window);
}
