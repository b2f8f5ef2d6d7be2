// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a kiosk's queue goes to the district, beside libcurl posting the same bytes, one after
// the other, to a server that looks at nothing: same TLS, same keep-alive, turn by turn. What is
// left between them is ours: reading the queue, remembering what became of each case, and the
// district's checks and its flushed transaction. Used by tests/bench/drain.
//   bench_drain fill DIR CASES                 cases into the queue of a provisioned kiosk
//   bench_drain empty DIR                      a server on any port, printed; for ever
//   bench_drain measure DIR URL PORT CASES     ROUNDS rounds; PORT is the empty server's
#include "../../app/main/kiosk_config.h"
#include "../../app/main/kiosk_content.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/mhd.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/outbox/outbox.h"
#include "yimen/sync/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUNDS = 5,
    BODY_MAXIMUM = 8 << 20,
    DEADLINE_MS = 20000,
    SIGNATURE_BYTES = 4096,
    CASES_A_DAY = 900
};
static const int64_t day_ms = 86400000;

struct bench {
    struct files folder;
    struct kiosk_config config;
    struct crypto crypto;
    struct clock real, clock; // the second goes back some days while the queue is filled
    int64_t days_ago;
    struct kiosk_store store;
    struct outbox *outbox;
    struct http_client http;
    struct sync *sync;
    struct outbox_request asked;
    struct outbox_reply reply;
    bool has_asked;
    int received;
    int64_t cases;
};

// The kiosk's workers, which nobody starts here, would call it.
void ui_wake(void);
void ui_wake(void)
{
}

static void must(enum err err, const struct fail *why)
{
    if (!err)
        return;
    (void)fprintf(stderr, "bench_drain: %s\n", why->text);
    exit(1);
}

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void keep(void *context, struct outbox_reply *reply)
{
    struct bench *bench = context;
    outbox_reply_clear(&bench->reply);
    bench->reply = *reply;
}

static struct when read_clock(void *self)
{
    const struct bench *bench = self;
    struct when now = clock_now(&bench->real);
    now.utc_ms -= bench->days_ago * day_ms;
    return now;
}

static const struct clock_ops clock_ops = {read_clock};

static void open_kiosk(struct bench *bench, const char *folder)
{
    struct fail why = {0};
    must(sodium_crypto_open(&bench->crypto, &why), &why);
    must(system_clock_open(&bench->real, &why), &why);
    bench->clock = (struct clock){&clock_ops, bench};
    must(system_files_open(folder, &bench->folder, &why), &why);
    must(kiosk_config_read(&bench->folder, folder, &bench->config, &why), &why);
    const struct kiosk_config *config = &bench->config;
    struct sqlite_kiosk_store_options store = {.path = config->store_file,
                                               .crypto = &bench->crypto};
    struct outbox_options outbox = {
        .store = &bench->store,
        .crypto = &bench->crypto,
        .clock = &bench->clock,
        .counter = config->counter,
        .incarnation = config->incarnation,
        .district_host = config->public_host,
        .sealing_key = config->sealing_key.data,
        .sealing_key_length = config->sealing_key.length,
        .sealing_key_id = config->sealing_key_id,
        .signing_secret = config->signing_secret,
        .device_key_id = config->device_key_id,
        .root_secret = config->root_secret,
    };
    must(sqlite_kiosk_store_open(&store, &bench->store, &why), &why);
    must(outbox_open(&outbox, &bench->outbox, &why), &why);
    outbox_step(bench->outbox, NULL, keep, bench);
}

// ---- fill

static struct case_draft *make_draft(struct bench *bench, const struct form *form, int number)
{
    static const char *const answers[][2] = {
        {"/data/event/type", "fire"}, {"/data/contact/how", "here"}, {"/data/people", "2"}};
    struct fail why = {0};
    struct case_draft *draft = calloc(1, sizeof *draft);
    if (!draft)
        abort();
    (void)snprintf(draft->instance_id, sizeof draft->instance_id,
                   "uuid:00000000-0000-4000-8000-%012d", number);
    text_copy(draft->service, sizeof draft->service, "urgent-relief");
    text_copy(draft->language, sizeof draft->language, "zh");
    text_copy(draft->ref_receipt_number, sizeof draft->ref_receipt_number,
              "/data/visit/receipt_number");
    text_copy(draft->ref_key_id, sizeof draft->ref_key_id, "/data/visit/key_id");
    draft->type = 1;
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
    must(record_new(form, &options, &draft->record, &why), &why);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        (void)!record_answer(draft->record, answers[i][0], answers[i][1], NULL);
    return draft;
}

