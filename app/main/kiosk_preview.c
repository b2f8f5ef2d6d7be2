// SPDX-License-Identifier: GPL-3.0-or-later
// yimen-kiosk --preview FORM: an author walks through a form on the real screens. There are no
// workers behind the session: forms are loaded here, the store is played by `answer`, and what
// would have been handed in is written to standard output. When the file changes, the new form is
// begun from its start; one with errors is told of and the old one stays.
#include "kiosk_preview.h"
#include "place.h"
#include "preview_content.h"
#include "yimen/base/limits.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/pinyin.h"
#include "yimen/driver/system.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 700, PATIENCE_MS = 24 * 3600000 };

struct asked {
    struct asked *next;
    struct session_request request;
};

struct preview {
    struct kiosk *kiosk;
    struct preview_content content;
    uint8_t mark[CRYPTO_HASH];
    struct form *form;           ///< loaded, not yet asked for
    struct asked *asked, **last; ///< to be answered after the step
};

// ------------------------------------------------------------------ what the session asks

static void take_request(void *context, struct session_request *request)
{
    struct preview *preview = context;
    if (!request->id) { // nothing is kept, printed or sent here
        session_request_clear(request);
        return;
    }
    struct asked *asked = calloc(1, sizeof *asked);
    if (!asked)
        abort(); // as the kiosk's own queues
    asked->request = *request;
    *preview->last = asked;
    preview->last = &asked->next;
}

static void write_record(const struct case_draft *draft)
{
    struct strbuf xml;
    struct fail why = {0};
    strbuf_init(&xml, LIMIT_SUBMISSION_XML);
    if (record_submission(draft->record, true, &xml, &why) == ERR_OK)
        (void)printf("%s\n", strbuf_text(&xml));
    (void)fflush(stdout);
    strbuf_free(&xml);
}

static bool answer_store(struct outbox_request *request, struct outbox_reply *reply)
{
    *reply = (struct outbox_reply){.to = request->kind, .id = request->id};
    if (request->kind == OUTBOX_SAVE) {
        write_record(request->draft);
        reply->kind = OUTBOX_SAVE_FAILED;
        reply->err = ERR_UNSUPPORTED;
        reply->draft = request->draft;
    } else if (request->kind == OUTBOX_LIST) {
        reply->kind = OUTBOX_LISTED;
    } else if (request->kind == OUTBOX_LOGIN) {
        reply->kind = OUTBOX_LOGIN_REFUSED;
    } else {
        return false;
    }
    return true;
}

static void print_finding(void *context, const struct form_finding *finding)
{
    static const char *const names[] = {
        [FORM_NOTE] = "note", [FORM_WARNING] = "warning", [FORM_ERROR] = "error"};
    (void)context;
    (void)fprintf(stderr, "%s:%d: %s: %s%s%s. %s\n", finding->file, finding->line,
                  names[finding->severity], finding->element, finding->element[0] ? ": " : "",
                  finding->text, finding->advice);
}

static enum err load_form(struct preview *preview, struct fail *why)
{
    form_free(preview->form);
    preview->form = NULL;
    preview_content_mark(&preview->content, preview->mark);
    return preview_content_form(&preview->content, print_finding, NULL, &preview->form, why);
}

static void answer_form(struct preview *preview, struct session_input *input)
{
    struct fail why = {0};
    input->kind = SESSION_FORM_LOADED;
    if (!preview->form)
        input->err = load_form(preview, &why);
    input->form = preview->form;
    text_copy(input->why, sizeof input->why, why.text);
    preview->form = NULL;
}

// There is one form, and a store that keeps nothing; everything else is said not to be there.
static void answer(struct preview *preview, struct session_request *request)
{
    struct session_input input = {.id = request->id};
    if (request->kind == SESSION_FORM)
        answer_form(preview, &input);
    else if (request->kind == SESSION_STORE && answer_store(&request->store, &input.outbox))
        input.kind = SESSION_OUTBOX;
    else
        session_refusal(request, ERR_UNSUPPORTED, "a preview has no such worker", &input);
    session_step(preview->kiosk->session, &input);
}

// Each answer may lead to new questions; those of a session are few.
static void answer_all(struct preview *preview)
{
    while (preview->asked) {
        struct asked *first = preview->asked;
        preview->asked = first->next;
        if (!preview->asked)
            preview->last = &preview->asked;
        answer(preview, &first->request);
        free(first);
    }
}

// ------------------------------------------------------------------ parts

static enum err open_session(struct preview *preview, struct fail *why)
{
    struct kiosk *kiosk = preview->kiosk;
    const struct session_options options = {
        .texts = preview->content.texts,
        .catalogue = preview->content.catalogue,
        .clock = &kiosk->clock,
        .crypto = &kiosk->crypto,
        .counter = "000",
        .device_id = "preview",
        .time_zone = "Asia/Shanghai",
        .pack_version = "",
        .language = kiosk->options.language,
        .preview = true,
        .idle_alert_ms = PATIENCE_MS,
        .idle_papers_ms = PATIENCE_MS,
    };
    const struct session_output output = {.context = preview, .ask = take_request};
    return session_open(&options, &output, &kiosk->session, why);
}

static void close_session(struct preview *preview)
{
    session_end(preview->kiosk->session);
    answer_all(preview);
    session_close(preview->kiosk->session);
    preview->kiosk->session = NULL;
}

