// SPDX-License-Identifier: GPL-3.0-or-later
// The window: SDL around the stage. The picture is drawn into an own image of a fixed format and
// copied to the window where it changed, so any window surface will do.
#include "yimen/ui/ui.h"
#include "ui/socket.h"
#include "ui/stage.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <SDL.h>
#include <stdlib.h>

enum { LATENCIES = 4096, SOCKET_SLICE_MS = 8, DEVICES = 8, TOUCHED_MS = 1000 };

struct ui {
    struct ui_options options;
    SDL_Window *window;
    SDL_Surface *image;
    struct stage *stage;
    struct tree_socket *socket;
    uint64_t frames;
    uint64_t touched; ///< performance counter of the touch not yet answered; 0: none
    float latencies[LATENCIES];
    size_t latency_count;
    int64_t devices[DEVICES]; ///< that touched and are known to SDL
    size_t device_count;
    uint64_t empty_ms; ///< when the queue of events was last seen empty
    bool closed;
};

// ------------------------------------------------------------------ drawing

// What was shown in it is nobody's business afterwards.
static void drop_image(struct ui *ui)
{
    if (ui->image) {
        memory_wipe(ui->image->pixels, (size_t)ui->image->pitch * (size_t)ui->image->h);
        SDL_FreeSurface(ui->image);
        ui->image = NULL;
    }
}

// The old one stays when there is no new one: the canvas draws into it.
static enum err make_image(struct ui *ui, struct fail *why)
{
    int width, height;
    SDL_GetWindowSize(ui->window, &width, &height);
    SDL_Surface *image =
        SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_RGB888);
    if (!image) {
        return fail_set(why, ERR_TECHNICIAN, "no image of %d x %d: %s", width, height,
                        SDL_GetError());
    }
    drop_image(ui);
    ui->image = image;
    return ERR_OK;
}

static void aim(struct ui *ui)
{
    canvas_target(stage_canvas(ui->stage), ui->image->pixels, ui->image->w, ui->image->h,
                  ui->image->pitch);
}

static void note_latency(struct ui *ui)
{
    if (ui->touched) {
        double ticks = (double)(SDL_GetPerformanceCounter() - ui->touched);
        ui->latencies[ui->latency_count++ % LATENCIES] =
            (float)(ticks * 1000 / (double)SDL_GetPerformanceFrequency());
        ui->touched = 0;
    }
}

static void present(struct ui *ui)
{
    struct box changed[CANVAS_RECTS];
    size_t count = stage_draw(ui->stage, changed);
    SDL_Surface *surface = count ? SDL_GetWindowSurface(ui->window) : NULL;
    if (!surface) {
        return;
    }
    SDL_Rect rects[CANVAS_RECTS];
    for (size_t i = 0; i < count; i++) {
        rects[i] = (SDL_Rect){changed[i].x, changed[i].y, changed[i].w, changed[i].h};
        SDL_Rect to = rects[i];
        SDL_BlitSurface(ui->image, &rects[i], surface, &to);
    }
    SDL_UpdateWindowSurfaceRects(ui->window, rects, (int)count);
    ui->frames++;
    note_latency(ui);
}

void ui_show(struct ui *ui, const struct view *view)
{
    stage_show(ui->stage, view);
    present(ui);
}

// ------------------------------------------------------------------ open and close

static enum err open_window(struct ui *ui, struct fail *why)
{
    const struct ui_options *options = &ui->options;
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, options->mouse_is_finger ? "1" : "0");
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
    if (SDL_InitSubSystem(SDL_INIT_VIDEO)) {
        return fail_set(why, ERR_TECHNICIAN, "no screen: %s", SDL_GetError());
    }
    if (text_equal(SDL_GetCurrentVideoDriver(), "x11")) {
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    }
    bool whole = options->width <= 0 || options->height <= 0;
    ui->window =
        SDL_CreateWindow(options->title ? options->title : "Yimen", SDL_WINDOWPOS_CENTERED,
                         SDL_WINDOWPOS_CENTERED, whole ? 1080 : options->width,
                         whole ? 1920 : options->height, whole ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    if (!ui->window) {
        return fail_set(why, ERR_TECHNICIAN, "no window: %s", SDL_GetError());
    }
    SDL_ShowCursor(options->mouse_is_finger ? SDL_ENABLE : SDL_DISABLE);
    SDL_StopTextInput();
    return make_image(ui, why);
}

