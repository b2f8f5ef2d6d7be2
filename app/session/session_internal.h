// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/case/correction.h"
#include "yimen/case/mask.h"
#include "yimen/case/track.h"
#include "yimen/case/ticket.h"
#include "yimen/session/session.h"

/// The session's own state and the calls between its aspects. One file an aspect: session (dispatch
/// and time), visit (start, end, wipe), visit_steps (order), visit_identity, visit_questions,
/// visit_papers, visit_consents, visit_review, visit_sign, visit_save, visit_receipt, idle, call,
/// urgent, comfort, forms, policy (the catalogue), policy_fit (what may fit), policy_slip, staff,
/// staff_desk, staff_tech, view; track (a case that was handed in), track_ask, track_act,
/// track_view.

enum {
    IDLE_ALERT_MS = 120000,
    IDLE_PAPERS_MS = 300000,
    COUNTDOWN_MS = 45000,
    CALL_ANSWER_MS = 60000,       ///< then the screen says so and shows the telephones
    JUST_SAVED_MS = 180000,       ///< the attract screen's line after a restart
    RATING_MS = 30000,            ///< a grade is a courtesy: the kiosk goes on by itself
    DONE_MS = 20000,              ///< "take your card, papers and receipt"
    STAFF_PIN_MS = 30000,         ///< nobody types: back to where it was
    STAFF_IDLE_MS = 300000,       ///< STANDARDS: staff session locks after 5 min idle,
    STAFF_ABSOLUTE_MS = 43200000, ///< 12 h absolute
    STAFF_NUMBER_DIGITS = 8,
    TRACK_ANSWER_MS = 20000, ///< then what the kiosk knows by itself is shown
    OPENED_DEPTH = 4,        ///< repeats within repeats
    NAME_BYTES = 256,
    ID_BYTES = 32,
};

/// In the order in which a visit walks; which of them a service has is in visit_steps.c.
enum visit_step {
    STEP_NOTICE,
    STEP_WHO,
    STEP_IDENTITY,
    STEP_WANTED, ///< of a visit that answers a correction list
    STEP_TICKET, ///< a long service offers a resume ticket
    STEP_QUESTIONS,
    STEP_PAPERS,
    STEP_REVIEW,
    STEP_CONSENTS,
    STEP_COMMITMENT,
    STEP_SIGNATURE,
    STEP_SAVING,
    STEP_SAVED,
    STEP_RATING,
    STEP_DONE,
    STEP_COUNT
};

enum choice { CHOICE_NONE, CHOICE_YES, CHOICE_NO };

enum form_state { FORM_UNKNOWN, FORM_LOADING, FORM_READY, FORM_BROKEN };
struct form_slot {
    const struct service *service;
    struct form *form;
    enum form_state state;
};

/// A calm full-screen message.
struct problem {
    bool open;
    const char *what_key, *safe_key, *next_key;
    char code[32];
    bool retry;
};

/// A repeat instance that was entered from its list.
struct opened {
    char range[LIMIT_REF], instance[LIMIT_REF];
};

/// An answer given to "which help fits me" that another form may ask for again.
struct carried {
    struct carried *next;
    const char *ref, *value;
};

/// Four characters that are never shown. Where they are chosen, `first` is the first of two times.
struct code_entry {
    char typed[TICKET_CODE_TEXT], first[TICKET_CODE_TEXT];
    const char *problem_key;
};

/// What the checkpoints of a visit are sealed for.
struct ticket_held {
    struct ticket ticket;
    uint8_t key[CRYPTO_KEY];
    char code[TICKET_CODE_TEXT];
    int64_t revision, expires_utc_ms;
};

enum ticket_stage {
    TICKET_NONE,
    TICKET_CHOOSE, ///< four digits are chosen
    TICKET_MAKING, ///< key, first checkpoint
    TICKET_SHOWN,  ///< printing, printed, or on the screen
    TICKET_FAILED, ///< none was made, and why
};
struct ticket_state {
    bool taken, declined;
    enum ticket_stage stage;
    bool leaving; ///< taken in order to come back later
    struct ticket_held held;
    struct ticket_held before; ///< an older one, valid until `held` has printed; id "" = none
    struct ticket pending;     ///< its key is being made
    char pending_code[TICKET_CODE_TEXT];
    bool rekeying;   ///< the same ticket under another code
    uint64_t serial; ///< of the key that is awaited; 0 = none
    struct code_entry entry;
    const char *problem_key;
    char qr[TICKET_TEXT], job[64];
    enum receipt_state print_state;

