// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl queue list: each case with its true state, beside a running kiosk or without one.
#include "options.h"
#include "kiosk_folder.h"

#include "yimen/base/when.h"
#include "yimen/driver/sqlite.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { LISTED = 100000, USAGE = 2 };

// The words of the outbox, which this command does without.
static const char *const states[] = {
    [STORE_SAVED] = "saved",       [STORE_SENDING] = "sending", [STORE_RETRY] = "retry",
    [STORE_RECEIVED] = "received", [STORE_HELD] = "held",       [STORE_QUARANTINED] = "quarantined",
    [STORE_PRUNED] = "pruned",
};
static const char *const print_states[] = {
    "composed", "accepted", "printed", "failed", "unknown", "waiting-for-owner", "cancelled",
};
enum { PRINT_STATES = sizeof print_states / sizeof *print_states };

static const char *print_name(int state)
{
    return state >= 0 && state < PRINT_STATES ? print_states[state] : "none";
}

static const char *state_name(const struct store_submission *row)
{
    return row->unverified && row->state == STORE_RECEIVED ? "unverified" : states[row->state];
}

static void add_json(void *context, const struct store_submission *row, int print_state)
{
    json_array_append_new(
        context,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:i, s:I, s:I, s:I, s:s, s:I, s:I}",
                  "number", row->number, "instance", row->instance, "service", row->service,
                  "state", state_name(row), "receipt", print_name(print_state), "urgent",
                  row->urgent, "attempts", row->attempts, "prints", row->print_count,
                  "saved_utc_ms", (json_int_t)row->saved.utc_ms, "next_try_utc_ms",
                  (json_int_t)row->next_try_utc_ms, "received_utc_ms",
                  (json_int_t)row->received_utc_ms, "reason", row->reason, "bytes",
                  (json_int_t)row->total_bytes, "sent_bytes", (json_int_t)row->sent_bytes));
}

static void print_row(void *context, const struct store_submission *row, int print_state)
{
    (void)context;
    char saved[32];
    when_format_utc(row->saved.utc_ms, saved);
    (void)printf("%s  %s  %-11s  %-17s  %s%d tries  %s\n", row->number, saved, state_name(row),
                 print_name(print_state), row->urgent ? "urgent  " : "", row->attempts,
                 row->reason);
}

static int list_json(const struct kiosk_store *store, const struct store_counts *counts)
{
    struct fail why = {0};
    json_t *rows = json_array();
    enum err err = store->ops->submission_list(store->self, LISTED, add_json, rows, &why);
    json_t *answer = json_pack("{s:I, s:I, s:I, s:o}", "unsent", (json_int_t)counts->unsent,
                               "received", (json_int_t)counts->received, "open_calls",
                               (json_int_t)counts->open_calls, "cases", rows);
    if (!err) {
        json_dumpf(answer, stdout, JSON_INDENT(1));
        (void)putchar('\n');
    }
    json_decref(answer);
    return err ? ctl_failed("queue list", &why) : 0;
}

static int list_text(const struct kiosk_store *store, const struct store_counts *counts)
{
    struct fail why = {0};
    enum err err = store->ops->submission_list(store->self, LISTED, print_row, NULL, &why);
    if (err)
        return ctl_failed("queue list", &why);
    (void)printf("%lld unsent, %lld received, %lld urgent calls open\n", (long long)counts->unsent,
                 (long long)counts->received, (long long)counts->open_calls);
    return 0;
}

int ctl_queue_list(const struct ctl *ctl, int argc, char **argv)
{
    const char *folder = NULL;
    bool as_json = false;
    const struct ctl_option options[] = {{"--kiosk", &folder, NULL, true},
                                         {"--json", NULL, &as_json, false}};
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return USAGE;
    struct kiosk_store store;
    struct store_counts counts;
    struct fail why = {0};
    if (kiosk_folder_open_store(ctl, folder, true, &store, &why))
        return ctl_failed("queue list", &why);
    int code = store.ops->counts(store.self, &counts, &why) ? ctl_failed("queue list", &why)
               : as_json                                    ? list_json(&store, &counts)
                                                            : list_text(&store, &counts);
    sqlite_kiosk_store_close(&store);
    return code;
}