static enum err open_window(struct preview *preview, struct fail *why)
{
    struct kiosk *kiosk = preview->kiosk;
    const struct kiosk_options *options = &kiosk->options;
    const struct ui_options ui = {
        .title = form_title(preview->form),
        .width = options->fullscreen ? 0
                 : options->width    ? options->width
                                     : 540,
        .height = options->fullscreen ? 0
                  : options->height   ? options->height
                                      : 960,
        .mm_per_px = options->mm_per_px > 0 ? options->mm_per_px
                     : options->width       ? 0.248
                                            : 0.496,
        .pack = &kiosk->look,
        .texts = preview->content.texts,
        .text_entry = kiosk->text_entry.ops ? &kiosk->text_entry : NULL,
        .tree_socket = options->tree_socket,
        .mouse_is_finger = true,
    };
    return ui_open(&ui, &kiosk->ui, why);
}

static enum err open_parts(struct preview *preview, struct fail *why)
{
    struct kiosk *kiosk = preview->kiosk;
    const struct kiosk_options *options = &kiosk->options;
    char installed[PATH_MAX];
    if (!options->look && !place_assets(installed, sizeof installed))
        return fail_set(why, ERR_TECHNICIAN, "where theme and icons are is not known");
    const char *look = options->look ? options->look : installed;
    enum err err =
        preview_content_open(&preview->content, options->preview,
                             options->assets ? options->assets : look, &kiosk->crypto, why);
    if (!err)
        err = load_form(preview, why);
    if (!err)
        err = system_files_open(look, &kiosk->look, why);
    if (err)
        return err;
    if (pinyin_open(NULL, &kiosk->text_entry, NULL))
        kiosk->text_entry = (struct text_entry){0}; // letters and digits still work
    err = open_window(preview, why);
    return err ? err : open_session(preview, why);
}

static void close_parts(struct preview *preview)
{
    struct kiosk *kiosk = preview->kiosk;
    if (kiosk->session)
        close_session(preview);
    ui_close(kiosk->ui);
    if (kiosk->text_entry.ops)
        pinyin_close(&kiosk->text_entry);
    if (kiosk->look.ops)
        system_files_close(&kiosk->look);
    form_free(preview->form);
    preview_content_close(&preview->content);
}

// ------------------------------------------------------------------ the loop

static void take_intent(void *self, const struct intent *intent)
{
    struct preview *preview = self;
    struct session *session = preview->kiosk->session;
    session_step(session, &(struct session_input){.kind = SESSION_INTENT, .intent = intent});
    answer_all(preview);
    ui_show(preview->kiosk->ui, session_view(session));
}

// Where a resident would choose a service there is only one thing to choose.
static void begin_if_idle(struct preview *preview)
{
    const struct view *view = session_view(preview->kiosk->session);
    struct intent begin = {.kind = INTENT_SERVICE};
    text_copy(begin.text, sizeof begin.text, preview->content.service);
    if (view->screen == SCREEN_ATTRACT && view->overlay == OVERLAY_NONE)
        take_intent(preview, &begin);
}

static enum err begin_anew(struct preview *preview, struct fail *why)
{
    close_session(preview);
    enum err err = open_session(preview, why);
    if (!err)
        (void)fprintf(stderr, "%s: begun anew\n", preview->content.name);
    return err;
}

static enum err look_for_change(struct preview *preview, int64_t *looked_ms, struct fail *why)
{
    uint8_t mark[CRYPTO_HASH];
    int64_t now = clock_now(&preview->kiosk->clock).monotonic_ms;
    if (now - *looked_ms < LOOK_MS)
        return ERR_OK;
    *looked_ms = now;
    preview_content_mark(&preview->content, mark);
    if (memory_equal(mark, preview->mark, sizeof mark))
        return ERR_OK;
    if (load_form(preview, why)) { // half saved, or a mistake: the next change is looked at again
        (void)fprintf(stderr, "%s\n", why->text);
        return ERR_OK;
    }
    return begin_anew(preview, why);
}

static bool is_over(const struct kiosk *kiosk)
{
    return atomic_load(&kiosk->is_ending) ||
           (kiosk->end_at_ms >= 0 && clock_now(&kiosk->clock).monotonic_ms >= kiosk->end_at_ms);
}

static enum err loop(struct preview *preview, struct fail *why)
{
    struct kiosk *kiosk = preview->kiosk;
    int64_t looked_ms = clock_now(&kiosk->clock).monotonic_ms;
    enum err err = ERR_OK;
    while (!err && !is_over(kiosk)) {
        answer_all(preview);
        begin_if_idle(preview);
        session_step(kiosk->session, &(struct session_input){.kind = SESSION_TICK});
        ui_show(kiosk->ui, session_view(kiosk->session));
        if (!ui_wait(kiosk->ui, LOOK_MS, take_intent, preview))
            break;
        err = look_for_change(preview, &looked_ms, why);
    }
    return err;
}

enum err kiosk_preview(struct kiosk *kiosk, struct fail *why)
{
    struct preview preview = {.kiosk = kiosk, .last = &preview.asked};
    enum err err = open_parts(&preview, why);
    if (!err)
        err = loop(&preview, why);
    close_parts(&preview);
    return err;
}
