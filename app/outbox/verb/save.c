// SPDX-License-Identifier: GPL-3.0-or-later
// Saving: number, token, record, envelope, seal, rows, receipt facts, print job and audit entry in
// one transaction. Whatever fails, nothing of it is there and the draft goes back.
#include "verb.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/envelope.h"
#include "yimen/case/manifest.h"
#include "yimen/case/receipt_number.h"
#include "yimen/case/tracking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SEALED_RECEIPT_MAXIMUM = 32 << 10,
    PUBLIC_KEY_MAXIMUM = 4096,
    ALWAYS_ROOM = 256 << 10, ///< attachments up to this size are saved as long as the disk takes it
};

// One saving under way. Everything but `draft` and `facts` lives for one try.
struct saving {
    struct case_draft *draft;
    struct receipt_facts *facts;
    const struct page_visit *pages; ///< NULL: the visit gave none
    char job[64];
    struct when now;
    char number[LIMIT_RECEIPT_NUMBER];
    struct tracking tracking;
    struct envelope envelope;
    struct strbuf manifest, sealed_facts;
};

static enum err answer_if_there(struct record *record, const char *ref, const char *value,
                                struct fail *why)
{
    return ref[0] ? record_answer(record, ref, value, why) : ERR_OK;
}

// The record repeats what the seal says, so that the district notices when they are of two cases.
static enum err fill_record(struct outbox *outbox, const struct saving *saving, struct strbuf *xml,
                            struct fail *why)
{
    const struct case_draft *draft = saving->draft;
    struct record *record = draft->record;
    enum err err = answer_if_there(record, draft->ref_receipt_number, saving->number, why);
    if (!err)
        err = answer_if_there(record, draft->ref_counter, outbox->options.counter, why);
    if (!err)
        err = answer_if_there(record, draft->ref_key_id, outbox->options.device_key_id, why);
    if (!err)
        err = record_submission(record, false, xml, why);
    return err ? fail_prefix(why, err, "the record") : ERR_OK;
}

// The district's key, or with a stand-in server the form's own.
static enum err sealing_key(struct outbox *outbox, const struct form *form, struct strbuf *own,
                            struct bytes *out, struct fail *why)
{
    const struct crypto *crypto = outbox->options.crypto;
    *out = (struct bytes){outbox->options.sealing_key, outbox->options.sealing_key_length};
    if (out->length > 0)
        return ERR_OK;
    const char *text = form_public_key(form);
    enum err err = text[0]
                       ? crypto->ops->base64_decode(crypto->self, text, strlen(text), false, own)
                       : ERR_TECHNICIAN;
    if (err)
        return fail_set(why, ERR_TECHNICIAN, "no key to seal the case to");
    *out = (struct bytes){own->data, own->length};
    return ERR_OK;
}

// The pages of the visit come first, as they were sealed; without pages a key is drawn now. The
// cipher is copied: a try that failed left nothing behind, and the next one begins where it began.
static void begin_cipher(struct outbox *outbox, const struct saving *saving,
                         struct envelope_cipher *cipher, struct envelope_rest *rest,
                         struct envelope_file before[LIMIT_PAGES])
{
    const struct crypto *crypto = outbox->options.crypto;
    const struct page_visit *pages = saving->pages;
    uint8_t key[CRYPTO_KEY];
    if (!pages) {
        crypto->ops->random(crypto->self, key, sizeof key);
        envelope_cipher_begin(cipher, crypto, saving->draft->instance_id, key);
        memory_wipe(key, sizeof key);
        return;
    }
    *cipher = pages->cipher;
    for (size_t at = 0; at < pages->count; at++)
        before[at] = pages->pages[at].file;
    rest->before = before;
    rest->before_count = pages->count;
}

static enum err seal_files(struct outbox *outbox, struct saving *saving, const struct strbuf *xml,
                           struct fail *why)
{
    const struct case_draft *draft = saving->draft;
    const struct form *form = record_form(draft->record);
    struct attachment files[sizeof draft->attachments / sizeof draft->attachments[0] + 1] = {0};
    struct envelope_file before[LIMIT_PAGES];
    size_t count = draft->attachment_count;
    memcpy(files, draft->attachments, count * sizeof files[0]);
    files[count] = (struct attachment){
        .name = ENVELOPE_RECORD, .type = "text/xml", .data = xml->data, .length = xml->length};
    struct envelope_about about = {form_id(form), form_version(form), draft->instance_id};
    struct envelope_rest rest = {.files = files, .count = count + 1};
    struct envelope_cipher cipher;
    struct strbuf own_key;
    struct bytes key;
    strbuf_init(&own_key, PUBLIC_KEY_MAXIMUM);
    begin_cipher(outbox, saving, &cipher, &rest, before);
    enum err err = sealing_key(outbox, form, &own_key, &key, why);
    if (!err)
        err = envelope_finish(&cipher, &about, &key, &rest, &saving->envelope, why);
    memory_wipe(&cipher, sizeof cipher);
    strbuf_free(&own_key);
    return err;
}

