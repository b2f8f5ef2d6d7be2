// SPDX-License-Identifier: GPL-3.0-or-later
// Papers and the separate consents: neither ever blocks an application. A paper has five answers; a
// consent is asked on its own screen, never ticked beforehand, and may be refused. The commitment
// (with the authorisation to check) is what the law asks for: refused, its screen stays and
// explains.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>

bool papers_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind != INTENT_PAPER)
        return false;
    // "Scanned" is not for the screen to say: it comes with the scan.
    if (intent->number < PAPER_ANSWER_NONE || intent->number > PAPER_ANSWER_CANNOT ||
        intent->number == PAPER_ANSWER_SCAN)
        return true;
    const struct service *list = visit_papers_service(visit);
    for (size_t i = 0; i < list->paper_count; i++)
        if (text_equal(list->papers[i].id, intent->text))
            visit->papers[i] = (enum paper_answer)intent->number;
    return true;
}

struct node_search {
    const char *ref;
    bool found, relevant;
};

static void search(void *context, const struct record_node *node)
{
    struct node_search *find = context;
    if (text_equal(node->ref, find->ref)) {
        find->found = true;
        find->relevant = node->relevant;
    }
}

// What the form has a node for under /data/visit and calls irrelevant is not asked: no consent
// about a bank account that is not given, no divorce papers of somebody who is married.
static bool applies(struct visit *visit, const char *kind, const char *id)
{
    char ref[96];
    snprintf(ref, sizeof ref, "/data/visit/%s_%s", kind, id);
    struct node_search find = {.ref = ref};
    record_visit(visit->record, search, &find);
    return !find.found || find.relevant;
}

bool papers_choose(struct visit *visit)
{
    bool any = false;
    const struct service *list = visit_papers_service(visit);
    for (size_t i = 0; i < list->paper_count; i++) {
        visit->paper_asked[i] = applies(visit, "paper", list->papers[i].id);
        any = any || visit->paper_asked[i];
    }
    return any;
}

bool papers_call_for_more(struct visit *visit)
{
    const struct service *list = visit_papers_service(visit);
    (void)papers_choose(visit);
    for (size_t i = 0; i < list->paper_count; i++)
        if (visit->paper_asked[i] && !visit->paper_seen[i] && visit->papers[i] == PAPER_ANSWER_NONE)
            return true;
    return false;
}

bool papers_enter(struct session *session, bool forwards)
{
    (void)forwards;
    return papers_choose(session->visit);
}

// Papers never block an application; but who came to add one has to say which.
bool papers_ready(struct session *session)
{
    struct visit *visit = session->visit;
    const struct service *list = visit_papers_service(visit);
    bool any = list == visit->service;
    for (size_t i = 0; i < list->paper_count; i++)
        any = any || visit->papers[i] != PAPER_ANSWER_NONE;
    for (size_t i = 0; any && i < list->paper_count; i++)
        visit->paper_seen[i] = visit->paper_seen[i] || visit->paper_asked[i];
    return any;
}

static bool show_consent(struct visit *visit, int from, int direction)
{
    for (int i = from; i >= 0 && i < (int)visit->service->consent_count; i += direction) {
        if (!applies(visit, "consent", visit->service->consents[i]))
            continue;
        visit->consent = (size_t)i;
        visit->show_violations = false;
        return true;
    }
    return false;
}

bool consents_enter(struct session *session, bool forwards)
{
    struct visit *visit = session->visit;
    int last = (int)visit->service->consent_count - 1;
    return forwards ? show_consent(visit, 0, 1) : show_consent(visit, last, -1);
}

bool consents_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    int at = (int)visit->consent;
    if (intent->kind == INTENT_CONSENT) {
        visit->consents[visit->consent] = intent->number ? CHOICE_YES : CHOICE_NO;
        return true;
    }
    if (intent->kind == INTENT_BACK)
        return show_consent(visit, at - 1, -1);
    if (intent->kind != INTENT_NEXT)
        return false;
    if (visit->consents[visit->consent] == CHOICE_NONE) {
        visit->show_violations = true;
        return true;
    }
    return show_consent(visit, at + 1, 1);
}

bool commitment_ready(struct session *session)
{
    return session->visit->commitment == CHOICE_YES;
}

bool commitment_intent(struct session *session, const struct intent *intent)
{
    // The button that leads on says "I promise": pressing it is the agreement, a tick is not
    // needed.
    if (intent->kind == INTENT_NEXT)
        session->visit->commitment = CHOICE_YES;
    if (intent->kind != INTENT_CONSENT)
        return false;
    session->visit->commitment = intent->number ? CHOICE_YES : CHOICE_NO;
    return true;
}
