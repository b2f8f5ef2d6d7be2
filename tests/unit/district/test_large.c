// SPDX-License-Identifier: GPL-3.0-or-later
// A case of 30 MB over a real line that breaks in the middle: only the rest is sent again, and
// neither end ever has more than a few pages in memory.
#include "line.h"
#include "wire.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/outbox/outbox.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    PAGES = 40,
    PAGE_BYTES = 740000,
    HOUR_MS = 3600000,
    LOST_AT_A_CUT = 128 << 10, ///< what was in the sockets, and the handshakes
    MEMORY_BYTES = 16 << 20,   ///< both ends together may grow by so much
};

// The sanitizer keeps what was freed for a while; here that would be all that is measured.
__attribute__((visibility("default"), used)) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=1:thread_local_quarantine_size_kb=64:"
           "allocator_release_to_os_interval_ms=0";
}

static const char form_text[] =
    "<?xml version=\"1.0\"?>"
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "
    "xmlns:orx=\"http://openrosa.org/xforms\"><h:head><h:title>Large</h:title><model>"
    "<instance><data id=\"large\" version=\"1\"><name/><visit><receipt_number/>"
    "<counter/><key_id/></visit><orx:meta><orx:instanceID/></orx:meta></data></instance>"
    "<bind nodeset=\"/data/name\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/receipt_number\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/counter\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/key_id\" type=\"string\"/>"
    "</model></h:head><h:body><input ref=\"/data/name\"><label>Name</label></input></h:body>"
    "</h:html>";

struct scene {
    struct wire *wire;
    struct line line;
    struct form *form;
    char store_path[96];
    struct kiosk_store store;
    struct outbox *outbox;
    struct outbox_request asked; ///< what sync wants next of the outbox
    bool has_asked;
    struct outbox_reply reply;
    enum send_outcome outcome;
    bool forgets; ///< the kiosk starts anew after each try
    int sent;     ///< cases of which something was said
    long put;     ///< requests for bytes
};

static void open_outbox(struct scene *scene)
{
    struct bench *bench = &scene->wire->bench;
    struct sqlite_kiosk_store_options store = {.path = scene->store_path, .crypto = &bench->crypto};
    struct outbox_options options = {
        .store = &scene->store,
        .crypto = &bench->crypto,
        .clock = &bench->clock.clock,
        .counter = "001",
        .incarnation = scene->wire->enrolled.incarnation,
        .district_host = "yimen.laoshan.example:8443",
        .sealing_key = bench->sealing_public.data,
        .sealing_key_length = bench->sealing_public.length,
        .sealing_key_id = "seal-1",
        .signing_secret = bench->device_secret,
        .device_key_id = scene->wire->enrolled.key_id,
        .root_secret = bench->record_secret,
    };
    struct fail why = {0};
    if (sqlite_kiosk_store_open(&store, &scene->store, &why) ||
        outbox_open(&options, &scene->outbox, &why))
        fail_msg("%s", why.text);
}

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    log_set_level(LOG_ERROR);
    void *wire = NULL;
    struct fail why = {0};
    wire_open(&wire);
    scene->wire = wire;
    struct bench *bench = &scene->wire->bench;
    snprintf(scene->store_path, sizeof scene->store_path, "%s/kiosk.db", bench->folder);
    struct form_source source = {.name = "large.xml",
                                 .text = form_text,
                                 .length = sizeof form_text - 1,
                                 .crypto = &bench->crypto};
    if (form_load(&source, NULL, NULL, &scene->form, &why) ||
        district_publish_form(bench->district, form_text, sizeof form_text - 1, &why))
        fail_msg("%s", why.text);
    line_open(&scene->line, scene->wire->server.ops->port(scene->wire->server.self));
    snprintf(scene->wire->server_url, sizeof scene->wire->server_url, "https://localhost:%d",
             scene->line.port);
    sync_close(scene->wire->sync);
    curl_client_close(&scene->wire->http);
    wire_open_sync(scene->wire);
    open_outbox(scene);
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-reserve"};
    struct scene *scene = *state;
    void *wire = scene->wire;
    line_close(&scene->line);
    outbox_reply_clear(&scene->reply);
    outbox_close(scene->outbox);
    sqlite_kiosk_store_close(&scene->store);
    for (size_t i = 0; i < 4; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", scene->store_path, ends[i]);
        unlink(path);
    }
    form_free(scene->form);
    wire_close(&wire);
    free(scene);
    return 0;
}

