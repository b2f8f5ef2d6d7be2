// SPDX-License-Identifier: GPL-3.0-or-later
// Who applies, and the applicant's name and ID number as typed. The form judges them: its
// constraints are the rules, its messages what the resident reads.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

#define NODE_DOCUMENT "/data/visit/document"

static void store_answer(struct visit *visit, const char *ref, const char *value)
{
    struct fail why = {0};
    if (ref[0] && visit->record && record_answer(visit->record, ref, value, &why))
        log_fail(LOG_ERROR, "session", "visit-node", &why);
}

// A form that knows of no documents takes any number that it knows to be good.
static void store_document(struct visit *visit)
{
    if (visit->record && record_is_relevant(visit->record, NODE_DOCUMENT))
        store_answer(visit, NODE_DOCUMENT, document_name(visit->document));
}

void identity_restore(struct visit *visit)
{
    const struct service *service = visit->service;
    if (visit->who[0])
        store_answer(visit, service->ref_who, visit->who);
    if (!visit->name[0] && !visit->id_number[0])
        return;
    store_document(visit);
    store_answer(visit, service->ref_name, visit->name);
    store_answer(visit, service->ref_id_number, visit->id_number);
    store_answer(visit, service->ref_identity_source, "typed");
}

bool who_ready(struct session *session)
{
    return session->visit->who[0] != '\0';
}

bool who_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    static const char *const known[] = {"self", "other", "helped"};
    if (intent->kind != INTENT_WHO)
        return false;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!text_equal(intent->text, known[i]))
            continue;
        text_copy(visit->who, sizeof visit->who, known[i]);
        store_answer(visit, visit->service->ref_who, known[i]);
    }
    return true;
}

bool identity_enter(struct session *session, bool forwards)
{
    (void)forwards;
    identity_check(session->visit, session);
    return true;
}

struct lookup {
    const char *ref;
    enum record_violation violation;
    char *message; ///< copied: a node's strings live only while it is visited
    size_t room;
};

static void look(void *context, const struct record_node *node)
{
    struct lookup *lookup = context;
    if (!text_equal(node->ref, lookup->ref))
        return;
    lookup->violation = node->violation;
    if (node->violation_message)
        text_copy(lookup->message, lookup->room, node->violation_message);
}

static void problem_of(const struct session *session, struct visit *visit, const char *ref,
                       const char *value, char *out, size_t room)
{
    struct lookup lookup = {.ref = ref, .message = out, .room = room};
    out[0] = '\0';
    if (ref[0] && visit->record)
        record_visit(visit->record, look, &lookup);
    bool missing = value[0] == '\0' || lookup.violation == VIOLATION_REQUIRED;
    if (!out[0] && (missing || lookup.violation != VIOLATION_NONE))
        text_copy(out, room, session_text(session, missing ? "visit.required" : "visit.wrong"));
}

void identity_check(struct visit *visit, const struct session *session)
{
    const struct service *service = visit->service;
    problem_of(session, visit, service->ref_name, visit->name, visit->name_problem,
               sizeof visit->name_problem);
    visit->id_problem[0] = '\0';
    if (visit->document != DOCUMENT_NONE)
        problem_of(session, visit, service->ref_id_number, visit->id_number, visit->id_problem,
                   sizeof visit->id_problem);
}

bool identity_ready(struct session *session)
{
    struct visit *visit = session->visit;
    identity_check(visit, session);
    return !visit->name_problem[0] && !visit->id_problem[0];
}

static void store_number(struct visit *visit, const char *typed)
{
    normalise_id(typed, visit->id_number, sizeof visit->id_number);
    store_answer(visit, visit->service->ref_id_number, visit->id_number);
}

// The number of one document is none of another.
static void choose_document(struct visit *visit, const char *name)
{
    enum document document = visit->document;
    visit->document_list = !document_find(name, &document);
    if (visit->document == document)
        return;
    visit->document = document;
    store_number(visit, "");
}

// As the district will find it: what is not relevant is not handed in.
static const char *handed_in(const struct visit *visit, const char *ref)
{
    bool there = ref[0] && visit->record && record_is_relevant(visit->record, ref);
    const char *value = there ? record_value(visit->record, ref) : NULL;
    return value ? value : "";
}

enum factor_kind visit_factor(const struct visit *visit, char out[TRACK_FACTOR])
{
    const struct service *service = visit->service;
    return owner_factor(handed_in(visit, service->ref_id_number),
                        handed_in(visit, service->ref_phone), visit->chosen_code, out);
}

bool identity_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind == INTENT_NAME) {
        session_copy_clean(visit->name, sizeof visit->name, intent->text);
        store_answer(visit, visit->service->ref_name, visit->name);
        characters_follow(visit, visit->service->ref_name, visit->name);
    } else if (intent->kind == INTENT_ID_NUMBER) {
        store_number(visit, intent->text);
    } else if (intent->kind == INTENT_DOCUMENT) {
        choose_document(visit, intent->text);
    } else if (intent->kind == INTENT_BACK && visit->document_list) {
        visit->document_list = false;
        return true;
    } else {
        return false;
    }
    store_document(visit);
    store_answer(visit, visit->service->ref_identity_source, "typed");
    identity_check(visit, session);
    return true;
}
