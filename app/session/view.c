// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of the moment, built anew after each step that changed something.
#include "session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

static enum screen staff_screen(const struct staff_session *staff)
{
    switch (staff->screen) {
    case STAFF_QUEUE: return SCREEN_STAFF_QUEUE;
    case STAFF_CASE: return SCREEN_STAFF_CASE;
    case STAFF_TECHNICIAN: return SCREEN_TECHNICIAN;
    case STAFF_CLOCK: return SCREEN_STAFF_CLOCK;
    case STAFF_PIN:
    case STAFF_OFF: break;
    }
    return SCREEN_STAFF_PIN;
}

static enum screen current_screen(const struct session *session)
{
    if (session->staff.screen != STAFF_OFF)
        return staff_screen(&session->staff);
    if (session->items.open && !session->problem.open)
        return SCREEN_ITEMS;
    if (session->place == PLACE_VISIT)
        return steps_screen(session->visit);
    if (session->problem.open)
        return SCREEN_PROBLEM;
    if (session->place == PLACE_TRACK)
        return track_screen(session->track);
    if (session->place == PLACE_POLICIES)
        return session->policy.shown[0] ? SCREEN_POLICY : SCREEN_POLICIES;
    if (session->place == PLACE_BUNDLES)
        return SCREEN_BUNDLES;
    if (session->place == PLACE_RESUME || session->place == PLACE_PARKED)
        return SCREEN_CODE;
    return session->place == PLACE_SERVICES ? SCREEN_SERVICES : SCREEN_ATTRACT;
}