// ---- the kiosk's workers, in one thread

static void keep_reply(void *context, struct outbox_reply *reply)
{
    struct scene *scene = context;
    outbox_reply_clear(&scene->reply);
    scene->reply = *reply;
}

static void ask(struct scene *scene, struct outbox_request *request)
{
    outbox_step(scene->outbox, request, keep_reply, scene);
}

static void take_request(void *context, struct outbox_request *request)
{
    struct scene *scene = context;
    scene->asked = *request;
    scene->has_asked = true;
    scene->put += request->kind == OUTBOX_PART;
    if (request->kind == OUTBOX_SENT) {
        scene->outcome = request->outcome;
        scene->sent++;
    }
}

static void take_event(void *context, const struct sync_event *event)
{
    (void)context;
    (void)event;
}

static void restart(struct scene *scene)
{
    sync_close(scene->wire->sync);
    curl_client_close(&scene->wire->http);
    wire_open_sync(scene->wire);
}

// Until something was said of one case, or nothing is left to do.
static void work(struct scene *scene)
{
    struct sync_output output = {scene, take_request, take_event};
    int sent = scene->sent;
    struct outbox_reply told = {.kind = OUTBOX_DONE};
    sync_step(scene->wire->sync, sent > 0 && !scene->forgets ? &told : NULL, &output);
    while (scene->has_asked) {
        struct outbox_request request = scene->asked;
        scene->has_asked = false;
        ask(scene, &request);
        bool was_said = scene->sent > sent && request.kind == OUTBOX_SENT;
        if (was_said && scene->forgets)
            restart(scene);
        if (was_said || scene->reply.kind == OUTBOX_NOTHING) {
            scene->has_asked = false;
            return;
        }
        sync_step(scene->wire->sync, &scene->reply, &output);
    }
}

// ---- the visit

static void fill_page(char *bytes, int number)
{
    uint32_t state = 99u + (uint32_t)number;
    for (size_t at = 0; at < PAGE_BYTES; at++) {
        state = state * 1103515245u + 12345u;
        bytes[at] = (char)(state >> 16);
    }
}

static void scan_pages(struct scene *scene, const char *instance, int count)
{
    for (int number = 1; number <= count; number++) {
        struct outbox_request request = {.kind = OUTBOX_PAGE,
                                         .page = calloc(1, sizeof(struct attachment))};
        text_copy(request.instance, sizeof request.instance, instance);
        snprintf(request.page->name, sizeof request.page->name, "page-%02d.jpg", number);
        text_copy(request.page->type, sizeof request.page->type, "image/jpeg");
        request.page->data = malloc(PAGE_BYTES);
        request.page->length = PAGE_BYTES;
        fill_page(request.page->data, number);
        ask(scene, &request);
        assert_int_equal(scene->reply.kind, OUTBOX_PAGE_HELD);
    }
}

