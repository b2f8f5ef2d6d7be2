// SPDX-License-Identifier: GPL-3.0-or-later
// Language, size and contrast: changed on every screen, reset at the end of the visit.
#include "../session_internal.h"
#include "yimen/base/text.h"

static const struct comfort *usual(const struct session *session, struct comfort *out)
{
    const char *const *languages = texts_languages(session->options.texts);
    const char *wanted = session->options.language;
    *out = (struct comfort){.language = languages[0], .size = TEXT_SIZE_M};
    for (size_t i = 0; wanted && languages[i]; i++)
        if (text_equal(languages[i], wanted))
            out->language = languages[i];
    return out;
}

void comfort_reset(struct session *session)
{
    (void)usual(session, &session->comfort);
}

bool comfort_is_changed(const struct session *session)
{
    struct comfort start;
    const struct comfort *now = &session->comfort;
    (void)usual(session, &start);
    return now->language != start.language || now->size != start.size ||
           now->contrast != start.contrast;
}

static void set_language(struct session *session, const char *wanted)
{
    const char *const *languages = texts_languages(session->options.texts);
    for (size_t i = 0; languages[i]; i++)
        if (text_equal(languages[i], wanted))
            session->comfort.language = languages[i];
    go_to(session, &(struct go){.kind = GO_SPEAK});
}

bool comfort_intent(struct session *session, const struct intent *intent)
{
    struct comfort *comfort = &session->comfort;
    int number = intent->number;
    if (intent->kind == INTENT_COMFORT)
        session->overlay = OVERLAY_COMFORT;
    else if (intent->kind == INTENT_LANGUAGE)
        set_language(session, intent->text);
    else if (intent->kind == INTENT_SIZE && number >= TEXT_SIZE_S && number <= TEXT_SIZE_XL)
        comfort->size = (enum text_size)number;
    else if (intent->kind == INTENT_CONTRAST && number >= CONTRAST_DEFAULT &&
             number <= CONTRAST_LOW)
        comfort->contrast = (enum contrast)number;
    else
        return false;
    return true;
}

void comfort_view(struct session *session, struct view *view)
{
    view->language = session->comfort.language;
    view->size = session->comfort.size;
    view->contrast = session->comfort.contrast;
}
