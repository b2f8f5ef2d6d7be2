// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts of tickets, as the store, the compute worker and the district keep and open them.
#include "scene_workers.h"
#include "yimen/base/text.h"

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

void scene_spend_drafts(struct scene *scene, const char *id, const char *instance)
{
    for (size_t i = 0; i < scene->draft_count; i++) {
        struct outbox_sealed *sealed = &scene->drafts[i].sealed;
        if (sealed->revision &&
            (text_equal(sealed->id, id) || text_equal(sealed->instance, instance)))
            sealed->spent = true;
    }
}

// False: the request is about something else.
bool scene_drafts(struct scene *scene, struct outbox_request *request)
{
    struct outbox_reply reply = {.kind = OUTBOX_DONE, .to = request->kind, .id = request->id};
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
        scene_spend_drafts(scene, request->text, "?");
    scene_outbox(scene, &reply);
    return true;
}

void scene_work_key(struct scene *scene)
{
    scene->key_count--;
    struct session_input input = {.kind = SESSION_KEY,
                                  .id = scene->keys[scene->key_count].serial,
                                  .err = scene->key_err,
                                  .key.ticket = scene->keys[scene->key_count].ticket};
    assert_int_equal(ticket_work(&scene->crypto, &input.key.ticket,
                                 scene->keys[scene->key_count].code, input.key.key, NULL),
                     ERR_OK);
    memory_wipe(&scene->keys[scene->key_count], sizeof scene->keys[0]);
    scene_step(scene, &input);
    memory_wipe(&input, sizeof input);
}

void scene_work_fetch(struct scene *scene)
{
    struct session_input input = {
        .kind = SESSION_DRAFT, .id = scene->fetch_asked, .draft = scene->district};
    text_copy(input.draft.id, sizeof input.draft.id, scene->fetch_id);
    scene->district.sealed = NULL;
    scene->fetch_id[0] = '\0';
    scene_step(scene, &input);
}
