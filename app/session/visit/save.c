// SPDX-License-Identifier: GPL-3.0-or-later
// Handing in: the visit's own nodes are filled, the draft goes to the store worker, and only its
// answer makes the case "saved". When saving fails the draft comes back and nothing is lost.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The nodes of the record that the visit fills; a form that has none of them is as good.
#define NODE_LANGUAGE "/data/visit/language"
#define NODE_NOTICE "/data/visit/notice_version"
#define NODE_COMMITMENT "/data/visit/commitment_version"
#define NODE_CONSENT "/data/visit/consent_%s"
#define NODE_PAPERS "/data/visit/papers"
#define NODE_SIGNATURE_WAY "/data/visit/signature_way"
#define NODE_SIGNATURE "/data/visit/signature"
#define NODE_WITNESS "/data/visit/witness"
#define NODE_RECEIPT "/data/visit/receipt_number"
#define NODE_COUNTER "/data/visit/counter"
#define NODE_KEY "/data/visit/key_id"
#define NODE_CHOSEN_CODE "/data/visit/chosen_code"
#define NODE_OF "/data/visit/of"
#define NODE_OF_NUMBER "/data/visit/of_number"
#define NODE_OF_PROOF "/data/visit/of_proof"

static void fill(struct visit *visit, const char *ref, const char *value)
{
    struct fail why = {0};
    if (record_is_relevant(visit->record, ref) && record_answer(visit->record, ref, value, &why))
        log_fail(LOG_ERROR, "session", "visit-node", &why);
}

// Told from every other case's: who exports many of them gets all files in one folder.
static void signature_name(const struct visit *visit, char out[64])
{
    static const char prefix[] = "uuid:";
    bool prefixed = text_starts(visit->instance, prefix);
    snprintf(out, 64, "signature-%.48s.svg", visit->instance + (prefixed ? strlen(prefix) : 0));
}

static const char *paper_word(enum paper_answer answer)
{
    switch (answer) {
    case PAPER_ANSWER_SCAN: return "scan";
    case PAPER_ANSWER_CLERK: return "clerk";
    case PAPER_ANSWER_DISTRICT: return "district";
    case PAPER_ANSWER_CANNOT: return "cannot";
    case PAPER_ANSWER_NONE:
    case PAPER_ANSWER_LATER: break;
    }
    return "later";
}

static const char *signature_word(enum signature_way way)
{
    switch (way) {
    case SIGNATURE_DRAWN: return "drawn";
    case SIGNATURE_WITNESSED: return "witnessed";
    case SIGNATURE_OUTSTANDING: return "outstanding";
    case SIGNATURE_NONE: break;
    }
    return "";
}

// Of the papers of another case only those that were spoken of now.
static bool paper_counts(const struct visit *visit, size_t i)
{
    bool others = visit_papers_service(visit) != visit->service;
    return visit->paper_asked[i] && !(others && visit->papers[i] == PAPER_ANSWER_NONE);
}

static void fill_papers(struct visit *visit)
{
    struct strbuf papers;
    strbuf_init(&papers, LIMIT_ANSWER);
    (void)papers_choose(visit);
    const struct service *list = visit_papers_service(visit);
    for (size_t i = 0; i < list->paper_count; i++)
        if (paper_counts(visit, i))
            strbuf_addf(&papers, "%s%s:%s", papers.length ? " " : "", list->papers[i].id,
                        paper_word(visit->papers[i]));
    fill(visit, NODE_PAPERS, strbuf_text(&papers));
    strbuf_free(&papers);
}

static void fill_consents(struct visit *visit)
{
    for (size_t i = 0; i < visit->service->consent_count; i++) {
        char ref[96];
        snprintf(ref, sizeof ref, NODE_CONSENT, visit->service->consents[i]);
        if (visit->consents[i] != CHOICE_NONE)
            fill(visit, ref, visit->consents[i] == CHOICE_YES ? "yes" : "no");
    }
}

