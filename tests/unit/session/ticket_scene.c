// SPDX-License-Identifier: GPL-3.0-or-later
#include "ticket_scene.h"
#include "yimen/base/text.h"

int setup(void **state)
{
    *state = scene_new();
    scene_work(*state);
    return 0;
}

int teardown(void **state)
{
    struct scene *scene = *state;
    outbox_sealed_free(scene->district.sealed);
    scene_free(scene);
    return 0;
}

void type_code(struct scene *scene, const char *code)
{
    for (size_t i = 0; code[i]; i++) {
        char digit[2] = {code[i], '\0'};
        touch_text(scene, INTENT_CODE_DIGIT, digit);
    }
}

void keep_paper(const struct scene *scene, char out[80])
{
    text_copy(out, 80, scene->ticket_slip.qr_text);
}

void power_cut(struct scene *scene)
{
    struct session *session = scene->session;
    scene_again(scene);
    session_close(session);
    scene->store_count = scene->print_count = 0; // nobody is there any more to do it
}

struct outbox_sealed *carry_over(struct scene *scene)
{
    struct outbox_sealed *sealed = calloc(1, sizeof *sealed);
    assert_non_null(sealed);
    *sealed = scene->drafts[0].sealed;
    scene->draft_count = 0;
    return sealed;
}
