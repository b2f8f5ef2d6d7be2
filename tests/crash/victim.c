// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk without a window that is killed again and again: the real store on a real file, outbox,
// print and sync.
//   victim prepare DIR             keys, a database, one case that is not sent yet
//   victim act DIR PORT NUMBER     saves case NUMBER, prints its receipt, sends what is there
//   victim recover DIR PORT        starts after a crash, checks everything, sends what is there
// Writes to standard output what a resident would have seen: "saved INSTANCE RECEIPT", "printed
// RECEIPT"; and, recovering, "row INSTANCE RECEIPT STATE" for every case. Exit code 1: something is
// not as it must be.
#include "yimen/audit/audit.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/sim_paper.h"
#include "yimen/driver/sim_printer.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/outbox/outbox.h"
#include "yimen/receipt/print.h"
#include "yimen/sync/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEY_BITS = 2048, KEY_BYTES = 8192, PRINT_MS = 5, STEPS_AT_MOST = 2000, PAGE_BYTES = 3000 };

struct victim {
    struct crypto crypto;
    struct clock clock;
    struct files folder, pack;
    struct texts *texts;
    struct catalogue *catalogue;
    uint8_t secret_key[CRYPTO_SECRET], root[CRYPTO_KEY];
    struct strbuf sealing;
    char store_file[512], server[64];
    struct kiosk_store store;
    struct outbox *outbox;
    struct form *form;
    struct outbox_reply reply;
    struct http_client http;
    struct sync *sync;
    struct outbox_request sync_request;
    bool sync_asked;
    struct printer printer;
    struct paper paper;
    struct print *print;
};

static const char form_text[] =
    "<?xml version=\"1.0\"?>"
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "
    "xmlns:orx=\"http://openrosa.org/xforms\"><h:head><h:title>Crash</h:title><model>"
    "<instance><data id=\"crash\" version=\"1\"><name/><visit><receipt_number/></visit>"
    "<orx:meta><orx:instanceID/></orx:meta></data></instance>"
    "<bind nodeset=\"/data/name\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/receipt_number\" type=\"string\"/>"
    "</model></h:head><h:body><input ref=\"/data/name\"><label>Name</label></input></h:body>"
    "</h:html>";

static void must(enum err err, const char *task, const struct fail *why)
{
    if (err == ERR_OK)
        return;
    (void)fprintf(stderr, "%s: %s (%s)\n", task, why->text, err_name(err));
    exit(1);
}

static void say(const char *line)
{
    if (write(STDOUT_FILENO, line, strlen(line)) < 0)
        exit(1);
}

// ---- keys and handles

static void make_keys(struct victim *victim)
{
    struct fail why = {0};
    uint8_t public_key[CRYPTO_PUBLIC];
    struct strbuf private_key;
    const struct files_ops *files = victim->folder.ops;
    strbuf_init(&private_key, KEY_BYTES);
    victim->crypto.ops->sign_keypair(victim->crypto.self, public_key, victim->secret_key);
    victim->crypto.ops->random(victim->crypto.self, victim->root, sizeof victim->root);
    must(certificate_make_sealing_key(KEY_BITS, &private_key, &victim->sealing, &why), "key", &why);
    must(files->write(victim->folder.self, "secret", victim->secret_key, CRYPTO_SECRET, true, &why),
         "secret", &why);
    must(files->write(victim->folder.self, "root", victim->root, CRYPTO_KEY, true, &why), "root",
         &why);
    must(files->write(victim->folder.self, "sealing", victim->sealing.data, victim->sealing.length,
                      true, &why),
         "sealing", &why);
    strbuf_free(&private_key);
}

static void read_bytes(struct victim *victim, const char *name, void *out, size_t length)
{
    struct fail why = {0};
    struct strbuf bytes;
    strbuf_init(&bytes, length);
    must(victim->folder.ops->read(victim->folder.self, name, &bytes, &why), name, &why);
    memcpy(out, bytes.data, length);
    strbuf_free(&bytes);
}

