// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../room/room.h"
#include "ticket_state.h"
#include "yimen/case/track.h"
#include <jansson.h>

/// One application being made: visit (start, end, wipe), visit_steps (order), and a file for each
/// step: identity, questions, papers, review, consents, sign, save, receipt.

/// A repeat instance that was entered from its list.
struct opened {
    char range[LIMIT_REF], instance[LIMIT_REF];
    bool is_new; ///< added just now, and nothing was answered in it yet
};

/// An answer given to "which help fits me" that another form may ask for again.
struct carried {
    struct carried *next;
    const char *ref, *value;
};

/// What a code is being chosen for.
enum park_choice { PARK_CHOOSES_NOTHING, PARK_TO_GO, PARK_TO_HIDE };

enum { CHARACTERS = 12, CHARACTER_POINTS = 1000 };
/// A character written with the finger.
struct character {
    char ref[LIMIT_REF]; ///< the field whose value holds DRAWN_SIGN for it
    size_t count;
    int width, height;
    struct stroke_point points[CHARACTER_POINTS];
};
/// In the order in which they were drawn; `drawn[count]` is the one on the pad.
struct characters {
    bool is_open, of_identity;
    bool goes_on;         ///< just back from the pad: the field is typed in again
    char ref[LIMIT_REF];  ///< for which the pad is, or was, open
    struct intent *typed; ///< see characters_typed
    size_t count;
    struct character drawn[CHARACTERS + 1];
};

/// Everything of one application being made. Lives in an arena of its own, which zeroes it.
struct visit {
    struct arena *arena;
    const struct service *service;
    enum visit_step step;
    char instance[LIMIT_INSTANCE_ID]; ///< fixed here, so that no retry makes two
    struct when first_touch;
    struct record *record; ///< NULL until the form is there, and while it is being saved
    bool waits_for_form;   ///< "next" was pressed before the form had arrived
    bool show_violations, from_review;
    char review_origin[LIMIT_REF]; ///< from_review: the line that was touched; "" none was
    struct problem problem;

    char who[16];
    enum document document;
    bool document_list; ///< the kinds of documents are on the screen
    char name[NAME_BYTES], id_number[ID_BYTES];
    struct characters characters;
    /// Four digits of the owner's own, where there is neither number nor telephone.
    char chosen_code[TICKET_CODE_TEXT];
    bool choosing_code, code_declined;
    struct code_entry factor_entry;
    char name_problem[512], id_problem[512];

    char screen[LIMIT_REF]; ///< of the form
    struct opened opened[OPENED_DEPTH];
    size_t opened_count;
    char remove_ref[LIMIT_REF], remove_label[256];
    char refused_ref[LIMIT_REF],
        refused_text[LIMIT_ANSWER + 1]; ///< typed, but no value of its kind
    char revealed[LIMIT_REF];           ///< the masked line of the review that is shown; "" none
    struct form_screen form_screen;

    enum paper_answer papers[SERVICE_PAPERS];
    bool paper_asked[SERVICE_PAPERS]; ///< of whom it does not concern it is not asked
    bool paper_seen[SERVICE_PAPERS];  ///< somebody has gone on from the list with it
    struct view_paper view_papers[SERVICE_PAPERS];
    size_t consent; ///< which of the separate consents is on screen
    enum choice consents[SERVICE_CONSENTS], commitment;

    enum signature_way signature;
    char witness[16];
    size_t stroke_count;
    int stroke_width, stroke_height;
    struct stroke_point strokes[VIEW_STROKE_POINTS];

    char receipt_number[LIMIT_RECEIPT_NUMBER], qr_text[LIMIT_QR_TEXT], job[64];
    char saved_at[32], deadline[32];
    enum receipt_state receipt_state;
    const char *receipt_problem_key;
    char shown_service[40];      ///< what paper, lists and counts call it, once it is saved
    const struct service *shown; ///< that service, where it is another: of a restricted case
    int64_t ask_printer_ms;      ///< when what is wrong with the printer is asked next
    bool saved, has_receipt;
    int rating;
    int64_t step_since_ms; ///< RATING and DONE go on by themselves

