// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl slip make: hand slips on an office printer's paper, before they are needed. Each takes a
// number of the kiosk's own, so that what is written by hand and what the kiosk takes never share
// one.
#include "options.h"
#include "../kiosk_config.h"
#include "kiosk_folder.h"

#include "yimen/base/text.h"
#include "yimen/content/pack.h"
#include "yimen/driver/paper.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/outbox/outbox.h"
#include "yimen/receipt/slip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USAGE = 2, SLIPS_MOST = 50, SHEET_SLIPS = 5, PDF_BYTES = 64 << 20, PATH_MAXIMUM = 4096 };

struct order {
    const char *folder, *out, *language, *assets;
    int count;
};

/// What the words come from.
struct words {
    struct files releases, tree;
    struct pack_trust trust;
    struct pack *pack;
    struct texts *texts;
    struct catalogue *catalogue;
};

static enum err open_words(const struct ctl *ctl, const struct order *order,
                           const struct kiosk_config *config, struct words *out, struct fail *why)
{
    char path[512];
    out->trust = (struct pack_trust){ctl->crypto, config->content_keys, config->content_key_count};
    (void)snprintf(path, sizeof path, "%s/content", order->folder);
    enum err err = order->assets ? system_files_open(order->assets, &out->tree, why)
                                 : system_files_open(path, &out->releases, why);
    if (!err && !order->assets)
        err = pack_open(&out->releases, &out->trust, clock_now(ctl->clock).utc_ms, &out->pack, why);
    const struct files *files = order->assets ? &out->tree : NULL;
    if (!err && out->pack)
        files = pack_files(out->pack);
    if (!err)
        err = texts_load(files, &out->texts, why);
    if (!err)
        err = catalogue_load(files, &out->catalogue, why);
    return err;
}

static void close_words(struct words *words)
{
    catalogue_free(words->catalogue);
    texts_free(words->texts);
    pack_close(words->pack);
    if (words->tree.ops)
        system_files_close(&words->tree);
    if (words->releases.ops)
        system_files_close(&words->releases);
}

static enum err number_slips(const struct ctl *ctl, const struct order *order,
                             const struct kiosk_config *config,
                             char numbers[][LIMIT_RECEIPT_NUMBER], struct fail *why)
{
    struct kiosk_store store;
    enum err err = kiosk_folder_open_store(ctl, order->folder, false, &store, why);
    if (err)
        return err;
    const struct outbox_options options = {.store = &store,
                                           .crypto = ctl->crypto,
                                           .clock = ctl->clock,
                                           .counter = config->counter,
                                           .incarnation = config->incarnation,
                                           .signing_secret = config->signing_secret};
    for (int i = 0; !err && i < order->count; i++)
        err = outbox_number_slip(&options, "yimenctl", numbers[i], why);
    sqlite_kiosk_store_close(&store);
    return err;
}

// Several on one long sheet, cut between one and the next.
static void compose(const struct ctl *ctl, const struct order *order,
                    const struct kiosk_config *config, const struct words *words,
                    char numbers[][LIMIT_RECEIPT_NUMBER], int slips, struct arena *arena,
                    struct paper_document *out)
{
    struct paper_document *each = ARENA_ARRAY(arena, struct paper_document, (size_t)slips);
    struct paper_item *items;
    size_t count = 0, room = 0;
    struct slip slip = {.kind = SLIP_HAND, .made = clock_now(ctl->clock)};
    text_copy(slip.language, sizeof slip.language, order->language);
    text_copy(slip.counter_code, sizeof slip.counter_code, config->counter);
    for (int i = 0; i < slips; i++) {
        struct slip *own = ARENA_NEW(arena, struct slip);
        *own = slip;
        text_copy(own->number, sizeof own->number, numbers[i]);
        slip_compose(own, words->texts, words->catalogue, NULL, arena, &each[i]);
        room += each[i].count + 1;
    }
    items = ARENA_ARRAY(arena, struct paper_item, room);
    for (int i = 0; i < slips; i++) {
        if (i)
            items[count++] = (struct paper_item){.kind = PAPER_RULE, .bold = true};
        memcpy(items + count, each[i].items, each[i].count * sizeof *items);
        count += each[i].count;
    }
    *out = each[0];
    out->items = items;
    out->count = count;
}

