// SPDX-License-Identifier: GPL-3.0-or-later
// How many touches an application asks of a resident. Each made-up resident (app/demo/residents,
// and touches/ for households that are counted only) fills in their form, screen by screen; the
// count stands in touches.csv and may only go down: a test that counts fewer says which number to
// write.
//
// Counted, from the first question of the form to the last:
//   a choice: one touch each; one that stands there already as wanted: none; a list of more than
//     twelve: one more, to turn to its page;
//   a typed answer: a touch on the field (unless it is the first question of a screen without
//     choices, which opens its keyboard by itself, or is the next without an answer behind a typed
//     one, whose last key leads to it), one a key, one to leave the keyboard when more follows on
//     the screen; of Chinese text each letter of its pinyin and the candidate, which the real
//     engine must offer, and one for every page of candidates turned; a date: eight digits;
//   each screen: one forward for each page on which the kiosk shows it, upright at its usual size;
//   a repeat: one for each person added (the first one's entry may open by itself), one for "no
//   more".
// Name and ID number, which the visit asks of everybody alike, count as one such screen more. What
// the visit itself asks (service, notice, papers, review, consents, signature) is the same for all.
// Two figures rose above what they were, for safety: urgent relief and counselling ask how it is
// safe to be reached, and what to call somebody.
#include "asset_walk.h"
#include "touch_pages.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/pinyin.h"
#include "yimen/driver/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { LONG_LIST = 12, CANDIDATES_OF_A_ROW = 6, CANDIDATES_OF_A_PAGE = 40 };

static struct text_entry entry;

struct count {
    struct asset_walk walk;
    json_t *plan, *services;
    json_t *given; ///< refs that a touch has answered; what else has a value stood there already
    size_t touches, screens, members;
};

// ------------------------------------------------------------------ what a resident answers

// "/data/member[1]/relation" -> "/data/member/relation"
static void plain_ref(const char *ref, char out[LIMIT_REF])
{
    size_t used = 0;
    bool inside = false;
    for (; *ref; ref++) {
        inside = *ref == '[' || (inside && *ref != ']');
        if (!inside && *ref != ']')
            out[used++] = *ref;
    }
    out[used] = '\0';
}

static json_t *planned(const struct count *count, const char *ref)
{
    char plain[LIMIT_REF];
    json_t *answers = json_object_get(count->plan, "answers"), *own = json_object_get(answers, ref);
    plain_ref(ref, plain);
    return own ? own : json_object_get(answers, plain);
}

static void answer_text(const json_t *answer, char *out, size_t size)
{
    size_t i;
    json_t *part;
    out[0] = '\0';
    if (json_is_object(answer))
        answer = json_object_get(answer, "text");
    if (json_is_string(answer))
        text_copy(out, size, json_string_value(answer));
    json_array_foreach(answer, i, part)
    {
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%s%s", used ? " " : "", json_string_value(part));
    }
}

// The letters, the candidate, and the pages turned to find it.
static size_t keys_of_word(const char *letters, const char *wanted)
{
    struct text_entry_state state = {0};
    char offered[TEXT_ENTRY_CANDIDATE_BYTES];
    entry.ops->clear(entry.self);
    for (const char *at = letters; *at; at++)
        assert_int_equal(entry.ops->key(entry.self, *at, &state), ERR_OK);
    for (size_t i = 0; i < state.count; i++)
        if (entry.ops->candidate(entry.self, i, offered) && text_equal(offered, wanted))
            return strlen(letters) + 1 +
                   (i < CANDIDATES_OF_A_ROW ? 0 : 1 + i / CANDIDATES_OF_A_PAGE);
    fail_msg("%s does not offer %s", letters, wanted);
    return 0;
}

static size_t keys_of(const json_t *answer)
{
    if (json_is_string(answer))
        return strlen(json_string_value(answer));
    size_t i, keys = 0;
    json_t *word;
    json_array_foreach(json_object_get(answer, "pinyin"), i, word)
    {
        const char *letters = json_string_value(json_array_get(word, 0));
        const char *wanted = json_string_value(json_array_get(word, 1));
        keys += letters[0] ? keys_of_word(letters, wanted) : text_length(wanted);
    }
    return keys;
}

static bool is_typed(const struct question *question)
{
    return question->kind <= QUESTION_DATE_TIME;
}

// ------------------------------------------------------------------ the touches of one screen

static bool asks(const struct question *question)
{
    return question->kind != QUESTION_NOTE && !question->readonly;
}

