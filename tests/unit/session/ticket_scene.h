// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "scene.h"

// A counter for the tests of resume tickets.

#define LAST_FOUR "0029"

int setup(void **state);
int teardown(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

void type_code(struct scene *scene, const char *code);
// What is printed on the paper in the resident's hand.
void keep_paper(const struct scene *scene, char out[80]);
// The power goes: this session and all it knew are gone, what the store has stays.
void power_cut(struct scene *scene);
// As if another kiosk had made it: this one's store knows nothing.
struct outbox_sealed *carry_over(struct scene *scene);
