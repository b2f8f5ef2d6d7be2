// SPDX-License-Identifier: GPL-3.0-or-later
// How long saving a case takes, with everything that belongs to it (number, record, envelope, seal,
// audit, print job, one flushed transaction), beside bare SQLite committing as many bytes on the
// same disk in the same run, turn by turn. What is left between them is ours. And what follows
// "saved" and nobody waits for: what only its owner opens it with.
//   bench_outbox [FOLDER [SAVES]]     (a folder on the disk to be measured; .)
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/outbox/outbox.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUNDS = 5,
    SAVES = 200,
    OWNERS = 20,
    KEY_BITS = 3072,
    KEY_BYTES = 8192,
    SIGNATURE_BYTES = 4096
};

static const char form_text[] =
    "<?xml version=\"1.0\"?>"
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "
    "xmlns:orx=\"http://openrosa.org/xforms\"><h:head><h:title>Bench</h:title><model>"
    "<instance><data id=\"bench\" version=\"1\"><name/><orx:meta><orx:instanceID/></orx:meta>"
    "</data></instance><bind nodeset=\"/data/name\" type=\"string\"/>"
    "</model></h:head><h:body><input ref=\"/data/name\"><label>Name</label></input></h:body>"
    "</h:html>";

struct bench {
    char folder[512], store_file[560], bare_file[560];
    struct crypto crypto;
    struct clock clock;
    struct form *form;
    struct strbuf sealing_public;
    uint8_t secret_key[CRYPTO_SECRET], root[CRYPTO_KEY];
    struct kiosk_store store;
    struct outbox *outbox;
    sqlite3 *bare;
    sqlite3_stmt *insert;
    size_t case_bytes;
    int saved;
    double save_ms[ROUNDS], bare_ms[ROUNDS];
};