static void list_file(struct manifest *manifest, const struct seal_part *part)
{
    text_copy(manifest->files[manifest->file_count++], sizeof manifest->files[0], part->name);
    manifest->seal.parts[manifest->seal.part_count++] = *part;
}

// In the order of their sealing, which is how every reader finds each one's place.
static void list_files(struct outbox *outbox, const struct saving *saving,
                       struct manifest *manifest)
{
    struct seal_part part;
    for (size_t at = 0; saving->pages && at < saving->pages->count; at++) {
        const struct held_page *page = &saving->pages->pages[at];
        part = (struct seal_part){.size = page->sealed};
        snprintf(part.name, sizeof part.name, "%s.enc", page->file.name);
        memcpy(part.sha256, page->sha256, sizeof part.sha256);
        list_file(manifest, &part);
    }
    for (size_t at = 0; at < saving->envelope.count; at++) {
        const struct attachment *sealed = &saving->envelope.parts[at];
        seal_describe_part(outbox->options.crypto, sealed->name, sealed->data, sealed->length,
                           &part);
        list_file(manifest, &part);
    }
}

static void describe(struct outbox *outbox, const struct saving *saving, struct manifest *manifest)
{
    const struct case_draft *draft = saving->draft;
    const struct form *form = record_form(draft->record);
    struct seal *seal = &manifest->seal;
    text_copy(manifest->form_id, sizeof manifest->form_id, form_id(form));
    text_copy(manifest->version, sizeof manifest->version, form_version(form));
    text_copy(manifest->instance_id, sizeof manifest->instance_id, draft->instance_id);
    memcpy(manifest->encrypted_key, saving->envelope.encrypted_key, sizeof manifest->encrypted_key);
    memcpy(manifest->element_signature, saving->envelope.element_signature,
           sizeof manifest->element_signature);
    manifest->has_seal = true;
    list_files(outbox, saving, manifest);
    text_copy(seal->key_id, sizeof seal->key_id, outbox->options.device_key_id);
    text_copy(seal->receipt, sizeof seal->receipt, saving->number);
    text_copy(seal->counter, sizeof seal->counter, outbox->options.counter);
    text_copy(seal->token_hash, sizeof seal->token_hash, saving->tracking.token_hash);
    text_copy(seal->service, sizeof seal->service, draft->service);
    text_copy(seal->of_instance, sizeof seal->of_instance, draft->of_instance);
    seal->urgent = draft->urgent;
    seal->touched_utc_ms = draft->first_touch.utc_ms;
    seal->touched_quality = draft->first_touch.quality;
    seal->saved_utc_ms = saving->now.utc_ms;
    seal->saved_quality = saving->now.quality;
}

static enum err make_manifest(struct outbox *outbox, struct saving *saving, struct fail *why)
{
    struct manifest *manifest = calloc(1, sizeof *manifest);
    if (!manifest)
        return fail_set(why, ERR_RETRY, "no memory");
    describe(outbox, saving, manifest);
    enum err err = seal_sign(outbox->options.crypto, outbox->options.signing_secret, manifest, why);
    if (!err)
        err = manifest_write(manifest, &saving->manifest, why);
    free(manifest);
    return err;
}

static bool looks_like_an_enquiry(const struct case_draft *draft)
{
    return draft->restricted && draft->shown_service[0];
}

static const char *shown_service(const struct case_draft *draft)
{
    return looks_like_an_enquiry(draft) ? draft->shown_service : draft->service;
}

// Whoever finds the paper learns no more than of any enquiry.
static void state_enquiry(struct receipt_facts *facts)
{
    facts->urgent = facts->signature_outstanding = false;
    facts->first_touch = facts->saved;
    facts->limit_hours = facts->legal_limit_days = facts->promised_limit_days = 0;
    facts->paper_limit_days = 0;
    facts->paper_count = facts->item_count = facts->line_count = 0;
    facts->of_number[0] = facts->item_code[0] = '\0';
    facts->masked_name[0] = facts->masked_id[0] = facts->drawn[0] = '\0';
    facts->factor_kind = FACTOR_NONE;
}

