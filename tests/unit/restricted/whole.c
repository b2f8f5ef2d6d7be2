// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/restricted/whole.h"
#include "yimen/weave/pack_form.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto_seed.h"
#include "yimen/driver/paper.h"
#include "yimen/driver/sim_printer.h"
#include "yimen/driver/sqlite.h"
#include "yimen/receipt/receipt.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define GOOD(call) assert_int_equal(call, ERR_OK)

const char *const trace_names[TRACE_COUNT] = {"screens", "after", "receipt", "raster",   "jobs",
                                              "rows",    "audit", "log",     "manifest", "pages"};

// What the libraries keep for the life of the process.
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo\nleak:libpango\n";
}

enum { SENT_PARTS = 4 };

static void pump(struct whole *whole);

// ------------------------------------------------------------------ what the session asks for

static void take_load(struct whole *whole, const struct session_request *request)
{
    whole->load_ids[whole->load_count] = request->id;
    text_copy(whole->loads[whole->load_count++], sizeof whole->loads[0], request->form.name);
}

// Argon2id of a second factor (SESSION_DERIVE): what comes of it is in the store alone, and in
// nobody's sight.
static void take_request(void *context, struct session_request *request)
{
    struct whole *whole = context;
    if (request->kind == SESSION_CALL) {
        request->call.reached = request->call.wanted.calling ? CALL_REACHED_LAMP : 0;
    } else if (request->kind == SESSION_STORE) {
        assert_true(whole->store_count < WHOLE_REQUESTS);
        whole->store_requests[whole->store_count++] = request->store;
    } else if (request->kind == SESSION_PAPER) {
        assert_true(whole->print_count < WHOLE_REQUESTS);
        whole->print_requests[whole->print_count++] = request->print;
    } else if (request->kind == SESSION_FORM) {
        take_load(whole, request);
    }
}

// ------------------------------------------------------------------ the workers

static void show(struct whole *whole)
{
    stage_show(whole->stage, session_view(whole->session));
}

static void outbox_said(void *context, struct outbox_reply *reply)
{
    struct whole *whole = context;
    struct session_input input = {.kind = SESSION_OUTBOX, .id = reply->id, .outbox = *reply};
    session_step(whole->session, &input);
}

static void note_draft(struct whole *whole, const struct outbox_request *request)
{
    if (request->kind != OUTBOX_SAVE)
        return;
    whole->saved = true;
    whole->restricted = request->draft->restricted;
}

static void work_store(struct whole *whole)
{
    struct outbox_request request = whole->store_requests[0];
    memmove(whole->store_requests, whole->store_requests + 1,
            --whole->store_count * sizeof request);
    note_draft(whole, &request);
    outbox_step(whole->outbox, &request, outbox_said, whole);
}

static void forget_reply(void *context, struct outbox_reply *reply)
{
    (void)context;
    outbox_reply_clear(reply);
}