    bool in_flight, again;   ///< a checkpoint is on its way; the next one is wanted already
    bool behind;             ///< the last one could not be kept
    bool changed;            ///< something was done since
    enum visit_step at_step; ///< where the last one was made
    size_t at_consent;
    char at_screen[LIMIT_REF];
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
    struct problem problem;

    char who[16];
    char name[NAME_BYTES], id_number[ID_BYTES];
    char name_problem[512], id_problem[512];

    char screen[LIMIT_REF]; ///< of the form
    struct opened opened[OPENED_DEPTH];
    size_t opened_count;
    char remove_ref[LIMIT_REF], remove_label[256];
    struct form_screen form_screen;

    enum paper_answer papers[SERVICE_PAPERS];
    bool paper_asked[SERVICE_PAPERS]; ///< of whom it does not concern it is not asked
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
    struct ticket_state ticket;
    bool parking; ///< a code is chosen to let somebody go first
    struct code_entry park_entry;
    const char *language; ///< comfort while it is parked, with the next two
    enum text_size size;
    enum contrast contrast;
    char *draft; ///< what a ticket brought back; NULL when it is filled in
    size_t draft_length;
    bool came_back;   ///< by a ticket, in this visit
    bool form_is_new; ///< the form has changed since: what fits was kept

    size_t answer_count;
    struct view_answer answers[VIEW_ITEMS];
    const struct one_visit *items; ///< while they are listed: of several services

    /// What it belongs to: a case that was handed in; of_instance "" for an application of its own.
    char of_instance[LIMIT_INSTANCE_ID], of_number[LIMIT_RECEIPT_NUMBER];
    const struct service *of_service; ///< whose papers are added
    char of_name[64], of_id[24];      ///< as its receipt shows them
    char factor[TRACK_FACTOR];        ///< that opened it: also opens the new receipt
};

enum track_step { TRACK_STEP_FIND, TRACK_STEP_FACTOR, TRACK_STEP_ASKING, TRACK_STEP_TOLD };

/// A resident asking about a case. Lives in an arena of its own, which zeroes it.
struct track {
    struct arena *arena;
    enum track_step step;
    struct track_question question; ///< as far as it is known
    int64_t asked_ms;
    bool asks_store, asks_district; ///< whose answer is still to come
    struct track_case *here, *told; ///< what the kiosk knows by itself; what is shown
    bool no_fit;
    int tries_left;
    char job[64]; ///< of the copy that is being printed
    enum receipt_state receipt_state;
    const char *receipt_problem_key;
    bool printing;
    struct view_track view;
};

enum place {
    PLACE_ATTRACT,
    PLACE_SERVICES,
    PLACE_RESUME,
    PLACE_PARKED,
    PLACE_BUNDLES,
    PLACE_ITEMS,
    PLACE_POLICIES,
    PLACE_VISIT,
    PLACE_TRACK
};

/// A correction list being answered; its texts in an arena of their own, which zeroes them.
struct correction {
    struct arena *arena;
    struct correction_list *list; ///< NULL: none
    struct service service;       ///< what the visit is like
    struct form_slot slot;
    char labels[CORRECTION_ITEMS][512], due[11];
    struct view_wanted wanted[CORRECTION_ITEMS];
};

/// The form of an earlier pack, with which a ticket's visit was begun; one at a time, so that such
/// a visit is not parked: its ticket keeps it.
struct earlier {
    char version[32];       ///< of the pack, "" = none
    struct service service; ///< as offered today, with a form of its own
    struct form_slot slot;
};

