// SPDX-License-Identifier: GPL-3.0-or-later
#include "scene.h"
#include "../../../app/main/pack_compose.h"
#include "../../../app/main/pack_form.h"
#include "yimen/content/bundle.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include "yimen/form/subset.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define START_UTC 1795399500000 // 2026-11-23 10:05 in Qingdao

static struct when scene_now(void *self)
{
    const struct scene *scene = self;
    return (struct when){.utc_ms = START_UTC + scene->now_ms + scene->utc_jump_ms,
                         .monotonic_ms = 1000000 + scene->now_ms,
                         .boot_id = "00000000-0000-4000-8000-000000000000",
                         .quality = scene->quality};
}

static const struct clock_ops clock_ops = {scene_now};

// ---- what the session sends

static void take_store(void *self, struct outbox_request *request)
{
    struct scene *scene = self;
    assert_true(scene->store_count < SCENE_REQUESTS);
    scene->store[scene->store_count++] = *request;
}

static void take_print(void *self, struct print_request *request)
{
    struct scene *scene = self;
    assert_true(scene->print_count < SCENE_REQUESTS);
    scene->print[scene->print_count++] = *request;
}

static void take_load(void *self, const char *service)
{
    struct scene *scene = self;
    assert_true(scene->load_count < SCENE_REQUESTS);
    text_copy(scene->loads[scene->load_count++], LIMIT_FORM_ID, service);
}

static unsigned take_call(void *self, const struct call_wanted *wanted)
{
    struct scene *scene = self;
    scene->calling = wanted->calling;
    scene->urgent_call = wanted->urgent;
    scene->silent_call = wanted->silent;
    return wanted->calling ? scene->call_reaches : 0;
}

static void take_pack(void *self)
{
    ((struct scene *)self)->packs++;
}

static void take_district(void *self)
{
    (void)self;
}

static void take_nudge(void *self)
{
    ((struct scene *)self)->nudges++;
}

static void take_time(void *self, int64_t utc_ms)
{
    struct scene *scene = self;
    scene->confirmed_utc_ms = utc_ms;
    scene->quality = TIME_RTC;
}

static void take_wipe(void *self)
{
    ((struct scene *)self)->wipes++;
}

static void take_track(void *self, const struct track_question *question)
{
    struct scene *scene = self;
    scene->question = *question;
    scene->questions++;
}

static void take_correction(void *self, const struct correction_list *list)
{
    struct scene *scene = self;
    free(scene->list);
    scene->list = malloc(sizeof *list);
    assert_non_null(scene->list);
    *scene->list = *list;
}

static void take_derive(void *self, const struct ticket *ticket, const char *code, uint64_t serial)
{
    struct scene *scene = self;
    assert_true(scene->key_count < 4);
    scene->keys[scene->key_count].ticket = *ticket;
    text_copy(scene->keys[scene->key_count].code, TICKET_CODE_TEXT, code);
    scene->keys[scene->key_count++].serial = serial;
}

static void take_fetch(void *self, const char *id, int64_t have)
{
    struct scene *scene = self;
    (void)have;
    text_copy(scene->fetch_id, sizeof scene->fetch_id, id);
}

static void step(struct scene *scene, struct session_input *input)
{
    session_step(scene->session, input);
}

static void take_earlier(void *self, const char *service, const char *version)
{
    struct scene *scene = self;
    text_copy(scene->earlier_service, sizeof scene->earlier_service, service);
    text_copy(scene->earlier_version, sizeof scene->earlier_version, version);
    scene->earlier_asked++;
}

// ---- the workers

// An earlier pack's form is the same here; what counts is whether it was asked for.
static void load_earlier(struct scene *scene)
{
    const struct service *service = catalogue_service(scene->catalogue, scene->earlier_service);
    char version[sizeof scene->earlier_version];
    text_copy(version, sizeof version, scene->earlier_version);
    struct session_input input = {.kind = SESSION_FORM_LOADED, .form_service = version};
    scene->earlier_version[0] = '\0';
    if (scene->earlier_is_gone)
        input.err = ERR_NOT_FOUND;
    else
        assert_int_equal(
            pack_form_load(scene->files, &scene->crypto, service->form, &input.form, NULL), ERR_OK);
    step(scene, &input);
}