    bool is_fit;         ///< the form's screen is a part of "what may fit"
    char fit_policy[40]; ///< read about, from the list of what may fit
    size_t fit_count;
    struct view_fit fits[VIEW_FITS];
    char fit_reasons[VIEW_FITS][400];
    struct arena *carried_arena; ///< NULL: nothing was carried over
    struct carried *carried;     ///< until the record is there
    struct arena *next_arena;    ///< NULL, or what was answered, for the service after this one
    struct carried *next;
    /// Handed in by this person one after the other, the newest last.
    const struct service *handed_in[VIEW_AFTERWARDS];
    size_t handed_in_count;
    const struct service *afterwards[VIEW_AFTERWARDS]; ///< as shown
    struct ticket_state ticket;
    enum park_choice choosing;
    struct code_entry park_entry;
    char hide_code[TICKET_CODE_TEXT]; ///< chosen beforehand, "" = none
    bool put_away;                    ///< a sealed copy is parked
    char *draft; ///< what a ticket or a parked visit brought back; NULL when it is filled in
    size_t draft_length;
    bool came_back;   ///< by a ticket or out of the park
    bool form_is_new; ///< the form has changed since: what fits was kept

    size_t answer_count;
    struct view_answer answers[VIEW_ITEMS];
    const struct one_visit *items; ///< while they are listed: of several services

    /// What it belongs to: a case that was handed in; of_instance "" for an application of its own.
    char of_instance[LIMIT_INSTANCE_ID], of_number[LIMIT_RECEIPT_NUMBER];
    const struct service *of_service; ///< whose papers are added
    char of_name[64], of_id[24];      ///< as its receipt shows them
    char of_drawn[DRAWN_TEXT];        ///< pictures of the signs in of_name
    char of_token[LIMIT_TOKEN_TEXT];  ///< of the receipt that was shown for it
    char factor[TRACK_FACTOR]; ///< that opened it: also opens the new receipt. Of a case of its
                               ///< own, from handing in: what opens it
};

// ---- visit.c
void visit_start(struct session *session, const struct service *service);
/// A visit that belongs to a case which was found: its papers, its name, no identity asked again.
void visit_start_linked(struct session *session, const struct service *service,
                        const struct track_case *of);
/// The service whose papers are listed: of a case to which one is added, that case's.
const struct service *visit_papers_service(const struct visit *visit);
void visit_reply(struct session *session, struct session_input *input);
void visit_tick(struct session *session);
int64_t visit_wait(const struct session *session);
void visit_view(struct session *session, struct view *view);
/// Another language was chosen.
void visit_speak(struct session *session);
bool correction_is_service(const struct service *service);
bool visit_make_record(struct session *session);
/// ---- afterwards.c: where services go one after the other (a stand-in server), each next one is
/// begun with what was answered before.
void afterwards_collect(const struct session *session, struct visit *visit);
size_t afterwards_list(const struct session *session, struct visit *visit);
bool afterwards_intent(struct session *session, const struct intent *intent);
/// Who it is was said once: of the visit before, for the one that has begun.
void afterwards_take(struct visit *visit, const struct person *person);

/// The store says whether new ordinary visits may begin. Where nothing was answered yet the screen
/// says that they may not, until they may again; what is under way goes on.
void visit_gate(struct session *session, const struct outbox_reply *reply);
/// A visit of this service, with a new instance id.
struct visit *visit_new(struct session *session, const struct service *service);
/// Another form record than the usual new one: `edit` of record_options.
enum err visit_record_from(struct session *session, struct visit *visit, const char *edit,
                           struct fail *why) MUST_USE;
/// By its service, or by what was answered: nothing may tell it from another.
bool visit_is_restricted(const struct visit *visit);
/// What screens and steps call it: once a restricted case is saved, an enquiry, to the goodbye.
const struct service *visit_shown(const struct visit *visit);
void visit_problem(struct problem *problem, const char *kind, const char *code, bool retry);

// ---- visit_steps.c
void steps_begin(struct session *session);
/// Its form has come, or will not: whoever waits goes on, or is told.
void steps_form_came(struct session *session);
void steps_forward(struct session *session);
/// False: there is nothing before this step; the visit is left.
bool steps_back(struct session *session);
void steps_go(struct session *session, enum visit_step step);
bool steps_apply(const struct visit *visit, enum visit_step step);
bool steps_is_first(const struct visit *visit);
bool steps_are_ordinary(const struct service *service);
bool offer_enter(struct session *session, bool forwards);
bool offer_intent(struct session *session, const struct intent *intent);
enum screen steps_screen(const struct visit *visit);
void steps_progress(const struct visit *visit, int *step, int *steps);
/// Hands an intent to the step on screen.
bool steps_intent(struct session *session, const struct intent *intent);

// ---- the steps: `enter` says whether there is anything to do there, `ready` whether one may go on
bool identity_enter(struct session *session, bool forwards);
bool identity_ready(struct session *session);
bool identity_intent(struct session *session, const struct intent *intent);
/// A record made anew knows who applies.
void identity_restore(struct visit *visit);
/// Looks up what the form says against name and number as they are now.
void identity_check(struct visit *visit, const struct session *session);

