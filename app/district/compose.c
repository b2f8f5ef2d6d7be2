// SPDX-License-Identifier: GPL-3.0-or-later
// Forms that are composed of several services' are not published one by one (there are hundreds):
// the first case of one brings it. The content composes it as the kiosk did, and only the very same
// version is taken. That takes up to seconds, so the listener only asks for it (composing.h).
#include "yimen/district/composing.h"

#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/queue.h"
#include "yimen/base/text.h"
#include "yimen/weave/compose.h"

#include <stdlib.h>

enum { WAITING = 8, UNKNOWN = 128, UNKNOWN_KEEPS_MS = 600000 };

struct composition {
    char form_id[LIMIT_FORM_ID], version[64];
    char fingerprint[65]; // of who asked
    int64_t at_ms;        // the worker's: how long it took. Of an unknown one: until when it is
    enum err err;
};

struct composing {
    struct queue *wanted, *done; // to the worker and back; neither can be full before `waiting` is
    struct composition waiting[WAITING], unknown[UNKNOWN]; // the listener's own
    size_t waiting_count, next_unknown;
};

struct composing *composing_new(void)
{
    struct composing *composing = calloc(1, sizeof *composing);
    if (!composing)
        abort();
    composing->wanted = queue_new(WAITING, sizeof(struct composition));
    composing->done = queue_new(WAITING, sizeof(struct composition));
    return composing;
}

void composing_close(struct composing *composing)
{
    queue_close(composing->wanted);
}

void composing_free(struct composing *composing)
{
    if (!composing)
        return;
    queue_free(composing->wanted);
    queue_free(composing->done);
    free(composing);
}

static bool is_of(const struct composition *one, const char *form_id, const char *version)
{
    return text_equal(one->form_id, form_id) && text_equal(one->version, version);
}

static void forget_waiting(struct composing *composing, const struct composition *gone)
{
    for (size_t i = 0; i < composing->waiting_count; i++)
        if (is_of(&composing->waiting[i], gone->form_id, gone->version)) {
            composing->waiting[i] = composing->waiting[--composing->waiting_count];
            return;
        }
}

void composed_collect(struct district *district)
{
    struct composing *composing = district->options.composing;
    struct composition done;
    while (composing && queue_take(composing->done, &done, 0)) {
        forget_waiting(composing, &done);
        fair_charge_work(district, done.fingerprint, done.at_ms);
        if (done.err != ERR_NOT_FOUND)
            continue;
        done.at_ms = clock_now(district->options.clock).monotonic_ms + UNKNOWN_KEEPS_MS;
        composing->unknown[composing->next_unknown++ % UNKNOWN] = done;
    }
}

static bool is_unknown(const struct composing *composing, const char *form_id, const char *version,
                       int64_t now_ms)
{
    for (size_t i = 0; i < UNKNOWN; i++)
        if (composing->unknown[i].at_ms > now_ms && is_of(&composing->unknown[i], form_id, version))
            return true;
    return false;
}

// One device has one form composed at a time.
static bool may_wait(const struct composing *composing, const char *fingerprint)
{
    for (size_t i = 0; i < composing->waiting_count; i++)
        if (text_equal(composing->waiting[i].fingerprint, fingerprint))
            return false;
    return composing->waiting_count < WAITING;
}

static bool is_waiting(const struct composing *composing, const char *form_id, const char *version)
{
    for (size_t i = 0; i < composing->waiting_count; i++)
        if (is_of(&composing->waiting[i], form_id, version))
            return true;
    return false;
}

enum err composed_form(struct district *district, const char *form_id, const char *version,
                       const char *fingerprint, struct fail *why)
{
    struct composing *composing = district->options.composing;
    struct composition wanted = {0};
    if (!composing || !text_starts(form_id, FORM_ONE_VISIT) ||
        is_unknown(composing, form_id, version, clock_now(district->options.clock).monotonic_ms) ||
        !text_copy(wanted.form_id, sizeof wanted.form_id, form_id) ||
        !text_copy(wanted.version, sizeof wanted.version, version))
        return fail_set(why, ERR_NOT_FOUND, "form %s is not published here", form_id);
    text_copy(wanted.fingerprint, sizeof wanted.fingerprint, fingerprint ? fingerprint : "");
    if (!is_waiting(composing, form_id, version) && may_wait(composing, wanted.fingerprint) &&
        queue_put(composing->wanted, &wanted))
        composing->waiting[composing->waiting_count++] = wanted;
    return fail_set(why, ERR_RETRY, "form %s is being composed", form_id);
}

static enum err compose(struct district *worker, const struct composition *wanted, struct fail *why)
{
    const struct district_options *options = &worker->options;
    struct district_form form = {0};
    struct strbuf xml;
    if (!options->compose)
        return fail_set(why, ERR_NOT_FOUND, "nothing is composed here");
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    enum err err =
        options->compose(options->compose_context, wanted->form_id, wanted->version, &xml, why);
    if (!err)
        err = district_publish_form(worker, strbuf_text(&xml), xml.length, why);
    if (!err)
        err = options->store->ops->form_get(options->store->self, wanted->form_id, wanted->version,
                                            &form, why);
    strbuf_free(&xml);
    return err;
}

bool district_compose_next(struct district *worker, int64_t timeout_ms)
{
    struct composing *composing = worker->options.composing;
    struct composition one;
    struct fail why = {0};
    if (!queue_take(composing->wanted, &one, timeout_ms))
        return false;
    int64_t begun_ms = clock_now(worker->options.clock).monotonic_ms;
    one.err = compose(worker, &one, &why);
    one.at_ms = clock_now(worker->options.clock).monotonic_ms - begun_ms;
    if (one.err)
        log_fail(LOG_WARNING, "district", "form-not-composed", &why);
    else
        log_event(LOG_INFO, "district", "form-composed", "form=%s version=%s ms=%lld", one.form_id,
                  one.version, (long long)one.at_ms);
    queue_put(composing->done, &one);
    return true;
}