static void read_keys(struct victim *victim)
{
    struct fail why = {0};
    read_bytes(victim, "secret", victim->secret_key, CRYPTO_SECRET);
    read_bytes(victim, "root", victim->root, CRYPTO_KEY);
    must(victim->folder.ops->read(victim->folder.self, "sealing", &victim->sealing, &why),
         "sealing", &why);
}

static void open_core(struct victim *victim)
{
    struct fail why = {0};
    struct form_source source = {.name = "crash.xml",
                                 .text = form_text,
                                 .length = sizeof form_text - 1,
                                 .crypto = &victim->crypto};
    struct sqlite_kiosk_store_options store = {.path = victim->store_file,
                                               .crypto = &victim->crypto};
    struct outbox_options outbox = {
        .store = &victim->store,
        .crypto = &victim->crypto,
        .clock = &victim->clock,
        .counter = "001",
        .incarnation = 1,
        .district_host = "crash.example",
        .sealing_key = victim->sealing.data,
        .sealing_key_length = victim->sealing.length,
        .sealing_key_id = "crash",
        .signing_secret = victim->secret_key,
        .device_key_id = "crash-001",
        .root_secret = victim->root,
    };
    must(form_load(&source, NULL, NULL, &victim->form, &why), "form", &why);
    must(sqlite_kiosk_store_open(&store, &victim->store, &why), "store", &why);
    must(outbox_open(&outbox, &victim->outbox, &why), "outbox", &why);
}

static void open_outside(struct victim *victim)
{
    struct fail why = {0};
    struct sim_printer_options printer = {.clock = &victim->clock, .print_ms = PRINT_MS};
    struct curl_client_options http = {.plain_http = true};
    struct sync_options sync = {
        .http = &victim->http,
        .crypto = &victim->crypto,
        .clock = &victim->clock,
        .server = victim->server,
        .device_id = "kiosk-001-1",
        .openrosa_only = true,
    };
    struct print_options print = {
        .printer = &victim->printer,
        .paper = &victim->paper,
        .clock = &victim->clock,
        .texts = victim->texts,
        .catalogue = victim->catalogue,
    };
    sim_paper_open(&victim->paper);
    must(sim_printer_open(&printer, &victim->printer, &why), "printer", &why);
    must(print_open(&print, &victim->print, &why), "print", &why);
    must(curl_client_open(&http, &victim->http, &why), "http", &why);
    must(sync_open(&sync, &victim->sync, &why), "sync", &why);
}

static void open_all(struct victim *victim, const char *folder, bool is_new)
{
    struct fail why = {0};
    must(sodium_crypto_open(&victim->crypto, &why), "crypto", &why);
    must(system_clock_open(&victim->clock, &why), "clock", &why);
    must(system_files_open(folder, &victim->folder, &why), "folder", &why);
    must(system_files_open("assets", &victim->pack, &why), "assets", &why);
    must(texts_load(&victim->pack, &victim->texts, &why), "texts", &why);
    must(catalogue_load(&victim->pack, &victim->catalogue, &why), "catalogue", &why);
    (void)snprintf(victim->store_file, sizeof victim->store_file, "%s/kiosk.db", folder);
    strbuf_init(&victim->sealing, KEY_BYTES);
    if (is_new)
        make_keys(victim);
    else
        read_keys(victim);
    open_core(victim);
}

static void close_all(struct victim *victim)
{
    sync_close(victim->sync);
    curl_client_close(&victim->http);
    print_close(victim->print);
    sim_printer_close(&victim->printer);
    outbox_close(victim->outbox);
    sqlite_kiosk_store_close(&victim->store);
    form_free(victim->form);
    strbuf_free(&victim->sealing);
    catalogue_free(victim->catalogue);
    texts_free(victim->texts);
    system_files_close(&victim->pack);
    system_files_close(&victim->folder);
    system_clock_close(&victim->clock);
}

// ---- what it does

