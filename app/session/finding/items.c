// SPDX-License-Identifier: GPL-3.0-or-later
// Several services in one visit: chosen from a situation at the attract screen, or added to a
// service on its notice while nothing has been answered. What is chosen becomes one service with
// one form; from there on it is a visit like any other.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/weave/compose.h"
#include <string.h>

enum { FITTING = 6 }; ///< more is no help

static bool is_one_visit(const struct session *session, const struct visit *visit)
{
    return visit && visit->service == &session->items.visit.service;
}

const struct one_visit *items_of(const struct session *session, const struct visit *visit)
{
    return is_one_visit(session, visit) ? &session->items.visit : NULL;
}

void items_forget(struct session *session)
{
    struct items *items = &session->items;
    items->bundle = NULL;
    items->first = NULL;
    items->open = items->none_chosen = false;
    memset(items->list, 0, sizeof items->list);
    items->count = 0;
}

// Only while nothing was answered: what is asked depends on it.
static bool may_change(const struct visit *visit)
{
    return visit && visit->step == STEP_NOTICE && !visit->screen[0] && !visit->problem.open;
}

static size_t fitting(const struct session *session, const struct service *first,
                      const struct service *out[FITTING])
{
    return catalogue_fitting(session->options.catalogue, first, out, FITTING);
}

// ------------------------------------------------------------------ the check list

static size_t chosen(const struct items *items, const struct service *out[VIEW_CHOICES])
{
    size_t count = 0;
    for (size_t i = 0; i < items->count; i++)
        if (items->list[i].chosen)
            out[count++] = items->list[i].service;
    return count;
}

// What no longer fits what was chosen says why.
static void look_again(struct session *session)
{
    struct items *items = &session->items;
    const struct service *with[VIEW_CHOICES];
    size_t count = chosen(items, with);
    for (size_t i = 0; i < items->count; i++) {
        struct view_item *item = &items->list[i];
        item->instead = NULL;
        item->full = !item->chosen && count == VISIT_ITEMS;
        for (size_t k = 0; k < count && !item->chosen; k++)
            if (!catalogue_goes_with(session->options.catalogue, with[k], item->service))
                item->instead = with[k];
    }
}

static void offer(struct session *session, const struct service *service, bool is_chosen,
                  bool fixed)
{
    struct items *items = &session->items;
    if (items->count < VIEW_CHOICES)
        items->list[items->count++] =
            (struct view_item){.service = service, .chosen = is_chosen, .fixed = fixed};
}

static void open_bundle(struct session *session, const struct bundle *bundle)
{
    items_forget(session);
    session->items.bundle = bundle;
    for (size_t i = 0; i < bundle->count; i++)
        offer(session, bundle->services[i], false, false);
    session->place = PLACE_ITEMS;
    session->items.open = true;
    look_again(session);
}

static void open_fitting(struct session *session, const struct service *first)
{
    const struct service *others[FITTING];
    size_t count = fitting(session, first, others);
    items_forget(session);
    session->items.first = first;
    offer(session, first, true, true);
    for (size_t i = 0; i < count; i++)
        offer(session, others[i], false, false);
    session->items.open = true;
    look_again(session);
}

static void toggle(struct session *session, const char *service)
{
    struct items *items = &session->items;
    for (size_t i = 0; i < items->count; i++) {
        struct view_item *item = &items->list[i];
        if (!text_equal(item->service->id, service) || item->fixed || item->instead || item->full)
            continue;
        item->chosen = !item->chosen;
        items->none_chosen = false;
    }
    look_again(session);
}

// ------------------------------------------------------------------ what is chosen becomes one

static bool name_form(struct items *items, char out[LIMIT_FORM_ID])
{
    const char *ids[VISIT_ITEMS];
    struct strbuf id;
    for (size_t i = 0; i < items->visit.count; i++)
        ids[i] = items->visit.items[i]->id;
    strbuf_init(&id, LIMIT_FORM_ID);
    bool good = form_compose_id(ids, items->visit.count, &id, NULL) == ERR_OK &&
                text_copy(out, LIMIT_FORM_ID, strbuf_text(&id));
    strbuf_free(&id);
    return good;
}

// The form of the last such visit is kept, in case the next resident wants the same.
static bool compose(struct session *session, const struct service *const *services, size_t count)
{
    struct items *items = &session->items;
    char form_id[LIMIT_FORM_ID];
    struct fail why = {0};
    if (catalogue_one_visit(session->options.catalogue, services, count, &items->visit, &why) ||
        !name_form(items, form_id)) {
        log_fail(LOG_ERROR, "session", "items", &why);
        return false;
    }
    if (!text_equal(form_id, items->form_id)) {
        form_free(items->slot.form);
        items->slot = (struct form_slot){0};
        text_copy(items->form_id, sizeof items->form_id, form_id);
    }
    items->slot.service = &items->visit.service;
    items->slot.name = items->form_id;
    return true;
}

const struct service *items_again(struct session *session, const struct service *const *services,
                                  size_t count)
{
    items_forget(session);
    return compose(session, services, count) ? &session->items.visit.service : NULL;
}