// Sealed to the district, which compares it: the device's word alone withdraws nothing.
static void fill_proof(struct visit *visit)
{
    char proof[LIMIT_TOKEN_TEXT + TRACK_FACTOR];
    if (!visit->of_token[0] || !visit->factor[0])
        return;
    snprintf(proof, sizeof proof, "%s %s", visit->of_token, visit->factor);
    fill(visit, NODE_OF_PROOF, proof);
    memory_wipe(proof, sizeof proof);
}

static void fill_nodes(struct session *session)
{
    char signature[64];
    struct visit *visit = session->visit;
    const struct catalogue *catalogue = session->options.catalogue;
    fill(visit, NODE_LANGUAGE, session->comfort.language);
    if (steps_apply(visit, STEP_NOTICE))
        fill(visit, NODE_NOTICE, catalogue_notice_version(catalogue));
    if (visit->commitment == CHOICE_YES)
        fill(visit, NODE_COMMITMENT, catalogue_commitment_version(catalogue));
    fill_consents(visit);
    fill_papers(visit);
    fill(visit, NODE_SIGNATURE_WAY, signature_word(visit->signature));
    signature_name(visit, signature);
    fill(visit, NODE_SIGNATURE, visit->signature == SIGNATURE_DRAWN ? signature : "");
    fill(visit, NODE_WITNESS, visit->witness);
    // Its number or telephone may have come after the digits were chosen: then these open it.
    char factor[TRACK_FACTOR];
    if (visit_factor(visit, factor) == FACTOR_CHOSEN)
        fill(visit, NODE_CHOSEN_CODE, factor);
    memory_wipe(factor, sizeof factor);
    characters_fill(visit);
    fill(visit, NODE_OF, visit->of_instance);
    fill(visit, NODE_OF_NUMBER, visit->of_number);
    fill_proof(visit);
}

static bool attach_signature(const struct visit *visit, struct case_draft *draft)
{
    struct strbuf svg;
    strbuf_init(&svg, LIMIT_PART_BYTES);
    if (!sign_svg(visit, &svg))
        return true;
    struct attachment *part = &draft->attachments[0];
    signature_name(visit, part->name);
    text_copy(part->type, sizeof part->type, "image/svg+xml");
    part->length = svg.length;
    part->data = strbuf_take(&svg);
    draft->attachment_count = part->data ? 1 : 0;
    return part->data != NULL;
}

static void ref_if_there(const struct visit *visit, const char *ref, char out[96])
{
    text_copy(out, 96, record_is_relevant(visit->record, ref) ? ref : "");
}

static void describe_papers(const struct visit *visit, struct case_draft *draft)
{
    const struct service *list = visit_papers_service(visit);
    for (size_t i = 0; i < list->paper_count && i < DRAFT_PAPERS; i++) {
        if (!paper_counts(visit, i))
            continue;
        struct paper_note *note = &draft->papers[draft->paper_count++];
        text_copy(note->id, sizeof note->id, list->papers[i].id);
        note->answer =
            (int)(visit->papers[i] == PAPER_ANSWER_NONE ? PAPER_ANSWER_LATER : visit->papers[i]);
    }
}

// What belongs to another case has its person and opens with the same factor.
static void describe_person(const struct visit *visit, struct case_draft *draft)
{
    if (visit->of_instance[0]) {
        text_copy(draft->of_instance, sizeof draft->of_instance, visit->of_instance);
        text_copy(draft->of_number, sizeof draft->of_number, visit->of_number);
        text_copy(draft->masked_name, sizeof draft->masked_name, visit->of_name);
        text_copy(draft->drawn, sizeof draft->drawn, visit->of_drawn);
        text_copy(draft->masked_id, sizeof draft->masked_id, visit->of_id);
        draft->factor_kind = visit->factor[0] && visit->of_id[0] ? FACTOR_NUMBER : FACTOR_NONE;
        return;
    }
    mask_name(visit->name, draft->masked_name);
    mask_id(visit->id_number, draft->masked_id);
    char factor[TRACK_FACTOR];
    draft->factor_kind = visit_factor(visit, factor);
    memory_wipe(factor, sizeof factor);
}

