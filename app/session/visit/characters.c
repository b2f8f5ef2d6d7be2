// SPDX-License-Identifier: GPL-3.0-or-later
// A character that no keyboard has is written with the finger: its place in the name holds a sign,
// and the picture travels with the record (case/drawn.h). The n-th sign of a field is the field's
// n-th picture; as names are typed at their end, what is erased takes the last picture with it.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_POINTS = 3, STEP_DOUBLINGS = 10 };

static void drop(struct visit *visit, size_t index)
{
    struct characters *all = &visit->characters;
    for (size_t i = index; i + 1 < all->count; i++)
        all->drawn[i] = all->drawn[i + 1];
    all->count--;
    memory_wipe(&all->drawn[all->count], sizeof all->drawn[0]);
}

void characters_follow(struct visit *visit, const char *ref, const char *value)
{
    struct characters *all = &visit->characters;
    size_t signs = drawn_signs(value), seen = 0;
    for (size_t i = 0; i < all->count;) {
        bool of_field = text_equal(all->drawn[i].ref, ref);
        seen += of_field;
        if (of_field && seen > signs)
            drop(visit, i);
        else
            i++;
    }
}

// "/data/member[2]" of "/data/member[3]/person/name": the number in brackets, where `ref` lies in
// an instance of the same range; 0: it does not.
static long instance_of(const char *ref, const char *instance, size_t range)
{
    if (strncmp(ref, instance, range) != 0 || ref[range] != '[')
        return 0;
    return strtol(ref + range + 1, NULL, 10);
}

void characters_removed(struct visit *visit, const char *instance)
{
    struct characters *all = &visit->characters;
    const char *bracket = strrchr(instance, '[');
    size_t range = bracket ? (size_t)(bracket - instance) : 0;
    long gone = bracket ? strtol(bracket + 1, NULL, 10) : 0;
    for (size_t i = 0; gone && i < all->count;) {
        struct character *one = &all->drawn[i];
        long at = instance_of(one->ref, instance, range);
        if (at == gone) {
            drop(visit, i);
            continue;
        }
        if (at > gone) {
            char moved[LIMIT_REF];
            const char *rest = strchr(one->ref + range, ']');
            (void)snprintf(moved, sizeof moved, "%.*s[%ld%s", (int)range, one->ref, at - 1,
                           rest ? rest : "]");
            text_copy(one->ref, sizeof one->ref, moved);
        }
        i++;
    }
}

// ------------------------------------------------------------------ drawn

static const char *value_of(const struct visit *visit)
{
    const struct characters *all = &visit->characters;
    return all->of_identity ? visit->name : record_value(visit->record, all->ref);
}

void characters_view(const struct visit *visit, struct view *view)
{
    const struct characters *all = &visit->characters;
    view->characters_left = CHARACTERS - all->count;
    view->goes_on = all->goes_on && !all->is_open ? (all->of_identity ? "name" : all->ref) : NULL;
}

static bool is_name_here(const struct visit *visit, const char *ref)
{
    const struct form_screen *screen = &visit->form_screen;
    for (size_t i = 0; i < screen->question_count; i++)
        if (text_equal(screen->questions[i].ref, ref))
            return question_is_name(&screen->questions[i]);
    return false;
}

static void open_pad(struct visit *visit, const struct intent *intent)
{
    struct characters *all = &visit->characters;
    bool of_identity = visit->step == STEP_IDENTITY;
    bool of_form =
        visit->step == STEP_QUESTIONS && visit->record && is_name_here(visit, intent->ref);
    if (!(of_identity || of_form) || all->count == CHARACTERS)
        return;
    all->of_identity = of_identity;
    text_copy(all->ref, sizeof all->ref, of_identity ? visit->service->ref_name : intent->ref);
    memory_wipe(&all->drawn[all->count], sizeof all->drawn[0]);
    all->is_open = true;
}

