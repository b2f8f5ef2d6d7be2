// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "fakes/quick_crypto.h"
#include "yimen/session/session.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// A counter for one test: the session with the real forms, texts and services, a clock moved by
// hand, and workers that do what the script says. Nothing is asynchronous: whatever the session
// asks of a worker is answered by scene_work.

enum { SCENE_REQUESTS = 64 };

struct scene {
    struct session *session;
    struct texts *texts;
    struct catalogue *catalogue;
    struct policies *policies;
    struct files *files;
    struct clock clock;
    struct crypto crypto;
    struct quick_crypto quick; ///< each wrong code costs half a second otherwise
    int64_t now_ms;
    enum time_quality quality;

    // what the session asked for, not answered yet
    size_t store_count, print_count, load_count;
    struct outbox_request store[SCENE_REQUESTS];
    struct print_request print[SCENE_REQUESTS];
    char loads[SCENE_REQUESTS][LIMIT_FORM_ID];
    uint64_t load_ids[SCENE_REQUESTS];
    // the numbers of what was asked last
    uint64_t list_id, earlier_id, question_id, fetch_asked, pack_id, district_id;

    struct correction_list *list;                  // whose form is to be made
    char earlier_service[40], earlier_version[32]; // whose form of an earlier pack is asked for
    int earlier_asked;
    uint8_t district_keys[1][CRYPTO_PUBLIC], district_secret[CRYPTO_SECRET];
    // Of the case that was saved last: what is to open it, and what the store was given of that.
    char owner_factor[TRACK_FACTOR];
    struct ticket owner_order;
    uint64_t owner_serial;
    int owners;
    struct owner_lock owner_lock;
    char owner_token[LIMIT_TOKEN_TEXT], owner_instance[LIMIT_INSTANCE_ID];
    int questions; // to the district
    struct track_question question, asked_here;
    struct track_case *(*here)(const struct track_question *question); // NULL: the store fails

    // script
    enum err save_err; // ERR_OK: saved
    bool breaks_forms, never_saves, refuses_login;
    bool stand_in;                 // cases go to a stand-in server
    const char *keyed;             // the service whose form has a key; "*": each has one
    const char *frozen;            // what the store says of new visits; NULL: they may begin
    struct outbox *store_for_real; // cases are saved there, not only said to be
    int login_wait_s;
    const char *role;
    int print_state; // of outbox/outbox.h, told after PRINT_RECEIPT
    unsigned print_reasons;
    struct outbox_row row;
    struct sync_draft_answer district; // of a ticket: offline unless the test says otherwise
    enum err key_err, draft_err;
    bool never_derives, never_fetches;
    int64_t utc_jump_ms, confirmed_utc_ms;
    int times_kept;        // by the store
    bool takes_ticket;     // where one is offered
    unsigned call_reaches; // CALL_REACHED_*
    const char *pack_version;
    bool earlier_is_gone;

    // the drafts of tickets, as the store keeps them
    struct scene_draft {
        struct outbox_sealed sealed; // bytes owned
        int wrong;
        bool locked, expired;
    } drafts[8];
    size_t draft_count;
    size_t key_count;
    struct {
        struct ticket ticket;
        char code[TICKET_CODE_TEXT];
        uint64_t serial;
    } keys[4];
    char fetch_id[33];
    int tickets; // printed
    char ticket_job[64];
    struct ticket_slip ticket_slip;

    // what happened
    char record[1 << 16];    // of the last case handed in
    struct case_draft draft; // its plain parts (pointers cleared)
    char signature[4096], signature_name[64];
    char answer[32]; ///< what a clerk said became of the last call that was closed
    int saves, urgent_opened, urgent_closed, receipts, copies, wipes, nudges, visits_ended,
        prints_taken_back, status_asked, self_tests, packs, unclaimed;
    int slips;
    struct slip slip; // the last one printed
    char ended_instance[LIMIT_INSTANCE_ID];
    struct receipt_facts facts; // of the last case handed in
    char notes[2048], rated[128];
    bool calling, urgent_call, silent_call;
};

struct scene *scene_new(void);
void scene_free(struct scene *scene);
// The content's last day is over at that moment; the session starts anew with it.
void scene_content_ends(struct scene *scene, int64_t utc_ms);
// The counter sends to a stand-in server; one service's form has a key. The session starts anew.
void scene_stands_in(struct scene *scene, const char *keyed);
// A session begins anew with the same store; the caller closes the one before.
void scene_again(struct scene *scene);
// The print job of the newest ticket.
void scene_ticket_job(const struct scene *scene, char out[64]);
// Answers everything the workers were asked, until nothing is asked any more.
void scene_work(struct scene *scene);
// Time passes; the session is ticked when it wants to be.
void scene_wait(struct scene *scene, int64_t ms);

// One touch, and the workers' answers to it.
void touch(struct scene *scene, enum intent_kind kind);
void touch_number(struct scene *scene, enum intent_kind kind, int number);
void touch_text(struct scene *scene, enum intent_kind kind, const char *text);
void touch_ref(struct scene *scene, enum intent_kind kind, const char *ref);
void answer(struct scene *scene, const char *ref, const char *value);
void draw_signature(struct scene *scene);
// So many strokes for a character that cannot be typed; drawn on its screen.
void draw_strokes(struct scene *scene, const struct stroke_point *points, size_t count);
// From the name's field to its screen, three strokes, and back to the field with its sign.
void draw_character(struct scene *scene, const char *ref);
// Something is held up to the code reader; NULL: something it refuses.
void scan(struct scene *scene, const char *text);
void scene_print(struct scene *scene, int state, unsigned reasons);
void scene_outbox(struct scene *scene, const struct outbox_reply *reply);

const struct view *look(const struct scene *scene);
#define ON(scene, wanted) assert_int_equal(look(scene)->screen, wanted)

// Ways through a visit.
// The compute worker answers for the case that was saved last.
void scene_own_work(struct scene *scene, enum err err);
void begin_expenditure(struct scene *scene); // to the first question
void fill_expenditure(struct scene *scene);  // every question, two members, to the papers step
void reach_signature(struct scene *scene);   // from papers to the signature
// Answers all questions of the urgent form, to its review.
void fill_urgent(struct scene *scene);
// Answers whatever is asked from here until the questions are over, from the table of the test.
void answer_until(struct scene *scene, enum screen until);
// Answers what is still open on this screen, from the same table.
void answer_screen(struct scene *scene, bool second);
// Is a text anywhere in this program's writable memory? `hidden` is the text with each byte turned
// over, so that the question itself is not found.
bool scene_remembers(const unsigned char *hidden, size_t length);