static void print_said(void *context, const struct print_event *event)
{
    struct whole *whole = context;
    struct session_input input = {.kind = SESSION_PRINT, .id = event->id, .print = *event};
    struct outbox_request remember = {.kind = OUTBOX_PRINT_STATE,
                                      .from = OUTBOX_FROM_PRINT,
                                      .print_state = (enum print_state)event->state};
    session_step(whole->session, &input);
    if (event->kind != PRINT_EVENT_JOB || !event->receipt[0])
        return;
    text_copy(remember.job, sizeof remember.job, event->job);
    text_copy(remember.receipt, sizeof remember.receipt, event->receipt);
    text_copy(remember.detail, sizeof remember.detail, event->detail);
    outbox_step(whole->outbox, &remember, forget_reply, whole);
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void note_receipt(struct whole *whole, const struct print_request *request)
{
    struct paper_document document;
    struct arena *arena = arena_new(0);
    struct strbuf *out = &whole->traces[TRACE_RECEIPT];
    if (request->kind != PRINT_RECEIPT)
        return;
    text_copy(whole->receipt, sizeof whole->receipt, request->facts->number);
    text_copy(whole->qr_text, sizeof whole->qr_text, request->facts->qr_text);
    receipt_compose(request->facts, whole->office.texts, whole->office.catalogue, arena, &document);
    strbuf_addf(out, "%s %s %d\n", document.title, document.language, document.width_mm100);
    for (size_t i = 0; i < document.count; i++) {
        const struct paper_item *item = &document.items[i];
        strbuf_addf(out, "%d %d %d %d %s | %s\n", (int)item->kind, (int)item->align,
                    item->size_mm100, item->bold, or_dash(item->label), or_dash(item->text));
    }
    arena_free(arena);
}

static void work_print(struct whole *whole)
{
    struct print_request request = whole->print_requests[0];
    memmove(whole->print_requests, whole->print_requests + 1,
            --whole->print_count * sizeof request);
    if (request.kind == PRINT_RECEIPT)
        note_receipt(whole, &request);
    print_step(whole->print, &request, print_said, whole);
}

static void work_load(struct whole *whole)
{
    const char *id = whole->loads[--whole->load_count];
    const uint64_t asked = whole->load_ids[whole->load_count];
    const struct service *service = catalogue_service(whole->office.catalogue, id);
    struct session_input input = {.kind = SESSION_FORM_LOADED, .id = asked};
    struct fail why = {0};
    if (pack_form_load(&whole->office.assets, &whole->office.crypto, service->form, &input.form,
                       &why))
        fail_msg("%s: %s", id, why.text);
    session_step(whole->session, &input);
}

static void pump(struct whole *whole)
{
    while (whole->load_count || whole->store_count || whole->print_count) {
        if (whole->load_count)
            work_load(whole);
        else if (whole->store_count)
            work_store(whole);
        else
            work_print(whole);
    }
    show(whole);
}

void whole_touch(struct whole *whole, const struct intent *intent)
{
    struct session_input input = {.kind = SESSION_INTENT, .intent = intent};
    session_step(whole->session, &input);
    pump(whole);
}

void whole_wait(struct whole *whole, int64_t ms)
{
    struct session_input tick = {.kind = SESSION_TICK};
    fake_clock_pass(&whole->office.clock, ms);
    print_step(whole->print, NULL, print_said, whole);
    session_step(whole->session, &tick);
    pump(whole);
}

const struct view *whole_view(const struct whole *whole)
{
    return session_view(whole->session);
}

// ------------------------------------------------------------------ a printer whose jobs are noted

static struct whole *at_printer; // the counter whose printer is being asked

static enum err note_create(void *self, struct printer_job *job, const char *media,
                            struct fail *why)
{
    strbuf_addf(&at_printer->traces[TRACE_JOBS], "%s %s\n", job->name, media);
    return at_printer->printer.ops->create(self, job, media, why);
}

static void open_printing(struct whole *whole)
{
    static struct printer_ops ops;
    struct sim_printer_options options = {.clock = &whole->office.clock.clock};
    GOOD(sim_printer_open(&options, &whole->printer, NULL));
    ops = *whole->printer.ops;
    ops.create = note_create;
    whole->named = (struct printer){&ops, whole->printer.self};
    at_printer = whole;
    GOOD(paper_open(NULL, &whole->paper, NULL));
    struct print_options print = {.printer = &whole->named,
                                  .paper = &whole->paper,
                                  .clock = &whole->office.clock.clock,
                                  .texts = whole->office.texts,
                                  .catalogue = whole->office.catalogue};
    GOOD(print_open(&print, &whole->print, NULL));
}

static void open_queue(struct whole *whole)
{
    struct bench *office = &whole->office;
    struct fail why = {0};
    struct sqlite_kiosk_store_options options = {.path = whole->database,
                                                 .crypto = &office->crypto};
    if (sqlite_kiosk_store_open(&options, &whole->store, &why))
        fail_msg("%s", why.text);
    office->crypto.ops->random(office->crypto.self, whole->root_secret, sizeof whole->root_secret);
    struct outbox_options outbox = {.store = &whole->store,
                                    .crypto = &office->crypto,
                                    .clock = &office->clock.clock,
                                    .counter = "001",
                                    .incarnation = office->device.incarnation,
                                    .district_host = "localhost:8444",
                                    .sealing_key = office->sealing_public.data,
                                    .sealing_key_length = office->sealing_public.length,
                                    .sealing_key_id = "seal-1",
                                    .signing_secret = office->device_secret,
                                    .device_key_id = office->device.key_id,
                                    .root_secret = whole->root_secret};
    if (outbox_open(&outbox, &whole->outbox, &why))
        fail_msg("%s", why.text);
}

static void open_screen(struct whole *whole)
{
    struct bench *office = &whole->office;
    GOOD(policies_load(&office->assets, office->catalogue, &whole->policies, NULL));
    struct session_options session = {.texts = office->texts,
                                      .catalogue = office->catalogue,
                                      .policies = whole->policies,
                                      .clock = &office->clock.clock,
                                      .crypto = &office->crypto,
                                      .counter = "001",
                                      .device_id = office->device.id,
                                      .time_zone = "Asia/Shanghai",
                                      .pack_version = "1"};
    struct session_output output = {.context = whole, .ask = take_request};
    struct ui_options ui = {.mm_per_px = 0.248, .pack = &office->assets, .texts = office->texts};
    GOOD(session_open(&session, &output, &whole->session, NULL));
    GOOD(stage_open(&ui, 1080, 1920, &whole->stage, NULL));
}

static void publish(struct whole *whole, const char *form)
{
    struct strbuf xml;
    strbuf_init(&xml, LIMIT_FORM_BYTES);
    GOOD(whole->office.assets.ops->read(whole->office.assets.self, form, &xml, NULL));
    GOOD(district_publish_form(whole->office.district, xml.data, xml.length, NULL));
    strbuf_free(&xml);
}

// The log goes to a file of its own from here on.
static void open_log(struct whole *whole)
{
    char path[128];
    snprintf(path, sizeof path, "%s/log", whole->folder);
    log_set_level(LOG_INFO);
    whole->log_before = dup(STDERR_FILENO);
    whole->log_file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(whole->log_file >= 0 && whole->log_before >= 0);
    assert_true(dup2(whole->log_file, STDERR_FILENO) >= 0);
}

void whole_open(struct whole *whole, uint64_t seed)
{
    memset(whole, 0, sizeof *whole);
    GOOD(crypto_seed(seed, NULL));
    bench_open(&whole->office);
    publish(whole, "forms/whistle.xml");
    publish(whole, "forms/counselling.xml");
    publish(whole, "forms/which_help.xml");
    for (size_t i = 0; i < TRACE_COUNT; i++)
        strbuf_init(&whole->traces[i], 64 << 20);
    snprintf(whole->folder, sizeof whole->folder, "/tmp/yimen-restricted-XXXXXX");
    assert_non_null(mkdtemp(whole->folder));
    snprintf(whole->database, sizeof whole->database, "%s/kiosk.db", whole->folder);
    open_log(whole);
    open_queue(whole);
    open_printing(whole);
    open_screen(whole);
    outbox_step(whole->outbox, NULL, outbox_said, whole);
    pump(whole);
}

static void close_log(struct whole *whole)
{
    if (whole->log_before < 0)
        return;
    assert_true(dup2(whole->log_before, STDERR_FILENO) >= 0);
    close(whole->log_before);
    close(whole->log_file);
    whole->log_before = -1;
}

void whole_close(struct whole *whole)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-reserve"};
    char path[128];
    session_end(whole->session);
    pump(whole);
    close_log(whole);
    session_close(whole->session);
    policies_free(whole->policies);
    stage_close(whole->stage);
    print_close(whole->print);
    paper_close(&whole->paper);
    sim_printer_close(&whole->printer);
    outbox_close(whole->outbox);
    sqlite_kiosk_store_close(&whole->store);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", whole->database, ends[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/log", whole->folder);
    unlink(path);
    rmdir(whole->folder);
    for (size_t i = 0; i < TRACE_COUNT; i++)
        strbuf_free(&whole->traces[i]);
    bench_close(&whole->office);
}

