// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl audit report: a counter's day on paper. The head on it is outside the kiosk from then on
// (audit verify --head).
#include "options.h"
#include "../kiosk_config.h"
#include "kiosk_folder.h"

#include "yimen/audit/log.h"
#include "yimen/base/text.h"
#include "yimen/content/pack.h"
#include "yimen/driver/paper.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/receipt/day_report.h"

#include <stdio.h>
#include <stdlib.h>

enum { USAGE = 2, LISTED = 100000, PDF_BYTES = 8 << 20 };

struct order {
    const char *folder, *out, *day, *language;
    const struct ctl *ctl;
    struct kiosk_config config;
    struct day_report report;
};

static void count_row(void *context, const struct store_submission *row, int print_state)
{
    struct day_report *report = context;
    char day[DISTRICT_DATE];
    (void)print_state;
    district_date(row->saved.utc_ms, day);
    bool unverified = row->state == STORE_RECEIVED && row->unverified;
    if (text_equal(day, report->date))
        day_report_add(report, row->service, unverified ? "unverified" : day_states[row->state]);
}

static enum err read_store(struct order *order, struct fail *why)
{
    struct kiosk_store store;
    struct store_counts counts = {0};
    struct audit_head head;
    struct audit_check check;
    struct day_report *report = &order->report;
    enum err err = kiosk_folder_open_store(order->ctl, order->folder, true, &store, why);
    if (err)
        return err;
    const struct audit_log log = {.store = &store,
                                  .crypto = order->ctl->crypto,
                                  .clock = order->ctl->clock,
                                  .signing_secret = order->config.signing_secret};
    err = store.ops->submission_list(store.self, LISTED, count_row, report, why);
    if (!err)
        err = store.ops->counts(store.self, &counts, why);
    if (!err)
        err = audit_log_verify(&log, &check, why); // a broken chain gets no seal
    if (!err)
        err = audit_log_head(&log, &head, why);
    sqlite_kiosk_store_close(&store);
    if (err)
        return err;
    report->unsent = counts.unsent;
    report->open_calls = counts.open_calls;
    report->entries = head.sequence;
    audit_head_format(&head, report->head);
    return ERR_OK;
}

static enum err render(const struct order *order, const struct texts *texts, struct fail *why)
{
    struct arena *arena = arena_new(0);
    struct paper_document document;
    struct paper paper;
    struct paper_output out = {0};
    enum err err = paper_open(NULL, &paper, why);
    if (!err) {
        strbuf_init(&out.pdf, PDF_BYTES);
        day_report_compose(&order->report, texts, order->language, arena, &document);
        err = paper.ops->render(paper.self, &document, &out, why);
        FILE *file = err ? NULL : fopen(order->out, "wb");
        bool written = file && fwrite(out.pdf.data, 1, out.pdf.length, file) == out.pdf.length;
        written = file && fclose(file) == 0 && written;
        if (!err && !written)
            err = fail_set(why, ERR_RETRY, "%s cannot be written", order->out);
        strbuf_free(&out.pdf);
        paper_close(&paper);
    }
    arena_free(arena);
    return err;
}

static enum err make(struct order *order, struct fail *why)
{
    char path[512];
    struct files releases;
    struct pack *pack = NULL;
    struct texts *texts = NULL;
    struct pack_trust trust = {order->ctl->crypto, order->config.content_keys,
                               order->config.content_key_count};
    struct day_report *report = &order->report;
    report->printed_utc_ms = clock_now(order->ctl->clock).utc_ms;
    district_date(report->printed_utc_ms, report->date);
    if (order->day)
        text_copy(report->date, sizeof report->date, order->day);
    text_copy(report->counter, sizeof report->counter, order->config.counter);
    enum err err = read_store(order, why);
    (void)snprintf(path, sizeof path, "%s/content", order->folder);
    if (err || (err = system_files_open(path, &releases, why)))
        return err;
    err = pack_open(&releases, &trust, report->printed_utc_ms, &pack, why);
    if (!err)
        err = texts_load(pack_files(pack), &texts, why);
    if (!err)
        err = render(order, texts, why);
    texts_free(texts);
    pack_close(pack);
    system_files_close(&releases);
    return err;
}

int ctl_audit_report(const struct ctl *ctl, int argc, char **argv)
{
    static struct order order = {.language = "zh"};
    const struct ctl_option options[] = {{"--kiosk", &order.folder, NULL, true},
                                         {"--out", &order.out, NULL, true},
                                         {"--day", &order.day, NULL, false},
                                         {"--language", &order.language, NULL, false}};
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return USAGE;
    struct files files;
    struct fail why = {0};
    order.ctl = ctl;
    enum err err = system_files_open(order.folder, &files, &why);
    if (err)
        return ctl_failed("audit report", &why);
    err = kiosk_config_read(&files, order.folder, &order.config, &why);
    if (!err)
        err = make(&order, &why);
    kiosk_config_wipe(&order.config);
    system_files_close(&files);
    if (err)
        return ctl_failed("audit report", &why);
    (void)puts(order.report.head);
    return 0;
}
