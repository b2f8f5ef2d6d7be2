// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session_base.h"
#include "yimen/case/ticket.h"

/// A visit that is broken off and comes back: by a ticket at any kiosk, or parked here for 15
/// minutes. code (what the reader read), code_entry (four characters), ticket and its checkpoint,
/// draft and restore, resume, park, earlier (the form of an older pack).

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

/// The form of an earlier pack, with which a ticket's visit was begun; one at a time, so that such
/// a visit is not parked: its ticket keeps it.
struct earlier {
    char version[32];       ///< of the pack, "" = none
    struct service service; ///< as offered today, with a form of its own
    struct form_slot slot;
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

// ---- code.c
/// A text from the code reader; "": something that could not be read.
void code_scanned(struct session *session, const char *text);

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

// ---- earlier.c
/// The service with its form as pack `version` has it; forgets the one before.
const struct service *earlier_begin(struct session *session, const struct service *service,
                                    const char *version);
/// That version is gone: the visit goes on with the form in force.
void earlier_gone(struct session *session);
void earlier_forget(struct session *session);