static void save_case(struct scene *scene, const char *instance, char number[LIMIT_RECEIPT_NUMBER])
{
    struct bench *bench = &scene->wire->bench;
    struct case_draft *draft = calloc(1, sizeof *draft);
    struct fail why = {0};
    text_copy(draft->instance_id, sizeof draft->instance_id, instance);
    text_copy(draft->service, sizeof draft->service, "expenditure-relief");
    text_copy(draft->language, sizeof draft->language, "zh");
    text_copy(draft->ref_receipt_number, sizeof draft->ref_receipt_number,
              "/data/visit/receipt_number");
    text_copy(draft->ref_counter, sizeof draft->ref_counter, "/data/visit/counter");
    text_copy(draft->ref_key_id, sizeof draft->ref_key_id, "/data/visit/key_id");
    draft->type = 2;
    draft->first_touch = bench->clock.now;
    struct record_options options = {.clock = &bench->clock.clock,
                                     .crypto = &bench->crypto,
                                     .time_zone = "Asia/Shanghai",
                                     .instance_id = instance};
    if (record_new(scene->form, &options, &draft->record, &why) ||
        record_answer(draft->record, "/data/name", "张三", &why))
        fail_msg("%s", why.text);
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = draft};
    ask(scene, &request);
    if (scene->reply.kind != OUTBOX_SAVED)
        fail_msg("%s", scene->reply.why);
    text_copy(number, LIMIT_RECEIPT_NUMBER, scene->reply.facts->number);
}

static struct outbox_row row_of(struct scene *scene, const char *number)
{
    ask(scene, &(struct outbox_request){.kind = OUTBOX_LIST});
    for (size_t i = 0; i < scene->reply.row_count; i++)
        if (text_equal(scene->reply.rows[i].number, number))
            return scene->reply.rows[i];
    fail_msg("no row %s", number);
    return (struct outbox_row){0};
}

// ---- memory

static long resident(const char *field)
{
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    const char *at = strstr(text, field);
    return at ? strtol(at + strlen(field), NULL, 10) * 1024 : 0;
}

static void forget_peak(void)
{
    int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    assert_int_equal(write(file, "5", 1), 1);
    close(file);
}

// ---- tests

static const char instance[] = "uuid:0a0a0a0a-0000-4000-8000-000000000001";

static void expect_at_the_district(struct scene *scene, const char *number, int pages)
{
    struct bench *bench = &scene->wire->bench;
    int opened = 0;
    struct fail why = {0};
    struct strbuf file;
    char *bytes = malloc(PAGE_BYTES);
    if (district_open_waiting(bench->district, &opened, &why))
        fail_msg("%s", why.text);
    assert_int_equal(opened, 1);
    for (int page = 1; page <= pages; page += 13) {
        char name[64];
        snprintf(name, sizeof name, "page-%02d.jpg", page);
        strbuf_init(&file, LIMIT_PART_BYTES);
        if (district_show_file(bench->district, number, name, "d-1", &file, &why))
            fail_msg("%s", why.text);
        fill_page(bytes, page);
        assert_int_equal(file.length, PAGE_BYTES);
        assert_memory_equal(file.data, bytes, PAGE_BYTES);
        strbuf_free(&file);
    }
    free(bytes);
}

static void a_cut_costs_only_the_rest_and_memory_stays_small(void **state)
{
    struct scene *scene = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    scan_pages(scene, instance, 1); // what is made once is there before memory is looked at
    ask(scene, &(struct outbox_request){.kind = OUTBOX_VISIT_ENDED, .instance = "uuid:0"});
    struct outbox_request back = {.kind = OUTBOX_PAGE_DROP, .text = "page-01.jpg"};
    text_copy(back.instance, sizeof back.instance, instance);
    ask(scene, &back);
    forget_peak();
    long before = resident("VmRSS:");
    scan_pages(scene, instance, PAGES);
    save_case(scene, instance, number);
    int64_t total = row_of(scene, number).total_bytes;
    assert_true(total > 28 << 20);

    scene->forgets = true;
    atomic_store(&scene->line.stays_down, true);
    atomic_store(&scene->line.cut_after, 12345678);
    work(scene);
    assert_int_equal(scene->outcome, SEND_RETRY);
    assert_int_equal(atomic_load(&scene->line.cuts), 1);
    assert_string_equal(row_of(scene, number).state, "retry");
    int64_t shown = row_of(scene, number).sent_bytes;
    assert_true(shown > 11 << 20 && shown < 12345678);
    long first = atomic_load(&scene->line.carried);

    atomic_store(&scene->line.cut_after, 0);
    atomic_store(&scene->line.is_down, false);
    fake_clock_pass(&scene->wire->bench.clock, HOUR_MS);
    work(scene);
    assert_int_equal(scene->outcome, SEND_RECEIVED);
    long second = atomic_load(&scene->line.carried) - first;
    long grown = resident("VmHWM:") - before;
    print_message("case %lld, before the cut %ld, after it %ld, memory +%ld\n", (long long)total,
                  first, second, grown);
    // TLS and headers are about one in a hundred; a second whole sending would be more than 28 MB.
    assert_true(second < (total - first) + total / 100 + LOST_AT_A_CUT);
    assert_true(grown < MEMORY_BYTES);
    assert_string_equal(row_of(scene, number).state, "received");
    expect_at_the_district(scene, number, PAGES);
}