// With a key for a stand-in server, as its author writes it.
static enum err load_keyed(struct scene *scene, const char *path, struct form **out,
                           struct fail *why)
{
    static const char model[] = "<model>",
                      key[] = "<submission base64RsaPublicKey=\"MIIBIjANBg==\"/>";
    struct strbuf whole, text;
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    assert_int_equal(pack_form_read(scene->files, path, &whole, why), ERR_OK);
    const char *all = strbuf_text(&whole), *at = strstr(all, model);
    assert_non_null(at);
    at += strlen(model);
    strbuf_add(&text, all, (size_t)(at - all));
    strbuf_adds(&text, key);
    strbuf_adds(&text, at);
    enum err err = pack_form_parse(scene->files, &scene->crypto, path, &text, out, why);
    strbuf_free(&whole);
    strbuf_free(&text);
    return err;
}

static void load_form(struct scene *scene, const char *id)
{
    const struct service *service = catalogue_service(scene->catalogue, id);
    struct session_input input = {.kind = SESSION_FORM_LOADED, .form_service = id};
    struct fail why = {0};
    if (scene->breaks_forms) {
        input.err = ERR_INPUT;
        input.why = "forms/x.xml:7: no such node";
    } else if (!service) {
        const struct pack_source pack = {scene->files, scene->catalogue, scene->texts};
        if (pack_compose_load(&pack, &scene->crypto, id, &input.form, &why))
            fail_msg("%s: %s", id, why.text);
    } else if (scene->keyed && text_equal(id, scene->keyed)
                   ? load_keyed(scene, service->form, &input.form, &why)
                   : pack_form_load(scene->files, &scene->crypto, service->form, &input.form,
                                    &why)) {
        fail_msg("%s: %s", id, why.text);
    }
    step(scene, &input);
}

// As the compute worker: the short form out of the form of the list's service.
static void load_correction(struct scene *scene)
{
    const struct correction_list *list = scene->list;
    const struct service *service = catalogue_service(scene->catalogue, list->service);
    struct session_input input = {.kind = SESSION_FORM_LOADED, .form_service = list->id};
    struct form_wanted wanted[CORRECTION_ITEMS];
    struct form_subset subset = {.version = list->id, .wanted = wanted};
    struct strbuf whole, text;
    struct fail why = {0};
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == CORRECTION_FIELD)
            wanted[subset.count++] =
                (struct form_wanted){list->items[i].ref, list->items[i].reason};
    strbuf_init(&whole, LIMIT_FORM_BYTES);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    assert_int_equal(pack_form_read(scene->files, service->form, &whole, &why), ERR_OK);
    subset.text = whole.data;
    subset.length = whole.length;
    if (scene->breaks_forms) {
        input.err = ERR_NOT_FOUND;
        input.why = "the form of that day is gone";
    } else if (form_subset(&subset, &text, &why) ||
               pack_form_parse(scene->files, &scene->crypto, "short", &text, &input.form, &why)) {
        fail_msg("%s", why.text);
    }
    strbuf_free(&whole);
    strbuf_free(&text);
    step(scene, &input);
    free(scene->list);
    scene->list = NULL;
}

static struct receipt_facts *facts_of(const struct case_draft *draft, struct scene *scene)
{
    struct receipt_facts *facts = calloc(1, sizeof *facts);
    assert_non_null(facts);
    text_copy(facts->number, sizeof facts->number,
              draft->urgent ? "370212001261123112345" : "370212001261123212347");
    text_copy(facts->qr_text, sizeof facts->qr_text, "https://district.example/t/abc?n=1&s=x");
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
    memset(scene->draft.attachments, 0, sizeof scene->draft.attachments);
}

static void take_saved(void *context, struct outbox_reply *reply)
{
    *(struct outbox_reply *)context = *reply;
}

static void spend_drafts(struct scene *scene, const char *id, const char *instance);

static void save(struct scene *scene, struct outbox_request *request)
{
    struct outbox_reply reply = {.to = OUTBOX_SAVE};
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
        spend_drafts(scene, "?", request->draft->instance_id);
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
    struct outbox_reply reply = {.to = OUTBOX_LOGIN, .kind = OUTBOX_LOGGED_IN};
    assert_string_equal(request->text, "314159");
    if (scene->refuses_login)
        reply.kind = OUTBOX_LOGIN_REFUSED;
    reply.wait_s = scene->login_wait_s;
    text_copy(reply.staff, sizeof reply.staff, request->staff);
    text_copy(reply.role, sizeof reply.role, scene->role);
    scene_outbox(scene, &reply);
}