// The keyboard is there already, and nobody has to touch the field.
static bool is_open(const struct count *count, const struct form_screen *screen, size_t at)
{
    bool has_choices = false;
    const struct question *before = NULL;
    for (size_t i = 0; i < screen->question_count; i++) {
        const struct question *question = &screen->questions[i];
        has_choices = has_choices || (asks(question) && !is_typed(question));
        bool stands = question->value[0] && !json_object_get(count->given, question->ref);
        if (i < at && asks(question) && !stands) // what has its answer is passed by
            before = question;
    }
    return before ? is_typed(before) && planned(count, before->ref) : !has_choices;
}

static size_t touches_of(const struct count *count, const struct form_screen *screen, size_t at,
                         const json_t *answer)
{
    const struct question *question = &screen->questions[at];
    if (!is_typed(question)) {
        size_t chosen = json_is_array(answer) ? json_array_size(answer) : 1;
        return chosen + (question->choice_count > LONG_LIST ? 1 : 0);
    }
    return (is_open(count, screen, at) ? 0 : 1) + keys_of(answer) +
           (at + 1 < screen->question_count ? 1 : 0);
}

static void set(struct count *count, const char *ref, const json_t *answer, bool is_date)
{
    struct fail why = {0};
    char text[LIMIT_ANSWER + 1];
    answer_text(answer, text, sizeof text);
    if (is_date) { // typed as eight digits
        char date[16];
        snprintf(date, sizeof date, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
        text_copy(text, sizeof text, date);
    }
    if (record_answer(count->walk.record, ref, text, &why) != ERR_OK)
        fail_msg("%s: %s: %s", json_string_value(json_object_get(count->plan, "service")), ref,
                 why.text);
}

static bool screen_at(struct count *count, const char *ref, struct form_screen *screen)
{
    return record_screen(count->walk.record, ref, screen, NULL) == ERR_OK;
}

// Answers the first question that is not yet as the resident wants it. False: all are.
static bool answer_next(struct count *count, const char *ref)
{
    struct form_screen screen;
    if (!screen_at(count, ref, &screen))
        fail_msg("no screen %s", ref);
    for (size_t i = 0; i < screen.question_count; i++) {
        const struct question *question = &screen.questions[i];
        char wanted[LIMIT_ANSWER + 1], name[LIMIT_REF];
        const json_t *answer = planned(count, question->ref);
        if (question->readonly || !answer)
            continue;
        answer_text(answer, wanted, sizeof wanted);
        if (question->kind == QUESTION_DATE ? question->value[0] != '\0'
                                            : text_equal(question->value, wanted))
            continue;
        count->touches += touches_of(count, &screen, i, answer);
        text_copy(name, sizeof name, question->ref);
        set(count, name, answer, question->kind == QUESTION_DATE);
        json_object_set_new(count->given, name, json_true());
        return true;
    }
    return false;
}

static void answer_screen(struct count *count, const char *ref)
{
    struct form_screen screen;
    for (int turns = 0; answer_next(count, ref); turns++)
        if (turns > LIMIT_QUESTIONS_ON_SCREEN)
            fail_msg("%s is never answered", ref);
    (void)screen_at(count, ref, &screen);
    for (size_t i = 0; i < screen.question_count; i++) {
        const struct question *question = &screen.questions[i];
        if (question->violation != VIOLATION_NONE)
            fail_msg("%s: %s is not answered: %s",
                     json_string_value(json_object_get(count->plan, "service")), question->ref,
                     question->violation_message);
    }
    count->touches += touch_pages(&screen);
    count->screens++;
}

static void add_members(struct count *count, const char *range)
{
    struct fail why = {0};
    char instance[LIMIT_REF];
    json_t *of = json_object_get(json_object_get(count->plan, "repeats"), range);
    size_t wanted = (size_t)json_integer_value(of ? of : json_object_get(count->plan, "members"));
    struct form_screen list;
    assert_true(screen_at(count, range, &list));
    bool opens = list.opens_first;
    for (size_t i = 1; i <= wanted; i++) {
        if (record_add_repeat(count->walk.record, range, &why) != ERR_OK)
            fail_msg("%s", why.text);
        count->touches += opens && i == 1 ? 0 : 1;
        if (snprintf(instance, sizeof instance, "%s[%zu]", range, i) >= (int)sizeof instance)
            fail_msg("%s is too long", range);
        char ref[LIMIT_REF], below[LIMIT_REF];
        if (snprintf(below, sizeof below, "%s/", instance) >= (int)sizeof below)
            fail_msg("%s is too long", instance);
        const char *at = record_instance_screen(count->walk.record, instance);
        while (at && text_starts(at, below)) {
            text_copy(ref, sizeof ref, at);
            answer_screen(count, ref);
            at = record_next_screen(count->walk.record, ref);
        }
    }
    count->touches++;
    count->screens++;
}

// ------------------------------------------------------------------ one resident

static void count_identity(struct count *count)
{
    json_t *name = json_object_get(count->plan, "name");
    const char *number = json_string_value(json_object_get(count->plan, "id_number"));
    struct fail why = {0};
    set(count, "/data/visit/who", json_object_get(count->plan, "who"), false);
    if (!name || !number)
        return;
    set(count, "/data/applicant/name", name, false);
    if (record_answer(count->walk.record, "/data/applicant/id_number", number, &why) != ERR_OK)
        fail_msg("%s", why.text);
    // its last key leads from the name to the number, and from there one goes forward
    count->touches += keys_of(name) + 1 + strlen(number) + 1;
    count->screens++;
}

static void count_plan(struct count *count)
{
    struct form_screen screen;
    char ref[LIMIT_REF];
    count_identity(count);
    for (const char *at = record_first_screen(count->walk.record); at;
         at = record_next_screen(count->walk.record, ref)) {
        text_copy(ref, sizeof ref, at);
        assert_true(screen_at(count, ref, &screen));
        if (screen.kind == FORM_SCREEN_REPEAT && screen.instance_count == 0)
            add_members(count, ref);
        else if (screen.kind == FORM_SCREEN_QUESTIONS && !strchr(ref, '['))
            answer_screen(count, ref);
    }
    const char *on = NULL, *wrong = record_first_violation(count->walk.record, &on);
    if (wrong)
        fail_msg("%s is not answered", wrong);
}

static const char *form_of(json_t *services, const char *id)
{
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(services, "services"), i, service)
    {
        if (text_equal(json_string_value(json_object_get(service, "id")), id))
            return json_string_value(json_object_get(service, "form"));
    }
    fail_msg("no service %s", id);
    return NULL;
}

