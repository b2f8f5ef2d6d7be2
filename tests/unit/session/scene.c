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
    static const uint8_t none[CRYPTO_KEY];
    if (ticket->id[0] && memcmp(ticket->key, none, sizeof none) == 0) { // what opens a saved case
        text_copy(scene->owner_factor, sizeof scene->owner_factor, code);
        scene->owner_order = *ticket;
        scene->owner_serial = serial;
        return; // scene_own_work does it for a test that looks
    }
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

void scene_step(struct scene *scene, struct session_input *input)
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
    scene_step(scene, &input);
}

void scene_own_work(struct scene *scene, enum err err)
{
    uint8_t key[CRYPTO_KEY] = {0};
    struct ticket order = scene->owner_order;
    struct session_input input = {.kind = SESSION_KEY,
                                  .key = key,
                                  .ticket = &order,
                                  .err = err,
                                  .serial = scene->owner_serial};
    assert_int_equal(ticket_work(&scene->crypto, &order, scene->owner_factor, key, NULL), ERR_OK);
    scene_step(scene, &input);
    scene_work(scene);
}

void scene_work(struct scene *scene)
{
    for (;;) {
        if (scene->load_count) {
            char id[LIMIT_FORM_ID];
            text_copy(id, sizeof id, scene->loads[--scene->load_count]);
            scene_load(scene, id);
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
    struct outbox_reply copy = *reply;
    struct session_input input = {.kind = SESSION_OUTBOX, .outbox = &copy};
    scene_step(scene, &input);
}

void scene_print(struct scene *scene, int state, unsigned reasons)
{
    struct print_event event = {
        .kind = PRINT_EVENT_JOB, .job = "yimen-r1-1", .state = state, .reasons = reasons};
    struct session_input input = {.kind = SESSION_PRINT, .print = &event};
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
    struct session_output output = {scene,        take_store,  take_print,    take_load,
                                    take_call,    take_pack,   take_district, take_nudge,
                                    take_time,    take_wipe,   take_track,    take_correction,
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