static void state_facts(struct outbox *outbox, const struct saving *saving)
{
    const struct case_draft *draft = saving->draft;
    struct receipt_facts *facts = saving->facts;
    *facts = (struct receipt_facts){
        .urgent = draft->urgent,
        .first_touch = draft->first_touch,
        .saved = saving->now,
        .limit_hours = draft->limit_hours,
        .legal_limit_days = draft->legal_limit_days,
        .promised_limit_days = draft->promised_limit_days,
        .paper_limit_days = draft->paper_limit_days,
        .paper_count = draft->paper_count,
        .signature_outstanding = draft->signature_outstanding,
        .factor_kind = (int)draft->factor_kind,
        .print_count = 1,
    };
    text_copy(facts->of_number, sizeof facts->of_number, draft->of_number);
    memcpy(facts->papers, draft->papers, sizeof facts->papers);
    facts->item_count = draft->item_count;
    memcpy(facts->items, draft->items, sizeof facts->items);
    text_copy(facts->number, sizeof facts->number, saving->number);
    text_copy(facts->qr_text, sizeof facts->qr_text, saving->tracking.qr_text);
    text_copy(facts->service, sizeof facts->service, shown_service(draft));
    text_copy(facts->item_code, sizeof facts->item_code, draft->item_code);
    text_copy(facts->language, sizeof facts->language, draft->language);
    text_copy(facts->counter_code, sizeof facts->counter_code, outbox->options.counter);
    text_copy(facts->masked_name, sizeof facts->masked_name, draft->masked_name);
    memcpy(facts->drawn, draft->drawn, sizeof facts->drawn);
    text_copy(facts->masked_id, sizeof facts->masked_id, draft->masked_id);
    facts->line_count = draft->line_count;
    memcpy(facts->lines, draft->lines, sizeof facts->lines);
    if (looks_like_an_enquiry(draft))
        state_enquiry(facts);
}

// Everything that is computed, before anything is written.
static enum err seal_case(struct outbox *outbox, struct saving *saving, struct fail *why)
{
    struct strbuf xml;
    strbuf_init(&xml, LIMIT_SUBMISSION_XML);
    enum err err =
        tracking_make(outbox->options.crypto, outbox->options.signing_secret,
                      outbox->options.district_host, saving->number, &saving->tracking, why);
    if (!err)
        err = fill_record(outbox, saving, &xml, why);
    if (!err)
        err = seal_files(outbox, saving, &xml, why);
    strbuf_free(&xml);
    if (!err)
        err = make_manifest(outbox, saving, why);
    if (!err) {
        state_facts(outbox, saving);
        err = outbox_seal_facts(outbox, saving->draft->instance_id, saving->facts,
                                &saving->sealed_facts, why);
    }
    return err;
}

static size_t list_parts(const struct saving *saving, struct store_part parts[ENVELOPE_PARTS])
{
    size_t count = 0;
    for (size_t at = 0; saving->pages && at < saving->pages->count; at++) {
        const struct held_page *page = &saving->pages->pages[at];
        struct store_part *part = &parts[count++];
        *part = (struct store_part){.length = (size_t)page->sealed, .page = (int)at};
        snprintf(part->name, sizeof part->name, "%s.enc", page->file.name);
        text_copy(part->type, sizeof part->type, "application/octet-stream");
    }
    for (size_t at = 0; at < saving->envelope.count; at++) {
        const struct attachment *from = &saving->envelope.parts[at];
        struct store_part *part = &parts[count++];
        *part = (struct store_part){.data = from->data, .length = from->length};
        text_copy(part->name, sizeof part->name, from->name);
        text_copy(part->type, sizeof part->type, from->type);
    }
    return count;
}

static enum err write_rows(struct outbox *outbox, const struct saving *saving, struct fail *why)
{
    const struct case_draft *draft = saving->draft;
    const struct kiosk_store *store = outbox->options.store;
    struct store_submission row = {
        .urgent = draft->urgent, .saved = saving->now, .state = STORE_SAVED, .print_count = 1};
    if (!looks_like_an_enquiry(draft))
        row.not_asked = (int)record_not_asked(draft->record, NULL, NULL);
    text_copy(row.instance, sizeof row.instance, draft->instance_id);
    text_copy(row.number, sizeof row.number, saving->number);
    // Also of a restricted case there is one: on the clerk's list a gap would tell it.
    text_copy(row.service, sizeof row.service, shown_service(draft));
    text_copy(row.form_id, sizeof row.form_id, form_id(record_form(draft->record)));
    if (outbox->options.sealing_key_id)
        text_copy(row.sealing_key_id, sizeof row.sealing_key_id, outbox->options.sealing_key_id);
    struct store_part parts[ENVELOPE_PARTS];
    size_t count = list_parts(saving, parts);
    struct store_owner owner = {0}; // its box comes when it is computed (OUTBOX_OWNER)
    text_copy(owner.instance, sizeof owner.instance, draft->instance_id);
    text_copy(owner.of_instance, sizeof owner.of_instance, draft->of_instance);
    struct store_print_job job = {.state = PRINT_COMPOSED, .changed_utc_ms = saving->now.utc_ms};
    text_copy(job.name, sizeof job.name, saving->job);
    text_copy(job.instance, sizeof job.instance, draft->instance_id);
    enum err err = store->ops->submission_insert(store->self, &row, &saving->manifest,
                                                 &saving->sealed_facts, parts, count, why);
    if (!err)
        err = store->ops->owner_put(store->self, &owner, why);
    return err ? err : store->ops->print_job_insert(store->self, &job, why);
}