// Of strokes with more points than are kept every stroke stays, with fewer points each.
static size_t thin(const struct intent *intent, int step, struct stroke_point *out)
{
    size_t count = 0;
    for (size_t i = 0; i < intent->stroke_count; i++) {
        struct stroke_point point = intent->strokes[i];
        bool begins = i == 0 || intent->strokes[i - 1].x < 0;
        bool ends = i + 1 == intent->stroke_count || intent->strokes[i + 1].x < 0;
        bool lifts = point.x < 0;
        bool far = !lifts && count > 0 &&
                   abs(out[count - 1].x - point.x) + abs(out[count - 1].y - point.y) >= step;
        if (!lifts && !begins && !ends && !far)
            continue;
        if (count == CHARACTER_POINTS)
            return count + 1;
        out[count++] = point;
    }
    return count;
}

static void take_strokes(struct visit *visit, const struct intent *intent)
{
    struct character *one = &visit->characters.drawn[visit->characters.count];
    memory_wipe(one, sizeof *one);
    one->width = intent->stroke_width;
    one->height = intent->stroke_height;
    if (!intent->strokes)
        return;
    one->count = CHARACTER_POINTS + 1;
    for (int i = 0; i < STEP_DOUBLINGS && one->count > CHARACTER_POINTS; i++)
        one->count = thin(intent, 1 << i, one->points);
    if (one->count > CHARACTER_POINTS) // more strokes than any character has
        one->count = CHARACTER_POINTS;
}

// The sign goes to the end of the name, as everything that is typed; the field is answered as
// ever, so that its rules see it too.
static void use(struct session *session)
{
    struct visit *visit = session->visit;
    struct characters *all = &visit->characters;
    struct intent *typed = calloc(1, sizeof *typed);
    if (!typed || all->drawn[all->count].count < LEAST_POINTS) {
        free(typed);
        return;
    }
    typed->kind = all->of_identity ? INTENT_NAME : INTENT_ANSWER;
    text_copy(typed->ref, sizeof typed->ref, all->ref);
    int length = snprintf(typed->text, sizeof typed->text, "%s" DRAWN_SIGN, value_of(visit));
    if (length < (int)sizeof typed->text) {
        text_copy(all->drawn[all->count].ref, sizeof all->drawn[0].ref, all->ref);
        all->count++;
        all->is_open = false;
        all->goes_on = true;
        all->typed = typed;
        return;
    }
    memory_wipe(typed, sizeof *typed);
    free(typed);
}

struct intent *characters_typed(struct visit *visit)
{
    struct intent *typed = visit->characters.typed;
    visit->characters.typed = NULL;
    return typed;
}

bool characters_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    struct characters *all = &visit->characters;
    all->goes_on = false;
    if (intent->kind == INTENT_CHARACTER && !all->is_open) {
        open_pad(visit, intent);
        return true;
    }
    if (!all->is_open)
        return false;
    if (intent->kind == INTENT_SIGN) {
        take_strokes(visit, intent);
    } else if (intent->kind == INTENT_NEXT) {
        use(session);
    } else if (intent->kind == INTENT_BACK) {
        memory_wipe(&all->drawn[all->count], sizeof all->drawn[0]);
        all->is_open = false;
        all->goes_on = true;
    }
    return true;
}

// ------------------------------------------------------------------ in a draft

json_t *characters_json(const struct visit *visit)
{
    json_t *list = json_array();
    for (size_t i = 0; i < visit->characters.count; i++) {
        const struct character *one = &visit->characters.drawn[i];
        json_t *points = json_array();
        for (size_t k = 0; k < one->count; k++) {
            json_array_append_new(points, json_integer(one->points[k].x));
            json_array_append_new(points, json_integer(one->points[k].y));
        }
        json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:o}", "ref", one->ref, "width",
                                              one->width, "height", one->height, "points", points));
    }
    return list;
}

static int16_t number_at(const json_t *points, size_t index)
{
    json_int_t number = json_integer_value(json_array_get(points, index));
    return number >= INT16_MIN && number <= INT16_MAX ? (int16_t)number : -1;
}

