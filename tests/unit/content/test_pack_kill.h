// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// CMocka tests of test_pack_kill.c.
void a_stop_at_any_call_leaves_the_old_or_the_complete_new_pack(void **state);
void a_stop_at_any_call_of_a_first_installation_is_repaired_by_the_next(void **state);
void a_stop_while_switching_to_the_next_pack_is_harmless(void **state);
