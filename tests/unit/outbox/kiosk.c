// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk.h"

#include "fakes/sealing_key.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/tracking.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char form_text[] =
    "<?xml version=\"1.0\"?>"
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "
    "xmlns:orx=\"http://openrosa.org/xforms\"><h:head><h:title>Test</h:title><model>"
    "<instance><data id=\"test_form\" version=\"7\"><name/><photo/><visit><receipt_number/>"
    "<counter/><key_id/></visit><orx:meta><orx:instanceID/></orx:meta></data></instance>"
    "<bind nodeset=\"/data/name\" type=\"string\"/>"
    "<bind nodeset=\"/data/photo\" type=\"binary\" required=\"/data/name = 'photo'\"/>"
    "<bind nodeset=\"/data/visit/receipt_number\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/counter\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/key_id\" type=\"string\"/>"
    "</model></h:head><h:body><input ref=\"/data/name\"><label>Name</label></input>"
    "<upload ref=\"/data/photo\" mediatype=\"image/*\"><label>Photo</label></upload></h:body>"
    "</h:html>";

enum { START_MS_PER_DAY = 86400000 };

static void open_all(struct kiosk *kiosk)
{
    struct fail why = {0};
    struct sqlite_kiosk_store_options options = {.path = kiosk->path, .crypto = &kiosk->crypto};
    if (sqlite_kiosk_store_open(&options, &kiosk->store, &why))
        fail_msg("%s", why.text);
    failing_store_begin(&kiosk->failing_store, &kiosk->store);
    failing_crypto_begin(&kiosk->failing_crypto, &kiosk->crypto);
    struct outbox_options outbox = {
        .store = &kiosk->failing_store.store,
        .crypto = &kiosk->failing_crypto.crypto,
        .clock = &kiosk->clock.clock,
        .counter = "007",
        .incarnation = 4,
        .district_host = "yimen.laoshan.example:8443",
        .sealing_key = kiosk->sealing_public.data,
        .sealing_key_length = kiosk->sealing_public.length,
        .sealing_key_id = "seal-1",
        .signing_secret = kiosk->secret_key,
        .device_key_id = "kiosk-007-4",
        .root_secret = kiosk->root,
    };
    if (outbox_open(&outbox, &kiosk->outbox, &why))
        fail_msg("%s", why.text);
}

static void close_all(struct kiosk *kiosk)
{
    outbox_close(kiosk->outbox);
    sqlite_kiosk_store_close(&kiosk->store);
}

static void load_form(struct kiosk *kiosk)
{
    struct fail why = {0};
    struct form_source source = {.name = "test.xml",
                                 .text = form_text,
                                 .length = sizeof form_text - 1,
                                 .crypto = &kiosk->crypto};
    if (form_load(&source, NULL, NULL, &kiosk->form, &why))
        fail_msg("%s", why.text);
}

bool kiosk_keys_are_slow;

int kiosk_set_up(void **state)
{
    struct kiosk *kiosk = calloc(1, sizeof *kiosk);
    log_set_level(LOG_ERROR);
    snprintf(kiosk->folder, sizeof kiosk->folder, "/tmp/yimen-outbox-XXXXXX");
    assert_non_null(mkdtemp(kiosk->folder));
    snprintf(kiosk->path, sizeof kiosk->path, "%s/kiosk.db", kiosk->folder);
    fake_clock_begin(&kiosk->clock, 1795449600000 - START_MS_PER_DAY / 2); // noon in the district
    assert_int_equal(sodium_crypto_open(&kiosk->crypto, NULL), ERR_OK);
    if (!kiosk_keys_are_slow)
        quick_crypto_begin(&kiosk->quick, &kiosk->crypto);
    kiosk->crypto.ops->sign_keypair(kiosk->crypto.self, kiosk->public_key, kiosk->secret_key);
    kiosk->crypto.ops->random(kiosk->crypto.self, kiosk->root, sizeof kiosk->root);
    strbuf_init(&kiosk->sealing_private, 8192);
    strbuf_init(&kiosk->sealing_public, 8192);
    sealing_key_copy(&kiosk->sealing_private, &kiosk->sealing_public);
    load_form(kiosk);
    open_all(kiosk);
    *state = kiosk;
    return 0;
}