/// Several services in one visit: the check list, and what was chosen as one service.
struct items {
    const struct bundle *bundle; ///< the situation that was chosen; NULL: from a service
    const struct service *first; ///< what the visit began with; NULL: a situation
    bool open, none_chosen;      ///< the check list is on screen
    size_t count;
    struct view_item list[VIEW_CHOICES];
    struct one_visit visit;
    struct form_slot slot; ///< kept when the visit is over, like the forms of the services
    char form_id[LIMIT_FORM_ID];
};

/// The policy catalogue on the screen.
struct policy_place {
    char group[24], query[160], shown[40];
    bool left_for_visit; ///< the visit on screen began at a measure: its first "back" leads there
    size_t count;
    const struct policy *found[VIEW_POLICIES];
};
/// The slip asked for last; it prints only while whoever asked is here.
struct slip_state {
    bool asked;
    char job[64];
    enum receipt_state state;
    const char *problem_key;
};

/// A visit that let somebody go first: 15 minutes, in this memory only.
struct park {
    struct visit *visit; ///< NULL: none
    char code[TICKET_CODE_TEXT];
    enum ticket_code kind;
    int wrong;
    int64_t until_ms;
    struct code_entry entry;
};

enum resume_stage { RESUME_ASK, RESUME_COUNT, RESUME_WORK };
/// A ticket is on its way back to its visit. Lives in an arena of its own, which zeroes it.
struct resume {
    struct arena *arena;
    enum resume_stage stage;
    struct ticket ticket;
    struct code_entry entry;
    uint8_t key[CRYPTO_KEY];
    bool has_key, was_asked; ///< of the district
    uint64_t serial;
    struct outbox_sealed *here, *there; ///< of this kiosk, of the district; NULL: it has none
    enum draft_answer answer;           ///< the district's
    int wait_s, tries_left;
    int64_t since_ms;
};

struct comfort {
    const char *language; ///< one of texts_languages
    enum text_size size;
    enum contrast contrast;
};

struct call_state {
    bool calling, urgent, answered, unanswered;
    int64_t since_ms;
};

enum staff_screen { STAFF_OFF, STAFF_PIN, STAFF_QUEUE, STAFF_CASE, STAFF_TECHNICIAN };
enum staff_purpose { STAFF_TO_WORK, STAFF_TO_WITNESS };
struct staff_session {
    enum staff_screen screen;
    enum staff_purpose purpose;
    char typed_number[STAFF_NUMBER_DIGITS + 1];
    char pin[LIMIT_PIN_DIGITS + 1];
    bool asks_pin, checking;
    char number[16], role[16]; ///< after the login
    const char *problem_key, *message_key;
    int64_t locked_until_ms; ///< a wrong PIN's wait, 0 = none
    int64_t touched_ms, since_ms;
    char case_number[LIMIT_RECEIPT_NUMBER];
    size_t case_count, open_calls;
    struct view_case *cases; ///< VIEW_ITEMS of them
    size_t check_count;
    struct view_check checks[VIEW_CHECKS];
    char test_job[64];
};

struct session {
    struct session_options options;
    struct session_output output;
    struct when now;
    const char *counter_name;

    enum place place;
    char door[16];
    struct policy_place policy;
    struct slip_state slip;
    struct comfort comfort;
    enum overlay overlay;
    struct visit *visit; ///< the one on screen, NULL outside
    struct visit *kept;  ///< an application left for an urgent one, to be returned to
    struct track *track; ///< a case asked about, NULL when none is
    int64_t questions;   ///< asked so far: a late answer is told from an expected one
    struct items items;
    struct form_slot forms[VIEW_SERVICES];
    size_t form_count;
    struct correction correction;
    struct earlier earlier;
    struct park park;
    struct resume *resume;  ///< PLACE_RESUME
    uint64_t serial;        ///< of keys asked for
    struct problem problem; ///< outside a visit: its service would not start
    char closed[16];        ///< why no new ordinary visit may begin, "" = it may

    int64_t touched_ms; ///< last sign of a person
    bool urgent_open;   ///< this person's urgent record is open
    bool urgent_wanted; ///< pressed while a case was being saved
    struct call_state call;
    struct staff_session staff;
    int64_t just_saved_until_ms;

    const char *code_message_key; ///< OVERLAY_CODE
    int64_t told_district_ms;     ///< of a checkpoint