// "slips.pdf", "slips-2.pdf", ...: a sheet is at most two metres long.
static void name_sheet(const char *first, int sheet, char *out, size_t room)
{
    size_t length = strlen(first) - (text_ends(first, ".pdf") ? strlen(".pdf") : 0);
    if (sheet == 1)
        text_copy(out, room, first);
    else
        (void)snprintf(out, room, "%.*s-%d%s", (int)length, first, sheet, first + length);
}

static enum err write_pdf(const char *path, const struct paper_document *document, struct fail *why)
{
    struct paper paper;
    struct paper_output out = {0};
    enum err err = paper_open(NULL, &paper, why);
    if (err)
        return err;
    strbuf_init(&out.pdf, PDF_BYTES);
    err = paper.ops->render(paper.self, document, &out, why);
    FILE *file = err ? NULL : fopen(path, "wb");
    if (!err && (!file || fwrite(out.pdf.data, 1, out.pdf.length, file) != out.pdf.length))
        err = fail_set(why, ERR_RETRY, "%s cannot be written", path);
    if (file && fclose(file) && !err)
        err = fail_set(why, ERR_RETRY, "%s cannot be written", path);
    strbuf_free(&out.pdf);
    paper_close(&paper);
    return err;
}

static enum err make(const struct ctl *ctl, const struct order *order,
                     const struct kiosk_config *config, struct fail *why)
{
    char numbers[SLIPS_MOST][LIMIT_RECEIPT_NUMBER], path[PATH_MAXIMUM];
    struct words words = {0};
    struct paper_document document;
    struct arena *arena = arena_new(0);
    enum err err = open_words(ctl, order, config, &words, why);
    if (!err) // the last thing that may fail before numbers are used up
        err = number_slips(ctl, order, config, numbers, why);
    for (int from = 0; !err && from < order->count; from += SHEET_SLIPS) {
        int left = order->count - from;
        compose(ctl, order, config, &words, numbers + from, left < SHEET_SLIPS ? left : SHEET_SLIPS,
                arena, &document);
        name_sheet(order->out, from / SHEET_SLIPS + 1, path, sizeof path);
        err = write_pdf(path, &document, why);
    }
    for (int i = 0; !err && i < order->count; i++)
        (void)puts(numbers[i]);
    close_words(&words);
    arena_free(arena);
    return err;
}

int ctl_slip_make(const struct ctl *ctl, int argc, char **argv)
{
    struct order order = {.language = "zh"};
    const char *count = NULL;
    const struct ctl_option options[] = {{"--kiosk", &order.folder, NULL, true},
                                         {"--count", &count, NULL, true},
                                         {"--out", &order.out, NULL, true},
                                         {"--language", &order.language, NULL, false},
                                         {"--assets", &order.assets, NULL, false}};
    int64_t wanted = 0;
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return USAGE;
    if (!text_to_int64(count, &wanted) || wanted < 1 || wanted > SLIPS_MOST) {
        return ctl_misused(ctl);
    }
    order.count = (int)wanted;
    struct files files;
    struct kiosk_config config = {0};
    struct fail why = {0};
    enum err err = system_files_open(order.folder, &files, &why);
    if (err)
        return ctl_failed("slip make", &why);
    err = kiosk_config_read(&files, order.folder, &config, &why);
    if (!err)
        err = make(ctl, &order, &config, &why);
    kiosk_config_wipe(&config);
    system_files_close(&files);
    return err ? ctl_failed("slip make", &why) : 0;
}
