// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/driver/crypto.h"
#include "yimen/record/record.h"

/// A form under test and one record of it, at 10:00 on 23 November 2026 in Qingdao.
struct form_scene {
    const struct crypto *crypto;
    struct form *form;
    struct record *record;
};

/// "<h:html>..." around the parts of a small form whose root is <data>.
char *form_scene_text(const char *instance, const char *model, const char *body);
struct form_scene form_scene_open(const char *instance, const char *model, const char *body);
struct form_scene form_scene_open_file(const char *name);
/// Loads only; the errors go to `why`.
enum err form_scene_load(struct form_scene *scene, const char *text, form_report *report,
                         void *context, struct fail *why);
void form_scene_begin(struct form_scene *scene, const char *edit);
void form_scene_close(struct form_scene *scene);

void answers(const struct form_scene *scene, const char *ref, const char *value);
void holds(const struct form_scene *scene, const char *ref, const char *value);
/// The submission, even if invalid. To be freed.
char *sends(const struct form_scene *scene);
