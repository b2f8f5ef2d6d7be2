// SPDX-License-Identifier: GPL-3.0-or-later
// Ways through a visit.
#include "scene.h"
#include "yimen/base/text.h"

// What the made-up resident says: by the question's path, positions left out.
static const struct {
    const char *ref, *value;
} answers[] = {
    {"/data/place/detail", "示例村东头"},   {"/data/lead/text", "老人一个人在家，没有饭吃"},
    {"/data/contact/how", "own"},           {"/data/agent/phone", "13812345678"},
    {"/data/contact/phone", "13812345678"}, {"/data/address/street", "370212001"},
    {"/data/address/detail", "1"},          {"/data/difficulty", "illness"},
    {"/data/illness/own_paid", "12345.67"}, {"/data/spending/prior_aid", "no"},
    {"/data/self/health/state", "good"},    {"/data/self/disability/type", "none"},
    {"/data/self/monthly_income", "1800"},  {"/data/member/relation", "spouse"},
    {"/data/member/health/state", "good"},  {"/data/member/disability/type", "none"},
    {"/data/member/occupation", "retired"}, {"/data/member/monthly_income", "900"},
    {"/data/income/more", "none"},          {"/data/housing/kind", "own"},
    {"/data/property/has", "none"},         {"/data/account/when", "later"},
    {"/data/relative/has", "no"},           {"/data/office/unit", "示例街道"},
    {"/data/office/post", "科员"},
};

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

static const char *answer_to(const char *ref, bool second)
{
    char plain[LIMIT_REF];
    plain_ref(ref, plain);
    if (text_equal(plain, "/data/member/person/name"))
        return second ? "李小四" : "王五";
    if (text_equal(plain, "/data/member/person/id_number"))
        return second ? "370212201503010018" : "370212198802291011";
    if (text_equal(plain, "/data/member/relation") && second)
        return "child";
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (text_equal(answers[i].ref, plain))
            return answers[i].value;
    return NULL;
}

// A field list may show more questions after an answer: go over it until all are answered.
void answer_screen(struct scene *scene, bool second)
{
    for (size_t i = 0; i < look(scene)->form_screen->question_count; i++) {
        const struct question *question = &look(scene)->form_screen->questions[i];
        const char *value = answer_to(question->ref, second);
        char ref[LIMIT_REF], first_choice[128] = "";
        if (question->readonly || question->value[0])
            continue;
        text_copy(ref, sizeof ref, question->ref);
        if (!value && question->required && question->choice_count) {
            text_copy(first_choice, sizeof first_choice, question->choices[0].value);
            value = first_choice;
        }
        if (value)
            answer(scene, ref, value);
    }
}

void answer_until(struct scene *scene, enum screen until)
{
    int members = 0;
    for (int i = 0; i < 100; i++) {
        enum screen screen = look(scene)->screen;
        if (screen == until)
            return;
        if (screen == SCREEN_REPEAT && members < 2) {
            members++;
            touch_ref(scene, INTENT_ADD, look(scene)->form_screen->ref);
            continue;
        }
        if (screen == SCREEN_QUESTION)
            answer_screen(scene, members == 2);
        char before[LIMIT_REF] = "";
        if (look(scene)->form_screen)
            text_copy(before, sizeof before, look(scene)->form_screen->ref);
        touch(scene, INTENT_NEXT);
        if (look(scene)->show_violations && look(scene)->form_screen)
            for (size_t q = 0; q < look(scene)->form_screen->question_count; q++)
                if (look(scene)->form_screen->questions[q].violation)
                    fail_msg("%s is not answered well: %s",
                             look(scene)->form_screen->questions[q].ref,
                             look(scene)->form_screen->questions[q].violation_message);
    }
    fail_msg("the questions do not end; screen %d", (int)look(scene)->screen);
}

void begin_expenditure(struct scene *scene)
{
    touch_text(scene, INTENT_DOOR, "security");
    ON(scene, SCREEN_SERVICES);
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    ON(scene, SCREEN_NOTICE);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_WHO);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    touch_text(scene, INTENT_NAME, "张三");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TICKET_OFFER);
    if (scene->takes_ticket) {
        touch(scene, INTENT_TICKET);
        ON(scene, SCREEN_TICKET);
        touch(scene, INTENT_HAVE_RECEIPT);
    } else {
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_QUESTION);
}

void fill_expenditure(struct scene *scene)
{
    begin_expenditure(scene);
    answer_until(scene, SCREEN_PAPERS);
}

void reach_signature(struct scene *scene)
{
    ON(scene, SCREEN_PAPERS);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    while (look(scene)->screen == SCREEN_CONSENT) {
        touch_number(scene, INTENT_CONSENT, 1);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_COMMITMENT);
    touch_number(scene, INTENT_CONSENT, 1);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_SIGNATURE);
}

void fill_urgent(struct scene *scene)
{
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_QUESTION);
    answer(scene, "/data/event/type", "fire");
    for (int i = 0; i < 10 && look(scene)->screen == SCREEN_QUESTION; i++) {
        if (text_equal(look(scene)->form_screen->questions[0].ref, "/data/contact/how"))
            answer(scene, "/data/contact/how", "here");
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_REVIEW);
}
