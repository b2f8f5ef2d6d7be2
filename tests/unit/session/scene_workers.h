// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "scene.h"

// Inside the scene: its workers, one file each, and what they share.

#define START_UTC 1795399500000 // 2026-11-23 10:05 in Qingdao

struct when scene_now(void *scene);
void scene_step(struct scene *scene, struct session_input *input);

// scene_forms.c: answers what was asked of the compute worker.
void scene_load(struct scene *scene, const char *id, uint64_t asked);
void scene_load_earlier(struct scene *scene);
void scene_load_correction(struct scene *scene);

// scene_store.c
void scene_store(struct scene *scene, struct outbox_request *request);

// scene_drafts.c. False: the request is about something else.
bool scene_drafts(struct scene *scene, struct outbox_request *request);
void scene_spend_drafts(struct scene *scene, const char *id, const char *instance);
void scene_work_key(struct scene *scene);
void scene_work_fetch(struct scene *scene);