static void list(struct scene *scene)
{
    struct outbox_reply reply = {.to = OUTBOX_LIST, .kind = OUTBOX_LISTED, .row_count = 1};
    text_copy(reply.frozen, sizeof reply.frozen, scene->frozen ? scene->frozen : "");
    reply.rows = calloc(1, sizeof *reply.rows);
    assert_non_null(reply.rows);
    reply.rows[0] = scene->row;
    reply.open_calls = (size_t)(scene->urgent_opened - scene->urgent_closed);
    scene_outbox(scene, &reply);
}

static void receipt(struct scene *scene, const struct outbox_request *request)
{
    struct outbox_reply reply = {.to = OUTBOX_RECEIPT, .kind = OUTBOX_RECEIPT_READY};
    struct case_draft nobody = {.urgent = false};
    reply.facts = facts_of(&nobody, scene);
    text_copy(reply.facts->number, sizeof reply.facts->number, request->receipt);
    reply.facts->print_count = 2;
    text_copy(reply.job, sizeof reply.job, "yimen-r1-2");
    scene->receipts++;
    scene_outbox(scene, &reply);
}

// ---- drafts of tickets

static struct scene_draft *draft_of(struct scene *scene, const char *id)
{
    for (size_t i = 0; i < scene->draft_count; i++)
        if (text_equal(scene->drafts[i].sealed.id, id))
            return &scene->drafts[i];
    assert_true(scene->draft_count < 8);
    struct scene_draft *draft = &scene->drafts[scene->draft_count++];
    *draft = (struct scene_draft){0};
    text_copy(draft->sealed.id, sizeof draft->sealed.id, id);
    strbuf_init(&draft->sealed.bytes, LIMIT_DRAFT_BYTES + OUTBOX_SEALED_EXTRA);
    return draft;
}

static void put_draft(struct scene *scene, struct outbox_request *request,
                      struct outbox_reply *reply)
{
    struct scene_draft *draft = draft_of(scene, request->sealed->id);
    assert_string_equal(request->text, request->sealed->id);
    assert_true(scene->draft_err || draft->sealed.revision == 0 ||
                request->sealed->revision == draft->sealed.revision + 1);
    reply->kind = scene->draft_err ? OUTBOX_FAILED : OUTBOX_DONE;
    reply->err = scene->draft_err;
    if (!scene->draft_err) {
        strbuf_free(&draft->sealed.bytes);
        draft->sealed = *request->sealed;
        request->sealed->bytes = (struct strbuf){0};
    }
    outbox_sealed_free(request->sealed);
}

static void say_draft(struct scene *scene, const struct outbox_request *request,
                      struct outbox_reply *reply)
{
    struct scene_draft *draft = draft_of(scene, request->text);
    reply->kind = OUTBOX_DRAFT_STATE;
    reply->draft_state = draft->sealed.spent      ? OUTBOX_DRAFT_IS_SPENT
                         : draft->expired         ? OUTBOX_DRAFT_IS_EXPIRED
                         : draft->wrong >= 5      ? OUTBOX_DRAFT_IS_LOCKED
                         : draft->sealed.revision ? OUTBOX_DRAFT_IS_HERE
                                                  : OUTBOX_DRAFT_IS_ELSEWHERE;
    bool may = reply->draft_state == OUTBOX_DRAFT_IS_HERE ||
               reply->draft_state == OUTBOX_DRAFT_IS_ELSEWHERE;
    if (request->kind == OUTBOX_DRAFT_TRY && may) {
        draft->wrong++;
        if (draft->sealed.revision) {
            reply->sealed = calloc(1, sizeof *reply->sealed);
            assert_non_null(reply->sealed);
            *reply->sealed = draft->sealed;
            strbuf_init(&reply->sealed->bytes, LIMIT_DRAFT_BYTES + OUTBOX_SEALED_EXTRA);
            strbuf_add(&reply->sealed->bytes, draft->sealed.bytes.data, draft->sealed.bytes.length);
        }
    }
    reply->number = 5 - draft->wrong;
}

static void spend_drafts(struct scene *scene, const char *id, const char *instance)
{
    for (size_t i = 0; i < scene->draft_count; i++) {
        struct outbox_sealed *sealed = &scene->drafts[i].sealed;
        if (sealed->revision &&
            (text_equal(sealed->id, id) || text_equal(sealed->instance, instance)))
            sealed->spent = true;
    }
}