static void a_line_that_breaks_all_the_time_still_brings_it_there(void **state)
{
    struct scene *scene = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    int64_t shown = 0;
    int turns = 0;
    scan_pages(scene, instance, 4);
    save_case(scene, instance, number);
    atomic_store(&scene->line.cut_after, 222222); // less than one piece
    do {
        fake_clock_pass(&scene->wire->bench.clock, HOUR_MS);
        work(scene);
        assert_true(++turns < 40);
        struct outbox_row row = row_of(scene, number);
        assert_true(row.sent_bytes >= shown);
        shown = row.sent_bytes;
    } while (scene->outcome != SEND_RECEIVED);
    expect_at_the_district(scene, number, 4);
}

static void a_lost_answer_to_the_end_sends_no_part_again(void **state)
{
    struct scene *scene = *state;
    char number[LIMIT_RECEIPT_NUMBER];
    scan_pages(scene, instance, 3);
    save_case(scene, instance, number);
    atomic_store(&scene->wire->lost_answers, 2); // of the heartbeat and of the first manifest
    work(scene);
    assert_int_equal(scene->outcome, SEND_RETRY);
    fake_clock_pass(&scene->wire->bench.clock, HOUR_MS);
    scene->put = 0;
    work(scene);
    assert_int_equal(scene->outcome, SEND_RECEIVED);
    assert_true(scene->put > 0);
    struct outbox_request retry = {
        .kind = OUTBOX_REPAIR,
        .news = calloc(1, sizeof(struct outbox_news) + sizeof(struct outbox_news_item))};
    retry.news->count = 1; // as if the answer to the last manifest had been lost
    text_copy(retry.news->items[0].instance, sizeof retry.news->items[0].instance, instance);
    ask(scene, &retry);
    scene->put = 0;
    fake_clock_pass(&scene->wire->bench.clock, HOUR_MS);
    work(scene);
    assert_int_equal(scene->outcome, SEND_RECEIVED);
    assert_int_equal(scene->put, 0);
    assert_int_equal(bench_rows(&scene->wire->bench), 1);
}

// One request for a part; the status, and where it goes on (-1: not said).
static int ask_part(struct scene *scene, const char *method, const char *path, const char *offset,
                    const char *bytes, int64_t *goes_on)
{
    char url[400], header[64];
    const char *const headers[] = {header, NULL};
    struct http_response response = {0};
    struct fail why = {0};
    strbuf_init(&response.body, LIMIT_HTTP_REPLY);
    snprintf(url, sizeof url, "%s%s", scene->wire->server_url, path);
    snprintf(header, sizeof header, "Upload-Offset: %s", offset);
    struct http_request request = {.method = method,
                                   .url = url,
                                   .headers = headers,
                                   .body = bytes,
                                   .length = strlen(bytes),
                                   .timeout_ms = 5000};
    if (scene->wire->http.ops->perform(scene->wire->http.self, &request, &response, &why))
        fail_msg("%s", why.text);
    strbuf_free(&response.body);
    *goes_on = response.upload_offset;
    return response.status;
}

