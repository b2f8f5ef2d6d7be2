// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../visit/visit.h"

/// A visit that is broken off and comes back: by a ticket at any kiosk, or parked here for 15
/// minutes. code (what the reader read), code_entry (four characters), ticket and its checkpoint,
/// draft and restore, resume, park and its seal, earlier (the form of an older pack).

/// The form of an earlier pack, with which a visit was begun; one at a time.
struct earlier {
    char version[32];       ///< of the pack, "" = none
    struct service service; ///< as offered today, with a form of its own
    struct form_slot slot;
};

enum {
    PARK_PLACES = 4, ///< the one that has waited longest gives way to a fifth
    PARK_CODES = 2,  ///< the ends of ID number and telephone, or a chosen code
    PARKED_MS = 15 * 60 * 1000,
};

/// A visit that was put away: sealed, in this memory only.
struct parked {
    int64_t until_ms; ///< 0: nothing lies here
    uint64_t order;   ///< the newest has the highest
    int wrong;        ///< tries since it was put away
    bool is_open;     ///< the right code was given; its form is a moment away
    struct strbuf sealed, keys[PARK_CODES];
    uint8_t key[CRYPTO_KEY];      ///< only until the slow keys are there
    uint64_t serials[PARK_CODES]; ///< of the slow keys that are awaited; 0 = none
};

struct park {
    struct parked places[PARK_PLACES];
    uint64_t order;
    struct ticket lock; ///< what codes are mixed with here; id "" until one is needed
    struct code_entry entry;
    uint64_t try_serial; ///< a code is being looked at; 0 = none
    int tried;           ///< wrong ones since the screen for them was opened
};

enum resume_stage {
    RESUME_TYPE, ///< the code on the paper is being typed
    RESUME_FIND, ///< and its ticket made from it
    RESUME_ASK,
    RESUME_COUNT,
    RESUME_WORK
};
/// A ticket is on its way back to its visit. Lives in an arena of its own, which zeroes it.
struct resume {
    struct arena *arena;
    enum resume_stage stage;
    struct ticket ticket;
    char typed[TICKET_TYPED]; ///< so far
    struct code_entry entry;
    uint8_t key[CRYPTO_KEY];
    bool has_key, was_asked; ///< of the district
    uint64_t serial;
    struct outbox_sealed *here, *there; ///< of this kiosk, of the district; NULL: it has none
    enum draft_answer answer;           ///< the district's
    int wait_s, tries_left;
    int64_t since_ms;
};

// ---- forget.c
void visit_tell_ended(struct session *session, const struct visit *visit, const char *reason);
void visit_free(struct session *session, struct visit *visit);
/// Zeroes it, with a last checkpoint where a ticket was taken.
void visit_forget(struct session *session, struct visit *visit, const char *reason);

// ---- ticket.c
bool ticket_may(const struct session *session);
void ticket_reply(struct session *session, struct session_input *input);
void ticket_view(struct session *session, struct view *view);
void ticket_take(struct session *session, bool leaving);
/// True while a ticket is being taken: the steps wait.
bool ticket_intent(struct session *session, const struct intent *intent);
void ticket_key_came(struct session *session, struct session_input *input);
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
/// A visit of its service that holds the draft; NULL: that service is no longer offered.
struct visit *draft_begin(struct session *session, const char *plain, size_t length);
/// Brings that visit to the screen: at once, or when its form is there.
void draft_open(struct session *session, struct visit *visit);
/// Its form is there: the visit is as it was.
void draft_restore(struct session *session);

// ---- resume.c
void resume_begin(struct session *session, const struct ticket *ticket);
/// Its code is to be typed: no reader, or it cannot read the paper.
void resume_type(struct session *session);
void resume_end(struct session *session);
bool resume_intent(struct session *session, const struct intent *intent);
void resume_stored(struct session *session, struct outbox_reply *reply);
void resume_key_came(struct session *session, struct session_input *input);
void resume_fetched(struct session *session, struct session_input *input);
void resume_reply(struct session *session, struct session_input *input);
void resume_view(struct session *session, struct view *view);
void resume_tick(struct session *session);
int64_t resume_wait(const struct session *session);

// ---- park.c
bool park_may(const struct session *session);
void park_choose(struct session *session);
/// Chooses the code under which "hide this" puts this visit away.
void park_choose_hiding(struct session *session);
bool park_choose_intent(struct session *session, const struct intent *intent);
/// The attract screen at once; what was typed so far opens what is put away, else it is wiped.
void park_hide(struct session *session);
/// The store worker has answered about a visit that was hidden while it was saved.
void park_away_ends(struct session *session);
/// A long form whose resident has gone is put away where a code opens it.
void park_timed_out(struct session *session);
bool park_would(const struct session *session);
void park_open(struct session *session);
bool park_intent(struct session *session, const struct intent *intent);
void park_key_came(struct session *session, struct session_input *input);
/// The visit that was opened is on the screen again, or was given up before it was.
void park_came_back(struct session *session);
void park_not_back(struct session *session);
bool park_holds_any(const struct session *session);
void park_wipe(struct session *session);
void park_tick(struct session *session);
int64_t park_wait(const struct session *session);

// ---- park_seal.c
/// What opens this visit when it is put away; 0: nothing.
size_t park_codes(const struct visit *visit, char out[PARK_CODES][TICKET_CODE_TEXT]);
/// Seals a copy; the visit itself is the caller's to end.
bool park_put(struct session *session, struct visit *visit, size_t count,
              char codes[PARK_CODES][TICKET_CODE_TEXT]);
/// A slow key that a parked visit waited for; false: it is not one of these.
bool park_lock(struct session *session, struct session_input *input);
/// The newest that this key opens; NULL: none.
struct visit *park_unseal(struct session *session, const uint8_t *key);
void park_forget(struct parked *place);

// ---- earlier.c
/// The service with its form as pack `version` has it; forgets the one before.
const struct service *earlier_begin(struct session *session, const struct service *service,
                                    const char *version);
/// That version is gone: the visit goes on with the form in force.
void earlier_gone(struct session *session);
void earlier_forget(struct session *session);