static enum err save_work(struct outbox *outbox, void *context, struct fail *why)
{
    struct saving *saving = context;
    int64_t saves;
    saving->now = clock_now(outbox->options.clock);
    strbuf_init(&saving->manifest, LIMIT_MANIFEST);
    strbuf_init(&saving->sealed_facts, SEALED_RECEIPT_MAXIMUM);
    enum err err =
        outbox_take_number(outbox, &saving->now, saving->draft->type, saving->number, why);
    if (!err) {
        outbox_job_name(saving->number, 1, saving->job);
        err = seal_case(outbox, saving, why);
    }
    if (!err)
        err = write_rows(outbox, saving, why);
    if (!err) // every ticket of this visit is spent with it
        err = outbox->options.store->ops->drafts_spend(outbox->options.store->self, NULL,
                                                       saving->draft->instance_id, why);
    if (!err)
        err = outbox_count_up(outbox, "saves", &saves, why);
    if (!err)
        err = outbox_audit(outbox, "case.saved", saving->number, "resident",
                           saving->facts->urgent ? "urgent=1" : "urgent=0", why);
    envelope_clear(&saving->envelope);
    strbuf_free(&saving->manifest);
    strbuf_free(&saving->sealed_facts);
    return err;
}

// A nearly full disk is kept for cases without scans: those can be brought later, and the answer
// says so in time. A signature is never refused.
static enum err disk_has_room(struct outbox *outbox, size_t attachments, struct fail *why)
{
    const struct kiosk_store *store = outbox->options.store;
    struct store_health health;
    if (attachments <= ALWAYS_ROOM)
        return ERR_OK;
    enum err err = store->ops->health(store->self, &health, why);
    if (!err && health.disk_free < health.disk_total / 10)
        err = fail_set(why, ERR_FULL, "the disk is 90 %% full: no room for %zu bytes of papers",
                       attachments);
    return err;
}

static enum err fits(struct outbox *outbox, const struct case_draft *draft, struct fail *why)
{
    size_t total = 0;
    for (size_t at = 0; at < draft->attachment_count; at++) {
        if (draft->attachments[at].length > LIMIT_PART_BYTES)
            return fail_set(why, ERR_INPUT, "an attachment of %zu bytes",
                            draft->attachments[at].length);
        total += draft->attachments[at].length;
    }
    if (total > LIMIT_CASE_BYTES)
        return fail_set(why, ERR_INPUT, "attachments of %zu bytes", total);
    return disk_has_room(outbox, total, why);
}

void outbox_save(struct outbox *outbox, const struct outbox_answer *answer)
{
    struct outbox_request *request = answer->request;
    struct fail why = {0};
    struct saving saving = {.draft = request->draft, .facts = calloc(1, sizeof *saving.facts)};
    request->draft = NULL;
    saving.pages = outbox_pages_of(outbox, saving.draft->instance_id);
    enum err err =
        saving.facts ? fits(outbox, saving.draft, &why) : fail_set(&why, ERR_RETRY, "no memory");
    if (!err)
        err = outbox_transaction(outbox, save_work, &saving, &why);
    struct outbox_reply reply = outbox_reply_to(answer, err ? OUTBOX_SAVE_FAILED : OUTBOX_SAVED);
    if (err) {
        log_fail(LOG_ERROR, "outbox", "save-failed", &why);
        free(saving.facts);
        reply.err = err;
        reply.draft = saving.draft;
        text_copy(reply.why, sizeof reply.why, why.text);
    } else {
        log_event(LOG_INFO, "outbox", "saved", "receipt=%s", saving.number);
        reply.facts = saving.facts;
        text_copy(reply.job, sizeof reply.job, saving.job);
        outbox_pages_forget(outbox_pages_of(outbox, saving.draft->instance_id));
        case_draft_free(saving.draft);
    }
    memory_wipe(&saving.tracking, sizeof saving.tracking);
    outbox_emit(answer, &reply);
}