void characters_restore(struct visit *visit, const json_t *list)
{
    struct characters *all = &visit->characters;
    for (size_t i = 0; i < json_array_size(list) && all->count < CHARACTERS; i++) {
        const json_t *from = json_array_get(list, i), *points = json_object_get(from, "points");
        const char *ref = json_string_value(json_object_get(from, "ref"));
        struct character *one = &all->drawn[all->count];
        size_t count = json_array_size(points) / 2;
        if (!ref || !text_copy(one->ref, sizeof one->ref, ref) || count > CHARACTER_POINTS)
            continue;
        one->count = count;
        one->width = (int)json_integer_value(json_object_get(from, "width"));
        one->height = (int)json_integer_value(json_object_get(from, "height"));
        for (size_t k = 0; k < count; k++)
            one->points[k] =
                (struct stroke_point){number_at(points, 2 * k), number_at(points, 2 * k + 1)};
        all->count++;
    }
}

// ------------------------------------------------------------------ handed in

// Told from every other case's: who exports many of them gets all files in one folder.
static void name_file(const struct visit *visit, size_t index, char out[LIMIT_FILE_NAME])
{
    static const char prefix[] = "uuid:";
    bool prefixed = text_starts(visit->instance, prefix);
    (void)snprintf(out, LIMIT_FILE_NAME, "character-%.40s-%u.svg",
                   visit->instance + (prefixed ? strlen(prefix) : 0),
                   (unsigned)(index % CHARACTERS) + 1);
}

// Its field is part of the record, and has a sign for it.
static bool goes_along(const struct visit *visit, size_t index)
{
    const struct characters *all = &visit->characters;
    const char *ref = all->drawn[index].ref;
    size_t before = 0;
    for (size_t i = 0; i < index; i++)
        before += text_equal(all->drawn[i].ref, ref);
    return record_is_relevant(visit->record, ref) &&
           before < drawn_signs(record_value(visit->record, ref));
}

void characters_fill(struct visit *visit)
{
    const struct characters *all = &visit->characters;
    struct strbuf list;
    struct fail why = {0};
    char file[LIMIT_FILE_NAME];
    if (!record_is_relevant(visit->record, DRAWN_NODE))
        return;
    strbuf_init(&list, LIMIT_ANSWER);
    for (size_t i = 0; i < all->count; i++) {
        if (!goes_along(visit, i))
            continue;
        name_file(visit, i, file);
        strbuf_addf(&list, "%s%s:%s", list.length ? " " : "", all->drawn[i].ref, file);
    }
    if (record_answer(visit->record, DRAWN_NODE, strbuf_text(&list), &why))
        log_fail(LOG_ERROR, "session", "visit-node", &why);
    strbuf_free(&list);
}

static struct strokes strokes_of(const struct character *one)
{
    return (struct strokes){one->points, one->count, one->width, one->height};
}

bool characters_attach(const struct visit *visit, struct case_draft *draft)
{
    const struct characters *all = &visit->characters;
    for (size_t i = 0; i < all->count; i++) {
        if (!goes_along(visit, i))
            continue;
        const struct strokes strokes = strokes_of(&all->drawn[i]);
        struct attachment *part = &draft->attachments[draft->attachment_count];
        struct strbuf svg;
        name_file(visit, i, part->name);
        strbuf_init(&svg, LIMIT_PART_BYTES);
        strokes_svg(&strokes, &svg);
        text_copy(part->type, sizeof part->type, "image/svg+xml");
        part->length = svg.length;
        part->data = strbuf_take(&svg);
        if (!part->data)
            return false;
        draft->attachment_count++;
    }
    return true;
}

static void print_field(const struct visit *visit, const char *ref, char pictures[DRAWN_TEXT])
{
    const struct characters *all = &visit->characters;
    for (size_t i = 0; i < all->count; i++) {
        const struct strokes strokes = strokes_of(&all->drawn[i]);
        if (text_equal(all->drawn[i].ref, ref) && goes_along(visit, i))
            (void)drawn_print(&strokes, pictures);
    }
}

void characters_print(const struct visit *visit, struct case_draft *draft)
{
    const struct service *service = visit->service;
    for (size_t i = 0; i < service->slip_line_count && draft->line_count; i++)
        print_field(visit, service->slip_lines[i].ref, draft->drawn);
    if (!draft->line_count && !visit->of_instance[0])
        print_field(visit, service->ref_name, draft->drawn);
}
