// SPDX-License-Identifier: GPL-3.0-or-later
// 补正: answering what the district still needs. The list came with the lookup; nothing of it is
// shown before its signature was verified, for this very case and in time. Then a visit of its own:
// what is wanted and why, the questions of the short form, the papers, and what the first service
// wants signed. Who asks is known by the second factor already.
#include "../session_internal.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

#define ANSWER "/data/answer/a"

void correction_forget(struct session *session)
{
    struct correction *correction = &session->correction;
    form_free(correction->slot.form);
    arena_free(correction->arena);
    *correction = (struct correction){0};
}

// Whoever stands here is told calmly; staff find the reason in the log.
static void refuse(struct session *session, const char *kind, enum err err, const struct fail *why)
{
    char code[32];
    snprintf(code, sizeof code, "CORRECTION-%d", (int)err);
    log_event(LOG_WARNING, "session", "correction-refused", "err=%s why=\"%s\"", err_name(err),
              why->text);
    session_note(session, "correction.refused", err_name(err));
    visit_problem(&session->problem, kind, code, false);
}

// A paper is the same whichever service asks for it.
static void look_up(const struct catalogue *catalogue, struct service_paper *paper)
{
    for (size_t i = 0; i < catalogue_service_count(catalogue); i++) {
        const struct service *service = catalogue_service_at(catalogue, i);
        for (size_t k = 0; k < service->paper_count; k++)
            if (text_equal(service->papers[k].id, paper->id)) {
                *paper = service->papers[k];
                return;
            }
    }
}

static void take_papers(struct correction *correction, const struct catalogue *catalogue)
{
    const struct correction_list *list = correction->list;
    struct service *service = &correction->service;
    for (size_t i = 0; i < list->count && service->paper_count < SERVICE_PAPERS; i++) {
        if (list->items[i].kind != CORRECTION_PAPER)
            continue;
        struct service_paper *paper = &service->papers[service->paper_count++];
        text_copy(paper->id, sizeof paper->id, list->items[i].ref);
        look_up(catalogue, paper);
    }
}

// What this visit is like: nothing of it is printed as a limit, and it is as confidential as its
// case.
static void make_service(struct session *session)
{
    struct correction *correction = &session->correction;
    const struct catalogue *catalogue = session->options.catalogue;
    const struct service *first = catalogue_service(catalogue, correction->list->service);
    correction->service = *catalogue_correction(catalogue);
    correction->service.limit_count = 0;
    correction->service.minutes = 1 + (int)correction->list->count;
    correction->service.needs_signature = !first || first->needs_signature;
    correction->service.restricted = first && first->restricted;
    if (first)
        text_copy(correction->service.item_code, sizeof correction->service.item_code,
                  first->item_code);
    take_papers(correction, catalogue);
    correction->slot.service = &correction->service;
    correction->slot.list = correction->list;
}

void correction_begin(struct session *session)
{
    const struct track_case *told = track_case(session);
    const struct correction_trust trust = {session->options.crypto, session->options.district_keys,
                                           session->options.district_key_count};
    int64_t now = session->now.quality == TIME_UNKNOWN ? 0 : session->now.utc_ms;
    struct fail why = {0};
    if (!told || !told->correction)
        return;
    correction_forget(session);
    session->correction.arena = arena_new_locked(0);
    session->correction.list = ARENA_NEW(session->correction.arena, struct correction_list);
    enum err err = correction_open(&trust, told->correction, told->instance, now,
                                   session->correction.list, &why);
    if (err) {
        correction_forget(session);
        refuse(session, err == ERR_FULL ? "correction-over" : "correction-bad", err, &why);
        return;
    }
    make_service(session);
    visit_start_linked(session, &session->correction.service, told);
}

// ------------------------------------------------------------------ what is wanted, on the screen

struct labelling {
    const struct session *session;
    struct correction *correction;
    struct record *record;
};

// "家庭成员 2 · 姓名": the question as its own screen has it.
static void label(void *context, const char *screen, const struct question *question)
{
    struct labelling *labelling = context;
    struct correction *correction = labelling->correction;
    struct form_screen shown;
    char ref[LIMIT_REF];
    int64_t number = 0;
    if (!screen || !text_starts(question->ref, ANSWER) ||
        !text_to_int64(question->ref + sizeof ANSWER - 1, &number) || number < 1 ||
        number > CORRECTION_ITEMS)
        return;
    text_copy(ref, sizeof ref, screen);
    const char *group =
        record_screen(labelling->record, ref, &shown, NULL) ? "" : shown.group_label;
    const char *const pairs[] = {"group", group, "question", question->label, NULL};
    texts_fill(correction->labels[number - 1], sizeof correction->labels[0],
               group[0] ? session_text(labelling->session, "wanted.of-group") : "{question}",
               pairs);
}

void correction_view(struct session *session, struct view *view)
{
    struct correction *correction = &session->correction;
    const struct correction_list *list = correction->list;
    const struct visit *visit = session->visit;
    size_t field = 0;
    if (!list || !visit || visit->step != STEP_WANTED || !visit->record)
        return;
    struct labelling labelling = {session, correction, visit->record};
    memset(correction->labels, 0, sizeof correction->labels);
    record_review(visit->record, label, &labelling); // anew: the language may have changed
    correction_due_day(list, correction->due);
    view->wanted_due = correction->due;
    view->wanted_count = list->count;
    view->wanted = correction->wanted;
    for (size_t i = 0; i < list->count; i++) {
        const struct correction_item *item = &list->items[i];
        bool paper = item->kind == CORRECTION_PAPER;
        correction->wanted[i] =
            (struct view_wanted){.reason = item->reason, .paper = paper ? item->ref : NULL};
        if (!paper) {
            correction->wanted[i].label = correction->labels[field++]; // "": asked after another
        }
    }
}