static void count_file(json_t *services, const char *file, struct count *count)
{
    *count = (struct count){.plan = asset_json(file), .given = json_object()};
    const char *service = json_string_value(json_object_get(count->plan, "service"));
    asset_walk_open(&count->walk, form_of(services, service), NULL);
    count_plan(count);
    asset_walk_close(&count->walk);
    json_decref(count->plan);
    json_decref(count->given);
}

// ------------------------------------------------------------------ the figures

static void touches_only_go_down(void **state)
{
    (void)state;
    char line[512], file[160];
    unsigned before, most;
    size_t wrong = 0;
    json_t *services = asset_json("assets/services.json");
    FILE *rows = fopen("tests/unit/content/touches.csv", "r");
    assert_non_null(rows);
    assert_non_null(fgets(line, sizeof line, rows)); // the heading
    while (fgets(line, sizeof line, rows)) {
        struct count count;
        assert_int_equal(sscanf(line, "%159[^,],%u,%u", file, &before, &most), 3);
        count_file(services, file, &count);
        print_message("%s: %zu touches on %zu screens (before: %u)\n", file, count.touches,
                      count.screens, before);
        if (count.touches != most) {
            print_error("touches.csv: %s takes %zu, not %u: %s\n", file, count.touches, most,
                        count.touches > most ? "more than it did" : "write the smaller number");
            wrong++;
        }
    }
    assert_int_equal(fclose(rows), 0);
    json_decref(services);
    assert_int_equal(wrong, 0);
}

static void found(void *context, const char *name)
{
    (void)context;
    char line[512], wanted[160];
    bool listed = false;
    snprintf(wanted, sizeof wanted, "app/demo/residents/%s,", name);
    FILE *rows = fopen("tests/unit/content/touches.csv", "r");
    assert_non_null(rows);
    while (!listed && fgets(line, sizeof line, rows))
        listed = text_starts(line, wanted);
    assert_int_equal(fclose(rows), 0);
    if (!listed && !text_equal(name, "one-visit.json")) // several services: counted one by one
        fail_msg("touches.csv has no row for %s", name);
}

static void every_resident_is_counted(void **state)
{
    (void)state;
    struct files folder;
    assert_int_equal(system_files_open("app/demo/residents", &folder, NULL), ERR_OK);
    assert_int_equal(folder.ops->list(folder.self, ".", found, NULL, NULL), ERR_OK);
    system_files_close(&folder);
}

static int open_entry(void **state)
{
    struct fail why = {0};
    (void)state;
    if (pinyin_open(NULL, &entry, &why) == ERR_OK)
        return touch_pages_open();
    print_error("%s\n", why.text);
    return -1;
}

static int close_entry(void **state)
{
    (void)state;
    touch_pages_close();
    pinyin_close(&entry);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(touches_only_go_down),
        cmocka_unit_test(every_resident_is_counted),
    };
    return cmocka_run_group_tests(tests, open_entry, close_entry);
}