static void must(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "bench_outbox: %s\n", what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void open_outbox(struct bench *bench)
{
    struct fail why = {0};
    uint8_t public_key[CRYPTO_PUBLIC];
    struct strbuf private_key;
    struct form_source source = {.name = "bench.xml",
                                 .text = form_text,
                                 .length = sizeof form_text - 1,
                                 .crypto = &bench->crypto};
    strbuf_init(&private_key, KEY_BYTES);
    strbuf_init(&bench->sealing_public, KEY_BYTES);
    bench->crypto.ops->sign_keypair(bench->crypto.self, public_key, bench->secret_key);
    bench->crypto.ops->random(bench->crypto.self, bench->root, sizeof bench->root);
    must(!certificate_make_sealing_key(KEY_BITS, &private_key, &bench->sealing_public, &why),
         why.text);
    must(!form_load(&source, NULL, NULL, &bench->form, &why), why.text);
    struct sqlite_kiosk_store_options store = {.path = bench->store_file, .crypto = &bench->crypto};
    must(!sqlite_kiosk_store_open(&store, &bench->store, &why), why.text);
    struct outbox_options outbox = {
        .store = &bench->store,
        .crypto = &bench->crypto,
        .clock = &bench->clock,
        .counter = "001",
        .incarnation = 1,
        .district_host = "bench.example",
        .sealing_key = bench->sealing_public.data,
        .sealing_key_length = bench->sealing_public.length,
        .sealing_key_id = "bench",
        .signing_secret = bench->secret_key,
        .device_key_id = "bench",
        .root_secret = bench->root,
    };
    must(!outbox_open(&outbox, &bench->outbox, &why), why.text);
    strbuf_free(&private_key);
}

// The same settings as ours, and nothing but one row a commit.
static void open_bare(struct bench *bench)
{
    char uri[600];
    (void)snprintf(uri, sizeof uri, "file:%s?psow=0", bench->bare_file);
    must(sqlite3_open_v2(uri, &bench->bare,
                         SQLITE_OPEN_URI | SQLITE_OPEN_CREATE | SQLITE_OPEN_READWRITE |
                             SQLITE_OPEN_NOMUTEX,
                         NULL) == SQLITE_OK,
         "bare database");
    must(sqlite3_exec(bench->bare,
                      "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;"
                      "PRAGMA synchronous = FULL;"
                      "CREATE TABLE bytes (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
                      NULL, NULL, NULL) == SQLITE_OK,
         sqlite3_errmsg(bench->bare));
    must(sqlite3_prepare_v2(bench->bare, "INSERT INTO bytes (bytes) VALUES (?1)", -1,
                            &bench->insert, NULL) == SQLITE_OK,
         sqlite3_errmsg(bench->bare));
}

static struct case_draft *make_draft(struct bench *bench)
{
    struct fail why = {0};
    struct case_draft *draft = calloc(1, sizeof *draft);
    must(draft != NULL, "no memory");
    (void)snprintf(draft->instance_id, sizeof draft->instance_id,
                   "uuid:00000000-0000-4000-8000-%012d", ++bench->saved);
    text_copy(draft->service, sizeof draft->service, "expenditure-relief");
    text_copy(draft->language, sizeof draft->language, "zh");
    draft->type = 2;
    draft->first_touch = clock_now(&bench->clock);
    draft->attachment_count = 1;
    struct attachment *signature = &draft->attachments[0];
    text_copy(signature->name, sizeof signature->name, "signature.svg");
    text_copy(signature->type, sizeof signature->type, "image/svg+xml");
    signature->data = calloc(1, SIGNATURE_BYTES);
    signature->length = SIGNATURE_BYTES;
    struct record_options options = {.clock = &bench->clock,
                                     .crypto = &bench->crypto,
                                     .time_zone = "Asia/Shanghai",
                                     .instance_id = draft->instance_id};
    must(!record_new(bench->form, &options, &draft->record, &why), why.text);
    must(!record_answer(draft->record, "/data/name", "\xE5\xBC\xA0\xE4\xB8\x89", &why), why.text);
    return draft;
}

static void check_saved(void *context, struct outbox_reply *reply)
{
    (void)context;
    must(reply->kind == OUTBOX_SAVED, reply->why);
    outbox_reply_clear(reply);
}

static double save_many(struct bench *bench, int count)
{
    double spent = 0;
    for (int i = 0; i < count; i++) {
        struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = make_draft(bench)};
        double from = now_ms();
        outbox_step(bench->outbox, &request, check_saved, bench);
        spent += now_ms() - from;
    }
    return spent;
}

static void check_done(void *context, struct outbox_reply *reply)
{
    (void)context;
    must(reply->kind == OUTBOX_DONE, reply->why);
    outbox_reply_clear(reply);
}

// What follows "saved", for the cases that were saved last: the compute worker's part and the
// store's.
static void own_some(struct bench *bench, double *compute_ms, double *store_ms)
{
    *compute_ms = *store_ms = 0;
    for (int i = 0; i < OWNERS && i < bench->saved; i++) {
        struct outbox_request request = {.kind = OUTBOX_OWNER};
        struct ticket order;
        (void)snprintf(request.instance, sizeof request.instance,
                       "uuid:00000000-0000-4000-8000-%012d", bench->saved - i);
        double from = now_ms();
        owner_lock_draw(&bench->crypto, &order);
        text_copy(request.lock.salt, sizeof request.lock.salt, order.id);
        must(!ticket_work(&bench->crypto, &order, "0021", request.lock.key, NULL), "no memory");
        *compute_ms += (now_ms() - from) / OWNERS;
        from = now_ms();
        outbox_step(bench->outbox, &request, check_done, bench);
        *store_ms += (now_ms() - from) / OWNERS;
    }
}