// ---- visit_characters.c
/// What was just drawn is typed into its field, for the step on screen; on the heap, NULL: nothing.
struct intent *characters_typed(struct visit *visit);
/// True where the intent was for the pad, or opened it.
bool characters_intent(struct session *session, const struct intent *intent);
/// The field has this value now: pictures whose sign was erased go.
void characters_follow(struct visit *visit, const char *ref, const char *value);
/// An instance of a repeat has gone: its pictures go, those behind it move up.
void characters_removed(struct visit *visit, const char *instance);
void characters_view(const struct visit *visit, struct view *view);
/// As JSON, for a checkpoint, and back; what is not as it was written is left out.
json_t *characters_json(const struct visit *visit);
void characters_restore(struct visit *visit, const json_t *list);
/// Into the record: which file is which field's. What the form does not ask any more is left out.
void characters_fill(struct visit *visit);
/// The files. False: no memory.
bool characters_attach(const struct visit *visit, struct case_draft *draft);
/// The pictures of the signs that the paper shows: in its lines, or else in the masked name.
void characters_print(const struct visit *visit, struct case_draft *draft);

/// The number and the digits that open it, as the record has them: what the receipt says too.
enum factor_kind visit_factor(const struct visit *visit, char out[TRACK_FACTOR]);
bool who_ready(struct session *session);
bool who_intent(struct session *session, const struct intent *intent);
bool questions_enter(struct session *session, bool forwards);
bool questions_intent(struct session *session, const struct intent *intent);
/// False at the end: the step is done.
bool questions_forward(struct session *session);
bool questions_backward(struct session *session);
bool questions_show(struct visit *visit, const char *screen);
/// Asks whether an instance of a repeat is really to go, and lets it go.
void questions_ask_remove(struct session *session, const char *ref);
void questions_remove(struct session *session);
bool papers_intent(struct session *session, const struct intent *intent);
bool papers_enter(struct session *session, bool forwards);
bool papers_ready(struct session *session);
/// Looks up which papers the answers call for; true when there is one.
bool papers_choose(struct visit *visit);
/// Whether the answers call for a paper that was neither shown nor answered yet; then it is listed.
bool papers_call_for_more(struct visit *visit);
/// Questions and papers that a change made necessary come first.
bool review_enter(struct session *session, bool forwards);
/// From a screen that the review led to. False: it led to none, the ordinary way back.
bool review_back(struct session *session);
bool review_ready(struct session *session);
bool review_intent(struct session *session, const struct intent *intent);
void review_list(struct session *session);
bool consents_enter(struct session *session, bool forwards);
bool consents_intent(struct session *session, const struct intent *intent);
bool commitment_ready(struct session *session);
bool commitment_intent(struct session *session, const struct intent *intent);
bool sign_ready(struct session *session);
bool sign_intent(struct session *session, const struct intent *intent);
void sign_witnessed(struct session *session, const char *staff);
/// The drawn signature as SVG text of plain numbers; false when none was drawn.
bool sign_svg(const struct visit *visit, struct strbuf *out);
bool save_enter(struct session *session, bool forwards);
bool save_retry(struct session *session);
void save_reply(struct session *session, struct outbox_reply *reply);
bool saved_ready(struct session *session);
bool saved_intent(struct session *session, const struct intent *intent);
bool rating_intent(struct session *session, const struct intent *intent);
/// A print job was made for somebody who has gone: it waits for its owner.
void receipt_unclaimed(struct session *session, const struct outbox_reply *reply);
void receipt_reply(struct session *session, struct outbox_reply *reply);
/// A new copy of this receipt is on its way under `job`: the resident's screen follows it.
void receipt_follow(struct session *session, const char *number, const char *job);
/// While a receipt did not print: what is wrong is asked anew.
void receipt_tick(struct session *session);
int64_t receipt_wait(const struct session *session);
void receipt_event(struct session *session, const struct print_event *event);
/// What a print event says of a receipt: its state, and the texts key of what is wrong or NULL.

// ---- chosen_code.c
/// True when nobody could ask about this case again, and digits are chosen now (SCREEN_CODE).
bool code_wanted(struct session *session);
/// True while they are.
bool code_choose_intent(struct session *session, const struct intent *intent);
/// The last four of a good ID number.
bool code_of_id(const struct visit *visit, char out[TICKET_CODE_TEXT]);
