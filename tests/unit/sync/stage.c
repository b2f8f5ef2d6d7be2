// SPDX-License-Identifier: GPL-3.0-or-later
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void take_request(void *context, struct outbox_request *request)
{
    struct stage *stage = context;
    stage->requests[stage->request_count++ % OUT_MAXIMUM] = *request;
}

static void take_event(void *context, const struct sync_event *event)
{
    struct stage *stage = context;
    stage->events[stage->event_count++ % OUT_MAXIMUM] = *event;
}

struct stage *stage_begin(const struct script_step *steps, size_t count, bool openrosa_only)
{
    struct stage *stage = calloc(1, sizeof *stage);
    script_begin(&stage->script, steps, count);
    fake_clock_begin(&stage->clock, 1763863200000);
    assert_int_equal(sodium_crypto_open(&stage->crypto, NULL), ERR_OK);
    struct sync_options options = {.http = &stage->script.client,
                                   .crypto = &stage->crypto,
                                   .clock = &stage->clock.clock,
                                   .server = "https://district:8443",
                                   .device_id = "kiosk 1/x",
                                   .counter = "001",
                                   .incarnation = 3,
                                   .openrosa_only = openrosa_only};
    assert_int_equal(sync_open(&options, &stage->sync, NULL), ERR_OK);
    stage->output = (struct sync_output){stage, take_request, take_event};
    return stage;
}

void stage_end(struct stage *stage)
{
    sync_close(stage->sync);
    free(stage);
}

void stage_reply_item(struct stage *stage, struct outbox_part *parts, size_t count)
{
    struct outbox_item item = {.instance = "uuid:1",
                               .number = "370212001251123170019",
                               .manifest = (char[]){"<data/>"},
                               .manifest_length = 7,
                               .part_count = count,
                               .parts = parts};
    struct outbox_reply reply = {.kind = OUTBOX_ITEM, .item = &item};
    sync_step(stage->sync, &reply, &stage->output);
}

void stage_send_one(struct stage *stage)
{
    struct outbox_part parts[2] = {
        {.name = "signature.svg.enc", .data = (char[]){"abc"}, .length = 3},
        {.name = "submission.xml.enc", .data = (char[]){"defg"}, .length = 4}};
    stage_reply_item(stage, parts, 2);
}

bool stage_saw(const struct stage *stage, enum sync_event_kind kind)
{
    for (size_t i = 0; i < stage->event_count; i++)
        if (stage->events[i].kind == kind)
            return true;
    return false;
}