static void each_request_for_a_part_is_answered_as_the_header_says(void **state)
{
// SHA-256 of "abcdef", and of nothing that is sent here.
#define GOOD "/v1/parts/bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"
#define OTHER "/v1/parts/00f57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"
    static const struct {
        const char *method, *path, *offset, *bytes;
        int status;
        int64_t goes_on;
    } table[] = {
        {"HEAD", GOOD, "0", "", 404, -1},
        {"PUT", GOOD "?size=6", "3", "def", 409, 0},
        {"PUT", GOOD "?size=6", "0", "abc", 200, 3},
        {"HEAD", GOOD, "0", "", 200, 3},
        {"PUT", GOOD "?size=6", "0", "abc", 409, 3},  // sent twice
        {"PUT", GOOD "?size=7", "3", "def", 409, 3},  // of another size
        {"PUT", GOOD "?size=6", "3", "defg", 409, 3}, // more than it has
        {"PUT", GOOD "?size=6", "3", "def", 200, 6},
        {"PUT", GOOD "?size=6", "0", "abcdef", 409, 6}, // there already
        {"HEAD", GOOD, "0", "", 200, 6},
        {"PUT", OTHER "?size=6", "0", "abc", 200, 3},
        {"PUT", OTHER "?size=6", "3", "def", 422, -1}, // thrown away
        {"HEAD", OTHER, "0", "", 404, -1},
        {"PUT", OTHER "?size=6", "0", "", 400, -1},
        {"PUT", OTHER "?size=6", "-1", "abc", 400, -1},
        {"PUT", OTHER "?size=x", "0", "abc", 400, -1},
        {"PUT", OTHER, "0", "abc", 400, -1},
        {"PUT", OTHER "?size=99999999", "0", "abc", 413, -1},
        {"PUT", "/v1/parts/../heartbeat?size=6", "0", "abc", 405, -1},
        {"PUT", "/v1/parts/ABC?size=6", "0", "abc", 400, -1},
        {"GET", GOOD, "0", "", 405, -1},
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t goes_on = -1;
        int status = ask_part(scene, table[i].method, table[i].path, table[i].offset,
                              table[i].bytes, &goes_on);
        if (status != table[i].status || goes_on != table[i].goes_on)
            fail_msg("row %zu, %s %s: %d, goes on at %lld", i, table[i].method, table[i].path,
                     status, (long long)goes_on);
    }
}

static void one_kiosk_cannot_fill_the_district(void **state)
{
    struct scene *scene = *state;
    int refused = 0;
    for (int i = 0; i < 20 && !refused; i++) { // each begins a part of 8 MB and goes on to the next
        char path[128];
        int64_t goes_on;
        snprintf(path, sizeof path, "/v1/parts/%064x?size=8388608", i);
        int status = ask_part(scene, "PUT", path, "0", "abc", &goes_on);
        refused = status == 507 ? i : 0;
        assert_true(status == 200 || status == 507);
    }
    assert_int_equal(refused, 16); // 128 MB
    fake_clock_pass(&scene->wire->bench.clock, (int64_t)8 * 24 * HOUR_MS);
    int64_t goes_on;
    char path[128];
    snprintf(path, sizeof path, "/v1/parts/%064x?size=8388608", 99);
    assert_int_equal(ask_part(scene, "PUT", path, "0", "abc", &goes_on), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ON_A_LINE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)
        ON_A_LINE(a_cut_costs_only_the_rest_and_memory_stays_small),
        ON_A_LINE(a_line_that_breaks_all_the_time_still_brings_it_there),
        ON_A_LINE(each_request_for_a_part_is_answered_as_the_header_says),
        ON_A_LINE(one_kiosk_cannot_fill_the_district),
        ON_A_LINE(a_lost_answer_to_the_end_sends_no_part_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
