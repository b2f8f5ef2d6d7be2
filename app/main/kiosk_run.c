// SPDX-License-Identifier: GPL-3.0-or-later
// One run of the kiosk on the UI thread: open, loop, close.
#include "kiosk_run.h"
#include "place.h"
#include "wipe.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/paper.h"
#include "yimen/driver/pinyin.h"
#include "yimen/driver/sound.h"
#include "yimen/driver/system.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LATENCIES = 4096 };

static enum err open_look(struct kiosk *kiosk, struct fail *why)
{
    char installed[PATH_MAX];
    const char *look = kiosk->options.look;
    if (!look && !place_assets(installed, sizeof installed))
        return fail_set(why, ERR_TECHNICIAN, "where theme and icons are is not known");
    return system_files_open(look ? look : installed, &kiosk->look, why);
}

static bool draw_qr(void *self, const char *text, struct ui_qr *out)
{
    (void)self;
    struct fail why = {0};
    if (paper_qr_modules(text, out->modules, sizeof out->modules, &out->side, &why) == ERR_OK)
        return true;
    log_fail(LOG_ERROR, "kiosk", "qr", &why);
    return false;
}

static enum err open_ui(struct kiosk *kiosk, struct fail *why)
{
    const struct kiosk_options *options = &kiosk->options;
    const struct kiosk_config *config = &kiosk->config;
    bool sized = options->width && options->height;
    struct ui_options ui = {
        .title = "Yimen",
        .width = options->fullscreen ? 0
                 : sized             ? options->width
                                     : config->width,
        .height = options->fullscreen ? 0
                  : sized             ? options->height
                                      : config->height,
        .mm_per_px = options->mm_per_px > 0  ? options->mm_per_px
                     : config->mm_per_px > 0 ? config->mm_per_px
                                             : 0.248,
        .pack = &kiosk->look,
        .texts = kiosk->content.texts,
        .text_entry = kiosk->text_entry.ops ? &kiosk->text_entry : NULL,
        .tree_socket = options->tree_socket,
        .has_scanner = false,
        .mouse_is_finger = config->demo,
        .qr = draw_qr,
    };
    return ui_open(&ui, &kiosk->ui, why);
}

static enum err open_session(struct kiosk *kiosk, struct fail *why)
{
    const struct kiosk_options *options = &kiosk->options;
    const struct kiosk_config *config = &kiosk->config;
    int idle_s = options->idle_seconds ? options->idle_seconds : config->idle_seconds;
    struct session_options session = {
        .texts = kiosk->content.texts,
        .catalogue = kiosk->content.catalogue,
        .policies = kiosk->content.policies,
        .clock = &kiosk->clock,
        .crypto = &kiosk->crypto,
        .counter = config->counter,
        .device_id = config->device_id,
        .time_zone = config->time_zone,
        .pack_version = kiosk->content.version,
        .content_ends_ms = kiosk->content.ends_ms,
        .language = options->language ? options->language : config->language,
        .stand_in = config->openrosa_only,
        .practice = config->demo,
        .district_keys = config->district_keys,
        .district_key_count = config->district_key_count,
        .idle_alert_ms = idle_s * 1000,
        .idle_papers_ms = idle_s * 2500,
        .countdown_ms = options->idle_seconds * 1000,
    };
    struct session_output output = kiosk_wire(kiosk);
    return session_open(&session, &output, &kiosk->session, why);
}

static void open_text_entry(struct kiosk *kiosk)
{
    struct fail why = {0};
    if (pinyin_open(NULL, &kiosk->text_entry, &why) == ERR_OK)
        return;
    kiosk->text_entry = (struct text_entry){0}; // letters and digits still work
    log_fail(LOG_ERROR, "kiosk", "pinyin", &why);
}

struct workers_options kiosk_workers_options(struct kiosk *kiosk)
{
    return (struct workers_options){.config = &kiosk->config,
                                    .options = &kiosk->options,
                                    .content = &kiosk->content,
                                    .crypto = &kiosk->crypto,
                                    .clock = &kiosk->clock};
}

// Before any worker: opening the store would make a new one.
static enum err check_base(struct kiosk *kiosk, struct fail *why)
{
    struct base_finding findings[BASE_FINDINGS];
    size_t count =
        kiosk_base_check(kiosk->options.kiosk, &kiosk->config, &kiosk->crypto, true, findings);
    const struct base_finding *closes = kiosk_base_closes(&kiosk->config, findings, count);
    for (size_t i = 0; i < count; i++)
        log_event(closes ? LOG_ERROR : LOG_WARNING, "kiosk", "base", "code=%s %s", findings[i].code,
                  findings[i].text);
    kiosk->base = closes ? *closes : (struct base_finding){0};
    return closes ? fail_set(why, ERR_TECHNICIAN, "%s", closes->text) : ERR_OK;
}

