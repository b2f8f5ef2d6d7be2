// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/form/form.h"
#include "yimen/port/clock.h"

/// A record: one form being filled in.
///
/// Life cycle: `record_new` a visit -> `record_answer`, repeats, languages, reading screens ->
/// `record_submission` -> `record_free` (zeroes what it held), all before `form_free`. Thread: that
/// of its form. Strings handed out are borrowed until the next changing call on that record. Refs
/// are positional paths: "/data/member[2]/name".

struct record;

struct record_options {
    const struct clock *clock;                    ///< today(), now(), timestamps
    const struct crypto *crypto;                  ///< random(), uuid(), seeds
    const char *time_zone;                        ///< IANA name ("Asia/Shanghai") for dates
    const char *language;                         ///< NULL: the form's default
    const char *instance_id;                      ///< "uuid:..."; NULL: made by the form's preload
    const char *device_id;                        ///< preload property deviceid; may be NULL
    const char *user_name, *email, *phone_number; ///< other preload properties; may be NULL
    const char *edit;                             ///< record XML to start from, NULL: a new one
};

/// A new record with its defaults, preloads, events and calculations done. The options' strings are
/// copied, clock and crypto borrowed until record_free. ERR_INPUT: `edit` is no record of this
/// form. ERR_FULL, here and from the changing calls: the form computes for too long and was
/// stopped.
enum err record_new(const struct form *form, const struct record_options *options,
                    struct record **out, struct fail *why) MUST_USE;
/// NULL-safe. Zeroes what was answered.
void record_free(struct record *record);
const struct form *record_form(const struct record *record);

enum record_violation { VIOLATION_NONE, VIOLATION_REQUIRED, VIOLATION_CONSTRAINT };

/// Store one answer as a string ("" clears it). The answer is stored also when it violates
/// something: ask afterwards. ERR_NOT_FOUND: no such node. ERR_DENIED: read-only. ERR_FULL: longer
/// than LIMIT_ANSWER. ERR_INPUT: not a value of the question's type ("2026-02-30" as a date, a
/// whole number beyond 32 bits), or not UTF-8: nothing is stored. Blanks alone are no answer. Of
/// choices only what is on offer counts; the rest comes back when it is offered again.
enum err record_answer(struct record *record, const char *ref, const char *value,
                       struct fail *why) MUST_USE;
/// ERR_FULL at LIMIT_REPEAT_INSTANCES. ERR_DENIED where jr:noAddRemove or jr:count governs.
/// `range`: the repeat's path, "/data/member".
enum err record_add_repeat(struct record *record, const char *range, struct fail *why) MUST_USE;
/// `ref`: one instance, "/data/member[2]".
enum err record_remove_repeat(struct record *record, const char *ref, struct fail *why) MUST_USE;
/// By the form's name for it, "Chinese (zh)", or by its code, "zh". ERR_NOT_FOUND: no such language
/// (the record keeps the one it had).
/// Calculations with jr:choice-name or jr:itext follow, the stored ones too (decided: other engines
/// keep the name of the language in which it was calculated; here screen, paper and record of a
/// visit speak one language, the one it ends in, so that no record mixes two).
enum err record_set_language(struct record *record, const char *language,
                             struct fail *why) MUST_USE;

/// Current string value; "" for a node that is not there or not relevant. Never NULL.
const char *record_value(const struct record *record, const char *ref);
bool record_is_relevant(const struct record *record, const char *ref);
/// Calls a function for each repeat instance or node named `nodeset` ("/data/member/name"), in
/// document order.
void record_each(const struct record *record, const char *nodeset,
                 void (*each)(void *context, const char *ref, const char *value), void *context);

/// The record sent: non-relevant nodes and templates removed, instance attributes kept. Appends.
/// ERR_INPUT: a relevant answer violates something (text names the ref, not the value), unless
/// `even_if_invalid`.
enum err record_submission(struct record *record, bool even_if_invalid, struct strbuf *out,
                           struct fail *why) MUST_USE;
/// The whole instance, to go on from with record_options.edit.
enum err record_draft(struct record *record, struct strbuf *out, struct fail *why) MUST_USE;

// ------------------------------------------------------------------ every node, for tools and
// tests

struct record_node {
    const char *ref, *type; ///< "root", "group", "repeat-instance", "input", "select", "select1",
                            ///< ..., "model-value"
    bool relevant, readonly, required;
    bool has_value; ///< a leaf
    const char *value, *value_type;
    enum record_violation violation;
    const char *violation_message; ///< NULL when none
    const char *label, *hint;      ///< NULL when none
    const char *appearance;        ///< NULL when there is no control
    size_t choice_count;           ///< read them with record_choice
    const void *choices;           ///< for record_choice
};
/// One choice of a visited node, valid during its visit.
void record_choice(const struct record_node *node, size_t index, const char **value,
                   const char **label);
/// Depth first.
void record_visit(struct record *record,
                  void (*visit)(void *context, const struct record_node *node), void *context);

// ------------------------------------------------------------------ questions as a screen sees
// them

enum question_kind {
    QUESTION_TEXT,
    QUESTION_INTEGER,
    QUESTION_DECIMAL,
    QUESTION_DATE,
    QUESTION_TIME,
    QUESTION_DATE_TIME,
    QUESTION_SELECT_ONE,
    QUESTION_SELECT_MANY,
    QUESTION_RANK,
    QUESTION_RANGE,
    QUESTION_TRIGGER,
    QUESTION_UPLOAD,
    QUESTION_NOTE,        ///< read-only text
    QUESTION_UNSUPPORTED, ///< a kind the kiosk does not offer; says so, never blocks
};