static double commit_many(struct bench *bench, int count)
{
    void *bytes = malloc(bench->case_bytes);
    must(bytes != NULL, "no memory");
    bench->crypto.ops->random(bench->crypto.self, bytes, bench->case_bytes);
    double from = now_ms();
    for (int i = 0; i < count; i++) {
        sqlite3_bind_blob64(bench->insert, 1, bytes, bench->case_bytes, SQLITE_STATIC);
        must(sqlite3_step(bench->insert) == SQLITE_DONE, sqlite3_errmsg(bench->bare));
        sqlite3_reset(bench->insert);
    }
    double spent = now_ms() - from;
    free(bytes);
    return spent;
}

// What one case holds: its manifest, its sealed facts, its sealed parts.
static size_t bytes_of(struct bench *bench, const char *instance)
{
    struct strbuf all;
    struct store_part about;
    struct fail why = {0};
    strbuf_init(&all, LIMIT_CASE_BYTES);
    const struct kiosk_store *store = &bench->store;
    must(!store->ops->manifest_get(store->self, instance, &all, &why), why.text);
    must(!store->ops->receipt_get(store->self, instance, &all, &why), why.text);
    for (size_t i = 0; store->ops->part_get(store->self, instance, i, &about, &all, &why) == ERR_OK;
         i++) {
    }
    size_t bytes = all.length;
    strbuf_free(&all);
    return bytes;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void remove_files(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal", "-reserve"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[600];
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

static void close_all(struct bench *bench)
{
    outbox_close(bench->outbox);
    sqlite_kiosk_store_close(&bench->store);
    form_free(bench->form);
    strbuf_free(&bench->sealing_public);
    sqlite3_finalize(bench->insert);
    sqlite3_close(bench->bare);
    system_clock_close(&bench->clock);
    remove_files(bench->store_file);
    remove_files(bench->bare_file);
    (void)rmdir(bench->folder);
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    struct fail why = {0};
    int64_t saves = SAVES;
    must(argc < 3 || (text_to_int64(argv[2], &saves) && saves > 0), "SAVES is a number");
    log_set_level(LOG_ERROR);
    (void)snprintf(bench.folder, sizeof bench.folder, "%.480s/bench-outbox-XXXXXX",
                   argc > 1 ? argv[1] : ".");
    must(mkdtemp(bench.folder) != NULL, "the folder cannot be written");
    (void)snprintf(bench.store_file, sizeof bench.store_file, "%s/kiosk.db", bench.folder);
    (void)snprintf(bench.bare_file, sizeof bench.bare_file, "%s/bare.db", bench.folder);
    must(!sodium_crypto_open(&bench.crypto, &why), why.text);
    must(!system_clock_open(&bench.clock, &why), why.text);
    open_outbox(&bench);
    open_bare(&bench);
    (void)save_many(&bench, 1); // files grow, statements are prepared
    bench.case_bytes = bytes_of(&bench, "uuid:00000000-0000-4000-8000-000000000001");
    (void)commit_many(&bench, 1);
    for (int i = 0; i < ROUNDS; i++) {
        bench.save_ms[i] = save_many(&bench, (int)saves) / (double)saves;
        bench.bare_ms[i] = commit_many(&bench, (int)saves) / (double)saves;
    }
    qsort(bench.save_ms, ROUNDS, sizeof bench.save_ms[0], by_value);
    qsort(bench.bare_ms, ROUNDS, sizeof bench.bare_ms[0], by_value);
    double save = bench.save_ms[ROUNDS / 2], bare = bench.bare_ms[ROUNDS / 2];
    (void)printf("%d rounds of %d, medians; %zu bytes a case\n", ROUNDS, (int)saves,
                 bench.case_bytes);
    (void)printf("%-28s %8.0f /s %8.2f ms\n", "saving a case", 1e3 / save, save);
    (void)printf("%-28s %8.0f /s %8.2f ms\n", "bare SQLite, the same bytes", 1e3 / bare, bare);
    (void)printf("%-28s %8.2f times\n", "ratio", save / bare);
    double compute, store;
    own_some(&bench, &compute, &store);
    (void)printf("%-28s %8.2f ms compute worker, %.2f ms store\n", "after it: whose it is", compute,
                 store);
    close_all(&bench);
    return 0;
}