// False: the request is about something else.
static bool work_drafts(struct scene *scene, struct outbox_request *request)
{
    struct outbox_reply reply = {.kind = OUTBOX_DONE, .to = request->kind};
    if (request->kind < OUTBOX_DRAFT_PUT || request->kind > OUTBOX_DRAFT_SENT)
        return false;
    text_copy(reply.draft_id, sizeof reply.draft_id, request->text);
    if (request->kind == OUTBOX_DRAFT_PUT)
        put_draft(scene, request, &reply);
    else if (request->kind == OUTBOX_DRAFT_LOOK || request->kind == OUTBOX_DRAFT_TRY)
        say_draft(scene, request, &reply);
    else if (request->kind == OUTBOX_DRAFT_TRIED)
        draft_of(scene, request->text)->wrong -=
            request->number ? draft_of(scene, request->text)->wrong : 1;
    else if (request->kind == OUTBOX_DRAFT_SPEND)
        spend_drafts(scene, request->text, "?");
    scene_outbox(scene, &reply);
    return true;
}

static void work_key(struct scene *scene)
{
    uint8_t key[CRYPTO_KEY] = {0};
    scene->key_count--;
    struct ticket *ticket = &scene->keys[scene->key_count].ticket;
    struct session_input input = {.kind = SESSION_KEY,
                                  .key = key,
                                  .ticket = ticket,
                                  .err = scene->key_err,
                                  .serial = scene->keys[scene->key_count].serial};
    assert_int_equal(
        ticket_work(&scene->crypto, ticket, scene->keys[scene->key_count].code, key, NULL), ERR_OK);
    struct ticket made = *ticket; // a step may ask for the next one in its place
    input.ticket = &made;
    memory_wipe(&scene->keys[scene->key_count], sizeof scene->keys[0]);
    step(scene, &input);
    memory_wipe(&made, sizeof made);
    memory_wipe(key, sizeof key);
}

static void work_fetch(struct scene *scene)
{
    struct sync_draft_answer answer = scene->district;
    text_copy(answer.id, sizeof answer.id, scene->fetch_id);
    scene->district.sealed = NULL;
    scene->fetch_id[0] = '\0';
    step(scene, &(struct session_input){.kind = SESSION_DRAFT, .draft = &answer});
}

static void work_store(struct scene *scene, struct outbox_request *request)
{
    struct outbox_reply done = {.kind = OUTBOX_DONE, .to = request->kind};
    char line[280];
    if (work_drafts(scene, request))
        return;
    switch (request->kind) {
    case OUTBOX_SAVE: save(scene, request); return;
    case OUTBOX_LOGIN: log_in(scene, request); return;
    case OUTBOX_LIST: list(scene); return;
    case OUTBOX_RECEIPT: receipt(scene, request); return;
    case OUTBOX_TRACK:
        scene->asked_here = request->question;
        if (!scene->here)
            break;
        done.kind = OUTBOX_TRACKED;
        done.track = scene->here(&request->question);
        break;
    case OUTBOX_URGENT_OPEN:
        scene->urgent_opened++;
        done.kind = OUTBOX_URGENT_OPENED;
        break;
    case OUTBOX_URGENT_CLOSE: scene->urgent_closed = scene->urgent_opened; break;
    case OUTBOX_VISIT_ENDED:
        scene->visits_ended++;
        text_copy(scene->ended_instance, sizeof scene->ended_instance, request->instance);
        break;
    case OUTBOX_TIME_KNOWN: scene->times_kept++; break;
    case OUTBOX_NOTE:
        snprintf(line, sizeof line, "%s(%s) ", request->text, request->detail);
        if (strlen(scene->notes) + strlen(line) < sizeof scene->notes)
            memcpy(scene->notes + strlen(scene->notes), line, strlen(line) + 1);
        break;
    case OUTBOX_SELF_TEST:
        done = (struct outbox_reply){.kind = OUTBOX_SELF_TESTED,
                                     .to = OUTBOX_SELF_TEST,
                                     .database_good = true,
                                     .audit_good = true,
                                     .disk_free = 50LL << 30,
                                     .disk_total = 100LL << 30};
        break;
    case OUTBOX_HAND_SLIP:
        done.kind = OUTBOX_NUMBERED;
        text_copy(done.slip, sizeof done.slip, "370212001261123948211");
        break;
    case OUTBOX_RATED:
        snprintf(scene->rated, sizeof scene->rated, "%s %lld", request->text, request->number);
        break;
    case OUTBOX_PRINT_STATE:
        scene->unclaimed += request->print_state == PRINT_WAITING_FOR_OWNER;
        break;
    case OUTBOX_RETRY:
    case OUTBOX_NEXT:
    case OUTBOX_SENT:
    case OUTBOX_CONTACT:
    case OUTBOX_RELEASE:
    case OUTBOX_LEDGER:
    case OUTBOX_REPAIR:
    case OUTBOX_STATUS:
    case OUTBOX_TOKEN_NEXT:
    case OUTBOX_TOKEN_TOLD:
    case OUTBOX_PAGE:
    case OUTBOX_PAGE_DROP:
    case OUTBOX_PART:
    case OUTBOX_SETTING:
    case OUTBOX_DRAFT_PUT:
    case OUTBOX_DRAFT_LOOK:
    case OUTBOX_DRAFT_TRY:
    case OUTBOX_DRAFT_TRIED:
    case OUTBOX_DRAFT_SPEND:
    case OUTBOX_DRAFT_NEXT:
    case OUTBOX_DRAFT_SENT: break;
    }
    scene_outbox(scene, &done);
}