static void keep(void *context, struct outbox_reply *reply)
{
    struct victim *victim = context;
    outbox_reply_clear(&victim->reply);
    victim->reply = *reply;
}

static struct case_draft *make_draft(struct victim *victim, int number)
{
    struct fail why = {0};
    struct case_draft *draft = calloc(1, sizeof *draft);
    if (!draft)
        abort();
    (void)snprintf(draft->instance_id, sizeof draft->instance_id,
                   "uuid:00000000-0000-4000-8000-%012d", number);
    text_copy(draft->service, sizeof draft->service, "expenditure-relief");
    text_copy(draft->language, sizeof draft->language, "zh");
    text_copy(draft->ref_receipt_number, sizeof draft->ref_receipt_number,
              "/data/visit/receipt_number");
    draft->type = 2;
    draft->first_touch = clock_now(&victim->clock);
    struct record_options options = {.clock = &victim->clock,
                                     .crypto = &victim->crypto,
                                     .time_zone = "Asia/Shanghai",
                                     .instance_id = draft->instance_id};
    must(record_new(victim->form, &options, &draft->record, &why), "record", &why);
    must(record_answer(draft->record, "/data/name", "\xE5\xBC\xA0\xE4\xB8\x89", &why), "answer",
         &why);
    return draft;
}

// Two scanned pages, and the first is taken back.
static void scan(struct victim *victim, int number)
{
    struct outbox_request back = {.kind = OUTBOX_PAGE_DROP, .text = "page-1.jpg"};
    (void)snprintf(back.instance, sizeof back.instance, "uuid:00000000-0000-4000-8000-%012d",
                   number);
    for (int page = 1; page <= 2; page++) {
        struct outbox_request request = {.kind = OUTBOX_PAGE,
                                         .page = calloc(1, sizeof(struct attachment))};
        if (!request.page || !(request.page->data = calloc(1, PAGE_BYTES)))
            abort();
        request.page->length = PAGE_BYTES;
        text_copy(request.instance, sizeof request.instance, back.instance);
        (void)snprintf(request.page->name, sizeof request.page->name, "page-%d.jpg", page);
        text_copy(request.page->type, sizeof request.page->type, "image/jpeg");
        outbox_step(victim->outbox, &request, keep, victim);
    }
    outbox_step(victim->outbox, &back, keep, victim);
    if (victim->reply.kind != OUTBOX_PAGE_HELD)
        abort();
}

static void save(struct victim *victim, int number)
{
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = make_draft(victim, number)};
    char line[160];
    outbox_step(victim->outbox, &request, keep, victim);
    if (victim->reply.kind != OUTBOX_SAVED) {
        (void)fprintf(stderr, "not saved: %s\n", victim->reply.why);
        exit(1);
    }
    (void)snprintf(line, sizeof line, "saved uuid:00000000-0000-4000-8000-%012d %s\n", number,
                   victim->reply.facts->number);
    say(line);
}

static void print_tells(void *context, const struct print_event *event)
{
    struct victim *victim = context;
    struct outbox_request remember = {.kind = OUTBOX_PRINT_STATE,
                                      .from = OUTBOX_FROM_PRINT,
                                      .print_state = (enum print_state)event->state};
    char line[64];
    if (event->kind != PRINT_EVENT_JOB)
        return;
    if (event->state == PRINT_PRINTED) {
        (void)snprintf(line, sizeof line, "printed %s\n", event->receipt);
        say(line);
    }
    text_copy(remember.job, sizeof remember.job, event->job);
    text_copy(remember.receipt, sizeof remember.receipt, event->receipt);
    text_copy(remember.detail, sizeof remember.detail, event->detail);
    outbox_step(victim->outbox, &remember, keep, victim);
}

static void pause_ms(int wait)
{
    struct timespec time = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000L};
    if (wait > 0)
        (void)nanosleep(&time, NULL);
}

