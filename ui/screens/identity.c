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
    bool begins = typing->kind == FIELD_NONE && (!name[0] || b->view->goes_on);
    if (begins || (arrives && problem(b->view->name_problem))) {
        typing_open(typing, FIELD_WORDS, INTENT_NAME, "name", name);
        typing->put_away = false;
    } else if (arrives && problem(b->view->id_problem)) {
        typing_open(typing, FIELD_ID, INTENT_ID_NUMBER, "id-number", number);
        typing->put_away = false;
    }
}

// A passport begins with the keys it needs; whoever went back to digits stays there.
static void begin_letters(struct build *b)
{
    struct typing *typing = &b->local->typing;
    if (typing->kind == FIELD_ID && !typing->text[0] && !typing->letters_offered) {
        typing->letters = document_has_letters(b->view->document);
        typing->letters_offered = true;
    }
}

static const char *number_key(enum document document)
{
    static const char *const keys[DOCUMENT_COUNT] = {
        [DOCUMENT_RESIDENT] = "identity.number",
        [DOCUMENT_HMT] = "identity.number.hmt",
        [DOCUMENT_FOREIGNER] = "identity.number.foreigner",
        [DOCUMENT_PASSPORT] = "identity.number.passport",
        [DOCUMENT_NONE] = "identity.number",
    };
    return keys[document];
}

// Also beside the keys for the number: whoever has no such number is there. Where it has no room
// beside them, the forward button leads to it.
static void put_other_document(struct build *b)
{
    const struct typing *typing = &b->local->typing;
    if (is_typing(b) && !text_equal(typing->ref, "id-number")) {
        return;
    }
    if (b->view->document == DOCUMENT_NONE) {
        put_notice(b, "no-document", "good", COLOUR_TINT, COLOUR_INK, say(b, "identity.none"));
    }
    const struct button other = {.id = "document",
                                 .label = say(b, "identity.other-document"),
                                 .variant = VARIANT_SECONDARY,
                                 .action = act_text(INTENT_DOCUMENT, NULL, "")};
    int high = button_height(b, &other, flow_width(b));
    if (b->is_split && b->only_active && b->side.y + high > b->side.view.h) {
        b->leaves_out = true;
        return;
    }
    put_button(b, &other);
}

void screen_identity(struct build *b)
{
    const struct view *view = b->view;
    const char *name = or_empty(view->name), *number = or_empty(view->id_number);
    const struct typing *typing = &b->local->typing;
    begin_typing(b, name, number);
    begin_letters(b);
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
         .label = say(b, number_key(view->document)),
         .hint = "",
         .value = number,
         .problem = problem(view->id_problem),
         .kind = FIELD_ID,
         .intent = INTENT_ID_NUMBER,
         .ref = "id-number",
         .stored = number},
    };
    for (size_t i = 0; i < (view->document == DOCUMENT_NONE ? 1u : 2u); i++) {
        if (!b->only_active || text_equal(typing->ref, fields[i].ref)) {
            put_field(b, &fields[i]);
        } else if (i > 0 || !fields[i].stored[0]) {
            b->leaves_out = true; // the forward button leads to it
        }
    }
    put_other_document(b);
    put_dock(b);
    page_close(b);
}

void screen_document(struct build *b)
{
    static const char *const icons[DOCUMENT_COUNT] = {
        [DOCUMENT_RESIDENT] = "person", [DOCUMENT_HMT] = "person",  [DOCUMENT_FOREIGNER] = "person",
        [DOCUMENT_PASSPORT] = "paper",  [DOCUMENT_NONE] = "helper",
    };
    struct button buttons[DOCUMENT_COUNT];
    page_open(b, &(struct page){.back = INTENT_BACK, .split = true});
    put_heading(b, say(b, "document.title"));
    flow_main(b);
    for (int i = 0; i < DOCUMENT_COUNT; i++) {
        const char *name = document_name((enum document)i);
        bool chosen = b->view->document == (enum document)i;
        buttons[i] = (struct button){.id = tree_format(b->tree, "document.%s", name),
                                     .label = say(b, tree_format(b->tree, "document.%s", name)),
                                     .sub = say(b, tree_format(b->tree, "document.%s.text", name)),
                                     .icon = icons[i],
                                     .trailing = chosen ? "radio-on" : "radio-off",
                                     .variant = VARIANT_CHOICE,
                                     .role = ROLE_RADIO,
                                     .style = STYLE_LEAD,
                                     .chosen = chosen,
                                     .at_start = true,
                                     .action = act_text(INTENT_DOCUMENT, NULL, name)};
    }
    put_grid(b, buttons, DOCUMENT_COUNT, 1);
    page_close(b);
}