static int fill(struct bench *bench, const char *folder)
{
    struct kiosk_options options = {.kiosk = folder};
    struct kiosk_content content;
    struct form *form = NULL;
    struct fail why = {0};
    must(
        kiosk_content_open(&content, &bench->config, &options, &bench->crypto, &bench->clock, &why),
        &why);
    must(kiosk_content_form(&content, "urgent-relief", &form, &why), &why);
    for (int i = 0; i < bench->cases; i++) {
        bench->days_ago = bench->cases / CASES_A_DAY - i / CASES_A_DAY; // numbers are by the day
        struct outbox_request save = {.kind = OUTBOX_SAVE, .draft = make_draft(bench, form, i)};
        outbox_step(bench->outbox, &save, keep, bench);
        if (bench->reply.kind != OUTBOX_SAVED) {
            (void)fprintf(stderr, "bench_drain: case %d: %s\n", i, bench->reply.why);
            return 1;
        }
    }
    form_free(form);
    kiosk_content_close(&content);
    return 0;
}

// ---- the empty server

static void look_at_nothing(void *context, struct http_exchange *exchange)
{
    (void)context;
    exchange->status = 201;
    exchange->type = "text/xml; charset=utf-8";
    strbuf_adds(&exchange->reply, "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"
                                  "<message nature=\"submit_success\">received</message>"
                                  "</OpenRosaResponse>");
}

_Noreturn static void serve(const char *district)
{
    char certificate[600], key[600], authority[600];
    struct http_server server;
    struct fail why = {0};
    (void)snprintf(certificate, sizeof certificate, "%s/keys/server.crt", district);
    (void)snprintf(key, sizeof key, "%s/keys/server.key", district);
    (void)snprintf(authority, sizeof authority, "%s/keys/ca.crt", district);
    struct http_server_config config = {.address = "127.0.0.1",
                                        .tls = true,
                                        .client_certificates = true,
                                        .certificate_file = certificate,
                                        .key_file = key,
                                        .ca_file = authority,
                                        .body_maximum = BODY_MAXIMUM,
                                        .deadline_ms = DEADLINE_MS,
                                        .handle = look_at_nothing};
    must(mhd_server_open(&config, &server, &why), &why);
    (void)printf("%d\n", server.ops->port(server.self));
    (void)fflush(stdout);
    for (;;)
        (void)pause();
}

// ---- the drain

static void sync_asks(void *context, struct outbox_request *request)
{
    struct bench *bench = context;
    bench->asked = *request;
    bench->has_asked = true;
}

static void sync_tells(void *context, const struct sync_event *event)
{
    struct bench *bench = context;
    bench->received += event->kind == SYNC_RECEIVED;
}

static double drain(struct bench *bench, int until)
{
    struct sync_output output = {bench, sync_asks, sync_tells};
    double from = now_ms();
    if (!bench->has_asked)
        sync_step(bench->sync, NULL, &output);
    while (bench->received < until && bench->has_asked) {
        bench->has_asked = false;
        outbox_step(bench->outbox, &bench->asked, keep, bench);
        struct outbox_reply reply = bench->reply;
        bench->reply = (struct outbox_reply){0};
        sync_step(bench->sync, &reply, &output);
        if (reply.kind == OUTBOX_NOTHING && !bench->has_asked)
            sync_step(bench->sync, NULL, &output);
        outbox_reply_clear(&reply);
    }
    if (bench->received < until) {
        (void)fprintf(stderr, "bench_drain: only %d of %d went through\n", bench->received, until);
        exit(1);
    }
    return now_ms() - from;
}

// ---- the bare loop

struct posted {
    void *manifest;
    size_t manifest_length, part_count;
    struct attachment parts[8];
};

static struct posted take_bytes(struct bench *bench, int number)
{
    struct posted out = {0};
    struct strbuf bytes;
    struct store_part about;
    struct fail why = {0};
    char instance[64];
    const struct kiosk_store *store = &bench->store;
    (void)snprintf(instance, sizeof instance, "uuid:00000000-0000-4000-8000-%012d", number);
    strbuf_init(&bytes, LIMIT_CASE_BYTES);
    must(store->ops->manifest_get(store->self, instance, &bytes, &why), &why);
    out.manifest_length = bytes.length;
    out.manifest = strbuf_take(&bytes);
    for (;;) {
        strbuf_init(&bytes, LIMIT_CASE_BYTES);
        if (store->ops->part_get(store->self, instance, out.part_count, &about, &bytes, NULL))
            break;
        struct attachment *part = &out.parts[out.part_count++];
        text_copy(part->name, sizeof part->name, about.name);
        part->length = bytes.length;
        part->data = strbuf_take(&bytes);
    }
    strbuf_free(&bytes);
    return out;
}

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes, (void)context;
    return size * count;
}

static CURL *open_bare(const struct bench *bench, const char *url)
{
    const struct kiosk_config *config = &bench->config;
    CURL *handle = curl_easy_init();
    if (!handle)
        abort();
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    curl_easy_setopt(handle, CURLOPT_CAINFO, config->ca_file);
    curl_easy_setopt(handle, CURLOPT_SSLCERT, config->certificate_file);
    curl_easy_setopt(handle, CURLOPT_SSLKEY, config->key_file);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop);
    return handle;
}