    bool content_ended; ///< as last told to the log
    bool dirty;
    int64_t minute; ///< of the clock shown
    char clock_text[16];
    struct view view;
};

// ---- session.c
const char *session_text(const struct session *session, const char *key);
int64_t session_now_ms(const struct session *session);
void session_note(struct session *session, const char *event, const char *detail);
/// "11-23 10:05" in the counter's own time.
void session_local_time(const struct session *session, int64_t utc_ms, char out[32]);
void session_copy_clean(char *out, size_t room, const char *text);

// ---- code.c
/// A text from the code reader; "": something that could not be read.
void code_scanned(struct session *session, const char *text);
// ---- content_end.c
/// The content is past its last day: nothing it says about limits holds any more.
bool content_has_ended(const struct session *session);
/// Tells the log once.
void content_end_tick(struct session *session);

// ---- code_entry.c
/// True when the last character has come.
bool code_entry_digit(struct code_entry *entry, enum ticket_code kind, const char *text);
/// Of one that is chosen: true when it was entered the same twice.
bool code_entry_chosen(struct code_entry *entry);
/// The last four of a good ID number.
bool code_of_id(const struct visit *visit, char out[TICKET_CODE_TEXT]);

// ---- ticket.c
bool ticket_may(const struct session *session);
bool ticket_enter(struct session *session, bool forwards);
bool ticket_offer_intent(struct session *session, const struct intent *intent);
void ticket_take(struct session *session, bool leaving);
/// True while a ticket is being taken: the steps wait.
bool ticket_intent(struct session *session, const struct intent *intent);
void ticket_key_came(struct session *session, const struct session_input *input);
void ticket_follow_identity(struct session *session);
/// The first checkpoint of a new ticket is on the disk, or is not.
void ticket_kept(struct session *session, struct visit *visit, enum err err);
void ticket_print_event(struct session *session, const struct print_event *event);

// ---- ticket_checkpoint.c, ticket_draft.c, ticket_restore.c
void checkpoint_now(struct session *session, struct visit *visit);
void checkpoint_last(struct session *session, struct visit *visit);
void checkpoint_reply(struct session *session, const struct outbox_reply *reply);
void checkpoint_tick(struct session *session);
int64_t checkpoint_wait(const struct session *session);
/// The whole visit as JSON. Appends.
enum err draft_write(const struct session *session, struct visit *visit, struct strbuf *out,
                     struct fail *why) MUST_USE;
/// What stands in front of such a draft.
struct draft_about {
    char service[40], instance[LIMIT_INSTANCE_ID], pack[32];
    size_t item_count; ///< of several services in one visit
    char items[VISIT_ITEMS][40];
};
/// ERR_INPUT.
enum err draft_about(const char *text, size_t length, struct draft_about *out,
                     struct fail *why) MUST_USE;
/// Its form is there: the visit is as it was.
void draft_restore(struct session *session);

// ---- resume.c
void resume_begin(struct session *session, const struct ticket *ticket);
void resume_end(struct session *session);
bool resume_intent(struct session *session, const struct intent *intent);
void resume_reply(struct session *session, struct outbox_reply *reply);
void resume_key_came(struct session *session, const struct session_input *input);
void resume_fetched(struct session *session, const struct session_input *input);
void resume_tick(struct session *session);
int64_t resume_wait(const struct session *session);

// ---- park.c
bool park_may(const struct session *session);
void park_choose(struct session *session);
bool park_choose_intent(struct session *session, const struct intent *intent);
/// Time-out: parks a long form under the end of the ID number; false when that cannot be.
bool park_instead(struct session *session);
bool park_would(const struct session *session);
void park_open(struct session *session);
bool park_intent(struct session *session, const struct intent *intent);
void park_wipe(struct session *session, const char *reason);
void park_tick(struct session *session);
int64_t park_wait(const struct session *session);

// ---- forms.c
struct form_slot *forms_slot(struct session *session, const struct service *service);
void forms_want(struct session *session, const struct service *service);
void forms_loaded(struct session *session, const struct session_input *input);
void forms_free(struct session *session);