static void show_problem(struct view *view, const struct problem *problem)
{
    if (!problem->open)
        return;
    view->problem_what_key = problem->what_key;
    view->problem_safe_key = problem->safe_key;
    view->problem_next_key = problem->next_key;
    view->problem_code = problem->code;
    view->problem_retry = problem->retry;
}

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
    if (count > 1) {
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

static void show_chosen(struct view *view, const struct code_entry *entry,
                        enum code_purpose purpose)
{
    view->code = (struct view_code){.purpose = purpose,
                                    .digits = (int)strlen(entry->typed),
                                    .again = entry->first[0] != '\0',
                                    .problem_key = entry->problem_key,
                                    .tries_left = -1};
}

static void show_ticket(struct view *view, const struct session *session)
{
    const struct visit *visit = session->visit;
    const struct ticket_state *state = &visit->ticket;
    view->may_take_ticket = ticket_may(session);
    view->has_ticket = state->taken;
    view->ticket_behind = state->behind;
    view->may_park = park_may(session);
    view->will_park = park_would(session);
    view->leaves_kept = session->kept != NULL;
    view->has_hide_code = visit->hide_code[0] != '\0';
    if (visit->choosing)
        show_chosen(view, &visit->park_entry,
                    visit->choosing == PARK_TO_GO ? CODE_PARK_CHOOSE : CODE_HIDE_CHOOSE);
    else if (visit->choosing_code)
        show_chosen(view, &visit->factor_entry, CODE_FACTOR_CHOOSE);
    else if (state->stage == TICKET_CHOOSE)
        show_chosen(view, &state->entry, CODE_TICKET_CHOOSE);
    if (state->stage == TICKET_NONE)
        return;
    view->ticket = (struct view_ticket){
        .making = state->stage == TICKET_MAKING,
        .failed = state->stage == TICKET_FAILED,
        .leaving = state->leaving,
        .last_four = state->held.ticket.code == TICKET_LAST_FOUR,
        .state = state->print_state,
        .problem_key = state->problem_key,
    };
    if (state->stage == TICKET_SHOWN) {
        view->qr_text = state->qr;
        ticket_grouped(state->held.ticket.typed, view->ticket.typed);
    }
    session_day_time(session, state->held.expires_utc_ms, view->ticket.expires);
}

static void show_typed(struct view *view, const struct resume *resume)
{
    view->code.purpose = CODE_TICKET_TYPE;
    view->code.alphabet = ticket_alphabet();
    text_copy(view->code.typed, sizeof view->code.typed, resume->typed);
}

// A ticket that came back, or whoever wants to go on: the same whether a visit lies here or not.
static void show_code(struct view *view, const struct session *session)
{
    const struct resume *resume = session->resume;
    const struct park *park = &session->park;
    if (session->visit && session->visit->draft) {
        view->code = (struct view_code){
            .purpose = session->visit->came_back ? CODE_PARK_OPEN : CODE_TICKET_OPEN, .digits = 4, .busy = true, .tries_left = -1};
    } else if (session->place == PLACE_RESUME && resume) {
        show_chosen(view, &resume->entry, CODE_TICKET_OPEN);
        view->code.last_four = resume->ticket.code == TICKET_LAST_FOUR;
        view->code.busy = resume->stage != RESUME_ASK && resume->stage != RESUME_TYPE;
        if (resume->stage == RESUME_TYPE || resume->stage == RESUME_FIND)
            show_typed(view, resume);
        view->code.tries_left = resume->tries_left;
    } else if (session->place == PLACE_PARKED) {
        show_chosen(view, &park->entry, CODE_PARK_OPEN);
        view->code.last_four = true; // X is offered to everybody
        view->code.busy = park->try_serial != 0;
        view->code.digits = park->try_serial ? TICKET_CODE_TEXT - 1 : view->code.digits;
    }
}

static void show_visit(struct view *view, struct visit *visit)
{
    view->visit_open = true;
    view->service = visit_shown(visit);
    view->who = visit->who;
    view->can_go_back =
        visit->step < STEP_SAVING && (!steps_is_first(visit) || visit->step == STEP_NOTICE ||
                                      visit->step == STEP_WANTED || visit->step == STEP_QUESTIONS);
    view->can_go_back |= view->preview && visit->problem.open; // nothing was handed in
    view->show_violations = visit->show_violations;
    view->refused_ref = visit->refused_ref[0] ? visit->refused_ref : NULL;
    view->refused_text = visit->refused_text;
    characters_view(visit, view);
    steps_progress(visit, &view->progress.step, &view->progress.steps);
    show_problem(view, &visit->problem);
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

static void show_staff(struct view *view, struct session *session)
{
    struct staff_session *staff = &session->staff;
    int64_t locked = staff->locked_until_ms - session_now_ms(session);
    view->staff_clock = staff->clock_typed;
    view->can_go_back = staff->screen == STAFF_CASE || staff->screen == STAFF_CLOCK || staff->screen == STAFF_PIN;
    view->staff_number = staff->number[0] ? staff->number : staff->typed_number;
    view->pin_digits = (int)strlen(staff->pin);
    view->staff_asks_pin = staff->asks_pin;
    view->staff_problem_key = staff->problem_key;
    view->staff_wait_s = staff->locked_until_ms && locked > 0 ? (int)((locked + 999) / 1000) : 0;
    view->staff_role = staff->role;
    view->case_count = staff->case_count;
    view->cases = staff->cases;
    for (size_t i = 0; i < staff->case_count && staff->screen == STAFF_CASE; i++)
        if (text_equal(staff->cases[i].number, staff->case_number))
            view->chosen_case = &staff->cases[i];
    // Urgent ones are records in the store; an ordinary one is only here.
    view->open_calls = staff->open_calls + (session->call.calling && !session->call.urgent ? 1 : 0);
    if (staff->call_utc_ms)
        session_day_time(session, staff->call_utc_ms, staff->call_since);
    view->call_since = staff->call && staff->call_utc_ms ? staff->call_since : "";
    view->joined_presses = session->urgent.presses;
    view->check_count = staff->check_count;
    view->checks = staff->checks;
    view->staff_message_key = staff->message_key;
}

static const char *notice_key(const struct session *session)
{
    if (session->options.preview)
        return "preview.mark";
    if (session->just_saved_until_ms)
        return "attract.just-saved";
    return session->options.practice ? "attract.practice" : NULL;
}

void view_build(struct session *session)
{
    struct view *view = &session->view;
    uint64_t change = view->change + 1;
    memset(view, 0, sizeof *view);
    view->change = change;
    view->screen = current_screen(session);
    view->overlay = session->overlay;
    view->language = session->comfort.language;
    view->size = session->comfort.size;
    view->contrast = session->comfort.contrast;
    view->catalogue = session->options.catalogue;
    view->counter_name = session->counter_name;
    text_copy(view->clock_text, sizeof view->clock_text, session->clock_text);
    view->notice_key = notice_key(session);
    view->door = session->door;
    view->who = view->name = view->id_number = view->name_problem = view->id_problem = "";
    view->pack_version = session->options.pack_version;
    view->content_ended = content_has_ended(session);
    view->stuck_contacts = session->stuck_contacts;
    view->clock_unknown = !clock_is_known(session);
    view->unsealed_count = session->unsealed;
    view->preview = session->options.preview;
    view->countdown_s = session->overlay == OVERLAY_IDLE ? idle_countdown_s(session) : 0;
    view->code_message_key = session->code_message_key;
    call_view(session, view);
    show_problem(view, &session->problem);
    show_code(view, session);
    if (session->visit && session->staff.screen == STAFF_OFF)
        show_visit(view, session->visit), show_afterwards(view, session);
    else
        view->can_go_back = session->place != PLACE_ATTRACT || session->problem.open;
    track_view(session, view);
    items_view(session, view);
    correction_view(session, view);
    view->visit_open =
        session->visit != NULL || session->track != NULL || session->place != PLACE_ATTRACT;
    policy_show(session, view);
    if (session->visit && session->staff.screen == STAFF_OFF)
        show_ticket(view, session);
    if (session->staff.screen != STAFF_OFF)
        show_staff(view, session);
}
