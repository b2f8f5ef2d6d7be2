// SPDX-License-Identifier: GPL-3.0-or-later
#include "scene_workers.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"

struct when scene_now(void *self)
{
    const struct scene *scene = self;
    return (struct when){.utc_ms = START_UTC + scene->now_ms + scene->utc_jump_ms,
                         .monotonic_ms = 1000000 + scene->now_ms,
                         .boot_id = "00000000-0000-4000-8000-000000000000",
                         .quality = scene->quality};
}

static const struct clock_ops clock_ops = {scene_now};

// ---- what the session sends

static void take_store(struct scene *scene, struct outbox_request *request)
{
    assert_true(scene->store_count < SCENE_REQUESTS);
    scene->store[scene->store_count++] = *request;
}

static void take_print(struct scene *scene, struct print_request *request)
{
    assert_true(scene->print_count < SCENE_REQUESTS);
    scene->print[scene->print_count++] = *request;
}

static void take_load(struct scene *scene, const struct session_request *request)
{
    assert_true(scene->load_count < SCENE_REQUESTS);
    scene->load_ids[scene->load_count] = request->id;
    text_copy(scene->loads[scene->load_count++], LIMIT_FORM_ID, request->form.name);
}

static void take_call(struct scene *scene, struct session_request *request)
{
    const struct call_wanted *wanted = &request->call.wanted;
    scene->calling = wanted->calling;
    scene->urgent_call = wanted->urgent;
    scene->silent_call = wanted->silent;
    request->call.reached = wanted->calling ? scene->call_reaches : 0;
}

static void take_time(struct scene *scene, int64_t utc_ms)
{
    scene->confirmed_utc_ms = utc_ms;
    scene->quality = TIME_RTC;
}

static void take_track(struct scene *scene, const struct session_request *request)
{
    scene->question = request->question;
    scene->question_id = request->id;
    scene->questions++;
}

static void take_correction(struct scene *scene, const struct session_request *request)
{
    free(scene->list);
    scene->list = request->list;
    scene->list_id = request->id;
}

static void take_derive(struct scene *scene, const struct session_request *request)
{
    static const uint8_t none[CRYPTO_KEY];
    const struct ticket *ticket = &request->derive.ticket;
    const char *code = request->derive.code;
    if (ticket->id[0] && memcmp(ticket->key, none, sizeof none) == 0) { // what opens a saved case
        text_copy(scene->owner_factor, sizeof scene->owner_factor, code);
        scene->owner_order = *ticket;
        scene->owner_serial = request->id;
        return; // scene_own_work does it for a test that looks
    }
    assert_true(scene->key_count < 4);
    scene->keys[scene->key_count].ticket = *ticket;
    text_copy(scene->keys[scene->key_count].code, TICKET_CODE_TEXT, code);
    scene->keys[scene->key_count++].serial = request->id;
}

static void take_fetch(struct scene *scene, const struct session_request *request)
{
    text_copy(scene->fetch_id, sizeof scene->fetch_id, request->fetch.id);
    scene->fetch_asked = request->id;
}

static void take_earlier(struct scene *scene, const struct session_request *request)
{
    text_copy(scene->earlier_service, sizeof scene->earlier_service, request->earlier.service);
    text_copy(scene->earlier_version, sizeof scene->earlier_version, request->earlier.version);
    scene->earlier_id = request->id;
    scene->earlier_asked++;
}

static void take_request(void *self, struct session_request *request)
{
    struct scene *scene = self;
    switch (request->kind) {
    case SESSION_CALL: take_call(scene, request); break;
    case SESSION_TIME: take_time(scene, request->time); break;
    case SESSION_WIPE: scene->wipes++; break;
    case SESSION_NUDGE: scene->nudges++; break;
    case SESSION_STORE: take_store(scene, &request->store); break;
    case SESSION_PAPER: take_print(scene, &request->print); break;
    case SESSION_FORM: take_load(scene, request); break;
    case SESSION_EARLIER: take_earlier(scene, request); break;
    case SESSION_CORRECTION: take_correction(scene, request); break;
    case SESSION_PACK:
        scene->packs++;
        scene->pack_id = request->id;
        break;
    case SESSION_DISTRICT: scene->district_id = request->id; break;
    case SESSION_TRACK: take_track(scene, request); break;
    case SESSION_DERIVE: take_derive(scene, request); break;
    case SESSION_FETCH: take_fetch(scene, request); break;
    }
}

void scene_step(struct scene *scene, struct session_input *input)
{
    session_step(scene->session, input);
}

// ---- the workers

static void work_print(struct scene *scene, struct print_request *request)
{
    struct print_event event = {
        .kind = PRINT_EVENT_JOB, .state = scene->print_state, .reasons = scene->print_reasons};
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
        event.id = request->id;
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
    struct session_input input = {.kind = SESSION_PRINT, .id = event.id, .print = event};
    scene_step(scene, &input);
}

void scene_own_work(struct scene *scene, enum err err)
{
    struct session_input input = {.kind = SESSION_KEY,
                                  .id = scene->owner_serial,
                                  .err = err,
                                  .key.ticket = scene->owner_order};
    assert_int_equal(
        ticket_work(&scene->crypto, &input.key.ticket, scene->owner_factor, input.key.key, NULL),
        ERR_OK);
    scene_step(scene, &input);
    scene_work(scene);
}

void scene_work(struct scene *scene)
{
    for (;;) {
        if (scene->load_count) {
            char id[LIMIT_FORM_ID];
            text_copy(id, sizeof id, scene->loads[--scene->load_count]);
            scene_load(scene, id, scene->load_ids[scene->load_count]);
            continue;
        }
        if (scene->list) {
            scene_load_correction(scene);
            continue;
        }
        if (scene->earlier_version[0]) {
            scene_load_earlier(scene);
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
            scene_store(scene, &request);
        } else if (scene->print_count) {
            struct print_request request = scene->print[0];
            memmove(&scene->print[0], &scene->print[1], (scene->print_count - 1) * sizeof request);
            scene->print_count--;
            work_print(scene, &request);
        } else if (scene->key_count && !scene->never_derives) {
            scene_work_key(scene);
        } else if (scene->fetch_id[0] && !scene->never_fetches) {
            scene_work_fetch(scene);
        } else {
            return;
        }
    }
}

void scene_outbox(struct scene *scene, const struct outbox_reply *reply)
{
    struct session_input input = {.kind = SESSION_OUTBOX, .id = reply->id, .outbox = *reply};
    scene_step(scene, &input);
}

void scene_print(struct scene *scene, int state, unsigned reasons)
{
    struct session_input input = {
        .kind = SESSION_PRINT,
        .print = {
            .kind = PRINT_EVENT_JOB, .job = "yimen-r1-1", .state = state, .reasons = reasons}};
    scene_step(scene, &input);
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
    struct session_output output = {scene, take_request};
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
    quick_crypto_begin(&scene->quick, &scene->crypto);
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