// ---- earlier.c
/// The service with its form as pack `version` has it; forgets the one before.
const struct service *earlier_begin(struct session *session, const struct service *service,
                                    const char *version);
/// That version is gone: the visit goes on with the form in force.
void earlier_gone(struct session *session);
void earlier_forget(struct session *session);

// ---- items.c
bool items_intent(struct session *session, const struct intent *intent);
/// The same services as one again, for a visit that a ticket brings back; NULL when they no longer
/// go together.
const struct service *items_again(struct session *session, const struct service *const *services,
                                  size_t count);
void items_forget(struct session *session);
/// The services of a visit of several; NULL: it is of one.
const struct one_visit *items_of(const struct session *session, const struct visit *visit);
/// Of these, the one for which alone a question is asked; NULL: it is asked for all.
const struct service *items_own(const struct one_visit *items, const char *ref);
/// NULL: this service is one of the catalogue.
struct form_slot *items_slot(struct session *session, const struct service *service);
void items_view(struct session *session, struct view *view);
void items_describe(const struct session *session, const struct visit *visit, bool limits_hold,
                    struct case_draft *draft);

// ---- visit.c
void visit_start(struct session *session, const struct service *service);
/// Ends what is open, zeroes it, resets comfort, overdraws the screen.
void visit_end_all(struct session *session, const char *reason);
/// Ends the one on screen; the kept one comes back if there is one.
void visit_end_current(struct session *session, const char *reason);
/// A visit that belongs to a case which was found: its papers, its name, no identity asked again.
void visit_start_linked(struct session *session, const struct service *service,
                        const struct track_case *of);
/// The service whose papers are listed: of a case to which one is added, that case's.
const struct service *visit_papers_service(const struct visit *visit);
void visit_intent(struct session *session, const struct intent *intent);
bool visit_make_record(struct session *session);
/// Into another service, at the same person's wish: the visit on screen ends, nothing of it is
/// kept but `carried`, which lives in `arena` (taken).
void visit_switch(struct session *session, const struct service *service, struct arena *arena,
                  struct carried *carried);
/// The store says whether new ordinary visits may begin. Where nothing was answered yet the screen
/// says that they may not, until they may again; what is under way goes on.
void visit_gate(struct session *session, const struct outbox_reply *reply);
/// A visit of this service, with a new instance id.
struct visit *visit_new(struct session *session, const struct service *service);
/// Zeroes it, with a last checkpoint where a ticket was taken.
void visit_forget(struct session *session, struct visit *visit, const char *reason);
/// Another form record than the usual new one: `edit` of record_options.
enum err visit_record_from(struct session *session, struct visit *visit, const char *edit,
                           struct fail *why) MUST_USE;
void visit_problem(struct problem *problem, const char *kind, const char *code, bool retry);

// ---- visit_steps.c
void steps_begin(struct session *session);
/// Its form has come, or will not: whoever waits goes on, or is told.
void steps_form_came(struct session *session);
void steps_forward(struct session *session);
void steps_back(struct session *session);
void steps_go(struct session *session, enum visit_step step);
bool steps_apply(const struct visit *visit, enum visit_step step);
bool steps_is_first(const struct visit *visit);
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
bool who_ready(struct session *session);
bool who_intent(struct session *session, const struct intent *intent);
bool questions_enter(struct session *session, bool forwards);
bool questions_intent(struct session *session, const struct intent *intent);
/// False at the end: the step is done.
bool questions_forward(struct session *session);
bool questions_backward(struct session *session);
bool questions_show(struct visit *visit, const char *screen);
bool papers_intent(struct session *session, const struct intent *intent);
bool papers_enter(struct session *session, bool forwards);
bool papers_ready(struct session *session);
/// Looks up which papers the answers call for; true when there is one.
bool papers_choose(struct visit *visit);
bool review_enter(struct session *session, bool forwards);
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
void receipt_event(struct session *session, const struct print_event *event);
/// What a print event says of a receipt: its state, and the texts key of what is wrong or NULL.
enum receipt_state receipt_state_of(const struct print_event *event, const char **problem_key);

