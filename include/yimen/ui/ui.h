// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/content/texts.h"
#include "yimen/port/files.h"
#include "yimen/port/text_entry.h"
#include "yimen/session/intent.h"
#include "yimen/session/view.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The window: draws a `struct view`, turns touches and the keypad into intents.
///
/// Life cycle: `ui_open` -> `ui_show` after every session_step -> `ui_wait` in a loop -> `ui_close`
/// (overdraws the window). Thread: all calls on the thread that opened it, except `ui_wake`. It
/// never waits on disk, network or a device; nothing is redrawn when nothing changed.

struct ui;

/// A QR code's modules, row by row, 1 = dark; without its quiet zone.
enum { UI_QR_SIDE = 177 };
struct ui_qr {
    int side;
    uint8_t modules[UI_QR_SIDE * UI_QR_SIDE];
};

struct ui_options {
    const char *title;        ///< of the window
    int width, height;        ///< px; 0: the whole screen
    double mm_per_px;         ///< measured at installation; 0.248 is a 21.5 inch screen
    const struct files *pack; ///< theme/theme.json, icons/*.svg; read in ui_open only
    const struct texts *texts;
    const struct text_entry *text_entry; ///< pinyin; NULL: letters only
    const char *tree_socket;             ///< path of the tree socket, NULL: none
    bool has_scanner;                    ///< papers may be scanned here
    bool mouse_is_finger;                ///< development: the mouse counts as a finger
    /// Modules of a text's QR code; false when it does not fit. May be NULL: no code on the screen.
    bool (*qr)(void *self, const char *text, struct ui_qr *out);
    void *qr_self;
};

/// Called on the UI thread for each intent; the intent is borrowed during the call. It may call
/// `ui_show`.
typedef void ui_intent(void *self, const struct intent *intent);

/// `options` is copied; what it points to is borrowed until `ui_close`. ERR_TECHNICIAN: no window,
/// no theme, a broken icon.
enum err ui_open(const struct ui_options *options, struct ui **out, struct fail *why) MUST_USE;
/// NULL-safe.
void ui_close(struct ui *ui);
/// Draw what changed. `view` is borrowed until the next `ui_show`: call it after every
/// session_step.
void ui_show(struct ui *ui, const struct view *view);
/// Handle what happened, waiting up to `timeout_ms` for it (-1: until something happens). Returns
/// after the first batch of events, after `ui_wake` or the time-out. False: the window was closed.
bool ui_wait(struct ui *ui, int timeout_ms, ui_intent *each, void *self) MUST_USE;
/// Make `ui_wait` return. Any thread.
void ui_wake(void);
/// Frames presented since `ui_open`.
uint64_t ui_frames(const struct ui *ui);
/// Milliseconds from each touch (finger down or up) to the frame that answered it, the latest ones
/// first; returns how many were written.
size_t ui_latencies(const struct ui *ui, float *out, size_t room);