static void describe_lines(const struct visit *visit, struct case_draft *draft)
{
    for (size_t i = 0; i < visit->service->slip_line_count; i++) {
        const struct service_slip_line *line = &visit->service->slip_lines[i];
        const char *text = record_value(visit->record, line->ref);
        struct slip_note *note = &draft->lines[draft->line_count];
        if (!text[0])
            continue;
        text_copy(note->label, sizeof note->label, line->label);
        text_copy(note->text, sizeof note->text, text);
        draft->line_count++;
    }
}

// Of a restricted case paper, lists and counts show an ordinary enquiry, and nothing else of it.
static void describe_as_enquiry(const struct session *session, struct case_draft *draft)
{
    const struct service *enquiry = catalogue_enquiry(session->options.catalogue);
    if (enquiry && text_equal(draft->service, enquiry->id))
        draft->factor_kind = FACTOR_NONE; // its paper is alike, whatever was left at it
    if (!draft->restricted || !enquiry)
        return;
    text_copy(draft->shown_service, sizeof draft->shown_service, enquiry->id);
    draft->type = enquiry->type;
}

static void describe(const struct session *session, struct case_draft *draft)
{
    const struct visit *visit = session->visit;
    const struct service *service = visit->service;
    text_copy(draft->instance_id, sizeof draft->instance_id, visit->instance);
    text_copy(draft->service, sizeof draft->service, service->id);
    text_copy(draft->item_code, sizeof draft->item_code, service->item_code);
    text_copy(draft->language, sizeof draft->language, session->comfort.language);
    draft->type = service->type;
    draft->urgent = service->urgent;
    draft->restricted = visit_is_restricted(visit);
    draft->first_touch = visit->first_touch;
    draft->limit_hours = service->limit_hours;
    bool holds = session->now.quality != TIME_UNKNOWN && !content_has_ended(session);
    const struct service_limit *limit =
        holds ? service_limit_on(service, session->now.utc_ms) : NULL;
    draft->legal_limit_days = limit ? limit->legal_days : 0;
    draft->promised_limit_days = limit ? limit->promised_days : 0;
    draft->paper_limit_days = limit ? limit->paper_days : 0;
    describe_papers(visit, draft);
    items_describe(session, visit, holds, draft);
    describe_person(visit, draft);
    describe_lines(visit, draft);
    characters_print(visit, draft);
    describe_as_enquiry(session, draft);
    draft->signature_outstanding = visit->signature == SIGNATURE_OUTSTANDING;
    ref_if_there(visit, NODE_RECEIPT, draft->ref_receipt_number);
    ref_if_there(visit, NODE_COUNTER, draft->ref_counter);
    ref_if_there(visit, NODE_KEY, draft->ref_key_id);
}