// ---- idle.c
void idle_touch(struct session *session);
void idle_tick(struct session *session);
int64_t idle_wait(const struct session *session);
int idle_countdown_s(const struct session *session);

// ---- call.c, urgent.c, comfort.c: each takes the intents that are its own
void call_start(struct session *session, bool urgent);
void call_stop(struct session *session, bool answered);
bool call_intent(struct session *session, const struct intent *intent);
void call_tick(struct session *session);
int64_t call_wait(const struct session *session);
bool urgent_intent(struct session *session, const struct intent *intent);
void urgent_switch(struct session *session);
bool comfort_intent(struct session *session, const struct intent *intent);
void comfort_reset(struct session *session);
bool comfort_is_changed(const struct session *session);

// ---- policy.c, policy_fit.c, policy_slip.c
bool policy_intent(struct session *session, const struct intent *intent);
/// Forgets what was looked at; a slip that has not begun to print is taken back.
void policy_end(struct session *session);
void policy_show(struct session *session, struct view *view);
/// Is this screen of a form a part of "what may fit"? All its questions are notes that say so.
bool fit_is_screen(const struct form_screen *screen);
bool fit_is_shown(const struct visit *visit);
bool fit_intent(struct session *session, const struct intent *intent);
void fit_show(struct session *session, struct view *view);
/// Answers what was answered before, once the record is there.
void fit_carry(struct visit *visit);
void slip_print_policy(struct session *session, const char *policy);
void slip_print_fits(struct session *session);
void slip_print_hand(struct session *session, const char *number);
void slip_forget(struct session *session);
void slip_event(struct session *session, const struct print_event *event);

// ---- staff.c, staff_desk.c, staff_tech.c
bool staff_intent(struct session *session, const struct intent *intent);
void staff_ask_pin(struct session *session, enum staff_purpose purpose);
void staff_leave(struct session *session);
void staff_tick(struct session *session);
int64_t staff_wait(const struct session *session);
void staff_login_reply(struct session *session, struct outbox_reply *reply);
void staff_note(struct session *session, const char *event, const char *detail);
void desk_open(struct session *session);
bool desk_intent(struct session *session, const struct intent *intent);
void desk_reply(struct session *session, struct outbox_reply *reply);
void tech_open(struct session *session);
bool tech_intent(struct session *session, const struct intent *intent);
void tech_reply(struct session *session, struct outbox_reply *reply);
void tech_print(struct session *session, const struct print_event *event);
void tech_sync(struct session *session, const struct sync_event *event);
void tech_pack(struct session *session, const struct session_input *input);

// ---- track.c, track_ask.c, track_act.c, track_view.c: a case that was handed in
void track_open(struct session *session);
/// What the reader read. True: it was a receipt's code and is being followed; nothing of it is
/// trusted but the number. False: not a receipt's, or something else is under way.
bool track_code(struct session *session, const char *text);
/// The case on screen, found with its second factor; NULL when none is.
const struct track_case *track_case(const struct session *session);
/// Begins a visit that belongs to that case: `service` is a linked one, its form may be another's.
void track_begin(struct session *session, const struct service *service);
void track_intent(struct session *session, const struct intent *intent);
void track_outbox(struct session *session, struct outbox_reply *reply);
void track_answer(struct session *session, struct track_case *answer);
void track_print(struct session *session, const struct print_event *event);
/// Its copy is ready; false when nobody waits for it.
bool track_receipt(struct session *session, struct outbox_reply *reply);
void track_ask(struct session *session, bool reprint);
void track_show(struct session *session, struct track_case *told);
bool track_act(struct session *session, const struct intent *intent);
void track_tick(struct session *session);
int64_t track_wait(const struct session *session);
/// Zeroes it.
void track_end(struct session *session);
enum screen track_screen(const struct track *track);
void track_view(struct session *session, struct view *view);

// ---- correction.c
/// Answers the list of the case on screen, when it is genuine and in time.
void correction_begin(struct session *session);
bool correction_is_service(const struct service *service);
void correction_view(struct session *session, struct view *view);
/// No record of its form may live any more.
void correction_forget(struct session *session);

// ---- view.c
void view_build(struct session *session);