static void remove_file(const struct kiosk *kiosk, const char *suffix)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s", kiosk->path, suffix);
    unlink(path);
}

int kiosk_tear_down(void **state)
{
    struct kiosk *kiosk = *state;
    outbox_reply_clear(&kiosk->reply);
    close_all(kiosk);
    form_free(kiosk->form);
    strbuf_free(&kiosk->sealing_private);
    strbuf_free(&kiosk->sealing_public);
    remove_file(kiosk, "");
    remove_file(kiosk, "-wal");
    remove_file(kiosk, "-shm");
    remove_file(kiosk, "-reserve");
    rmdir(kiosk->folder);
    free(kiosk);
    return 0;
}

void kiosk_close(struct kiosk *kiosk)
{
    close_all(kiosk);
}

void kiosk_reopen(struct kiosk *kiosk)
{
    open_all(kiosk);
}

void kiosk_restart(struct kiosk *kiosk)
{
    close_all(kiosk);
    open_all(kiosk);
}

struct case_draft *kiosk_draft(struct kiosk *kiosk, int number)
{
    struct fail why = {0};
    struct case_draft *draft = calloc(1, sizeof *draft);
    snprintf(draft->instance_id, sizeof draft->instance_id, "uuid:00000000-0000-4000-8000-%012d",
             number);
    text_copy(draft->service, sizeof draft->service, "expenditure-relief");
    text_copy(draft->item_code, sizeof draft->item_code, "000511006000");
    text_copy(draft->language, sizeof draft->language, "zh");
    text_copy(draft->masked_id, sizeof draft->masked_id, "370212************");
    text_copy(draft->ref_receipt_number, sizeof draft->ref_receipt_number,
              "/data/visit/receipt_number");
    text_copy(draft->ref_counter, sizeof draft->ref_counter, "/data/visit/counter");
    text_copy(draft->ref_key_id, sizeof draft->ref_key_id, "/data/visit/key_id");
    draft->type = 2;
    draft->first_touch = kiosk->clock.now;
    draft->paper_count = 1;
    draft->papers[0] = (struct paper_note){.id = "household-register", .answer = 2};
    draft->attachment_count = 1;
    struct attachment *signature = &draft->attachments[0];
    text_copy(signature->name, sizeof signature->name, "signature.svg");
    text_copy(signature->type, sizeof signature->type, "image/svg+xml");
    signature->data = text_duplicate("<svg/>");
    signature->length = strlen("<svg/>");
    struct record_options options = {.clock = &kiosk->clock.clock,
                                     .crypto = &kiosk->crypto,
                                     .time_zone = "Asia/Shanghai",
                                     .instance_id = draft->instance_id};
    if (record_new(kiosk->form, &options, &draft->record, &why) ||
        record_answer(draft->record, "/data/name", "\xE5\xBC\xA0\xE4\xB8\x89", &why))
        fail_msg("%s", why.text);
    return draft;
}

static void keep_reply(void *context, struct outbox_reply *reply)
{
    struct kiosk *kiosk = context;
    outbox_reply_clear(&kiosk->reply);
    kiosk->reply = *reply;
    kiosk->replies++;
}

void kiosk_ask(struct kiosk *kiosk, struct outbox_request *request)
{
    kiosk->replies = 0;
    outbox_step(kiosk->outbox, request, keep_reply, kiosk);
    assert_int_equal(kiosk->replies, 1);
}

void kiosk_save(struct kiosk *kiosk, int number, bool urgent, char receipt[LIMIT_RECEIPT_NUMBER])
{
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, number)};
    request.draft->urgent = urgent;
    request.draft->type = urgent ? 1 : 2;
    kiosk_ask(kiosk, &request);
    if (kiosk->reply.kind != OUTBOX_SAVED)
        fail_msg("%s", kiosk->reply.why);
    text_copy(receipt, LIMIT_RECEIPT_NUMBER, kiosk->reply.facts->number);
}