static void work_print(struct scene *scene, struct print_request *request)
{
    struct print_event event = {
        .kind = PRINT_EVENT_JOB, .state = scene->print_state, .reasons = scene->print_reasons};
    struct session_input input = {.kind = SESSION_PRINT, .print = &event};
    text_copy(event.job, sizeof event.job, request->job);
    switch (request->kind) {
    case PRINT_RECEIPT:
        scene->copies += request->facts->print_count > 1;
        free(request->facts);
        break;
    case PRINT_VISIT_ENDED: scene->prints_taken_back++; return;
    case PRINT_STATUS:
        scene->status_asked++;
        event.kind = PRINT_EVENT_STATUS;
        break;
    case PRINT_TICKET:
        scene->tickets++;
        scene->ticket_slip = *request->ticket;
        text_copy(scene->ticket_job, sizeof scene->ticket_job, request->job);
        free(request->ticket);
        break;
    case PRINT_SELF_TEST: scene->self_tests++; break;
    case PRINT_SLIP:
        scene->slips++;
        scene->slip = *request->slip;
        free(request->slip);
        break;
    }
    step(scene, &input);
}

void scene_work(struct scene *scene)
{
    for (;;) {
        if (scene->load_count) {
            char id[LIMIT_FORM_ID];
            text_copy(id, sizeof id, scene->loads[--scene->load_count]);
            load_form(scene, id);
            continue;
        }
        if (scene->list) {
            load_correction(scene);
            continue;
        }
        if (scene->earlier_version[0]) {
            load_earlier(scene);
            continue;
        }
        size_t first = 0;
        while (scene->never_saves && first < scene->store_count &&
               scene->store[first].kind == OUTBOX_SAVE)
            first++;
        if (first < scene->store_count) {
            struct outbox_request request = scene->store[first];
            memmove(&scene->store[first], &scene->store[first + 1],
                    (scene->store_count - first - 1) * sizeof request);
            scene->store_count--;
            work_store(scene, &request);
        } else if (scene->print_count) {
            struct print_request request = scene->print[0];
            memmove(&scene->print[0], &scene->print[1], (scene->print_count - 1) * sizeof request);
            scene->print_count--;
            work_print(scene, &request);
        } else if (scene->key_count && !scene->never_derives) {
            work_key(scene);
        } else if (scene->fetch_id[0] && !scene->never_fetches) {
            work_fetch(scene);
        } else {
            return;
        }
    }
}

void scene_outbox(struct scene *scene, const struct outbox_reply *reply)
{
    struct outbox_reply copy = *reply;
    struct session_input input = {.kind = SESSION_OUTBOX, .outbox = &copy};
    step(scene, &input);
}

void scene_print(struct scene *scene, int state, unsigned reasons)
{
    struct print_event event = {
        .kind = PRINT_EVENT_JOB, .job = "yimen-r1-1", .state = state, .reasons = reasons};
    struct session_input input = {.kind = SESSION_PRINT, .print = &event};
    step(scene, &input);
}

// ---- the scene

