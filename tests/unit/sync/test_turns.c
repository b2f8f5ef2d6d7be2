// SPDX-License-Identifier: GPL-3.0-or-later
// Several large cases at once for a stand-in server behind a slow line, with the real queue: all of
// them arrive, each byte about once, whatever waits beside them.
#include "../outbox/kiosk.h"
#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include "yimen/sync/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENVELOPE                                                                                   \
    "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"x\">ok"       \
    "</message></OpenRosaResponse>"

enum { FILES = 8, STEPS = 20000, CASES = 5, BYTES_PER_S = 260000, LARGE = 3500000 };

struct line {
    struct kiosk *kiosk;
    struct http_client http;
    struct sync *sync;
    struct outbox_request asked;
    bool has_asked;
    int posts;
    int64_t bytes, total; // on the wire; of all cases
};

static enum err perform(void *self, const struct http_request *request,
                        struct http_response *response, struct fail *why)
{
    struct line *line = self;
    int64_t bytes = 0;
    (void)why;
    strbuf_clear(&response->body);
    text_copy(response->openrosa_version, sizeof response->openrosa_version, "1.0");
    response->accept_length = 100 << 20;
    response->date[0] = response->location[0] = '\0';
    response->status = text_equal(request->method, "HEAD") ? 204 : 201;
    for (size_t i = 0; i < request->part_count; i++)
        bytes += (int64_t)request->parts[i].length;
    if (response->status == 201)
        strbuf_adds(&response->body, ENVELOPE);
    line->posts += response->status == 201;
    line->bytes += bytes;
    fake_clock_pass(&line->kiosk->clock, 50 + bytes * 1000 / BYTES_PER_S);
    return ERR_OK;
}

static void take_request(void *context, struct outbox_request *request)
{
    struct line *line = context;
    line->asked = *request;
    line->has_asked = true;
}

static void take_event(void *context, const struct sync_event *event)
{
    (void)context;
    (void)event;
}

static void begin(struct line *line, struct kiosk *kiosk)
{
    static const struct http_client_ops ops = {.perform = perform};
    *line = (struct line){.kiosk = kiosk, .http = {&ops, line}};
    struct sync_options options = {.http = &line->http,
                                   .crypto = &kiosk->crypto,
                                   .clock = &kiosk->clock.clock,
                                   .server = "https://stand-in.example",
                                   .device_id = "kiosk-1",
                                   .openrosa_only = true};
    assert_int_equal(sync_open(&options, &line->sync, NULL), ERR_OK);
}

static void save_large(struct line *line, int number, size_t file_bytes, bool urgent)
{
    struct kiosk *kiosk = line->kiosk;
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, number)};
    struct case_draft *draft = request.draft;
    attachments_clear(draft->attachments, draft->attachment_count);
    draft->attachment_count = FILES;
    draft->urgent = urgent;
    draft->type = urgent ? 1 : 2;
    for (size_t i = 0; i < FILES; i++) {
        struct attachment *file = &draft->attachments[i];
        snprintf(file->name, sizeof file->name, "page-%zu.jpg", i);
        text_copy(file->type, sizeof file->type, "image/jpeg");
        file->data = calloc(1, file_bytes);
        file->length = file_bytes;
    }
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVED);
    line->total += (int64_t)(FILES * file_bytes);
}

static int unsent(struct kiosk *kiosk)
{
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LIST});
    return kiosk->reply.unsent;
}