void kiosk_send(struct kiosk *kiosk, enum send_outcome outcome, char receipt[LIMIT_RECEIPT_NUMBER])
{
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_NEXT});
    assert_int_equal(kiosk->reply.kind, OUTBOX_ITEM);
    struct outbox_request sent = {.kind = OUTBOX_SENT, .outcome = outcome, .detail = "HTTP 500"};
    text_copy(sent.instance, sizeof sent.instance, kiosk->reply.item->instance);
    text_copy(receipt, LIMIT_RECEIPT_NUMBER, kiosk->reply.item->number);
    kiosk_ask(kiosk, &sent);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

struct outbox_row kiosk_row(struct kiosk *kiosk, const char *receipt)
{
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LIST});
    assert_int_equal(kiosk->reply.kind, OUTBOX_LISTED);
    for (size_t at = 0; at < kiosk->reply.row_count; at++)
        if (text_equal(kiosk->reply.rows[at].number, receipt))
            return kiosk->reply.rows[at];
    fail_msg("no row %s", receipt);
    return (struct outbox_row){0};
}

size_t kiosk_rows(struct kiosk *kiosk)
{
    kiosk_ask(kiosk, &(struct outbox_request){.kind = OUTBOX_LIST});
    return kiosk->reply.row_count;
}

struct event_count {
    const char *event;
    int count;
};

static enum err count_event(void *context, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why)
{
    (void)sequence, (void)hash, (void)why;
    struct event_count *wanted = context;
    char field[64];
    snprintf(field, sizeof field, "\t%s\t", wanted->event);
    wanted->count += memmem(line, length, field, strlen(field)) != NULL;
    return ERR_OK;
}

int kiosk_audit_count(struct kiosk *kiosk, const char *event)
{
    struct event_count wanted = {.event = event};
    assert_int_equal(kiosk->store.ops->audit_walk(kiosk->store.self, count_event, &wanted, NULL),
                     ERR_OK);
    return wanted.count;
}

void kiosk_note_owned(struct kiosk *kiosk)
{
    struct kiosk_owned *owned = &kiosk->owned;
    struct store_submission row;
    struct tracking code;
    char number[LIMIT_RECEIPT_NUMBER];
    assert_non_null(kiosk->reply.facts);
    text_copy(owned->number, sizeof owned->number, kiosk->reply.facts->number);
    text_copy(owned->qr_text, sizeof owned->qr_text, kiosk->reply.facts->qr_text);
    text_copy(owned->job, sizeof owned->job, kiosk->reply.job);
    assert_int_equal(tracking_parse(owned->qr_text, &code, number, NULL), ERR_OK);
    text_copy(owned->token, sizeof owned->token, code.token);
    assert_int_equal(
        kiosk->store.ops->submission_get(kiosk->store.self, owned->number, true, &row, NULL),
        ERR_OK);
    text_copy(owned->instance, sizeof owned->instance, row.instance);
}

void kiosk_own(struct kiosk *kiosk, const char *factor)
{
    struct outbox_request request = {.kind = OUTBOX_OWNER};
    struct ticket order;
    owner_lock_draw(&kiosk->crypto, &order);
    text_copy(request.instance, sizeof request.instance, kiosk->owned.instance);
    text_copy(request.question.token, sizeof request.question.token, kiosk->owned.token);
    text_copy(request.lock.salt, sizeof request.lock.salt, order.id);
    assert_int_equal(ticket_work(&kiosk->crypto, &order, factor, request.lock.key, NULL), ERR_OK);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

void kiosk_save_owned(struct kiosk *kiosk, int number, const char *factor, const char *of)
{
    struct outbox_request request = {.kind = OUTBOX_SAVE, .draft = kiosk_draft(kiosk, number)};
    text_copy(request.draft->of_instance, sizeof request.draft->of_instance, of);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_SAVED);
    kiosk_note_owned(kiosk);
    if (factor[0])
        kiosk_own(kiosk, factor);
}