static void open_session(struct scene *scene, int64_t content_ends_ms)
{
    struct fail why = {0};
    struct session_options options = {.texts = scene->texts,
                                      .catalogue = scene->catalogue,
                                      .policies = scene->policies,
                                      .clock = &scene->clock,
                                      .crypto = &scene->crypto,
                                      .counter = "001",
                                      .device_id = "kiosk-001",
                                      .time_zone = "Asia/Shanghai",
                                      .pack_version = scene->pack_version,
                                      .content_ends_ms = content_ends_ms,
                                      .stand_in = scene->stand_in,
                                      .district_keys = scene->district_keys,
                                      .district_key_count = 1};
    struct session_output output = {scene,       take_store, take_print,      take_load,
                                    take_call,   take_pack,  take_district,   take_nudge,
                                    take_time,   take_wipe,  take_track,      take_correction,
                                    take_earlier, take_derive, take_fetch};
    assert_int_equal(session_open(&options, &output, &scene->session, &why), ERR_OK);
}

void scene_content_ends(struct scene *scene, int64_t utc_ms)
{
    scene_work(scene);
    session_close(scene->session);
    open_session(scene, utc_ms);
}

void scene_stands_in(struct scene *scene, const char *keyed)
{
    scene_work(scene);
    session_close(scene->session);
    scene->stand_in = true;
    scene->keyed = keyed;
    catalogue_part(scene->catalogue);
    open_session(scene, 0);
    scene_work(scene);
}

struct scene *scene_new(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->clock = (struct clock){&clock_ops, scene};
    scene->quality = TIME_DISTRICT;
    scene->print_state = PRINT_PRINTED;
    scene->role = "clerk";
    scene->pack_version = "1";
    text_copy(scene->row.number, sizeof scene->row.number, "370212001261123212347");
    text_copy(scene->row.service, sizeof scene->row.service, "expenditure-relief");
    text_copy(scene->row.state, sizeof scene->row.state, "retry");
    scene->row.saved_utc_ms = START_UTC;
    scene->row.print_state = PRINT_WAITING_FOR_OWNER;
    scene->files = calloc(1, sizeof *scene->files);
    assert_non_null(scene->files);
    struct fail why = {0};
    assert_int_equal(system_files_open("assets", scene->files, &why), ERR_OK);
    assert_int_equal(sodium_crypto_open(&scene->crypto, &why), ERR_OK);
    assert_int_equal(texts_load(scene->files, &scene->texts, &why), ERR_OK);
    assert_int_equal(catalogue_load(scene->files, &scene->catalogue, &why), ERR_OK);
    assert_int_equal(policies_load(scene->files, scene->catalogue, &scene->policies, &why), ERR_OK);
    scene->crypto.ops->sign_keypair(scene->crypto.self, scene->district_keys[0],
                                    scene->district_secret);
    scene_again(scene);
    return scene;
}

void scene_ticket_job(const struct scene *scene, char out[64])
{
    text_copy(out, 64, scene->ticket_job);
}

void scene_again(struct scene *scene)
{
    open_session(scene, 0);
}

void scene_free(struct scene *scene)
{
    scene->never_saves = false;
    scene_work(scene);
    session_close(scene->session);
    for (size_t i = 0; i < scene->print_count; i++)
        free(scene->print[i].facts);
    policies_free(scene->policies);
    for (size_t i = 0; i < scene->print_count; i++)
        free(scene->print[i].ticket);
    for (size_t i = 0; i < scene->store_count; i++)
        outbox_sealed_free(scene->store[i].sealed);
    for (size_t i = 0; i < scene->draft_count; i++)
        strbuf_free(&scene->drafts[i].sealed.bytes);
    catalogue_free(scene->catalogue);
    texts_free(scene->texts);
    system_files_close(scene->files);
    free(scene->files);
    free(scene);
}

const struct view *look(const struct scene *scene)
{
    return session_view(scene->session);
}

void scene_wait(struct scene *scene, int64_t ms)
{
    int64_t until = scene->now_ms + ms;
    while (scene->now_ms < until) {
        int64_t wait = session_wait_ms(scene->session);
        assert_true(wait >= 0);
        wait = wait < 1 ? 1 : wait;
        scene->now_ms = wait < until - scene->now_ms ? scene->now_ms + wait : until;
        step(scene, &(struct session_input){.kind = SESSION_TICK});
        scene_work(scene);
    }
}