static void show_problem(struct visit *visit, enum err err)
{
    char code[32];
    if (err == ERR_UNSUPPORTED) { // only an author's preview answers so
        visit_problem(&visit->problem, "preview", "", false);
        return;
    }
    const char *kind = err == ERR_FULL      ? "disk-full"
                       : err == ERR_RETRY   ? "busy"
                       : err == ERR_CORRUPT ? "store-damaged"
                                            : "save-failed";
    snprintf(code, sizeof code, "SAVE-%s", err_name(err));
    for (char *at = code; *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    visit_problem(&visit->problem, kind, code, true);
}

static bool send(struct session *session)
{
    struct visit *visit = session->visit;
    struct outbox_request request = {.kind = OUTBOX_SAVE};
    struct case_draft *draft = calloc(1, sizeof *draft);
    if (!draft)
        return false;
    fill_nodes(session);
    describe(session, draft);
    if (!attach_signature(visit, draft) || !characters_attach(visit, draft)) {
        case_draft_free(draft);
        return false;
    }
    if (!visit->of_instance[0]) // it stands in the record, which goes
        (void)visit_factor(visit, visit->factor);
    afterwards_collect(session, visit);
    draft->record = visit->record;
    visit->record = NULL;
    memset(&visit->form_screen, 0, sizeof visit->form_screen);
    request.draft = draft;
    request.when = session->now;
    (void)ask_store(session, ROOM_VISIT, &request);
    return true;
}

bool save_enter(struct session *session, bool forwards)
{
    struct visit *visit = session->visit;
    if (!forwards)
        return false; // back from a problem: to the step before
    if (!send(session))
        show_problem(visit, ERR_FULL);
    return true;
}

bool save_retry(struct session *session)
{
    session->visit->problem.open = false;
    if (session->visit->record)
        go_to_step(session, STEP_SAVING);
    return true;
}

static void failed(struct session *session, struct outbox_reply *reply)
{
    struct visit *visit = session->visit;
    log_event(LOG_ERROR, "session", "save-failed", "err=%s why=\"%s\"", err_name(reply->err),
              reply->why);
    if (!visit || visit->step != STEP_SAVING || !reply->draft) // closing down: the draft is freed
        return;
    visit->record = reply->draft->record;
    reply->draft->record = NULL;
    show_problem(visit, reply->err);
}

// As its paper calls it: the screens after it tell no more.
static void show_as(const struct session *session, struct visit *visit, const char *service)
{
    text_copy(visit->shown_service, sizeof visit->shown_service,
              service[0] ? service : visit->service->id);
    const struct service *enquiry = catalogue_enquiry(session->options.catalogue);
    if (enquiry && text_equal(visit->shown_service, enquiry->id))
        visit->shown = enquiry;
}

static void saved(struct session *session, struct outbox_reply *reply)
{
    struct visit *visit = session->visit;
    const struct receipt_facts *facts = reply->facts;
    if (!visit || visit->step != STEP_SAVING || !facts)
        return;
    visit->saved = true;
    visit->receipt_state = RECEIPT_COMPOSED;
    show_as(session, visit, facts->service);
    text_copy(visit->receipt_number, sizeof visit->receipt_number, facts->number);
    text_copy(visit->qr_text, sizeof visit->qr_text, facts->qr_text);
    text_copy(visit->job, sizeof visit->job, reply->job);
    if (facts->saved.quality != TIME_UNKNOWN)
        session_local_time(session, facts->saved.utc_ms, visit->saved_at);
    if (facts->limit_hours && facts->first_touch.quality != TIME_UNKNOWN)
        session_local_time(session, facts->first_touch.utc_ms + facts->limit_hours * 3600000LL,
                           visit->deadline);
    owner_saved(session, visit, facts->qr_text);
    struct print_request print = {.kind = PRINT_RECEIPT, .facts = reply->facts};
    text_copy(print.job, sizeof print.job, reply->job);
    reply->facts = NULL; // the print worker's from here
    tell_printer(session, &print);
    nudge_sync(session);
    go_to_step(session, STEP_SAVED);
}

// Its owner hid it meanwhile: the receipt waits for them; a record that was not saved comes back.
static void answered_away(struct session *session, struct outbox_reply *reply)
{
    if (reply->kind == OUTBOX_SAVED) {
        session->away->saved = true;
        if (reply->facts)
            owner_saved(session, session->away, reply->facts->qr_text);
        receipt_unclaimed(session, reply);
        nudge_sync(session);
    } else if (reply->draft) {
        session->away->record = reply->draft->record;
        reply->draft->record = NULL;
    }
    go_to(session, &(struct go){.kind = GO_SAVED_AWAY});
}

void save_reply(struct session *session, struct outbox_reply *reply)
{
    if (session->away)
        answered_away(session, reply);
    else if (reply->kind == OUTBOX_SAVED)
        saved(session, reply);
    else
        failed(session, reply);
    if (session->urgent.wanted)
        go_to(session, &(struct go){.kind = GO_URGENT_SOON});
}
