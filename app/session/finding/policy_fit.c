// SPDX-License-Identifier: GPL-3.0-or-later
// "Which help fits me": the form's notes with an appearance "fits-<policy>" are what may fit, their
// hints the reasons; when a note shows is a rule of the form. Advice, never a refusal: everything
// can be applied for from here or elsewhere, and nothing is kept unless an adviser is asked for.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/case/drawn.h"
#include <string.h>

#define MARK "fits"

// The id behind the mark, "" for a plain remark; NULL for an ordinary question.
static const char *marked(const char *appearance, char id[40])
{
    const char *at = strstr(appearance, MARK);
    if (!at || (at != appearance && at[-1] != ' '))
        return NULL;
    at += sizeof MARK - 1;
    size_t length = strcspn(at, " ");
    id[0] = '\0';
    if (length > 1 && length - 1 < 40 && at[0] == '-') {
        memcpy(id, at + 1, length - 1);
        id[length - 1] = '\0';
    }
    return id;
}

bool fit_is_screen(const struct form_screen *screen)
{
    char id[40];
    if (screen->kind != FORM_SCREEN_QUESTIONS || !screen->question_count)
        return false;
    for (size_t i = 0; i < screen->question_count; i++)
        if (!marked(screen->questions[i].appearance, id))
            return false;
    return true;
}

bool fit_is_shown(const struct visit *visit)
{
    return visit->step == STEP_QUESTIONS && visit->record && visit->is_fit;
}

// ------------------------------------------------------------------ what may fit

struct collecting {
    struct session *session;
    struct visit *visit;
};

static void take_note(struct visit *visit, const struct policy *policy,
                      const struct service *service, const char *reason)
{
    size_t at = visit->fit_count;
    if (at == VIEW_FITS)
        return;
    text_copy(visit->fit_reasons[at], sizeof visit->fit_reasons[at], reason);
    visit->fits[at] = (struct view_fit){policy, service, visit->fit_reasons[at]};
    visit->fit_count++;
}

static void note(void *context, const char *screen, const struct question *question)
{
    const struct collecting *with = context;
    const struct session *session = with->session;
    const struct policies *policies = session->options.policies;
    char id[40];
    (void)screen;
    if (!marked(question->appearance, id))
        return;
    if (!id[0]) {
        take_note(with->visit, NULL, NULL, question->label);
        return;
    }
    const struct policy *policy = policies ? policies_find(policies, id) : NULL;
    if (!policy) {
        log_event(LOG_ERROR, "session", "no-such-policy", "policy=%s", id);
        return;
    }
    take_note(with->visit, policy, catalogue_service(session->options.catalogue, policy->service),
              question->hint);
}

void fit_show(struct session *session, struct view *view)
{
    struct visit *visit = session->visit;
    struct collecting with = {session, visit};
    if (!fit_is_shown(visit))
        return;
    visit->fit_count = 0;
    record_review(visit->record, note, &with);
    view->fits = visit->fits;
    view->fit_count = visit->fit_count;
    view->progress = (struct view_progress){0};
}

// ------------------------------------------------------------------ into a service

struct collected {
    struct arena *arena;
    struct carried *list;
};

static bool is_typed_or_chosen(const char *type)
{
    static const char *const kinds[] = {"input", "select", "select1", "range", "rank"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_equal(type, kinds[i]))
            return true;
    return false;
}

static void collect(void *context, const struct record_node *node)
{
    struct collected *all = context;
    if (!node->has_value || !node->value[0] || !node->relevant || node->readonly ||
        node->violation != VIOLATION_NONE || !is_typed_or_chosen(node->type))
        return;
    if (strstr(node->value, DRAWN_SIGN)) // its picture stays with the case it was drawn for
        return;
    struct carried *carried = ARENA_NEW(all->arena, struct carried);
    *carried = (struct carried){all->list, arena_strdup(all->arena, node->ref),
                                arena_strdup(all->arena, node->value)};
    all->list = carried;
}

struct carried *fit_collect(struct record *record, struct arena *arena)
{
    struct collected all = {.arena = arena};
    record_visit(record, collect, &all);
    return all.list;
}

static void apply(struct session *session, const char *id)
{
    struct visit *visit = session->visit;
    const struct service *service = NULL;
    for (size_t i = 0; i < visit->fit_count; i++)
        if (visit->fits[i].service && text_equal(visit->fits[i].service->id, id))
            service = visit->fits[i].service;
    if (!service || service == visit->service)
        return;
    if (service->urgent) {
        go_to(session, &(struct go){.kind = GO_URGENT});
        return;
    }
    struct arena *arena = arena_new_locked(0);
    go_to(session, &(struct go){.kind = GO_SWITCH,
                                .service = service,
                                .arena = arena,
                                .carried = fit_collect(visit->record, arena)});
}

struct target {
    const char *ref;
    bool open, wrong;
};

static void aim(void *context, const struct record_node *node)
{
    struct target *target = context;
    if (!text_equal(node->ref, target->ref))
        return;
    target->open = !node->readonly && is_typed_or_chosen(node->type);
    target->wrong = node->violation == VIOLATION_CONSTRAINT;
}

static struct target target_of(const struct visit *visit, const char *ref)
{
    struct target target = {.ref = ref};
    record_visit(visit->record, aim, &target);
    return target;
}

void fit_carry(struct visit *visit)
{
    const char *who = visit->service->ref_who;
    if (!visit->carried_arena)
        return;
    if (visit->who[0] && who[0] && record_answer(visit->record, who, visit->who, NULL))
        log_event(LOG_WARNING, "session", "not-carried", "ref=%s", who);
    for (const struct carried *one = visit->carried; one; one = one->next) {
        if (!target_of(visit, one->ref).open)
            continue;
        // It is asked all the same, with this answer in it: what does not fit there is left out.
        if (record_answer(visit->record, one->ref, one->value, NULL) ||
            target_of(visit, one->ref).wrong)
            (void)!record_answer(visit->record, one->ref, "", NULL);
    }
    visit->carried = NULL;
}

static bool knows(const struct visit *visit, const char *policy)
{
    for (size_t i = 0; i < visit->fit_count; i++)
        if (visit->fits[i].policy && text_equal(visit->fits[i].policy->id, policy))
            return true;
    return false;
}

bool fit_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    bool reads = visit->fit_policy[0] != '\0';
    if (intent->kind == INTENT_POLICY && knows(visit, intent->text)) {
        text_copy(visit->fit_policy, sizeof visit->fit_policy, intent->text);
        slip_forget(session);
    } else if (intent->kind == INTENT_BACK && reads) {
        visit->fit_policy[0] = '\0';
        slip_forget(session);
    } else if (intent->kind == INTENT_APPLY) {
        apply(session, intent->text);
    } else if (intent->kind == INTENT_PRINT_SLIP && reads) {
        slip_print_policy(session, visit->fit_policy);
    } else if (intent->kind == INTENT_PRINT_SLIP) {
        slip_print_fits(session);
    } else {
        return reads && intent->kind == INTENT_NEXT;
    }
    return true;
}