static void send(struct scene *scene, const struct intent *intent)
{
    step(scene, &(struct session_input){.kind = SESSION_INTENT, .intent = intent});
    scene_work(scene);
}

void touch(struct scene *scene, enum intent_kind kind)
{
    send(scene, &(struct intent){.kind = kind});
}

void touch_number(struct scene *scene, enum intent_kind kind, int number)
{
    send(scene, &(struct intent){.kind = kind, .number = number});
}

void touch_text(struct scene *scene, enum intent_kind kind, const char *text)
{
    struct intent intent = {.kind = kind};
    text_copy(intent.text, sizeof intent.text, text);
    send(scene, &intent);
    memory_wipe(&intent, sizeof intent);
}

void touch_ref(struct scene *scene, enum intent_kind kind, const char *ref)
{
    struct intent intent = {.kind = kind};
    text_copy(intent.ref, sizeof intent.ref, ref);
    send(scene, &intent);
}

void answer(struct scene *scene, const char *ref, const char *value)
{
    struct intent intent = {.kind = INTENT_ANSWER};
    text_copy(intent.ref, sizeof intent.ref, ref);
    text_copy(intent.text, sizeof intent.text, value);
    send(scene, &intent);
    memory_wipe(&intent, sizeof intent);
}

void draw_signature(struct scene *scene)
{
    static const struct stroke_point points[] = {{10, 10}, {200, 12},  {-1, -1},
                                                 {100, 5}, {101, 300}, {60, 280}};
    send(scene, &(struct intent){.kind = INTENT_SIGN,
                                 .number = SIGNATURE_DRAWN,
                                 .strokes = points,
                                 .stroke_count = 6,
                                 .stroke_width = 1400,
                                 .stroke_height = 600});
}

void scan(struct scene *scene, const char *text)
{
    step(scene, &(struct session_input){
                    .kind = SESSION_CODE, .code = text, .err = text ? ERR_OK : ERR_INPUT});
    scene_work(scene);
}

// ---- ways

// What the made-up resident says: by the question's path, positions left out.
static const struct {
    const char *ref, *value;
} answers[] = {
    {"/data/place/detail", "示例村东头"},
    {"/data/lead/text", "老人一个人在家，没有饭吃"},
    {"/data/contact/how", "own"},
    {"/data/contact/phone", "13812345678"},
    {"/data/address/street", "370212001"},
    {"/data/address/detail", "1"},
    {"/data/difficulty", "illness"},
    {"/data/illness/own_paid", "12345.67"},
    {"/data/spending/prior_aid", "no"},
    {"/data/self/health/state", "good"},
    {"/data/self/disability/type", "none"},
    {"/data/self/monthly_income", "1800"},
    {"/data/member/relation", "spouse"},
    {"/data/member/health/state", "good"},
    {"/data/member/disability/type", "none"},
    {"/data/member/occupation", "retired"},
    {"/data/member/monthly_income", "900"},
    {"/data/income/more", "none"},
    {"/data/housing/kind", "own"},
    {"/data/property/has", "none"},
    {"/data/account/when", "later"},
    {"/data/relative/has", "no"},
};

static void plain_ref(const char *ref, char out[LIMIT_REF])
{
    size_t used = 0;
    bool inside = false;
    for (; *ref; ref++) {
        inside = *ref == '[' || (inside && *ref != ']');
        if (!inside && *ref != ']')
            out[used++] = *ref;
    }
    out[used] = '\0';
}

static const char *answer_to(const char *ref, bool second)
{
    char plain[LIMIT_REF];
    plain_ref(ref, plain);
    if (text_equal(plain, "/data/member/person/name"))
        return second ? "李小四" : "王五";
    if (text_equal(plain, "/data/member/person/id_number"))
        return second ? "370212201503010018" : "370212198802291011";
    if (text_equal(plain, "/data/member/relation") && second)
        return "child";
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (text_equal(answers[i].ref, plain))
            return answers[i].value;
    return NULL;
}

// A field list may show more questions after an answer: go over it until all are answered.
void answer_screen(struct scene *scene, bool second)
{
    for (size_t i = 0; i < look(scene)->form_screen->question_count; i++) {
        const struct question *question = &look(scene)->form_screen->questions[i];
        const char *value = answer_to(question->ref, second);
        char ref[LIMIT_REF], first_choice[128] = "";
        if (question->readonly || question->value[0])
            continue;
        text_copy(ref, sizeof ref, question->ref);
        if (!value && question->required && question->choice_count) {
            text_copy(first_choice, sizeof first_choice, question->choices[0].value);
            value = first_choice;
        }
        if (value)
            answer(scene, ref, value);
    }
}

