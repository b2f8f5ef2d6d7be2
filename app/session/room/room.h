// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/case/ticket.h"
#include "yimen/port/code_reader.h"
#include "yimen/session/session.h"

/// What every aspect of a session leans on: times, steps, the form a service has, the problem told,
/// and the calls of session, forms, content_end, idle, call, urgent, comfort and view.

struct session;
struct visit;

enum {
    IDLE_ALERT_MS = 120000,
    IDLE_PAPERS_MS = 300000,
    COUNTDOWN_MS = 45000,
    CALL_ANSWER_MS = 60000,       ///< then the screen says so and shows the telephones
    JUST_SAVED_MS = 180000,       ///< the attract screen's line after a restart
    RATING_MS = 30000,            ///< a grade is a courtesy: the kiosk goes on by itself
    DONE_MS = 20000,              ///< "take your card, papers and receipt"
    DONE_CHOICE_MS = 60000,       ///< the same, where another service may be begun
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

/// The rooms, in the order in which they are offered a touch; drawn the other way round, so that
/// what takes the touch first is drawn over all else. Their functions: rooms.c.
enum room {
    ROOM_NONE,
    ROOM_URGENT,
    ROOM_STAFF,
    ROOM_CALL,
    ROOM_OVERLAY,
    ROOM_COMFORT,
    ROOM_PARK,
    ROOM_ITEMS,
    ROOM_PROBLEM,
    ROOM_TICKET,
    ROOM_VISIT,
    ROOM_RESUME,
    ROOM_TRACK,
    ROOM_CORRECTION,
    ROOM_POLICY,
    ROOM_DOORS,
    ROOM_CODE,
    ROOM_OWNER,
    ROOM_FORMS,
    ROOM_CLOCK,
    ROOM_CONTENT,
    ROOM_IDLE,
    ROOM_COUNT
};
/// What every room may have; NULL: nothing of the kind.
struct room_functions {
    bool (*intent)(struct session *session, const struct intent *intent); ///< true: it took it
    /// The answer to what it asked; or what nobody asked for (id 0), which every room is told.
    void (*reply)(struct session *session, struct session_input *input);
    void (*tick)(struct session *session);
    int64_t (*wait)(const struct session *session); ///< ms until its tick is wanted; -1: none
    void (*view)(struct session *session, struct view *view);
};
extern const struct room_functions session_rooms[ROOM_COUNT];

/// Under way to a worker.
enum { ASKED = 128 };
struct asked {
    uint64_t id; ///< 0: free
    enum room room;
};

enum choice { CHOICE_NONE, CHOICE_YES, CHOICE_NO };

enum form_state { FORM_UNKNOWN, FORM_LOADING, FORM_READY, FORM_BROKEN, FORM_UNSEALED };
struct form_slot {
    const struct service *service;
    const char *name;                   ///< of a form of several; NULL: the service's
    const char *version;                ///< of the pack it is of; NULL: the one in force
    const struct correction_list *list; ///< it answers this; NULL
    struct form *form;
    enum form_state state;
    uint64_t asked; ///< FORM_LOADING: its number
};

/// What may be the first part of a code of ours. A ticket's is a key: wiped after two seconds.
struct code_part {
    char text[CODE_TEXT]; ///< "" = none
    int64_t until_ms;
};

/// Four characters that are never shown. Where they are chosen, `first` is the first of two times.
struct code_entry {
    char typed[TICKET_CODE_TEXT], first[TICKET_CODE_TEXT];
    const char *problem_key;
};

/// A calm full-screen message.
struct problem {
    bool open;
    const char *what_key, *safe_key, *next_key;
    char code[32];
    bool retry;
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

struct comfort {
    const char *language; ///< one of texts_languages
    enum text_size size;
    enum contrast contrast;
};

struct call_state {
    bool calling, urgent, answered, unanswered;
    bool is_mine;     ///< whoever stands here now called
    unsigned reached; ///< CALL_REACHED_*
    int64_t since_ms;
};

/// Presses on 急难 after which nothing was answered share one open record.
struct urgent_state {
    bool open;   ///< this person's record is open
    bool joined; ///< it is shared: the first answer opens one of their own
    bool meant;  ///< something was answered
    bool wanted; ///< pressed while a case was being saved
    bool shared; ///< such a record is open
    int presses; ///< on it
    int64_t last_ms;
};

/// Where a room wants to be next.
enum go_kind {
    GO_FORWARD,     ///< the step is done
    GO_STEP,        ///< step
    GO_END,         ///< reason: the visit on screen is over
    GO_HOME,        ///< reason: everything of this person is over
    GO_VISIT,       ///< service: begins
    GO_SWITCH,      ///< service, arena, carried, person: begins with what was answered before
    GO_URGENT,      ///< as if the red button had been pressed
    GO_URGENT_SOON, ///< it was pressed while a case was being saved
    GO_WITNESS,     ///< a clerk is to confirm a signature
    GO_RESTORE,     ///< the form of a draft is there
    GO_REKEY,       ///< what opens a ticket has changed
    GO_SAVED_AWAY,  ///< a visit that was hidden while it was being saved is answered
    GO_DRAFT,       ///< visit: comes to the screen
    GO_SPEAK,       ///< another language was chosen
    GO_TYPE_TICKET, ///< the code of a ticket is to be typed
    GO_TICKET,      ///< ticket: was held up to the reader
    GO_TRACK,       ///< "how far is my case?"
    GO_CONTINUE,    ///< whoever wants to go on
    GO_FORM_CAME,   ///< of the visit on screen: it is there, or is broken
    GO_FORM_GONE,   ///< of an earlier pack
    GO_IDLE,        ///< nobody is there any more
};
struct go {
    enum go_kind kind;
    enum visit_step step;
    const char *reason;
    const struct service *service;
    struct visit *visit;
    struct arena *arena;
    struct carried *carried;
    const struct person *person; ///< in the arena
    struct ticket ticket;
    bool keeps_choice; ///< VISIT: when it may not begin, what was chosen stays on the screen
};
enum { GOES = 4 };

// ---- go.c
/// Noted; done when the room has returned, in this order.
void go_to(struct session *session, const struct go *go);
void go_to_step(struct session *session, enum visit_step step);
void go_forward(struct session *session);
void go_home(struct session *session, const char *reason);
bool go_is_wanted(const struct session *session);
/// The next to be done; false: none.
bool go_take(struct session *session, struct go *out);

// ---- core.c
const char *session_text(const struct session *session, const char *key);
int64_t session_now_ms(const struct session *session);
void session_note(struct session *session, const char *event, const char *detail);
/// "11-23 10:05" in the counter's own time.
void session_local_time(const struct session *session, int64_t utc_ms, char out[32]);
/// The same as a resident reads it: "11 月 23 日 10:05".
void session_day_time(const struct session *session, int64_t utc_ms, char out[VIEW_MOMENT]);
int session_offset_minutes(const struct session *session);
void session_copy_clean(char *out, size_t room, const char *text);

// ---- ask.c
/// Numbers the request and sends it; the answer comes back to this room. The number.
uint64_t session_ask(struct session *session, enum room room, struct session_request *request);
/// Sends one that nobody answers.
void session_tell(struct session *session, struct session_request *request);
/// Lamp and loudspeaker, at once: what it reached.
unsigned session_call(struct session *session, const struct call_wanted *wanted);
/// An answer has come: true when it is still waited for, and by whom. Asked once.
bool session_expects(struct session *session, uint64_t id, enum room *room);
/// Whoever waited has gone: what is still under way for this room is dropped when it comes.
void session_forget_asked(struct session *session, enum room room);
uint64_t ask_store(struct session *session, enum room room, struct outbox_request *store);
void tell_store(struct session *session, struct outbox_request *store);
/// PRINT_STATUS; of a job the printer tells by its name, as often as it changes.
uint64_t ask_printer(struct session *session, enum room room, struct print_request *print);
void tell_printer(struct session *session, struct print_request *print);
uint64_t ask_key(struct session *session, enum room room, const struct ticket *ticket,
                 const char *code);
void nudge_sync(struct session *session);

// ---- content_end.c
/// The content is past its last day: nothing it says about limits holds any more.
bool content_has_ended(const struct session *session);
/// Tells the log once.
void content_end_tick(struct session *session);
void content_end_view(struct session *session, struct view *view);

// ---- clock.c
#define CLOCK_UNKNOWN_CODE "CLOCK-UNKNOWN"
/// Somebody vouches for the time: dates may be told, and counted from.
bool clock_is_known(const struct session *session);
/// A service that may begin now: any, or without a known time urgent help and reports.
bool clock_allows(const struct session *session, const struct service *service);
/// By a clerk ("" = the district): remembered over a restart and a dead battery.
void clock_keep(struct session *session, const char *staff);
/// The face, and once that the time is unknown or known again.
void clock_tick(struct session *session);
/// The district told the time: remembered now and then.
void clock_reply(struct session *session, struct session_input *input);
int64_t clock_wait(const struct session *session);
void clock_view(struct session *session, struct view *view);

// ---- forms.c
struct form_slot *forms_slot(struct session *session, const struct service *service);
void forms_want(struct session *session, const struct service *service);
void forms_reply(struct session *session, struct session_input *input);
void forms_view(struct session *session, struct view *view);
void forms_free(struct session *session);
/// At a stand-in server: the next form that was not looked at yet is loaded.
void forms_look_on(struct session *session);

// ---- idle.c
void idle_touch(struct session *session);
void idle_tick(struct session *session);
int64_t idle_wait(const struct session *session);
int idle_countdown_s(const struct session *session);

// ---- call.c, urgent.c, comfort.c: each takes the intents that are its own
void call_start(struct session *session, bool urgent);
void call_stop(struct session *session, bool answered);
/// Whoever called has gone; `hidden`: nothing may be heard any more.
void call_person_left(struct session *session, bool hidden);
void call_view(struct session *session, struct view *view);
bool call_intent(struct session *session, const struct intent *intent);
void call_tick(struct session *session);
int64_t call_wait(const struct session *session);
const struct service *urgent_service(const struct session *session);
/// The record of this emergency, or a share in the one of the burst that goes on.
void urgent_open_record(struct session *session);
/// Something was answered: this emergency has a record of its own.
void urgent_is_meant(struct session *session);
/// Whoever presses 急难 next is somebody else.
void urgent_person_left(struct session *session);
/// Staff closed the open records.
void urgent_closed(struct session *session);
void urgent_reply(struct session *session, struct session_input *input);
void urgent_view(struct session *session, struct view *view);
bool comfort_intent(struct session *session, const struct intent *intent);
void comfort_view(struct session *session, struct view *view);
void comfort_reset(struct session *session);
bool comfort_is_changed(const struct session *session);

// ---- doors.c
bool doors_intent(struct session *session, const struct intent *intent);
void doors_reply(struct session *session, struct session_input *input);
void doors_tick(struct session *session);
int64_t doors_wait(const struct session *session);
void doors_view(struct session *session, struct view *view);

// ---- overlay.c: help, and closing what lies over the screen; what is told in the way of all
bool overlay_intent(struct session *session, const struct intent *intent);
void overlay_view(struct session *session, struct view *view);
void problem_show(struct view *view, const struct problem *problem);
void problem_view(struct session *session, struct view *view);

// ---- paper.c
/// Something is not printed because of this; NULL: nothing known.
const char *paper_problem(unsigned reasons);

// ---- code_entry.c
void code_forget(struct session *session);

bool code_entry_fits(char digit, enum ticket_code kind);
/// True when the last character has come.
bool code_entry_digit(struct code_entry *entry, enum ticket_code kind, const char *text);
/// Of one that is chosen: true when it was entered the same twice.
bool code_entry_chosen(struct code_entry *entry);
