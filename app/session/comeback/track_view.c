// SPDX-License-Identifier: GPL-3.0-or-later
// What the screens of a case show. Of the second factor only how many characters were typed.
#include "../session_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/content/follow.h"

#include <stdio.h>
#include <string.h>

enum screen track_screen(const struct track *track)
{
    switch (track->step) {
    case TRACK_STEP_FIND: return SCREEN_TRACK_FIND;
    case TRACK_STEP_FACTOR:
    case TRACK_STEP_ASKING: return SCREEN_TRACK_FACTOR;
    case TRACK_STEP_TOLD: break;
    }
    return SCREEN_TRACK_CASE;
}

// Said as soon as all digits are there, not before.
static const char *number_problem(const char *number)
{
    struct receipt_number parsed;
    if (strlen(number) < RECEIPT_NUMBER_DIGITS)
        return NULL;
    return receipt_number_parse(number, &parsed, NULL) == ERR_OK ? NULL : "follow.number-wrong";
}

// Keys by the district's code; before it has said any, by how far the case is on its way.
static void show_state(const struct track_case *told, const struct service_limit *limit,
                       struct view_track *view)
{
    const char *state = told->status[0]             ? told->status
                        : told->place == TRACK_HERE ? "here"
                                                    : "sent";
    snprintf(view->status_key, sizeof view->status_key, told->status[0] ? "status.%s" : "follow.%s",
             state);
    struct follow_words words;
    follow_words(limit, state, &words);
    text_copy(view->now_key, sizeof view->now_key, words.now_key);
    text_copy(view->next_key, sizeof view->next_key, words.next_key);
    view->follow_days = words.days;
}

static void show_limits(const struct session *session, const struct track_case *told,
                        struct view_track *view)
{
    const struct service *service = catalogue_service(session->options.catalogue, told->service);
    const struct service_limit *limit =
        service ? service_limit_on(service, told->saved_utc_ms) : NULL;
    show_state(told, limit, view);
    view->promise_key = follow_promise(limit);
    view->promised_days = limit ? limit->promised_days : 0;
    view->limit_hours = service ? service->limit_hours : 0;
}

static void show_linked(const struct session *session, const struct track_case *told,
                        struct view_track *view)
{
    view->linked_count = told->linked_count;
    for (size_t i = 0; i < told->linked_count; i++) {
        const struct track_linked *from = &told->linked[i];
        struct view_linked *to = &view->linked[i];
        text_copy(to->number, sizeof to->number, from->number);
        snprintf(to->service_key, sizeof to->service_key, "service.%s.name", from->service);
        snprintf(to->status_key, sizeof to->status_key,
                 from->status[0] ? "status.%s" : "follow.here", from->status);
        session_day_time(session, from->saved_utc_ms, to->saved_at);
    }
}

static void show_found(const struct session *session, const struct track_case *told,
                       struct view_track *view)
{
    snprintf(view->service_key, sizeof view->service_key, "service.%s.name", told->service);
    show_limits(session, told, view);
    session_day_time(session, told->saved_utc_ms, view->saved_at);
    if (told->status_utc_ms)
        session_day_time(session, told->status_utc_ms, view->since);
    if (told->known_utc_ms)
        session_day_time(session, told->known_utc_ms, view->known_at);
    view->from_district = told->from_district;
    view->newer_receipt = told->newer_receipt;
    view->wants_receipt = !told->owner && !told->newer_receipt;
    view->may_correct = told->correction != NULL;
    view->may_add = told->may_add;
    view->may_withdraw = told->may_withdraw;
    view->may_reprint = told->may_reprint;
    show_linked(session, told, view);
}

static void show_counter(const struct session *session, const char *code, struct view_track *view)
{
    const struct counter *counter = catalogue_counter(session->options.catalogue, code);
    view->counter = code;
    view->counter_name = !counter               ? code
                         : counter->name_key[0] ? session_text(session, counter->name_key)
                                                : counter->name;
    view->counter_phone = counter ? counter->phone : "";
}

static void show_told(const struct session *session, struct view_track *view)
{
    const struct track *track = session->track;
    const struct track_case *told = track->told;
    view->result = told->result;
    view->number = told->number;
    view->wait_hours = (int)((told->wait_ms + 3599999) / 3600000);
    show_counter(session, told->counter, view);
    if (told->result == TRACK_FOUND)
        show_found(session, told, view);
    view->printing = track->printing;
}

void track_view(struct session *session, struct view *view)
{
    struct track *track = session->track;
    if (!track)
        return;
    memory_wipe(&track->view, sizeof track->view);
    track->view = (struct view_track){.number = track->question.number,
                                      .number_problem_key = number_problem(track->question.number),
                                      .factor_count = (int)strlen(track->question.factor),
                                      .no_fit = track->no_fit,
                                      .tries_left = track->tries_left,
                                      .waiting = track->step == TRACK_STEP_ASKING,
                                      .counter = "",
                                      .counter_name = "",
                                      .counter_phone = ""};
    if (track->told)
        show_told(session, &track->view);
    view->track = &track->view;
    if (session->place != PLACE_TRACK)
        return;
    view->screen = track_screen(track);
    view->can_go_back = track->step != TRACK_STEP_ASKING;
    if (track->printing) {
        view->receipt_state = track->receipt_state;
        view->receipt_problem_key = track->receipt_problem_key;
    }
}
