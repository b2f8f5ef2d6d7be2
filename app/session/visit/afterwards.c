// SPDX-License-Identifier: GPL-3.0-or-later
// Where several services cannot go in one visit (a stand-in server knows no composed form), they go
// one after the other: at the goodbye what goes with the case just handed in is offered, and begun
// with what was answered before. It is the same person, still there; whoever leaves leaves nothing.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include "yimen/case/drawn.h"
#include <string.h>

static bool is_offered(const struct session *session, const struct visit *visit)
{
    return session->options.stand_in && !session->kept && !visit->of_instance[0] &&
           !visit->service->urgent && !visit_is_restricted(visit);
}

// Before the record goes to the store. Anew after saving failed.
void afterwards_collect(const struct session *session, struct visit *visit)
{
    if (visit->next_arena)
        arena_free(visit->next_arena);
    visit->next_arena = NULL;
    visit->next = NULL;
    if (!is_offered(session, visit) || visit->handed_in_count == VIEW_AFTERWARDS)
        return;
    visit->next_arena = arena_new_locked(0);
    visit->next = fit_collect(visit->record, visit->next_arena);
}

static bool was_handed_in(const struct visit *visit, const struct service *service)
{
    for (size_t i = 0; i < visit->handed_in_count; i++)
        if (visit->handed_in[i] == service)
            return true;
    return false;
}

size_t afterwards_list(const struct session *session, struct visit *visit)
{
    const struct service *fitting[VIEW_AFTERWARDS];
    size_t count = 0;
    if (!visit->next_arena)
        return 0;
    size_t found =
        catalogue_afterwards(session->options.catalogue, visit->service, fitting, VIEW_AFTERWARDS);
    for (size_t i = 0; i < found; i++)
        if (!was_handed_in(visit, fitting[i]))
            visit->afterwards[count++] = fitting[i];
    return count;
}

// Who it is was said once.
struct person {
    enum document document;
    char name[NAME_BYTES], id_number[ID_BYTES];
    const struct service *handed_in[VIEW_AFTERWARDS];
    size_t count;
};

static void begin(struct session *session, const struct service *service)
{
    struct visit *visit = session->visit;
    struct arena *arena = visit->next_arena;
    struct person *person = ARENA_NEW(arena, struct person);
    *person = (struct person){.document = visit->document, .count = visit->handed_in_count};
    text_copy(person->name, sizeof person->name, visit->name);
    text_copy(person->id_number, sizeof person->id_number, visit->id_number);
    memcpy(person->handed_in, visit->handed_in, sizeof person->handed_in);
    person->handed_in[person->count++] = visit->service;
    go_to(session, &(struct go){.kind = GO_SWITCH,
                                .service = service,
                                .arena = arena,
                                .carried = visit->next,
                                .person = person});
    visit->next_arena = NULL; // the next visit's
    visit->next = NULL;
}

void afterwards_take(struct visit *visit, const struct person *person)
{
    visit->document = person->document;
    if (!strstr(person->name, DRAWN_SIGN)) // a picture stays with the case it was drawn for
        text_copy(visit->name, sizeof visit->name, person->name);
    text_copy(visit->id_number, sizeof visit->id_number, person->id_number);
    memcpy(visit->handed_in, person->handed_in, sizeof visit->handed_in);
    visit->handed_in_count = person->count;
}

bool afterwards_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind != INTENT_SERVICE)
        return false;
    size_t count = afterwards_list(session, visit);
    for (size_t i = 0; i < count; i++)
        if (text_equal(visit->afterwards[i]->id, intent->text)) {
            begin(session, visit->afterwards[i]);
            return true;
        }
    return false;
}
