// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/screens.h"
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static const char *problem(const char *text)
{
    return text && text[0] ? text : NULL;
}

static void begin_typing(struct build *b, const char *name, const char *number)
{
    struct typing *typing = &b->local->typing;
    bool arrives = b->view->show_violations && !b->local->shows_violations;
    if ((typing->kind == FIELD_NONE && !name[0]) || (arrives && problem(b->view->name_problem))) {
        typing_open(typing, FIELD_WORDS, INTENT_NAME, "name", name);
        typing->put_away = false;
    } else if (arrives && problem(b->view->id_problem)) {
        typing_open(typing, FIELD_ID, INTENT_ID_NUMBER, "id-number", number);
        typing->put_away = false;
    }
}

void screen_identity(struct build *b)
{
    const struct view *view = b->view;
    const char *name = or_empty(view->name), *number = or_empty(view->id_number);
    const struct typing *typing = &b->local->typing;
    begin_typing(b, name, number);
    page_open(b, &(struct page){.next_key = "common.next",
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK,
                                .split = is_typing(b)});
    bool other = view->who && text_equal(view->who, "other");
    put_heading(b, say(b, other ? "identity.title-other" : "identity.title"));
    if (!is_typing(b)) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "identity.text"));
    }
    const struct field fields[2] = {
        {.id = "field.name",
         .label = say(b, "identity.name"),
         .hint = "",
         .value = name,
         .problem = problem(view->name_problem),
         .kind = FIELD_WORDS,
         .intent = INTENT_NAME,
         .ref = "name",
         .stored = name},
        {.id = "field.id-number",
         .label = say(b, "identity.number"),
         .hint = "",
         .value = number,
         .problem = problem(view->id_problem),
         .kind = FIELD_ID,
         .intent = INTENT_ID_NUMBER,
         .ref = "id-number",
         .stored = number},
    };
    for (size_t i = 0; i < 2; i++) {
        if (!b->only_active || text_equal(typing->ref, fields[i].ref)) {
            put_field(b, &fields[i]);
        }
    }
    put_dock(b);
    page_close(b);
}