static void add_part(curl_mime *mime, const char *name, const char *file, const char *type,
                     const struct bytes *bytes)
{
    curl_mimepart *part = curl_mime_addpart(mime);
    curl_mime_name(part, name);
    curl_mime_filename(part, file);
    curl_mime_type(part, type);
    curl_mime_data(part, bytes->data, bytes->length);
}

static void post_one(CURL *handle, const struct posted *posted)
{
    long status = 0;
    curl_mime *mime = curl_mime_init(handle);
    add_part(mime, "xml_submission_file", "submission.xml", "text/xml",
             &(struct bytes){posted->manifest, posted->manifest_length});
    for (size_t i = 0; i < posted->part_count; i++)
        add_part(mime, posted->parts[i].name, posted->parts[i].name, "application/octet-stream",
                 &(struct bytes){posted->parts[i].data, posted->parts[i].length});
    curl_easy_setopt(handle, CURLOPT_MIMEPOST, mime);
    CURLcode code = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_mime_free(mime);
    if (code == CURLE_OK && status == 201)
        return;
    (void)fprintf(stderr, "bench_drain: the bare loop: %s %ld\n", curl_easy_strerror(code), status);
    exit(1);
}

static double post_bare(struct bench *bench, CURL *handle, int first, int count)
{
    struct posted *posted = calloc((size_t)count, sizeof *posted);
    if (!posted)
        abort();
    for (int i = 0; i < count; i++)
        posted[i] = take_bytes(bench, first + i);
    double from = now_ms();
    for (int i = 0; i < count; i++)
        post_one(handle, &posted[i]);
    double spent = now_ms() - from;
    for (int i = 0; i < count; i++) {
        free(posted[i].manifest);
        attachments_clear(posted[i].parts, posted[i].part_count);
    }
    free(posted);
    return spent;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_result(double *ours, double *bare, int count)
{
    qsort(ours, ROUNDS, sizeof *ours, by_value);
    qsort(bare, ROUNDS, sizeof *bare, by_value);
    double our = ours[ROUNDS / 2] / count, other = bare[ROUNDS / 2] / count;
    (void)printf("%d rounds of %d cases, medians\n", ROUNDS, count);
    (void)printf("%-44s %8.0f /s %8.2f ms\n", "drain to the district", 1e3 / our, our);
    (void)printf("%-44s %8.0f /s %8.2f ms\n", "bare libcurl, same bytes, empty handler",
                 1e3 / other, other);
    (void)printf("%-44s %8.2f times\n", "ratio", our / other);
}

static int measure(struct bench *bench, const char *server, const char *port)
{
    const struct kiosk_config *config = &bench->config;
    struct curl_client_options client = {.certificate_file = config->certificate_file,
                                         .key_file = config->key_file,
                                         .ca_file = config->ca_file};
    struct sync_options sync = {.http = &bench->http,
                                .crypto = &bench->crypto,
                                .clock = &bench->clock,
                                .server = server,
                                .device_id = config->device_id,
                                .counter = config->counter,
                                .incarnation = config->incarnation};
    double ours[ROUNDS], bare[ROUNDS];
    struct fail why = {0};
    char url[64];
    int count = (int)(bench->cases - 2) / ROUNDS; // one case warms up
    (void)snprintf(url, sizeof url, "https://localhost:%s/submission", port);
    must(curl_client_open(&client, &bench->http, &why), &why);
    CURL *handle = open_bare(bench, url);
    must(sync_open(&sync, &bench->sync, &why), &why);
    (void)drain(bench, 1); // connections are made, statements prepared
    (void)post_bare(bench, handle, 0, 1);
    for (int i = 0; i < ROUNDS; i++) {
        ours[i] = drain(bench, bench->received + count);
        bare[i] = post_bare(bench, handle, i * count, count);
    }
    print_result(ours, bare, count);
    sync_close(bench->sync);
    curl_client_close(&bench->http);
    curl_easy_cleanup(handle);
    return 0;
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    const char *what = argc > 2 ? argv[1] : "";
    bool fills = argc == 4 && text_equal(what, "fill");
    bool measures = argc == 6 && text_equal(what, "measure");
    log_set_level(LOG_ERROR);
    if (argc == 3 && text_equal(what, "empty"))
        serve(argv[2]);
    if (!(fills || measures) || !text_to_int64(argv[argc - 1], &bench.cases)) {
        (void)fputs("usage: bench_drain fill DIR CASES | empty DISTRICT | measure DIR URL PORT "
                    "CASES\n",
                    stderr);
        return 2;
    }
    open_kiosk(&bench, argv[2]);
    int code = fills ? fill(&bench, argv[2]) : measure(&bench, argv[3], argv[4]);
    outbox_reply_clear(&bench.reply);
    outbox_close(bench.outbox);
    sqlite_kiosk_store_close(&bench.store);
    kiosk_config_wipe(&bench.config);
    return code;
}
