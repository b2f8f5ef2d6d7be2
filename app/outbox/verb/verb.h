// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../base/base.h"

/// What is done for each request: one function, one reply. A verb knows what lies in base/ and no
/// other verb.

/// After a start, before the first request.
enum err outbox_start(struct outbox *outbox, struct fail *why) MUST_USE;

void outbox_save(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_page(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_page_drop(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_part(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_receipt(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_print_state(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_visit_ended(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_next(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_sent(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_retry(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_list(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_self_test(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_login(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_setting(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_rated(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_note(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_urgent_open(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_urgent_close(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_contact(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_time_known(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_release(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_ledger(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_repair(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_status(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_hand_slip(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_track(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_owner(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_token_next(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_token_told(struct outbox *outbox, const struct outbox_answer *answer);

void outbox_draft_put(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_draft_look(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_draft_try(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_draft_tried(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_draft_spend(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_draft_next(struct outbox *outbox, const struct outbox_answer *answer);
void outbox_draft_sent(struct outbox *outbox, const struct outbox_answer *answer);