static enum err open_parts(struct kiosk *kiosk, struct fail *why)
{
    const char *lamp = kiosk->config.lamp_file[0] ? kiosk->config.lamp_file : NULL;
    enum err err = kiosk_content_open(&kiosk->content, &kiosk->config, &kiosk->options,
                                      &kiosk->crypto, &kiosk->clock, why);
    if (!err)
        err = open_look(kiosk, why);
    if (!err)
        err = system_call_open(lamp, &kiosk->lamp, why);
    if (!err)
        err = sound_call_open(&kiosk->bell, why);
    if (err)
        return err;
    open_text_entry(kiosk);
    err = open_ui(kiosk, why); // before the workers: they wake it
    if (!err)
        err = check_base(kiosk, why);
    if (err)
        return err;
    struct workers_options workers = kiosk_workers_options(kiosk);
    err = workers_start(&workers, &kiosk->workers, why);
    return err ? err : open_session(kiosk, why);
}

static void write_latencies(const struct kiosk *kiosk)
{
    float *times = calloc(LATENCIES, sizeof *times);
    FILE *file =
        kiosk->options.latency_file && kiosk->ui ? fopen(kiosk->options.latency_file, "w") : NULL;
    if (file && times) {
        size_t count = ui_latencies(kiosk->ui, times, LATENCIES);
        for (size_t i = 0; i < count; i++)
            (void)fprintf(file, "%.2f\n", (double)times[i]);
    }
    if (file)
        (void)fclose(file);
    free(times);
}

static void close_parts(struct kiosk *kiosk)
{
    write_latencies(kiosk);
    // The session ends the visit, which the workers still carry out; forms and records that are
    // with them are given back before the session frees the forms.
    if (kiosk->session)
        session_end(kiosk->session);
    workers_stop(kiosk->workers);
    session_close(kiosk->session);
    ui_close(kiosk->ui);
    if (kiosk->text_entry.ops)
        pinyin_close(&kiosk->text_entry);
    system_call_close(&kiosk->lamp);
    sound_call_close(&kiosk->bell);
    if (kiosk->look.ops)
        system_files_close(&kiosk->look);
    kiosk_content_close(&kiosk->content);
    kiosk->session = NULL;
    kiosk->workers = NULL;
    kiosk->ui = NULL;
}

static void take_intent(void *self, const struct intent *intent)
{
    struct kiosk *kiosk = self;
    session_step(kiosk->session, &(struct session_input){.kind = SESSION_INTENT, .intent = intent});
    ui_show(kiosk->ui, session_view(kiosk->session));
}

static int shorter(int wait, int64_t other)
{
    int64_t least = other < 0 ? 0 : other;
    return wait < 0 || least < wait ? (int)least : wait;
}

static int wait_ms(const struct kiosk *kiosk)
{
    int64_t now = clock_now(&kiosk->clock).monotonic_ms;
    int wait = session_wait_ms(kiosk->session), watchdog = system_watchdog_ms();
    if (watchdog > 0)
        wait = shorter(wait, kiosk->alive_at_ms - now);
    return kiosk->end_at_ms >= 0 ? shorter(wait, kiosk->end_at_ms - now) : wait;
}

static void say_alive(struct kiosk *kiosk)
{
    int watchdog = system_watchdog_ms();
    int64_t now = clock_now(&kiosk->clock).monotonic_ms;
    if (watchdog <= 0 || now < kiosk->alive_at_ms)
        return;
    system_notify_alive();
    kiosk->alive_at_ms = now + watchdog;
}

// Between two visits: nobody is there, nothing is open.
static bool is_quiet(const struct kiosk *kiosk)
{
    const struct view *view = session_view(kiosk->session);
    return view->screen == SCREEN_ATTRACT && view->overlay == OVERLAY_NONE && !view->visit_open &&
           !session_keeps_visit(kiosk->session);
}

static void loop(struct kiosk *kiosk, enum run_end *end)
{
    *end = RUN_OVER;
    while (!atomic_load(&kiosk->is_ending)) {
        kiosk_take_answers(kiosk);
        session_step(kiosk->session, &(struct session_input){.kind = SESSION_TICK});
        ui_show(kiosk->ui, session_view(kiosk->session));
        if (kiosk->visit_wiped)
            wipe_stack();
        kiosk->visit_wiped = false;
        say_alive(kiosk);
        if (kiosk->end_at_ms >= 0 && clock_now(&kiosk->clock).monotonic_ms >= kiosk->end_at_ms)
            return;
        if (is_quiet(kiosk) && (kiosk->pack_installed || kiosk_content_is_due(&kiosk->content))) {
            *end = RUN_AGAIN;
            return;
        }
        if (!ui_wait(kiosk->ui, wait_ms(kiosk), take_intent, kiosk))
            return;
    }
}

enum err kiosk_run(struct kiosk *kiosk, enum run_end *end, struct fail *why)
{
    *end = RUN_OVER;
    kiosk->pack_installed = false;
    enum err err = open_parts(kiosk, why);
    if (!err) {
        log_event(LOG_INFO, "kiosk", "open", "counter=%s pack=%s", kiosk->config.counter,
                  kiosk->content.version);
        system_notify_ready();
        loop(kiosk, end);
    } else if (kiosk->ui) {
        log_fail(LOG_ERROR, "kiosk", "outage", why);
        system_notify_ready();
        *end = kiosk_outage(kiosk, err);
        err = ERR_OK;
    }
    close_parts(kiosk);
    log_event(LOG_INFO, "kiosk", "closed", "again=%d", *end == RUN_AGAIN);
    return err;
}
