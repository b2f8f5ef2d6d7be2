// SPDX-License-Identifier: GPL-3.0-or-later
// What a visit shows of itself.
#include "../session_internal.h"

static void show_questions(struct view *view, struct visit *visit)
{
    size_t index = 0, count = 0;
    if (visit->step != STEP_QUESTIONS || !visit->record)
        return;
    // Whatever changed the record moved what the screen points to.
    if (record_screen(visit->record, visit->screen, &visit->form_screen, NULL))
        return;
    view->form_screen = &visit->form_screen;
    record_screen_position(visit->record, visit->screen, &index, &count);
    if (count > 1 && !fit_is_shown(visit)) {
        view->progress.part = (int)index + 1;
        view->progress.parts = (int)count;
    }
}

static void show_papers(struct view *view, struct visit *visit)
{
    view->paper_count = 0;
    const struct service *list = visit_papers_service(visit);
    for (size_t i = 0; i < list->paper_count; i++)
        if (visit->paper_asked[i])
            visit->view_papers[view->paper_count++] =
                (struct view_paper){.paper = &list->papers[i], .answer = visit->papers[i]};
    view->papers = visit->view_papers;
}

static void show_consent(struct view *view, const struct visit *visit)
{
    enum choice choice = CHOICE_NONE;
    if (visit->step == STEP_CONSENTS) {
        choice = visit->consents[visit->consent];
        view->consent = visit->service->consents[visit->consent];
    } else if (visit->step == STEP_COMMITMENT) {
        choice = visit->commitment;
    }
    view->consent_given = choice == CHOICE_YES;
    view->consent_asked = choice != CHOICE_NONE;
}

static void show_receipt(struct view *view, const struct visit *visit)
{
    if (!visit->saved)
        return;
    view->receipt_number = visit->receipt_number;
    view->qr_text = visit->qr_text;
    view->receipt_state = visit->receipt_state;
    view->receipt_problem_key = visit->receipt_problem_key;
    view->saved_at = visit->saved_at;
    view->deadline = visit->deadline[0] ? visit->deadline : NULL;
    view->rating = visit->rating;
}

static void show_visit(struct view *view, struct visit *visit)
{
    view->screen = steps_screen(visit);
    view->visit_open = true;
    view->service = visit_shown(visit);
    view->who = visit->who;
    view->can_go_back =
        visit->step < STEP_SAVING && (!steps_is_first(visit) || visit->step == STEP_NOTICE ||
                                      visit->step == STEP_WANTED || visit->step == STEP_QUESTIONS);
    view->can_go_back |= view->preview && visit->problem.open; // nothing was handed in
    view->is_opening = visit->waits_for_form;
    view->show_violations = visit->show_violations;
    view->refused_ref = visit->refused_ref[0] ? visit->refused_ref : NULL;
    view->refused_text = visit->refused_text;
    characters_view(visit, view);
    if (!fit_is_shown(visit))
        steps_progress(visit, &view->progress.step, &view->progress.steps);
    problem_show(view, &visit->problem);
    if (visit->step == STEP_IDENTITY) {
        view->name = visit->name;
        view->id_number = visit->id_number;
        view->document = visit->document;
        view->name_problem = visit->show_violations ? visit->name_problem : "";
        view->id_problem = visit->show_violations ? visit->id_problem : "";
    }
    show_questions(view, visit);
    show_papers(view, visit);
    if (visit->step == STEP_REVIEW) {
        view->answers = visit->answers;
        view->answer_count = visit->answer_count;
    }
    show_consent(view, visit);
    view->signature = visit->signature;
    show_receipt(view, visit);
    view->remove_ref = visit->remove_ref;
    view->remove_label = visit->remove_label;
}

static void show_afterwards(struct view *view, const struct session *session)
{
    struct visit *visit = session->visit;
    if (visit->step != STEP_DONE)
        return;
    view->afterwards_count = afterwards_list(session, visit);
    view->afterwards = visit->afterwards;
}

void visit_view(struct session *session, struct view *view)
{
    if (!session->visit || session->staff.screen != STAFF_OFF)
        return;
    show_visit(view, session->visit);
    show_afterwards(view, session);
}
