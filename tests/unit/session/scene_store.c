// SPDX-License-Identifier: GPL-3.0-or-later
// The store worker of a test: what it is asked, and what the script makes it answer.
#include "scene_workers.h"
#include "yimen/base/text.h"
#include <stdio.h>

static struct receipt_facts *facts_of(const struct case_draft *draft, struct scene *scene)
{
    struct receipt_facts *facts = calloc(1, sizeof *facts);
    assert_non_null(facts);
    text_copy(facts->number, sizeof facts->number,
              draft->urgent ? "370212001261123112345" : "370212001261123212347");
    text_copy(
        facts->qr_text, sizeof facts->qr_text,
        "https://district.example/t/BBBBBBBBBBBBBBBBBBBBBB?n=370212001261123210018&s="
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    facts->urgent = draft->urgent;
    facts->first_touch = draft->first_touch;
    facts->saved = scene_now(scene);
    facts->limit_hours = draft->limit_hours;
    facts->print_count = 1;
    return facts;
}

static void keep_draft(struct scene *scene, struct case_draft *draft)
{
    struct strbuf xml;
    strbuf_init(&xml, LIMIT_SUBMISSION_XML);
    assert_int_equal(record_submission(draft->record, false, &xml, NULL), ERR_OK);
    text_copy(scene->record, sizeof scene->record, strbuf_text(&xml));
    strbuf_free(&xml);
    scene->signature[0] = '\0';
    if (draft->attachment_count)
        snprintf(scene->signature, sizeof scene->signature, "%.*s",
                 (int)draft->attachments[0].length, (char *)draft->attachments[0].data);
    if (draft->attachment_count)
        text_copy(scene->signature_name, sizeof scene->signature_name, draft->attachments[0].name);
    scene->draft = *draft;
    scene->draft.record = NULL;
    for (size_t i = 0; i < sizeof scene->draft.attachments / sizeof scene->draft.attachments[0];
         i++)
        scene->draft.attachments[i].data = NULL;
}

static void take_saved(void *context, struct outbox_reply *reply)
{
    *(struct outbox_reply *)context = *reply;
}

static void save(struct scene *scene, struct outbox_request *request)
{
    struct outbox_reply reply = {.to = OUTBOX_SAVE, .id = request->id};
    scene->saves++;
    if (scene->save_err) {
        reply.kind = OUTBOX_SAVE_FAILED;
        reply.err = scene->save_err;
        reply.draft = request->draft;
    } else if (scene->store_for_real) {
        keep_draft(scene, request->draft);
        outbox_step(scene->store_for_real, request, take_saved, &reply);
    } else {
        keep_draft(scene, request->draft);
        reply.kind = OUTBOX_SAVED;
        scene_spend_drafts(scene, "?", request->draft->instance_id);
        reply.facts = facts_of(request->draft, scene);
        text_copy(reply.job, sizeof reply.job, "yimen-r1-1");
        case_draft_free(request->draft);
    }
    if (reply.facts)
        scene->facts = *reply.facts;
    scene_outbox(scene, &reply);
}

static void log_in(struct scene *scene, const struct outbox_request *request)
{
    struct outbox_reply reply = {.to = OUTBOX_LOGIN, .id = request->id, .kind = OUTBOX_LOGGED_IN};
    assert_string_equal(request->text, "314159");
    if (scene->refuses_login)
        reply.kind = OUTBOX_LOGIN_REFUSED;
    reply.wait_s = scene->login_wait_s;
    text_copy(reply.staff, sizeof reply.staff, request->staff);
    text_copy(reply.role, sizeof reply.role, scene->role);
    scene_outbox(scene, &reply);
}

static void list(struct scene *scene, const struct outbox_request *request)
{
    struct outbox_reply reply = {
        .to = OUTBOX_LIST, .id = request->id, .kind = OUTBOX_LISTED, .row_count = 1};
    text_copy(reply.frozen, sizeof reply.frozen, scene->frozen ? scene->frozen : "");
    reply.rows = calloc(1, sizeof *reply.rows);
    assert_non_null(reply.rows);
    reply.rows[0] = scene->row;
    reply.open_calls = (size_t)(scene->urgent_opened - scene->urgent_closed);
    reply.oldest_call = reply.open_calls ? scene->urgent_closed + 1 : 0;
    reply.oldest_call_utc_ms = reply.open_calls ? scene->row.saved_utc_ms : 0;
    scene_outbox(scene, &reply);
}

static void receipt(struct scene *scene, const struct outbox_request *request)
{
    struct outbox_reply reply = {
        .to = OUTBOX_RECEIPT, .id = request->id, .kind = OUTBOX_RECEIPT_READY};
    struct case_draft nobody = {.urgent = false};
    reply.facts = facts_of(&nobody, scene);
    text_copy(reply.facts->number, sizeof reply.facts->number, request->receipt);
    reply.facts->print_count = 2;
    text_copy(reply.job, sizeof reply.job, "yimen-r1-2");
    scene->receipts++;
    scene_outbox(scene, &reply);
}

// Each kind that the script has an answer for, or that is counted; the others are only done.

static void track(struct scene *scene, struct outbox_request *request, struct outbox_reply *reply)
{
    scene->asked_here = request->question;
    if (!scene->here)
        return;
    reply->kind = OUTBOX_TRACKED;
    reply->track = scene->here(&request->question);
}

static void open_urgent(struct scene *scene, struct outbox_request *request,
                        struct outbox_reply *reply)
{
    (void)request;
    scene->urgent_opened++;
    reply->kind = OUTBOX_URGENT_OPENED;
}

static void close_urgent(struct scene *scene, struct outbox_request *request,
                         struct outbox_reply *reply)
{
    (void)reply;
    assert_int_equal(request->number, scene->urgent_closed + 1); // one at a time, the oldest first
    text_copy(scene->answer, sizeof scene->answer, request->text);
    scene->urgent_closed++;
}

static void end_visit(struct scene *scene, struct outbox_request *request,
                      struct outbox_reply *reply)
{
    (void)reply;
    scene->visits_ended++;
    text_copy(scene->ended_instance, sizeof scene->ended_instance, request->instance);
}

static void keep_time(struct scene *scene, struct outbox_request *request,
                      struct outbox_reply *reply)
{
    (void)request, (void)reply;
    scene->times_kept++;
}

static void note(struct scene *scene, struct outbox_request *request, struct outbox_reply *reply)
{
    char line[280];
    (void)reply;
    snprintf(line, sizeof line, "%s(%s) ", request->text, request->detail);
    if (strlen(scene->notes) + strlen(line) < sizeof scene->notes)
        memcpy(scene->notes + strlen(scene->notes), line, strlen(line) + 1);
}

static void test_itself(struct scene *scene, struct outbox_request *request,
                        struct outbox_reply *reply)
{
    (void)scene;
    *reply = (struct outbox_reply){.kind = OUTBOX_SELF_TESTED,
                                   .to = OUTBOX_SELF_TEST,
                                   .id = request->id,
                                   .database_good = true,
                                   .audit_good = true,
                                   .disk_free = 50LL << 30,
                                   .disk_total = 100LL << 30};
}

static void number_slip(struct scene *scene, struct outbox_request *request,
                        struct outbox_reply *reply)
{
    (void)scene, (void)request;
    reply->kind = OUTBOX_NUMBERED;
    text_copy(reply->slip, sizeof reply->slip, "370212001261123948211");
}

static void rate(struct scene *scene, struct outbox_request *request, struct outbox_reply *reply)
{
    (void)reply;
    snprintf(scene->rated, sizeof scene->rated, "%s %lld", request->text, request->number);
}

static void print_state(struct scene *scene, struct outbox_request *request,
                        struct outbox_reply *reply)
{
    (void)reply;
    scene->unclaimed += request->print_state == PRINT_WAITING_FOR_OWNER;
}

static void own(struct scene *scene, struct outbox_request *request, struct outbox_reply *reply)
{
    (void)reply;
    scene->owners++;
    scene->owner_lock = request->lock;
    text_copy(scene->owner_token, sizeof scene->owner_token, request->question.token);
    text_copy(scene->owner_instance, sizeof scene->owner_instance, request->instance);
}

static const struct {
    enum outbox_request_kind kind;
    void (*work)(struct scene *scene, struct outbox_request *request, struct outbox_reply *reply);
} works[] = {
    {OUTBOX_TRACK, track},
    {OUTBOX_URGENT_OPEN, open_urgent},
    {OUTBOX_URGENT_CLOSE, close_urgent},
    {OUTBOX_VISIT_ENDED, end_visit},
    {OUTBOX_TIME_KNOWN, keep_time},
    {OUTBOX_NOTE, note},
    {OUTBOX_SELF_TEST, test_itself},
    {OUTBOX_HAND_SLIP, number_slip},
    {OUTBOX_RATED, rate},
    {OUTBOX_PRINT_STATE, print_state},
    {OUTBOX_OWNER, own},
};

void scene_store(struct scene *scene, struct outbox_request *request)
{
    struct outbox_reply done = {.kind = OUTBOX_DONE, .to = request->kind, .id = request->id};
    if (scene_drafts(scene, request))
        return;
    if (request->kind == OUTBOX_SAVE)
        save(scene, request);
    else if (request->kind == OUTBOX_LOGIN)
        log_in(scene, request);
    else if (request->kind == OUTBOX_LIST)
        list(scene, request);
    else if (request->kind == OUTBOX_RECEIPT)
        receipt(scene, request);
    else {
        for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
            if (works[i].kind == request->kind)
                works[i].work(scene, request, &done);
        scene_outbox(scene, &done);
    }
}