// ------------------------------------------------------------------ afterwards

static void note_rows(void *context, struct outbox_reply *reply)
{
    struct whole *whole = context;
    struct strbuf *out = &whole->traces[TRACE_ROWS];
    assert_int_equal(reply->kind, OUTBOX_LISTED);
    for (size_t i = 0; i < reply->row_count; i++) {
        const struct outbox_row *row = &reply->rows[i];
        strbuf_addf(out, "%s %s %s %s %d %d %d %d %lld %lld %s\n", row->number, row->instance,
                    row->service, row->state, (int)row->print_state, row->urgent, row->attempts,
                    row->print_count, (long long)row->saved_utc_ms, (long long)row->next_try_utc_ms,
                    row->reason);
    }
    strbuf_addf(out, "%d unsent\n", reply->unsent);
    outbox_reply_clear(reply);
}

static enum err note_audit(void *context, int64_t sequence, const char *line, size_t length,
                           const uint8_t hash[STORE_HASH], struct fail *why)
{
    struct whole *whole = context;
    const char *rest = memchr(line, '\t', length); // behind the entry's sequence
    (void)sequence, (void)hash, (void)why;
    assert_non_null(rest);
    length -= (size_t)(rest - line);
    // Whoever touched "urgent" did so before anything was said, and whoever then left and asked
    // something left the same: those two entries are of the touch, not of the case.
    if (!memmem(rest, length, "\turgent.opened\t", 15) &&
        !memmem(rest, length, "\tcall.opened\t", 13))
        strbuf_addf(&whole->traces[TRACE_AUDIT], "%.*s\n", (int)length, rest);
    return ERR_OK;
}