struct question_choice {
    const char *value, *label, *image; ///< image: "jr://images/..." or NULL
    bool chosen;
};

struct question {
    const char *ref;
    enum question_kind kind;
    const char *appearance; ///< space-separated, "" when none
    const char *media_type; ///< upload
    const char *label, *hint,
        *guidance;           ///< plain text in the active language (markup stripped), "" when none
    const char *short_label; ///< itext form "short": what to call it in a list, "" when none
    const char *image, *audio; ///< "jr://..." or NULL
    const char *value;         ///< as stored
    const char *shown;         ///< as a person reads it: choice labels, formatted dates
    bool readonly, required;
    enum record_violation violation;
    const char *violation_message; ///< ready to show; "" when none or when the form gives none
    double range_start, range_end, range_step;
    bool may_be_negative; ///< a number that its type and constraint let be below zero
    size_t choice_count;
    const struct question_choice *choices;
};

/// True for an answer that is shown whole on its own screen only ("id-number", "masked"): elsewhere
/// the neighbour looks over the shoulder.
bool question_is_confidential(const struct question *question);
/// True where the name of a person is asked for ("name"): a character that cannot be typed may be
/// written with the finger there.
bool question_is_name(const struct question *question);
/// True where an address is typed ("address"): the words that every address has are at hand there.
bool question_is_address(const struct question *question);

/// One screen: a question, a field list, or the question "another one?" of a repeat.
enum form_screen_kind { FORM_SCREEN_QUESTIONS, FORM_SCREEN_REPEAT };

struct form_screen {
    enum form_screen_kind kind;
    const char *ref; ///< names the screen: first question's ref, or the repeat's range
    const char
        *group_label; ///< innermost labelled group or repeat instance ("家庭成员 2"), "" when none
    const char *instance_ref; ///< innermost repeat instance the screen stands in, "" when none
    bool instance_may_go;     ///< it may be taken away
    size_t question_count;    ///< FORM_SCREEN_QUESTIONS
    const struct question *questions;
    size_t instance_count;            ///< FORM_SCREEN_REPEAT: how many there are,
    const char *const *instance_refs; ///< where,
    const char *const
        *instance_labels; ///< and what to call each (label of the instance with its first answers)
    bool may_add, may_remove;
    bool opens_first; ///< nobody is there yet, and an answer before has said that somebody is
};

/// Screens in order, only relevant ones. A screen is named by its ref and stays valid while it is
/// relevant. The screens of a repeat's instances come first, then its own ("another one?"), to
/// which each instance's last screen leads; a repeat that the form governs (jr:count,
/// jr:noAddRemove) has none of its own. First screen ref, or NULL when nothing is to be asked.
const char *record_first_screen(struct record *record);
/// The next (or previous) screen after the one named; NULL at the end. A name that is no longer
/// relevant moves on from where it was.
const char *record_next_screen(struct record *record, const char *ref);
const char *record_previous_screen(struct record *record, const char *ref);
/// Enter an instance from the repeat's screen: the first screen inside it ("/data/member[2]"), NULL
/// when it has none.
const char *record_instance_screen(struct record *record, const char *instance_ref);
/// What to call an instance: its repeat's label with its first answers ("家庭成员 2 · 张三"), ""
/// when it is not there.
const char *record_instance_label(struct record *record, const char *instance_ref);
/// Index of a screen among the relevant ones and how many there are now, for progress.
void record_screen_position(struct record *record, const char *ref, size_t *index, size_t *count);
/// ERR_NOT_FOUND when no such screen is relevant. Borrowed until the next changing call.
enum err record_screen(struct record *record, const char *ref, struct form_screen *out,
                       struct fail *why) MUST_USE;
/// First relevant node that violates something, or NULL; `*screen` names the screen it is on. One
/// that a screen shows comes before all that none does (then `*screen` is NULL): so nothing that
/// can be put right hides behind what cannot.
const char *record_first_violation(struct record *record, const char **screen);
/// Each required question that is relevant, has no value, and is of a kind that no kiosk asks (a
/// photo, a place on a map): never demanded, so nobody may believe that it was answered. The
/// submission names them too, one `<not-asked xmlns="urn:yimen:record:1">` each in its meta, which
/// other readers pass by. `each` may be NULL. Returns how many.
size_t record_not_asked(struct record *record, void (*each)(void *context, const char *ref),
                        void *context);
/// Somebody has gone on from this screen: its questions have been asked. NULL: every question that
/// is relevant now.
void record_note_asked(struct record *record, const char *screen);
/// The first relevant screen with a question that has no answer and was never asked, or the list of
/// a repeat that was never shown: an answer given elsewhere made it necessary. Required or not; not
/// what is read-only or not offered here. NULL when there is none.
const char *record_first_unasked(struct record *record);
/// Every relevant question in order with its answer, for the review: called with the screen that
/// changes it.
void record_review(struct record *record,
                   void (*each)(void *context, const char *screen, const struct question *question),
                   void *context);

// ------------------------------------------------------------------ where engines differ

/// Decided, and tested in tests/unit/form/test_form_cases.c:
/// - Blanks around a default are left out.
/// - A number calculated from a comparison is 1 or 0, as in Collect.
/// - A setvalue also sets what is not relevant yet: the value is there when it becomes so.
/// - What was calculated from texts (a choice's name) follows the language, as in JavaRosa.
/// - What a kiosk cannot ask (an upload, a place on a map) is never demanded, required or not.
/// - A select with the appearance "label" heads the rows below it and takes no answer.
