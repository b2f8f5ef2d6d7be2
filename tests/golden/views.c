// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden/views_rooms.h"
#include "yimen/base/text.h"
#include <stdio.h>

const char *sample_says(const struct view *view, const char *zh, const char *en, const char *ko)
{
    return text_equal(view->language, "zh") ? zh : text_equal(view->language, "en") ? en : ko;
}

static const struct samples *const rooms[] = {
    &visit_samples,    &questions_samples, &track_samples,    &staff_samples,
    &overlays_samples, &codes_samples,     &policies_samples, &items_samples,
};

size_t sample_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rooms); i++)
        count += rooms[i]->count;
    return count;
}

const struct sample *sample_at(size_t index)
{
    size_t room = 0;
    while (index >= rooms[room]->count)
        index -= rooms[room++]->count;
    return &rooms[room]->list[index];
}

const struct policies *sample_policies(const struct catalogue *catalogue)
{
    static struct policies *policies;
    struct files assets = sample_assets();
    struct fail why;
    if (!policies && catalogue && policies_load(&assets, catalogue, &policies, &why)) {
        (void)fprintf(stderr, "%s\n", why.text);
    }
    return catalogue ? policies : NULL;
}

void sample_view(const struct sample *sample, const char *language, enum text_size size,
                 const struct catalogue *catalogue, struct view *view)
{
    *view = (struct view){.language = language,
                          .size = size,
                          .visit_open = true,
                          .can_go_back = true,
                          .catalogue = catalogue,
                          .policies = sample_policies(catalogue),
                          .policy_group = "",
                          .policy_query = "",
                          .counter_name = "001",
                          .characters_left = 12,
                          .clock_text = "10:05"};
    if (catalogue) {
        view->service = catalogue_service(catalogue, "expenditure-relief");
        view->advice = catalogue_service(catalogue, "which-help");
    }
    view->counter_name = sample_says(view, "管区 01 窗口", "Counter 01", "01번 창구");
    sample->fill(view);
}