// Of one service nothing has to be composed. NULL: nothing was chosen, or it cannot be.
static const struct service *wanted(struct session *session)
{
    const struct service *services[VIEW_CHOICES];
    size_t count = chosen(&session->items, services);
    session->items.none_chosen = count == 0;
    if (count == 1)
        return services[0];
    return count > 1 && compose(session, services, count) ? &session->items.visit.service : NULL;
}

static void change_visit(struct session *session, const struct service *service)
{
    struct visit *visit = session->visit;
    record_free(visit->record);
    visit->record = NULL;
    visit->service = service;
    visit->waits_for_form = false;
    memset(visit->papers, 0, sizeof visit->papers);
    memset(visit->consents, 0, sizeof visit->consents);
    session_note(session, "visit.items", service->id);
    forms_want(session, service);
}

// ------------------------------------------------------------------ intents

static void go_on(struct session *session)
{
    const struct service *service = wanted(session);
    if (!service)
        return;
    session->items.open = false;
    if (session->visit)
        change_visit(session, service);
    else // it may not begin just now: then the choice stays
        go_to(session, &(struct go){.kind = GO_VISIT, .service = service, .keeps_choice = true});
}

static void go_back(struct session *session)
{
    session->items.open = false;
    if (session->visit) // its notice, as it was
        return;
    session->items.bundle = NULL;
    session->place = PLACE_BUNDLES;
}

static bool list_intent(struct session *session, const struct intent *intent)
{
    if (intent->kind == INTENT_ITEM)
        toggle(session, intent->text);
    else if (intent->kind == INTENT_NEXT)
        go_on(session);
    else if (intent->kind == INTENT_BACK)
        go_back(session);
    else
        return false;
    return true;
}

static void change(struct session *session)
{
    struct items *items = &session->items;
    const struct service *others[FITTING];
    if (!may_change(session->visit))
        return;
    if (items->count > 0) // chosen before: as it was left
        items->open = true;
    else if (!is_one_visit(session, session->visit) &&
             fitting(session, session->visit->service, others) > 0)
        open_fitting(session, session->visit->service);
}

bool items_intent(struct session *session, const struct intent *intent)
{
    const struct bundle *bundle;
    if (session->items.open && !session->problem.open && list_intent(session, intent))
        return true;
    if (intent->kind == INTENT_ITEMS) {
        if (session->visit)
            change(session);
        else if (catalogue_bundle_count(session->options.catalogue) > 0)
            session->place = PLACE_BUNDLES;
        return true;
    }
    if (intent->kind != INTENT_BUNDLE)
        return false;
    bundle = catalogue_bundle(session->options.catalogue, intent->text);
    if (bundle && session->place == PLACE_BUNDLES)
        open_bundle(session, bundle);
    return true;
}

// ------------------------------------------------------------------ what is shown and said

// "/data/meal-money/school/name" is asked for meal-money alone.
const struct service *items_own(const struct one_visit *items, const char *ref)
{
    static const char data[] = "/data/";
    for (size_t i = 0; items && text_starts(ref, data) && i < items->count; i++) {
        const char *id = items->items[i]->id, *name = ref + strlen(data);
        size_t length = strlen(id);
        if (strncmp(name, id, length) == 0 && (name[length] == '/' || name[length] == '\0'))
            return items->items[i];
    }
    return NULL;
}

void items_view(struct session *session, struct view *view)
{
    const struct visit *visit = session->visit;
    const struct one_visit *items = items_of(session, visit);
    const struct service *others[FITTING];
    if (session->items.open && !session->problem.open)
        view->screen = SCREEN_ITEMS;
    else if (session->place == PLACE_BUNDLES && !session->problem.open)
        view->screen = SCREEN_BUNDLES;
    view->bundle = session->items.bundle ? session->items.bundle->id : NULL;
    view->choice_count = session->items.count;
    view->choices = session->items.list;
    view->none_chosen = session->items.none_chosen;
    if (items) {
        view->item_count = items->count;
        view->items = items->items;
        if (visit->step == STEP_QUESTIONS)
            view->question_item = items_own(items, visit->screen);
    }
    if (!may_change(visit))
        return;
    view->fitting_count = session->items.count > 0 ? session->items.count - 1
                                                   : fitting(session, visit->service, others);
}

void items_describe(const struct session *session, const struct visit *visit, bool limits_hold,
                    struct case_draft *draft)
{
    const struct one_visit *items = items_of(session, visit);
    for (size_t i = 0; items && i < items->count; i++) {
        struct item_note *note = &draft->items[draft->item_count++];
        const struct service_limit *limit =
            limits_hold ? service_limit_on(items->items[i], session->now.utc_ms) : NULL;
        text_copy(note->service, sizeof note->service, items->items[i]->id);
        text_copy(note->item_code, sizeof note->item_code, items->items[i]->item_code);
        note->legal_limit_days = limit ? limit->legal_days : 0;
        note->promised_limit_days = limit ? limit->promised_days : 0;
        for (size_t k = 0; k < draft->paper_count; k++)
            if (service_asks_paper(items->items[i], draft->papers[k].id))
                draft->papers[k].items |= 1u << i;
    }
}