static void print(struct victim *victim)
{
    struct print_request request = {.kind = PRINT_RECEIPT, .facts = victim->reply.facts};
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    victim->reply.facts = NULL;
    text_copy(request.job, sizeof request.job, victim->reply.job);
    print_step(victim->print, &request, print_tells, victim);
    for (int wait = print_wait_ms(victim->print); wait >= 0; wait = print_wait_ms(victim->print)) {
        pause_ms(wait);
        print_step(victim->print, NULL, print_tells, victim);
    }
    text_copy(ended.instance, sizeof ended.instance, "uuid:00000000-0000-4000-8000-000000000002");
    outbox_step(victim->outbox, &ended, keep, victim);
}

static void sync_asks(void *context, struct outbox_request *request)
{
    struct victim *victim = context;
    victim->sync_request = *request;
    victim->sync_asked = true;
}

static void sync_tells(void *context, const struct sync_event *event)
{
    (void)context;
    (void)event;
}

// Until nothing is left to be sent.
static void send_all(struct victim *victim)
{
    struct sync_output output = {victim, sync_asks, sync_tells};
    sync_step(victim->sync, NULL, &output);
    for (int step = 0; step < STEPS_AT_MOST && victim->sync_asked; step++) {
        victim->sync_asked = false;
        outbox_step(victim->outbox, &victim->sync_request, keep, victim);
        struct outbox_reply reply = victim->reply;
        victim->reply = (struct outbox_reply){0};
        bool is_done = reply.kind == OUTBOX_NOTHING && reply.retry_at_ms < 0;
        sync_step(victim->sync, &reply, &output);
        outbox_reply_clear(&reply);
        if (is_done)
            return;
        if (!victim->sync_asked) {
            pause_ms(sync_wait_ms(victim->sync));
            sync_step(victim->sync, NULL, &output);
        }
    }
    (void)fputs("not everything was sent\n", stderr);
    exit(1);
}

// ---- after the crash

static void tell_row(void *context, const struct store_submission *row, int print_state)
{
    char line[200];
    (void)context, (void)print_state;
    (void)snprintf(line, sizeof line, "row %s %s %d\n", row->instance, row->number,
                   (int)row->state);
    say(line);
}

static enum err check_line(void *context, int64_t sequence, const char *line, size_t length,
                           const uint8_t hash[STORE_HASH], struct fail *why)
{
    return audit_check_line(context, sequence, line, length, hash, why);
}

static void check(struct victim *victim)
{
    struct fail why = {0};
    struct audit_check audit;
    const struct kiosk_store *store = &victim->store;
    audit_check_begin(&audit, &victim->crypto);
    must(store->ops->integrity(store->self, &why), "integrity", &why);
    must(store->ops->audit_walk(store->self, check_line, &audit, &why), "audit", &why);
    must(store->ops->submission_list(store->self, LIMIT_QUEUE_ROWS, tell_row, NULL, &why), "list",
         &why);
}

int main(int argc, char **argv)
{
    struct victim victim = {0};
    bool is_new = argc == 3 && text_equal(argv[1], "prepare");
    bool acts = argc == 5 && text_equal(argv[1], "act");
    bool recovers = argc == 4 && text_equal(argv[1], "recover");
    int64_t number = 1;
    if (!(is_new || acts || recovers) || (acts && !text_to_int64(argv[4], &number))) {
        (void)fputs("usage: victim prepare DIR | act DIR PORT NUMBER | recover DIR PORT\n", stderr);
        return 2;
    }
    log_set_level(LOG_ERROR);
    (void)snprintf(victim.server, sizeof victim.server, "http://127.0.0.1:%s",
                   is_new ? "9" : argv[3]);
    open_all(&victim, argv[2], is_new);
    open_outside(&victim);
    if (acts)
        scan(&victim, (int)number);
    if (!recovers)
        save(&victim, (int)number);
    if (acts)
        print(&victim);
    if (!is_new)
        send_all(&victim);
    if (recovers)
        check(&victim);
    outbox_reply_clear(&victim.reply);
    close_all(&victim);
    return 0;
}