void answer_until(struct scene *scene, enum screen until)
{
    int members = 0;
    for (int i = 0; i < 100; i++) {
        enum screen screen = look(scene)->screen;
        if (screen == until)
            return;
        if (screen == SCREEN_REPEAT && members < 2) {
            members++;
            touch_ref(scene, INTENT_ADD, look(scene)->form_screen->ref);
            continue;
        }
        if (screen == SCREEN_QUESTION)
            answer_screen(scene, members == 2);
        char before[LIMIT_REF] = "";
        if (look(scene)->form_screen)
            text_copy(before, sizeof before, look(scene)->form_screen->ref);
        touch(scene, INTENT_NEXT);
        if (look(scene)->show_violations && look(scene)->form_screen)
            for (size_t q = 0; q < look(scene)->form_screen->question_count; q++)
                if (look(scene)->form_screen->questions[q].violation)
                    fail_msg("%s is not answered well: %s",
                             look(scene)->form_screen->questions[q].ref,
                             look(scene)->form_screen->questions[q].violation_message);
    }
    fail_msg("the questions do not end; screen %d", (int)look(scene)->screen);
}

void begin_expenditure(struct scene *scene)
{
    touch_text(scene, INTENT_DOOR, "security");
    ON(scene, SCREEN_SERVICES);
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    ON(scene, SCREEN_NOTICE);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_WHO);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    touch_text(scene, INTENT_NAME, "张三");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TICKET_OFFER);
    if (scene->takes_ticket) {
        touch(scene, INTENT_TICKET);
        ON(scene, SCREEN_TICKET);
        touch(scene, INTENT_HAVE_RECEIPT);
    } else {
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_QUESTION);
}

void fill_expenditure(struct scene *scene)
{
    begin_expenditure(scene);
    answer_until(scene, SCREEN_PAPERS);
}

void reach_signature(struct scene *scene)
{
    ON(scene, SCREEN_PAPERS);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    while (look(scene)->screen == SCREEN_CONSENT) {
        touch_number(scene, INTENT_CONSENT, 1);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_COMMITMENT);
    touch_number(scene, INTENT_CONSENT, 1);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_SIGNATURE);
}

void fill_urgent(struct scene *scene)
{
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_QUESTION);
    answer(scene, "/data/event/type", "fire");
    for (int i = 0; i < 10 && look(scene)->screen == SCREEN_QUESTION; i++) {
        if (text_equal(look(scene)->form_screen->questions[0].ref, "/data/contact/how"))
            answer(scene, "/data/contact/how", "here");
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_REVIEW);
}

// ---- what is left

enum { SCAN_BLOCK = 1 << 20 };

static bool is_in(const unsigned char *bytes, size_t count, const unsigned char *hidden,
                  size_t length)
{
    for (size_t i = 0; i + length <= count; i++) {
        size_t same = 0;
        while (same < length && bytes[i + same] + hidden[same] == 0xFF)
            same++;
        if (same == length)
            return true;
    }
    return false;
}

bool scene_remembers(const unsigned char *hidden, size_t length)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    unsigned char *block =
        mmap(NULL, SCAN_BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char line[512];
    bool found = false;
    assert_non_null(maps);
    assert_true(memory >= 0 && block != MAP_FAILED);
    while (!found && fgets(line, sizeof line, maps)) {
        char *rest;
        unsigned long long from = strtoull(line, &rest, 16), to = strtoull(rest + 1, &rest, 16);
        // The sanitizer's own shadow is terabytes and holds no text.
        if (strncmp(rest, " rw", 3) != 0 || to - from > (1ULL << 31) ||
            from == (unsigned long long)(uintptr_t)block)
            continue;
        for (unsigned long long at = from; at < to && !found; at += SCAN_BLOCK - 256) {
            size_t want = to - at < SCAN_BLOCK ? (size_t)(to - at) : SCAN_BLOCK;
            ssize_t got = pread(memory, block, want, (off_t)at);
            found = got > 0 && is_in(block, (size_t)got, hidden, length);
        }
    }
    munmap(block, SCAN_BLOCK);
    close(memory);
    fclose(maps);
    return found;
}