static void note_log(struct whole *whole)
{
    char line[4096];
    FILE *file;
    char path[128];
    close_log(whole);
    snprintf(path, sizeof path, "%s/log", whole->folder);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        const char *rest = strchr(line, ' '); // the time of day is the test's own
        strbuf_adds(&whole->traces[TRACE_LOG], rest ? rest : line);
    }
    (void)fclose(file);
}

// The page as it comes, and after somebody has typed four digits there.
static void note_page(struct whole *whole, const char *path, const char *const *query,
                      const char *language)
{
    struct bench_answer *page = bench_look(&whole->office, path, query, language);
    strbuf_addf(&whole->traces[TRACE_PAGES], "%d\n%s\n", page->status, page->body);
    page = bench_type(&whole->office, path, "factor=1111", language);
    strbuf_addf(&whole->traces[TRACE_PAGES], "%d\n%s\n", page->status, page->body);
}

static void look_at_page(struct whole *whole)
{
    static const char *const languages[] = {"zh-CN", "en", "ko"};
    char path[64] = "", number[LIMIT_RECEIPT_NUMBER] = "", signature[128] = "";
    const char *token = strstr(whole->qr_text, "/t/");
    const char *query[] = {"n", number, "s", signature, NULL};
    assert_non_null(token);
    assert_int_equal(sscanf(token, "%60[^?]?n=%23[0-9]&s=%127s", path, number, signature), 3);
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        note_page(whole, path, query, languages[i]);
    }
}

static void note_manifest(struct whole *whole, const struct manifest *manifest)
{
    struct strbuf *out = &whole->traces[TRACE_MANIFEST];
    const struct seal *seal = &manifest->seal;
    // Without the receipt number, which is an enquiry's.
    strbuf_addf(out, "%s %s %s %s %s %d %lld %lld %zu\n", manifest->form_id, manifest->version,
                manifest->instance_id, seal->counter, seal->service, seal->urgent,
                (long long)seal->touched_utc_ms, (long long)seal->saved_utc_ms, seal->part_count);
    for (size_t i = 0; i < seal->part_count; i++)
        strbuf_addf(out, "%s\n", manifest->files[i]); // sizes and digests are of what is sealed
}

static void send_item(void *context, struct outbox_reply *reply)
{
    struct whole *whole = context;
    struct bench_submission submission = {0};
    struct manifest *manifest = calloc(1, sizeof *manifest);
    assert_int_equal(reply->kind, OUTBOX_ITEM);
    assert_non_null(manifest);
    GOOD(manifest_read(reply->item->manifest, reply->item->manifest_length, manifest, NULL));
    note_manifest(whole, manifest);
    strbuf_init(&submission.xml, LIMIT_MANIFEST);
    strbuf_add(&submission.xml, reply->item->manifest, reply->item->manifest_length);
    struct attachment parts[SENT_PARTS] = {0};
    submission.envelope.parts = parts;
    submission.envelope.count = reply->item->part_count;
    assert_true(submission.envelope.count <= SENT_PARTS && !reply->item->is_large);
    for (size_t i = 0; i < submission.envelope.count; i++) {
        const struct outbox_part *part = &reply->item->parts[i];
        text_copy(parts[i].name, sizeof parts[i].name, part->name);
        parts[i].data = part->data;
        parts[i].length = part->length;
    }
    struct bench_answer *answer =
        bench_post(&whole->office, &submission, 0, submission.envelope.count);
    if (answer->status != 201)
        fail_msg("%d %s", answer->status, answer->body);
    strbuf_free(&submission.xml);
    free(manifest);
    outbox_reply_clear(reply);
}

// The district asks for something more: of an enquiry's paper it must not be told.
static void want_something(struct whole *whole)
{
    struct fail why = {0};
    struct district_decision decision = {whole->receipt, "14", "for the test", "2001", NULL};
    if (district_set_status(whole->office.district, &decision, &why))
        fail_msg("%s", why.text);
}

void whole_send(struct whole *whole)
{
    struct outbox_request list = {.kind = OUTBOX_LIST}, next = {.kind = OUTBOX_NEXT};
    const struct strbuf *raster;
    int opened = 0;
    assert_int_equal(sim_printer_count(&whole->printer, &raster), 1);
    strbuf_add(&whole->traces[TRACE_RASTER], raster->data, raster->length);
    outbox_step(whole->outbox, &list, note_rows, whole);
    look_at_page(whole);
    outbox_step(whole->outbox, &next, send_item, whole);
    look_at_page(whole);
    GOOD(district_open_waiting(whole->office.district, &opened, NULL));
    assert_int_equal(opened, 1);
    if (whole->restricted)
        want_something(whole);
    look_at_page(whole);
    GOOD(whole->store.ops->audit_walk(whole->store.self, note_audit, whole, NULL));
    note_log(whole);
}