enum err ui_open(const struct ui_options *options, struct ui **out, struct fail *why)
{
    struct ui *ui = calloc(1, sizeof(*ui));
    if (!ui) {
        abort();
    }
    ui->options = *options;
    enum err err = open_window(ui, why);
    if (!err) {
        err = stage_open(&ui->options, ui->image->w, ui->image->h, &ui->stage, why);
    }
    if (!err && options->tree_socket) {
        err = tree_socket_open(options->tree_socket, &ui->socket, why);
    }
    if (err) {
        ui_close(ui);
        return fail_prefix(why, err, "opening the screen");
    }
    aim(ui);
    *out = ui;
    return ERR_OK;
}

void ui_close(struct ui *ui)
{
    if (!ui) {
        return;
    }
    tree_socket_close(ui->socket);
    stage_close(ui->stage);
    drop_image(ui);
    if (ui->window) {
        SDL_Surface *surface = SDL_GetWindowSurface(ui->window);
        if (surface) {
            SDL_FillRect(surface, NULL, 0);
            SDL_UpdateWindowSurface(ui->window);
        }
        SDL_DestroyWindow(ui->window);
    }
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    free(ui);
}

// ------------------------------------------------------------------ events

// The devices that SDL knows; one that it knows no more has taken its fingers along.
static void note_device(struct ui *ui, int64_t device)
{
    bool known = false;
    for (size_t i = 0; i < ui->device_count; i++) {
        known |= ui->devices[i] == device;
    }
    for (int i = 0; i < SDL_GetNumTouchDevices() && !known && ui->device_count < DEVICES; i++) {
        if (SDL_GetTouchDevice(i) == device) {
            ui->devices[ui->device_count++] = device;
        }
    }
}

static void drop_lost_devices(struct ui *ui, ui_intent *each, void *self)
{
    for (size_t i = 0; i < ui->device_count;) {
        bool there = false;
        for (int k = 0; k < SDL_GetNumTouchDevices(); k++) {
            there |= SDL_GetTouchDevice(k) == ui->devices[i];
        }
        if (there) {
            i++;
            continue;
        }
        stage_device_lost(ui->stage, ui->devices[i], SDL_GetTicks64(), each, self);
        ui->devices[i] = ui->devices[--ui->device_count];
    }
}

// An event's own stamp has 32 bits and is when SDL took it in: at some time since the queue was
// seen empty.
static struct touch touch_of(const struct ui *ui, const SDL_TouchFingerEvent *event,
                             enum finger what)
{
    uint64_t now = SDL_GetTicks64(), ago = (uint32_t)now - event->timestamp;
    uint64_t at = event->timestamp && ago <= now ? now - ago : now;
    return (struct touch){.what = what,
                          .device = event->touchId,
                          .finger = event->fingerId,
                          .x = (int)(event->x * (float)ui->image->w),
                          .y = (int)(event->y * (float)ui->image->h),
                          .at_ms = at,
                          .since_ms = ui->empty_ms < at ? ui->empty_ms : at};
}

static void handle_finger(struct ui *ui, const SDL_TouchFingerEvent *event, enum finger what,
                          ui_intent *each, void *self)
{
    struct touch touch = touch_of(ui, event, what);
    if (what == FINGER_DOWN) {
        note_device(ui, touch.device);
    }
    if (what != FINGER_MOVE) {
        ui->touched = SDL_GetPerformanceCounter();
    }
    stage_finger(ui->stage, &touch, each, self);
    if (what != FINGER_MOVE) {
        present(ui);
        ui->touched = 0;
    }
}

// The keypad has six keys; no other key of any keyboard does anything.
static void handle_key(struct ui *ui, SDL_Keycode key, ui_intent *each, void *self)
{
    switch (key) {
    case SDLK_LEFT: stage_walk(ui->stage, WALK_BACK, each, self); break;
    case SDLK_RIGHT: stage_walk(ui->stage, WALK_FORWARD, each, self); break;
    case SDLK_UP: stage_walk(ui->stage, WALK_UP, each, self); break;
    case SDLK_DOWN: stage_walk(ui->stage, WALK_DOWN, each, self); break;
    case SDLK_RETURN: stage_select(ui->stage, each, self); break;
    case SDLK_HELP:
    case SDLK_F1: stage_help(ui->stage, each, self); break;
    default: break;
    }
}

