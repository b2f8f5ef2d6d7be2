// SPDX-License-Identifier: GPL-3.0-or-later
// The policy catalogue: by group, by what was typed, one measure at a time. Nobody has to say who
// they are to read it; where it leads on is a service of the kiosk.
#include "../session_internal.h"
#include "yimen/base/text.h"

static bool is_there(const struct session *session, const char *group)
{
    const struct policies *policies = session->options.policies;
    for (size_t i = 0; i < policies_group_count(policies); i++)
        if (text_equal(policies_group_at(policies, i)->id, group))
            return true;
    return false;
}

static const struct policy *shown(const struct session *session)
{
    return policies_find(session->options.policies, session->policy.shown);
}

static void look_for(struct session *session, const char *group, const char *query)
{
    struct policy_place *place = &session->policy;
    text_copy(place->group, sizeof place->group, group);
    session_copy_clean(place->query, sizeof place->query, query);
    place->shown[0] = '\0';
}

static void go_back(struct session *session)
{
    struct policy_place *place = &session->policy;
    if (session->problem.open)
        session->problem.open = false; // the measure stays as it was
    else if (place->shown[0])
        place->shown[0] = '\0';
    else if (place->group[0] || place->query[0])
        look_for(session, "", "");
    else if (session->door[0])
        session->place = PLACE_SERVICES;
    else
        go_home(session, "left");
}

static void apply(struct session *session, const char *id)
{
    const struct policy *policy = shown(session);
    const struct service *service = catalogue_service(session->options.catalogue, id);
    if (!policy || !service || !text_equal(policy->service, id))
        return;
    if (service->urgent) {
        go_to(session, &(struct go){.kind = GO_URGENT});
        return;
    }
    session->policy.left_for_visit = true;
    go_to(session, &(struct go){.kind = GO_VISIT, .service = service});
}

static void open_catalogue(struct session *session)
{
    session->problem.open = false;
    memory_wipe(&session->policy, sizeof session->policy);
    session->place = PLACE_POLICIES;
}

bool policy_intent(struct session *session, const struct intent *intent)
{
    const struct policies *policies = session->options.policies;
    if (!policies)
        return false;
    if (intent->kind == INTENT_POLICIES) {
        open_catalogue(session);
        return true;
    }
    if (session->place != PLACE_POLICIES)
        return false;
    if (intent->kind == INTENT_POLICY_GROUP && is_there(session, intent->text))
        look_for(session, intent->text, "");
    else if (intent->kind == INTENT_POLICY_SEARCH)
        look_for(session, "", intent->text);
    else if (intent->kind == INTENT_POLICY && policies_find(policies, intent->text)) {
        text_copy(session->policy.shown, sizeof session->policy.shown, intent->text);
        slip_forget(session);
    } else if (intent->kind == INTENT_APPLY)
        apply(session, intent->text);
    else if (intent->kind == INTENT_PRINT_SLIP && shown(session))
        slip_print_policy(session, session->policy.shown);
    else if (intent->kind == INTENT_BACK || intent->kind == INTENT_NEXT)
        go_back(session);
    else
        return false;
    return true;
}

void policy_end(struct session *session)
{
    struct print_request print = {.kind = PRINT_VISIT_ENDED};
    if (session->slip.asked) {
        text_copy(print.job, sizeof print.job, session->slip.job);
        tell_printer(session, &print);
    }
    memory_wipe(&session->slip, sizeof session->slip);
    memory_wipe(&session->policy, sizeof session->policy);
}

// What is in force today, behind a group or with the words that were typed.
static void collect(struct session *session)
{
    const struct policies *policies = session->options.policies;
    struct policy_place *place = &session->policy;
    const struct policy *all[VIEW_POLICIES];
    bool searched = place->query[0] != '\0', dated = session->now.quality != TIME_UNKNOWN;
    size_t count =
        policies_search(policies, session->comfort.language, place->query, all, VIEW_POLICIES);
    place->count = 0;
    for (size_t i = 0; i < count; i++) {
        bool wanted = searched || text_equal(all[i]->group, place->group);
        if (wanted && !(dated && !policy_holds(all[i], session->now.utc_ms)))
            place->found[place->count++] = all[i];
    }
}

static void show_policy(const struct session *session, struct view *view, const char *id)
{
    if (!id[0])
        return;
    view->policy = policies_find(session->options.policies, id);
    if (!view->policy || !view->policy->service[0])
        return;
    view->policy_service = catalogue_service(session->options.catalogue, view->policy->service);
    if (view->policy_service && session->now.quality != TIME_UNKNOWN)
        view->policy_limit = service_limit_on(view->policy_service, session->now.utc_ms);
}

static const struct service *advice(const struct session *session)
{
    const struct catalogue *catalogue = session->options.catalogue;
    for (size_t i = 0; i < catalogue_service_count(catalogue); i++)
        if (catalogue_service_at(catalogue, i)->advises)
            return catalogue_service_at(catalogue, i);
    return NULL;
}

void policy_view(struct session *session, struct view *view)
{
    struct policy_place *place = &session->policy;
    view->policies = session->options.policies;
    view->advice = advice(session);
    view->policy_group = place->group;
    view->policy_query = place->query;
    view->slip_asked = session->slip.asked;
    view->slip_state = session->slip.state;
    view->slip_problem_key = session->slip.problem_key;
    if (session->place == PLACE_VISIT) {
        fit_show(session, view);
        show_policy(session, view, session->visit->fit_policy);
        return;
    }
    if (session->place != PLACE_POLICIES)
        return;
    view->screen = place->shown[0] ? SCREEN_POLICY : SCREEN_POLICIES;
    show_policy(session, view, place->shown);
    if (place->shown[0])
        return;
    collect(session);
    view->policy_list = place->found;
    view->policy_count = place->count;
}

void policy_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_PRINT)
        slip_event(session, &input->print);
}