// Until nothing is left; says which receipt arrived first.
static void run(struct line *line, char first[LIMIT_RECEIPT_NUMBER])
{
    struct kiosk *kiosk = line->kiosk;
    struct sync_output output = {line, take_request, take_event};
    bool has_reply = false;
    first[0] = '\0';
    for (int step = 0; step < STEPS; step++) {
        line->has_asked = false;
        sync_step(line->sync, has_reply ? &kiosk->reply : NULL, &output);
        has_reply = line->has_asked;
        if (has_reply && line->asked.kind == OUTBOX_SENT &&
            line->asked.outcome == SEND_UNVERIFIED && !first[0])
            text_copy(first, LIMIT_RECEIPT_NUMBER, line->asked.receipt);
        if (has_reply)
            kiosk_ask(kiosk, &line->asked);
        else if (unsent(kiosk) == 0)
            return;
        else if (sync_wait_ms(line->sync) > 0)
            fake_clock_pass(&kiosk->clock, sync_wait_ms(line->sync));
    }
    fail_msg("%d of them never arrive: %d posts, %lld bytes for %lld", unsent(kiosk), line->posts,
             (long long)line->bytes, (long long)line->total);
}

static void all_arrive(struct kiosk *kiosk, int cases, size_t file_bytes, int urgent)
{
    struct line line;
    char first[LIMIT_RECEIPT_NUMBER];
    begin(&line, kiosk);
    for (int i = 1; i <= cases; i++)
        save_large(&line, i, file_bytes, i <= urgent);
    run(&line, first);
    assert_true(line.bytes >= line.total);
    if (line.bytes * 10 >= line.total * 12)
        fail_msg("%lld bytes sent for %lld", (long long)line.bytes, (long long)line.total);
    sync_close(line.sync);
}

static void two_ordinary_ones_take_turns(void **state)
{
    all_arrive(*state, 2, LARGE, 0);
}

static void two_urgent_ones_do_not_give_way_to_each_other(void **state)
{
    all_arrive(*state, 2, LARGE, 2);
}

static void five_at_once_arrive_all(void **state)
{
    all_arrive(*state, CASES, LARGE / 2, 0);
}

static void an_urgent_one_among_them_is_first(void **state)
{
    struct kiosk *kiosk = *state;
    struct line line;
    char first[LIMIT_RECEIPT_NUMBER], urgent[LIMIT_RECEIPT_NUMBER];
    begin(&line, kiosk);
    save_large(&line, 1, LARGE / 2, false);
    save_large(&line, 2, LARGE / 2, false);
    save_large(&line, 3, LARGE / 2, true);
    text_copy(urgent, sizeof urgent, kiosk->reply.facts->number);
    run(&line, first);
    assert_string_equal(first, urgent);
    assert_true(line.bytes * 10 < line.total * 12);
    sync_close(line.sync);
}

static void a_restart_goes_on_where_a_turn_ended(void **state)
{
    struct kiosk *kiosk = *state;
    struct sync_output output;
    struct line line;
    char first[LIMIT_RECEIPT_NUMBER];
    begin(&line, kiosk);
    save_large(&line, 1, LARGE, false);
    save_large(&line, 2, LARGE, false);
    output = (struct sync_output){&line, take_request, take_event};
    bool paused = false, has_reply = false;
    while (!paused) { // the first turn
        sync_step(line.sync, has_reply ? &kiosk->reply : NULL, &output);
        has_reply = true;
        kiosk_ask(kiosk, &line.asked);
        paused = line.asked.kind == OUTBOX_SENT && line.asked.outcome == SEND_PAUSED;
    }
    int64_t sent = line.bytes, total = line.total;
    assert_true(sent > 2 * LARGE);
    sync_close(line.sync);
    kiosk_restart(kiosk);
    begin(&line, kiosk);
    run(&line, first);
    assert_true((line.bytes + sent) * 10 < total * 12);
    sync_close(line.sync);
}

int main(void)
{
#define ON_KIOSK(test) cmocka_unit_test_setup_teardown(test, kiosk_set_up, kiosk_tear_down)
    const struct CMUnitTest tests[] = {
        ON_KIOSK(two_ordinary_ones_take_turns),
        ON_KIOSK(two_urgent_ones_do_not_give_way_to_each_other),
        ON_KIOSK(five_at_once_arrive_all),
        ON_KIOSK(an_urgent_one_among_them_is_first),
        ON_KIOSK(a_restart_goes_on_where_a_turn_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