static void handle_window(struct ui *ui, const SDL_WindowEvent *event)
{
    if (event->event == SDL_WINDOWEVENT_SIZE_CHANGED) {
        struct fail why;
        if (make_image(ui, &why)) {
            log_fail(LOG_ERROR, "ui", "not-resized", &why);
            return;
        }
        aim(ui); // first: what follows draws
        stage_resize(ui->stage, ui->image->w, ui->image->h);
    } else if (event->event == SDL_WINDOWEVENT_EXPOSED) {
        canvas_forget(stage_canvas(ui->stage));
    }
}

static void handle(struct ui *ui, const SDL_Event *event, ui_intent *each, void *self)
{
    switch (event->type) {
    case SDL_FINGERDOWN: handle_finger(ui, &event->tfinger, FINGER_DOWN, each, self); break;
    case SDL_FINGERMOTION: handle_finger(ui, &event->tfinger, FINGER_MOVE, each, self); break;
    case SDL_FINGERUP: handle_finger(ui, &event->tfinger, FINGER_UP, each, self); break;
    case SDL_KEYDOWN:
        if (!event->key.repeat) {
            handle_key(ui, event->key.keysym.sym, each, self);
        }
        break;
    case SDL_WINDOWEVENT: handle_window(ui, &event->window); break;
    case SDL_QUIT: ui->closed = true; break;
    default: break;
    }
}

// ------------------------------------------------------------------ the tree socket

static void answer(void *self, const char *command, struct strbuf *out)
{
    struct ui *ui = self;
    struct fail why;
    if (text_equal(command, "tree")) {
        tree_json(stage_tree(ui->stage), ui->frames, out);
    } else if (text_equal(command, "frame")) {
        strbuf_addf(out, "%llu", (unsigned long long)ui->frames);
    } else if (text_starts(command, "screenshot ")) {
        enum err err = canvas_png(stage_canvas(ui->stage), command + 11, &why);
        strbuf_adds(out, err ? why.text : "ok");
    } else {
        strbuf_adds(out, "unknown command; there are: tree, frame, screenshot PATH");
    }
}

// With a socket the wait is cut into slices, because SDL cannot wait for it as well.
static bool next_event(struct ui *ui, int timeout_ms, SDL_Event *event)
{
    if (ui->socket) {
        tree_socket_poll(ui->socket, 0, answer, ui);
    }
    if (SDL_PollEvent(event)) {
        return true;
    }
    uint64_t start = ui->empty_ms = SDL_GetTicks64();
    if (!ui->socket) {
        bool came = timeout_ms < 0 ? SDL_WaitEvent(event) == 1
                                   : SDL_WaitEventTimeout(event, timeout_ms) == 1;
        ui->empty_ms = SDL_GetTicks64(); // it came while nothing else was done
        return came;
    }
    for (;;) {
        tree_socket_poll(ui->socket, SOCKET_SLICE_MS, answer, ui);
        if (SDL_PollEvent(event)) {
            tree_socket_poll(ui->socket, 0, answer, ui);
            return true;
        }
        ui->empty_ms = SDL_GetTicks64();
        if (timeout_ms >= 0 && ui->empty_ms - start >= (uint64_t)timeout_ms) {
            tree_socket_poll(ui->socket, 0, answer, ui);
            return false;
        }
    }
}

bool ui_wait(struct ui *ui, int timeout_ms, ui_intent *each, void *self)
{
    SDL_Event event;
    if (stage_is_touched(ui->stage) && (timeout_ms < 0 || timeout_ms > TOUCHED_MS)) {
        timeout_ms = TOUCHED_MS;
    }
    if (next_event(ui, timeout_ms, &event)) {
        do {
            handle(ui, &event, each, self);
        } while (!ui->closed && SDL_PollEvent(&event));
        ui->empty_ms = SDL_GetTicks64();
    }
    drop_lost_devices(ui, each, self);
    stage_tick(ui->stage, SDL_GetTicks64(), each, self);
    present(ui);
    return !ui->closed;
}

void ui_wake(void)
{
    SDL_Event event = {.type = SDL_USEREVENT};
    (void)SDL_PushEvent(&event);
}

uint64_t ui_frames(const struct ui *ui)
{
    return ui->frames;
}

size_t ui_latencies(const struct ui *ui, float *out, size_t room)
{
    size_t kept = ui->latency_count < LATENCIES ? ui->latency_count : LATENCIES;
    size_t count = room < kept ? room : kept;
    for (size_t i = 0; i < count; i++) {
        out[i] = ui->latencies[(ui->latency_count - 1 - i) % LATENCIES];
    }
    return count;
}
